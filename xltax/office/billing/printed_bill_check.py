"""Compares printed bills with the rules: every bill is recalculated, and differences are sorted by their likely cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import pandas as pd

from xltax.law.calendar import Installments
from xltax.law.levy import Levy
from xltax.law.profile import Profile
from xltax.money import Cents, round_half_up
from xltax.tables.schema import Column, Row

MATCHED = "equal to the cent"
ZERO = "printed as $0.00 although there is a value"
SINGLE = "equal if billed as one payment, rounded once"
NEARBY = "equal for a value up to $5 off: a prorated value?"
LESS = "less than the tax: a credit or a proration?"
MORE = "more than the tax"


class CheckedBill(Row):
    """One printed bill beside the calculated bill."""

    value = Column("Value", "money", "The net assessed value.")
    printed = Column("Printed", "money", "The bill as printed.")
    ours = Column("Ours", "money", "The bill as calculated.")
    difference = Column("Difference", "money", "Printed less ours.")
    kind = Column("Kind", "text", "Equal, or the likely cause of the difference.")


def check_bills(
    values: list[Cents], printed: list[Cents], town: Profile, on: dt.date, rate: Fraction, levy_type: str
) -> pd.DataFrame:
    """Each printed bill beside the calculated bill: Value, Printed, Ours, Difference (all cents) and Kind, in the order given.

    `values` are net assessed values and `printed` the year's bills, both in cents; `on` is the assessment day, which
    picks the rules; `rate` is per 100 or 1,000 as the town's rule says. The bill is the sum of its installments.
    """
    levy = town.rule(Levy, on, levy_type).params
    installments = town.rule(Installments, on, levy_type).params

    def bill(value: Cents) -> Cents:
        return sum(installments.amounts(levy.tax(value, rate)))

    rows = []
    for value, shown in zip(values, printed, strict=True):
        ours = bill(value)
        kind = MATCHED if ours == shown else _kind(value, shown, ours, bill, levy, rate)
        rows.append((value, shown, ours, shown - ours, kind))
    return pd.DataFrame(
        rows,
        columns=[CheckedBill.value, CheckedBill.printed, CheckedBill.ours, CheckedBill.difference, CheckedBill.kind],
    )


def _kind(value: Cents, shown: Cents, ours: Cents, bill: Callable[[Cents], Cents], levy: Levy, rate: Fraction) -> str:
    if not shown:
        return ZERO
    if levy.tax(value, rate) == shown:
        return SINGLE
    implied = round_half_up(Fraction(shown) * levy.per / rate / 100)
    if any(abs(v * 100 - value) <= 5_00 and bill(v * 100) == shown for v in (implied - 1, implied, implied + 1)):
        return NEARBY
    return LESS if shown < ours else MORE


def by_kind(checked: pd.DataFrame) -> pd.DataFrame:
    """The number of bills of each kind, largest first: Kind, Bills, and the total difference in cents."""
    grouped = checked.groupby(CheckedBill.kind, as_index=False).agg(
        Bills=(CheckedBill.kind, "size"), Difference=(CheckedBill.difference, "sum")
    )
    return grouped.sort_values("Bills", ascending=False, ignore_index=True)
