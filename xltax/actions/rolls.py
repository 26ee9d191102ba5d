"""Taking a roll into the book: what the import would do, the choice it needs, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from xltax.actions import papers
from xltax.actions.desk import Desk
from xltax.errors import BadValue
from xltax.hosts.registry import Input
from xltax.ledger.tables import HISTORY, ROLL
from xltax.ledger.tables.bills import ROLL_IMPORTS
from xltax.money import dollars, usd
from xltax.office import roll_changes
from xltax.office.roll_changes import KEEP, REMOVE, Plan
from xltax.office.wording import some

MISSING = Input(
    "missing",
    "text",
    "Rows of the roll that the file does not have: remove (the file is the whole roll of its levy type; they leave the roll and are "
    "not billed) or keep (the file is a part of it or a correction).",
    optional=True,
)


def look(desk: Desk, file: pd.DataFrame, given: Iterable[str], choice: str = "") -> Plan:
    """What a file would do to the Roll of this book."""
    return roll_changes.plan(desk.roll, file, given, choice)


def take(desk: Desk, file: pd.DataFrame, given: Iterable[str], choice: str, source: str, on: dt.date) -> str:
    """Puts a file's accounts on the Roll, takes those off that are missing where that was chosen, and notes every change.

    Refuses a file that leaves rows of the roll open where nothing was chosen. Gives what was done.
    """
    choice = choice.strip().lower()
    if not len(file):
        raise BadValue("There are no rows in it.", where=source)
    first = not len(desk.roll)
    plan = look(desk, file, given, choice)
    plan.settle(choice, source)
    after, columns, history = roll_changes.carried_out(plan, choice, on)
    if columns:
        desk.book.replace_columns("Roll", after[columns])
        desk.roll = after
    desk.append(ROLL, plan.new[list(ROLL.names)])
    desk.append(HISTORY, history)
    _note(desk, plan, choice, source, on)
    said = f"{len(file):,} rows, net value {dollars(int(file['Net Value'].sum()))}; {len(history):,} changes noted in History."
    return said if first else f"{said} {_done(plan, choice)}"


def _done(plan: Plan, choice: str) -> str:
    words = f"{some(len(plan.new), 'new row')}, {some(plan.changed, 'changed row')}."
    if plan.back:
        words += f" {some(plan.back, 'row')} came back on the roll."
    if len(plan.missing):
        value = usd(int(plan.missing["Net Value"].sum()))
        what = "left the roll and will not be billed" if choice == REMOVE else "stayed on the roll as they were"
        words += (
            f" {some(len(plan.missing), 'row')}, net value {value}, {what}: {roll_changes.named_rows(plan.missing)}."
        )
    if plan.emptied:
        words += f" The file has no Prior Tax: the old one was cleared on {some(plan.emptied, 'row')}."
    return words


def _note(desk: Desk, plan: Plan, choice: str, source: str, on: dt.date) -> None:
    """A line in Roll Imports for each levy type of the file: what it changed, and what billing is held to from now on."""
    held = papers.table(desk, ROLL_IMPORTS)
    now = roll_changes.on_roll(desk.roll)
    rows = []
    kinds = dict.fromkeys([*plan.merged["Levy Type"], *plan.new["Levy Type"]])
    for number, kind in enumerate(kinds, papers.next_no(held)):
        file = pd.concat([t.loc[t["Levy Type"] == kind, "Net Value"] for t in (plan.merged, plan.new)])
        gone = plan.missing[plan.missing["Levy Type"] == kind] if choice == REMOVE else plan.missing[:0]
        there = now.loc[now["Levy Type"] == kind, "Net Value"]
        rows.append({
            "No": number, "Imported On": np.datetime64(on, "s"), "Levy Type": kind, "File": source,
            "Missing": choice if len(plan.missing) else "", "Rows": len(file), "Value": int(file.sum()),
            "New": int((plan.new["Levy Type"] == kind).sum()), "Changed": plan.changed_of(kind),
            "Left": len(gone), "Left Value": int(gone["Net Value"].sum()), "Rows After": len(there), "Value After": int(there.sum()),
        })  # fmt: skip
    desk.append(ROLL_IMPORTS, papers.rows_of(ROLL_IMPORTS.name, pd.DataFrame(rows).to_dict("list"), len(rows)))


__all__ = ["KEEP", "MISSING", "REMOVE", "look", "take"]
