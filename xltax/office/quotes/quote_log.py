"""The log of quotes given out: their numbers, and the fee under the town's rule."""

from __future__ import annotations

import datetime as dt

from xltax.errors import LawNotEncoded
from xltax.law.profile import Profile
from xltax.money import Cents
from xltax.office.quotes.redemption import fee_rule
from xltax.tables.agreements import QUOTES, Quote
from xltax.tables.table import Table

FEES = {
    "Payoff": "payoff_figures",
    "Redemption": "redemption_figures",
    "Redemption, holder": "lienholder_figures",
    "Tax search": "tax_search",
}
"""The fee rule of each kind of quote; a town without that rule charges no fee."""


def next_number(log: Table[Quote], on: dt.date) -> str:
    """The next quote number of the year: 2025-7."""
    mine = [q.partition("-")[2] for q in log[Quote.quote] if q.startswith(f"{on.year}-")]
    return f"{on.year}-{1 + max((int(n) for n in mine if n.isdigit()), default=0)}"


def fee_for(
    log: Table[Quote], town: Profile, kind: str, account: str, requested_by: str, on: dt.date, certificate: str = ""
) -> Cents:
    """The fee for one more quote. The first quotes of a calendar year for the same person and property can be free."""
    try:
        rule = fee_rule(town, FEES[kind], on)
    except LawNotEncoded:
        return 0
    mine = (log[Quote.kind] == kind) & (log[Quote.account] == account) & (log[Quote.certificate] == certificate)
    mine &= log[Quote.requested_by].str.strip().str.lower() == requested_by.strip().lower()
    before = int((mine & (log[Quote.made].dt.year == on.year)).sum())
    return rule.of_one(before + 1)


def entry(**given: object) -> Table[Quote]:
    """One row of the log; columns without a value are blank."""
    row: dict[str, object] = {c.name: 0 if c.kind == "money" else None for c in QUOTES.columns}
    return Table.made(QUOTES, [row | given])
