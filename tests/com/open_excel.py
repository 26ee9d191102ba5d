"""Opens a book of the tests in the stand-in for Excel; opened again, it is the same open workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.com import pywin32
from tests.com.excel_com import Workbook

_OPEN: dict[Path, Any] = {}


def open_excel(path: Path, *, tell: Callable[[str], None] | None = None) -> Any:
    """An ExcelBook over the stand-in. Nothing here writes the file: only the collector saves her workbook."""
    windows = pywin32.install()
    import xlwings

    from xltax.hosts.excel import ExcelBook

    if path not in _OPEN:
        _OPEN[path] = Workbook(path)
    return ExcelBook(xlwings.Book(impl=windows.Book(xl=_OPEN[path])), tell=tell or (lambda text: None))
