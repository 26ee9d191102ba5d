"""What a cashier should know about each payment before it is posted, from the registers and the closed days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from xltax.actions import in_force, papers
from xltax.actions.desk import Desk
from xltax.actions.owing import owing
from xltax.money import usd
from xltax.office.counter import cautions, drawer
from xltax.office.quotes import owed, quote_words
from xltax.office.sharing import confidential
from xltax.tables import Bill, Parcel
from xltax.tables.agreements import AGREEMENTS, SaleCertificate, SignedAgreement
from xltax.tables.counter import CounterRow
from xltax.tables.enforcement import CASES, CourtCase, Lien
from xltax.tables.table import Table


def of_rows(desk: Desk, rows: Table[CounterRow]) -> list[list[str]]:
    """The warnings for each row, in order."""
    of_bill = dict(zip(desk.duplicate[Bill.bill], desk.duplicate[Bill.account], strict=True))
    accounts_at = [
        a or of_bill.get(b, "") for a, b in zip(rows[CounterRow.account], rows[CounterRow.bill], strict=True)
    ]
    accounts = set(accounts_at) - {""}
    marked = _marked(desk, accounts)
    closed = drawer.closed_through(desk.day_closes)
    fees = {day: papers.officer_fees(desk, day.date()) for day in rows[CounterRow.received].unique()}
    known: dict[tuple[str, dt.date], list[str]] = {}
    out = []
    for row, account, day_received in zip(rows.rows(), accounts_at, rows[CounterRow.received], strict=True):
        key = (account, day_received.date())
        if account and key not in known:
            served = list(_served(desk, account, fees[day_received]))
            known[key] = [*served, *(_noted(desk, *key, served=bool(served)) if account in marked else ())]
        day = closed.get(row.cashier)
        told = [cautions.early(row), cautions.closed_day(row, day, drawer.open_deposit(desk.day_closes, row.cashier))]
        out.append([*filter(None, told), *known.get(key, [])])
    return out


def _marked(desk: Desk, accounts: set[str]) -> set[str]:
    """The accounts, among those at the counter, that have an entry in a register or a flag. The others need no look."""
    bills, roll = desk.duplicate, desk.parcels
    mine = bills[bills[Bill.account].isin(accounts)]
    held, cases = desk.register(AGREEMENTS), desk.register(CASES)
    of_party = {*held[SignedAgreement.party], *cases[CourtCase.party]} - {""}
    liens = set(desk.liens[Lien.bill])
    rows = roll[roll[Parcel.account].isin(accounts)]
    return accounts & {
        *mine.where((mine[Bill.hold] != "") | mine[Bill.bill].isin(liens) | mine[Bill.party].isin(of_party))[Bill.account],
        *rows.where((rows[Parcel.flags] != "") | rows[Parcel.party].isin(of_party))[Parcel.account],
        *cases[CourtCase.account],
        *held[SignedAgreement.account],
        *in_force.certificates(desk)[SaleCertificate.account],
    }  # fmt: skip


def _noted(desk: Desk, account: str, on: dt.date, *, served: bool) -> Iterator[str]:
    """What the registers say about an account, as on its card. served: its warrants are told already."""
    notes = [n for n in quote_words.short(owing(desk, account, on)) if not (served and n.startswith("warrant "))]
    if account in confidential.flagged(desk.roll):
        notes.append("confidential, do not give out the owner's name or address")
    mine = desk.duplicate[(desk.duplicate[Bill.account] == account) & (desk.duplicate[Bill.hold] == "litigation")]
    notes += [f"bill {bill} is on hold, so payments skip it" for bill in dict.fromkeys(mine[Bill.bill])]
    if notes:
        yield f"Account {account}: {'; '.join(notes)}."


def _served(desk: Desk, account: str, fees: pd.DataFrame) -> Iterator[str]:
    """The warnings for an account with a served warrant."""
    if not len(fees):
        return
    bills, roll = desk.duplicate, desk.roll
    parties = [*bills.loc[bills[Bill.account] == account, Bill.party], *roll.loc[roll[Parcel.account] == account, Parcel.party]]  # fmt: skip
    for fee in owed.fees_of(fees, account, next(filter(None, parties), "")):
        yield f"Warrant {fee.warrant} was served. Use Warrant Money, because the officer's fee of {usd(fee.amount)} is paid first."
