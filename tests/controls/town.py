"""A small New Jersey town for the controls: four bills of 2024, and a way to pay."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xltax.actions import counter, setup, year
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook

D = dt.date
ROLL = "Account,Net Value,Prior Tax\n1,100000,4000\n2,200000,8000\n3,50000,2000\n4,75000,3000\n"


def town(folder: Path) -> Path:
    """A workbook with the bills of 2024, saved."""
    path = folder / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2024, as_of=D(2024, 12, 31))
    book = FilesBook.open(path)
    (folder / "roll.csv").write_text(ROLL, "utf-8")
    setup.import_roll(book, folder / "roll.csv", on=D(2024, 1, 2))
    year.bill(book, 2024, "RE=4", mailed=D(2024, 1, 10), today=D(2024, 1, 10))
    book.save()
    return path


def pay(
    book: FilesBook, folder: Path, account: str, amount: str, received: dt.date, today: dt.date, tender: str = "Check"
) -> str:
    """Posts one payment from a file; gives what the task said."""
    path = folder / "pay.csv"
    path.write_text(f"Account,Amount,Received,Tender\n{account},{amount},{received},{tender}\n", "utf-8")
    return counter.post(book, path, today=today).text
