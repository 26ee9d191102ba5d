"""Interest and year-end penalty on one amount. The same replay as everywhere calculates the interest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xltax.errors import BadValue, TaxError
from xltax.law.interest import YearEnd
from xltax.law.profile import Profile
from xltax.ledger import alone
from xltax.ledger.alone import Alone
from xltax.ledger.lawbook import LARGEST_CHARGE
from xltax.money import Cents, usd


def interest(
    town: Profile, amount: Cents, due: dt.date, paid: dt.date, other: Cents = 0, levy_type: str = "RE", part: str = ""
) -> Cents:
    """The interest on an amount due on one day and paid on another. `other`: older delinquent tax of the same taxpayer."""
    (result,) = interests([(town, amount, due, paid, other, levy_type, part)])
    if isinstance(result, TaxError):
        raise result
    return result


def interests(calls: Sequence[tuple[Profile, Cents, dt.date, dt.date, Cents, str, str]]) -> list[Cents | TaxError]:
    """The interest of each of many calls, or what is wrong with it. The calls for one town are one run of the ledger."""
    results: list[Cents | TaxError] = [0] * len(calls)
    towns: dict[int, list[int]] = {}
    for n, (town, amount, _, _, other, _, _) in enumerate(calls):
        if wrong := _no_amount("amount", amount) or _no_amount("other_delinquent", other):
            results[n] = wrong
        else:
            towns.setdefault(id(town), []).append(n)
    for mine in towns.values():
        town = calls[mine[0]][0]
        asked = [
            Alone(amount, due, paid, levy_type, part, before=other)
            for _, amount, due, paid, other, levy_type, part in (calls[n] for n in mine)
        ]
        for n, result in zip(mine, alone.interest(town, asked), strict=True):
            results[n] = result
    return results


def _no_amount(name: str, value: Cents) -> BadValue | None:
    if value < 0:
        return BadValue("This amount is below zero.", where=name, do="Enter zero or more.")
    if value > LARGEST_CHARGE:
        return BadValue(f"This amount is above {usd(LARGEST_CHARGE)}.", where=name, do="Enter a smaller amount.")
    return None


def year_end_penalty(town: Profile, delinquent: Cents, year_end: dt.date, of_year: Cents | None = None) -> Cents:
    """The penalty at the end of a year on a delinquency; `of_year` is that year's part of the delinquency."""
    of_year = delinquent if of_year is None else of_year
    if (year_end.month, year_end.day) != (12, 31):
        raise BadValue(f"{year_end} is not December 31.", where="year_end", do="Enter December 31 of a year.")
    if delinquent < 0:
        raise BadValue("This amount is below zero.", where="delinquent", do="Enter zero or more.")
    if not 0 <= of_year <= delinquent:
        raise BadValue(
            "That year's part is not within the delinquency.",
            where="of_year",
            do=f"Enter an amount from $0.00 to {usd(delinquent)}.",
        )
    params = town.rule(YearEnd, year_end).params
    return params.penalty(delinquent, of_year)
