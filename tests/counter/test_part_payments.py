"""Towns that take no part payments: New Rochelle takes all that is due, Colorado only a half or the whole with interest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.office.runs_town import Town
from xltax.actions import counter, year
from xltax.actions.desk import Desk
from xltax.errors import TaxError
from xltax.law.allocation import Allocation
from xltax.office.counter.posting import allocate

D = dt.date
LAW = """
id = "us-zz-part"
name = "Part"
[[interest]]
method = "per_month_or_part"
rate = "1% per month"
months = "touched"
counted_from = "delinquent"
[[grace]]
counted = "none"
roll = false
[[allocation]]
group = "parcel"
partial = "{partial}"
order = [{{ pay = ["costs", "interest", "penalty", "tax"] }}]
[[office]]
holidays = "CO"
[[levy]]
per = 1000
[[installments]]
due = ["02-28", "06-15"]
split = "equal"
"""


def town(folder: Path, partial: str) -> Town:
    """One bill of 2,000.00 in two halves."""
    path = folder / "law.toml"
    path.write_text(LAW.format(partial=partial), encoding="utf-8")
    it = Town(folder, str(path), 2025, D(2025, 1, 31))
    it.roll("Account,Owner,Net Value\n1,ADAMS,100000\n2,BAKER,100000\n", D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=20", today=D(2025, 1, 10), mailed=D(2025, 1, 10))
    return it


def pay(it: Town, amount: str, on: dt.date, **more: object) -> str:
    path = it.path.with_name("payments.csv")
    path.write_text(f"Account,Amount,Received\n1,{amount},{on}\n", encoding="utf-8")
    return it.do(counter.post, path, today=on, as_of=on, **more)


@pytest.mark.parametrize(
    ("partial", "on", "amount", "says"),
    [
        # April 10: March and April are 2% of the first half: 1,020.00 pays it.
        ("whole_installment", D(2025, 4, 10), "500.00", r"Take \$1,020\.00\."),
        ("whole_installment", D(2025, 4, 10), "1500.00", r"Take \$1,020\.00 or \$2,020\.00\."),
        ("refused", D(2025, 4, 10), "500.00", r"\$1,020\.00 is due on 2025-04-10"),
        # July 10: the first half has 5%, the second from June 16, June and July, 2%: 1,050.00 and 1,020.00.
        ("refused", D(2025, 7, 10), "1050.00", r"\$2,070\.00 is due on 2025-07-10"),
        ("refused", D(2025, 2, 10), "500.00", r"Take \$1,000\.00\."),
    ],
)
def test_a_part_payment_is_refused_with_the_sum_that_is_taken(
    tmp_path: Path, partial: str, on: dt.date, amount: str, says: str
) -> None:
    it = town(tmp_path, partial)
    before = it.path.read_bytes()
    with pytest.raises(TaxError, match=says) as refused:
        pay(it, amount, on)
    assert "Amount" in str(refused.value) or "B2" in str(refused.value)
    assert it.path.read_bytes() == before


@pytest.mark.parametrize(
    ("partial", "on", "amount"),
    [
        ("whole_installment", D(2025, 4, 10), "1020.00"),
        ("whole_installment", D(2025, 4, 10), "2020.00"),
        ("whole_installment", D(2025, 7, 10), "1050.00"),
        ("refused", D(2025, 4, 10), "1020.00"),
        ("refused", D(2025, 7, 10), "2070.00"),
        ("refused", D(2025, 2, 10), "1000.00"),
        ("accepted", D(2025, 4, 10), "500.00"),
    ],
)
def test_what_is_taken_is_posted(tmp_path: Path, partial: str, on: dt.date, amount: str) -> None:
    it = town(tmp_path, partial)
    assert "Posted 1 payment" in pay(it, amount, on)
    assert it.read("CashBook")["Total"].sum() == float(amount)


def test_the_clerk_may_say_so(tmp_path: Path) -> None:
    it = town(tmp_path, "refused")
    assert "Posted 1 payment" in pay(it, "500.00", D(2025, 4, 10), again=True)


def test_two_rows_of_one_day_count_together(tmp_path: Path) -> None:
    it = town(tmp_path, "whole_installment")
    path = it.path.with_name("payments.csv")
    path.write_text("Account,Amount,Received\n1,600.00,2025-04-10\n1,420.00,2025-04-10\n", encoding="utf-8")
    assert "Posted 2 payments" in it.do(counter.post, path, today=D(2025, 4, 10))


def test_the_preview_says_it_too(tmp_path: Path) -> None:
    it = town(tmp_path, "whole_installment")
    book = it.opened()
    rows = [{"Account": a, "Amount": cents, "Received": D(2025, 4, 10), "Tender": "Cash"} for a, cents in (("1", 500_00), ("2", 1020_00))]  # fmt: skip
    book.append("Counter", pd.DataFrame(rows))
    counter.show(book)
    first, second = book.read("Counter")["Warning"].fillna("")
    assert "The town takes only whole installments with their interest. Take $1,020.00. Return the payment." in first
    assert second == ""
    desk = Desk.of(book)
    table, _ = allocate(desk.facts, desk.town, 500_00, D(2025, 4, 10), account="1")
    assert "Take $1,020.00." in table["Note"].iloc[0]
    assert (
        "Only whole installments with their interest are taken." in desk.town.rule(Allocation, D(2025, 4, 10)).words()
    )
