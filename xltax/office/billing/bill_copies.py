"""Copies of bills: numbered by bill and calendar year, each with the fee the law allows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from xltax.law.fees import Fee
from xltax.law.profile import Profile, Rule
from xltax.money import Cents
from xltax.tables import ADJUSTMENTS, Adjustment
from xltax.tables.bills import BILL_COPIES, BillCopy
from xltax.tables.reading import typed

PREFIX = "D-"


def nth_copy(register: pd.DataFrame, bill: str, on: dt.date) -> int:
    """The copy number for this bill this year: 1 for the first copy, 2 for the second."""
    made = typed(register, BILL_COPIES)
    return 1 + int(((made[BillCopy.bill] == bill) & (made[BillCopy.made_on].dt.year == on.year)).sum())


def fee_for(town: Profile, on: dt.date, nth: int) -> tuple[Cents, Rule | None]:
    """The fee for a copy by its number in the year, and its rule; 0 if the town has no such fee."""
    rule = town.find("fee", on, sort="duplicate_bill")
    if rule is None:
        return 0, None
    fee = rule.params
    assert isinstance(fee, Fee)
    if nth <= fee.free:
        return 0, rule
    return (fee.then if fee.then and nth > fee.free + 1 else fee.amount), rule


def register_row(register: pd.DataFrame, bill: str, on: dt.date, nth: int, who: str, fee: Cents) -> pd.DataFrame:
    """The row of a copy in the register."""
    made = typed(register, BILL_COPIES)
    number = 1 + (int(made[BillCopy.no].max()) if len(made) else 0)
    row = {
        BillCopy.no: number, BillCopy.bill: bill, BillCopy.made_on: np.datetime64(on, "s"), BillCopy.copy: nth, BillCopy.for_: who, BillCopy.fee: fee,
        BillCopy.adjustment: f"{PREFIX}{number}" if fee else "",
    }  # fmt: skip
    return pd.DataFrame([row], columns=list(BILL_COPIES.names))


def charge(row: dict[str, Any], inst: int, part: str, rule: Rule) -> pd.DataFrame:
    """The adjustment that adds a copy's fee to its bill."""
    frame = pd.DataFrame(
        [
            {
                Adjustment.no: row[BillCopy.adjustment], Adjustment.effective: row[BillCopy.made_on], Adjustment.recorded: row[BillCopy.made_on], Adjustment.bill: row[BillCopy.bill],
                Adjustment.part: part, Adjustment.inst: inst, Adjustment.kind: "Fee", Adjustment.component: "costs", Adjustment.amount: row[BillCopy.fee],
                Adjustment.reason: f"duplicate bill, copy {row[BillCopy.copy]} of {row[BillCopy.made_on]:%Y}", Adjustment.authority: rule.authority(),
                Adjustment.approved_by: "", Adjustment.for_: "", Adjustment.for_no: "", Adjustment.seal: "",
            }
        ],
        columns=list(ADJUSTMENTS.names),
    ).astype({Adjustment.effective: "datetime64[s]", Adjustment.recorded: "datetime64[s]"})  # fmt: skip
    frame.attrs = {"typed": ADJUSTMENTS.name}
    return frame
