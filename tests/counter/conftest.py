"""The book each test of the counter starts from."""

from __future__ import annotations

from pathlib import Path

import pytest
from three_parcels import ROLL, TODAY, D
from xltax.workbooks.new import new_book

from xltax.actions import setup, year
from xltax.hosts.files import FilesBook


@pytest.fixture(scope="module")
def _billed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("counter") / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=TODAY)
    roll = path.with_name("roll.csv")
    roll.write_text(ROLL, encoding="utf-8")
    book = FilesBook.open(path)
    setup.import_roll(book, roll, on=D(2025, 1, 2))
    year.bill(book, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 10))
    book.save()
    return path


@pytest.fixture
def book(_billed: Path, tmp_path: Path) -> FilesBook:
    """Three parcels with preliminary quarters of 1,000, 1,500 and 500, due February 1 and May 1 of 2025."""
    path = tmp_path / "town.xlsx"
    path.write_bytes(_billed.read_bytes())
    return FilesBook.open(path)
