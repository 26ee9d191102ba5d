"""Every action pressed as its button does, in the stand-in for Excel and on a file: the same words, the same tables, the same cells.

An action that needs inputs nobody gave it here is pressed too: both hosts have to refuse it in the same words.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from open_excel import open_excel
from small_books import duplicate, receipts
from xltax.workbooks import book as book_spec
from xltax.workbooks.build import rules_of

from xltax.errors import TaxError
from xltax.hosts.excel import ExcelBook
from xltax.hosts.files import FilesBook
from xltax.hosts.registry import Action, actions
from xltax.hosts.run import press
from xltax.ledger.tables import ALL
from xltax.sheets.forms import NAMED
from xltax.sheets.write import build

DAY = dt.date(2025, 6, 2)
KINDS = {"text": "A-1", "date": DAY, "money": 12.34, "count": 3, "flag": "Yes"}


def town(path: Path) -> Path:
    roll = pd.DataFrame(
        {"Account": f"00{n}", "Levy Type": "RE", "Owner": f"Owner {n}", "Location": f"{n} Main Street",
         "Net Value": 100_000_00 * n, "Prior Tax": 8000, "Flags": "confidential" if n == 2 else ""}
        for n in range(1, 5)
    )  # fmt: skip
    frames = {
        "Roll": roll, "Duplicate": duplicate(4), "CashBook": receipts(1, 2, Inst=1).assign(Bill=["00001", "00002"]),
        "Rules": rules_of("us-nj-colts-neck"),
    }  # fmt: skip
    build(
        book_spec("us-nj"), path, frames,
        {"town_name": "Fish & Game", "levy_year": 2025, "as_of": DAY, "profile_id": "us-nj-colts-neck",
         "quote_account": "001", "quote_date": DAY, "quote_days": 5},
    )  # fmt: skip
    return path


def inputs(action: Action, folder: Path) -> dict[str, Any]:
    """What to type into the yellow cells of an action: its own where it needs something particular, else one of the kind."""
    payments = folder / "payments.csv"
    payments.write_text("Account,Amount,Received\n001,25.00,2025-05-20\n003,10.00,2025-05-21\n")
    roll = folder / "roll.csv"
    roll.write_text("Account,Owner,Net Value,Levy Type\n001,New Owner,100000,RE\n009,Ninth Owner,50000,RE\n")
    own: dict[str, dict[str, Any]] = {
        "post": {"payments": str(payments), "today": DAY},
        "reverse": {"receipt": "R1", "reason": "check returned", "on": DAY, "today": DAY},
        "import-roll": {"file": str(roll), "on": DAY, "levy_type": "RE"},
        "bill": {"rates": "RE=2.248", "today": DAY},
        "share": {"name": "public"},
    }
    given = own.get(action.name)
    if given is not None:
        return given
    return {f.name: KINDS[f.kind] for f in action.inputs if not f.cell and not f.optional and f.kind in KINDS}


def press_it(book: Any, action: Action, given: dict[str, Any]) -> str:
    for field in action.inputs:
        if field.name in given and not field.cell:
            book.set(action.cell_of(field), given[field.name])
    if action.name == "bill":
        book.set("levy_year", 2026)
    try:
        return press(action, book)
    except TaxError as error:
        return f"refused: {error}"


def seen(book: Any) -> dict[str, Any]:
    tables = {t: book.read(t).drop(columns=["When"], errors="ignore") for t in book.tables() if t in ALL}
    return {"tables": tables, "cells": {n: book.get(n) for n in NAMED}}


def plain(said: str) -> str:
    return re.sub(r"town\w*", "BOOK", said)


@pytest.mark.parametrize("name", actions())
def test_excel_and_file_agree(name: str, tmp_path) -> None:
    action = actions()[name]
    said, after = {}, {}
    for host, opener in {"files": FilesBook.open, "excel": open_excel}.items():
        folder = tmp_path / host
        folder.mkdir()
        path = town(folder / "town.xlsx")
        book = opener(path)
        given = inputs(action, tmp_path)
        said[host] = plain(press_it(book, action, given))
        after[host] = seen(book)
        after[host]["beside"] = sorted(
            p.name for p in folder.iterdir() if p.suffix in (".csv", ".ics", ".txt") or "public" in p.name
        )
    assert said["excel"] == said["files"]
    assert after["excel"]["cells"] == after["files"]["cells"]
    assert after["excel"]["beside"] == after["files"]["beside"]
    for table, want in after["files"]["tables"].items():
        got = after["excel"]["tables"][table]
        assert got.columns.tolist() == want.columns.tolist()
        assert got.index.tolist() == want.index.tolist(), table
        for column in want:
            assert got[column].tolist() == want[column].tolist(), f"{table}, {column}"


@pytest.mark.parametrize(
    "name", ["post", "reverse", "bill", "refresh", "delinquent", "proof", "quote", "selfcheck", "share"]
)
def test_the_chosen_inputs_are_good_ones(name: str, tmp_path) -> None:
    """So that the comparison above compares work done, and not two refusals."""
    book = open_excel(town(tmp_path / "town.xlsx"))
    action = actions()[name]
    assert not press_it(book, action, inputs(action, tmp_path)).startswith("refused")
    for field in action.inputs:
        if not field.cell:
            assert book.get(action.cell_of(field)) is None  # emptied, so that a second press does not do it again


def test_an_action_that_fails_in_the_middle_leaves_the_workbook_as_it_was(tmp_path, monkeypatch) -> None:
    book = open_excel(town(tmp_path / "town.xlsx"))
    before = seen(book)
    monkeypatch.setattr(ExcelBook, "save", lambda self: 1 / 0)
    action = actions()["post"]
    with pytest.raises(ZeroDivisionError):
        press_it(book, action, inputs(action, tmp_path))
    after = seen(book)
    for table, want in before["tables"].items():
        assert after["tables"][table].equals(want), table
    assert after["cells"] == before["cells"]


def test_a_button_says_what_was_done_and_what_was_refused(tmp_path) -> None:
    import pywin32
    import xlwings

    from xltax.hosts import excel_buttons

    book = open_excel(town(tmp_path / "town.xlsx"))
    sys_modules = __import__("sys").modules
    sys_modules["xlwings._xlwindows"].BOOK_CALLER = book.book.api
    assert xlwings.Book.caller().name == "town.xlsx"
    excel_buttons.press("refresh")
    assert pywin32.ALERTS[-1].startswith("As of 2025-06-02")
    excel_buttons.press("reverse")
    assert pywin32.ALERTS[-1].startswith("Reverse was not done; the workbook is as it was.")
    assert "Fill the cell task_reverse_receipt" in pywin32.ALERTS[-1]
    excel_buttons.press("upgrade")
    assert "The book as it was: town-before.xlsx" in pywin32.ALERTS[-1]
    assert (tmp_path / "town-before.xlsx").exists()
