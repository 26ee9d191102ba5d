"""Quotes: what pays an account off, shown and printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from xltax.actions.desk import Desk
from xltax.dates import to_date
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.money import dollars, whole
from xltax.office import quotes


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
