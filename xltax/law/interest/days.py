"""The days of one installment that its interest can be counted from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from xltax.dates import ClosedDays, add_months, month_day_words, on_month_day
from xltax.law.params import MONTH_DAY, Kind

DAY = dt.timedelta(days=1)

_DAYS = ("due", "delinquent", "day_after_due", "next_month", "first_installment", "last_installment")


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one installment: when it is due, when it becomes delinquent, and the same of its bill's first and last one.

    first_late and last_late are the days on which the bill's first and last installments become delinquent; a bill of one
    installment has its own day there. since: the day from which an opening balance bears interest.
    """

    due: dt.date
    last_free: dt.date
    first_late: dt.date
    last_late: dt.date
    since: dt.date | None = None
    closed: ClosedDays = field(default_factory=ClosedDays)

    @property
    def late(self) -> dt.date:
        """The first day on which the installment is delinquent."""
        return self.last_free + DAY

    @classmethod
    def all_on(cls, day: dt.date, closed: ClosedDays) -> Days:
        """An installment that is due, and delinquent at once, on one day: tax raised after the last free day."""
        return cls(day, day - DAY, day, day, None, closed)


def _read(value: Any) -> str:
    if value in _DAYS:
        return str(value)
    return str(MONTH_DAY.read(value))


COUNTED_FROM = Kind(
    ", ".join(f'"{day}"' for day in _DAYS)
    + ', or a month and day such as "07-01" for the first such day after the due date',
    _read,
)
FIRST_DAY = "the day time is counted from"


def has_own_base(counted_from: str) -> bool:
    """Whether time is counted from a day of its own, neither the due date nor the day of delinquency."""
    return counted_from not in ("due", "delinquent")


def base_of(counted_from: str, days: Days) -> dt.date | None:
    """The day time is counted from; None where it is the due date or the day of delinquency, which replay knows."""
    if not has_own_base(counted_from):
        return None
    if counted_from == "day_after_due":
        return days.due + DAY
    if counted_from == "next_month":
        return add_months(days.due.replace(day=1), 1)
    if counted_from == "first_installment":
        return days.first_late
    if counted_from == "last_installment":
        return days.last_late
    return next_on(days.due, counted_from)


def next_on(day: dt.date, month_day: str) -> dt.date:
    """The first such month and day after a day."""
    this_year = on_month_day(day.year, month_day)
    return this_year if this_year > day else on_month_day(day.year + 1, month_day)


def from_words(counted_from: str) -> str:
    """The day time is counted from, in words."""
    said = {
        "due": "the due date",
        "delinquent": "the day the tax becomes delinquent",
        "day_after_due": "the day after the due date",
        "next_month": "the first day of the month after the due date",
        "first_installment": "the day the bill's first installment becomes delinquent",
        "last_installment": "the day the bill's last installment becomes delinquent",
    }
    return said.get(counted_from) or f"{month_day_words(counted_from)} after the due date"
