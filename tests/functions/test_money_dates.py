"""What a cell may hold for money, a rate, a number and a day, and what is refused, with the reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from xltax.dates import EARLIEST, LATEST, ClosedDays, add_months, month_end, to_date
from xltax.errors import BadValue
from xltax.money import LARGEST, div_half_up, dollars, number, rate, round_half_up, to_cents

# ---- money --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        (12, 1200),
        (0, 0),
        (12.5, 1250),
        (-12.5, -1250),
        (-0.0, 0),
        (0.1 + 0.2, 30),
        (1.1 * 3, 330),
        (4.35, 435),
        (1234567890.12, 123456789012),
        (np.int64(7), 700),
        (np.float64(7.25), 725),
        (Decimal("12.50"), 1250),
        (Decimal("-0"), 0),
        (Decimal("1.5E+2"), 15000),
        ("12.50", 1250),
        ("12.", 1200),
        (".5", 50),
        ("$1,234.56", 123456),
        ("$ 1,234.56", 123456),
        ("1,234,567", 123456700),
        ("-12.50", -1250),
        ("- 12.50", -1250),
        ("-$12.50", -1250),
        ("$-12.50", -1250),
        ("(12.00)", -1200),
        ("( $12.00 )", -1200),
        ("  7  ", 700),
        ("007", 700),
        ("-0", 0),
        ("12.500", 1250),
        ("99999999999.99", LARGEST),
        (99999999999.99, LARGEST),
    ],
)
def test_money_is_read(cell: object, cents: int) -> None:
    got = to_cents(cell)
    assert got == cents
    assert type(got) is int


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "   ",
        True,
        False,
        np.bool_(True),
        "abc",
        "12.5 dollars",
        "1e5",
        "1e308",
        "nan",
        "inf",
        float("nan"),
        float("inf"),
        float("-inf"),
        1e308,
        -1e308,
        10**15,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1e308"),
        12.345,
        0.001,
        "12.345",
        Decimal("0.005"),
        "1,23",
        "12,5",
        "1.234,56",
        "1,2345",
        "12 50",
        "1 234.56",
        "12.5.0",
        "--5",
        "5-",
        "-$-5",
        "(-5)",
        "(5",
        "5)",
        "€5",
        "£5",
        "$",
        "-",
        "()",
        ".",
        ",",
        "=1+1",
        "0x10",
        "99999999999.995",
        "100000000000",
        dt.date(2025, 1, 1),
    ],
)
def test_what_is_not_money_is_refused_with_its_place(cell: object) -> None:
    with pytest.raises(BadValue) as refused:
        to_cents(cell, where="Cash Book!M14")
    assert str(refused.value).startswith("Cash Book!M14: ")
    assert "\n" not in str(refused.value)


def test_a_decimal_comma_is_explained() -> None:
    with pytest.raises(BadValue, match="Use a period, not a comma, before the cents"):
        to_cents("12,50")


def test_a_fraction_of_a_cent_says_the_nearest_amount() -> None:
    with pytest.raises(BadValue) as refused:
        to_cents(12.345, where="Cash Book!M14")
    said = "Cash Book!M14: 12.345 has more than two decimals. Enter dollars and cents, such as 12.35."
    assert str(refused.value) == said


def test_too_large_says_the_largest() -> None:
    with pytest.raises(BadValue, match=r"1e\+308 is larger than \$99,999,999,999.99"):
        to_cents(1e308)


def test_a_long_text_is_cut() -> None:
    with pytest.raises(BadValue) as refused:
        to_cents("x" * 5000)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize(
    ("cents", "text", "plain"),
    [
        (0, "0.00", "0.00"),
        (5, "0.05", "0.05"),
        (-5, "-0.05", "-0.05"),
        (123456, "1,234.56", "1234.56"),
        (-123456, "-1,234.56", "-1234.56"),
        (LARGEST, "99,999,999,999.99", "99999999999.99"),
    ],
)
def test_dollars(cents: int, text: str, plain: str) -> None:
    assert dollars(cents) == text
    assert dollars(cents, comma=False) == plain
    assert to_cents(text) == cents


# ---- rounding, rates, numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [
        (1, 2, 1),
        (-1, 2, -1),
        (3, 2, 2),
        (-3, 2, -2),
        (5, 2, 3),
        (49, 100, 0),
        (-49, 100, 0),
        (0, 7, 0),
        (2, 3, 1),
        (-2, 3, -1),
        (7, 1, 7),
    ],
)
def test_a_half_is_rounded_away_from_zero(numerator: int, denominator: int, whole: int) -> None:
    assert div_half_up(numerator, denominator) == whole
    assert round_half_up(Fraction(numerator, denominator)) == whole


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("18%", Fraction(18, 100)),
        ("36.36 mills", Fraction(3636, 100000)),
        ("0%", Fraction(0)),
        ("-2%", Fraction(-2, 100)),
        (" 8 % ", Fraction(8, 100)),
    ],
)
def test_a_rate_is_exact(text: str, fraction: Fraction) -> None:
    assert rate(text) == fraction


@pytest.mark.parametrize(
    "text", ["18", 18, 0.18, None, "", "eighteen %", "1e2%", "18%%", "18,5%", True, "nan%", "inf%", "1.5% per month"]
)
def test_a_bare_number_is_not_a_rate(text: object) -> None:
    with pytest.raises(BadValue, match="is not a rate"):
        rate(text, where="file.toml: interest[0].rate")


@pytest.mark.parametrize(
    ("cell", "exact"),
    [
        (2.248, Fraction(2248, 1000)),
        ("36.36", Fraction(3636, 100)),
        (0, Fraction(0)),
        (-0.0, Fraction(0)),
        (0.1 + 0.2, Fraction(3, 10)),
    ],
)
def test_a_number_is_exact(cell: object, exact: Fraction) -> None:
    assert number(cell) == exact


@pytest.mark.parametrize(
    "cell", [None, "", "abc", True, float("nan"), float("inf"), 1e308, 1e-308, "1,23", "2%", Decimal("NaN")]
)
def test_what_is_not_a_number_is_refused(cell: object) -> None:
    with pytest.raises(BadValue, match=r"rate: .*(is not a number|is too large or too small)"):
        number(cell, where="rate")


# ---- days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2025, 8, 1),
        dt.datetime(2025, 8, 1),
        dt.datetime(2025, 8, 1, 14, 30),
        "2025-08-01",
        " 2025-08-01 ",
        "2025-08-01T00:00:00",
        "2025-08-01 00:00:00.000",
        np.datetime64("2025-08-01"),
        "8/1/2025",
        "08-01-2025",
        "8/1/25",
        "2025/08/01",
        "2025-8-1",
        "20250801",
        20250801,
        20250801.0,
        "08012025",
        "August 1, 2025",
        "Aug 1 2025",
        "Aug. 1st, 2025",
        "Friday, August 1, 2025",
        "1 August 2025",
        "1-Aug-25",
        "01-AUG-2025",
        "8/1/2025 2:05:11 PM",
        "8/1/2025 11:59 p.m. EST",
        "2025-08-01 14:30",
        "2025-08-01T23:30:00-05:00",
        "2025-08-01T00:15:00.000Z",
        "8/1/2025, 10:00 PM",
    ],
)
def test_a_day_is_read(cell: object) -> None:
    got = to_date(cell)
    assert got == dt.date(2025, 8, 1)
    assert type(got) is dt.date


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "13/5/2025",
        "2/30/2025",
        "1/2-2025",
        "12-4-1",
        "13-7.01",
        "8/2025",
        "August 2025",
        "20251301",
        "2025-02-29",
        "2025-13-01",
        "25-08-01",
        "45870",
        45870,
        45870.0,
        True,
        float("nan"),
        1e308,
        dt.date(1900, 1, 1),
        dt.date(1899, 12, 30),
        dt.datetime(1900, 1, 1),
        "1900-01-01",
        "0001-01-01",
        "2200-01-01",
        dt.date(2200, 1, 1),
        dt.time(12, 0),
    ],
)
def test_what_is_not_a_day_is_refused_with_its_place(cell: object) -> None:
    with pytest.raises(BadValue) as refused:
        to_date(cell, where="Duplicate!K7")
    assert str(refused.value).startswith("Duplicate!K7: ")


def test_the_month_comes_first_and_nothing_is_turned_around() -> None:
    """13/5/2025 has no month 13. It is refused and never read as May 13, unless somebody says that the day comes first."""
    assert to_date("5/1/2025") == dt.date(2025, 5, 1)
    with pytest.raises(
        BadValue, match=r"13/5/2025 is not a date: there is no month 13\. Enter month/day/year, such as 8/6/2025"
    ):
        to_date("13/5/2025")
    assert to_date("13/5/2025", order="dmy") == dt.date(2025, 5, 13)
    assert to_date("5/1/2025", order="dmy") == dt.date(2025, 1, 5)
    assert to_date("25/8/14", order="ymd") == dt.date(2025, 8, 14)
    assert to_date("14082025", order="dmy") == to_date("20250814", order="dmy") == dt.date(2025, 8, 14)
    for order in ("mdy", "dmy", "ymd"):
        assert to_date("2025-08-14", order=order) == to_date("14-Aug-2025", order=order) == dt.date(2025, 8, 14)


def test_a_year_of_two_digits_is_near_our_time() -> None:
    assert [to_date(f"8/1/{y}").year for y in ("00", "25", "68", "69", "99")] == [2000, 2025, 2068, 1969, 1999]


def test_the_first_and_the_last_day_there_are() -> None:
    assert to_date(EARLIEST) == EARLIEST
    assert to_date(LATEST) == LATEST
    with pytest.raises(BadValue, match="Check the year"):
        to_date(EARLIEST - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 2, "2025-03-31"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-11-15", 3, "2026-02-15"),
        ("2025-08-01", 0, "2025-08-01"),
    ],
)
def test_months_later(day: str, months: int, then: str) -> None:
    assert add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(then)


def test_the_end_of_a_month() -> None:
    assert month_end(dt.date(2024, 2, 3)) == dt.date(2024, 2, 29)
    assert month_end(dt.date(2025, 12, 31)) == dt.date(2025, 12, 31)


def test_closed_days_weekends_holidays_and_the_towns_own_table_which_wins() -> None:
    good_friday, christmas = dt.date(2025, 4, 18), dt.date(2025, 12, 25)
    state = ClosedDays("NJ")
    assert state.is_closed(dt.date(2025, 2, 8))  # a Saturday
    assert state.is_closed(christmas)
    assert not state.is_closed(dt.date(2025, 2, 10))
    assert not ClosedDays("").is_closed(christmas), "no State given: weekends only"
    own = ClosedDays("NJ", closed=[dt.date(2025, 2, 10)], opened=[christmas, dt.date(2025, 2, 8), good_friday])
    assert own.is_closed(dt.date(2025, 2, 10))
    assert not own.is_closed(christmas)
    assert not own.is_closed(dt.date(2025, 2, 8)), "the town opens on a Saturday"
    assert ClosedDays("", closed=[christmas], opened=[christmas]).is_closed(christmas) is False


def test_the_next_open_day_and_a_run_of_open_days() -> None:
    days = ClosedDays("NJ", closed=[dt.date(2025, 3, 10)])
    assert days.next_open(dt.date(2025, 3, 8)) == dt.date(2025, 3, 11)
    assert days.next_open(dt.date(2025, 3, 11)) == dt.date(2025, 3, 11)
    assert days.open_days(dt.date(2025, 3, 7), 3) == [dt.date(2025, 3, 7), dt.date(2025, 3, 11), dt.date(2025, 3, 12)]
    assert days.open_days(dt.date(2025, 3, 7), 0) == []
