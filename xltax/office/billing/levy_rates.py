"""The tax rate by purpose: the rates of a levy's bills, and how one bill divides among the purposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xltax.errors import BadValue
from xltax.law.params import decimal_text
from xltax.money import Cents, number
from xltax.tables.bills import LevyRate
from xltax.tables.table import Table


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of a levy: its name, rate, total amount raised in cents, and part of the tax."""

    name: str
    rate: Fraction
    raised: Cents
    part: str = ""


@dataclass(frozen=True, slots=True)
class LevyRates:
    """The rates of one levy: its purposes in the order of the table, and the State aid that lowered the levy."""

    purposes: tuple[Purpose, ...]
    aid: Cents = 0

    @property
    def total(self) -> Fraction:
        return sum((p.rate for p in self.purposes), Fraction(0))

    @property
    def by_part(self) -> dict[str, Fraction]:
        """The rate of each part; "" for a tax without parts."""
        rates: dict[str, Fraction] = {}
        for p in self.purposes:
            rates[p.part] = rates.get(p.part, Fraction(0)) + p.rate
        return {part: rate for part, rate in rates.items() if rate}

    def of_part(self, part: str) -> LevyRates:
        """The purposes of one part."""
        return LevyRates(tuple(p for p in self.purposes if p.part == part))

    @property
    def without_aid(self) -> Fraction | None:
        """The rate without State aid: the rate times (raised + aid) / raised."""
        raised = sum(p.raised for p in self.purposes)
        return self.total * (raised + self.aid) / raised if raised and self.aid else None


def rates_of(table: Table[LevyRate], year: int) -> dict[str, LevyRates]:
    """The rates of a year by levy type."""
    rows = table.frame
    out: dict[str, LevyRates] = {}
    for kind, part in rows[rows[LevyRate.levy_year] == year].groupby(LevyRate.levy_type, sort=False):
        aid = part[LevyRate.state_aid] == "Yes"
        for row in part[aid & (part[LevyRate.rate] != "")].to_dict("records"):
            raise BadValue(
                f'State aid "{row[LevyRate.purpose]}" has a rate.',
                where="Rates",
                do="Clear the rate, because aid is not a tax.",
            )
        purposes = tuple(
            Purpose(
                r[LevyRate.purpose],
                number(r[LevyRate.rate] or "0", where="Rates, Rate"),
                int(r[LevyRate.raised]),
                r[LevyRate.part],
            )
            for r in part[~aid].to_dict("records")
        )
        if any(p.rate < 0 for p in purposes):
            raise BadValue("A rate is below zero.", where="Rates, Rate", do="Enter zero or more.")
        out[str(kind)] = LevyRates(purposes, int(part.loc[aid, LevyRate.raised].sum()))
    return out


def divide(tax: Cents, rates: LevyRates) -> list[Cents]:
    """A bill's tax divided among the purposes by their rates, to the cent. The largest fractions of a cent round up."""
    if not rates.total:
        return [0 for _ in rates.purposes]
    shares = [tax * p.rate / rates.total for p in rates.purposes]
    out = [int(s) for s in shares]
    short = tax - sum(out)
    for place in sorted(range(len(out)), key=lambda n: (out[n] - shares[n], n))[:short]:
        out[place] += 1
    return out


def in_line(rates: Sequence[Fraction]) -> list[str]:
    """The rates of one table with the same number of decimals, so that the decimal points line up."""
    texts = [shown(r) for r in rates]
    places = max((len(t.partition(".")[2]) for t in texts), default=2)
    return [t + "0" * (places - len(t.partition(".")[2])) for t in texts]


def shown(rate: Fraction, places: int = 6) -> str:
    """A rate as a bill prints it: exact if it is a short decimal, otherwise with six decimals."""
    scaled = rate * 10**places
    exact = Fraction(round(scaled), 10**places)
    text = decimal_text(exact)
    return text if "." in text else f"{text}.00"
