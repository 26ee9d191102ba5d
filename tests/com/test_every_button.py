"""A button in the stand-in for Excel: all of its work or none, and what it says. That each does its work is in tests/contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.com.open_excel import open_excel
from tests.contract.pressed import PAYMENTS, billing, do, seen, town_book
from xltax.faces.catalog import actions
from xltax.faces.run import press
from xltax.hosts.excel import ExcelBook
from xltax.hosts.files import FilesBook
from xltax.tables.schema import SCHEMA


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A billed book."""
    path = town_book(tmp_path / "town.xlsx", "us-nj-colts-neck")
    for one in billing():
        assert not do(one, lambda: FilesBook.open(path), tmp_path).startswith("refused")
    return path


def test_an_action_that_fails_in_the_middle_leaves_the_workbook_as_it_was(town, tmp_path, monkeypatch) -> None:
    book = open_excel(town)
    (tmp_path / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    book.set("task_post_payments", str(tmp_path / "payments.csv"))
    before = seen(book)
    monkeypatch.setattr(ExcelBook, "save", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        press(actions()["post"], book)
    assert seen(book) == before


def test_a_button_says_what_was_done_and_what_was_refused(town) -> None:
    import xlwings

    from tests.com import pywin32
    from xltax.faces import excel_buttons

    book = open_excel(town)
    sys_modules = __import__("sys").modules
    sys_modules["xlwings._xlwindows"].BOOK_CALLER = book.book.api
    assert xlwings.Book.caller().name == "town.xlsx"
    excel_buttons.press("refresh")
    assert pywin32.ALERTS[-1].startswith("As of 2025-09-15")
    excel_buttons.press("reverse")
    assert pywin32.ALERTS[-1].startswith("Reverse did not run. The workbook is unchanged.")
    assert "Fill in the cell task_reverse_receipt" in pywin32.ALERTS[-1]
    excel_buttons.press("upgrade")
    assert pywin32.ALERTS[-1].startswith(f"This workbook already has version {SCHEMA}.")
    ExcelBook(xlwings.Book.caller()).set_meta(schema=1)
    for button in ("upgrade", "refresh"):
        excel_buttons.press(button)
        assert "xltax upgrade" in pywin32.ALERTS[-1]
