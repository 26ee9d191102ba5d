"""A book in use is prepared for typing below its tables, and its closed days can be taken back from then on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.upgrade.test_upgrade import sealed, upgrade
from xltax.hosts.files import FilesBook

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set", "ignore:Data Validation extension")


def test_whole_columns_get_their_formats_and_old_closes_keep_their_seals(frozen: Callable[[str], Path]) -> None:
    path = frozen("new-jersey-4")
    old = sealed(path)
    closes = FilesBook.open(path).read("DayCloses")["Seal"].tolist()
    assert closes
    said = upgrade(path)
    assert "Close No stays empty in" in said
    after = FilesBook.open(path).read("DayCloses")
    assert after["Seal"].tolist() == closes
    assert after["Close No"].isna().all()
    assert sealed(path) == old
    sheet = openpyxl.load_workbook(path)["Counter"]
    letters = {cell.value: cell.column_letter for cell in sheet[4]}
    assert sheet.column_dimensions[letters["Account"]].number_format == "@"
    assert sheet.column_dimensions[letters["Reference"]].number_format == "@"
    assert "yy" in sheet.column_dimensions[letters["Received"]].number_format
    # A column of amounts is not text.
    assert "0.00" in sheet.column_dimensions[letters["Amount"]].number_format
