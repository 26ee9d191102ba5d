"""Quotes: what pays an account off, shown, printed and logged; tax searches."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from xltax.actions import in_force
from xltax.actions.desk import Desk
from xltax.actions.inputs import TODAY
from xltax.dates import to_date
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.ledger.replay import Facts, replay
from xltax.ledger.tables.agreements import AGREEMENTS, QUOTES
from xltax.money import dollars, to_cents, whole
from xltax.office import quote_log, quote_pages, quotes
from xltax.office.quote_pages import About

PRINTED_DAYS = 30
"""Business days on a printed quote, however many the sheet shows."""


@action(
    "Quote what pays an account off on a day, with the business days after it; printed and logged if somebody asks for it.",
    Input("account", "text", "The account.", cell="quote_account"),
    Input("on", "date", "The day of the quote.", cell="quote_date", optional=True),
    Input("days", "count", "How many business days to show.", cell="quote_days", optional=True),
    Input(
        "requested_by", "text", "Who asks: the quote gets a number, goes into Quotes, and is printed.",
        cell="quote_requested_by", optional=True,
    ),
    TODAY,
)  # fmt: skip
def quote(
    book: Book,
    account: str,
    on: dt.date | None = None,
    days: int | None = None,
    requested_by: str = "",
    today: dt.date | None = None,
) -> str:
    desk = Desk.of(book)
    given = book.get("quote_date")
    on = on or (to_date(given, where="Quote, Quote date") if given else desk.as_of())
    days = whole(book.get("quote_days") or 10, where="Quote, Business days shown") if days is None else days
    requested_by = requested_by or str(book.get("quote_requested_by") or "").strip()
    facts = account_facts(desk, account, on)
    every = replay(facts, desk.town, on, explain=True)
    ledger = quotes.only(every, account)
    table = quotes.payoff(ledger)
    grid = quotes.grid(facts, desk.town, on, days, account)
    # The total and credit lines are of no installment: an empty cell, not a zero.
    shown = table.assign(Inst=table["Inst"].astype(object).where(table["Inst"] != 0, None))
    book.replace_rows("Payoff", shown)
    book.replace_rows("QuoteGrid", grid)
    sold = _not_redeemed(desk, account)
    besides = [quote_pages.not_redeemed(sold)] if len(sold) else []
    if quotes.elsewhere(facts, desk.town, account, on, every):
        besides.append(quote_pages.shared(quotes.total(every), desk.town.rule("allocation", on).authority()))
    total, per_diem = int(table["Total"].iloc[-1]), quotes.per_diem(facts, desk.town, on, account)
    through = on if per_diem else quotes.good_through(facts, desk.town, account, on)
    about, row = _about(desk, account, requested_by, "Payoff", today or on)
    for name, value in {
        "quote_account": account,
        "quote_owner": about.owner,
        "quote_location": about.location,
        "quote_date": on,
        "quote_days": days,
        "quote_through": through,
        "quote_total": total,
        "quote_per_diem": per_diem,
        "quote_note": " ".join([_note(on, grid), *besides]),
        "quote_number": about.number or None,
    }.items():
        book.set(name, value)
    said = f"Account {account}: {dollars(total)} on {on}; each day after adds {dollars(per_diem)}."
    said = " ".join([said, *besides])
    if requested_by:
        waiting = quotes.uncleared(desk.cash_book, desk.town, set(facts.charges["Account"]), on, desk.closed_days)
        printed = grid if days >= PRINTED_DAYS else quotes.grid(facts, desk.town, on, PRINTED_DAYS, account)
        page = quote_pages.payoff_page(about, table, ledger, printed, on, through, per_diem, waiting, besides)
        file = book.put_pages(f"payoff {about.number}", [page])
        log_quote(desk, row, on, total, per_diem, through)
        book.set("quote_requested_by", None)  # so that a second press is not a second quote
        said += f" Quote {about.number}, good through {through}: {file}." + fee_words(row)
    desk.log("quote", f"account {account} on {on}", len(table) - 1, total)
    return said


@action(
    "Print a tax search for a property: what was billed and is open, certificates, agreements, and checks not yet cleared.",
    Input("account", "text", "The account."),
    Input("requested_by", "text", "Who asks."),
    Input("on", "date", "The day it is for.", cell="as_of", optional=True),
    TODAY,
)
def tax_search(
    book: Book, account: str, requested_by: str, on: dt.date | None = None, today: dt.date | None = None
) -> str:
    desk = Desk.of(book)
    on = on or desk.as_of()
    facts = account_facts(desk, account, on)
    mine = facts.charges[facts.charges["Account"] == account]
    ledger = replay(facts, desk.town, on)
    open_rows = quotes.only(ledger, account).balances
    # All that is open, and this and last year's bills whether open or not.
    recent = open_rows["Levy Year"] >= int(mine["Levy Year"].max()) - 1
    taxes = open_rows[(open_rows["Total"] != 0) | recent]
    taxes = taxes.rename(columns={"Levy Year": "Year", "Levy Type": "Type", "Tax": "Open Tax"})
    certificates = _not_redeemed(desk, account)
    agreements = desk.table(AGREEMENTS)
    derived = book.read("Agreements")
    agreements = agreements.assign(
        **{c: list(derived[c].loc[agreements.index]) for c in ("Status", "Behind", "Next Due") if c in derived}
    )
    agreements = agreements[(agreements["Account"] == account) & agreements["Ended On"].isna()]
    waiting = quotes.uncleared(desk.cash_book, desk.town, {account}, on, desk.closed_days)
    about, row = _about(desk, account, requested_by, "Tax search", today or on)
    credit = int(ledger.credits["Credit"].sum()) if len(ledger.credits) else 0
    page = quote_pages.search_page(about, taxes, certificates, _cents(agreements), waiting, on, credit)
    file = book.put_pages(f"tax search {about.number}", [page])
    total = int(taxes["Total"].sum())
    log_quote(desk, row, on, total, 0, on)
    desk.log("tax search", f"account {account} on {on}", len(taxes), total)
    return f"Account {account}: {dollars(total)} open on {on}. Tax search {about.number}: {file}." + fee_words(row)


# ---- shared with the desks that quote other figures --------------------------------------------------------------


def account_facts(desk: Desk, account: str, on: dt.date) -> Facts:
    """The facts of an account, or of its party's accounts where they share payments."""
    return quotes.account_facts(desk.facts, desk.town, account, on)


def _not_redeemed(desk: Desk, account: str) -> pd.DataFrame:
    """The certificates that stand on a property."""
    held = in_force.certificates(desk)
    return held[(held["Account"] == account) & held["Redeemed"].isna()]


def about_account(desk: Desk, account: str) -> About:
    """Whose account it is, for the head of a page."""
    who = desk.parcel(account)
    owner, location = (str(who.get(c, "")) for c in ("Owner", "Location"))
    return About(desk.office, desk.collector, account, owner, location)


def _about(desk: Desk, account: str, requested_by: str, kind: str, made: dt.date) -> tuple[About, pd.DataFrame]:
    return numbered(desk, about_account(desk, account), requested_by, kind, made)


def numbered(
    desk: Desk, about: About, requested_by: str, kind: str, made: dt.date, certificate: str = ""
) -> tuple[About, pd.DataFrame]:
    """The head of a page with its number and fee, and the row for the log; without a requester there is no number."""
    log = desk.table(QUOTES)
    if not requested_by:
        return about, log[:0]
    number = quote_log.next_number(log, made)
    fee = quote_log.fee_for(log, desk.town, kind, about.account, requested_by, made, certificate)
    head = replace(about, number=number, requested_by=requested_by, made=made, fee=fee)
    row = quote_log.entry(
        Quote=number, Kind=kind, Made=made, Account=about.account, Certificate=certificate, Fee=fee,
        **{"Requested By": requested_by},
    )  # fmt: skip
    return head, row


def log_quote(desk: Desk, row: pd.DataFrame, on: dt.date, total: int, per_diem: int, through: dt.date) -> None:
    """Writes a figure given out into Quotes."""
    filled = row.assign(Total=np.int64(total), Expires=np.datetime64(through, "s"), For=np.datetime64(on, "s"))
    filled["Per Diem"] = np.int64(per_diem)
    desk.append(QUOTES, filled)


def fee_words(row: pd.DataFrame) -> str:
    """The fee, as the message says it."""
    return f" The fee for it is {dollars(int(row['Fee'].iloc[0]))}." if int(row["Fee"].iloc[0]) else ""


def _cents(agreements: pd.DataFrame) -> pd.DataFrame:
    """The register's rows with the figures Refresh wrote in cents, as every page has them."""
    return agreements.assign(Behind=[to_cents(v) if v not in (None, "") else 0 for v in agreements["Behind"]])


def _note(on: dt.date, grid: pd.DataFrame) -> str:
    notes = [f"{d.date()}: {n}" for d, n in zip(grid["Date"], grid["Note"], strict=True) if n]
    text = f"Figured for payment on {on}. It changes with every payment and adjustment posted after today."
    return text + (f" {notes[0]}." if notes else "")
