"""Tries bills mailed very early and very late: a schedule that such a bill would break is found before anybody mails one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xltax.errors import BadProfile
from xltax.law.calendar import Grace, Installments
from xltax.law.interest import Interest
from xltax.law.interest.days import DAY
from xltax.law.levy import LEVY_TYPES
from xltax.law.profile import OneTax, Profile, Rule
from xltax.ledger.facts import closed_days_of
from xltax.ledger.lawbook import Dated, LawBook

EARLY, LATE = 60, 420
"""Days before the first due date, and after the last one, on which a bill is tried as mailed."""
YEARS = 5
"""For so many years after its due date a total must not fall."""


def broken_by_late_bills(profile: Profile) -> list[str]:
    """The schedules whose total would fall for a bill mailed late, in words. The first figure of such a bill would be refused."""
    said: dict[str, str] = {}
    book = LawBook(profile, closed_days_of(profile, dt.date(2032, 1, 1)))
    for bill, mailings in _bills(profile):
        seen: set[tuple[int, dt.date, object]] = set()
        for mailed in mailings:
            for one in bill:
                _try(book, one._replace(mailed=mailed, last_mailed=mailed), said, seen)
    return list(said.values())


def _try(book: LawBook, one: Dated, said: dict[str, str], seen: set[tuple[int, dt.date, object]]) -> None:
    """Tries every schedule on one installment, once for each set of days it can have."""
    days = book.days(one, *book.grace(one, one.due, one.mailed))
    for rule in _schedules(book.profile, one):
        key = id(rule), one.due, days
        where = f"{rule.source}.steps"
        if key in seen or where in said:
            continue
        seen.add(key)
        try:
            rule.params.marks(days, days.late + YEARS * 366 * DAY)
        except BadProfile as error:
            said[where] = (
                f"{where}: {error.problem.what.rstrip('.')}, if the bill is mailed {one.mailed}: the tax is then delinquent only on "
                f'{days.late}. Correct the steps, or write late_bill_interest = "late_day" in the grace rule if the law counts from that day.'
            )


def _schedules(profile: Profile, one: Dated) -> Iterator[Rule[Interest]]:
    """The rules by date of payment that can cover an installment at some time."""
    picks = {"due": one.due, "levy_year": dt.date(one.year, 1, 1)}
    for prior in (None, False, True):
        for rule in profile.select(Interest, one.levy_type, one.part, tax=one.tax._replace(prior=prior)):
            there = rule.end > one.due if rule.governs == "accrual" else rule.covers(picks[rule.governs])
            if rule.params.by_date and there:
                yield rule


def _bills(profile: Profile) -> Iterator[tuple[list[Dated], list[dt.date]]]:
    """One bill of each kind on which the law has a rule for late mailing, and the days on which it may be mailed."""
    graces = [rule for rule in profile.all(Grace) if rule.params.late_bill_days]
    parts = sorted({"", *(rule.part for rule in profile.all(Interest))})
    classes = sorted({"", *(name for rule in profile.rules for name in rule.only.classes)})
    limits = [0, *(rule.only.tax_above + 1 for rule in profile.rules if rule.only.tax_above)]
    taxes = [OneTax(name, billed, None) for name in classes for billed in sorted(set(limits))]
    if not any(rule.params.by_date for rule in profile.all(Interest)):
        return
    for levy_type, dues, year in _due_dates(profile) if graces else ():
        for part in parts:
            for tax in taxes:
                bill = [
                    Dated(levy_type, part, due, year, first_due=dues[0], last_due=dues[-1], tax=tax) for due in dues
                ]
                found = [profile.find(Grace, one.due, levy_type, part, tax=tax) for one in bill]
                if None in found or not any(rule in graces for rule in found):
                    continue
                length = (dues[-1] - dues[0]).days + EARLY + LATE
                yield bill, [dues[0] + (n - EARLY) * DAY for n in range(length)]


def _due_dates(profile: Profile) -> Iterator[tuple[str, tuple[dt.date, ...], int]]:
    """The levy type, due dates and year of one bill of each kind; without a rule on installments, bills due in two months."""
    bills = {
        (levy_type, tuple(schedule.due_dates(year)), year)
        for rule in profile.all(Installments)
        for schedule in (rule.params, rule.params.for_home())
        for year in {2024, 2025, rule.start.year + 1}
        if 1900 < year < 2100 and rule.covers(dt.date(year, 1, 1))
        for levy_type in rule.types or _types(profile)
    }
    yield from sorted(bills) or [("RE", (dt.date(2025, month, 1),), 2025) for month in (1, 7)]


def _types(profile: Profile) -> tuple[str, ...]:
    """The levy types that a rule names, and one more for all the others."""
    named = {levy_type for rule in profile.rules for levy_type in rule.types}
    return (*sorted(named), *[name for name in LEVY_TYPES if name not in named][:1])
