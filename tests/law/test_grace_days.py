"""Grace by business days, and bills that were mailed late. Days worked by hand from the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.written.ledger import facts_of
from xltax.dates import ClosedDays
from xltax.errors import BadProfile
from xltax.law.calendar import Grace
from xltax.law.load import load
from xltax.ledger.replay import replay

D = dt.date


def grace(**settings: Any) -> Grace:
    read = Grace.read(settings, "grace")
    assert isinstance(read, Grace)
    return read


WI = grace(counted="business_days_following", days=5)
TX = grace(counted="none", late_bill_days=21, late_bill_to="month_start")
NH = grace(counted="none", late_bill_days=30, late_bill_if_after="11-02")


@pytest.mark.parametrize(
    ("due", "last"),
    [
        # 2019 Act 40: five working days after the due date. Friday, January 31, 2025: February 3 to 7.
        (D(2025, 1, 31), D(2025, 2, 7)),
        # Wednesday, January 31, 2024: Thursday and Friday, then Monday to Wednesday, February 7.
        (D(2024, 1, 31), D(2024, 2, 7)),
        # Saturday, January 31, 2026, and Sunday, January 31, 2027: the first Friday of February.
        (D(2026, 1, 31), D(2026, 2, 6)),
        (D(2027, 1, 31), D(2027, 2, 5)),
        # Sunday, July 31, 2022: the first Friday of August.
        (D(2022, 7, 31), D(2022, 8, 5)),
    ],
)
def test_five_working_days(due: dt.date, last: dt.date) -> None:
    assert WI.last_free_day(due, ClosedDays("WI")) == last
    assert WI.nominal(due) == due, "interest counts from the due date"


def test_on_a_weekend_five_working_days_always_end_on_the_first_friday() -> None:
    """So Wisconsin needs no other setting for January 31 and July 31 on a Saturday or Sunday."""
    closed = ClosedDays("WI")
    for due in (D(year, month, 31) for year in range(2019, 2060) for month in (1, 7)):
        if due.weekday() >= 5:
            first_friday = next(
                day
                for n in range(1, 8)
                if (day := due + dt.timedelta(days=n)).weekday() == 4 and day.month != due.month
            )
            assert WI.last_free_day(due, closed) == first_friday


def test_days_on_which_the_office_is_closed_do_not_count() -> None:
    """Monday, August 31, 2026; Labor Day is September 7: September 1 to 4, then Tuesday the 8th. Closed on the 2nd: the 9th."""
    due = D(2026, 8, 31)
    assert WI.last_free_day(due, ClosedDays("WI")) == D(2026, 9, 8)
    assert WI.last_free_day(due, ClosedDays("WI", closed=[D(2026, 9, 2)])) == D(2026, 9, 9)
    assert "within 5 business days after the due date; the day" in WI.words()


@pytest.mark.parametrize(
    ("mailed", "last"),
    [
        # Texas 31.04: due January 31, 2025. Mailed by January 10 leaves 21 days of January.
        (D(2024, 12, 1), D(2025, 1, 31)),
        (D(2025, 1, 10), D(2025, 1, 31)),
        (D(2025, 1, 11), D(2025, 2, 28)),
        (D(2025, 2, 7), D(2025, 2, 28)),
        # Mailed February 8: March 1 leaves 20 days, so the tax is late from April 1.
        (D(2025, 2, 8), D(2025, 3, 31)),
    ],
)
def test_the_first_of_the_month_that_leaves_21_days(mailed: dt.date, last: dt.date) -> None:
    assert TX.last_free_day(D(2025, 1, 31), ClosedDays(), mailed) == last
    assert "to the end of the month in which 21 days after mailing have passed" in TX.words()


@pytest.mark.parametrize(
    ("due", "mailed", "last"),
    [
        # New Hampshire, RSA 76:13: 30 days only for a bill sent on November 2 or later.
        (D(2025, 12, 1), D(2025, 11, 1), D(2025, 12, 1)),
        (D(2025, 12, 1), D(2025, 11, 2), D(2025, 12, 2)),
        (D(2025, 12, 1), D(2025, 11, 20), D(2025, 12, 22)),  # December 20 is a Saturday
        (D(2025, 12, 1), D(2026, 1, 5), D(2026, 2, 4)),
        # A July bill mailed in June is before November 2.
        (D(2025, 7, 1), D(2025, 6, 20), D(2025, 7, 1)),
    ],
)
def test_only_bills_sent_late_in_the_year(due: dt.date, mailed: dt.date, last: dt.date) -> None:
    assert NH.last_free_day(due, ClosedDays("NH"), mailed) == last
    assert "a bill mailed on or after November 2: within 30 days after mailing" in NH.words()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"counted": "business_days_following"}, 'needs "days" of at least 1'),
        ({"counted": "none", "late_bill_to": "month_start"}, "needs its days"),
        ({"counted": "none", "late_bill_days": 30, "late_bill_if_after": "11-31"}, "late_bill_if_after: '11-31' is not allowed"),
    ],
)  # fmt: skip
def test_a_rule_without_its_days_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(BadProfile, match=says):
        grace(**settings)


def test_a_bill_mailed_late_bears_interest_from_the_late_day() -> None:
    """RSA 76:13: due December 1, 2025, mailed January 5, 2026: free to February 4, and 30 days at 8% to March 6 are 6.58. Bills sent
    earlier bear from December 1: 95 days are 20.82. Thirty days from January 8 end on Saturday, February 7: free to Monday, but counted from
    the 7th, so 30 days on March 9."""
    law = load("us-nh")

    def interest(on: D, **more: object) -> int:
        one = {
            "Bill": "1",
            "Account": "A",
            "Levy Year": 2025,
            "Levy Type": "RE",
            "Inst": 1,
            "Due": D(2025, 12, 1),
            "Amount": 1_000_00,
        }
        return int(replay(facts_of([one | more]), law, on).balances["Interest"].sum())

    assert interest(D(2026, 2, 4), Mailed=D(2026, 1, 5)) == 0
    assert interest(D(2026, 3, 6), Mailed=D(2026, 1, 5)) == 6_58
    assert interest(D(2026, 3, 6), Mailed=D(2025, 10, 20)) == 20_82
    assert interest(D(2026, 3, 6)) == 20_82
    assert interest(D(2026, 2, 9), Mailed=D(2026, 1, 8)) == 0
    assert interest(D(2026, 3, 9), Mailed=D(2026, 1, 8)) == 6_58
