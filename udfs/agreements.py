"""Agreements by the month: the level payment, its schedule, and whether it is kept."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt

import pandas as pd
from xltax.udfs.arguments import ADJUSTMENTS, CHARGES, CLOSED_DAYS, ON, RECEIPTS, TOWN

from xltax.errors import BadValue
from xltax.hosts.registry import Arg, udf
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts
from xltax.money import Cents
from xltax.office.agreements import agreement_plan
from xltax.office.agreements.agreement_status import STANDING, standing
from xltax.office.quotes import payoff
from xltax.tables import CHARGES as CHARGES_TABLE
from xltax.tables.agreements import PLAN

Table = pd.DataFrame | None

_ARGS = (
    TOWN,
    CHARGES,
    RECEIPTS,
    Arg(
        "future",
        "charges",
        "Range like charges: installments not yet billed that fall due meanwhile, as estimated. May be empty.",
        may_be_empty=True,
    ),
    Arg("start", "date", "The day of the first monthly payment."),
    Arg("months", "count", "How many monthly payments."),
    Arg("down", "money", "A down payment.", optional=True, default=0),
    Arg(
        "down_on", "date", "The day of the down payment. Left out: the day of the first monthly payment.", optional=True
    ),
    ADJUSTMENTS,
    CLOSED_DAYS,
)


def _plan(
    town: Profile, charges: pd.DataFrame, receipts: Table, future: Table, start: dt.date, months: int, down: Cents,
    down_on: dt.date | None, adjustments: Table, closed_days: Table, *, schedule: bool,
) -> agreement_plan.Plan:  # fmt: skip
    if future is not None and len(future):
        keys = ["Bill", "Part", "Inst"]
        if pd.concat([charges[keys], future[keys]]).duplicated().any():
            raise BadValue("An installment in it is among the charges too.", where="future", do="Take it out here.")
        charges = pd.concat([charges, future], ignore_index=True)
        charges.attrs = {"typed": CHARGES_TABLE.name}
    facts = payoff.relevant(Facts(charges, receipts, adjustments, closed_days), town, start)
    return agreement_plan.plan(facts, town, agreement_plan.Terms(months, start, down, down_on), schedule=schedule)


@udf("The level monthly payment that clears what is past due, the interest on the way, and what falls due by the last payment.",
     *_ARGS, result="money")  # fmt: skip
def TAX_AGREEMENT_PAYMENT(
    town: Profile, charges: pd.DataFrame, receipts: Table, future: Table, start: dt.date, months: int, down: Cents = 0,
    down_on: dt.date | None = None, adjustments: Table = None, closed_days: Table = None,
) -> Cents:  # fmt: skip
    args = (town, charges, receipts, future, start, months, down, down_on, adjustments, closed_days)
    return _plan(*args, schedule=False).payment


@udf("The schedule of such an agreement: each payment, what it pays, what it holds ahead, and what is left; it ends at 0.00.",
     *_ARGS, result="table", columns=PLAN)  # fmt: skip
def TAX_AGREEMENT(
    town: Profile, charges: pd.DataFrame, receipts: Table, future: Table, start: dt.date, months: int, down: Cents = 0,
    down_on: dt.date | None = None, adjustments: Table = None, closed_days: Table = None,
) -> pd.DataFrame:  # fmt: skip
    args = (town, charges, receipts, future, start, months, down, down_on, adjustments, closed_days)
    return _plan(*args, schedule=True).schedule


@udf(
    "Whether an agreement is kept: its status, payments missed, what is behind, the next payment, and the day a letter is due.",
    TOWN,
    Arg("schedule", "schedule", "Range with header: No, Due, Amount; optionally Good Cause."),
    RECEIPTS,
    ON,
    Arg("signed", "date", "Payments before this day do not count. Left out: a month before the first payment.", optional=True),
    result="table",
    columns=STANDING,
)  # fmt: skip
def TAX_AGREEMENT_STATUS(
    town: Profile, schedule: pd.DataFrame, receipts: Table, on: dt.date, signed: dt.date | None = None
) -> pd.DataFrame:
    return standing(schedule, receipts, agreement_plan.rule_of(town, on), on, signed=signed).row()
