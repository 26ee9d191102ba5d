"""A schedule: the percentage charged in all, by the day the tax is paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from xltax.dates import add_months, end_of_months, is_month_day, month_day_words, on_month_day
from xltax.errors import BadProfile
from xltax.law.calendar import DISCOUNT_ON, IN_PARTS, EarlyPayment, earned_by
from xltax.law.interest.days import DAY, Days, next_on
from xltax.law.interest.method import (
    BASE,
    BASE_HELP,
    COMPONENT,
    LEAST,
    PLACED,
    ROUND_TO,
    ROUND_TO_HELP,
    Interest,
    base_words,
    dollar_words,
)
from xltax.law.interest.terms import MARKS, Terms
from xltax.law.params import (
    DAY_OF_MONTH,
    DAYS,
    FLAG,
    MONEY,
    MONTH_DAY,
    MONTHS,
    RATE,
    SIGNED_RATE,
    YEARS,
    Kind,
    Many,
    Params,
    choice,
    percent,
    setting,
)
from xltax.money import dollars

_NO_DAY = Kind(MONTH_DAY.allowed, lambda value: MONTH_DAY.read(value) if value else "")
_WHEN = ("at", "on", "next_month", "after_months", "after_days", "after_days_late")


@dataclass(frozen=True)
class ScheduleStep(Params):
    """One step: the day it begins, the percentage from then on, and what is added each month."""

    at: str = setting(
        choice("", "bill", "delinquent", "last_installment"),
        "when the step begins: from the start (only for a discount), when the installment becomes delinquent, or when the "
        "bill's last installment does",
        "",
    )
    due: str = setting(
        _NO_DAY, "only for tax due on this month and day, if installments have steps of their own; empty: for all", ""
    )
    on: str = setting(_NO_DAY, "or: on the first such month and day after the due date", "")
    years: int = setting(YEARS, "for on: this many years later", 0)
    same_year: bool = setting(
        FLAG, "for on: only if that day of the due date's own year comes after the due date", False
    )
    next_month: int = setting(
        MONTHS, "or: on the first day of this month after the due date's month, 1 for the next", 0
    )
    after_months: int = setting(MONTHS, "or: on the day after this many months from the due date", 0)
    after_days: int = setting(DAYS, "or: on the day after this many days from the due date", 0)
    after_days_late: int = setting(
        DAYS,
        "or: on the day after this many days from the last free day; with at, from that of the last installment",
        0,
    )
    total: Fraction | None = setting(
        SIGNED_RATE,
        "the percentage charged in all from then on, which ends every earlier step; below zero: a discount",
        None,
    )
    add: Fraction | None = setting(RATE, "or: the percentage added to what is charged already", None)
    then: Fraction = setting(RATE, "the percentage added each month after that; 0%: nothing", Fraction(0))
    every_months: int = setting(MONTHS, "for then: the months from one addition to the next", 1)
    on_day: int = setting(
        DAY_OF_MONTH, "for then: the day of the month it is added; 0: the day-number on which the step began", 0
    )
    most: Fraction = setting(RATE, "for then: it ends when the step has come to this; 0%: no limit", Fraction(0))
    then_until: str = setting(_NO_DAY, "for then: it ends with the first such month and day after the step", "")

    def check(self, where: str) -> None:
        late_last = self.at == "last_installment" and bool(self.after_days_late)
        if sum(bool(getattr(self, key)) for key in _WHEN) != 1 + late_last:
            raise BadProfile(
                "A step begins on one day.",
                where=where,
                do=f"Give one of {', '.join(_WHEN)}.",
            )
        if (self.total is None) == (self.add is None):
            raise BadProfile(
                "A step has a total or adds a percentage.", where=where, do='Give "total" or "add", not both.'
            )
        if self.add is not None and self.add < 0:
            raise BadProfile("A step cannot add less than 0%.", where=f"{where}.add", do="Use total.")
        if not 0 <= self.on_day <= 31 or self.every_months < 1 or self.years < 0:
            raise BadProfile(
                "on_day must be from 0 to 31, every_months at least 1, and years at least 0.",
                where=where,
                do="Correct it.",
            )

    def begins(self, days: Days, roll: bool, roll_months: bool = False) -> dt.date | None:
        """The first day of the step; None if this installment does not meet it."""
        if self.due and not is_month_day(days.due, self.due):
            return None
        if self.at == "bill":
            return dt.date.min
        if self.at == "delinquent":
            return days.late
        if self.at == "last_installment":
            if self.add is not None and days.last_late <= days.late:
                return None
            last = days.last_late - DAY + DAY * self.after_days_late
            return self._moved(days, last, roll and bool(self.after_days_late))
        if self.on:
            day = next_on(days.due, self.on)
            if self.same_year and day.year > days.due.year:
                return None
            return self._moved(days, on_month_day(day.year + self.years, self.on) - DAY, roll_months)
        if self.next_month:
            return self._moved(days, add_months(days.due.replace(day=1), self.next_month) - DAY, roll_months)
        if self.after_months:
            return self._after(days, self.after_months, roll)
        last = days.due + DAY * self.after_days if self.after_days else days.last_free + DAY * self.after_days_late
        return self._moved(days, last, roll)

    def _after(self, days: Days, months: int, roll: bool) -> dt.date:
        return self._moved(days, end_of_months(days.due, months, keep_month_end=True), roll)

    @staticmethod
    def _moved(days: Days, last: dt.date, roll: bool) -> dt.date:
        """The day after a last day, which the law may move to the next business day."""
        return (days.closed.next_open(last) if roll else last) + DAY

    def additions(self, days: Days, begun: dt.date, roll: bool, roll_months: bool = False) -> Iterator[dt.date]:
        """The days on which `then` is added, without end. begun: the step's first day, before a closed day moves it."""
        if self.after_months and not self.on_day:
            for n in count(1):
                yield self._after(days, self.after_months + n * self.every_months, roll)
        number = self.on_day or begun.day
        first = begun.replace(day=1)
        # The first such day after the step's own, then every so many months.
        start = 0 if self.on_day and _numbered(first, number) > begun else 1 if self.on_day else self.every_months
        for n in count(0):
            day = _numbered(add_months(first, start + n * self.every_months), number)
            yield self._moved(days, day - DAY, roll_months)

    def words(self) -> str:
        when = self._when_words()
        when = f"for tax due {month_day_words(self.due)} {when}".strip() if self.due else when
        what = f"{percent(self.total)} in all" if self.total is not None else f"{percent(self.add or Fraction(0))} more"
        if self.total is not None and self.total < 0:
            what = f"a discount of {percent(-self.total)}"
        elif self.total == 0:
            what = "nothing"
        text = f"{when}, {what}" if when else what
        if self.add is not None and self.at == "last_installment":
            text += " on the earlier installments"
        if self.then:
            each = {1: "each month", 12: "each year"}.get(self.every_months, f"every {self.every_months} months")
            text += f", and again {each}" if self.then == self.add else f", then {percent(self.then)} more {each}"
            text += f" on day {self.on_day}" if self.on_day else ""
            text += f" up to {percent(self.most)}" if self.most else ""
            text += f" until {month_day_words(self.then_until)}" if self.then_until else ""
        return text

    def _when_words(self) -> str:
        if self.on:
            which = {0: "", 1: "the second ", 2: "the third ", 3: "the fourth "}.get(self.years)
            if which is None:
                return f"from {month_day_words(self.on)}, {self.years} years after the first one"
            return f"from {which}{month_day_words(self.on)}" + (" of the same year" if self.same_year else "")
        if self.next_month:
            which = "next month" if self.next_month == 1 else f"month {self.next_month} after the due date"
            return f"from the first day of the {which}"
        if self.after_months:
            return f"more than {self.after_months} month{'s' * (self.after_months > 1)} after the due date"
        if self.after_days or self.after_days_late:
            since = "due date" if self.after_days else "last free day"
            whose = "the bill's last installment's" if self.at else "the"
            return f"more than {self.after_days or self.after_days_late} days after {whose} {since}"
        return {
            "bill": "from the start",
            "delinquent": "once delinquent",
            "last_installment": "once the bill's last installment is delinquent",
        }[self.at]


def _after(marks: list[tuple[dt.date, Fraction]], since: dt.date) -> list[tuple[dt.date, Fraction]]:
    """What the marks add after the day from which an opening balance bears interest."""
    before = next((total for day, total in reversed(marks) if day <= since), Fraction(0))
    return [(day, max(Fraction(0), total - before)) for day, total in marks if day > since]


def _numbered(first: dt.date, number: int) -> dt.date:
    """A month's day of that number, or its last day."""
    return min(first + DAY * (number - 1), add_months(first, 1) - DAY)


@dataclass(frozen=True)
class Schedule(Interest):
    """The percentage charged in all by the day of payment: steps by date, by months or days, and what each month adds."""

    method = "schedule"
    by_date = True
    unit = "schedule"

    steps: tuple[ScheduleStep, ...] = setting(Many(ScheduleStep), "the steps; before the first one nothing is charged")
    roll: bool = setting(
        FLAG, "whether months and days that end when the office is closed end on the next business day", False
    )
    roll_months: bool = setting(
        FLAG,
        "whether steps on a month and day or on the first of a month, and what is added on a day of each month, wait until the day after "
        "the next business day if the office is closed on the day before",
        False,
    )
    discount_on: str = setting(DISCOUNT_ON, "which payments earn the discount", "full_installment")
    in_parts: bool = setting(FLAG, IN_PARTS, False)
    base: str = setting(BASE, BASE_HELP, "tax")
    component: str = setting(COMPONENT, PLACED, "penalty")
    round_to: str = setting(ROUND_TO, ROUND_TO_HELP, "cent")
    minimum: int = setting(MONEY, LEAST, 0)

    def check(self, where: str) -> None:
        if not self.steps:
            raise BadProfile("There are no steps.", where=f"{where}.steps", do="List at least one step.")
        for n, step in enumerate(self.steps, 1):
            if step.at == "bill" and not (step.total is not None and -1 < step.total < 0):
                raise BadProfile(
                    'at = "bill" is for a discount.',
                    where=f"{where}.steps[{n}]",
                    do="Give a total below 0%, or another day.",
                )
        self.check_base(where)

    def terms(self) -> Terms:
        return Terms(
            clock=MARKS,
            rates=tuple(dict.fromkeys(self._rates())),
            inclusive=True,
            on_penalty=self.base == "tax_and_penalty",
            to_dollar=self.round_to == "dollar",
            minimum=self.minimum,
        )

    def _rates(self) -> Iterator[Fraction]:
        """Every rate from which the totals are made: their common scale holds every total."""
        yield Fraction(0)
        for step in self.steps:
            yield from (Fraction(rate) for rate in (step.total, step.add, step.then, step.most) if rate is not None)

    def rate_words(self, tier: int) -> str:
        return "by date of payment"

    def marks(self, days: Days, until: dt.date) -> list[tuple[dt.date, Fraction]]:
        """The days on which the total changes, up to a day, and the total from each on; a discount counts as nothing."""
        marks: list[tuple[dt.date, Fraction]] = []
        for day, total in self._totals(days, until):
            charged = max(Fraction(0), total)
            before = marks[-1][1] if marks else Fraction(0)
            ended = bool(marks) and not before
            if 0 != charged < before or (ended and charged):
                raise BadProfile(
                    f"The total {'rises' if ended else 'falls'} from {percent(before)} to {percent(charged)} on {day} for tax due {days.due}.",
                    where="interest.steps",
                    do="A total can only rise, or end with 0%. Correct the steps.",
                )
            if charged != before:
                marks.append((day, charged))
        return marks if days.since is None else _after(marks, days.since)

    def _totals(self, days: Days, until: dt.date) -> Iterator[tuple[dt.date, Fraction]]:
        """The total after each day on which a step begins or adds."""
        events = sorted(self._events(days, until))
        shares: dict[int, Fraction] = {}
        for at, (day, number, begins) in enumerate(events):
            step = self.steps[number]
            if begins and step.total is not None:
                shares = {number: Fraction(step.total)}
            elif begins:
                shares[number] = Fraction(step.add or 0)
            elif number in shares:
                more = shares[number] + step.then
                shares[number] = max(shares[number], min(more, step.most)) if step.most else more
            if at + 1 == len(events) or events[at + 1][0] > day:
                yield day, sum(shares.values(), Fraction(0))

    def _events(self, days: Days, until: dt.date) -> Iterator[tuple[dt.date, int, bool]]:
        for number, step in enumerate(self.steps):
            begun = step.begins(days, self.roll, self.roll_months)
            if begun is None or begun > until:
                continue
            yield begun, number, True
            if not step.then:
                continue
            last = min(until, next_on(begun, step.then_until) if step.then_until else until)
            numbered = step.begins(days, self.roll) or begun
            for day in step.additions(days, numbered, self.roll, self.roll_months):
                if day > last:
                    break
                if day > begun:
                    yield day, number, False

    def last_days(self, days: Days) -> list[dt.date]:
        begun = {step.begins(days, self.roll, self.roll_months) for step in self.steps if step.at != "bill"}
        return sorted(day - DAY for day in begun if day and day <= days.due + 366 * DAY)

    # ---- the discount --------------------------------------------------------------------------------------------

    @property
    def _discount(self) -> Fraction:
        return max(Fraction(0), *(-step.total for step in self.steps if step.at == "bill" and step.total), Fraction(0))

    def early_payment(self, days: Days) -> EarlyPayment | None:
        if not self._discount:
            return None
        last = min(self.last_days(days), default=dt.date.max)
        return EarlyPayment(last, self._discount, self.discount_on, self.in_parts)

    @property
    def takes_the_bill(self) -> bool:
        return bool(self._discount) and self.discount_on == "full_bill"

    def idle(self) -> tuple[str, ...]:
        return () if self._discount else ("discount_on", "in_parts")

    def words(self) -> str:
        text = f"{self.component.capitalize()}{base_words(self.base)}, by date of payment: {'; '.join(s.words() for s in self.steps)}."
        if self.roll:
            text += " A day on which the office is closed moves to the next business day."
        if self.roll_months:
            text += " If the office is closed on the last day before an increase, the increase waits until the next business day has passed."
        if self.minimum:
            text += f" The minimum is ${dollars(self.minimum)} for each installment, charged once."
        text += dollar_words(self.round_to)
        return text + (
            f" The discount is earned if {earned_by(self.discount_on, self.in_parts)}." if self._discount else ""
        )
