"""A town's law as named formulas that need no add-in: one amount, one figure."""
