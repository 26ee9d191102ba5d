"""Quotes: what an account owes, what pays it off on a day, and what redeems it from a tax sale."""
