"""The delinquent list: what is past its last free day and unpaid, as of a date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xltax.ledger.replay import Ledger
from xltax.ledger.tables import DELINQUENT, ROLL
from xltax.ledger.validate import typed

AGES = (
    (90, "to 90 days"),
    (365, "to 1 year"),
    (2 * 365, "1 to 2 years"),
    (5 * 365, "2 to 5 years"),
    (None, "over 5 years"),
)


def delinquent_list(ledger: Ledger, roll: pd.DataFrame | None = None, *, public: bool = False) -> pd.DataFrame:
    """One row for each delinquent installment, by account and age, with owner, location and class from the roll.

    A public copy leaves out the rows of confidential persons.
    """
    late = ledger.balances[ledger.balances["Late"] & (ledger.balances["Total"] > 0)].copy()
    late["Days Late"] = (pd.Timestamp(ledger.as_of) - late["Due"]).dt.days.astype("int64")
    late["Age"] = [age(int(d)) for d in late["Days Late"]]
    who = _roll(roll)
    for name in ("Owner", "Location", "Class"):
        late[name] = late["Account"].map(who[name]).fillna("") if len(who) else ""
    if public and len(who):
        flags = late["Account"].map(who["Flags"]).fillna("").str.lower()
        late = late[~flags.str.contains("confidential")]
    late = late.sort_values(["Account", "Due", "Bill", "Inst"], kind="stable").reset_index(drop=True)
    return late[list(DELINQUENT.names)]


def age(days: int) -> str:
    """The age band of an installment that many days past its due date."""
    return next(name for limit, name in AGES if limit is None or days <= limit)


def by_age(listed: pd.DataFrame) -> pd.DataFrame:
    """The list's totals by age band and class."""
    order = [name for _, name in AGES]
    table = listed.groupby(["Age", "Class"], as_index=False)[["Tax", "Interest", "Penalty", "Costs", "Total"]].sum()
    return table.sort_values(["Age", "Class"], key=lambda c: c.map(order.index) if c.name == "Age" else c).reset_index(
        drop=True
    )


def _roll(roll: pd.DataFrame | None) -> pd.DataFrame:
    if roll is None or not len(roll):
        return pd.DataFrame()
    table = typed(roll, ROLL)
    return table.assign(Account=table["Account"].astype(object)).set_index("Account")


def total_of(listed: pd.DataFrame) -> int:
    """The list's total in cents."""
    return int(listed["Total"].sum()) if len(listed) else int(np.int64(0))
