"""The spreadsheet functions, by task. Importing this package declares them all."""

from xltax.udfs import bills, interest, levy, payoff, proof

__all__ = ["bills", "interest", "levy", "payoff", "proof"]
