"""How much a taxpayer should set aside each month."""

# ruff: noqa: N802

from __future__ import annotations

from xltax.udfs.arguments import Adjustments, Charges, ClosedDays, On, Receipts, Town

from xltax.declare import udf
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents
from xltax.office.quotes import payoff
from xltax.office.quotes.monthly_budget import monthly_amount


@udf(
    "The level monthly amount, starting on a date, that pays every installment by its due "
    "date. Amounts due now are paid first."
)
def TAX_MONTHLY_BUDGET(
    town: Town,
    charges: Charges,
    receipts: Receipts,
    on: On,
    adjustments: Adjustments = None,
    closed_days: ClosedDays = None,
) -> Cents:
    facts = payoff.relevant(Facts.given(charges, receipts, adjustments, closed_days), town, on)
    return monthly_amount(replay(facts, town, on).balances, on)
