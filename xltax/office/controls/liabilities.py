"""The list of liabilities: what is owed out of the collector's account, which must equal the reconciled bank balance.

Each kind of money comes from its own record: collections by revenue account from the Cash Book and the turnover slips, credits
from the replay of the accounts, checks from Paid Out. So money that belongs to nobody shows as the unidentified remainder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from xltax.law.profile import Profile
from xltax.ledger.replay import Ledger
from xltax.money import Cents, usd
from xltax.office.controls import bank_items
from xltax.office.controls.bank_reconciliation import NOT_IN_BOOK, Entry, Reconciliation
from xltax.office.statements import movements as moves
from xltax.office.statements import turnover
from xltax.tables import REFUND, Adjustment, CashLine
from xltax.tables.bank import BANK_FEE, OTHER, TRUST, TURNOVER, Owed, PaidOut
from xltax.tables.bank import REFUND as PAYS_REFUND
from xltax.tables.counter import RevenueCode
from xltax.tables.kinds import OFFSET
from xltax.tables.replayed import LeftOver
from xltax.tables.statements import RevenueAccount, Turnover
from xltax.tables.table import Table
from xltax.wording import some

LIABILITY, UNIDENTIFIED = "Owed out of the account", "Unidentified"


@dataclass(frozen=True)
class OwedBooks:
    """The tables that tell whose the money is."""

    cash_book: Table[CashLine]
    adjustments: Table[Adjustment]
    turnovers: Table[Turnover]
    accounts: Table[RevenueAccount]
    codes: Table[RevenueCode]
    paid_out: Table[PaidOut]
    owed: Table[Owed]
    town: Profile


def entries(books: OwedBooks, ledger: Ledger, made: Reconciliation) -> list[Entry]:
    """What is owed out of the account on the day of a reconciliation, and the remainder that nobody owns.

    ledger: the balances of that day from what was known then.
    """
    found = [e for e in _every(books, ledger, made) if e.amount]
    rest = made.balance - sum(e.amount for e in found)
    return [*found, Entry(UNIDENTIFIED, rest, dated=made.as_of, detail=_rest_words(rest))]


def _rest_words(rest: Cents) -> str:
    if not rest:
        return "every dollar in the account is owed to somebody"
    side = "more in the account than is owed" if rest > 0 else "less in the account than is owed"
    return f"{side}. Find the money, or enter it with its document on Bank Reconciliation, Owed"


def _every(books: OwedBooks, ledger: Ledger, made: Reconciliation) -> Iterator[Entry]:
    day = made.as_of
    paid = _paid(books.paid_out, day)
    yield from _not_turned_over(books, paid, day)
    yield from _credits(books, ledger, paid, day)
    yield from _slips(books, paid, day)
    for r in paid[paid[PaidOut.for_].isin((BANK_FEE, OTHER))].to_dict("records"):
        what = (
            "bank fee, to be reimbursed"
            if r[PaidOut.for_] == BANK_FEE
            else f"paid to {r[PaidOut.payee]} for something else"
        )
        yield Entry(LIABILITY, -int(r[PaidOut.amount]), r[PaidOut.no], r[PaidOut.date].date(), what)
    for e in made.entries:
        if e.section == NOT_IN_BOOK:
            yield Entry(LIABILITY, e.amount, e.item, e.dated, f"on the statement, not in the book: {e.detail}")
    for other in books.owed.records():
        ended = not pd.isna(other[Owed.to]) and other[Owed.to].date() < day
        if other[Owed.from_].date() <= day and not ended:
            yield Entry(
                LIABILITY,
                int(other[Owed.amount]),
                "",
                other[Owed.from_].date(),
                f"{other[Owed.what]} ({other[Owed.explained_by]})",
            )


def strange_checks(paid_out: Table[PaidOut], day: dt.date) -> list[str]:
    """Checks that pay nothing that is owed out of the account: a refund account pays refunds and nothing else."""
    paid = _paid(paid_out, day)
    return [
        f"check {r[PaidOut.no]} to {r[PaidOut.payee]}, {usd(int(r[PaidOut.amount]))}, pays nothing that is owed out of the account"
        for r in paid[paid[PaidOut.for_] == OTHER].to_dict("records")
    ]


def _paid(paid_out: Table[PaidOut], day: dt.date) -> pd.DataFrame:
    rows = [r for r in paid_out.records() if r[PaidOut.date].date() <= day and not bank_items.stopped(r, day)]
    return Table.made(paid_out.spec, rows).frame


def _lines(books: OwedBooks, day: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The Cash Book's lines received by a day: those that no slip has, and those on a slip."""
    book = moves.cash_lines(books.cash_book)
    done = books.turnovers.frame
    done = done[done[Turnover.date] <= pd.Timestamp(day)]
    last = int(done[Turnover.last_line].max()) if len(done) else 0
    later = book.iloc[last:]
    return later[later[CashLine.received] <= pd.Timestamp(day)], book.iloc[:last]


def _not_turned_over(books: OwedBooks, paid: pd.DataFrame, day: dt.date) -> Iterator[Entry]:
    """Collections that no slip has, by revenue account; trust money and suspense less what was paid out of it."""
    held, _ = _lines(books, day)
    sums = turnover.by_account(held.assign(Overpaid=0), books.accounts, books.town, books.codes)
    fund = dict(zip(books.codes[RevenueCode.code], books.codes[RevenueCode.fund], strict=True))
    names = dict(zip(books.codes[RevenueCode.code], books.codes[RevenueCode.name], strict=True))
    amounts: dict[tuple[str, str, str], Cents] = {}
    for r in sums.to_dict("records"):
        key = (r[Turnover.code], r[Turnover.name], r[Turnover.part])
        amounts[key] = amounts.get(key, 0) + int(r[Turnover.amount])
    trust = paid[paid[PaidOut.for_] == TRUST].groupby(PaidOut.for_no)[PaidOut.amount].sum()
    for code, amount in trust.items():
        key = next((k for k in amounts if k[0] == code), (str(code), names.get(str(code), ""), ""))
        amounts[key] = amounts.get(key, 0) - int(amount)
    for (code, name, part), amount in amounts.items():
        kind = {"trust": "held in trust", "suspense": "unidentified receipts, in suspense"}.get(fund.get(code, ""))
        words = f"{name or code}{f', {part}' if part else ''}: {kind or 'collected, not turned over'}"
        yield Entry(LIABILITY, amount, code, day, words)


def _credits(books: OwedBooks, ledger: Ledger, paid: pd.DataFrame, day: dt.date) -> Iterator[Entry]:
    """Credits of the accounts by the replay, without those that went with a slip, and refunds that no check has paid yet."""
    held = ledger.credits
    credit = int(held[LeftOver.credit].sum() + held[LeftOver.refund].sum()) if len(held) else 0
    yield Entry(LIABILITY, credit, "", day, f"overpayments and credits of {some(len(held), 'account')}")
    _, gone = _lines(books, day)
    yield Entry(
        LIABILITY, -int(gone[CashLine.overpaid].sum()), "", day, "less overpayments that went with turnover slips"
    )
    changes = books.adjustments.frame
    mine = changes[(changes[Adjustment.kind] == REFUND) & (moves.posting_day(changes[Adjustment.recorded], changes[Adjustment.effective]) <= pd.Timestamp(day))]  # fmt: skip
    moved = set(books.cash_book.loc[books.cash_book[CashLine.for_] == OFFSET, CashLine.for_no])
    refunds = int(mine.loc[~mine[Adjustment.no].isin(moved), Adjustment.amount].sum())
    refunds -= int(paid.loc[paid[PaidOut.for_] == PAYS_REFUND, PaidOut.amount].sum())
    words = (
        "refunds approved, not paid out of this account" if refunds >= 0 else "refund checks for more than was approved"
    )
    yield Entry(LIABILITY, refunds, "", day, words)


def _slips(books: OwedBooks, paid: pd.DataFrame, day: dt.date) -> Iterator[Entry]:
    """Money turned over by a slip and not paid out of this account yet, by slip."""
    done = books.turnovers.frame
    done = done[done[Turnover.date] <= pd.Timestamp(day)]
    slips = {str(n): int(a) for n, a in done.groupby(Turnover.slip)[Turnover.amount].sum().items()}
    made = set(slips)
    for r in paid[paid[PaidOut.for_] == TURNOVER].to_dict("records"):
        number = r[PaidOut.for_no]
        slips[number] = slips.get(number, 0) - int(r[PaidOut.amount])
    for number, amount in slips.items():
        words = f"slip {number}: turned over to the treasurer, not paid out of this account"
        missing = f"slip {number}: paid to the treasurer, but there is no such slip yet"
        yield Entry(LIABILITY, amount, number, day, words if number in made else missing)
