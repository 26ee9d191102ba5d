"""Reads the tables of a workbook, with the values exactly as in the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import python_calamine

from xltax.errors import BadBook
from xltax.sheets.cells import LAST_COLUMN, LAST_ROW, column_number, letters
from xltax.sheets.forms import SPECS
from xltax.sheets.frames import below_of, clean, frame_of
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package, parse
from xltax.tables.reading import ERROR, NO_RESULT


class SheetParts(Protocol):
    """What a reader needs to know of a workbook: its parts, and which of them is which sheet."""

    package: Package
    sheets: dict[str, str]


class Reader:
    """The cell values of one book."""

    def __init__(self, data: bytes, layout: SheetParts) -> None:
        self.name = layout.package.name
        self._layout = layout
        with _readable(self.name):
            self._book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        self._sheets: dict[str, tuple[list[list[Any]], list[Any]]] = {}

    def names(self) -> list[str]:
        """The sheets in their order."""
        return list(self._book.sheet_names)

    def sheet(self, name: str) -> list[list[Any]]:
        """A sheet's rows from A1 on; an empty cell is an empty text."""
        return self._sheet(name)[0]

    def merged(self, name: str) -> list[Any]:
        """The merged ranges of a sheet: ((row, column), (row, column)), counted from 0."""
        return self._sheet(name)[1]

    def _sheet(self, name: str) -> tuple[list[list[Any]], list[Any]]:
        if name not in self._sheets:
            where = f"{self.name}, sheet {name}"
            refuse_far_cells(self._layout.package.part(self._layout.sheets[name]), where)
            with _readable(where):
                sheet = self._book.get_sheet_by_name(name)
                rows = sheet.to_python(skip_empty_area=False)
            for (row, column), text in cells_without_value(self._layout.package.part(self._layout.sheets[name]), where):
                _put(rows, row, column, text)
            self._sheets[name] = (rows, list(sheet.merged_cell_ranges or []))
        return self._sheets[name]

    def cell(self, sheet: str, row: int, column: int) -> object:
        rows = self.sheet(sheet)
        if row > len(rows) or column > len(rows[row - 1]):
            return None
        return clean(rows[row - 1][column - 1])


_FORMULA_ALONE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:</c>|<v\s*/>|<v>\s*</v>)")


def cells_without_value(xml: bytes, where: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The cells of a sheet that hold an error, or a formula that nobody calculated: place, and what the cell shows.

    The reader takes both for empty cells. An empty cell means nothing, such as no payment, and these mean something unknown.
    Programs that only write files, such as openpyxl, save formulas without their results.
    """
    if b'"e"' not in xml and b"'e'" not in xml and not (b"<f" in xml and _FORMULA_ALONE.search(xml)):
        return
    row = 0
    for line in parse(xml, where).iter("{*}row"):
        row = int(line.get("r") or row + 1)
        column = 0
        for cell in line.iterchildren("{*}c"):
            at = (cell.get("r") or "").rstrip("0123456789")
            column = column_number(at) if at else column + 1
            value = cell.findtext("{*}v") or ""
            if cell.get("t") == "e":
                yield (row, column), value or ERROR
            elif not value and cell.get("t") != "str" and cell.find("{*}f") is not None:
                yield (row, column), NO_RESULT


def _put(rows: list[list[Any]], row: int, column: int, text: str) -> None:
    """Puts what a cell shows into the rows, which end with the last row and column that hold a value."""
    rows += [[] for _ in range(row - len(rows))]
    line = rows[row - 1]
    line += [""] * (column - len(line))
    line[column - 1] = text


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Tells whatever stops the reader as a book that cannot be read."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # The library is written in another language; what it did not foresee comes as an error of no kind known here.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BadBook(
            f"The workbook cannot be read ({error}).", where=where, do="Open the workbook in Excel and save."
        ) from None


LARGEST_SHEET = 20_000_000
"""The most cells the block from A1 to the last cell of a sheet may have: it is read in one piece."""

# A cell beyond column BZ or beyond row 99,999: only where one stands are the cells gone through one by one.
_FAR = re.compile(rb' r="(?:[A-Z]{3}|[C-Z][A-Z][0-9]|[A-Z]{0,2}[0-9]{6})')
_FILLED = re.compile(rb"""<c\s(?:[^>]*\s)?r\s*=\s*["']([A-Z]+)([0-9]+)["'][^>]*(?<!/)>""")
_ROWS = re.compile(rb"""<row\s(?:[^>]*\s)?r\s*=\s*["']([0-9]+)["']""")


def refuse_far_cells(xml: bytes, where: str) -> None:
    """Raises BadBook for a sheet with content so far away that reading would use up the memory."""
    usual = xml.count(b' r="') == xml.count(b"<c ") + xml.count(b"<row ")
    if usual and not _FAR.search(xml):
        return
    cells = {(letters_, int(row)) for letters_, row in _FILLED.findall(xml)}
    column = max((column_number(c.decode()) for c in {c for c, _ in cells}), default=1)
    # Cells may leave out where they stand, and then stand in their row's.
    row = max((r for _, r in cells), default=1)
    if not usual:
        row = max([row, *(int(r) for r in _ROWS.findall(xml))])
    if column * row > LARGEST_SHEET or column > LAST_COLUMN or row > LAST_ROW:
        raise BadBook(
            f"The sheet has content as far away as column {letters(min(column, LAST_COLUMN))} and row {row:,}.",
            where=where,
            do="In Excel, delete the columns and rows beyond the data. Save the workbook and try again.",
        )


def read_table(book: Path | bytes, name: str) -> pd.DataFrame:
    """One table of a book, by name."""
    package = Package(book, "book") if isinstance(book, bytes) else Package.open(Path(book))
    layout = Layout(package)
    reader = Reader(package.to_bytes(), layout)
    at = layout.table(name)
    spec = SPECS.get(at.name)
    found = below_of(at, spec, reader.sheet(at.sheet), package.name)
    return frame_of(replace(at, last=found.last), spec, reader, package.name)
