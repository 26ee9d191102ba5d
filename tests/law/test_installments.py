"""How a year's tax is divided: by shares, and on last year's tax before this year's is known. Figures worked by hand."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from xltax.errors import BadProfile
from xltax.law.installments import Installments
from xltax.law.load import load


def rule(**settings: Any) -> Installments:
    read = Installments.read({"split": "equal"} | settings, "installments")
    assert isinstance(read, Installments)
    return read


def dates(params: Installments, year: int) -> list[str]:
    return [str(day) for day in params.due_dates(year)]


MA = {"split": "preliminary", "preliminary_rise": "2.5%"}
QUARTERS = ["08-01", "11-01", "02-01", "05-01"]


def test_shares_add_up_to_the_tax_and_the_odd_cent_goes_to_the_first() -> None:
    """Wisconsin by ordinance, New York's school taxes: half, a quarter, a quarter. Half of 4,000.01 is 2,000.005, a quarter 1,000.0025."""
    shares = rule(due=["01-31", "04-30", "07-31"], split="shares", shares=["50%", "25%", "25%"])
    assert shares.amounts(4000_01) == [2000_01, 1000_00, 1000_00]
    assert shares.amounts(0) == [0, 0, 0]
    last = rule(due=["01-31", "04-30", "07-31"], split="shares", shares=["50%", "25%", "25%"], odd_cent="last")
    assert last.amounts(4000_01) == [2000_00, 1000_00, 1000_01]
    up = rule(due=["01-31", "04-30", "07-31"], split="shares", shares=["50%", "25%", "25%"], odd_cent="each_up")
    assert up.amounts(4000_01) == [2000_01, 1000_00, 1000_00]
    assert "The shares are 50%, 25%, 25%." in shares.words()


def test_a_small_tax_in_one_payment_goes_before_its_shares() -> None:
    small = rule(due=["01-31", "07-31"], split="shares", shares=["60%", "40%"], single_limit="100.00")
    assert small.amounts(100_00) == [100_00, 0]
    assert small.amounts(100_01) == [60_01, 40_00]


def test_massachusetts_is_billed_on_half_of_a_hundred_and_two_and_a_half_percent() -> None:
    """c. 59 s. 57C: last year 4,000.00; 4,100.00 with 2.5%; half of it, 2,050.00, in two quarters or one half."""
    assert rule(due=QUARTERS, **MA).amounts(4500_01, 4000_00) == [1025_00, 1025_00, 1225_01, 1225_00]
    half = rule(due=["10-01", "04-01"], preliminary_parts=1, **MA)
    assert half.amounts(4500_01, 4000_00) == [2050_00, 2450_01]
    # 4,000.03 x 1.025 = 4,100.03075, half of it 2,050.015: at most that, so 2,050.01 in two parts.
    assert rule(due=QUARTERS, **MA).preliminary_amounts(4000_03) == [1025_01, 1025_00]
    assert "raised by 2.5%" in half.words()


def test_new_hampshire_bills_one_half_or_three_quarters_on_last_year() -> None:
    """RSA 76:15-a and 76:15-aa: 3,000.01 / 2 = 1,500.005; by quarters July 1, October 1, January 2 and March 31."""
    half = rule(due=["07-01", "12-01"], split="preliminary", preliminary_parts=1)
    assert half.amounts(3200_00, 3000_01) == [1500_01, 1699_99]
    assert half.amounts(1000_00, 3000_00) == [1500_00, 0, -500_00], "a credit of what was billed too much"
    assert "The first is half of last year's tax; the rest of this year's tax is due with the last." in half.words()
    quarters = rule(due=["07-01", "10-01", "01-02", "03-31"], split="preliminary", preliminary_parts=3)
    assert quarters.amounts(4400_00, 4000_00) == [1000_00, 1000_00, 1000_00, 1400_00]
    assert dates(quarters, 2025) == ["2025-07-01", "2025-10-01", "2026-01-02", "2026-03-31"]


def test_floridas_half_of_the_difference_is_the_rest_divided() -> None:
    """F.S. 197.222: last year 1,000.00, this year 1,100.00: 250.00 twice, then 250.00 and half of the difference of 100.00."""
    plan = rule(due=["06-30", "09-30", "12-31", "03-31"], split="preliminary")
    assert plan.amounts(1100_00, 1000_00) == [250_00, 250_00, 300_00, 300_00]
    assert plan.amounts(900_00, 1000_00) == [250_00, 250_00, 200_00, 200_00]
    assert dates(plan, 2025) == ["2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31"]


def test_new_jersey_is_as_it_was() -> None:
    words = load("us-nj").rule(Installments, dt.date(2025, 1, 1)).params.words()
    assert "The first two are a quarter of last year's tax each; the rest of this year's tax is divided equally over the last two." in words  # fmt: skip


def test_a_fiscal_year_with_the_number_of_the_year_in_which_it_ends() -> None:
    fiscal = rule(due=QUARTERS, years_after=-1, **MA)
    assert dates(fiscal, 2026) == ["2025-08-01", "2025-11-01", "2026-02-01", "2026-05-01"]
    assert "of the year before the levy year" in fiscal.words()


@pytest.mark.parametrize("years_after", [-1, 0, 1, 2])
@pytest.mark.parametrize("due", [QUARTERS, ["12-31"], ["12-31", "06-20"], ["07-01", "10-01", "01-02", "03-31"], ["02-29", "06-15"]])  # fmt: skip
def test_due_dates_rise_over_the_years(due: list[str], years_after: int) -> None:
    params = rule(due=due, years_after=years_after)
    every = [day for year in range(1999, 2031) for day in params.due_dates(year)]
    assert all(one < other for one, other in pairwise(every))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"due": ["01-31", "07-31"], "split": "shares", "shares": ["50%", "40%"]}, "must add up to 100%"),
        ({"due": ["01-31", "07-31"], "split": "shares", "shares": ["100%"]}, "Each due date needs its share"),
        ({"due": ["01-31", "07-31"], "shares": ["50%", "50%"]}, 'shares do nothing if split = "equal"'),
        ({"due": ["07-01", "12-01"], "split": "preliminary"}, "2 of 2 installments cannot be preliminary"),
        ({"due": ["07-01"], "split": "preliminary", "preliminary_parts": 0}, "0 of 1 installments cannot be"),
        ({"due": ["07-01", "12-01"], "split": "preliminary", "preliminary_parts": 1,
          "preliminary_base": "half_of_second_half"}, "two preliminary quarters only"),
        ({"due": ["01-01", "02-01", "03-01", "04-01", "05-01"]}, "A tax has at most 4 installments, and this rule has 5"),
    ],
)  # fmt: skip
def test_what_cannot_be_billed_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(BadProfile, match=says):
        rule(**settings)


def test_the_function_takes_the_new_rules(tmp_path: Path) -> None:
    from xltax.office.billing.levy_bills import installments

    path = tmp_path / "town.toml"
    text = '[[installments]]\ntypes = ["RE"]\ndue = ["07-01", "12-01"]\nsplit = "preliminary"\npreliminary_parts = 1\n'
    grace = '[[grace]]\ncounted = "none"\nroll = false\n'
    path.write_text(f'id = "us-zz-half"\nname = "Half"\n{text}{grace}[[office]]\nholidays = "NH"\n', encoding="utf-8")
    rows = installments(load(path), 2025, 3200_00, 3000_01, None, "RE", None)
    assert rows["Amount"].tolist() == [1500_01, 1699_99]
    assert [str(day.date()) for day in rows["Due"]] == ["2025-07-01", "2025-12-01"]
