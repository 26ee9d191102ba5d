"""The amount a letter asks for: the amount due on each day through the deadline, and each step up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from xltax.dates import long_date
from xltax.ledger.facts import Facts
from xltax.money import Cents, usd
from xltax.office.collection.list_facts import Records
from xltax.office.collection.lists import Made
from xltax.office.quotes import payoff
from xltax.office.quotes.owed import KEY, OfficerFee, fees_of
from xltax.tables import Bill, Charge
from xltax.tables.enforcement import Listed
from xltax.tables.replayed import OpenInstallment

Steps = Sequence[tuple[dt.date, Cents]]
"""The last day of each amount, with the amount. The last one is for the deadline."""
MOST_STEPS = 3
"""With more steps than this, the letter gives only the amounts of the first and the last day."""
_EVERY_DAY = 62
"""Days up to which every day is figured; a letter with a later deadline gives the amounts of its first and last day."""


def fees(made: Made, records: Records) -> dict[int, tuple[OfficerFee, ...]]:
    """The officers' fees on served warrants that each row's payment has to cover first, by the place of the row."""
    held = records.fees
    if held is None or not len(held):
        return {}
    return {
        n: fees_of(held, row[Listed.account], row[Listed.party]) for n, row in enumerate(made.rows.to_dict("records"))
    }


def steps(made: Made, records: Records, mailed: dt.date, respond_by: dt.date) -> list[Steps]:
    """For each row of a list, what pays its installments on the days from the letter to the deadline."""
    items = made.items
    if not len(items):
        return []
    last = max(mailed, respond_by)
    span = (last - mailed).days
    days = [mailed + dt.timedelta(days=n) for n in range(span + 1)] if span <= _EVERY_DAY else [mailed, last]
    ahead = payoff.ahead_of(_facts(records, items), records.town, records.as_of, days)
    at = pd.MultiIndex.from_frame(ahead.charges[KEY]).get_indexer(pd.MultiIndex.from_frame(items[KEY]))
    owed = (ahead.owed - ahead.saved)[:, at]
    place = items["row"].to_numpy(dtype=np.int64)
    by_row = pd.DataFrame(owed.T).groupby(place).sum().T
    return [_steps(ahead.days, by_row[n].tolist()) for n in range(len(made.rows))]


def _steps(days: list[dt.date], sums: list[Cents]) -> Steps:
    """The steps of the amount: days with the same amount together, under the last of them."""
    ends = [n for n in range(len(days)) if n + 1 == len(days) or sums[n + 1] != sums[n]]
    if len(ends) > MOST_STEPS:
        ends = [0, len(days) - 1]
    return [(days[n], sums[n]) for n in ends]


def _facts(records: Records, items: pd.DataFrame) -> Facts:
    """The facts of the accounts on the letters, and of those whose payments they share."""
    facts = records.facts
    accounts = set(items[OpenInstallment.account])
    parties = set(items[Bill.party]) - {""}
    mine = facts.charges[facts.charges[Charge.account].isin(accounts) | facts.charges[Charge.party].isin(parties)]
    return payoff.relevant(payoff.with_charges(facts, mine), records.town, records.as_of)


def pay(steps: Steps, fee: Cents) -> str:
    """What to pay and by when: "$90.00 by March 31, 2025, or $91.35 by April 16, 2025"."""
    return ", or ".join(f"{usd(sum_ + fee)} by {long_date(day)}" for day, sum_ in steps)


def instead_of_total(steps: Steps, fee: Cents) -> str:
    """The same for a sentence that names the last day itself: "$90.00 (through March 31, 2025) or $91.35"."""
    *before, (_, last) = steps
    return " or ".join([*(f"{usd(sum_ + fee)} (through {long_date(day)})" for day, sum_ in before), usd(last + fee)])
