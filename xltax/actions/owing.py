"""What an account owes on a day, from the ledger and the registers, for every task that shows a balance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from xltax.actions import in_force, papers
from xltax.actions.desk import Desk
from xltax.actions.watching import Watch
from xltax.errors import BadValue
from xltax.ledger.facts import Facts
from xltax.ledger.replay import Ledger, replay
from xltax.office.collection import assigned_liens
from xltax.office.collection.list_facts import Records
from xltax.office.quotes import owed, payoff
from xltax.office.quotes.find_account import Accounts
from xltax.office.quotes.owed import Elsewhere, Owed, Petition, Plan
from xltax.tables import CHARGES, Bill, Charge
from xltax.tables.agreements import AGREEMENTS, SignedAgreement
from xltax.tables.enforcement import Lien
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


def accounts(desk: Desk) -> Accounts:
    """The accounts of the workbook, to find one by what a person types."""
    return Accounts(desk.duplicate, desk.parcels)


def named(desk: Desk, text: str) -> str:
    """The account that a person means: an account or bill number, a block and lot, an owner's name or a scanned stub."""
    try:
        found = accounts(desk).find(text)
    except BadValue as error:
        raise BadValue(error.problem.what, where="account", do=error.problem.do) from None
    if found:
        return found.account
    raise BadValue(
        f'Account "{text.strip()}" is not on the Duplicate or the Roll.', where="account",
        do="Enter an account or bill number, a block and lot such as 12/4, or the owner's name. The account card searches addresses too.",
    )  # fmt: skip


def facts_of(desk: Desk, account: str, on: dt.date) -> Facts:
    """The facts of an account, or of all accounts of its party if they share payments; no charges if nothing was billed."""
    facts = desk.facts
    if (facts.charges[Charge.account] == account).any():
        return payoff.account_facts(facts, desk.town, account, on)
    return Facts(Table.empty(CHARGES), closed_days=facts.closed_days)


def owing(desk: Desk, account: str, on: dt.date, *, explain: bool = False) -> Owed:
    """What an account owes on a day, with its entries in the registers."""
    facts = facts_of(desk, account, on)
    every = replay(facts, desk.town, on, explain=explain)
    records = papers.records(desk, on, every, facts)
    rows = records.about(account)
    party = str(rows[Bill.party].iloc[0])
    assert records.fees is not None
    return Owed(
        account, on, desk.town, facts, every,
        billed=bool((desk.duplicate[Bill.account] == account).any()),
        fees=owed.fees_of(records.fees, account, party),
        assigned=tuple(_assigned(desk, account, on)),
        certificates=in_force.redeems(desk, account, on),
        petition=_petition(records, rows),
        plans=tuple(_plans(desk, account, party, on, every)),
        holds=owed.in_litigation(facts, desk.town, on),
    )  # fmt: skip


def _assigned(desk: Desk, account: str, on: dt.date) -> Iterator[Elsewhere]:
    bills = set(desk.duplicate.loc[desk.duplicate[Bill.account] == account, Bill.bill])
    for row in assigned_liens.owed_to_others(desk.liens, bills, on).to_dict("records"):
        yield Elsewhere(row[Lien.no], row[Lien.bill], row[Lien.assigned_to], row[Lien.assigned].date())


def _petition(records: Records, rows: pd.DataFrame) -> Petition | None:
    if not rows["bankruptcy"].any():
        return None
    days, dockets = records.petitions(rows)
    before = records.before_petition(rows, days)
    known = days.dropna()
    return Petition(
        known.min().date() if len(known) else None, next((d for d in dockets if d), ""),
        int(before.sum()), int((rows[OpenInstallment.total] - before).sum()),
    )  # fmt: skip


def _plans(desk: Desk, account: str, party: str, on: dt.date, every: Ledger) -> Iterator[Plan]:
    held = desk.register(AGREEMENTS)
    day = pd.Timestamp(on)
    mine = (held[SignedAgreement.account] == account) | ((held[SignedAgreement.party] == party) & (party != ""))
    held = held[mine & (held[SignedAgreement.signed] <= day) & ~(held[SignedAgreement.ended_on] <= day)]
    watch = Watch(desk, on, every) if len(held) else None
    for number in held[SignedAgreement.agreement]:
        assert watch is not None
        now = watch.standing(number)
        yield Plan(number, now.status, now.behind, now.next_due, now.next_payment)
