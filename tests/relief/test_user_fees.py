"""The user-fee desk through a quarter: registered, returns posted, sewer billed, the drawer closed, accounts closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from xltax.actions import adjusting, control, counter, day, quotes, user_fees, year
from xltax.errors import LawNotEncoded, TaxError
from xltax.hosts.files import FilesBook
from xltax.tables.reading import read
from xltax.tables.user_fees import READINGS

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date
JAN = D(2025, 1, 31)


def sheet(book: FilesBook, table: str, key: str) -> pd.DataFrame:
    return book.read(table).fillna("").set_index(key)


def proved(book: FilesBook, on: dt.date) -> None:
    control.proof(book, on)
    checks = book.read("Checks")
    checks = checks[checks["Check"] != "Deposits = bank"]  # no deposit is made here
    assert set(checks["Result"]) == {"OK"}, checks.to_string()


def test_a_return_in_time_leaves_nothing_open(parish: FilesBook) -> None:
    said = user_fees.post_return(parish, "S1", JAN, 10_000_000, 1_000_000, D(2025, 2, 20), today=D(2025, 2, 21)).text
    assert said == (
        "Return S1-202501: tax $4,950.00, compensation $50.00, penalty $0.00, interest $0.00. Total due $4,900.00, paid $4,900.00 by receipt 1. "
        "The return is in town return S1-202501.xlsx."
    )
    bill = sheet(parish, "Duplicate", "Bill").loc["S1-202501"]
    assert (bill["Gross Tax"], bill["Deductions"], bill["Net Tax"], bill["Total Due"]) == (4950, 50, 4900, 0)
    cash = parish.read("CashBook").fillna("")
    assert cash[["Taxpayer", "Levy Type", "Tax", "Interest", "Total"]].to_numpy().tolist() == [
        ["PEPPER GRILL", "SALES", 4900, 0, 4900]
    ]
    proved(parish, D(2025, 3, 31))
    assert "1 account has not filed a return" in user_fees.returns_not_filed(parish, JAN, D(2025, 3, 1)).text


def test_a_return_whose_money_pays_an_older_license_says_so(parish: FilesBook) -> None:
    """The license of 500.00 fell due on January 1, the return on February 1: of one account's money the older is paid first."""
    user_fees.charge_fee(parish, "S1", 50_000, 2025, today=D(2025, 1, 2))
    said = user_fees.post_return(parish, "S1", JAN, 9_000_000, 0, D(2025, 2, 20), today=D(2025, 2, 21)).text
    assert "Note: $500.00 of this payment went to older bill S1-LICENSE-2025 first." in said


@pytest.mark.parametrize(
    ("gross", "penalty", "interest", "adjusted"),
    [
        (9_000_000, 248, 50, [("Correction Up", "penalty", 0.5), ("Correction Up", "interest", 0.5)]),  # 247.50, 49.50
        (7_856_400, 216, 43, [("Correction Down", "penalty", 0.05), ("Correction Down", "interest", 0.21)]),  # of 4,321
    ],
)
def test_a_late_return_is_paid_in_whole_dollars_and_leaves_nothing_open(
    parish: FilesBook, gross: int, penalty: int, interest: int, adjusted: list[Any]
) -> None:
    user_fees.post_return(parish, "S1", JAN, gross, 0, D(2025, 2, 25), today=D(2025, 2, 27))
    row = sheet(parish, "Returns", "Bill").loc["S1-202501"]
    assert (row["Compensation"], row["Penalty"], row["Interest"]) == (0, penalty, interest)
    table = parish.read("Adjustments")
    assert [tuple(r) for r in table[["Kind", "Component", "Amount"]].to_numpy()] == adjusted
    cash = parish.read("CashBook")
    assert cash[["Penalty", "Interest", "Total"]].to_numpy().tolist() == [[penalty, interest, row["Total"]]]
    assert sheet(parish, "Duplicate", "Bill").loc["S1-202501", "Total Due"] == 0
    proved(parish, D(2025, 3, 31))


def test_a_return_not_paid_in_full_keeps_no_compensation(parish: FilesBook) -> None:
    user_fees.post_return(parish, "S1", JAN, 9_000_000, 0, D(2025, 2, 20), 400_000, today=D(2025, 2, 21))
    bill = sheet(parish, "Duplicate", "Bill").loc["S1-202501"]
    assert (bill["Deductions"], bill["Balance"]) == (0, 950)
    counter.refresh(parish, D(2025, 3, 1))
    bill = sheet(parish, "Duplicate", "Bill").loc["S1-202501"]
    # 950 left: 5% for the one thirty days to March 3, 1% for February and for March.
    assert (bill["Penalty"], bill["Interest"]) == (47.5, 19)


def test_a_return_of_nothing_is_a_return(parish: FilesBook) -> None:
    user_fees.post_return(parish, "S2", JAN, 0, 0, D(2025, 2, 3), today=D(2025, 2, 3))
    assert len(parish.read("Duplicate")) == 0
    assert sheet(parish, "Returns", "Bill").loc["S2-202501", "Total"] == 0
    assert "1 account has not filed a return" in user_fees.returns_not_filed(parish, JAN, D(2025, 3, 1)).text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"account": "S9"}, 'no registered account "S9"'),
        ({"account": "W1"}, "not registered for sales tax"),
        ({"filed": D(2025, 3, 1)}, "is after today"),
        ({"paid": -1}, "below zero"),
        ({"location": "9"}, "not a location code"),
    ],
)
def test_a_return_that_cannot_be_is_refused(parish: FilesBook, changed: dict[str, Any], says: str) -> None:
    given = {"account": "S1", "period_end": JAN, "gross": 100, "deductions": 0, "filed": D(2025, 2, 3)}
    with pytest.raises(TaxError, match=says):
        user_fees.post_return(parish, **(given | changed), today=D(2025, 2, 21))
    assert len(parish.read("Duplicate")) == len(parish.read("CashBook")) == len(parish.read("Returns")) == 0


def test_a_return_is_posted_once(parish: FilesBook) -> None:
    user_fees.post_return(parish, "S1", JAN, 9_000_000, 0, D(2025, 2, 20), today=D(2025, 2, 21))
    with pytest.raises(TaxError, match="is already posted as bill S1-202501"):
        user_fees.post_return(parish, "S1", JAN, 9_000_000, 0, D(2025, 2, 20), today=D(2025, 2, 21))


def read_meters(book: FilesBook, *rows: dict[str, Any]) -> None:
    book.append("Usage", read(pd.DataFrame([{"Levy Type": "SEWER", **r} for r in rows]), READINGS).frame)


def test_sewer_on_the_average_of_the_winter(parish: FilesBook) -> None:
    read_meters(
        parish,
        {"Account": "W1", "Year": 2024, "Jan": "99", "Oct": "6", "Nov": "6", "Dec": "6"},
        {"Account": "W1", "Year": 2025, "Jan": "99", "Feb": "9", "Mar": "9", "Apr": "9", "May": "99"},
        {"Account": "W2", "Year": 2025, "Apr": "0"},
    )
    said = user_fees.bill_usage(parish, "sewer", D(2025, 5, 15), D(2025, 6, 10), D(2025, 5, 20)).text
    # W1: 7.5 on the average, 27.52 + 3.5 x 4.79 = 44.29 (44.285). W2 has one reading, of nothing: 27.52.
    assert said == "2 bills, sewer for May 2025: $71.81, due 2025-06-10."
    bills = sheet(parish, "Duplicate", "Bill")
    assert bills["Net Tax"].to_dict() == {"W1-SEWER-202505": 44.29, "W2-SEWER-202505": 27.52}
    with pytest.raises(TaxError, match="2 bills, such as W1-SEWER-202505, are already on the Duplicate"):
        user_fees.bill_usage(parish, "sewer", D(2025, 5, 1), D(2025, 6, 10), D(2025, 5, 20))


def test_nobody_is_billed_where_a_reading_is_missing(parish: FilesBook) -> None:
    read_meters(parish, {"Account": "W1", "Year": 2025, "Apr": "5"})
    with pytest.raises(TaxError, match="Usage, account W2: There is no sewer reading"):
        user_fees.bill_usage(parish, "sewer", D(2025, 5, 15), D(2025, 6, 10), D(2025, 5, 20))
    assert len(parish.read("Duplicate")) == 0
    with pytest.raises(LawNotEncoded, match="solid waste"):
        user_fees.bill_usage(parish, "solid waste", D(2025, 5, 15), D(2025, 6, 10), D(2025, 5, 20))


def test_a_license_bears_penalty_and_interest_by_its_own_rules(parish: FilesBook) -> None:
    said = user_fees.charge_fee(parish, "S1", 50_000, 2025, today=D(2025, 1, 2)).text
    assert said == "1 bill, LICENSE 2025: $500.00, due 2025-01-01."
    # By March 28, 86 days at 15% of 365: 17.67; 5% for the first thirty days from March 1. By April 10, 99 days: 20.34; two periods.
    for on, interest, penalty in ((D(2025, 3, 28), 17.67, 25), (D(2025, 4, 10), 20.34, 50)):
        counter.refresh(parish, on)
        bill = sheet(parish, "Duplicate", "Bill").loc["S1-LICENSE-2025"]
        assert (bill["Interest"], bill["Penalty"]) == (interest, penalty)
    with pytest.raises(TaxError, match="not registered for LICENSE"):
        user_fees.charge_fee(parish, "S2", 100, 2025, today=D(2025, 1, 2))


def test_one_drawer_for_returns_sewer_and_license(parish: FilesBook) -> None:
    on = D(2025, 2, 20)
    user_fees.charge_fee(parish, "S1", 50_000, 2025, today=on)
    user_fees.post_return(parish, "S1", JAN, 9_000_000, 0, on, tender="Cash", today=on)
    counter_rows = pd.DataFrame(
        [
            {
                "Received": on,
                "Tender": "Cash",
                "Account": "",
                "Bill": "S1-LICENSE-2025",
                "Amount": 50_000,
                "Check Total": 0,
            }
        ]
    )
    parish.append("Counter", counter_rows.astype({"Amount": "int64", "Check Total": "int64"}))
    counter.post(parish, today=on)
    parish.replace_columns("DrawerCount", _pieces(parish, 540_000))
    said = day.close_day(parish, on).text
    assert "5,400.00" in said
    proved(parish, on)


def _pieces(book: FilesBook, cents: int) -> pd.DataFrame:
    rows = book.read("DrawerCount")
    pieces = []
    for value in (rows["Denomination"] * 100).round().astype(int):
        pieces.append(cents // value)
        cents %= value
    return pd.DataFrame({"Pieces": pd.Series(pieces, dtype="int64")})


def test_closed_and_credit_accounts(parish: FilesBook) -> None:
    on = D(2025, 3, 31)
    user_fees.post_return(parish, "S1", JAN, 9_000_000, 0, D(2025, 2, 20), 500_000, today=D(2025, 2, 21))
    user_fees.post_return(parish, "S2", JAN, 1_000_000, 0, D(2025, 2, 20), 0, today=D(2025, 2, 21))
    # 550.00, 5% for the first period and 1% for February.
    assert user_fees.close_account(parish, "S2", D(2025, 2, 28), "sold").text.endswith(
        "The account owes $583.00 on that day."
    )
    with pytest.raises(TaxError, match="was already closed on 2025-02-28"):
        user_fees.close_account(parish, "S2", D(2025, 2, 28), "sold")
    with pytest.raises(TaxError, match="after 2023-01-01"):
        user_fees.close_account(parish, "S1", D(2023, 1, 1), "sold")
    user_fees.credit_accounts(parish, on)
    rows = sheet(parish, "CreditAccounts", "Account")
    assert rows.loc["S1", ["Standing", "Credit", "Balance"]].tolist() == ["Open", 100, 0]
    # 550, 5% for each of two periods (58 days), 1% for February and March.
    assert rows.loc["S2", ["Standing", "Credit", "Balance"]].tolist() == ["Closed", 0, 616]
    adjusting.refund(parish, "S1", 10_000, "paid too much", "ordinance", "Collector", today=on)
    user_fees.credit_accounts(parish, on)
    assert list(sheet(parish, "CreditAccounts", "Account").index) == ["S2"]
    assert "0 accounts have not filed a return" in user_fees.returns_not_filed(parish, D(2025, 1, 31), on).text
    assert "1 account has" in user_fees.returns_not_filed(parish, D(2025, 3, 31), on).text, "S2 is closed"


@pytest.mark.parametrize("start", [D(2025, 1, 2), D(2026, 6, 30)])
def test_a_task_works_its_figures_out_for_its_own_day_whatever_stands_on_start(
    parish: FilesBook, start: dt.date
) -> None:
    """S2 files January's return for 10,000.00 without money and closes February 28: 583.00, as the quote of that day says."""
    user_fees.post_return(parish, "S2", JAN, 1_000_000, 0, D(2025, 2, 20), 0, today=D(2025, 2, 21))
    parish.set("as_of", start)
    closed = user_fees.close_account(parish, "S2", D(2025, 2, 28), "sold").text
    assert closed.endswith("The account owes $583.00 on that day.")
    assert "Account S2: $583.00 due on 2025-02-28" in quotes.quote(parish, "S2", D(2025, 2, 28), 3).text


def test_a_credit_just_posted_is_among_the_credit_accounts(parish: FilesBook) -> None:
    """Start still says January 2; 100.00 too much came in on February 21."""
    parish.set("as_of", D(2025, 1, 2))
    user_fees.post_return(parish, "S1", JAN, 9_000_000, 0, D(2025, 2, 20), 500_000, today=D(2025, 2, 21))
    assert user_fees.credit_accounts(parish).text.startswith("1 account as of 2025-02-2"), "the day of the last payment"
    assert sheet(parish, "CreditAccounts", "Account").loc["S1", "Credit"] == 100


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("S1", "X", "SEWER", D(2025, 1, 1)), 'Account "S1" is in use'),
        (("S5", "X", "RE", D(2025, 1, 1)), '"RE" is not a tax type for this task'),
        (("S5", "X", "", D(2025, 1, 1)), "is not a tax type for this task"),
        (("S5", "", "SEWER", D(2025, 1, 1)), "name: This field is required"),
        (("S5", "X", "SALES", D(2025, 1, 1), "weekly", "1701"), '"weekly" is not a filing frequency'),
        (("S5", "X", "SALES", D(2025, 1, 1), "monthly", "1"), "not a location code"),
    ],
)
def test_a_registration_that_cannot_be_is_refused(parish: FilesBook, given: tuple[Any, ...], says: str) -> None:
    before = len(parish.read("Registrations"))
    with pytest.raises(TaxError, match=says):
        user_fees.register_account(parish, *given)
    assert len(parish.read("Registrations")) == before == 4


def test_names_stay_text(parish: FilesBook) -> None:
    assert sheet(parish, "Registrations", "Account").loc["S2", "Name"] == "=LAUNDRY"
    assert sheet(parish, "Roll", "Account").loc["S2", "Owner"] == "=LAUNDRY"


def test_billing_the_roll_passes_registered_accounts_by(preliminary: FilesBook) -> None:
    """A town that bills real estate from the same roll: accounts by use need no rate and get no bill from it."""
    user_fees.register_account(preliminary, "W9", "DOE", "SEWER", D(2025, 1, 1))
    said = year.bill(preliminary, 2025, "RE=2.1", "final", today=D(2025, 7, 1)).text
    assert said.startswith("3 bills for 2025 (final)")
