"""The spreadsheet functions, by task. Importing this package declares them all."""

from xltax.udfs import interest, levy, payoff, proof

__all__ = ["interest", "levy", "payoff", "proof"]
