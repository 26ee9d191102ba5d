"""What a button does: one action, one function. Importing this package declares them all."""

from xltax.actions import adjusting, control, counter, day, delinquency, enforcement, setup, year

__all__ = ["adjusting", "control", "counter", "day", "delinquency", "enforcement", "setup", "year"]
