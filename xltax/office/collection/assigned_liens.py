"""Tax liens assigned to a third party: from that day their bills are owed to the holder, not to the town."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from xltax.law.profile import Profile
from xltax.ledger.facts import Facts
from xltax.ledger.replay import replay
from xltax.office.quotes import payoff
from xltax.tables import ADJUSTMENTS, Adjustment, Charge
from xltax.tables.enforcement import Lien
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

COLUMNS = ("Tax", "Interest", "Penalty", "Costs")
TRANSFER = "Transfer to Lien"
PREFIX = "L-"


def of(liens: Table[Lien]) -> Table[Lien]:
    """The liens of the register that were assigned, released or not, in the order of their days."""
    return liens[liens[Lien.assigned].notna()].sorted(Lien.assigned)


def owed_to_others(liens: Table[Lien], bills: set[str], on: dt.date) -> Table[Lien]:
    """The assigned liens on these bills that a holder still has on a day."""
    day = pd.Timestamp(on)
    mine = of(liens)
    return mine[mine[Lien.bill].isin(bills) & (mine[Lien.assigned] <= day) & ~(mine[Lien.released] <= day)]


def reason(lien: str, holder: str) -> str:
    """The reason in Adjustments for a bill that went to the holder of its lien."""
    return f"lien {lien} assigned to {holder or 'a third party'}"


def without(facts: Facts, town: Profile, liens: Table[Lien]) -> Facts:
    """The facts without the assigned bills: each is taken off the town's books on the day of its assignment.

    A lien whose assignment was posted has its adjustments already. One that was only typed into the register is taken off
    here in the same way, so that no figure of the town counts it, whichever was done.
    """
    for lien in of(liens).records():
        day = lien[Lien.assigned].date()
        if lien[Lien.bill] not in set(facts.charges[Charge.bill]) or posted(facts.adjustments, lien[Lien.bill], day):
            continue
        rows = transfers(facts, town, lien, day)
        if len(rows):
            facts = replace(facts, adjustments=facts.adjustments.and_rows(rows).renumbered())
    return facts


def posted(adjustments: Table[Adjustment], bill: str, on: dt.date) -> bool:
    """Whether the bill was taken off by adjustments of that day."""
    mine = (adjustments[Adjustment.bill] == bill) & (adjustments[Adjustment.kind] == TRANSFER)
    return bool((mine & (adjustments[Adjustment.effective] == pd.Timestamp(on))).any())


def open_on(facts: Facts, town: Profile, bill: str, on: dt.date) -> pd.DataFrame:
    """The installments of a bill with something open on a day."""
    account = str(facts.charges.loc[facts.charges[Charge.bill] == bill, Charge.account].iloc[0])
    balances = replay(payoff.account_facts(facts, town, account, on), town, on).balances
    return balances[(balances[OpenInstallment.bill] == bill) & (balances[OpenInstallment.total] > 0)]


def transfers(facts: Facts, town: Profile, lien: dict[str, object], on: dt.date) -> Table[Adjustment]:
    """The adjustments that take a lien's bill off the town's books: what is open on the day, column by column."""
    rows = [
        {Adjustment.bill: row[OpenInstallment.bill], Adjustment.part: row[OpenInstallment.part], Adjustment.inst: row[OpenInstallment.inst], Adjustment.component: column.lower(), Adjustment.amount: row[column]}
        for row in open_on(facts, town, str(lien[Lien.bill]), on).to_dict("records")
        for column in COLUMNS
        if row[column]
    ]  # fmt: skip
    common = {
        Adjustment.kind: TRANSFER,
        Adjustment.effective: on,
        Adjustment.recorded: on,
        Adjustment.reason: reason(str(lien[Lien.no]), str(lien[Lien.assigned_to])),
    }
    numbered = [{**row, **common, Adjustment.no: f"{PREFIX}lien {lien[Lien.no]}-{n}"} for n, row in enumerate(rows, 1)]
    return Table.made(ADJUSTMENTS, numbered)
