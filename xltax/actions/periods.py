"""Recorded days and periods: close off a day that a wrong clock made, lock a period, unlock the last one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from xltax.actions.desk import Desk
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.office.controls import persons, recorded_days
from xltax.tables import LOG
from xltax.wording import some

Approved = Annotated[
    str, Input("Who approved this: another person, or the act of the board, such as Resolution 2026-14.")
]
Reason = Annotated[str, Input("The reason, for the auditor.")]


Only = Annotated[
    str,
    Input("Only one table: Cash Book, Adjustments or Duplicate, also for days to come (default: the whole workbook)."),
]


def _table(only: str) -> str:
    """The table named by a person; "" for the whole workbook."""
    name = "".join(only.split()).lower()
    if not name:
        return ""
    for table in recorded_days.LOCKABLE:
        if table.lower() == name:
            return table
    raise BadValue(
        f'"{only}" is not a table that can be locked.', where="only", do="Enter Cash Book, Adjustments or Duplicate."
    )


def approved(desk: Desk, approved_by: str, reason: str) -> str:
    """The words of an approval for the Log. Raises BadValue if one is missing, or if only the person who runs the task approves."""
    for name, text in (("approved_by", approved_by), ("reason", reason)):
        if not text.strip():
            raise BadValue("This field is required.", where=name, do="Enter it for the auditor.")
    desk.require(persons.CLOSE)
    desk.require_approval((approved_by, ""), usual=persons.REFUSE)
    return f"approved by {approved_by.strip()}: {reason.strip()}"


@action(
    "Close off a Recorded day after today, made by a wrong clock, so that posting can go on. Its rows then count for today.",
    desk="Controls",
)
def close_off_day(
    book: Book, day: Annotated[dt.date, Input("The wrong Recorded day.")], approved_by: Approved, reason: Reason
) -> Done:
    desk, today = Desk.of(book), recorded_days.clock()
    if day <= today:
        raise BadValue(
            f"{day} is not after today, {today}, so it does not stop any posting.",
            where="day",
            do="Reverse the wrong receipts, and post them again.",
        )
    words, log = approved(desk, approved_by, reason), desk.register(LOG)
    if day in recorded_days.closed_off(log):
        raise BadValue(f"{day} is already closed off.", where="day", do="Nothing was changed.")
    rows = sum(int((t[recorded_days.RECORDED].dt.date == day).sum()) for t in desk.dated)
    if not rows and not (desk.day_closes["Closed On"].dt.date == day).any():
        raise BadValue(f"Nothing is recorded on {day}.", where="day", do="Enter the day that the error named.")
    desk.log(recorded_days.CLOSE_OFF, f"{day} counts as {today}, {words}", rows)
    desk.changed()
    desk.refresh(desk.as_of())
    return Done(f"{day} is closed off: {some(rows, 'row')} recorded on it now count for {today}.", rows=rows)


@action(
    "Lock a period: nothing more can be recorded on its days. Late entries then fall in the next period.",
    desk="Controls",
)
def lock_period(
    book: Book,
    through: Annotated[dt.date, Input("The last day of the period, such as a month's end.")],
    only: Only = "",
) -> Done:
    desk, table = Desk.of(book), _table(only)
    locked = recorded_days.locked_through(desk.register(LOG), table)
    if locked and through <= locked:
        raise BadValue(f"The days through {locked} are locked already.", where="through", do="Nothing was changed.")
    if through > recorded_days.clock() and not table:
        raise BadValue(f"{through} is after today.", where="through", do="Lock a period on its last day or later.")
    desk.require(persons.CLOSE)
    desk.log(recorded_days.LOCK, recorded_days.text(through, table), 0)
    return Done(
        f"The days through {through} are locked{table and ' for ' + recorded_days.LOCKABLE[table]}. New entries are recorded on {through + dt.timedelta(days=1)} or later."
    )


@action("Unlock the last locked period. The entry stays in the Log.", desk="Controls")
def unlock_period(book: Book, approved_by: Approved, reason: Reason, only: Only = "") -> Done:
    desk, table = Desk.of(book), _table(only)
    locked = recorded_days.locked_through(desk.register(LOG), table)
    if not locked:
        raise BadValue("No period is locked.", where="Log", do="Nothing was changed.")
    desk.log(recorded_days.UNLOCK, f"{recorded_days.text(locked, table)}, {approved(desk, approved_by, reason)}", 0)
    return Done(f"The days through {locked} are unlocked.")
