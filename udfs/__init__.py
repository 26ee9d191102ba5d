"""All spreadsheet functions, grouped by task."""

from xltax.udfs import agreements, bills, fees, interest, levy, payoff, proof, relief, user_fees

__all__ = ["agreements", "bills", "fees", "interest", "levy", "payoff", "proof", "relief", "user_fees"]
