"""Glastonbury's bills of the 2018 grand list, figured with the town's rules; the others are listed by kind."""

from __future__ import annotations

import datetime as dt

import pytest

from xltax.data import open_csv
from xltax.law.calendar import Installments
from xltax.law.load import load
from xltax.money import number, to_cents
from xltax.office.billing.printed_bill_check import MATCHED, SINGLE, ZERO, by_kind, check_bills

TOWN = load("us-ct-glastonbury")
MILLS = number("36.36")
LIST = dt.date(2018, 10, 1)


@pytest.mark.parametrize(
    ("name", "levy_type", "count", "least"),
    [("real_estate", "RE", 10_406, 9_950), ("motor_vehicle", "MV", 26_699, 23_344)],
)
def test_bills_to_the_cent(name: str, levy_type: str, count: int, least: int) -> None:
    bills = open_csv(f"glastonbury_ct/{name}_2018")
    values, printed = ([to_cents(x) for x in bills[c]] for c in ("assessment", "bill_published"))
    checked = check_bills(values, printed, TOWN, LIST, MILLS, levy_type)
    kinds = by_kind(checked).set_index("Kind")["Bills"]
    print(f"{name}: " + "; ".join(f"{n:,} {k}" for k, n in kinds.items()))
    assert len(bills) == count == kinds.sum()
    assert kinds[MATCHED] >= least
    # Nothing is left that the rules for exempt and single bills should have explained, and no bill is off by a dollar.
    assert ZERO not in kinds
    assert kinds.get(SINGLE, 0) <= 1
    assert checked["Difference"].abs().max() < 100


def test_the_vendor_bills_an_odd_cent_high() -> None:
    installments = TOWN.rule(Installments, LIST, "RE").params
    assert installments.amounts(100_01) == [50_01, 50_01]
    assert installments.amounts(100_00) == [50_00, 50_00]
    assert installments.amounts(99_99) == [99_99, 0], "under $100 in one payment, rounded once"
