"""A corrected roll of a year that is billed: what certificates of correction change is posted as adjustments, bill by bill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from xltax.law.profile import Profile
from xltax.ledger.facts import component_of
from xltax.ledger.replay import Facts
from xltax.money import Cents
from xltax.office.adjusting.adjustment_register import Entry, spread, tax_shares
from xltax.office.billing import levy_bills
from xltax.tables import RAISES


@dataclass
class Corrections:
    """What a corrected roll changes: the adjustments, the bills they are for, and the bills somebody has to look at."""

    entries: list[Entry] = field(default_factory=list)
    bills: dict[str, Cents] = field(default_factory=dict)  # bill -> what its tax rises or falls by
    kinds: dict[str, str] = field(default_factory=dict)  # bill -> levy type
    by_hand: list[str] = field(default_factory=list)  # accounts whose bill was adjusted for another reason


def corrections(
    roll: pd.DataFrame, bills: pd.DataFrame, balances: pd.DataFrame, facts: Facts, town: Profile, rates: levy_bills.Rates,
    earlier: Mapping[str, Cents], own: set[str], *, today: dt.date, reason: str, authority: str, approved_by: str,
) -> Corrections:  # fmt: skip
    """The corrections that bring billed accounts to the tax of their value on the Roll now.

    bills: the year's rows of the Duplicate. balances: of the ledger of today. earlier: what earlier corrected rolls changed, by bill and
    part ("bill\\tpart"); own: the numbers of their adjustments and of those billing itself made. A bill that anything else raised or
    lowered, such as a judgment or an abatement, may hold the new value already: it is named, and left alone.
    """  # fmt: skip
    out = Corrections()
    parcels = {r["Account"]: r for r in roll[["Account", "Levy Type", "Net Value", "Deductions"]].to_dict("records")}
    touched = _touched(facts, own)
    by_bill = dict(tuple(balances.groupby(["Bill", "Part"], sort=False)))
    for row in bills.to_dict("records"):
        parcel, kind, part = parcels.get(row["Account"]), row["Levy Type"], row["Part"]
        rate = rates.get(kind, {}).get(part)
        if parcel is None or rate is None or parcel["Levy Type"] != kind:
            continue
        gross = levy_bills.levy_rule(town, int(row["Levy Year"]), kind, part).tax(int(parcel["Net Value"]), rate)
        now = gross - min(int(parcel["Deductions"]), gross)
        change = now - (int(row["Gross Tax"]) - int(row["Deductions"])) - earlier.get(f"{row['Bill']}\t{part}", 0)
        if not change:
            continue
        if row["Bill"] in touched or (row["Bill"], part) not in by_bill:
            out.by_hand.append(str(row["Account"]))
            continue
        mine = by_bill[row["Bill"], part]
        shares = {key[1]: share for key, share in tax_shares(mine, facts).items()}
        out.entries += _entries(row["Bill"], part, change, shares, mine, today, reason, authority, approved_by)
        out.bills[row["Bill"]] = out.bills.get(row["Bill"], 0) + change
        out.kinds[row["Bill"]] = kind
    return out


def _touched(facts: Facts, own: set[str]) -> set[str]:
    """The bills whose tax was raised or lowered otherwise."""
    table = facts.adjustments
    if table is None or not len(table):
        return set()
    return set(table.loc[(component_of(table) == "tax") & ~table["No"].isin(own) & (table["Kind"] != "Refund"), "Bill"])


def _entries(
    bill: str, part: str, change: Cents, shares: dict[int, Cents], mine: pd.DataFrame, today: dt.date, reason: str,
    authority: str, approved_by: str,
) -> list[Entry]:  # fmt: skip
    """A change spread over the installments by their tax; a reduction counts from each due date, a raise from today."""
    due_of = dict(zip(mine["Inst"], mine["Due"], strict=True))
    if change < 0:
        off, kind = spread(-change, shares), "Correction Down"
    else:
        weights = shares if sum(shares.values()) else {inst: int(n == 0) for n, inst in enumerate(shares)}
        up = {inst: change * w // sum(weights.values()) for inst, w in weights.items()}
        up[next(reversed(up))] += change - sum(up.values())
        off, kind = up, "Correction Up"
    return [
        Entry(
            bill, kind, amount, min(due_of[inst].date(), today) if change < 0 else today, reason, authority, approved_by,
            inst, part,
        )
        for inst, amount in off.items()
        if amount
    ]  # fmt: skip


def earlier_changes(adjustments: pd.DataFrame, own: set[str]) -> dict[str, Cents]:
    """What the adjustments with these numbers changed, by bill and part ("bill\\tpart")."""
    mine = adjustments[adjustments["No"].isin(own)]
    out: dict[str, Cents] = {}
    for row in mine.to_dict("records"):
        key = f"{row['Bill']}\t{row['Part']}"
        out[key] = out.get(key, 0) + (int(row["Amount"]) if row["Kind"] in RAISES else -int(row["Amount"]))
    return out
