"""Books to bring an office's own spreadsheet into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.setup.ugly_sheet import DAY
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook


@pytest.fixture
def town(tmp_path: Path) -> FilesBook:
    """An empty New Jersey book."""
    path = tmp_path / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=DAY)
    return FilesBook.open(path)


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook from rows, with merged cells; the path of the file."""

    def write(rows: list[list[Any]], merged: tuple[str, ...] = (), name: str = "open items.xlsx") -> Path:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        for where in merged:
            book.active.merge_cells(where)
        path = tmp_path / name
        book.save(path)
        return path

    return write
