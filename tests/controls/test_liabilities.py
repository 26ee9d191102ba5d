"""What is owed out of the account equals the reconciled bank, line by line; what nobody owns shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.controls.banked import Banked
from tests.controls.town import pay
from xltax.actions import adjusting, counter, day, statements
from xltax.tables.statements import MONEY_COLUMNS

D = dt.date
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


@pytest.fixture
def office(tmp_path: Path) -> Banked:
    """February 2024. Account 3 pays 2,100.00 (100.00 over); 400.00 of account 1; 60.00 in suspense; a premium of 300.00.

    All 2,860.00 are deposited on February 1 and at the bank on February 2."""
    office = Banked(tmp_path)
    accounts = [{"Code": c, "Name": c, "Column": c, "GL Account": f"1{n}"} for n, c in enumerate(MONEY_COLUMNS)]
    office.type("RevenueAccounts", *accounts)
    book = office.book()
    on = D(2024, 2, 1)
    pay(book, tmp_path, "3", "2100.00", on, on)
    pay(book, tmp_path, "1", "400.00", on, on)
    other = tmp_path / "other.csv"
    other.write_text(
        "Account,Amount,Received,Tender,Kind,Revenue Code\n,60.00,2024-02-01,Check,Other,SUSPENSE\n,300.00,2024-02-01,Check,Other,PREMIUM\n"
    )
    counter.post(book, other, today=on)
    day.close_day(book, on=on)
    book.save()
    office.statement("february.csv", "Date,Amount,Balance\n2/2/2024,2860.00,2860.00\n")
    return office


def owed(office: Banked) -> dict[str, float]:
    """The list of the last reconciliation, in dollars, by its words before the colon."""
    rows = office.book().read("Reconciliations")
    mine = rows[(rows["No"] == rows["No"].max()) & (rows["Section"] == "Owed out of the account")]
    return {str(d).split(":")[0]: float(a) for d, a in zip(mine["Detail"], mine["Amount"], strict=True)}


def test_each_kind_of_money_has_its_line(office: Banked) -> None:
    """Tax 2,000.00 + 400.00 = 2,400.00; suspense 60.00; premium 300.00; credit 100.00. Together 2,860.00."""
    done = office.reconcile(D(2024, 2, 29))
    assert "difference $0.00, unidentified $0.00" in done.text
    assert owed(office) == {
        "Tax": 2400,
        "Money for an unknown account": 60,
        "Premiums paid at tax sales": 300,
        "overpayments and credits of 1 account": 100,
    }


def test_what_is_turned_over_and_paid_out_leaves_the_list(office: Banked) -> None:
    """Slip 1 of March 1 takes all 2,860.00, 100.00 of it overpaid. Until the check of March 4 the bank owes it to the treasurer."""
    book = office.book()
    statements.turnover_slip(book, today=D(2024, 3, 1))
    book.save()
    office.type("BankBalances", {"Date": D(2024, 3, 3), "Balance": 2860_00})
    done = office.reconcile(D(2024, 3, 3))
    assert "difference $0.00, unidentified $0.00" in done.text
    assert owed(office) == {
        "overpayments and credits of 1 account": 100,
        "less overpayments that went with turnover slips": -100,
        "slip 1": 2860,
    }
    office.type(
        "PaidOut",
        {"No": "1", "Date": D(2024, 3, 4), "Payee": "Treasurer", "Amount": 2860_00, "For": "Turnover", "For No": "1"},
    )
    done = office.reconcile(D(2024, 3, 31))
    assert "reconciled bank balance $0.00, difference $0.00, unidentified $0.00" in done.text


def test_a_refund_is_owed_until_its_check_and_not_after(office: Banked) -> None:
    book = office.book()
    adjusting.refund(book, "3", 100_00, "paid too much", "Resolution 2", "Council", today=D(2024, 2, 20))
    book.save()
    office.reconcile(D(2024, 2, 29))
    assert owed(office)["refunds approved, not paid out of this account"] == 100
    office.type(
        "PaidOut",
        {"No": "2", "Date": D(2024, 3, 4), "Payee": "DOE", "Amount": 100_00, "For": "Refund", "For No": "A-1"},
    )
    done = office.reconcile(D(2024, 3, 31))
    assert "reconciled bank balance $2,760.00, difference $0.00, unidentified $0.00" in done.text
    assert "refunds approved, not paid out of this account" not in owed(office)


def test_a_refund_check_that_nobody_approved_is_named(office: Banked) -> None:
    check = {"No": "2", "Date": D(2024, 2, 10), "Payee": "DOE", "Amount": 60_00, "For": "Refund", "For No": "A-9"}
    office.type("PaidOut", check)
    office.reconcile(D(2024, 2, 29))
    assert owed(office)["refund checks for more than was approved"] == -60


def test_trust_money_paid_out_and_a_check_for_something_else(office: Banked) -> None:
    """300.00 of the premium go back. 45.00 for furniture are no liability of the account: they stand with a minus."""
    office.type(
        "PaidOut",
        {
            "No": "1",
            "Date": D(2024, 2, 20),
            "Payee": "Lien Fund",
            "Amount": 300_00,
            "For": "Trust",
            "For No": "PREMIUM",
        },
        {"No": "2", "Date": D(2024, 2, 21), "Payee": "Furniture Inc", "Amount": 45_00, "For": "Other"},
    )
    done = office.reconcile(D(2024, 2, 29))
    assert "reconciled bank balance $2,515.00, difference $0.00, unidentified $0.00" in done.text
    lines = owed(office)
    assert "Premiums paid at tax sales" not in lines
    assert lines["paid to Furniture Inc for something else"] == -45
    assert "check 2 to Furniture Inc, $45.00, pays nothing that is owed out of the account" in done.look


def test_a_cash_book_lowered_after_the_close_is_named(office: Banked) -> None:
    """Somebody lowers what is overpaid by 40.00 in the Cash Book after the day was closed: the bank has 40.00 more."""
    book = office.book()
    lines = book.read("CashBook")
    overpaid = pd.to_numeric(lines["Overpaid"]).fillna(0).mul(100).astype("int64")
    total = pd.to_numeric(lines["Total"]).mul(100).astype("int64")
    changed = overpaid > 0
    book.replace_columns(
        "CashBook", pd.DataFrame({"Overpaid": overpaid - 4000 * changed, "Total": total - 4000 * changed})
    )
    book.save()
    done = office.reconcile(D(2024, 2, 29))
    assert "difference $40.00" in done.text
    assert any("deposit D-1: the Cash Book now has $2,820.00, the close had $2,860.00" in line for line in done.look)
