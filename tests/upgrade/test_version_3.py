"""A book of version 3 gets Posted By: its own rows keep their seals, and nobody can be put in as the author of one later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.books import spoil
from tests.upgrade.test_upgrade import TODAY, figures, sealed, upgrade
from xltax.actions import control, counter, statements
from xltax.actions.log_in import user
from xltax.hosts.files import FilesBook
from xltax.tables.schema import SCHEMA

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set", "ignore:Data Validation extension")
D = dt.date
Frozen = Callable[[str], Path]


def test_a_workbook_of_version_3_keeps_its_seals_and_new_rows_name_their_person(frozen: Frozen, tmp_path: Path) -> None:
    """It has rows of every seal so far: of version 1 with that of the upgrade behind it, and of version 2 alone."""
    path = frozen("new-jersey-3")
    before, old = figures(path, D(2027, 1, 31)), sealed(path)
    said = upgrade(path)
    assert f"Upgraded from version 3 to {SCHEMA}." in said
    assert "Posted By stays empty in" in said
    assert figures(path, D(2027, 1, 31)) == before
    assert sealed(path) == old
    file = tmp_path / "pay.csv"
    file.write_text("Account,Amount,Received,Tender\n12-1,15.00,2026-03-03,Check\n")
    book = FilesBook.open(path)
    counter.post(book, file, today=TODAY)
    statements.turnover_slip(book, today=TODAY)
    book.save()
    assert not_passing(path) == {"Rules", "Receipts = deposits", "Deposit time", "Deposits = bank"}, "as in version 3"
    cash, slips = FilesBook.open(path).read("CashBook"), FilesBook.open(path).read("Turnovers")
    assert cash["Posted By"].iloc[-1] == slips["Posted By"].iloc[-1] == user()
    assert cash["Posted By"].iloc[:-1].isna().all()
    assert slips["Posted By"].iloc[0] is None or slips["Posted By"].isna().iloc[0]
    # Somebody is put in as the author of an old row, or taken out of a new one: the row's seal no longer fits.
    last = len(cash)
    for table, row, name, check in (
        ("CashBook", 1, "Mallory", "Cash book seals"), ("CashBook", last, None, "Cash book seals"), ("CashBook", last, "Mallory", "Cash book seals"),
        ("Turnovers", 1, "Mallory", "Turnover seals"), ("Turnovers", len(slips), None, "Turnover seals"),
    ):  # fmt: skip
        data = path.read_bytes()
        spoil.cell(path, table, row, "Posted By", name)
        assert check in not_passing(path), (table, row, name)
        path.write_bytes(data)


def not_passing(path: Path) -> set[str]:
    """The checks of Proof that do not pass. The workbook is not saved."""
    return {line.split(":")[0] for line in control.proof(FilesBook.open(path), TODAY).look}
