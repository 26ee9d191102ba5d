"""Levies that do not come from the roll: sales-tax returns and charges by usage."""
