"""When a tax is payable, how it is split, and the last day it can be paid without interest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from xltax.dates import STATES, ClosedDays, end_of_months, is_month_day, month_day_words, on_month_day
from xltax.errors import BadProfile, BadValue
from xltax.law.params import FLAG, MONEY, MONTH_DAY, TEXT, WHOLE, Kind, Many, Params, choice, setting
from xltax.money import Cents, div_half_up, dollars

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
        choice("by_day_number", "days_following", "months", "fixed", "none"), "how the last free day is set"
    )
    days: int = setting(WHOLE, "days of grace; for by_day_number, 10 means by the 10th if the tax is due on the 1st", 0)
    months: int = setting(WHOLE, "months of grace", 0)
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
        WHOLE, "a bill mailed late can be paid without interest for this many days after mailing; 0: no such rule", 0
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
        if self.counted in ("by_day_number", "days_following") and self.days < 1:
            raise BadProfile(f'counted = "{self.counted}" needs "days" of at least 1.', where=where)
        if self.counted == "months" and self.months < 1:
            raise BadProfile('counted = "months" needs "months" of at least 1.', where=where)

    def idle(self) -> tuple[str, ...]:
        return () if self.counted == "months" else ("month_ends", "from_month_end")

    def words(self) -> str:
        text = {
            "by_day_number": f"No interest if paid by day {self.days}, counting the due date as day 1 (due on the 1st: by the {self.days}th)",
            "days_following": f"No interest if paid within {self.days} days after the due date",
            "months": f"No interest if paid by {'the same day' if self.month_ends == 'same_day' else 'the day before the same day'} "
            f"{self.months} month{'s' if self.months > 1 else ''} after the due date",
            "fixed": "No interest if paid by "
            + ", ".join(f"{month_day_words(x.last)} for tax due {month_day_words(x.due)}" for x in self.fixed),
            "none": "No interest if paid by the due date",
        }[self.counted]
        if self.roll:
            text += "; if the office is closed that day, by the next business day"
        if self.late_bill_days:
            which = f" for {', '.join(month_day_words(d) for d in self.late_bill_due)}" if self.late_bill_due else ""
            text += f"; a bill mailed late{which}: within {self.late_bill_days} days after mailing"
        counts = "the postmark counts" if self.evidence == "postmark" else "the day the payment is received counts"
        return f"{text}; {counts}. A later payment bears interest as if there had been no grace period."

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
        return due

    def last_free_day(
        self, due: dt.date, closed: ClosedDays, mailed: dt.date | None = None, where: str = ""
    ) -> dt.date:
        """The last day this installment can be paid without interest."""
        last = self.nominal(due, where)
        if self.roll:
            last = closed.next_open(last)
        if (
            mailed
            and self.late_bill_days
            and (not self.late_bill_due or any(is_month_day(due, d) for d in self.late_bill_due))
        ):
            late = mailed + dt.timedelta(days=self.late_bill_days)
            last = max(last, closed.next_open(late) if self.roll else late)
        return last


@dataclass(frozen=True)
class Installments(Params):
    """When the tax is payable and how it is split."""

    method = "installments"

    due: tuple[str, ...] = setting(
        Many(MONTH_DAY), "the due dates in order; one earlier in the year than the one before falls in the next year"
    )
    years_after: int = setting(
        WHOLE, "years from the levy year to the first due date: 1 for a grand list payable the next July", 0
    )
    split: str = setting(
        choice("equal", "preliminary"),
        "equal parts, or two preliminary quarters on last year's tax and the rest in two",
    )
    odd_cent: str = setting(
        choice("first", "last", "each_up"),
        "which part gets a leftover cent; each_up: every part is rounded half up, and the bill is their sum",
        "first",
    )
    single_limit: int = setting(MONEY, "a tax up to this amount is due in one payment; 0.00: no such rule", 0)
    single_at_limit: bool = setting(FLAG, "whether a tax of exactly the limit is due in one payment", True)
    preliminary_base: str = setting(
        choice("quarter_of_prior", "half_of_second_half"),
        "what the preliminary quarters are based on",
        "quarter_of_prior",
    )
    preliminary_limit: str = setting(
        choice("none", "half_of_tax"),
        "whether the preliminary quarters are limited to half of the year's tax",
        "none",
    )
    home_due: tuple[str, ...] = setting(
        Many(MONTH_DAY), "the due dates of owner-occupied homes, in equal parts; empty: the same as for others", ()
    )
    home_fee: str = setting(
        TEXT, "the kind of fee on a home's later parts that are not paid with the first part; empty: none", ""
    )

    def check(self, where: str) -> None:
        if self.home_due and (self.split != "equal" or len(self.home_due) < 2):
            raise BadProfile(
                "home_due needs at least two due dates and equal parts.",
                where=f"{where}.home_due",
                do='Add a due date, or set split = "equal".',
            )
        if self.home_fee and not self.home_due:
            raise BadProfile(
                "home_fee needs the due dates of the later parts.",
                where=f"{where}.home_due",
                do="Add home_due, or remove home_fee.",
            )

    def words(self) -> str:
        days = ", ".join(month_day_words(d) for d in self.due)
        year = {0: "", 1: " of the year after the levy year"}.get(
            self.years_after, f", {self.years_after} years after the levy year"
        )
        text = f"Payable {days}{year}" + (" in equal parts." if self.split == "equal" and len(self.due) > 1 else ".")
        if self.split == "preliminary":
            base = (
                "a quarter of last year's tax"
                if self.preliminary_base == "quarter_of_prior"
                else "half of last year's second-half tax"
            )
            text += f" The first two are {base} each; the rest of this year's tax is divided equally over the last two."
            if self.preliminary_limit == "half_of_tax":
                text += " Preliminary installments are limited to half of the year's tax."
        if len(self.due) > 1:
            text += {
                "first": " An odd cent goes to the earlier part.",
                "last": " An odd cent goes to the later part.",
                "each_up": " Every part is rounded half up and the bill is their sum.",
            }[self.odd_cent]
        if self.single_limit:
            exactly = "up to and including" if self.single_at_limit else "of less than"
            text += f" A tax {exactly} ${dollars(self.single_limit)} is due in full with the first installment."
        if self.home_due:
            text += f" Owner-occupied homes: {', '.join(month_day_words(d) for d in self.home_due)}, in equal parts"
            fee = self.home_fee.replace("_", " ")
            text += f"; a part not paid with the first bears the {fee}." if fee else "."
        return text

    def for_home(self) -> Installments:
        """The schedule of an owner-occupied home; the usual schedule if the law gives homes none."""
        return replace(self, due=self.home_due or self.due, home_due=(), home_fee="")

    def billed_by(self, dues: Iterable[dt.date]) -> Installments:
        """The schedule a bill was made by: that of homes if one of its due dates belongs to homes only."""
        homes = set(self.home_due) - set(self.due)
        return self.for_home() if any(is_month_day(due, home) for due in dues for home in homes) else self

    def due_dates(self, year: int) -> list[dt.date]:
        """The due dates of a levy year."""
        dates: list[dt.date] = []
        at = year + self.years_after
        for text in self.due:
            day = on_month_day(at, text)
            if dates and day <= dates[-1]:
                at += 1
                day = on_month_day(at, text)
            dates.append(day)
        return dates

    def amounts(
        self, tax: Cents, prior_tax: Cents | None = None, prior_second_half: Cents | None = None
    ) -> list[Cents]:
        """The installments. They add up to the tax; under each_up to the vendor's bill, which may be a cent more.

        For preliminary billing, installments above the year's tax leave a credit: the last amount, below zero.
        """
        parts = len(self.due)
        if self.split == "preliminary":
            return self._preliminary(tax, prior_tax, prior_second_half)
        if self.single_limit and (tax < self.single_limit or (tax == self.single_limit and self.single_at_limit)):
            return [tax] + [0] * (parts - 1)
        if self.odd_cent == "each_up":
            return [div_half_up(tax, parts)] * parts
        return spread(tax, parts, self.odd_cent)

    def _preliminary(self, tax: Cents, prior_tax: Cents | None, prior_second_half: Cents | None) -> list[Cents]:
        quarter = self.preliminary_quarter(prior_tax, prior_second_half)
        if self.preliminary_limit == "half_of_tax":
            quarter = min(quarter, tax // 4)
        return [quarter, quarter, *self.final(tax, 2 * quarter)]

    def preliminary_quarter(self, prior_tax: Cents | None, prior_second_half: Cents | None = None) -> Cents:
        """Each of the first two installments, billed before this year's tax is known."""
        if self.preliminary_base == "half_of_second_half":
            if prior_second_half is None:
                raise BadValue("Last year's second-half tax is needed here.", where="prior_second_half")
            return div_half_up(prior_second_half, 2)
        if prior_tax is None:
            raise BadValue("Last year's tax is needed: the first two quarters are based on it.", where="prior_tax")
        return div_half_up(prior_tax, 4)

    def final(self, tax: Cents, billed: Cents) -> list[Cents]:
        """The last two installments, less what was billed before; a third amount below zero is a credit."""
        rest = tax - billed
        return [0, 0, rest] if rest < 0 else spread(rest, 2, self.odd_cent)


def spread(total: Cents, parts: int, odd_cent: str) -> list[Cents]:
    """Equal parts that add up to the total, the odd cents on the first parts or on the last."""
    low, odd = divmod(total, parts)
    extra = range(odd) if odd_cent != "last" else range(parts - odd, parts)
    return [low + (n in extra) for n in range(parts)]


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
