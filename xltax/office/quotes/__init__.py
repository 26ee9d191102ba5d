"""Quotes: what an account owes, its payoff on a day, and its redemption from a tax sale."""
