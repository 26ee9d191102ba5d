"""A book of version 5: its day closes can be taken back, and its printed pages stay workbooks; balances and seals stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.upgrade.test_upgrade import figures, sealed, upgrade
from xltax.hosts.files import FilesBook
from xltax.tables.schema import SCHEMA

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set", "ignore:Data Validation extension")


def test_figures_and_seals_stay_and_the_new_cells_are_there(frozen: Callable[[str], Path]) -> None:
    path = frozen("new-jersey-5")
    day = dt.date(2027, 3, 31)
    before, old = figures(path, day), sealed(path)
    closes = FilesBook.open(path).read("DayCloses")["Seal"].tolist()
    said = upgrade(path)
    assert f"Upgraded from version 5 to {SCHEMA}." in said
    assert "Close No stays empty in 3 older day closes." in said
    assert "Printed pages stay workbooks." in said
    assert figures(path, day) == before
    assert sealed(path) == old
    book = FilesBook.open(path)
    assert book.read("DayCloses")["Seal"].tolist() == closes
    assert book.get("print_to") in ("Workbook", None)
