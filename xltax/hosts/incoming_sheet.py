"""One sheet of a file that came in, as it stands: titles, headers, rows and totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from xltax.errors import BadBook, TaxError

Range = tuple[tuple[int, int], tuple[int, int]]
"""Merged cells: ((row, column), (row, column)), counted from 0."""

LARGEST_SHEET = 20_000_000
"""The most cells the block from A1 to the last cell may have: it is kept in one piece."""


def no_format(row: int, column: int) -> str:
    """The number format of a cell in a file that has none."""
    return ""


@dataclass(frozen=True)
class RawSheet:
    """A sheet of a file, cell by cell from A1. An empty cell is None, and an error cell is its text, such as #REF!.

    text: a text file, whose rows may have unequal lengths. fixed: a fixed-width file: row 0 is made here and holds the
    positions of the fields. lines: the line of the file where each row begins, if it differs from the row. odd: cells
    with a byte that is not in the file's encoding. notes: sentences about what was left out.
    """

    name: str
    rows: list[list[Any]]
    merged: list[Range] = field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    format_of: Callable[[int, int], str] = no_format
    text: bool = False
    fixed: bool = False
    lines: list[int] | None = None
    odd: dict[tuple[int, int], str] = field(default_factory=dict)
    kind: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a file before its cells are read. read: gives the cells."""

    name: str
    visible: bool
    read: Callable[[], RawSheet]


@contextmanager
def damaged(where: str) -> Iterator[None]:
    """Reports whatever stops a reader as a file that cannot be read: a damaged file can break any of them anywhere."""
    try:
        yield
    except (TaxError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # One library is written in another language. What it did not foresee is no Exception of Python's.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BadBook(
            "This file is damaged and cannot be read.",
            where=where,
            do="Open the file in Excel and save it as Excel Workbook (.xlsx), or ask the sender for the file again.",
        ) from error


def refuse_size(rows: int, columns: int, where: str) -> None:
    """Raises BadBook for a sheet with content so far away that reading would use up the memory."""
    if rows * columns > LARGEST_SHEET:
        raise BadBook(
            f"The sheet has content as far away as column {columns:,} and row {rows:,}.",
            where=where,
            do="Delete the columns and rows beyond the data. Save the workbook and try again.",
        )


def put(rows: list[list[Any]], row: int, column: int, value: Any) -> None:
    """Puts a value into rows that end with the last value so far. Row and column count from 0."""
    while len(rows) <= row:
        rows.append([])
    line = rows[row]
    line += [None] * (column + 1 - len(line))
    line[column] = value


def squared(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows, all as long as the longest."""
    width = max(map(len, rows), default=0)
    return [row if len(row) == width else row + [None] * (width - len(row)) for row in rows]
