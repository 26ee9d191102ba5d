"""The COM objects of Excel that xlwings and our host touch, in memory, over a workbook that openpyxl has loaded.

What it shows: that blocks go where they should, what text, numbers and dates become in cells of which format, that protected
sheets refuse, that tables grow and shrink, that screen, calculation and events are put back. What it does not show: Excel's
own speed and dialogs, its Undo list, filters, structured references being rewritten, what other add-ins do, and any rule
of Excel that is not written down below. Native formulas are worked out by the calculator our files use.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import get_column_letter, range_boundaries

from tests.com.pywin32 import ComError, com_time
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package
from xltax.sheets.read import Reader
from xltax.sheets.recalculate import recalculate

AUTOMATIC, MANUAL = -4105, -4135
ERRORS = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
}
EPOCH = dt.datetime(1899, 12, 30)


class Application:
    def __init__(self) -> None:
        self.ScreenUpdating, self.EnableEvents, self.Calculation = True, True, AUTOMATIC
        self.StatusBar: Any = False
        self.Hwnd, self.Version, self.Name = 1, "16.0", "Microsoft Excel"
        self.book: Workbook | None = None
        self.calls = 0  # blocks read or written: each would be a trip to Excel

    def Calculate(self) -> None:  # noqa: N802
        assert self.book
        self.book.recalculate()


class Workbook:
    def __init__(self, path: Path) -> None:
        self.Name, self.FullName, self.Path = path.name, str(path), str(path.parent)
        self.Application = Application()
        self.Application.book = self
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # print areas of whole columns
            self.wb = openpyxl.load_workbook(path)
            shown = openpyxl.load_workbook(path, data_only=True)
        self.results: dict[tuple[str, int, int], Any] = {}
        for ws in self.wb:
            for row in ws.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        self.results[ws.title, cell.row, cell.column] = shown[ws.title][cell.coordinate].value
        self.Worksheets = _Items([Worksheet(self, ws) for ws in self.wb])
        self.Names = _Names(self)
        self.CustomDocumentProperties = [_Property(p) for p in self.wb.custom_doc_props.props]
        self.Date1904 = self.wb.epoch.year == 1904

    def SaveCopyAs(self, path: str) -> None:  # noqa: N802
        self.wb.save(path)

    def recalculate(self) -> None:
        out = BytesIO()
        self.wb.save(out)
        layout = Layout(Package(out.getvalue(), "book.xlsx"))
        recalculate(layout)
        shown = Reader(layout.package.to_bytes(level=1), layout)
        for sheet, row, column in self.results:
            self.results[sheet, row, column] = shown.cell(sheet, row, column)


class _Items:
    def __init__(self, items: list[Any]) -> None:
        self._items = items

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __call__(self, key: Any) -> Any:
        if isinstance(key, int):
            return self._items[key - 1]
        for one in self._items:
            if one.Name.casefold() == str(key).casefold():
                return one
        raise ComError(f"no {key}")

    Item = __call__


class _Names:
    def __init__(self, book: Workbook) -> None:
        self._book = book

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self._book.wb.defined_names)

    def __call__(self, name: str) -> _Name:
        for key, defined in self._book.wb.defined_names.items():
            if key.casefold() == str(name).casefold():
                return _Name(self._book, key, defined.attr_text)
        raise ComError(f"no name {name}")

    Item = __call__


class _Name:
    def __init__(self, book: Workbook, name: str, text: str) -> None:
        self._book, self.Name, self.RefersTo = book, name, "=" + text

    @property
    def RefersToRange(self) -> Range:  # noqa: N802
        sheet, _, ref = self.RefersTo[1:].rpartition("!")
        if not ref or "#REF" in ref:
            raise ComError("the name refers to no cell")
        return self._book.Worksheets(sheet.strip("'").replace("''", "'")).Range(ref)


class _Property:
    def __init__(self, one: Any) -> None:
        self._one = one
        self.Name = one.name

    @property
    def Value(self) -> Any:  # noqa: N802
        return self._one.value

    @Value.setter
    def Value(self, value: Any) -> None:  # noqa: N802
        self._one.value = value


class _Protection:
    def __init__(self, options: dict[str, bool]) -> None:
        self._options = options

    def __getattr__(self, name: str) -> bool:
        return self._options.get(name, False)


class Worksheet:
    def __init__(self, book: Workbook, ws: Any) -> None:
        self.Parent, self.ws, self.Name = book, ws, ws.title
        self.Application = book.Application
        self.password = ""
        self.protected = ws.protection.sheet
        # In the file "0" means that the thing is allowed.
        self.options = {
            "AllowFormattingColumns": not ws.protection.formatColumns,
            "AllowFormattingRows": not ws.protection.formatRows,
        }
        self.ListObjects = _Items([ListObject(self, t) for t in ws.tables.values()])
        self.ProtectDrawingObjects = self.ProtectScenarios = False

    @property
    def ProtectContents(self) -> bool:  # noqa: N802
        return bool(self.protected)

    @property
    def Protection(self) -> _Protection:  # noqa: N802
        return _Protection(self.options)

    def Unprotect(self, password: str = "") -> None:  # noqa: N802
        if password != self.password:
            raise ComError("The password you supplied is not correct.")
        self.protected = False

    def Protect(self, **options: bool) -> None:  # noqa: N802
        self.protected = bool(options.pop("Contents", True))
        self.options = options

    @property
    def UsedRange(self) -> Range:  # noqa: N802
        return self.Range(self.ws.calculate_dimension())

    def Cells(self, row: int, column: int) -> Range:  # noqa: N802
        return Range(self, row, column, 1, 1)

    def Range(self, first: Any, last: Any = None) -> Range:  # noqa: N802
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first.replace("$", ""))
            return Range(self, top, left, bottom - top + 1, right - left + 1)
        return Range(self, first.Row, first.Column, last.Row - first.Row + 1, last.Column - first.Column + 1)


class ListObject:
    def __init__(self, sheet: Worksheet, table: Any) -> None:
        self.Parent, self._table = sheet, table
        self.Name = self.DisplayName = table.displayName
        self.ShowHeaders, self.ShowTotals, self.AutoFilter = True, bool(table.totalsRowCount), None

    @property
    def Range(self) -> Range:  # noqa: N802
        return self.Parent.Range(self._table.ref)

    def Resize(self, cells: Range) -> None:  # noqa: N802
        if self.Parent.protected:
            raise ComError("The sheet is protected.")
        if (cells.Row, cells.Column) != (self.Range.Row, self.Range.Column) or cells.rows < 2:
            raise ComError("The header row must stay where it is.")
        self._table.ref = cells.address
        if self._table.autoFilter is not None:
            self._table.autoFilter.ref = cells.address


class _Count:
    def __init__(self, count: int) -> None:
        self.Count = count


class Range:
    def __init__(self, sheet: Worksheet, row: int, column: int, rows: int, columns: int) -> None:
        self.Worksheet, self.Row, self.Column, self.rows, self.columns = sheet, row, column, rows, columns
        self.Rows, self.Columns = _Count(rows), _Count(columns)
        self.Count = rows * columns
        self.Application = sheet.Application

    @property
    def _oleobj_(self) -> Any:
        return self  # what pywin32 keeps inside; by its type xlwings knows a range

    def GetTypeInfo(self) -> Any:  # noqa: N802
        return self

    def GetTypeAttr(self) -> Any:  # noqa: N802
        return self

    iid = "{00020846-0000-0000-C000-000000000046}"

    @property
    def address(self) -> str:
        first = f"{get_column_letter(self.Column)}{self.Row}"
        return f"{first}:{get_column_letter(self.Column + self.columns - 1)}{self.Row + self.rows - 1}"

    def _cells(self) -> Iterator[list[Any]]:
        self.Application.calls += 1
        ws = self.Worksheet.ws
        for row in range(self.Row, self.Row + self.rows):
            yield [ws.cell(row, c) for c in range(self.Column, self.Column + self.columns)]

    def _get(self, what: Any) -> Any:
        block = tuple(tuple(what(cell) for cell in line) for line in self._cells())
        return block[0][0] if self.Count == 1 else block

    def _set(self, data: Any) -> None:
        alone = not isinstance(data, list | tuple)
        for i, line in enumerate(self._cells()):
            for j, cell in enumerate(line):
                self._type(cell, data if alone else data[i][j])

    def _guard(self) -> None:
        sheet = self.Worksheet
        if sheet.protected:
            for line in self._cells():
                if any(cell.protection.locked for cell in line):
                    raise ComError("The cell is on a protected sheet.")

    def _type(self, cell: Any, value: Any) -> None:
        """What Excel makes of a value given to a cell, as if it were typed there."""
        key = (self.Worksheet.Name, cell.row, cell.column)
        book = self.Worksheet.Parent
        book.results.pop(key, None)
        if isinstance(value, int) and not isinstance(value, bool) and not -(2**31) <= value < 2**31:
            raise ComError("Type mismatch: a whole number of more than 32 bits")
        if isinstance(value, dt.date):
            raise AssertionError("dates are to be written as day numbers")
        if not isinstance(value, str):
            cell.value = value
            return
        if value == "":
            cell.value = None
        elif value.startswith("'"):
            cell.value, cell.data_type = value[1:], "s"
        elif cell.number_format == "@":
            cell.value, cell.data_type = value, "s"
        elif value.startswith("="):
            cell.value = value
            book.results[key] = None
        elif re.fullmatch(r"[-+]?[\d,]*\.?\d+", value):
            cell.value = float(value.replace(",", ""))
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            cell.value = dt.datetime.fromisoformat(value)
        else:
            cell.value, cell.data_type = value, "s"

    def _shown(self, cell: Any) -> Any:
        value = cell.value
        if cell.data_type == "f":
            value = self.Worksheet.Parent.results.get((self.Worksheet.Name, cell.row, cell.column))
        if isinstance(value, str) and value in ERRORS and cell.data_type != "s":
            return ERRORS[value]
        return value

    def _value(self, cell: Any) -> Any:
        value = self._shown(cell)
        if isinstance(value, dt.datetime):
            return com_time(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if value in ERRORS.values():
                return value
            if re.search("[ymd]", re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", cell.number_format.lower())):
                return com_time(EPOCH + dt.timedelta(days=value))
            if "$" in cell.number_format:
                return Decimal(repr(round(value, 4)))
            return float(value)
        return value

    def _value2(self, cell: Any) -> Any:
        value = self._shown(cell)
        if isinstance(value, dt.datetime):
            return (value - EPOCH) / dt.timedelta(days=1)
        if isinstance(value, int | float) and not isinstance(value, bool) and value not in ERRORS.values():
            return float(value)
        return value

    def _formula(self, cell: Any) -> str:
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, dt.datetime):
            value = (value - EPOCH) / dt.timedelta(days=1)
        if isinstance(value, int | float):
            return f"{value:.15g}"
        return str(value)

    @property
    def Value(self) -> Any:  # noqa: N802
        return self._get(self._value)

    @Value.setter
    def Value(self, data: Any) -> None:  # noqa: N802
        self._guard()
        self._set(data)

    @property
    def Value2(self) -> Any:  # noqa: N802
        return self._get(self._value2)

    @property
    def Formula(self) -> Any:  # noqa: N802
        return self._get(self._formula)

    @Formula.setter
    def Formula(self, data: Any) -> None:  # noqa: N802
        self._guard()
        self._set(data)

    @property
    def NumberFormat(self) -> Any:  # noqa: N802
        found = {cell.number_format for line in self._cells() for cell in line}
        return found.pop() if len(found) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:  # noqa: N802
        self._guard()
        for line in self._cells():
            for cell in line:
                cell.number_format = code

    def ClearContents(self) -> None:  # noqa: N802
        self._guard()
        self._set(None)

    def FillDown(self) -> None:  # noqa: N802
        self._guard()
        top = self.Row
        for line in list(self._cells())[1:]:
            for cell in line:
                above = self.Worksheet.ws.cell(top, cell.column)
                value = above.value
                if above.data_type == "f":
                    value = re.sub(
                        rf"(?<![A-Z$])([A-Z]{{1,3}}){top}\b", lambda m, row=cell.row: f"{m[1]}{row}", str(value)
                    )
                    self.Worksheet.Parent.results[self.Worksheet.Name, cell.row, cell.column] = None
                cell.value = value
                if above.data_type == "s":
                    cell.data_type = "s"
                cell._style = above._style
