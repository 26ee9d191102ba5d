"""The counter: posting payments, taking them back, refreshing figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from xltax.actions.desk import Desk
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.hosts.textfile import read_csv
from xltax.ledger.tables import CASH_BOOK
from xltax.money import dollars
from xltax.office import cashier


@action(
    "Post payments to the Cash Book, each beside its bill and installment, and refresh the balances.",
    Input(
        "payments",
        "file",
        "A CSV file: Account or Bill, Amount, Received; optionally Receipt, Effective, By, Directed, Tender, Reference.",
    ),
    Input("today", "date", "The day this is done.", optional=True),
    Input("as_of", "date", "The day the balances are for.", cell="as_of", optional=True),
)
def post(book: Book, payments: Path, today: dt.date | None = None, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    if not len(desk.duplicate):
        raise BadValue("The Duplicate is empty.", do="Bill the year first.")
    rows = cashier.post(desk.facts, desk.town, read_csv(payments), desk.cash_book, today, desk.roll)
    desk.append(CASH_BOOK, rows)
    moved = desk.reallocate(today, "payments posted with an earlier effective date")
    desk.refresh(desk.as_of(as_of))
    receipts, total = rows["Receipt"].nunique(), int(rows["Total"].sum())
    first, last = rows["Receipt"].iloc[0], rows["Receipt"].iloc[-1]
    desk.log("post", f"receipts {first} to {last}", len(rows), total)
    text = f"{receipts:,} payments, {len(rows):,} lines, {dollars(total)}; receipts {first} to {last}."
    if over := int(rows["Overpaid"].sum()):
        text += f" {dollars(over)} is credit or to be refunded."
    return text + (f" {moved:,} lines changed how earlier payments apply." if moved else "")


@action(
    "Take a receipt back: a returned check or a posting by mistake. The original line stays, the balance is what it would have been.",
    Input("receipt", "text", "The receipt number."),
    Input("reason", "text", "Why, such as: check returned unpaid."),
    Input("on", "date", "The day it was returned.", optional=True),
    Input("today", "date", "The day this is done.", optional=True),
)
def reverse(book: Book, receipt: str, reason: str, on: dt.date | None = None, today: dt.date | None = None) -> str:
    today = today or dt.date.today()
    return reverse_several(book, {receipt: on or today}, reason, today)


def reverse_several(
    book: Book,
    returned: Mapping[str, dt.date],
    reason: str,
    today: dt.date,
    numbers_of: Mapping[str, str] | None = None,
) -> str:
    """Takes several receipts back at once, each with the day it was returned, as a bank's list of returned checks has them."""
    desk = Desk.of(book)
    first = cashier.next_number(desk.cash_book)
    given = numbers_of or {}
    parts = [
        cashier.reverse(desk.cash_book, receipt, on, today, reason, given.get(receipt) or str(first + n))
        for n, (receipt, on) in enumerate(returned.items())
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows.attrs = dict(parts[0].attrs)
    desk.append(CASH_BOOK, rows)
    numbers, total, count = list(dict.fromkeys(rows["Receipt"])), int(rows["Total"].sum()), len(rows)
    moved = desk.reallocate(today, f"receipts reversed: {', '.join(returned)}"[:240])
    desk.refresh(desk.as_of())
    desk.log("reverse", f"receipts {', '.join(returned)}"[:240], count, total)
    text = f"Receipt {', '.join(returned)} reversed by {', '.join(numbers)}: {dollars(total)}."
    return text + (f" {moved:,} lines changed how other payments apply." if moved else "")


@action(
    "Work out every balance as of a day and write it beside each bill.",
    Input("as_of", "date", "The day the balances are for.", cell="as_of", optional=True),
)
def refresh(book: Book, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    ledger = desk.refresh(desk.as_of(as_of))
    sums = ledger.balances[["Tax", "Interest", "Penalty", "Costs", "Total"]].sum()
    desk.log("refresh", f"as of {ledger.as_of}", len(ledger.balances), int(sums["Total"]))
    return (
        f"As of {ledger.as_of}: {dollars(int(sums['Total']))} due, of it tax {dollars(int(sums['Tax']))}, interest "
        f"{dollars(int(sums['Interest']))}, penalty {dollars(int(sums['Penalty']))}, costs {dollars(int(sums['Costs']))}."
        + "".join(f"\n{p}" for p in ledger.problems[:20])
    )
