"""Sales-tax returns: periods, due dates, rates, and what the vendor keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from xltax.dates import add_months, month_end
from xltax.errors import BadProfile, BadValue
from xltax.law.levy import levy, rounded_to
from xltax.law.params import DAY_OF_MONTH, MONTH, MONTHS, RATE, TEXT, Many, Params, choice, percent, setting
from xltax.money import Cents


@dataclass(frozen=True)
class Location(Params):
    """One location code of the return."""

    code: str = setting(TEXT, "the code, such as 1701")
    name: str = setting(TEXT, "the place")
    rate: Fraction = setting(RATE, "its rate")


@dataclass(frozen=True)
class Frequency(Params):
    """How often a taxpayer files."""

    name: str = setting(TEXT, "the name, such as monthly")
    ends: tuple[int, ...] = setting(Many(MONTH), "the months in which a period ends")


@dataclass(frozen=True)
class SalesReturn(Params):
    """A return filed by the taxpayer: periods, due date, rates, and what a vendor who pays on time may keep."""

    method = "return"

    frequencies: tuple[Frequency, ...] = setting(Many(Frequency), "the filing frequencies")
    due_months: int = setting(MONTHS, "months from the end of the period to the month of the due date", 1)
    due_day: int = setting(DAY_OF_MONTH, "the day of that month", 1)
    locations: tuple[Location, ...] = setting(Many(Location), "the location codes and their rates")
    compensation: Fraction = setting(
        RATE, "the share of the tax a vendor keeps for filing and paying on time", Fraction(0)
    )
    round_to: str = setting(choice("dollar", "cent"), "how every line is rounded, half up", "dollar")

    def check(self, where: str) -> None:
        if not 1 <= self.due_day <= 28:
            raise BadProfile("The due day must be from 1 to 28.", where=f"{where}.due_day", do="Correct the due day.")
        for frequency in self.frequencies:
            if not frequency.ends or not all(1 <= m <= 12 for m in frequency.ends):
                raise BadProfile(
                    "A month must be from 1 to 12.", where=f"{where}.frequencies, {frequency.name}", do="Correct ends."
                )
        for name, values in (("locations", [x.code for x in self.locations]),
                             ("frequencies", [x.name for x in self.frequencies])):  # fmt: skip
            if not values or len(set(values)) < len(values):
                raise BadProfile(
                    "The list is empty, or an entry appears twice.", where=f"{where}.{name}", do="List each entry once."
                )

    def words(self) -> str:
        often = ", ".join(f"{f.name} (12 a year)" if len(f.ends) == 12 else f.name for f in self.frequencies)
        rates = ", ".join(f"{x.code} {x.name} {percent(x.rate)}" for x in self.locations)
        months = "month" if self.due_months == 1 else f"{self.due_months} months"
        kept = f" A vendor who files and pays on time keeps {percent(self.compensation)}." if self.compensation else ""
        return (
            f"Returns {often}, due on day {self.due_day} of the {months} after the period, "
            f"rounded to the {self.round_to}: {rates}.{kept}"
        )

    def location(self, code: str) -> Location:
        """The location of a code."""
        for location in self.locations:
            if location.code == code:
                return location
        codes = ", ".join(x.code for x in self.locations)
        raise BadValue(f'"{code}" is not a location code.', where="location", do=f"Use one of {codes}.")

    def frequency(self, name: str) -> Frequency:
        """The filing frequency of that name."""
        for frequency in self.frequencies:
            if frequency.name == name.strip().lower():
                return frequency
        names = ", ".join(x.name for x in self.frequencies)
        raise BadValue(f'"{name}" is not a filing frequency.', where="frequency", do=f"Use one of {names}.")

    def due(self, period_end: dt.date) -> dt.date:
        """The day the return of a period is due."""
        if period_end != month_end(period_end):
            raise BadValue(f"{period_end} is not the last day of a month.", where="period_end")
        return add_months(period_end.replace(day=1), self.due_months).replace(day=self.due_day)

    def rounded(self, amount: Cents | Fraction) -> Cents:
        """An amount rounded as on the form."""
        return rounded_to(Fraction(amount), self.round_to)

    def tax(self, taxable: Cents, code: str) -> Cents:
        """The tax of one location on its taxable amount."""
        return levy(taxable, self.location(code).rate, 1, self.round_to)
