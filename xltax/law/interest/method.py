"""What every method of interest answers, and the settings that several of them share."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import ClassVar

from xltax.dates import ClosedDays
from xltax.law.calendar import EarlyPayment
from xltax.law.interest.terms import Terms
from xltax.law.params import Params, choice
from xltax.money import dollars

COMPONENT = choice("interest", "penalty")
COUNTED_FROM = choice("due", "delinquent")
PLACED = "the column the charge goes to"
FIRST_DAY = "the first day counted"
ROUNDED = "where cents are rounded"
LEAST = "the minimum for each installment, charged once"


class Interest(Params):
    """One way to charge interest or penalty over time. docs/replay.md says how to add another.

    Everything else reads a rule through these members: replay its `terms`, Explain its `unit` and `rate_words`, the add-in's
    texts its `words` and `plainly`, the help for a town's file its settings.
    """

    component: str
    has_tiers: ClassVar[bool] = False  # whether older tax on the same parcel can change the rate
    by_date: ClassVar[bool] = False  # whether the rate depends on the day of payment alone, see `last_days`

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

    def last_days(self, base: dt.date, closed: ClosedDays) -> list[dt.date]:
        """The last day of each stretch but the last, where the rate depends on the day of payment."""
        return []

    def early_payment(self, due: dt.date, last_free: dt.date, closed: ClosedDays) -> EarlyPayment | None:
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
    start = "the due date" if counted_from == "due" else "the day the tax becomes delinquent"
    least = f" The minimum is ${dollars(minimum)} for each installment, charged once." if minimum else ""
    return f" Counted from {start}.{least}"


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
