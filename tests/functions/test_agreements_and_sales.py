"""Agreements, redemptions, costs of sale and fees as functions: figures worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.functions.calls import CHARGES, CT, ON, STATE, result, text
from xltax.errors import TaxError


def test_a_redemption_worked_out_by_hand() -> None:
    table = result("TAX_REDEMPTION")
    assert table[["Item", "Paid To", "Amount"]].to_numpy().tolist() == [
        ["Certificate", "holder", 2000_00],
        ["Interest at the rate bid", "holder", 643_00],  # 2,000 x 18% x 643/360: October 18, 2023 to August 1, 2025
        ["Redemption penalty", "holder", 40_00],  # 2% above 200
        ["Subsequent tax paid 2024-08-01", "holder", 3000_00],
        ["Interest on that subsequent tax", "holder", 540_00],  # a year, all of it at 18%
        ["Search", "holder", 12_00],
        ["Recording", "holder", 43_00],
        ["Total", "", 6278_00],
    ]
    assert table["Authority"].iloc[:-1].str.contains("54:5-61").all()


def test_a_redemption_within_ten_days_has_no_penalty_and_no_expenses() -> None:
    """2,000 at 18% for nine days is 9.00; on the tenth day after the day of sale all the rest comes on top."""
    on = dt.date(2023, 10, 27)
    assert result("TAX_REDEMPTION", on=on)["Item"].tolist() == ["Certificate", "Interest at the rate bid", "Total"]
    assert result("TAX_REDEMPTION", on=on)["Amount"].iloc[-1] == 2009_00
    # The tenth day from and including October 18 is the 27th; on the 28th 10.00 of interest, 40.00, 12.00 and 43.00.
    assert result("TAX_REDEMPTION", on=dt.date(2023, 10, 28))["Amount"].iloc[-1] == 2105_00


@pytest.mark.parametrize(
    ("certificate", "penalty"),
    [("200.00", 0), ("200.01", 4_00), ("5000.00", 100_00), ("5000.01", 200_00), ("10000.00", 400_00), ("10000.01", 600_00)],
)  # fmt: skip
def test_the_penalty_steps_are_passed_only_above_them(certificate: str, penalty: int) -> None:
    table = result("TAX_REDEMPTION", certificate=certificate, subsequents=None).set_index("Item")
    assert table.loc["Redemption penalty", "Amount"] == penalty


def test_a_rate_of_nothing_bears_nothing() -> None:
    table = result("TAX_REDEMPTION", rate=0, subsequents=None, search=None, recording=None)
    assert table["Amount"].iloc[-1] == 2040_00


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("TAX_COST_OF_SALE", {"lien": "204296.79", "notices": 0}, "100.00"),
        ("TAX_COST_OF_SALE", {"lien": 100, "notices": None}, "15.00"),
        ("TAX_FEE", {"kind": "redemption figures", "amount_or_count": 2}, "0.00"),
        ("TAX_FEE", {"kind": "redemption_figures", "amount_or_count": 4}, "100.00"),
        ("TAX_FEE", {"kind": "returned_check", "amount_or_count": None}, "20.00"),
        ("TAX_FEE", {"town": CT, "kind": "alias_warrant", "amount_or_count": 1120, "on": ON}, "168.00"),
        ("TAX_FEE", {"amount_or_count": 0}, "0.00"),
        ("TAX_FEE", {"amount_or_count": 1}, "5.00"),
    ],
)
def test_costs_and_fees(name: str, changed: dict[str, Any], said: str) -> None:
    assert text(name, **changed) == said


def test_a_fee_the_town_does_not_have_names_those_it_has() -> None:
    with pytest.raises(TaxError, match=r"has no fee named .*Use one of cost_of_sale, duplicate_bill"):
        result("TAX_FEE", town=STATE, kind="horses")


ONE = [CHARGES[0], ["1", "012", 2025, "RE", None, 1, dt.date(2025, 2, 1), 1000.0]]


def test_two_payments_in_new_jersey_by_hand() -> None:
    """1,000 from February 1 at 8%: 20.00 by May 1. P then leaves 1,020 - P, which bears 31 days to June 2.

    (1,020 - P) x (1 + 0.08 x 31/360) = P gives P = 511.7505; with 511.75 the last is 508.25 x 1.0068889 = 511.75.
    """
    given = {"charges": ONE, "receipts": None, "future": None, "adjustments": None, "down": None, "down_on": None}
    given |= {"start": dt.date(2025, 5, 1), "months": 2}
    assert text("TAX_AGREEMENT_PAYMENT", **given) == "511.75"
    assert text("TAX_AGREEMENT", **given) == (
        "No,Due,Amount,Tax,Interest,Penalty,Costs,Ahead,Left\n"
        "1,2025-05-01,511.75,491.75,20.00,0.00,0.00,0.00,508.25\n"
        "2,2025-06-02,511.75,508.25,3.50,0.00,0.00,0.00,0.00"
    )


def test_two_payments_in_connecticut_by_hand() -> None:
    """1,000 due July 1: three months by September 15, 45.00; the rest bears a fourth month.

    (1,045 - P) x 1.015 = P gives P = 526.3895; with 526.39 the last is 518.61 + 7.78 = 526.39.
    """
    charges = [CHARGES[0], ["1", "012", 2024, "RE", None, 1, dt.date(2025, 7, 1), 1000.0]]
    given = {"charges": charges, "receipts": None, "future": None, "adjustments": None, "down": None, "down_on": None}
    given |= {"town": CT, "start": dt.date(2025, 9, 15), "months": 2}
    assert text("TAX_AGREEMENT", **given) == (
        "No,Due,Amount,Tax,Interest,Penalty,Costs,Ahead,Left\n"
        "1,2025-09-15,526.39,481.39,45.00,0.00,0.00,0.00,518.61\n"
        "2,2025-10-15,526.39,518.61,7.78,0.00,0.00,0.00,0.00"
    )


def test_a_schedule_that_is_kept_and_one_missed_once() -> None:
    receipts = [["Receipt", "Received", "Account", "Amount"], ["1", dt.date(2025, 3, 3), "012", 500.0]]
    on_time = result("TAX_AGREEMENT_STATUS", receipts=receipts, on=dt.date(2025, 4, 1))
    assert on_time["Status"].tolist() == ["Kept"]
    late = result("TAX_AGREEMENT_STATUS", receipts=receipts, on=dt.date(2025, 4, 2)).iloc[0]
    assert (late["Status"], late["Missed"], late["Behind"]) == ("Missed", 1, 500_00)
    assert late["Letter Due"].date() == dt.date(2025, 4, 11)
    assert dt.date(2025, 4, 11) < ON


@pytest.mark.parametrize("rate", ["18%", "18 %", "18% per year", "1.5% per month", "0.18", 0.18])
def test_the_rate_bid_is_typed_as_people_write_it(rate: Any) -> None:
    assert text("TAX_REDEMPTION", rate=rate) == text("TAX_REDEMPTION")


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        ("18", r"rate: A rate bid of 1800% is not possible\. The law allows at most 18%\. Enter 18% as 18% or 0\.18\."),
        (18, r"rate: A rate bid of 1800% is not possible"),
        ("18.01%", r"rate: A rate bid of 18\.01% is not possible"),
        ("1% per day", r'rate: "1% per day" is for a day'),
        ("eighteen", r"rate: .*is not a number"),
    ],
)
def test_what_cannot_be_the_rate_bid_is_refused_in_words(rate: Any, message: str) -> None:
    with pytest.raises(TaxError, match=message):
        result("TAX_REDEMPTION", rate=rate)
