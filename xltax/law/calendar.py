"""When a tax is payable, how it is split, and the last day it can be paid without interest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from xltax.dates import STATES, ClosedDays, end_of_months, month_day_words, on_month_day
from xltax.errors import BadProfile, BadValue
from xltax.law.params import FLAG, MONEY, MONTH_DAY, RATE, TEXT, WHOLE, Kind, Many, Params, choice, percent, setting
from xltax.money import Cents, div_half_up, dollars

MONTH_ENDS = choice("same_day", "day_before")
FROM_MONTH_END = choice("month_end", "same_number")
KEPT = "for months counted from the last day of a month: to the last day of a month, or to the same day-number"


def _payments(value: Any) -> str:
    if value not in ("full_installment", "full_bill", "any_payment", "full_payment"):
        raise ValueError
    return "full_installment" if value == "full_payment" else str(value)


DISCOUNT_ON = Kind('one of "full_installment", "full_bill", "any_payment"', _payments)
"""Which payments earn a discount. "full_payment" is an older word for full_installment, which it meant, and is still read."""

IN_PARTS = "whether several payments by that day earn it together; no: it takes one payment, the first"


def earned_by(on: str, in_parts: bool) -> str:
    """Which payments earn a discount, in words."""
    what = {
        "full_installment": "the installment is paid in full",
        "full_bill": "the whole bill, all its installments and parts, is paid",
        "any_payment": "paid in full or in part",
    }[on]
    if on == "any_payment":
        return what
    return what + (" in one payment or several" if in_parts else " in one payment")


def month_words(month_ends: str, from_month_end: str) -> str:
    """Which day a month ends, in words."""
    text = "the same day-number" if month_ends == "same_day" else "the day before the same day-number"
    return text + (
        " (from the last day of a month: on the last day of a month)" if from_month_end == "month_end" else ""
    )


@dataclass(frozen=True)
class LastDay(Params):
    """The last free day of one due date."""

    due: str = setting(MONTH_DAY, "the due date's month and day")
    last: str = setting(MONTH_DAY, "the last free day's month and day; before the due date's means the next year")


@dataclass(frozen=True)
class Grace(Params):
    """How long a tax can be paid without interest, and what happens on weekends, holidays and late mailing."""

    method = "grace"

    counted: str = setting(
        choice("by_day_number", "days_following", "months", "fixed", "none"), "how the last free day is found"
    )
    days: int = setting(WHOLE, "days of grace; by day number: 10 means by the 10th where the tax is due on the 1st", 0)
    months: int = setting(WHOLE, "months of grace", 0)
    month_ends: str = setting(
        MONTH_ENDS, "for months: the last free day, the due date's day-number or the day before it", "same_day"
    )
    from_month_end: str = setting(FROM_MONTH_END, KEPT, "month_end", older="same_number")
    fixed: tuple[LastDay, ...] = setting(Many(LastDay), "for fixed days: the last free day of each due date", ())
    roll: bool = setting(
        FLAG, "whether a last free day on which the office is closed moves to the next business day", True
    )
    late_bill_days: int = setting(
        WHOLE, "a bill mailed late can be paid free for this many days after mailing; 0: no such rule", 0
    )
    late_bill_due: tuple[str, ...] = setting(Many(MONTH_DAY), "the due dates that rule is for; empty: all", ())
    evidence: str = setting(
        choice("received", "postmark"), "whether the day the money comes in counts, or the postmark", "received"
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
            "by_day_number": f"Free of interest if paid by day {self.days} counted from the due date (due on the 1st: by the {self.days}th)",
            "days_following": f"Free of interest for the {self.days} days following the due date",
            "months": f"Free of interest until {'the same day' if self.month_ends == 'same_day' else 'the day before the same day'} "
            f"{self.months} month{'s' if self.months > 1 else ''} after the due date",
            "fixed": "Free of interest until "
            + ", ".join(f"{month_day_words(x.last)} for tax due {month_day_words(x.due)}" for x in self.fixed),
            "none": "Free of interest on the due date only",
        }[self.counted]
        if self.roll:
            text += "; a closed day moves it to the next business day"
        if self.late_bill_days:
            which = f" for {', '.join(month_day_words(d) for d in self.late_bill_due)}" if self.late_bill_due else ""
            text += f"; a bill mailed late{which}, until {self.late_bill_days} days after mailing"
        counts = "the postmark counts" if self.evidence == "postmark" else "the day the money is received counts"
        return f"{text}; {counts}. Later, interest runs from its starting day as if there had been no grace."

    def nominal(self, due: dt.date, where: str = "") -> dt.date:
        """The last free day before weekends, holidays and late mailing are looked at."""
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
                if entry.due == f"{due:%m-%d}":
                    last = on_month_day(due.year, entry.last)
                    return last if last >= due else on_month_day(due.year + 1, entry.last)
            raise BadProfile(
                f"No last free day is given for a tax due {due:%m-%d}.",
                where=where,
                do="Add it to the rule's list, or correct the due date.",
            )
        return due

    def last_free_day(
        self, due: dt.date, closed: ClosedDays, mailed: dt.date | None = None, where: str = ""
    ) -> dt.date:
        """The last day this installment can be paid without interest."""
        last = self.nominal(due, where)
        if self.roll:
            last = closed.next_open(last)
        if mailed and self.late_bill_days and (not self.late_bill_due or f"{due:%m-%d}" in self.late_bill_due):
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
        "where a cent that cannot be divided goes; each_up: every part is rounded half up and the bill is their sum",
        "first",
    )
    single_limit: int = setting(MONEY, "a tax not above this is payable in one sum; 0.00: no such rule", 0)
    single_at_limit: bool = setting(FLAG, "whether a tax of exactly the limit is payable in one sum", True)
    preliminary_base: str = setting(
        choice("quarter_of_prior", "half_of_second_half"),
        "what the preliminary quarters are figured on",
        "quarter_of_prior",
    )
    preliminary_limit: str = setting(
        choice("none", "half_of_tax"),
        "whether preliminary quarters above half of the year's tax are cut down to it",
        "none",
    )
    home_due: tuple[str, ...] = setting(
        Many(MONTH_DAY), "the due dates of a home its owner lives in, in equal parts; empty: as for all others", ()
    )
    home_fee: str = setting(
        TEXT, "the fee, by its kind, on what of a home's later parts is not paid with the first; empty: none", ""
    )

    def check(self, where: str) -> None:
        if self.home_due and (self.split != "equal" or len(self.home_due) < 2):
            raise BadProfile("A home's own due dates are two or more, in equal parts.", where=f"{where}.home_due")
        if self.home_fee and not self.home_due:
            raise BadProfile("A fee on later parts needs their due dates.", where=f"{where}.home_due")

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
                text += " Preliminary installments above half of the year's tax are cut down to it."
        if len(self.due) > 1:
            text += {
                "first": " An odd cent goes to the earlier part.",
                "last": " An odd cent goes to the later part.",
                "each_up": " Every part is rounded half up and the bill is their sum.",
            }[self.odd_cent]
        if self.single_limit:
            exactly = "up to and including" if self.single_at_limit else "of less than"
            text += f" A tax {exactly} ${dollars(self.single_limit)} is payable in one sum with the first."
        if self.home_due:
            text += (
                f" A home its owner lives in: {', '.join(month_day_words(d) for d in self.home_due)}, in equal parts"
            )
            fee = self.home_fee.replace("_", " ")
            text += f"; what is not paid with the first bears the {fee}." if fee else "."
        return text

    def for_home(self) -> Installments:
        """The schedule of a home its owner lives in; the same where the law gives it none of its own."""
        return replace(self, due=self.home_due or self.due, home_due=(), home_fee="")

    def billed_by(self, dues: Iterable[dt.date]) -> Installments:
        """The schedule that was billed by: that of homes where one of the due dates is theirs alone."""
        homes = set(self.home_due) - set(self.due)
        return self.for_home() if any(f"{due:%m-%d}" in homes for due in dues) else self

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
            raise BadValue("Last year's tax is needed: the first two quarters are figured on it.", where="prior_tax")
        return div_half_up(prior_tax, 4)

    def final(self, tax: Cents, billed: Cents) -> list[Cents]:
        """The last two installments, what is billed already taken off; a third amount below zero is a credit."""
        rest = tax - billed
        return [0, 0, rest] if rest < 0 else spread(rest, 2, self.odd_cent)


def spread(total: Cents, parts: int, odd_cent: str) -> list[Cents]:
    """Equal parts that add up to the total, the odd cents on the first parts or on the last."""
    low, odd = divmod(total, parts)
    extra = range(odd) if odd_cent != "last" else range(parts - odd, parts)
    return [low + (n in extra) for n in range(parts)]


@dataclass(frozen=True)
class Discount(Params):
    """A discount for paying early."""

    method = "discount"

    rate: Fraction = setting(RATE, "the discount; 0% where there is none")
    until: str = setting(
        choice("last_free_day", "due", "months_after", "month_day"), "the last day that earns it", "due"
    )
    months: int = setting(WHOLE, "for months_after: months after the due date", 0)
    month_day: str = setting(TEXT, "for month_day: the month and day, such as 07-31", "")
    month_ends: str = setting(
        MONTH_ENDS, "for months_after: the last day, the due date's day-number or the day before it", "same_day"
    )
    from_month_end: str = setting(FROM_MONTH_END, KEPT, "month_end", older="same_number")
    roll: bool = setting(
        FLAG, "whether a last day on which the office is closed moves to the next business day", True, older="no"
    )
    on: str = setting(DISCOUNT_ON, "which payments earn it", "full_installment")
    in_parts: bool = setting(FLAG, IN_PARTS, False)

    def check(self, where: str) -> None:
        if self.until == "month_day":
            try:
                MONTH_DAY.read(self.month_day)
            except ValueError:
                raise BadProfile(
                    f"{self.month_day!r} is not allowed.",
                    where=f"{where}.month_day",
                    do=f"It takes {MONTH_DAY.allowed}.",
                ) from None
        if not 0 <= self.rate < 1:
            raise BadProfile("A discount lies between 0% and 100%.", where=f"{where}.rate")

    def idle(self) -> tuple[str, ...]:
        if not self.rate:
            return ("month_ends", "from_month_end", "roll", "on", "in_parts")
        return () if self.until == "months_after" else ("month_ends", "from_month_end")

    def words(self) -> str:
        if not self.rate:
            return "Discount for prepayment: none."
        until = {
            "last_free_day": "by the last free day",
            "due": "by the due date",
            "months_after": f"within {self.months} months of the due date",
            "month_day": f"by {month_day_words(self.month_day)}" if self.month_day else "",
        }[self.until]
        rolled = "; a closed day moves it to the next business day" if self.roll else ""
        return f"Discount: {percent(self.rate)} where {earned_by(self.on, self.in_parts)} {until}{rolled}."

    def last_day(self, due: dt.date, last_free: dt.date, closed: ClosedDays) -> dt.date:
        """The last day on which this installment earns the discount."""
        last = self._nominal(due, last_free)
        return closed.next_open(last) if self.roll else last

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
        if self.until == "month_day":
            # The one nearest the due date: July 31 is long past for a second half due in December.
            days = [on_month_day(due.year + n, self.month_day) for n in (-1, 0, 1)]
            return min(days, key=lambda day: abs(day - due))
        return due


@dataclass(frozen=True)
class Office(Params):
    """Whose holidays close the office, and what it is called."""

    method = "office"

    holidays: str = setting(
        TEXT, "the state whose public holidays close the office, such as NJ; the Closed Days table overrides it"
    )
    open_on: tuple[str, ...] = setting(
        Many(MONTH_DAY), "public holidays, by month and day, on which the office is open all the same", ()
    )
    title: str = setting(TEXT, "the office as it stands on top of every page", "Office of the Tax Collector")
    collector: str = setting(TEXT, "the officer's title, under what is signed", "Tax collector")

    def check(self, where: str) -> None:
        if self.holidays not in STATES:
            near = f'Write "{self.holidays.upper()}".' if self.holidays.upper() in STATES else "Such as NJ."
            raise BadProfile(
                f'"{self.holidays}" is not the code of a state whose holidays are known.',
                where=f"{where}.holidays",
                do=near,
            )

    def words(self) -> str:
        but = f", but open on {', '.join(month_day_words(d) for d in self.open_on)}" if self.open_on else ""
        return (
            f"{self.title}; signed by the {self.collector}. Closed on Saturdays, Sundays and the public holidays of {self.holidays}{but}; "
            "the town's own Closed Days table decides where they differ."
        )
