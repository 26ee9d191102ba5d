"""The payoff of an account: itemized for a day, with the per diem and the business days ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, LawNotEncoded
from xltax.law.agreements import Clearing
from xltax.law.allocation import Allocation
from xltax.law.interest import Interest, YearEnd
from xltax.law.profile import Profile
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Facts, Ledger, Outlook, outlook, replay
from xltax.money import Cents, usd
from xltax.tables import (
    BALANCES,
    PAYERS,
    PAYMENT,
    QUOTE_GRID,
    RECEIPTS,
    Adjustment,
    Balance,
    CashLine,
    Charge,
    ClosedDay,
    PayoffDay,
    Receipt,
)
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.schema import R
from xltax.tables.table import Table

OURS = "~"
"""Sorts after every receipt number, so that a trial payment comes last on its day."""
LONGEST_GRID = 366
LONGEST_HOLD = 31
"""A quote is good for a month at most, even if the amount stays the same."""
MONEY = ("Tax", "Interest", "Penalty", "Costs", "Total")


def relevant(facts: Facts, town: Profile, on: dt.date) -> Facts:
    """The facts with only the receipts of these accounts or their parties.

    A payoff takes one account's charges and the whole Cash Book.
    """
    receipts = facts.receipts
    if not len(receipts):
        return facts
    accounts = set(facts.charges[Charge.account])
    mine = receipts[Receipt.account].isin(accounts) | receipts[Receipt.directed].isin(accounts)
    # A payment taken back, whatever account the reversal names.
    mine |= receipts[Receipt.reverses].isin(set(receipts.loc[mine, Receipt.receipt]))
    return replace(facts, receipts=receipts[mine])


def account_facts(facts: Facts, town: Profile, account: str, on: dt.date) -> Facts:
    """The facts of an account, or of all its party's accounts where they share payments.

    Raises BadValue for an account that is not on the duplicate.
    """
    mine = facts.charges[facts.charges[Charge.account] == account]
    if not len(mine):
        raise BadValue(
            f'Account "{account}" is not on the Duplicate.', where="account", do="Enter the number as on the Roll."
        )
    if town.rule(Allocation, on).params.group == "party" and (party := mine[Charge.party].iloc[0]):
        mine = facts.charges[facts.charges[Charge.party] == party]
    return relevant(with_charges(facts, mine), town, on)


def with_charges(facts: Facts, mine: Table[Charge]) -> Facts:
    """The facts with these charges only, and the adjustments of their bills."""
    changes = facts.adjustments
    if len(changes):
        changes = changes[changes[Adjustment.bill].isin(set(mine[Charge.bill]))]
    return replace(facts, charges=mine, adjustments=changes)


def only(ledger: Ledger, account: str) -> Ledger:
    """The ledger with one account's rows. A party's other accounts share payments but are not in this account's quote."""
    balances = ledger.balances[ledger.balances[OpenInstallment.account] == account]
    bills = set(balances[OpenInstallment.bill])

    def mine(table: pd.DataFrame) -> pd.DataFrame:
        return table[table[Posting.bill].isin(bills)] if len(table) else table

    return replace(ledger, balances=balances, periods=mine(ledger.periods), _postings=lambda: mine(ledger.postings))


def good_through(facts: Facts, town: Profile, account: str, on: dt.date) -> dt.date:
    """The last day on which the payoff is the same as on this day: at most a month later, or where the law ends."""
    ahead = _as_far_as_encoded(facts, town, _days_from(on, LONGEST_HOLD + 1)).only(account)
    changed = np.flatnonzero(ahead.payoff != ahead.payoff[0])
    return ahead.days[int(changed[0]) - 1 if len(changed) else -1]


def known_on(facts: Facts, on: dt.date) -> Facts:
    """The facts for a quote on a day: those effective by then, and those entered by then that are effective later.

    A payment of the next day does not change what one more day costs.
    """
    day = pd.Timestamp(on)

    def known(table: Table[R], counts: pd.Series[Any]) -> Table[R]:
        return table[(counts <= day) | (table[Receipt.recorded].fillna(counts) <= day)] if len(table) else table

    paid, changed = facts.receipts, facts.adjustments
    return replace(
        facts,
        receipts=known(paid, paid[Receipt.effective].fillna(paid[Receipt.received])),
        adjustments=known(changed, changed[Adjustment.effective]),
    )


def ahead_of(facts: Facts, town: Profile, on: dt.date, days: Iterable[dt.date]) -> Outlook:
    """What is owed on each of these days, from the facts known on the day of the quote."""
    return outlook(known_on(facts, on), town, days)


def _as_far_as_encoded(facts: Facts, town: Profile, days: list[dt.date]) -> Outlook:
    """The outlook for these days, up to the last one that the town's rules cover."""
    for last in range(len(days), 1, -1):
        try:
            return ahead_of(facts, town, days[0], days[:last])
        except LawNotEncoded:
            continue
    return ahead_of(facts, town, days[0], days[:1])


def uncleared(
    cash_book: Table[CashLine], town: Profile, accounts: set[str], on: dt.date, closed_days: Table[ClosedDay] | None
) -> pd.DataFrame:
    """Payments on accounts that may not have cleared by a day: Receipt, Received, Tender, Amount, Clears.

    By the town's rule on clearing; empty if the town has no such rule. A payment without a tender has to clear too.
    """
    names = ["Receipt", "Received", "Tender", "Amount", "Clears"]
    found = town.find(Clearing, on)
    if found is None or not len(cash_book):
        return pd.DataFrame(columns=names)
    rule = found.params
    book = cash_book[cash_book[CashLine.account].isin(accounts)]
    book = book[
        book[CashLine.kind].isin(("Payment", "Prepayment"))
        & ~book[CashLine.receipt].isin(set(cash_book[CashLine.reverses]) - {""})
    ]
    book = book[~book[CashLine.tender].isin(rule.at_once) & (book[CashLine.received] <= pd.Timestamp(on))]
    since = pd.Timestamp(on) - pd.Timedelta(days=3 * rule.business_days + 14)
    closed = closed_days_of(town, on, closed_days)
    rows = []
    for receipt, lines in book[book[CashLine.received] >= since].groupby(CashLine.receipt, sort=False):
        received = lines[CashLine.received].iloc[0].date()
        clears = rule.clears(received, closed)
        if clears > on:
            tender = lines[CashLine.tender].iloc[0] or "not recorded"
            rows.append((receipt, received, tender, int(lines[CashLine.total].sum()), clears))
    return pd.DataFrame(rows, columns=names)


def with_payments(
    facts: Facts, account: str, payments: list[tuple[dt.date, Cents]], by: str = PAYERS[0], directed: str = ""
) -> Facts:
    """The facts with trial payments added (the owner's, or by whom it says), numbered after every real receipt of their days."""
    rows = [
        {
            Receipt.receipt: f"{OURS}{n:04d}",
            Receipt.received: on,
            Receipt.account: account,
            Receipt.amount: amount,
            Receipt.effective: on,
            Receipt.by: by,
            Receipt.directed: directed,
            Receipt.kind: PAYMENT,
        }
        for n, (on, amount) in enumerate(payments)
        if amount
    ]
    return replace(facts, receipts=facts.receipts.and_rows(Table.made(RECEIPTS, rows))) if rows else facts


def elsewhere(facts: Facts, town: Profile, account: str, on: dt.date, ledger: Ledger) -> Cents:
    """The part of an owner's payment that goes to other accounts of the party if no instruction names a property.

    The payment is this account's payoff. The result is what then stays open here; 0 where accounts do not share payments.
    """
    due = total(only(ledger, account))
    if due <= 0 or ledger.balances[OpenInstallment.account].nunique() < 2:
        return 0
    paid = replay(with_payments(facts, account, [(on, due)]), town, on)
    return int(only(paid, account).balances[OpenInstallment.total].sum())


def balances(ledger: Ledger) -> pd.DataFrame:
    """One row for each charge, with what is open on the day."""
    return ledger.balances[list(BALANCES.names)]


def payoff(ledger: Ledger) -> pd.DataFrame:
    """The open installments, the discount for payment today, the credit on the account, and the total."""
    table = balances(ledger)
    table = table[table[Balance.total] != 0]
    rows = [table]
    saved, credit = _taken_off(ledger)
    for title, amount in (("Discount", -saved), ("Credit", -credit)):
        if amount:
            rows.append(line(title, Tax=amount, Total=amount))
    everything = pd.concat(rows, ignore_index=True)
    sums = {c: int(everything[c].sum()) for c in MONEY}
    return pd.concat([everything, line("Total", **sums)], ignore_index=True)


def line(title: str, **money: Cents) -> pd.DataFrame:
    """A line of a payoff that is not an installment: a discount, credit, a fee, the total."""
    row: dict[str, object] = {c.name: (0 if c.kind in ("money", "year", "count") else "") for c in BALANCES.columns}
    frame = pd.DataFrame([row | {"Bill": title} | money])
    frame[Balance.due] = np.array(["NaT"], dtype="datetime64[s]")
    return frame[list(BALANCES.names)]


def total(ledger: Ledger) -> Cents:
    """The amount that pays everything off on the day."""
    return int(ledger.balances[OpenInstallment.total].sum()) - sum(_taken_off(ledger))


def _taken_off(ledger: Ledger) -> tuple[Cents, Cents]:
    """The discount for payment today, and the credit on the account."""
    return int(ledger.balances[OpenInstallment.discount].sum()), int(ledger.credits[LeftOver.credit].sum())


def per_diem(facts: Facts, town: Profile, on: dt.date, account: str = "") -> Cents:
    """The per diem: tomorrow's payoff less today's, from the facts known today; for one account if one is named."""
    ahead = ahead_of(facts, town, on, _days_from(on, 2))
    today, tomorrow = (ahead.only(account) if account else ahead).payoff
    return int(tomorrow - today)


def _days_from(start: dt.date, count: int) -> list[dt.date]:
    return [start + dt.timedelta(days=n) for n in range(count)]


def grid(facts: Facts, town: Profile, start: dt.date, days: int, account: str = "") -> pd.DataFrame:
    """The payoff for each of the next business days, with notes on what changes.

    For one account if one is named. The facts may hold the party's other accounts, which share payments.
    """
    if not 1 <= days <= LONGEST_GRID:
        raise BadValue(
            f"The number of days is {days}.", where="days", do=f"Enter between 1 and {LONGEST_GRID} business days."
        )
    open_days = closed_days_of(town, start, facts.closed_days).open_days(start, days)
    tomorrows = [day + dt.timedelta(days=1) for day in open_days]
    ahead = ahead_of(facts, town, start, {*open_days, *tomorrows})
    if account:
        ahead = ahead.only(account)
    payoff = dict(zip(ahead.days, ahead.payoff.tolist(), strict=True))
    notes = [
        _notes(ahead, town, day, then) for day, then in zip(open_days, [*open_days[1:], tomorrows[-1]], strict=True)
    ]
    return pd.DataFrame(
        {
            PayoffDay.date: np.array(open_days, dtype="datetime64[s]"),
            PayoffDay.total: [payoff[day] for day in open_days],
            PayoffDay.per_diem: [payoff[then] - payoff[day] for day, then in zip(open_days, tomorrows, strict=True)],
            PayoffDay.note: ["; ".join(said) for said in notes],
        },
        columns=list(QUOTE_GRID.names),
    )


def _notes(ahead: Outlook, town: Profile, day: dt.date, following: dt.date) -> Iterable[str]:
    """What changes before the next business day: a grace period ends, an installment falls due, a rate rises."""
    tax = ahead.tax[ahead.days.index(day)]
    today, then = np.datetime64(day, "s"), np.datetime64(following, "s")
    due = ahead.charges[Charge.due].to_numpy()
    is_open = tax > 0
    last_days = is_open & (today <= ahead.last_free) & (ahead.last_free < then)
    for last in np.unique(ahead.last_free[last_days]):
        mine = ahead.charges[last_days & (ahead.last_free == last)]
        yield f"last free day for {', '.join(sorted(set(map(_installment, mine[Charge.levy_year], mine[Charge.inst]))))}"
    falling_due = is_open & (today < due) & (due <= then)
    for date in np.unique(due[falling_due]):
        yield f"{usd(int(tax[falling_due & (due == date)].sum()))} falls due on {date.astype('datetime64[D]')}"
    late = int(tax[is_open & (ahead.last_free < today)].sum())
    penalty = town.find(YearEnd, dt.date(day.year, 12, 31)) if day.year < following.year else None
    if penalty and penalty.params.rate and late > penalty.params.threshold:
        yield "the year-end penalty applies after December 31"
    if crossed := _tier_crossed(late, int(tax[is_open & (ahead.last_free < then)].sum()), town, day, following):
        yield crossed


def _installment(year: int, number: int) -> str:
    return f"{year} installment {number}" if year else f"installment {number}"


def _tier_crossed(late: Cents, late_then: Cents, town: Profile, day: dt.date, following: dt.date) -> str:
    rule = town.find(Interest, day, sort="interest")
    for limit in rule.params.terms().limits if rule else ():
        if late <= limit < late_then:
            return f"the delinquency passes {usd(limit)}, so the higher rate begins on {following}"
    return ""
