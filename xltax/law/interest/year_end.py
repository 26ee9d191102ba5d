"""The penalty at the end of the year on a large delinquency."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xltax.law.params import MONEY, RATE, Params, choice, percent, setting
from xltax.money import Cents, dollars, round_half_up


@dataclass(frozen=True)
class YearEnd(Params):
    """A penalty at the end of the year on a large delinquency."""

    method = "year_end"
    unit = "year end"

    rate: Fraction = setting(RATE, "the penalty; 0% if the town has not adopted one")
    threshold: int = setting(MONEY, "the delinquency must be above this amount", 0)
    base: str = setting(
        choice("this_year", "whole", "excess"),
        "what it is charged on: that year's part, the whole delinquency, or the amount above the threshold",
        "this_year",
    )
    tested_on: str = setting(choice("tax", "tax_and_interest"), "what is compared with the threshold", "tax")
    day: str = setting(choice("12-31"), "the day it is charged, after that day's payments", "12-31")

    def rate_words(self) -> str:
        """The rate Explain shows."""
        return percent(self.rate)

    def penalty(self, delinquent: Cents, of_year: Cents) -> Cents:
        """The penalty on a delinquency, of which `of_year` is that year's. No penalty unless the whole is above the threshold."""
        if delinquent <= self.threshold:
            return 0
        base = {"this_year": of_year, "whole": delinquent, "excess": delinquent - self.threshold}[self.base]
        return round_half_up(self.rate * base)

    def words(self) -> str:
        if not self.rate:
            return "Year-end penalty: none."
        base = {
            "this_year": "on that year's part of the delinquency",
            "whole": "on the whole delinquency",
            "excess": "on the amount above that",
        }[self.base]
        test = "tax" if self.tested_on == "tax" else "tax and interest"
        return (
            f"Year-end penalty: {percent(self.rate)} if the parcel's delinquent {test} at the close of December 31 is more "
            f"than ${dollars(self.threshold)}, charged {base}, once a year."
        )
