"""The total that a schedule or a list of bands has reached by a day, as a formula in closed form."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from xltax.errors import BadProfile
from xltax.faces.formulas.text import (
    Cannot,
    end_of_months,
    month_day,
    months_between,
    next_on,
    open_day,
)
from xltax.law.interest import ByDateBand, Schedule, ScheduleStep
from xltax.law.interest.days import Days

YEAR = dt.timedelta(days=366)

_NEVER = "2958466"
"""The day after the last day of a spreadsheet's calendar: a step that this tax never meets."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A total by date: the steps of the formula, the total at `on` in whole units, and when no total can be given."""

    bindings: list[tuple[str, str]]
    scale: int  # units of the total in 100%
    wrong: str = ""  # true where the rule's own steps contradict each other for this due date


def of_bands(rule: ByDateBand) -> Reached:
    """The rate of the band that holds the day; a discount counts as nothing."""
    rates = [max(Fraction(0), band.rate) for band in rule.bands]
    scale = math.lcm(*(rate.denominator for rate in rates))
    text = str(int(rates[0] * scale))
    for band, rate in zip(rule.bands, rates[1:], strict=False):
        last = end_of_months(
            "due",
            str(band.months),
            day_before=rule.month_ends == "day_before",
            keep_month_end=rule.from_month_end == "month_end",
        )
        text = f"IF(on>{open_day(last, rule.roll)},{int(rate * scale)},{text})"
    return Reached([("reached", f"LAMBDA(on,{text})")], scale)


def of_steps(rule: Schedule, known: Sequence[Days] = ()) -> Reached:
    """The total that the steps have come to.

    known: the days of every due date there can be. With them, the order of the steps is known, and the formula is shorter.
    """
    rates = [Fraction(r) for s in rule.steps for r in (s.total, s.add, s.then, s.most) if r is not None]
    scale = math.lcm(*(rate.denominator for rate in rates))
    bindings: list[tuple[str, str]] = []
    parts = []
    order = _Order(rule, known)
    for number, step in enumerate(rule.steps):
        own = _Step(rule, number, step, scale, order)
        bindings += own.bindings()
        parts.append(f"IF({own.holds()},{own.amount()},0)")
    # Only a step with a total ends what came before it, and a total below zero is a discount, not a charge.
    bindings.append(("reached", f"LAMBDA(on,MAX(0,{'+'.join(parts)}))"))
    return Reached(bindings, scale, "" if order.consistent else _contradiction(rule))


def _begin(number: int) -> str:
    return f"begin_{chr(97 + number)}"


class _Order:
    """Which steps always begin before which, for the due dates there can be."""

    def __init__(self, rule: Schedule, known: Sequence[Days]) -> None:
        begun = [[step.begins(days, rule.roll, rule.roll_months) for step in rule.steps] for days in known]
        count = range(len(rule.steps))
        self._before = {
            (a, b)
            for a in count
            for b in count
            if a != b and begun and all(_comes_first((row[a], a), (row[b], b)) for row in begun)
        }
        self.consistent = len(rule.steps) > 1 and bool(known) and all(_agrees(rule, days) for days in known)

    def before(self, one: int, other: int) -> bool:
        """Whether one step always begins first."""
        return (one, other) in self._before


def _comes_first(one: tuple[dt.date | None, int], other: tuple[dt.date | None, int]) -> bool:
    """Whether a step begins before another one; a step that is never met does not."""
    (day, number), (other_day, other_number) = one, other
    if day is None or other_day is None:
        return False
    return (day, number) < (other_day, other_number)


def _agrees(rule: Schedule, days: Days) -> bool:
    """Whether the totals of the steps never fall for this due date."""
    begun = [day for step in rule.steps if (day := step.begins(days, rule.roll, rule.roll_months))]
    try:
        rule.marks(days, max(begun, default=days.due) + YEAR)  # after the last step a total only grows
    except BadProfile:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a schedule."""

    rule: Schedule
    number: int
    step: ScheduleStep
    scale: int
    order: _Order

    @property
    def begin(self) -> str:
        return _begin(self.number)

    def bindings(self) -> list[tuple[str, str]]:
        return [(self.begin, self._begins())]

    def _begins(self) -> str:
        step, rolls, waits = self.step, self.rule.roll, self.rule.roll_months
        if step.due:
            raise Cannot("each due date has steps of its own")
        if step.at == "bill":
            return "0"
        if step.at == "last_installment":
            raise Cannot("a step waits for the bill's last installment, which one amount does not show")
        if step.at == "delinquent":
            return "free+1"
        if step.on:
            day = _moved(next_on("due", step.on, step.years), waits)
            if step.same_year:
                return f"IF({month_day('YEAR(due)', step.on)}>due,{day},{_NEVER})"
            return day
        if step.next_month:
            return _moved(f"DATE(YEAR(due),MONTH(due)+{step.next_month},1)", waits)
        if step.after_months:
            last = end_of_months("due", str(step.after_months), day_before=False, keep_month_end=True)
            return f"{open_day(last, rolls)}+1"
        last = f"due+{step.after_days}" if step.after_days else f"free+{step.after_days_late}"
        return f"{open_day(last, rolls)}+1"

    def holds(self) -> str:
        """Whether the step has begun by `on` and no later step with a total has ended it."""
        asked = [f"{self.begin}<=on"]
        later = []
        for number, other in enumerate(self.rule.steps):
            if other.total is None or number == self.number or self.order.before(number, self.number):
                continue
            if self.order.before(self.number, number):
                later.append(number)
                continue
            # Of two steps on one day, the later one in the list comes last.
            before = "<" if number > self.number else "<="
            asked.append(f"OR({_begin(number)}>on,{_begin(number)}{before}{self.begin})")
        asked += [f"{_begin(one)}>on" for one in later if not any(self.order.before(x, one) for x in later)]
        return asked[0] if len(asked) == 1 else f"AND({','.join(asked)})"

    def amount(self) -> str:
        """What the step has come to by `on`."""
        step = self.step
        first = self._units(step.total if step.total is not None else step.add or Fraction(0))
        if not step.then:
            return str(first)
        if step.then < 0:
            raise Cannot("a step subtracts each month")
        until = f"MIN(on,{next_on(self.begin, step.then_until)})" if step.then_until else "on"
        come = f"{first}+{self._units(step.then)}*MAX(0,{self._added(until)}-{self._added(self.begin)})"
        return f"MAX({first},MIN({come},{self._units(step.most)}))" if step.most else come

    def _units(self, rate: Fraction) -> int:
        return int(rate * self.scale)

    def _added(self, day: str) -> str:
        """How many additions have come by a day."""
        step = self.step
        if step.after_months and not step.on_day:
            return self._added_after_months(day)
        # An addition that waits comes by a day if its own day comes by the day after the last open day before.
        upto = f"TOWN_OPEN_BEFORE({day}-1)+1" if self.rule.roll_months else day
        start = self._numbered_begin()
        number = str(step.on_day) if step.on_day else f"DAY({start})"
        months = (
            f"{months_between(start, upto)}-IF(DAY({upto})<MIN({number},DAY(DATE(YEAR({upto}),MONTH({upto})+1,0))),1,0)"
        )
        first = str(step.every_months)
        if step.on_day:
            first = f"IF(MIN({number},DAY(DATE(YEAR({start}),MONTH({start})+1,0)))>DAY({start}),0,1)"
        return f"MAX(0,INT(({months}-{first})/{step.every_months})+1)"

    def _numbered_begin(self) -> str:
        """The step's first day, before closed days move it by a month's rule."""
        if not self.rule.roll_months or not (self.step.on or self.step.next_month):
            return self.begin
        plain = replace(self, rule=replace(self.rule, roll_months=False))
        return f"({plain._begins()})"

    def _added_after_months(self, day: str) -> str:
        """The additions that come on the day after so many months from the due date."""
        upto = f"TOWN_OPEN_BEFORE({day}-1)" if self.rule.roll else f"({day}-1)"
        number = "IF(DAY(due+1)=1,31,DAY(due))"
        length = f"DAY(DATE(YEAR({upto}),MONTH({upto})+1,0))"
        months = f"{months_between('due', upto)}-IF(DAY({upto})<MIN({number},{length}),1,0)"
        step = self.step
        return f"MAX(0,INT(({months}-{step.after_months})/{step.every_months}))"


def _moved(day: str, waits: bool) -> str:
    """A first day that waits if the office is closed on the day before."""
    return f"TOWN_OPEN_DAY({day}-1)+1" if waits else day


def _contradiction(rule: Schedule) -> str:
    """True where a total falls to something else than zero, or rises after it ended with zero: replay refuses such a due date."""
    if len(rule.steps) == 1:
        return ""
    asked = []
    for number, step in enumerate(rule.steps):
        if step.total is None or step.at == "bill":
            continue
        begin = _begin(number)
        by_now = f"{begin}<=paid+1"
        if step.total > 0:
            asked.append(f"AND({by_now},reached({begin})<reached({begin}-1),reached({begin})>0)")
        else:
            asked.append(f"AND({by_now},reached({begin}-1)>0,reached({begin})=0,reached(paid+1)>0)")
    return "" if not asked else asked[0] if len(asked) == 1 else f"OR({','.join(asked)})"
