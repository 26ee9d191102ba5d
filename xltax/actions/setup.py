"""Setting a book up: the assessor's roll."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from xltax.actions.desk import Desk
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.hosts.textfile import read_csv
from xltax.ledger.tables import HISTORY, ROLL
from xltax.money import Cents, dollars
from xltax.office import roll as rolls


@action(
    "Bring the assessor's roll into the book, held to the control totals.",
    Input("file", "file", "A CSV file, or a MOD-IV file."),
    Input(
        "mapping", "text", 'Which of its headers is which column: "Account=Parcel ID, Net Value=Total".', optional=True
    ),
    Input("levy_type", "text", "The levy type of every row, where the file does not say.", optional=True),
    Input("control_bills", "count", "How many rows it has to have.", cell="control_bills", optional=True),
    Input("control_value", "money", "The total net value it has to have.", optional=True),
    Input("on", "date", "The day of the roll, for the history of changes.", optional=True),
)
def import_roll(
    book: Book,
    file: Path,
    mapping: str = "",
    levy_type: str = "",
    control_bills: int | None = None,
    control_value: Cents | None = None,
    on: dt.date | None = None,
) -> str:
    desk = Desk.of(book)
    new = (
        rolls.from_modiv(file)
        if rolls.is_modiv(file)
        else rolls.from_columns(read_csv(file), mapping_of(mapping), levy_type)
    )
    differences = rolls.control(new, control_bills, control_value)
    if differences:
        raise BadValue(
            "The roll does not tie: " + " ".join(differences),
            do="Nothing was brought in. Find the rows, or correct the totals.",
        )
    changed = rolls.changes(desk.roll, new, on or dt.date.today())
    desk.append(HISTORY, changed)
    untouched = desk.roll[~desk.roll["Account"].isin(set(new["Account"]))] if len(desk.roll) else desk.roll
    desk.replace_roll(pd.concat([untouched, new[list(ROLL.names)]], ignore_index=True) if len(untouched) else new)
    total = int(new["Net Value"].sum())
    desk.log("import roll", file.name, len(new), total)
    return f"{len(new):,} rows, net value {dollars(total)}; {len(changed):,} changes noted in History."


def mapping_of(text: str) -> dict[str, str]:
    """A mapping from its text: "Account=Parcel ID, Net Value=Total Assessment"."""
    pairs = [p.split("=", 1) for p in text.split(",") if p.strip()]
    if any(len(p) != 2 for p in pairs):
        raise BadValue(
            f'"{text}" is not a mapping.', where="mapping", do='Write it as "Account=Parcel ID, Net Value=Total".'
        )
    return {ours.strip(): theirs.strip() for ours, theirs in pairs}
