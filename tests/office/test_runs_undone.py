"""Corrected rolls of a billed year, and billing runs undone: what goes, what stays, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.office.runs_town import NJ_ROLL, Town, billed
from xltax.actions import adjusting, bills, control, corrections, year
from xltax.errors import TaxError

D = dt.date


@pytest.fixture
def nj(tmp_path: Path) -> Town:
    """Three parcels of New Jersey billed for 2025 in January."""
    return billed(tmp_path)


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
    with pytest.raises(TaxError, match="Every bill for 2025 agrees with the Roll"):
        certified.do(corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 3))


def test_a_corrected_roll_is_undone_and_posted_again(certified: Town) -> None:
    certified.do(corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 2))
    assert "This run had corrected 2 bills" in certified.do(control.undo, today=D(2025, 6, 3))
    said = certified.do(
        corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 4)
    )
    assert "Run 3: 2 RE bills corrected, $449.60 up and $224.80 down." in said
    assert certified.looks(D(2025, 6, 30)).endswith(" checks passed.")


def test_a_bill_that_a_judgment_lowered_is_not_lowered_again(certified: Town) -> None:
    certified.do(adjusting.appeal, "2025-0012-4", 5395_20, "County board, docket 12", "Collector", today=D(2025, 5, 20))
    said = certified.do(
        corrections.correct_bills, 2025, "Certificate", "Assessor", rates="RE=2.248", today=D(2025, 6, 2)
    )
    assert "1 RE bill corrected, $449.60 up and $0.00 down." in said
    assert "may already reflect the new value: 0012-4" in said


# ---- undoing ------------------------------------------------------------------------------------------------------------------


def test_a_run_that_was_paid_on_is_not_undone(nj: Town) -> None:
    nj.pay(D(2025, 2, 3), ("0014-2", "100.00", D(2025, 2, 3)))
    with pytest.raises(TaxError, match="Run 1 cannot be undone: bill 2025-0014-2 was paid with receipt 1"):
        nj.do(control.undo, today=D(2025, 2, 4), run="1")


def test_a_run_whose_bill_was_adjusted_is_not_undone(nj: Town) -> None:
    nj.do(adjusting.adjust, "2025-0014-2", "Abatement", 10_00, "why", "Resolution 1", "Council", today=D(2025, 2, 3))
    with pytest.raises(TaxError, match="Run 1 cannot be undone: adjustment A-1 changed bill 2025-0014-2"):
        nj.do(control.undo, today=D(2025, 2, 4), run="1")


def test_a_run_is_undone_once(nj: Town) -> None:
    nj.do(control.undo, today=D(2025, 1, 11), run="1")
    assert nj.bills() == {}
    with pytest.raises(TaxError, match="Run 1 was already undone on Jan 11, 2025"):
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
    assert town.looks(D(2026, 1, 31)).endswith(" checks passed.")


def test_a_final_run_is_undone_and_the_preliminary_bills_stand_as_they_were(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 7, 31))
    # Davis's preliminary quarters, 600.00 each, come to 200.00 above his year's tax of 1,000.00.
    town.roll(NJ_ROLL + "0016-1,DAVIS,4 Main St,50000,2400\n", D(2025, 1, 2))
    town.do(year.bill, 2025, stage="preliminary", today=D(2025, 1, 10), mailed=D(2025, 1, 15))
    before = town.read("Duplicate")
    town.do(year.bill, 2025, "RE=2", stage="final", today=D(2025, 7, 10), mailed=D(2025, 7, 10))
    with pytest.raises(TaxError, match="a final run completed its bills"):
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
    assert "1 bill had preliminary installments above the year's tax" in again
    assert town.looks(D(2025, 7, 31)).endswith(" checks passed.")
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
    with pytest.raises(TaxError, match='a column that you added, "Memo"'):
        nj.do(control.undo, today=D(2025, 1, 11), run="1")


def test_a_run_with_a_deduction_disallowed_since_is_not_undone(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-nj-colts-neck", 2025, D(2025, 1, 31))
    town.roll("Account,Owner,Net Value,Prior Tax,Deductions\n1,ADAMS,250000,5620,250\n", D(2025, 1, 2))
    town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    town.do(bills.disallow_deduction, "2025-1", 250_00, today=D(2025, 12, 1))
    with pytest.raises(TaxError, match="bill 2025-1 has a later row"):
        town.do(control.undo, today=D(2025, 12, 2), run="1")
