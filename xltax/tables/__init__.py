"""The office's tables, column by column. The names are the office's own; design and file formats follow from here.

`core` has what every desk works with and is read from here; each other desk's tables stand in a module of their own.
"""

from __future__ import annotations

from xltax.tables import agreements, bills, core, counter, enforcement, office, relief, setup, statements, user_fees
from xltax.tables.core import (
    ABOUT,
    ADJUSTMENT_KINDS,
    ADJUSTMENTS,
    BALANCES,
    BY_RETURN_OR_USE,
    CASH_BOOK,
    CHARGES,
    CHECKS,
    CLOSED_DAYS,
    COMPONENTS,
    DELINQUENT,
    DISALLOWED,
    DUPLICATE,
    HISTORY,
    LEVY_TYPES,
    LOG,
    PAYERS,
    PAYOFF,
    PUBLISHED,
    QUOTE_GRID,
    RAISES,
    RECEIPT_KINDS,
    RECEIPTS,
    REDUCES,
    REFUND,
    ROLL,
    RULES,
    SUPPLEMENTARY,
)
from xltax.tables.schema import TableSpec

__all__ = [
    "ABOUT",
    "ADJUSTMENTS",
    "ADJUSTMENT_KINDS",
    "ALL",
    "BALANCES",
    "BY_RETURN_OR_USE",
    "CASH_BOOK",
    "CHARGES",
    "CHECKS",
    "CLOSED_DAYS",
    "COMPONENTS",
    "DELINQUENT",
    "DISALLOWED",
    "DUPLICATE",
    "HISTORY",
    "LEVY_TYPES",
    "LOG",
    "PAYERS",
    "PAYOFF",
    "PUBLISHED",
    "QUOTE_GRID",
    "RAISES",
    "RECEIPTS",
    "RECEIPT_KINDS",
    "REDUCES",
    "REFUND",
    "ROLL",
    "RULES",
    "SUPPLEMENTARY",
]

_DESKS = (core, setup, counter, bills, agreements, enforcement, statements, relief, user_fees, office)

ALL: dict[str, TableSpec] = {t.name: t for desk in _DESKS for t in vars(desk).values() if isinstance(t, TableSpec)}
"""Every table a book may hold, by name."""
