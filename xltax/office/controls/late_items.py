"""Late items: what counts for a month that was closed when it was entered.

A month is closed by a statement printed after its end, or by a locked period. The Log has, for each task, how many rows the
books had after it. So it is known which rows came later, whatever the clock of the computer said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from xltax.money import Cents
from xltax.office.controls import recorded_days
from xltax.office.statements import movements as moves
from xltax.pages import Block, CellKind, Grid, Heading
from xltax.tables import Adjustment, CashLine, LogLine
from xltax.tables.kinds import OPENING, REALLOCATION
from xltax.tables.table import Table

HEADERS = ("Number", "Kind", "Counts from", "Entered", "Of a closed month", "Amount")
KINDS: tuple[CellKind, ...] = ("id", "text", "date", "date", "text", "money")


class LateItem(NamedTuple):
    """A receipt or an adjustment of a closed month."""

    number: str
    kind: str
    counts: dt.date
    posted: dt.date
    month: str
    amount: Cents


def late_items(cash_book: Table[CashLine], adjustments: Table[Adjustment], log: Table[LogLine]) -> list[LateItem]:
    """Every receipt and adjustment of a month that was closed before it was entered, in the order of the books."""
    closings = list(_closings(log))
    if not closings:
        return []
    book = moves.cash_lines(cash_book)
    book = book.assign(Day=book[CashLine.effective].fillna(book[CashLine.received]))
    book = book[_late(book, [(n, day) for n, _, day in closings]) & ~book[CashLine.kind].isin((REALLOCATION, OPENING))]
    found = [
        _item(number, lines.iloc[0], lines[CashLine.kind].iloc[0], int(lines[CashLine.total].sum()))
        for number, lines in book.groupby(CashLine.receipt, sort=False)
    ]
    changes = adjustments.frame
    changes = changes.assign(
        Day=changes[Adjustment.effective],
        Posted=moves.posting_day(changes[Adjustment.recorded], changes[Adjustment.effective]),
    )
    changes = changes[_late(changes, [(n, day) for _, n, day in closings])]
    return found + [
        _item(row[Adjustment.no], row, row[Adjustment.kind], row[Adjustment.amount]) for _, row in changes.iterrows()
    ]


def _item(number: object, row: pd.Series, kind: object, amount: int) -> LateItem:
    counts, posted = row["Day"].date(), row["Posted"].date()
    return LateItem(str(number), str(kind), counts, posted, f"{counts:%B %Y}", int(amount))


def _closings(log: Table[LogLine]) -> Iterator[tuple[int, int, dt.date]]:
    """The rows that the Cash Book and Adjustments had when a period was closed, and its last day."""
    for line in log.rows():
        if day := recorded_days.closes_through(line):
            yield line.lines_after, line.adjustments_after, day


def _late(rows: pd.DataFrame, closings: list[tuple[int, dt.date]]) -> pd.Series[bool]:
    """Which rows came after the closing of the month they count for."""
    place = pd.Series(range(len(rows)), index=rows.index)
    late = pd.Series(False, index=rows.index)
    for count, day in closings:
        late |= (place >= count) & (rows["Day"] <= pd.Timestamp(day))
    return late


def blocks(items: list[LateItem], start: dt.date, end: dt.date) -> list[Block]:
    """The late items of a statement's period; nothing if there are none. They name nobody."""
    mine = [item for item in items if item.counts < start <= item.posted <= end]
    if not mine:
        return []
    return [
        Heading("Entered in this period, for a month that was already closed"),
        Grid(HEADERS, KINDS, [tuple(i) for i in mine]),
    ]
