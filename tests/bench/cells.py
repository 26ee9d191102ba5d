"""Formulas in every row of a sheet, in a real LibreOffice: filled down cell by cell, and lifted over a column in one call.

Measured by the clock, each against the echo of its argument or against TAX_BALANCES of the same rows, in one run.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from pathlib import Path

from openpyxl import Workbook

from tests.bench.office_rows import Rows, least, with_add_in
from tests.libreoffice.process import Office

TOWN, PAID, ROWS, FILLED = "us-nj-colts-neck", dt.date(2025, 3, 14), 10_000, 2_000
ECHO = "TAX_SAME_NUMBER"


def filled_and_lifted() -> Rows:
    """The most a formula in a cell may cost above a function that does nothing, and a lifted column above the whole-town function."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with with_add_in(folder) as office:
            document = office.do("open", _amounts(folder / "amounts.xlsx").as_uri())
            day = f"DATE({PAID:%Y;%m;%d})"
            lifted = f'=TAX_INTEREST("{TOWN}";Charges.G2:G{ROWS + 1};Charges.F2:F{ROWS + 1};{day})'
            balances = f'=TAX_BALANCES("{TOWN}";Charges.A1:G{ROWS + 1};;{day})'
            column, town, native = least(
                2,
                lambda: _array(office, document, f"A1:A{ROWS}", lifted),
                lambda: _array(office, document, f"A1:L{ROWS + 1}", balances),
                lambda: _filled(
                    office, document, ROWS, "=ROUND(Charges.G{n}*0.08*DAYS360(Charges.F{n};" + day + ")/360;2)"
                ),
            )
            works = {
                "TAX_INTEREST": f'=TAX_INTEREST("{TOWN}";Charges.G{{n}};Charges.F{{n}};{day})',
                "TAX_LEVY": "=TAX_LEVY(Charges.G{n};2.248)",
                "TAX_DUE_DATE": f'=TAX_DUE_DATE("{TOWN}";Charges.C{{n}};2)',
                "TAX_LAST_DAY": f'=TAX_LAST_DAY("{TOWN}";Charges.C{{n}};2)',
            }
            echo = f"={ECHO}(Charges.G{{n}})"
            times = least(2, *(lambda f=f: _filled(office, document, FILLED, f) for f in (echo, *works.values())))  # type: ignore[misc]
            office.do("close", document)
    above = {name: (seconds - times[0]) / FILLED * 1000 for name, seconds in zip(works, times[1:], strict=True)}
    return [
        (f"TAX_INTEREST over a column of {ROWS:,} rows in LibreOffice", "TAX_BALANCES of the same rows", column / town, 2),
        ("the same", "a formula of LibreOffice's own in each row", column / native, None),
        ("a function that only gives its number back, filled down in LibreOffice, milliseconds a cell", "-", times[0] / FILLED * 1000, None),
        *((f"{name} filled down, milliseconds a cell above that", "-", more, 0.3 if name == "TAX_INTEREST" else 0.1) for name, more in above.items()),
    ]  # fmt: skip


def _amounts(path: Path) -> Path:
    """Bills of four due dates, with any amounts, and an empty sheet for the formulas."""
    chance, book = random.Random(19), Workbook(write_only=True)
    sheet = book.create_sheet("Charges")
    sheet.append(["Account", "Bill", "Levy Year", "Levy Type", "Inst", "Due", "Amount"])
    for n in range(ROWS):
        due = dt.datetime(2024, 3 * (n % 4) + 2, 1)
        sheet.append([f"{n}", f"B{n}", 2024, "RE", n % 4 + 1, due, chance.randrange(100, 900_000) / 100])
    book.create_sheet("Formulas")
    book.save(path)
    return path


def _array(office: Office, document: int, ref: str, formula: str) -> None:
    office.do("array", document, "Formulas", ref, formula)
    last = office.do("data", document, "Formulas", ref)[-1]
    assert isinstance(last[-1], float), last
    office.do("array", document, "Formulas", ref, "")


def _filled(office: Office, document: int, rows: int, formula: str) -> None:
    """The formula in each row, worked out; the last one has to be a number."""
    office.do("formulas", document, "Formulas", f"A1:A{rows}", [[formula.format(n=n + 2)] for n in range(rows)])
    shown = office.do("data", document, "Formulas", f"A1:A{rows}")  # works them out
    assert all(isinstance(row[0], float) for row in shown), shown[0]
    office.do("formulas", document, "Formulas", f"A1:A{rows}", [[""]] * rows)
