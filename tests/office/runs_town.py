"""A town that is billed more than once a year, for the tests of billing runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.books.one_book import PrintingBook
from xltax.actions import control, setup, year
from xltax.faces.new import new_book

D = dt.date
NJ_ROLL = """Account,Owner,Location,Net Value,Prior Tax
0012-4,ADAMS,1 Main St,250000,5620
0013-7.01,BAKER,2 Main St,400000,8992
0014-2,CLARK,3 Main St,180000,4046.40
"""
ADDED = """Account,Owner,Added Assessment,Completed
0012-4,ADAMS,60000,2025-08-07
0014-2,CLARK,24000,2025-03-15
"""


class Town(PrintingBook):
    """A town that is billed more than once a year."""

    def __init__(self, folder: Path, rules: str, year_: int, as_of: dt.date) -> None:
        super().__init__(folder / "town.xlsx")
        new_book(self.path, rules, name="Quillhaven", year=year_, as_of=as_of)

    def roll(self, text: str, on: dt.date, **more: object) -> str:
        path = self.path.with_name("roll.csv")
        path.write_text(text, encoding="utf-8")
        return self.do(setup.import_roll, path, on=on, **more)

    def bills(self, kind: str = "") -> dict[str, float]:
        rows = self.read("Duplicate")
        rows = rows[rows["Levy Type"] == kind] if kind else rows
        return dict(zip(rows["Bill"], rows["Net Tax"], strict=True))

    def looks(self, day: dt.date) -> str:
        return self.do(control.proof, as_of=day).splitlines()[-1]


def small_law(name: str, state: str, rules: str, per: int = 1000) -> str:
    """The law of a small made-up town: no grace, charges before tax, a State's holidays, and the rules of the test."""
    return f"""id = "us-zz-{name}"
name = "{name.capitalize()}"
[[grace]]
counted = "none"
[[allocation]]
group = "parcel"
order = [{{ pay = ["costs", "interest", "penalty", "tax"] }}]
[[office]]
holidays = "{state}"
[[levy]]
per = {per}
{rules}"""


def small_town(folder: Path, law: str, roll: str, year_: int, as_of: dt.date) -> Town:
    """A workbook of a small town with its roll of April 1. law: the text of its file."""
    path = folder / "law.toml"
    path.write_text(law, encoding="utf-8")
    town = Town(folder, str(path), year_, as_of)
    town.roll(roll, D(year_, 4, 1))
    return town


def billed(folder: Path) -> Town:
    """Three parcels of New Jersey billed for 2025 in January."""
    town = Town(folder, "us-nj-colts-neck", 2025, D(2025, 1, 31))
    town.roll(NJ_ROLL, D(2025, 1, 2))
    town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    return town
