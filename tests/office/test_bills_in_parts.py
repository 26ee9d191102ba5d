"""Bills in parts, such as Maryland's City and State tax: billed, printed on one page, paid, and refused where a part is unknown."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.office.billed_town import Office, grid, of, stubs, texts
from xltax.actions import bills, control, counter, setup, year
from xltax.errors import BadValue, Problems, TaxError
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.office.billing import levy_bills
from xltax.tables import ADJUSTMENTS, DUPLICATE, ROLL, Parcel
from xltax.tables.reading import read
from xltax.tables.table import Table

D = dt.date
pytestmark = pytest.mark.filterwarnings("ignore:Print area")
BALTIMORE = "us-md-baltimore-city"
RATES = {"RE": {"City": Fraction("2.248"), "State": Fraction("0.112")}}
THE_ROLL = """Account,Owner,Mail 1,Mail 2,Location,Block,Lot,Net Value
0001,ADAMS,1 Charles St,"Baltimore, MD 21201",1 Charles St,1,1,250000
0002,BAKER,2 Charles St,"Baltimore, MD 21201",2 Charles St,1,2,100013
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two parcels of Baltimore, billed by the Rates sheet on July 1, 2025."""
    folder = tmp_path_factory.mktemp("parts")
    it = Office(folder / "town.xlsx", BALTIMORE)
    (folder / "roll.csv").write_text(THE_ROLL, encoding="utf-8")
    it.do(setup.import_roll, folder / "roll.csv", on=D(2025, 6, 1))
    lines = [("City", "City of Baltimore", "2.248"), ("State", "State of Maryland", "0.112")]
    it.fill("Rates", pd.DataFrame(
        [{"Levy Year": 2025, "Levy Type": "RE", "Part": p, "Purpose": n, "Rate": r, "Raised": 0, "State Aid": ""} for p, n, r in lines]
    ))  # fmt: skip
    it.said = it.do(year.bill, 2025, mailed=D(2025, 7, 1), today=D(2025, 7, 1))  # type: ignore[attr-defined]
    it.do(bills.bills, 2025, on=D(2025, 7, 1))
    return it


def test_each_part_is_a_row_of_its_own_under_one_bill_number(office: Office) -> None:
    """250,000 at 2.248 is 5,620.00 (published, Lavigate) and at 0.112 280.00.

    100,013 gives 2,248.29224 and 112.01456: 2,360.30 when each is rounded, though both together would be 2,360.31.
    """
    rows = office.read("Duplicate")
    assert list(zip(rows["Bill"], rows["Part"], rows["Net Tax"], rows["Inst 1"], strict=True)) == [
        ("2025-0001", "City", 5620, 5620), ("2025-0001", "State", 280, 280),
        ("2025-0002", "City", 2248.29, 2248.29), ("2025-0002", "State", 112.01, 112.01),
    ]  # fmt: skip
    assert "2 bills for 2025 (whole), net tax $8,260.30. City: $7,868.29. State: $392.01." in office.said  # type: ignore[attr-defined]


def test_start_and_proof_count_bills_not_their_parts(office: Office) -> None:
    """Two parcels, four rows: the certified list says two bills, and Proof agrees with it, in the sheet and in its checks."""
    book = FilesBook.open(office.path)
    book.set("control_bills", 2)
    assert "Bills                OK" in control.proof(book).text
    assert book.get("bill_parts") == 2
    book.save()
    opened = openpyxl.load_workbook(office.path, data_only=True)
    start = {row[0].value: row[1].value for row in opened["Start"].iter_rows(min_row=16)}
    assert (start["Bills on the duplicate"], start["Additional parts of these bills"]) == (2, 2)
    assert next(row for row in opened["Proof"].iter_rows(values_only=True) if row[0] == "Bills")[2:6] == (2, 2, 0, "OK")


def test_both_parts_stand_on_one_page_with_one_stub(office: Office) -> None:
    (page,) = of(office.pages["bills 2025"], "2025-0002")
    assert "City and State" in page.title
    assert [tuple(r) for r in grid(page, "Purpose of the tax").rows] == [
        ("City: City of Baltimore", "2.248", 2_248_29), ("State: State of Maryland", "0.112", 112_01),
        ("Tax of the year", "2.360", 2_360_30),
    ]  # fmt: skip
    due = grid(page, "Installment")
    assert due.headers[3:] == ("City part", "State part", "Amount")
    assert due.rows == [("1", D(2025, 7, 1), D(2025, 9, 30), 2_248_29, 112_01, 2_360_30)]
    assert [(s.bill, s.amount) for s in stubs(page)] == [("2025-0002", 2_360_30)]
    late = texts(page)
    assert late.index("City part: ") < late.index("State part: ")
    assert len(office.pages["bills 2025"]) == 2


def test_a_bill_says_what_an_early_payment_saves(office: Office) -> None:
    """Half a percent off the City's 5,620.00, 28.10, if the bill is paid in full by July 31."""
    (page,) = of(office.pages["bills 2025"], "2025-0001")
    assert grid(page, "If paid in full").rows == [["by Jul 31, 2025", 5_871_90], ["by Sep 30, 2025", 5_900_00]]


def test_a_pennsylvania_bill_prints_discount_face_and_penalty_with_their_days(tmp_path: Path) -> None:
    """11.75 mills of 164,761 are 1,935.94; 2% is 38.72, 10% 193.59. Two and four months from March 1, less a day."""
    it = Office(tmp_path / "pa.xlsx", "us-pa-borough")
    it.bill("Account,Owner,Mail 1,Net Value\n1,OWNER,1 Elm St,164761\n", 2025, "RE=11.75", D(2025, 3, 1))
    (page,) = it.pages["bills 2025"]
    assert grid(page, "If paid in full").rows == [
        ["by Apr 30, 2025", 1_897_22], ["by Jun 30, 2025", 1_935_94], ["after Jun 30, 2025", 2_129_53],
    ]  # fmt: skip


def test_a_copy_of_a_bill_has_both_parts_too(office: Office) -> None:
    office.do(bills.duplicate_bill, "2025-0001", no_fee=True, today=D(2025, 8, 1))
    (page,) = office.pages["duplicate bill 2025-0001 copy 1"]
    assert [s.amount for s in stubs(page)] == [5_900_00]


def test_a_late_payment_bears_what_each_part_bears(tmp_path: Path, office: Office) -> None:
    """Paid on December 10, 2025: the third month from October 1, so 6% of the City's part and 3% of the State's.

    2,248.29 x 2% = 44.97 a month (44.9658), 134.91 for three, of it 67.44 interest (22.48 a month) and 67.47 penalty;
    112.01 x 1% = 1.12 a month, 3.36. 2,360.30 + 134.91 + 3.36 = 2,498.57.
    """
    pay = tmp_path / "pay.csv"
    pay.write_text("Account,Amount,Received,Tender\n0002,2498.57,2025-12-10,Check\n", encoding="utf-8")
    office.do(counter.post, pay, today=D(2025, 12, 10), as_of=D(2025, 12, 10))
    lines = office.read("CashBook").groupby("Part")[["Tax", "Interest", "Penalty", "Overpaid"]].sum().round(2)
    assert lines.loc["City"].sum() == pytest.approx(2_248.29 + 134.91)
    assert lines.loc["State"].tolist() == [112.01, 3.36, 0, 0]
    rows = office.read("Duplicate").set_index(["Bill", "Part"])["Total Due"]
    assert rows.loc["2025-0002"].tolist() == [0, 0]


def test_last_years_tax_counts_what_was_lowered_once() -> None:
    """An abatement of 100.00 on the City's part leaves 5,520.00 + 280.00."""
    bills_ = read(pd.DataFrame(
        [{"Bill": "24-1", "Account": "1", "Levy Year": 2024, "Part": p, "Net Tax": t, "Inst 1": t, "Due 1": D(2024, 7, 1)} for p, t in (("City", "5620"), ("State", "280"))]
    ), DUPLICATE)  # fmt: skip
    lowered = read(pd.DataFrame([{
        "No": "1", "Effective": D(2024, 7, 1), "Bill": "24-1", "Part": "City", "Kind": "Abatement", "Amount": "100",
    }]), ADJUSTMENTS)  # fmt: skip
    assert year.prior_tax(bills_, lowered, 2025) == {"1": 5_800_00}


def parcel(**more: str) -> Table[Parcel]:
    """One account of a roll."""
    return read(pd.DataFrame([{"Account": "1", "Net Value": "250000"} | more]), ROLL)


@pytest.mark.parametrize(
    ("town", "text", "says"),
    [
        (BALTIMORE, "RE=2.36", "RE in Baltimore City, Maryland has the parts City and State, each with its own rate"),
        (BALTIMORE, "RE Cty=2.248, RE State=0.112", 'has no part "Cty". Its parts are City and State'),
        (BALTIMORE, "RE City=2.248, RE City=0.112", '"RE City" has two rates'),
        (BALTIMORE, "RE City=2.248, RE State=-1", "rates, RE State: The rate is below zero"),
        ("us-nj-colts-neck", "RE County=1, RE Town=1", "preliminary bills for RE, which cannot have parts"),
        ("us-pa-borough", "RE=1, RE School=1", "RE has rates with a part and a rate without a part"),
    ],
)
def test_parts_that_cannot_be_billed_are_refused(town: str, text: str, says: str) -> None:
    with pytest.raises(TaxError) as refused:
        levy_bills.bill(parcel(), load(town), 2025, year.rates_of(text))
    assert says in str(refused.value)


def test_a_deduction_on_the_roll_is_refused_where_no_rule_divides_it() -> None:
    with pytest.raises(Problems, match="does not say which part the deduction applies to"):
        levy_bills.bill(parcel(Deductions="50"), load(BALTIMORE), 2025, RATES)


def test_districts_of_a_town_without_rules_for_parts_are_billed_too() -> None:
    """A Pennsylvania borough's county and school tax: 100,000 at 10 and 25 mills, by the rules for all parts."""
    rows, _ = levy_bills.bill(
        parcel(**{"Net Value": "100000"}), load("us-pa-borough"), 2025, year.rates_of("RE County=10, RE School=25")
    )
    assert list(zip(rows["Part"], rows["Net Tax"], strict=True)) == [("County", 1_000_00), ("School", 2_500_00)]
    with pytest.raises(BadValue, match="does not give a rate"):
        year.rates_of("RE County")
