"""The same figures from xltax itself: the values the sheet is saved with, and what tests compare the formulas with."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from xltax.dates import ClosedDays
from xltax.errors import BadValue
from xltax.law.calendar import Grace, Installments
from xltax.law.discounts import Discount
from xltax.law.levy import Added, Levy, Supplement
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents
from xltax.office.quotes import one_amount
from xltax.tables import CHARGES, CLOSED_DAYS, Charge, ClosedDay
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

OLDER = "older"
"""The bill of the older tax that fills the lower tiers."""


def charges(
    profile: Profile,
    amounts: list[tuple[Cents, dt.date, Cents, int | None]],
    paid: dt.date,
    levy_type: str,
    part: str,
    closed: Table[ClosedDay] | None = None,
) -> list[tuple[Cents, Cents]]:
    """Interest and penalty of each amount, alone on its account: (amount, due, older tax, levy year or the due date's)."""
    rows: list[dict[str, object]] = []
    for number, (amount, due, older, year) in enumerate(amounts):
        common = {Charge.account: str(number), Charge.levy_type: levy_type, Charge.part: part}
        if older:
            day = due - dt.timedelta(days=1)
            rows.append(
                {
                    **common,
                    Charge.bill: f"{OLDER}-{number}",
                    Charge.levy_year: day.year,
                    Charge.due: day,
                    Charge.amount: older,
                }
            )
        mine = {Charge.bill: str(number), Charge.levy_year: year or due.year, Charge.due: due, Charge.amount: amount}
        rows.append({**common, **mine})
    facts = Facts(Table.made(CHARGES, rows), closed_days=Table.empty(CLOSED_DAYS) if closed is None else closed)
    balances = replay(facts, profile, paid).balances
    found = {
        str(bill): (int(interest), int(penalty))
        for bill, interest, penalty in zip(
            balances[OpenInstallment.bill],
            balances[OpenInstallment.interest],
            balances[OpenInstallment.penalty],
            strict=True,
        )
    }
    return [found.get(str(number), (0, 0)) for number in range(len(amounts))]


def last_day(
    profile: Profile, closed: ClosedDays, due: dt.date, mailed: dt.date | None, levy_type: str, part: str
) -> dt.date:
    """The last day to pay without interest."""
    rule = profile.rule(Grace, due, levy_type, part)
    return rule.params.last_free_day(due, closed, mailed, rule.source)


def _installments(profile: Profile, year: int, levy_type: str, part: str, home: bool) -> Installments:
    rule = profile.rule(Installments, dt.date(year, 1, 1), levy_type, part).params
    return rule.for_home() if home else rule


def due_date(profile: Profile, year: int, number: int, levy_type: str, part: str, home: bool) -> dt.date:
    """The due date of an installment."""
    dates = _installments(profile, year, levy_type, part, home).due_dates(year)
    if not 1 <= number <= len(dates):
        raise BadValue(f"There is no installment {number}.", where="number")
    return dates[number - 1]


def installment(
    profile: Profile, year: int, tax: Cents, number: int, prior: Cents | None, levy_type: str, part: str, home: bool
) -> Cents:
    """The amount of an installment."""
    rule = _installments(profile, year, levy_type, part, home)
    if not 1 <= number <= len(rule.due):
        raise BadValue(f"There is no installment {number}.", where="number")
    return rule.amounts(tax, prior, prior)[number - 1]


def levy(
    profile: Profile, year: int, value: Cents, rate: Fraction, exemption: Cents, credit: Cents, kind: str
) -> Cents:
    """The tax on a value."""
    rule = profile.rule(Levy, dt.date(year, 1, 1), kind).params
    return rule.tax(max(0, value - exemption), rate, credit)


def added(profile: Profile, value: Cents, completed: dt.date, kind: str) -> Cents:
    """The prorated value of an added assessment."""
    return profile.rule(Added, completed, kind).params.prorated(value, completed)


def supplement(profile: Profile, value: Cents, registered: dt.date, replaced: Cents, kind: str) -> Cents:
    """The prorated value of a vehicle registered late."""
    return profile.rule(Supplement, registered, kind).params.prorated(value, registered, replaced)


def discount(
    profile: Profile, closed: ClosedDays, amount: Cents, due: dt.date, paid: dt.date, levy_type: str, part: str
) -> Cents:
    """What a payment of the whole amount saves on a day."""
    rule = profile.rule(Discount, due, levy_type, part).params
    free = last_day(profile, closed, due, None, levy_type, part)
    rate = next((e.rate for e in rule.early_payments(due, free, closed) if paid <= e.last_day), Fraction(0))
    top, bottom = 2 * amount * rate.numerator + rate.denominator, 2 * rate.denominator
    return top // bottom


def year_end(profile: Profile, delinquent: Cents, of_year: Cents, year: int) -> Cents:
    """The penalty at the end of a year."""
    return one_amount.year_end_penalty(profile, delinquent, dt.date(year, 12, 31), of_year)
