"""Dates, months, day counts and closed days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
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


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def to_date(value: object, *, where: str = "") -> dt.date:
    """A date from a date, a date and time, or text written year-month-day (2025-08-01).

    Text in another order is refused, since 8/1/2025 is two different days in two offices.
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        if not EARLIEST <= value <= LATEST:
            raise BadValue(
                f"{value.isoformat()} is not between {EARLIEST} and {LATEST}.", where=where, do="Check the year."
            )
        return value
    text = "" if value is None else str(value).strip()
    if _ISO.fullmatch(text[:10]) and (len(text) == 10 or re.fullmatch(r"[T ]00:00(:00(\.0+)?)?", text[10:])):
        try:
            return to_date(dt.date.fromisoformat(text[:10]), where=where)
        except ValueError:
            raise BadValue(f"{text} is not on the calendar.", where=where, do="Check the month and day.") from None
    shown = f'"{text}"' if text else "an empty cell"
    raise BadValue(
        f"{shown} is not a date.",
        where=where,
        do="Enter a date. In text files, write year-month-day, such as 2025-08-01.",
    )


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
