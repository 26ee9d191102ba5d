"""Runs one step in Excel. After an error, every cell is put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from xltax.hosts.writing import as_typed, locked_with_password

_TEXT = "@"
_ALLOWED = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)


class Step:
    """What one step must restore. Used as a context: left with an error, the workbook is as it was before."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._undo: list[Callable[[], None]] = []
        self._locked: dict[str, tuple[Any, dict[str, Any]]] = {}
        self.seen: dict[str, Any] = {}  # tables read in this step: nobody else changes the book while it runs

    def __enter__(self) -> Step:
        app = self._book.app
        self._before = (app.screen_updating, app.enable_events, app.calculation)
        app.screen_updating, app.enable_events, app.calculation = False, False, "manual"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        app = self._book.app
        try:
            if error is not None:
                for back in reversed(self._undo):
                    back()
        finally:
            try:
                for sheet, options in self._locked.values():
                    sheet.api.Protect(**options)
            finally:
                app.screen_updating, app.enable_events, app.calculation = self._before

    # ---- what to put back -------------------------------------------------------------------------------------------

    def keep(self, cells: Any) -> None:
        """Remembers a block of cells: values, formulas, and each column's number format."""
        formulas, values = block(cells.api.Formula), block(cells.api.Value2)
        formats = [cells.columns[i].number_format for i in range(len(formulas[0]))]
        held = tuple(
            tuple(_again(f, v, formats[i]) for i, (f, v) in enumerate(zip(*pair, strict=True)))
            for pair in zip(formulas, values, strict=True)
        )

        def back() -> None:
            for i, one in enumerate(formats):
                if one is not None:
                    cells.columns[i].number_format = one
            cells.api.Formula = held

        self._undo.append(back)

    def keep_size(self, table: Any) -> None:
        """Remembers the last row of a table."""
        cells = table.range
        (first, left), (rows, columns) = (cells.row, cells.column), cells.shape
        sheet = table.parent

        def back() -> None:
            table.resize(sheet.range((first, left), (first + rows - 1, left + columns - 1)))

        self._undo.append(back)

    def keep_property(self, one: Any) -> None:
        """Remembers a document property."""
        value = one.Value

        def back() -> None:
            one.Value = value

        self._undo.append(back)

    # ---- what stands in the way -------------------------------------------------------------------------------------

    def unlock(self, sheet: Any) -> None:
        """Removes a sheet's protection until the step ends. Our protection has no password."""
        api = sheet.api
        if not api.ProtectContents:
            return
        protection = api.Protection
        options = {name: bool(getattr(protection, name)) for name in _ALLOWED}
        options["DrawingObjects"], options["Scenarios"] = bool(api.ProtectDrawingObjects), bool(api.ProtectScenarios)
        options["Contents"] = True
        with suppress(Exception):  # pywin32's own error, whatever it is called
            api.Unprotect("")  # an empty password, so that Excel asks for none
        if api.ProtectContents:
            raise locked_with_password(self._book.name, sheet.name)
        self._locked[sheet.name] = (sheet, options)

    def show_all(self, table: Any) -> None:
        """Shows the rows a filter hides, because filling down would skip them."""
        filtered = table.api.AutoFilter
        if filtered is not None and filtered.FilterMode:
            filtered.ShowAllData()


def block(value: Any) -> tuple[tuple[Any, ...], ...]:
    """A range's values as rows. For a single cell, Excel returns a bare value."""
    return value if isinstance(value, tuple) else ((value,),)


def _again(formula: Any, value: Any, number_format: str | None) -> Any:
    """The value that restores a cell. Text in a cell without the text format needs its apostrophe."""
    if isinstance(value, str) and formula == value:
        return as_typed(value, text=number_format == _TEXT)
    if isinstance(value, float) and not str(formula).startswith("="):
        return value
    return formula
