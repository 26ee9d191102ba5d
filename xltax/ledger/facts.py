"""The facts a replay takes, and the small readings of them that other desks share."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xltax.dates import ClosedDays
from xltax.law.profile import Profile
from xltax.tables import ABOUT, CLOSED_DAYS, Adjustment, ClosedDay
from xltax.tables.reading import typed


@dataclass
class Facts:
    """What was billed, received and adjusted, as tables with their canonical columns (see docs/data-model.md)."""

    charges: pd.DataFrame
    receipts: pd.DataFrame | None = None
    adjustments: pd.DataFrame | None = None
    closed_days: pd.DataFrame | None = None


def closed_days_of(town: Profile, on: dt.date, table: pd.DataFrame | None) -> ClosedDays:
    """When the office is closed: the state's holidays by the town's rule, overridden by the Closed Days table."""
    rule = town.find("office", on)
    state = rule.params.holidays if rule else ""  # type: ignore[attr-defined]
    open_on = rule.params.open_on if rule else ()  # type: ignore[attr-defined]
    if table is None or not len(table):
        return ClosedDays(state, open_on=open_on)
    table = typed(table, CLOSED_DAYS)
    dates = [d.date() for d in table[ClosedDay.date]]
    opened = [d for d, office in zip(dates, table[ClosedDay.office], strict=True) if office == "Open"]
    return ClosedDays(state, [d for d in dates if d not in set(opened)], opened, open_on=open_on)


def component_of(adjustments: pd.DataFrame) -> pd.Series[str]:
    """What each adjustment changes: its component, or where that is blank what its kind is about."""
    return adjustments[Adjustment.component].where(
        adjustments[Adjustment.component] != "", adjustments[Adjustment.kind].map(ABOUT).fillna("tax")
    )


def by_number(text: str) -> tuple[Any, ...]:
    """Receipt and adjustment numbers in their own order: 9 before 10, A-9 before A-10."""
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", text) if p)


def in_order(values: pd.Series[Any]) -> pd.Series[Any]:
    """A sort key for accounts and numbers as an office has them: 12-2 before 12-10."""
    place = {text: n for n, text in enumerate(sorted(set(values), key=by_number))}
    return values.map(place)
