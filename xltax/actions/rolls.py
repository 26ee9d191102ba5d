"""Imports a roll into the workbook: the preview, the choice for missing rows, and the entries in History and Roll Imports."""

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
from xltax.money import usd
from xltax.office.billing import further_lists, roll_changes
from xltax.office.billing.roll_changes import REMOVE, Plan
from xltax.office.intake import account_match
from xltax.tables import SUPPLEMENTARY, Parcel
from xltax.tables.bills import ROLL_IMPORTS, SUPPLEMENTS, RollImport, SupplementEntry
from xltax.tables.table import Table
from xltax.wording import some

Missing = Annotated[
    str,
    Input(
        "Rows of the roll that are missing from the file. remove: the file is the whole roll of its levy type, so the "
        "rows leave the roll and are not billed. keep: the file is a part of the roll or a correction."
    ),
]


def look(desk: Desk, file: Table[Parcel], given: Iterable[str], choice: str = "") -> Plan:
    """What a file would do to the Roll of this workbook."""
    return roll_changes.plan(desk.roll, file, given, choice)


def take(desk: Desk, file: Table[Parcel], given: Iterable[str], choice: str, source: str, on: dt.date) -> str:
    """Enters a file's accounts on the Roll, removes missing accounts if that was chosen, and records every change.

    Refuses a file with missing rows if no choice was made. Gives the message.
    """
    choice = choice.strip().lower()
    if not len(file):
        raise BadValue(
            "The file has no rows.", where=source, do="Choose a file with at least one row below the header."
        )
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
    said = f"{some(len(file), 'row')}, net value {usd(int(file[Parcel.net_value].sum()))}. History has {some(len(history), 'new entry', 'new entries')}."
    return said if first else f"{said} {_done(plan, choice)}"


def _done(plan: Plan, choice: str) -> str:
    words = f"{some(len(plan.new), 'new row')}, {some(plan.changed, 'changed row')}."
    if plan.back:
        words += f" {some(plan.back, 'row')} came back on the roll."
    if len(plan.missing):
        value = usd(int(plan.missing[Parcel.net_value].sum()))
        what = "left the roll and will not be billed" if choice == REMOVE else "stayed on the roll without change"
        words += (
            f" {some(len(plan.missing), 'row')}, net value {value}, {what}: {roll_changes.named_rows(plan.missing)}."
        )
    return " ".join([words, *plan.kept])


def _note(desk: Desk, plan: Plan, choice: str, source: str, on: dt.date) -> None:
    """A line in Roll Imports for each levy type of the file: the changes, and the totals that billing will be checked against."""
    held = desk.register(ROLL_IMPORTS)
    now = roll_changes.on_roll(desk.roll)
    rows = []
    kinds = dict.fromkeys([*plan.merged[Parcel.levy_type], *plan.new[Parcel.levy_type]])
    for number, kind in enumerate(kinds, papers.next_no(held)):
        file = pd.concat([t.loc[t[Parcel.levy_type] == kind, Parcel.net_value] for t in (plan.merged, plan.new)])
        gone = plan.missing[plan.missing[Parcel.levy_type] == kind] if choice == REMOVE else plan.missing.head(0)
        there = now.loc[now[Parcel.levy_type] == kind, Parcel.net_value]
        rows.append({
            RollImport.no: number, RollImport.imported_on: on, RollImport.levy_type: kind, RollImport.file: source,
            RollImport.missing: choice if len(plan.missing) else "", RollImport.rows: len(file), RollImport.value: int(file.sum()),
            RollImport.new: int((plan.new[Parcel.levy_type] == kind).sum()), RollImport.changed: plan.changed_of(kind),
            RollImport.left: len(gone), RollImport.left_value: int(gone[Parcel.net_value].sum()), RollImport.rows_after: len(there), RollImport.value_after: int(there.sum()),
        })  # fmt: skip
    desk.append(Table.made(ROLL_IMPORTS, rows))


# ---- lists that come after the roll ----------------------------------------------------------------------------------

Prorate = Annotated[
    bool | None,
    Input(
        "For an added or supplemental list with dates or months. yes: the assessments are for a whole year. no: the "
        "assessments are already prorated."
    ),
]
LIST = "further"
"""The kind of an added or supplemental list on First Session."""


def is_further(what: str, levy_type: str) -> bool:
    """Whether a file is an added or supplemental list, by its levy type."""
    return what == LIST or levy_type.strip().upper() in SUPPLEMENTARY


def refuse_supplementary(file: Table[Parcel], source: str) -> None:
    """Refuses added and supplemental rows in a roll file."""
    mixed = sorted(set(file[Parcel.levy_type]) & set(SUPPLEMENTARY))
    if mixed:
        raise BadValue(
            f"The file has {' and '.join(mixed)} rows. These rows are billed from their own list, not from the Roll.", where=source,
            do=f'Enter the levy type {mixed[0]}, or import the file as "{LIST}". If the file also has rows of the roll, split the file first.',
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
    """Enters an added, omitted, supplemental or interim list on Further Lists, prorated. The Roll's values do not change.

    Refuses a second list with the same levy type and date, unless the first list is unbilled and should be replaced.
    """
    if not len(file):
        raise BadValue(
            "The file has no rows.", where=source, do="Choose a file with at least one row below the header."
        )
    if "Levy Type" not in given:
        raise BadValue(
            "The list does not show its levy type.", where=f"{source}, levy type",
            do="Nothing was imported. Enter the levy type: ADD, OMIT, MVS, or the type of an interim list, such as RE.",
        )  # fmt: skip
    held = desk.register(SUPPLEMENTS)
    file, matched = account_match.as_in_book(file.as_rows_of(further_lists.FURTHER), set(desk.roll[Parcel.account]))
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
    said = [f"{some(len(rows), 'row')}, net value {usd(int(rows[SupplementEntry.net_value].sum()))}, on Further Lists as the list of {short_date(roll_date)}. Enter the rate and run Bill."]  # fmt: skip
    if len(new):
        is_, names = ("is", "The name is") if len(new) == 1 else ("are", "The names are")
        said.append(
            f"{some(len(new), 'account')} {is_} not on the roll: {named_accounts(new)}. {names} now on the Roll, without a value."
        )
    twice = rows[rows.duplicated(SupplementEntry.account)]
    if len(twice):
        said.append(f"Accounts listed more than once, with a bill for each row: {named_accounts(twice)}.")
    return " ".join([*said, *([matched] if matched else [])])


def _refuse_again(there: Table[SupplementEntry], roll_date: dt.date, choice: str) -> None:
    kind, billed = there[SupplementEntry.levy_type].iloc[0], there[there[SupplementEntry.run] != ""]
    what = f"Further Lists already has the {kind} list of {short_date(roll_date)}: {some(len(there), 'row')}, {usd(int(there[SupplementEntry.net_value].sum()))}."
    if len(billed):
        raise BadValue(what, where="Further Lists", do=f"That list was billed in run {billed[SupplementEntry.run].iloc[0]}. Undo that run first, or enter the date of the new list.")  # fmt: skip
    if choice.strip().lower() != REMOVE:
        raise BadValue(what, where="missing", do=f'Nothing was imported. Enter "{REMOVE}" for missing to replace that list, or enter the date of the new list.')  # fmt: skip


def named_accounts(rows: Table[Any]) -> str:
    """Accounts with their owners, up to the number a message names."""
    shown = rows.head(roll_changes.MOST_NAMED)
    named = [f"{a} ({o})" if o else a for a, o in zip(shown[Parcel.account], shown[Parcel.owner], strict=True)]
    return ", ".join(named) + (f" and {len(rows) - len(shown):,} more" if len(rows) > len(shown) else "")
