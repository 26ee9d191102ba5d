"""Glastonbury's bills of the 2018 grand list, figured with the town's rules; what does not come out is listed by kind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction

import pandas as pd
import pytest

from xltax.data import open_csv
from xltax.law.load import load
from xltax.money import number, to_cents

TOWN = load("us-ct-glastonbury")
MILLS = number("36.36")
LIST = dt.date(2018, 10, 1)


def matched(bills: pd.DataFrame, levy_type: str) -> tuple[int, Counter[str]]:
    """How many of the bills come out to the cent, and what the others look like."""
    levy = TOWN.rule("levy", LIST, levy_type).params
    installments = TOWN.rule("installments", LIST, levy_type).params
    hits, kinds = 0, Counter()
    for value, printed in zip(bills["assessment"], bills["bill_published"], strict=True):
        tax, bill = levy.tax(to_cents(value), MILLS), to_cents(printed)
        if sum(installments.amounts(tax)) == bill:
            hits += 1
        else:
            kinds[kind(tax, bill)] += 1
    return hits, kinds


def kind(tax: int, bill: int) -> str:
    """What a bill that does not come out looks like."""
    if bill == 0:
        return "zero"
    if abs(bill - tax) == 1:
        return "a cent off"
    if tax and Fraction(bill, tax) < 1:
        twelfths = [n for n in range(1, 12) if abs(bill - round(tax * n / 12)) <= 1]
        return "looks like a proration by months" if twelfths else "less than the tax: a credit or a proration"
    return "more than the tax"


@pytest.mark.parametrize(
    ("name", "levy_type", "count", "least"), [("real_estate", "RE", 10_406, 9_950), ("motor_vehicle", "MV", 26_699, 23_344)]
)
def test_bills_to_the_cent(name: str, levy_type: str, count: int, least: int) -> None:
    bills = open_csv(f"glastonbury_ct/{name}_2018")
    hits, kinds = matched(bills, levy_type)
    print(f"{name}: {hits:,} of {len(bills):,} to the cent; not: " + "; ".join(f"{n:,} {k}" for k, n in kinds.most_common()))
    assert len(bills) == count
    assert hits + kinds.total() == count
    assert hits >= least
