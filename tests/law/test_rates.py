"""A rate is a quantity with its period: read exactly, converted exactly or refused, and written as it was typed."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from fractions import Fraction
from pathlib import Path

import pytest

from tests.written.ledger import day, ledger
from xltax.errors import BadProfile, BadValue
from xltax.law import rates
from xltax.law.interest import Interest
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.law.table import from_frame, to_frame
from xltax.ledger.replay import replay

REST = """
[[grace]]
counted = "none"
roll = false
[[allocation]]
group = "parcel"
order = [{ pay = ["costs", "interest", "penalty", "tax"] }]
"""


def town(folder: Path, interest: str) -> Profile:
    path = folder / "town.toml"
    path.write_text(f'id = "us-zz-town"\n[[interest]]\n{interest}\n{REST}', encoding="utf-8")
    return load(path)


def interest(profile: Profile, due: str, on: str, amount: str = "1000.00") -> int:
    row = replay(ledger(f"bill  1  A  2025 RE  due {due} {amount}").facts(), profile, day(on)).balances.iloc[0]
    return int(row["Interest"] + row["Penalty"])


@pytest.mark.parametrize(
    ("text", "share", "per"),
    [
        ("18%", Fraction(18, 100), ""),
        (" 8 % ", Fraction(8, 100), ""),
        ("-2%", Fraction(-2, 100), ""),
        ("1.5% per month", Fraction(15, 1000), "month"),
        ("1.5% per month or part", Fraction(15, 1000), "month"),
        ("1% per month or fraction of a month", Fraction(1, 100), "month"),
        ("1% for each month or fraction thereof", Fraction(1, 100), "month"),
        ("18% a year", Fraction(18, 100), "year"),
        ("18% per annum", Fraction(18, 100), "year"),
        ("18 percent annually", Fraction(18, 100), "year"),
        ("4/3% per month", Fraction(4, 300), "month"),
        ("1 1/3% monthly", Fraction(4, 300), "month"),
        ("5% per 30 days", Fraction(5, 100), "30 days"),
        ("36.36 mills", Fraction(3636, 100000), ""),
        ("2.248 per $100", Fraction(2248, 100000), ""),
        ("22.48 per 1,000", Fraction(2248, 100000), ""),
    ],
)
def test_a_rate_is_a_share_and_a_period(text: str, share: Fraction, per: str) -> None:
    found = rates.written(text)
    assert found is not None
    assert (found.share, found.per) == (share, per)


@pytest.mark.parametrize(
    "text",
    ["18", 18, 0.18, None, "", True, "18%%", "18% per", "18% per fortnight or so", "18% the month", "1/0%", "1/00%"],
)
def test_what_has_no_unit_or_no_known_period_is_no_rate(text: object) -> None:
    assert rates.written(text) is None


def test_a_yearly_rate_is_divided_by_twelve_for_a_month_and_a_monthly_one_taken_twelve_times() -> None:
    assert rates.read_monthly("18% per year") == Fraction(15, 1000)
    assert rates.read_monthly("10% per year") == Fraction(1, 120), "0.8333...%, kept exactly"
    assert rates.read_monthly("16% per annum") == rates.read_monthly("4/3% per month") == Fraction(4, 300)
    assert rates.read_yearly("1.5% per month") == rates.read_yearly("18%") == Fraction(18, 100)


def test_a_rate_survives_copies_and_other_processes_with_its_text() -> None:
    rate = rates.read_monthly("18% per year")
    for other in (copy.copy(rate), copy.deepcopy(rate), pickle.loads(pickle.dumps(rate))):
        assert (other, other.text, other.per) == (rate, "18% per year", "year")
    assert type(rate * 2) is Fraction


@pytest.mark.parametrize(
    ("text", "value"),
    [("18%", "0.18"), ("18% per year", "0.18"), ("1.5% per month", "0.18"), ("0.18", "0.18"), (0.18, "0.18")],
)
def test_a_rate_typed_into_a_cell_or_on_the_command_line(text: object, value: str) -> None:
    assert rates.read_cell(text) == Fraction(value)


def test_a_bid_for_a_day_is_refused() -> None:
    with pytest.raises(BadValue, match="counts by the year"):
        rates.read_cell("1% per day")


# ---- in a town's file -----------------------------------------------------------------------------------------------

MONTHLY = 'method = "per_month_or_part"\nmonths = "touched"\ncounted_from = "delinquent"\nrate = "{}"'
YEARLY = 'method = "tiered_annual"\nday_count = "{}"\ntiers = [{{ rate = "{}" }}]'


@pytest.mark.parametrize(
    "rate", ["18% per year", "18% a year", "18% per annum", "1.5% per month", "1.5%", "3/2% per month"]
)
def test_eighteen_percent_a_year_is_fifteen_dollars_a_month(tmp_path: Path, rate: str) -> None:
    """Mt. Juliet: $1,000.00 free through February 28; 1.5% on March 1 is $15.00, on April 1 $30.00."""
    profile = town(tmp_path, MONTHLY.format(rate))
    assert [interest(profile, "2025-02-28", on) for on in ("2025-03-01", "2025-04-01")] == [15_00, 30_00]


def test_a_third_of_a_percent_is_kept_exactly(tmp_path: Path) -> None:
    """Oregon: $10,000.00 at 1 1/3% for twelve months is $1,600.00; at 1.3333% it would be $1,599.96."""
    for rate, cents in (("4/3% per month", 1_600_00), ("16% per year", 1_600_00), ("1.3333% per month", 1_599_96)):
        profile = town(tmp_path, MONTHLY.format(rate))
        assert interest(profile, "2024-11-30", "2025-11-15", "10000.00") == cents


def test_ten_percent_a_month_is_not_charged_as_ten_percent_a_year(tmp_path: Path) -> None:
    """$1,000.00 for three whole months at 10% a month is $300.00, at 10% a year $25.00."""
    charged = {}
    for rate in ("10% per month", "10%", "10% per year"):
        charged[rate] = interest(town(tmp_path, YEARLY.format("whole_months", rate)), "2025-03-15", "2025-06-20")
    assert charged == {"10% per month": 300_00, "10%": 25_00, "10% per year": 25_00}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (MONTHLY.format("18%"), r'town\.toml: interest\[1\]\.rate: "18%" does not name its period; 18% a month would be 216% a year\.'),
        (MONTHLY.format("0.05% per day"), r"interest\[1\]\.rate: .* is for a day, and this method counts by the month"),
        (YEARLY.format("actual/365", "1% per month"), r'interest\[1\]\.tiers\[1\]\.rate: "1% per month" is for a month, and actual/365 counts days'),
        (YEARLY.format("30/360", "0.05% per day"), r"interest\[1\]\.tiers\[1\]\.rate: .* is for a day, and this method counts by the year"),
        ('method = "flat"\nrate = "8% per year"', r"interest\[1\]\.rate: .* names a period, and this rate is charged once"),
        ('method = "per_period_capped"\nmost = 5\ndays = 30\nrate = "5% per month"', r"interest\[1\]\.rate: .*for each period of days"),
        ('method = "per_period_capped"\nmost = 5\ndays = 30\nrate = "5% per 60 days"', r"interest\[1\]\.rate: .* a period here has 30 days"),
        ('method = "by_date_band"\nbands = [{ rate = "10% per year" }]', r"interest\[1\]\.bands\[1\]\.rate: .* charged once"),
    ],
)  # fmt: skip
def test_a_period_the_method_cannot_count_is_refused_by_file_and_key(tmp_path: Path, rule: str, message: str) -> None:
    with pytest.raises(BadProfile, match=message):
        town(tmp_path, rule)


@pytest.mark.parametrize(
    "rule",
    [
        '[[penalty]]\nmethod = "year_end"\nrate = "6% per year"\n',
        '[[discount]]\nrate = "2% per month"\n',
        '[[fee]]\nkind = "copy"\nrate = "2% a year"\n',
        '[[relief]]\nmethod = "increase_cap"\ncode = "c"\ntitle = "t"\ncap = "4% per day"\n',
        '[[return]]\nfrequencies = [{ name = "m", ends = [1] }]\nlocations = [{ code = "1", name = "n", rate = "5% per month" }]\n',
        '[[redemption]]\nday_count = "30/360"\nsteps = [{ above = "200.00", rate = "2% per month" }]\n',
        '[[redemption]]\nday_count = "30/360"\nsteps = []\nrate_most = "18% per week"\n',
    ],
)
def test_every_other_rate_of_the_law_is_held_to_its_period_too(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "town.toml"
    path.write_text(f'id = "us-zz-town"\n{rule}', encoding="utf-8")
    with pytest.raises(BadProfile, match=r"town\.toml: .*(rate|cap).*: "):
        load(path)


def test_a_rules_table_has_the_rate_as_it_was_written(tmp_path: Path) -> None:
    profile = town(tmp_path, MONTHLY.format("18% per year"))
    table = to_frame(profile)
    assert table.loc[table["Key"] == "rate", "Value"].tolist() == ["18% per year"]
    again = to_frame(from_frame(table))
    assert again.equals(table)
    assert "1.5% of the unpaid tax for each month" in table.loc[table["Key"] == "in words", "Value"].iloc[0]


def test_a_rules_table_of_an_older_book_has_a_monthly_rate_without_its_period(tmp_path: Path) -> None:
    table = to_frame(town(tmp_path, MONTHLY.format("1.5% per month")))
    table.loc[table["Key"] == "rate", "Value"] = "1.5%"
    assert from_frame(table).rule(Interest, dt.date(2025, 1, 1)).params.rate == Fraction(15, 1000)  # type: ignore[attr-defined]
