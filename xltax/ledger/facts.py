"""The facts of a replay, and the helpers that other desks share."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from xltax.dates import ClosedDays
from xltax.law.calendar import Office
from xltax.law.profile import Profile
from xltax.tables import (
    ABOUT,
    ADJUSTMENTS,
    CHARGES,
    CLOSED_DAYS,
    RECEIPTS,
    Adjustment,
    Charge,
    ClosedDay,
    Receipt,
)
from xltax.tables.reading import read
from xltax.tables.table import Table


@dataclass(frozen=True)
class Facts:
    """What was billed, received and adjusted (see docs/data-model.md), as tables in cents. Dollars are refused."""

    charges: Table[Charge]
    receipts: Table[Receipt] = field(default_factory=lambda: Table.empty(RECEIPTS))
    adjustments: Table[Adjustment] = field(default_factory=lambda: Table.empty(ADJUSTMENTS))
    closed_days: Table[ClosedDay] = field(default_factory=lambda: Table.empty(CLOSED_DAYS))

    def __post_init__(self) -> None:
        for spec in (CHARGES, RECEIPTS, ADJUSTMENTS, CLOSED_DAYS):
            given = getattr(self, _FIELD[spec.name])
            if not isinstance(given, Table) or given.spec.name != spec.name:
                raise TypeError(
                    f"Facts take {spec.name} as a Table made by read or Table.made, not {type(given).__name__}."
                )

    @classmethod
    def given(
        cls,
        charges: Table[Charge],
        receipts: Table[Receipt] | None = None,
        adjustments: Table[Adjustment] | None = None,
        closed_days: Table[ClosedDay] | None = None,
    ) -> Facts:
        """The facts from tables that may be missing, such as an empty range in a formula."""
        more = {"receipts": receipts, "adjustments": adjustments, "closed_days": closed_days}
        return cls(charges, **{name: table for name, table in more.items() if table is not None})  # type: ignore[arg-type]

    @classmethod
    def read(
        cls,
        charges: pd.DataFrame,
        receipts: pd.DataFrame | None = None,
        adjustments: pd.DataFrame | None = None,
        closed_days: pd.DataFrame | None = None,
    ) -> Facts:
        """The facts in blocks of cells, in dollars as typed. Raises Problems with every wrong cell."""
        return cls(
            read(charges, CHARGES),
            Table.empty(RECEIPTS) if receipts is None else read(receipts, RECEIPTS),
            Table.empty(ADJUSTMENTS) if adjustments is None else read(adjustments, ADJUSTMENTS),
            Table.empty(CLOSED_DAYS) if closed_days is None else read(closed_days, CLOSED_DAYS),
        )


_FIELD = {"Charges": "charges", "Receipts": "receipts", "Adjustments": "adjustments", "ClosedDays": "closed_days"}


def closed_days_of(town: Profile, on: dt.date, table: Table[ClosedDay] | None = None) -> ClosedDays:
    """When the office is closed: the state's holidays by the town's rule, overridden by the Closed Days table."""
    rule = town.find(Office, on)
    state = rule.params.holidays if rule else ""
    open_on = rule.params.open_on if rule else ()
    if table is None or not len(table):
        return ClosedDays(state, open_on=open_on)
    by_state: dict[str, list[dt.date]] = {"Open": [], "Closed": []}
    for day in table:
        if day.date is not None:
            by_state[day.office].append(day.date)
    return ClosedDays(state, by_state["Closed"], by_state["Open"], open_on=open_on)


def component_of(adjustments: Table[Adjustment] | pd.DataFrame) -> pd.Series[str]:
    """What each adjustment changes: its component or, if blank, the usual component of its kind."""
    return adjustments[Adjustment.component].where(
        adjustments[Adjustment.component] != "", adjustments[Adjustment.kind].map(ABOUT).fillna("tax")
    )


def by_number(text: str) -> tuple[Any, ...]:
    """Sorts receipt and adjustment numbers by their value: 9 before 10, A-9 before A-10."""
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", text) if p)


def in_order(values: pd.Series[Any]) -> pd.Series[Any]:
    """A sort key for accounts and numbers as an office has them: 12-2 before 12-10."""
    place = {text: n for n, text in enumerate(sorted(set(values), key=by_number))}
    return values.map(place)
