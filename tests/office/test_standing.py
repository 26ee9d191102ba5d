"""Whether an agreement is kept, by date: each answer worked out beside the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from xltax.law.agreements import Agreement
from xltax.office.agreements.agreement_status import standing
from xltax.tables import RECEIPTS, Receipt
from xltax.tables.agreements import SCHEDULE, ScheduledPayment
from xltax.tables.reading import read
from xltax.tables.table import Table

D = dt.date
RULE = Agreement(longest=12)
DAYS = [D(2025, m, 3) for m in (3, 4, 6, 7, 9)]


def schedule(*causes: tuple[int, str], revised: dict[int, str] | None = None) -> Table[ScheduledPayment]:
    """Five payments of 100.00; `causes` excuses some of them."""
    rows = [
        {
            "Agreement": "1",
            "Revision": 1,
            "No": n,
            "Due": day,
            "Amount": "100.00",
            "Good Cause": dict(causes).get(n, ""),
        }
        for n, day in enumerate(DAYS, 1)
    ]
    for n, amount in (revised or {}).items():
        rows.append({"Agreement": "1", "Revision": 2, "No": n, "Due": DAYS[n - 1], "Amount": amount, "Good Cause": ""})
    return read(pd.DataFrame(rows), SCHEDULE)


def paid(*payments: tuple[dt.date, str], **more: Any) -> Table[Receipt]:
    rows = [
        {"Receipt": str(n), "Received": day, "Account": "1", "Amount": a} | more
        for n, (day, a) in enumerate(payments, 1)
    ]
    return read(pd.DataFrame(rows, columns=["Receipt", "Received", "Account", "Amount", *more]), RECEIPTS)


def test_kept_as_long_as_each_payment_is_there_on_its_day() -> None:
    now = standing(schedule(), paid((D(2025, 3, 3), "100.00"), (D(2025, 4, 1), "100.00")), RULE, D(2025, 6, 3))
    assert (now.status, now.missed, now.behind, now.letter_due) == ("Kept", 0, 0, None)
    assert (now.next_due, now.next_payment) == (D(2025, 6, 3), 100_00)
    assert now.payments["Status"].tolist() == ["Paid", "Paid", "Due", "Due", "Due"]


def test_missed_once_the_letter_is_due_ten_days_later_and_paying_up_mends_it() -> None:
    money = paid((D(2025, 3, 3), "100.00"))
    late = standing(schedule(), money, RULE, D(2025, 4, 4))
    assert (late.status, late.missed, late.behind, late.letter_due) == ("Missed", 1, 100_00, D(2025, 4, 13))
    assert standing(schedule(), money, RULE, D(2025, 4, 3)).status == "Kept", "the day itself is not over"
    mended = standing(schedule(), paid((D(2025, 3, 3), "100.00"), (D(2025, 4, 10), "100.00")), RULE, D(2025, 4, 30))
    assert (mended.status, mended.missed, mended.behind) == ("Kept", 1, 0)
    assert mended.payments["Status"].tolist()[:2] == ["Paid", "Paid late"]


def test_a_part_of_a_payment_is_a_missed_one() -> None:
    now = standing(schedule(), paid((D(2025, 3, 3), "99.99")), RULE, D(2025, 3, 4))
    assert (now.status, now.behind) == ("Missed", 1)


def test_one_payment_behind_and_then_in_step_is_one_missed() -> None:
    """April is missed, June and July are paid on their days: 100.00 behind throughout, and one missed."""
    money = paid((D(2025, 3, 3), "100.00"), (D(2025, 6, 3), "100.00"), (D(2025, 7, 3), "100.00"))
    now = standing(schedule(), money, RULE, D(2025, 7, 31))
    assert (now.status, now.missed, now.behind) == ("Missed", 1, 100_00)


def test_the_second_missed_payment_ends_it_even_if_the_first_was_made_up() -> None:
    """April's comes with June's; July's does not come."""
    money = paid((D(2025, 3, 3), "100.00"), (D(2025, 5, 1), "100.00"), (D(2025, 6, 3), "100.00"))
    assert standing(schedule(), money, RULE, D(2025, 7, 3)).status == "Kept"
    now = standing(schedule(), money, RULE, D(2025, 7, 4))
    assert (now.status, now.missed, now.letter_due) == ("In default", 2, D(2025, 7, 13))
    assert standing(schedule(), money, replace(RULE, default_on=3), D(2025, 7, 4)).status == "Missed"


def test_good_cause_is_not_counted_where_the_town_allows_it() -> None:
    money, causes = paid((D(2025, 3, 3), "100.00")), ((2, "hospital, decided by the collector"),)
    now = standing(schedule(*causes), money, RULE, D(2025, 5, 1))
    assert (now.status, now.missed, now.behind) == ("Good cause", 0, 100_00)
    assert now.payments["Status"].tolist()[1] == "Good cause"
    assert standing(schedule(*causes), money, RULE, D(2025, 6, 4)).status == "Missed"
    assert standing(schedule(*causes), money, replace(RULE, good_cause=False), D(2025, 6, 4)).status == "In default"


def test_reinstated_ended_and_completed() -> None:
    nothing = paid()
    assert standing(schedule(), nothing, RULE, D(2025, 5, 1)).status == "In default"
    again = standing(schedule(), nothing, RULE, D(2025, 5, 1), reinstated=D(2025, 4, 20))
    assert (again.status, again.missed) == ("Reinstated", 0)
    assert standing(schedule(), nothing, RULE, D(2025, 6, 4), reinstated=D(2025, 4, 20)).status == "Missed"
    assert standing(schedule(), nothing, RULE, D(2025, 4, 19), reinstated=D(2025, 4, 20)).status == "In default"
    assert standing(schedule(), nothing, RULE, D(2025, 5, 1), ended=D(2025, 5, 1)).status == "Ended"
    early = standing(schedule(), paid((D(2025, 3, 20), "500.00")), RULE, D(2025, 4, 30))
    assert (early.status, early.next_due) == ("Completed", None)
    assert standing(schedule(), nothing, RULE, D(2025, 2, 20), cleared=True).status == "Completed"


def test_a_check_that_came_back_was_never_paid() -> None:
    payment = paid((D(2025, 3, 3), "100.00"))
    reversal = Table.entered(RECEIPTS, [
        {"Receipt": "9", "Received": D(2025, 3, 12), "Account": "1", "Amount": 0, "Kind": "Reversal", "Reverses": "1"}])  # fmt: skip
    money = payment.and_rows(reversal)
    assert standing(schedule(), money, RULE, D(2025, 3, 20)).status == "Missed"


def test_the_postmark_and_days_allowed_count() -> None:
    money = paid((D(2025, 3, 5), "100.00"), Effective=D(2025, 3, 3))
    assert standing(schedule(), money, RULE, D(2025, 3, 10)).status == "Kept"
    late = paid((D(2025, 3, 8), "100.00"))
    assert standing(schedule(), late, RULE, D(2025, 3, 10)).missed == 1
    assert standing(schedule(), late, replace(RULE, late_days=5), D(2025, 3, 10)).missed == 0


def test_a_payment_before_signing_does_not_count() -> None:
    money = paid((D(2025, 2, 10), "100.00"))
    assert standing(schedule(), money, RULE, D(2025, 3, 4), signed=D(2025, 2, 20)).status == "Missed"
    assert standing(schedule(), money, RULE, D(2025, 3, 4), signed=D(2025, 2, 10)).status == "Kept"


def test_of_a_payment_figured_again_the_last_revision_counts() -> None:
    money = paid((D(2025, 3, 3), "100.00"), (D(2025, 4, 3), "120.00"))
    now = standing(schedule(revised={2: "120.00", 3: "120.00"}), money, RULE, D(2025, 4, 4))
    assert (now.status, now.scheduled, now.next_payment) == ("Kept", 220_00, 120_00)
    assert now.payments["Status"].tolist() == ["Paid", "Replaced", "Replaced", "Due", "Due", "Paid", "Due"]


@pytest.mark.parametrize("on", [D(2025, 1, 1), D(2025, 2, 28)])
def test_before_the_first_payment_nothing_is_behind(on: dt.date) -> None:
    now = standing(schedule(), paid(), RULE, on)
    assert (now.status, now.scheduled, now.behind, now.next_due) == ("Kept", 0, 0, D(2025, 3, 3))
