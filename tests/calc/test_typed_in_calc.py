"""Checks typed into a real Calc, cell by cell, as a person does. Calc does not let a table grow while somebody types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.libreoffice.process import XLSX
from tests.written.book import office
from xltax.hosts.files import FilesBook

pytestmark = pytest.mark.calc

ACCOUNTS = [f"{block}-{lot}" for block in (2, 3) for lot in range(10, 16)]
TOWN = (
    "us-nj-colts-neck 2025, as of 2025-03-03\n\nroll of 2025-01-02\nAccount  Owner      Location   Net Value  Prior Tax\n"
    + "".join(f"{a}     ADAMS ANN  1 Main St  200,000    4,000.00\n" for a in ACCOUNTS)
    + "\nbilled 2025-01-10, preliminary, mailed 2025-01-15\n"
)
LETTERS = {"Account": "A", "Amount": "C", "Received": "D", "Tender": "E", "Reference": "F"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office(tmp_path_factory.mktemp("typed") / "town.xlsx", TOWN).path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "town.xlsx"
    path.write_bytes(made.read_bytes())
    return path


def type_checks(calc: Any, document: int, accounts: list[str], first: int = 5) -> None:
    """One check of 100.00 below the other, as she types them."""
    for row, account in enumerate(accounts, first):
        for header, text in zip(LETTERS, (account, "100", "3/3/2025", "Check", str(row + 700)), strict=True):
            calc.do("type", document, "Counter", f"{LETTERS[header]}{row}", text)


def test_twelve_checks_typed_post_as_twelve_and_their_rows_are_emptied(calc: Any, path: Path) -> None:
    """12 accounts owe 1,000.00 since February 1 with 8% a year: 100.00 pays 7.11 of interest and 92.89 of tax each."""
    document, book = calc.office.number(path), calc.office.book(path)
    type_checks(calc, document, ACCOUNTS)
    # 2-15 is no day in February, in the first row and in the last.
    assert [row[0] for row in calc.do("data", document, "Counter", "A5:A16")] == ACCOUNTS
    calc.do("type", document, "Counter", "A21", "call Mrs. Smith")
    said = calc.choose(document, "show")
    assert said.startswith("12 rows, $1,200.00. Nothing was posted."), said
    assert 'Counter!A21 ("call Mrs. Smith")' in said
    assert book.read("Counter")["Owner"].tolist() == ["ADAMS ANN"] * 12
    said = calc.choose(document, "post")
    assert said.startswith("Posted 12 payments in 12 lines, $1,200.00: receipts 1 to 12."), said
    cash = book.read("CashBook")
    assert cash["Account"].tolist() == ACCOUNTS
    assert cash[["Interest", "Tax"]].to_numpy().tolist() == [[7.11, 92.89]] * 12
    assert calc.do("data", document, "Counter", "A5:F20") == [[""] * 6] * 16
    assert calc.do("data", document, "Counter", "A21:A21") == [["call Mrs. Smith"]]
    # The next morning, below the emptied rows too.
    type_checks(calc, document, ["2-11", "3-12"])
    assert calc.choose(document, "post").startswith("Posted 2 payments"), "the rows are there to be typed in again"


def test_what_is_typed_in_calc_and_saved_is_posted_from_the_file(calc: Any, path: Path) -> None:
    document = calc.office.number(path)
    type_checks(calc, document, ACCOUNTS)
    calc.do("store", document, path.as_uri(), XLSX)
    calc.office.close()
    book = FilesBook.open(path)
    typed = book.read("Counter")
    assert typed["Account"].tolist() == ACCOUNTS
    assert typed["Amount"].tolist() == [100] * 12
    assert typed["Received"].map(str).tolist() == ["2025-03-03"] * 12
