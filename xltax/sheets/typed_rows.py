"""A frame's rows as typed values for the columns of a table, before any program or file takes them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xltax.errors import BadBook, BadValue
from xltax.sheets.cells import encode, is_blank, letters
from xltax.sheets.frames import match
from xltax.sheets.places import TableAt
from xltax.tables.schema import TableSpec

Written = dict[int, list[object]]
"""Column number -> the raw values now in it, for the rows written."""


def columns_of(table: TableAt, spec: TableSpec[Any], frame: pd.DataFrame, file: str) -> dict[str, int]:
    """Each column of the frame and the sheet's column it goes to."""
    found = match(table, spec, file)
    out: dict[str, int] = {}
    for header in frame.columns:
        column = spec.find(header)
        number = found.get(column.name) if column else None
        if number is not None:
            if number in out.values():
                raise BadValue(f'Two columns of the rows to write both mean "{column.name if column else header}".')
            out[header] = number
        elif column is None:
            raise BadBook(f'"{header}" is not a column of {table.name}.', where=f"{file}, {table.sheet}")
        elif not all(is_blank(v) for v in frame[header]):
            raise BadBook(
                f'The table {table.name} has no column "{column.name}".',
                where=f"{file}, {table.sheet}!{letters(table.left)}{table.header}",
                do="Add the column again, with this header.",
            )
    return out


def encoded(
    frame: pd.DataFrame, columns: dict[str, int], spec: TableSpec[Any], date1904: bool, table: TableAt, first: int
) -> tuple[Written, dict[int, list[bytes]]]:
    """The columns to write, typed: as raw values and as cells. An error names the column and where it would stand."""
    written: Written = {}
    cells: dict[int, list[bytes]] = {}
    for header, number in columns.items():
        values = frame[header].tolist()
        try:
            written[number], cells[number] = encode(values, spec[header].kind, date1904)
        except (BadValue, ValueError, TypeError) as error:
            raise BadValue(
                f'Column "{header}": {error}', where=f"{table.sheet}!{letters(number)}{first} and below"
            ) from None
    return written, cells
