"""Compares agreements with the payments received, for agreement tasks and for lists and letters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.dates import ClosedDays
from xltax.errors import BadValue
from xltax.law.allocation import Allocation
from xltax.ledger.replay import Ledger
from xltax.office.agreements import agreement_plan as office
from xltax.office.agreements.agreement_status import Standing, standing
from xltax.office.collection.list_facts import Records
from xltax.tables import Bill, Receipt
from xltax.tables.agreements import AGREEMENTS, SCHEDULE, ScheduledPayment, SignedAgreement
from xltax.tables.enforcement import CASES, NOTICES
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


class Watch:
    """What every agreement is compared with: the schedule, the receipts by account, and the balances on the day."""

    def __init__(self, desk: Desk, on: dt.date, ledger: Ledger | None = None) -> None:
        self.on, self.rule = on, office.rule_of(desk.town, on)
        self.held, self.schedule = desk.table(AGREEMENTS), desk.table(SCHEDULE)
        self.by_party = desk.town.rule(Allocation, on).params.group == "party"
        numbers, parties = self.held[SignedAgreement.account], set(self.held[SignedAgreement.party]) - {""}
        mine = desk.duplicate[Bill.account].isin(set(numbers))
        if self.by_party:
            mine |= desk.duplicate[Bill.party].isin(parties)
        self.bills = desk.duplicate.loc[mine, [Bill.account, Bill.party]]
        accounts = set(self.bills[Bill.account]) | set(numbers)
        receipts = desk.facts.receipts
        kept = receipts[Receipt.account].isin(accounts)
        self.receipts = receipts[kept | receipts[Receipt.reverses].isin(set(receipts.loc[kept, Receipt.receipt]))]
        balances = (ledger or desk.ledger(on)).balances
        self.balances = balances[
            balances[OpenInstallment.account].isin(accounts) & (balances[OpenInstallment.total] != 0)
        ]
        self.records = Records(
            ledger or desk.ledger(on), desk.town, ClosedDays(), desk.roll, desk.duplicate, desk.cash_book,
            desk.register(NOTICES), desk.liens, desk.register(CASES),
        )  # fmt: skip

    def _petition(self, accounts: set[str]) -> dt.date | None:
        """The day of the bankruptcy that stays these accounts; if Cases has no day, the day of the status."""
        rows = pd.concat([self.records.about(account) for account in sorted(accounts)])
        if not rows["bankruptcy"].any():
            return None
        days = self.records.petitions(rows)[0].dropna()
        return days.min().date() if len(days) else self.on

    def standing(self, number: str) -> Standing:
        """The status of one agreement."""
        row = row_of(self.held, number)
        mine = self.schedule[self.schedule[ScheduledPayment.agreement] == number]
        if not len(mine):
            raise BadValue(
                f"Agreement {number} has no payments.",
                where="Schedule",
                do="Enter the payments, or delete the agreement from Agreements.",
            )
        accounts = {row[SignedAgreement.account]}
        if self.by_party and row[SignedAgreement.party]:
            accounts |= set(self.bills.loc[self.bills[Bill.party] == row[SignedAgreement.party], Bill.account])
        receipts = self.receipts
        own = receipts[Receipt.account].isin(accounts)
        receipts = receipts[own | receipts[Receipt.reverses].isin(set(receipts.loc[own, Receipt.receipt]))]
        days = {c: None if pd.isna(row[c]) else row[c].date() for c in ("Signed", "Reinstated On", "Ended On")}
        last = mine[ScheduledPayment.due].max()
        still = self.balances[OpenInstallment.account].isin(accounts) & (self.balances[OpenInstallment.due] <= last)
        # With nothing open it is done, unless bills it covers are still to come.
        cleared = not still.any() and (not row[SignedAgreement.estimated] or pd.Timestamp(self.on) >= last)
        return standing(
            mine, receipts, self.rule, self.on,
            signed=days[SignedAgreement.signed], reinstated=days[SignedAgreement.reinstated_on], ended=days[SignedAgreement.ended_on], cleared=bool(cleared),
            petition=self._petition(accounts),
        )  # fmt: skip


def row_of(held: Table[SignedAgreement], number: str) -> Any:
    """One agreement's row in the register; an unknown number is refused."""
    mine = held[held[SignedAgreement.agreement] == number]
    if not len(mine):
        raise BadValue(f'There is no agreement "{number}".', where="agreement", do="Enter the number as in Agreements.")
    return mine.iloc[0]
