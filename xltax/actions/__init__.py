"""What a button does: one action, one function. Importing this package declares them all."""

from xltax.actions import (
    adjusting,
    agreements,
    certificates,
    control,
    counter,
    day,
    delinquency,
    enforcement,
    quotes,
    setup,
    share,
    year,
)

__all__ = [
    "adjusting",
    "agreements",
    "certificates",
    "control",
    "counter",
    "day",
    "delinquency",
    "enforcement",
    "quotes",
    "setup",
    "share",
    "year",
]
