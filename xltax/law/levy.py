"""From value to tax: the levy, exemptions and deductions, added and supplemental assessments."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction

from xltax.dates import month_day_words
from xltax.errors import BadProfile, BadValue
from xltax.law.params import MONEY, MONTH, MONTH_DAY, TEXT, Many, Params, choice, setting, whole_between
from xltax.money import Cents, dollars, round_half_up

LEVY_TYPES = ("RE", "PP", "MV", "MVS", "ADD", "OMIT", "SEWER", "WATER", "SOLID", "SALES", "LICENSE", "COST")
"""The kinds of levy there are: real estate, personal property, vehicles and their supplement, added and omitted, and so on."""

_OF_A_TOWN = re.compile(r"X-[A-Z0-9]{1,8}")
OWN_TYPE = "X-YIELD"
"""An example of a type that a town makes itself, such as New Hampshire's timber tax. X- shows that it is no slip."""


def is_levy_type(text: str) -> bool:
    """Whether a text is a kind of levy: one of those above, or one that a town made itself."""
    return text in LEVY_TYPES or bool(_OF_A_TOWN.fullmatch(text))


def choice_of(choices: tuple[str, ...], text: str) -> str | None:
    """The choice that a text means, in capital or small letters; among levy types, a town's own type is one too."""
    if choices == LEVY_TYPES and is_levy_type(text.upper()):
        return text.upper()
    return next((choice for choice in choices if choice.lower() == text.lower()), None)


@dataclass(frozen=True)
class Levy(Params):
    """How the tax is calculated from the value."""

    method = "levy"

    per: int = setting(
        whole_between(1, 1_000_000), "the value a rate applies to: 1 for a decimal rate, 100, or 1000 for mills"
    )
    round_to: str = setting(choice("cent", "dollar"), "where the tax is rounded, half up", "cent")

    def check(self, where: str) -> None:
        if self.per not in (1, 100, 1000):
            raise BadProfile(
                f"A rate per {self.per} is not supported.",
                where=f"{where}.per",
                do="Set 1 for a decimal rate, 100, or 1000 for mills.",
            )

    def words(self) -> str:
        over = f" / {self.per:,}" if self.per > 1 else ""
        return f"Tax = net value x rate{over}, rounded half up to the {self.round_to}."

    def tax(self, value: Cents, rate: Fraction, credit: Cents = 0) -> Cents:
        """The tax on a value at a rate, less a credit; never below zero."""
        return max(0, levy(value, rate, self.per, self.round_to) - credit)


def levy(value: Cents, rate: Fraction, per: int, round_to: str = "cent") -> Cents:
    """Value times rate over 1, 100 or 1000, rounded half up."""
    unit = 1 if round_to == "cent" else 100
    return round_half_up(Fraction(value) * rate / per / unit) * unit


@dataclass(frozen=True)
class Added(Params):
    """An assessment added during the year for the whole months left."""

    method = "added"

    months: str = setting(
        choice("after_completion", "with_month_of_completion"), "which months are charged", "after_completion"
    )
    value_to: str = setting(choice("dollar", "cent"), "how the prorated assessment is rounded", "cent")
    due: tuple[str, ...] = setting(Many(MONTH_DAY), "when it is payable", ("11-01",))

    def words(self) -> str:
        which = (
            "left after the month of completion"
            if self.months == "after_completion"
            else "from the month of completion on"
        )
        return f"Added assessment: the added value x whole months {which} / 12, rounded to the {self.value_to}; payable {', '.join(month_day_words(d) for d in self.due)}."

    def months_charged(self, completed: dt.date) -> int:
        """How many months of its year an improvement completed that day is taxed for."""
        return 12 - completed.month + (self.months == "with_month_of_completion")

    def prorated(self, value: Cents, completed: dt.date) -> Cents:
        """The added assessment of that year, in cents."""
        return rounded_to(Fraction(value * self.months_charged(completed), 12), self.value_to)


@dataclass(frozen=True)
class Supplement(Params):
    """A vehicle registered after the assessment day, taxed for the months left of the assessment year."""

    method = "supplement"

    year_starts: int = setting(MONTH, "the month the assessment year starts", 10)
    factor: str = setting(
        choice("exact", "three_places"), "whether months/12 is used exactly or rounded to three places", "three_places"
    )
    value_to: str = setting(choice("dollar", "cent"), "how the prorated assessment is rounded", "dollar")

    def words(self) -> str:
        factor = "exactly" if self.factor == "exact" else "to three places"
        return (
            f"Supplemental vehicle: assessment x months from the month of registration to the end of the assessment year / 12 ({factor}), "
            f"rounded to the {self.value_to}; less the same for the vehicle that was replaced."
        )

    def months_charged(self, registered: dt.date) -> int:
        """The months charged, the month of registration included: October 12, July 3."""
        return 12 - (registered.month - self.year_starts) % 12

    def share(self, registered: dt.date) -> Fraction:
        """The share of the full assessment."""
        return self.share_of(self.months_charged(registered))

    def share_of(self, months: int) -> Fraction:
        """The share of the full assessment for so many months."""
        exact = Fraction(months, 12)
        return exact if self.factor == "exact" else Fraction(round_half_up(exact * 1000), 1000)

    def prorated(self, value: Cents, registered: dt.date, old_value: Cents = 0) -> Cents:
        """The supplemental assessment in cents, never below zero."""
        return rounded_to(max(Fraction(0), Fraction(value - old_value)) * self.share(registered), self.value_to)


def rounded_to(cents: Fraction, unit: str) -> Cents:
    """Cents rounded half up to the cent or the dollar."""
    step = 1 if unit == "cent" else 100
    return round_half_up(cents / step) * step


@dataclass(frozen=True)
class Deduction(Params):
    """A deduction from the tax of an eligible owner."""

    method = "deduction"

    code: str = setting(TEXT, "the code on the roll, such as V")
    title: str = setting(TEXT, "who receives it")
    amount: Cents = setting(MONEY, "the deduction for a year")
    paid_by: str = setting(
        choice("State", "town"), "who pays for it: the State's share is collected from the State, not abated", "State"
    )

    def words(self) -> str:
        return (
            f"Deduction {self.code}: ${dollars(self.amount)} a year for {self.title}, paid for by the {self.paid_by}."
        )


def tax_rate(levy_amount: Cents, valuation: Cents, per: int) -> Fraction:
    """The rate that raises a levy on a valuation, exactly."""
    if valuation <= 0:
        raise BadValue("The valuation must be above zero.", where="valuation")
    return Fraction(levy_amount * per, valuation)
