"""One rate, charged once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xltax.law.interest.method import COMPONENT, LEAST, PLACED, Interest
from xltax.law.interest.terms import ONCE, Terms
from xltax.law.params import MONEY, RATE, percent, setting


@dataclass(frozen=True)
class Flat(Interest):
    """One rate, once, when the tax becomes delinquent."""

    method = "flat"
    unit = "once"

    rate: Fraction = setting(RATE, "the rate, charged once; 0% if nothing is charged")
    component: str = setting(COMPONENT, PLACED, "penalty")
    minimum: int = setting(MONEY, LEAST, 0)

    def terms(self) -> Terms:
        return Terms(clock=ONCE, rates=(self.rate,), minimum=self.minimum)

    def rate_words(self, tier: int) -> str:
        return percent(self.rate)

    def words(self) -> str:
        if not self.rate:
            return f"{self.component.capitalize()}: none."
        return f"{self.component.capitalize()}: {percent(self.rate)} of the unpaid tax, once, when the tax becomes delinquent."
