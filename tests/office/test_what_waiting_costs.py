"""What waiting costs rests on the facts known on the quote's day, whatever has come in since."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from quillhaven import Office, sold

from xltax.actions import certificates
from xltax.law.load import load
from xltax.ledger.facts import Facts
from xltax.ledger.replay import replay
from xltax.office.quotes import payoff as office_quotes
from xltax.office.quotes.owed import Owed

D = dt.date


def one_bill(*receipts: tuple[str, str], adjusted: str = "") -> Facts:
    """1,000.00 of February 1, 2025; receipts of 600.00 by the day they came in and were entered; 100.00 abated on a day."""
    charges = pd.DataFrame([{"Bill": "25-1", "Account": "1", "Inst": 1, "Due": "2025-02-01", "Amount": "1000.00"}])
    paid = [
        {"Receipt": str(n), "Account": "1", "Received": day, "Recorded": entered, "Amount": "600.00"}
        for n, (day, entered) in enumerate(receipts, 1)
    ]
    changes = [
        {
            "No": "A-1",
            "Effective": adjusted,
            "Recorded": adjusted,
            "Bill": "25-1",
            "Kind": "Abatement",
            "Amount": "100.00",
        }
    ]
    return Facts(charges, pd.DataFrame(paid) if paid else None, pd.DataFrame(changes) if adjusted else None)


@pytest.mark.parametrize(
    "later",
    [
        one_bill(("2025-03-31", "2025-03-31")),
        one_bill(("2025-03-31", "2025-04-02")),
        one_bill(adjusted="2025-03-31"),
    ],
    ids=["a payment of the next day", "one entered later still", "an abatement of the next day"],
)
def test_what_comes_in_tomorrow_is_no_part_of_what_waiting_until_then_costs(later: Facts) -> None:
    """59 days of 1,000.00 at 8% are 13.11, 60 are 13.33: 0.22 a day, whatever is in the book for the day after."""
    law = load("us-nj-colts-neck")
    assert office_quotes.per_diem(later, law, D(2025, 3, 30)) == 22
    ahead = office_quotes.grid(later, law, D(2025, 3, 28), 3)
    # Friday 57 days, 12.67; Monday the 31st 60 days, 13.33; April 1 is the 60th day of 30/360 again.
    assert ahead["Total"].tolist() == [1_012_67, 1_013_33, 1_013_33]


def test_a_payment_entered_ahead_counts_from_its_day_on(  # a lender's money, credited on the day it was promised for
) -> None:
    ahead = office_quotes.grid(one_bill(("2025-03-31", "2025-03-28")), load("us-nj-colts-neck"), D(2025, 3, 28), 2)
    # 600.00 on the 31st pays 13.33 of interest and 586.67 of tax: 413.33 is left.
    assert ahead["Total"].tolist() == [1_012_67, 413_33]


def test_what_the_holder_pays_tomorrow_is_no_part_of_a_redemptions_next_day(nj: Office) -> None:
    """24,684.17 at 18% is 12.34 a day, 30/360; the 3,000.00 the holder pays on October 21 come later."""
    sold(nj, "Lien Fund")
    later = pd.DataFrame([{"Certificate": "25-1", "Paid On": D(2025, 10, 21), "Amount": 3_000_00}]).astype({"Amount": "int64"})  # fmt: skip
    nj.book.append("Subsequents", later)
    said = certificates.redemption(nj.book, "25-1", "Smith Title", D(2025, 10, 20), today=D(2025, 10, 20)).text
    assert "; the next day adds 12.34." in said


WHOLE_BILL = """
id = "us-zz-town"
name = "A town"
[[interest]]
method = "flat"
rate = "5%"
[[grace]]
counted = "months"
months = 6
[[discount]]
rate = "2%"
until = "months_after"
months = 2
on = "full_bill"
[[allocation]]
group = "parcel"
order = [{ pay = ["costs", "interest", "penalty", "tax"] }]
"""


def test_what_is_due_today_earns_no_discount_that_takes_the_whole_bill(tmp_path: Path) -> None:
    """Two halves of 500.00, 2% off for all of the bill: 500.00 pays what is due, 980.00 pays everything."""
    path = tmp_path / "town.toml"
    path.write_text(WHOLE_BILL, encoding="utf-8")
    law, on = load(path), D(2025, 3, 10)
    halves = [
        {"Bill": "25-1", "Account": "1", "Inst": n, "Due": due, "Amount": "500.00"}
        for n, due in ((1, "2025-03-01"), (2, "2025-09-01"))
    ]
    facts = Facts(pd.DataFrame(halves))
    owed = Owed("1", on, law, facts, replay(facts, law, on))
    assert (owed.due, owed.total) == (500_00, 980_00)
    for paid, left in (("500.00", [0, 500_00]), ("980.00", [0, 0])):
        money = pd.DataFrame([{"Receipt": "1", "Account": "1", "Received": on, "Amount": paid}])
        assert replay(Facts(pd.DataFrame(halves), money), law, on).balances["Total"].tolist() == left
