"""Which periods were exported to the general ledger before, as the Log has it: entries go over once."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from xltax.errors import BadValue
from xltax.office.statements.movements import Period
from xltax.tables import LogLine
from xltax.tables.table import Table

ACTION = "ledger export"


class Export(NamedTuple):
    """One export in the Log."""

    period: Period
    what: str
    number: int
    code: str
    on: str


_LINE = re.compile(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)(?:, (\w+), export (\d+), code (\w+))?")


def text(period: Period, number: int, code: str, what: str) -> str:
    """An export in the words of the Log."""
    return f"{period.start} to {period.end}, {what}, export {number}, code {code}"


def of(log: Table[LogLine], what: str = "") -> list[Export]:
    """The exports in the Log, of one kind if it is named. An export of an older version has no code."""
    out = []
    for when, action, said in zip(log[LogLine.when], log[LogLine.action], log[LogLine.what], strict=True):
        if action == ACTION and (found := _LINE.match(said)):
            first, last, kind, number, code = found.groups()
            period = Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
            out.append(Export(period, kind or "entries", int(number or 0), code or "", str(when)[:10]))
    return [export for export in out if what in ("", export.what)]


def refuse(before: list[Export], period: Period, again: bool) -> None:
    """Refuses days that were exported before: entered twice, they would be in the general ledger twice."""
    for export in before:
        if export.period.start <= period.end and period.start <= export.period.end and not again:
            raise BadValue(
                f"The days {export.period} were exported before, on {export.on}.",
                where="Log",
                do="Choose the days after them. If the earlier file was lost and never entered, set again to Yes.",
            )


def compared(before: list[Export], period: Period, code: str) -> str:
    """Whether an export of the same days had the same entries; nothing if there was none."""
    same = [export for export in before if export.period == period and export.code]
    if not same:
        return (
            " Some of these days were exported before. Enter no entry twice."
            if any(_meet(e.period, period) for e in before)
            else ""
        )
    last = same[-1]
    if last.code == code:
        return f" These are the entries of export {last.number} of {last.on}. Enter them once only."
    return f" The entries differ from export {last.number} of {last.on}: reverse that export before you enter this one."


def _meet(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end
