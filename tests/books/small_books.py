"""Small workbooks with facts in them, for the tests of the Book port."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from xltax.faces.books import book
from xltax.sheets.write import build

DAY = dt.date(2025, 2, 1)


def duplicate(count: int, first: int = 1) -> pd.DataFrame:
    """Bills of $80.00 in four quarters, nothing derived yet."""
    return pd.DataFrame(
        {
            "Bill": f"{n:05d}",
            "Account": f"00{n}",
            "Levy Year": 2025,
            "Net Tax": 8000,
            **{f"Due {q}": dt.date(2025, 3 * q - 1, 1) for q in range(1, 5)},
            **{f"Inst {q}": 2000 for q in range(1, 5)},
        }
        for n in range(first, first + count)
    )


def receipts(*numbers: int, **more: object) -> pd.DataFrame:
    """Lines of the cash book: $12.34 of tax each."""
    return pd.DataFrame(
        {"Receipt": f"R{n}", "Line": 1, "Received": DAY, "Account": f"00{n}", "Tax": 1234, "Total": 1234, **more}
        for n in numbers
    )


def make(path: Path, bills: int = 3, lines: tuple[int, ...] = (1, 2)) -> Path:
    """A New Jersey book with a few bills and receipts; with no bills, an empty one."""
    frames = {"Duplicate": duplicate(bills), "CashBook": receipts(*lines)} if bills else {}
    build(book("us-nj"), path, frames, {"town_name": "Fish & Game", "levy_year": 2025}, rules="abc")
    return path


def sheet_part(title: str, template: str = "us-nj") -> str:
    """The part of a sheet in a book just built, by its title."""
    return f"xl/worksheets/sheet{[s.title for s in book(template).sheets].index(title) + 1}.xml"


def table_part(name: str, template: str = "us-nj") -> str:
    """The part of a table in a book just built, by its name."""
    return f"xl/tables/table{list(book(template).tables).index(name) + 1}.xml"
