"""Payments before they are posted: the columns of a payment, its receipt number, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.office.counter import same_money
from xltax.tables import CASH_BOOK, CHARGES, OTHER, RECEIPTS, TAX_PAYMENTS, CashLine, Charge, Parcel
from xltax.tables.reading import place
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table


class Payment(Row):
    """One payment before it is posted."""

    receipt = Column("Receipt", "id", aliases=RECEIPTS["Receipt"].aliases)
    bill = Column("Bill", "id", aliases=CHARGES["Bill"].aliases)
    account = Column("Account", "id", aliases=CHARGES["Account"].aliases)
    amount = RECEIPTS["Amount"]
    received = RECEIPTS["Received"]
    effective = CASH_BOOK["Effective"]
    by = CASH_BOOK["By"]
    directed = CASH_BOOK["Directed"]
    kind = CASH_BOOK["Kind"]
    tender = CASH_BOOK["Tender"]
    reference = CASH_BOOK["Reference"]
    revenue_code = CASH_BOOK["Revenue Code"]
    batch = CASH_BOOK["Batch"]
    deposit = CASH_BOOK["Deposit"]
    cashier = CASH_BOOK["Cashier"]
    note = CASH_BOOK["Note"]


PAYMENTS = TableSpec("Payments", Payment, purpose="one row for each payment")
CERTIFIED_ONLY = "certified funds"
Wrong = tuple[str, str, str]
"""The column that is wrong, what is wrong with it, and what to do."""


def checked(
    payments: Table[Any],
    charges: Table[Charge],
    cash_book: Table[CashLine],
    today: dt.date,
    names: Table[Parcel] | None = None,
    again: bool = False,
) -> pd.DataFrame:
    """The payments, numbered, each with its account. Problems names everything that is wrong with the payments.

    again: the payments are posted even if the Cash Book has the same ones.
    """
    new = payments.as_rows_of(PAYMENTS).frame
    known = _known(charges, names, today)
    numbers, in_use = _numbered(new[Payment.receipt].tolist(), cash_book)
    problems = [problem for theirs in _by_row(payments, new, known, in_use).values() for problem in theirs]
    if not again:
        problems += _repeats(payments, new, known.account_of, cash_book)
    if problems:
        raise Problems(problems)
    if not len(new):
        raise BadValue(
            "There are no payments.",
            where=str(payments.attrs.get("file", "payments")),
            do="Add at least one row with an account or bill and an amount.",
        )
    return _filled(new, numbers, known)


def wrong_rows(
    payments: Table[Any],
    charges: Table[Charge],
    cash_book: Table[CashLine],
    today: dt.date,
    names: Table[Parcel] | None = None,
) -> dict[int, list[Problem]]:
    """What is wrong with each payment, by its place in the table; nothing for a payment that can be posted."""
    new = payments.as_rows_of(PAYMENTS).frame
    in_use = _numbered(new[Payment.receipt].tolist(), cash_book)[1]
    found = _by_row(payments, new, _known(charges, names, today), in_use)
    return {position: theirs for position, theirs in found.items() if theirs}


def _by_row(payments: Table[Any], new: pd.DataFrame, known: _Known, in_use: Sequence[bool]) -> dict[int, list[Problem]]:
    return {
        int(position): [  # type: ignore[call-overload]
            Problem(place(payments, int(position), column), what, do)  # type: ignore[call-overload]
            for column, what, do in _wrong(payment, known, number_in_use)
        ]
        for (position, payment), number_in_use in zip(new.to_dict("index").items(), in_use, strict=True)
    }


@dataclass(frozen=True)
class _Known:
    """The facts that a payment is checked against."""

    account_of: dict[str, str]  # by bill
    mailed_of: dict[str, Any]  # by bill
    accounts: set[str]  # with a bill
    without_bill: set[str]  # on the Roll only
    certified: set[str]  # accounts that must pay by certified funds
    today: dt.date


def _known(charges: Table[Charge], names: Table[Parcel] | None, today: dt.date) -> _Known:
    accounts = set(charges[Charge.account])
    return _Known(
        account_of=dict(zip(charges[Charge.bill], charges[Charge.account], strict=True)),
        mailed_of=charges.groupby(Charge.bill)[Charge.mailed].max().to_dict(),
        accounts=accounts,
        without_bill=(set(names[Parcel.account]) if names is not None and len(names) else set()) - accounts,
        certified=flagged(names, CERTIFIED_ONLY),
        today=today,
    )


def _numbered(given: list[str], cash_book: Table[CashLine]) -> tuple[list[str], list[bool]]:
    """The receipt number of each payment, and whether the number given was already in use.

    A payment without a number gets the next free number. A number earlier in the same list is in use too.
    """
    used = set(cash_book[CashLine.receipt])
    following = next_number(cash_book)
    numbers: list[str] = []
    in_use: list[bool] = []
    for receipt in given:
        in_use.append(receipt in used)
        if not receipt:
            while str(following) in used:
                following += 1
            receipt = str(following)
        used.add(receipt)
        numbers.append(receipt)
    return numbers, in_use


def _wrong(payment: Mapping[Hashable, Any], known: _Known, number_in_use: bool) -> list[Wrong]:
    """Everything that is wrong with one payment."""
    found = (
        _wrong_code(payment) if payment[Payment.kind] == OTHER else _wrong_account(payment, known),
        _no_amount(payment),
        _after_today(payment, known),
        _before_mailing(payment, known),
        _plain_check(payment, known),
        _wrong_kind(payment),
        _used_number(payment) if number_in_use else None,
    )
    return [wrong for wrong in found if wrong]


def _wrong_code(payment: Mapping[Hashable, Any]) -> Wrong | None:
    if payment[Payment.revenue_code]:
        return None
    return "Revenue Code", "Revenue Code is empty.", "Money other than tax needs a code from Revenue Codes."


def _wrong_account(payment: Mapping[Hashable, Any], known: _Known) -> Wrong | None:
    account, bill = payment[Payment.account], payment[Payment.bill]
    correct = "Correct the number, or post the money to suspense."
    if bill:
        if bill not in known.account_of:
            return "Bill", f'Bill "{bill}" is not on the Duplicate.', correct
        theirs = known.account_of[bill]
        if account and theirs != account:
            return "Account", f"Bill {bill} belongs to account {theirs}, not {account}.", "Correct Account or Bill."
        return None
    if not account:
        return "Account", "Account and Bill are both empty.", "Enter one of them."
    if account in known.without_bill:
        todo = "Bill the account first, or post the money to suspense."
        return "Account", f"Account {account} has no bill.", todo
    if account not in known.accounts:
        return "Account", f'Account "{account}" is not on the Duplicate.', correct
    return None


def _no_amount(payment: Mapping[Hashable, Any]) -> Wrong | None:
    if payment[Payment.amount] != 0:
        return None
    return "Amount", "The amount is $0.00.", "Enter the amount received."


def _after_today(payment: Mapping[Hashable, Any], known: _Known) -> Wrong | None:
    received = payment[Payment.received].date()
    if received <= known.today:
        return None
    return "Received", f"{received} is after today, {known.today}.", "Enter the day the payment was received."


def _before_mailing(payment: Mapping[Hashable, Any], known: _Known) -> Wrong | None:
    """A payment received before its bill was mailed has a wrong date, unless it is a Prepayment."""
    bill = payment[Payment.bill]
    mailed = known.mailed_of.get(bill)
    if not bill or pd.isna(mailed) or payment[Payment.received] >= mailed or payment[Payment.kind] == "Prepayment":
        return None
    what = f"Bill {bill} was mailed on {mailed.date()}, after this payment."
    return "Received", what, "Correct the date, or change Kind to Prepayment."


def _plain_check(payment: Mapping[Hashable, Any], known: _Known) -> Wrong | None:
    account = payment[Payment.account] or known.account_of.get(payment[Payment.bill])
    if payment[Payment.tender] != "Check" or account not in known.certified:
        return None
    return (
        "Tender",
        "This account must pay by certified funds, because an earlier check was returned.",
        'Accept cash, a certified check or a money order, or remove "certified funds" from Flags on the Roll.',
    )


def _wrong_kind(payment: Mapping[Hashable, Any]) -> Wrong | None:
    kind, kinds = payment[Payment.kind], (*TAX_PAYMENTS, OTHER)
    if kind in kinds:
        return None
    return "Kind", f'"{kind}" is not a kind of payment.', f"Use one of {', '.join(kinds)}."


def _used_number(payment: Mapping[Hashable, Any]) -> Wrong:
    what = f"Receipt {payment[Payment.receipt]} is already in the Cash Book."
    return "Receipt", what, "Enter another number, or leave Receipt empty."


def _repeats(
    payments: Table[Any], new: pd.DataFrame, account_of: Mapping[str, str], cash_book: Table[CashLine]
) -> list[Problem]:
    """The payments that the Cash Book has already, each with its receipt."""
    problems = []
    said = same_money.in_words(new, account_of, cash_book)
    for n in (n for n, what in enumerate(said) if what):
        payment = new.iloc[n]
        column = next((c for c in (Payment.account, Payment.bill) if payment[c]), Payment.amount)
        problems.append(Problem(place(payments, int(new.index[n]), column), said[n], same_money.SAY_SO))
    return problems


def _filled(new: pd.DataFrame, numbers: list[str], known: _Known) -> pd.DataFrame:
    """The payments as the Cash Book needs them: with number, account, effective day and today's date."""
    accounts = [
        account or known.account_of.get(bill, "")
        for account, bill in zip(new[Payment.account], new[Payment.bill], strict=True)
    ]
    filled = new.assign(Receipt=np.array(numbers, dtype=object), Account=np.array(accounts, dtype=object))
    filled[CashLine.effective] = filled[CashLine.effective].fillna(filled[CashLine.received])
    filled[CashLine.reverses] = ""
    filled[CashLine.recorded] = np.datetime64(known.today, "s")
    return filled


def next_number(book: Table[CashLine]) -> int:
    """The next plain receipt number."""
    return 1 + max((int(r) for r in book[CashLine.receipt].unique() if r.isdigit()), default=0)


def flagged(roll: Table[Parcel] | None, flag: str) -> set[str]:
    """The accounts that have a word in Flags on the Roll."""
    if roll is None or not len(roll) or "Flags" not in roll:
        return set()
    return set(roll.loc[roll[Parcel.flags].str.contains(flag, case=False, regex=False), Parcel.account])
