"""Balances, payoffs, payment allocation and explanations."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandas as pd
from xltax.udfs.arguments import Adjustments, Charges, ClosedDays, On, Receipts, Town

from xltax.declare import Arg, udf
from xltax.law.profile import Profile
from xltax.ledger.explain import EXPLAINED
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents
from xltax.office.counter import posting
from xltax.office.quotes import explanation, payoff
from xltax.tables import BALANCES, PAYERS, QUOTE_GRID, Adjustment, Charge, ClosedDay, Receipt
from xltax.tables.table import Table

By = Annotated[str, Arg("Who pays: owner, third party or officer (default: owner).", choices=PAYERS)]
Directed = Annotated[str, Arg("The account named in the payer's written instruction, if any.")]


def _facts(
    town: Profile,
    charges: Table[Charge],
    receipts: Table[Receipt] | None,
    on: dt.date,
    adjustments: Table[Adjustment] | None,
    closed: Table[ClosedDay] | None,
) -> Facts:
    return payoff.relevant(Facts.given(charges, receipts, adjustments, closed), town, on)


@udf(
    "The balance of every installment on a date: tax, interest, penalty, costs and total. Works on the whole roll.",
    columns=BALANCES,
)
def TAX_BALANCES(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    on: On,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    return payoff.balances(replay(_facts(town, charges, receipts, on, adjustments, closed_days), town, on))


@udf("The payoff of these charges on a date, item by item. The last row is the total.", columns=BALANCES)
def TAX_PAYOFF(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    on: On,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    return payoff.payoff(replay(_facts(town, charges, receipts, on, adjustments, closed_days), town, on))


@udf("The total payoff of these charges on a date.")
def TAX_PAYOFF_TOTAL(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    on: On,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> Cents:
    return payoff.total(replay(_facts(town, charges, receipts, on, adjustments, closed_days), town, on))


@udf("The per diem: the amount one more day adds after a date.")
def TAX_PER_DIEM(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    on: On,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> Cents:
    return payoff.per_diem(_facts(town, charges, receipts, on, adjustments, closed_days), town, on)


@udf(
    "The payoff on each of the next business days: total, per diem, and changes, such as the end of grace or a new tier.",
    columns=QUOTE_GRID,
)
def TAX_PAYOFF_GRID(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    start: Annotated[dt.date, Arg("The first day.")],
    days: Annotated[int, Arg("Number of business days.")],
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    return payoff.grid(_facts(town, charges, receipts, start, adjustments, closed_days), town, start, days)


@udf(
    "How a payment would be applied, installment by installment, and the amount left. Nothing is posted.",
    columns=posting.ALLOCATION,
)
def TAX_ALLOCATE(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    payment: Annotated[Cents, Arg("The amount of the payment.")],
    on: On,
    by: By = "owner",
    directed: Directed = "",
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    return posting.allocate(
        _facts(town, charges, receipts, on, adjustments, closed_days), town, payment, on, by, directed
    )[0]


@udf(
    "Explains the interest and penalty due, period by period: from, to, days, base, rate, amount, rule and "
    "citation. If the input has errors, lists the errors.",
    columns=EXPLAINED,
    reports=True,
)
def TAX_EXPLAIN(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    on: On,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    return explanation.explain(_facts(town, charges, receipts, on, adjustments, closed_days), town, on)
