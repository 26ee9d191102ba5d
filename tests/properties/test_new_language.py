"""Points of the language for more States on which two readings differed: each with its figures, worked by hand, on both sides."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.properties.random_towns import Town, profile_of, toml
from tests.properties.strategies import history
from tests.properties.two_readings import BUCKETS, balances_of, credits_of, fast, slow, splits_of

pytestmark = pytest.mark.parametrize("run", [fast, slow], ids=["fast", "slow"])

USUAL = ["costs", "interest", "penalty", "tax"]
MONTHLY = ("interest", {"method": "per_month_or_part", "rate": "1.5%"})


def town(*rules: tuple[str, dict], grace: dict | None = None, order: tuple[dict, ...] = ({"pay": USUAL},)) -> Town:
    """A town of these rules; without days of grace unless they are given."""
    own = [("grace", grace or {"counted": "none", "roll": False}), ("allocation", {"group": "parcel", "order": order})]
    return Town(profile_of(toml([*rules, *own])), ("RE",), ("",), ())


def owed(run, law: Town, text: str, as_of: str) -> dict[str, dict[str, int]]:
    """{bill/installment: {bucket: cents}}, the tax and buckets with nothing in them left out."""
    found = balances_of(run(law, history(text, as_of)))
    return {f"{b[0]}/{b[2]}": {k: v for k, v in zip(BUCKETS, b[3:], strict=False) if v and k != "Tax"} for b in found}


# ---- interest on the penalty ----------------------------------------------------------------------------------------


def test_a_bill_made_late_bears_on_the_penalty_of_each_day_before_it(run):
    """A penalty of 1% from September 1 and 2% from October 1, 1.5% interest a month from July 2 on tax and penalty.

    1,000.00 for two months, 1,010.00 for the third, 1,020.00 for the fourth: 15.00, 15.00, 15.15 and 15.30. The bill that is
    entered in January, after the day asked about, has no other figures than the one of the same day that was there in time.
    """
    interest = {"method": "per_month_or_part", "rate": "18% per year", "base": "tax_and_penalty"}
    penalty = {"method": "schedule", "steps": [{"next_month": 1, "total": "0%", "then": "1%"}]}
    law = town(("interest", interest), ("interest", penalty), grace={"counted": "by_day_number", "days": 30})
    facts = """
        bill  B1  due 2025-07-01 1,000.00  entered 2026-01-17
        bill  B2  due 2025-07-01 1,000.00
    """
    both = {"Interest": 60_45, "Penalty": 20_00}
    assert owed(run, law, facts, "2025-10-29") == {"B1/1": both, "B2/1": both}


def test_days_of_grace_that_end_after_a_step_leave_its_penalty_in_the_base(run):
    """5% on July 11 is in the base from July 11; delinquent on October 1, and then charged from July 1 on.

    1% on 1,000.00 from July 2, and on 1,050.00 from August 2, September 2 and October 2: 10.00 and three times 10.50.
    """
    interest = {"method": "per_month_or_part", "rate": "1%", "base": "tax_and_penalty"}
    penalty = {"method": "schedule", "steps": [{"after_days": 10, "total": "5%"}]}
    grace = {"counted": "fixed", "fixed": [{"due": "07-01", "last": "09-30"}], "roll": False}
    law = town(("interest", interest), ("interest", penalty), grace=grace)
    facts = "bill  B1  due 2025-07-01 1,000.00"
    assert owed(run, law, facts, "2025-10-02") == {"B1/1": {"Interest": 41_50, "Penalty": 50_00}}


# ---- a missed installment -------------------------------------------------------------------------------------------


def test_an_accelerated_opening_balance_bears_from_its_own_day(run):
    """The first is missed on June 15: 45 days of 8% from May 15 to June 30 are 10.00. The second is due with it, and bears from July 6 on.

    90 days after July 6 it bears 20.00, the first after 141 days 31.33.
    """
    rate = {"method": "tiered_annual", "tiers": [{"rate": "8%"}], "day_count": "30/360"}
    law = town(("interest", rate), ("acceleration", {}), grace={"counted": "days_following", "days": 30, "roll": False})
    for day, interest in (("2021-06-30", (10_00, 0)), ("2021-10-06", (31_33, 20_00))):
        h = history("bill  B1  due 2021-05-15 1,000.00, 2021-07-01 1,000.00", day)
        first, second = h.charges
        h = h.but(charges=(first, second | {"Interest From": dt.date(2021, 7, 6)}))
        assert tuple(b[4] for b in balances_of(run(law, h))) == interest


def test_an_accelerated_installment_has_the_missed_ones_days_under_every_rule(run):
    """It becomes delinquent while an earlier one is open: 5% on April 1, 2023, and 0.75% on each of 20 firsts after it."""
    none = {"method": "flat", "rate": "0%"}
    steps = [{"next_month": 1, "total": "5%", "then": "0.75%"}]
    again = {"method": "schedule", "steps": steps, "earlier": "open"}
    law = town(("interest", none), ("interest", again), ("acceleration", {}))
    facts = "bill  B1  due 2023-03-01 1,000.00, 2023-08-01 1,000.00"
    assert owed(run, law, facts, "2024-12-31") == {"B1/1": {}, "B1/2": {"Penalty": 200_00}}


# ---- rules for some taxes -------------------------------------------------------------------------------------------


def test_an_opening_balance_is_an_earlier_one_that_is_open_before_it_bears(run):
    """B1 of 2025 is open after its last free day, whatever day its interest runs from: B2 has 5% for 7 months begun."""
    usual = {"method": "tiered_annual", "tiers": [{"rate": "4%"}], "day_count": "actual/365"}
    again = {"method": "per_month_or_part", "rate": "5%", "earlier": "open"}
    law = town(("interest", usual), ("interest", again))
    facts = """
        bill  B1  due 2025-05-15 1,000.00  interest from 2026-06-19
        bill  B2  due 2026-01-31   100.00
    """
    # B1: 45 days of 4%.
    assert owed(run, law, facts, "2026-08-03") == {"B1/1": {"Interest": 4_93}, "B2/1": {"Interest": 35_00}}


def test_a_rule_that_asks_for_earlier_ones_says_nothing_before_the_installment_is_late(run):
    """10% off until December 30 is the rule for all; whether an earlier one is open is known only on November 16."""
    steps = [{"at": "bill", "total": "-10%"}, {"on": "12-31", "total": "5%"}]
    once = {"method": "flat", "rate": "10%", "earlier": "paid"}
    grace = {"counted": "months", "months": 3, "roll": False}
    law = town(("interest", {"method": "schedule", "steps": steps}), ("interest", once), grace=grace)
    facts = """
        bill  B1  due 2024-08-15 1,000.00
        paid  R1  2024-09-09  A1  1,000.00
    """
    ledger = run(law, history(facts, "2024-10-02"))
    assert splits_of(ledger) == {("R1", "B1", "", 1): (1_000_00, 0, 0, 0, 100_00)}
    assert credits_of(ledger) == {"A1": (100_00, 0)}


# ---- discounts that shrink ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paid_on", "credit"), [("2021-01-01", 100_00), ("2021-03-15", 20_00)])
def test_money_in_hand_earns_the_step_of_its_own_day(run, paid_on, credit):
    """10% off through February 28, 2% through July 10: a bill entered on March 31 takes what was in hand as of its day."""
    steps = [{"until": "02-29", "rate": "10%"}, {"until": "07-10", "rate": "2%"}]
    law = town(MONTHLY, ("discount", {"steps": steps}), grace={"counted": "months", "months": 9, "roll": False})
    facts = f"""
        bill  A   due 2020-03-01   500.00
        bill  B   due 2021-03-01 1,000.00  entered 2021-03-31
        paid  R0  2020-02-01  A1    450.00
        paid  R1  {paid_on}  A1  1,000.00
    """
    ledger = run(law, history(facts, "2021-04-01"))
    assert splits_of(ledger)["credit", "B", "", 1] == (1_000_00, 0, 0, 0, credit)
    assert credits_of(ledger) == {"A1": (credit, 0)}


# ---- schedules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "penalty"), [("2025-02-01", 0), ("2025-02-02", 10_00), ("2025-02-03", 10_00)])
def test_the_day_the_last_installment_is_late_does_not_move_with_the_schedule(run, day, penalty):
    """Due on a Saturday and free to that day, for the grace rule moves nothing: late on Sunday, so 1% on Sunday."""
    schedule = {"method": "schedule", "roll": True, "steps": [{"at": "last_installment", "total": "1%"}]}
    found = owed(run, town(("interest", schedule)), "bill  B1  due 2025-02-01 1,000.00", day)
    assert found["B1/1"].get("Penalty", 0) == penalty


@pytest.mark.parametrize(
    ("day", "penalty"), [("2024-02-14", 0), ("2024-02-15", 24_00), ("2024-02-29", 24_00), ("2024-03-01", 0)]
)
def test_a_penalty_that_ends_is_owed_only_until_it_ends(run, day, penalty):
    """3% of the 800.00 open on February 15, until the roll is turned over on March 1."""
    steps = [{"at": "delinquent", "total": "3%"}, {"on": "03-01", "total": "0%"}]
    facts = """
        bill  B1  due 2024-02-14 1,000.00
        paid  R1  2024-02-14  A1  200.00
    """
    found = owed(run, town(("interest", {"method": "schedule", "steps": steps})), facts, day)
    assert found["B1/1"].get("Penalty", 0) == penalty


@pytest.mark.parametrize(("day", "penalties"), [("2023-08-05", (0, 0)), ("2023-08-06", (100_00, 100_00))])
def test_a_penalty_of_the_last_installment_waits_for_its_last_free_day(run, day, penalties):
    """The second is mailed on July 11 and free for 25 days, to August 5: 10% of what is open of both on August 6."""
    once = {"method": "flat", "rate": "10%", "counted_from": "last_installment"}
    grace = {"counted": "months", "months": 1, "late_bill_days": 25, "roll": False}
    h = history("bill  B1  due 2023-05-15 1,000.00, 2023-07-01 1,000.00", day)
    first, second = h.charges
    h = h.but(charges=(first, second | {"Mailed": dt.date(2023, 7, 11)}))
    assert tuple(b[5] for b in balances_of(run(town(("interest", once), grace=grace), h))) == penalties


# ---- a payment in proportion ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [USUAL, ["costs", "penalty", "interest", "tax"]])
@pytest.mark.parametrize(
    ("paid", "split"),
    [
        ("20.00", (0, 0, 20_00)),  # costs come first
        ("100.00", (0, 0, 100_00)),
        ("600.00", (413_22, 86_78, 100_00)),  # 500.00 x 1,000 / 1,210 is tax
        ("1,310.00", (1_000_00, 210_00, 100_00)),
    ],
)
def test_a_part_of_an_installment_is_paid_in_proportion_after_its_costs(run, columns, paid, split):
    """1,000.00 due February 28, 2022, with 14 months of 1.5% on April 30, 2023: 210.00, and 100.00 of costs."""
    law = town(MONTHLY, order=({"pay": columns, "split": "proportional"},))
    facts = f"""
        bill        B1  due 2022-02-28 1,000.00
        adjustment  J1  2022-03-01  B1/1  Cost 100.00
        paid        R1  2023-04-30  A1    {paid}
    """
    found = splits_of(run(law, history(facts, "2023-04-30")))
    tax, interest, costs = split
    assert found == {("R1", "B1", "", 1): (tax, interest, 0, costs, 0)}
