"""What a button does: one action, one function. Importing this package declares them all."""

from xltax.actions import bills, control, counter, setup, statements, year

__all__ = ["bills", "control", "counter", "setup", "statements", "year"]
