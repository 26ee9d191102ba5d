"""Points on which two readings of docs/replay.md once differed: each with its figures, worked by hand, on both sides."""

from __future__ import annotations

import pytest

from tests.properties.random_towns import Town, profile_of, toml
from tests.properties.small_towns import MONTHLY, TWO_TIERS, small_town
from tests.properties.strategies import history
from tests.properties.two_readings import BUCKETS, balances_of, fast, slow, splits_of
from xltax.errors import BadProfile

pytestmark = pytest.mark.parametrize("run", [fast, slow], ids=["fast", "slow"])

DISCOUNT = {"rate": "0.5%", "until": "months_after", "months": 1, "on": "any_payment"}


def figures(run, law: Town, text: str, as_of: str) -> dict[str, dict[str, int]]:
    """{bill: {bucket: cents}}, buckets with nothing in them left out."""
    ledger = run(law, history(text, as_of))
    return {b[0]: {k: v for k, v in zip(BUCKETS, b[3:], strict=False) if v} for b in balances_of(ledger)}


# ---- tiers ----------------------------------------------------------------------------------------------------------


def test_tiers_are_for_interest(run):
    """$1,000.00 for 180 of 360 days: interest at 8% is $40.00, a penalty at one yearly rate of 6% is $30.00."""
    penalty = TWO_TIERS | {"component": "penalty"}
    with pytest.raises(BadProfile, match="penalty cannot have tiers"):
        small_town(TWO_TIERS, ("interest", penalty))
    law = small_town(TWO_TIERS, ("interest", penalty | {"tiers": [{"rate": "6%"}]}))
    found = figures(run, law, "bill B1  due 2024-01-01 1,000.00", "2024-07-01")
    assert found == {"B1": {"Tax": 1_000_00, "Interest": 40_00, "Penalty": 30_00}}


def test_a_later_interest_from_is_the_day_it_becomes_delinquent(run):
    """B2 became delinquent on March 2 and fills the lower tier; B1, of January, only on July 1 and lies above it.

    To September 1, B2 bears 180 days of 8% on $1,500.00, $60.00; B1 60 days of 18%, $45.00.
    """
    facts = """
        bill  B1  due 2024-01-01 1,500.00  interest from 2024-07-01
        bill  B2  due 2024-03-01 1,500.00
    """
    found = figures(run, small_town(TWO_TIERS), facts, "2024-09-01")
    assert (found["B1"]["Interest"], found["B2"]["Interest"]) == (45_00, 60_00)


def test_a_later_interest_from_leaves_what_was_paid_before_it(run):
    """$400.00 of $1,000.00 is paid before July 1: $600.00 bears 90 days of 8% by October 1, $12.00."""
    facts = """
        bill  B1  due 2024-01-01 1,000.00  interest from 2024-07-01
        paid  R1  2024-05-01  A1  400.00
    """
    assert figures(run, small_town(TWO_TIERS), facts, "2024-10-01") == {"B1": {"Tax": 600_00, "Interest": 12_00}}


def test_the_lower_tier_is_full_again_for_a_raise_on_a_paid_bill(run):
    """90 days on $2,000.00 are $30.00 (8% on $1,500.00) and $22.50 (18% on $500.00): $2,052.50 pays it off on April 1.

    Nothing is open then, so $1,000.00 added on July 1 lies in the lower tier: 90 days of 8% by October 1, $20.00.
    """
    law = small_town(TWO_TIERS | {"bracket_refill": "until_current"})
    facts = """
        bill        B1  due 2024-01-01 2,000.00
        paid        R1  2024-04-01  A1    2,052.50
        adjustment  J1  2024-07-01  B1/1  Added 1,000.00
    """
    assert figures(run, law, facts, "2024-10-01") == {"B1": {"Tax": 1_000_00, "Interest": 20_00}}


def test_a_bill_paid_off_and_raised_again_has_its_old_place(run):
    """B1 bears 90 days of 8% on $1,000.00, $20.00, and is paid off with it on April 1; it is raised again on July 1.

    B2, $1,500.00: 60 days with $500.00 at 8% and $1,000.00 at 18%, $36.6667; 90 days alone at 8%, $30.00; 90 days above
    B1 again, $10.00 and $45.00: $121.67. B1 again 90 days of 8% on $1,000.00: $20.00.
    """
    facts = """
        bill        B1  due 2024-01-01 1,000.00
        bill        B2  due 2024-02-01 1,500.00
        paid        R1  2024-04-01  A1    1,020.00
        adjustment  J1  2024-07-01  B1/1  Added 1,000.00
    """
    found = figures(run, small_town(TWO_TIERS), facts, "2024-10-01")
    assert (found["B1"]["Interest"], found["B2"]["Interest"]) == (20_00, 121_67)


def test_a_bill_paid_in_time_and_raised_later_lies_on_top(run):
    """B1 was paid on its due date; the $1,000.00 added on July 1 became delinquent then, after B2.

    To October 1, B2 bears 240 days of 8% on $1,500.00, $80.00; B1 90 days of 18% on $1,000.00, $45.00.
    """
    facts = """
        bill        B1  due 2024-01-01 1,000.00
        bill        B2  due 2024-02-01 1,500.00
        paid        R1  2024-01-01  A1    1,000.00
        adjustment  J1  2024-07-01  B1/1  Added 1,000.00
    """
    found = figures(run, small_town(TWO_TIERS), facts, "2024-10-01")
    assert (found["B1"]["Interest"], found["B2"]["Interest"]) == (45_00, 80_00)


@pytest.mark.parametrize(("due", "low", "high"), [("2024-01-01", "B2", "B1"), ("2024-02-01", "B1", "B2")])
def test_delinquent_on_one_day_they_lie_by_due_date_then_in_the_order_of_the_bills(run, due, low, high):
    """B1, due February 1, is billed before B2; both became delinquent on July 1, with $1,500.00 each.

    Due earlier, or on one day billed earlier, is lower: 90 days of 8% are $30.00, of 18% $67.50.
    """
    facts = f"""
        bill  B1  due 2024-02-01 1,500.00  interest from 2024-07-01
        bill  B2  due {due} 1,500.00  interest from 2024-07-01
    """
    found = figures(run, small_town(TWO_TIERS), facts, "2024-10-01")
    assert (found[low]["Interest"], found[high]["Interest"]) == (30_00, 67_50)


# ---- by account -----------------------------------------------------------------------------------------------------


def test_the_year_end_penalty_is_for_each_account_of_a_party(run):
    """A1 holds $12,000.00, above $10,000.00: 6% is $720.00. A2 of the same party holds $8,000.00 and bears none."""
    penalty = {"method": "year_end", "rate": "6%", "threshold": "10000.00"}
    law = small_town(TWO_TIERS, ("penalty", penalty), group="party")
    facts = """
        bill  B1  A1  due 2024-02-01 12,000.00  party P1
        bill  B2  A2  due 2024-02-01  8,000.00  party P1
    """
    found = figures(run, law, facts, "2025-01-01")
    assert (found["B1"].get("Penalty"), found["B2"].get("Penalty")) == (720_00, None)


def test_rounding_by_account_is_for_each_account_of_a_party(run):
    """A month's 1% on $0.40 is 0.4 of a cent. A1 has two such bills, 0.8: one cent, on its second. A2's 0.4 is none."""
    law = small_town(MONTHLY | {"round_by": "account"}, group="party")
    facts = """
        bill  B1  A1  due 2024-01-01 0.40  party P1
        bill  B2  A2  due 2024-01-01 0.40  party P1
        bill  B3  A1  due 2024-01-01 0.40  party P1
    """
    found = figures(run, law, facts, "2024-01-15")
    assert [found[b].get("Interest", 0) for b in ("B1", "B2", "B3")] == [0, 0, 1]


def test_rounding_by_account_keeps_the_part_cents_of_a_paid_bill(run):
    """0.4 of a cent on each bill. $0.40 pays B1's tax; its 0.4 is still owed, and with B2's comes to a cent on B2."""
    law = small_town(MONTHLY | {"round_by": "account"})
    facts = """
        bill  B1  due 2024-01-01 0.40
        bill  B2  due 2024-01-01 0.40
        paid  R1  2024-01-15  A1  0.40
    """
    assert figures(run, law, facts, "2024-01-20") == {"B1": {}, "B2": {"Tax": 40, "Interest": 1}}


# ---- the minimum, the discount, reversals ---------------------------------------------------------------------------


@pytest.mark.parametrize("component", ["interest", "penalty"])
def test_what_an_adjustment_adds_comes_on_top_of_the_minimum(run, component):
    """A month's 1% of $100.00 is $1.00, lifted to the least of $5.00; $3.00 added by hand make it $8.00.

    By March 15 three months' $3.00 are still below the least, and by July 15 seven months' $7.00 are above it: $10.00.
    """
    law = small_town(MONTHLY | {"minimum": "5.00", "component": component})
    facts = f"""
        bill        B1  due 2024-01-01 100.00
        adjustment  J1  2024-01-10  B1/1  Correction Up 3.00  of {component}
    """
    for day, cents in (("2024-01-15", 8_00), ("2024-03-15", 8_00), ("2024-07-15", 10_00)):
        assert figures(run, law, facts, day) == {"B1": {"Tax": 100_00, component.capitalize(): cents}}


@pytest.mark.parametrize(("paid", "left", "split"), [("2.98", 0, (3_00, 2)), ("1.99", 1_00, (2_00, 1))])
def test_tax_less_its_discount_settles_it(run, paid, left, split):
    """0.5% of $3.00 is 1.5 cents, rounded 2: $2.98 settles it, though $2.98 / 0.995 is $2.99(497).

    $1.99 is less than that and settles $1.99 / 0.995 = $2.00.
    """
    facts = f"""
        bill  B1  due 2024-01-01 3.00
        paid  R1  2024-01-01  A1  {paid}
    """
    ledger = run(small_town(MONTHLY, ("discount", DISCOUNT)), history(facts, "2024-01-02"))
    settled, discount = split
    assert splits_of(ledger) == {("R1", "B1", "", 1): (settled, 0, 0, 0, discount)}
    assert balances_of(ledger)[0][3] == left


def test_a_discount_rule_goes_before_a_discount_band(run):
    """The bands give 10% through March 1, the discount rule 0.5% through February 1: $100.00 costs $99.50."""
    bands = {"method": "by_date_band", "bands": [{"months": 2, "rate": "-10%"}, {"rate": "0%"}], "component": "penalty"}
    law = small_town(MONTHLY, ("interest", bands), ("discount", DISCOUNT))
    facts = """
        bill  B1  due 2024-01-01 100.00
        paid  R1  2024-01-01  A1  99.50
    """
    assert figures(run, law, facts, "2024-01-01") == {"B1": {}}


def test_a_reversal_that_names_no_receipt_reverses_nothing(run):
    """R2 takes back the $50.00 of R1. R3 names the reversal R2, R4 nothing there is: both are reported, $100.00 is open."""
    facts = """
        bill  B1  due 2024-01-01 100.00
        paid  R1  2023-12-20  A1  50.00
        paid  R2  2024-01-01  A1  50.00  kind Reversal  reverses R1
        paid  R3  2024-01-01  A1  50.00  kind Reversal  reverses R2
        paid  R4  2024-01-01  A1  50.00  kind Reversal  reverses R77
    """
    ledger = run(small_town(MONTHLY), history(facts, "2024-01-01"))
    assert balances_of(ledger) == [("B1", "", 1, 100_00, 0, 0, 0, 100_00)]
    assert splits_of(ledger) == {}
    assert len(ledger.problems) == 2


def test_room_in_the_tier_from_the_first_day_charged(run) -> None:
    """Both ends counted: B2's base day January 31 is itself charged, so on that day it lies in the lower tier already.

    B2: 336 days of 500.00 at 12% / 360 = 56.00. B1, delinquent a year later: 30 days at 12% = 5.00, then 336 days at
    18% = 84.00.
    """
    law = {
        "method": "tiered_annual",
        "tiers": [{"up_to": "500.00", "rate": "12%"}, {"rate": "18%"}],
        "day_count": "actual/360",
        "ends": "both",
    }
    order = [{"pay": ["costs", "interest", "penalty", "tax"]}]
    fixed = [{"due": "01-01", "last": "12-31"}, {"due": "01-31", "last": "01-31"}]
    grace = {"counted": "fixed", "fixed": fixed, "roll": False}
    rules = [("interest", law), ("grace", grace), ("allocation", {"group": "parcel", "order": order})]
    place = Town(profile_of(toml(rules)), ("RE",), ("",), ())
    facts = """
        bill  B1  due 2023-01-01 500.00
        bill  B2  due 2023-01-31 500.00
    """
    interest = {row[0]: row[4] for row in balances_of(run(place, history(facts, "2024-01-01")))}
    assert interest == {"B1": 89_00, "B2": 56_00}


def test_the_lower_tier_is_free_until_the_first_day_that_is_charged(run) -> None:
    """Where interest runs from the day a tax is delinquent, the tier is taken from that day, not from the due date.

    B1 is mailed late and free until February 25, B2 is delinquent on February 2 and lies below it. B2: 90 days at 8%, 30.00.
    B1, from January 2: 30 days at 8%, 10.00, then 90 days at 18%, 67.50. A random history found the fast one a day off.
    """
    order = [{"pay": ["costs", "interest", "penalty", "tax"]}]
    rules = [
        ("interest", TWO_TIERS | {"counted_from": "delinquent"}),
        ("grace", {"counted": "none", "late_bill_days": 25}),
        ("allocation", {"group": "parcel", "order": order}),
    ]
    late = Town(profile_of(toml(rules)), ("RE",), ("",), ())
    facts = """
        bill  B1  due 2025-01-01 1,500.00  mailed 2025-01-31
        bill  B2  due 2025-02-01 1,500.00
    """
    assert {b[0]: b[4] for b in balances_of(run(late, history(facts, "2025-05-02")))} == {"B1": 77_50, "B2": 30_00}


def test_an_abatement_of_all_the_tax_leaves_its_interest_to_be_paid(run) -> None:
    """Cents come out once for the account: 2% a month on 100.00 for two months is 4.00, and the payment after pays it."""
    law = small_town(MONTHLY | {"rate": "2%", "round_by": "account"})
    facts = """
        bill        B1  due 2024-01-01 100.00
        adjustment  J1  2024-02-15  B1/1  Abatement 100.00
    """
    assert figures(run, law, facts, "2024-03-01") == {"B1": {"Interest": 4_00}}
    assert figures(run, law, facts + "paid  R1  2024-03-01  A1  4.00", "2024-03-01") == {"B1": {}}
