"""The checks of money in hand: deposits, the bank, suspense, deposit times, and closed days."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xltax.dates import ClosedDays, short_date
from xltax.law.custody import DepositWithin
from xltax.law.profile import Profile
from xltax.money import usd
from xltax.office.controls import bank_items, bank_match
from xltax.office.controls.bank_items import MoneyBooks
from xltax.office.controls.bank_reconciliation import book_side, is_missing
from xltax.office.counter import batches as files
from xltax.office.counter import drawer
from xltax.office.counter.drawer import MadeDeposit
from xltax.tables import CashLine
from xltax.tables.bank import PAID_OUT, PaidOut
from xltax.tables.check import Check
from xltax.tables.counter import BankLine, Batch, DayClose, SuspenseItem
from xltax.tables.table import Table
from xltax.wording import some


def checks(
    cash_book: Table[CashLine],
    closes: Table[DayClose],
    batches: Table[Batch],
    bank: Table[BankLine],
    town: Profile,
    calendar: ClosedDays,
    as_of: dt.date,
    paid_out: Table[PaidOut] | None = None,
) -> list[Check]:
    """Checks receipts, deposits and the bank against each other, open suspense, late deposits, closed days and held batches."""
    out = []
    changed = drawer.closed_as_were(cash_book, closes)
    out.append(
        Check(
            "Closed days",
            "Cash Book lines of each closed deposit, compared with its totals and seal at the close",
            sum(abs(now - then) or 1 for _, now, then, _ in changed),
            0,
            f"deposit {changed[0][0]} {changed[0][3]}".strip() if changed else "",
        )
    )
    made = drawer.deposits(closes, batches)
    lost = _undeposited(cash_book, made, closes)
    out.append(
        Check("Receipts = deposits", "Money received that is not in any deposit", int(lost[CashLine.total].sum()), 0,
              f"receipt {lost[CashLine.receipt].iloc[0]}" if len(lost) else "")
    )  # fmt: skip
    out.append(
        _bank(
            MoneyBooks(cash_book, closes, batches, Table.empty(PAID_OUT) if paid_out is None else paid_out),
            bank,
            made,
            as_of,
        )
    )
    late = _late(cash_book, made, closes, town, calendar, as_of)
    out.append(
        Check("Deposit time", "Deposits made later than the town's rule allows", len(late), 0, f"deposit {late[0]}" if late else "",
              counts=True)
    )  # fmt: skip
    held = files.suspense(cash_book, as_of)
    open_ = int(held[SuspenseItem.open].sum())
    oldest = held[held[SuspenseItem.open] != 0]
    out.append(
        Check("Suspense", "Money in suspense that must be cleared", open_, 0,
              f"receipt {oldest[SuspenseItem.receipt].iloc[0]}, {some(int(oldest[SuspenseItem.days].max()), 'day')}" if len(oldest) else "")
    )  # fmt: skip
    waiting = batches[batches[Batch.status] == "held"]
    out.append(
        Check("Batches", "Batches that are held and not posted", len(waiting), 0,
              f"batch {waiting[Batch.batch].iloc[0]}" if len(waiting) else "", counts=True)
    )  # fmt: skip
    return out


def _bank(books: MoneyBooks, bank: Table[BankLine], made: pd.DataFrame, as_of: dt.date) -> Check:
    """Deposits, returned checks and checks written, compared with the bank's lines. Without lines it is not done, and never OK.

    A person must look once a deposit should have reached the bank.
    """
    name, compares = (
        "Deposits = bank",
        "Deposits and returned checks, compared with the Bank sheet, through its last day",
    )
    if not len(bank):
        old = made[made[MadeDeposit.made_on] < pd.Timestamp(as_of - dt.timedelta(days=bank_match.TRANSIT_DAYS))]
        what = "the Bank sheet is empty, and no deposit has been made"
        if len(made):
            what = f"the Bank sheet is empty, and {some(len(made), 'deposit')} cannot be compared. Run Import Bank"
        return Check(name, compares, int(old[MadeDeposit.total].sum()), 0, what, not_done=True)
    last = bank[BankLine.date].max().date()
    found = bank_match.match(bank_items.items(books, last), bank_match.lines_of(bank, None, last))
    off = [
        (abs(sum(i.amount for i in items) - sum(x.amount for x in lines)), bank_match.named(items))
        for items, lines in found.apart
    ]
    off += [(abs(i.amount), f"{i.kind} {i.no} has not reached the bank") for i in found.items if is_missing(i, last)]
    off += [
        (abs(x.amount), f"the bank's line of {short_date(x.date)}, {usd(x.amount)}, is not in the book")
        for x in found.lines
        if not book_side(x) or x.word == "Returned"
    ]
    return Check(name, compares, sum(amount for amount, _ in off), 0, off[0][1] if off else "")


def _undeposited(cash_book: Table[CashLine], made: pd.DataFrame, closes: Table[DayClose]) -> pd.DataFrame:
    """Receipts whose deposit is neither made nor open. Before the first day is closed in a book, there is nothing to compare."""
    book = cash_book.frame
    if not len(closes):
        return book.iloc[:0]
    moving = book[(book[CashLine.tender] != "Transfer") & ~book[CashLine.kind].isin(("Reallocation", "Opening"))]
    moving = moving[(moving[CashLine.kind] != "Reversal") | (moving[CashLine.deposit] != "")]
    # What came in before the first day that was closed belongs to the books kept until then.
    since: pd.Timestamp = closes[DayClose.from_].min()
    moving = moving[moving[CashLine.received] >= since]
    open_now = {drawer.open_deposit(closes, c) for c in moving[CashLine.cashier].unique()}
    return moving[~moving[CashLine.deposit].isin(set(made[MadeDeposit.deposit]) | open_now)]


def _late(
    cash_book: Table[CashLine],
    made: pd.DataFrame,
    closes: Table[DayClose],
    town: Profile,
    calendar: ClosedDays,
    as_of: dt.date,
) -> list[str]:
    """Deposits made too late, and open deposits past their time; only after days are closed in this book."""
    rule = town.find(DepositWithin, as_of)
    if rule is None or not len(closes):
        return []
    allowed = rule.params.days
    late = list(made.loc[made[MadeDeposit.days] > allowed, MadeDeposit.deposit])
    book = cash_book.frame
    lines = book[
        (book[CashLine.deposit] != "")
        & ~book[CashLine.deposit].isin(set(made[MadeDeposit.deposit]))
        & (book[CashLine.tender] != "Transfer")
    ]
    for deposit, first in lines.groupby(CashLine.deposit)[CashLine.received].min().items():
        if drawer.business_days(first.date(), as_of, calendar) > allowed:
            late.append(f"{deposit}, still open")
    return late
