"""Writes rows and columns into a table of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from xltax.sheets.below import in_the_way, refuse_past_the_end, refuse_total_row
from xltax.sheets.carry import follow, refuse_to_run_over
from xltax.sheets.cells import EMPTY
from xltax.sheets.grid import Grid
from xltax.sheets.layout import Layout
from xltax.sheets.places import TableAt
from xltax.sheets.styles import dated
from xltax.sheets.typed_rows import Written, columns_of, encoded
from xltax.tables.schema import TableSpec


class Cells(NamedTuple):
    """Rows ready to write: their columns, raw values and cells, column by column."""

    columns: dict[str, int]
    written: Written
    cells: dict[int, list[bytes]]
    height: int


def cells_of(layout: Layout, table: TableAt, spec: TableSpec[Any], frame: pd.DataFrame, first: int) -> Cells:
    """A frame's rows as cells, starting at sheet row `first`. Raises BadValue for a value no cell can hold."""
    columns = columns_of(table, spec, frame, layout.package.name)
    return Cells(columns, *encoded(frame, columns, spec, layout.date1904, table, first), len(frame))


def joined(parts: Sequence[Cells]) -> Cells:
    """Rows of the same columns, one part below the other."""
    first = parts[0]
    if len(parts) == 1:
        return first
    written = {n: [v for part in parts for v in part.written[n]] for n in first.written}
    cells = {n: [c for part in parts for c in part.cells[n]] for n in first.cells}
    return Cells(first.columns, written, cells, sum(part.height for part in parts))


def beside(left: Cells, right: Cells) -> Cells:
    """The same rows with further columns."""
    return Cells(left.columns | right.columns, left.written | right.written, left.cells | right.cells, left.height)


def refuse_rows(layout: Layout, table: TableAt, last: int) -> None:
    """Raises BadBook if the table cannot grow to sheet row `last`."""
    file = layout.package.name
    refuse_total_row(table, file)
    refuse_past_the_end(table, last, file)
    if last <= table.last:
        return
    grid = Grid(layout.package.part(table.sheet_part), f"{file}, {table.sheet}")
    filled = grid.filled(table.last + 1, last, table.columns)
    refuse_to_run_over(layout, table, last, grid.tail())
    if filled:
        raise in_the_way(table, last, file, filled)


def put_rows(
    layout: Layout, table: TableAt, spec: TableSpec[Any], new: Cells, first: int, last: int, *, clear: bool = False
) -> Written:
    """Write rows from sheet row `first` on; the table ends at `last` afterwards.

    clear: empty the other columns of these rows, and the old table's rows below; without it they stay as they are.
    Nothing is deleted, so nothing beside or below the table moves.
    """
    refuse_rows(layout, table, last)
    columns, written, cells, count = new
    grid = Grid(layout.package.part(table.sheet_part), f"{layout.package.name}, {table.sheet}")
    styles = _styles(layout, grid, table)
    force = _date_styles(layout, columns, spec, styles)
    blank: dict[int, bytes] = dict.fromkeys(table.columns, EMPTY)
    formulas = {n: _formula(text) for n, text in table.formulas.items() if n not in columns.values()}
    # A blank row at the table's end may hold a note or a formula of the user's: only its declared columns are filled.
    new_row, old_row = blank | formulas, blank | formulas if clear else {}
    ordered = list(cells)
    end = first + count
    patch = {row: dict(new_row if row > table.last else old_row) for row in range(first, end)}
    for row, values in zip(range(first, end), zip(*cells.values(), strict=True), strict=False):
        patch[row].update(zip(ordered, values, strict=True))
    if not clear:
        for row in range(first, min(end, table.last + 1)):
            held = grid.held(row)
            patch[row].update({n: cell for n, cell in formulas.items() if n not in held})
    if clear:
        patch |= {row: dict(blank) for row in range(end, max(table.last, last) + 1)}
    grid.apply(patch, styles, force)
    if count:
        grid.unhide(first, first + count - 1)
    if last > table.last:
        grid.extend_ranges(table.last, last, table.columns)
    _done(layout, table, grid)
    if count or last != table.last:
        layout.resize(table, last)
    if last != table.last:
        follow(layout, table, last)
    return written


def take_in(layout: Layout, table: TableAt, last: int) -> None:
    """Lets a table end at row `last`, because its next rows are typed there already.

    As Excel does while somebody types: checks, formats and references go on with the table. A cell without a style of its own
    gets the style of the row above, so that a number of an account stays text.
    """
    grid = Grid(layout.package.part(table.sheet_part), f"{layout.package.name}, {table.sheet}")
    grid.dress(table.last + 1, last, _styles(layout, grid, table))
    grid.extend_ranges(table.last, last, table.columns)
    _done(layout, table, grid)
    layout.resize(table, last)
    follow(layout, table, last)


def put_columns(
    layout: Layout, table: TableAt, spec: TableSpec[Any], frame: pd.DataFrame, rows: Sequence[int]
) -> Written:
    """Write whole columns in place: the frame's rows go to the sheet rows given, in that order."""
    columns = columns_of(table, spec, frame, layout.package.name)
    if not columns or not len(frame):
        return {}
    grid = Grid(layout.package.part(table.sheet_part), f"{layout.package.name}, {table.sheet}")
    styles = _styles(layout, grid, table)
    force = _date_styles(layout, columns, spec, styles)
    written, cells = encoded(frame, columns, spec, layout.date1904, table, rows[0])
    ordered = list(cells)
    patch = {
        row: dict(zip(ordered, values, strict=True))
        for row, values in zip(rows, zip(*cells.values(), strict=True), strict=True)
    }
    grid.apply(patch, styles, force)
    _done(layout, table, grid)
    return written


def _styles(layout: Layout, grid: Grid, table: TableAt) -> dict[int, int]:
    """The styles new cells take: those of the table's last row."""
    return grid.styles(table.last)


def _date_styles(layout: Layout, columns: dict[str, int], spec: TableSpec[Any], styles: dict[int, int]) -> set[int]:
    force = set()
    for header, number in columns.items():
        if spec[header].kind == "date":
            old = styles.get(number, 0)
            styles[number] = dated(layout, old)
            if styles[number] != old:
                force.add(number)
    return force


def _formula(text: str) -> bytes:
    from xml.sax.saxutils import escape

    return f"><f>{escape(text)}</f></c>".encode()


def _done(layout: Layout, table: TableAt, grid: Grid) -> None:
    if grid.removed_formula:
        layout.drop_calc_chain()
    layout.package.put(table.sheet_part, grid.xml)


def put_cell(layout: Layout, sheet: str, row: int, column: int, cell: bytes, *, date: bool) -> None:
    """Write one cell, keeping its style unless a date needs one that shows dates."""
    part = layout.sheets[sheet]
    grid = Grid(layout.package.part(part), f"{layout.package.name}, {sheet}")
    styles = {column: grid.styles(row).get(column, 0)}
    force: set[int] = set()
    if date:
        old = styles[column]
        styles[column] = dated(layout, old)
        force = {column} if styles[column] != old else set()
    grid.apply({row: {column: cell}}, styles, force)
    if grid.removed_formula:
        layout.drop_calc_chain()
    layout.package.put(part, grid.xml)
