"""What every host (a file, Excel, Calc) must do with a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

import pandas as pd

from xltax.pages import Page, Pdf
from xltax.sheets.places import Meta
from xltax.sheets.typed_below import Stray

__all__ = ["Book", "Meta"]


@runtime_checkable
class Book(Protocol):
    """An open workbook, its tables found by name and its columns by header, never by position.

    Values read are the cells' own: text, numbers, yes/no, dates, None for an empty cell. Values written are typed by
    the table's declaration: money in whole cents, dates as dates, ids as text; text stays text even if it starts
    with "=". A column of the user's own is never written and never lost. Nothing reaches the file before `save`.
    """

    @property
    def meta(self) -> Meta:
        """The book's template, schema version, rules fingerprint and date system."""
        ...

    @property
    def strays(self) -> Mapping[str, Sequence[Stray]]:
        """For each table that was read: what stands below and is not one of its rows. Rows typed directly below are its rows."""
        ...

    def tables(self) -> tuple[str, ...]:
        """The names of the tables in this book."""
        ...

    def read(self, table: str) -> pd.DataFrame:
        """A table's rows under the sheet's own headers, in sheet order, the user's columns included.

        The index counts body rows from 0 (blank rows are left out), and `attrs` has `sheet`, `header_row` and
        `letters`, so row i of column C is the cell `{sheet}!{letters[C]}{header_row + 1 + i}`.
        Raises BadBook for a table that is missing or damaged, Problems for missing or doubled columns.
        """
        ...

    def append(self, table: str, rows: pd.DataFrame) -> None:
        """Add rows below the last one; a user's calculated columns are carried on, her other columns left empty."""
        ...

    def replace_columns(self, table: str, frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        """Write these columns for all rows at once; the frame has one row for each row `read` gives, in that order.

        Given as a function, it is called when the columns are first looked at or saved, and not at all where others take
        their place before.
        """
        ...

    def replace_rows(self, table: str, frame: pd.DataFrame) -> None:
        """Replace all rows of an output table; columns the frame does not have are emptied, none is removed."""
        ...

    def get(self, name: str) -> object:
        """The value of a named cell."""
        ...

    def set(self, name: str, value: object) -> None:
        """Write a named cell: money in whole cents where the name is declared as money."""
        ...

    def set_meta(self, *, template: str | None = None, schema: int | None = None, rules: str | None = None) -> None:
        """Changes the properties of the workbook."""
        ...

    def message(self, text: str) -> None:
        """Tells the collector what was done."""
        ...

    def put_pages(self, name: str, pages: Sequence[Page]) -> str:
        """Prepares pages for printing in a new workbook next to this one. Gives the file name.

        It is written by `save`. A file of that name is never overwritten: the new one gets a number.
        """
        ...

    def as_pdf(self, pages: Sequence[Page]) -> Pdf:
        """The same pages as a PDF file, for `put_file` or an email."""
        ...

    def kept_beside(self, name: str) -> bytes:
        """A file that the office keeps in the folder of this workbook, such as its policy; empty if there is none."""
        ...

    def put_file(self, name: str, data: bytes) -> str:
        """A file for someone else, such as a calendar or CSV list, next to this workbook. Gives the file name."""
        ...

    def step(self, label: str) -> AbstractContextManager[object]:
        """Writes everything inside as one step: all or nothing, and one entry of the program's own Undo if it has one."""
        ...

    def save(self) -> None:
        """Saves everything written since the workbook was opened, all or nothing."""
        ...
