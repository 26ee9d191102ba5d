"""Receipts, the day close, and adjusting."""
