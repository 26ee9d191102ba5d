"""The interest and penalty kernels by name: each a small record of settings and a sentence. Replay applies them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from xltax.dates import ClosedDays, end_of_months
from xltax.errors import BadProfile
from xltax.law import rates
from xltax.law.calendar import DISCOUNT_ON, FROM_MONTH_END, IN_PARTS, KEPT, MONTH_ENDS, earned_by, month_words
from xltax.law.params import (
    FLAG,
    MONEY,
    RATE,
    RATE_A_MONTH,
    RATE_A_PERIOD,
    RATE_A_YEAR,
    WHOLE,
    Many,
    Params,
    choice,
    percent,
    setting,
)
from xltax.money import Cents, dollars, round_half_up

COMPONENT = choice("interest", "penalty")
COUNTED_FROM = choice("due", "delinquent")
ROUND_BY = choice("installment", "account", "month")


@dataclass(frozen=True)
class Tier(Params):
    """One step of a tiered rate."""

    rate: Fraction = setting(RATE_A_YEAR, "the annual rate on this step")
    up_to: int | None = setting(MONEY, "the step ends here; left out on the last step", None)


def _from(minimum: int, counted_from: str) -> str:
    start = "the due date" if counted_from == "due" else "the day the tax becomes delinquent"
    least = f" At least ${dollars(minimum)} for each installment, once over its life." if minimum else ""
    return f" Counted from {start}.{least}"


def _tail(minimum: int, counted_from: str, round_by: str) -> str:
    return (
        _from(minimum, counted_from)
        + {
            "installment": " Rounded to the cent for each installment when a figure or a payment needs it.",
            "account": " Rounded to the cent once for the account.",
            "month": " Rounded to the cent for one month, then multiplied by the months.",
        }[round_by]
    )


@dataclass(frozen=True)
class TieredAnnual(Params):
    """A yearly rate by tiers of the whole delinquency, by days (or whole months)."""

    method = "tiered_annual"

    tiers: tuple[Tier, ...] = setting(Many(Tier), "the steps, lowest first; the oldest delinquency fills the lowest")
    day_count: str = setting(choice("30/360", "actual/365", "actual/360", "whole_months"), "how time is counted")
    ends: str = setting(choice("one", "both"), "whether the last day is counted too", "one")
    from_month_end: str = setting(
        FROM_MONTH_END, "whole_months counted from the last day of a month: complete on the last day, or on the same day-number",
        "month_end", older="same_number",
    )  # fmt: skip
    bracket: str = setting(
        choice("parcel", "levy_year", "none"),
        "what shares one set of tiers; none: the top rate on everything",
        "parcel",
    )
    bracket_refill: str = setting(
        choice("open_balance", "until_current"), "whether a payment makes room in the lower tier again", "open_balance"
    )
    counted_from: str = setting(COUNTED_FROM, "the first day counted", "due")
    component: str = setting(COMPONENT, "the column it goes to", "interest")
    round_by: str = setting(choice("installment", "account"), "where cents are rounded", "installment")
    minimum: int = setting(MONEY, "the least for an installment, once over its life", 0)

    def check(self, where: str) -> None:
        limits = [t.up_to for t in self.tiers]
        if not limits or limits[-1] is not None or None in limits[:-1] or limits[:-1] != sorted(set(limits[:-1])):  # type: ignore[type-var]
            raise BadProfile(
                "The tiers do not rise to an open last one.",
                where=f"{where}.tiers",
                do="Give each but the last an up_to, rising.",
            )
        if len(limits) > 4:
            raise BadProfile("More than four tiers.", where=f"{where}.tiers", do="Use at most four.")
        if self.component == "penalty" and len(limits) > 1:
            raise BadProfile("Tiers are for interest; a penalty has one rate here.", where=f"{where}.component")
        for n, tier in enumerate(self.tiers, 1):
            if getattr(tier.rate, "per", "") == "month" and self.day_count.startswith("actual"):
                raise BadProfile(
                    f'"{rates.text_of(tier.rate)}" is for a month, and {self.day_count} counts days.',
                    where=f"{where}.tiers[{n}].rate",
                    do='Write the rate for a year, such as "18% per year", or count whole_months or 30/360.',
                )
        if self.bracket_refill == "until_current" and len(limits) != 2:
            raise BadProfile('"until_current" needs exactly two tiers.', where=f"{where}.bracket_refill")

    def idle(self) -> tuple[str, ...]:
        counted = self.day_count == "whole_months" and self.counted_from == "due"
        return () if counted else ("from_month_end",)

    def _rates(self) -> str:
        parts, low = [], ""
        for tier in self.tiers:
            if tier.up_to is None:
                parts.append(
                    f"{percent(tier.rate)} a year on what is above"
                    if low
                    else f"{percent(tier.rate)} a year on everything"
                )
            else:
                low = dollars(tier.up_to)
                parts.append(f"{percent(tier.rate)} a year up to ${low}")
        whose = {
            "parcel": "of all that is delinquent on the parcel, over any number of quarters and years",
            "levy_year": "of what is delinquent, afresh for each levy year",
            "none": "with no lower tier left, so the last rate applies to everything",
        }[self.bracket]
        tiers = f", {whose}." if len(self.tiers) > 1 else "."
        return f"{self.component.capitalize()}: {', '.join(parts)}{tiers}"

    def words(self) -> str:
        refill = {
            "open_balance": " A payment makes room in the lower tier again.",
            "until_current": " Once used, the lower tier is not filled again until nothing is owed.",
        }[self.bracket_refill]
        days = self.day_count + (", the day of payment counted too" if self.ends == "both" else "")
        return f"{self._rates()}{refill if len(self.tiers) > 1 else ''} Time counted {days.replace('_', ' ')}." + _tail(
            self.minimum, self.counted_from, self.round_by
        )

    def plainly(self) -> str:
        return self._rates() + _from(self.minimum, self.counted_from)


@dataclass(frozen=True)
class PerMonthOrPart(Params):
    """Simple interest at a monthly rate on the open principal; a part of a month is a month."""

    method = "per_month_or_part"

    rate: Fraction = setting(RATE_A_MONTH, "the rate for one month")
    months: str = setting(
        choice("anniversary", "touched"),
        "whether a month runs from day-number to day-number, or is a calendar month touched",
        "anniversary",
    )
    month_ends: str = setting(
        MONTH_ENDS,
        "the last day of an anniversary month counted from the due date: its day-number, or the day before, where the due date "
        "opens month one; counted from delinquency a month ends the day before the day-number it began on",
        "same_day",
        older="day_before",
    )
    from_month_end: str = setting(
        FROM_MONTH_END, f"{KEPT}; for anniversary months counted from the due date", "month_end", older="same_number"
    )
    counted_from: str = setting(COUNTED_FROM, "the first day counted", "due")
    component: str = setting(COMPONENT, "the column it goes to", "interest")
    round_by: str = setting(ROUND_BY, "where cents are rounded", "installment")
    rounded_with: str = setting(
        choice("", "interest"), "for a penalty rounded together with the interest of the same bill", ""
    )
    minimum: int = setting(MONEY, "the least for an installment, once over its life", 0)

    def check(self, where: str) -> None:
        if self.rounded_with and (self.component != "penalty" or self.round_by != "month"):
            raise BadProfile('"rounded_with" is for a penalty with round_by = "month".', where=f"{where}.rounded_with")

    def idle(self) -> tuple[str, ...]:
        counted = self.months == "anniversary" and self.counted_from == "due"
        return () if counted else ("month_ends", "from_month_end")

    def _rates(self) -> str:
        return f"{self.component.capitalize()}: {percent(self.rate)} of the open tax for each month or part of a month"

    def plainly(self) -> str:
        return f"{self._rates()}.{_from(self.minimum, self.counted_from)}"

    def words(self) -> str:
        how = "every calendar month touched counts"
        if self.months == "anniversary" and self.counted_from == "due":
            opens = ", and the due date opens the first" if self.month_ends == "day_before" else ""
            how = f"a month ends on {month_words(self.month_ends, self.from_month_end)}{opens}"
        elif self.months == "anniversary":
            how = "a month runs from day-number to day-number"
        text = f"{self._rates()}; {how}; no month is charged twice."
        text += _tail(self.minimum, self.counted_from, self.round_by)
        return text + (" The cents come out with interest and penalty taken together." if self.rounded_with else "")


@dataclass(frozen=True)
class Band(Params):
    """One stretch of months after the base date."""

    rate: Fraction = setting(RATE, "below zero a discount, zero face, above zero a penalty")
    months: int | None = setting(WHOLE, "through this many months; left out on the last band", None)


@dataclass(frozen=True)
class ByDateBand(Params):
    """Discount, face, penalty: what is owed depends on when it is paid."""

    method = "by_date_band"

    bands: tuple[Band, ...] = setting(Many(Band), "the bands in order")
    month_ends: str = setting(
        MONTH_ENDS,
        "the last day of a band: the day before the notice's day-number, as bills print it, or that day-number",
        "day_before",
        older="same_day",
    )
    from_month_end: str = setting(FROM_MONTH_END, KEPT, "month_end", older="same_number")
    roll: bool = setting(
        FLAG, "whether a last day on which the office is closed moves to the next business day", True, older="no"
    )
    discount_on: str = setting(DISCOUNT_ON, "which payments earn the discount", "full_installment")
    in_parts: bool = setting(FLAG, IN_PARTS, False)
    component: str = setting(COMPONENT, "the column the penalty goes to", "penalty")

    def check(self, where: str) -> None:
        months = [b.months for b in self.bands]
        rates = [b.rate for b in self.bands]
        if not months or months[-1] is not None or None in months[:-1] or months[:-1] != sorted(set(months[:-1])):  # type: ignore[type-var]
            raise BadProfile(
                "The bands do not follow each other to an open last one.",
                where=f"{where}.bands",
                do="Give each but the last a number of months, rising.",
            )
        if rates != sorted(rates) or len(rates) > 4 or sum(x < 0 for x in rates) > 1:
            raise BadProfile(
                "The rates of the bands fall, more than one is a discount, or there are more than four.",
                where=f"{where}.bands",
            )

    def idle(self) -> tuple[str, ...]:
        return () if any(band.rate < 0 for band in self.bands) else ("discount_on", "in_parts")

    def last_days(self, notice: dt.date, closed: ClosedDays) -> list[dt.date]:
        """The last day of each band but the last, counted from the day of the notice."""
        days = [
            end_of_months(
                notice,
                band.months,
                day_before=self.month_ends == "day_before",
                keep_month_end=self.from_month_end == "month_end",
            )
            for band in self.bands
            if band.months is not None
        ]
        return [closed.next_open(day) for day in days] if self.roll else days

    def words(self) -> str:
        parts = []
        for band in self.bands:
            what = (
                "face" if not band.rate else f"{percent(abs(band.rate))} {'discount' if band.rate < 0 else 'penalty'}"
            )
            parts.append(
                f"{what} {'after that' if band.months is None else f'through {band.months} month' + 's' * (band.months > 1)}"
            )
        rolled = ", moved from a closed day to the next business day" if self.roll else ""
        text = f"By date of payment, counted from the due date: {', '.join(parts)}."
        text += f" A band ends on {month_words(self.month_ends, self.from_month_end)}{rolled}."
        if not any(band.rate < 0 for band in self.bands):
            return text
        return f"{text} The discount is earned where {earned_by(self.discount_on, self.in_parts)}."


@dataclass(frozen=True)
class PerPeriodCapped(Params):
    """A rate for each stretch of days late, up to a number of stretches."""

    method = "per_period_capped"

    rate: Fraction = setting(RATE_A_PERIOD, "the rate for one period")
    days: int = setting(WHOLE, "the days in a period", 30)
    most: int = setting(WHOLE, "the most periods charged")
    part_counts: bool = setting(FLAG, "whether a part of a period is a whole one", True)
    counted_from: str = setting(COUNTED_FROM, "the first day counted", "delinquent")
    component: str = setting(COMPONENT, "the column it goes to", "penalty")
    round_by: str = setting(choice("installment", "account"), "where cents are rounded", "installment")
    minimum: int = setting(MONEY, "the least for an installment, once over its life", 0)

    def check(self, where: str) -> None:
        if self.days < 1 or self.most < 1:
            raise BadProfile("Days and most have to be at least 1.", where=where)
        per = getattr(self.rate, "per", "")
        if per not in ("", "period", f"{self.days} days"):
            raise BadProfile(
                f'"{rates.text_of(self.rate)}" is for {per}, and a period here has {self.days} days.',
                where=f"{where}.rate",
                do=f'Write "{percent(self.rate)} per {self.days} days", or set days.',
            )

    def words(self) -> str:
        part = " or part" if self.part_counts else ""
        return (
            f"{self.component.capitalize()}: {percent(self.rate)} of the open tax for each {self.days} days{part}, "
            f"to {percent(self.rate * self.most)} at most." + _tail(self.minimum, self.counted_from, self.round_by)
        )


@dataclass(frozen=True)
class Flat(Params):
    """One rate, once, when the tax becomes delinquent."""

    method = "flat"

    rate: Fraction = setting(RATE, "the rate, charged once; 0% where nothing is charged")
    component: str = setting(COMPONENT, "the column it goes to", "penalty")
    minimum: int = setting(MONEY, "the least for an installment, once over its life", 0)

    def words(self) -> str:
        if not self.rate:
            return f"{self.component.capitalize()}: none."
        return f"{self.component.capitalize()}: {percent(self.rate)} of the open tax, once, when it becomes delinquent."


@dataclass(frozen=True)
class YearEnd(Params):
    """A penalty at the end of the year on a large delinquency."""

    method = "year_end"

    rate: Fraction = setting(RATE, "the penalty; 0% where the town has not adopted one")
    threshold: int = setting(MONEY, "the delinquency has to be above this", 0)
    base: str = setting(
        choice("this_year", "whole", "excess"),
        "what it is charged on: that year's part, the whole delinquency, or what is above the threshold",
        "this_year",
    )
    tested_on: str = setting(choice("tax", "tax_and_interest"), "what is compared with the threshold", "tax")
    day: str = setting(choice("12-31"), "the day it is charged, after that day's receipts", "12-31")

    def penalty(self, delinquent: Cents, of_year: Cents) -> Cents:
        """The penalty on a delinquency, `of_year` of it that year's: nothing unless the whole is above the threshold."""
        if delinquent <= self.threshold:
            return 0
        base = {"this_year": of_year, "whole": delinquent, "excess": delinquent - self.threshold}[self.base]
        return round_half_up(self.rate * base)

    def words(self) -> str:
        if not self.rate:
            return "Year-end penalty: none."
        base = {
            "this_year": "on that year's part of it",
            "whole": "on the whole of it",
            "excess": "on what is above that",
        }[self.base]
        test = "tax" if self.tested_on == "tax" else "tax and interest"
        return (
            f"Year-end penalty: {percent(self.rate)} where the parcel's delinquent {test} at the close of December 31 is more "
            f"than ${dollars(self.threshold)}, {base}; once a year."
        )


INTEREST_METHODS: dict[str, type[Params]] = {
    m.method: m for m in (TieredAnnual, PerMonthOrPart, ByDateBand, PerPeriodCapped, Flat)
}
PENALTY_METHODS: dict[str, type[Params]] = {YearEnd.method: YearEnd}
