"""What a cashier types and sees: accounts found by what is at hand, bad rows named, warnings, receipts, the day close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import openpyxl
import pandas as pd
import pytest

from tests.counter.at_the_counter import TODAY, CounterBook, D, cash, count
from xltax.actions import bills, control, counter, day, quotes
from xltax.actions import desk as desks
from xltax.actions import today as todays
from xltax.errors import TaxError
from xltax.faces.catalog import actions
from xltax.faces.run import perform
from xltax.office.billing.scan_line import Stub, scan_line
from xltax.office.controls import recorded_days

# Half of last year's tax, in quarters of 1,000, 1,500 and 500, is due on February 1 and May 1.
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set", "ignore:Data Validation extension")

TOWN = """
us-nj-colts-neck 2025, as of 2025-03-03

roll of 2025-01-02
Account     Owner       Location   Block  Lot  Qualifier  Net Value  Prior Tax  Flags
12-4        ADAMS ANN   1 Main St  12     4               200,000    4,000.00
4-14-C0027  BAKER BOB   2 Oak St   4      14   C0027      300,000    6,000.00   confidential
13-1        ADAMS CY    3 Main St  13     1               100,000    2,000.00
4-14-C0028  BAKER BETH  2 Oak St   4      14   C0028      300,000    6,000.00

billed 2025-01-10, preliminary, mailed 2025-01-15
"""


def show(book: CounterBook) -> pd.DataFrame:
    counter.show(book)
    return book.read("Counter").fillna("")


# ---- whose account ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("4-14-c0027", "4-14-C0027"),
        ("004/14/C0027", "4-14-C0027"),
        ("12/4", "12-4"),
        ("block 12 lot 4", "12-4"),
        ("2025-12-4", "12-4"),
        ("baker bob", "4-14-C0027"),
        ("Cy Adams", "13-1"),
    ],
)
def test_what_is_at_hand_finds_the_account(book: CounterBook, typed: str, account: str) -> None:
    book.append(
        "Counter", pd.DataFrame({"Account": [typed], "Amount": [100_00], "Received": [TODAY], "Tender": ["Check"]})
    )
    shown = show(book)
    assert shown["Account"].tolist() == [account], "she sees what will be posted"
    counter.post(book, today=TODAY)
    assert cash(book)["Account"].tolist() == [account]
    assert quotes.quote(book, typed, on=TODAY).text.startswith(f"Account {account}: ")


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("adams", r'"adams" fits 2 accounts: 12-4 \(ADAMS ANN, 1 Main St\); 13-1 \(ADAMS CY, 3 Main St\)\.'),
        ("4/14", r'"4/14" fits 2 accounts: 4-14-C0027 \(BAKER BOB, 2 Oak St\); 4-14-C0028'),
        ("2025-12-04", r"This cell holds the date 2025-12-04, not the account 12-4\. Format the cell as text"),
        ("99-1", r'Account "99-1" is not on the Duplicate'),
    ],
)
def test_what_can_mean_several_accounts_is_asked_about(book: CounterBook, typed: str, named: str) -> None:
    book.append("Counter", pd.DataFrame({"Account": [typed], "Amount": [100_00], "Received": [TODAY]}))
    with pytest.raises(TaxError, match=f"Counter!A5: {named}"):
        counter.post(book, today=TODAY)
    with pytest.raises(TaxError, match=named.partition(" is not")[0]):
        quotes.quote(book, typed, on=TODAY)


def test_a_scanned_stub_fills_in_its_row_and_a_wrong_digit_is_seen(book: CounterBook) -> None:
    line = scan_line(Stub("2025-12-4", 1, D(2025, 2, 1), 1_000_00))
    book.append("Counter", pd.DataFrame({"Account": [line], "Tender": ["Check"], "Reference": ["7"]}))
    shown = show(book).iloc[0]
    assert (shown["Account"], shown["Bill"], shown["Amount"]) == ("12-4", "2025-12-4", 1000)
    assert shown["Received"] == dt.date.today()
    counter.post(book, today=dt.date.today())
    assert cash(book)["Bill"].iloc[0] == "2025-12-4"
    assert quotes.quote(book, line, on=TODAY).text.startswith("Account 12-4: ")
    book.append("Counter", pd.DataFrame({"Account": [line[:-1] + str((int(line[-1]) + 1) % 10)], "Tender": ["Check"]}))
    with pytest.raises(TaxError, match=r"Counter!A5: .* is not a scan line: its check digit is wrong"):
        counter.post(book, today=TODAY)


def test_scanned_stubs_in_a_file_are_posted(book: CounterBook) -> None:
    """What the command line takes: a scanner writes one stub a line."""
    stubs = [Stub("2025-12-4", 1, D(2025, 2, 1), 1_000_00), Stub("2025-13-1", 1, D(2025, 2, 1), 500_00)]
    lines = "".join(f"{scan_line(s)},{s.amount / 100:.2f},2025-03-03,Check\n" for s in stubs)
    path = book.path.with_name("stubs.csv")
    path.write_text("Bill,Amount,Received,Tender\n" + lines, encoding="utf-8")
    counter.post(book, path, today=TODAY)
    assert cash(book)[["Account", "Bill"]].drop_duplicates().to_numpy().tolist() == [
        ["12-4", "2025-12-4"], ["13-1", "2025-13-1"],
    ]  # fmt: skip
    path.write_text("Bill,Amount,Received,Tender\n" + lines.replace("250201", "250301"), encoding="utf-8")
    with pytest.raises(TaxError, match=r"stubs.csv!A2: .* its check digit is wrong"):
        counter.post(book, path, today=TODAY)


# ---- showing ---------------------------------------------------------------------------------------------------------


def test_one_bad_row_does_not_hide_the_others(book: CounterBook) -> None:
    book.append(
        "Counter",
        pd.DataFrame({"Account": ["12-4", "99-1", "adams", "13-1"], "Amount": [100_00] * 4, "Received": [TODAY] * 4}),
    )
    said = counter.show(book).text
    assert said.startswith("4 rows, $400.00. Nothing was posted. 2 rows cannot be posted yet:\nCounter!A6: ")
    shown = book.read("Counter").fillna("")
    assert shown["Owner"].tolist() == ["ADAMS ANN", "", "", "ADAMS CY"]
    assert shown["Warning"].str.startswith("NOT READY: ").tolist() == [False, True, True, False]
    assert 'Account "99-1" is not on the Duplicate' in shown["Warning"][1]
    with pytest.raises(TaxError) as error:
        counter.post(book, today=TODAY)
    assert [p.where for p in error.value.problems] == ["Counter!A6", "Counter!A7"]
    assert len(cash(book)) == 0


def test_a_cell_that_cannot_be_read_hides_no_other_row(book: CounterBook) -> None:
    book.append("Counter", pd.DataFrame({"Account": ["12-4", "13-1"], "Amount": [100_00] * 2, "Received": [TODAY] * 2}))
    frame = book.read("Counter")
    frame.loc[1, "Amount"] = "ten"
    book._frames["Counter"] = frame
    said = counter.show(book).text
    assert said.startswith("2 rows, $100.00. Nothing was posted. 1 row cannot be posted yet:\nCounter!C6: ")
    assert book.read("Counter")["Owner"].fillna("").tolist() == ["ADAMS ANN", ""]


def test_a_row_after_an_empty_row_is_shown_to_her_and_stops_posting(book: CounterBook) -> None:
    sheet = openpyxl.load_workbook(book.path)
    for row, account in ((5, "12-4"), (6, "13-1"), (9, "4-14-C0027")):
        for column, cell in zip("ACDE", (account, 100, TODAY, "Check"), strict=True):
            sheet["Counter"][f"{column}{row}"] = cell
    sheet.save(book.path)
    said = perform(actions()["show"], CounterBook.open(book.path), {}).text
    assert said.startswith("2 rows, $200.00. Nothing was posted.")
    assert 'Not read: Counter!A9 ("4-14-C0027"). This row is below the table' in said
    with pytest.raises(
        TaxError, match=r"Counter!A9: This row looks like a payment, but an empty row or a note stands above"
    ):
        perform(actions()["post"], CounterBook.open(book.path), {"today": TODAY})
    assert len(cash(CounterBook.open(book.path))) == 0


# ---- warnings --------------------------------------------------------------------------------------------------------


def warning(book: CounterBook, text: str) -> str:
    book.type_in(text)
    return str(show(book)["Warning"].iloc[0])


def test_a_check_that_came_before_is_told(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount    Reference
        12-4     1,000.00  77
    """)
    counter.post(book, today=TODAY)
    said = warning(book, """
        Account  Amount    Reference  Received
        13-1     1,000.00  77         2025-03-04
    """)  # fmt: skip
    assert "Check 77 for $1,000.00 is in the Cash Book already: receipt 1, received 3/3/2025." in said


def test_far_more_than_is_owed_is_told(book: CounterBook) -> None:
    """13-1 owes 500.00 since February 1 and 500.00 on May 1, and 30 days and 2 of 8%: 3.56. Of 2,000.00, 996.44 is left over."""
    said = warning(book, "Account  Amount\n13-1     2,000.00")
    assert "$996.44 more than the $1,003.56 owed. Check the amount and the account." in said


def test_a_little_more_than_is_owed_is_not(book: CounterBook) -> None:
    assert "more than the" not in warning(book, "Account  Amount\n13-1     1,010.00")


def test_an_early_effective_date_needs_its_postmark(book: CounterBook) -> None:
    said = warning(book, "Account  Amount  Effective\n13-1     10.00   2025-02-03")
    assert "Effective Feb 3, 2025 is before Received Mar 3, 2025. Write the postmark in Note" in said
    book.replace_columns("Counter", pd.DataFrame({"Note": ["Postmark 2/3"]}))
    assert "Effective" not in show(book)["Warning"].iloc[0]


def test_a_closed_day_and_the_registers_are_told(book: CounterBook) -> None:
    book.type_in("Account  Amount  Tender\n12-4     1.00    Cash")
    counter.post(book, today=TODAY)
    count(book, ones=1)
    day.close_day(book, on=TODAY)
    book.append(
        "Cases", pd.DataFrame([{"No": "1", "Kind": "Bankruptcy", "Account": "4-14-C0027", "Opened": D(2025, 2, 1)}])
    )
    said = warning(book, "Account     Amount\n4-14-C0027  1.00")
    assert "The day Mar 3, 2025 is closed. This payment goes into deposit D-2." in said
    assert "Account 4-14-C0027: bankruptcy" in said
    assert "confidential, do not give out the owner's name or address" in said


# ---- receipts and batches --------------------------------------------------------------------------------------------


def test_posting_prints_the_receipts_and_a_reprint_keeps_their_numbers(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount    Reference
        12-4     1,100.00  77
        13-1     100.00    78
    """)
    said = counter.post(book, today=TODAY, receipts="half").text
    assert "\nReceipts: " in said
    issued = book.read("Issued")
    assert issued[["Kind", "About", "Copy", "Total"]].to_numpy().tolist() == [
        ["receipt", "1", 1, 1100],
        ["receipt", "2", 1, 100],
    ]
    # On another paper the same receipt is the same receipt.
    assert "2 receipts are in" in bills.reprint_receipt(book, "1 to 2", paper="roll").text
    issued = book.read("Issued")
    assert issued["No"].tolist() == [1, 2, 1, 2]
    assert issued["Copy"].tolist() == [1, 1, 2, 2]
    with pytest.raises(TaxError, match='"large" is not a paper for receipts'):
        bills.reprint_receipt(book, "1", paper="large")


def test_each_clerk_has_batches_of_her_own(book: CounterBook, monkeypatch: pytest.MonkeyPatch) -> None:
    for who, number in (("ann bell", "AB-1"), ("carl", "C-1"), ("ann bell", "AB-2")):
        monkeypatch.setattr(desks, "user", lambda who=who: who)
        book.type_in("Account  Amount\n12-4     1.00")
        assert f"Batch {number}." in counter.post(book, today=TODAY, again=True).text
    assert cash(book)["Batch"].tolist() == ["AB-1", "C-1", "AB-2"]


# ---- the day close ---------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def sign_in(name: str) -> None:
        monkeypatch.setattr(desks, "user", lambda: name)

    return sign_in


def test_a_drawer_that_is_not_counted_is_not_closed(book: CounterBook) -> None:
    book.type_in("Account  Amount  Tender\n12-4     100.00  Cash")
    counter.post(book, today=TODAY)
    with pytest.raises(
        TaxError, match=r"Day Close, Pieces: The cash in the drawer is not counted\. Nothing was closed\."
    ):
        day.close_day(book, on=TODAY)
    assert len(book.read("DayCloses")) == 0
    assert "$100.00 short" in day.close_day(book, on=TODAY, empty=True).text


def test_checks_alone_need_no_count(book: CounterBook) -> None:
    book.type_in("Account  Amount\n12-4     100.00")
    counter.post(book, today=TODAY)
    assert "The drawer balances" in day.close_day(book, on=TODAY).text


def test_a_close_by_mistake_is_taken_back_by_another_person_on_the_same_day(
    book: CounterBook, signed_in: Callable[[str], None]
) -> None:
    signed_in("ann")
    book.type_in("Account  Amount  Tender\n12-4     100.00  Cash")
    counter.post(book, today=TODAY)
    count(book, hundreds=2)
    assert "$100.00 over" in day.close_day(book, on=TODAY).text
    with pytest.raises(TaxError, match="ann closed this day, so another person must reopen it"):
        day.reopen_day(book, "D-1", "counted wrong")
    with pytest.raises(TaxError, match="ann"):
        day.reopen_day(book, "D-1", "counted wrong", approved_by="ann")
    signed_in("eve")
    assert "Deposit D-1 is open again" in day.reopen_day(book, "D-1", "counted wrong").text
    with pytest.raises(TaxError, match='Deposit "D-1" is not closed'):
        day.reopen_day(book, "D-1", "again")
    # The money is in the open deposit again, and so is what comes next.
    book.type_in("Account  Amount  Tender\n13-1     1.00    Cash")
    counter.post(book, today=TODAY)
    assert cash(book)["Deposit"].unique().tolist() == ["D-1"]
    count(book, hundreds=1, ones=1)
    assert "The drawer balances" in day.close_day(book, on=TODAY).text
    closes = book.read("DayCloses").fillna("")
    assert closes[["Deposit", "Close No", "Total", "Over Short", "Closed By"]].to_numpy().tolist() == [
        ["D-1", "", 100, 100, "ann"], ["D-1", "1", -100, -100, "eve"], ["D-1", "2", 101, 0, "eve"],
    ]  # fmt: skip
    log = book.read("Log")
    assert log["Action"].tolist()[-1] == "close day"
    assert "deposit D-1, reopened by eve: counted wrong" in log["What"].tolist()
    control.proof(book, TODAY)
    checks = book.read("Checks").set_index("Check")["Result"]
    for name in checks.index[checks.index.str.contains("eal|Day close|Drawer|deposits", regex=True)]:
        assert checks[name] == "OK", (name, checks[name])


def test_a_close_of_another_day_or_below_another_close_stays(
    book: CounterBook, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[str], None]
) -> None:
    signed_in("ann")
    for _ in range(2):
        book.type_in("Account  Amount\n12-4     100.00")
        counter.post(book, today=TODAY, again=True)
        day.close_day(book, on=TODAY)
    signed_in("eve")
    with pytest.raises(TaxError, match="Deposit D-1 is not the last close of this drawer"):
        day.reopen_day(book, "D-1", "mistake")
    monkeypatch.setattr(recorded_days, "clock", lambda: dt.date.today() + dt.timedelta(days=1))
    with pytest.raises(TaxError, match="Deposit D-2 was not closed today"):
        day.reopen_day(book, "D-2", "mistake")


# ---- today's work ----------------------------------------------------------------------------------------------------


def test_today_tells_what_waits_and_start_shows_it(book: CounterBook) -> None:
    """One payment of 100.00 typed, one of 1.00 in a drawer that is open, a case with a deadline or none."""
    assert todays.today(book, TODAY).text.startswith("Mar 3, 2025: nothing waits.")
    book.type_in("Account  Amount  Tender\n12-4     1.00    Cash")
    counter.post(book, today=TODAY)
    book.type_in("Account  Amount\n13-1     100.00")
    said = todays.today(book, TODAY).text
    assert said.startswith("Mar 3, 2025: 2 items to do.")
    assert "Payments typed on Counter, not posted: 1, $100.00." in said
    assert "Receipts in drawers that are not closed: 1, $1.00." in said
    assert [book.get(n) for n in ("today_typed", "today_typed_total", "today_open", "today_open_total")] == [
        1,
        100,
        1,
        1,
    ]
    book.replace_rows("Counter", pd.DataFrame(columns=["Account"]))
    count(book, ones=1)
    day.close_day(book, on=TODAY)
    control.proof(book, TODAY)
    said = todays.today(book, TODAY).text
    assert said.startswith("Mar 3, 2025: nothing waits.")
    assert "\nProof: " in said
    assert "not run yet" not in said
