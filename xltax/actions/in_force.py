"""The registers that name receipts: the amounts of certificates, and the updates after a receipt is reversed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.law.taxsale import Redemption
from xltax.ledger.facts import Facts
from xltax.ledger.ties import numbers
from xltax.money import number, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.counter import reversal_effects
from xltax.office.quotes import redemption as redeeming
from xltax.office.quotes.owed import Redeems
from xltax.tables import Adjustment, Receipt
from xltax.tables.agreements import CERTIFICATES, SUBSEQUENTS, SaleCertificate, Subsequent
from xltax.tables.enforcement import RENTS, WARRANT_MONEY
from xltax.tables.kinds import SALE, TAKES_BACK
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

OPEN = ("Open", LAPSED := "Premium lapsed")
NOT_PAID = "Not paid for"
GONE = ("Canceled", "Foreclosed")
"""How a certificate of the municipality ends so that nobody can redeem it. An assigned one is its buyer's."""


def certificates(desk: Desk) -> Table[SaleCertificate]:
    """The certificates whose sale stands, with their valid redemptions and assignments. A reversed one is cleared on the sheet too."""
    held = desk.register(CERTIFICATES)
    counts = reversal_effects.redemptions_that_count(held, desk.cash_book)
    if not counts[SaleCertificate.redeemed].equals(held[SaleCertificate.redeemed]):
        counts = held = desk.rewrite(held, counts, reversal_effects.REDEEMED)
    counts = reversal_effects.assignments_that_count(counts, desk.cash_book)
    if not counts[SaleCertificate.ended].equals(held[SaleCertificate.ended]):
        counts = desk.rewrite(held, counts, reversal_effects.ASSIGNED)
    return counts[reversal_effects.sales_that_count(counts, desk.cash_book)]


def facts(desk: Desk) -> Facts:
    """What was billed, received and adjusted, without later reversals: an earlier day as it is known now."""
    every = desk.facts
    back = reversal_effects.taken_back(desk.cash_book)
    kept = every.receipts[~every.receipts[Receipt.receipt].isin(back) & (every.receipts[Receipt.reverses] == "")]
    return replace(every, receipts=kept)


def subsequents(desk: Desk, known: dt.date | None = None) -> Table[Subsequent]:
    """What holders paid later, without reversed receipts; up to a day if one is given."""
    paid = desk.register(SUBSEQUENTS)
    counts = reversal_effects.subsequents_that_count(paid, reversal_effects.taken_back(desk.cash_book))
    return counts if known is None else counts[counts[Subsequent.paid_on] <= pd.Timestamp(known)]


def certificate(row: Mapping[Hashable, Any] | pd.Series) -> redeeming.Certificate:
    """A row of the register for the calculation of its redemption."""
    return redeeming.Certificate(
        int(row[SaleCertificate.amount]), row[SaleCertificate.sold].date(), number(row[SaleCertificate.rate] or "0", where="Certificates, Rate"),
        int(row[SaleCertificate.recording]), int(row[SaleCertificate.search]), not row[SaleCertificate.holder],
    )  # fmt: skip


def write(desk: Desk, on: dt.date) -> pd.DataFrame:
    """Writes the redemption amount, the last day to return the premium, and the status beside every certificate."""
    stand = certificates(desk)
    held = desk.register(CERTIFICATES)
    redeemed = (held[SaleCertificate.redeemed] <= pd.Timestamp(on)).to_numpy()
    open_now = stand[
        (stand[SaleCertificate.sold] <= pd.Timestamp(on))
        & ~(stand[SaleCertificate.redeemed] <= pd.Timestamp(on))
        & ~_gone(stand, on)
    ]
    figures = {n: redeeming.total(items) for n, items in _figures(desk, open_now, on).items()} if len(open_now) else {}
    until_of = {d: redeeming.premium_until(desk.town, d.date()) for d in held[SaleCertificate.sold].unique()}
    rows = []
    for row, done, paid_for in zip(held.to_dict("records"), redeemed, held.index.isin(stand.index), strict=True):
        until = until_of[row[SaleCertificate.sold]] if row[SaleCertificate.premium] else None
        lapsed = until and until < on
        ended = (
            row[SaleCertificate.ended]
            if row[SaleCertificate.ended] in GONE and row[SaleCertificate.ended_on] <= pd.Timestamp(on)
            else ""
        )
        status = NOT_PAID if not paid_for else "Redeemed" if done else ended or (LAPSED if lapsed else "Open")
        rows.append(
            {
                SaleCertificate.redemption: figures.get(row[SaleCertificate.certificate], 0),
                SaleCertificate.premium_until: until,
                SaleCertificate.as_of: on,
                SaleCertificate.status: status,
            }
        )
    out = pd.DataFrame(rows, index=held.index)
    if len(out):
        for name in ("Premium Until", "As Of"):
            out[name] = pd.to_datetime(out[name]).astype("datetime64[s]")
        desk.book.replace_columns("Certificates", out)
    return out


def _gone(held: Table[SaleCertificate], on: dt.date) -> pd.Series[bool]:
    """The certificates that were canceled or foreclosed by a day."""
    return held[SaleCertificate.ended].isin(GONE) & (held[SaleCertificate.ended_on] <= pd.Timestamp(on))


def _figures(desk: Desk, held: Table[SaleCertificate], on: dt.date) -> dict[str, list[dict[str, object]]]:
    """The items of several redemptions, by certificate number, from one replay of the town.

    For a certificate of the municipality, later delinquent taxes must be paid too.
    """
    balances = desk.ledger(on).balances
    since = balances[balances[OpenInstallment.late]].groupby(OpenInstallment.account)[OpenInstallment.total].sum()
    rows = held.to_dict("records")
    return redeeming.redemptions(
        desk.town,
        {r[SaleCertificate.certificate]: certificate(r) for r in rows},
        subsequents(desk),
        on,
        {
            r[SaleCertificate.certificate]: int(since.get(r[SaleCertificate.account], 0))
            for r in rows
            if not r[SaleCertificate.holder]
        },
    )


def redeems(desk: Desk, account: str, on: dt.date) -> tuple[Redeems, ...]:
    """What redeems each open certificate on a property on a day, without the open taxes on the Duplicate."""
    held = certificates(desk)
    held = held[
        (held[SaleCertificate.account] == account)
        & (held[SaleCertificate.sold] <= pd.Timestamp(on))
        & ~(held[SaleCertificate.redeemed] <= pd.Timestamp(on))
        & ~_gone(held, on)
    ]
    if not len(held):
        return ()
    if desk.town.find(Redemption, on) is None:  # named all the same: a property with one is not clear
        return tuple(
            Redeems(r[SaleCertificate.certificate], r[SaleCertificate.holder], r[SaleCertificate.sold].date(), 0, 0)
            for r in held.to_dict("records")
        )
    by_number = {r[SaleCertificate.certificate]: certificate(r) for r in held.to_dict("records")}
    later = subsequents(desk, on)
    now, then = (redeeming.redemptions(desk.town, by_number, later, on + dt.timedelta(days=n), {}) for n in (0, 1))
    return tuple(
        Redeems(
            r[SaleCertificate.certificate], r[SaleCertificate.holder], r[SaleCertificate.sold].date(), redeeming.total(now[r[SaleCertificate.certificate]]),
            redeeming.total(then[r[SaleCertificate.certificate]]) - redeeming.total(now[r[SaleCertificate.certificate]]),
        )
        for r in held.to_dict("records")
    )  # fmt: skip


# ---- what is mended ----------------------------------------------------------------------------------------------


def mend(desk: Desk, receipts: Collection[str], today: dt.date) -> str:
    """Updates the registers after receipts were reversed: clears a redemption, removes the cost of a sale.

    Gives a line for each register that names the receipts.
    """
    held = desk.register(CERTIFICATES)
    found = reversal_effects.said(
        receipts, desk.cash_book, held, desk.register(SUBSEQUENTS), desk.register(WARRANT_MONEY), desk.register(RENTS)
    )
    if len(held):
        stand = certificates(desk)
        for which in held.loc[~held.index.isin(stand.index), SaleCertificate.certificate]:
            found += _cost_off(desk, which, today)
    return "".join(f"\n{line}" for line in found)


def _cost_off(desk: Desk, which: str, today: dt.date) -> list[str]:
    """Removes the cost of a failed sale from the bill, once."""
    every = desk.adjustments
    off = set(numbers(every, TAKES_BACK))
    mine = every[
        (every[Adjustment.kind] == "Cost")
        & (every[Adjustment.for_] == SALE)
        & (every[Adjustment.for_no] == which)
        & ~every[Adjustment.no].isin(off)
    ]
    if not len(mine):  # what was entered was taken off already
        return []
    back = [
        adjustment_register.taken_back(
            adjustment_register.entry_of(row, reversal_effects.cost_reason(which)), row[Adjustment.no]
        )
        for row in mine.to_dict("records")
    ]
    more = adjustment_register.rows(back, every, today)
    desk.append(more)
    total = usd(sum(e.amount for e in back))
    return [f"Certificate {which}: the cost of sale of {total} was removed with {', '.join(more[Adjustment.no])}."]
