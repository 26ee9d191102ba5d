"""Bills on paper: what each state's bill has to say, stubs and scan lines, copies and their fees, receipts, servicers."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from xltax.workbooks.new import new_book

from xltax.actions import bills, control, counter, setup, year
from xltax.actions.desk import Desk
from xltax.errors import BadValue
from xltax.hosts import run
from xltax.hosts.files import FilesBook
from xltax.hosts.registry import actions
from xltax.law.load import load
from xltax.ledger.tables.bills import RATES
from xltax.ledger.validate import typed
from xltax.office import rates
from xltax.office.budgeting import monthly_amount
from xltax.office.scan_line import Stub, read_scan, scan_line
from xltax.pages import Cut, Fields, Grid, Lines, Page, Text
from xltax.sheets.pages import to_xlsx

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

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


class Office:
    """One book; every printed page is caught before it is laid out."""

    def __init__(self, path: Path, town: str = "us-nj-colts-neck") -> None:
        self.path = path
        new_book(path, town, name="Quillhaven", year=2025, as_of=D(2025, 1, 10))
        self.pages: dict[str, list[Page]] = {}
        self.files: dict[str, bytes] = {}

    def do(self, action: Callable[..., str], *given: Any, **more: Any) -> str:
        book = FilesBook.open(self.path)
        book.put_pages = lambda name, pages: self.pages.setdefault(name, list(pages)) and name  # type: ignore[method-assign]
        book.put_file = lambda name, data: self.files.setdefault(name, data) and name  # type: ignore[method-assign]
        said = action(book, *given, **more)
        book.save()
        return said

    def read(self, table: str) -> pd.DataFrame:
        return FilesBook.open(self.path).read(table)

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


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Preliminary and final bills of four parcels, printed on the day they were mailed."""
    folder = tmp_path_factory.mktemp("bills")
    it = Office(folder / "town.xlsx")
    (folder / "roll.csv").write_text(ROLL, encoding="utf-8")
    it.do(setup.import_roll, folder / "roll.csv", on=D(2025, 1, 2))
    it.do(year.bill, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 10))
    it.do(bills.bills, 2025, on=D(2025, 1, 15))
    it.pages["preliminary"] = it.pages.pop("bills 2025")
    it.fill("Rates", rate_table(2025, "RE", PURPOSES))
    it.do(year.bill, 2025, stage="final", mailed=D(2025, 7, 10), today=D(2025, 7, 10))
    it.do(bills.bills, 2025, on=D(2025, 7, 10))
    return it


def of(pages: list[Page], bill: str) -> list[Page]:
    return [p for p in pages if p.key == bill]


def texts(page: Page) -> str:
    return "\n".join(b.text for b in page.blocks if isinstance(b, Text))


def grid(page: Page, header: str) -> Grid:
    return next(b for b in page.blocks if isinstance(b, Grid) and header in b.headers)


def stubs(page: Page) -> list[Stub]:
    return [read_scan(b.lines[0]) for b in page.blocks if isinstance(b, Lines) and b.style == "mono"]


# ---- New Jersey -------------------------------------------------------------------------------------------------------


def test_the_rates_sheet_bills_the_year_and_its_lines_divide_every_bill(office: Office) -> None:
    """2.000 per $100 of 200,000 is 4,000: 624, 2,496, 68 and 812 by the four rates."""
    duplicate = office.read("Duplicate").set_index("Bill")
    assert duplicate.loc["2025-001", "Net Tax"] == 4000
    (page,) = of(office.pages["bills 2025"], "2025-001")
    shown = grid(page, "What the tax is for")
    assert [r[0] for r in shown.rows] == ["County", "Local school", "Library", "Municipal", "Tax of the year"]
    assert [r[3] for r in shown.rows] == [624_00, 2_496_00, 68_00, 812_00, 4_000_00]
    assert [r[2] for r in shown.rows] == ["0.312", "1.248", "0.034", "0.406", "2.000"]
    assert shown.headers[2] == "Rate per $100"


def test_a_deduction_stands_between_the_tax_and_what_is_billed(office: Office) -> None:
    (page,) = of(office.pages["bills 2025"], "2025-002")
    assert [(r[0], r[3]) for r in grid(page, "What the tax is for").rows][-3:] == [
        ("Tax before deductions", 6_000_00),
        ("Deductions", -250_00),
        ("Tax of the year", 5_750_00),
    ]
    assert [r[3] for r in grid(page, "Installment").rows] == [1_500_00, 1_500_00, 1_375_00, 1_375_00, 5_750_00]


def test_the_last_free_day_of_each_installment(office: Office) -> None:
    """The 10th; May 10 and August 10, 2025 are a Saturday and a Sunday, so Monday."""
    (page,) = of(office.pages["bills 2025"], "2025-001")
    last = [r[2] for r in grid(page, "Installment").rows[:-1]]
    assert last == [D(2025, 2, 10), D(2025, 5, 12), D(2025, 8, 11), D(2025, 11, 10)]


def test_the_flood_notice_goes_with_the_august_installment_only(office: Office) -> None:
    assert all("Federal flood insurance" in texts(p) for p in office.pages["bills 2025"])
    assert not any("flood" in texts(p) for p in office.pages["preliminary"])
    assert "Quillhaven is eligible" in texts(office.pages["bills 2025"][0])
    assert all("State aid used to hold down the local tax: $5,500.00." in texts(p) for p in office.pages["bills 2025"])


def test_preliminary_and_final_say_so(office: Office) -> None:
    (before,), (after,) = (of(office.pages[n], "2025-001") for n in ("preliminary", "bills 2025"))
    assert before.title == "2025 real estate tax: preliminary bill"
    assert after.title == "2025 real estate tax: final bill"
    assert "preliminary installments of 2025" in texts(before)
    assert "preliminary installments" not in texts(after)
    assert not [b for b in before.blocks if isinstance(b, Grid) and "What the tax is for" in b.headers]


def test_an_authorized_lender_gets_the_bill_and_the_owner_an_advice_copy(office: Office) -> None:
    lender, owner = of(office.pages["bills 2025"], "2025-003")
    assert lender.blocks[1] == Lines(("Made-Up Savings Bank", "For CLARK"), "address")
    assert owner.blocks[1] == Lines(("CLARK", "3 Main St", "Quillhaven, NJ 07722"), "address")
    assert "THIS IS NOT A BILL - FOR ADVICE ONLY" in texts(owner)
    assert "NOT A BILL" not in texts(lender)
    assert stubs(owner) == []
    assert not [b for b in owner.blocks if isinstance(b, Cut)]
    assert len(stubs(lender)) == 2
    # 004 names the same lender, but the owner has not authorized it.
    (only,) = of(office.pages["bills 2025"], "2025-004")
    assert only.blocks[1] == Lines(("DAVIS", "4 Main St", "Quillhaven, NJ 07722"), "address")


def test_stubs_are_for_the_installments_to_come(office: Office) -> None:
    (before,), (after,) = (of(office.pages[n], "2025-002") for n in ("preliminary", "bills 2025"))
    assert [(s.inst, s.due, s.amount) for s in stubs(before)] == [
        (1, D(2025, 2, 1), 1_500_00),
        (2, D(2025, 5, 1), 1_500_00),
    ]
    assert [(s.bill, s.inst, s.due, s.amount) for s in stubs(after)] == [
        ("2025-002", 3, D(2025, 8, 1), 1_375_00),
        ("2025-002", 4, D(2025, 11, 1), 1_375_00),
    ]


def test_what_late_payment_costs_stands_on_the_bill(office: Office) -> None:
    (page,) = of(office.pages["bills 2025"], "2025-001")
    assert "8% a year up to $1,500.00, 18% a year on what is above" in texts(page)
    assert "year-end" not in texts(page).lower(), "the penalty was not adopted here: it is 0%"


def test_every_bill_is_one_page_and_an_owner_named_like_a_formula_is_text(
    office: Office, valid, tmp_path: Path
) -> None:
    for name in ("preliminary", "bills 2025"):
        path = tmp_path / "bills.xlsx"
        path.write_bytes(to_xlsx(office.pages[name]))
        assert valid(path) == []
        (sheet,) = openpyxl.load_workbook(path)
        assert len(sheet.row_breaks.brk) + 1 == len(office.pages[name]) == 5
        cells = [c for row in sheet.iter_rows() for c in row]
        assert not [c for c in cells if c.data_type == "f"]
        assert "=ADAMS, JOHN" in [c.value for c in cells]


@pytest.mark.parametrize("purposes", [8, 10])
def test_four_stubs_and_many_purposes_still_fit_on_one_page(tmp_path: Path, purposes: int) -> None:
    it = Office(tmp_path / "whole.xlsx")
    (tmp_path / "roll.csv").write_text(ROLL, encoding="utf-8")
    it.do(setup.import_roll, tmp_path / "roll.csv", on=D(2025, 1, 2))
    it.fill("Rates", rate_table(2025, "RE", [(f"Purpose {n}", "0.250", 100, "") for n in range(purposes)]))
    it.do(year.bill, 2025, mailed=D(2025, 1, 15), today=D(2025, 1, 15))
    it.do(bills.bills, 2025, on=D(2025, 1, 15))
    pages = it.pages["bills 2025"]
    assert [len(stubs(p)) for p in pages] == [4, 4, 4, 0, 4]
    sheet = openpyxl.load_workbook(_file(tmp_path, pages))["Pages"]
    assert len(sheet.row_breaks.brk) + 1 == 5


def test_a_final_bill_with_ten_purposes_and_a_deduction_is_one_page(tmp_path: Path) -> None:
    """The August bill at its fullest: ten purposes, a deduction, four installments, State aid, the flood notice, two stubs."""
    it = Office(tmp_path / "full.xlsx")
    (tmp_path / "roll.csv").write_text(ROLL, encoding="utf-8")
    it.do(setup.import_roll, tmp_path / "roll.csv", on=D(2025, 1, 2))
    it.do(year.bill, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 15))
    ten = [(f"Purpose {n}", "0.250", 100, "") for n in range(10)]
    it.fill("Rates", rate_table(2025, "RE", [*ten, ("State aid", "", 5_000_00, "Yes")]))
    it.do(year.bill, 2025, stage="final", mailed=D(2025, 6, 12), today=D(2025, 6, 12))
    it.do(bills.bills, 2025, on=D(2025, 6, 12))
    (page,) = of(it.pages["bills 2025"], "2025-002")
    assert "Deductions" in [r[0] for r in grid(page, "Your tax").rows]
    assert [r[0] for r in grid(page, "Installment").rows] == [
        "1 (preliminary bill)",
        "2 (preliminary bill)",
        "3",
        "4",
        "Total",
    ]
    sheet = openpyxl.load_workbook(_file(tmp_path, it.pages["bills 2025"]))["Pages"]
    assert len(sheet.row_breaks.brk) + 1 == len(it.pages["bills 2025"])


def test_a_final_bill_mailed_late_is_free_for_25_days(tmp_path: Path) -> None:
    """N.J.S.A. 54:4-64: mailed July 28, the August installment can be paid free through August 22; the others as always."""
    it = Office(tmp_path / "late.xlsx")
    (tmp_path / "roll.csv").write_text(ROLL, encoding="utf-8")
    it.do(setup.import_roll, tmp_path / "roll.csv", on=D(2025, 1, 2))
    it.do(year.bill, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 15))
    it.do(year.bill, 2025, "RE=2.000", stage="final", mailed=D(2025, 7, 28), today=D(2025, 7, 28))
    it.do(bills.bills, 2025, on=D(2025, 7, 28))
    (page,) = of(it.pages["bills 2025"], "2025-001")
    assert [r[2] for r in grid(page, "Installment").rows][:4] == [
        D(2025, 2, 10),
        D(2025, 5, 12),
        D(2025, 8, 22),
        D(2025, 11, 10),
    ]


def _file(folder: Path, pages: list[Page]) -> Path:
    path = folder / "pages.xlsx"
    path.write_bytes(to_xlsx(pages))
    return path


def test_bad_requests_are_refused(office: Office) -> None:
    for given in ({"year": 2030}, {"year": 2025, "bill": "2025-999"}, {"year": 2025, "levy_type": "MV"}):
        with pytest.raises(BadValue, match="There is no bill"):
            office.do(bills.bills, **given)
    with pytest.raises(BadValue, match="aid is no tax"):
        rates.rates_of(rate_table(2025, "RE", [("Aid", "0.1", 100, "Yes")]), 2025)


# ---- Connecticut ------------------------------------------------------------------------------------------------------


def test_connecticut_says_what_the_rate_would_be_without_aid(tmp_path: Path) -> None:
    """32.75 mills raise 30 million; with 5 million of aid gone it would be 32.75 x 35 / 30 = 38.21 mills."""
    it = Office(tmp_path / "ct.xlsx", "us-ct-south-windsor")
    purposes = [("Town", "10.5", 10_000_000_00, ""), ("Schools", "22.25", 20_000_000_00, "")]
    it.fill("Rates", rate_table(2024, "RE", [*purposes, ("State aid", "", 5_000_000_00, "Yes")]))
    it.bill("Account,Owner,Mail 1,Net Value\nR1,OWNER,1 Elm St,200000\n", 2024, "", D(2025, 6, 24))
    (page,) = it.pages["bills 2024"]
    assert "$5,000,000.00 will be received from the State of Connecticut" in texts(page)
    assert "would be 38.21 mills" in texts(page)
    assert [r[3] for r in grid(page, "Mills").rows] == [2_100_00, 4_450_00, 6_550_00]
    assert [s.amount for s in stubs(page)] == [3_275_00, 3_275_00]


# ---- rates ------------------------------------------------------------------------------------------------------------


def test_a_tax_is_divided_to_the_cent() -> None:
    """100.00 by three equal rates: 33.34, 33.33, 33.33."""
    three = rates.LevyRates(tuple(rates.Purpose(n, Fraction(1), 0) for n in "abc"))
    assert rates.divide(100_00, three) == [33_34, 33_33, 33_33]
    assert sum(rates.divide(1, three)) == 1
    assert rates.divide(0, three) == [0, 0, 0]
    assert rates.divide(50, rates.LevyRates(())) == []


# ---- copies, receipts, servicers, deductions, budget ------------------------------------------------------------------


@pytest.fixture
def town(office: Office, tmp_path: Path) -> Office:
    """A copy of the office to change."""
    it = Office.__new__(Office)
    it.path = tmp_path / "town.xlsx"
    it.path.write_bytes(office.path.read_bytes())
    it.pages, it.files = {}, {}
    return it


def test_copies_are_counted_per_bill_and_year_and_charged(town: Office) -> None:
    """$5 for the first copy of a bill in the year, $25 for each further one; next year it begins again."""
    for today, bill, fee in (
        (D(2025, 7, 20), "2025-001", 5),
        (D(2025, 7, 21), "2025-001", 25),
        (D(2025, 7, 22), "2025-001", 25),
        (D(2025, 7, 23), "2025-002", 5),
        (D(2026, 1, 5), "2025-001", 5),
    ):
        assert f"fee {fee}.00" in town.do(bills.duplicate_bill, bill, "counter", today=today)
    register = town.read("BillCopies")
    assert register["Copy"].tolist() == [1, 2, 3, 1, 1]
    assert register["Fee"].tolist() == [5, 25, 25, 5, 5]
    assert register["No"].tolist() == [1, 2, 3, 4, 5]
    charged = town.read("Adjustments")
    charged = charged[charged["Kind"] == "Fee"]
    assert charged["No"].tolist() == register["Adjustment"].tolist()
    assert charged["Authority"].str.len().min() > 10
    town.do(counter.refresh, D(2026, 1, 5))
    assert town.read("Duplicate").set_index("Bill").loc["2025-001", "Costs"] == 60
    assert town.pages["duplicate bill 2025-001 copy 2"][0].title.endswith("(duplicate, copy 2)")
    assert town.do(control.proof, D(2026, 1, 5)).endswith(" 0 to look at.")


def test_a_copy_without_a_fee_counts_too(town: Office) -> None:
    assert "no fee" in town.do(bills.duplicate_bill, "2025-001", no_fee=True, today=D(2025, 7, 20))
    assert "fee 25.00" in town.do(bills.duplicate_bill, "2025-001", today=D(2025, 7, 21))
    with pytest.raises(BadValue, match='no bill "9"'):
        town.do(bills.duplicate_bill, "9")


def pay(town: Office, today: dt.date, *payments: tuple[str, str]) -> None:
    path = town.path.with_name("payments.csv")
    lines = "".join(f"{a},{m},{today},Check,77\n" for a, m in payments)
    path.write_text("Account,Amount,Received,Tender,Reference\n" + lines, encoding="utf-8")
    town.do(counter.post, path, today=today, as_of=today)


def test_a_receipt_is_printed_again_as_it_stands(town: Office) -> None:
    """002 pays 3,000 on March 3: 31 days... 30/360 from February 1 is 32 days at 8% on 1,500 of quarter 1: 10.67."""
    pay(town, D(2025, 3, 3), ("002", "3000.00"))
    town.do(bills.reprint_receipt, "1")
    (page,) = town.pages.pop("receipt 1")
    rows = grid(page, "Bill").rows
    assert rows[0][:4] == ("2025-002", 2025, "RE", "1")
    assert rows[0][4:6] == (1_500_00, 10_67)
    assert rows[-1][-1] == 3_000_00
    fields = {f[0]: f[1] for b in page.blocks if isinstance(b, Fields) for f in b.fields}
    assert fields["Paid by"] == "Check 77"
    assert fields["Amount"] == 3_000_00
    town.do(counter.reverse, "1", "check returned unpaid", on=D(2025, 3, 10), today=D(2025, 3, 10))
    town.do(bills.reprint_receipt, "1")
    assert "TAKEN BACK by receipt 2 on March 10, 2025" in texts(town.pages["receipt 1"][0])
    with pytest.raises(BadValue, match='no receipt "44"'):
        town.do(bills.reprint_receipt, "44")


def test_printed_files_are_written_beside_the_book(town: Office) -> None:
    """Through the same door as the command line and the buttons."""
    pay(town, D(2025, 3, 3), ("002", "3000.00"))
    for name, inputs, file in (
        ("reprint-receipt", {"receipt": "1"}, "town receipt 1.xlsx"),
        ("bills", {"year": 2025, "on": D(2025, 7, 10)}, "town bills 2025.xlsx"),
        ("month-report", {"through": D(2025, 3, 31)}, "town Collector's monthly report 2025-03-31.xlsx"),
        ("turnover-slip", {"today": D(2025, 3, 31)}, "town Turnover slip 1.xlsx"),
    ):
        run.perform(actions()[name], FilesBook.open(town.path), inputs)
        (first, *_) = openpyxl.load_workbook(town.path.with_name(file))
        assert first["A1"].value == "Quillhaven, Office of the Tax Collector"
    logged = town.read("Log")["Action"].tolist()
    assert logged[-4:] == ["reprint receipt", "print bills", "monthly statement", "turnover slip"]


def test_the_servicer_file_has_the_open_installments_and_its_totals(town: Office) -> None:
    with pytest.raises(BadValue, match="a bank code"):
        town.do(bills.servicer_files, 2025, on=D(2025, 7, 10))
    book = FilesBook.open(town.path)
    codes = [{"2025-001": "0070", "2025-003": "0070", "2025-004": "12"}.get(b) for b in book.read("Duplicate")["Bill"]]
    book.replace_columns("Duplicate", pd.DataFrame({"Bank Code": codes}))
    book.save()
    town.do(bills.servicer_files, 2025, on=D(2025, 7, 10))
    lines = town.files["servicer 0070 2025.csv"].decode().split("\r\n")
    assert len(lines) == 1 + 8 + 1 + 1
    assert (
        lines[1] == '0070,2025-001,,001,1,1,,"=ADAMS, JOHN",1 Main St,2025,RE,1,2025-02-01,2025-02-10,1000.00,1000.00'
    )
    assert lines[-2] == "TOTAL,,,,,,,,,,,8,,,6000.00,6000.00"
    assert set(town.files) == {"servicer 0070 2025.csv", "servicer 12 2025.csv"}
    town.files.clear()
    town.do(bills.servicer_files, 2025, "12", on=D(2025, 7, 10))
    assert set(town.files) == {"servicer 12 2025.csv"}


def test_a_disallowed_deduction_is_payable_june_1_of_the_next_year(town: Office) -> None:
    said = town.do(bills.disallow_deduction, "2025-002", 250_00, today=D(2026, 4, 15))
    assert "250.00 disallowed, payable 2026-06-01" in said
    rows = town.read("Duplicate")
    row = rows[(rows["Bill"] == "2025-002") & (rows["Part"] == "Disallowed")].iloc[0]
    assert (row["Net Tax"], row["Due 1"]) == (250, D(2026, 6, 1))
    town.do(bills.bills, 2025, bill="2025-002", on=D(2026, 4, 15))
    page = town.pages["bills 2025"][1]
    assert page.title == "2025 deduction disallowed: bill"
    assert [(s.due, s.amount) for s in stubs(page)] == [(D(2026, 6, 1), 250_00)]
    for bill, amount, says in (
        ("2025-002", 250_00, "already"),
        ("2025-001", 250_00, "not a part"),
        ("7", 1, "no bill"),
    ):
        with pytest.raises(BadValue, match=says):
            town.do(bills.disallow_deduction, bill, amount, today=D(2026, 4, 15))
    assert town.do(control.proof, D(2026, 4, 15)).endswith(" 0 to look at.")


def test_a_town_without_such_a_day_is_not_guessed_at(tmp_path: Path) -> None:
    it = Office(tmp_path / "ct.xlsx", "us-ct-south-windsor")
    (tmp_path / "roll.csv").write_text("Account,Owner,Net Value,Deductions\nR1,OWNER,200000,100\n", encoding="utf-8")
    it.do(setup.import_roll, tmp_path / "roll.csv", on=D(2025, 6, 1))
    it.do(year.bill, 2024, "RE=32.75", mailed=D(2025, 6, 24), today=D(2025, 6, 24))
    with pytest.raises(BadValue, match="has no day on which a disallowed deduction is payable"):
        it.do(bills.disallow_deduction, "2024-R1", 50_00, today=D(2025, 9, 1))


def test_back_taxes_are_said_on_the_next_years_bill(town: Office) -> None:
    """Only 001 pays its 2025 bill."""
    pay(town, D(2025, 8, 1), ("001", "4100.00"))
    town.do(year.bill, 2026, stage="preliminary", mailed=D(2026, 1, 10), today=D(2026, 1, 10))
    town.do(bills.bills, 2026, on=D(2026, 1, 10))
    owing = {p.key for p in town.pages["bills 2026"] if "unpaid taxes or charges of earlier bills" in texts(p)}
    assert owing == {"2026-002", "2026-003", "2026-004"}


def test_the_monthly_budget_is_the_least_that_covers_every_installment() -> None:
    """Due 1,000 on Aug 1 and 1,000 on Nov 1, from May 15: payments May 15, Jun 15, Jul 15 | Aug, Sep, Oct 15.

    Three payments have to reach 1,000 (333.34) and six have to reach 2,000 (333.34): 333.34.
    """
    table = pd.DataFrame({"Due": pd.to_datetime(["2025-08-01", "2025-11-01"]), "Total": [1_000_00, 1_000_00]})
    assert monthly_amount(table, D(2025, 5, 15)) == 333_34
    assert monthly_amount(table, D(2025, 8, 1)) == 1_000_00
    assert monthly_amount(table, D(2025, 8, 2)) == 1_000_00  # overdue: all of it with the first payment
    assert monthly_amount(table.iloc[:0], D(2025, 8, 2)) == 0


def test_the_printer_asks_the_law_once_for_all_bills(town: Office) -> None:
    desk = Desk.of(FilesBook.open(town.path))
    printer = bills._printer(desk, 2025, D(2025, 7, 10))
    list(printer.pages(desk.duplicate.to_dict("records"), bills._parcels(desk)))
    asked = len(printer._days)
    list(printer.pages(desk.duplicate.to_dict("records") * 50, bills._parcels(desk)))
    assert len(printer._days) == asked


def test_a_hundred_bills_become_one_pdf_of_a_hundred_pages(town: Office, calc, tmp_path: Path) -> None:
    """Through real Calc; a thousand go the same way (docs/performance.md has the time)."""
    desk = Desk.of(FilesBook.open(town.path))
    printer = bills._printer(desk, 2025, D(2025, 7, 10))
    rows = [{**r, "Bill": f"{r['Bill']}/{n}"} for n in range(25) for r in desk.duplicate.to_dict("records")]
    pages = list(printer.pages(rows, bills._parcels(desk)))
    assert len(pages) == 125, "one of the four bills goes to a lender, with the owner's copy"
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (tests/install_calc.sh installs poppler-utils)")
    pdf = calc(_file(tmp_path, pages), "pdf")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    printed = text.split("\f")[:-1]
    assert len(printed) == len(pages)
    for one, page in zip(printed, pages, strict=True):
        assert f"Bill {page.key}" in one
        for stub in stubs(page):
            assert " ".join(scan_line(stub).split()) in " ".join(one.split())


def test_rates_take_a_rate_per_type_and_year() -> None:
    table = pd.concat([rate_table(2025, "RE", PURPOSES), rate_table(2024, "RE", [("Old", "9", 1, "")])])
    found = rates.rates_of(typed(table.assign(Raised=[100] * len(table)), RATES), 2025)
    assert found["RE"].total == 2
    assert found["RE"].aid == 100_00
    assert load("us-nj").rule("levy", D(2025, 1, 1)).params.per == 100  # type: ignore[attr-defined]
