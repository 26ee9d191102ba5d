"""Statements around the turn of a year, of a book that began in one, of parts, and of a book whose proof fails: by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from tests.books import spoil
from tests.office.test_statements import CT_ROLL, NJ_ROLL, Office, accounts
from xltax.actions import adjusting, control, counter, setup, statements, year
from xltax.actions.desk import Desk
from xltax.cli import main
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.office.statements import current_levy_year
from xltax.office.statements.money_ties import CREDIT, TIE
from xltax.pages import Grid, Text

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


def lines(it: Office, part: str) -> dict[str, float]:
    """The lines of one part of the statement last made that are not zero."""
    return {k: v for k, v in it.lines(part).items() if v}


def run(*words: object) -> tuple[int, str]:
    """A command as typed: its exit code and what it said."""
    done = CliRunner().invoke(main, [str(w) for w in words])
    return done.exit_code, done.output


def fill(it: Office, table: str, **columns: Any) -> None:
    """Types one row into a table."""
    it.do(lambda book: book.append(table, pd.DataFrame([columns])) or "")  # type: ignore[arg-type, func-returns-value]


# ---- which levy is current --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("town", "day", "year"),
    [
        ("us-nj", D(2025, 1, 1), 2025),  # a calendar year: January 1, though the first installment is due February 1
        ("us-nj", D(2025, 12, 31), 2025),
        ("us-ct", D(2025, 6, 30), 2023),  # the list of October 2023, billed July 1, 2024
        ("us-ct", D(2025, 7, 1), 2024),
        ("us-md", D(2025, 6, 30), 2024),
        ("us-md", D(2025, 7, 1), 2025),
        ("us-pa", D(2025, 1, 1), 2025),  # though the notice is of March 1
    ],
)
def test_the_current_levy_is_that_of_the_fiscal_year(town: str, day: dt.date, year: int) -> None:
    law = load(town)
    assert current_levy_year.levy_year(law, day) == year
    # A book made before there was a rule: its statements say when the year begins, its installments which levy is in it.
    older = Profile(law.id, law.name, tuple(r for r in law.rules if r.name != "fiscal_year"))
    if town in ("us-nj", "us-pa"):
        assert current_levy_year.levy_year(older, day) == year


@pytest.fixture(scope="module")
def nj(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2025: 4,000 and 6,000 in quarters; 001 pays all, 1,000 of 2026 in December; 002 pays 1,500 of 2025 in January."""
    it = Office(tmp_path_factory.mktemp("turn") / "town.xlsx", "us-nj-colts-neck", 2025, NJ_ROLL, D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10))
    it.pay(D(2025, 2, 3), ("001", "4000.00", D(2025, 2, 3)))
    it.do(year.bill, 2026, stage="preliminary", mailed=D(2025, 12, 1), today=D(2025, 12, 1))
    it.pay(D(2025, 12, 20), ("001", "1000.00", D(2025, 12, 20)))
    it.pay(D(2026, 1, 31), ("002", "730.49", D(2026, 1, 31)))
    it.pay(D(2026, 1, 31), ("001", "1000.00", D(2026, 1, 31)))
    return it


def test_in_january_last_years_levy_is_delinquent_and_this_years_is_current(nj: Office) -> None:
    """2025 is unpaid with 5,750 of 002 (6,000 less 250); 2026 is billed with half of 4,000 and of 5,750, 4,875."""
    nj.do(statements.month_report, D(2026, 1, 31))
    current = lines(nj, "Taxes of the current year")
    assert current == {"Tax levied": 4_875, "Prepaid, applied": -1_000, "Collected this year": -1_000, "Unpaid": 2_875}
    old = lines(nj, "Delinquent taxes")
    # The 730.49 went to interest first: all of it, so 2025's tax is as it was.
    assert old["Unpaid at the start"] == 5_750
    assert "Preliminary tax billed" not in lines(nj, "Next year's")
    nj.do(statements.month_report, D(2025, 12, 31))
    assert lines(nj, "Next year's") == {
        "Preliminary tax billed": 4_875, "Received in advance": -1_000, "Not yet due": 3_875,
    }  # fmt: skip


def test_a_slip_takes_each_line_by_its_own_day(nj: Office, tmp_path: Path) -> None:
    """One slip of February 3: 4,000 of 2025 in 2025, 1,000 of 2026 in December 2025, then January 2026's."""
    it = nj.copied(tmp_path / "slip.xlsx")
    it.do(statements.turnover_slip, today=D(2026, 2, 3))
    rows = it.read("Turnovers").set_index("Code")["Amount"]
    book = it.read("CashBook")
    january = book[(book["Received"] == D(2026, 1, 31)) & (book["Levy Year"] == 2025)]
    assert rows["TAX-CURRENT"] == 4_000 + 1_000
    assert rows["TAX-NEXT"] == 1_000, "December's money for 2026 was money in advance, whenever it is turned over"
    assert rows.get("TAX-PRIOR", 0) == january["Tax"].sum()
    # A day earlier or later makes no difference: the same receipts go to the same accounts.
    other = nj.copied(tmp_path / "slip2.xlsx")
    other.do(statements.turnover_slip, today=D(2026, 1, 31))
    assert other.read("Turnovers").set_index("Code")["Amount"].to_dict() == rows.to_dict()


def test_the_ledger_has_the_same_years(nj: Office, tmp_path: Path) -> None:
    it = nj.copied(tmp_path / "gl.xlsx")
    rows = accounts(
        ("T", "Tax", "Current", "", "101"), ("P", "Tax", "Prior", "", "102"), ("N", "Tax", "Next", "", "103"),
        ("I", "Interest", "", "", "104"), ("B", "Cash", "", "", "100"),
    )  # fmt: skip
    it.do(lambda book: book.append("RevenueAccounts", rows) or "")  # type: ignore[arg-type, func-returns-value]
    it.do(statements.ledger_export, D(2026, 2, 28), D(2025, 12, 1))
    text = it.files["general ledger 2025-12-01 to 2026-02-28.csv"].decode()
    assert "2025-12-20,103,N,,1000.00," in text
    assert "2026-01-31,101,T,,1000.00," in text


# ---- Connecticut: collected, and taxes collected ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def ct(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The 2024 list: 6,550, 3,275 and two vehicles. June 2025: R1 pays 3,275 early. June 2026: R1 pays 2,000 for July."""
    it = Office(tmp_path_factory.mktemp("ct") / "town.xlsx", "us-ct-south-windsor", 2024, CT_ROLL, D(2025, 6, 1))
    it.do(year.bill, 2024, "RE=32.75, MV=32.46", mailed=D(2025, 6, 20), today=D(2025, 6, 20))
    it.pay(D(2025, 6, 27), ("R1", "3275.00", D(2025, 6, 27)))
    it.pay(D(2025, 7, 20), ("M1", "400.00", D(2025, 7, 18)))  # 324.60 is due: 75.40 too much
    it.pay(D(2025, 9, 5), ("R2", "1000.00", D(2025, 9, 5)))
    it.pay(D(2026, 1, 20), ("R1", "3275.00", D(2026, 1, 20)))
    it.do(year.bill, 2025, "RE=33.00, MV=32.46", mailed=D(2026, 6, 20), today=D(2026, 6, 20))
    it.pay(D(2026, 6, 27), ("R1", "2000.00", D(2026, 6, 27)))
    return it


def test_taxes_collected_are_tied_to_the_money(ct: Office) -> None:
    """The year to June 30, 2026. R2 was three months late on 1,637.50: 73.69 of its 1,000 is interest, 926.31 tax.

    Taxes of the lines: 3,275 + 324.60 + 926.31 + 3,275 = 7,800.91. Less last June's 3,275, plus 73.69 interest. For the next list
    2,000 came in, and the 75.40 that M1 overpaid was applied to its bill of June 20: 2,075.40, and nothing is overpaid any more.
    Together 6,675.00, and 400 + 1,000 + 3,275 + 2,000 came in.
    """
    said = ct.do(statements.annual_statement, D(2026, 6, 30))
    assert "DOES NOT FOOT" not in said
    assert lines(ct, TIE) == {
        "Taxes collected, on the lines above": 7_800.91,
        "Received before this period, counted in it": -3_275,
        "Received for bills that count later": 2_075.40,
        "Interest": 73.69,
        "Collected in the period, all kinds of money": 6_675,
    }
    assert ct.read("Collected")["Total"].sum() == 6_675
    table = ct.read("Statement")
    by_line = table[table["Part"] == "The year, by rate bill"].groupby("Line")["Amount"].sum()
    assert by_line["Taxes collected"] == pytest.approx(-7_800.91)


def test_refunds_stand_on_the_statement(tmp_path: Path) -> None:
    """75.40 too much, 50.00 of it paid back on September 1 by order 7: 25.40 is on hand. The money of the year stays 400.00."""
    ct = Office(tmp_path / "refund.xlsx", "us-ct-south-windsor", 2024, CT_ROLL, D(2025, 6, 1))
    ct.do(year.bill, 2024, "RE=32.75, MV=32.46", mailed=D(2025, 6, 20), today=D(2025, 6, 20))
    ct.pay(D(2025, 7, 20), ("M1", "400.00", D(2025, 7, 18)))
    ct.do(adjusting.refund, "M1", 50_00, "paid twice", "12-129, order 7", "Selectmen", today=D(2025, 9, 1))
    ct.do(statements.annual_statement, D(2026, 6, 30))
    assert lines(ct, CREDIT) == {
        "Received above what was due": 75.40,
        "Refunded, or moved to another account": -50,
        "On hand at the end": 25.40,
    }
    assert lines(ct, TIE) == {
        "Taxes collected, on the lines above": 324.60,
        "Overpayments received, less credit applied": 75.40,
        "Collected in the period, all kinds of money": 400,
    }
    (page,) = ct.pages["Statement of the tax collector by rate bill 2026-06-30"]
    rows = [r for b in page.blocks if isinstance(b, Grid) and b.headers[0] == "Bill" for r in b.rows]
    assert ("2024-M1", "THREE", "Refund", "paid twice", "12-129, order 7", 50_00) in rows
    ct.do(statements.month_report, D(2025, 10, 31))
    assert lines(ct, CREDIT) == {"On hand at the start": 25.40, "On hand at the end": 25.40}


# ---- a book that began in a year --------------------------------------------------------------------------------------

OPEN = """Account,Levy Year,Inst,Due,Amount
001,2025,3,2025-08-01,1000.00
001,2025,4,2025-11-01,1000.00
002,2025,4,2025-11-01,1437.50
002,2024,4,2024-11-01,300.00
"""


@pytest.fixture
def began(tmp_path: Path) -> Office:
    """Opened on July 31, 2025 with 3,437.50 of 2025 and 300.00 of 2024; 1,000 is paid in August."""
    it = Office(tmp_path / "began.xlsx", "us-nj-colts-neck", 2025, NJ_ROLL, D(2025, 7, 31))
    source = tmp_path / "open.csv"
    source.write_text(OPEN, encoding="utf-8")
    it.do(setup.bring_in, "balances", 3737_50, source, today=D(2025, 7, 31))
    it.pay(D(2025, 8, 5), ("001", "1000.00", D(2025, 8, 5)))
    return it


def levied(it: Office, **more: Any) -> None:
    """Certified: 10,000 in 2025, 6,312.50 collected by July 31 and 250.00 of deductions: 3,437.50 was open."""
    row = {"Levy Year": 2025, "Levy Type": "RE", "Levied": 10_000_00, "Collected": 6_312_50, "Deductions": 250_00}
    fill(it, "OpeningLevies", **(row | more))
    it.do(lambda book: book.set("opened_on", D(2025, 7, 31)) or "")  # type: ignore[func-returns-value]


def test_opening_balances_are_not_certified_as_the_levy(began: Office) -> None:
    said = began.do(statements.month_report, D(2025, 8, 31))
    assert "Percent collected for 2025: Withheld. 2025 RE has opening balances of $3,437.50." in said
    assert lines(began, "Taxes of the current year") == {
        "Opening balances of this book": 3_437.50, "Collected this year": -1_000, "Unpaid": 2_437.50,
    }  # fmt: skip
    # Nobody said when the book began, so what came in with it is not "unpaid at the start" either.
    assert lines(began, "Delinquent taxes") == {"Opening balances of this book": 300, "Unpaid": 300}
    rate = began.read("CollectionRate")
    assert rate["Percent"].isna().all(), "1,000 of 3,437.50 is no percentage of the levy"
    assert (
        rate["Note"]
        .iloc[0]
        .startswith("Withheld. 2025 RE has opening balances of $3,437.50. Enter on Opening Levies what was levied")
    )
    (page,) = began.pages["Collector's monthly report 2025-08-31"]
    assert any("2025: Withheld. 2025 RE" in b.text for b in page.blocks if isinstance(b, Text))


def test_with_the_certified_levy_there_is_a_percentage(began: Office) -> None:
    """Collected 6,312.50 before and 1,000 since, and the State's 250.00: 7,562.50 of 10,000 is 75.62 (.75625, cut off)."""
    levied(began)
    said = began.do(control.proof, D(2025, 8, 31))
    assert "Opening levies       OK" in said
    began.do(statements.month_report, D(2025, 8, 31))
    rate = began.read("CollectionRate")
    assert rate.loc[0, ["Levy Year", "Levied", "Collected", "Percent"]].tolist() == ["2025", 10_000, 7_562.5, 75.62]
    # The book began before the period: 2024's 300 is what was unpaid at its start.
    assert lines(began, "Delinquent taxes") == {"Unpaid at the start": 300, "Unpaid": 300}
    (page,) = began.pages["Collector's monthly report 2025-08-31"]
    (before,) = [b for b in page.blocks if isinstance(b, Grid) and b.headers[-1] == "Open then"]
    assert before.rows == [("2025", "RE", 10_000_00, -6_312_50, 0, -250_00, 0, 3_437_50)]


def test_a_levy_that_does_not_tie_gives_no_percentage(began: Office) -> None:
    """9,000 - 6,312.50 - 250 is 2,437.50, not 3,437.50."""
    levied(began, Levied=9_000_00)
    assert "Opening levies       LOOK: Opening Levies!D" in began.do(control.proof, D(2025, 8, 31))
    said = began.do(statements.month_report, D(2025, 8, 31))
    assert "PROOF FAILS: Opening levies: LOOK" in said
    rate = began.read("CollectionRate")
    assert rate["Note"].iloc[0] == (
        "Withheld. 2025 RE: the row on Opening Levies is off by -$1,000.00. Correct the row."
    )


def test_no_statement_is_made_of_a_time_before_the_book(began: Office) -> None:
    levied(began)
    with pytest.raises(BadValue, match="This book began on 2025-07-31"):
        began.do(statements.month_report, D(2025, 6, 30))


def test_a_settlement_does_not_carry_opening_balances_from_the_year_before(tmp_path: Path) -> None:
    """Pennsylvania: opened in June with 500 of 2025; the settlement's year began on January 1."""
    it = Office(tmp_path / "pa.xlsx", "us-pa-borough", 2025, "Account,Owner,Net Value\n1,ONE,200000\n", D(2025, 6, 30))
    source = tmp_path / "open.csv"
    source.write_text("Account,Levy Year,Inst,Due,Amount\n1,2025,1,2025-03-15,500.00\n", encoding="utf-8")
    it.do(setup.bring_in, "balances", 500_00, source, today=D(2025, 6, 30))
    it.pay(D(2025, 7, 1), ("1", "500.00", D(2025, 7, 1)))
    for day in (None, D(2025, 6, 30)):
        it.do(lambda book, day=day: book.set("opened_on", day) or "")  # type: ignore[func-returns-value, misc]
        it.do(statements.annual_statement, D(2025, 12, 31))
        assert lines(it, "Reconciliation") == {
            "A1 Opening balances of this book": 500, "D Total to account for": 500, "1 Collected, at face": 500,
            "E Total credits": 500,
        }  # fmt: skip


# ---- percent collected ------------------------------------------------------------------------------------------------

TWO = "Account,Owner,Net Value,Prior Tax\n1,ONE,1000000,0\n2,TWO,3700000,0\n"


def judged(tmp_path: Path) -> Office:
    """94,000.00 levied (20,000 and 74,000), a judgment takes 4,000.00 off the first, 79,340.00 is collected."""
    it = Office(tmp_path / "judged.xlsx", "us-nj-colts-neck", 2025, TWO, D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10), no_prior_tax=True)
    it.pay(D(2025, 2, 3), ("1", "5340.00", D(2025, 2, 3)), ("2", "74000.00", D(2025, 2, 3)))
    it.do(adjusting.appeal, "2025-1", 16_000_00, "Tax Court 004512-2025", "Council", today=D(2025, 2, 3))
    return it


def test_judgments_come_off_the_levy_only_by_resolution(tmp_path: Path) -> None:
    """79,340 / 94,000 = 84.4042...%; by resolution 79,340 / 90,000 = 88.1555...%, and it is cut off: 88.15, not 88.16."""
    it = judged(tmp_path)
    it.do(statements.annual_statement, D(2025, 12, 31))
    assert it.read("CollectionRate").loc[0, ["Levied", "Collected", "Percent"]].tolist() == [94_000, 79_340, 84.40]
    adjustments = it.read("Adjustments")
    assert adjustments["Amount"].sum() == 4_000
    numbers = ", ".join(adjustments["No"])
    for key, value in {
        "resolution": "2026-14", "adopted": "2026-02-10", "levy_year": "2025", "adjustments": numbers,
    }.items():  # fmt: skip
        fill(it, "Rules", Id="900", Rule="levy_reduction", Key=key, Value=value, Authority="Resolution 2026-14")
    book = it.opened()
    done = statements.annual_statement(book, D(2025, 12, 31))
    book.save()
    row = it.read("CollectionRate").loc[0]
    assert row[["Levied", "Collected", "Percent"]].tolist() == [90_000, 79_340, 88.15]
    assert row["Note"] == "The levy is reduced by $4,000.00 of judgments, by resolution 2026-14 of February 10, 2026."
    # A rule with an authority of its own is the town's law, not an error of the book.
    assert not done.look, done.text


def test_a_resolution_names_adjustments_that_lower_that_levy(tmp_path: Path) -> None:
    it = judged(tmp_path)
    for key, value in {
        "resolution": "2026-14", "adopted": "2026-02-10", "levy_year": "2025", "adjustments": "A-1, A-99",
    }.items():  # fmt: skip
        fill(it, "Rules", Id="900", Rule="levy_reduction", Key=key, Value=value)
    with pytest.raises(BadValue, match=r"Adjustment A-99 does not lower a tax for 2025"):
        it.do(statements.annual_statement, D(2025, 12, 31))


def test_a_discount_counts_as_collected_at_face_in_pennsylvania(tmp_path: Path) -> None:
    """2,000 levied and paid with 1,960.00 in April: all of it is collected."""
    it = Office(tmp_path / "pa.xlsx", "us-pa-borough", 2025, "Account,Owner,Net Value\n1,ONE,200000\n", D(2025, 3, 1))
    it.do(year.bill, 2025, "RE=10", mailed=D(2025, 3, 1), today=D(2025, 3, 1))
    it.pay(D(2025, 4, 1), ("1", "1960.00", D(2025, 4, 1)))
    it.do(statements.annual_statement, D(2025, 12, 31))
    assert it.read("CollectionRate").loc[0, ["Levied", "Collected", "Percent"]].tolist() == [2_000, 2_000, 100]
    # 2,000 at face, 40 of discount: 1,960 came in.
    assert lines(it, TIE) == {
        "Taxes collected, on the lines above": 2_000,
        "Less discounts included above": -40,
        "Collected in the period, all kinds of money": 1_960,
    }


def test_every_states_formula_is_on_its_page_with_its_source(nj: Office) -> None:
    nj.do(statements.annual_statement, D(2025, 12, 31))
    (page,) = nj.pages["Collector's annual statement 2025-12-31"]
    said = [b.text for b in page.blocks if isinstance(b, Text) and b.text.startswith("Percent collected: ")]
    assert said == [
        "Percent collected: (paid in advance + tax collected + overpayments applied - payments freed by corrections + "
        "State deductions + credits that the State pays - deductions disallowed) divided by (tax levied + added and "
        "omitted tax), cut off, not rounded, to two places. Source: N.J.S.A. 40A:4-41; N.J.S.A. 52:27BB-78."
    ]


# ---- parts of the levy ------------------------------------------------------------------------------------------------


def test_city_and_state_stand_apart_on_statement_slip_and_account(tmp_path: Path) -> None:
    """250,000 at 2.248 and 0.112: 5,620.00 and 280.00, paid in full in August 2025 (0.5% off the City's where the law has it)."""
    roll = "Account,Owner,Net Value\n0001,ADAMS,250000\n"
    it = Office(tmp_path / "md.xlsx", "us-md-baltimore-city", 2025, roll, D(2025, 7, 1))
    it.do(year.bill, 2025, "RE City=2.248, RE State=0.112", mailed=D(2025, 7, 1), today=D(2025, 7, 1))
    it.pay(D(2025, 9, 15), ("0001", "5900.00", D(2025, 9, 15)))
    it.do(statements.month_report, D(2025, 9, 30))
    table = it.read("Statement")
    paid = table[table["Line"] == "Collected"].set_index("Levy Part")["Amount"]
    assert paid.to_dict() == {"City": -5_620, "State": -280}
    money = it.read("Collected").set_index("Levy Part")["Total"]
    assert money.to_dict() == {"City": 5_620, "State": 280}
    page, *others = it.pages["Collector's monthly report 2025-09-30"]
    assert [p.title.rpartition(": ")[2] for p in others] == ["City", "State"]
    (grid,) = [b for b in page.blocks if isinstance(b, Grid) and b.headers[:2] == ("Levy year", "Part")]
    assert [row[1] for row in grid.rows] == ["City", "State", ""]
    rows = accounts(("C", "Tax", "", "", "101"), ("S", "Tax", "", "", "102"), ("B", "Cash", "", "", "100"))
    rows = rows.with_columns({"Part": ["", "State", ""]})
    it.do(lambda book: book.append("RevenueAccounts", rows) or "")  # type: ignore[arg-type, func-returns-value]
    it.do(statements.turnover_slip, today=D(2025, 9, 30))
    slip = it.read("Turnovers")
    assert slip[["Code", "Part", "Amount"]].to_numpy().tolist() == [["C", "City", 5_620], ["S", "State", 280]]
    it.do(statements.ledger_export, D(2025, 9, 30))
    text = it.files["general ledger 2025-09-01 to 2025-09-30.csv"].decode()
    assert '2025-09-15,101,"C, City",,5620.00,' in text
    assert '2025-09-15,102,"S, State",,280.00,' in text


def test_a_slip_has_a_row_for_each_part_of_the_levy() -> None:
    from xltax.office.statements import turnover

    base = dict.fromkeys(("Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount"), 0)
    row = {"Posted": pd.Timestamp(2025, 9, 15), "Levy Year": 2025, "Levy Type": "RE", "Revenue Code": ""} | base
    book = pd.DataFrame([row | {"Part": "City", "Tax": 5_620_00}, row | {"Part": "State", "Tax": 280_00}])
    law, none = load("us-md-baltimore-city"), accounts()
    new = turnover.slip_rows(1, 1, book, none, law, D(2025, 9, 30))
    assert new[["Part", "Amount"]].to_numpy().tolist() == [["City", 5_620_00], ["State", 280_00]]


# ---- proof ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["month-report", "annual-statement", "turnover-slip", "ledger-export"])
def test_no_statement_is_called_right_while_proof_fails(nj: Office, tmp_path: Path, task: str) -> None:
    """A note of the cash book was altered: every figure still foots, and the seals are broken."""
    it = nj.copied(tmp_path / "broken.xlsx")
    rows = accounts(("T", "Tax", "", "", "101"), ("I", "Interest", "", "", "104"), ("B", "Cash", "", "", "100"))
    it.do(lambda book: book.append("RevenueAccounts", rows) or "")  # type: ignore[arg-type, func-returns-value]
    through = ["--through", "2026-01-31"]
    code, said = run(task, it.path, *through)
    assert code == 0, said
    it = nj.copied(tmp_path / "broken.xlsx")
    it.do(lambda book: book.append("RevenueAccounts", rows) or "")  # type: ignore[arg-type, func-returns-value]
    spoil.cell(it.path, "CashBook", 1, "Note", "altered")
    code, said = run(task, it.path, *through)
    assert code == 1, said
    assert "PROOF FAILS: Cash book seals: LOOK: Cash Book!" in said


def test_the_page_does_not_say_that_a_broken_book_foots(nj: Office, tmp_path: Path) -> None:
    it = nj.copied(tmp_path / "broken.xlsx")
    spoil.cell(it.path, "CashBook", 1, "Note", "altered")
    book = it.opened()
    done = statements.month_report(book, D(2026, 1, 31))
    assert [look.partition(":")[0] for look in done.look] == ["Cash book seals"]
    (page,) = it.pages["Collector's monthly report 2026-01-31"]
    texts = [b.text for b in page.blocks if isinstance(b, Text)]
    assert "Total of all differences: $0.00." in texts
    assert "PROOF FAILS. Do not sign until every check on the Proof sheet passes:" in texts
    assert any(t.startswith("Cash book seals: LOOK: Cash Book!") for t in texts)


def test_statements_of_a_book_without_the_new_sheet_are_made_as_before(nj: Office, tmp_path: Path) -> None:
    book = FilesBook.open(nj.copied(tmp_path / "old.xlsx").path)
    book.tables = lambda: tuple(t for t in FilesBook.tables(book) if t != "OpeningLevies")  # type: ignore[method-assign]
    book.put_pages = lambda name, pages: name  # type: ignore[method-assign]
    assert "DOES NOT FOOT" not in statements.month_report(book, D(2026, 1, 31)).text


def test_the_fee_of_a_returned_check_that_paid_no_bill_is_on_a_bill_that_exists(tmp_path: Path) -> None:
    """All of the check was credit, and the last bill has nothing in its first two installments."""
    it = Office(
        tmp_path / "nj.xlsx",
        "us-nj-colts-neck",
        2025,
        "Account,Owner,Net Value,Prior Tax\n1,ONE,100000,0\n",
        D(2025, 7, 1),
    )
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 7, 1), today=D(2025, 7, 1), no_prior_tax=True)
    it.pay(D(2025, 7, 7), ("1", "2000.00", D(2025, 7, 7)))
    (tmp_path / "payments.csv").write_text("Account,Amount,Received,Tender\n1,50,2025-07-08,Check\n", "utf-8")
    it.do(counter.post, tmp_path / "payments.csv", today=D(2025, 7, 8))
    receipt = it.read("CashBook")["Receipt"].iloc[-1]
    it.do(counter.reverse, receipt, "returned unpaid", "returned", D(2025, 7, 9), D(2025, 7, 9))
    fee = it.read("Adjustments").iloc[-1]
    assert (fee["Kind"], fee["Bill"], fee["Inst"]) == ("Fee", "2025-1", 3)
    assert "LOOK" not in it.do(control.proof).split("Problems")[1].split("\n")[0]


def test_a_fee_goes_to_a_part_that_the_bill_has(tmp_path: Path) -> None:
    it = Office(
        tmp_path / "md.xlsx", "us-md-baltimore-city", 2025, "Account,Owner,Net Value\n1,ONE,100000\n", D(2025, 7, 1)
    )
    it.do(year.bill, 2025, "RE City=2, RE State=0.1", mailed=D(2025, 7, 1), today=D(2025, 7, 1))
    assert counter.last_installment(Desk.of(it.opened()).duplicate, "1") == ("2025-1", "State", 1)


def test_credit_of_a_day_is_refunded_on_a_later_day(tmp_path: Path) -> None:
    """A day's payments count after its refunds: on its own day the refund would take from nothing."""
    it = Office(
        tmp_path / "nj.xlsx",
        "us-nj-colts-neck",
        2025,
        "Account,Owner,Net Value,Prior Tax\n1,ONE,100000,0\n",
        D(2025, 7, 1),
    )
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 7, 1), today=D(2025, 7, 1), no_prior_tax=True)
    it.pay(D(2025, 7, 7), ("1", "2050.00", D(2025, 7, 7)))
    given = ("1", 50_00, "paid too much", "Resolution 1", "Council")
    with pytest.raises(BadValue, match="Part of this credit was received on 2025-07-07"):
        it.do(adjusting.refund, *given, today=D(2025, 7, 7))
    it.do(adjusting.refund, *given, today=D(2025, 7, 8))
    it.do(counter.refresh, D(2025, 7, 8))
    assert "LOOK" not in it.do(control.proof)
