"""When a tax is due, how it is split, the last day to pay it free, and the months that count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xltax.dates import ClosedDays, month_day_words, on_month_day
from xltax.law.calendar import Grace, Installments
from xltax.law.levy import Added, Supplement
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.ledger.facts import closed_days_of


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def last_day(town: str, due: str, levy_type: str = "RE", mailed: str = "", closed: ClosedDays | None = None) -> str:
    profile = load(town)
    grace = profile.rule(Grace, day(due), levy_type).params
    assert isinstance(grace, Grace)
    days = closed or closed_days_of(profile, day(due), None)
    return str(grace.last_free_day(day(due), days, day(mailed) if mailed else None))


def installments(town: str | Profile, year: int, levy_type: str = "RE") -> Installments:
    profile = load(town) if isinstance(town, str) else town
    params = profile.rule(Installments, dt.date(year, 1, 1), levy_type).params
    assert isinstance(params, Installments)
    return params


def child(folder: Path, extends: str, text: str) -> Profile:
    path = folder / "town.toml"
    path.write_text(f'id = "town"\nextends = "{extends}"\n{text}', encoding="utf-8")
    return load(path)


# ---- the last free day -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("town", "due", "levy_type", "mailed", "last"),
    [
        # Connecticut: the 1st of the next month; Saturday August 1, 2015; Saturday February 1, 2020; late mailing.
        ("us-ct", "2015-07-01", "RE", "", "2015-08-03"),
        ("us-ct-south-windsor", "2020-01-01", "MVS", "", "2020-02-03"),
        ("us-ct", "2018-04-01", "RE", "", "2018-05-01"),
        ("us-ct", "2025-07-01", "MV", "2025-07-15", "2025-08-14"),
        # New Jersey: the 10th, Saturday August 10, 2024; a late third-quarter bill, and no other.
        ("us-nj-colts-neck", "2024-08-01", "RE", "", "2024-08-12"),
        ("us-nj", "2021-08-01", "RE", "2021-07-26", "2021-08-20"),
        # Saturday February 10, 2024: Monday the 12th is no holiday of the State's offices any more (36:1-1(d)).
        ("us-nj", "2024-02-01", "RE", "", "2024-02-12"),
        ("us-nj-colts-neck", "2024-02-01", "RE", "", "2024-02-12"),
        ("us-nj", "2021-08-01", "RE", "2021-06-10", "2021-08-10"),
        ("us-nj", "2021-02-01", "RE", "2021-07-26", "2021-02-10"),
        ("us-nj", "2021-11-01", "ADD", "2021-10-25", "2021-11-10"),
        ("us-nj", "2023-05-01", "RE", "", "2023-05-10"),
        # Maryland: fixed days, which do not move; a revised bill of Baltimore City.
        ("us-md", "2018-07-01", "RE", "", "2018-09-30"),
        ("us-md-baltimore-city", "2022-12-01", "RE", "", "2022-12-31"),
        ("us-md-baltimore-city", "2022-07-01", "RE", "2022-09-20", "2022-10-20"),
        # Louisiana: after the 20th, Saturday July 20, 2024; the last day of February, whatever its number.
        ("us-la-east-baton-rouge", "2024-07-01", "SALES", "", "2024-07-22"),
        ("us-la-east-baton-rouge", "2024-01-01", "LICENSE", "", "2024-02-29"),
        ("us-la-east-baton-rouge", "2023-01-01", "LICENSE", "", "2023-02-28"),
        # Pennsylvania: four months end on Monday June 30, 2025, as printed bills have it; Saturday June 30, 2018.
        ("us-pa-borough", "2025-03-01", "RE", "", "2025-06-30"),
        ("us-pa-borough", "2018-03-01", "RE", "", "2018-07-02"),
    ],
)
def test_last_free_day(town: str, due: str, levy_type: str, mailed: str, last: str) -> None:
    assert last_day(town, due, levy_type, mailed) == last


def test_the_towns_closed_days_win() -> None:
    election_day = ClosedDays("NJ", closed=[day("2023-11-10")])
    assert last_day("us-nj", "2023-11-01") == "2023-11-13", "Veterans Day is a State holiday"
    assert last_day("us-nj", "2023-11-01", closed=ClosedDays("NJ", opened=[day("2023-11-10")])) == "2023-11-10"
    assert last_day("us-nj", "2023-11-01", closed=election_day) == "2023-11-13"


def test_a_holiday_the_office_does_not_keep_closes_it_neither_on_its_day_nor_on_the_one_it_is_moved_to() -> None:
    """February 12, 2023 was a Sunday, July 4, 2026 is a Saturday: Monday the 13th and Friday the 3rd stand for them."""
    days = ["2024-02-12", "2023-02-13", "2026-07-03", "2025-07-04", "2025-11-11", "2024-02-10"]
    kept = ClosedDays("NJ", open_on=["02-12", "07-04"])
    assert [kept.is_closed(day(d)) for d in days] == [False, False, False, False, True, True]
    assert [ClosedDays("NJ").is_closed(day(d)) for d in ("2024-02-12", "2025-07-04")] == [True, True]
    assert ClosedDays("NJ", closed=[day("2024-02-12")], open_on=["02-12"]).is_closed(day("2024-02-12")), (
        "the town's table wins"
    )


def test_by_the_tenth_or_within_ten_days(tmp_path: Path) -> None:
    text = '[[grace]]\nfrom = 1970-01-01\ncounted = "days_following"\ndays = 10\nlate_bill_days = 25\n'
    town = child(tmp_path, "us-nj", text)
    grace = town.rule(Grace, day("2023-05-01")).params
    assert str(grace.last_free_day(day("2023-05-01"), ClosedDays("NJ"))) == "2023-05-11"
    assert last_day("us-nj", "2023-05-01") == "2023-05-10"


def test_the_last_day_of_february() -> None:
    assert [str(on_month_day(y, "02-29")) for y in (2023, 2024)] == ["2023-02-28", "2024-02-29"]
    assert month_day_words("02-29") == "the last day of February"
    assert month_day_words("07-01") == "July 1"


# ---- due dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("town", "year", "levy_type", "dates"),
    [
        ("us-nj", 2025, "RE", "2025-02-01 2025-05-01 2025-08-01 2025-11-01"),
        ("us-nj", 2025, "ADD", "2025-11-01"),
        ("us-ct", 2024, "RE", "2025-07-01 2026-01-01"),
        ("us-ct", 2024, "PP", "2025-07-01 2026-01-01"),
        ("us-ct", 2024, "MV", "2025-07-01"),
        ("us-ct", 2023, "MVS", "2025-01-01"),
        ("us-md", 2025, "RE", "2025-07-01"),
        ("us-la-east-baton-rouge", 2025, "LICENSE", "2025-01-01"),
        ("us-pa-borough", 2025, "RE", "2025-03-01"),
    ],
)
def test_due_dates(town: str, year: int, levy_type: str, dates: str) -> None:
    assert [str(d) for d in installments(town, year, levy_type).due_dates(year)] == dates.split()


def test_a_connecticut_town_with_four_installments(tmp_path: Path) -> None:
    """Brooklyn CT, 2016 grand list: four quarters above $50, each free until the 1st of the next month."""
    text = '[[installments]]\ntypes = ["RE", "PP"]\ndue = ["07-01", "10-01", "01-01", "04-01"]\nyears_after = 1\n'
    town = child(tmp_path, "us-ct", text + 'split = "equal"\nodd_cent = "last"\nsingle_limit = "50.00"\n')
    params = installments(town, 2016)
    assert [str(d) for d in params.due_dates(2016)] == ["2017-07-01", "2017-10-01", "2018-01-01", "2018-04-01"]
    assert [last_day("us-ct", str(d)) for d in params.due_dates(2016)] == [
        "2017-08-01",
        "2017-11-01",
        "2018-02-01",
        "2018-05-01",
    ]
    assert params.amounts(1000_03) == [250_00, 250_01, 250_01, 250_01]
    assert params.amounts(50_00) == [50_00, 0, 0, 0]


# ---- the split ---------------------------------------------------------------------------------------------------


def test_new_jersey_preliminary_and_final_quarters(tmp_path: Path) -> None:
    quarters = installments("us-nj", 2025)
    assert quarters.amounts(8000_01, prior_tax=7600_00) == [1900_00, 1900_00, 2100_01, 2100_00]
    assert quarters.amounts(3000_00, prior_tax=7600_00) == [1900_00, 1900_00, 0, 0, -800_00], (
        "a credit, and bills of 0.00"
    )
    rule = '[[installments]]\ntypes = ["RE"]\ndue = ["02-01", "05-01", "08-01", "11-01"]\nsplit = "preliminary"\n'
    half = installments(child(tmp_path, "us-nj", rule + 'preliminary_base = "half_of_second_half"\n'), 2025)
    assert half.amounts(8000_00, prior_second_half=4200_00) == [2100_00, 2100_00, 1900_00, 1900_00]
    cut = installments(child(tmp_path, "us-nj", rule + 'preliminary_limit = "half_of_tax"\n'), 2025)
    assert cut.amounts(3000_00, prior_tax=7600_00) == [750_00, 750_00, 750_00, 750_00]


@pytest.mark.parametrize(
    ("town", "tax", "parts"),
    [
        ("us-ct", 100_00, [100_00, 0]),
        ("us-ct", 100_01, [50_01, 50_00]),
        ("us-ct-south-windsor", 99_99, [99_99, 0]),
        ("us-ct-south-windsor", 100_00, [100_00, 0]),
        ("us-ct-glastonbury", 100_00, [50_00, 50_00]),
        ("us-ct-glastonbury", 4817_67, [2408_84, 2408_84]),
    ],
)
def test_connecticut_halves_and_single_payments(town: str, tax: int, parts: list[int]) -> None:
    assert installments(town, 2018).amounts(tax) == parts


# ---- months that count -------------------------------------------------------------------------------------------


def test_added_assessments_count_whole_months_left() -> None:
    added = load("us-nj").rule(Added, day("2015-08-07"), "ADD").params
    months = {d: added.months_charged(day(d)) for d in ("2015-01-31", "2015-08-07", "2015-11-30", "2015-12-01")}
    assert months == {"2015-01-31": 11, "2015-08-07": 4, "2015-11-30": 1, "2015-12-01": 0}
    assert added.prorated(120_000_00, day("2015-08-07")) == 40_000_00


def test_supplemental_vehicles_count_the_month_of_registration() -> None:
    rule = load("us-ct").rule(Supplement, day("2024-01-15"), "MVS").params
    assert [rule.months_charged(dt.date(2024, m, 15)) for m in (10, 11, 1, 7, 9)] == [12, 11, 9, 3, 1]
    # 9 of 12 months of 10,000 less 4,000 for the vehicle it replaced; never below zero.
    assert rule.prorated(10_000_00, day("2024-01-15"), 4_000_00) == 4_500_00
    assert rule.prorated(4_000_00, day("2024-01-15"), 10_000_00) == 0
    # 11/12 to three places is .917: 9,170 dollars, not 9,166.67.
    assert rule.prorated(10_000_00, day("2023-11-15")) == 9_170_00
