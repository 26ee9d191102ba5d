"""Agreements: posting exactly the payments of a schedule through the cash book ends at 0.00, whatever the law counts by."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.written.ledger import facts_of, ledger
from xltax.errors import BadValue, LawNotEncoded
from xltax.law.load import load
from xltax.ledger.replay import Facts, replay
from xltax.office.agreements import agreement_plan
from xltax.office.agreements.agreement_plan import Terms
from xltax.office.agreements.unbilled import estimates
from xltax.office.counter import posting
from xltax.office.counter.payment_check import PAYMENTS
from xltax.office.quotes import payoff
from xltax.tables import CASH_BOOK, CashLine, Charge
from xltax.tables.table import Table

D = dt.date


def charges(text: str) -> Table[Charge]:
    """The bills of a ledger written in lines (tests/written/ledger.py)."""
    return ledger(text).facts().charges


def with_estimates(table: Table[Charge], town: Any, until: dt.date) -> Table[Charge]:
    return table.and_rows(estimates(table, town, until)).renumbered()


def posted(facts: Facts, town: Any, plan: agreement_plan.Plan) -> tuple[Table[CashLine], Any]:
    """The cash book after every payment of the schedule, and the ledger on the last day."""
    rows = plan.schedule
    money = Table.made(PAYMENTS, rows[["Amount"]].assign(Account="1", Received=rows["Due"]))
    last = rows["Due"].iloc[-1].date()
    book = posting.post(facts, town, money, Table.empty(CASH_BOOK), last)
    return book, replay(Facts(facts.charges, posting.receipts_of(book), facts.adjustments), town, last)


NJ_QUARTERS = """
    bill  2023  1  due 2023-02-01 1,000.00, 2023-05-01 1,000.00, 2023-08-01 1,000.00, 2023-11-01 1,000.00
    bill  2024  1  due 2024-02-01 1,000.00, 2024-05-01 1,000.00, 2024-08-01 1,000.00, 2024-11-01 1,000.00
"""


def test_quarters_of_two_years_and_the_year_to_come() -> None:
    town = load("us-nj-colts-neck")
    terms = Terms(12, D(2025, 2, 15), 500_00, D(2025, 2, 3))
    every = with_estimates(charges(NJ_QUARTERS), town, D(2026, 1, 31))
    # 2024's 4,000.00 in four quarters again; the first quarter of 2026 is due after the last payment.
    assert every["Amount"].iloc[8:].tolist() == [1_000_00] * 4
    plan = agreement_plan.plan(Facts(every), town, terms)
    days = [d.date() for d in plan.schedule["Due"]]
    assert days[:3] == [D(2025, 2, 3), D(2025, 2, 18), D(2025, 3, 17)]  # February 15 is a Saturday, the 17th a holiday
    assert plan.last <= plan.payment < plan.last + 12
    assert plan.schedule["Left"].iloc[-1] == 0
    assert plan.total == 12_000_00 + plan.interest
    split = plan.schedule[["Tax", "Interest", "Penalty", "Costs", "Ahead"]].sum(axis=1)
    assert (split == plan.schedule["Amount"]).all()
    book, end = posted(Facts(every), town, plan)
    assert payoff.total(end) == 0
    assert not len(end.credits)
    assert int(book["Tax"].sum()) == 12_000_00
    assert int(book["Interest"].sum()) == plan.interest


def test_a_cent_less_a_month_leaves_more_for_the_last_than_a_payment() -> None:
    town = load("us-nj-colts-neck")
    facts = ledger(NJ_QUARTERS).facts()
    plan = agreement_plan.plan(facts, town, Terms(6, D(2025, 3, 3)))
    days = [d.date() for d in plan.schedule["Due"]]
    short = payoff.with_payments(facts, "1", [(d, plan.payment - 1) for d in days[:-1]])
    less = payoff.total(replay(short, town, days[-1]))
    assert less > plan.payment - 1


def test_the_year_end_penalty_is_in_the_payments() -> None:
    """12,000 delinquent over December 31 bears 6% of that year's part in a town that adopted it."""
    town = load("us-nj")
    facts = ledger("""
        bill  1  1  due 2024-08-01 6,000.00
        bill  2  1  due 2024-11-01 8,000.00
    """).facts()
    plan = agreement_plan.plan(facts, town, Terms(4, D(2024, 12, 2)))
    assert plan.schedule["Penalty"].sum() > 0
    _, end = posted(facts, town, plan)
    assert payoff.total(end) == 0


def test_money_ahead_is_held_for_what_is_billed_later() -> None:
    town = load("us-ct-south-windsor")
    halves = "bill  2023  1  2023 RE  due 2024-07-01 1,000.00, 2025-01-01 1,000.00"
    every = with_estimates(charges(halves), town, D(2026, 1, 31))
    assert [(d.date(), a) for d, a in zip(every["Due"].iloc[2:], every["Amount"].iloc[2:], strict=True)] == [
        (D(2025, 7, 1), 1_000_00), (D(2026, 1, 1), 1_000_00),
    ]  # fmt: skip
    plan = agreement_plan.plan(Facts(every), town, Terms(12, D(2025, 2, 15)))
    assert plan.schedule["Ahead"].sum() > 0
    _, end = posted(Facts(every), town, plan)
    assert payoff.total(end) == 0


def test_bills_due_after_the_last_payment_do_not_take_its_money() -> None:
    """A vehicle bill due later is unsecured, so money paid ahead goes to it before the house's January half: the payments
    are that much higher, and what is covered is cleared all the same."""
    town = load("us-ct-south-windsor")
    house = "bill  H    1  RE  due 2025-07-01 900.00, 2026-01-01 900.00\n"
    both = house + "bill  CAR  1  MV  due 2026-07-01 300.00\n"
    plan = agreement_plan.plan(ledger(both).facts(), town, Terms(6, D(2025, 9, 15)))
    _, end = posted(ledger(both).facts(), town, plan)
    left = end.balances.set_index("Bill")["Total"]
    assert left["H"].sum() == 0
    assert not len(end.credits)
    alone = agreement_plan.plan(ledger(house).facts(), town, Terms(6, D(2025, 9, 15)))
    assert plan.total - plan.interest == 1_800_00 + 300_00 - left["CAR"]
    assert alone.total - alone.interest == 1_800_00


AMOUNTS = st.integers(1_00, 9_000_00)
TOWNS = ("us-nj", "us-nj-colts-neck", "us-ct-south-windsor", "us-md-baltimore-city", "us-la-east-baton-rouge")


@st.composite
def histories(draw: Any) -> tuple[str, list[dict[str, Any]], Terms]:
    name = draw(st.sampled_from(TOWNS))
    first = draw(st.dates(D(2024, 3, 1), D(2025, 6, 28)))
    kind = "SALES" if "la" in name.split("-")[1] else "RE"
    parts = ("City", "State") if "md" in name else ("",)
    rows = []
    for n in range(draw(st.integers(1, 4))):
        if "md" in name:
            due = D(first.year - n, 7, 1)
        else:
            due = dt.date.fromordinal(first.toordinal() + draw(st.integers(-700, 200))).replace(day=1)
        rows += [
            {"Bill": f"B{n}", "Account": "1", "Levy Year": due.year, "Levy Type": kind, "Part": part, "Inst": 1, "Due": due,
             "Amount": draw(AMOUNTS)}
            for part in parts
        ]  # fmt: skip
    rows[0]["Due"] = D(first.year - 1, 7, 1)  # something is past due
    rows[0]["Levy Year"] = first.year - 1
    down = draw(st.one_of(st.just(0), st.integers(1, 50)))
    return name, rows, Terms(draw(st.integers(1, 12)), first, down, first if down else None)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(histories())
def test_whatever_is_owed_the_schedule_ends_at_nothing(history: tuple[str, list[dict[str, Any]], Terms]) -> None:
    name, rows, terms = history
    town = load(name)
    facts = facts_of(rows)
    plan = agreement_plan.plan(facts, town, terms)
    assert 0 < plan.last <= plan.payment
    assert plan.schedule["Left"].iloc[-1] == 0
    _, end = posted(facts, town, plan)
    assert int(agreement_plan.covered(end, plan.until)["Total"].sum()) == 0
    assert not len(end.credits)


# ---- what is refused ---------------------------------------------------------------------------------------------

OWED = ledger("bill  1  1  due 2025-02-01 1,000.00").facts()


@pytest.mark.parametrize(
    ("terms", "where", "says"),
    [
        (
            Terms(13, D(2025, 5, 1)),
            "months",
            "The number of monthly payments is 13. Enter between 1 and 12 (N.J.S.A. 54:5-21",
        ),
        (Terms(0, D(2025, 5, 1)), "months", "An agreement needs at least one monthly payment"),
        (Terms(3, D(2025, 5, 1), -1), "down", "below zero"),
        (Terms(3, D(2025, 5, 1), 2_000_00), "down", "There is nothing to pay under an agreement"),
        (Terms(3, D(2025, 5, 1), 100, D(2025, 5, 2)), "down_on", "after the first monthly payment"),
        (Terms(3, D(2024, 5, 1)), "charges", "No bill falls due"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms: Terms, where: str, says: str) -> None:
    with pytest.raises(BadValue) as refused:
        agreement_plan.plan(OWED, load("us-nj"), terms)
    assert refused.value.problem.where == where
    assert says in str(refused.value)


def test_two_owners_and_a_town_without_the_rule_are_refused() -> None:
    two = ledger("""
        bill  1  1  due 2025-02-01 1,000.00
        bill  2  2  due 2025-02-01 1,000.00
    """).facts()
    with pytest.raises(BadValue, match="charges: The charges belong to 2 owners"):
        agreement_plan.plan(two, load("us-nj"), Terms(3, D(2025, 5, 1)))
    borough = load("us-pa-borough")
    without = replace(borough, rules=tuple(rule for rule in borough.rules if rule.name != "agreement"))
    with pytest.raises(LawNotEncoded, match="no agreement rule"):
        agreement_plan.plan(OWED, without, Terms(3, D(2025, 5, 1)))


def test_a_bill_in_litigation_cannot_be_cleared_by_payments() -> None:
    held = ledger("""
        bill  1  1  due 2024-07-01 1,000.00
        bill  2  1  due 2024-07-01   500.00  hold litigation
    """).facts()
    with pytest.raises(BadValue, match="Monthly payments do not clear this account"):
        agreement_plan.plan(held, load("us-ct"), Terms(3, D(2025, 5, 1)))


# ---- what is not billed yet --------------------------------------------------------------------------------------


def test_preliminary_bills_are_completed_on_last_years_tax() -> None:
    """2024 was 4,000.00; of 2025 two quarters of 900.00 are billed: 2,200.00 is left, 1,100.00 each; then 2026's first."""
    town = load("us-nj")
    billed = charges("""
        bill  24  1  due 2024-02-01 1,000.00, 2024-05-01 1,000.00, 2024-08-01 1,000.00, 2024-11-01 1,000.00
        bill  25  1  due 2025-02-01   900.00, 2025-05-01   900.00
    """)
    table = estimates(billed, town, D(2026, 2, 1))
    got = [(int(y), int(i), d.date(), int(a)) for y, i, d, a in zip(table["Levy Year"], table["Inst"], table["Due"], table["Amount"], strict=True)]  # fmt: skip
    assert got == [
        (2025, 3, D(2025, 8, 1), 1_100_00),
        (2025, 4, D(2025, 11, 1), 1_100_00),
        (2026, 1, D(2026, 2, 1), 1_000_00),
    ]
    typed_in = estimates(billed, town, D(2025, 12, 1), 5_000_00)
    assert typed_in["Amount"].tolist() == [1_600_00, 1_600_00]


def test_fewer_or_more_months() -> None:
    """Two level payments by hand: 511.75 twice (see the functions); one payment on May 1 is 1,020.00."""
    table = agreement_plan.what_if(OWED, load("us-nj"), Terms(1, D(2025, 5, 1)))
    assert table["Months"].tolist() == [1, 2, 3, 4, 6, 9, 12]
    first, second = table.iloc[0], table.iloc[1]
    assert (first["Payment"], first["Total"], first["Interest"]) == (1_020_00, 1_020_00, 20_00)
    assert (second["Payment"], second["Last Payment"], second["Interest"]) == (511_75, 511_75, 23_50)
    assert table["Interest"].is_monotonic_increasing
    assert table["Payment"].is_monotonic_decreasing
