"""Quillhaven, a made-up town of four parcels, billed and printed: what the tests of bills begin with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from tests.books.one_book import PrintingBook
from xltax.actions import bills, setup, year
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.office.billing.scan_line import Stub, read_scan
from xltax.pages import Grid, Lines, Page, Text

D = dt.date
ROLL = """Account,Owner,Mail 1,Mail 2,Location,Block,Lot,Class,Land,Improvements,Net Value,Prior Tax,Deductions,Mortgagee,Authorized On
001,"=ADAMS, JOHN",1 Main St,"Quillhaven, NJ 07722",1 Main St,1,1,2,80000,120000,200000,4000,,,
002,BAKER,2 Main St,"Quillhaven, NJ 07722",2 Main St,1,2,2,100000,200000,300000,6000,250,,
003,CLARK,3 Main St,"Quillhaven, NJ 07722",3 Main St,1,3,2,40000,60000,100000,2000,,Made-Up Savings Bank,2024-05-01
004,DAVIS,4 Main St,"Quillhaven, NJ 07722",4 Main St,1,4,2,40000,60000,100000,2000,,Made-Up Savings Bank,
"""
PURPOSES = [
    ("County", "0.312", 31_200_00, ""), ("Local school", "1.248", 124_800_00, ""), ("Library", "0.034", 3_400_00, ""),
    ("Municipal", "0.406", 40_600_00, ""), ("Aid to schools", "", 5_500_00, "Yes"),
]  # fmt: skip


def rate_table(year_: int, kind: str, purposes: list[tuple[str, str, int, str]]) -> pd.DataFrame:
    rows = [
        {"Levy Year": year_, "Levy Type": kind, "Purpose": p, "Rate": r, "Raised": m, "State Aid": a}
        for p, r, m, a in purposes
    ]
    return pd.DataFrame(rows)


class Office(PrintingBook):
    """The collector's, who bills."""

    def __init__(self, path: Path, town: str = "us-nj-colts-neck") -> None:
        super().__init__(path)
        new_book(path, town, name="Quillhaven", year=2025, as_of=D(2025, 1, 10))

    def bill(self, roll: str, levy_year: int, rates: str, mailed: dt.date) -> None:
        """A roll brought in, billed and printed on the day the bills are mailed."""
        path = self.path.with_name("roll.csv")
        path.write_text(roll, encoding="utf-8")
        self.do(setup.import_roll, path, on=mailed)
        self.do(year.bill, levy_year, rates, mailed=mailed, today=mailed)
        self.do(bills.bills, levy_year, on=mailed)

    def fill(self, table: str, frame: pd.DataFrame) -> None:
        book = FilesBook.open(self.path)
        book.append(table, frame)
        book.save()


def of(pages: list[Page], bill: str) -> list[Page]:
    return [p for p in pages if p.key == bill]


def texts(page: Page) -> str:
    return "\n".join(b.text for b in page.blocks if isinstance(b, Text))


def grid(page: Page, header: str) -> Grid:
    return next(b for b in page.blocks if isinstance(b, Grid) and header in b.headers)


def stubs(page: Page) -> list[Stub]:
    return [read_scan(b.lines[0]) for b in page.blocks if isinstance(b, Lines) and b.style == "mono"]
