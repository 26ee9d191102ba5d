"""Changes a collector, or her spreadsheet program, might make to a book behind xltax's back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries


def table_at(workbook: Any, name: str) -> tuple[Any, tuple[int, int, int, int]]:
    """A table's sheet, and its first column, header row, last column and last row."""
    for sheet in workbook.worksheets:
        if name in sheet.tables:
            return sheet, range_boundaries(sheet.tables[name].ref)
    raise LookupError(name)


def edit(path: Path, change: Callable[[Any], object]) -> Path:
    """Opens the book as another program would, changes it, and saves it."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def cell(path: Path, table: str, row: int, column: str, value: Any) -> str:
    """Types a value into a table's row (the first is 1); gives the cell, such as Duplicate!K7."""
    where = ""

    def change(workbook: Any) -> None:
        nonlocal where
        sheet, (left, header, right, last) = table_at(workbook, table)
        if header + row > last:  # as Excel does when one types below a table
            grown = sheet.tables[table]
            grown.ref = f"{get_column_letter(left)}{header}:{get_column_letter(right)}{header + row}"
            if grown.autoFilter:
                grown.autoFilter.ref = grown.ref
        at = next(c for c in range(left, right + 1) if sheet.cell(header, c).value == column)
        sheet.cell(header + row, at).value = value
        where = f"{sheet.title}!{get_column_letter(at)}{header + row}"

    edit(path, change)
    return where


def copy_row(path: Path, table: str, source: int, target: int) -> None:
    """Types one row of a table again over another."""

    def change(workbook: Any) -> None:
        sheet, (left, header, right, _) = table_at(workbook, table)
        for c in range(left, right + 1):
            sheet.cell(header + target, c).value = sheet.cell(header + source, c).value

    edit(path, change)


def remove_row(path: Path, table: str, row: int) -> None:
    """Takes a row out of a table, the rows below moving up."""

    def change(workbook: Any) -> None:
        sheet, (left, header, right, last) = table_at(workbook, table)
        for r in range(header + row, last + 1):
            for c in range(left, right + 1):
                sheet.cell(r, c).value = sheet.cell(r + 1, c).value if r < last else None

    edit(path, change)
