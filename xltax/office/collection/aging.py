"""The delinquent list with its age bands, on its own sheet."""

from __future__ import annotations

import pandas as pd

from xltax.law.enforcement import Listing
from xltax.law.profile import Profile, Rule
from xltax.ledger.replay import Ledger
from xltax.office.collection import lists
from xltax.office.collection.list_facts import Records, by_account
from xltax.tables import DELINQUENT, Delinquency
from xltax.tables.replayed import OpenInstallment

AGES = (
    (90, "to 90 days"),
    (365, "to 1 year"),
    (2 * 365, "1 to 2 years"),
    (5 * 365, "2 to 5 years"),
    (None, "over 5 years"),
)
_PLAIN = Rule("list", Listing(kind="delinquent", title="Delinquent taxes", by="installment"))


def rule_of(town: Profile, records: Records) -> Rule[Listing]:
    """The town's rule for its delinquent list. Without a rule: everything past its grace period."""
    return lists.kinds(town, records.as_of).get("delinquent", _PLAIN)


def delinquent_list(made: lists.Made) -> pd.DataFrame:
    """The delinquent list as the columns of Delinquent: one row for each installment, by account and age."""
    late = made.items.sort_values(
        [Delinquency.account, Delinquency.due, Delinquency.bill, Delinquency.inst], key=by_account, kind="stable"
    ).reset_index(drop=True)
    late[Delinquency.days_late] = (pd.Timestamp(made.as_of) - late[Delinquency.due]).dt.days.astype("int64")
    late[Delinquency.age] = late[Delinquency.days_late].map(
        {d: age(int(d)) for d in late[Delinquency.days_late].unique()}
    )
    return late[list(DELINQUENT.names)]


def age(days: int) -> str:
    """The age band of an installment that many days past its due date."""
    return next(name for limit, name in AGES if limit is None or days <= limit)


def total_by_age(ledger: Ledger) -> pd.Series[int]:
    """What is past its grace period and unpaid on the ledger's day, by age band, in cents."""
    late = ledger.balances[ledger.balances[OpenInstallment.late] & (ledger.balances[OpenInstallment.total] > 0)]
    days = (pd.Timestamp(ledger.as_of) - late[OpenInstallment.due]).dt.days
    return late.groupby(days.map(age))[OpenInstallment.total].sum()


def by_age(listed: pd.DataFrame) -> pd.DataFrame:
    """The list's totals by age band and class."""
    order = [name for _, name in AGES]
    table = listed.groupby([Delinquency.age, Delinquency.class_], as_index=False)[
        [Delinquency.tax, Delinquency.interest, Delinquency.penalty, Delinquency.costs, Delinquency.total]
    ].sum()
    return table.sort_values(
        [Delinquency.age, Delinquency.class_], key=lambda c: c.map(order.index) if c.name == "Age" else c
    ).reset_index(drop=True)
