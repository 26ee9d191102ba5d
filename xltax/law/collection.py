"""The fiscal year and its current levy, and how the percentage of the levy collected is calculated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xltax.dates import EARLIEST, LATEST, month_day_words, on_month_day
from xltax.errors import BadProfile
from xltax.law.params import DATE, MONTH_DAY, TEXT, YEARS, Many, Params, choice, setting, whole_between
from xltax.law.statement import LOWER, MEASURE, RAISE


@dataclass(frozen=True)
class FiscalYear(Params):
    """When the fiscal year begins, and which levy year is the current one in it."""

    method = "fiscal_year"

    starts: str = setting(MONTH_DAY, "the first day of the fiscal year", "01-01")
    levy_years_back: int = setting(
        YEARS,
        "years from the current levy year to the calendar year in which the fiscal year begins: 1 for a grand list that "
        "is billed the next July",
        0,
    )

    def first_day(self, day: dt.date) -> dt.date:
        """The first day of the fiscal year a day is in."""
        first = on_month_day(day.year, self.starts)
        return first if first <= day else on_month_day(day.year - 1, self.starts)

    def levy_year(self, day: dt.date) -> int:
        """The current levy year on a day."""
        return self.first_day(day).year - self.levy_years_back

    def check(self, where: str) -> None:
        if self.levy_years_back < 0:
            raise BadProfile("levy_years_back is below zero.", where=where, do="Write 0, 1 or more.")

    def words(self) -> str:
        back = self.levy_years_back
        which = f"{back} year{'s' if back > 1 else ''} before" if back else "of"
        return (
            f"The fiscal year begins on {month_day_words(self.starts)}; the current levy year is the one {which} the "
            "calendar year in which the fiscal year begins. Earlier levy years are prior, later ones next."
        )


@dataclass(frozen=True)
class CollectionRate(Params):
    """How much of the levy was collected, as a percentage."""

    method = "collection_rate"

    levy_is: tuple[str, ...] = setting(
        Many(MEASURE), "what counts as levied; reductions of tax are subtracted", ("levied", "added")
    )
    collected_is: tuple[str, ...] = setting(
        Many(MEASURE),
        "what counts as collected; increases of tax, such as payments freed by a correction, are subtracted",
        ("prepaid", "collected", "credit", "freed"),
    )
    rounding: str = setting(
        choice("half_up", "down"), "how the percentage is rounded to two places: half_up, or down (cut off)", "half_up"
    )

    def levied(self, sums: dict[str, int]) -> int:
        """What was levied, in cents, from the amounts by measure."""
        return sum(sums.get(m, 0) if m in RAISE else -sums.get(m, 0) for m in self.levy_is)

    def collected(self, sums: dict[str, int]) -> int:
        """What was collected, in cents, from the amounts by measure."""
        return sum(sums.get(m, 0) if m in LOWER else -sums.get(m, 0) for m in self.collected_is)

    def words(self) -> str:
        top, bottom = _sum(self.collected_is, LOWER), _sum(self.levy_is, RAISE)
        cut = {"half_up": "rounded half up", "down": "cut off, not rounded,"}[self.rounding]
        return f"Percent collected: ({top}) divided by ({bottom}), {cut} to two places."


_WORDS = {
    "prepaid": "paid in advance", "collected": "tax collected", "credit": "overpayments applied",
    "freed": "payments freed by corrections", "deductions": "State deductions", "state_credit": "credits that the State pays", "disallowed": "deductions disallowed",
    "discount": "discounts", "levied": "tax levied", "added": "added and omitted tax", "corrected_up": "corrections up",
    "corrected_down": "corrections down", "liened": "principal of liens",
}  # fmt: skip
"""What an office calls the measures of a statement; the others are called by their own names."""


def _sum(measures: tuple[str, ...], plus: tuple[str, ...]) -> str:
    """A sum in words, what is taken off with a minus sign."""
    text = ""
    for measure in measures:
        sign = " + " if measure in plus else " - "
        text += (sign if text or sign == " - " else "") + _WORDS.get(measure, measure.replace("_", " "))
    return text.strip()


@dataclass(frozen=True)
class LevyReduction(Params):
    """Reductions of a year's levy by judgments, which a resolution excludes from the levy in the percentage collected."""

    method = "levy_reduction"

    resolution: str = setting(TEXT, "the number of the governing body's resolution")
    adopted: dt.date = setting(DATE, "the day it was adopted")
    levy_year: int = setting(whole_between(EARLIEST.year, LATEST.year), "the levy year whose tax the judgments reduced")
    adjustments: tuple[str, ...] = setting(
        Many(TEXT), "the numbers of the judgments' reductions in Adjustments, such as A-3, A-4"
    )

    def check(self, where: str) -> None:
        if not self.resolution.strip() or not self.adjustments:
            raise BadProfile(
                "A reduction of the levy needs the resolution's number and the numbers of its adjustments.", where=where
            )

    def words(self) -> str:
        return (
            f"Resolution {self.resolution} of {self.adopted} subtracts adjustments {', '.join(self.adjustments)} from the "
            f"{self.levy_year} levy in the percentage collected."
        )
