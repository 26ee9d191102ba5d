"""A book of version 4 gets the column Class in its Duplicate: balances and seals stay, and new bills have their class under the seal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.books import spoil
from tests.upgrade.test_upgrade import TODAY, figures, sealed, upgrade
from tests.upgrade.test_version_3 import not_passing
from xltax.actions import year
from xltax.hosts.files import FilesBook
from xltax.tables.schema import SCHEMA

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set", "ignore:Data Validation extension")
D = dt.date


def test_new_bills_have_their_class_and_old_ones_keep_their_seals(frozen: Callable[[str], Path]) -> None:
    path = frozen("new-jersey-4")
    before, old = figures(path, D(2027, 1, 31)), sealed(path)
    failing = {"Rules", "Receipts = deposits", "Deposit time", "Deposits = bank"}
    said = upgrade(path)
    assert f"Upgraded from version 4 to {SCHEMA}." in said
    assert "Class stays empty in" in said
    assert figures(path, D(2027, 1, 31)) == before
    assert sealed(path) == old
    assert not_passing(path) == failing
    book = FilesBook.open(path)
    year.bill(book, year=2027, rates="RE=1.0", mailed=TODAY, today=TODAY)
    book.save()
    rows = FilesBook.open(path).read("Duplicate")
    assert rows.loc[rows["Levy Year"] == 2027, "Class"].notna().all()
    assert rows.loc[rows["Levy Year"] < 2027, "Class"].isna().all()
    assert not_passing(path) == failing
    # A class written into an old bill, and one changed in a new one, are named.
    for row in (1, len(rows)):
        data = path.read_bytes()
        spoil.cell(path, "Duplicate", row, "Class", "15F")
        assert not_passing(path) - failing, row
        path.write_bytes(data)
