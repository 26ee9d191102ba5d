"""The exceptions page names each thing an auditor asks about; the samples are drawn by amount, and again by the same seed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.controls.town import pay, town
from xltax.actions import adjusting, control, counter, day, periods, statements
from xltax.actions.log_in import user
from xltax.hosts.files import FilesBook
from xltax.office.controls import audit, exceptions
from xltax.office.controls.exceptions import Part

D = dt.date


@pytest.fixture
def book(tmp_path: Path) -> FilesBook:
    """A town with something in every part of the page."""
    office = FilesBook.open(town(tmp_path))
    pay(office, tmp_path, "1", "500.00", D(2024, 2, 1), D(2024, 2, 1), "Cash")
    pay(office, tmp_path, "2", "700.00", D(2024, 2, 1), D(2024, 2, 20))
    counter.reverse(office, "2", "check returned unpaid", on=D(2024, 2, 21), today=D(2024, 2, 21))
    bill = office.read("Duplicate")["Bill"].iloc[2]
    adjusting.adjust(office, bill, "Abatement", 10_00, "flood", "Resolution 1", user(), today=D(2024, 2, 22))
    pay(office, tmp_path, "4", "9000.00", D(2024, 2, 22), D(2024, 2, 22))
    day.close_day(office, on=D(2024, 2, 22), empty=True)
    adjusting.refund(office, "4", 100_00, "paid too much", "Resolution 2", "Council", today=D(2024, 2, 23))
    periods.lock_period(office, D(2024, 2, 29))
    periods.unlock_period(office, "Council", "a late check")
    return office


def parts(book: FilesBook) -> dict[str, Part]:
    desk = control.Desk.of(book)
    return {part.title: part for part in control._exceptions(desk, D(2024, 3, 1))}


def test_each_part_names_its_entries(book: FilesBook) -> None:
    found = parts(book)
    assert [r[0] for r in found["Back-dated receipts"].rows] == ["2"]
    assert [r[1] for r in found["Voids and reversals"].rows] == ["2"]
    assert [(r[3],) for r in found["Over and short, by cashier"].rows] == [(-500_00,)], "nobody counted the cash"
    assert [r[0] for r in found["Late deposits"].rows] == ["D-1"], "15 business days after the first receipt"
    own = found["Entries without another person's approval"].rows
    assert [(r[2], r[5]) for r in own if r[2] == "Abatement"] == [("Abatement", user())]
    assert [r[3] for r in found["Refunds"].rows] == [100_00]
    # 9,000.00 less the year's 3,000.00, 21 days of 8% on the 750.00 due February 1 (3.50), and the 100.00 paid back.
    assert [(r[0], r[1] + r[2]) for r in found["Credits that stand"].rows if r[0] == "4"] == [
        ("4", 9000_00 - 3000_00 - 3_50 - 100_00)
    ]
    mine = "Restored versions, unlocked periods, days closed off, rows sealed by hand"
    assert [r[2] for r in found[mine].rows] == ["unlock period"]
    assert found["Missing receipt numbers"].rows == []


def test_a_part_without_entries_says_so(book: FilesBook, tmp_path: Path) -> None:
    said = control.exception_report(book, D(2024, 3, 1))
    assert said.rows == sum(len(p.rows) for p in parts(book).values())
    page = exceptions.page(list(parts(book).values()), D(2024, 3, 1), "Quillhaven")
    texts = [block.text for block in page.blocks if hasattr(block, "text")]
    assert "Missing receipt numbers: none" in texts
    assert "Back-dated receipts: 1 entry" in texts


def test_the_same_payment_twice_and_a_gap_are_named(book: FilesBook, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(
        "Receipt,Account,Amount,Received,Tender,Reference\n20,3,50,2024-03-01,Check,9\n21,3,50,2024-03-01,Check,9\n",
        "utf-8",
    )
    counter.post(book, path, today=D(2024, 3, 1))
    found = parts(book)
    assert [r[1] for r in found["Repeated payments"].rows] == ["receipt 20, receipt 21"]
    assert found["Missing receipt numbers"].rows[-1] == ("19",)


# ---- the samples -----------------------------------------------------------------------------------------------------


def test_a_large_amount_is_always_drawn_and_a_seed_draws_the_same_again() -> None:
    amounts = {f"R{n}": 100 for n in range(500)} | {"BIG": 100_000}
    drawn = audit.drawn_by_amount(amounts, 10, "amber")
    assert "BIG" in drawn, "its 1,000.00 is more than an interval of 150.00"
    assert drawn == audit.drawn_by_amount(amounts, 10, "amber")
    assert drawn != audit.drawn_by_amount(amounts, 10, "other")
    assert len(set(drawn)) == len(drawn) <= 10


def test_every_cent_has_the_same_chance() -> None:
    """An amount three times as large is drawn three times as often."""
    amounts = {f"S{n}": 100 for n in range(300)} | {f"L{n}": 300 for n in range(100)}
    hits = [name[0] for seed in range(200) for name in audit.drawn_by_amount(amounts, 20, str(seed))]
    assert len(hits) == 200 * 20
    assert 0.45 < hits.count("L") / len(hits) < 0.55, "half of the money is in each kind"


def test_few_amounts_are_all_drawn_and_none_below_zero() -> None:
    assert audit.drawn_by_amount({"a": 5, "b": 0, "c": -7, "d": 9}, 25, "x") == ["a", "d"]
    assert audit.drawn_by_amount({}, 25, "x") == []


def test_the_pack_explains_an_account_without_the_adjustments_of_others(book: FilesBook) -> None:
    for n in range(3):
        bill = book.read("Duplicate")["Bill"].iloc[3]
        adjusting.adjust(book, bill, "Correction Up", 5_00 + n, "rate", "Resolution 3", "Council", today=D(2024, 3, 1))
    desk = control.Desk.of(book)
    pages = audit._sample(desk.town, desk.facts, desk.ledger(D(2024, 12, 31)), "amber", 5)
    assert pages
    bills = dict(zip(book.read("Duplicate")["Account"], book.read("Duplicate")["Bill"], strict=True))
    for page in pages:
        assert {bill for bill in bills.values() if re.search(rf"\b{bill}\b", str(page))} == {bills[page.key]}


def test_a_refund_check_to_somebody_else_is_named(book: FilesBook) -> None:
    """Three checks: to the owner for the refund's amount; to another; to the owner for 10.00 more. And one for something else."""
    changes = book.read("Adjustments")
    refund = changes.loc[changes["Kind"] == "Refund", "No"].iloc[0]
    rows = [
        {"No": "101", "Payee": "ADAMS", "Amount": 100_00, "For": "Refund", "For No": refund},
        {"No": "102", "Payee": "SOMEBODY", "Amount": 100_00, "For": "Refund", "For No": refund},
        {"No": "103", "Payee": "Adams", "Amount": 110_00, "For": "Refund", "For No": refund},
        {"No": "104", "Payee": "Hardware store", "Amount": 50_00, "For": "Other"},
    ]
    book.append("PaidOut", pd.DataFrame([{"Date": D(2024, 2, 24), **row} for row in rows], dtype=object))
    book.replace_columns("Roll", pd.DataFrame({"Owner": ["", "", "", "ADAMS"]}))
    book.save()
    found = parts(FilesBook.open(book.path))
    assert [r[0] for r in found["Refund checks to another payee, or of another amount"].rows] == ["102", "103"]
    assert [r[0] for r in found["Other payments out of the account"].rows] == ["104"]


def test_old_open_items_and_money_kept_back_are_named(tmp_path: Path) -> None:
    """Bills of 2024 may stay open until December 31, 2025; a hold is a reason. Money of March is on no slip in April."""
    office = FilesBook.open(town(tmp_path))
    pay(office, tmp_path, "1", "500.00", D(2024, 2, 1), D(2024, 2, 1))
    statements.turnover_slip(office, today=D(2024, 2, 2))
    pay(office, tmp_path, "1", "300.00", D(2024, 3, 5), D(2024, 3, 5))
    desk = control.Desk.of(office)

    def on(day_: dt.date) -> dict[str, Part]:
        return {part.title: part for part in control._exceptions(desk, day_)}

    kept, old = "Money of earlier months not turned over", "Old open items without a reason"
    assert on(D(2024, 3, 31))[kept].rows == []
    assert on(D(2024, 4, 1))[kept].rows == [("2024-03", 1, 300_00)]
    assert on(D(2025, 12, 31))[old].rows == []
    assert [(r[1], r[2]) for r in on(D(2026, 1, 1))[old].rows] == [("1", 2024), ("2", 2024), ("3", 2024), ("4", 2024)]
    bills = desk.duplicate
    desk.put(bills.with_cells(bills["Account"] == "3", {"Hold": "litigation"}))
    assert [r[1] for r in on(D(2026, 1, 1))[old].rows] == ["1", "2", "4"]
