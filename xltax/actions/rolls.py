"""Taking a roll into the book: what the import would do, the choice it needs, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any

import pandas as pd

from xltax.actions import papers
from xltax.actions.desk import Desk
from xltax.dates import short_date
from xltax.declare import Input
from xltax.errors import BadValue
from xltax.money import dollars, usd
from xltax.office.billing import further_lists, roll_changes
from xltax.office.billing.roll_changes import REMOVE, Plan
from xltax.office.intake import sheet_import
from xltax.tables import SUPPLEMENTARY, Parcel
from xltax.tables.bills import ROLL_IMPORTS, SUPPLEMENTS, RollImport, SupplementEntry
from xltax.tables.table import Table
from xltax.wording import some

Missing = Annotated[
    str,
    Input(
        "Rows of the roll that the file does not have: remove (the file is the whole roll of its levy type; "
        "they leave the roll and are not billed) or keep (the file is a part of it or a correction)."
    ),
]


def look(desk: Desk, file: Table[Parcel], given: Iterable[str], choice: str = "") -> Plan:
    """What a file would do to the Roll of this book."""
    return roll_changes.plan(desk.roll, file, given, choice)


def take(desk: Desk, file: Table[Parcel], given: Iterable[str], choice: str, source: str, on: dt.date) -> str:
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
        desk.put(after)
    desk.append(plan.new)
    desk.append(history)
    _note(desk, plan, choice, source, on)
    said = f"{len(file):,} rows, net value {dollars(int(file[SupplementEntry.net_value].sum()))}; {some(len(history), 'change')} noted in History."
    return said if first else f"{said} {_done(plan, choice)}"


def _done(plan: Plan, choice: str) -> str:
    words = f"{some(len(plan.new), 'new row')}, {some(plan.changed, 'changed row')}."
    if plan.back:
        words += f" {some(plan.back, 'row')} came back on the roll."
    if len(plan.missing):
        value = usd(int(plan.missing[SupplementEntry.net_value].sum()))
        what = "left the roll and will not be billed" if choice == REMOVE else "stayed on the roll as they were"
        words += (
            f" {some(len(plan.missing), 'row')}, net value {value}, {what}: {roll_changes.named_rows(plan.missing)}."
        )
    return " ".join([words, *plan.kept])


def _note(desk: Desk, plan: Plan, choice: str, source: str, on: dt.date) -> None:
    """A line in Roll Imports for each levy type of the file: what it changed, and what billing is held to from now on."""
    held = desk.register(ROLL_IMPORTS)
    now = roll_changes.on_roll(desk.roll)
    rows = []
    kinds = dict.fromkeys([*plan.merged[SupplementEntry.levy_type], *plan.new[SupplementEntry.levy_type]])
    for number, kind in enumerate(kinds, papers.next_no(held)):
        file = pd.concat(
            [t.loc[t[SupplementEntry.levy_type] == kind, SupplementEntry.net_value] for t in (plan.merged, plan.new)]
        )
        gone = (
            plan.missing[plan.missing[SupplementEntry.levy_type] == kind] if choice == REMOVE else plan.missing.head(0)
        )
        there = now.loc[now[SupplementEntry.levy_type] == kind, SupplementEntry.net_value]
        rows.append({
            RollImport.no: number, RollImport.imported_on: on, RollImport.levy_type: kind, RollImport.file: source,
            RollImport.missing: choice if len(plan.missing) else "", RollImport.rows: len(file), RollImport.value: int(file.sum()),
            RollImport.new: int((plan.new[SupplementEntry.levy_type] == kind).sum()), RollImport.changed: plan.changed_of(kind),
            RollImport.left: len(gone), RollImport.left_value: int(gone[SupplementEntry.net_value].sum()), RollImport.rows_after: len(there), RollImport.value_after: int(there.sum()),
        })  # fmt: skip
    desk.append(Table.made(ROLL_IMPORTS, rows))


# ---- lists that come after the roll ----------------------------------------------------------------------------------

Prorate = Annotated[
    bool | None,
    Input(
        "For an added or supplemental list with dates or months: yes if its assessments are for a whole "
        "year, no if they are prorated already."
    ),
]
LIST = "further"
"""What a sheet holds that comes after the roll, as First Session has it."""


def is_further(what: str, levy_type: str) -> bool:
    """Whether a roll is a list that comes after the roll: its levy type says so."""
    return what == LIST or levy_type.strip().upper() in SUPPLEMENTARY


def refuse_supplementary(file: Table[Parcel], source: str) -> None:
    """Refuses added and supplemental rows among those of the roll."""
    mixed = sorted(set(file[SupplementEntry.levy_type]) & set(SUPPLEMENTARY))
    if mixed:
        raise BadValue(
            f"It has {' and '.join(mixed)} rows, which are billed from a list of their own and not from the Roll.", where=source,
            do=f'Give the levy type {mixed[0]}, or bring it in as "{LIST}". A file with rows of the roll too has to be divided first.',
        )  # fmt: skip


def take_list(
    desk: Desk,
    file: Table[Any],
    given: Iterable[str],
    source: str,
    roll_date: dt.date,
    prorate: bool | None,
    choice: str = "",
) -> str:
    """Puts an added, omitted, supplemental or interim list on Further Lists, prorated; the Roll's values stay as they are.

    Refuses a list of a levy type and date that is there already, unless its rows are not billed and are to be replaced.
    """
    if not len(file):
        raise BadValue("There are no rows in it.", where=source)
    if "Levy Type" not in given:
        raise BadValue(
            "The list does not say which levy it is.", where=f"{source}, levy type",
            do="Nothing was imported. Give its levy type: ADD, OMIT, MVS, or that of an interim list, such as RE.",
        )  # fmt: skip
    held = desk.register(SUPPLEMENTS)
    file, matched = sheet_import.as_on_roll(file.as_rows_of(further_lists.FURTHER), desk.roll)
    rows = further_lists.listed(further_lists.prorated(file, desk.town, roll_date, prorate), roll_date)
    there = held[
        (held[SupplementEntry.roll_date] == pd.Timestamp(roll_date))
        & held[SupplementEntry.levy_type].isin(set(rows[SupplementEntry.levy_type]))
    ]
    if len(there):
        _refuse_again(there, roll_date, choice)
        kept = held[~held.index.isin(there.index)]
        desk.book.replace_rows(SUPPLEMENTS.name, kept[list(SUPPLEMENTS.names)])
    desk.append(rows)
    new = further_lists.unknown_to(desk.roll, file, roll_date)
    desk.append(new)
    said = [f"{len(rows):,} rows, net value {dollars(int(rows[SupplementEntry.net_value].sum()))}, on Further Lists as the list of {short_date(roll_date)}. Bill them with their rate."]  # fmt: skip
    if len(new):
        is_, names = ("is", "its name stands") if len(new) == 1 else ("are", "their names stand")
        said.append(
            f"{some(len(new), 'account')} {is_} not on the roll: {named_accounts(new)}; {names} on the Roll, without a value."
        )
    twice = rows[rows.duplicated(SupplementEntry.account)]
    if len(twice):
        said.append(f"More than once on the list, with a bill for each row: {named_accounts(twice)}.")
    return " ".join([*said, *([matched] if matched else [])])


def _refuse_again(there: Table[SupplementEntry], roll_date: dt.date, choice: str) -> None:
    kind, billed = there[SupplementEntry.levy_type].iloc[0], there[there[SupplementEntry.run] != ""]
    what = f"Further Lists has the {kind} list of {short_date(roll_date)} already: {some(len(there), 'row')}, {usd(int(there[SupplementEntry.net_value].sum()))}."
    if len(billed):
        raise BadValue(what, where="Further Lists", do=f"It was billed in run {billed[SupplementEntry.run].iloc[0]}: undo that run first, or give the other list's own date.")  # fmt: skip
    if choice.strip().lower() != REMOVE:
        raise BadValue(what, where="missing", do=f'Nothing was imported. Enter "{REMOVE}" for missing to put this file in its place, or give the other list\'s own date.')  # fmt: skip


def named_accounts(rows: Table[Any]) -> str:
    """Accounts with their owners, up to a number that can be read."""
    shown = rows.head(roll_changes.MOST_NAMED)
    named = [
        f"{a} ({o})" if o else a
        for a, o in zip(shown[SupplementEntry.account], shown[SupplementEntry.owner], strict=True)
    ]
    return ", ".join(named) + (f" and {len(rows) - len(shown):,} more" if len(rows) > len(shown) else "")
