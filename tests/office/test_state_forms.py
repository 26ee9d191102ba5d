"""The States' forms worked out by hand: sheets 22 and 26, liens, Pennsylvania's month and settlement, Maryland's parts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.office.test_statements import Office
from xltax.actions import adjusting, certificates, counter, statements, year
from xltax.errors import BadProfile, BadValue
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.law.statement import Statement
from xltax.office.statements import statement_lines, subjects
from xltax.office.statements.movements import Period
from xltax.office.statements.statement_lines import Part
from xltax.pages import Grid
from xltax.sheets.pages import to_xlsx

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date


def amounts(it: Office, part: str) -> dict[str, float]:
    """The lines of one part that are not zero."""
    return {k: v for k, v in it.lines(part).items() if v}


# ---- New Jersey --------------------------------------------------------------------------------------------------------


def test_sheet_22_cuts_the_percentage_off(tmp_path: Path) -> None:
    """The figures printed on the State's sheet: 1,049,977.50 of 1,500,000.00 is 69.9985%, and it is 69.99, not 70.00."""
    it = Office(
        tmp_path / "nj.xlsx",
        "us-nj-colts-neck",
        2025,
        "Account,Owner,Net Value,Prior Tax\n1,A,75000000,0\n",
        D(2025, 1, 2),
    )
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10), no_prior_tax=True)
    it.pay(D(2025, 2, 3), ("1", "1049977.50", D(2025, 2, 3)))
    said = it.do(statements.annual_statement, D(2025, 12, 31), report="afs")
    assert "DOES NOT FOOT" not in said
    assert amounts(it, "Sheet 22") == {
        "1 Levy as per duplicate, before deductions": 1_500_000, "5a Subtotal": 1_500_000, "5c Total levy": 1_500_000,
        "10b Collected this year, with overpayments applied": 1_049_977.50, "10 Collected in cash": 1_049_977.50,
        "11 Total credits": 1_049_977.50, "12 Outstanding at the end of the year": 450_022.50,
        "13 Percentage of taxes collected": 69.99,
    }  # fmt: skip
    (page,) = it.pages["Annual Financial Statement, the collector's figures 2025-12-31"]
    shown = {row[0]: row[-1] for b in page.blocks if isinstance(b, Grid) for row in b.rows}
    assert shown["13 Percentage of taxes collected: 69.99%"] is None
    assert to_xlsx([page])[:2] == b"PK", "the page can be laid out"


def test_credits_that_the_state_pays_have_a_line_of_their_own(tmp_path: Path) -> None:
    """Levied 2,100.00. 250.00 are the State's deduction, 450.00 its credit; 500.00 paid: 57.14%.

    (500.00 + 250.00 + 450.00) / 2,100.00 = 57.142%. Unpaid: 2,100.00 - 1,200.00 = 900.00.
    """
    roll = "Account,Owner,Net Value,Prior Tax,Deductions\n1,A,105000,0,250\n"
    it = Office(tmp_path / "nj.xlsx", "us-nj-colts-neck", 2025, roll, D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10), no_prior_tax=True)
    it.do(
        adjusting.adjust,
        "2025-1",
        "State Credit",
        450_00,
        "relief paid by the State",
        "P.L. 1",
        "Council",
        inst=3,
        today=D(2025, 1, 20),
    )
    it.pay(D(2025, 1, 21), ("1", "500.00", D(2025, 1, 21)))
    said = it.do(statements.annual_statement, D(2025, 12, 31), report="afs")
    assert "DOES NOT FOOT" not in said
    sheet = amounts(it, "Sheet 22")
    assert sheet["5c Total levy"] == 2100
    assert sheet["10c State's share of deductions, less those disallowed"] == 250
    assert sheet["10d Credits that the State pays, such as a property tax relief benefit"] == 450
    assert sheet["12 Outstanding at the end of the year"] == 900
    assert sheet["13 Percentage of taxes collected"] == 57.14
    assert it.read("CollectionRate")["Percent"].tolist()[0] == 57.14
    it.do(statements.month_report, D(2025, 12, 31))
    assert it.lines("Taxes of the current year")["Credits that the State pays"] == -450


def test_a_special_district_with_a_levy_of_its_own_has_line_2() -> None:
    rule = next(r for r in statement_lines.rules_of(load("us-nj"), "afs", D(2025, 12, 31)) if r.kind == "afs_22")
    moved = frame(("RE", "levied", 2_000_00, None, None), ("X-DISTRICT", "levied", 100_00, None, None))
    period = Period(D(2025, 1, 1), D(2025, 12, 31))
    still = moved.assign(Measure="open")
    lines, _ = statement_lines.lines_of(
        [Part(rule, period, subjects.Moves(moved, still), load("us-nj"), D(2025, 12, 31))]
    )
    found = {line[3]: line[5] for line in lines if line[5]}
    assert (found["1 Levy as per duplicate, before deductions"], found["2 Special district taxes"]) == (
        2_000_00,
        100_00,
    )
    assert (found["5a Subtotal"], found["12 Outstanding at the end of the year"]) == (2_100_00, 2_100_00)
    assert "Difference" not in found


def test_a_line_that_must_be_zero_does_not_hide_a_difference() -> None:
    """450.00 too much is open: the line that must be 0.00 is -450.00, and so is the difference. Together they are not 0.00."""
    rule = next(r for r in statement_lines.rules_of(load("us-nj"), "afs", D(2025, 12, 31)) if r.kind == "afs_22")
    moved = frame(("RE", "levied", 900_00, None, None))
    still = frame(("RE", "open", 1_350_00, None, None))
    period = Period(D(2025, 1, 1), D(2025, 12, 31))
    lines, _ = statement_lines.lines_of(
        [Part(rule, period, subjects.Moves(moved, still), load("us-nj"), D(2025, 12, 31))]
    )
    assert {line[3]: line[5] for line in lines}["Difference"] == -900_00


def test_a_state_without_a_line_for_state_credits_shows_them_apart(tmp_path: Path) -> None:
    """Connecticut's form names no line for them: a line of its own, and the statement foots."""
    it = Office(tmp_path / "ct.xlsx", "us-ct", 2024, "Account,Owner,Net Value\n1,A,100000\n", D(2025, 6, 1))
    it.do(year.bill, 2024, "RE=20", mailed=D(2025, 6, 10), today=D(2025, 6, 10))
    it.change(D(2025, 7, 21), ("S-1", "2024-1", "State Credit", "450.00"))
    assert "DOES NOT FOOT" not in it.do(statements.annual_statement, D(2026, 6, 30))
    assert it.lines()["Credits that the State pays"] == -450


LIENS = "Account,Owner,Net Value,Prior Tax\n" + "".join(f"{n},OWNER {n},100000,2000\n" for n in range(1, 8))


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Seven parcels of 2,000.00. Parcels 1 to 5 pay nothing in 2025 and go to the municipality in March 2026; 6 pays in 2026, 7 never."""
    it = Office(tmp_path_factory.mktemp("liens") / "nj.xlsx", "us-nj-colts-neck", 2025, LIENS, D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10), no_prior_tax=True)
    it.do(year.bill, 2026, "RE=2.000", mailed=D(2026, 1, 5), today=D(2026, 1, 5), no_prior_tax=True)
    it.pay(D(2026, 2, 2), ("6", "2500.00", D(2026, 2, 2)))
    for n in range(1, 6):
        it.do(
            certificates.enter_certificate,
            f"26-{n}",
            str(n),
            D(2026, 3, 10),
            D(2025, 12, 31),
            "18%",
            today=D(2026, 3, 10),
        )
    owed = it.do(certificates.certificates, D(2026, 6, 1))
    assert "5 open certificates" in owed
    redeems = it.read("Certificates").set_index("Certificate")["Redemption"]
    it.do(certificates.redeem, "26-1", D(2026, 6, 1), round(redeems["26-1"] * 100), today=D(2026, 6, 1))
    it.do(certificates.end_certificate, "26-2", "Canceled", D(2026, 7, 1), "Resolution 2026-40", today=D(2026, 7, 1))
    it.do(certificates.end_certificate, "26-3", "Foreclosed", D(2026, 8, 1), "F-1234-26", today=D(2026, 8, 1))
    it.do(certificates.end_certificate, "26-4", "Assigned", D(2026, 9, 1), "Resolution 2026-50", holder="Lien Fund LLC",
          paid=100_00, today=D(2026, 9, 1))  # fmt: skip
    return it


def test_the_liens_of_the_town_roll_forward_to_the_register(sold: Office) -> None:
    said = sold.do(statements.annual_statement, D(2026, 12, 31))
    assert "DOES NOT FOOT" not in said
    held = sold.read("Certificates").set_index("Certificate")["Amount"]
    lines = amounts(sold, "Tax title liens")
    assert lines["Taxes transferred to liens"] == 10_000
    assert lines["Interest and costs of the sale"] == pytest.approx(held.sum() - 10_000)
    assert lines["Redeemed, at the amount of the certificate"] == -held["26-1"]
    assert lines["Canceled"] == -held["26-2"]
    assert lines["Foreclosed"] == -held["26-3"]
    assert lines["Assigned"] == -held["26-4"]
    assert lines["Balance at the end of the year"] == held["26-5"]
    reserve = sold.lines("Taxes and liens receivable")
    assert reserve["Reserve for these receivables"] == pytest.approx(
        sold.lines("Taxes of the year")["Unpaid at the end of the year"]
        + sold.lines("Delinquent")["Unpaid at the end of the year"]
        + held["26-5"]
    )


def test_an_assigned_lien_that_is_redeemed_later_was_still_assigned(sold: Office, tmp_path: Path) -> None:
    """From September 1 the lien is the buyer's. The owner's money of October goes to the buyer, and the statement stays."""
    it = sold.copied(tmp_path / "redeemed.xlsx")
    it.do(statements.annual_statement, D(2026, 9, 30))
    before = it.lines("Tax title liens")
    it.do(certificates.certificates, D(2026, 10, 1))
    redeems = it.read("Certificates").set_index("Certificate")["Redemption"]["26-4"]
    it.do(certificates.redeem, "26-4", D(2026, 10, 1), round(redeems * 100), today=D(2026, 10, 1))
    said = it.do(statements.annual_statement, D(2026, 9, 30))
    assert "DOES NOT FOOT" not in said
    assert it.lines("Tax title liens") == before
    assert before["Assigned"] == -it.read("Certificates").set_index("Certificate")["Amount"]["26-4"]


@pytest.mark.parametrize("how", ["Assigned", "Redeemed"])
def test_a_lien_whose_money_was_returned_is_the_towns_again(sold: Office, tmp_path: Path, how: str) -> None:
    """Certificate 26-5 goes in September, and its check comes back in October: September's statement stays, October has it again."""
    it = sold.copied(tmp_path / "returned.xlsx")
    held = it.read("Certificates").set_index("Certificate")["Amount"]["26-5"]
    on = D(2026, 9, 10)
    if how == "Assigned":
        it.do(certificates.end_certificate, "26-5", how, on, "Resolution 9", holder="Fund LLC", paid=500_00, today=on)
    else:
        it.do(certificates.certificates, on)
        owed = it.read("Certificates").set_index("Certificate")["Redemption"]["26-5"]
        it.do(certificates.redeem, "26-5", on, round(owed * 100), today=on)
    it.do(statements.annual_statement, D(2026, 9, 30))
    september = it.lines("Tax title liens")
    assert september["Balance at the end of the year"] == 0
    cash = it.read("CashBook")
    receipt = cash.loc[cash["For No"] == "26-5", "Receipt"].iloc[-1]
    said = it.do(counter.reverse, receipt, "returned unpaid", "returned", D(2026, 10, 5), D(2026, 10, 5))
    assert ("municipality's again" if how == "Assigned" else "is open again") in said
    row = it.read("Certificates").set_index("Certificate").loc["26-5"]
    assert (row["Status"] if how == "Redeemed" else row["Holder"] or "", bool(row["Ended"])) == (
        ("Open", False) if how == "Redeemed" else ("", False)
    )
    said = it.do(statements.annual_statement, D(2026, 9, 30))
    assert "DOES NOT FOOT" not in said
    assert it.lines("Tax title liens") == september
    said = it.do(statements.annual_statement, D(2026, 10, 31), start=D(2026, 10, 1))
    assert "DOES NOT FOOT" not in said
    october = it.lines("Tax title liens")
    assert october["Balance at the end of the year"] == held
    assert max(october[name] for name in october if name.startswith(("Assigned", "Redeemed"))) == held


def test_sheet_26_is_the_statute(sold: Office) -> None:
    """N.J.S.A. 40A:4-29: collected / (unpaid on the first day + added - abated); the most anticipated is unpaid x that share."""
    said = sold.do(statements.annual_statement, D(2026, 12, 31), report="afs")
    assert "DOES NOT FOOT" not in said
    taxes, liens, both = (sold.lines(p) for p in ("Sheet 26, A", "Sheet 26, B", "Sheet 26: "))
    assert taxes["6 Adjustment between taxes and liens"] == liens["6 Adjustment between taxes and liens"] == 10_000
    assert taxes["1 Balance at the start of the year"] == 14_000
    before = both["9 Balance before cash payments, brought down"]
    canceled = liens["2 Canceled"] + liens["3 Transferred to foreclosed property"]
    assert before == pytest.approx(14_000 - canceled)
    took = taxes["10 Collected"] + liens["10 Collected: redemptions and assignments"]
    assert both["16 Percentage collected"] == int(took / before * 10_000) / 100
    unpaid = both["14 Balance at the end of the year"]
    assert both["17 Most that may be anticipated"] == pytest.approx(
        unpaid * both["16 Percentage collected"] / 100, abs=0.006
    )
    assert both["13 This year's taxes unpaid"] == sold.lines("Sheet 22")["12 Outstanding at the end of the year"]


def test_a_certificate_that_ended_cannot_be_redeemed_or_ended_again(sold: Office) -> None:
    with pytest.raises(BadValue, match="was foreclosed on 2026-08-01"):
        sold.do(certificates.end_certificate, "26-3", "Canceled", D(2026, 9, 1), "x", today=D(2026, 9, 2))
    with pytest.raises(BadValue, match="Lien Fund LLC holds certificate 26-4"):
        sold.do(certificates.end_certificate, "26-4", "Canceled", D(2026, 9, 1), "x", today=D(2026, 9, 2))
    with pytest.raises(BadValue, match="The authority is missing"):
        sold.do(certificates.end_certificate, "26-5", "Canceled", D(2026, 9, 1), " ", today=D(2026, 9, 2))
    with pytest.raises(BadValue, match='"Sold" is not a way'):
        sold.do(certificates.end_certificate, "26-5", "sold", D(2026, 9, 1), "x", today=D(2026, 9, 2))


def test_a_form_does_not_show_an_opening_balance_as_a_levy(tmp_path: Path) -> None:
    from xltax.actions import setup

    it = Office(
        tmp_path / "nj.xlsx", "us-nj-colts-neck", 2025, "Account,Owner,Net Value,Prior Tax\n1,A,1000,0\n", D(2025, 1, 2)
    )
    source = tmp_path / "open.csv"
    source.write_text("Account,Levy Year,Inst,Due,Amount\n1,2025,3,2025-08-01,500.00\n", encoding="utf-8")
    it.do(setup.bring_in, "balances", 500_00, source, today=D(2025, 7, 31))
    with pytest.raises(BadValue, match="Enter on Opening Levies what was"):
        it.do(statements.annual_statement, D(2025, 12, 31), report="afs")
    row = pd.DataFrame(
        [{"Levy Year": 2025, "Levy Type": "RE", "Levied": 200000, "Collected": 145000, "Deductions": 5000}]
    )
    it.do(lambda book: book.append("OpeningLevies", row) or "")  # type: ignore[arg-type, func-returns-value]
    it.do(lambda book: book.set("opened_on", D(2025, 7, 31)) or "")  # type: ignore[func-returns-value]
    it.do(statements.annual_statement, D(2025, 12, 31), report="afs")
    sheet = amounts(it, "Sheet 22")
    assert sheet["1 Levy as per duplicate, before deductions"] == 2000
    assert sheet["10 Collected in cash"] == 1500
    assert sheet["12 Outstanding at the end of the year"] == 500
    assert sheet["13 Percentage of taxes collected"] == 75


# ---- Pennsylvania ------------------------------------------------------------------------------------------------------

PA_ROLL = "Account,Owner,Net Value\n1,ONE,1500000\n2,TWO,1500000\n3,THREE,7000000\n"


@pytest.fixture(scope="module")
def pa(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A month by hand: 100,000 to collect, 500 added, 30,000 at 2% off and 10,000 at face, 25 exonerated, paid over in two sums."""
    it = Office(tmp_path_factory.mktemp("pa") / "pa.xlsx", "us-pa-borough", 2025, PA_ROLL, D(2025, 3, 1))
    it.do(year.bill, 2025, "RE=10", mailed=D(2025, 3, 1), today=D(2025, 3, 1))
    it.pay(D(2025, 4, 2), ("1", "14700.00", D(2025, 4, 2)), ("3", "5300.00", D(2025, 4, 2)))
    it.do(statements.turnover_slip, today=D(2025, 4, 3))
    it.pay(D(2025, 4, 20), ("2", "14700.00", D(2025, 4, 20)), ("3", "4700.00", D(2025, 4, 20)))
    it.change(D(2025, 4, 21), ("A-1", "2025-3", "Added", "500.00"), ("A-2", "2025-3", "Abatement", "25.00"))
    it.do(statements.turnover_slip, today=D(2025, 4, 30))
    it.do(statements.month_report, D(2025, 4, 30))
    return it


def test_pennsylvanias_month(pa: Office) -> None:
    assert amounts(pa, "A.") == {
        "1 Balance collectable at the start": 100_000, "2A Additions": 500, "3 Total collectable": 100_500,
        "4 Face amount of collections": 40_000, "6 Exonerations": 25, "8 Balance collectable at the end": 60_475,
    }  # fmt: skip
    assert amounts(pa, "B.") == {
        "9 Face amount of collections": 40_000, "11 Less discounts": 600, "13 Total cash collected": 39_400,
    }  # fmt: skip
    assert amounts(pa, "C.") == {"Cash collected (line 13)": 39_400, "16 Total remitted this month": 39_400}
    (page,) = pa.pages["Tax collector's monthly report 2025-04-30"]
    names, slips = (
        b for b in page.blocks if isinstance(b, Grid) and b.headers[:2] in (("Bill", "Name"), ("Slip", "Account"))
    )
    assert [row[1] for row in names.rows] == ["ONE", "THREE", "TWO", "THREE", "Total"]
    assert names.rows[-1][3:] == (4_000_000, 60_000, 0, 3_940_000)
    assert [row[-1] for row in slips.rows][-1] == 3_940_000


def test_the_settlement_gives_credit_for_six_things(pa: Office) -> None:
    """What is left of 60,475 at the year's end is certified; a bill of November is less than four months old."""
    pa.do(statements.annual_statement, D(2025, 12, 31))
    assert amounts(pa, "Reconciliation") == {
        "B Duplicate and interim bills": 100_500, "D Total to account for": 100_500, "1 Collected, at face": 40_000,
        "3 Unpaid, certified to the district": 60_475, "6 Exonerations and deletions": 25, "E Total credits": 100_500,
    }  # fmt: skip


def test_the_yearly_report_has_taxables_and_what_is_current_and_delinquent(pa: Office) -> None:
    """Three taxables; the settlement stays the statement of the year, and this one is asked for by name."""
    said = pa.do(statements.annual_statement, D(2025, 12, 31), report="annual")
    assert "DOES NOT FOOT" not in said
    assert amounts(pa, "The duplicate by levy") == {
        "B Total of the duplicate (the count is the number of bills)": 100_000, "B1 Interim bills and additions": 500,
        "C Reductions and exonerations": 25, "1 Collected, current, at face": 40_000, "Unpaid at the end of the year": 60_475,
    }  # fmt: skip
    table = pa.read("Statement").set_index("Line")
    assert table.loc["B Total of the duplicate (the count is the number of bills)", "Rows"] == 3


def test_an_interim_bill_less_than_four_months_old_has_its_own_credit() -> None:
    """Two interim bills open on December 31, one mailed in July and one in October, and an installment of next March."""
    (rule,) = statement_lines.rules_of(load("us-pa"), "settlement", D(2025, 12, 31))
    day = pd.Timestamp
    opened = frame(
        ("ADD", "open", 100_00, day("2025-08-15"), day("2025-07-15")), ("ADD", "open", 200_00, day("2025-11-15"), day("2025-10-15")),
        ("RE", "open", 400_00, day("2026-03-01"), day("2025-03-01")),
    )  # fmt: skip
    billed = frame(("ADD", "added", 300_00, None, None), ("RE", "levied", 400_00, None, None))
    part = Part(
        rule, Period(D(2025, 1, 1), D(2025, 12, 31)), subjects.Moves(billed, opened), load("us-pa"), D(2025, 12, 31)
    )
    lines, _ = statement_lines.lines_of([part])
    found = {(line[2], line[3]): line[5] for line in lines if line[5]}
    assert found[("ADD", "4 Interim bills less than four months old")] == 200_00
    assert found[("ADD", "3 Unpaid, certified to the district")] == 100_00
    assert found[("RE", "2 Installments due later, carried forward")] == 400_00
    assert not any(name == "Difference" for _, name in found)


def frame(
    *rows: tuple[str, str, int, pd.Timestamp | None, pd.Timestamp | None], part: str = "", levy_year: int = 2025
) -> pd.DataFrame:
    """Rows of a part of a statement: levy type, measure, cents, due and mailed."""
    table = pd.DataFrame(
        [{"Levy Year": levy_year, "Levy Type": t, "Levy Part": part, "Measure": m, "Rows": 1, "Amount": a, "Due": due, "Mailed": mailed,
          "Number": "", "Table": "Duplicate", "At": 0, "Bill": "", "Posted": pd.Timestamp("2025-01-01")}
         for t, m, a, due, mailed in rows], columns=list(subjects.NAMES),
    )  # fmt: skip
    return table.astype(dict.fromkeys(("Due", "Mailed", "Posted"), "datetime64[s]"))


# ---- Maryland ----------------------------------------------------------------------------------------------------------

COUNTIES = """
Allegany 49690.68 933087.14 44972.15 895567.14 79618.82 37520.00 15044.01 52564.01
Anne-Arundel 206376.67 6361944.35 43087.56 6234820.00 219406.20 127124.35 30058.03 157182.38
Baltimore 428511.92 12868044.51 -38676.91 12579643.89 244283.92 288400.62 145551.09 433951.71
Calvert 35005.16 1723341.73 314.36 1684454.32 32761.32 38887.41 2558.20 41445.61
Caroline 7971.62 276291.11 4868.03 266024.47 12226.39 10266.64 613.26 10879.90
Carroll 59651.63 1687520.87 11899.27 1622885.86 66657.34 64635.01 4893.56 69528.57
Cecil 13992.31 820004.44 5777.48 810509.72 14513.42 9494.72 5256.37 14751.09
Charles 18311.90 1527038.30 7619.95 1519011.01 18881.76 8027.29 7050.09 15077.38
"""
"""Maryland's Comptroller, taxes receivable from collectors, June 30, 1978: balance July 1, 1977; levy; earlier levies, net;
collected of the year and of earlier years; balances of the year, of earlier years, and together."""


@pytest.mark.parametrize("row", COUNTIES.split("\n")[1:-1], ids=lambda row: row.split(" ", 1)[0])
def test_the_comptrollers_table_of_1978(row: str) -> None:
    """https://msa.maryland.gov/megafile/msa/speccol/sc2900/sc2908/000001/000342/html/am342--31.html: each levy closes by itself."""
    name, *figures = row.split()
    opening, levied, earlier, paid, paid_earlier, left, left_earlier, both = (round(float(f) * 100) for f in figures)
    rule = next(r for r in statement_lines.rules_of(load("us-md"), "annual", D(2025, 6, 30)) if r.about == "levies")
    changed = ("RE", "added" if earlier > 0 else "corrected_down", abs(earlier), None, None)
    moved = pd.concat([
        frame(("RE", "levied", levied, None, None), ("RE", "collected", paid, None, None), part=name, levy_year=1977),
        frame(("RE", "opening", opening, None, None), changed, ("RE", "collected", paid_earlier, None, None), part=name, levy_year=1976),
    ])  # fmt: skip
    closing = pd.concat([frame(("RE", "open", left, None, None), part=name, levy_year=1977),
                         frame(("RE", "open", left_earlier, None, None), part=name, levy_year=1976)])  # fmt: skip
    part = Part(
        rule, Period(D(1977, 7, 1), D(1978, 6, 30)), subjects.Moves(moved, closing), load("us-md"), D(1978, 6, 30)
    )
    lines, _ = statement_lines.lines_of([part])
    assert [line[5] for line in lines if line[3] == "Difference"] == [0, 0]
    assert sum(line[5] for line in lines if line[3] == "Unpaid") == both
    assert {line[7] for line in lines} == {name}


# ---- every figure opens into its rows -----------------------------------------------------------------------------------


def test_every_line_opens_into_the_rows_it_adds_up(sold: Office) -> None:
    """The rows of each line add up to it, and each row's cell in the saved file has the record that the row names."""
    sold.do(statements.annual_statement, D(2026, 12, 31))
    table, rows = sold.read("Statement"), sold.read("StatementRows")
    key = ["Part", "Levy Year", "Levy Type", "Levy Part", "Line"]
    lines = table[(table["Rows"] > 0) & table["Part"].isin(rows["Part"])].fillna(
        {"Levy Year": 0, "Levy Type": "", "Levy Part": ""}
    )
    sums = rows.fillna({"Levy Year": 0, "Levy Type": "", "Levy Part": ""}).groupby(key)["Amount"].sum().round(2)
    assert len(lines) > 12
    for line in lines.to_dict("records"):
        assert sums[tuple(line[k] for k in key)] == pytest.approx(line["Amount"]), line
    book = openpyxl.load_workbook(sold.path)
    for row in rows.to_dict("records"):
        sheet, _, cell = row["Where"].rpartition("!")
        number = openpyxl.utils.cell.coordinate_from_string(cell)[1]
        assert str(row["Record"]) in [str(c.value) for c in book[sheet.strip("'")][number]], row


def test_a_line_too_long_for_the_sheet_is_named(sold: Office) -> None:
    from xltax.office.statements import statement_rows

    desk_rows, long = statement_rows.rows_of(
        pd.DataFrame({"Part": ["A"] * 3, "Levy Year": 1, "Levy Type": "", "Levy Part": "", "Name": ["x", "x", "y"], "Line": [0, 0, 1],
                      "Amount": 1, "Posted": pd.NaT, "Table": "Duplicate", "At": 99}),
        {"Duplicate": FilesBookTables(sold)}, most=1,
    )  # fmt: skip
    assert desk_rows["Line"].tolist() == ["y"]
    assert desk_rows["Where"].tolist() == [statement_rows.NOT_POSTED]
    assert long == ["A, x (2 rows)"]


def FilesBookTables(it: Office):  # type: ignore[no-untyped-def]  # noqa: N802
    from xltax.actions.desk import Desk

    return Desk.of(FilesBook.open(it.path)).duplicate


# ---- the language ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"name": "A", "of": ["taken"], "adds": ["1"]}], "needs exactly one of"),
        ([{"name": "A", "adds": ["7"]}], "calculated from line 7, which does not stand above"),
        ([{"name": "A", "of": ["opening"]}, {"name": "B", "of": ["taken"]}], "No line includes turned_over"),
        ([{"name": "A", "of": ["levied"]}], "A part about turnover has no levied"),
        ([{"name": "A", "percent": ["1"]}], "percent and times take two lines"),
    ],
)
def test_mistakes_in_a_statement_are_named(lines: list[dict[str, object]], said: str) -> None:
    raw = {
        "kind": "k",
        "report": "monthly",
        "heading": "H",
        "title": "T",
        "about": "turnover",
        "lines": lines,
        "ends": "End",
    }
    with pytest.raises(BadProfile, match=said):
        Statement.read(raw, "x")
