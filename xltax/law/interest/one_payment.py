"""The whole bill in one payment: a choice beside installments, with interest of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from xltax.errors import BadProfile
from xltax.law.interest.days import DAY, Days
from xltax.law.interest.schedule import Schedule, ScheduleStep
from xltax.law.params import Many, Params, setting


@dataclass(frozen=True)
class OnePayment(Params):
    """Instead of the installments, the owner may pay the whole bill at once, and then bears the interest of these steps."""

    method = "one_payment"

    steps: tuple[ScheduleStep, ...] = setting(
        Many(ScheduleStep),
        "what a payment of the whole bill bears in all, as the steps of a schedule, counted from the due date of the bill's first "
        "installment; before the first step it bears nothing",
    )

    def check(self, where: str) -> None:
        self._schedule.check(where)
        for n, step in enumerate(self.steps, 1):
            if step.at or step.after_days_late or (step.total or 0) < 0:
                raise BadProfile(
                    "One payment of the whole bill bears interest by days counted from the first due date, and it is no discount.",
                    where=f"{where}.steps[{n}]",
                    do="Use on, next_month, after_months or after_days, and a total of at least 0%.",
                )

    @property
    def _schedule(self) -> Schedule:
        return Schedule(steps=self.steps, component="interest")

    def rates(self) -> Iterator[Fraction]:
        """Every rate from which the totals are made."""
        yield from self._schedule.terms().rates

    def marks(self, days: Days, until: dt.date) -> list[tuple[dt.date, Fraction]]:
        """The days on which the total changes, with the total from each on."""
        return self._schedule.marks(days, until)

    def last_day(self, due: dt.date) -> dt.date:
        """The last day on which one payment of the whole bill bears nothing; due: of its first installment."""
        marks = self.marks(Days(due, due, due + DAY, due + DAY), due + 3 * 366 * DAY)
        return marks[0][0] - DAY if marks else dt.date.max

    def words(self) -> str:
        steps = "; ".join(step.words() for step in self.steps)
        return (
            "The owner may pay the whole bill in one payment instead of installments. If nothing was paid on the bill before, that payment "
            f"bears this interest on the tax, where it is less than that of the installments: {steps}."
        )
