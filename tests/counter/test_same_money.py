"""The same money twice: named with its receipt before anything is posted, by every road, and posted only if said so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.counter.at_the_counter import TODAY, CounterBook, D, cash
from xltax.actions import adjusting, counter, day
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.office.counter import same_money
from xltax.office.counter.same_money import money
from xltax.tables import CASH_BOOK, CashLine
from xltax.tables.table import Table

TOWN = """
us-nj-colts-neck 2025, as of 2025-03-03

roll of 2025-01-02
Account  Owner      Location   Block  Lot  Qualifier  Net Value  Prior Tax
001      ADAMS ANN  1 Main St  12     4               200,000    4,000.00
002      BAKER BOB  2 Oak St   12     5    C0001      300,000    6,000.00

billed 2025-01-10, preliminary, mailed 2025-01-15
"""

CHECK = """
    Account  Amount  Reference
    001      100.00  77
"""
BARE = """
    Account  Amount
    001      100.00
"""
HEAD = "Account,Amount,Received,Tender,Reference\n"


def posted(book: CounterBook, text: str, again: bool = False) -> str:
    book.type_in(text)
    return counter.post(book, today=TODAY, again=again).text


def payments(tmp_path: Path, *rows: str, name: str = "payments.csv") -> Path:
    file = tmp_path / name
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


# ---- the Counter and files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reference"), [(CHECK, "with reference 77"), (BARE, "without a reference")], ids=["reference", "none"]
)
def test_the_counter_names_the_cell_and_the_receipt_and_posts_if_said_so(
    book: CounterBook, text: str, reference: str
) -> None:
    posted(book, text)
    with pytest.raises(
        TaxError,
        match=rf"^Counter!A5: Account 001 already has a payment of \$100\.00, received 3/3/2025 {reference}: receipt 1\. "
        r"If this is a second payment, enter yes for again and post\. If not, remove this row\.$",
    ):
        posted(book, text)
    assert len(cash(book)) == 1
    assert len(book.read("Counter")) == 1
    assert counter.post(book, today=TODAY, again=True).text.startswith("Posted 1 payment")
    assert cash(book)["Receipt"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    "other",
    [
        "Account  Amount  Reference\n002      100.00  77",
        "Account  Amount  Reference\n001      100.01  77",
        "Account  Amount  Reference\n001      100.00  78",
        "Account  Amount\n001      100.00",
        "Account  Amount  Reference  Received\n001      100.00  77         2025-03-02",
    ],
    ids=["account", "amount", "reference", "no reference", "day"],
)
def test_money_that_differs_in_one_fact_is_other_money(book: CounterBook, other: str) -> None:
    posted(book, CHECK)
    assert posted(book, other).startswith("Posted 1 payment")


def test_the_preview_warns_in_the_same_words_before_posting(book: CounterBook) -> None:
    posted(book, CHECK)
    book.type_in(CHECK)
    counter.show(book)
    warning = book.read("Counter")["Warning"].iloc[0]
    with pytest.raises(TaxError) as refused:
        counter.post(book, today=TODAY)
    assert warning
    assert str(refused.value) == f"Counter!A5: {warning}"


def test_a_row_by_its_bill_is_compared_by_the_account_of_the_bill(book: CounterBook) -> None:
    posted(book, CHECK)
    with pytest.raises(TaxError, match=r"Counter!B5: Account 001 already has a payment"):
        posted(book, "Bill      Amount  Reference\n2025-001  100.00  77")


def test_a_receipt_over_two_installments_is_one_payment_of_its_whole_amount(book: CounterBook) -> None:
    text = "Account  Amount    Reference\n001      1,100.00  77"
    posted(book, text)
    assert len(cash(book)) == 2
    with pytest.raises(TaxError, match=r"\$1,100\.00, .* receipt 1\."):
        posted(book, text)


def test_a_check_for_two_bills_of_equal_amounts_is_posted(book: CounterBook) -> None:
    said = posted(
        book,
        """
        Account  Amount  Check Total  Reference
        001      100.00  300.00       77
        001      100.00               77
        002      100.00               77
        """,
    )
    assert said.startswith("Posted 3 payments")


def test_a_file_posted_twice_names_each_row_and_receipt(book: CounterBook, tmp_path: Path) -> None:
    file = payments(
        tmp_path, "001,100.00,2025-03-03,ACH,", "001,100.00,2025-03-03,ACH,", "002,50.00,2025-03-03,Check,9"
    )
    assert counter.post(book, file, today=TODAY).text.startswith("Posted 3 payments")
    before = cash(book)
    with pytest.raises(TaxError) as refused:
        counter.post(book, file, today=TODAY)
    told = [(p.where, p.what.rpartition(": ")[2]) for p in refused.value.problems]
    assert told == [
        ("payments.csv!A2", "receipt 1."),
        ("payments.csv!A3", "receipt 2."),
        ("payments.csv!A4", "receipt 3."),
    ]
    pd.testing.assert_frame_equal(cash(book), before)
    assert counter.post(book, file, today=TODAY, again=True).text.startswith("Posted 3 payments")


def test_each_receipt_answers_for_one_row(book: CounterBook, tmp_path: Path) -> None:
    posted(book, BARE)
    file = payments(tmp_path, "001,100.00,2025-03-03,Cash,", "001,100.00,2025-03-03,Cash,")
    with pytest.raises(TaxError) as refused:
        counter.post(book, file, today=TODAY)
    assert [p.where for p in refused.value.problems] == ["payments.csv!A2"]


def test_the_counter_and_a_file_know_each_others_payments(book: CounterBook, tmp_path: Path) -> None:
    posted(book, CHECK)
    with pytest.raises(TaxError, match=r"payments.csv!A2: Account 001 already has .* receipt 1\."):
        counter.post(book, payments(tmp_path, "001,100.00,2025-03-03,Check,77"), today=TODAY)


# ---- what stands in the Cash Book --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["void", "returned"])
def test_a_reversed_receipt_does_not_count(book: CounterBook, how: str) -> None:
    posted(book, BARE)
    counter.reverse(book, "1", "wrong drawer", how=how, today=TODAY)
    assert posted(book, BARE.replace("Amount", "Amount  Tender").replace("100.00", "100.00  Cash")).startswith(
        "Posted 1"
    )


def test_a_payment_moved_to_another_account_is_still_in_the_office(book: CounterBook) -> None:
    posted(book, CHECK)
    counter.transfer(book, "1", "002", "wrong account", today=TODAY)
    with pytest.raises(TaxError, match=r"Account 001 already has .* receipt 1\."):
        posted(book, CHECK)


def test_tasks_that_move_money_are_not_held_up(book: CounterBook) -> None:
    posted(book, "Account  Amount\n001      100.00\n001      100.00")
    for receipt in ("1", "2"):
        counter.transfer(book, receipt, "002", "wrong account", today=TODAY)
    posted(book, "Account  Amount\n001      9,000.00")
    for _ in range(2):
        adjusting.refund(
            book,
            "001",
            10_00,
            "overpaid",
            "R.S. 54:4-69.2",
            "BOSS",
            to_account="002",
            today=dt.date(2025, 3, 4),
        )
    moved = cash(book).query("Account == '002' and Tender == 'Transfer'").groupby("Receipt")["Total"].sum()
    assert moved.tolist() == [100, 100, 10, 10]


@pytest.mark.parametrize(
    ("reference", "code", "repeats"), [("", "DOG", False), ("5", "DOG", True), ("", "SUSPENSE", True)]
)
def test_money_that_is_not_tax_is_compared_by_its_revenue_code(
    book: CounterBook, reference: str, code: str, repeats: bool
) -> None:
    book.append("RevenueCodes", pd.DataFrame([{"Code": "DOG", "Name": "Dog licenses"}]))
    text = f"Amount  Kind   Revenue Code  Reference\n10.00   Other  {code:12}  {reference}"
    posted(book, text)
    if not repeats:
        assert posted(book, text).startswith("Posted 1 payment")
        return
    with pytest.raises(
        TaxError, match=rf"Counter!C5: Revenue code {code} already has a payment of \$10\.00.*receipt 1\."
    ):
        posted(book, text)


def test_a_large_cash_book_is_passed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = 36_000
    calls: list[Any] = []
    days = np.datetime64("2025-01-01", "s") + (np.arange(lines) % 300).astype("timedelta64[D]")
    number = np.arange(1, lines + 1)
    book = Table.made(
        CASH_BOOK,
        pd.DataFrame(
            {
                CashLine.receipt: number.astype(str),
                CashLine.line: 1,
                CashLine.account: number.astype(str),
                CashLine.received: days,
                CashLine.kind: "Payment",
                CashLine.total: 100,
                CashLine.tax: 100,
            }
        ),
    ).complete()
    counted = same_money.money

    def counting(*facts: Any) -> same_money.Money:
        calls.append(facts)
        return counted(*facts)

    monkeypatch.setattr(same_money, "money", counting)
    wanted = counted("301", "Payment", "", 100, D(2025, 1, 1), "")
    assert same_money.repeated([wanted, wanted], book) == ["receipt 301", ""]
    assert len(calls) == lines / 300  # only the receipts of the day are looked at one by one


def test_the_time_of_day_is_not_compared() -> None:
    stamped = money("1", "Payment", "", 5, pd.Timestamp("2025-03-03 14:00"), "")
    assert stamped == money("1", "Payment", "", 5, TODAY, "")


# ---- batches -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def bank(book: CounterBook) -> CounterBook:
    """The book with the mapping of a sender."""
    columns = ("Account", "Amount", "Received", "Tender", "Reference")
    rows = [
        {"Mapping": "Bank", "Column": c, "Header": c, "Reads As": "ymd" if c == "Received" else ""} for c in columns
    ]
    book.append("Mappings", pd.DataFrame(rows))
    return book


TWO = ("001,100.00,2025-03-03,ACH,", "001,100.00,2025-03-03,ACH,", "002,50.00,2025-03-03,ACH,")


def held(book: FilesBook, file: Path, deposit: int) -> list[tuple[str, str]]:
    """Imports a batch: the status of each of its rows, and why."""
    day.import_batch(book, file, "Bank", deposit, today=TODAY)
    lines = book.read("BatchLines").fillna("")
    mine = lines[lines["Batch"] == lines["Batch"].iloc[-1]]
    return list(zip(mine["Status"], mine["Why"], strict=True))


def set_status(book: CounterBook, *statuses: str) -> None:
    book.replace_columns("BatchLines", pd.DataFrame({"Status": statuses}))


def test_a_batch_saved_again_repeats_the_first_without_references(bank: CounterBook, tmp_path: Path) -> None:
    assert held(bank, payments(tmp_path, *TWO, name="a.csv"), 250_00) == [("matched", "")] * 3
    day.post_batch(bank, "1", today=TODAY)
    assert held(bank, payments(tmp_path, *TWO, "", name="b.csv"), 250_00) == [
        ("duplicate", "the same as receipt 1"),
        ("duplicate", "the same as receipt 2"),
        ("duplicate", "the same as receipt 3"),
    ]
    with pytest.raises(
        TaxError,
        match=r"The rows total \$0\.00.* Not counted: row 2 is the same as receipt 1, row 3 is the same as receipt 2, row 4 is the "
        r"same as receipt 3\. If a row is a second payment, set its Status on Batch Lines to again\.",
    ):
        day.post_batch(bank, "2", today=TODAY)
    assert len(cash(bank)) == 3


@pytest.mark.parametrize("status", ["again", "matched"])
def test_a_duplicate_that_a_person_releases_is_posted(bank: CounterBook, tmp_path: Path, status: str) -> None:
    held(bank, payments(tmp_path, *TWO, name="a.csv"), 250_00)
    day.post_batch(bank, "1", today=TODAY)
    held(bank, payments(tmp_path, *TWO, "", name="b.csv"), 100_00)
    set_status(bank, *["posted"] * 3, "duplicate", status, "duplicate")
    assert day.post_batch(bank, "2", today=TODAY).text.startswith("Batch 2: 1 payment, $100.00, receipt 4")
    assert bank.read("BatchLines")["Status"].tolist() == [*["posted"] * 3, "duplicate", "posted", "duplicate"]


def test_a_batch_repeats_rows_that_wait_in_an_earlier_batch(bank: CounterBook, tmp_path: Path) -> None:
    held(bank, payments(tmp_path, TWO[0], name="a.csv"), 100_00)
    assert held(bank, payments(tmp_path, *TWO[:2], name="b.csv"), 100_00) == [
        ("duplicate", "the same as row 2 of batch 1"),
        ("matched", ""),
    ]
    # Once both are posted the second row is still new, because the duplicate answers for the first batch's receipt.
    day.post_batch(bank, "1", today=TODAY)
    assert day.post_batch(bank, "2", today=TODAY).text.startswith("Batch 2: 1 payment, $100.00, receipt 2")


def test_a_dropped_batch_may_be_imported_again(bank: CounterBook, tmp_path: Path) -> None:
    file = payments(tmp_path, *TWO)
    held(bank, file, 250_00)
    bank.replace_columns("Batches", pd.DataFrame({"Status": ["dropped"]}))
    bank.save()
    assert held(CounterBook.open(bank.path), file, 250_00) == [("matched", "")] * 3


def test_two_rows_of_one_file_with_the_same_reference_are_one_payment(bank: CounterBook, tmp_path: Path) -> None:
    row = "001,100.00,2025-03-03,ACH,T1"
    assert held(bank, payments(tmp_path, row, row, name="a.csv"), 100_00)[1] == (
        "duplicate",
        "the same as row 2 of this file",
    )
    # The payment comes in at the counter before the batch is posted: the duplicate within the file is no answer to it.
    posted(bank, "Account  Amount  Reference\n001      100.00  T1")
    with pytest.raises(TaxError, match=r"receipt 1\. Row 2 of batch 1 repeats this payment"):
        day.post_batch(bank, "1", today=TODAY)
    assert held(bank, payments(tmp_path, row, row, row, name="b.csv"), 100_00)[1:] == [
        ("duplicate", "the same as row 2 of batch 1"),
        ("duplicate", "the same as row 2 of this file"),
    ]


def test_a_batch_is_compared_with_the_cash_book_as_it_is_when_posted(bank: CounterBook, tmp_path: Path) -> None:
    held(bank, payments(tmp_path, *TWO), 250_00)
    posted(bank, BARE)
    before = bank.read("BatchLines")
    with pytest.raises(
        TaxError,
        match=r"^Batch Lines!\w+5: Account 001 already has a payment of \$100\.00, received 3/3/2025 without a reference: receipt 1\. "
        r"Row 2 of batch 1 repeats this payment\. If this is a second payment, set Status to again\.",
    ) as refused:
        day.post_batch(bank, "1", today=TODAY)
    assert len(refused.value.problems) == 1
    assert len(cash(bank)) == 1
    pd.testing.assert_frame_equal(bank.read("BatchLines"), before)
    assert bank.read("Batches")["Status"].tolist() == ["held"]
    set_status(bank, "again", "matched", "matched")
    assert day.post_batch(bank, "1", today=TODAY).text.startswith("Batch 1: 3 payments, $250.00")
    assert bank.read("BatchLines")["Status"].tolist() == ["posted"] * 3


def test_a_payment_returned_by_the_bank_may_come_again(bank: CounterBook, tmp_path: Path) -> None:
    row = "001,100.00,2025-03-03,ACH,T1"
    held(bank, payments(tmp_path, row, name="a.csv"), 100_00)
    day.post_batch(bank, "1", today=TODAY)
    counter.reverse(bank, "1", "returned", today=TODAY)
    assert held(bank, payments(tmp_path, row, "", name="b.csv"), 100_00) == [("matched", "")]
    assert day.post_batch(bank, "2", today=TODAY).text.startswith("Batch 2: 1 payment")


def test_money_in_suspense_is_known_too(bank: CounterBook, tmp_path: Path) -> None:
    row = "999,5.00,2025-03-03,ACH,"
    held(bank, payments(tmp_path, row, name="a.csv"), 5_00)
    day.post_batch(bank, "1", suspend=True, today=TODAY)
    day.clear_suspense(bank, "1", "002", today=TODAY)
    assert held(bank, payments(tmp_path, row, "", name="b.csv"), 5_00) == [("duplicate", "the same as receipt 1")]
    set_status(bank, "suspense", "again")
    assert "$5.00 is in suspense" in day.post_batch(bank, "2", suspend=True, today=TODAY).text
    assert bank.read("BatchLines")["Status"].tolist() == ["suspense", "suspense"]
