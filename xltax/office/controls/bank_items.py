"""What in the book must come through the bank: deposits, returned checks, and checks written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xltax.money import Cents, usd
from xltax.office.controls.bank_match import CHECK, DEPOSIT, RETURNED, Item
from xltax.office.counter import drawer
from xltax.office.counter.drawer import MadeDeposit
from xltax.tables import CashLine
from xltax.tables.bank import PaidOut
from xltax.tables.counter import Batch, DayClose
from xltax.tables.kinds import OPENING, REALLOCATION, REVERSAL
from xltax.tables.table import Table


@dataclass(frozen=True)
class MoneyBooks:
    """The tables that tell of money in the collector's account."""

    cash_book: Table[CashLine]
    closes: Table[DayClose]
    batches: Table[Batch]
    paid_out: Table[PaidOut]


def money_lines(cash_book: Table[CashLine]) -> pd.DataFrame:
    """The lines of money that was really received or given back, without transfers inside the book."""
    book = cash_book.frame
    inside = (book[CashLine.tender] == "Transfer") | book[CashLine.kind].isin((REALLOCATION, OPENING))
    return book[~inside]


def items(books: MoneyBooks, through: dt.date) -> list[Item]:
    """Every deposit made, check returned and check written by a day, with its sign on the bank statement."""
    every = [*_deposits(books), *_returned(books.cash_book), *_checks(books.paid_out, through)]
    return [item for item in every if item.date <= through]


def _deposits(books: MoneyBooks) -> list[Item]:
    made = drawer.deposits(books.closes, books.batches)
    short = dict(zip(books.closes[DayClose.deposit], books.closes[DayClose.over_short], strict=True))
    receipts = {str(d): _first_to_last(lines) for d, lines in money_lines(books.cash_book).groupby(CashLine.deposit)}
    return [
        Item(
            DEPOSIT,
            r[MadeDeposit.deposit],
            r[MadeDeposit.made_on].date(),
            int(r[MadeDeposit.total]),
            receipts.get(r[MadeDeposit.deposit], ""),
            note=_over_or_short(int(short.get(r[MadeDeposit.deposit], 0))),
        )
        for r in made.to_dict("records")
    ]


def _first_to_last(lines: pd.DataFrame) -> str:
    first, last = lines[CashLine.receipt].iloc[0], lines[CashLine.receipt].iloc[-1]
    return f"receipt {first}" if first == last else f"receipts {first} to {last}"


def _over_or_short(amount: Cents) -> str:
    if not amount:
        return ""
    return f"the drawer was {'over' if amount > 0 else 'short'} by {usd(abs(amount))} at the close"


def _returned(cash_book: Table[CashLine]) -> list[Item]:
    """Checks that came back, one item for each check: a check may have paid several receipts."""
    book = money_lines(cash_book)
    back = book[(book[CashLine.kind] == REVERSAL) & (book[CashLine.deposit] == "")]
    if not len(back):
        return []
    check_of = dict(zip(book[CashLine.receipt], book[CashLine.same_check], strict=True))
    check = [check_of.get(r) or r for r in back[CashLine.reverses]]
    found = []
    for _, lines in back.assign(Check=check).groupby(["Check", CashLine.received], sort=False):
        day = lines[CashLine.received].iloc[0]
        receipts = list(dict.fromkeys(lines[CashLine.reverses]))
        detail = f"receipt {', '.join(receipts)}"
        found.append(
            Item(RETURNED, receipts[0], day.date(), int(lines[CashLine.total].sum()), detail, tuple(receipts[1:]))
        )
    return found


def _checks(paid_out: Table[PaidOut], through: dt.date) -> list[Item]:
    return [
        Item(CHECK, r[PaidOut.no], r[PaidOut.date].date(), -int(r[PaidOut.amount]), r[PaidOut.payee])
        for r in paid_out.records()
        if not stopped(r, through)
    ]


def stopped(check: dict[str, Any], on: dt.date) -> bool:
    """Whether a check was voided by a day."""
    return bool(not pd.isna(check[PaidOut.voided]) and check[PaidOut.voided].date() <= on)


def received(books: MoneyBooks, after: dt.date | None, through: dt.date) -> pd.DataFrame:
    """The lines of money received, or given back, in a period."""
    book = money_lines(books.cash_book)
    day = book[CashLine.received]
    inside = day <= pd.Timestamp(through)
    return book[inside & (day > pd.Timestamp(after))] if after else book[inside]


def not_deposited(books: MoneyBooks, lines: pd.DataFrame, through: dt.date) -> list[Item]:
    """Receipts among some lines whose deposit is not made by a day: cash and checks still in the office."""
    made = drawer.deposits(books.closes, books.batches)
    by_then = set(made.loc[made[MadeDeposit.made_on] <= pd.Timestamp(through), MadeDeposit.deposit])
    returned = (lines[CashLine.kind] == REVERSAL) & (lines[CashLine.deposit] == "")
    still = lines[~returned & ~lines[CashLine.deposit].isin(by_then)]
    return [
        Item(DEPOSIT, str(deposit) or "none", part[CashLine.received].max().date(), int(part[CashLine.total].sum()), _first_to_last(part))
        for deposit, part in still.groupby(CashLine.deposit, sort=False)
    ]  # fmt: skip
