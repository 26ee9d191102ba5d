"""One amount, alone: interest and year-end penalty without a ledger of its own. Replay computes the interest."""

from __future__ import annotations

import datetime as dt

from xltax.errors import BadValue
from xltax.law.interest import Interest, YearEnd
from xltax.law.profile import Profile
from xltax.ledger.lawbook import LARGEST_CHARGE
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents, dollars
from xltax.tables import CHARGES, Charge
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


def interest(
    town: Profile, amount: Cents, due: dt.date, paid: dt.date, other: Cents = 0, levy_type: str = "RE", part: str = ""
) -> Cents:
    """The interest on an amount due one day and paid on another, `other` older tax being delinquent before it."""
    for name, value in (("amount", amount), ("other_delinquent", other)):
        if value < 0:
            raise BadValue("This cannot be below zero.", where=name)
        if value > LARGEST_CHARGE:
            raise BadValue(f"This cannot be above {dollars(LARGEST_CHARGE)}.", where=name)
    rows = [_charge("1", amount, due, levy_type, part)]
    rule = town.find(Interest, due, levy_type, part, "interest")
    if other and rule and rule.params.has_tiers:
        # A day older, so that it lies in the lower tier before the amount asked about.
        rows.insert(0, _charge("0", other, due - dt.timedelta(days=1), levy_type, part))
    ledger = replay(Facts(Table.made(CHARGES, rows)), town, paid)
    mine = ledger.balances[OpenInstallment.bill] == "1"
    return int(ledger.balances.loc[mine, OpenInstallment.interest].iloc[0])


def _charge(bill: str, amount: Cents, due: dt.date, levy_type: str, part: str) -> dict[str, object]:
    return {
        Charge.bill: bill,
        Charge.account: "1",
        Charge.levy_year: due.year,
        Charge.levy_type: levy_type,
        Charge.part: part,
        Charge.due: due,
        Charge.amount: amount,
    }


def year_end_penalty(town: Profile, delinquent: Cents, year_end: dt.date, of_year: Cents | None = None) -> Cents:
    """The penalty at the end of a year on a delinquency; `of_year` is that year's part of it."""
    of_year = delinquent if of_year is None else of_year
    if (year_end.month, year_end.day) != (12, 31):
        raise BadValue(f"{year_end} is not December 31.", where="year_end")
    if delinquent < 0:
        raise BadValue("This cannot be below zero.", where="delinquent")
    if not 0 <= of_year <= delinquent:
        raise BadValue("That year's part has to lie between 0.00 and the whole delinquency.", where="of_year")
    params = town.rule(YearEnd, year_end).params
    return params.penalty(delinquent, of_year)
