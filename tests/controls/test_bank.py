"""The bank account, month after month: what is on its way clears, what is wrong is named, and nothing is made to fit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.books import spoil
from tests.controls.banked import Banked
from tests.controls.town import pay
from xltax.actions import control, counter
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook

D = dt.date
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
FEBRUARY = "Date,Description,Amount,Balance\n2/2/2024,DEPOSIT,1200.00,1200.00\n2/16/2024,DEPOSIT,300.00,1500.00\n"


@pytest.fixture
def office(tmp_path: Path) -> Banked:
    """Three deposits in February: 1,200.00 and 300.00 reach the bank, 250.00 of the 29th is on its way."""
    office = Banked(tmp_path)
    office.deposit(D(2024, 2, 1), ("1", "500.00"), ("2", "700.00"))
    office.deposit(D(2024, 2, 15), ("3", "300.00"))
    office.deposit(D(2024, 2, 29), ("4", "250.00"))
    return office


def test_a_deposit_in_transit_clears_in_the_next_month(office: Banked) -> None:
    """Bank 1,500.00 + in transit 250.00 = 1,750.00 = book. In March 250.00 and 400.00 come: bank 2,150.00 = book."""
    office.statement("february.csv", FEBRUARY)
    done = office.reconcile(D(2024, 2, 29))
    assert "reconciled bank balance $1,750.00, difference $0.00, unidentified $0.00" in done.text
    assert not done.look
    assert office.lines("Deposits in transit") == [("D-3", 250.0)]
    office.deposit(D(2024, 3, 14), ("1", "400.00"))
    office.statement(
        "march.csv",
        "Date,Description,Amount,Balance\n3/1/2024,DEPOSIT,250.00,1750.00\n3/15/2024,DEPOSIT,400.00,2150.00\n",
    )
    done = office.reconcile(D(2024, 3, 31), reviewed_by="Treasurer")
    assert "Reconciliation 2 as of 2024-03-31: reconciled bank balance $2,150.00, difference $0.00" in done.text
    assert office.lines("Deposits in transit") == []
    assert office.book().read("Bank")["Deposit"].tolist() == ["D-1", "D-2", "D-3", "D-4"]
    found = dict(line.split(": ", 1) for line in control.proof(office.book(), D(2024, 3, 31)).look)
    assert "Deposits = bank" not in found
    assert "Reconciliation seals" not in found


def test_the_lines_of_a_file_are_taken_once(office: Banked) -> None:
    office.statement("february.csv", FEBRUARY)
    done = office.statement("again.csv", FEBRUARY + "2/28/2024,DEPOSIT,10.00,1510.00\n")
    assert done.text.startswith("1 new line, $10.00. 2 lines of the file were on Bank already.")
    assert len(office.book().read("Bank")) == 3


def test_a_digit_altered_at_the_bank_is_named(office: Banked) -> None:
    """300.00 in the book, 360.00 at the bank: the difference is 60.00, and it is this deposit."""
    office.statement("february.csv", FEBRUARY.replace("300.00,1500.00", "360.00,1560.00"))
    done = office.reconcile(D(2024, 2, 29))
    assert "difference $60.00" in done.text
    assert done.look[0] == "deposit D-2: the book has $300.00, the bank $360.00 on Feb 16, 2024: $60.00"
    assert office.lines("Not explained") == [("", 0.0)]


def test_a_missing_deposit_is_named_and_is_not_in_transit(office: Banked) -> None:
    office.statement("february.csv", FEBRUARY.split("2/16")[0])
    office.type("BankBalances", {"Date": D(2024, 2, 29), "Balance": 120000})
    done = office.reconcile(D(2024, 2, 29))
    assert "reconciled bank balance $1,450.00, difference -$300.00" in done.text
    assert any(
        line.startswith("deposit D-2 of Feb 15, 2024, receipt 3, has not reached the bank in 14 days")
        for line in done.look
    )
    assert office.lines("Deposits in transit") == [("D-3", 250.0)]


def test_a_deposit_changed_after_the_reconciliation_is_named(office: Banked) -> None:
    """The deposit in transit is made smaller by a digit, in the day close: the next reconciliation has what it was."""
    office.statement("february.csv", FEBRUARY)
    office.reconcile(D(2024, 2, 29))
    spoil.cell(office.path, "DayCloses", 3, "Total", 240)
    office.statement("march.csv", "Date,Description,Amount,Balance\n3/1/2024,DEPOSIT,250.00,1750.00\n")
    done = office.reconcile(D(2024, 3, 31))
    assert "deposit D-3 was $250.00 in the reconciliation of Feb 29, 2024 and is now $240.00" in done.look
    assert any("deposit D-3: the book has $240.00, the bank $250.00" in line for line in done.look)


def test_one_line_for_several_closes_and_several_lines_for_one(tmp_path: Path) -> None:
    """The bank takes the closes of the 1st and 2nd on one line, and the deposit of the 15th on two."""
    office = Banked(tmp_path)
    office.deposit(D(2024, 2, 1), ("1", "500.00"))
    office.deposit(D(2024, 2, 2), ("2", "700.00"))
    office.deposit(D(2024, 2, 15), ("3", "300.00"), ("4", "111.11"))
    office.statement(
        "february.csv",
        "Date,Amount,Balance\n2/5/2024,1200.00,1200.00\n2/16/2024,300.00,1500.00\n2/19/2024,111.11,1611.11\n",
    )
    done = office.reconcile(D(2024, 2, 29))
    assert "difference $0.00" in done.text
    assert office.book().read("Bank")["Deposit"].tolist() == ["D-1, D-2", "D-3", "D-3"]


def test_a_line_nobody_knows_stays_a_difference(office: Banked) -> None:
    office.statement("february.csv", FEBRUARY + "2/20/2024,COUNTER CREDIT,77.77,1577.77\n")
    done = office.reconcile(D(2024, 2, 29))
    assert "difference $77.77, unidentified $77.77" in done.text
    assert "bank line of Feb 20, 2024, COUNTER CREDIT, is not in the book: $77.77" in done.look
    assert office.lines("What makes up the difference") == [("", 77.77)]


def test_interest_a_fee_and_a_returned_check_are_book_side_items(office: Banked) -> None:
    """1,500.00 + 1.23 - 15.00 - 500.00 = 986.23 at the bank; + 250.00 in transit = 1,236.23. Book 1,750.00 less the same items."""
    office.statement(
        "february.csv",
        FEBRUARY + "2/28/2024,INTEREST,1.23,1501.23\n2/28/2024,FEE,-15.00,1486.23\n2/28/2024,RETURNED,-500.00,986.23\n",
    )
    book = office.book()
    bank = book.read("Bank")
    book.replace_columns("Bank", bank.assign(Deposit=["", "", "Interest", "Fee", "Returned"])[["Deposit"]])
    book.save()
    done = office.reconcile(D(2024, 2, 29))
    assert "reconciled bank balance $1,236.23, difference $0.00, unidentified $0.00" in done.text
    assert [a for _, a in office.lines("On the statement, not in the book")] == [1.23, -15.0, -500.0]
    book = office.book()
    counter.reverse(book, "1", "check returned unpaid", on=D(2024, 3, 1), today=D(2024, 3, 1))
    book.save()
    office.statement("march.csv", "Date,Description,Amount,Balance\n3/1/2024,DEPOSIT,250.00,1236.23\n")
    done = office.reconcile(D(2024, 3, 31))
    assert "reconciled bank balance $1,236.23, difference $0.00, unidentified $0.00" in done.text
    assert [a for _, a in office.lines("On the statement, not in the book")] == [1.23, -15.0]


def test_a_check_stays_outstanding_until_the_bank_pays_it(office: Banked) -> None:
    office.statement("february.csv", FEBRUARY)
    office.type(
        "PaidOut",
        {
            "No": "101",
            "Date": D(2024, 2, 20),
            "Payee": "Township treasurer",
            "Amount": 100000,
            "For": "Turnover",
            "For No": "1",
        },
    )
    done = office.reconcile(D(2024, 2, 29))
    assert "reconciled bank balance $750.00, difference $0.00" in done.text
    assert office.lines("Outstanding checks") == [("101", -1000.0)]
    office.statement(
        "march.csv", "Date,Check Number,Amount,Balance\n3/1/2024,,250.00,1750.00\n3/4/2024,101,-1000.00,750.00\n"
    )
    done = office.reconcile(D(2024, 3, 31))
    assert "reconciled bank balance $750.00, difference $0.00" in done.text
    assert office.lines("Outstanding checks") == []
    assert str(office.book().read("PaidOut")["Cleared"].iloc[0])[:10] == "2024-03-04"


def test_a_book_that_starts_in_the_middle_begins_with_the_statement_before(office: Banked) -> None:
    """5,000.00 stood in the account before this book. On February 15 the bank has them and the 1,200.00 of February 1.
    The 300.00 of February 15 are on their way; they come on the 16th: 6,500.00, and 250.00 of the 29th are on their way."""
    office.type(
        "BankBalances", {"Date": D(2024, 2, 15), "Balance": 620000}, {"Date": D(2024, 2, 29), "Balance": 650000}
    )
    office.type("Bank", {"Date": D(2024, 2, 16), "Amount": 30000})
    old = {
        "What": "Balance from before this workbook",
        "Amount": 500000,
        "From": D(2024, 1, 1),
        "Explained By": "Statement of December",
    }
    office.type("Owed", old)
    done = office.reconcile(D(2024, 2, 29))
    assert "reconciled bank balance $6,750.00, difference $0.00, unidentified $0.00" in done.text
    assert office.lines("Deposits in transit") == [("D-3", 250.0)]
    assert not done.look


def test_a_stale_check_is_named(office: Banked) -> None:
    """A check of August 20, 2023 is six months old on February 20, 2024, and stale on February 21."""
    office.statement("february.csv", FEBRUARY)
    office.type(
        "PaidOut", {"No": "9", "Date": D(2023, 8, 20), "Payee": "DOE", "Amount": 500, "For": "Refund", "For No": "A-1"}
    )
    office.type("BankBalances", {"Date": D(2024, 2, 20), "Balance": 150000})
    named = (
        "check 9 to DOE of Aug 20, 2023, $5.00, is older than 6 months. Stop the check, and treat the money as a credit"
    )
    assert named not in office.reconcile(D(2024, 2, 20)).look
    assert named in office.reconcile(D(2024, 2, 21)).look


def test_the_book_balance_of_the_last_reconciliation_must_still_be_the_same(office: Banked) -> None:
    """A receipt of January entered in March lowers nothing, but the book of February is no longer what was signed."""
    office.statement("february.csv", FEBRUARY)
    office.reconcile(D(2024, 2, 29))
    book = office.book()
    pay(book, office.folder, "1", "10.00", D(2024, 2, 28), D(2024, 3, 5))
    book.save()
    done = office.reconcile(D(2024, 3, 31))
    assert (
        "the book balance of Feb 29, 2024 was $1,750.00 in the reconciliation of that day and is now $1,760.00"
        in done.look
    )


def test_an_empty_bank_sheet_is_never_ok(office: Banked) -> None:
    found = dict(line.split(": ", 1) for line in control.proof(office.book(), D(2024, 2, 29)).look)
    assert found["Deposits = bank"].startswith("NOT DONE: the Bank sheet is empty, and 3 deposits cannot be compared")
    with pytest.raises(
        TaxError, match=r"There is no bank statement balance through 2024-02-29\. The reconciliation is not done"
    ):
        office.reconcile(D(2024, 2, 29))


def test_without_a_deposit_the_bank_is_not_done_and_not_ok(tmp_path: Path) -> None:
    said = control.proof(Banked(tmp_path).book(), D(2024, 2, 29)).text
    assert "Deposits = bank      NOT DONE: the Bank sheet is empty, and no deposit has been made" in said
    assert "Not done: Deposits = bank." in said


def test_the_preparer_cannot_review(office: Banked, monkeypatch: pytest.MonkeyPatch) -> None:
    office.statement("february.csv", FEBRUARY)
    monkeypatch.setattr("xltax.actions.desk.user", lambda: "adams")
    with pytest.raises(TaxError, match="Adams prepares this reconciliation, and cannot review it"):
        office.reconcile(D(2024, 2, 29), reviewed_by="Adams")
    # With a sheet Users, the name of the log-in's person is the same person.
    office.type(
        "Users",
        {"Name": "Ruth Adams", "Log-In": "adams", "May Post": "Yes", "May Close": "Yes"},
        {"Name": "Lee", "Log-In": "lee"},
    )
    with pytest.raises(TaxError, match="Ruth Adams prepares this reconciliation, and cannot review it"):
        office.reconcile(D(2024, 2, 29), reviewed_by="Ruth Adams")
    assert "Reviewed by Lee" in office.reconcile(D(2024, 2, 29), reviewed_by="Lee").text
    assert set(office.book().read("Reconciliations")["Prepared By"]) == {"Ruth Adams"}


def test_cole_county_shows_its_unidentified_money(tmp_path: Path) -> None:
    """Missouri State Auditor 2008-07: bank 5,808,864; liabilities listed 5,805,921; 2,943 unidentified."""
    office = Banked(tmp_path)
    office.type(
        "BankBalances", {"Date": D(2024, 1, 1), "Balance": 580886400}, {"Date": D(2024, 1, 31), "Balance": 580886400}
    )
    office.type(
        "Owed",
        {
            "What": "Liabilities listed by the collector",
            "Amount": 580592100,
            "From": D(2024, 1, 1),
            "Explained By": "list of the audit",
        },
    )
    done = office.reconcile(D(2024, 1, 31))
    assert "unidentified $2,943.00" in done.text
    assert "Unidentified: $2,943.00: more in the account than is owed" in done.text


def test_a_reconciliation_changed_later_is_named(office: Banked) -> None:
    office.statement("february.csv", FEBRUARY)
    office.reconcile(D(2024, 2, 29))
    spoil.cell(office.path, "Reconciliations", 2, "Amount", 9999)
    found = dict(line.split(": ", 1) for line in control.proof(FilesBook.open(office.path), D(2024, 2, 29)).look)
    assert "Reconciliation seals" in found
