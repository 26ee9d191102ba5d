"""Sums that must agree within one row. Each is a check of Proof that names the first row and cell where it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.law.calendar import Installments
from xltax.law.profile import Profile
from xltax.ledger.wide import INSTALLMENTS
from xltax.money import usd
from xltax.tables import CASH_BOOK, DUE, INST, ROLL, Adjustment, Bill, Parcel
from xltax.tables.agreements import CERTIFICATES, SCHEDULE, SaleCertificate
from xltax.tables.check import Check
from xltax.tables.counter import DAY_CLOSES
from xltax.tables.enforcement import WARRANT_MONEY
from xltax.tables.reading import place
from xltax.tables.schema import TableSpec
from xltax.tables.table import Table
from xltax.tables.user_fees import RETURNS
from xltax.wording import some


@dataclass(frozen=True)
class Identity:
    """Columns of one table that add up to another one, in every row or in those `where` says."""

    check: str
    table: TableSpec[Any]
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    equals: str
    where: Callable[[pd.DataFrame], Any] | None = None

    def gap(self, rows: pd.DataFrame) -> pd.Series[int]:
        """The amount by which each row is off, in cents."""
        zero = pd.Series(np.int64(0), index=rows.index)
        added = sum((rows[c] for c in self.plus), zero) - sum((rows[c] for c in self.minus), zero)
        off = added - rows[self.equals]
        return off if self.where is None else off.where(self.where(rows), 0)

    @property
    def says(self) -> str:
        """The identity in words."""
        left = " + ".join(self.plus) + "".join(f" - {c}" for c in self.minus)
        return f"{left} = {self.equals}, in each row"


def _values_given(roll: pd.DataFrame) -> Any:
    """The rows of a roll that has both land and improvements. Without both, their sum cannot be checked."""
    both = bool((roll[Parcel.land] != 0).any() and (roll[Parcel.improvements] != 0).any())
    return both & ((roll[Parcel.land] != 0) | (roll[Parcel.improvements] != 0))


IDENTITIES = (
    Identity(
        "Cash book columns", CASH_BOOK, ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid"), ("Discount",), "Total"
    ),
    Identity("Roll values", ROLL, ("Land", "Improvements"), ("Exemptions",), "Net Value", _values_given),
    Identity("Day close totals", DAY_CLOSES, ("Cash", "Checks", "Electronic"), (), "Total"),
    Identity("Drawer counts", DAY_CLOSES, ("Counted",), ("Change Fund", "Cash"), "Over Short"),
    Identity(
        "Certificates", CERTIFICATES, ("To Holder", "To Municipality"), (), "Paid", lambda t: t[SaleCertificate.redeemed].notna()
    ),
    Identity("Agreement schedules", SCHEDULE, ("Tax", "Interest", "Penalty", "Costs", "Ahead"), (), "Amount"),
    Identity("Sales tax returns", RETURNS, ("Tax", "Excess"), ("Compensation",), "Net Tax"),
    Identity("Return totals", RETURNS, ("Net Tax", "Penalty", "Interest"), (), "Total"),
    Identity("Warrant money", WARRANT_MONEY, ("Fee", "To Town"), (), "Amount"),
)  # fmt: skip


def checks(
    tables: Mapping[str, Table[Any]], duplicate: Table[Bill], adjustments: Table[Adjustment], town: Profile
) -> Iterator[Check]:
    """A check for every identity of a table with rows: the total of the differences, and the first cell that is off."""
    bills = duplicate.frame
    if len(bills):
        yield _check("Bill installments", "Net Tax = the installments that have a due date, in each row", bills,
                     _installments(bills), "Net Tax")  # fmt: skip
        yield _check("Deductions", "Gross Tax - Deductions = Net Tax, in each row", bills,
                     _deductions(bills, adjustments, town), "Net Tax")  # fmt: skip
    for identity in IDENTITIES:
        rows = tables.get(identity.table.name)
        if rows is None or not len(rows):
            continue
        frame = rows.frame
        yield _check(identity.check, identity.says, frame, identity.gap(frame), identity.equals)


def _check(name: str, says: str, rows: pd.DataFrame, gap: pd.Series[int], column: str) -> Check:
    wrong = gap[gap != 0]
    look = ""
    if len(wrong):
        at = int(wrong.index[0])
        look = f"{place(rows, at, column)}, off by {usd(int(wrong.iloc[0]))}"
        look += f"; {some(len(wrong) - 1, 'more row')}" if len(wrong) > 1 else ""
    return Check(name, says, int(wrong.abs().sum()), 0, look)


def _installments(bills: pd.DataFrame) -> pd.Series[int]:
    """The installments less the net tax. An amount without a due date is not billed and does not count."""
    zero = pd.Series(np.int64(0), index=bills.index)
    return sum((bills[INST[n]].where(bills[DUE[n]].notna(), 0) for n in INSTALLMENTS), zero) - bills[Bill.net_tax]


def _deductions(bills: pd.DataFrame, adjustments: Table[Adjustment], town: Profile) -> pd.Series[int]:
    """Gross tax less deductions, less the net tax; 0 where the bill has no gross tax.

    Preliminary installments above the year's tax are billed and taken off again by an adjustment of that bill's number.
    A town whose vendor rounds each part up bills as many cents more, at most, as a bill has parts.
    """
    stated = (bills[Bill.gross_tax] != 0) | (bills[Bill.deductions] != 0)
    gap = (bills[Bill.gross_tax] - bills[Bill.deductions] - bills[Bill.net_tax]).where(stated, 0)
    if len(adjustments):
        # Of a final run that was undone and made again the last correction is the one in force.
        over = (
            adjustments[adjustments[Adjustment.no].str.startswith("P-")]
            .groupby(Adjustment.bill)[Adjustment.amount]
            .last()
        )
        gap += bills[Bill.bill].map(over).fillna(0).astype("int64").where(gap < 0, 0)
    return gap.where(~((gap.abs() < len(INSTALLMENTS)) & _rounded_up(bills, town)), 0)


def _rounded_up(bills: pd.DataFrame, town: Profile) -> pd.Series[bool]:
    """The bills of levies that are rounded part by part."""
    kinds = {
        kind
        for rule in town.all(Installments)
        if rule.params.odd_cent == "each_up"
        for kind in rule.types or tuple(bills[Bill.levy_type].unique())
    }
    return bills[Bill.levy_type].isin(kinds)
