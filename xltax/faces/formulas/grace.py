"""The last day to pay without interest, as a formula over the due date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from xltax.dates import ClosedDays, on_month_day
from xltax.faces.formulas.helpers import Years, in_force, strongest
from xltax.faces.formulas.text import (
    Cannot,
    end_of_months,
    is_month_day,
    month_day,
    nearest_on,
    open_day,
)
from xltax.law.calendar import Grace
from xltax.law.interest.days import DAY, Days
from xltax.law.profile import Profile, Rule

MOST_OPEN_DAYS = 20


@dataclass(frozen=True, slots=True)
class LastDays:
    """The days of a due date as formulas over `due`, and over `last_day` for the last two."""

    nominal: str  # before closed days
    free: str  # after closed days
    late: str  # for a bill mailed on `sent`; empty: the law does not ask when a bill was mailed


def last_days(profile: Profile, levy_type: str, part: str, first: dt.date) -> LastDays:
    """The last days of a levy type and part under the grace rules in force on the due date."""
    rules = strongest(profile.select(Grace, levy_type, part), first)
    if not rules:
        raise Cannot("the town has no grace rule for this levy type")
    if any(rule.only.classes or rule.only.tax_above for rule in rules):
        raise Cannot("the grace period depends on the property class or on the amount of the bill")
    late = in_force(rules, "due", first, _late)
    return LastDays(
        in_force(rules, "due", first, _nominal),
        in_force(rules, "due", first, _free),
        late if "sent" in late else "",
    )


def _nominal(rule: Grace) -> str:
    if rule.counted == "by_day_number":
        return f"due+{rule.days - 1}"
    if rule.counted == "days_following":
        return f"due+{rule.days}"
    if rule.counted == "months":
        return end_of_months(
            "due",
            str(rule.months),
            day_before=rule.month_ends == "day_before",
            keep_month_end=rule.from_month_end == "month_end",
        )
    if rule.counted == "fixed":
        text = "NA()"
        for one in reversed(rule.fixed):
            text = f"IF({is_month_day('due', one.due)},{_fixed(one.due, one.last)},{text})"
        return text
    return "due"


def _fixed(due: str, last: str) -> str:
    """The listed last day: of the due date's year, or of the next year if that day comes before the due date."""
    if "02-29" in (due, last) and due[:2] == last[:2] and due != last:
        raise Cannot("the listed last day is in February beside the last day of February")
    return month_day("YEAR(due)" if last >= due else "YEAR(due)+1", last)


def _free(rule: Grace) -> str:
    if rule.counted == "business_days_following":
        if rule.days > MOST_OPEN_DAYS:
            raise Cannot(f"the grace period has more than {MOST_OPEN_DAYS} business days")
        text = "due"
        for _ in range(rule.days):
            text = open_day(f"{text}+1")
        return text
    return open_day("last_day", rule.roll)


def _late(rule: Grace) -> str:
    """The last free day of a bill mailed on `sent`; zero: not mailed late."""
    if not rule.late_bill_days:
        return "free"
    day = f"sent+{rule.late_bill_days}"
    if rule.late_bill_to == "month_start":
        day = f"DATE(YEAR({day}),MONTH({day})+1,0)"
    when = ["sent>0"]
    if rule.late_bill_due:
        listed = [is_month_day("due", text) for text in rule.late_bill_due]
        when.append(listed[0] if len(listed) == 1 else f"OR({','.join(listed)})")
    if rule.late_bill_if_after:
        when.append(f"sent>={nearest_on('due', rule.late_bill_if_after)}")
    asked = when[0] if len(when) == 1 else f"AND({','.join(when)})"
    return f"IF({asked},MAX(free,{open_day(day, rule.roll)}),free)"


def every_due_date(rules: Sequence[Rule[Grace]], years: Years, closed: ClosedDays) -> list[Days]:
    """The days of every due date of the years, if the grace rules list their due dates; otherwise nothing."""
    found: list[Days] = []
    for rule in rules:
        if rule.params.counted != "fixed":
            return []
        for year in range(years.first.year, years.last.year + 1):
            for one in rule.params.fixed:
                due = on_month_day(year, one.due)
                if rule.covers(due) and years.first <= due <= years.last:
                    free = rule.params.last_free_day(due, closed)
                    found.append(Days(due, free, free + DAY, free + DAY, None, closed))
    return found
