"""Interest and year-end penalty on one amount. The same replay as everywhere calculates the interest."""

from __future__ import annotations

import datetime as dt

from xltax.errors import BadValue
from xltax.law.interest import Interest, YearEnd
from xltax.law.profile import Profile
from xltax.ledger.lawbook import LARGEST_CHARGE
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents, usd
from xltax.tables import CHARGES, Charge
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


def interest(
    town: Profile, amount: Cents, due: dt.date, paid: dt.date, other: Cents = 0, levy_type: str = "RE", part: str = ""
) -> Cents:
    """The interest on an amount due on one day and paid on another. `other`: older delinquent tax of the same taxpayer."""
    for name, value in (("amount", amount), ("other_delinquent", other)):
        if value < 0:
            raise BadValue("This amount is below zero.", where=name, do="Enter zero or more.")
        if value > LARGEST_CHARGE:
            raise BadValue(f"This amount is above {usd(LARGEST_CHARGE)}.", where=name, do="Enter a smaller amount.")
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
