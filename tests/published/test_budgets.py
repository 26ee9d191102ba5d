"""Reserves for uncollected taxes as three budgets of Milford Borough, New Jersey, print them (sheet 25)."""

from __future__ import annotations

import pytest
from xltax.udfs.levy import TAX_UNCOLLECTED_RESERVE

from xltax.errors import BadValue
from xltax.money import number, to_cents


@pytest.mark.parametrize(
    ("cash", "percent", "round_to", "reserve"),
    [
        ("4309956.00", "0.965", "dollar", "156320.00"),  # https://user-gbcfyns.cld.bz/Milford-BUDGET-2019/62
        ("3764282.00", "0.966", "dollar", "132490.00"),  # https://user-gbcfyns.cld.bz/Budget-Milford-Boro-2016/67
        ("3879185.00", "0.9732", "cent", "106825.07"),  # https://user-gbcfyns.cld.bz/Milford-BUDGET-2018/3
    ],
)
def test_milford(cash: str, percent: str, round_to: str, reserve: str) -> None:
    assert TAX_UNCOLLECTED_RESERVE(to_cents(cash), number(percent), round_to) == to_cents(reserve)


def test_a_percentage_above_one_is_refused() -> None:
    with pytest.raises(BadValue, match=r"96.5 is not a share of the levy"):
        TAX_UNCOLLECTED_RESERVE(100_00, number("96.5"))
    with pytest.raises(BadValue, match="is not dollar or cent"):
        TAX_UNCOLLECTED_RESERVE(100_00, number("0.965"), "mill")
