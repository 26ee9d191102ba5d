"""Frozen workbooks of versions 2 and 3: what their upgrade seals, and what Proof then names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.books import spoil
from tests.upgrade.test_upgrade import figures, upgrade
from xltax.actions import control
from xltax.hosts.files import FilesBook
from xltax.tables.schema import SCHEMA

D = dt.date
Frozen = Callable[[str], Path]
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


def test_a_workbook_of_version_2_gets_its_registers_sealed(frozen: Frozen) -> None:
    """Made by the tasks of frozen/README.md with the last code of version 2."""
    path = frozen("new-jersey-2")
    before = figures(path, D(2026, 1, 31))
    said = upgrade(path)
    assert f"Upgraded from version 2 to {SCHEMA}." in said
    assert "Sealed as they stand: 48 rows of Log, 8 rows of Turnovers, 28 bills." in said
    assert figures(path, D(2026, 1, 31)) == before
    look = control.proof(FilesBook.open(path), D(2026, 1, 31)).look
    assert [line.split(":")[0] for line in look] == [
        "Rules",
        "Receipts = deposits",
        "Deposits = bank",
        "Deposit time",
    ], "as in version 2"


def test_a_workbook_of_version_3_gets_more_registers_sealed(frozen: Frozen) -> None:
    """Made by the tasks of frozen/README.md with the last code of version 3. What was sealed stays sealed."""
    path = frozen("new-jersey-3-registers")
    was = {t: FilesBook.open(path).read(t)["Seal"].tolist() for t in ("CashBook", "Log", "Duplicate", "DayCloses")}
    before = figures(path, D(2026, 1, 31))
    said = upgrade(path)
    assert f"Upgraded from version 3 to {SCHEMA}." in said
    assert "Sealed as they stand: 4 rows of Certificates." in said
    book = FilesBook.open(path)
    assert figures(path, D(2026, 1, 31)) == before
    assert {t: book.read(t)["Seal"].tolist()[: len(codes)] for t, codes in was.items()} == was
    assert "Issued" in book.tables()
    look = control.proof(book, D(2026, 1, 31)).look
    assert [line.split(":")[0] for line in look] == [
        "Rules",
        "Receipts = deposits",
        "Deposits = bank",
        "Deposit time",
    ], "as in version 3"
    spoil.cell(path, "Certificates", 1, "Amount", 1.00)
    look = control.proof(FilesBook.open(path), D(2026, 1, 31)).look
    assert any(line.startswith("Certificate seals: LOOK: certificate 25-001, Certificates!") for line in look)
    spoil.remove_row(path, "Certificates", 4)
    assert "Certificates is not as it was after upgrade" in str(
        control.proof(FilesBook.open(path), D(2026, 1, 31)).look
    )
