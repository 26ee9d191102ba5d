"""One arithmetic for a fee: a duplicate bill, a quote, a sale list and TAX_FEE charge the same for the same rule."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace

import pandas as pd
import pytest

from xltax.law.enforcement import SaleList
from xltax.law.fees import Fee
from xltax.law.profile import Profile, Rule
from xltax.office.billing import bill_copies
from xltax.office.collection.list_methods import _fees
from xltax.office.quotes import redemption

ON = dt.date(2025, 5, 1)


def town(**settings: object) -> Profile:
    return Profile("t", "T", (Rule("fee", Fee(kind="duplicate_bill", **settings)),))


# One free, the second 5.00, each further one 25.00.
@pytest.mark.parametrize(("nth", "fee"), [(1, 0), (2, 5_00), (3, 25_00), (4, 25_00)])
def test_the_fee_of_one(nth: int, fee: int) -> None:
    rule = town(free=1, amount=5_00, then=25_00)
    assert bill_copies.fee_for(rule, ON, nth)[0] == fee
    assert redemption.fee(rule, "duplicate_bill", Fraction(nth), ON) == sum(
        bill_copies.fee_for(rule, ON, n)[0] for n in range(1, nth + 1)
    )


def test_a_fee_without_a_further_amount_is_the_same_each_time() -> None:
    rule = town(amount=5_00)
    assert [bill_copies.fee_for(rule, ON, n)[0] for n in (1, 2, 3)] == [5_00] * 3
    assert redemption.fee(rule, "duplicate_bill", Fraction(3), ON) == 15_00


def test_a_sale_list_charges_what_the_sale_does() -> None:
    # 2% of 1,000.00 is 20.00, of 100.00 at least 15.00, of 9,000.00 at most 100.00; two notices are 25.00 and 10.00.
    law = Profile(
        "t",
        "T",
        (
            Rule("fee", Fee(kind="cost_of_sale", rate=Fraction(2, 100), least=15_00, most=100_00)),
            Rule("fee", Fee(kind="sale_notice_by_mail", amount=25_00, then=10_00)),
        ),
    )
    listed = SaleList(kind="sale", title="Sale", cost_fee="cost_of_sale", notice_fee="sale_notice_by_mail", notices=2)
    liens = [1_000_00, 100_00, 9_000_00]
    costs = _fees(pd.Series(liens), listed, SimpleNamespace(town=law, as_of=ON))
    assert list(costs) == [20_00 + 35_00, 15_00 + 35_00, 100_00 + 35_00]
    assert list(costs) == [redemption.cost_of_sale(law, lien, 2, ON) for lien in liens]
