"""A rate for each period of days late, up to a maximum."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xltax.errors import BadProfile
from xltax.law import rates
from xltax.law.interest.days import COUNTED_FROM, FIRST_DAY
from xltax.law.interest.method import (
    COMPONENT,
    LEAST,
    PLACED,
    ROUNDED,
    Interest,
    rounded_words,
)
from xltax.law.interest.terms import PERIODS, Terms
from xltax.law.params import DAYS, FLAG, MONEY, RATE_A_PERIOD, choice, percent, setting, whole_between


@dataclass(frozen=True)
class PerPeriodCapped(Interest):
    """A rate for each period of days late, up to a number of periods."""

    method = "per_period_capped"

    rate: Fraction = setting(RATE_A_PERIOD, "the rate for one period")
    days: int = setting(DAYS, "the days in a period", 30)
    most: int = setting(whole_between(0, 40_000), "the highest number of periods charged")
    part_counts: bool = setting(FLAG, "whether part of a period counts as a whole period", True)
    counted_from: str = setting(COUNTED_FROM, FIRST_DAY, "delinquent")
    component: str = setting(COMPONENT, PLACED, "penalty")
    round_by: str = setting(choice("installment", "account"), ROUNDED, "installment")
    minimum: int = setting(MONEY, LEAST, 0)

    def check(self, where: str) -> None:
        if self.days < 1 or self.most < 1:
            raise BadProfile("days and most must be at least 1.", where=where, do="Enter 1 or more.")
        per = getattr(self.rate, "per", "")
        if per not in ("", "period", f"{self.days} days"):
            raise BadProfile(
                f'"{rates.text_of(self.rate)}" is for {per}, and a period here has {self.days} days.',
                where=f"{where}.rate",
                do=f'Write "{percent(self.rate)} per {self.days} days", or set days.',
            )

    def terms(self) -> Terms:
        return Terms(
            clock=PERIODS,
            rates=(self.rate,),
            inclusive=True,
            from_late=self.counted_from != "due",
            period=self.days,
            most=self.most,
            part=self.part_counts,
            by_account=self.round_by == "account",
            minimum=self.minimum,
        )

    @property
    def unit(self) -> str:
        return f"periods of {self.days} days"

    def rate_words(self, tier: int) -> str:
        return f"{percent(self.rate)} a period"

    def words(self) -> str:
        part = " or part" if self.part_counts else ""
        return (
            f"{self.component.capitalize()}: {percent(self.rate)} of the unpaid tax for each {self.days} days{part}, "
            f"up to {percent(self.rate * self.most)}." + rounded_words(self.minimum, self.counted_from, self.round_by)
        )
