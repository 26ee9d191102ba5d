"""What a button does: one action, one function. Importing this package declares them all."""

from xltax.actions import control, counter, setup, share, year

__all__ = ["control", "counter", "setup", "share", "year"]
