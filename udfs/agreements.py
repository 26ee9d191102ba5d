"""Monthly payment agreements: the level payment, the schedule and the status."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandas as pd
from xltax.udfs.arguments import Adjustments, Charges, ClosedDays, On, Receipts, Town

from xltax.declare import Arg, udf
from xltax.errors import BadValue
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts
from xltax.money import Cents
from xltax.office.agreements import agreement_plan
from xltax.office.agreements.agreement_status import STANDING, standing
from xltax.office.quotes import payoff
from xltax.tables import CHARGES as CHARGES_TABLE
from xltax.tables import RECEIPTS, Adjustment, Charge, ClosedDay, Receipt
from xltax.tables.agreements import PLAN, ScheduledPayment
from xltax.tables.table import Table

Future = Annotated[
    Table[Charge] | None,
    Arg(
        "Range like charges, for estimated installments not billed yet that come due during the agreement. May be blank.",
        kind="charges",
        may_be_empty=True,
    ),
]
Start = Annotated[dt.date, Arg("The day of the first monthly payment.")]
Months = Annotated[int, Arg("Number of monthly payments.")]
Down = Annotated[Cents, Arg("The down payment (default: 0).")]
DownOn = Annotated[dt.date | None, Arg("The day of the down payment (default: the day of the first monthly payment).")]


def _plan(
    town: Profile, charges: Table[Charge], receipts: Table[Receipt] | None, future: Table[Charge] | None, start: dt.date,
    months: int, down: Cents, down_on: dt.date | None, adjustments: Table[Adjustment] | None,
    closed_days: Table[ClosedDay] | None, *, schedule: bool,
) -> agreement_plan.Plan:  # fmt: skip
    if future is not None and len(future):
        keys = list(CHARGES_TABLE.key)
        if pd.concat([charges[keys], future[keys]]).duplicated().any():
            raise BadValue(
                "An installment in this range is also in charges.",
                where="future",
                do="Remove the installment from one of the two ranges.",
            )
        charges = charges.and_rows(future).renumbered()
    facts = payoff.relevant(Facts.given(charges, receipts, adjustments, closed_days), town, start)
    return agreement_plan.plan(facts, town, agreement_plan.Terms(months, start, down, down_on), schedule=schedule)


@udf(
    "The level monthly payment that pays everything past due, the added interest, and everything due "
    "by the last payment."
)
def TAX_AGREEMENT_PAYMENT(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    future: Future,
    start: Start,
    months: Months,
    down: Down = 0,
    down_on: DownOn = None,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> Cents:
    args = (town, charges, receipts, future, start, months, down, down_on, adjustments, closed_days)
    return _plan(*args, schedule=False).payment


@udf(
    "The schedule of a payment agreement: each payment, what the payment covers, money held for future "
    "bills, and the balance after it. The last balance is $0.00.",
    columns=PLAN,
)
def TAX_AGREEMENT(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    future: Future,
    start: Start,
    months: Months,
    down: Down = 0,
    down_on: DownOn = None,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    args = (town, charges, receipts, future, start, months, down, down_on, adjustments, closed_days)
    return _plan(*args, schedule=True).schedule


@udf(
    "The status of a payment agreement: payments missed, amount behind, next payment, and the day to mail a letter.",
    columns=STANDING,
)
def TAX_AGREEMENT_STATUS(
    town: Town,
    schedule: Annotated[
        Table[ScheduledPayment], Arg("Range with header: No, Due, Amount (optional: Good Cause).", kind="schedule")
    ],
    receipts: Receipts,
    on: On,
    signed: Annotated[
        dt.date | None, Arg("Payments before this day do not count (default: one month before the first payment).")
    ] = None,
) -> pd.DataFrame:
    paid = Table.empty(RECEIPTS) if receipts is None else receipts
    return standing(schedule, paid, agreement_plan.rule_of(town, on), on, signed=signed).row()
