"""What every method of interest answers, and the settings that several of them share."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import ClassVar

from xltax.dates import month_day_words
from xltax.errors import BadProfile
from xltax.law.calendar import EarlyPayment
from xltax.law.interest.days import Days, base_of, from_words, has_own_base, next_on
from xltax.law.interest.terms import Terms
from xltax.law.params import MONTH_DAY, Kind, Params, choice
from xltax.money import dollars

COMPONENT = choice("interest", "penalty")
PLACED = "the column the charge goes to"
BASE = choice("tax", "tax_and_penalty")
BASE_HELP = "what interest is charged on: the unpaid tax, or the unpaid tax and penalty"
CHARGED_FROM = Kind(MONTH_DAY.allowed, lambda value: MONTH_DAY.read(value) if value else "")
CHARGED_FROM_HELP = (
    "the first such month and day after the due date is the first day on which the interest is charged, for all the time counted by then; "
    "empty: from the start"
)
ROUND_TO = choice("cent", "dollar")
ROUND_TO_HELP = "whether the amount for each installment is rounded half up to the cent or to the dollar"
ROUNDED = "where cents are rounded"
LEAST = "the minimum for each installment, charged once"


class Interest(Params):
    """One way to charge interest or penalty over time. docs/replay.md says how to add another.

    Everything else reads a rule through these members: replay its `terms`, Explain its `unit` and `rate_words`, the add-in's
    texts its `words` and `plainly`, the help for a town's file its settings.
    """

    component: str
    has_tiers: ClassVar[bool] = False  # whether older tax on the same parcel can change the rate
    by_date: ClassVar[bool] = False  # whether the total depends on the day of payment alone, see `marks`
    base: str = "tax"
    counted_from: str = "due"
    charged_from: str = ""

    def terms(self) -> Terms:
        """How the rule accrues, in plain numbers for the replay kernel."""
        raise NotImplementedError

    @property
    def unit(self) -> str:
        """What Explain counts, such as months."""
        raise NotImplementedError

    def rate_words(self, tier: int) -> str:
        """The rate Explain shows for a tier, such as "1.5% a month"."""
        raise NotImplementedError

    def monthly_rate(self) -> Fraction | None:
        """The rate for one month, if the method charges by the month. A penalty can be rounded together with this rate."""
        return None

    def marks(self, days: Days, until: dt.date) -> list[tuple[dt.date, Fraction]]:
        """The days up to a day on which the total changes, with the total from each on, where the day of payment decides."""
        return []

    def last_days(self, days: Days) -> list[dt.date]:
        """The last days before the total changes that a bill prints, where the day of payment decides."""
        return []

    @property
    def has_own_days(self) -> bool:
        """Whether each installment has days of its own under this rule, besides its due date and day of delinquency."""
        return self.by_date or bool(self.charged_from) or has_own_base(self.counted_from)

    def begins(self, days: Days) -> dt.date | None:
        """The day time is counted from; None where it is the due date or the day of delinquency."""
        return base_of(self.counted_from, days)

    def check_base(self, where: str) -> None:
        """Refuses a penalty that is charged on the penalty."""
        if self.base != "tax" and self.component == "penalty":
            raise BadProfile(
                'base = "tax_and_penalty" works only for interest.',
                where=f"{where}.base",
                do='Remove base, or set component = "interest".',
            )

    def waits(self, days: Days) -> dt.date | None:
        """The first day on which what accrued is charged; None if it is charged from the start, as on tax raised later."""
        if not self.charged_from or days.last_free < days.due:
            return None
        return next_on(days.due, self.charged_from)

    def early_payment(self, days: Days) -> EarlyPayment | None:
        """The discount for paying early; None if there is none."""
        return None

    @property
    def takes_the_bill(self) -> bool:
        """Whether the rule has a discount that is earned by paying the whole bill."""
        return False

    def with_bracket(self, bracket: str) -> Interest:
        """The same rule with its tiers shared in another way. A rule without tiers does not change."""
        return self


def counted_words(minimum: int, counted_from: str) -> str:
    """From which day time is counted, and the minimum, in words."""
    least = f" The minimum is ${dollars(minimum)} for each installment, charged once." if minimum else ""
    return f" Counted from {from_words(counted_from)}.{least}"


def charged_words(charged_from: str) -> str:
    """The day from which interest is charged back to the day it is counted from, in words."""
    if not charged_from:
        return ""
    return f" Nothing is charged before {month_day_words(charged_from)}; what is unpaid then is charged from the day time is counted from."


def base_words(base: str) -> str:
    """What the charge is on besides the unpaid tax, in words."""
    return " on the unpaid tax and penalty" if base == "tax_and_penalty" else ""


def dollar_words(round_to: str) -> str:
    """Where an amount is rounded to whole dollars, in words."""
    return " The amount for each installment is rounded half up to the dollar." if round_to == "dollar" else ""


def rounded_words(minimum: int, counted_from: str, round_by: str) -> str:
    """From which day time is counted, the minimum, and where cents are rounded, in words."""
    return (
        counted_words(minimum, counted_from)
        + {
            "installment": " Rounded to the cent for each installment when an amount is quoted or paid.",
            "account": " Rounded to the cent once for the whole account.",
            "month": " Rounded to the cent for one month, then multiplied by the number of months.",
        }[round_by]
    )
