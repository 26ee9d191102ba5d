"""Payments that a town does not take, because they pay only a part of what is due or of an installment."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from xltax.law.allocation import Allocation
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.money import Cents, usd
from xltax.tables import RECEIPTS, TAX_PAYMENTS, Receipt
from xltax.tables.replayed import OpenInstallment, Posting
from xltax.tables.table import Table

SAY_SO = "Return the payment. If the office takes it all the same, enter yes for again."


def refuses(town: Profile) -> bool:
    """Whether the town ever refuses a part payment; most towns do not, and nothing more is calculated."""
    return any(rule.params.partial != "accepted" for rule in town.all(Allocation))


def in_words(payments: pd.DataFrame, facts: Facts, town: Profile) -> dict[str, str]:
    """What is wrong with each payment that pays only a part, by its receipt number.

    payments: new ones, checked and numbered. facts: with the payments posted before. Payments of one account on one day count
    together, as the rows of one check do.
    """
    if not refuses(town):
        return {}
    taxes = payments[payments[Receipt.kind].isin(TAX_PAYMENTS)]
    said: dict[str, str] = {}
    for day in sorted(taxes[Receipt.effective].unique()):
        on, rows = pd.Timestamp(day).date(), taxes[taxes[Receipt.effective] == day]
        by_then = Table.made(RECEIPTS, taxes[taxes[Receipt.effective] <= day])
        ledger = replay(replace(facts, receipts=facts.receipts.and_rows(by_then)), town, on)
        group_of = dict(
            zip(ledger.balances[OpenInstallment.account], ledger.balances[OpenInstallment.group], strict=True)
        )
        for group, mine in rows.groupby(rows[Receipt.account].map(group_of), sort=False):
            numbers = list(mine[Receipt.receipt])
            if words := of_group(ledger, town, str(group), numbers, int(mine[Receipt.amount].sum()), on):
                said |= dict.fromkeys(numbers, words)
    return said


def of_group(ledger: Ledger, town: Profile, group: str, receipts: list[str], amount: Cents, on: dt.date) -> str:
    """Why these payments of one account or party are not taken; "" if they are. ledger: after the payments."""
    policy = town.rule(Allocation, on).params
    if policy.partial == "accepted":
        return ""
    rows = ledger.balances[ledger.balances[OpenInstallment.group] == group]
    left = rows[OpenInstallment.total] - rows[OpenInstallment.discount]
    paid = _paid(ledger, receipts)
    keys = list(zip(rows[OpenInstallment.bill], rows[OpenInstallment.part], rows[OpenInstallment.inst], strict=True))
    begun = pd.Series([paid.get(key, 0) for key in keys], index=rows.index).where(left > 0, 0)
    missing = int(left[begun > 0].sum())
    if policy.partial == "refused":
        due = (rows[OpenInstallment.due] <= pd.Timestamp(on)) & (left > 0)
        if due.any():
            missing = int(left[due | (begun > 0)].sum())
            return f"The town does not take a part of what is due. {usd(amount + missing)} is due on {on}."
    if not missing:
        return ""
    less = amount - int(begun.sum())
    lower = f"{usd(less)} or " if less > 0 else ""
    return f"The town takes only whole installments with their interest. Take {lower}{usd(amount + missing)}."


def _paid(ledger: Ledger, receipts: list[str]) -> dict[tuple[str, str, int], Cents]:
    """What these receipts paid on each installment."""
    lines = ledger.postings[ledger.postings[Posting.receipt].isin(receipts)]
    sums: dict[tuple[str, str, int], Cents] = {}
    for line in lines.to_dict("records"):
        key = str(line[Posting.bill]), str(line[Posting.part]), int(line[Posting.inst])
        paid = sum(int(line[name]) for name in (Posting.tax, Posting.interest, Posting.penalty, Posting.costs))
        sums[key] = sums.get(key, 0) + paid - int(line[Posting.discount])
    return sums
