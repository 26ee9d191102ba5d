"""The parallel run: compares another system's balances with ours and explains every difference by its cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from xltax.errors import BadProfile, BadValue, LawNotEncoded
from xltax.law.params import Params
from xltax.law.profile import Profile, Rule
from xltax.ledger.replay import Facts, replay
from xltax.money import usd
from xltax.office.quotes import payoff
from xltax.tables import CHARGES, Charge, Receipt
from xltax.tables.counter import PARALLEL, ParallelDifference
from xltax.tables.replayed import OpenInstallment
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table


class TheirBalance(Row):
    """One balance in the other system."""

    account = Column("Account", "id", "The account.", aliases=CHARGES["Account"].aliases)
    bill = Column("Bill", "id", "The bill.", aliases=CHARGES["Bill"].aliases)
    total = Column(
        "Total",
        "money",
        "The total due in the other system.",
        required=True,
        aliases=("Balance", "Amount", "Total Due"),
    )


THEIRS = TableSpec(
    "Balances of the other system", TheirBalance, purpose="what is due in the present system, by bill or by account"
)
MATCH, UNEXPLAINED = "match", "not explained"
MOST_RECEIPTS = 400
"""How many accounts are tried receipt by receipt. With more differences, the cause is not a single receipt."""

VARIANTS: dict[str, tuple[tuple[str, str, tuple[object, ...]], ...]] = {
    "day count": (("interest", "day_count", ("30/360", "actual/365", "actual/360", "whole_months")),),
    "counting both ends": (("interest", "ends", ("one", "both")),),
    "counting of months": (("interest", "months", ("anniversary", "touched")),),
    "tier": (("interest", "bracket", ("parcel", "levy_year", "none")),),
    "tier after a partial payment": (("interest", "bracket_refill", ("open_balance", "until_current")),),
    "rounding": (("interest", "round_by", ("installment", "account", "month")),),
    "last day moved because of a closed day": (("grace", "roll", (True, False)),),
    "days of grace": (("grace", "counted", ("by_day_number", "days_following", "none")),),
    "year-end penalty": (
        ("penalty", "base", ("this_year", "whole", "excess")),
        ("penalty", "tested_on", ("tax", "tax_and_interest")),
    ),
    "when credit applies": (("allocation", "credit_applies", ("at_once", "when_due")),),
}
"""The settings that systems often do differently, each tried in turn: cause -> rule, setting, values."""


def compare(theirs: Table[TheirBalance], facts: Facts, town: Profile, on: dt.date) -> pd.DataFrame:
    """Each bill (or account) with their figure, ours, the difference, and its cause: a setting, a missing payment, or not explained.

    Raises BadValue where the list names neither bills nor accounts.
    """
    table = theirs.frame
    by = "Bill" if (table[TheirBalance.bill] != "").any() else "Account"
    if not (table[by] != "").any():
        where = str(theirs.attrs.get("file", "balances"))
        raise BadValue("The list has no bills and no accounts.", where=where, do="Add a Bill or an Account column.")
    listed = table.groupby(by)[TheirBalance.total].sum()
    ledger = replay(facts, town, on)
    due = ledger.balances.groupby(by)[OpenInstallment.total].sum()
    account_of = dict(zip(ledger.balances[OpenInstallment.bill], ledger.balances[OpenInstallment.account], strict=True))
    keys = list(dict.fromkeys([*listed.index, *due.index]))
    out = pd.DataFrame({by: keys})
    out[ParallelDifference.account] = [account_of.get(k, "") for k in keys] if by == "Bill" else keys
    if by == "Account":
        out[ParallelDifference.bill] = ""
    out[ParallelDifference.theirs] = listed.reindex(keys, fill_value=0).to_numpy()
    out[ParallelDifference.ours] = due.reindex(keys, fill_value=0).to_numpy()
    out[ParallelDifference.difference] = out[ParallelDifference.ours] - out[ParallelDifference.theirs]
    out[ParallelDifference.cause] = np.where(out[ParallelDifference.difference] == 0, MATCH, "")
    only_theirs, only_ours = ~out[by].isin(set(due.index)), ~out[by].isin(set(listed.index))
    out.loc[only_theirs & (out[ParallelDifference.cause] == ""), ParallelDifference.cause] = "not on our Duplicate"
    out.loc[only_ours & (out[ParallelDifference.cause] == ""), ParallelDifference.cause] = "not in their list"
    _settings(out, by, facts, town, on)
    _receipts(out, by, facts, town, on)
    tax = ledger.balances.groupby(by)[OpenInstallment.tax].sum()
    open_ = out[ParallelDifference.cause] == ""
    same_tax = open_ & (out[ParallelDifference.theirs] == out[by].map(tax).fillna(0))
    out.loc[same_tax, ParallelDifference.cause] = "they show only the tax, without interest and costs"
    out.loc[out[ParallelDifference.cause] == "", ParallelDifference.cause] = UNEXPLAINED
    order = np.argsort((out[ParallelDifference.difference] == 0).to_numpy(), kind="stable")
    return out.iloc[order][list(PARALLEL.names)].reset_index(drop=True)


def _settings(out: pd.DataFrame, by: str, facts: Facts, town: Profile, on: dt.date) -> None:
    """Finds the setting that gives their figure, one at a time, for the accounts that differ."""
    for cause, setting, variant in variants(town):
        still = out[ParallelDifference.cause] == ""
        if not still.any():
            return
        try:
            ledger = replay(_of(facts, set(out.loc[still, ParallelDifference.account])), variant, on)
        except LawNotEncoded:
            continue
        due = out[by].map(ledger.balances.groupby(by)[OpenInstallment.total].sum())
        fits = still & (due == out[ParallelDifference.theirs])
        out.loc[fits, ParallelDifference.cause] = f"{cause}: they use {setting}"


def variants(town: Profile) -> Iterator[tuple[str, str, Profile]]:
    """The town's law with one setting changed, for each setting that systems often do differently."""
    for cause, settings in VARIANTS.items():
        for name, key, values in settings:
            have = {getattr(r.params, key) for r in town.rules if r.name == name and hasattr(r.params, key)}
            for value in values:
                if have and have != {value}:
                    rules = tuple(_turned(r, key, value) if r.name == name else r for r in town.rules)
                    if rules != town.rules:
                        yield cause, f"{key.replace('_', ' ')} {value}", replace(town, rules=rules)


def _turned(rule: Rule[Params], key: str, value: object) -> Rule[Params]:
    if not hasattr(rule.params, key) or getattr(rule.params, key) == value:
        return rule
    try:
        params = type(rule.params).read(rule.params.raw() | {key: value}, rule.name)
    except BadProfile:
        return rule  # this method does not know that value
    return replace(rule, params=params)


def _of(facts: Facts, accounts: set[str]) -> Facts:
    """The facts of some accounts, with those of their parties' other accounts, which share payments."""
    charges = facts.charges
    mine = charges[Charge.account].isin(accounts)
    mine |= (charges[Charge.party] != "") & charges[Charge.party].isin(set(charges.loc[mine, Charge.party]))
    some = payoff.with_charges(facts, charges[mine])
    receipts = facts.receipts
    names = set(some.charges[Charge.account])
    kept = receipts[Receipt.account].isin(names) | receipts[Receipt.directed].isin(names)
    kept |= receipts[Receipt.reverses].isin(set(receipts.loc[kept, Receipt.receipt]))
    return replace(some, receipts=receipts[kept])


def _receipts(out: pd.DataFrame, by: str, facts: Facts, town: Profile, on: dt.date) -> None:
    """Finds the payment that they do not have: tries each account without one of its receipts."""
    if not len(facts.receipts):
        return
    for index, row in out[out[ParallelDifference.cause] == ""].head(MOST_RECEIPTS).iterrows():
        some = _of(facts, {row[ParallelDifference.account]})
        receipts = some.receipts
        for number, amount in zip(receipts[Receipt.receipt], receipts[Receipt.amount], strict=True):
            less = receipts[receipts[Receipt.receipt] != number]
            due = replay(replace(some, receipts=less), town, on).balances
            if int(due.loc[due[by] == row[by], OpenInstallment.total].sum()) == row[ParallelDifference.theirs]:
                out.loc[index, ParallelDifference.cause] = f"they do not have receipt {number} of {usd(int(amount))}"
                break


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """How many lines and cents each cause explains."""
    cause = table[ParallelDifference.cause].str.replace(r"receipt \S+ of -?\$[\d,.]+", "a receipt", regex=True)
    return (
        table.groupby(cause, sort=False)
        .agg(Lines=("Difference", "size"), Difference=("Difference", "sum"))
        .reset_index()
    )
