"""Discount, face, penalty: a rate by the day of payment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from xltax.dates import end_of_months
from xltax.errors import BadProfile
from xltax.law.calendar import (
    DISCOUNT_ON,
    FROM_MONTH_END,
    IN_PARTS,
    KEPT,
    MONTH_ENDS,
    EarlyPayment,
    earned_by,
    month_words,
)
from xltax.law.interest.days import DAY, Days
from xltax.law.interest.method import COMPONENT, Interest
from xltax.law.interest.terms import MARKS, Terms
from xltax.law.params import FLAG, MONTHS, SIGNED_RATE, Many, Params, percent, setting


@dataclass(frozen=True)
class Band(Params):
    """One stretch of months after the base date."""

    rate: Fraction = setting(SIGNED_RATE, "below zero: a discount; zero: the face amount; above zero: a penalty")
    months: int | None = setting(MONTHS, "through this many months; leave out on the last band", None)


@dataclass(frozen=True)
class ByDateBand(Interest):
    """Discount, face, penalty: the amount owed depends on when it is paid."""

    method = "by_date_band"
    by_date = True
    unit = "band"

    bands: tuple[Band, ...] = setting(Many(Band), "the bands in order")
    month_ends: str = setting(
        MONTH_ENDS,
        "the last day of a band: the day before the notice's day of the month, as bills print it, or that same day",
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
                "The bands are not in rising order with an open last band.",
                where=f"{where}.bands",
                do="Give every band but the last a number of months, in rising order.",
            )
        if rates != sorted(rates) or sum(x < 0 for x in rates) > 1:
            raise BadProfile(
                "The rates of the bands fall, or more than one is a discount.",
                where=f"{where}.bands",
                do="List the bands by rising rate, at most one of them a discount.",
            )

    def terms(self) -> Terms:
        return Terms(clock=MARKS, rates=tuple(max(Fraction(0), band.rate) for band in self.bands), inclusive=True)

    def rate_words(self, tier: int) -> str:
        return "by date of payment"

    @property
    def _has_discount(self) -> bool:
        return self.bands[0].rate < 0

    def early_payment(self, days: Days) -> EarlyPayment | None:
        if not self._has_discount:
            return None
        from_due = replace(days, since=None)
        return EarlyPayment(self.last_days(from_due)[0], -self.bands[0].rate, self.discount_on, self.in_parts)

    @property
    def takes_the_bill(self) -> bool:
        return self._has_discount and self.discount_on == "full_bill"

    def idle(self) -> tuple[str, ...]:
        return () if self._has_discount else ("discount_on", "in_parts")

    def marks(self, days: Days, until: dt.date) -> list[tuple[dt.date, Fraction]]:
        starts = [dt.date.min, *(day + DAY for day in self.last_days(days))]
        return [
            (start, band.rate)
            for start, band in zip(starts, self.bands, strict=True)
            if band.rate > 0 and start <= until
        ]

    def last_days(self, days: Days) -> list[dt.date]:
        """The last day of each band but the last, counted from the due date or the day of the notice."""
        base = days.since or days.due
        ends = [
            end_of_months(
                base,
                band.months,
                day_before=self.month_ends == "day_before",
                keep_month_end=self.from_month_end == "month_end",
            )
            for band in self.bands
            if band.months is not None
        ]
        return [days.closed.next_open(day) for day in ends] if self.roll else ends

    def words(self) -> str:
        parts = []
        for band in self.bands:
            what = (
                "face" if not band.rate else f"{percent(abs(band.rate))} {'discount' if band.rate < 0 else 'penalty'}"
            )
            parts.append(
                f"{what} {'after that' if band.months is None else f'through {band.months} month' + 's' * (band.months > 1)}"
            )
        rolled = ", or on the next business day if the office is closed that day" if self.roll else ""
        text = f"By date of payment, counted from the due date: {', '.join(parts)}."
        text += f" A band ends on {month_words(self.month_ends, self.from_month_end)}{rolled}."
        if not self._has_discount:
            return text
        return f"{text} The discount is earned if {earned_by(self.discount_on, self.in_parts)}."
