"""Copies of bills: numbered by bill and calendar year, each with the fee the law allows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xltax.law.fees import Fee
from xltax.law.profile import Profile, Rule
from xltax.money import Cents
from xltax.tables import ADJUSTMENTS, Adjustment
from xltax.tables.bills import BILL_COPIES, BillCopy
from xltax.tables.table import Table

PREFIX = "D-"


def nth_copy(register: Table[BillCopy], bill: str, on: dt.date) -> int:
    """The copy number for this bill this year: 1 for the first copy, 2 for the second."""
    made = register.frame
    return 1 + int(((made[BillCopy.bill] == bill) & (made[BillCopy.made_on].dt.year == on.year)).sum())


def fee_for(town: Profile, on: dt.date, nth: int) -> tuple[Cents, Rule[Fee] | None]:
    """The fee for a copy by its number in the year, and its rule; 0 if the town has no such fee."""
    rule = town.find(Fee, on, sort="duplicate_bill")
    if rule is None:
        return 0, None
    return rule.params.of_one(nth), rule


def register_row(register: Table[BillCopy], bill: str, on: dt.date, nth: int, who: str, fee: Cents) -> Table[BillCopy]:
    """The row of a copy in the register."""
    made = register.frame
    number = 1 + (int(made[BillCopy.no].max()) if len(made) else 0)
    row = {
        BillCopy.no: number, BillCopy.bill: bill, BillCopy.made_on: on, BillCopy.copy: nth, BillCopy.for_: who, BillCopy.fee: fee,
        BillCopy.adjustment: f"{PREFIX}{number}" if fee else "",
    }  # fmt: skip
    return Table.made(BILL_COPIES, [row])


def charge(row: dict[str, Any], inst: int, part: str, rule: Rule[Fee]) -> Table[Adjustment]:
    """The adjustment that adds a copy's fee to its bill."""
    made = row[BillCopy.made_on]
    return Table.made(
        ADJUSTMENTS,
        [
            {
                Adjustment.no: row[BillCopy.adjustment],
                Adjustment.effective: made,
                Adjustment.recorded: made,
                Adjustment.bill: row[BillCopy.bill],
                Adjustment.part: part,
                Adjustment.inst: inst,
                Adjustment.kind: "Fee",
                Adjustment.component: "costs",
                Adjustment.amount: row[BillCopy.fee],
                Adjustment.reason: f"duplicate bill, copy {row[BillCopy.copy]} of {made:%Y}",
                Adjustment.authority: rule.authority(),
            }
        ],
    )
