"""The counter: how a payment will be applied, before it is posted, and the Cash Book lines that record the payment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.law.allocation import Allocation
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.money import Cents, usd
from xltax.office.counter import part_payments
from xltax.office.counter.payment_check import Payment, checked, next_number
from xltax.office.counter.same_money import SUSPENSE as SUSPENSE
from xltax.tables import (
    CASH_BOOK,
    CHARGES,
    OTHER,
    PAYERS,
    PAYMENT,
    RECEIPTS,
    TAX_PAYMENTS,
    CashLine,
    Charge,
    Parcel,
    Receipt,
)
from xltax.tables.reading import place
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.schema import Column, Row, TableSpec, columns
from xltax.tables.table import Table


class AllocationLine(Row):
    """The part of a payment that goes to one installment."""

    account = CHARGES["Account"]
    bill = CHARGES["Bill"]
    levy_year = CHARGES["Levy Year"]
    levy_type = CHARGES["Levy Type"]
    part = CHARGES["Part"]
    inst = CHARGES["Inst"]
    tax, interest, penalty, costs, discount, total = columns(
        "money", ("Tax", "Interest", "Penalty", "Costs", "Discount", "Total")
    )
    note = Column("Note", "text", "What the cashier should know.")


ALLOCATION = TableSpec("Allocation", AllocationLine, purpose="how a payment would be applied")


NEW = "~"  # sorts after every receipt number, so the payment shown comes last on its day
SPLIT = ("Tax", "Interest", "Penalty", "Costs", "Discount")
RETURNED, VOID, TRANSFER = "returned", "void", "transfer"


def allocate(
    facts: Facts, town: Profile, payment: Cents, on: dt.date, by: str = "owner", directed: str = "", account: str = ""
) -> tuple[pd.DataFrame, Ledger]:
    """How a payment will be applied, line by line, with the remainder last. Nothing is posted.

    `account` says whose payment it is where the charges are of several accounts; a party's accounts count as one.
    """
    if payment <= 0:
        raise BadValue(f"The payment is {usd(payment)}.", where="payment", do="Enter an amount above zero.")
    if by not in PAYERS:
        raise BadValue(f'"{by}" is not a kind of payer.', where="by", do=f"Use one of {', '.join(PAYERS)}.")
    charges = facts.charges
    account = account or directed or _only_account(charges)
    if directed and directed not in set(charges[Charge.account]):
        raise BadValue(
            f'The charges do not include account "{directed}".',
            where="directed",
            do="Enter an account of these charges.",
        )
    latest = charges[Charge.recorded].max()  # so that the payment sees every bill there is
    recorded = on if pd.isna(latest) else max(latest.date(), on)
    row = _receipt(account, payment, on, by, directed, recorded)
    before = replay(facts, town, on)
    after = replay(replace(facts, receipts=facts.receipts.and_rows(row)), town, on)
    lines = after.postings[after.postings[Posting.receipt] == NEW]
    lines = lines.groupby(
        [Posting.account, Posting.bill, Posting.levy_year, Posting.levy_type, Posting.part, Posting.inst],
        sort=False,
        as_index=False,
    )[list(SPLIT)].sum()
    lines[Posting.total] = (
        lines[[Posting.tax, Posting.interest, Posting.penalty, Posting.costs]].sum(axis=1) - lines[Posting.discount]
    )
    lines[CashLine.note] = ""
    rest = payment - int(lines[Posting.total].sum())
    to_refund = int(after.credits[LeftOver.refund].sum()) > int(before.credits[LeftOver.refund].sum())
    where_to = "Goes to the refund list." if to_refund else "Credit on the account."
    remainder = {c.name: (0 if c.kind in ("money", "year", "count") else "") for c in ALLOCATION.columns}
    remainder |= {
        CashLine.account: account,
        CashLine.bill: "Remainder",
        CashLine.total: rest,
        CashLine.note: where_to if rest else "",
    }
    notes = warnings(before.balances, after.balances, town, payment, on)
    group_of = dict(zip(after.balances[OpenInstallment.account], after.balances[OpenInstallment.group], strict=True))
    if words := part_payments.of_group(after, town, group_of.get(account, account), [NEW], payment, on):
        notes.append(words)
    if notes and len(lines):
        lines.loc[lines.index[0], CashLine.note] = " ".join(notes)
    elif notes:
        remainder[CashLine.note] = " ".join([*notes, str(remainder[CashLine.note])]).strip()
    table = pd.concat([lines, pd.DataFrame([remainder])], ignore_index=True)
    return table[list(ALLOCATION.names)], after


def _only_account(charges: Table[Charge]) -> str:
    accounts = list(dict.fromkeys(charges[Charge.account]))
    parties = set(charges[Charge.party])
    if len(accounts) > 1 and (len(parties) > 1 or parties == {""}):
        raise BadValue(
            f"The charges belong to {len(accounts)} accounts.",
            where="charges",
            do="Select the charges of one account, or enter the account to pay in directed.",
        )
    if not accounts:
        raise BadValue("There are no charges.", where="charges", do="Select the charges with their header row.")
    return str(accounts[0])


def _receipt(account: str, payment: Cents, on: dt.date, by: str, directed: str, recorded: dt.date) -> Table[Receipt]:
    row = {
        Receipt.receipt: NEW,
        Receipt.received: on,
        Receipt.account: account,
        Receipt.amount: payment,
        Receipt.effective: on,
        Receipt.by: by,
        Receipt.directed: directed,
        Receipt.kind: PAYMENT,
        Receipt.recorded: recorded,
    }
    return Table.made(RECEIPTS, [row])


def warnings(due: pd.DataFrame, after: pd.DataFrame, town: Profile, payment: Cents, on: dt.date) -> list[str]:
    """What the cashier should know before a payment is posted. due, after: the group's balances before and after the payment."""
    notes = []
    policy = town.rule(Allocation, on).params
    interest = int(due[OpenInstallment.interest].sum())
    if policy.least_payment == "interest_due" and payment < interest:
        notes.append(f"This payment is less than the interest due of {usd(interest)}.")
    today = pd.Timestamp(on)
    in_grace = (
        (due[OpenInstallment.due] <= today)
        & (due[OpenInstallment.last_free_day] >= today)
        & (due[OpenInstallment.tax] > 0)
    )
    # By position: a duplicate's installments share one row's index.
    still = in_grace.to_numpy() & (after[CashLine.tax] > 0).to_numpy()
    older = bool((due[OpenInstallment.late] & (due[OpenInstallment.total] > 0)).any())
    if older and still.any():
        last = due[OpenInstallment.last_free_day][still].min().date()
        notes.append(
            "This payment goes to older tax first. The current installment stays unpaid and will accrue interest after "
            f"{last}."
        )
    return notes


def post(
    facts: Facts,
    town: Profile,
    payments: Table[Any],
    cash_book: Table[CashLine],
    today: dt.date,
    names: Table[Parcel] | None = None,
    again: bool = False,
    excused: frozenset[str] = frozenset(),
) -> Table[CashLine]:
    """The Cash Book lines that record payments: numbered, split by bill and installment, in the order received.

    `payments` has Account or Bill, Amount, Received, and optionally Receipt, Effective, By, Directed, Kind, Tender, Reference,
    Revenue Code, Batch, Deposit, Cashier, Note. Kind Other is money other than tax, by its revenue code. Raises Problems,
    with every one of them, for an unknown account or bill, a receipt number used before, a payment received before its
    bill was mailed (unless of kind Prepayment), a plain check where only certified funds are taken, a day in the future, and a
    payment that the Cash Book has already, unless the payments are said to be second ones (`again`). So it is with a part
    payment where the town takes none; excused: the accounts that may pay in parts, because they have an agreement.
    """
    new = checked(payments, facts.charges, cash_book, today, names, again)
    if not again:
        _refuse_parts(payments, new, replace(facts, receipts=receipts_of(cash_book)), town, excused)
    paid = Table.made(RECEIPTS, new.loc[new[Payment.kind] != OTHER])
    as_of = max(today, new[Payment.effective].max().date())
    ledger = replay(replace(facts, receipts=receipts_of(cash_book).and_rows(paid)), town, as_of)
    return _lines(ledger, new, names)


def _refuse_parts(
    payments: Table[Any], new: pd.DataFrame, facts: Facts, town: Profile, excused: frozenset[str]
) -> None:
    """Refuses part payments where the town takes none."""
    said = part_payments.in_words(new[~new[Payment.account].isin(excused)], facts, town)
    problems = [
        Problem(place(payments, int(position), Payment.amount), said[receipt], part_payments.SAY_SO)
        for position, receipt in zip(new.index, new[Payment.receipt], strict=True)
        if receipt in said
    ]
    if problems:
        raise Problems(problems)


def reverse(
    cash_book: Table[CashLine],
    receipt: str,
    on: dt.date,
    today: dt.date,
    reason: str,
    number: str = "",
    how: str = RETURNED,
) -> Table[CashLine]:
    """The lines that reverse a receipt: the receipt's lines with opposite signs, under the next number or the one given.

    how: `returned`, the bank charged the check back; `void`, the money never came or was handed back, and the deposit is still
    open; `transfer`, the money moves to another account. The original stays visible. No receipt is reversed twice.
    """
    book = cash_book.frame
    original = book[(book[CashLine.receipt] == receipt) & book[CashLine.kind].isin((*TAX_PAYMENTS, OTHER))]
    if not len(original):
        raise BadValue(
            f'The Cash Book has no receipt "{receipt}" to reverse.',
            where="receipt",
            do="Enter the number as in the Cash Book.",
        )
    if (book[CashLine.reverses] == receipt).any():
        raise BadValue(f"Receipt {receipt} has already been reversed.", where="receipt", do="Nothing was changed.")
    if original[CashLine.received].iloc[0].date() > on:
        raise BadValue(
            f"Receipt {receipt} was received on {original[CashLine.received].iloc[0].date()}, after {on}.",
            where="on",
            do="Enter the day the receipt was reversed.",
        )
    rows = original.copy()
    for column in (*SPLIT, "Misc", "Overpaid", "Total"):
        rows[column] = -rows[column]
    rows[CashLine.receipt] = number or str(next_number(cash_book))
    rows[CashLine.kind], rows[CashLine.reverses], rows[CashLine.note] = "Reversal", receipt, reason
    rows[CashLine.received] = rows[CashLine.effective] = np.datetime64(on, "s")
    rows[CashLine.recorded] = np.datetime64(today, "s")
    # A reversal is tied to its receipt by Reverses, and to nothing else.
    for column in ("Batch", "Seal", "Same Check", "For", "For No"):
        rows[column] = ""
    if how != VOID:
        rows[CashLine.deposit] = ""
    if how == TRANSFER:
        rows[CashLine.tender] = "Transfer"
    return Table.made(CASH_BOOK, rows).complete()


def wrong_lines(lines: Table[Any]) -> list[Problem]:
    """What is wrong with Cash Book lines typed by hand, such as a total that does not add up or a missing account."""
    columns = (
        lines[
            [CashLine.tax, CashLine.interest, CashLine.penalty, CashLine.costs, CashLine.misc, CashLine.overpaid]
        ].sum(axis=1)
        - lines[CashLine.discount]
    )
    problems = []
    for position in lines.index[columns != lines[CashLine.total]]:
        text = f"The columns total {usd(int(columns[position]))}, but Total is {usd(int(lines.loc[position, CashLine.total]))}."
        problems.append(Problem(place(lines, int(position), CashLine.total), text, "Correct the line before sealing."))
    for position in lines.index[(lines[CashLine.account] == "") & ~lines[CashLine.kind].isin(("Other", "Reversal"))]:
        problems.append(
            Problem(
                place(lines, int(position), CashLine.account),
                "Account is empty.",
                "Enter the account. Only lines of kind Other have none.",
            )
        )
    return problems


def receipts_of(cash_book: Table[CashLine]) -> Table[Receipt]:
    """The receipts of a Cash Book: one row for each number, with its lines added up.

    Reallocations and money booked to a revenue code are not tax payments, so neither is included.
    """
    book = cash_book.frame
    book = book[~book[CashLine.kind].isin(("Reallocation", "Other"))]
    other = book[CashLine.misc] != 0
    if other.any():
        book = book.assign(Total=book[CashLine.total] - book[CashLine.misc])
        book = book[~other | (book[CashLine.total] != 0)]
    table = book.groupby(CashLine.receipt, sort=False).first()
    table[Receipt.amount] = book.groupby(CashLine.receipt, sort=False)[CashLine.total].sum().abs()
    return Table.made(RECEIPTS, table.reset_index())


def _lines(ledger: Ledger, new: pd.DataFrame, names: Table[Parcel] | None) -> Table[CashLine]:
    """The cash-book rows of new receipts, each beside its bill and installment; what is left over in Overpaid."""
    who = (
        names.set_index(Parcel.account)[[Parcel.owner, Parcel.location]].to_dict("index")
        if names is not None and len(names)
        else {}
    )
    postings = ledger.postings[ledger.postings[Posting.receipt].isin(set(new[CashLine.receipt]))]
    by_receipt: dict[str, list[dict[Hashable, Any]]] = {}
    for posting in postings.to_dict("records"):
        by_receipt.setdefault(posting[Posting.receipt], []).append(posting)
    rows = []
    for receipt in new.to_dict("records"):
        left, line = receipt[Charge.amount], 0
        common = {c.name: receipt[c.name] for c in CASH_BOOK.facts if c.name in receipt}
        if receipt[CashLine.kind] == "Other":
            rows.append(common | {CashLine.line: 1, CashLine.misc: left, CashLine.total: left})
            continue
        for split in by_receipt.get(receipt[CashLine.receipt], []):
            line += 1
            total = (
                split[CashLine.tax]
                + split[CashLine.interest]
                + split[CashLine.penalty]
                + split[CashLine.costs]
                - split[CashLine.discount]
            )
            left -= total
            known = who.get(split[CashLine.account], {})
            rows.append(
                common
                | {k: split[k] for k in ("Account", "Bill", "Part", "Inst", "Levy Year", "Levy Type", *SPLIT)}
                | {
                    CashLine.line: line,
                    CashLine.total: total,
                    CashLine.taxpayer: known.get(Parcel.owner, ""),
                    CashLine.property: known.get(Parcel.location, ""),
                }
            )
        if left or not line:
            known = who.get(receipt[CashLine.account], {})
            rows.append(
                common
                | {
                    CashLine.bill: "",
                    CashLine.line: line + 1,
                    CashLine.overpaid: left,
                    CashLine.total: left,
                    CashLine.taxpayer: known.get(Parcel.owner, ""),
                }
                | {"Property": known.get(Parcel.location, "")}
            )
    return Table.made(CASH_BOOK, rows).complete()
