"""Liens that the town executes: what each takes from its bill, and the principal that bears the lien's interest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xltax.errors import BadValue, LawNotEncoded
from xltax.law.fees import Fee
from xltax.law.interest import Interest
from xltax.law.lien import LienExecution
from xltax.law.profile import Profile, Rule
from xltax.ledger.replay import Ledger
from xltax.ledger.ties import Tie
from xltax.money import Cents
from xltax.office.adjusting.adjustment_register import Entry
from xltax.office.billing import levy_bills
from xltax.tables import Bill, CashLine
from xltax.tables.kinds import BY_STATUTE, LIEN, LIEN_PART
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

TRANSFER = "Transfer to Lien"


@dataclass(frozen=True)
class Executed:
    """One lien: its number, the bill it closes, what it takes from the bill, and the fees."""

    number: str
    bill: str
    account: str
    levy_year: int
    levy_type: str
    taken: tuple[tuple[str, int, str, Cents], ...]  # part, installment, column and cents
    fees: Cents

    @property
    def principal(self) -> Cents:
        return sum(cents for *_, cents in self.taken) + self.fees


def rule_of(town: Profile, on: dt.date, levy_type: str) -> Rule[LienExecution]:
    """The town's rule for liens on a day. Raises LawNotEncoded if it has none, or no interest for liens."""
    rules = [r for r in town.in_force(LienExecution, on) if r.matches(levy_type, LIEN_PART)]
    if not rules:
        raise town.not_encoded(LienExecution, on, levy_type, LIEN_PART)
    bears = town.find(Interest, on, levy_type, LIEN_PART)
    if bears is None or bears.part != LIEN_PART:
        raise LawNotEncoded(
            f"The Rules of {town.name} have no interest for liens on {on}.",
            where=town.id,
            do=f'Add an interest rule with part = "{LIEN_PART}".',
        )
    return rules[0]


def past_due(ledger: Ledger, levy_year: int, levy_type: str) -> pd.DataFrame:
    """The installments of a levy that are past due on the ledger's day and are not a lien already."""
    rows = ledger.balances
    mine = (rows[OpenInstallment.levy_year] == levy_year) & (rows[OpenInstallment.levy_type] == levy_type)
    late = rows[OpenInstallment.late] & (rows[OpenInstallment.total] > 0)
    return rows[mine & late & (rows[OpenInstallment.part] != LIEN_PART)]


def only(rows: pd.DataFrame, bills: Iterable[str]) -> pd.DataFrame:
    """The rows of listed bills. Refuses a bill without anything past due."""
    wanted = list(dict.fromkeys(bills))
    if missing := [bill for bill in wanted if bill not in set(rows[OpenInstallment.bill])]:
        raise BadValue(
            f"Bill {missing[0]} has nothing past due that a lien could take.",
            where="bills",
            do="Enter bills of this levy year and type as on the Duplicate, or remove this bill.",
        )
    return rows[rows[OpenInstallment.bill].isin(wanted)]


def refuse_paid_later(rows: pd.DataFrame, cash_book: Table[CashLine], on: dt.date) -> None:
    """Refuses a lien as of a day before a payment that is posted: that payment would be left over."""
    lines = cash_book[cash_book[CashLine.bill].isin(set(rows[OpenInstallment.bill]))]
    day = lines[CashLine.effective].fillna(lines[CashLine.received])
    later = lines[day > pd.Timestamp(on)]
    if len(later):
        line = later.records()[-1]
        raise BadValue(
            f"Bill {line[CashLine.bill]} has a payment after {on}: receipt {line[CashLine.receipt]}.",
            where="on",
            do="Execute the lien as of the day of that payment or later, or leave this bill out.",
        )


def executed(
    rows: pd.DataFrame, town: Profile, rule: LienExecution, on: dt.date, used: Iterable[str]
) -> list[Executed]:
    """A lien for each bill among these rows. used: the bill numbers in use."""
    numbers = levy_bills.Numbers(used)
    liens = []
    for bill, mine in rows.groupby(OpenInstallment.bill, sort=False):
        first = mine.iloc[0]
        taken = tuple(
            (str(row[OpenInstallment.part]), int(row[OpenInstallment.inst]), column, int(row[column.capitalize()]))
            for row in mine.to_dict("records")
            for column in rule.takes
            if row[column.capitalize()]
        )
        year, kind = int(first[OpenInstallment.levy_year]), str(first[OpenInstallment.levy_type])
        account = str(first[OpenInstallment.account])
        fees = sum(town.rule(Fee, on, kind, sort=name).params.share(0) for name in rule.fees)
        if taken:
            number = numbers.next(account, year, "LIEN")
            liens.append(Executed(number, str(bill), account, year, kind, taken, fees))
    return liens


def entries(liens: Iterable[Executed], on: dt.date, authority: str) -> list[Entry]:
    """The adjustments that take from each bill what its lien took."""
    return [
        Entry(
            lien.bill, TRANSFER, cents, on, f"lien {lien.number} executed", authority, BY_STATUTE, inst, part, column,
            Tie(LIEN, lien.number),
        )
        for lien in liens
        for part, inst, column, cents in lien.taken
    ]  # fmt: skip


def bills(liens: Iterable[Executed], duplicate: Table[Bill], on: dt.date, recorded: dt.date, run: str) -> Table[Bill]:
    """The Duplicate's rows of the liens: one principal each, due on the day of execution."""
    first: Mapping[str, Mapping[str, Any]] = {row[Bill.bill]: row for row in reversed(duplicate.records())}
    rows = []
    for lien in liens:
        old = first[lien.bill]
        whose = {Bill.account: lien.account, Bill.party: old[Bill.party], "Flags": ""}
        row = levy_bills.bill_row(whose, lien.number, lien.levy_year, lien.levy_type, LIEN_PART)
        row |= {Bill.gross_tax: lien.principal, Bill.deductions: 0, Bill.secured: "Yes", Bill.hold: old[Bill.hold]}
        row |= levy_bills.split_row([lien.principal], [on], False) | levy_bills.stamps(None, recorded) | {Bill.run: run}
        rows.append(row)
    return levy_bills.as_duplicate(rows)
