"""The counter: posting payments, refreshing figures, quoting a payoff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from xltax.actions.desk import Desk
from xltax.dates import to_date
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.hosts.textfile import read_csv
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.ledger.tables import CASH_BOOK
from xltax.money import dollars, whole
from xltax.office import cashier, quotes


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


@action(
    "Quote what pays an account off on a day, with the business days after it.",
    Input("account", "text", "The account.", cell="quote_account"),
    Input("on", "date", "The day of the quote.", cell="quote_date", optional=True),
    Input("days", "count", "How many business days to show.", cell="quote_days", optional=True),
)
def quote(book: Book, account: str, on: dt.date | None = None, days: int | None = None) -> str:
    desk = Desk.of(book)
    every = desk.facts
    mine = every.charges[every.charges["Account"] == account]
    if not len(mine):
        raise BadValue(
            f'There is no account "{account}" on the duplicate.', where="Quote, Account", do="Enter it as on the Roll."
        )
    mine.attrs = dict(every.charges.attrs)
    given = book.get("quote_date")
    on = on or (to_date(given, where="Quote, Quote date") if given else desk.as_of())
    days = whole(book.get("quote_days") or 10, where="Quote, Business days shown") if days is None else days
    desk_facts = _account_facts(desk, every, mine, account)
    ledger = replay(desk_facts, desk.town, on)
    table = quotes.payoff(_only(ledger, account))
    grid = quotes.grid(desk_facts, desk.town, on, days)
    # The total and credit lines are of no installment: an empty cell, not a zero.
    shown = table.assign(Inst=table["Inst"].astype(object).where(table["Inst"] != 0, None))
    book.replace_rows("Payoff", shown)
    book.replace_rows("QuoteGrid", grid)
    total = int(table["Total"].iloc[-1])
    who = desk.roll[desk.roll["Account"] == account]
    closed = closed_days_of(desk.town, on, desk.closed_days)
    per_diem = quotes.per_diem(desk_facts, desk.town, on)
    for name, value in {
        "quote_account": account,
        "quote_owner": who["Owner"].iloc[0] if len(who) else "",
        "quote_location": who["Location"].iloc[0] if len(who) else "",
        "quote_date": on,
        "quote_days": days,
        "quote_through": closed.open_days(on, 1)[0],
        "quote_total": total,
        "quote_per_diem": per_diem,
        "quote_note": _note(on, grid),
    }.items():
        book.set(name, value)
    desk.log("quote", f"account {account} on {on}", len(table) - 1, total)
    return f"Account {account}: {dollars(total)} on {on}; each day after adds {dollars(per_diem)}."


def _account_facts(desk: Desk, every: Facts, mine: pd.DataFrame, account: str) -> Facts:
    """The facts of the account, or of its party's accounts where they share payments."""
    if desk.town.rule("allocation", desk.as_of()).params.group == "party":  # type: ignore[attr-defined]
        party = mine["Party"].iloc[0]
        if party:
            mine = every.charges[every.charges["Party"] == party]
            mine.attrs = dict(every.charges.attrs)
    return quotes.relevant(Facts(mine, every.receipts, every.adjustments, every.closed_days), desk.town, desk.as_of())


def _only(ledger: Ledger, account: str) -> Ledger:
    """The ledger with one account's rows: a party's other accounts share payments, but are not in this quote."""
    return replace(ledger, balances=ledger.balances[ledger.balances["Account"] == account])


def _note(on: dt.date, grid: pd.DataFrame) -> str:
    notes = [f"{d.date()}: {n}" for d, n in zip(grid["Date"], grid["Note"], strict=True) if n]
    text = f"Figured for payment on {on}. It changes with every payment and adjustment posted after today."
    return text + (f" {notes[0]}." if notes else "")
