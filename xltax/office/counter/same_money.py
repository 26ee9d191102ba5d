"""Twice the same money: payments that the Cash Book already has, found before they are posted a second time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from xltax.money import Cents, usd
from xltax.tables import OTHER, REVERSAL, TAX_PAYMENTS, CashLine, Charge
from xltax.tables.table import Table

SUSPENSE = "SUSPENSE"
"""The revenue code of money whose account is unknown."""
MOVED = "Transfer"
"""The payment type of money that is already in the workbook and moves to another account."""
SAY_SO = "If this is a second payment, enter yes for again and post. If not, remove this row."
"""What to do about a payment that the Cash Book has already, at the Counter and with a file."""


class Money(NamedTuple):
    """What makes two payments the same: the account or the revenue code, the amount, the day received and the reference.

    Money other than tax is compared by its revenue code, because often it has no account.
    """

    account: str
    code: str
    amount: Cents
    received: dt.date
    reference: str

    @property
    def compared(self) -> bool:
        """Whether a second equal payment needs a look. Ten dog licenses of $10.00 in cash on one day are ordinary.

        Money in suspense is compared without a reference too, because it is tax whose account is unknown.
        """
        return not self.code or bool(self.reference) or self.code == SUSPENSE

    def words(self) -> str:
        """Such as: Account 12-4 already has a payment of $100.00, received 8/21/2025 with reference 77."""
        whose = f"Revenue code {self.code}" if self.code else f"Account {self.account}"
        day = f"{self.received.month}/{self.received.day}/{self.received.year}"
        reference = f"with reference {self.reference}" if self.reference else "without a reference"
        return f"{whose} already has a payment of {usd(self.amount)}, received {day} {reference}"


def money(account: str, kind: str, code: str, amount: Cents, received: dt.date, reference: str) -> Money:
    """The facts of one payment that are compared."""
    day = received.date() if isinstance(received, dt.datetime) else received
    other = kind == OTHER
    return Money("" if other else account, code if other else "", int(amount), day, reference)


Known = dict[Money, list[str]]
"""The payments there are, each with the receipts or rows that hold the payment. A receipt answers for one payment only."""


def standing(cash_book: Table[CashLine], days: Iterable[dt.date]) -> Known:
    """The payments of the Cash Book received on these days, each with its receipts. Reversed payments do not count.

    A payment moved to another account counts for the account it was first posted to: the office still has the money, and a
    file saved again names that account again. The receipt that moved the money is not a payment.
    """
    book = cash_book.frame
    back = book[(book[CashLine.kind] == REVERSAL) & (book[CashLine.tender] != MOVED)]
    paid = book[CashLine.received].isin(pd.to_datetime(list(set(days))))
    paid &= book[CashLine.kind].isin((*TAX_PAYMENTS, OTHER)) & (book[CashLine.tender] != MOVED)
    paid &= ~book[CashLine.receipt].isin(back[CashLine.reverses])
    lines = book[paid].groupby(CashLine.receipt, sort=False)
    facts = [CashLine.account, CashLine.kind, CashLine.revenue_code, CashLine.received, CashLine.reference]
    known: Known = {}
    for row, total in zip(lines[facts].first().itertuples(name=None), lines[CashLine.total].sum(), strict=True):
        receipt, account, kind, code, received, reference = row
        known.setdefault(money(account, kind, code, total, received, reference), []).append(f"receipt {receipt}")
    return known


def take(known: Known, one: Money) -> str:
    """What a payment repeats, such as "receipt 14", used up by this payment; "" if there is none left."""
    return known[one].pop(0) if one.compared and known.get(one) else ""


def repeated(payments: Sequence[Money], cash_book: Table[CashLine], settled: Collection[int] = ()) -> list[str]:
    """What each payment repeats, such as "receipt 14", in order; "" for a payment that the Cash Book does not have.

    Each receipt answers for one payment, so three equal rows against two receipts are one new payment. settled: the
    positions whose repetition is decided; they use up their receipts first.
    """
    known = standing(cash_book, {one.received for one in payments})
    found = [""] * len(payments)
    for position in sorted(range(len(payments)), key=lambda n: (n not in settled, n)):
        found[position] = take(known, payments[position])
    return found


def of_rows(rows: pd.DataFrame, account_of: Mapping[str, str]) -> list[Money]:
    """The money of each row entered. A row with a bill and no account belongs to the bill's account."""
    accounts = [a or account_of.get(b, "") for a, b in zip(rows[CashLine.account], rows[CashLine.bill], strict=True)]
    facts = rows[[CashLine.kind, CashLine.revenue_code, Charge.amount, CashLine.received, CashLine.reference]]
    return [
        money(account, *row) for account, row in zip(accounts, facts.itertuples(index=False, name=None), strict=True)
    ]


def in_words(rows: pd.DataFrame, account_of: Mapping[str, str], cash_book: Table[CashLine]) -> list[str]:
    """What each row entered repeats, in a sentence; "" for money that is new."""
    payments = of_rows(rows, account_of)
    found = repeated(payments, cash_book)
    return [f"{one.words()}: {receipt}." if receipt else "" for one, receipt in zip(payments, found, strict=True)]


BY_CHECK = ("Check", "Certified", "Money Order")
_YEAR = pd.Timedelta(days=366)


def same_check(rows: pd.DataFrame, cash_book: Table[CashLine]) -> list[str]:
    """For each row entered, the receipt of a check with this number and amount that came within a year; "" if there is none.

    A warning and nothing more: two banks may number their checks alike. A check in several rows is compared by its whole amount.
    """
    book = cash_book.frame
    numbers = set(rows.loc[rows[CashLine.tender].isin(BY_CHECK), CashLine.reference]) - {""}
    back = book.loc[(book[CashLine.kind] == REVERSAL) & (book[CashLine.tender] != MOVED), CashLine.reverses]
    mine = book[book[CashLine.reference].isin(numbers) & book[CashLine.tender].isin(BY_CHECK)]
    mine = mine[mine[CashLine.kind].isin((*TAX_PAYMENTS, OTHER)) & ~mine[CashLine.receipt].isin(back)]
    one = mine[CashLine.same_check].where(mine[CashLine.same_check] != "", mine[CashLine.receipt])
    held: dict[tuple[str, int], list[tuple[str, pd.Timestamp]]] = {}
    for _, lines in mine.groupby([one, mine[CashLine.reference]], sort=False):
        first = lines.iloc[0]
        key = (first[CashLine.reference], int(lines[CashLine.total].sum()))
        held.setdefault(key, []).append((first[CashLine.receipt], first[CashLine.received]))
    check = [rows[CashLine.reference], rows[CashLine.tender], rows[CashLine.received]]
    whole = rows.groupby(check, sort=False, dropna=False)[Charge.amount].transform("sum")
    out = []
    for reference, tender, received, amount in zip(*check, whole, strict=True):
        known = held.get((reference, int(amount)), []) if tender in BY_CHECK and reference else []
        near = [(receipt, day) for receipt, day in known if abs(received - day) <= _YEAR]
        out.append(
            f"Check {reference} for {usd(int(amount))} is in the Cash Book already: receipt {near[0][0]}, received "
            f"{near[0][1].month}/{near[0][1].day}/{near[0][1].year}."
            if near
            else ""
        )
    return out
