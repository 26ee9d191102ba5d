"""The small named formulas that the others share: cents, days, open days and rounding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from xltax.dates import ClosedDays
from xltax.faces.formulas.text import Named, date
from xltax.law.calendar import Grace
from xltax.law.interest import Interest
from xltax.law.params import Params
from xltax.law.profile import NEVER, Profile, Rule
from xltax.money import Cents

MOST: Cents = 10_000_000_00
"""The largest amount the formulas take. Excel keeps 15 digits, and the products of a figure must fit in them."""
MOST_VALUE: Cents = 1_000_000_000_00
"""The largest assessed value."""
YEARS_BACK, YEARS_AHEAD = 20, 5
P = TypeVar("P", bound=Params)
CLOSED, OPENED = "TOWN_CLOSED", "TOWN_OPENED"
"""The names of the cells that list the days on which the office is closed, and the weekend days on which it is open."""


@dataclass(frozen=True, slots=True)
class Years:
    """The first and last day that the formulas take."""

    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, profile: Profile, day: dt.date) -> Years:
        """The years around a day, from the first one for which the town's rules of interest and grace are all known."""
        first = dt.date(day.year - YEARS_BACK, 1, 1)
        starts: dict[tuple[object, ...], dt.date] = {}
        for rule in (*profile.all(Interest), *profile.all(Grace)):
            if not rule.only.classes:
                key = rule.name, rule.sort, rule.types, rule.part
                starts[key] = min(starts.get(key, NEVER), rule.start)
        return cls(max(first, *starts.values()) if starts else first, dt.date(day.year + YEARS_AHEAD, 12, 31))

    def closed(self, days: ClosedDays) -> list[dt.date]:
        """The weekdays on which the office is closed, and those of two more years: a last day may move past the end."""
        return [day for day in self._every() if day.weekday() < 5 and days.is_closed(day)]

    def opened(self, days: ClosedDays) -> list[dt.date]:
        """The Saturdays and Sundays on which the office is open."""
        return [day for day in self._every() if day.weekday() >= 5 and not days.is_closed(day)]

    def _every(self) -> list[dt.date]:
        count = (self.last - self.first).days + 800
        return [self.first + dt.timedelta(days=n) for n in range(-40, count)]


def strongest(rules: Iterable[Rule[P]], first: dt.date) -> list[Rule[P]]:
    """The rules in force from a day on, without the general ones to which the more particular ones leave no time."""
    kept = [rule for rule in rules if rule.end > first]
    for weight in sorted({rule.weight for rule in kept}, reverse=True):
        most = [rule for rule in kept if rule.weight >= weight]
        day = first
        while day < NEVER and (found := next((rule for rule in most if rule.covers(day)), None)):
            day = found.end
        if day >= NEVER:
            return most
    return kept


def in_force(rules: Iterable[Rule[P]], key: str, first: dt.date, text_of: Callable[[P], str]) -> str:
    """The text of the rule in force on the day that `key` gives, the more particular rule first; #N/A where there is none."""
    text = "NA()"
    for rule in reversed([rule for rule in rules if rule.end > first]):
        mine = text_of(rule.params)
        asked = [f"{key}>={date(rule.start)}"] if rule.start > first else []
        asked += [f"{key}<{date(rule.end)}"] if rule.end < NEVER else []
        condition = f"AND({','.join(asked)})" if len(asked) > 1 else "".join(asked)
        text = f"IF({condition},{mine},{text})" if condition and mine != text else mine
    return text


def helpers(years: Years, opens: bool) -> list[Named]:
    """The shared parts. opens: whether the office is open on some weekend days."""
    shut = f"OR(WEEKDAY(on,2)>5,COUNTIF({CLOSED},on)>0)"
    if opens:
        shut = f"AND(COUNTIF({OPENED},on)=0,{shut})"
    return [
        _cents("TOWN_CENTS", MOST),
        _cents("TOWN_VALUE", MOST_VALUE),
        # A text is larger than every number, so a date typed as text is refused as too late.
        Named("TOWN_DAY", f"LAMBDA(on,IF(OR(on<{date(years.first)},on>={date(years.last)}+1),NA(),INT(on)))"),
        Named("TOWN_OPEN_DAY", f"LAMBDA(on,IF({shut},TOWN_OPEN_DAY(on+1),on))"),
        Named("TOWN_OPEN_BEFORE", f"LAMBDA(on,IF({shut},TOWN_OPEN_BEFORE(on-1),on))"),
        # Whole numbers only: a quotient of 15 digits can be wrong in its last digit, a remainder of whole numbers cannot.
        Named(
            "TOWN_WHOLE",
            "LAMBDA(top,bottom,IF(top>4500000000000000,NA(),LET(whole,INT(top/bottom),whole-IF(top<whole*bottom,1,0))))",
        ),
        Named(
            "TOWN_HALF_UP",
            "LAMBDA(top,bottom,LET(whole,TOWN_WHOLE(top,bottom),whole+IF(2*(top-whole*bottom)>=bottom,1,0)))",
        ),
    ]


def _cents(name: str, most: Cents) -> Named:
    """An amount in cents. An empty cell is no amount of zero, and a fraction of a cent is a typing error."""
    return Named(
        name,
        'LAMBDA(amount,IF(OR(amount="",ISLOGICAL(amount)),NA(),LET(cents,ROUND(amount*100,0),'
        f"IF(OR(cents<0,cents>{most},ABS(amount*100-cents)>0.001),NA(),cents))))",
    )
