"""Bills on paper: what each state's bill has to say, stubs and scan lines, copies and their fees, receipts, servicers."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.office.billed_town import PURPOSES, ROLL, Office, grid, of, rate_table, stubs, texts
from xltax.actions import bills, setup, year
from xltax.actions.desk import Desk
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.law.levy import Levy
from xltax.law.load import load
from xltax.office.billing import levy_rates
from xltax.office.billing.scan_line import scan_line
from xltax.pages import Cut, Grid, Lines, Page
from xltax.sheets.pages import to_xlsx
from xltax.tables.bills import RATES
from xltax.tables.reading import read

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date


# ---- New Jersey -------------------------------------------------------------------------------------------------------


def test_the_rates_sheet_bills_the_year_and_its_lines_divide_every_bill(office: Office) -> None:
    """2.000 per $100 of 200,000 is 4,000: 624, 2,496, 68 and 812 by the four rates."""
    duplicate = office.read("Duplicate").set_index("Bill")
    assert duplicate.loc["2025-001", "Net Tax"] == 4000
    (page,) = of(office.pages["bills 2025"], "2025-001")
    shown = grid(page, "Purpose of the tax")
    assert [r[0] for r in shown.rows] == ["County", "Local school", "Library", "Municipal", "Tax of the year"]
    assert [r[3] for r in shown.rows] == [624_00, 2_496_00, 68_00, 812_00, 4_000_00]
    assert [r[2] for r in shown.rows] == ["0.312", "1.248", "0.034", "0.406", "2.000"]
    assert shown.headers[2] == "Rate per $100"


def test_a_deduction_stands_between_the_tax_and_what_is_billed(office: Office) -> None:
    (page,) = of(office.pages["bills 2025"], "2025-002")
    assert [(r[0], r[3]) for r in grid(page, "Purpose of the tax").rows][-3:] == [
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
    assert not [b for b in before.blocks if isinstance(b, Grid) and "Purpose of the tax" in b.headers]


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
    assert "8% a year up to $1,500.00, 18% a year on the amount above" in texts(page)
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
        with pytest.raises(BadValue, match="The Duplicate has no"):
            office.do(bills.bills, **given)
    with pytest.raises(BadValue, match="aid is not a tax"):
        levy_rates.rates_of(read(rate_table(2025, "RE", [("Aid", "0.1", 100, "Yes")]), RATES), 2025)


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
    three = levy_rates.LevyRates(tuple(levy_rates.Purpose(n, Fraction(1), 0) for n in "abc"))
    assert levy_rates.divide(100_00, three) == [33_34, 33_33, 33_33]
    assert sum(levy_rates.divide(1, three)) == 1
    assert levy_rates.divide(0, three) == [0, 0, 0]
    assert levy_rates.divide(50, levy_rates.LevyRates(())) == []


# ---- many bills -------------------------------------------------------------------------------------------------------


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
    found = levy_rates.rates_of(read(table.assign(Raised=[100] * len(table)), RATES), 2025)
    assert found["RE"].total == 2
    assert found["RE"].aid == 100_00
    assert load("us-nj").rule(Levy, D(2025, 1, 1)).params.per == 100  # type: ignore[attr-defined]
