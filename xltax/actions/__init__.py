"""What a button does: one action, one function. Importing this package declares them all."""

from xltax.actions import agreements, certificates, control, counter, quotes, setup, year

__all__ = ["agreements", "certificates", "control", "counter", "quotes", "setup", "year"]
