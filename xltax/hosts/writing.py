"""What every spreadsheet program needs alike before it writes: values as typed, dates as day numbers, neighbors in one block."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from xltax.errors import BadBook
from xltax.sheets.cells import EPOCHS

TEXTS = ("id", "text", "yes")
"""The kinds whose cells are formatted as text."""


def as_typed(value: Any, *, text: bool) -> Any:
    """What to write so that the cell holds this value. Excel removes a leading apostrophe and may read = as a formula.

    text: True for a cell that is formatted as text.
    """
    if not isinstance(value, str) or not value or (text and not value.startswith("'")):
        return value
    return "'" + value


def as_number(value: Any, date1904: bool) -> Any:
    """A date as the day number Excel keeps, which no time zone can shift; a number as a double, which every Excel takes."""
    if isinstance(value, dt.datetime):
        part = value - dt.datetime.combine(EPOCHS[date1904], dt.time())
        return part / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        value = (value - EPOCHS[date1904]).days
    return float(value) if value.__class__ is int else value


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as runs of neighbors, so that each run is one block."""
    grouped = groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    return [[number for _, number in group] for _, group in grouped]


def locked_with_password(file: str, sheet: str) -> BadBook:
    """The refusal to write to a sheet whose protection only its password can lift."""
    return BadBook(
        f"The sheet {sheet} is protected with a password. Nothing was written.",
        where=f"{file}, {sheet}",
        do="Unprotect the sheet (Review, Unprotect Sheet) and try again.",
    )


def no_table(file: str, table: str) -> BadBook:
    """The refusal for a table that this workbook does not have."""
    return BadBook(
        f"There is no table named {table}.",
        where=file,
        do="The table may have been renamed or changed to plain cells. Put the table back, or restore the last good copy.",
    )


def no_header(file: str, table: str, cell: str) -> BadBook:
    """The refusal for a table without a header row."""
    return BadBook(
        f"The table {table} has no header row.",
        where=f"{file}, {cell}",
        do="Turn on the header row (Table Design, Header Row).",
    )


def no_name(file: str, name: str, do: str = "Name the cell again (Formulas, Name Manager).") -> BadBook:
    """The refusal for a named cell that this workbook does not have."""
    return BadBook(f'There is no cell named "{name}".', where=file, do=do)


def not_ours(file: str) -> BadBook:
    """The refusal to change the properties of a workbook that xltax did not make."""
    return BadBook("This workbook was not made by xltax.", where=file, do="Make a workbook with `xltax new`.")


def not_written(file: str, table: str) -> BadBook:
    """The refusal to write to a table that xltax has not declared."""
    return BadBook(f"xltax does not write the table {table}.", where=file)
