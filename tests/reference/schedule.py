"""What a schedule of percentages has come to on a day, in the slow reading: each step is asked by itself. Part of replay.py."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import count as counting
from itertools import takewhile

from tests.reference.dates import DAY, FOREVER, Days, first_after, is_named, on_month_day, on_number


def total_on(law, days: Days, day: dt.date, next_open) -> Fraction:
    """The percentage charged in all on a day. Below zero: a discount."""
    begun = sorted((first, place) for first, place in first_days(law, days, next_open) if first <= day)
    unmoved = {place: first for first, place in first_days(law, days, next_open, unmoved=True)}
    total = Fraction(0)
    for first, place in begun:
        step = law.steps[place]
        if step.total is not None:  # it ends whatever was before
            total = Fraction(0)
        more_on = takewhile(lambda d: d <= day, additions(step, unmoved[place], days))
        if step.on_day or not step.after_months:
            more_on = (month_first(law, d, next_open) for d in more_on)
        total += come_to(step, first, list(more_on), day)
    return total


def month_first(law, first: dt.date, next_open) -> dt.date:
    """A day of the calendar on which more is charged: later if the day before it is closed and the law waits for the next open one."""
    return next_open(first - DAY) + DAY if law.roll_months else first


def come_to(step, first: dt.date, more_on: list[dt.date], day: dt.date) -> Fraction:
    """What a step that began on a day has come to by another, its monthly additions with it."""
    own = step.add if step.total is None else step.total
    if not step.then:
        return own
    last = min(day, first_after(first, step.then_until)) if step.then_until else day
    added = own + step.then * sum(1 for d in more_on if first < d <= last)
    return max(own, min(added, step.most)) if step.most else added


def additions(step, first: dt.date, days: Days):
    """The days on which a step adds its `then`, without end."""
    for n in counting(1):
        if step.on_day:
            begin = on_number(first, 0, step.on_day)
            months = 0 if begin > first else 1
            yield on_number(first, months + (n - 1) * step.every_months, step.on_day)
        elif step.after_months:
            yield months_after(days.due, step.after_months + n * step.every_months) + DAY
        else:
            yield on_number(first, n * step.every_months, first.day)


def months_after(due: dt.date, months: int) -> dt.date:
    """The end of so many months; from the last day of a month they end with the months."""
    return on_number(due, months, 31 if (due + DAY).day == 1 else due.day)


def first_days(law, days: Days, next_open, unmoved: bool = False) -> list[tuple[dt.date, int]]:
    """(the first day, the place in the list) of each step this installment has."""

    def closing(last: dt.date) -> dt.date:
        return (next_open(last) if law.roll else last) + DAY

    def by_calendar(day: dt.date) -> dt.date:
        return day if unmoved else month_first(law, day, next_open)

    out = []
    for place, step in enumerate(law.steps):
        if step.due and not is_named(days.due, step.due):
            continue
        if step.at == "last_installment" and step.total is None and days.is_last:
            continue  # only the earlier installments have more to bear on that day
        if step.at == "last_installment":
            late = days.last_late
            first = closing(late - DAY + step.after_days_late * DAY) if step.after_days_late else late
        elif step.at == "bill":
            first = dt.date.min
        elif step.at == "delinquent":
            first = days.last_free + DAY
        elif step.on and step.same_year:
            first = on_month_day(days.due.year, step.on)
            if first <= days.due:
                continue
            first = by_calendar(first)
        elif step.on:
            following = first_after(days.due, step.on)
            first = by_calendar(on_month_day(following.year + step.years, step.on))
        elif step.next_month:
            first = by_calendar(on_number(days.due, step.next_month, 1))
        elif step.after_months:
            first = closing(months_after(days.due, step.after_months))
        elif step.after_days:
            first = closing(days.due + step.after_days * DAY)
        else:
            first = closing(days.last_free + step.after_days_late * DAY)
        out.append((first, place))
    return out


def discount_until(law, days: Days, next_open) -> tuple[Fraction, dt.date]:
    """(the discount, its last day) of a schedule that begins with one; nothing: 0."""
    rate = total_on(law, days, days.due, next_open)
    if rate >= 0:
        return Fraction(0), dt.date.min
    later = [first for first, _ in first_days(law, days, next_open) if first > days.due]
    return -rate, min(later) - DAY if later else FOREVER
