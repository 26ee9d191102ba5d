"""Homes that pay in parts, as in Maryland: later parts that are not paid with the first part carry a fee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xltax.errors import BadValue
from xltax.law.calendar import Installments
from xltax.law.fees import Fee
from xltax.law.profile import Profile
from xltax.ledger.replay import Ledger
from xltax.ledger.ties import Tie, numbers
from xltax.ledger.wide import INSTALLMENTS
from xltax.money import Cents
from xltax.office.adjusting.adjustment_register import Entry
from xltax.office.billing import levy_bills
from xltax.tables import DUE, Adjustment, Bill, ClosedDay
from xltax.tables.kinds import BY_STATUTE, SERVICE_CHARGE
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


@dataclass(frozen=True, slots=True)
class Later:
    """The terms of a bill's later parts: the last day to pay without the fee, and the fee's rule."""

    free_until: dt.date
    fee: Fee
    authority: str

    @property
    def name(self) -> str:
        return self.fee.kind.replace("_", " ")


def later(town: Profile, row: Mapping[str, Any], closed: Table[ClosedDay] | None = None) -> Later | None:
    """The terms of a Duplicate row; None if the bill is not for a home or the law has no such fee."""
    year, kind, part = int(row[Bill.levy_year]), row[Bill.levy_type], row[Bill.part]
    found = town.find(Installments, dt.date(year, 1, 1), kind, part)
    if found is None or not found.params.home_fee:
        return None
    dues = [row[DUE[n]].date() for n in INSTALLMENTS if not pd.isna(row[DUE[n]])]
    if found.params.billed_by(dues) is found.params:
        return None
    named = levy_bills.home_fee(town, year, kind, part)
    assert named
    mailed = None if pd.isna(row[Bill.mailed]) else row[Bill.mailed].date()
    until = levy_bills.last_day(town, dues[0], kind, mailed, closed, part)
    return Later(until, named.params, named.authority() or found.authority())


class Halves:
    """The year's bills for homes with their terms, looked up once for each kind of bill."""

    def __init__(self, town: Profile, duplicate: Table[Bill], closed: Table[ClosedDay] | None = None) -> None:
        table = duplicate.frame
        table = table[table[Bill.due_2].notna()]
        alike = ["Levy Year", "Levy Type", "Part", "Mailed", *DUE[1:]]
        self.terms: dict[str, Later] = {}
        for _, group in table.groupby(alike, dropna=False, sort=False):
            terms = later(town, dict(group.iloc[0]), closed)
            if terms:
                self.terms |= {bill: terms for bill in group[Bill.bill] if bill not in self.terms}

    def waits(self, bill: str, day: dt.date) -> bool:
        """Whether a payment on that day is too late to avoid the fee on the later parts."""
        return bill in self.terms and day > self.terms[bill].free_until

    def fee(self, bill: str, later_parts: Cents) -> Cents:
        """The fee of a bill on the total of its later parts."""
        return self.terms[bill].fee.share(later_parts) if later_parts and bill in self.terms else 0


def entries(
    halves: Halves, ledgers: Mapping[dt.date, Ledger], adjustments: Table[Adjustment], through: dt.date
) -> Iterator[Entry]:
    """The fee of every bill whose later parts were open after the last day without the fee; once for each bill.

    ledgers: the balances at the end of each such day. One fee for each bill, on its parts together, on the first part's row.
    """
    charged = set(numbers(adjustments, SERVICE_CHARGE))
    for day, ledger in ledgers.items():
        if day >= through:
            raise BadValue(
                f"{day} is not over.",
                where="today",
                do="Run this task after that day. The fee applies to what is open then.",
            )
        mine = {bill for bill, terms in halves.terms.items() if terms.free_until == day}
        rows = ledger.balances[
            ledger.balances[OpenInstallment.bill].isin(mine) & (ledger.balances[OpenInstallment.inst] > 1)
        ]
        for bill, open_ in rows[rows[OpenInstallment.tax] > 0].groupby(OpenInstallment.bill, sort=False):
            terms, first = halves.terms[str(bill)], open_.iloc[0]
            reason = f"{terms.name}: later part not paid by {day}"
            amount = halves.fee(str(bill), int(open_[OpenInstallment.tax].sum()))
            if amount and bill not in charged:
                yield Entry(
                    str(bill), "Fee", amount, day + dt.timedelta(days=1), reason, terms.authority, BY_STATUTE,
                    int(first[OpenInstallment.inst]), str(first[OpenInstallment.part]), "costs", Tie(SERVICE_CHARGE, str(bill)),
                )  # fmt: skip
