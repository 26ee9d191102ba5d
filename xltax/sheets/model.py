"""Describes a workbook: the sheets, the place of each table and cell, and how each sheet prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from xltax.sheets.cells import letters, split_ref
from xltax.tables.schema import SCHEMA, Kind, TableSpec

HEADER_ROW = 4
"""The row of a table's header, below the sheet's title and purpose, unless a form comes first."""

Style = Literal["title", "note", "hint", "section", "label", "step", "head", "value", "entry", "result", "big", "link"]
"""title, note: top of a sheet. hint: what the cell beside it means.
section: a heading. label: what stands beside a value. head: a heading over a column.
value: calculated or fixed. entry: the collector types here. result: OK or LOOK. big: the figure that matters. link: underlined, leads to a sheet."""


@dataclass(frozen=True, slots=True)
class CellAt:
    """One cell outside the tables: its text, value or formula, its name, and what may be typed into it."""

    at: str
    value: object = None
    style: Style = "label"
    kind: Kind = "text"
    formula: bool = False
    array: str = ""  # the cells an array formula fills, from this one on, such as "N13:Y42"
    name: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    across: str = ""  # the last cell of the row it is merged with, for a long value in a form
    link: str = ""  # the sheet it leads to


@dataclass(frozen=True, slots=True)
class Placed:
    """A table on a sheet: where its header starts, its column widths, and the columns folded away or hidden."""

    spec: TableSpec[Any]
    at: str = f"A{HEADER_ROW}"
    widths: Mapping[str, float] = field(default_factory=dict)
    folded: tuple[str, ...] = ()  # behind a + above the columns: seldom used
    hidden: tuple[str, ...] = ()  # not used by this state at all
    wrapped: bool = False  # long texts, on as many lines as they need
    percent: tuple[str, ...] = ()  # shares shown as percents: 0.18 as 18.00%

    @property
    def corner(self) -> tuple[int, int]:
        """The header's first cell: column, row."""
        column, row, _, _ = split_ref(self.at)
        return column, row

    def letter(self, name: str) -> str:
        """The letters of a column of this table as first built."""
        return letters(self.corner[0] + self.spec.names.index(self.spec[name].name))


@dataclass(frozen=True, slots=True)
class ChartAt:
    """A column chart of the program's own over a table: a label column, then one column for each series."""

    table: str
    at: str
    title: str
    rows: int  # how many rows the table has once it is filled
    about: str  # what it shows, read out to those who do not see it


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet: its purpose, its content and its print setup."""

    title: str
    purpose: str
    next_step: str = ""
    heading: str = ""
    cells: tuple[CellAt, ...] = ()
    tables: tuple[Placed, ...] = ()
    charts: tuple[ChartAt, ...] = ()
    widths: Mapping[str, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    protected: bool = False
    landscape: bool = True
    pages_wide: int = 1  # where more than one: its row numbers are printed, so that the pages can be laid side by side
    one_page: bool = False
    print_columns: str = ""

    @property
    def header_row(self) -> int:
        """The row that stays in sight on the screen; 0 for none."""
        return self.tables[0].corner[1] if self.tables and not self.protected else 0


@dataclass(frozen=True, slots=True)
class BookSpec:
    """A workbook: its template id, its title, and its sheets in order."""

    template: str
    title: str
    sheets: tuple[SheetSpec, ...]
    schema: int = SCHEMA
    formulas: Mapping[str, str] = field(default_factory=dict)  # named formulas and ranges, as the file stores them

    def sheet(self, title: str) -> SheetSpec:
        """The sheet of that title."""
        return next(s for s in self.sheets if s.title == title)

    @property
    def tables(self) -> dict[str, Placed]:
        """Every table of the workbook, by name."""
        return {t.spec.name: t for s in self.sheets for t in s.tables}

    @property
    def names(self) -> dict[str, tuple[str, CellAt]]:
        """Every named cell, with its sheet."""
        return {c.name: (s.title, c) for s in self.sheets for c in s.cells if c.name}
