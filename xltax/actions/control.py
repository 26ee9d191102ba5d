"""Proof: the checks, the published figures, and moving an older book up."""

from __future__ import annotations

import datetime as dt

from xltax.actions.desk import Desk
from xltax.errors import BadBook, TaxError
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.money import to_cents, whole
from xltax.office import proof as proofs
from xltax.office import published

SCHEMA = 1


@action(
    "Hold every figure of the book against another that must equal it.",
    Input("as_of", "date", "The day the checks are for.", cell="as_of", optional=True),
)
def proof(book: Book, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    results = run_checks(desk, desk.as_of(as_of))
    look = [c for c in results if c.difference]
    desk.log(
        "proof", f"{len(results)} checks, {len(look)} to look at", len(results), sum(abs(c.difference) for c in look)
    )
    lines = [f"{c.name:20} {'OK' if not c.difference else c.result}" for c in results]
    return "\n".join([*lines, f"{len(results)} checks, {len(look)} to look at."])


def run_checks(desk: Desk, as_of: dt.date) -> list[proofs.Check]:
    """Refreshes the book, writes its checks to the Proof sheet, and gives them."""
    book = desk.book
    ledger = desk.refresh(as_of)
    # How payments were recorded is compared on the last day anything was posted: an earlier day would miss later lines.
    last = desk.cash_book["Received"].max().date() if len(desk.cash_book) else as_of
    if last > as_of:
        ledger = desk.ledger(last)
    bills, tax = book.get("control_bills"), book.get("control_tax")
    results = proofs.checks(
        desk.duplicate,
        desk.cash_book,
        desk.adjustments,
        ledger,
        desk.town,
        _shipped(desk.town, book.get("profile_id")),
        whole(bills, where="Start, Bills") if bills not in (None, "") else None,
        to_cents(tax, where="Start, Net tax billed") if tax not in (None, "") else None,
    )
    book.replace_rows("Checks", proofs.as_table(results))
    book.set("proof_as_of", as_of)
    return results


def _shipped(town: Profile, profile_id: object) -> Profile | None:
    """The profile this book was made from, as it ships today."""
    for name in (profile_id, town.id):
        try:
            return load(str(name))
        except TaxError:
            continue
    return None


@action("Work out the figures others published by the rules that ship with xltax.", label="Self-check")
def selfcheck(book: Book) -> str:
    table = published.published_table()
    book.replace_rows("Published", table)
    apart = int((table["Agrees"] != "Yes").sum())
    Desk.of(book).log("self-check", f"{len(table)} published figures", len(table))
    return f"{len(table)} published figures; {apart} where the source's own arithmetic is off, each with its note."


@action(
    "Move an older book up to this version of xltax: its balances are proved equal, the old file is kept.",
    keeps_old=True,
)
def upgrade(book: Book) -> str:
    have = book.meta.schema
    if have > SCHEMA:
        raise BadBook(f"This book is of version {have}, newer than this xltax knows ({SCHEMA}).", do="Update xltax.")
    if have == SCHEMA:
        return f"The book is of version {SCHEMA} already; nothing was changed."
    desk = Desk.of(book)
    as_of = desk.as_of()
    before = desk.ledger(as_of).balances["Total"]
    book.set_meta(schema=SCHEMA)
    after = desk.refresh(as_of).balances["Total"]
    if not before.equals(after):
        raise BadBook("The balances would change.", do="Nothing was written; report this with the book's version.")
    return f"Moved from version {have} to {SCHEMA}; {len(after):,} balances are the same to the cent."
