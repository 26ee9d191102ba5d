"""The rows of the sheet Counter for the tasks that show and post them."""

from __future__ import annotations

import datetime as dt

from xltax.actions import owing
from xltax.actions.desk import Desk
from xltax.errors import BadValue, Problem, Problems
from xltax.office.counter import payment_check, typed_rows
from xltax.office.counter.typed_rows import Entered
from xltax.tables.counter import COUNTER, CounterRow

SHEET = COUNTER.name


def entered(desk: Desk, today: dt.date) -> Entered:
    """The rows typed at the counter, with what is wrong with each. Raises BadValue if there are none."""
    frame = desk.book.read(SHEET)
    if not len(frame):
        raise BadValue("The Counter is empty.", where=SHEET, do="Type a row for each check, or choose a file.")
    found = typed_rows.entered(frame, owing.accounts(desk), today)
    wrong = payment_check.wrong_rows(found.rows, desk.facts.charges, desk.cash_book, today, desk.parcels)
    return found.also(wrong)


def fill_in(desk: Desk, found: Entered) -> None:
    """Writes the accounts that were found into the sheet, so that she sees what will be posted."""
    if found.filled_in and len(found.rows) == len(found.places):
        columns = [CounterRow.account, CounterRow.bill, CounterRow.amount, CounterRow.received]
        desk.book.replace_columns(SHEET, found.rows[columns])


def refuse_wrong(desk: Desk, found: Entered) -> None:
    """Posts all rows or none: refuses with every wrong cell, and with rows of which nobody can tell whether they are checks."""
    apart = [
        Problem(
            stray.place,
            "This row looks like a payment, but an empty row or a note stands above it.",
            "Move the row directly under the last payment, or away from the table.",
        )
        for stray in desk.book.strays.get(SHEET, ())
        if stray.like_a_row
    ]
    if problems := [*found.problems, *apart]:
        raise Problems(problems)
