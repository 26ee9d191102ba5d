"""What a letter asks for, day by day until the day it gives: the sum that pays, and each step it takes on the way."""

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

Steps = Sequence[tuple[dt.date, Cents]]
"""The last day of each sum, with the sum; the last of them is for the day to respond by."""
MOST_STEPS = 3
"""With more, the sum goes up too often to print each: the letter gives the first and the last day's."""
_EVERY_DAY = 62
"""Days up to which each day is looked at; a longer letter gives the sums of its first and last day."""


def fees(made: Made, records: Records) -> dict[int, tuple[OfficerFee, ...]]:
    """The officers' fees on served warrants that each row's payment has to cover first, by the place of the row."""
    held = records.fees
    if held is None or not len(held):
        return {}
    return {n: fees_of(held, row[Bill.account], row[Bill.party]) for n, row in enumerate(made.rows.to_dict("records"))}


def steps(made: Made, records: Records, mailed: dt.date, respond_by: dt.date) -> list[Steps]:
    """For each row of a list, what pays its installments on the days from the letter to the day it gives."""
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
    by_row = pd.DataFrame(owed.T).groupby(place).sum()
    return [_steps(ahead.days, by_row.loc[n].tolist()) for n in range(len(made.rows))]


def _steps(days: list[dt.date], sums: list[Cents]) -> Steps:
    """Days with the same sum drawn together, each step under its last day."""
    ends = [n for n in range(len(days)) if n + 1 == len(days) or sums[n + 1] != sums[n]]
    if len(ends) > MOST_STEPS:
        ends = [0, len(days) - 1]
    return [(days[n], sums[n]) for n in ends]


def _facts(records: Records, items: pd.DataFrame) -> Facts:
    """The facts of the accounts on the letters, and of those whose payments they share."""
    facts = records.facts
    accounts = set(items[Bill.account])
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
