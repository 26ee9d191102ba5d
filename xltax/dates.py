"""Dates, months, day counts and closed days."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from xltax.errors import BadValue

EARLIEST, LATEST = dt.date(1910, 1, 1), dt.date(2199, 12, 31)
"""Earlier or later dates are typing errors. An empty cell read as a date falls in 1899 or 1900."""


def long_date(day: dt.date) -> str:
    """A date for a letter: August 1, 2025."""
    return f"{day:%B} {day.day}, {day.year}"


def short_date(day: dt.date) -> str:
    """A date for a printed table: Aug 1, 2025."""
    return f"{day:%b} {day.day}, {day.year}"


ORDERS = ("mdy", "dmy", "ymd")
"""The orders in which a sheet may write a date in figures. An American office puts the month first."""

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name[:3]: n for name, n in _MONTHS.items()} | {"sept": 9}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME = (
    r"(?:(?:[T,]| )\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AP]\.?M\.?)?"
    r"(?:\s*(?:Z|UTC|GMT|[ECMP][SD]?T|[+-]\d{2}:?\d{2}))?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_FIGURES = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d\d){_TIME}", re.IGNORECASE)
_DAY_NAME = rf"(?:(?:{'|'.join(f'{d[:3]}(?:{d[3:]})?' for d in calendar.day_name)})\.?,?\s+)?"
_NAMED = re.compile(
    rf"{_DAY_NAME}({_NAME})\.?[ -](\d{{1,2}})(?:st|nd|rd|th)?,?[ -]\s*(\d{{4}}|\d\d){_TIME}", re.IGNORECASE
)
_DAY_NAMED = re.compile(rf"{_DAY_NAME}(\d{{1,2}})[ -]({_NAME})\.?,?[ -](\d{{4}}|\d\d){_TIME}", re.IGNORECASE)
_RUN_TOGETHER = re.compile(rf"(\d{{8}}){_TIME}", re.IGNORECASE)


def to_date(value: object, *, where: str = "", order: str = "mdy") -> dt.date:
    """A date from a date, a date and time, or text as people write it: 8/6/2025, Aug 6, 2025, 6-Aug-25, 2025-08-06.

    order: which of day and month comes first in figures. Figures that cannot be in this order are refused and never turned
    around: 13/5/2025 has no month 13. A time and a zone may follow; the day is the day as written. Raises BadValue.
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        if not EARLIEST <= value <= LATEST:
            raise BadValue(
                f"{value.isoformat()} is not between {EARLIEST} and {LATEST}.", where=where, do="Check the year."
            )
        return value
    text = _text(value)
    if found := _parts(text, order):
        year, month, day = found
        if not 1 <= month <= 12:
            raise BadValue(f"{text} is not a date: there is no month {month}.", where=where, do=_write(order))
        try:
            return to_date(dt.date(year, month, day), where=where)
        except ValueError:
            raise BadValue(f"{text} is not on the calendar.", where=where, do="Check the month and day.") from None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        raise BadValue(
            f"{text} is a spreadsheet's number for a day, not a date.", where=where, do="Format the cells as dates."
        )
    shown = f'"{text}"' if text else "an empty cell"
    raise BadValue(f"{shown} is not a date.", where=where, do=_write(order))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or value != value:
        return ""
    if isinstance(value, int | float | Decimal) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return " ".join(str(value).split())


def _write(order: str) -> str:
    """How to write a date in an order, with an example."""
    return {
        "dmy": "Enter day/month/year, such as 6/8/2025 for August 6.",
        "ymd": "Enter year-month-day, such as 2025-08-06.",
    }.get(order, "Enter month/day/year, such as 8/6/2025.")


def _parts(text: str, order: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text; None for a text that is no date."""
    if m := _YEAR_FIRST.fullmatch(text):
        return int(m[1]), int(m[3]), int(m[4])
    if m := _NAMED.fullmatch(text):
        return _year(m[3]), _MONTHS[m[1].lower()], int(m[2])
    if m := _DAY_NAMED.fullmatch(text):
        return _year(m[3]), _MONTHS[m[2].lower()], int(m[1])
    if m := _FIGURES.fullmatch(text):
        one, two, three = m[1], m[3], m[4]
    elif m := _RUN_TOGETHER.fullmatch(text):
        if m[1][:2] in ("19", "20", "21") and m[1][4:6] <= "12":  # a day-first date cannot have such a year
            return int(m[1][:4]), int(m[1][4:6]), int(m[1][6:])
        one, two, three = m[1][:2], m[1][2:4], m[1][4:]
    else:
        return None
    if order == "ymd":
        return (_year(one), int(two), int(three)) if len(three) == 2 else None
    month, day = (one, two) if order == "mdy" else (two, one)
    return _year(three), int(month), int(day)


def _year(text: str) -> int:
    """A year of two digits is the nearest to our time: 25 is 2025, and 99 is 1999."""
    return int(text) + (0 if len(text) == 4 else 2000 if int(text) < 69 else 1900)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last day of that month if the month is shorter."""
    return day + relativedelta(months=months)


def end_of_months(start: dt.date, months: int, *, day_before: bool = False, keep_month_end: bool = False) -> dt.date:
    """The last day of a number of months counted from a day: the same day of a later month, or the day before.

    A month that has no such day ends with its last one: from January 31 the first month ends on February 28. Where
    `keep_month_end` is set, months counted from the last day of a month end with the months: April 30 and one is May 31.
    """
    number = 31 if keep_month_end and start == month_end(start) else start.day
    first = add_months(start.replace(day=1), months)
    return first + dt.timedelta(days=min(number - day_before, month_end(first).day) - 1)


def month_end(day: dt.date) -> dt.date:
    """The last day of the month."""
    return day + relativedelta(day=31)


def on_month_day(year: int, month_day: str) -> dt.date:
    """A month and day of a year. "02-29" means the last day of February in every year."""
    if month_day == "02-29":
        return month_end(dt.date(year, 2, 1))
    return dt.date.fromisoformat(f"{year}-{month_day}")


def nearest_month_day(to: dt.date, month_day: str) -> dt.date:
    """The day with this month and day that is nearest to a day: November 2 to a tax due December 1 is of the same year."""
    return min((on_month_day(to.year + n, month_day) for n in (-1, 0, 1)), key=lambda day: abs(day - to))


def is_month_day(day: dt.date, month_day: str) -> bool:
    """Whether a day is that month and day of its year; 02-29 is the last day of February."""
    return on_month_day(day.year, month_day) == day


def month_day_words(month_day: str) -> str:
    """A month and day as people say it: "02-01" is February 1, "02-29" the last day of February."""
    if month_day == "02-29":
        return "the last day of February"
    day = on_month_day(2023, month_day)
    return f"{day:%B} {day.day}"


STATES = (
    "AL", "AK", "AS", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "GU", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
    "LA", "ME", "MD", "MA", "MI", "MN", "MP", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK",
    "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UM", "UT", "VT", "VA", "VI", "WA", "WV", "WI", "WY",
)  # fmt: skip
"""The states and territories with known public holidays."""


@lru_cache(maxsize=512)
def public_holidays(country: str, state: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a state in a year, on the days observed."""
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=state or None, years=year))


class ClosedDays:
    """The days the office is closed: weekends and the state's public holidays, changed by the town's own table.

    The town's table names days it closes and days it opens although the state is on holiday. open_on: holidays, by month and
    day, that the office does not keep, nor the weekday they are moved to from a weekend.
    """

    def __init__(
        self,
        state: str = "",
        closed: Collection[dt.date] = (),
        opened: Collection[dt.date] = (),
        country: str = "US",
        open_on: Collection[str] = (),
    ) -> None:
        self.country, self.state, self.open_on = country, state, frozenset(open_on)
        self.closed, self.opened = frozenset(closed), frozenset(opened)

    def is_closed(self, day: dt.date) -> bool:
        if day in self.opened:
            return False
        if day in self.closed or day.weekday() >= 5:
            return True
        return (
            bool(self.state) and day in public_holidays(self.country, self.state, day.year) and not self._kept_open(day)
        )

    def _kept_open(self, day: dt.date) -> bool:
        """Whether the office works on this holiday, or on this weekday in place of a weekend holiday."""
        stands_for = {0: -1, 4: 1}.get(day.weekday(), 0)  # Monday for a Sunday, Friday for a Saturday
        days = (day, day + dt.timedelta(days=stands_for))
        return any(f"{d:%m-%d}" in self.open_on for d in days)

    def next_open(self, day: dt.date) -> dt.date:
        """The day itself if the office is open. Otherwise, the next open day."""
        while self.is_closed(day):
            day += dt.timedelta(days=1)
        return day

    def last_open(self, day: dt.date) -> dt.date:
        """The day itself if the office is open. Otherwise, the last open day before."""
        while self.is_closed(day):
            day -= dt.timedelta(days=1)
        return day

    def open_days(self, start: dt.date, count: int) -> list[dt.date]:
        """The first `count` open days on or after `start`."""
        days: list[dt.date] = []
        day = start
        while len(days) < count:
            if not self.is_closed(day):
                days.append(day)
            day += dt.timedelta(days=1)
        return days
