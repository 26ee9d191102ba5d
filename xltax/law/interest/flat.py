"""One rate, charged once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xltax.law.interest.days import COUNTED_FROM, from_words
from xltax.law.interest.method import COMPONENT, LEAST, PLACED, Interest
from xltax.law.interest.terms import ONCE, Terms
from xltax.law.params import MONEY, RATE, choice, percent, setting
from xltax.money import dollars


@dataclass(frozen=True)
class Flat(Interest):
    """One rate, once, when the tax becomes delinquent."""

    method = "flat"
    unit = "once"

    rate: Fraction = setting(RATE, "the rate, charged once; 0% if nothing is charged")
    component: str = setting(COMPONENT, PLACED, "penalty")
    counted_from: str = setting(COUNTED_FROM, "the day it is charged", "delinquent")
    minimum: int = setting(MONEY, LEAST, 0)
    most: str = setting(choice("none", "tax"), "whether the minimum is never more than the tax", "none")

    def terms(self) -> Terms:
        return Terms(
            clock=ONCE,
            rates=(self.rate,),
            inclusive=True,
            from_late=self.counted_from == "delinquent",
            minimum=self.minimum,
            up_to_tax=self.most == "tax",
        )

    def rate_words(self, tier: int) -> str:
        return percent(self.rate)

    def words(self) -> str:
        if not self.rate:
            return f"{self.component.capitalize()}: none."
        when = (
            "when the tax becomes delinquent"
            if self.counted_from == "delinquent"
            else f"on {from_words(self.counted_from)}"
        )
        text = f"{self.component.capitalize()}: {percent(self.rate)} of the unpaid tax, once, {when}."
        if self.minimum:
            text += f" The minimum is ${dollars(self.minimum)}" + (
                ", but no more than the tax." if self.most == "tax" else "."
            )
        return text
