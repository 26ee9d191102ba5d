"""Balances, payoffs, allocation and their explanation: the whole ledger in one call."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt

import pandas as pd
from xltax.udfs.arguments import ADJUSTMENTS, CHARGES, CLOSED_DAYS, ON, RECEIPTS, TOWN

from xltax.hosts.registry import Arg, udf
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents
from xltax.office.counter import posting
from xltax.office.quotes import explanation, payoff
from xltax.tables import BALANCES, PAYERS, QUOTE_GRID

Table = pd.DataFrame | None
_TAIL = (ADJUSTMENTS, CLOSED_DAYS)
BY = Arg(
    "by",
    "text",
    "Who pays: owner, third party, or officer. Left out: owner.",
    optional=True,
    default="owner",
    choices=PAYERS,
)
DIRECTED = Arg("directed", "text", "The account named in the payer's written instruction.", optional=True, default="")


def _facts(
    town: Profile, charges: pd.DataFrame, receipts: Table, on: dt.date, adjustments: Table, closed: Table
) -> Facts:
    return payoff.relevant(Facts(charges, receipts, adjustments, closed), town, on)


@udf("What is open on every installment on a date: tax, interest, penalty, costs and total; the whole roll in one call.",
     TOWN, CHARGES, RECEIPTS, ON, *_TAIL, result="table", columns=BALANCES)  # fmt: skip
def TAX_BALANCES(
    town: Profile,
    charges: pd.DataFrame,
    receipts: Table,
    on: dt.date,
    adjustments: Table = None,
    closed_days: Table = None,
) -> pd.DataFrame:
    return payoff.balances(replay(_facts(town, charges, receipts, on, adjustments, closed_days), town, on))


@udf("What pays these charges off on a date, item by item; the last row is the total.",
     TOWN, CHARGES, RECEIPTS, ON, *_TAIL, result="table", columns=BALANCES)  # fmt: skip
def TAX_PAYOFF(
    town: Profile,
    charges: pd.DataFrame,
    receipts: Table,
    on: dt.date,
    adjustments: Table = None,
    closed_days: Table = None,
) -> pd.DataFrame:
    return payoff.payoff(replay(_facts(town, charges, receipts, on, adjustments, closed_days), town, on))


@udf("The one figure that pays these charges off on a date.",
     TOWN, CHARGES, RECEIPTS, ON, *_TAIL, result="money")  # fmt: skip
def TAX_PAYOFF_TOTAL(
    town: Profile,
    charges: pd.DataFrame,
    receipts: Table,
    on: dt.date,
    adjustments: Table = None,
    closed_days: Table = None,
) -> Cents:
    return payoff.total(replay(_facts(town, charges, receipts, on, adjustments, closed_days), town, on))


@udf("What waiting one more day after a date costs.",
     TOWN, CHARGES, RECEIPTS, ON, *_TAIL, result="money")  # fmt: skip
def TAX_PER_DIEM(
    town: Profile,
    charges: pd.DataFrame,
    receipts: Table,
    on: dt.date,
    adjustments: Table = None,
    closed_days: Table = None,
) -> Cents:
    return payoff.per_diem(_facts(town, charges, receipts, on, adjustments, closed_days), town, on)


@udf("The payoff for each of the next business days: total, per diem, and what changes (grace ends, a tier is crossed).",
     TOWN, CHARGES, RECEIPTS, Arg("start", "date", "The first day."), Arg("days", "count", "How many business days."),
     *_TAIL, result="table", columns=QUOTE_GRID)  # fmt: skip
def TAX_PAYOFF_GRID(
    town: Profile,
    charges: pd.DataFrame,
    receipts: Table,
    start: dt.date,
    days: int,
    adjustments: Table = None,
    closed_days: Table = None,
) -> pd.DataFrame:
    return payoff.grid(_facts(town, charges, receipts, start, adjustments, closed_days), town, start, days)


@udf("How a payment would be applied, installment by installment, and what would be left; nothing is posted.",
     TOWN, CHARGES, RECEIPTS, Arg("payment", "money", "The amount of the check."), ON, BY, DIRECTED,
     *_TAIL, result="table", columns=posting.ALLOCATION)  # fmt: skip
def TAX_ALLOCATE(
    town: Profile, charges: pd.DataFrame, receipts: Table, payment: Cents, on: dt.date, by: str = "owner", directed: str = "",
    adjustments: Table = None, closed_days: Table = None,
) -> pd.DataFrame:  # fmt: skip
    return posting.allocate(
        _facts(town, charges, receipts, on, adjustments, closed_days), town, payment, on, by, directed
    )[0]


@udf("Every period behind the interest and penalty due: from, to, days, base, rate, amount, rule and citation; or what is wrong, row by row.",
     TOWN, CHARGES, RECEIPTS, ON, *_TAIL, result="table", columns=explanation.EXPLAINED, reports=True)  # fmt: skip
def TAX_EXPLAIN(
    town: Profile,
    charges: pd.DataFrame,
    receipts: Table,
    on: dt.date,
    adjustments: Table = None,
    closed_days: Table = None,
) -> pd.DataFrame:
    return explanation.explain(_facts(town, charges, receipts, on, adjustments, closed_days), town, on)
