"""What a button does: one action, one function. Importing this package declares them all."""

from xltax.actions import control, counter, delinquency, enforcement, setup, year

__all__ = ["control", "counter", "delinquency", "enforcement", "setup", "year"]
