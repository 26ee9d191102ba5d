"""The counter, day close and batches on a small book: the figures by hand, and every refusal by name."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.counter.at_the_counter import TODAY, CounterBook, D, cash, count
from xltax.actions import control, counter, day
from xltax.errors import TaxError

# Half of last year's tax, in quarters of 1,000, 1,500 and 500, is due on February 1 and May 1.
TOWN = """
us-nj-colts-neck 2025, as of 2025-03-03

roll of 2025-01-02
Account  Owner      Location   Block  Lot  Qualifier  Net Value  Prior Tax
001      ADAMS ANN  1 Main St  12     4               200,000    4,000.00
002      BAKER BOB  2 Oak St   12     5    C0001      300,000    6,000.00
003      CLARK CY   3 Main St  13     1               100,000    2,000.00

billed 2025-01-10, preliminary, mailed 2025-01-15
"""

# ---- showing and posting ---------------------------------------------------------------------------------------------


def test_what_is_shown_is_by_hand_and_is_what_is_posted(book: CounterBook) -> None:
    # 001: 1,000 due February 1, paid March 3: 32 days at 8%, 7.11. 1,100 pays 7.11 and 1,000 and 92.89 of May's quarter.
    book.type_in("""
        Account  Amount    Reference
        001      1,100.00  77
    """)
    counter.show(book)
    row = book.read("Counter").iloc[0]
    assert row["Owner"] == "ADAMS ANN"
    assert row["Pays"] == "2025-001/1: interest $7.11, tax $1,000.00; 2025-001/2: tax $92.89"
    assert (row["Left Over"] or 0, row["Warning"]) == (0, None)
    assert len(cash(book)) == 0
    counter.post(book, today=TODAY)
    lines = cash(book)
    assert lines[["Bill", "Inst", "Interest", "Tax", "Deposit"]].to_numpy().tolist() == [
        ["2025-001", 1, 7.11, 1000, "D-1"],
        ["2025-001", 2, 0, 92.89, "D-1"],
    ]
    assert len(book.read("Counter")) == 0


def test_a_payment_below_the_interest_due_warns_where_the_town_says_so(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount
        001      5.00
    """)
    counter.show(book)
    assert book.read("Counter")["Warning"].iloc[0] == "This payment is less than the interest due of $7.11."


def test_a_check_in_the_grace_window_that_goes_to_older_tax_is_announced(book: CounterBook) -> None:
    # On May 5 the second quarter is in its grace window (to May 12), but the first is open: the check goes there.
    book.type_in("""
        Account  Amount    Received
        001      1,000.00  2025-05-05
    """)
    counter.show(book)
    assert (
        "This payment goes to older tax first. The current installment stays unpaid and will accrue interest after 2025-05-12."
        in book.read("Counter")["Warning"].iloc[0]
    )


def test_one_check_for_three_bills_with_a_running_remainder(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Check Total  Reference
        001      400.00  1,000.00     900
        002      350.00               900
        003      200.00               900
    """)
    said = counter.show(book).text
    assert book.read("Counter")["Check Left"].tolist() == [600, 250, 50]
    assert "$50.00 of check 900 is not assigned." in said
    with pytest.raises(TaxError, match=r"Counter!C7: \$50.00 of check 900 is not assigned"):
        counter.post(book, today=TODAY)
    book.type_in("""
        Amount  Reference  Kind   Revenue Code
        50.00   900        Other  SUSPENSE
    """)
    assert counter.post(book, today=TODAY).text.startswith("Posted 4 payments")
    assert cash(book)["Total"].sum() == 1000


def test_a_check_overspent_is_refused(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Check Total  Reference
        001      400.00  300.00       9
    """)
    with pytest.raises(TaxError, match=r"100.00 more than the check"):
        counter.post(book, today=TODAY)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Account  Amount\n009      1.00", r"Counter!A5: Account \"009\" is not on the Duplicate"),
        ("Bill      Amount\n2025-999  1.00", r"Counter!B5: Bill \"2025-999\" is not on the Duplicate"),
        ("Account  Bill      Amount\n001      2025-002  1.00", r"Bill 2025-002 belongs to account 002"),
        ("Amount\n1.00", r"Account and Bill are both empty"),
        ("Amount  Kind\n1.00    Other", r"Money other than tax needs a code"),
        ("Amount  Kind   Revenue Code\n1.00    Other  XYZ", r"\"XYZ\" is not a revenue code"),
        ("Account  Amount  Received\n001      1.00    2099-01-01", r"after today"),
    ],
)
def test_a_bad_row_is_named_by_its_cell_and_nothing_is_posted(book: CounterBook, row: str, message: str) -> None:
    book.type_in(row)
    with pytest.raises(TaxError, match=message):
        counter.post(book, today=TODAY)
    assert len(cash(book)) == 0


def test_an_empty_counter_says_what_to_do(book: CounterBook) -> None:
    with pytest.raises(TaxError, match="The Counter is empty"):
        counter.post(book, today=TODAY)


def test_money_that_is_no_tax_pays_no_tax(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Tender  Kind   Revenue Code
        001      25.00   Cash    Other  COPIES
    """)
    counter.post(book, today=TODAY)
    counter.refresh(book, TODAY)
    assert book.read("Duplicate").set_index("Bill").loc["2025-001", "Total Due"] == 2007.11
    assert cash(book)[["Misc", "Total", "Tax"]].iloc[0].tolist() == [25, 25, 0]


# ---- reversal, transfer ----------------------------------------------------------------------------------------------


def test_a_returned_check_is_charged_and_only_certified_funds_are_taken_after(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount    Reference
        001      1,100.00  77
    """)
    counter.post(book, today=TODAY)
    said = counter.reverse(book, "1", "returned unpaid", on=D(2025, 3, 10), today=D(2025, 3, 10)).text
    assert "Returned-check fees charged: $20.00." in said
    fee = book.read("Adjustments").iloc[0]
    assert (fee["Kind"], fee["Amount"], fee["Bill"], fee["Authority"]) == ("Fee", 20, "2025-001", "N.J.S.A. 40:5-18")
    assert book.read("Roll").set_index("Account").loc["001", "Flags"] == "certified funds"
    # As if it had never come, but for the fee: 2,000 and 39 days of 8% on 1,000 (8.67), and 20.00.
    counter.refresh(book, D(2025, 3, 10))
    assert book.read("Duplicate").set_index("Bill").loc["2025-001", "Total Due"] == 2028.67
    with pytest.raises(TaxError, match="has already been reversed"):
        counter.reverse(book, "1", "again", today=D(2025, 3, 11))
    book.type_in("""
        Account  Amount
        001      1,100.00
    """)
    with pytest.raises(TaxError, match="must pay by certified funds"):
        counter.post(book, today=TODAY)
    book.replace_columns("Counter", pd.DataFrame({"Tender": ["Certified"]}))
    counter.post(book, today=D(2025, 3, 11))


def test_a_transfer_counts_from_the_day_the_money_came(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount    Received
        001      1,500.00  2025-02-03
    """)
    counter.post(book, today=D(2025, 2, 3))
    said = counter.transfer(book, "1", "002", "wrong parcel", today=TODAY).text
    assert "effective 2025-02-03" in said
    counter.refresh(book, TODAY)
    due = book.read("Duplicate").set_index("Bill")["Total Due"]
    assert due["2025-002"] == 1500  # its February quarter was paid in time
    assert due["2025-001"] == 2007.11
    lines = cash(book)
    assert lines["Total"].tolist() == [1000, 500, -1000, -500, 1500]
    assert lines["Tender"].tolist() == ["Check", "Check", "Transfer", "Transfer", "Transfer"]


def test_a_void_after_its_deposit_is_closed_is_refused(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount    Tender
        001      1,000.00  Cash
        002      1.00      Cash
    """)
    counter.post(book, today=TODAY)
    counter.reverse(book, "2", "typed twice", how="void", on=TODAY, today=TODAY)
    assert cash(book)["Deposit"].unique().tolist() == ["D-1"]
    count(book, hundreds=10)
    day.close_day(book, on=TODAY)
    with pytest.raises(TaxError, match="deposit D-1, which is closed"):
        counter.reverse(book, "1", "typed twice", how="void", today=TODAY)


# ---- the day close -----------------------------------------------------------------------------------------------------


def test_the_drawer_over_and_short(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Tender  Reference
        001      100.50  Cash
        002      200.00  Check   5
    """)
    counter.post(book, today=TODAY)
    book.append("Drawers", pd.DataFrame([{"Cashier": "", "Change Fund": 5000, "Note": ""}]).assign(Cashier="main"))
    # 100.50 came in and 50.00 stays: 150.00 in the drawer is 0.50 short.
    book.replace_rows("DrawerCount", pd.DataFrame({"Denomination": [10000, 5000], "Pieces": [1, 1]}))
    said = day.close_day(book, on=TODAY).text
    assert "0.50 short" in said
    close = book.read("DayCloses").iloc[0]
    assert (close["Cash"], close["Checks"], close["Total"], close["Over Short"]) == (100.5, 200, 300.5, -0.5)
    assert close["Head"] == cash(book)["Seal"].iloc[-1]
    with pytest.raises(TaxError, match="Deposit D-2 has no receipts since the last close"):
        day.close_day(book, on=TODAY)


def test_two_drawers_close_apart(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Cashier
        001      1.00    A
        002      2.00    B
    """)
    counter.post(book, today=TODAY)
    day.close_day(book, on=TODAY, cashier="B")
    assert book.read("DayCloses")[["Deposit", "Total"]].to_numpy().tolist() == [["B-1", 2]]
    book.type_in("""
        Account  Amount  Cashier
        001      3.00    A
        002      4.00    B
    """)
    counter.post(book, today=TODAY)
    assert cash(book)["Deposit"].tolist() == ["A-1", "B-1", "A-1", "B-2"]


def test_a_late_deposit_is_named(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Received    Tender
        001      1.00    2025-02-24  Cash
    """)
    counter.post(book, today=D(2025, 2, 24))
    count(book, ones=1)
    day.close_day(book, on=D(2025, 2, 27))  # three business days later; two are allowed
    control.proof(book, D(2025, 2, 27))
    checks = book.read("Checks").set_index("Check")
    assert checks.loc["Deposit time", "Result"] == "LOOK: deposit D-1"


# ---- batches -----------------------------------------------------------------------------------------------------------


def mappings(book: CounterBook, name: str, **columns: str) -> None:
    rows = [
        {"Mapping": name, "Column": c.replace("_", " "), "Header": h.split("|")[0], "Reads As": h.partition("|")[2]}
        for c, h in columns.items()
    ]
    book.append("Mappings", pd.DataFrame(rows))


CSV = "Parcel,Paid,Date,Trace\n001,400.00,03/03/2025,T1\n002,350.00,03/03/2025,T2\n"


def test_a_batch_is_held_proved_and_posted_and_the_same_file_never_again(book: CounterBook, tmp_path: Path) -> None:
    mappings(book, "Bank", Account="Parcel", Amount="Paid", Received="Date|mdy", Reference="Trace")
    file = tmp_path / "a.csv"
    file.write_text(CSV, encoding="utf-8")
    said = day.import_batch(book, file, "bank", 75_000, today=TODAY).text
    assert said.startswith("Batch 1: 2 rows, $750.00 (2 matched). The rows without duplicates equal the deposit.")
    assert len(cash(book)) == 0
    assert day.post_batch(book, "1", today=TODAY).text.startswith(
        "Batch 1: 2 payments, $750.00, receipts 1 to 2, deposit B-1."
    )
    assert set(cash(book)["By"]) == {"third party"}
    with pytest.raises(TaxError, match="has already been posted"):
        day.post_batch(book, "1", today=TODAY)
    again = tmp_path / "renamed.csv"
    again.write_text(CSV, encoding="utf-8")
    with pytest.raises(TaxError, match=r"already imported as batch 1\. Nothing was imported"):
        day.import_batch(book, again, "Bank", 75_000, today=TODAY)
    # The same rows in another file: each is refused by its content.
    again.write_text(CSV + "003,10.00,03/03/2025,T3\n", encoding="utf-8")
    said = day.import_batch(book, again, "Bank", 1_000, today=TODAY).text
    assert "(2 duplicate, 1 matched). The rows without duplicates equal" in said
    assert day.post_batch(book, "2", today=TODAY).text.startswith("Batch 2: 1 payment, $10.00")


def test_a_batch_that_does_not_tie_is_not_posted(book: CounterBook, tmp_path: Path) -> None:
    mappings(book, "Bank", Account="Parcel", Amount="Paid", Received="Date|mdy", Reference="Trace")
    file = tmp_path / "a.csv"
    file.write_text(CSV, encoding="utf-8")
    assert "are $0.01 above the deposit" in day.import_batch(book, file, "Bank", 74_999, today=TODAY).text
    with pytest.raises(
        TaxError, match=r"batch 1: The rows total \$750.00, but the deposit is \$749.99. The difference is \$0.01"
    ):
        day.post_batch(book, "1", today=TODAY)
    assert len(cash(book)) == 0


def test_unmatched_rows_wait_are_corrected_or_go_to_suspense_and_are_cleared(book: CounterBook, tmp_path: Path) -> None:
    mappings(book, "Bank", Bill="Nr", Amount="Paid", Received="Date|mdy", Reference="Trace", Payer="Who")
    file = tmp_path / "a.csv"
    file.write_text(
        "Nr,Paid,Date,Trace,Who\n2025-01,10.00,03/03/2025,T1,A\n77,5.00,03/03/2025,T2,B\n", encoding="utf-8"
    )
    assert "2 unmatched" in day.import_batch(book, file, "Bank", 1_500, today=TODAY).text
    with pytest.raises(TaxError, match=r"2 rows of this batch are not matched to an account: 2, 3"):
        day.post_batch(book, "1", today=TODAY)
    book.replace_columns("BatchLines", pd.DataFrame({"Bill": ["2025-001", "77"]}))
    said = day.post_batch(book, "1", suspend=True, today=TODAY).text
    assert "5.00 is in suspense" in said
    assert book.read("Suspense")[["Receipt", "Open"]].to_numpy().tolist() == [["2", 5]]
    control.proof(book, TODAY)
    assert book.read("Checks").set_index("Check").loc["Suspense", "Difference"] == 5
    day.clear_suspense(book, "2", "003", today=D(2025, 3, 5))
    last = cash(book).iloc[-1]
    assert (last["Account"], last["Effective"], last["Tender"]) == ("003", TODAY, "Transfer")
    assert len(book.read("Suspense")) == 0
    with pytest.raises(TaxError, match="is not open in suspense"):
        day.clear_suspense(book, "2", "003", today=D(2025, 3, 5))


def test_a_workbook_and_a_fixed_width_file(book: CounterBook, tmp_path: Path) -> None:
    mappings(book, "Lockbox", Account="Parcel", Amount="Cents|cents", Reference="Ref")
    mappings(book, "Fixed", Account="1-3", Amount="4-11|cents", Received="12-19|ymd", Reference="20-25")
    sheet = openpyxl.Workbook()
    for row in (("Lockbox of March",), ("Parcel", "Cents", "Ref"), ("001", 4000, "X1"), ("002", 5000, "X2")):
        sheet.active.append(row)
    sheet.save(tmp_path / "lockbox.xlsx")
    assert (
        "2 rows, $90.00 (2 matched)"
        in day.import_batch(book, tmp_path / "lockbox.xlsx", "Lockbox", 9_000, today=TODAY).text
    )
    (tmp_path / "fixed.txt").write_text("0010000123420250303AB0001\n0030000000520250303AB0002\n", encoding="utf-8")
    assert (
        "2 rows, $12.39 (2 matched)" in day.import_batch(book, tmp_path / "fixed.txt", "Fixed", 1_239, today=TODAY).text
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Parcel,Paid,Date,Trace\n001,abc,03/03/2025,T1\n", r"bad.csv!B2: abc is not an amount"),
        (
            "Parcel,Paid,Date,Trace\n001,1.00,13/13/2025,T1\n",
            r"bad.csv!C2: 13/13/2025 is not a date: there is no month 13",
        ),
        ("Parcel,Sum,Date,Trace\n001,1.00,03/03/2025,T1\n", r"The file has no column \"Paid\""),
        ("Parcel,Paid,Date,Trace\n", r"The sheet has no rows"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_held(book: CounterBook, tmp_path: Path, text: str, message: str) -> None:
    mappings(book, "Bank", Account="Parcel", Amount="Paid", Received="Date|mdy", Reference="Trace")
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TaxError, match=message):
        day.import_batch(book, file, "Bank", 100, today=TODAY)
    assert len(book.read("Batches")) == 0
