"""Posting moves forward: nothing is recorded before the last record, a closed day or an issued statement, or after today.

The Recorded day decides which statement a row belongs to. A late fact gets its own Effective date and today's Recorded day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from xltax.errors import BadValue
from xltax.tables import LogLine
from xltax.tables.core import CASH_BOOK
from xltax.tables.counter import DayClose
from xltax.tables.table import Table

RECORDED = CASH_BOOK["Recorded"].name
_NAMES = {"CashBook": "the Cash Book", "Duplicate": "the Duplicate"}
CLOSE_OFF = "close off day"
"""The Log's action for a Recorded day that was proved wrong."""
LOCK, UNLOCK = "lock period", "unlock period"
_CLOSED_OFF = re.compile(r"(\d{4}-\d\d-\d\d) counts as (\d{4}-\d\d-\d\d)\b.*")
_THROUGH = re.compile(r"through (\d{4}-\d\d-\d\d)(?: for ([A-Z]\w+))?\b.*")
LOCKABLE = {"CashBook": "the Cash Book", "Adjustments": "Adjustments", "Duplicate": "the Duplicate"}
"""The tables that can be locked alone, such as Adjustments at the year's end, while payments still come in."""
_PERIOD = re.compile(r"\d{4}-\d\d-\d\d to (\d{4}-\d\d-\d\d)")


def clock() -> dt.date:
    """Today, as this computer has it."""
    return dt.date.today()


class Last(NamedTuple):
    """The day before which nothing may be recorded any more, and what stands on it."""

    day: dt.date
    what: str


def closed_off(log: Table[LogLine]) -> dict[dt.date, dt.date]:
    """The Recorded days that were proved wrong, each with the day that its rows count for."""
    mine = log.loc[log[LogLine.action] == CLOSE_OFF, LogLine.what]
    found = (_CLOSED_OFF.fullmatch(what) for what in mine)
    return {dt.date.fromisoformat(m[1]): dt.date.fromisoformat(m[2]) for m in found if m}


def locked_through(log: Table[LogLine], table: str = "") -> dt.date | None:
    """The last day of the locked periods of one table, or of those of the whole workbook; None if none is locked.

    An unlocking takes back the last locking of the same kind before it.
    """
    locked: list[dt.date] = []
    for action, what in zip(log[LogLine.action], log[LogLine.what], strict=True):
        found = _THROUGH.fullmatch(what) if action in (LOCK, UNLOCK) else None
        if not found or (found[2] or "") != table:
            continue
        if action == LOCK:
            locked.append(dt.date.fromisoformat(found[1]))
        elif locked:
            locked.pop()
    return max(locked, default=None)


def closes_through(line: LogLine) -> dt.date | None:
    """The last day that a line of the Log closes: a locked period, or a statement made after its period ended."""
    locked = _THROUGH.fullmatch(line.what) if line.action == LOCK else None
    if locked:
        return dt.date.fromisoformat(locked[1])
    period = _PERIOD.fullmatch(line.what) if line.action.endswith(" statement") else None
    return dt.date.fromisoformat(period[1]) if period and period[1] < line.when[:10] else None


def text(through: dt.date, table: str = "") -> str:
    """A locked period in the words of the Log."""
    return f"through {through}" + (f" for {table}" if table else "")


def refuse_locked(days: Iterable[dt.date], table: str, log: Table[LogLine]) -> None:
    """Raises BadValue for a day on which this table alone is locked."""
    locked = locked_through(log, table)
    for day in days:
        if locked and day <= locked:
            raise BadValue(
                f"Nothing can be recorded in {LOCKABLE[table]} on {day}: it is locked through {locked}.",
                where="today",
                do=f"Enter it on {locked + dt.timedelta(days=1)} or later, or unlock the period.",
            )


def as_counted(table: Table[Any], wrong: Mapping[dt.date, dt.date]) -> Table[Any]:
    """The rows with each Recorded day that was proved wrong replaced by the day it counts for. Their seals cover the old day."""
    if not wrong or not len(table):
        return table
    days = {pd.Timestamp(a): pd.Timestamp(b) for a, b in wrong.items()}
    return table.with_columns({name: table[name].replace(days) for name in (RECORDED, "Completed") if name in table})


def last(
    tables: Iterable[Table[Any]], closes: Table[DayClose], log: Table[LogLine], wrong: Mapping[dt.date, dt.date]
) -> Last | None:
    """The last day that any of the tables, the day closes and the statements know; None for a workbook without records.

    A statement counts if it was made after its period ended: one made before is a look ahead, and posting goes on.
    """
    out: list[Last] = []
    known = [(table[RECORDED], f"the last row of {_NAMES.get(table.spec.name, table.spec.name)}") for table in tables]
    for column, what in [*known, (closes[DayClose.closed_on], "the last closed day")]:
        days = column[~column.isin([pd.Timestamp(day) for day in wrong])].dropna()
        if len(days):
            out.append(Last(days.max().date(), f"{what}, {days.max().date()},"))
    for when, action, what in zip(log[LogLine.when], log[LogLine.action], log[LogLine.what], strict=True):
        if when[:10] in {str(day) for day in wrong}:
            continue
        period = _PERIOD.fullmatch(what) if action.endswith(" statement") else None
        if period and period[1] < when[:10]:
            out.append(
                Last(dt.date.fromisoformat(period[1]) + dt.timedelta(days=1), f"the {action} through {period[1]}")
            )
    if locked := locked_through(log):
        out.append(Last(locked + dt.timedelta(days=1), f"the period locked through {locked}"))
    out += [Last(day, "a day closed off") for day in wrong.values()]
    return max(out, key=lambda one: one.day, default=None)


def refuse(days: Iterable[dt.date], before: Last | None, clock: dt.date) -> None:
    """Raises BadValue for a day after today, and for a day before what the workbook knows already."""
    for day in days:
        if day > clock:
            raise BadValue(
                f"A record of {day} is after today, {clock}.",
                where="today",
                do="Correct the date. If the date is right, correct the clock of this computer.",
            )
        if before is not None and day < before.day:
            today = "the clock of this computer" if day == clock else "the date"
            raise BadValue(
                f"Nothing can be recorded on {day}: {before.what} comes after it.",
                where="today",
                do=f"The first day that can be recorded is {before.day}. Correct {today}, and enter the earlier day as Received or "
                "Effective." + (f" If {before.day} is wrong, run Close Off Day." if before.day > clock else ""),
            )
