"""A town figured account by account is the town figured at once; and what came later changes only its own account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xltax.data.made_up import made_up_payments, made_up_town
from xltax.law.load import load
from xltax.ledger.facts import Facts
from xltax.ledger.replay import replay
from xltax.ledger.wide import melt
from xltax.money import number
from xltax.office.billing.levy_bills import bill
from xltax.tables import RECEIPTS, ROLL
from xltax.tables.reading import read
from xltax.tables.table import Table, concat

AS_OF = dt.date(2024, 3, 1)


def _town() -> Facts:
    town = made_up_town(parcels=40, years=(2022, 2023))
    law = load(town.profile)
    charges = [
        melt(bill(read(town.rolls[y], ROLL), law, y, {"RE": {"": number(town.rates[y])}})[0]) for y in (2022, 2023)
    ]
    together = concat(charges).renumbered()
    return Facts(together, read(made_up_payments(together, AS_OF), RECEIPTS))


def _mine(table: Table[Any], account: str) -> Table[Any]:
    return table[table["Account"] == account]


def test_the_parts_are_the_whole() -> None:
    facts, law = _town(), load("us-nj")
    whole = replay(facts, law, AS_OF).balances
    for account in facts.charges["Account"].unique():
        part = replay(Facts(_mine(facts.charges, account), _mine(facts.receipts, account)), law, AS_OF).balances
        expected = whole[whole["Account"] == account]
        columns = ["Bill", "Inst", "Tax", "Interest", "Penalty", "Costs", "Total"]
        assert part[columns].to_numpy().tolist() == expected[columns].to_numpy().tolist()


def test_one_more_receipt_changes_its_own_account_only() -> None:
    facts, law = _town(), load("us-nj")
    before = replay(facts, law, AS_OF).balances
    late = before.loc[before["Total"] > 0, "Account"].iloc[0]
    more = Table.made(RECEIPTS, [{"Receipt": "~", "Received": dt.date(2024, 2, 20), "Account": late, "Amount": 25_00}])
    after = replay(Facts(facts.charges, facts.receipts.and_rows(more)), law, AS_OF).balances
    changed = before["Total"].to_numpy() != after["Total"].to_numpy()
    assert set(before.loc[changed, "Account"]) == {late}
