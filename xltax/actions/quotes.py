"""Quotes: the payoff of an account, shown, printed and logged; tax searches."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.actions.owing import named, owing
from xltax.dates import to_date
from xltax.declare import Done, Input, action
from xltax.hosts.port import Book
from xltax.ledger.replay import Facts
from xltax.money import usd, whole
from xltax.office.controls import issued_papers
from xltax.office.quotes import payoff, quote_log, quote_pages, quote_words
from xltax.office.quotes.owed import Owed
from xltax.office.quotes.quote_pages import About
from xltax.tables import Balance, Charge, PayoffDay
from xltax.tables.agreements import QUOTES, Quote
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

PRINTED_DAYS = 30
"""Business days on a printed quote, even if the sheet shows fewer."""


@action(
    "Quote the payoff of an account on a day and on the business days after it. If you enter who asks, the quote "
    "is printed and logged.",
    desk="Quotes",
)
def quote(
    book: Book,
    account: Annotated[str, Input("The account number.", cell="quote_account")],
    on: Annotated[dt.date | None, Input("The day of the quote.", cell="quote_date")] = None,
    days: Annotated[int | None, Input("The number of business days to show.", cell="quote_days")] = None,
    requested_by: Annotated[
        str,
        Input("Who asks. The quote then gets a number, goes into Quotes, and is printed.", cell="quote_requested_by"),
    ] = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    given = book.get("quote_date")
    on = on or (to_date(given, where="Quote, Quote date") if given else desk.as_of())
    days = whole(book.get("quote_days") or 10, where="Quote, Business days shown") if days is None else days
    requested_by = requested_by or str(book.get("quote_requested_by") or "").strip()
    account = named(desk, account)
    owed = owing(desk, account, on, explain=True)
    table, grid = owed.table(), owed.grid(days)
    book.replace_rows("Payoff", _on_the_sheet(table, owed))
    book.replace_rows("QuoteGrid", grid)
    about, row = _about(desk, account, requested_by, "Payoff", today or on)
    for name, value in {
        "quote_account": account,
        "quote_owner": about.owner,
        "quote_location": about.location,
        "quote_date": on,
        "quote_days": days,
        "quote_through": owed.through,
        "quote_due": owed.due,
        "quote_total": owed.total,
        "quote_per_diem": owed.per_diem,
        "quote_note": " ".join([_note(on, grid), *quote_words.besides(owed)]),
        "quote_number": about.number or None,
    }.items():
        book.set(name, value)
    said = "\n".join([_said(owed), *quote_words.besides(owed)])
    if requested_by:
        accounts = set(owed.facts.charges[Charge.account])
        waiting = payoff.uncleared(desk.cash_book, desk.town, accounts, on, desk.closed_days)
        printed = grid if days >= PRINTED_DAYS else owed.grid(PRINTED_DAYS)
        file = desk.issue(
            f"payoff {about.number}",
            [quote_pages.payoff_page(about, owed, printed, waiting)],
            issued_papers.QUOTE,
            about.number,
            owed.total,
        )
        log_quote(desk, row, on, owed.total, owed.per_diem, owed.through, owed.due)
        book.set("quote_requested_by", None)  # so that a second press is not a second quote
        said += f"\nQuote {about.number}, good through {owed.through}: {file}." + fee_words(row)
    desk.log("quote", f"account {account} on {on}", len(table) - 1, owed.total)
    return Done(said, rows=len(table) - 1, total=owed.total)


def _said(owed: Owed) -> str:
    """Both totals in one line, as the terminal and the message show them."""
    if not owed.billed:
        return f"Account {owed.account}: $0.00 due on {owed.on}. Nothing was billed on this account."
    text = f"Account {owed.account}: {usd(owed.due)} due on {owed.on}"
    text += ". This pays everything billed. " if owed.total and owed.total == owed.due and owed.clears else ". "
    if owed.total != owed.due:
        text += f"{usd(owed.total)} pays everything billed. The rest falls due later: {quote_words.falls_due(owed)}. "
    if owed.per_diem or not owed.total:
        return text + f"The next day adds {usd(owed.per_diem)}."
    return text + f"The amount is the same through {owed.through}."


def _on_the_sheet(table: pd.DataFrame, owed: Owed) -> pd.DataFrame:
    """The rows of the Quote sheet. The redemption of a certificate stands below the total, because the total excludes it."""
    more = [payoff.line(f"In addition: certificate {c.certificate}", Total=c.amount) for c in owed.certificates]
    every = pd.concat([table, *more], ignore_index=True)
    # The total and credit lines are of no installment: an empty cell, not a zero.
    return every.assign(Inst=every[Balance.inst].astype(object).where(every[Balance.inst] != 0, None))


@action(
    "Print a tax search for a property: billed and open amounts, certificates, agreements, and checks that have "
    "not cleared.",
    desk="Quotes",
)
def tax_search(
    book: Book,
    account: Annotated[str, Input("The account number.")],
    requested_by: Annotated[str, Input("Who asks for the tax search.")],
    on: Annotated[dt.date | None, Input("The day the tax search is for.", cell="as_of")] = None,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    on = on or desk.as_of()
    account = named(desk, account)
    owed = owing(desk, account, on)
    open_rows = owed.ledger.balances
    # All that is open, and this and last year's bills whether open or not.
    recent = (
        open_rows[OpenInstallment.levy_year]
        >= int(open_rows[OpenInstallment.levy_year].max() if len(open_rows) else 0) - 1
    )
    taxes = open_rows[(open_rows[OpenInstallment.total] != 0) | recent]
    taxes = taxes.rename(
        columns={OpenInstallment.levy_year: "Year", OpenInstallment.levy_type: "Type", OpenInstallment.tax: "Open Tax"}
    )
    waiting = payoff.uncleared(desk.cash_book, desk.town, {account}, on, desk.closed_days)
    about, row = _about(desk, account, requested_by, "Tax search", today or on)
    total = int(taxes[OpenInstallment.total].sum())
    page = quote_pages.search_page(about, owed, taxes, waiting)
    file = desk.issue(f"tax search {about.number}", [page], issued_papers.QUOTE, about.number, total)
    log_quote(desk, row, on, owed.total, 0, on, owed.due)
    desk.log("tax search", f"account {account} on {on}", len(taxes), total)
    said = [f"Account {account}: {usd(total)} open on {on}.", *quote_words.besides(owed)]
    return Done(
        "\n".join([*said, f"Tax search {about.number}: {file}." + fee_words(row)]), rows=len(taxes), total=total
    )


# ---- shared with the desks that quote other figures --------------------------------------------------------------


def account_facts(desk: Desk, account: str, on: dt.date) -> Facts:
    """The facts of an account, or of all accounts of its party if they share payments."""
    return payoff.account_facts(desk.facts, desk.town, account, on)


def about_account(desk: Desk, account: str) -> About:
    """The owner and property of an account, for the head of a page."""
    who = desk.parcel(account)
    owner, location = (str(who.get(c, "")) for c in ("Owner", "Location"))
    return About(desk.office, desk.collector, account, owner, location, contact=desk.contact)


def _about(desk: Desk, account: str, requested_by: str, kind: str, made: dt.date) -> tuple[About, Table[Quote]]:
    return numbered(desk, about_account(desk, account), requested_by, kind, made)


def numbered(
    desk: Desk, about: About, requested_by: str, kind: str, made: dt.date, certificate: str = ""
) -> tuple[About, Table[Quote]]:
    """The head of a page with its number and fee, and the row for the log. Without a requester there is no number."""
    log = desk.table(QUOTES)
    if not requested_by:
        return about, log.head(0)
    number = quote_log.next_number(log, made)
    fee = quote_log.fee_for(log, desk.town, kind, about.account, requested_by, made, certificate)
    head = replace(about, number=number, requested_by=requested_by, made=made, fee=fee)
    row = quote_log.entry(
        Quote=number, Kind=kind, Made=made, Account=about.account, Certificate=certificate, Fee=fee,
        **{"Requested By": requested_by},
    )  # fmt: skip
    return head, row


def log_quote(
    desk: Desk, row: Table[Quote], on: dt.date, total: int, per_diem: int, through: dt.date, due: int | None = None
) -> None:
    """Writes a quote into Quotes. due: the part that was due on the day (None: the whole amount)."""
    figures = {Quote.total: total, Quote.due: total if due is None else due, Quote.per_diem: per_diem}
    desk.append(row.with_columns({**figures, Quote.expires: pd.Timestamp(through), Quote.for_: pd.Timestamp(on)}))


def fee_words(row: Table[Quote]) -> str:
    """The sentence about the fee."""
    return f" The fee is {usd(int(row[Quote.fee].iloc[0]))}." if int(row[Quote.fee].iloc[0]) else ""


def _note(on: dt.date, grid: pd.DataFrame) -> str:
    notes = [f"{d.date()}: {n}" for d, n in zip(grid[PayoffDay.date], grid[PayoffDay.note], strict=True) if n]
    text = f"This quote is for payment on {on}. Any payment or adjustment posted after today changes the amount."
    return text + (f" {notes[0]}." if notes else "")
