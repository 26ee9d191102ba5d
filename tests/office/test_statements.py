"""Statements worked out by hand on small books: they foot, they stay as they were known, each State's in its own lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.books.one_book import PrintingBook
from xltax.actions import setup, statements, year
from xltax.actions.desk import Desk
from xltax.errors import BadValue, LawNotEncoded, Problems
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.office.statements import movements, statement_lines, turnover
from xltax.office.statements.collection_rates import percent
from xltax.office.statements.money_ties import TIE
from xltax.office.statements.movements import Period
from xltax.pages import Grid, Page, Signatures, Text
from xltax.tables import ADJUSTMENTS
from xltax.tables.counter import REVENUE_CODES
from xltax.tables.reading import read
from xltax.tables.statements import ACCOUNTS, RevenueAccount
from xltax.tables.table import Table

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date


class Office(PrintingBook):
    """A town with its roll brought in."""

    def __init__(self, path: Path, town: str, levy_year: int, roll: str, on: dt.date) -> None:
        super().__init__(path)
        new_book(path, town, name="Quillhaven", year=levy_year, as_of=on)
        source = path.with_suffix(".csv")
        source.write_text(roll, encoding="utf-8")
        self.do(setup.import_roll, source, on=on)

    def change(self, today: dt.date, *rows: tuple[str, str, str, str]) -> None:
        """Adjustments by number, bill, kind and amount, effective and recorded today."""

        def write(book: FilesBook) -> str:
            desk = Desk.of(book)
            frame = pd.DataFrame(
                {"No": n, "Effective": today, "Recorded": today, "Bill": b, "Inst": 1, "Kind": k, "Amount": a,
                 "Reason": f"reason {n}", "Authority": f"vote {n}", "Approved By": "Board"}
                for n, b, k, a in rows
            )  # fmt: skip
            desk.append(read(frame, ADJUSTMENTS))
            desk.reallocate(today, "adjusted")
            return "done"

        self.do(write)

    def lines(self, part: str = "") -> dict[str, Any]:
        """The statement last made: amounts by line, of one part (or of all parts with a levy)."""
        table = self.read("Statement")
        table = table[table["Part"].str.startswith(part)] if part else table[table["Levy Year"].notna()]
        return dict(zip(table["Line"], table["Amount"], strict=True))


NJ_ROLL = """Account,Owner,Net Value,Prior Tax,Deductions
001,ADAMS,200000,4000,
002,BAKER,300000,6000,250
"""


@pytest.fixture(scope="module")
def nj(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two parcels: preliminary quarters of 1,000 and 1,500; then 2.000 per $100: 4,000, and 6,000 less 250."""
    it = Office(tmp_path_factory.mktemp("nj") / "town.xlsx", "us-nj-colts-neck", 2025, NJ_ROLL, D(2025, 1, 2))
    it.do(year.bill, 2025, stage="preliminary", mailed=D(2025, 1, 10), today=D(2025, 1, 10))
    it.pay(D(2025, 2, 11), ("001", "1000.00", D(2025, 2, 3)), ("002", "1503.33", D(2025, 2, 11)))
    it.do(statements.turnover_slip, today=D(2025, 2, 28))
    it.pay(D(2025, 5, 1), ("001", "1000.00", D(2025, 5, 1)))
    it.do(year.bill, 2025, "RE=2.000", "final", D(2025, 7, 1), D(2025, 7, 1))
    it.pay(D(2025, 8, 1), ("001", "2000.00", D(2025, 8, 1)))
    it.change(D(2025, 9, 10), ("T-1", "2025-002", "Abatement", "500.00"))
    it.do(year.bill, 2026, stage="preliminary", mailed=D(2025, 12, 1), today=D(2025, 12, 1))
    it.pay(D(2025, 12, 20), ("001", "1000.00", D(2025, 12, 20)))
    it.pay(D(2026, 2, 2), ("001", "1000.00", D(2026, 2, 2)))
    return it


def test_a_month_of_preliminary_bills(nj: Office) -> None:
    """5,000 billed (1,000 + 1,000 + 1,500 + 1,500). 002 was a day past its grace: 10 days at 8% of 1,500 is 3.33."""
    nj.do(statements.month_report, D(2025, 2, 28))
    lines = nj.lines()
    assert lines["Tax levied"] == 5000
    assert lines["Collected this year"] == -2500
    assert lines["Unpaid"] == 2500
    assert lines["Difference"] == 0
    collected = nj.read("Collected").iloc[0]
    assert collected[["Tax", "Interest", "Total"]].tolist() == [2500, 3.33, 2503.33]


def test_the_month_is_the_same_when_it_is_printed_again(nj: Office) -> None:
    """The final bills, the abatement and next year's bills came later; February does not know them."""
    nj.do(statements.month_report, D(2025, 12, 31))
    nj.do(statements.month_report, D(2025, 2, 28))
    assert nj.lines()["Tax levied"] == 5000
    assert nj.lines()["Unpaid"] == 2500
    (page,) = nj.pages["Collector's monthly report 2025-02-28"]
    first = page
    nj.do(statements.month_report, D(2025, 2, 28))
    assert nj.pages["Collector's monthly report 2025-02-28"] == [first]


def test_the_year(nj: Office) -> None:
    """Levied 4,000 + 6,000. Collected 1,000 + 1,500 + 1,000 + 2,000 = 5,500; 500 abated and 250 from the State.

    The abated 500 of the first quarter was paid, so that payment is freed: it pays the interest on the second quarter, 129
    days at 8% of 1,500, 43.00, and 457 of its tax. Unpaid: 10,000 - 5,500 - 500 - 250 + 500 - 457 = 3,793. For 2026 half of 4,000 and of 5,750 - 500 is billed: 4,625; 1,000 came
    in December.
    """
    said = nj.do(statements.annual_statement, D(2025, 12, 31))
    assert "DOES NOT FOOT" not in said
    lines = nj.lines("Taxes of the year")
    assert {k: v for k, v in lines.items() if v} == {
        "Tax levied": 10_000,
        "Collected in the year": -5_500,
        "State deductions": -250,
        "Abated": -500,
        "Overpayments applied": -457,
        "Payments freed by corrections": 500,
        "Unpaid at the end of the year": 3_793,
    }
    after = nj.lines("Next year's")
    assert {k: v for k, v in after.items() if v} == {
        "Preliminary tax billed": 4_625,
        "Received in advance": -1_000,
        "Not yet due": 3_625,
    }
    rate = nj.read("CollectionRate")
    # State deductions count as collected: 5,500 - 43 + 250 of 10,000.
    assert rate[["Levy Year", "Levied", "Collected", "Percent"]].to_numpy().tolist() == [["2025", 10_000, 5_707, 57.07]]


def test_the_next_year_begins_where_the_last_one_ended(nj: Office) -> None:
    """2026: the 1,000 of December is now prepaid, applied; 2025's 3,793 is a delinquent year."""
    nj.do(statements.month_report, D(2026, 2, 28))
    now = nj.lines("Taxes of the current year")
    assert (now["Prepaid, applied"], now["Collected this year"], now["Unpaid"]) == (-1_000, -1_000, 2_625)
    old = nj.lines("Delinquent taxes")
    assert (old["Unpaid at the start"], old["Unpaid"], old["Difference"]) == (3_793, 3_793, 0)


def test_each_line_says_which_rows_it_adds_up(nj: Office) -> None:
    """A treasurer filters the cash book by what Found By says and gets the line."""
    nj.do(statements.annual_statement, D(2025, 12, 31))
    table = nj.read("Statement")
    row = table[table["Line"] == "Collected in the year"].iloc[0]
    assert row["Found By"] == ("Cash Book, Kind not Reallocation: Tax - Discount, posted 2025-01-01 to 2025-12-31")
    book = nj.read("CashBook")
    mine = book[(book["Kind"] != "Reallocation") & (book["Levy Year"] == 2025) & (book["Recorded"] <= D(2025, 12, 31))]
    assert mine["Tax"].sum() == -row["Amount"]
    assert len(mine) == row["Rows"]


def test_the_page_has_what_is_signed(nj: Office) -> None:
    nj.do(statements.annual_statement, D(2025, 12, 31))
    (page,) = nj.pages["Collector's annual statement 2025-12-31"]
    said = [b.text for b in page.blocks if isinstance(b, Text)]
    assert "Total of all differences: $0.00. Every part foots." in said
    # Two parts, and the lines that tie them to the money.
    assert said.count("Difference: $0.00 (must be $0.00)") == 3
    assert Signatures(("Collector of Taxes, and date", "Received: Chief Financial Officer, and date")) in page.blocks
    rows = [r for b in page.blocks if isinstance(b, Grid) and b.headers[0] == "Bill" for r in b.rows]
    assert rows[0] == ("2025-002", "BAKER", "Abatement", "reason T-1", "vote T-1", -500_00)


def test_a_book_that_does_not_foot_says_so(nj: Office, tmp_path: Path) -> None:
    """A line of the cash book altered by hand: the tax it says was paid is not what the law makes of the money."""

    from tests.books import spoil

    it = nj.copied(tmp_path / "altered.xlsx")
    spoil.cell(it.path, "CashBook", 1, "Tax", 900)
    spoil.cell(it.path, "CashBook", 1, "Overpaid", 100)
    assert "THE STATEMENT DOES NOT FOOT: differences of $100.00" in it.do(statements.month_report, D(2025, 2, 28))
    assert it.lines("Taxes of the current year")["Difference"] == 100
    (page,) = it.pages["Collector's monthly report 2025-02-28"]
    assert any("DOES NOT FOOT" in b.text for b in page.blocks if isinstance(b, Text))


# ---- turnover and general ledger --------------------------------------------------------------------------------------


def test_slips_take_every_line_once_and_are_numbered(nj: Office) -> None:
    first = nj.read("Turnovers")
    assert first[["Slip", "Code", "Amount", "First Line", "Last Line"]].to_numpy().tolist() == [
        [1, "INTEREST", 3.33, 1, 2],
        [1, "TAX-CURRENT", 2500, 1, 2],
    ]
    nj.do(statements.turnover_slip, through=D(2025, 8, 31), today=D(2025, 9, 1))
    nj.do(statements.turnover_slip, today=D(2026, 2, 28))
    table = nj.read("Turnovers")
    assert table["Amount"].sum() == nj.read("CashBook")["Total"].sum()
    assert sorted(set(table["Slip"])) == [1, 2, 3]
    assert table[table["Slip"] == 2]["Amount"].sum() == 3000
    (page,) = nj.pages["Turnover slip 3"]
    assert page.blocks[-1] == Signatures(
        ("Turned over by the collector, and date", "Received by the treasurer, and date")
    )
    with pytest.raises(BadValue, match="nothing to turn over"):
        nj.do(statements.turnover_slip, today=D(2026, 3, 1))


def lines_of(**amounts: int) -> pd.DataFrame:
    base = dict.fromkeys(("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount"), 0)
    row = {"Posted": pd.Timestamp(2025, 3, 3), "Levy Year": 2025, "Levy Type": "RE", "Part": "", "Revenue Code": ""}
    return pd.DataFrame([row | base | amounts])


def accounts(*rows: tuple[str, str, str, str, str]) -> Table[RevenueAccount]:
    return Table.made(
        ACCOUNTS,
        [dict(zip(("Code", "Column", "Year", "Levy Type", "GL Account"), row, strict=True)) for row in rows],
    )


def test_the_account_that_names_most_takes_the_money() -> None:
    table = accounts(
        ("1", "Tax", "", "", "101"), ("2", "Tax", "Prior", "", "102"), ("3", "Tax", "Prior", "MV", "103"),
        ("DOG", "Misc", "", "", "104"), ("9", "Misc", "", "", "109"),
    )  # fmt: skip

    def code(posted: int, **more: Any) -> list[str]:
        lines = lines_of(**more).assign(Posted=pd.Timestamp(posted, 3, 3))
        return list(turnover.by_account(lines, table, load("us-nj"))["Code"])

    assert code(2025, Tax=5) == ["1"]
    assert code(2026, Tax=5) == ["2"]
    assert code(2026, Tax=5, **{"Levy Type": "MV"}) == ["3"]
    assert code(2025, Misc=5, **{"Revenue Code": "DOG"}) == ["DOG"]
    with pytest.raises(Problems, match="No account takes Misc for current levies, type RE, revenue code CAT"):
        code(2025, Misc=5, **{"Revenue Code": "CAT"})
    with pytest.raises(Problems, match="Both DOG and 9 take Misc"):
        code(2025, Misc=5)
    with pytest.raises(Problems, match="No account takes Interest for current levies, type RE"):
        code(2025, Interest=5)


def test_money_of_a_revenue_code_needs_no_second_row() -> None:
    """Suspense money goes over under its code of Revenue Codes; a code nobody declared is refused with the row to type."""
    codes = Table.made(
        REVENUE_CODES, [{"Code": "SUSPENSE", "Name": "Money whose account is not known", "GL Account": "201"}]
    )
    suspense = lines_of(Misc=5, **{"Revenue Code": "SUSPENSE"})
    for table in (accounts(), accounts(("1", "Tax", "", "", "101"))):
        found = turnover.by_account(suspense, table, load("us-nj"), codes)
        assert found[["Code", "Name", "GL Account", "Amount"]].to_numpy().tolist() == [
            ["SUSPENSE", "Money whose account is not known", "201", 5]
        ]
    own = accounts(("SUSPENSE", "Misc", "", "", "999"))
    assert list(turnover.by_account(suspense, own, load("us-nj"), codes)["GL Account"]) == ["999"], (
        "her own row decides"
    )
    with pytest.raises(Problems, match="Add a row: Code DOG, Column Misc, the Name to print, Year and Levy Type empty"):
        turnover.by_account(lines_of(Misc=5, **{"Revenue Code": "DOG"}), own, load("us-nj"), codes)


def test_the_ledger_entries_balance_day_by_day(nj: Office, tmp_path: Path) -> None:
    it = nj.copied(tmp_path / "gl.xlsx")
    with pytest.raises(Problems, match="no row for Cash"):
        it.do(statements.ledger_export, D(2025, 12, 31), D(2025, 1, 1))
    table = accounts(("1", "Tax", "", "", "101"), ("2", "Interest", "", "", "102"), ("B", "Cash", "", "", "100"))
    book = FilesBook.open(it.path)
    book.append("RevenueAccounts", table)
    book.save()
    said = it.do(statements.ledger_export, D(2025, 2, 28))
    assert said.startswith("Export 1: 3 lines, debits and credits of $2,503.33 each.")
    assert it.files["general ledger 2025-02-01 to 2025-02-28.csv"].decode().split("\r\n") == [
        "Date,Account,Description,Debit,Credit,Reference,Levy Year,Entry",
        "2025-02-11,100,Cash,2503.33,,GL1-1,,1",
        "2025-02-11,101,1,,2500.00,GL1-1,,1",
        "2025-02-11,102,2,,3.33,GL1-1,,1",
        "",
    ]
    with pytest.raises(BadValue, match="Nothing was posted"):
        it.do(statements.ledger_export, D(2024, 2, 28))


# ---- Connecticut ------------------------------------------------------------------------------------------------------

CT_ROLL = "Account,Party,Levy Type,Owner,Net Value\nR1,R1,RE,ONE,200000\nR2,R2,RE,TWO,100000\nM1,M1,MV,THREE,10000\nM2,M2,MV,FOUR,2000\n"


@pytest.fixture(scope="module")
def ct(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The 2024 list at 32.75 mills, vehicles 32.46, billed in June 2025 for July 1; R1 pays its first half in June."""
    it = Office(tmp_path_factory.mktemp("ct") / "town.xlsx", "us-ct-south-windsor", 2024, CT_ROLL, D(2025, 6, 1))
    it.do(year.bill, 2024, "RE=32.75, MV=32.46", mailed=D(2025, 6, 20), today=D(2025, 6, 20))
    it.pay(D(2025, 6, 27), ("R1", "3275.00", D(2025, 6, 27)))
    it.pay(D(2025, 7, 20), ("M1", "324.60", D(2025, 7, 18)))
    it.pay(D(2025, 9, 5), ("R2", "1000.00", D(2025, 9, 5)))
    it.change(D(2025, 10, 2), ("C-1", "2024-R2", "Correction Down", "100.00"), ("C-2", "2024-R2", "Abatement", "50.00"))
    it.change(D(2026, 5, 1), ("C-3", "2024-M2", "Suspense", "64.92"))
    return it


def test_connecticut_by_rate_bill(ct: Office) -> None:
    """Became due July 1: 6,550 + 3,275 and 324.60 + 64.92. R2 was three months late: 4.5% of 1,637.50 is 73.69.

    Real estate: 9,825 - 100 - 50 - 3,275 - (1,000 - 73.69) = 5,473.69; what R1 paid in June counts in July.
    """
    ct.do(statements.annual_statement, D(2026, 6, 30))
    table = ct.read("Statement")

    def bill(kind: str) -> dict[str, Any]:
        mine = table[(table["Levy Type"] == kind) & (table["Part"] == "The year, by rate bill")]
        return {k: v for k, v in zip(mine["Line"], mine["Amount"], strict=True) if v}

    assert {k: v for k, v in ct.lines("Received before").items() if v} == {
        "Held at the start": 3275, "Applied when due": -3275,
    }  # fmt: skip
    assert bill("RE") == {
        "Became due": 9825,
        "Corrections -": -100,
        "Abated": -50,
        "Taxes collected": -4201.31,
        "Uncollected": 5473.69,
    }
    assert bill("MV") == {"Became due": 389.52, "To suspense": -64.92, "Taxes collected": -324.60}
    collected = ct.read("Collected").set_index("Levy Type")
    assert collected.loc["RE", ["Tax", "Interest"]].tolist() == [926.31, 73.69]


def test_connecticut_schedules_have_names_reasons_and_authority(ct: Office) -> None:
    ct.do(statements.annual_statement, D(2026, 6, 30))
    page: Page = ct.pages["Statement of the tax collector by rate bill 2026-06-30"][0]
    rows = [r for b in page.blocks if isinstance(b, Grid) and b.headers[0] == "Bill" for r in b.rows]
    assert ("2024-R2", "TWO", "Abatement", "reason C-2", "vote C-2", -50_00) in rows
    assert ("2024-R2", "TWO", "Correction Down", "reason C-1", "vote C-1", -100_00) in rows
    assert ("2024-M2", "FOUR", "Suspense", "reason C-3", "vote C-3", -64_92) in rows


def test_a_bill_not_yet_due_is_no_part_of_june(ct: Office) -> None:
    ct.do(statements.month_report, D(2025, 6, 30))
    early = "Received before the bill became due"
    assert set(ct.read("Statement")["Part"]) == {early, TIE}, "no rate bill, only the money that came in early"
    assert {k: v for k, v in ct.lines(early).items() if v} == {
        "Received, less refunds and payments freed": 3275, "Held at the end": 3275,
    }  # fmt: skip
    assert ct.read("Collected")["Total"].tolist() == [3275]


def test_collections_by_month_and_delinquency_by_age(ct: Office) -> None:
    """On January 31, 2026: R2 owes 1,637.50 - 926.31 - 150 of July and all of January, in time; M2 64.92 since July."""
    ct.do(statements.month_report, D(2026, 1, 31))
    months = ct.read("CollectionsByMonth").set_index("Month")["This Year"]
    assert list(months.index) == ["Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan"]
    assert months[months != 0].to_dict() == {"Jun": 3275, "Jul": 324.60, "Sep": 1000}
    ages = ct.read("DelinquencyByAge").set_index("Age")
    # Seven months, 10.5%: M2 6.82, or 64.92 + 6.82 = 71.74. R2: October on 711.19, 10.67; on October 2 150
    # went off, so November to January on 561.19, 25.25.
    assert ages["This Year"].tolist() == [0, pytest.approx(71.74 + 561.19 + 10.67 + 25.25), 0, 0, 0]
    assert ages["Last Year"].sum() == 0


# ---- Pennsylvania -----------------------------------------------------------------------------------------------------


def test_pennsylvania_settles_at_face_with_discount_and_penalty_apart(tmp_path: Path) -> None:
    """2,000 paid at 2% off, 1,000 at face, 500 with 10%: face 3,500, discount 40, penalty 50, cash 3,510."""
    roll = "Account,Owner,Net Value\n1,ONE,200000\n2,TWO,100000\n3,THREE,50000\n"
    it = Office(tmp_path / "pa.xlsx", "us-pa-borough", 2025, roll, D(2025, 3, 1))
    it.do(year.bill, 2025, "RE=10", mailed=D(2025, 3, 1), today=D(2025, 3, 1))
    it.pay(D(2025, 3, 20), ("1", "1960.00", D(2025, 3, 20)))
    it.pay(D(2025, 6, 10), ("2", "1000.00", D(2025, 6, 10)))
    it.pay(D(2025, 8, 10), ("3", "550.00", D(2025, 8, 10)))
    it.do(statements.annual_statement, D(2025, 12, 31))
    lines = {k: v for k, v in it.lines().items() if v}
    assert lines == {
        "B Duplicate and interim bills": 3500, "D Total to account for": 3500, "1 Collected, at face": 3500,
        "E Total credits": 3500,
    }  # fmt: skip
    row = it.read("Collected").iloc[0]
    assert row[["Tax", "Penalty", "Discount", "Total"]].tolist() == [3500, 50, 40, 3510]
    it.do(statements.month_report, D(2025, 6, 30))
    assert it.lines("A.")["1 Balance collectable at the start"] == 1500
    assert it.lines("A.")["8 Balance collectable at the end"] == 500
    assert it.lines("B.")["13 Total cash collected"] == 1000


# ---- refused, and small parts -----------------------------------------------------------------------------------------


def test_bad_requests_are_refused(nj: Office) -> None:
    with pytest.raises(BadValue, match="is after the last day"):
        nj.do(statements.month_report, D(2025, 2, 28), D(2025, 3, 5))
    with pytest.raises(LawNotEncoded, match="has no settlement statement"):
        statement_lines.rules_of(load("us-nj"), "settlement", D(2025, 1, 1))
    parish = load("us-la")
    without = replace(parish, rules=tuple(rule for rule in parish.rules if rule.name != "statement"))
    with pytest.raises(LawNotEncoded, match="no monthly statement"):
        statement_lines.rules_of(without, "monthly", D(2025, 1, 1))


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(1, 3, "33.33"), (2, 3, "66.67"), (57, 100, "57"), (1, 800, "0.13"), (5, 0, "")]
)
def test_percentages_are_rounded_half_up(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_every_kind_of_adjustment_has_its_line() -> None:
    from xltax.tables import ADJUSTMENT_KINDS, REFUND

    assert set(movements.BY_KIND) == set(ADJUSTMENT_KINDS) - {REFUND}


def test_a_period_in_words() -> None:
    assert str(Period(D(2025, 7, 1), D(2026, 6, 30))) == "Jul 1, 2025 to Jun 30, 2026"
    assert Period(D(2025, 3, 1), D(2025, 3, 31)).year("07-01") == Period(D(2024, 7, 1), D(2025, 3, 31))
