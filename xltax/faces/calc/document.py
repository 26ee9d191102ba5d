"""An open Calc document as blocks of cells. CalcBook gets plain values, which can also pass through a pipe.

Runs inside LibreOffice's own Python; nothing but that and uno is needed. Rows and columns count from 1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uno

from .wire import Refused

OLDEST = (25, 2)
"""The first LibreOffice that binds the functions of an add-in by name in an .xlsx."""

_PREFIX = "xltax "
_CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: VALUE, DATETIME, STRING, FORMULA
_FORMULA = 16
_ERRORS = 4  # com.sun.star.sheet.FormulaResult.ERROR
_ERROR_TEXT = {503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
_DATE, _LOGICAL = 2, 1024  # com.sun.star.util.NumberFormat
_ISO = "yyyy\\-mm\\-dd"

FAR = 1_000
"""How many empty rows end the look at what stands below a table."""

Block = list[int]
"""Left, top, right, bottom."""


def version(context: Any) -> tuple[int, int]:
    """The running LibreOffice's version, such as (25, 2)."""
    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", context
    )
    path = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    path.Name, path.Value = "nodepath", "/org.openoffice.Setup/Product"
    product = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (path,))
    parts = str(product.getByName("ooSetupVersion")).split(".")
    return int(parts[0]), int(parts[1])


def too_old(context: Any) -> str:
    """Why xltax cannot use this LibreOffice; empty if it can."""
    have = version(context)
    if have >= OLDEST:
        return ""
    return (
        f"LibreOffice {have[0]}.{have[1]} cannot use add-in functions in an .xlsx workbook. Nothing was done. "
        f"Install LibreOffice {OLDEST[0]}.{OLDEST[1]} or later."
    )


class Document:
    """One spreadsheet document that is open in LibreOffice."""

    def __init__(self, model: Any, context: Any) -> None:
        if reason := too_old(context):
            raise Refused(reason)
        if model is None or not model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            raise Refused("No spreadsheet is open. Open the town's workbook and choose the task again.")
        self.model, self.context = model, context
        self._steps: list[tuple[int, dict[str, str]]] = []

    # ---- reading --------------------------------------------------------------------------------------------------

    def particulars(self) -> dict[str, Any]:
        """The document's address, its day zero and its custom properties."""
        null = self.model.NullDate
        return {"url": self.model.URL, "null_date": [null.Year, null.Month, null.Day], "meta": self._meta()}

    def tables(self) -> list[str]:
        """The names of the tables."""
        ranges = self.model.DatabaseRanges
        return [name for name in ranges.ElementNames if ranges.getByName(name).ContainsHeader]

    def table(self, name: str) -> dict[str, Any]:
        """A table, whatever the case of its name: sheet, block with the header row, whether it has a row of totals, its
        cells with those filled below it, and which cells of its header are merged."""
        ranges = self.model.DatabaseRanges
        found = next((n for n in ranges.ElementNames if n.casefold() == name.casefold()), None)
        if found is None or not ranges.getByName(found).ContainsHeader:
            return {}
        one = ranges.getByName(found)
        at = one.DataArea
        block = [at.StartColumn + 1, at.StartRow + 1, at.EndColumn + 1, at.EndRow + 1]
        sheet = self.model.Sheets.getByIndex(at.Sheet).getName()
        last = self._last_below(sheet, block)
        return {
            "name": found,
            "sheet": sheet,
            "block": block,
            "totals": bool(one.TotalsRow),
            "cells": read_range(self._range(sheet, [*block[:3], last]), self.model),
            "merged": self._merged(sheet, [*block[:3], block[1]]),
        }

    def _last_below(self, sheet: str, block: Block) -> int:
        """The last row to look at for what is typed below a block; a cell far below others is not waited for."""
        left, _, right, last = block
        cursor = self._sheet(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.getRangeAddress().EndRow + 1
        if end <= last:
            return last
        found = self._range(sheet, [left, last + 1, right, end]).queryContentCells(_CONTENTS)
        for first, bottom in sorted((a.StartRow + 1, a.EndRow + 1) for a in found.getRangeAddresses()):
            if first > last + FAR:
                break
            last = max(last, bottom)
        return last

    def named(self, name: str) -> list[Any]:
        """The place of a named cell: sheet, row and column. Nothing if no single cell has this name."""
        if not self.model.NamedRanges.hasByName(name):
            return []
        cells = self.model.NamedRanges.getByName(name).getReferredCells()
        if cells is None:
            return []
        at = cells.getRangeAddress()
        alone = (at.StartColumn, at.StartRow) == (at.EndColumn, at.EndRow)
        return [cells.getSpreadsheet().getName(), at.StartRow + 1, at.StartColumn + 1] if alone else []

    def read(self, sheet: str) -> dict[str, Any]:
        """A sheet from A1 to its last used cell, with the blocks that are shown as dates and as yes/no."""
        cursor = self._sheet(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        at = cursor.getRangeAddress()
        return read_range(self._range(sheet, [1, 1, at.EndColumn + 1, at.EndRow + 1]), self.model)

    def cell(self, sheet: str, row: int, column: int) -> dict[str, Any]:
        """One cell, as `read` gives it."""
        return read_range(self._range(sheet, [column, row, column, row]), self.model)

    def _merged(self, sheet: str, block: Block) -> list[list[int]]:
        """The cells of a block that are merged with others: row, column."""
        if not self._range(sheet, block).getIsMerged():
            return []
        left, top, right, bottom = block
        cells = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        return [[r, c] for r, c in cells if self._range(sheet, [c, r, c, r]).getIsMerged()]

    def formulas(self, sheet: str, block: Block) -> list[int]:
        """The columns of a block in which some cell holds a formula."""
        found = self._range(sheet, block).queryContentCells(_FORMULA)
        return sorted({c + 1 for a in found.getRangeAddresses() for c in range(a.StartColumn, a.EndColumn + 1)})

    def first_filled(self, sheet: str, block: Block) -> list[int]:
        """The first cell of a block that holds anything: row, column; nothing if it is empty."""
        found = self._range(sheet, block).queryContentCells(_CONTENTS).getRangeAddresses()
        return min(([a.StartRow + 1, a.StartColumn + 1] for a in found), default=[])

    # ---- writing --------------------------------------------------------------------------------------------------

    def write(self, sheet: str, left: int, top: int, rows: list[list[Any]], dates: list[int]) -> None:
        """Write a block of texts and numbers; None empties. `dates`: the columns that have to be shown as dates."""
        block = [left, top, left + len(rows[0]) - 1, top + len(rows) - 1]
        cells = self._range(sheet, block)
        with self._open(sheet):
            for column in dates:
                self._show_dates(self._range(sheet, [column, top, column, block[3]]))
            # setDataArray cannot be undone by itself in LibreOffice 25.2; emptying the block and copying it onto
            # itself can, and puts the old cells back.
            cells.clearContents(_CONTENTS)
            self._sheet(sheet).copyRange(cells.getCellByPosition(0, 0).getCellAddress(), cells.getRangeAddress())
            cells.setDataArray(tuple(tuple("" if v is None else v for v in row) for row in rows))

    def write_cell(self, sheet: str, row: int, column: int, value: Any, date: bool) -> None:
        """Write one cell: a text, a number, yes or no, or nothing."""
        cell = self._sheet(sheet).getCellByPosition(column - 1, row - 1)
        with self._open(sheet):
            if date:
                self._show_dates(cell)
            if value is None or isinstance(value, str):
                cell.setString(value or "")
            else:
                cell.setValue(value)

    def fill(self, sheet: str, block: Block) -> None:
        """Fill a block's first row down to its last row, with formats and formulas."""
        with self._open(sheet):
            self._range(sheet, block).fillSeries(
                uno.Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM"),
                uno.Enum("com.sun.star.sheet.FillMode", "SIMPLE"),
                uno.Enum("com.sun.star.sheet.FillDateMode", "FILL_DATE_DAY"),
                0.0,
                0.0,
            )

    def clear(self, sheet: str, block: Block) -> None:
        """Empty a block; formats and comments stay."""
        with self._open(sheet):
            self._range(sheet, block).clearContents(_CONTENTS)

    def show_rows(self, sheet: str, first: int, last: int) -> None:
        """Show hidden rows."""
        rows = self._range(sheet, [1, first, 1, last]).getRows()
        if not rows.IsVisible:
            with self._open(sheet):
                rows.IsVisible = True

    def resize(self, table: str, last: int) -> None:
        """Set the last row of a table."""
        one = self.model.DatabaseRanges.getByName(table)
        at = one.DataArea
        at.EndRow = last - 1
        one.setDataArea(at)

    def set_meta(self, values: dict[str, str]) -> None:
        """Change the custom properties of the document."""
        kept = self.model.DocumentProperties.UserDefinedProperties
        for key, value in values.items():
            if kept.PropertySetInfo.hasPropertyByName(_PREFIX + key):
                kept.setPropertyValue(_PREFIX + key, value)
            else:
                kept.addProperty(_PREFIX + key, 128, value)  # com.sun.star.beans.PropertyAttribute.REMOVABLE
        self.model.setModified(True)

    def calculate(self) -> None:
        """Recalculate every formula."""
        self.model.calculateAll()

    def tell(self, text: str) -> None:
        """Show the collector a message."""
        tell(self.model, text)

    # ---- one step of Undo -----------------------------------------------------------------------------------------

    def begin(self, label: str) -> None:
        """Start one entry of Undo. The entry covers everything written before `end`."""
        undo = self.model.UndoManager
        self._steps.append((len(undo.getAllUndoActionTitles()), self._meta()))
        undo.enterUndoContext(label)

    def end(self, failed: bool) -> None:
        """Close the step. If the step failed, restore everything."""
        if not self._steps:
            return
        before, meta = self._steps.pop()
        undo = self.model.UndoManager
        undo.leaveUndoContext()  # a step in which nothing was written leaves no entry
        if failed:
            if len(undo.getAllUndoActionTitles()) > before:
                undo.undo()
                undo.clearRedo()
            if self._meta() != meta:
                self.set_meta(meta)

    def abandon(self) -> None:
        """Undo every step that did not end, such as when the writing program stopped."""
        while self._steps:
            self.end(True)

    # ---- inside ---------------------------------------------------------------------------------------------------

    def _sheet(self, title: str) -> Any:
        return self.model.Sheets.getByName(title)

    def _range(self, sheet: str, block: Block) -> Any:
        left, top, right, bottom = block
        return self._sheet(sheet).getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)

    def _meta(self) -> dict[str, str]:
        kept = self.model.DocumentProperties.UserDefinedProperties
        names = [p.Name for p in kept.PropertySetInfo.Properties if p.Name.startswith(_PREFIX)]
        return {name.removeprefix(_PREFIX): str(kept.getPropertyValue(name)) for name in names}

    def _show_dates(self, cells: Any) -> None:
        formats = self.model.NumberFormats
        held = cells.NumberFormat  # None where the block has several
        if held is not None and formats.getByKey(held).Type & _DATE:
            return
        locale = uno.createUnoStruct("com.sun.star.lang.Locale")
        locale.Language, locale.Country = "en", "US"
        key = formats.queryKey(_ISO, locale, False)
        cells.NumberFormat = formats.addNew(_ISO, locale) if key == -1 else key

    @contextmanager
    def _open(self, title: str) -> Iterator[None]:
        """A sheet protected without a password is open while it is written to, and protected again after."""
        sheet = self._sheet(title)
        was_protected = sheet.isProtected()
        if was_protected:
            with suppress(uno.getClass("com.sun.star.lang.IllegalArgumentException")):
                sheet.unprotect("")
            if sheet.isProtected():
                raise Refused(f"The sheet {title} is protected with a password. Unprotect it and try again.")
        try:
            yield
        except uno.getClass("com.sun.star.uno.RuntimeException") as error:
            raise Refused(
                f"The sheet {title} cannot be changed. Check that the document is not read-only and has no array formula there. "
                f"{error.Message}".rstrip()
            ) from None
        finally:
            if was_protected:
                sheet.protect("")


def tell(model: Any, text: str, *, wrong: bool = False) -> None:
    """Show a message in front of a document, or write it to the file XLTAX_MESSAGES if nobody is watching."""
    if file := os.environ.get("XLTAX_MESSAGES"):
        with open(file, "a", encoding="utf-8") as out:
            out.write(text + "\n")
        return
    controller = model.CurrentController if model is not None else None
    window = controller.Frame.ContainerWindow if controller else None
    if window is None or not window.isVisible():
        return
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", "ERRORBOX" if wrong else "INFOBOX")
    window.getToolkit().createMessageBox(window, kind, 1, "xltax", text).execute()


ASKED = (
    "particulars", "tables", "table", "named", "read", "cell", "formulas", "first_filled", "write", "write_cell", "fill", "clear",
    "show_rows", "resize", "set_meta", "calculate", "tell", "begin", "end",
)  # fmt: skip
"""What may be asked of a document over a pipe."""


def read_range(cells: Any, model: Any) -> dict[str, Any]:
    """A block of cells: its rows, and which parts of it are shown as dates, as yes/no, and hold an error.

    Each part is left, top, right, bottom counted within the block from 0. An error cell's value is its text, such as
    "#DIV/0!"; an empty cell's is an empty text.
    """
    at = cells.getRangeAddress()
    rows = [list(row) for row in cells.getDataArray()]
    dates: list[Block] = []
    flags: list[Block] = []
    formats = model.NumberFormats
    groups = cells.getUniqueCellFormatRanges()
    for n in range(groups.getCount()):
        group = groups.getByIndex(n)
        kind = formats.getByKey(group.getByIndex(0).NumberFormat).Type
        if kind & (_DATE | _LOGICAL):
            parts = [_within(a, at) for a in group.getRangeAddresses()]
            (dates if kind & _DATE else flags).extend(parts)
    errors = [_within(a, at) for a in cells.queryFormulaCells(_ERRORS).getRangeAddresses()]
    for left, top, right, bottom in errors:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                code = cells.getCellByPosition(column, row).getError()
                rows[row][column] = _ERROR_TEXT.get(code, f"Err:{code}")
    return {"rows": rows, "dates": dates, "flags": flags, "errors": errors}


def _within(part: Any, whole: Any) -> Block:
    return [
        part.StartColumn - whole.StartColumn,
        part.StartRow - whole.StartRow,
        part.EndColumn - whole.StartColumn,
        part.EndRow - whole.StartRow,
    ]
