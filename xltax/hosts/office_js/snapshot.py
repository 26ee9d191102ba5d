"""A copy of an open workbook as the add-in's page hands it over: places, cells, number formats and named cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xltax.errors import BadBook
from xltax.hosts import writing
from xltax.sheets.cells import EPOCHS, letters, shows_dates
from xltax.sheets.frames import clean
from xltax.sheets.places import TableAt

Cells = list[list[Any]]
"""Rows of values. A row is never changed in place: a changed row is a new list, so that a step can go back to the old one."""


class NotRead(BaseException):
    """A table whose cells the page has not handed over yet. No task may catch this: the task runs again with the table."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


@dataclass(slots=True)
class Part:
    """One table of the copy: where it is, the rows that Excel has, and the rows as the task has left them."""

    at: TableAt
    read: bool  # whether its cells were handed over
    was: Cells
    now: Cells
    formulas: frozenset[int]  # the columns whose last row holds a formula
    below: tuple[int, int] | None  # the first filled cell below the table

    @property
    def last(self) -> int:
        """The last row of the table as the task has left it."""
        return self.at.header + len(self.now)


@dataclass(slots=True)
class Cell:
    """One named cell: its place, what Excel has, and what the task has left."""

    sheet: str
    row: int
    column: int
    was: Any
    now: Any
    kind: str = ""


@dataclass(slots=True)
class Snapshot:
    """All that the page handed over, typed. Raises BadBook for a table without its header row only when it is used."""

    name: str
    date1904: bool
    properties: dict[str, str]
    parts: dict[str, Part] = field(default_factory=dict)
    headless: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Snapshot:
        """The copy from the page's JSON."""
        out = cls(str(given["name"]), bool(given["date1904"]), dict(given["properties"]))
        for name, one in given["tables"].items():
            if one["headers"] is None:
                out.headless[name] = f"{one['sheet']}!{letters(one['left'])}{one['top']}"
            else:
                out.parts[name] = out._part(name, one)
        for name, one in given["names"].items():
            value = out._value(one["value"], one.get("format", ""))
            out.cells[name] = Cell(one["sheet"], one["row"], one["column"], value, value)
        return out

    def _part(self, name: str, one: Mapping[str, Any]) -> Part:
        left, top, totals = int(one["left"]), int(one["top"]), bool(one["totals"])
        headers = tuple(str(h) for h in one["headers"])
        right, last = left + len(headers) - 1, int(one["bottom"]) - totals
        at = TableAt(name, one["sheet"], "", "", left, right, top, last, totals, headers)
        rows = [[None if v == "" else v for v in row] for row in one.get("rows") or ()]
        for offset, codes in (one.get("formats") or {}).items():
            self._date(rows, int(offset), codes)
        formulas = frozenset(left + int(n) for n in one.get("formulas") or ())
        below = one.get("below")
        return Part(at, "rows" in one, rows, rows, formulas, (below[0], below[1]) if below else None)

    def _date(self, rows: Cells, offset: int, codes: list[list[Any]]) -> None:
        """Turns the numbers of one column into dates where the cells show dates. codes: number formats, each with its rows."""
        start = 0
        for code, count in codes:
            if shows_dates(code):
                for row in rows[start : start + count]:
                    row[offset] = self._value(row[offset], code)
            start += count

    def _value(self, value: Any, code: str) -> Any:
        if value.__class__ in (int, float) and shows_dates(code):
            return day_of(value, self.date1904)
        return clean(value)

    def part(self, table: str) -> Part:
        """A table by its name, in any case of letters. Raises BadBook if the workbook does not have the table."""
        for name, found in self.parts.items():
            if name.casefold() == table.casefold():
                return found
        for name, cell in self.headless.items():
            if name.casefold() == table.casefold():
                raise writing.no_header(self.name, table, cell)
        raise writing.no_table(self.name, table)

    def cell(self, name: str) -> Cell:
        """A named cell. Raises BadBook if the workbook does not have it."""
        found = self.cells.get(name)
        if found is None:
            raise writing.no_name(self.name, name)
        return found


def day_of(number: float, date1904: bool) -> object:
    """The date that a day number means. What no calendar has stays a number, and the table's reader refuses it."""
    try:
        moment = dt.datetime.combine(EPOCHS[date1904], dt.time()) + dt.timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return number
    return clean(moment)


def refuse_strange(given: Any) -> None:
    """Raises BadBook for a copy that is not as the page makes it, so that a fault of the page never looks like an empty book."""
    wanted = {"name": str, "date1904": bool, "properties": dict, "tables": dict, "names": dict}
    for key, kind in wanted.items():
        if not isinstance(given, dict) or not isinstance(given.get(key), kind):
            raise BadBook(
                "Excel did not hand over the workbook completely.",
                where=key,
                do="Close and open the pane, and try again.",
            )
