"""A levy year in several runs: the roll, new accounts, added and supplemental lists, corrected rolls; each undone by itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from one_book import PrintingBook
from xltax.workbooks.new import new_book

from xltax.actions import adjusting, bills, control, corrections, setup, year
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook

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


@pytest.fixture
def nj(tmp_path: Path) -> Town:
    """Three parcels of New Jersey billed for 2025 in January."""
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 1, 31))
    town.roll(NJ_ROLL, D(2025, 1, 2))
    town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    return town


@pytest.fixture
def added(nj: Town) -> Town:
    """The added list of October, prorated by the law."""
    nj.roll(ADDED, D(2025, 10, 1), levy_type="ADD", prorate=True)
    return nj


# ---- added and omitted assessments --------------------------------------------------------------------------------------


def test_an_added_list_is_billed_beside_the_roll_for_november_1(added: Town) -> None:
    said = added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    # N.J.S.A. 54:4-63.3: whole months left. August 7: 4 of 12, 60,000 -> 20,000; March 15: 9 of 12, 24,000 -> 18,000.
    # At 2.248 per 100: 449.60 + 404.64 = 854.24.
    assert "2 bills of 2025 (whole), net tax 854.24." in said
    assert "Run 2: ADD list of Oct 1, 2025, 2 bills, $854.24." in said
    rows = added.read("Duplicate")
    rows = rows[rows["Levy Type"] == "ADD"].set_index("Account")
    assert rows["Net Tax"].to_dict() == {"0012-4": 449.60, "0014-2": 404.64}
    assert set(rows["Due 1"]) == {D(2025, 11, 1)}
    assert set(rows["Recorded"]) == {D(2025, 10, 10)}
    assert rows["Bill"].to_dict() == {"0012-4": "2025-0012-4/ADD", "0014-2": "2025-0014-2/ADD"}
    assert set(rows["Run"]) == {"2"}
    assert added.looks(D(2025, 10, 31)).endswith("0 to look at.")


def test_bring_in_takes_a_list_by_block_and_lot(nj: Town) -> None:
    path = nj.path.with_name("added.csv")
    text = (
        'Block,Lot,Owner,Added Assessment,Completed\n0012,4,ADAMS,"60,000",8/7/2025\n0014,2,CLARK,"24,000",3/15/2025\n'
    )
    path.write_text(text, encoding="utf-8")
    for what in ("roll", "further"):
        with pytest.raises(TaxError, match="prorate"):
            nj.do(setup.bring_in, what, 84_000_00, path, mapping="Account=Block + Lot", levy_type="ADD")
    said = nj.do(
        setup.bring_in, "roll", 84_000_00, path, mapping="Account=Block + Lot", levy_type="ADD", prorate=True,
        roll_date=D(2025, 10, 1), today=D(2025, 10, 3),
    )  # fmt: skip
    # 60,000 x 4/12 + 24,000 x 9/12; both accounts are on the Roll, so it stays as it is.
    assert "2 rows, net value 38,000.00, on Further Lists as the list of Oct 1, 2025" in said
    assert len(nj.read("Roll")) == 3
    with pytest.raises(TaxError, match="The list does not say which levy it is"):
        nj.do(setup.bring_in, "further", 84_000_00, path, mapping="Account=Block + Lot", prorate=True)


def test_an_added_list_leaves_the_roll_as_it_was(added: Town) -> None:
    rows = added.read("Roll").set_index("Account")
    assert rows["Net Value"].to_dict() == {"0012-4": 250_000, "0013-7.01": 400_000, "0014-2": 180_000}
    assert set(rows["Levy Type"]) == {"RE"}


def test_no_list_is_billed_twice(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    with pytest.raises(TaxError, match="2025 is already billed"):
        added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 11))
    with pytest.raises(TaxError, match=r"has the ADD list of Oct 1, 2025 already: 2 rows, .*It was billed in run 2"):
        added.roll(ADDED, D(2025, 10, 1), levy_type="ADD", prorate=True)


def test_a_second_list_of_the_year_is_a_run_of_its_own_and_undone_by_itself(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    added.roll("Account,Net Value\n0012-4,6000\n", D(2025, 10, 15), levy_type="ADD")
    said = added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 16))
    assert "Run 3: ADD list of Oct 15, 2025, 1 bill, $134.88." in said  # 6,000 x 2.248 / 100
    assert added.bills("ADD") == {"2025-0012-4/ADD": 449.60, "2025-0014-2/ADD": 404.64, "2025-0012-4/ADD2": 134.88}
    said = added.do(control.undo, today=D(2025, 10, 17), run="2")
    assert "Run 2 (ADD, further), which made 2 bills with $854.24." in said
    assert added.bills("ADD") == {"2025-0012-4/ADD2": 134.88}
    said = added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 18))
    assert "Run 4: ADD list of Oct 1, 2025, 2 bills, $854.24." in said
    assert added.looks(D(2025, 10, 31)).endswith("0 to look at.")


def test_a_list_that_is_not_billed_is_replaced_only_where_this_is_said(added: Town) -> None:
    corrected = "Account,Owner,Net Value\n0012-4,ADAMS,18000\n0099-1,NEW LOT,5000\n0099-1,NEW LOT,7000\n"
    with pytest.raises(TaxError, match=r"has the ADD list of Oct 1, 2025 already: 2 rows, \$38,000.00"):
        added.roll(corrected, D(2025, 10, 1), levy_type="ADD")
    said = added.roll(corrected, D(2025, 10, 1), levy_type="ADD", missing="remove")
    assert "1 account is not on the roll: 0099-1 (NEW LOT)" in said
    assert "More than once on the list, with a bill for each row: 0099-1 (NEW LOT)." in said
    added.do(year.bill, 2025, "ADD=2", today=D(2025, 10, 10))
    assert added.bills("ADD") == {"2025-0012-4/ADD": 360.00, "2025-0099-1/ADD": 100.00, "2025-0099-1/ADD2": 140.00}


def test_a_list_with_dates_and_one_value_asks_whether_it_is_prorated(nj: Town) -> None:
    with pytest.raises(TaxError, match=r"roll.csv row 2, Net Value: The list has dates or months.*yes for prorate"):
        nj.roll(ADDED, D(2025, 10, 1), levy_type="ADD")
    said = nj.roll(ADDED, D(2025, 10, 1), levy_type="ADD", prorate=False)
    assert "2 rows, net value 84,000.00" in said


def test_a_list_that_prorates_otherwise_than_the_law_is_named(nj: Town) -> None:
    # 60,000 completed August 7 is 20,000 for four months, not 25,000 for five.
    text = "Account,Full Assessment,Completed,Months,Prorated Assessment\n0012-4,60000,2025-08-07,4,25000\n"
    with pytest.raises(TaxError, match=r"the list prorates \$60,000.00 to \$25,000.00, the law of .* to \$20,000.00"):
        nj.roll(text, D(2025, 10, 1), levy_type="ADD")
    with pytest.raises(TaxError, match=r"The list charges 5 months from Aug 7, 2025, the law of .* 4"):
        nj.roll(text.replace(",4,25000", ",5,25000"), D(2025, 10, 1), levy_type="ADD")


def test_a_row_without_its_date_is_not_billed_for_a_whole_year(nj: Town) -> None:
    with pytest.raises(
        TaxError, match=r"roll.csv row 3, Assessed From: Account 0014-2 has no date and no months to prorate by"
    ):
        nj.roll(ADDED.replace("2025-03-15", ""), D(2025, 10, 1), levy_type="ADD", prorate=True)


def test_a_list_billed_after_its_due_day_asks_for_one(added: Town) -> None:
    with pytest.raises(TaxError, match=r"payable Nov 1, 2025 .* before the day they are made, Dec 2, 2025"):
        added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 12, 2))
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 12, 2), due=D(2026, 1, 5))
    rows = added.read("Duplicate")
    assert set(rows.loc[rows["Levy Type"] == "ADD", "Due 1"]) == {D(2026, 1, 5)}


def test_added_rows_among_the_roll_are_refused(nj: Town) -> None:
    text = (
        NJ_ROLL.replace("Account,", "Levy Type,Account,").replace("\n00", "\nRE,00")
        + "ADD,0012-4X,ADAMS,1 Main St,60000,\n"
    )
    with pytest.raises(TaxError, match="It has ADD rows"):
        nj.roll(text, D(2025, 10, 1))


def test_the_control_totals_of_the_roll_hold_beside_an_added_list(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    book = FilesBook.open(added.path)
    book.set("control_bills", 3)
    book.set("control_tax", 18_658_40)
    book.save()
    # 830,000 x 2.248 / 100 = 18,658.40 on three bills; the list of 854.24 is not the roll's.
    assert added.looks(D(2025, 10, 31)).endswith("0 to look at.")


def test_an_added_assessment_stays_out_of_next_years_prior_tax(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    added.do(year.bill, 2026, stage="preliminary", today=D(2026, 1, 10))
    rows = added.read("Duplicate")
    rows = rows[rows["Levy Year"] == 2026].set_index("Account")
    # A quarter of 5,620.00, not of 5,620.00 + 449.60.
    assert rows.loc["0012-4", ["Inst 1", "Inst 2"]].tolist() == [1405.00, 1405.00]


def test_added_bills_print(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    said = added.do(bills.bills, 2025, levy_type="ADD", on=D(2025, 10, 10))
    assert "2 bills on 2 pages, tax 854.24" in said


# ---- Connecticut, Pennsylvania ----------------------------------------------------------------------------------------------


def test_a_supplemental_vehicle_list_is_billed_for_january_1(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor", 2023, D(2024, 12, 31))
    town.roll("Account,Owner,Net Value\nR1,ADAMS,100000\n", D(2024, 2, 1))
    town.do(year.bill, 2023, "RE=36.36", today=D(2024, 6, 3))
    vehicles = "Account,Owner,Vehicle,Assessment,Registration Date,Old Assessment\nS1,ADAMS,2022 Ford,12000,2023-11-20,\nS2,BAKER,2024 Kia,20000,2024-07-03,8000\n"
    said = town.roll(vehicles, D(2024, 10, 31), levy_type="MVS", prorate=True)
    assert "2 accounts are not on the roll: S1 (ADAMS), S2 (BAKER)" in said
    said = town.do(year.bill, 2023, "MVS=32.46", today=D(2024, 12, 20))
    # Danbury's table: November 91.7%, July 25%. 12,000 x 0.917 = 11,004; (20,000 - 8,000) x 0.25 = 3,000, in whole dollars.
    # At 32.46 mills: 357.18984 -> 357.19, and 97.38.
    assert "Run 2: MVS list of Oct 31, 2024, 2 bills, $454.57." in said
    rows = town.read("Duplicate")
    rows = rows[rows["Levy Type"] == "MVS"].set_index("Account")
    assert rows["Net Tax"].to_dict() == {"S1": 357.19, "S2": 97.38}
    assert set(rows["Due 1"]) == {D(2025, 1, 1)}
    town.do(bills.bills, 2023, levy_type="MVS", on=D(2024, 12, 20))
    assert "BAKER" in repr(town.pages["bills 2023 MVS"])
    # The next grand list bills the car by its own list: the supplemental row is not on the roll.
    with pytest.raises(TaxError, match="2023 is already billed"):
        town.do(year.bill, 2023, "RE=36.36, MVS=32.46", today=D(2025, 2, 1))


def test_a_supplemental_vehicle_comes_onto_the_next_grand_list_and_its_bill_keeps_the_party(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor", 2023, D(2024, 12, 31))
    town.roll("Account,Party,Owner,Net Value\nV1,P9,ADAMS,10000\n", D(2024, 2, 1), levy_type="MV")
    town.roll("Account,Owner,Net Value\nV1,ADAMS,500\nS1,BAKER,11004\n", D(2024, 10, 31), levy_type="MVS")
    town.do(year.bill, 2023, "MVS=32.46", today=D(2024, 12, 20))
    rows = town.read("Duplicate").set_index("Account")
    assert rows.loc["V1", "Party"] == "P9"
    town.roll("Account,Party,Owner,Net Value\nV1,P9,ADAMS,9000\nS1,P4,BAKER,12000\n", D(2025, 2, 1), levy_type="MV")
    rows = town.read("Roll").set_index("Account")
    assert (rows.loc["S1", "Levy Type"], rows.loc["S1", "Left On"]) == ("MV", None)


def test_the_vehicle_list_may_be_billed_after_the_real_estate(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor", 2023, D(2024, 6, 30))
    town.roll("Account,Owner,Net Value\nR1,ADAMS,100000\n", D(2024, 2, 1))
    town.do(year.bill, 2023, "RE=36.36", today=D(2024, 6, 3))
    town.roll("Account,Owner,Net Value\nV1,ADAMS,10000\n", D(2024, 6, 1), levy_type="MV")
    said = town.do(year.bill, 2023, "RE=36.36, MV=32.46", today=D(2024, 6, 10))
    assert "1 bills of 2023 (whole), net tax 324.60. Run 2: MV, 1 bill, $324.60." in said  # 10,000 x 32.46 / 1000
    said = town.do(control.undo, today=D(2024, 6, 11))
    assert "Run 2 (MV, whole)" in said
    assert list(town.bills()) == ["2023-R1"]


def test_new_construction_is_billed_on_the_assessors_own_proration_where_the_law_has_none(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor", 2023, D(2024, 12, 31))
    town.roll("Account,Owner,Net Value\nR1,ADAMS,100000\n", D(2024, 2, 1))
    town.do(year.bill, 2023, "RE=36.36", today=D(2024, 6, 3))
    built = "Account,Assessment,CO Date\nR1,25000,2024-04-10\n"
    with pytest.raises(TaxError, match="has no added rule for ADD"):
        town.roll(built, D(2024, 9, 1), levy_type="ADD", prorate=True)
    town.roll(built, D(2024, 9, 1), levy_type="ADD", prorate=False)
    with pytest.raises(
        TaxError, match=r"due: .* has no installments rule for ADD.*Give the day these bills are payable"
    ):
        town.do(year.bill, 2023, "ADD=36.36", today=D(2024, 9, 3))
    town.do(year.bill, 2023, "ADD=36.36", today=D(2024, 9, 3), mailed=D(2024, 9, 3), due=D(2024, 10, 3))
    rows = town.read("Duplicate").set_index("Bill")
    # 25,000 x 36.36 / 1000 = 909.00 in one payment.
    assert rows.loc["2023-R1/ADD", ["Net Tax", "Due 1"]].tolist() == [909.00, D(2024, 10, 3)]


def test_an_interim_bill_has_its_own_day(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-pa-borough", 2025, D(2025, 9, 30))
    town.roll("Account,Owner,Net Value\n7,ADAMS,100000\n", D(2025, 1, 2))
    rate = "RE=5" if town.do(year.bill, 2025, "RE=5", today=D(2025, 2, 1)) else ""
    interim = "Account,Net Value\n7,24000\n"
    town.roll(interim, D(2025, 8, 1), levy_type="RE", further=True)
    with pytest.raises(TaxError, match=r"payable Mar 1, 2025 .* before the day they are made"):
        town.do(year.bill, 2025, rate, today=D(2025, 8, 15))
    said = town.do(year.bill, 2025, rate, today=D(2025, 8, 15), mailed=D(2025, 8, 15), due=D(2025, 8, 15))
    assert "Run 2: RE list of Aug 1, 2025, 1 bill, $120.00." in said  # 24,000 x 5 / 1000
    rows = town.read("Duplicate").set_index("Bill")
    assert rows.loc["2025-7/RE", "Due 1"] == D(2025, 8, 15)


def test_an_interim_list_alone_leaves_its_account_to_the_roll(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-pa-borough", 2025, D(2025, 9, 30))
    town.roll("Account,Owner,Net Value\n7,ADAMS,100000\n", D(2025, 1, 2))
    town.roll("Account,Net Value\n7,24000\n", D(2025, 1, 20), levy_type="RE", further=True)
    town.do(year.bill, 2025, "RE=5", today=D(2025, 1, 25), due=D(2025, 4, 1), roll_date=D(2025, 1, 20))
    assert town.bills() == {"2025-7/RE": 120.00}
    town.do(year.bill, 2025, "RE=5", today=D(2025, 2, 1))
    assert town.bills() == {"2025-7/RE": 120.00, "2025-7": 500.00}


# ---- more of the roll itself ---------------------------------------------------------------------------------------------


def test_a_second_run_bills_new_accounts_only_and_says_how_many_stay(nj: Town) -> None:
    nj.roll("Account,Owner,Net Value,Prior Tax\n0015-1,DAVIS,100000,1000\n", D(2025, 6, 2), missing="keep")
    before = nj.bills()
    said = nj.do(year.bill, 2025, "RE=2.248", today=D(2025, 6, 2))
    assert "1 bills of 2025 (whole), net tax 2,248.00. Run 2: RE, 1 bill, $2,248.00." in said
    assert "Billed before and not billed again: 3 accounts." in said
    # A quarter of 1,000.00 each for February 1 and May 1, both past.
    assert "Installment 1 of 1 bill, $250.00, was payable before Jun 2, 2025" in said
    assert nj.bills() == before | {"2025-0015-1": 2248.00}


def test_an_exempt_parcel_has_no_second_half_to_be_billed(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor", 2023, D(2024, 6, 30))
    town.roll("Account,Owner,Net Value\nR1,ADAMS,100000\nR2,CHURCH,0\n", D(2024, 2, 1))
    town.do(year.bill, 2023, "RE=30", today=D(2024, 6, 3))
    with pytest.raises(TaxError) as refused:
        town.do(year.bill, 2023, "RE=30", today=D(2024, 6, 4))
    assert "preliminary" not in str(refused.value)


def test_new_lots_billed_in_spring_leave_the_second_halves_to_the_final_stage(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 7, 31))
    town.roll(NJ_ROLL, D(2025, 1, 2))
    town.do(year.bill, 2025, stage="preliminary", today=D(2025, 1, 10))
    with pytest.raises(TaxError, match=r"2025 is already billed\. 3 bills are preliminary: use the stage final"):
        town.do(year.bill, 2025, "RE=2.248", today=D(2025, 4, 1))
    town.roll("Account,Owner,Net Value,Prior Tax\n0015-1,DAVIS,100000,1000\n", D(2025, 4, 1), missing="keep")
    said = town.do(year.bill, 2025, "RE=2.248", today=D(2025, 4, 2))
    assert "The second half of 3 preliminary bills is still to be billed: use the stage final." in said
    assert "3 bills of 2025 (final)" in town.do(year.bill, 2025, "RE=2.248", stage="final", today=D(2025, 7, 1))


def test_two_accounts_that_would_share_a_bill_number_get_one_each(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor", 2023, D(2024, 6, 30))
    town.roll("Account,Owner,Net Value\n12,ADAMS,100000\n2023-12,BAKER,200000\n", D(2024, 2, 1))
    town.do(year.bill, 2023, "RE=30", today=D(2024, 6, 3))
    assert town.bills() == {"2023-12": 3000.00, "2023-12/2": 6000.00}


def test_a_year_that_was_opened_with_balances_is_not_billed_anew(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 8, 31))
    town.roll(NJ_ROLL, D(2025, 7, 31))
    path = town.path.with_name("open.csv")
    path.write_text("Account,Levy Year,Inst,Due,Amount\n0012-4,2025,3,2025-08-01,1405.00\n", encoding="utf-8")
    town.do(setup.bring_in, "balances", 1405_00, path, today=D(2025, 7, 31))
    # Baker and Clark paid the old system in full: they only look as if they were not billed.
    with pytest.raises(TaxError, match="2025 is already billed"):
        town.do(year.bill, 2025, "RE=2.248", today=D(2025, 8, 1))


# ---- corrected rolls --------------------------------------------------------------------------------------------------------


@pytest.fixture
def certified(nj: Town) -> Town:
    """A certificate of correction: Adams at 240,000 instead of 250,000, Clark at 200,000 instead of 180,000."""
    nj.roll("Account,Net Value\n0012-4,240000\n0014-2,200000\n", D(2025, 6, 2), missing="keep")
    return nj


def test_a_corrected_roll_raises_and_lowers_what_is_billed_by_adjustments(certified: Town) -> None:
    before = certified.bills()
    said = certified.do(
        corrections.correct_bills, 2025, "Certificates 2025-1, 2", "Assessor", rates="RE=2.248", today=D(2025, 6, 2)
    )
    # 10,000 x 2.248 / 100 = 224.80 down; 20,000 x 2.248 / 100 = 449.60 up.
    assert "Run 2: 2 RE bills corrected, $449.60 up and $224.80 down." in said
    assert certified.bills() == before, "the bills stay as billed"
    rows = certified.read("Adjustments")
    sums = rows.groupby(["Bill", "Kind"])["Amount"].sum().round(2).to_dict()
    assert sums == {("2025-0012-4", "Correction Down"): 224.80, ("2025-0014-2", "Correction Up"): 449.60}
    assert set(rows["Authority"]) == {"Certificates 2025-1, 2"}
    with pytest.raises(TaxError, match="No bill of 2025 differs from the Roll"):
        certified.do(corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 3))


def test_a_corrected_roll_is_undone_and_posted_again(certified: Town) -> None:
    certified.do(corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 2))
    assert "which corrected 2 bills" in certified.do(control.undo, today=D(2025, 6, 3))
    said = certified.do(
        corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 4)
    )
    assert "Run 3: 2 RE bills corrected, $449.60 up and $224.80 down." in said
    assert certified.looks(D(2025, 6, 30)).endswith("0 to look at.")


def test_a_bill_that_a_judgment_lowered_is_not_lowered_again(certified: Town) -> None:
    certified.do(adjusting.appeal, "2025-0012-4", 5395_20, "County board, docket 12", "Collector", today=D(2025, 5, 20))
    said = certified.do(
        corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 2)
    )
    assert "1 RE bill corrected, $449.60 up and $0.00 down." in said
    assert "may hold the new value already: 0012-4" in said


# ---- undoing ------------------------------------------------------------------------------------------------------------------


def test_a_run_that_was_paid_on_is_not_undone(nj: Town) -> None:
    nj.pay(D(2025, 2, 3), ("0014-2", "100.00", D(2025, 2, 3)))
    with pytest.raises(TaxError, match="Run 1 cannot be undone: receipt 1 was paid on bill 2025-0014-2"):
        nj.do(control.undo, today=D(2025, 2, 4), run="1")


def test_a_run_whose_bill_was_adjusted_is_not_undone(nj: Town) -> None:
    nj.do(adjusting.adjust, "2025-0014-2", "Abatement", 10_00, "why", "Resolution 1", "Council", today=D(2025, 2, 3))
    with pytest.raises(TaxError, match="Run 1 cannot be undone: adjustment A-1 changed bill 2025-0014-2"):
        nj.do(control.undo, today=D(2025, 2, 4), run="1")


def test_a_run_is_undone_once(nj: Town) -> None:
    nj.do(control.undo, today=D(2025, 1, 11), run="1")
    assert nj.bills() == {}
    with pytest.raises(TaxError, match="Run 1 was undone Jan 11, 2025 already"):
        nj.do(control.undo, today=D(2025, 1, 12), run="1")
    with pytest.raises(TaxError, match='There is no billing run "7"'):
        nj.do(control.undo, today=D(2025, 1, 12), run="7")


def test_credit_that_a_run_took_is_credit_again(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 1, 31))
    town.roll(NJ_ROLL, D(2025, 1, 2))
    town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    # The whole year, 4,046.40, and 100.00 more.
    town.pay(D(2025, 1, 20), ("0014-2", "4146.40", D(2025, 1, 20)))
    town.do(year.bill, 2026, "RE=2.3", today=D(2026, 1, 10))
    town.do(control.undo, today=D(2026, 1, 12))
    assert {b[:4] for b in town.bills()} == {"2025"}
    lines = town.read("CashBook")
    assert round(lines.loc[lines["Bill"].astype(str).str.startswith("2026"), "Total"].sum(), 2) == 0
    assert town.looks(D(2026, 1, 31)).endswith("0 to look at.")


def test_a_final_run_is_undone_and_the_preliminary_bills_stand_as_they_were(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 7, 31))
    # Davis's preliminary quarters, 600.00 each, come to 200.00 above his year's tax of 1,000.00.
    town.roll(NJ_ROLL + "0016-1,DAVIS,4 Main St,50000,2400\n", D(2025, 1, 2))
    town.do(year.bill, 2025, stage="preliminary", today=D(2025, 1, 10), mailed=D(2025, 1, 15))
    before = town.read("Duplicate")
    town.do(year.bill, 2025, "RE=2", stage="final", today=D(2025, 7, 10), mailed=D(2025, 7, 10))
    with pytest.raises(TaxError, match="its bills were completed by a final run"):
        town.do(control.undo, today=D(2025, 7, 11), run="1")
    town.do(control.undo, today=D(2025, 7, 11))
    after = town.read("Duplicate")
    facts = [
        "Bill",
        "Gross Tax",
        "Net Tax",
        "Due 1",
        "Due 2",
        "Due 3",
        "Due 4",
        "Inst 1",
        "Inst 2",
        "Inst 3",
        "Mailed",
        "Completed",
        "Run",
    ]
    pd.testing.assert_frame_equal(after[facts].fillna(0), before[facts].fillna(0), check_dtype=False)
    again = town.do(year.bill, 2025, "RE=2.1", stage="final", today=D(2025, 7, 12))
    assert "1 had preliminary installments above the year's tax" in again
    assert town.looks(D(2025, 7, 31)).endswith("0 to look at.")
    # 50,000 x 2.1 / 100 = 1,050.00 is Davis's tax of 2025, so 262.50 is a quarter of it; what was undone takes nothing off.
    town.do(year.bill, 2026, stage="preliminary", today=D(2026, 1, 10))
    rows = town.read("Duplicate").set_index("Bill")
    assert rows.loc["2026-0016-1", ["Inst 1", "Inst 2"]].tolist() == [262.50, 262.50]


def test_a_note_of_her_own_beside_a_bill_is_never_moved_to_another(nj: Town) -> None:
    import openpyxl

    book = openpyxl.load_workbook(nj.path)
    sheet = book["Duplicate"]
    table = sheet.tables["Duplicate"]
    first, last = table.ref.split(":")
    head = sheet[first].row
    column = sheet[last].column + 1
    sheet.cell(head, column, "Memo")
    sheet.cell(head + 1, column, "call him")
    letter = openpyxl.utils.get_column_letter(column)
    row = "".join(c for c in last if c.isdigit())
    table.ref = f"{first}:{letter}{row}"
    table.tableColumns.append(openpyxl.worksheet.table.TableColumn(id=len(table.tableColumns) + 1, name="Memo"))
    if table.autoFilter:
        table.autoFilter.ref = table.ref
    book.save(nj.path)
    with pytest.raises(TaxError, match='a column of your own, "Memo"'):
        nj.do(control.undo, today=D(2025, 1, 11), run="1")


def test_the_register_and_the_log_name_the_run(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    one, two = added.read("BillRuns").to_dict("records")
    assert (one["Levy Type"], one["Stage"], one["Bills"], one["Value"], one["Net Tax"]) == (
        "RE",
        "whole",
        3,
        830_000,
        18_658.40,
    )
    assert (two["Levy Type"], two["Stage"], two["Bills"], two["Value"], two["Net Tax"]) == (
        "ADD",
        "further",
        2,
        38_000,
        854.24,
    )
    assert two["Roll Date"] == D(2025, 10, 1)
    log = added.read("Log")
    assert log.loc[log["Action"] == "bill", "What"].tolist() == ["2025 whole, run 1", "2025 whole, run 2"]


def test_a_run_with_a_deduction_disallowed_since_is_not_undone(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 1, 31))
    town.roll("Account,Owner,Net Value,Prior Tax,Deductions\n1,ADAMS,250000,5620,250\n", D(2025, 1, 2))
    town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    town.do(bills.disallow_deduction, "2025-1", 250_00, today=D(2025, 12, 1))
    with pytest.raises(TaxError, match="bill 2025-1 has a row that was added since"):
        town.do(control.undo, today=D(2025, 12, 2), run="1")
