"""The spreadsheet functions, by task. Importing this package declares them all."""

from xltax.udfs import agreements, fees, interest, levy, payoff, proof

__all__ = ["agreements", "fees", "interest", "levy", "payoff", "proof"]
