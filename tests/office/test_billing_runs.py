"""A levy year in several runs: the roll, new accounts, added and supplemental lists, corrected rolls; each undone by itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.office.runs_town import ADDED, NJ_ROLL, Town, billed
from xltax.actions import bills, control, setup, year
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook

D = dt.date


@pytest.fixture
def nj(tmp_path: Path) -> Town:
    """Three parcels of New Jersey billed for 2025 in January."""
    return billed(tmp_path)


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
    assert "2 bills for 2025 (whole), net tax $854.24." in said
    assert "Run 2: ADD list of Oct 1, 2025, 2 bills, $854.24." in said
    rows = added.read("Duplicate")
    rows = rows[rows["Levy Type"] == "ADD"].set_index("Account")
    assert rows["Net Tax"].to_dict() == {"0012-4": 449.60, "0014-2": 404.64}
    assert set(rows["Due 1"]) == {D(2025, 11, 1)}
    assert set(rows["Recorded"]) == {D(2025, 10, 10)}
    assert rows["Bill"].to_dict() == {"0012-4": "2025-0012-4/ADD", "0014-2": "2025-0014-2/ADD"}
    assert set(rows["Run"]) == {"2"}
    assert added.looks(D(2025, 10, 31)).endswith(" checks passed.")


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
    assert "2 rows, net value $38,000.00, on Further Lists as the list of Oct 1, 2025" in said
    assert len(nj.read("Roll")) == 3
    with pytest.raises(TaxError, match="The list does not show its levy type"):
        nj.do(setup.bring_in, "further", 84_000_00, path, mapping="Account=Block + Lot", prorate=True)


def test_an_added_list_leaves_the_roll_as_it_was(added: Town) -> None:
    rows = added.read("Roll").set_index("Account")
    assert rows["Net Value"].to_dict() == {"0012-4": 250_000, "0013-7.01": 400_000, "0014-2": 180_000}
    assert set(rows["Levy Type"]) == {"RE"}


def test_no_list_is_billed_twice(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    with pytest.raises(TaxError, match="2025 is already billed"):
        added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 11))
    with pytest.raises(
        TaxError, match=r"already has the ADD list of Oct 1, 2025: 2 rows, .*That list was billed in run 2"
    ):
        added.roll(ADDED, D(2025, 10, 1), levy_type="ADD", prorate=True)


def test_a_second_list_of_the_year_is_a_run_of_its_own_and_undone_by_itself(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    added.roll("Account,Net Value\n0012-4,6000\n", D(2025, 10, 15), levy_type="ADD")
    said = added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 16))
    assert "Run 3: ADD list of Oct 15, 2025, 1 bill, $134.88." in said  # 6,000 x 2.248 / 100
    assert added.bills("ADD") == {"2025-0012-4/ADD": 449.60, "2025-0014-2/ADD": 404.64, "2025-0012-4/ADD2": 134.88}
    said = added.do(control.undo, today=D(2025, 10, 17), run="2")
    assert "Run 2 (ADD, further) was undone. This run had made 2 bills, $854.24." in said
    assert added.bills("ADD") == {"2025-0012-4/ADD2": 134.88}
    said = added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 18))
    assert "Run 4: ADD list of Oct 1, 2025, 2 bills, $854.24." in said
    assert added.looks(D(2025, 10, 31)).endswith(" checks passed.")


def test_a_list_that_is_not_billed_is_replaced_only_where_this_is_said(added: Town) -> None:
    corrected = "Account,Owner,Net Value\n0012-4,ADAMS,18000\n0099-1,NEW LOT,5000\n0099-1,NEW LOT,7000\n"
    with pytest.raises(TaxError, match=r"already has the ADD list of Oct 1, 2025: 2 rows, \$38,000.00"):
        added.roll(corrected, D(2025, 10, 1), levy_type="ADD")
    said = added.roll(corrected, D(2025, 10, 1), levy_type="ADD", missing="remove")
    assert "1 account is not on the roll: 0099-1 (NEW LOT)" in said
    assert "Accounts listed more than once, with a bill for each row: 0099-1 (NEW LOT)." in said
    added.do(year.bill, 2025, "ADD=2", today=D(2025, 10, 10))
    assert added.bills("ADD") == {"2025-0012-4/ADD": 360.00, "2025-0099-1/ADD": 100.00, "2025-0099-1/ADD2": 140.00}


def test_a_list_with_dates_and_one_value_asks_whether_it_is_prorated(nj: Town) -> None:
    with pytest.raises(TaxError, match=r"roll.csv!C2: The list has dates or months.*yes for prorate"):
        nj.roll(ADDED, D(2025, 10, 1), levy_type="ADD")
    said = nj.roll(ADDED, D(2025, 10, 1), levy_type="ADD", prorate=False)
    assert "2 rows, net value $84,000.00" in said


def test_a_list_that_prorates_otherwise_than_the_law_is_named(nj: Town) -> None:
    # 60,000 completed August 7 is 20,000 for four months, not 25,000 for five.
    text = "Account,Full Assessment,Completed,Months,Prorated Assessment\n0012-4,60000,2025-08-07,4,25000\n"
    with pytest.raises(
        TaxError, match=r"the list prorates \$60,000.00 to \$25,000.00, but the law of .* gives \$20,000.00"
    ):
        nj.roll(text, D(2025, 10, 1), levy_type="ADD")
    with pytest.raises(TaxError, match=r"The list charges 5 months from Aug 7, 2025, but the law of .* charges 4"):
        nj.roll(text.replace(",4,25000", ",5,25000"), D(2025, 10, 1), levy_type="ADD")


def test_a_row_without_its_date_is_not_billed_for_a_whole_year(nj: Town) -> None:
    with pytest.raises(TaxError, match=r"roll.csv!D3: Account 0014-2 has no date and no months to prorate by"):
        nj.roll(ADDED.replace("2025-03-15", ""), D(2025, 10, 1), levy_type="ADD", prorate=True)


def test_a_list_billed_after_its_due_day_asks_for_one(added: Town) -> None:
    with pytest.raises(TaxError, match=r"due date for .*, Nov 1, 2025, is before today, Dec 2, 2025"):
        added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 12, 2))
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 12, 2), due=D(2026, 1, 5))
    rows = added.read("Duplicate")
    assert set(rows.loc[rows["Levy Type"] == "ADD", "Due 1"]) == {D(2026, 1, 5)}


def test_added_rows_among_the_roll_are_refused(nj: Town) -> None:
    text = (
        NJ_ROLL.replace("Account,", "Levy Type,Account,").replace("\n00", "\nRE,00")
        + "ADD,0012-4X,ADAMS,1 Main St,60000,\n"
    )
    with pytest.raises(TaxError, match="The file has ADD rows"):
        nj.roll(text, D(2025, 10, 1))


def test_the_control_totals_of_the_roll_hold_beside_an_added_list(added: Town) -> None:
    added.do(year.bill, 2025, "ADD=2.248", today=D(2025, 10, 10))
    book = FilesBook.open(added.path)
    book.set("control_bills", 3)
    book.set("control_tax", 18_658_40)
    book.save()
    # 830,000 x 2.248 / 100 = 18,658.40 on three bills; the list of 854.24 is not the roll's.
    assert added.looks(D(2025, 10, 31)).endswith(" checks passed.")


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
    assert "2 bills on 2 pages, tax $854.24" in said


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
    assert "1 bill for 2023 (whole), net tax $324.60. Run 2: MV, 1 bill, $324.60." in said  # 10,000 x 32.46 / 1000
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
    with pytest.raises(TaxError, match=r"due: .* has no installments rule for ADD.*Enter the due date of these bills"):
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
    with pytest.raises(TaxError, match=r"due date for .*, Mar 1, 2025, is before today"):
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
    assert "1 bill for 2025 (whole), net tax $2,248.00. Run 2: RE, 1 bill, $2,248.00." in said
    assert "3 accounts already had a bill and did not change." in said
    # A quarter of 1,000.00 each for February 1 and May 1, both past.
    assert "Installment 1 of 1 bill, $250.00, was due before Jun 2, 2025" in said
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
    with pytest.raises(TaxError, match=r"2025 is already billed\. 3 bills are preliminary. Use the stage final"):
        town.do(year.bill, 2025, "RE=2.248", today=D(2025, 4, 1))
    town.roll("Account,Owner,Net Value,Prior Tax\n0015-1,DAVIS,100000,1000\n", D(2025, 4, 1), missing="keep")
    said = town.do(year.bill, 2025, "RE=2.248", today=D(2025, 4, 2))
    assert "The second half of 3 preliminary bills has not been billed. Use the stage final." in said
    assert "3 bills for 2025 (final)" in town.do(year.bill, 2025, "RE=2.248", stage="final", today=D(2025, 7, 1))


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
