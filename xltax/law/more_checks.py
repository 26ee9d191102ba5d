"""Mistakes between rules and in their sizes: two rules for one tax, a last free day a year away, an empty fee, a total that falls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from xltax.errors import BadProfile
from xltax.law.calendar import Grace, Installments
from xltax.law.fees import Fee
from xltax.law.interest import Interest
from xltax.law.interest.days import DAY, Days
from xltax.law.interest.schedule import Schedule
from xltax.law.params import Params, percent
from xltax.law.profile import Profile, Rule
from xltax.law.rates import Rate

LONG = 300
"""More days without interest than this after a due date are a mistake, unless `assume` says why."""


def faults(profile: Profile) -> list[str]:
    """Every such mistake, with its file and key, and what to do."""
    found = [*_of_types_twice(profile), *_of_long_grace(profile), *_of_falling(profile)]
    for rule in profile.rules:
        found += [*_of_empty_fees(rule), *_of_sizes(rule)]
    return found


def _of_types_twice(profile: Profile) -> Iterator[str]:
    """Two rules for overlapping lists of levy types: nobody could say which of them holds."""
    for one, other in combinations((r for r in profile.rules if r.types), 2):
        both = sorted(set(one.types) & set(other.types))
        same = one.slot[:2] + one.slot[3:] == other.slot[:2] + other.slot[3:]
        if both and same and one.slot != other.slot and one.start < other.end and other.start < one.end:
            yield (
                f"{other.source}.types: {both[0]} is already in the types of {one.source}, and both rules are in force at once. "
                f"List each levy type in one {one.name} rule, or write the same list, {', '.join(one.types)}, to replace that rule."
            )


def _of_long_grace(profile: Profile) -> Iterator[str]:
    """Last free days nearly a year after the due date, such as one written with a day before the due date."""
    said: dict[str, str] = {}
    for rule in profile.all(Installments):
        for schedule in (rule.params, rule.params.for_home()):
            for due in schedule.due_dates(2025):
                for levy_type in rule.types or ("RE",):
                    grace = profile.find(Grace, due, levy_type, rule.part)
                    if grace is not None and not any(a.what in ("fixed", "days", "months") for a in grace.assume):
                        said = _long(grace, due) | said
    yield from said.values()


def _long(grace: Rule[Grace], due: dt.date) -> dict[str, str]:
    try:
        last = grace.params.nominal(due)
    except BadProfile:
        return {}  # a due date missing from the list is said elsewhere
    if (last - due).days <= LONG:
        return {}
    key = {"fixed": "fixed", "months": "months"}.get(grace.params.counted, "days")
    where = f"{grace.source}.{key}"
    return {
        where: f"{where}: a tax due {due:%m-%d} would be free of interest until {last}, {(last - due).days} days later. Correct the "
        f'last free day, or explain it under assume with what = "{key}".'
    }


def _of_empty_fees(rule: Rule[Params]) -> Iterator[str]:
    """Fees without an amount or a rate; a rate of 0% says that there is none."""
    fee = rule.params
    if not isinstance(fee, Fee) or any(a.what == "amount" for a in rule.assume):
        return
    if not (fee.amount or fee.then or fee.least or isinstance(fee.rate, Rate)):
        yield (
            f'{rule.source}: the fee "{fee.kind}" has no amount and no rate. Enter amount or rate. If nothing is charged, write '
            'rate = "0%". If the office sets the amount, say so under assume with what = "amount".'
        )


def _of_sizes(rule: Rule[Params]) -> Iterator[str]:
    """A charge of more than the whole tax at once."""
    rate = getattr(rule.params, "rate", None)
    if rule.name in ("interest", "penalty", "discount") and isinstance(rate, Fraction) and rate > 1:
        yield f"{rule.source}.rate: {percent(rate)} is more than the whole tax. Correct the rate."


def _of_falling(profile: Profile) -> Iterator[str]:
    """Totals of a schedule that fall on the way, for any due date of the town."""
    dues = {
        due
        for rule in profile.all(Installments)
        for schedule in (rule.params, rule.params.for_home())
        for due in schedule.due_dates(2025)
    } or {dt.date(2025, month, 1) for month in (1, 7)}
    for rule in profile.all(Interest):
        if isinstance(rule.params, Schedule):
            for due in sorted(dues):
                days = Days(due, due, due + DAY, due + DAY)
                try:
                    rule.params.marks(days, due + 5 * 366 * DAY)
                except BadProfile as error:
                    yield f"{rule.source}.steps: {error.problem.what} {error.problem.do}"
                    break
