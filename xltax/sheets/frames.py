"""A table's cells as a frame: headers matched, values cleaned. The same for a file and for every spreadsheet program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from xltax.errors import BadBook, Problem, Problems
from xltax.sheets.cells import letters
from xltax.sheets.places import TableAt
from xltax.sheets.typed_below import Below, below
from xltax.tables.schema import TableSpec, plain


class Cells(Protocol):
    """The cells of a workbook, sheet by sheet: a file's reader, or the one table that a program handed over."""

    def sheet(self, name: str) -> list[list[Any]]:
        """The rows of a sheet from A1 on."""
        ...

    def merged(self, name: str) -> list[Any]:
        """The merged ranges of a sheet."""
        ...

    def cell(self, sheet: str, row: int, column: int) -> object:
        """The value of one cell."""
        ...


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


def check_header(table: TableAt, spec: TableSpec[Any] | None, reader: Cells, file: str) -> None:
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


def frame_of(table: TableAt, spec: TableSpec[Any] | None, reader: Cells, file: str) -> pd.DataFrame:
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
