"""Duplicate bills: counted per bill and calendar year, each charged the fee the law allows for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from xltax.law.fees import Fee
from xltax.law.profile import Profile, Rule
from xltax.money import Cents
from xltax.tables import ADJUSTMENTS
from xltax.tables.bills import BILL_COPIES
from xltax.tables.reading import typed

PREFIX = "D-"


def nth_copy(register: pd.DataFrame, bill: str, on: dt.date) -> int:
    """Which copy of this bill in the calendar year the next one is: 1, 2 and so on."""
    made = typed(register, BILL_COPIES)
    return 1 + int(((made["Bill"] == bill) & (made["Made On"].dt.year == on.year)).sum())


def fee_for(town: Profile, on: dt.date, nth: int) -> tuple[Cents, Rule | None]:
    """The fee of the n-th copy in a year and its rule; 0 where the town has no such fee."""
    rule = town.find("fee", on, sort="duplicate_bill")
    if rule is None:
        return 0, None
    fee = rule.params
    assert isinstance(fee, Fee)
    if nth <= fee.free:
        return 0, rule
    return (fee.then if fee.then and nth > fee.free + 1 else fee.amount), rule


def register_row(register: pd.DataFrame, bill: str, on: dt.date, nth: int, who: str, fee: Cents) -> pd.DataFrame:
    """The register's row of a copy just made."""
    made = typed(register, BILL_COPIES)
    number = 1 + (int(made["No"].max()) if len(made) else 0)
    row = {
        "No": number, "Bill": bill, "Made On": np.datetime64(on, "s"), "Copy": nth, "For": who, "Fee": fee,
        "Adjustment": f"{PREFIX}{number}" if fee else "",
    }  # fmt: skip
    return pd.DataFrame([row], columns=list(BILL_COPIES.names))


def charge(row: dict[str, Any], inst: int, part: str, rule: Rule) -> pd.DataFrame:
    """The adjustment that puts a copy's fee on its bill."""
    frame = pd.DataFrame(
        [
            {
                "No": row["Adjustment"], "Effective": row["Made On"], "Recorded": row["Made On"], "Bill": row["Bill"],
                "Part": part, "Inst": inst, "Kind": "Fee", "Component": "costs", "Amount": row["Fee"],
                "Reason": f"duplicate bill, copy {row['Copy']} of {row['Made On']:%Y}", "Authority": rule.authority(),
                "Approved By": "", "For": "", "For No": "", "Seal": "",
            }
        ],
        columns=list(ADJUSTMENTS.names),
    ).astype({"Effective": "datetime64[s]", "Recorded": "datetime64[s]"})  # fmt: skip
    frame.attrs = {"typed": ADJUSTMENTS.name}
    return frame
