"""How a task's copy of a workbook differs from the workbook: blocks of cells, tables that grow or shrink, properties.

Only what differs is written: posting two receipts in a book of 40,000 bills changes a few rows, and what other people have
typed in the meantime stays. In a block, null means that the cell is left alone, and "" empties the cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from xltax.hosts import writing
from xltax.hosts.office_js.snapshot import Cell, Part, Snapshot
from xltax.tables.schema import TableSpec


class _Carried:
    """A cell of a new row that takes the formula of the row above."""


CARRIED: Final = _Carried()

APART = 20
"""Changed rows closer together than this go into one block, because a block costs more than a few cells left alone."""


def of(copy: Snapshot, properties: Mapping[str, str], specs: Mapping[str, TableSpec[Any]]) -> dict[str, Any]:
    """The changes in the order in which the page makes them: tables grow, blocks are written, tables shrink."""
    changed = [part for part in copy.parts.values() if part.now is not part.was]
    tables = [_size(part) for part in changed if len(part.now) != len(part.was)]
    blocks = [block for part in changed for block in _blocks(part, specs[part.at.name], copy.date1904)]
    blocks += [_one(cell, copy.date1904) for cell in copy.cells.values() if _differ(cell.was, cell.now)]
    sheets = dict.fromkeys([*(block["sheet"] for block in blocks), *(table["sheet"] for table in tables)])
    return {
        "tables": tables,
        "blocks": blocks,
        "properties": {k: v for k, v in properties.items() if copy.properties.get(k) != v},
        "locked": {sheet: str(writing.locked_with_password(copy.name, sheet)) for sheet in sheets},
    }


def _size(part: Part) -> dict[str, Any]:
    """A table that must end at another row."""
    at = part.at
    return {
        "name": at.name, "sheet": at.sheet, "left": at.left, "right": at.right, "header": at.header, "from": at.last,
        "to": part.last,
    }  # fmt: skip


def _blocks(part: Part, spec: TableSpec[Any], date1904: bool) -> list[dict[str, Any]]:
    """The changed cells of a table, neighboring rows in one block."""
    rows = _changed_rows(part)
    kinds = [_kind_of(spec, header) for header in part.at.headers]
    return [_block(part, run, kinds, date1904) for run in _near(sorted(rows), rows)]


def _changed_rows(part: Part) -> dict[int, dict[int, Any]]:
    """Row -> column -> new value, both counted from the first body row and column; a new row's blank cells too."""
    blank: list[Any] = [None] * len(part.at.headers)
    out: dict[int, dict[int, Any]] = {}
    for number in range(max(len(part.was), len(part.now))):
        if number >= len(part.was):  # the new row begins as a copy of the row above
            cells = {n: v for n, v in enumerate(part.now[number]) if v is not CARRIED}
        elif number >= len(part.now):
            cells = dict(enumerate(blank))  # formulas that show nothing too
        elif part.was[number] is part.now[number]:
            continue
        else:
            pairs = zip(part.was[number], part.now[number], strict=True)
            cells = {n: new for n, (old, new) in enumerate(pairs) if _differ(old, new)}
        if cells:
            out[number] = cells
    return out


def _near(numbers: list[int], rows: dict[int, dict[int, Any]]) -> list[dict[int, dict[int, Any]]]:
    """The changed rows in groups without a long gap."""
    groups: list[dict[int, dict[int, Any]]] = []
    last = -APART - 1
    for number in numbers:
        if number - last > APART:
            groups.append({})
        groups[-1][number] = rows[number]
        last = number
    return groups


def _block(part: Part, rows: dict[int, dict[int, Any]], kinds: list[str], date1904: bool) -> dict[str, Any]:
    first, last = min(rows), max(rows)
    columns = {n for cells in rows.values() for n in cells}
    left, right = min(columns), max(columns)
    width = range(left, right + 1)
    none: dict[int, Any] = {}
    values = [
        [_typed(cells[n], kinds[n], date1904) if n in cells else None for n in width]
        for cells in (rows.get(number, none) for number in range(first, last + 1))
    ]
    at = part.at
    return {
        "table": at.name, "sheet": at.sheet, "left": at.left + left, "top": at.header + 1 + first, "rows": values,
        "kinds": [kinds[n] for n in width],
    }  # fmt: skip


def _one(cell: Cell, date1904: bool) -> dict[str, Any]:
    kind = _shown(cell.kind)
    value = _typed(cell.now, kind, date1904)
    return {"sheet": cell.sheet, "left": cell.column, "top": cell.row, "rows": [[value]], "kinds": [kind]}


def _kind_of(spec: TableSpec[Any], header: str) -> str:
    column = spec.find(header)
    return _shown(column.kind) if column else ""


def _shown(kind: str) -> str:
    """How the cells of a kind must be formatted: as text, as a date, or as they are."""
    return "text" if kind in writing.TEXTS else "date" if kind == "date" else ""


def _typed(value: Any, kind: str, date1904: bool) -> Any:
    if value is None:
        return ""
    return writing.as_number(writing.as_typed(value, text=kind == "text"), date1904)


def _differ(old: Any, new: Any) -> bool:
    """Whether a cell must be written. True and 1 are one to Python, and two to Excel; a date and its moment are one to Excel."""
    if isinstance(old, dt.datetime) or isinstance(new, dt.datetime):
        return type(old) is not type(new) or bool(old != new)
    return old is not new and (old != new or isinstance(old, bool) != isinstance(new, bool))
