"""The choice of one payment instead of installments, and the discount on a bill's first installments, worked by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.written.ledger import ledger
from xltax.errors import BadProfile
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.ledger.explain import statement
from xltax.ledger.replay import Ledger, outlook, replay
from xltax.office.quotes.owed import Owed

D = dt.date
HALVES = "bill  25-1  1  due 2025-02-28 500.00, 2025-06-15 500.00\n"
"""1% for each month from March 1 and from June 16; in one payment 1% for each month from May 1, on all."""
TOWN = """id = "us-zz-one"
[[installments]]
due = ["02-28", "06-15"]
split = "equal"
[[interest]]
method = "per_month_or_part"
rate = "1% per month"
months = "touched"
counted_from = "delinquent"
[[grace]]
counted = "none"
roll = false
[[one_payment]]
steps = [{ on = "05-01", total = "1%", then = "1%" }]
[[allocation]]
group = "parcel"
leftover = "LEFTOVER"
order = [ORDER]
"""
USUAL = '{ pay = ["costs", "interest", "penalty", "tax"] }'


@pytest.fixture
def town(tmp_path: Path) -> Profile:
    return law(tmp_path)


def law(folder: Path, order: str = USUAL, leftover: str = "next_installment", more: str = "") -> Profile:
    path = folder / "town.toml"
    path.write_text(TOWN.replace("ORDER", order).replace("LEFTOVER", leftover) + more, encoding="utf-8")
    return load(path)


def after(town: Profile, paid: str, on: dt.date, bill: str = HALVES) -> Ledger:
    return replay(ledger(f"{bill}paid  1  {on}  1  {paid}").facts(), town, on, explain=True)


@pytest.mark.parametrize(
    ("on", "interest", "saved"),
    [
        (D(2025, 3, 15), [5_00, 0], 5_00),  # one month on the first half; in one payment nothing before May 1
        (D(2025, 4, 30), [10_00, 0], 10_00),
        (D(2025, 5, 1), [15_00, 0], 5_00),  # 15.00 on the half, or 10.00 on all
        (D(2025, 6, 20), [20_00, 5_00], 5_00),
        (D(2025, 12, 15), [50_00, 35_00], 5_00),  # ten and seven months, or eight on all: 80.00
    ],
)
def test_the_balance_shows_both_choices(town: Profile, on: dt.date, interest: list[int], saved: int) -> None:
    rows = replay(ledger(HALVES).facts(), town, on).balances
    assert rows["Interest"].tolist() == interest
    assert rows["Discount"].sum() == saved
    assert outlook(ledger(HALVES).facts(), town, [on]).saved.sum() == saved


def test_a_payment_of_all_of_it_settles_the_bill(town: Profile) -> None:
    """July 10: 25.00 and 10.00 on the halves; 30.00 in one payment, so 5.00 of the first half's are not charged."""
    found = after(town, "1030.00", D(2025, 7, 10))
    assert found.balances["Total"].tolist() == [0, 0]
    assert found.postings[["Tax", "Interest", "Discount"]].to_numpy().tolist() == [
        [500_00, 20_00, 0],
        [500_00, 10_00, 0],
    ]
    explained = statement(found)
    assert explained[explained["Column"] == "Interest"]["Amount"].sum() == 0
    [row] = explained[explained["Unit"] == "not charged on one payment of the bill"].to_dict("records")
    assert row["Amount"] == -5_00
    assert row["Rule"].startswith("The owner may pay the whole bill in one payment instead of installments.")


@pytest.mark.parametrize(
    "order", [USUAL, '{ pay = ["interest"] }, { pay = ["tax"] }, { pay = ["penalty"] }, { pay = ["costs"] }']
)
@pytest.mark.parametrize("leftover", ["next_installment", "refund_list"])
def test_whatever_the_order_of_payment_is(tmp_path: Path, order: str, leftover: str) -> None:
    town = law(tmp_path, order, leftover)
    assert after(town, "1000.00", D(2025, 3, 31)).balances["Total"].tolist() == [0, 0]


def test_a_cent_less_pays_installments(town: Profile) -> None:
    """1,029.99 on July 10: 525.00 and 510.00 are due, and 5.01 stay open."""
    assert after(town, "1029.99", D(2025, 7, 10)).balances["Total"].tolist() == [0, 5_01]


def test_who_has_paid_of_the_bill_before_pays_installments(town: Profile) -> None:
    paid = HALVES + "paid  1  2025-03-10  1  105.00\n"  # 5.00 interest and 100.00 tax
    rows = replay(ledger(paid).facts(), town, D(2025, 4, 10)).balances
    assert (rows["Interest"].tolist(), rows["Discount"].tolist()) == ([4_00, 0], [0, 0])
    assert after(town, "904.00", D(2025, 4, 10), paid.replace("paid  1", "paid  2")).balances["Total"].sum() == 0
    assert after(town, "900.00", D(2025, 4, 10), paid.replace("paid  1", "paid  2")).balances["Total"].sum() == 4_00


def test_a_bill_of_one_installment_has_no_choice(town: Profile) -> None:
    one = "bill  25-1  1  due 2025-02-28 1,000.00\n"
    assert after(town, "1000.00", D(2025, 3, 10), one).balances["Total"].tolist() == [10_00]


def test_older_debts_are_paid_first(town: Profile) -> None:
    """124.00 pay 2024's bill (1% for each of fourteen months from February 29: 100.00 and 14.00); the rest does not cover 2025's."""
    old = "bill  24-1  1  due 2024-02-29 100.00\n" + HALVES
    rows = after(town, "1113.99", D(2025, 4, 10), old).balances
    assert rows["Total"].tolist() == [0, 0, 10_01]
    assert after(town, "1114.00", D(2025, 4, 10), old).balances["Total"].tolist() == [0, 0, 0]


def test_a_returned_check_brings_both_choices_back(town: Profile) -> None:
    text = HALVES + "paid  1  2025-03-31  1  1000.00\npaid  2  2025-04-10  1  1000.00  kind Reversal  reverses 1\n"
    rows = replay(ledger(text).facts(), town, D(2025, 4, 10)).balances
    assert (rows["Interest"].sum(), rows["Discount"].sum()) == (10_00, 10_00)


def test_the_quote_asks_for_the_half_that_is_due_and_for_all(town: Profile) -> None:
    """April 10: the half that is due costs 510.00, and 1,000.00 pays everything."""
    facts, on = ledger(HALVES).facts(), D(2025, 4, 10)
    owed = Owed("1", on, town, facts, replay(facts, town, on))
    assert (owed.due, owed.total) == (510_00, 1_000_00)


def test_the_whole_tax_is_rounded_once(tmp_path: Path) -> None:
    """Halves of 250.50: in May 1% of 501.00 is 5.01; rounded by halves it would be 2.51 and 2.51."""
    town = law(tmp_path)
    bill = "bill  25-1  1  due 2025-02-28 250.50, 2025-06-15 250.50\n"
    rows = replay(ledger(bill).facts(), town, D(2025, 5, 10)).balances
    assert rows["Total"].sum() - rows["Discount"].sum() == 506_01
    assert after(town, "506.01", D(2025, 5, 10), bill).balances["Total"].sum() == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[one_payment]]\ntypes = ["PP"]\nsteps = [{ at = "delinquent", total = "1%" }]\n', "Use on, next_month, after_months or after_days"),
        ('[[one_payment]]\ntypes = ["PP"]\nsteps = [{ on = "05-01", total = "-1%" }]\n', "it is no discount"),
        ('[[one_payment]]\ntypes = ["PP"]\nsteps = []\n', "There are no steps"),
        ('[[discount]]\nrate = "3%"\nfirst_installments = 2\non = "full_bill"\n', "needs their number and a rate below"),
        ('[[discount]]\nrate = "3%"\nfirst_installments = 2\nfirst_rate = "3%"\non = "full_bill"\n', "a rate below that of the whole bill"),
        ('[[discount]]\nrate = "3%"\nfirst_installments = 2\nfirst_rate = "2%"\n', 'Set on = "full_bill"'),
        ('[[discount]]\nrate = "3%"\nfirst_installments = 2\nfirst_rate = "2%"\non = "full_bill"\nin_parts = true\n', "in one payment"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(BadProfile, match=said):
        law(tmp_path, more=more)


def test_tiers_are_refused_with_what_to_do(tmp_path: Path) -> None:
    tiers = '[[interest]]\nmethod = "tiered_annual"\nday_count = "30/360"\ntiers = [{ up_to = "100.00", rate = "8%" }, { rate = "18%" }]\ntypes = ["RE"]\n'
    with pytest.raises(BadProfile, match="Use one rate, rounded for each installment, or remove the one_payment rule"):
        replay(ledger(HALVES).facts(), law(tmp_path, more=tiers), D(2025, 7, 1))


# ---- a bill's first installments ------------------------------------------------------------------------------------

OREGON = "bill  24-1  1  due 2024-11-15 1,000.00, 2025-02-15 1,000.00, 2025-05-15 1,000.00\n"


@pytest.mark.parametrize(
    ("paid", "left"),
    [
        ("2910.00", [0, 0, 0]),  # 3% of all
        ("2909.99", [0, 0, 50_01]),  # two thirds for 1,960.00, and 949.99 of the last
        ("1960.00", [0, 0, 1_000_00]),
        ("1959.99", [0, 40_01, 1_000_00]),  # a cent less earns nothing
        ("1000.00", [0, 1_000_00, 1_000_00]),
    ],
)
def test_two_thirds_earn_less_than_all(paid: str, left: list[int]) -> None:
    assert after(load("us-or"), paid, D(2024, 11, 15), OREGON).balances["Tax"].tolist() == left


def test_after_a_first_payment_nothing_is_earned() -> None:
    """Two thirds in two payments: 960.00 of the first are not two thirds, and the second is not the first payment."""
    text = OREGON + "paid  1  2024-11-10  1  960.00\npaid  2  2024-11-14  1  1000.00\n"
    assert replay(ledger(text).facts(), load("us-or"), D(2024, 11, 15)).balances["Tax"].tolist() == [0, 40_00, 1_000_00]


def test_the_discount_is_shared_by_the_first_installments_to_the_cent() -> None:
    """Thirds of 33.34, 33.33 and 33.33: 2% of 66.67 is 1.33, .67 of it on the first."""
    bill = "bill  24-1  1  due 2024-11-15 33.34, 2025-02-15 33.33, 2025-05-15 33.33\n"
    found = after(load("us-or"), "65.34", D(2024, 11, 15), bill)
    assert found.balances["Tax"].tolist() == [0, 0, 33_33]
    assert found.postings["Discount"].tolist() == [67, 66]


# ---- interest that is charged from a later day -----------------------------------------------------------------------

UTAH = "bill  22-1  1  due 2022-11-30 1,000.00\n"


def owed_on(on: dt.date, more: str = "") -> list[int]:
    rows = replay(ledger(UTAH + more).facts(), load("us-ut"), on).balances
    return [int(rows[name].sum()) for name in ("Tax", "Interest", "Penalty")]


def test_interest_is_charged_from_february_back_to_january() -> None:
    """Due November 30, 2022: 10.00 penalty (1%) to January 31, then 25.00 (2.5%), and 10% a year from January 1 on 1,025.00.

    February 1 is 31 days after January 1: 1,025.00 x 10% x 31/365 = 8.71.
    """
    assert owed_on(D(2023, 1, 31)) == [1_000_00, 0, 10_00]
    assert owed_on(D(2023, 2, 1)) == [1_000_00, 8_71, 25_00]


def test_only_what_is_unpaid_on_that_day_bears_it() -> None:
    """510.00 on January 20 pay 10.00 penalty and 500.00 tax. February 1: 2.5% of what is open, less 1% of the same, is 7.50 more.

    Interest on 507.50 from January 1: 4.31.
    """
    paid = "paid  1  2023-01-20  1  510.00\n"
    assert owed_on(D(2023, 1, 31), paid) == [500_00, 0, 0]
    assert owed_on(D(2023, 2, 1), paid) == [500_00, 4_31, 7_50]
