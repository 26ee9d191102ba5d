"""A workbook file as the stand-in for Excel in JavaScript takes it: tests/office_js/node/excel.mjs."""

from __future__ import annotations

from typing import Any

from tests.com.excel_com import Workbook
from tests.office_js.in_excel import shown


def dump(book: Workbook) -> dict[str, Any]:
    """Sheets with their cells, tables, named cells and properties."""
    return {
        "name": book.Name,
        "date1904": book.Date1904,
        "properties": {p.Name: p.Value for p in book.CustomDocumentProperties},
        "sheets": {s.Name: _sheet(book, s) for s in book.Worksheets},
        "tables": [_table(s, t) for s in book.Worksheets for t in s.ListObjects],
        "names": {name: f"={one.attr_text}" for name, one in book.wb.defined_names.items()},
    }


def _sheet(book: Workbook, sheet: Any) -> dict[str, Any]:
    cells = {}
    for line in sheet.ws.iter_rows():
        for cell in line:
            if not (cell.has_style or cell.value is not None):
                continue
            one = {"v": shown(book, cell), "nf": cell.number_format, "locked": bool(cell.protection.locked)}
            if cell.data_type == "f":
                one["f"] = cell.value if isinstance(cell.value, str) else f"={cell.value.text}".replace("==", "=")
            cells[f"{cell.row},{cell.column}"] = one
    return {"cells": cells, "protected": bool(sheet.protected), "password": sheet.password, "options": {}}


def _table(sheet: Any, table: Any) -> dict[str, Any]:
    at = table.Range
    return {
        "name": table.Name,
        "sheet": sheet.Name,
        "left": at.Column,
        "top": at.Row,
        "right": at.Column + at.columns - 1,
        "bottom": at.Row + at.rows - 1,
        "headers": bool(table.ShowHeaders),
        "totals": bool(table.ShowTotals),
    }
