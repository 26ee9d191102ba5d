"""Redemption as the States count it: months, penalties by the time held, dollars. Figures worked by hand from the statutes."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from xltax.errors import BadProfile
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.law.taxsale import Redemption
from xltax.office.quotes.redemption import Certificate, redemption
from xltax.tables.agreements import SUBSEQUENTS
from xltax.tables.table import Table

D = dt.date
LAW = """
id = "us-zz-sale"
name = "Sale"
[[allocation]]
group = "parcel"
order = [{ pay = ["costs", "interest", "penalty", "tax"] }]
[[office]]
holidays = "IA"
[[redemption]]
"""
RI = 'day_count = "actual/365"\npenalty_by_months = [{ up_to = 6, rate = "10%" }]\nthen = "1%"\n'
IN = 'day_count = "actual/365"\npenalty_by_months = [{ up_to = 6, rate = "10%" }, { up_to = 12, rate = "15%" }]\n'
GA = 'day_count = "actual/365"\npenalty_by_months = [{ up_to = 12, rate = "20%" }]\nthen = "10%"\nthen_months = 12\n'
TX = 'day_count = "actual/365"\npenalty_by_months = [{ up_to = 12, rate = "25%" }, { up_to = 24, rate = "50%" }]\n'
IA = 'day_count = "touched_months"\nrate = "2% per month"\nround_to = "dollar"\ninterest_least = "1.00"\nsubsequents = "as_certificate"\n'
VT = 'day_count = "months_or_part"\nrate = "1% per month"\n'
BOTH = 'day_count = "months_or_part"\nrate = "1% per month"\nsteps = [{ above = "0.00", rate = "5%" }]\ninterest_on = "certificate_and_penalty"\n'


def town(folder: Path, rule: str) -> Profile:
    path = folder / "town.toml"
    path.write_text(LAW + rule, encoding="utf-8")
    return load(path)


def items(profile: Profile, amount: int, sold: dt.date, on: dt.date, later: Table | None = None) -> dict[str, int]:
    table = redemption(profile, Certificate(amount, sold, Fraction(0)), later, on)
    return dict(zip(table["Item"], table["Amount"], strict=True))


@pytest.mark.parametrize(
    ("rule", "on", "penalty"),
    [
        # Rhode Island 44-9-21: 10% within six months, then 1% of the price each succeeding month. Sold January 31, 2025.
        (RI, D(2025, 1, 31), 100_00),
        (RI, D(2025, 7, 31), 100_00),
        (RI, D(2025, 8, 1), 110_00),
        (RI, D(2025, 8, 31), 110_00),
        (RI, D(2025, 9, 1), 120_00),
        (RI, D(2026, 1, 31), 160_00),
        # Indiana 6-1.1-25-2: 110% to six months, 115% to a year.
        (IN, D(2025, 7, 31), 100_00),
        (IN, D(2025, 8, 1), 150_00),
        (IN, D(2026, 1, 31), 150_00),
        # Georgia 48-4-42: 20% the first year, 10% each year or part after.
        (GA, D(2026, 1, 31), 200_00),
        (GA, D(2026, 2, 1), 300_00),
        (GA, D(2027, 1, 31), 300_00),
        (GA, D(2027, 2, 1), 400_00),
        # Texas 34.21: 25% in the first year, 50% in the second.
        (TX, D(2026, 1, 31), 250_00),
        (TX, D(2026, 2, 1), 500_00),
    ],
)
def test_a_penalty_by_the_time_held(tmp_path: Path, rule: str, on: dt.date, penalty: int) -> None:
    found = items(town(tmp_path, rule), 1000_00, D(2025, 1, 31), on)
    assert found == {"Certificate": 1000_00, "Redemption penalty": penalty, "Total": 1000_00 + penalty}


@pytest.mark.parametrize(
    ("amount", "on", "interest"),
    [
        # Iowa 447.1: 2% for each calendar month touched from the month of the sale, June 16, to the dollar, $1 at least.
        (333_00, D(2025, 6, 20), 7_00),  # one month 6.66
        (333_00, D(2025, 7, 31), 13_00),  # two months 13.32
        (333_00, D(2025, 8, 1), 20_00),  # three months 19.98
        (10_00, D(2025, 6, 20), 1_00),  # .20
        (75_00, D(2025, 6, 20), 2_00),  # 1.50 is rounded half up
    ],
)
def test_calendar_months_in_dollars(tmp_path: Path, amount: int, on: dt.date, interest: int) -> None:
    assert items(town(tmp_path, IA), amount, D(2025, 6, 16), on)["Interest"] == interest


def test_subsequent_taxes_as_the_certificate(tmp_path: Path) -> None:
    """500.00 paid on October 3 and redeemed on November 1: two months, 20.00. The certificate: six months of 333.00, 39.96."""
    later = Table.made(SUBSEQUENTS, [{"Paid On": pd.Timestamp(2025, 10, 3), "Amount": 500_00}])
    found = items(town(tmp_path, IA), 333_00, D(2025, 6, 16), D(2025, 11, 1), later)
    assert found["Interest"] == 40_00
    assert found["Interest on that subsequent tax"] == 20_00


@pytest.mark.parametrize(
    ("on", "interest"),
    [(D(2025, 4, 10), 10_00), (D(2025, 4, 11), 20_00), (D(2026, 3, 10), 120_00)],
)
def test_months_from_the_day_of_sale(tmp_path: Path, on: dt.date, interest: int) -> None:
    """Vermont 5260: 1% a month or fraction from the day of sale, March 10, 2025."""
    assert items(town(tmp_path, VT), 1000_00, D(2025, 3, 10), on)["Interest"] == interest


def test_interest_on_the_penalty_too(tmp_path: Path) -> None:
    """1,000.00 and 5% of it are 1,050.00; one month at 1% is 10.50."""
    found = items(town(tmp_path, BOTH), 1000_00, D(2025, 3, 10), D(2025, 4, 10))
    assert (found["Interest"], found["Redemption penalty"]) == (10_50, 50_00)


def test_a_connecticut_redemption_as_the_court_figured_it() -> None:
    """Victorian Associates v. Hartford (1994): 37,544.26 bid on June 17, redeemed a year later: 6,757.97, not compounded.

    The sale was in 1993; the State's order of payment is encoded from 2000, so the same days are taken twenty years later.
    """
    table = redemption(load("us-ct"), Certificate(37544_26, D(2013, 6, 17), Fraction(0)), None, D(2014, 6, 17))
    found = dict(zip(table["Item"], table["Amount"], strict=True))
    assert found == {"Certificate": 37544_26, "Interest": 6757_97, "Redemption penalty": 0, "Total": 44302_23}


def test_the_rule_in_words(tmp_path: Path) -> None:
    words = town(tmp_path, GA).rule(Redemption, D(2025, 1, 1)).words()
    assert "a penalty on the whole certificate of 20% within 12 months of the sale, then 10% more for each further 12 months or part" in words  # fmt: skip
    words = town(tmp_path, IA).rule(Redemption, D(2025, 1, 1)).words()
    assert (
        "with interest at 24% a year, with time counted in calendar months, each one touched as a whole month" in words
    )
    assert "The interest is rounded to the dollar. The interest is at least $1.00." in words


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ('day_count = "actual/365"\npenalty_by_months = [{ up_to = 12, rate = "1%" }, { up_to = 6, rate = "2%" }]\n', "not in rising order"),
        ('day_count = "actual/365"\nthen = "1%"\n', "then needs the steps"),
        ('day_count = "touched_months"\nends = "both"\n', "ends does nothing"),
        (BOTH + 'penalty_by_months = [{ up_to = 12, rate = "1%" }]\n', "by amount or by months, not both"),
    ],
)  # fmt: skip
def test_settings_that_conflict(tmp_path: Path, rule: str, says: str) -> None:
    with pytest.raises(BadProfile, match=says):
        town(tmp_path, rule)


DATED = """to = 2025-01-01
day_count = "months_or_part"
rate = "1% per month"
[[redemption]]
from = 2025-01-01
day_count = "months_or_part"
rate = "2% per month"
"""


def test_the_day_of_redemption_or_of_the_sale_picks_the_law(tmp_path: Path) -> None:
    """1,000.00 sold December 10, 2024 and redeemed on February 5, 2025, two months: 40.00 by the new law, 20.00 by the sale's."""
    by_day = town(tmp_path, DATED)
    assert items(by_day, 1_000_00, D(2024, 12, 10), D(2025, 2, 5))["Interest"] == 40_00
    by_sale = town(tmp_path, DATED + 'version = "sale"\n')
    found = items(by_sale, 1_000_00, D(2024, 12, 10), D(2025, 2, 5))
    assert found["Interest"] == 20_00
    assert items(by_sale, 1_000_00, D(2025, 1, 10), D(2025, 3, 5))["Interest"] == 40_00
    assert (
        "The law of the day of the sale decides."
        in by_sale.all(Redemption)[-1].params.words() + by_sale.all(Redemption)[0].params.words()
    )
