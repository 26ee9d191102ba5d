"""How a method of interest accrues, in plain numbers for the replay kernel.

docs/replay.md says what each number means; ledger/lawbook.py lays them out as the kernel's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xltax.money import Cents

# How time is counted. Each has its branch in `count` of ledger/accrual.py.
DAYS_30_360, DAYS_ACTUAL, WHOLE_MONTHS, MONTHS_BEGUN, MONTHS_TOUCHED, PERIODS, MARKS, ONCE = range(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How one rule accrues: its rates, how time is counted, and how cents are rounded."""

    clock: int  # how time is counted, one of those above
    rates: tuple[
        Fraction, ...
    ]  # for one unit of that time, on each tier; under a schedule, those its totals are made of
    limits: tuple[Cents, ...] = ()  # where each tier but the last ends
    afresh: bool = False  # each levy year has tiers of its own
    latched: bool = False  # what was taken of the lower tier stays taken until nothing is owed
    inclusive: bool = False  # the day of payment is counted too
    from_late: bool = False  # time runs from the day the tax becomes delinquent, not from the due date
    on_penalty: bool = False  # charged on the unpaid penalty too
    period: int = 1  # the days in a period
    most: int | None = None  # the most periods charged
    part: bool = False  # a part of a period is a whole one
    after: bool = False  # a month ends on its day-number, so the day it is counted from is in none
    month_end: bool = False  # months counted from the last day of a month end with the months
    monthly: bool = False  # rounded to the cent for one month, then multiplied
    beside: str = ""  # rounded together with the rule for this column
    by_account: bool = False  # rounded to the cent once for the account
    minimum: Cents = 0  # the least for an installment, once over its life
    up_to_tax: bool = False  # that least is never more than the tax
    to_dollar: bool = False  # rounded to whole dollars
