"""The records of a day, read once for the delinquency and enforcement tasks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.watching import Watch
from xltax.ledger.facts import Facts, by_number, closed_days_of
from xltax.ledger.replay import Ledger
from xltax.office.collection.list_facts import Records
from xltax.office.counter import reversal_effects
from xltax.office.quotes import owed
from xltax.tables import Bill, CashLine, Parcel
from xltax.tables.agreements import AGREEMENTS, SCHEDULE, ScheduledPayment, SignedAgreement
from xltax.tables.enforcement import CASES, LIENS, NOTICES, WARRANT_MONEY, WARRANTS, CourtCase, WarrantMoney
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

__all__ = ["Records", "day", "last_receipt", "next_no", "records", "warrant_money"]

OVER = ("In default", "Ended", "Completed")
"""The status of agreements that no longer keep an account off a list."""
LETTER = ("Missed", "In default")
"""The status of agreements with a letter that can be due."""


def records(desk: Desk, as_of: dt.date, ledger: Ledger | None = None, facts: Facts | None = None) -> Records:
    """Everything a list needs on a day. The ledger is replayed once for all lists. ledger: for fewer accounts, from their facts."""
    ledger = ledger or desk.ledger(as_of)
    kept, failed = _agreements(desk, as_of, ledger)
    cases = desk.register(CASES)
    cases = cases.and_rows(failed).renumbered()
    return Records(
        ledger, desk.town, closed_days_of(desk.town, as_of, desk.closed_days), desk.parcels, desk.duplicate,
        desk.cash_book, desk.register(NOTICES), desk.register(LIENS), cases, frozenset(kept),
        of_facts=lambda: facts or desk.facts, fees=officer_fees(desk, as_of),
    )  # fmt: skip


def officer_fees(desk: Desk, on: dt.date) -> pd.DataFrame:
    """The officers' fees owed on served warrants on a day."""
    return owed.officer_fees(desk.register(WARRANTS), warrant_money(desk, on), on)


def _agreements(desk: Desk, on: dt.date, ledger: Ledger) -> tuple[set[str], Table[CourtCase]]:
    """The accounts with an agreement in force on a day, and the agreements with a letter due, as cases."""
    held = desk.register(AGREEMENTS)
    over = held[SignedAgreement.ended_on].notna() & (held[SignedAgreement.ended_on] <= pd.Timestamp(on))
    held = held[(held[SignedAgreement.signed] <= pd.Timestamp(on)) & ~over]
    # Who owes nothing is on no list: old agreements that are done need not be held against anything.
    balances = ledger.balances
    owing = desk.duplicate[Bill.bill].isin(set(balances.loc[balances[OpenInstallment.total] > 0, OpenInstallment.bill]))
    owing = desk.duplicate.loc[owing, [Bill.account, Bill.party]]
    held = held[
        held[SignedAgreement.account].isin(set(owing[Bill.account]))
        | held[SignedAgreement.party].isin(set(owing[Bill.party]) - {""})
    ]
    scheduled = set(desk.register(SCHEDULE)[ScheduledPayment.agreement])
    watch = Watch(desk, on, ledger) if held[SignedAgreement.agreement].isin(scheduled).any() else None
    accounts, failed = set(), []
    for number, account in zip(held[SignedAgreement.agreement], held[SignedAgreement.account], strict=True):
        now = watch.standing(number) if watch and number in scheduled else None
        if now is None or now.status not in OVER:
            accounts.add(account)
        if now and now.letter_due and now.status in LETTER:
            failed.append({CourtCase.no: number, CourtCase.kind: "Agreement default", CourtCase.account: account, CourtCase.opened: now.letter_due,
                           CourtCase.reason: "a payment of the agreement was missed"})  # fmt: skip
    roll = desk.parcels
    parties = set(roll.loc[roll[Parcel.account].isin(accounts), Parcel.party]) - {""}
    accounts |= set(roll.loc[roll[Parcel.party].isin(parties), Parcel.account])
    return accounts, Table.made(CASES, failed)


def warrant_money(desk: Desk, on: dt.date | None = None) -> Table[WarrantMoney]:
    """The money of all warrants, without receipts reversed by a day."""
    return reversal_effects.money_that_counts(
        desk.register(WARRANT_MONEY), reversal_effects.gone_back(desk.cash_book, on)
    )


def next_no(held: Table[Any], column: str = "No") -> int:
    """The number after the highest in a register."""
    parts = (by_number(str(n)) for n in held[column])
    return 1 + max((int(p[0][1]) for p in parts if p and p[0][0] == 0), default=0)


def day(desk: Desk, given: dt.date | None) -> dt.date:
    """The day given, or the As of day on Start, which does not change: a list for a sale looks months ahead."""
    return given or desk.as_of()


def last_receipt(desk: Desk, as_of: dt.date) -> dt.date:
    """The day of the list, or the last payment's day if later, so that nobody who has paid is listed."""
    book = desk.cash_book
    if not len(book):
        return as_of
    last: dt.date = max(book[CashLine.received].max(), book[CashLine.effective].max()).date()
    return max(as_of, last)
