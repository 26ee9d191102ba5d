"""Reads the tables of a workbook, with the values exactly as in the cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import python_calamine

from xltax.errors import BadBook, Problem, Problems
from xltax.sheets.cells import LAST_COLUMN, LAST_ROW, column_number, letters
from xltax.sheets.forms import SPECS
from xltax.sheets.layout import Layout, TableAt
from xltax.sheets.package import Package, parse
from xltax.sheets.typed_below import Below, below
from xltax.tables.reading import ERROR, NO_RESULT
from xltax.tables.schema import TableSpec, plain


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


class OneTable:
    """The cells of one table of an open workbook, read like those of a file: all rows from the sheet's first.

    rows: the block from the header row down. merged: merged ranges of the header, as `Reader.merged` gives them.
    """

    def __init__(self, at: TableAt, rows: list[list[Any]], merged: Sequence[Any] = ()) -> None:
        before = [None] * (at.left - 1)
        self._rows: list[list[Any]] = [[]] * (at.header - 1) + [before + row for row in rows]
        self._merged = list(merged)

    def sheet(self, name: str) -> list[list[Any]]:
        return self._rows

    def merged(self, name: str) -> list[Any]:
        return self._merged

    def cell(self, sheet: str, row: int, column: int) -> object:
        return clean(self._rows[row - 1][column - 1])


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


def clean(value: Any) -> Any:
    """A raw cell value: whole numbers as int, a date without a time as a date, an empty cell as None."""
    kind = value.__class__
    if kind is str:
        return value or None
    if kind is float:
        return int(value) if value.is_integer() else value
    if kind is dt.datetime:
        return value.date() if value.time() == dt.time() else value
    return value


def clean_column(column: Sequence[Any]) -> list[Any]:
    """A column of raw cell values, cleaned."""
    # Most columns hold one kind of value only, which a loop without calls does three times as fast.
    kinds = set(map(type, column))
    if kinds == {str}:
        return [v or None for v in column]
    if kinds <= {str, float}:
        return [v or None if v.__class__ is str else int(v) if v.is_integer() else v for v in column]
    if kinds <= {str, dt.date}:
        return [v if v.__class__ is dt.date else v or None for v in column]
    return [clean(v) for v in column]


def match(table: TableAt, spec: TableSpec[Any] | None, file: str) -> dict[str, int]:
    """The sheet column of each declared column, by header, without the user's own columns.

    Where two headers mean one column, the one spelt as declared is it and the other is the user's own.
    """
    if spec is None:
        return {header: table.left + i for i, header in enumerate(table.headers)}
    out: dict[str, int] = {}
    problems = []
    for number, header in zip(table.columns, table.headers, strict=False):
        column = spec.find(header)
        if column is None:
            continue
        if column.name in out:
            old = out[column.name]
            exact = [n for n in (old, number) if plain(table.headers[n - table.left]) == plain(column.name)]
            if len(exact) != 1:
                problems.append(
                    Problem(
                        table.cell(table.header, number),
                        f'"{header}" and "{table.headers[old - table.left]}" '
                        f"(in {table.cell(table.header, old)}) both mean {column.name}.",
                        "Rename or remove one of the two columns.",
                    )
                )
                continue
            number = exact[0]
        out[column.name] = number
    if problems:
        raise Problems([Problem(f"{file}, {p.where}", p.what, p.do) for p in problems])
    return out


def check_header(table: TableAt, spec: TableSpec[Any] | None, reader: Reader | OneTable, file: str) -> None:
    """Refuses a table with a merged header, a wrong header or a missing column."""
    for (top, left), (bottom, right) in reader.merged(table.sheet):
        if top + 1 <= table.header <= bottom + 1 and left + 1 <= table.right and right + 1 >= table.left:
            raise BadBook(
                f"The header of the table {table.name} has merged cells.",
                where=f"{file}, {table.cell(top + 1, left + 1)}",
                do="Unmerge the cells and give each column its own header.",
            )
    for number, header in zip(table.columns, table.headers, strict=False):
        shown = reader.cell(table.sheet, table.header, number)
        if plain(str(shown)) != plain(header) or shown is None:
            raise BadBook(
                f'The header cell says "{shown or ""}", but the table {table.name} calls this column "{header}".',
                where=f"{file}, {table.cell(table.header, number)}",
                do="Type the header again in Excel and save the workbook.",
            )
    found = match(table, spec, file)
    missing = [c.name for c in (spec.columns if spec else ()) if c.required and c.name not in found]
    if missing:
        raise Problems(
            Problem(
                f"{file}, {table.sheet}!{letters(table.left)}{table.header}",
                f'The table {table.name} has no column "{name}".',
                "Add the column again, with this header.",
            )
            for name in missing
        )


class Letters(dict[str, str]):
    """The letters of a table's columns. pandas copies what is noted on a frame at every step it makes; this needs no copy."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Letters:
        return self


def below_of(table: TableAt, spec: TableSpec[Any] | None, rows: Sequence[Sequence[Any]], file: str) -> Below:
    """What is typed below a table. rows: the sheet's rows from its first, at least as far as anything stands below the table."""
    first = table.last + table.totals
    if len(rows) <= first or spec is None:
        return Below(table.last)
    left, right = table.left - 1, table.right
    lines = [[clean(v) for v in row[left:right]] for row in rows[first:]]
    while lines and all(v is None for v in lines[-1]):
        lines.pop()
    return below(table, spec, match(table, spec, file), lines)


def frame_of(table: TableAt, spec: TableSpec[Any] | None, reader: Reader | OneTable, file: str) -> pd.DataFrame:
    """A table's rows. The index counts from the first body row; wholly blank rows are left out.

    A row is blank if nothing but a user's own columns (such as a formula filled down) holds anything.
    """
    check_header(table, spec, reader, file)
    ours = sorted(match(table, spec, file).values())
    rows = reader.sheet(table.sheet)[table.header : table.last]
    width = table.right
    rows = [row if len(row) >= width else row + [""] * (width - len(row)) for row in rows]
    columns = list(zip(*rows, strict=True))[table.left - 1 : width] if rows else [()] * len(table.columns)
    data = [clean_column(column) for column in columns]
    keep = range(len(rows))
    index: Any = list(keep)
    if rows:
        kept = zip(*(data[n - table.left] for n in ours), strict=True) if ours else zip(*data, strict=True)
        index = [i for i, row in zip(keep, kept, strict=True) if any(v is not None for v in row)]
        if len(index) < len(rows):
            data = [[column[i] for i in index] for column in data]
    block = np.empty((len(data), len(index)), dtype=object)
    for number, column in enumerate(data):
        block[number] = column
    frame = pd.DataFrame(block.T, index=pd.Index(index, dtype="int64"), dtype=object)  # else an empty text turns NaN
    frame.columns = list(table.headers)
    frame.attrs = {
        "sheet": table.sheet,
        "header_row": table.header,
        "indexed": True,
        "letters": Letters({h: letters(n) for n, h in zip(table.columns, table.headers, strict=False)}),
    }
    return frame


def read_table(book: Path | bytes, name: str) -> pd.DataFrame:
    """One table of a book, by name."""
    package = Package(book, "book") if isinstance(book, bytes) else Package.open(Path(book))
    layout = Layout(package)
    reader = Reader(package.to_bytes(), layout)
    at = layout.table(name)
    spec = SPECS.get(at.name)
    found = below_of(at, spec, reader.sheet(at.sheet), package.name)
    return frame_of(replace(at, last=found.last), spec, reader, package.name)
