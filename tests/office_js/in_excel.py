"""An OfficeBook over the workbook of the stand-in for Excel: what the add-in's page does in JavaScript, in Python.

The copy is made from the open workbook and the changes are written into it, so that the tests that every host passes can run
over this one without a browser. tests/office_js/excel_book.test.mjs tries the page's own JavaScript.
"""

from __future__ import annotations

import datetime as dt
import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from itertools import count, groupby
from pathlib import Path
from typing import Any

from tests.com.excel_com import EPOCH, Workbook
from tests.com.pywin32 import ComError
from xltax.errors import BadBook
from xltax.faces.office_js import tasks
from xltax.hosts.office_js.book import OfficeBook
from xltax.sheets.cells import shows_dates
from xltax.sheets.frames import clean

_OPEN: dict[Path, Workbook] = {}
_DIRTY: set[Path] = set()
"""Workbooks whose formulas have not been calculated since they were written to: calculating takes most of the time here."""


def workbook(path: Path) -> Workbook:
    """The workbook that is open under this path; opened again, it is the same one."""
    if path not in _OPEN:
        _OPEN[path] = Workbook(path)
    return _OPEN[path]


def open_office(path: Path, *, tell: Callable[[str], None] | None = None) -> InExcel:
    """An OfficeBook over a complete copy of the open workbook."""
    return InExcel(path, tell)


class InExcel(OfficeBook):
    """An OfficeBook whose `save` does what the page does: it writes the changes into Excel and hands out the files."""

    def __init__(self, path: Path, tell: Callable[[str], None] | None) -> None:
        self._path, self.workbook = path, workbook(path)
        super().__init__(copy_of(self.workbook), tell=tell, folder=path.parent, taken=downloads(path))

    def get(self, name: str) -> object:
        place = self._copy.cell(name)
        cell = self.workbook.Worksheets(place.sheet).ws.cell(place.row, place.column)
        if cell.data_type == "f" and self._path in _DIRTY:
            _DIRTY.discard(self._path)
            self.workbook.recalculate()
            _COPIES.pop(self.workbook.FullName, None)
        return clean(shown(self.workbook, cell)) if cell.data_type == "f" else super().get(name)

    def save(self) -> None:
        super().save()
        write(self.workbook, self.changes())
        download(self._path, self.files)
        self.files = {}
        self._start(copy_of(self.workbook))


def downloads(path: Path) -> list[str]:
    """The files that the add-in has handed out; in these tests they go beside the workbook."""
    return [p.name for p in path.parent.iterdir() if p != path]


def download(path: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path.with_name(name).write_bytes(data)


# ---- a press ---------------------------------------------------------------------------------------------------------


def press_in_pane(path: Path, task: str) -> str:
    """Runs a task as the pane does on a long book, and writes what it changed. Raises BadBook if it refuses."""
    book = workbook(path)
    asked: set[str] = set()
    for trip in count(1):  # the large tables come in the second trip
        copy = copy_of(book, lambda name, cells: name not in tasks.TOGETHER or name in asked)  # noqa: B023  called at once
        question = {"do": "press", "task": task, "book": copy, "taken": downloads(path)}
        told = json.loads(tasks.answer(json.dumps(question)))
        if "needs" not in told:
            break
        assert trip < 3, f"{task} asks for {told['needs']} in a third trip"
        asked |= {one["table"] for one in told["needs"]}
    if "refused" in told:
        raise BadBook(told["refused"].partition("\n\n")[2])
    write(book, told["changes"])
    download(path, {one["name"]: b64decode(one["data"]) for one in told["files"]})
    return str(told["done"])


# ---- the copy --------------------------------------------------------------------------------------------------------


_COPIES: dict[str, dict[str, Any]] = {}  # of workbooks that nobody has written to since


def typed_by_hand(book: Workbook) -> Any:
    """The workbook's sheets, to change by hand what the next copy must show."""
    _COPIES.pop(book.FullName, None)
    return book.wb


def copy_of(book: Workbook, tables: Callable[[str, int], bool] = lambda name, cells: True) -> dict[str, Any]:
    """The workbook as the page hands it over. tables: which tables with their cells, by name and number of cells."""
    if book.FullName not in _COPIES:
        _COPIES[book.FullName] = _whole(book)
    copy = _COPIES[book.FullName]
    return copy | {"tables": {name: _without(one, tables, name) for name, one in copy["tables"].items()}}


def _without(table: dict[str, Any], wanted: Callable[[str, int], bool], name: str) -> dict[str, Any]:
    cells = len(table["rows"]) * len(table["headers"] or ())
    return table if wanted(name, cells) else {k: v for k, v in table.items() if k not in ("rows", "formats")}


def _whole(book: Workbook) -> dict[str, Any]:
    return {
        "name": book.Name,
        "date1904": book.Date1904,
        "properties": {p.Name.removeprefix("xltax "): str(p.Value) for p in book.CustomDocumentProperties},
        "tables": {t.Name: _table(book, sheet, t) for sheet in book.Worksheets for t in sheet.ListObjects},
        "names": dict(_names(book)),
    }


def shown(book: Workbook, cell: Any) -> Any:
    """The value of a cell as Office.js has it: dates as numbers, errors as texts, an empty cell as an empty text."""
    value = book.results.get((cell.parent.title, cell.row, cell.column)) if cell.data_type == "f" else cell.value
    if isinstance(value, dt.datetime):
        return (value - (dt.datetime(1904, 1, 1) if book.Date1904 else EPOCH)) / dt.timedelta(days=1)
    return "" if value is None else value


def _table(book: Workbook, sheet: Any, table: Any) -> dict[str, Any]:
    at, ws = table.Range, sheet.ws
    left, top, right = at.Column, at.Row, at.Column + at.columns - 1
    bottom = top + at.rows - 1
    last = bottom - table.ShowTotals
    out = {
        "sheet": sheet.Name,
        "left": left,
        "top": top,
        "bottom": bottom,
        "totals": table.ShowTotals,
        "headers": [shown(book, ws.cell(top, c)) for c in range(left, right + 1)] if table.ShowHeaders else None,
        "formulas": [c - left for c in range(left, right + 1) if ws.cell(last, c).data_type == "f"],
        "below": next(_filled(ws, bottom + 1, left, right), None),
    }
    rows = [[ws.cell(r, c) for c in range(left, right + 1)] for r in range(top + 1, last + 1)]
    out["rows"] = [[shown(book, cell) for cell in row] for row in rows]
    out["formats"] = {str(n): _formats(column) for n, column in enumerate(zip(*rows, strict=True))}
    return out


def _formats(cells: Any) -> list[list[Any]]:
    return [[code, len(list(run))] for code, run in groupby(cells, lambda cell: cell.number_format)]


def _filled(ws: Any, top: int, left: int, right: int) -> Iterator[list[int]]:
    for row in range(top, ws.max_row + 1):
        for column in range(left, right + 1):
            if ws.cell(row, column).value is not None:
                yield [row, column]


def _names(book: Workbook) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in book.wb.defined_names:
        try:
            cells = book.Names(name).RefersToRange
        except ComError:
            continue
        if cells.Count == 1:
            cell = cells.Worksheet.ws.cell(cells.Row, cells.Column)
            place = {"sheet": cells.Worksheet.Name, "row": cells.Row, "column": cells.Column}
            yield name, place | {"value": shown(book, cell), "format": cell.number_format}


# ---- the writing -----------------------------------------------------------------------------------------------------


def write(book: Workbook, changes: Mapping[str, Any]) -> None:
    """Writes a task's changes in the page's order: tables grow, cells change, tables shrink."""
    _COPIES.pop(book.FullName, None)
    for name, refusal in changes["locked"].items():
        if book.Worksheets(name).password:
            raise BadBook(refusal)
    protected = [s for s in book.Worksheets if s.protected]
    for sheet in protected:
        sheet.protected = False
    for table in changes["tables"]:
        if table["to"] > table["from"]:
            _block(book, table, table["from"], table["to"]).FillDown()
            _resize(book, table)
    for block in changes["blocks"]:
        for row, values in enumerate(block["rows"], block["top"]):
            for column, (value, kind) in enumerate(zip(values, block["kinds"], strict=True), block["left"]):
                if value is not None:
                    _type(book, block["sheet"], row, column, value, kind)
    for table in changes["tables"]:
        if table["to"] < table["from"]:
            _resize(book, table)
    for one in book.CustomDocumentProperties:
        key = one.Name.removeprefix("xltax ")
        if key in changes["properties"]:
            one.Value = changes["properties"][key]
    for sheet in protected:
        sheet.protected = True
    _DIRTY.add(Path(book.FullName))


def _block(book: Workbook, table: Mapping[str, Any], top: int, bottom: int) -> Any:
    sheet = book.Worksheets(table["sheet"])
    return sheet.Range(sheet.Cells(top, table["left"]), sheet.Cells(bottom, table["right"]))


def _resize(book: Workbook, table: Mapping[str, Any]) -> None:
    book.Worksheets(table["sheet"]).ListObjects(table["name"]).Resize(_block(book, table, table["header"], table["to"]))


def _type(book: Workbook, sheet: str, row: int, column: int, value: Any, kind: str) -> None:
    cells = book.Worksheets(sheet).Cells(row, column)
    (cell,) = next(cells._cells())
    if value != "":
        if kind == "text":
            cell.number_format = "@"
        elif kind == "date" and not shows_dates(cell.number_format):
            cell.number_format = "yyyy-mm-dd"
    cells._type(cell, value)
