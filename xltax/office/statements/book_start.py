"""Where a book began: what was open that day, and what was levied and collected before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

from xltax.ledger.wide import INSTALLMENTS
from xltax.money import usd
from xltax.office.statements.movements import levy_part
from xltax.tables import DUE, INST, Bill
from xltax.tables.check import Check
from xltax.tables.reading import place
from xltax.tables.statements import OPENING_LEVIES, OpeningLevy
from xltax.tables.table import Table

_KEY = ["Levy Year", "Levy Type", "Part"]
BEFORE = ("Collected", "Discounts", "Deductions", "Canceled")
"""The columns of Opening Levies for what had come off a levy before the book began."""


@dataclass(frozen=True)
class Began:
    """The day this book began (None where nobody entered it), and the rows of Opening Levies, typed."""

    day: dt.date | None = None
    levies: Table[OpeningLevy] = field(default_factory=lambda: Table.empty(OPENING_LEVIES))

    def of(self, year: int) -> pd.DataFrame:
        """The rows for a levy year."""
        return self.rows[self.rows[OpeningLevy.levy_year] == year]

    @property
    def rows(self) -> pd.DataFrame:
        """Every row of Opening Levies."""
        return self.levies.frame

    def withheld(self, duplicate: Table[Bill], year: int, on: dt.date) -> str:
        """The reason why a levy year has no percentage on a day; "" if it has one."""
        if self.day is not None and on < self.day:
            return f"This book began on {self.day}, after {on}."
        open_then = brought_in(duplicate)
        mine = open_then[open_then[OpeningLevy.levy_year] == year]
        table = self.of(year)
        entered = set(table[_KEY].itertuples(index=False, name=None))
        for key, amount in zip(mine[_KEY].itertuples(index=False, name=None), mine["Amount"], strict=True):
            if key not in entered:
                return (
                    f"{named(key)} has opening balances of {usd(int(amount))}. Enter on Opening Levies what was "
                    "levied and what was collected before this book began."
                )
        if len(table) and self.day is None:
            return "Enter the day this book began on Opening Levies."
        for key, gap, _ in apart(table, open_then):
            return f"{named(key)}: the row on Opening Levies is off by {usd(gap)}. Correct the row."
        return ""


def named(key: tuple[object, ...]) -> str:
    """A levy in words: 2025 RE, or 2025 RE City."""
    return " ".join(str(k) for k in key if k != "")


def brought_in(duplicate: Table[Bill]) -> pd.DataFrame:
    """What was open when this book began: the bills without a Recorded day, by Levy Year, Levy Type and Part, in cents."""
    bills = duplicate.frame
    bills = bills[bills[Bill.recorded].isna() & bills[Bill.completed].isna()]
    amount = sum((bills[INST[n]].where(bills[DUE[n]].notna(), 0) for n in INSTALLMENTS), bills[Bill.deductions] * 0)
    table = bills[[Bill.levy_year, Bill.levy_type]].assign(Part=levy_part(bills[Bill.part]), Amount=amount)
    return table.groupby(_KEY, as_index=False)[["Amount"]].sum()


def apart(table: pd.DataFrame, open_then: pd.DataFrame) -> list[tuple[tuple[object, ...], int, int]]:
    """The rows of Opening Levies that do not agree with what was open: levy, difference, position."""
    held = {tuple(row[k] for k in _KEY): int(row["Amount"]) for row in open_then.to_dict("records")}
    out = []
    for position, row in zip(table.index, table.to_dict("records"), strict=True):
        key = tuple(row[k] for k in _KEY)
        gap = int(row[OpeningLevy.levied]) - sum(int(row[c]) for c in BEFORE) - held.get(key, 0)
        if gap:
            out.append((key, gap, int(position)))
    return out


def check(began: Began, duplicate: Table[Bill]) -> list[Check]:
    """The check of Opening Levies against the bills that were open when the book began; none where nothing is entered."""
    table = began.rows
    if not len(table):
        return []
    gaps = apart(table, brought_in(duplicate))
    look = f"{place(table, gaps[0][2], OpeningLevy.levied)}, {named(gaps[0][0])}" if gaps else ""
    what = "Levied - Collected - Discounts - Deductions - Canceled, compared with what was open when this book began"
    return [Check("Opening levies", what, sum(abs(gap) for _, gap, _ in gaps), 0, look)]
