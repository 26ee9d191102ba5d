"""The words and figures of a printed cell, as the workbook of pages shows them."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from xltax.money import dollars
from xltax.pages import CellKind
from xltax.sheets.cells import raw_value

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PLACES, LEAST_PLACES = 6, 2
"""The decimals of a number: as many as it has, at least two and at most six."""


def shown(value: object, kind: CellKind, style: str) -> tuple[str, bool]:
    """A cell's text, and whether an amount leaves room at its right for the bracket of a negative one."""
    raw = raw_value(value, kind)
    if raw is None:
        return "", False
    in_form = " value " in f" {style} "
    if kind == "money":
        cents = int(value)  # type: ignore[call-overload]
        sign = "$" if in_form else ""
        return (f"({sign}{dollars(-cents)})", False) if cents < 0 else (f"{sign}{dollars(cents)}", True)
    if kind == "date":
        day = raw if isinstance(raw, dt.date) else dt.date.fromisoformat(str(raw))
        return f"{MONTHS[day.month - 1]} {day.day}, {day.year}", False
    if kind == "count":
        return f"{int(str(raw)):,}", in_form
    if kind == "year":
        return str(int(str(raw))), False
    if kind == "number" and isinstance(raw, int | float):
        return _number(Decimal(str(raw)), style), False
    return str(raw), False


def _number(value: Decimal, style: str) -> str:
    """A number with the decimals of its style, such as "cell number 4"; halves round away from zero, as in a workbook."""
    last = style.rpartition(" ")[2]
    places = int(last) if last.isdigit() else PLACES
    text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    whole, _, decimals = text.partition(".")
    return text if last.isdigit() else f"{whole}.{decimals.rstrip('0').ljust(LEAST_PLACES, '0')}"
