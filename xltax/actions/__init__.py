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
    quotes,
    relief,
    setup,
    share,
    statements,
    user_fees,
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
    "quotes",
    "relief",
    "setup",
    "share",
    "statements",
    "user_fees",
    "year",
]
