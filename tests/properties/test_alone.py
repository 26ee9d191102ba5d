"""The interest on an amount that stands alone is the interest the replay of one bill gives, under every law we ship."""

from __future__ import annotations

import contextlib
import datetime as dt
import random

import pytest

from xltax.errors import LawNotEncoded, TaxError
from xltax.law.interest import Interest
from xltax.law.load import load, shipped
from xltax.law.profile import Profile
from xltax.ledger import alone
from xltax.ledger.alone import Alone
from xltax.ledger.replay import Facts, replay
from xltax.office.billing import levy_bills
from xltax.tables import CHARGES, Charge
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

TOWNS = [id_ for id_ in shipped() if load(id_).all(Interest)]


def by_replay(town: Profile, one: Alone) -> int | str:
    """The same from one bill in a duplicate of its own, with older tax a day before it where the law has tiers."""
    rows = [_charge("1", one, one.amount, one.due)]
    rule = town.find(Interest, one.due, one.levy_type, one.part, "interest")
    if one.before and rule and rule.params.has_tiers:
        rows.insert(0, _charge("0", one, one.before, one.due - dt.timedelta(days=1)))
    try:
        balances = replay(Facts(Table.made(CHARGES, rows)), town, one.paid).balances
    except TaxError as error:
        return type(error).__name__
    return int(balances.loc[balances[OpenInstallment.bill] == "1", OpenInstallment.interest].iloc[0])


def _charge(bill: str, one: Alone, amount: int, due: dt.date) -> dict[str, object]:
    return {
        Charge.bill: bill,
        Charge.account: "1",
        Charge.levy_year: due.year,
        Charge.levy_type: one.levy_type,
        Charge.part: one.part,
        Charge.due: due,
        Charge.amount: amount,
    }


def drawn(town: Profile, chance: random.Random, count: int) -> list[Alone]:
    """Amounts of every type and part the town's interest names, due and paid on any days, early ones and late ones."""
    taxes = sorted({("RE", ""), *((x.types[0] if x.types else "RE", x.part) for x in town.all(Interest))})
    out = []
    for _ in range(count):
        due = dt.date(2014, 1, 1) + dt.timedelta(days=chance.randrange(4_200))
        if chance.random() < 0.3:
            due = due.replace(day=1)
        elif chance.random() < 0.8:
            with contextlib.suppress(TaxError):  # a day the town itself would name
                due = levy_bills.due_date(town, due.year, chance.choice((1, 2)), "RE")
        paid = due + dt.timedelta(days=chance.choice((-30, 0, 11, 31, *(chance.randrange(1_500) for _ in range(8)))))
        before = chance.choice((0, 0, chance.randrange(400_000)))
        amount = chance.choice((0, 1, 140_000, 150_000, chance.randrange(3_000_000)))
        out.append(Alone(amount, due, paid, *chance.choice(taxes), before))
    return out


@pytest.mark.parametrize("id_", TOWNS)
def test_alone_it_is_what_the_replay_says(id_: str) -> None:
    town = load(id_)
    every = drawn(town, random.Random(id_), 14)
    together = [_said(x) for x in alone.interest(town, every)]
    assert together == [by_replay(town, one) for one in every]
    assert together == [_said(alone.interest(town, [one])[0]) for one in reversed(every)][::-1]


def _said(result: object) -> object:
    return type(result).__name__ if isinstance(result, TaxError) else result


def test_a_year_of_days_in_one_run_each_amount_on_its_own() -> None:
    """365 days of payment, and one due date before the law begins: that row has the error, the others their interest."""
    town = load("us-nj-colts-neck")
    due = dt.date(2024, 2, 1)
    every = [Alone(100_000, due, due + dt.timedelta(days=n)) for n in range(365)]
    every.insert(100, Alone(100_000, dt.date(1890, 1, 1), due))
    found = alone.interest(town, every)
    assert isinstance(found[100], TaxError)
    assert [x for n, x in enumerate(found) if n != 100] == [by_replay(town, one) for one in every if one.due == due]


def test_rates_that_have_ended_are_no_law_for_the_time_after() -> None:
    """Georgia's rate of interest is set year by year, and its penalty goes on: a year without a rate is refused, not free."""
    town = load("us-ga")
    due = dt.date(2026, 9, 1)
    in_time, after = alone.interest(
        town, [Alone(100_000, due, dt.date(2026, 12, 31)), Alone(100_000, due, dt.date(2027, 2, 1))]
    )
    assert in_time > 0
    assert isinstance(after, LawNotEncoded)
    assert "no interest rule for RE on 2027-01-01" in str(after)
