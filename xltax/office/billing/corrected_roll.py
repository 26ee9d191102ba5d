"""A corrected roll for a billed year: adjustments post the changes from certificates of correction, bill by bill."""

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
from xltax.tables import RAISES, Adjustment, Bill, Parcel
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


@dataclass
class Corrections:
    """What a corrected roll changes: the adjustments, their bills, and the bills to review by hand."""

    entries: list[Entry] = field(default_factory=list)
    bills: dict[str, Cents] = field(default_factory=dict)  # bill -> what its tax rises or falls by
    kinds: dict[str, str] = field(default_factory=dict)  # bill -> levy type
    by_hand: list[str] = field(default_factory=list)  # accounts whose bill was adjusted for another reason


def corrections(
    roll: Table[Parcel], bills: Table[Bill], balances: pd.DataFrame, facts: Facts, town: Profile, rates: levy_bills.Rates,
    earlier: Mapping[str, Cents], own: set[str], *, today: dt.date, reason: str, authority: str, approved_by: str,
) -> Corrections:  # fmt: skip
    """The corrections that change billed accounts to the tax on their current value on the Roll.

    bills: the year's rows of the Duplicate. balances: of the ledger of today. earlier: what earlier corrected rolls changed, by bill and
    part ("bill\\tpart"); own: the numbers of their adjustments and of those billing itself made. A bill that something else raised or
    lowered, such as a judgment or an abatement, may already reflect the new value. Such a bill is named and not changed.
    """  # fmt: skip
    out = Corrections()
    parcels = {
        r[Parcel.account]: r
        for r in roll[[Parcel.account, Parcel.levy_type, Parcel.net_value, Parcel.deductions]].to_dict("records")
    }
    touched = _touched(facts, own)
    by_bill = dict(tuple(balances.groupby([OpenInstallment.bill, OpenInstallment.part], sort=False)))
    for row in bills.to_dict("records"):
        parcel, kind, part = parcels.get(row[Bill.account]), row[Bill.levy_type], row[Bill.part]
        rate = rates.get(kind, {}).get(part)
        if parcel is None or rate is None or parcel[Parcel.levy_type] != kind:
            continue
        gross = levy_bills.levy_rule(town, int(row[Bill.levy_year]), kind, part).tax(
            int(parcel[Parcel.net_value]), rate
        )
        now = gross - min(int(parcel[Parcel.deductions]), gross)
        change = (
            now - (int(row[Bill.gross_tax]) - int(row[Bill.deductions])) - earlier.get(f"{row[Bill.bill]}\t{part}", 0)
        )
        if not change:
            continue
        if row[Bill.bill] in touched or (row[Bill.bill], part) not in by_bill:
            out.by_hand.append(str(row[Bill.account]))
            continue
        mine = by_bill[row[Bill.bill], part]
        shares = {key[1]: share for key, share in tax_shares(mine, facts).items()}
        out.entries += _entries(row[Bill.bill], part, change, shares, mine, today, reason, authority, approved_by)
        out.bills[row[Bill.bill]] = out.bills.get(row[Bill.bill], 0) + change
        out.kinds[row[Bill.bill]] = kind
    return out


def _touched(facts: Facts, own: set[str]) -> set[str]:
    """The bills whose tax other adjustments raised or lowered."""
    table = facts.adjustments
    if table is None or not len(table):
        return set()
    return set(
        table.loc[
            (component_of(table) == "tax") & ~table[Adjustment.no].isin(own) & (table[Adjustment.kind] != "Refund"),
            Adjustment.bill,
        ]
    )


def _entries(
    bill: str, part: str, change: Cents, shares: dict[int, Cents], mine: pd.DataFrame, today: dt.date, reason: str,
    authority: str, approved_by: str,
) -> list[Entry]:  # fmt: skip
    """A change spread over the installments by their tax. A reduction counts from each due date, an increase from today."""
    due_of = dict(zip(mine[OpenInstallment.inst], mine[OpenInstallment.due], strict=True))
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


def earlier_changes(adjustments: Table[Adjustment], own: set[str]) -> dict[str, Cents]:
    """The changes from the adjustments with these numbers, by bill and part ("bill\\tpart")."""
    mine = adjustments[adjustments[Adjustment.no].isin(own)]
    out: dict[str, Cents] = {}
    for row in mine.to_dict("records"):
        key = f"{row[Adjustment.bill]}\t{row[Adjustment.part]}"
        out[key] = out.get(key, 0) + (
            int(row[Adjustment.amount]) if row[Adjustment.kind] in RAISES else -int(row[Adjustment.amount])
        )
    return out
