"""Compares the assessor's or the board's own list of changes with the adjustments. Nothing is posted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.incoming import read_named
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.money import usd
from xltax.office.controls import authority_list
from xltax.office.intake import account_match
from xltax.office.intake.targets import ORDERED
from xltax.tables import ADJUSTMENT_KINDS, Adjustment, Bill
from xltax.tables.check import AUTHORITY_LIST, AuthorityLine
from xltax.tables.table import Table
from xltax.wording import some


@action(
    "Compare the assessor's or the board's own list of changes with the adjustments. What only one side has is shown; nothing is posted.",
    desk="Controls",
    label="Compare authority list",
)
def compare_authority_list(
    book: Book,
    file: Annotated[Path, Input("CSV or workbook: Number, Account or Bill, Levy Year, Kind, Amount.")],
    start: Annotated[dt.date | None, Input("The first Recorded day of the adjustments (default: the first).")] = None,
    end: Annotated[dt.date | None, Input("The last Recorded day of the adjustments (default: the last).")] = None,
    kinds: Annotated[str, Input("Only these kinds of adjustment, separated by commas (default: all).")] = "",
) -> Done:
    desk = Desk.of(book)
    rows = read_named(file, ORDERED).found.rows
    rows, respelled = account_match.as_in_book(rows, set(desk.duplicate[Bill.account]))
    theirs = authority_list.listed(rows, desk.duplicate)
    ours = authority_list.entered(_within(desk.adjustments, start, end), desk.duplicate, _kinds(kinds))
    authority_list.match(theirs, ours)
    found = Table.made(AUTHORITY_LIST, authority_list.lines(theirs, ours))
    book.replace_rows(AUTHORITY_LIST.name, found[list(AUTHORITY_LIST.names)])
    period = f"{start or 'the first'} to {end or 'the last'}"
    pages = [authority_list.page(found, file.name, period, desk.office)]
    name = desk.issue(f"authority list {file.stem}", pages, "authority list", f"{file.name}, {period}")
    left = found[~found[AuthorityLine.result].isin(authority_list.AGREE)]
    apart = int(left[AuthorityLine.difference].sum())
    desk.log("compare authority list", f"{file.name}, {period}: {some(len(left), 'row')} left over", len(found), apart)
    counts = left[AuthorityLine.result].value_counts(sort=False)
    said = [
        f"{some(len(theirs), 'listed change')} and {some(len(ours), 'adjustment')} compared. {some(len(left), 'row')} left over. "
        f"The page is in {name}.{respelled}",
        *(
            f"{count:,} {result}: {usd(int(left.loc[left[AuthorityLine.result] == result, AuthorityLine.difference].sum()))}"
            for result, count in counts.items()
        ),
    ]
    look = tuple(f"{r.number or 'no number'}, account {r.account}: {r.result}" for r in left.rows())
    return Done("\n".join(said), look, len(found), apart)


def _within(adjustments: Table[Adjustment], start: dt.date | None, end: dt.date | None) -> Table[Adjustment]:
    """The adjustments recorded in a period."""
    days = adjustments[Adjustment.recorded]
    inside = pd.Series(True, index=adjustments.index)
    if start:
        inside &= days >= pd.Timestamp(start)
    if end:
        inside &= days <= pd.Timestamp(end)
    return adjustments[inside]


def _kinds(text: str) -> set[str]:
    """The kinds named in a text. Raises BadValue for a word that is none."""
    known = {kind.casefold(): kind for kind in ADJUSTMENT_KINDS}
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word.casefold() not in known:
            raise BadValue(
                f'"{word}" is not a kind of adjustment.', where="kinds", do=f"Use one of {', '.join(ADJUSTMENT_KINDS)}."
            )
    return {known[word.casefold()] for word in words}
