"""What waiting costs rests on the facts known on the quote's day, whatever has come in since."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.office.quillhaven import Office, sold
from tests.written.ledger import ledger
from xltax.actions import certificates
from xltax.law.load import load
from xltax.ledger.facts import Facts
from xltax.ledger.replay import replay
from xltax.office.quotes import payoff as office_quotes
from xltax.office.quotes.owed import Owed

D = dt.date

# Taxes of 1,000.00 a quarter on 10-1 for 2024, and 5,000.00 a quarter on 10-2; nothing is paid.
TOWN = """
us-nj-colts-neck 2024, as of 2024-12-02

roll of 2023-12-01
Account  Owner      Location   Net Value  Prior Tax
10-1     Ada Marsh  1 Mill Rd    400,000   4,000.00
10-2     Cy Pond    3 Mill Rd  2,000,000  20,000.00

billed 2024-06-10, at RE=1.0
"""


def one_bill(*receipts: tuple[str, str], adjusted: str = "") -> Facts:
    """1,000.00 of February 1, 2025; receipts of 600.00 by the day they came in and were entered; 100.00 abated on a day."""
    text = "bill  25-1  1  due 2025-02-01 1,000.00\n"
    for n, (received, entered) in enumerate(receipts, 1):
        text += f"paid  {n}  {received}  1  600.00  entered {entered}\n"
    if adjusted:
        text += f"adjustment  A-1  {adjusted}  25-1/1  Abatement 100.00  entered {adjusted}\n"
    return ledger(text).facts()


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
    assert " The next day adds $12.34." in said


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
    halves = "bill  25-1  1  due 2025-03-01 500.00, 2025-09-01 500.00\n"
    facts = ledger(halves).facts()
    owed = Owed("1", on, law, facts, replay(facts, law, on))
    assert (owed.due, owed.total) == (500_00, 980_00)
    for paid, left in (("500.00", [0, 500_00]), ("980.00", [0, 0])):
        after = ledger(f"{halves}paid  1  {on}  1  {paid}")
        assert replay(after.facts(), law, on).balances["Total"].tolist() == left
