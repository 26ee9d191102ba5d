"""The law as dated data: rules, their settings and dates, and the methods that figure from them."""
