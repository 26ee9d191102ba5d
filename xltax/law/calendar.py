"""When a tax is payable, how it is split, and the last day it can be paid without interest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from xltax.dates import (
    STATES,
    ClosedDays,
    end_of_months,
    is_month_day,
    month_day_words,
    month_end,
    nearest_month_day,
    on_month_day,
)
from xltax.errors import BadProfile
from xltax.law.installments import Installments as Installments
from xltax.law.params import DAYS, FLAG, MONTH_DAY, MONTHS, TEXT, Kind, Many, Params, choice, setting, shown

MONTH_ENDS = choice("same_day", "day_before")
FROM_MONTH_END = choice("month_end", "same_number")
KEPT = "where months counted from the last day of a month end: on the last day of the month, or on the same day of the month"


def _payments(value: Any) -> str:
    if value not in ("full_installment", "full_bill", "any_payment", "full_payment"):
        raise ValueError
    return "full_installment" if value == "full_payment" else str(value)


DISCOUNT_ON = Kind('one of "full_installment", "full_bill", "any_payment"', _payments)
"""Which payments earn a discount. "full_payment" is an older word for full_installment, which it meant, and is still read."""

IN_PARTS = "whether several payments by that day can earn the discount together; false: the first payment must earn the discount alone"


class EarlyPayment(NamedTuple):
    """What is taken off an installment that is paid early."""

    last_day: dt.date
    rate: Fraction
    on: str  # what has to be paid for it
    in_parts: bool  # several payments earn it together
    first: int = 0  # above 0: paying so many of the bill's first installments is enough for the lesser rate
    first_rate: Fraction = Fraction(0)


def earned_by(on: str, in_parts: bool) -> str:
    """Which payments earn a discount, in words."""
    what = {
        "full_installment": "the installment is paid in full",
        "full_bill": "the whole bill, all its installments and parts, is paid",
        "any_payment": "the installment is paid in full or in part",
    }[on]
    if on == "any_payment":
        return what
    return what + (" in one payment or several" if in_parts else " in one payment")


def month_words(month_ends: str, from_month_end: str) -> str:
    """Which day a month ends, in words."""
    text = "the same day of the month" if month_ends == "same_day" else "the day before the same day of the month"
    return text + (
        " (counted from the last day of a month: on the last day of the month)" if from_month_end == "month_end" else ""
    )


def time_words(day_count: str) -> str:
    """How time is counted, in words."""
    return "in whole months" if day_count == "whole_months" else f"in days ({day_count})"


def _check_month_day(text: str, where: str) -> None:
    """Refuses what is not a month and day."""
    try:
        MONTH_DAY.read(text)
    except ValueError:
        raise BadProfile(f"{shown(text)} is not allowed.", where=where, do=f"It takes {MONTH_DAY.allowed}.") from None


@dataclass(frozen=True)
class LastDay(Params):
    """The last free day of one due date."""

    due: str = setting(MONTH_DAY, "the due date's month and day")
    last: str = setting(
        MONTH_DAY,
        "the month and day of its last free day; if earlier in the year than the due date, the next year is meant",
    )


@dataclass(frozen=True)
class Grace(Params):
    """How long a tax can be paid without interest, and what happens on weekends, holidays and late mailing."""

    method = "grace"

    counted: str = setting(
        choice("by_day_number", "days_following", "business_days_following", "months", "fixed", "none"),
        "how the last free day is set",
    )
    days: int = setting(
        DAYS,
        "days of grace; for by_day_number, 10 means by the 10th if the tax is due on the 1st; for business_days_following, days on which the office is open",
        0,
    )
    months: int = setting(MONTHS, "months of grace", 0)
    month_ends: str = setting(
        MONTH_ENDS,
        "for months: the last free day is the same day of the month as the due date, or the day before",
        "same_day",
    )
    from_month_end: str = setting(FROM_MONTH_END, KEPT, "month_end", older="same_number")
    fixed: tuple[LastDay, ...] = setting(Many(LastDay), "for fixed: the last free day of each due date", ())
    roll: bool = setting(
        FLAG, "whether a last free day on which the office is closed moves to the next business day", True
    )
    late_bill_days: int = setting(
        DAYS, "a bill mailed late can be paid without interest for this many days after mailing; 0: no such rule", 0
    )
    late_bill_to: str = setting(
        choice("day", "month_start"),
        "a bill mailed late bears interest after those days, or from the first day of the month that leaves at least those days",
        "day",
    )
    late_bill_if_after: str = setting(
        TEXT,
        "the late-bill rule applies only to a bill mailed on this month and day or later, such as 11-02; empty: to all",
        "",
    )
    late_bill_interest: str = setting(
        choice("due", "late_day"),
        "the day from which a bill mailed late bears interest after that: its due date, or the late day",
        "due",
    )
    late_bill_due: tuple[str, ...] = setting(
        Many(MONTH_DAY), "the due dates the late-bill rule applies to; empty: all", ()
    )
    evidence: str = setting(
        choice("received", "postmark"), "whether the day the payment is received counts, or the postmark", "received"
    )

    def check(self, where: str) -> None:
        if self.counted == "fixed" and not self.fixed:
            raise BadProfile('counted = "fixed" needs the list "fixed".', where=where)
        if self.counted in ("by_day_number", "days_following", "business_days_following") and self.days < 1:
            raise BadProfile(f'counted = "{self.counted}" needs "days" of at least 1.', where=where)
        if self.counted == "months" and self.months < 1:
            raise BadProfile('counted = "months" needs "months" of at least 1.', where=where)
        if self.late_bill_if_after:
            _check_month_day(self.late_bill_if_after, f"{where}.late_bill_if_after")
        late = self.late_bill_if_after or self.late_bill_to != "day" or self.late_bill_interest != "due"
        if late and not self.late_bill_days:
            raise BadProfile(
                "A rule for bills mailed late needs its days.",
                where=f"{where}.late_bill_days",
                do="Enter how many days after mailing a bill can be paid without interest.",
            )

    def idle(self) -> tuple[str, ...]:
        return () if self.counted == "months" else ("month_ends", "from_month_end")

    def words(self) -> str:
        text = {
            "by_day_number": f"No interest if paid by day {self.days}, counting the due date as day 1 (due on the 1st: by the {self.days}th)",
            "days_following": f"No interest if paid within {self.days} days after the due date",
            "business_days_following": f"No interest if paid within {self.days} business days after the due date",
            "months": f"No interest if paid by {'the same day' if self.month_ends == 'same_day' else 'the day before the same day'} "
            f"{self.months} month{'s' if self.months > 1 else ''} after the due date",
            "fixed": "No interest if paid by "
            + ", ".join(f"{month_day_words(x.last)} for tax due {month_day_words(x.due)}" for x in self.fixed),
            "none": "No interest if paid by the due date",
        }[self.counted]
        if self.roll and self.counted != "business_days_following":
            text += "; if the office is closed that day, by the next business day"
        if self.late_bill_days:
            which = f" for {', '.join(month_day_words(d) for d in self.late_bill_due)}" if self.late_bill_due else ""
            since = f" on or after {month_day_words(self.late_bill_if_after)}" if self.late_bill_if_after else " late"
            until = f"within {self.late_bill_days} days after mailing"
            if self.late_bill_to == "month_start":
                until = f"to the end of the month in which {self.late_bill_days} days after mailing have passed"
            text += f"; a bill mailed{since}{which}: {until}"
            text += ", and interest is counted from that day" if self.late_bill_interest == "late_day" else ""
        counts = "the postmark counts" if self.evidence == "postmark" else "the day the payment is received counts"
        return f"{text}; {counts}. For a later payment, the rules on interest and penalty name the day they count from."

    def nominal(self, due: dt.date, where: str = "") -> dt.date:
        """The last free day before weekends, holidays and late mailing are considered."""
        if self.counted == "by_day_number":
            return due + dt.timedelta(days=self.days - 1)
        if self.counted == "days_following":
            return due + dt.timedelta(days=self.days)
        if self.counted == "months":
            return end_of_months(
                due,
                self.months,
                day_before=self.month_ends == "day_before",
                keep_month_end=self.from_month_end == "month_end",
            )
        if self.counted == "fixed":
            for entry in self.fixed:
                if is_month_day(due, entry.due):
                    last = on_month_day(due.year, entry.last)
                    return last if last >= due else on_month_day(due.year + 1, entry.last)
            raise BadProfile(
                f"No last free day is given for a tax due {due:%m-%d}.",
                where=where,
                do="Add the due date to the rule's list, or correct the due date.",
            )
        return due  # business days too: interest counts from the due date, and only the closed days make the rest of the days

    def last_free_day(
        self, due: dt.date, closed: ClosedDays, mailed: dt.date | None = None, where: str = ""
    ) -> dt.date:
        """The last day this installment can be paid without interest."""
        last = self.nominal(due, where)
        if self.counted == "business_days_following":
            last = closed.open_days(due + dt.timedelta(days=1), self.days)[-1]
        elif self.roll:
            last = closed.next_open(last)
        if late := self._late_day(due, mailed):
            last = max(last, closed.next_open(late) if self.roll else late)
        return last

    def interest_due(self, due: dt.date, closed: ClosedDays, mailed: dt.date | None = None) -> dt.date:
        """The day interest counts from as the due date: that date, or for a bill mailed late the late day if the law says so."""
        late = self._late_day(due, mailed) if self.late_bill_interest == "late_day" else None
        return late if late and late > self.last_free_day(due, closed) else due

    def _late_day(self, due: dt.date, mailed: dt.date | None) -> dt.date | None:
        """The day to which a bill mailed late can be paid without interest, before closed days; None if it was not late."""
        if not mailed or not self._mailed_late(due, mailed):
            return None
        late = mailed + dt.timedelta(days=self.late_bill_days)
        return month_end(late) if self.late_bill_to == "month_start" else late

    def _mailed_late(self, due: dt.date, mailed: dt.date) -> bool:
        """Whether the rule on bills mailed late is for this due date and this day of mailing."""
        if not self.late_bill_days:
            return False
        if self.late_bill_due and not any(is_month_day(due, day) for day in self.late_bill_due):
            return False
        return not self.late_bill_if_after or mailed >= nearest_month_day(due, self.late_bill_if_after)


@dataclass(frozen=True)
class Office(Params):
    """The name of the office, the officer's title, and the holidays on which the office is closed."""

    method = "office"

    holidays: str = setting(
        TEXT, "the state whose public holidays close the office, such as NJ; the Closed Days table overrides it"
    )
    open_on: tuple[str, ...] = setting(
        Many(MONTH_DAY), "public holidays, by month and day, on which the office is open", ()
    )
    title: str = setting(TEXT, "the name of the office at the top of every page", "Office of the Tax Collector")
    collector: str = setting(TEXT, "the officer's title below the signature", "Tax collector")

    def check(self, where: str) -> None:
        if self.holidays not in STATES:
            near = (
                f'Write "{self.holidays.upper()}".'
                if self.holidays.upper() in STATES
                else "Enter a state code such as NJ."
            )
            raise BadProfile(
                f'"{self.holidays}" is not a state code with known holidays.',
                where=f"{where}.holidays",
                do=near,
            )

    def words(self) -> str:
        but = f", but open on {', '.join(month_day_words(d) for d in self.open_on)}" if self.open_on else ""
        return (
            f"{self.title}. Signed: {self.collector}. Closed on Saturdays, Sundays and the public holidays of {self.holidays}{but}; "
            "the Closed Days table overrides these days."
        )
