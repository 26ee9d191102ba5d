"""What a button does: one action, one function. Importing this package declares them all."""

from xltax.actions import (
    adjusting,
    agreements,
    bills,
    certificates,
    control,
    counter,
    day,
    delinquency,
    enforcement,
    office,
    quotes,
    setup,
    share,
    statements,
    year,
)

__all__ = [
    "adjusting",
    "agreements",
    "bills",
    "certificates",
    "control",
    "counter",
    "day",
    "delinquency",
    "enforcement",
    "office",
    "quotes",
    "setup",
    "share",
    "statements",
    "year",
]
