"""The methods of interest and penalty, each in a file of its own: its settings, its words, and its terms for replay."""

from xltax.law.interest.by_date_band import Band, ByDateBand
from xltax.law.interest.flat import Flat
from xltax.law.interest.method import Interest
from xltax.law.interest.one_payment import OnePayment
from xltax.law.interest.per_month_or_part import PerMonthOrPart
from xltax.law.interest.per_period_capped import PerPeriodCapped
from xltax.law.interest.schedule import Schedule, ScheduleStep
from xltax.law.interest.tiered_annual import Tier, TieredAnnual
from xltax.law.interest.year_end import YearEnd
from xltax.law.params import Params

__all__ = (
    "INTEREST_METHODS",
    "PENALTY_METHODS",
    "Band",
    "ByDateBand",
    "Flat",
    "Interest",
    "OnePayment",
    "PerMonthOrPart",
    "PerPeriodCapped",
    "Schedule",
    "ScheduleStep",
    "Tier",
    "TieredAnnual",
    "YearEnd",
)

INTEREST_METHODS: dict[str, type[Params]] = {
    m.method: m for m in (TieredAnnual, PerMonthOrPart, Schedule, ByDateBand, PerPeriodCapped, Flat)
}
PENALTY_METHODS: dict[str, type[Params]] = {YearEnd.method: YearEnd}
