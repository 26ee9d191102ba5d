"""Discounts for paying early: one rate, a rate for each due date, or rates that shrink from month to month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from xltax.dates import ClosedDays, end_of_months, is_month_day, month_day_words, on_month_day
from xltax.errors import BadProfile
from xltax.law.calendar import DISCOUNT_ON, FROM_MONTH_END, IN_PARTS, KEPT, MONTH_ENDS, EarlyPayment, earned_by
from xltax.law.params import (
    DAYS,
    FLAG,
    MONTH_DAY,
    MONTHS,
    RATE,
    TEXT,
    Many,
    Params,
    choice,
    percent,
    setting,
    shown,
    whole_between,
)  # fmt: skip


@dataclass(frozen=True)
class DiscountStep(Params):
    """One step of a discount that shrinks."""

    until: str = setting(MONTH_DAY, "the last month and day to earn it, the one nearest the due date")
    rate: Fraction = setting(RATE, "the discount")


@dataclass(frozen=True)
class DiscountOf(Params):
    """The discount of one installment."""

    due: str = setting(MONTH_DAY, "the due date's month and day")
    rate: Fraction = setting(RATE, "the discount")


@dataclass(frozen=True)
class Discount(Params):
    """A discount for paying early: one rate, a rate for each due date, or rates that shrink from month to month."""

    method = "discount"

    rate: Fraction | None = setting(RATE, "the discount; 0% if there is none", None)
    steps: tuple[DiscountStep, ...] = setting(
        Many(DiscountStep), "or: the discount until each day, the earliest first", ()
    )
    by_due: tuple[DiscountOf, ...] = setting(Many(DiscountOf), "or: the discount of each due date", ())
    mailed_days: int = setting(
        DAYS, "the rate, or the first step, can also be earned for this many days after mailing; 0: no such rule", 0
    )
    mailed_counted: str = setting(
        choice("days", "business_days"), "for mailed_days: all days, or days on which the office is open", "days"
    )
    first_installments: int = setting(
        whole_between(0, 12),
        "for full_bill: if only this many of the bill's first installments are paid together by the same day, they earn first_rate; 0: no such rule",
        0,
    )
    first_rate: Fraction = setting(RATE, "for first_installments: the discount on them", Fraction(0))
    until: str = setting(
        choice("last_free_day", "due", "months_after", "month_day"),
        "the last day to earn the discount, without steps",
        "due",
    )
    months: int = setting(MONTHS, "for months_after: months after the due date", 0)
    month_day: str = setting(TEXT, "for month_day: the month and day, such as 07-31", "")
    month_ends: str = setting(
        MONTH_ENDS,
        "for months_after: the last day is the same day of the month as the due date, or the day before",
        "same_day",
    )
    from_month_end: str = setting(FROM_MONTH_END, KEPT, "month_end", older="same_number")
    roll: bool = setting(
        FLAG, "whether a last day on which the office is closed moves to the next business day", True, older="no"
    )
    on: str = setting(DISCOUNT_ON, "which payments earn the discount", "full_installment")
    in_parts: bool = setting(FLAG, IN_PARTS, False)

    def check(self, where: str) -> None:
        if (self.rate is not None) + bool(self.steps) + bool(self.by_due) != 1:
            raise BadProfile(
                '"rate" is missing.'
                if self.rate is None and not self.steps + self.by_due
                else "The discount is given twice.",
                where=where,
                do="Give one of rate, steps and by_due.",
            )
        if self.until == "month_day":
            try:
                MONTH_DAY.read(self.month_day)
            except ValueError:
                raise BadProfile(
                    f"{shown(self.month_day)} is not allowed.",
                    where=f"{where}.month_day",
                    do=f"It takes {MONTH_DAY.allowed}.",
                ) from None
        self._check_first(where)
        rates = [x.rate for x in self.steps] + [x.rate for x in self.by_due] or [self.rate or Fraction(0)]
        if not all(0 <= rate < 1 for rate in rates):
            raise BadProfile(
                "A discount must be at least 0% and less than 100%.", where=f"{where}.rate", do="Correct the rate."
            )
        if self.steps and rates != sorted(rates, reverse=True):
            raise BadProfile(
                "The steps of the discount rise.", where=f"{where}.steps", do="List the largest discount first."
            )

    def _check_first(self, where: str) -> None:
        if not self.first_installments and not self.first_rate:
            return
        if self.first_installments < 1 or not 0 < self.first_rate < (self.rate or 0):
            raise BadProfile(
                "The discount on a bill's first installments needs their number and a rate below that of the whole bill.",
                where=f"{where}.first_rate",
                do='Write both, such as first_installments = 2 and first_rate = "2%" beside rate = "3%".',
            )
        if self.on != "full_bill" or self.in_parts:
            raise BadProfile(
                "A discount on a bill's first installments goes with one on the whole bill, in one payment.",
                where=f"{where}.first_installments",
                do='Set on = "full_bill" and in_parts = false.',
            )

    @property
    def _given(self) -> bool:
        return bool(self.rate or self.steps or self.by_due)

    def idle(self) -> tuple[str, ...]:
        if not self._given:
            return (
                "month_ends",
                "from_month_end",
                "roll",
                "on",
                "in_parts",
                "mailed_days",
                "mailed_counted",
                "first_installments",
                "first_rate",
            )
        counted = () if self.until == "months_after" and not self.steps else ("month_ends", "from_month_end")
        mailed = () if self.mailed_days else ("mailed_counted",)
        return (*counted, *mailed, *(() if self.first_installments else ("first_installments", "first_rate")))

    def words(self) -> str:
        if not self._given:
            return "Discount for prepayment: none."
        until = {
            "last_free_day": "by the last free day",
            "due": "by the due date",
            "months_after": f"within {self.months} months of the due date",
            "month_day": f"by {month_day_words(self.month_day)}" if self.month_day else "",
        }[self.until]
        if self.steps:
            rates = ", ".join(f"{percent(s.rate)} by {month_day_words(s.until)}" for s in self.steps)
        elif self.by_due:
            rates = ", ".join(f"{percent(x.rate)} of the tax due {month_day_words(x.due)}" for x in self.by_due)
        else:
            rates = percent(self.rate or Fraction(0))
        rolled = "; if the office is closed that day, by the next business day" if self.roll else ""
        kind = "business days" if self.mailed_counted == "business_days" else "days"
        mailed = f", or within {self.mailed_days} {kind} after mailing" if self.mailed_days else ""
        when = "" if self.steps else f" {until}"
        text = f"Discount: {rates} if {earned_by(self.on, self.in_parts)}{when}{mailed}{rolled}."
        if self.first_installments == 1:
            text += f" If only the first installment is paid by then, its discount is {percent(self.first_rate)}."
        elif self.first_installments:
            text += f" If only the first {self.first_installments} installments are paid in one payment by then, their discount is {percent(self.first_rate)}."
        return text

    def early_payments(
        self, due: dt.date, last_free: dt.date, closed: ClosedDays, mailed: dt.date | None = None
    ) -> list[EarlyPayment]:
        """The discounts of an installment by their last days, the largest first; none: an empty list."""
        if not self.steps:
            rate = next((Fraction(x.rate) for x in self.by_due if is_month_day(due, x.due)), self.rate or Fraction(0))
            found = [(self._nominal(due, last_free), rate)] if rate else []
        else:
            found = [(_nearest(due, step.until), Fraction(step.rate)) for step in self.steps if step.rate]
        days = [(closed.next_open(day) if self.roll else day, rate) for day, rate in found]
        if mailed and self.mailed_days and days:
            extended = self._after_mailing(mailed, closed)
            days[0] = max(days[0][0], closed.next_open(extended) if self.roll else extended), days[0][1]
            days = [days[0], *(step for step in days[1:] if step[0] > days[0][0])]
        first = self.first_installments, Fraction(self.first_rate)
        return [EarlyPayment(day, rate, self.on, self.in_parts, *first) for day, rate in days]

    def _after_mailing(self, mailed: dt.date, closed: ClosedDays) -> dt.date:
        """The last day of the days after mailing."""
        if self.mailed_counted == "business_days":
            return closed.open_days(mailed + dt.timedelta(days=1), self.mailed_days)[-1]
        return mailed + dt.timedelta(days=self.mailed_days)

    @property
    def takes_the_bill(self) -> bool:
        """Whether the discount is earned by paying the whole bill."""
        return self._given and self.on == "full_bill"

    def _nominal(self, due: dt.date, last_free: dt.date) -> dt.date:
        if self.until == "last_free_day":
            return last_free
        if self.until == "months_after":
            return end_of_months(
                due,
                self.months,
                day_before=self.month_ends == "day_before",
                keep_month_end=self.from_month_end == "month_end",
            )
        return _nearest(due, self.month_day) if self.until == "month_day" else due


def _nearest(due: dt.date, month_day: str) -> dt.date:
    """The month and day nearest the due date: July 31 is long past for a second half due in December."""
    days = [on_month_day(due.year + n, month_day) for n in (-1, 0, 1)]
    return min(days, key=lambda day: abs(day - due))
