"""Finds what a person typed below a table. Excel makes those cells rows of the table; other programs leave the table as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from xltax.sheets.cells import is_blank, letters
from xltax.sheets.places import TableAt
from xltax.tables.reading import fits
from xltax.tables.schema import Column, TableSpec
from xltax.wording import some

MOST_STRAYS = 20
"""The most cells below a table that are reported."""


class Stray(NamedTuple):
    """A row below a table that is not a row of the table: an unconnected note, or a row after an empty row."""

    place: str  # of its first cell, such as Counter!A19
    text: str
    like_a_row: bool  # whether every required column is filled as the table asks

    def __str__(self) -> str:
        return f'{self.place} ("{self.text}")'


class Below(NamedTuple):
    """Where a table ends with the rows typed below it, and what else stands below."""

    last: int
    strays: tuple[Stray, ...] = ()


def below(
    table: TableAt, spec: TableSpec[Any] | None, columns: Mapping[str, int], lines: Sequence[Sequence[Any]]
) -> Below:
    """Decides what is typed below a table by the table's columns.

    lines: the cells from the row below the table on, as far as the table is wide. columns: the sheet column of each declared one.
    A row is a row of the table if no empty row is above it and a cell fits its column. It can still be wrong, and reading names
    its cells then. Tasks write the sealed tables, so there a row must be complete. A total row ends a table: nothing below it is a
    row.
    """
    if spec is None or spec.below == "none" or not lines:
        return Below(table.last)
    facts = [(spec[name], number) for name, number in columns.items() if not spec[name].derived]
    last, connected = table.last, not table.totals
    strays: list[Stray] = []
    for row, line in enumerate(lines, table.last + table.totals + 1):
        cells = list(_filled(facts, line, table.left))
        if not cells:
            connected = connected and spec.below == "every"
        elif connected and _belongs(spec, cells):
            last = row
        else:
            connected = False
            if len(strays) < MOST_STRAYS:
                strays.append(_stray(table, spec, row, cells))
    return Below(last, tuple(strays))


Cells = Sequence[tuple[Column[Any], int, Any]]
"""The filled cells of a row: column, its number on the sheet, value."""


def _belongs(spec: TableSpec[Any], cells: Cells) -> bool:
    """Whether a row right below the table is a row of it."""
    if spec.sealed:
        return _complete(spec, cells)
    return any(fits(column, value) for column, _, value in cells)


def _complete(spec: TableSpec[Any], cells: Cells) -> bool:
    """Whether every required column is filled, and every cell fits its column."""
    good = {column.name for column, _, value in cells if fits(column, value)}
    required = [c for c in spec.columns if c.required]
    # In a table that asks for nothing but texts, a note looks like a row.
    telling = any(c.kind not in ("id", "text", "yes") for c in required)
    return telling and len(good) == len(cells) and all(c.name in good for c in required)


def _filled(
    columns: Sequence[tuple[Column[Any], int]], line: Sequence[Any], left: int
) -> Iterator[tuple[Column[Any], int, Any]]:
    """The filled cells of a row in the table's own columns."""
    if any(not is_blank(value) for value in line):
        for column, number in columns:
            value = line[number - left] if number - left < len(line) else None
            if not is_blank(value):
                yield column, number, value


def _stray(table: TableAt, spec: TableSpec[Any], row: int, cells: Cells) -> Stray:
    _, number, value = min(cells, key=lambda cell: cell[1])
    return Stray(f"{table.sheet}!{letters(number)}{row}", str(value)[:40], _complete(spec, cells))


def in_words(found: Mapping[str, Sequence[Stray]]) -> str:
    """What stands below the tables and was not read, in a sentence; "" if there is nothing."""
    strays = [stray for theirs in found.values() for stray in theirs]
    if not strays:
        return ""
    shown = ", ".join(map(str, strays[:3]))
    more = f" and {some(len(strays) - 3, 'more row')}" if len(strays) > 3 else ""
    rows = "This row is" if len(strays) == 1 else "These rows are"
    return (
        f"Not read: {shown}{more}. {rows} below the table, not part of it. If a row belongs to the table, move it directly under "
        "the last row. If it is a note, move it beside the table."
    )
