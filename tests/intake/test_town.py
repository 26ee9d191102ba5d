"""Millbrook, a made-up town of 3,200 parcels as a small office keeps it: every file comes in unedited and ties to the cent."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests.intake.intake_files import CASES, TOWN, NewBook
from xltax.actions import day
from xltax.actions.rolls import REMOVE
from xltax.actions.setup import bring_in, look_at
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook

ROLL, OPEN = TOWN / "Millbrook 2025.xlsx", TOWN / "Open balances.xlsx"
VALUE, BALANCES = 1_395_232_500_00, 16_028_111_05  # as the sheets' own last rows say
JULY, AUGUST = dt.date(2025, 7, 31), dt.date(2025, 8, 31)
ANSWERS: dict[str, Any] = {"lots": "two decimals", "sure": "Account"}  # the one round of answers that the look asks for


@pytest.fixture
def millbrook(book: NewBook) -> FilesBook:
    office = book("empty")
    bring_in(office, "roll", VALUE, ROLL, **ANSWERS)
    bring_in(office, "balances", BALANCES, OPEN, sure="Account", today=JULY)
    return office


def lines(office: FilesBook) -> list[dict[str, Any]]:
    return office.read("BatchLines").to_dict("records")


def test_the_roll_comes_in_after_one_round_of_answers(book: NewBook) -> None:
    office = book("empty")
    look = look_at(office, "roll", ROLL, control_total=VALUE).text
    assert "header in row 6, 3,200 rows, Net Value $1,395,232,500.00; 97 rows skipped" in look
    questions = [line for line in look.splitlines() if line.startswith("Incoming, ")]
    assert len(questions) == 1
    assert "Is 7-20.1 in row 227 the number 7-20.1 or 7-20.10?" in questions[0]
    assert "16 more like it" in questions[0]
    assert "Acct ID (hidden)" in look, "a hidden column is named, and never taken for the account"
    assert "difference $0.00" in bring_in(office, "roll", VALUE, ROLL, **ANSWERS).text
    roll = office.read("Roll")
    by = roll.set_index("Account")
    assert len(roll) == 3200
    assert by.loc["7-20.10", "Lot"] == "20.10"
    # V, S, W and V S: $250.00 for each letter (N.J.S.A. 54:4-8.10 and 8.40). On the sheet: 217, 59, 32 and 36 parcels.
    assert roll["Deductions"].fillna(0).value_counts().to_dict() == {0: 3200 - 344, 250: 217 + 59 + 32, 500: 36}


def test_open_balances_come_in_with_credits_as_opening_credits(millbrook: FilesBook) -> None:
    bills, cash = millbrook.read("Duplicate"), millbrook.read("CashBook")
    assert set(cash["Kind"]) == {"Opening"}
    assert cash.groupby("Receipt")["Total"].sum().sort_values().tolist() == [44.25, 44.25, 120.5, 120.5, 300, 300]
    assert round(bills["Net Tax"].sum() * 100) - round(cash["Total"].sum() * 100) == BALANCES


def test_an_account_with_nothing_but_a_credit_has_a_bill_that_carries_it(book: NewBook, tmp_path: Path) -> None:
    office = book("roll")
    sheet = "Account,Tax Year,Qtr,Due,Balance\n0012-4,2024,4,11/1/2024,-50.00\n0014-2,2025,1,2/1/2025,10.00\n"
    (tmp_path / "credits.csv").write_text(sheet, encoding="utf-8")
    assert look_at(office, "balances", tmp_path / "credits.csv", control_total=-40_00).text.endswith("Ready to import.")
    said = bring_in(office, "balances", -40_00, tmp_path / "credits.csv", today=JULY).text
    assert "1 credit, $50.00, is posted as opening credits." in said
    cash = office.read("CashBook")
    assert (cash["Account"].tolist(), cash["Kind"].tolist(), cash["Overpaid"].tolist()) == (
        ["0012-4"],
        ["Opening"],
        [50],
    )


def test_quarters_side_by_side_become_a_row_each(book: NewBook) -> None:
    office = book("empty")
    bring_in(office, "roll", VALUE, ROLL, **ANSWERS)
    look = look_at(office, "balances", ROLL).text
    for words in (
        'option --mapping "Levy Year=2025"',
        'option --mapping "Due=Rules"',
        '"Billed less Paid" the open tax',
    ):
        assert words in look
    # Total Open less Prior Yr Open of the sheet's 3,200 parcels
    said = bring_in(
        office, "balances", 15_923_508_97, ROLL, mapping="Levy Year=2025, Due=Rules", sure="Account, Amount", today=JULY
    )
    assert "3,139 bills for 3,139 accounts" in said.text
    bill = office.read("Duplicate").set_index("Account").loc["1.02-2"]
    assert [bill[f"Inst {n}"] for n in (1, 2, 3, 4)] == [3371.78, 3371.77, 3484.63, 3484.62]
    assert [str(bill[f"Due {n}"]) for n in (1, 2, 3, 4)] == ["2025-02-01", "2025-05-01", "2025-08-01", "2025-11-01"]


def test_a_cell_of_a_turned_row_is_named_by_its_place(book: NewBook, tmp_path: Path) -> None:
    (tmp_path / "quarters.csv").write_text(
        "Account,Tax Year,Q1 Billed,Q1 Paid,Q2 Billed,Q2 Paid\n0012-4,2025,100.00,100.00,100.00,x\n", encoding="utf-8"
    )
    look = look_at(book("roll"), "balances", tmp_path / "quarters.csv", mapping="Due=Rules", sure="Amount").text
    assert re.search(r"quarters\.csv!E2: x is not an amount", look), look


@pytest.mark.parametrize("file", ["core2.csv", "core3.csv", "CORELOGIC_MILLBROOK_20250808.csv"])
def test_a_servicer_with_or_without_zeros_and_records(millbrook: FilesBook, file: str) -> None:
    said = day.import_batch(millbrook, TOWN / file, "Core", 154_257_87, today=AUGUST).text
    assert "60 rows, $154,257.87 (60 matched). The rows without duplicates equal the deposit." in said
    assert ("Matched" in said) == (file != "core3.csv")
    assert "60 payments, $154,257.87" in day.post_batch(millbrook, "1", today=AUGUST).text
    assert set(millbrook.read("CashBook").query("Batch == '1'")["By"]) == {"third party"}


def test_a_trailer_that_does_not_tie_is_named(millbrook: FilesBook, tmp_path: Path) -> None:
    text = (TOWN / "CORELOGIC_MILLBROOK_20250808.csv").read_text(encoding="utf-8")
    short = tmp_path / "short.csv"
    short.write_text("".join(x for n, x in enumerate(text.splitlines(keepends=True)) if n != 5), encoding="utf-8")
    with pytest.raises(TaxError, match=r"The trailer record says \$154,257\.87, but the rows add up to"):
        day.import_batch(millbrook, short, "Core", 154_257_87, today=AUGUST)


def test_a_fixed_width_file_is_proposed_from_its_look(millbrook: FilesBook) -> None:
    with pytest.raises(TaxError) as error:
        day.import_batch(millbrook, TOWN / "LERETA.TXT", "Lereta", 10_675_95, today=AUGUST)
    asked = [str(p) for p in error.value.problems]
    assert [p.split(":")[0] for p in asked[:3]] == ["Incoming, Account", "Incoming, Amount", "Incoming, Received"]
    said = day.import_batch(
        millbrook, TOWN / "LERETA.TXT", "Lereta", 10_375_95, sure="Account, Amount, Received", today=AUGUST
    ).text
    # 2102.20 + 1702.33 + 33.13 + 1810.86 + 2919.09
    assert "5 rows, $8,567.61 (5 matched)" in said
    assert [r["Account"] for r in lines(millbrook)] == ["2-21", "2-22", "2-36-QFARM", "3-16", "3-39"]
    assert {str(r["Received"]) for r in lines(millbrook)} == {"2025-08-08"}


def test_an_online_site_with_voided_rows_and_fees(millbrook: FilesBook) -> None:
    file = TOWN / "xpress_settlement_8-12-2025.csv"
    said = day.import_batch(millbrook, file, "Xpress", 67_368_22, sure="Account", today=AUGUST).text
    assert (
        "27 rows, $67,368.22 (27 matched). The rows without duplicates equal the deposit. 3 rows not imported: " in said
    )
    assert 'status "Voided"' in said
    assert {r["Tender"] for r in lines(millbrook)} == {"Card", "ACH"}
    assert lines(millbrook)[0]["Reference"] == "XP880001", "the site's number is a reference, never our receipt number"
    assert "27 payments, $67,368.22" in day.post_batch(millbrook, "1", today=AUGUST).text


def test_the_next_file_of_the_same_look_needs_no_answer(millbrook: FilesBook, tmp_path: Path) -> None:
    file = TOWN / "xpress_settlement_8-12-2025.csv"
    bring_in(millbrook, "payments", 67_368_22, file, sure="Account", today=AUGUST)
    later = tmp_path / "xpress_settlement_8-19-2025.csv"
    later.write_text(
        file.read_text(encoding="utf-8").replace("/2025 ", "/2024 ").replace("XP88", "XP99"), encoding="utf-8"
    )
    assert look_at(millbrook, "payments", later, control_total=67_368_22).text.endswith("Ready to import.")


def test_account_numbers_never_turn_the_dates_around(book: NewBook) -> None:
    """13-7.01 is no date: 5/1/2025 is May 1 and 08/05/2025 August 5."""
    office = book("empty")
    bring_in(office, "roll", 650_000_00, TOWN / "njr.csv", sure="Account")
    bring_in(office, "balances", 3653_00, TOWN / "njo.csv", today=JULY)
    assert {str(d) for d in office.read("Duplicate")["Due 2"].dropna()} | {
        str(d) for d in office.read("Duplicate")["Due 1"].dropna()
    } == {"2025-05-01"}
    bring_in(office, "payments", 200_00, TOWN / "njp.csv", today=AUGUST)
    assert {str(d) for d in office.read("CashBook")["Received"]} == {"2025-08-05"}


def test_a_parcel_that_is_gone_is_named_kept_in_history_and_not_billed(book: NewBook) -> None:
    office = book("roll")
    look = look_at(office, "roll", TOWN / "roll26.csv", control_total=830_000_00).text
    assert "0014-2" in look
    assert "Ready" not in look
    with pytest.raises(TaxError, match="0014-2"):
        bring_in(office, "roll", 830_000_00, TOWN / "roll26.csv", today=dt.date(2026, 1, 10))
    said = bring_in(office, "roll", 830_000_00, TOWN / "roll26.csv", missing=REMOVE, today=dt.date(2026, 1, 10)).text
    assert "left the roll and will not be billed" in said
    assert "0014-2" in set(office.read("History")["Account"])


def test_a_batch_saved_again_repeats_what_is_posted(book: NewBook) -> None:
    office = book("open")
    day.import_batch(office, CASES / "f07a_batch_no_references.csv", "Bank", 250_00, today=AUGUST)
    assert "3 payments, $250.00" in day.post_batch(office, "1", today=AUGUST).text
    said = day.import_batch(office, CASES / "f07b_same_batch_saved_again.csv", "Bank", 250_00, today=AUGUST).text
    assert "(3 duplicate)" in said
