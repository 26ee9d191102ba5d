"""Fees that the law adds by itself on a day to bills that are unpaid then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from xltax.law.fees import Fee
from xltax.law.profile import Profile, Rule
from xltax.ledger.facts import Facts, closed_days_of
from xltax.ledger.replay import replay
from xltax.ledger.ties import Tie, numbers
from xltax.money import Cents
from xltax.office.adjusting.adjustment_register import Entry
from xltax.tables import Adjustment, Bill, Receipt
from xltax.tables.kinds import BY_STATUTE, FEE_DUE, LIEN_PART, TAKES_BACK
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


@dataclass(frozen=True)
class DueFee:
    """One fee of one levy year: its rule, and the day it is charged."""

    rule: Rule[Fee]
    levy_year: int
    day: dt.date

    def number(self, bill: str, account: str) -> str:
        """What tells this fee of this bill or parcel from every other, so that it is charged once."""
        return f"{self.rule.params.kind} {bill if self.rule.params.per == 'bill' else f'{self.levy_year} {account}'}"


def due(town: Profile, duplicate: Table[Bill], through: dt.date) -> list[DueFee]:
    """The fees of the levy years on the Duplicate whose day has come, the earliest first."""
    found = []
    for rule in town.all(Fee):
        for year in sorted({int(y) for y in duplicate[Bill.levy_year]}) if rule.params.on else ():
            day = rule.params.day(year, closed_days_of(town, through))
            if day <= through and rule.covers(day):
                found.append(DueFee(rule, year, day))
    return sorted(found, key=lambda one: (one.day, one.rule.params.kind))


def entries(
    fees: list[DueFee],
    facts: Facts,
    town: Profile,
    duplicate: Table[Bill],
    adjustments: Table[Adjustment],
    began: dt.date | None,
) -> Iterator[Entry]:
    """The fee of every bill that was unpaid on its day and does not have it yet.

    began: the day this book began. Bills that were open then have the fees of earlier days in their opening balances.
    """
    back = set(numbers(adjustments, TAKES_BACK))  # a fee that was undone can be charged again
    charged = set(numbers(adjustments.where(lambda made: ~made[Adjustment.no].isin(back)), FEE_DUE))
    recorded = duplicate.drop_duplicates(Bill.bill).set_index(Bill.bill)[Bill.recorded]
    for one in fees:
        fee = one.rule.params
        rows = _unpaid(one, facts, town)
        day = rows[OpenInstallment.bill].map(recorded).fillna(pd.Timestamp(began) if began else pd.Timestamp.max)
        rows = rows[(day < pd.Timestamp(one.day)).to_numpy()]
        whose = OpenInstallment.bill if fee.per == "bill" else OpenInstallment.account
        for _, mine in rows.groupby(whose, sort=False):
            first = mine.sort_values(OpenInstallment.due, kind="stable").iloc[0]
            bill, number = str(first[OpenInstallment.bill]), one.number(str(first[OpenInstallment.bill]), str(first[OpenInstallment.account]))  # fmt: skip
            amount = fee.share(_base(fee, mine))
            if amount and number not in charged:
                charged.add(number)
                yield Entry(
                    bill, "Penalty" if fee.column == "penalty" else "Fee", amount, one.day,
                    f"{fee.kind.replace('_', ' ')}: unpaid on {one.day}", one.rule.authority(), BY_STATUTE,
                    int(first[OpenInstallment.inst]), str(first[OpenInstallment.part]), fee.column, Tie(FEE_DUE, number),
                )  # fmt: skip


def without_start(duplicate: Table[Bill], began: dt.date | None) -> int:
    """How many bills were open when this book began, if nobody entered that day: their fees cannot be told."""
    return 0 if began else int(duplicate.loc[duplicate[Bill.recorded].isna(), Bill.bill].nunique())


def _unpaid(one: DueFee, facts: Facts, town: Profile) -> pd.DataFrame:
    """The past-due installments of the fee's levy as the day begins, before a payment of that day."""
    paid = facts.receipts[Receipt.effective].fillna(facts.receipts[Receipt.received])
    before = replace(facts, receipts=facts.receipts[paid < pd.Timestamp(one.day)])
    rows = replay(before, town, one.day).balances
    rows = rows[(rows[OpenInstallment.levy_year] == one.levy_year) & (rows[OpenInstallment.tax] > 0)]
    rows = rows[rows[OpenInstallment.last_free_day] < pd.Timestamp(one.day)]
    if one.rule.params.installment:
        rows = rows[rows[OpenInstallment.inst] == one.rule.params.installment]
    kinds = zip(rows[OpenInstallment.levy_type], rows[OpenInstallment.part], strict=True)
    # A lien is a debt of its own, so a fee of the tax is not charged on it.
    return rows[[one.rule.matches(kind, part) and (part != LIEN_PART or one.rule.part == part) for kind, part in kinds]]


def _base(fee: Fee, rows: pd.DataFrame) -> Cents:
    """What a share of the fee is taken of: the open tax, or that with its interest and penalty."""
    columns = [OpenInstallment.tax, OpenInstallment.interest, OpenInstallment.penalty]
    return int(rows[columns[:1] if fee.base == "tax" else columns].to_numpy().sum())
