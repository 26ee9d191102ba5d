"""Offices of the desks of relief and user fees, made once and copied for each test."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xltax.actions import setup, user_fees, year
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook

D = dt.date
ROLL = """Account,Owner,Location,Net Value,Prior Tax
001,ADAMS ANN,1 Main St,200000,4000
002,BAKER BOB,2 Oak St,300000,6000
003,CLARK CY,3 Main St,100000,2000
"""


def copied(made: Path, tmp_path: Path) -> FilesBook:
    path = tmp_path / "town.xlsx"
    path.write_bytes(made.read_bytes())
    return FilesBook.open(path)


@pytest.fixture(scope="session")
def _preliminary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("relief") / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=D(2025, 3, 3))
    roll = path.with_name("roll.csv")
    roll.write_text(ROLL, encoding="utf-8")
    book = FilesBook.open(path)
    setup.import_roll(book, roll, on=D(2025, 1, 2))
    year.bill(book, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 10))
    book.save()
    return path


@pytest.fixture
def preliminary(_preliminary: Path, tmp_path: Path) -> FilesBook:
    """New Jersey, the first half of 2025 billed: quarters of 1,000, 1,500 and 500."""
    return copied(_preliminary, tmp_path)


@pytest.fixture
def billed(preliminary: FilesBook) -> FilesBook:
    """The same, the year billed at 2.1 in July: taxes of 4,200, 6,300 and 2,100."""
    year.bill(preliminary, 2025, "RE=2.1", "final", today=D(2025, 7, 1))
    return preliminary


@pytest.fixture(scope="session")
def _parish(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fees") / "parish.xlsx"
    new_book(path, "us-la-east-baton-rouge", name="Quill Parish", year=2025, as_of=D(2025, 3, 31))
    book = FilesBook.open(path)
    for account, name, types in (
        ("S1", "PEPPER GRILL", "SALES, LICENSE"), ("S2", "=LAUNDRY", "SALES"), ("W1", "DOE JANE", "SEWER"), ("W2", "ROE RICK", "SEWER"),
    ):  # fmt: skip
        sales = ("monthly", "1701") if "SALES" in types else ("", "")
        user_fees.register_account(
            book, account, name, types, D(2024, 1, 2), *sales, "restaurant", "alcohol", "5 River Rd"
        )
    book.save()
    return path


@pytest.fixture
def parish(_parish: Path, tmp_path: Path) -> FilesBook:
    """A parish with two businesses that file monthly and two sewer customers, nothing charged yet."""
    return copied(_parish, tmp_path)
