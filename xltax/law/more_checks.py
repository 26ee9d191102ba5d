"""Mistakes between rules and in their sizes: two rules for one tax, a last free day a year away, an empty fee, a total that falls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from xltax.errors import BadProfile
from xltax.law.allocation import Allocation
from xltax.law.calendar import Grace, Installments
from xltax.law.discounts import Discount
from xltax.law.fees import Fee
from xltax.law.interest import Interest
from xltax.law.interest.days import DAY, Days
from xltax.law.interest.schedule import Schedule, ScheduleStep
from xltax.law.params import Params, percent
from xltax.law.profile import Profile, Rule
from xltax.law.rates import Rate

BUSINESS_DAYS: dict[str, tuple[str, ...]] = {"days": ("business_days_following",)}
"""Other ways to count that use a setting."""
MOST_A_YEAR = 3
"""No yearly rate is above three times the tax."""
LONG = 300
"""More days without interest than this after a due date are a mistake, unless `assume` says why."""


def faults(profile: Profile) -> list[str]:
    """Every such mistake, with its file and key, and what to do."""
    found = [*_of_types_twice(profile), *_of_long_grace(profile), *_of_falling(profile)]
    for rule in profile.rules:
        where = f"{rule.source}."
        found += [*_of_empty_fees(rule), *_of_sizes(rule), *_of_notes(rule)]
        match rule.params:
            case Installments():
                found += _of_installments(where, rule.params)
            case Grace():
                found += _of_grace(where, rule.params)
            case Discount() if rule.params.until == "months_after" and rule.params.rate is not None:
                found += (
                    [] if rule.params.months else [f'{where}months: until = "months_after" needs months of at least 1.']
                )
            case Allocation():
                found += _of_order(where, rule.params)
            case Schedule():
                for n, step in enumerate(rule.params.steps, 1):
                    found += _of_step(f"{where}steps[{n}]", step)
    return found


def _of_types_twice(profile: Profile) -> Iterator[str]:
    """Two rules for overlapping lists of levy types: nobody could say which of them holds."""
    for one, other in combinations(profile.rules, 2):
        if one.slot == other.slot or one.slot[:2] != other.slot[:2] or one.part != other.part:
            continue
        if one.end <= other.start or other.end <= one.start:
            continue
        both = sorted(set(one.types) & set(other.types))
        classes = {c.casefold() for c in one.only.classes} & {c.casefold() for c in other.only.classes}
        if classes and one.types == other.types and one.only != other.only:
            yield (
                f"{other.source}.classes: {min(classes)} is already in the classes of {one.source}, and both rules are in force at once. "
                f"List each class in one {one.name} rule."
            )
        if both and one.only == other.only:
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
    """A charge of more than the whole tax at once or in a year, and a fee whose limits cross."""
    if rule.name in ("interest", "penalty", "discount"):
        rates = {"rate": getattr(rule.params, "rate", None)}
        for key, attribute in (("tiers", "rate"), ("steps", "total"), ("steps", "add"), ("steps", "then")):
            for n, entry in enumerate(getattr(rule.params, key, ()), 1):
                rates[f"{key}[{n}].{attribute}"] = getattr(entry, attribute, None)
        for key, rate in rates.items():
            if isinstance(rate, Fraction) and rate > (MOST_A_YEAR if key.startswith("tiers") else 1):
                yield f"{rule.source}.{key}: {percent(rate)} is more than the whole tax. Correct the rate."
    if isinstance(rule.params, Fee) and 0 < rule.params.most < rule.params.least:
        yield f"{rule.source}.most: the highest fee is below the lowest. Correct least or most."


def _of_notes(rule: Rule[Params]) -> Iterator[str]:
    """Citations and assumptions that say nothing."""
    for n, cite in enumerate(rule.cite, 1):
        if not cite.title.strip():
            yield f"{rule.source}.cite[{n}].title: the source has no name. Name the statute, ordinance or page."
    for n, assumption in enumerate(rule.assume, 1):
        if not assumption.why.strip():
            yield f"{rule.source}.assume[{n}].why: the assumption has no reason. Say why you chose the value."


def _of_installments(where: str, params: Installments) -> Iterator[str]:
    if not params.due:
        yield f"{where}due: there is no due date. List the month and day of each installment."
    if not 0 <= params.years_after <= 2:
        yield f"{where}years_after: {params.years_after} is not a number of years from the levy to the bill. Enter 0, 1 or 2."


def _of_grace(where: str, params: Grace) -> Iterator[str]:
    """Settings of another way to count, and due dates listed twice."""
    for key, ways in (("days", ("by_day_number", "days_following")), ("months", ("months",)), ("fixed", ("fixed",))):
        if getattr(params, key) and params.counted not in (*ways, *BUSINESS_DAYS.get(key, ())):
            yield f'{where}{key}: this has no effect beside counted = "{params.counted}". Delete it, or correct counted.'
    dues = [entry.due for entry in params.fixed]
    for due in sorted({d for d in dues if dues.count(d) > 1}):
        yield f"{where}fixed: {due} is listed twice. List each due date once."


def _of_order(where: str, params: Allocation) -> Iterator[str]:
    for n, step in enumerate(params.order, 1):
        if len(set(step.pay)) < len(step.pay):
            yield f"{where}order[{n}].pay: a column is listed twice. List each column once."


def _of_step(where: str, step: ScheduleStep) -> Iterator[str]:
    """Settings of a step that have no effect, and a limit below its start."""
    if not step.then and (step.most or step.on_day or step.then_until or step.every_months != 1):
        yield f"{where}: most, on_day, every_months and then_until need then, the percentage added each month."
    if not step.on and (step.years or step.same_year):
        yield f"{where}: years and same_year need on, a month and day."
    if step.most and step.most < (step.total or step.add or 0):
        yield f"{where}.most: the limit {percent(step.most)} is below the start of the step. Correct it."


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
