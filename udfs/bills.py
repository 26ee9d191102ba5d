"""What a payer puts aside each month."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt

import pandas as pd
from xltax.udfs.arguments import ADJUSTMENTS, CHARGES, CLOSED_DAYS, ON, RECEIPTS, TOWN

from xltax.hosts.registry import udf
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents
from xltax.office.quotes import payoff
from xltax.office.quotes.monthly_budget import monthly_amount

Table = pd.DataFrame | None


@udf("The level amount that, paid on a date and each month after, has every installment paid by its due date; what is due now comes first.",
     TOWN, CHARGES, RECEIPTS, ON, ADJUSTMENTS, CLOSED_DAYS, result="money")  # fmt: skip
def TAX_MONTHLY_BUDGET(
    town: Profile,
    charges: pd.DataFrame,
    receipts: Table,
    on: dt.date,
    adjustments: Table = None,
    closed_days: Table = None,
) -> Cents:
    facts = payoff.relevant(Facts(charges, receipts, adjustments, closed_days), town, on)
    return monthly_amount(replay(facts, town, on).balances, on)
