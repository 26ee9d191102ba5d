"""How the slow reading counts time: days, months, bands, last free days. Part of replay.py."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor

import holidays

from xltax.errors import BadProfile
from xltax.law.profile import Rule

DAY = dt.timedelta(days=1)
FOREVER = dt.date.max


@dataclass(frozen=True)
class Days:
    """The days an installment bears by: its own ones, or where a missed installment made it due, those of another."""

    due: dt.date
    nominal: dt.date  # the last free day before closed days and late bills are looked at
    last_free: dt.date
    first_late: dt.date  # the day the bill's first installment becomes delinquent, nominally
    last_late: dt.date  # the day its last one does
    is_last: bool


# ---- arithmetic ---------------------------------------------------------------------------------------------------


def half_up(value: Fraction | int) -> int:
    """To the nearest whole cent, a half up. (Below zero only remainders of rounding are ever rounded.)"""
    return floor(value + Fraction(1, 2))


def months_on(day: dt.date, months: int) -> dt.date:
    """The same day-number so many months on, or the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        if number <= day.day:
            try:
                return dt.date(year, month + 1, number)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def on_number(start: dt.date, months: int, number: int) -> dt.date:
    """That day-number of the month so many months after the start's, or its last day; number 0: the day before its 1st."""
    first = months_on(start.replace(day=1), months)
    day = first - DAY
    for _ in range(number):
        if (day + DAY).month != first.month:
            break
        day += DAY
    return day


def own_number(law, start: dt.date) -> int:
    """The day-number months go by: 31 from the last day of a month, where the law keeps to the ends of months."""
    last = (start + DAY).day == 1
    return 31 if last and law.from_month_end == "month_end" else start.day


def close_of(law, start: dt.date, months: int) -> dt.date:
    """The last day of so many months counted from a day."""
    return on_number(start, months, own_number(law, start) - (1 if law.month_ends == "day_before" else 0))


def completed_months(law, base: dt.date, day: dt.date) -> int:
    number = base.day if law.counted_from != "due" else own_number(law, base)
    months = 0
    while on_number(base, months + 1, number) <= day:
        months += 1
    return months


def months_begun(law, base: dt.date, day: dt.date) -> int:
    """How many months have begun by a day: it lies after the close of all but the last of them."""
    months = 0
    while day > (on_number(base, months, base.day - 1) if law.counted_from != "due" else close_of(law, base, months)):
        months += 1
    return months


@lru_cache(maxsize=256)
def state_holidays(state: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("US", subdiv=state, years=year))


def natural(text: str) -> tuple:
    """By number: R2 comes before R10."""
    return tuple((0, int(t), "") if t.isdigit() else (1, 0, t) for t in re.split(r"(\d+)", text) if t)


# ---- how time is counted --------------------------------------------------------------------------------------------


def count(law, base: dt.date, day: dt.date, next_open=None) -> Fraction:
    """What `day` has reached, counted from `base`, in the units of this law. Zero before the base.

    next_open: the next day on which the office is open, for a law that moves its last days.
    """
    if day < base:
        return Fraction(0)
    if law.method == "tiered_annual":
        if law.day_count == "30/360":
            units = max(0, days_360(base, day))
        elif law.day_count == "whole_months":
            return Fraction(completed_months(law, base, day))
        else:
            units = (day - base).days
        return Fraction(units + 1 if law.ends == "both" else units)
    if law.method == "per_month_or_part":
        if law.months == "anniversary":
            return Fraction(months_begun(law, base, day))
        return Fraction((day.year - base.year) * 12 + day.month - base.month + 1)
    if law.method == "per_period_capped":
        late = (day - base).days + (1 if law.counted_from != "due" else 0)
        periods = -(-late // law.days) if law.part_counts else late // law.days
        return Fraction(min(periods, law.most))
    if law.method == "by_date_band":
        return max(Fraction(0), band_rate(law, base, day, next_open))
    if law.method == "flat":
        return Fraction(1)
    raise AssertionError(law.method)


def days_360(base: dt.date, day: dt.date) -> int:
    """As the spreadsheet's DAYS360: every month 30 days; a 31st is the 30th only from a base on the 30th or later."""
    last_of_february = base.month == 2 and (base + DAY).month == 3
    start = 30 if base.day == 31 or last_of_february else base.day
    end = 30 if day.day == 31 and start == 30 else day.day
    return (day.year - base.year) * 360 + (day.month - base.month) * 30 + end - start


def on_month_day(year: int, month_day: str) -> dt.date:
    """The month and day of a year; 02-29 means the last day of February."""
    month, number = map(int, month_day.split("-"))
    if (month, number) == (2, 29):
        return dt.date(year, 3, 1) - DAY
    return dt.date(year, month, number)


def is_named(day: dt.date, month_day: str) -> bool:
    return day == on_month_day(day.year, month_day)


def first_after(day: dt.date, month_day: str) -> dt.date:
    """The first such month and day after a day."""
    return next(d for d in (on_month_day(day.year + n, month_day) for n in (0, 1)) if d > day)


def counted_from(law, days: Days) -> dt.date:
    """The day this law counts from."""
    since = getattr(law, "counted_from", "due")
    named = {
        "due": days.due,
        "delinquent": days.nominal + DAY,
        "day_after_due": days.due + DAY,
        "next_month": on_number(days.due, 1, 1),
        "first_installment": days.first_late,
        "last_installment": days.last_late,
    }
    return named[since] if since in named else first_after(days.due, since)


def monthly_rate(law) -> Fraction:
    """The rate of a unit; a monthly one rounded half up to a part of a percent where the law says so."""
    step = getattr(law, "rate_rounded", 0)
    return half_up(law.rate / step) * step if step else law.rate


def band_close(law, base: dt.date, months: int, next_open) -> dt.date:
    last = close_of(law, base, months)
    return next_open(last) if law.roll else last


def band_rate(law, base: dt.date, day: dt.date, next_open) -> Fraction:
    for band in law.bands:
        if band.months is None or day <= band_close(law, base, band.months, next_open):
            return band.rate
    raise AssertionError("the last band is open")


def counts_the_day_itself(law) -> bool:
    if law.method == "tiered_annual":
        return law.ends == "both" and law.day_count != "whole_months"
    return law.method in ("per_month_or_part", "per_period_capped", "by_date_band", "schedule")


def has_tiers(law) -> bool:
    return law.method == "tiered_annual" and law.bracket != "none" and len(law.tiers) > 1


def before_or_on(change: dt.date, rule: Rule) -> dt.date:
    return change - DAY if counts_the_day_itself(rule.params) else change


def year_of(law) -> int:
    return {"30/360": 360, "actual/360": 360, "actual/365": 365, "whole_months": 12}[law.day_count]


def late_bill_day(grace, due: dt.date, mailed: dt.date | None) -> dt.date | None:
    """To which day a bill mailed late is free, before closed days; None where the rule is not for it."""
    if not mailed or not grace.late_bill_days:
        return None
    if grace.late_bill_due and not any(is_named(due, d) for d in grace.late_bill_due):
        return None
    if grace.late_bill_if_after:
        near = [on_month_day(due.year + n, grace.late_bill_if_after) for n in (-1, 0, 1)]
        if mailed < min(near, key=lambda day: abs((day - due).days)):
            return None
    late = mailed + grace.late_bill_days * DAY
    return on_number(late, 1, 1) - DAY if grace.late_bill_to == "month_start" else late


def nominal_last_day(grace, due: dt.date) -> dt.date:
    """The last free day before closed days and late bills are looked at."""
    if grace.counted == "by_day_number":
        return due + (grace.days - 1) * DAY
    if grace.counted == "days_following":
        return due + grace.days * DAY
    if grace.counted == "months":
        return close_of(grace, due, grace.months)
    if grace.counted == "fixed":
        for entry in grace.fixed:
            if is_named(due, entry.due):
                last = on_month_day(due.year, entry.last)
                return last if last >= due else on_month_day(due.year + 1, entry.last)
        raise BadProfile(f"no last free day is listed for {due}")
    return due
