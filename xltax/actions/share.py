"""A copy for somebody else: values only, confidential accounts left out."""

from __future__ import annotations

from xltax.actions.desk import Desk
from xltax.errors import BadBook
from xltax.hosts.copies import values_copy
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.ledger.tables import ALL, HISTORY
from xltax.office import sharing

_CELLS = [
    "town_name",
    "state_name",
    "profile_id",
    "levy_year",
    "as_of",
    "control_bills",
    "control_tax",
    "delinquent_as_of",
    "proof_as_of",
    "quote_account",
    "quote_owner",
    "quote_location",
    "quote_date",
    "quote_days",
    "quote_through",
    "quote_total",
    "quote_per_diem",
    "quote_note",
]
_QUOTED = ("Payoff", "QuoteGrid")


@action(
    "A copy of the book to give away: values only, no macros, no confidential accounts, no e-mail addresses or telephones.",
    Input("name", "text", "What the copy's name ends in. Left out: shared.", optional=True),
    label="Share a copy",
)
def share(book: Book, name: str = "") -> str:
    desk = Desk.of(book)
    away = sharing.hidden(desk.roll, desk.duplicate, desk.cash_book, desk.table(HISTORY))
    frames = {t: book.read(t) for t in book.tables() if t in ALL}
    if "Rules" not in frames:
        raise BadBook("This book has no Rules table, so it is no book of xltax.", do="Open a tax collector's workbook.")
    shown = {t: sharing.shown(f, away, ALL[t]) for t, f in frames.items()}
    cells = {n: book.get(n) for n in _CELLS}
    quoted = [n for n in _CELLS if n.startswith("quote_")]
    given = sharing.values_shown(cells, away, quoted)
    if cells["quote_account"] and "quote_account" not in given:
        shown |= {t: shown[t][:0] for t in _QUOTED}
    note = f"A copy of values, made without {len(away.accounts):,} confidential accounts; totals are of the whole book."
    data = values_copy(book.meta.template, frames, shown, given, note if away else "A copy of values.")
    file = book.put_file(f"{name.strip() or 'shared'}.xlsx", data)
    left_out = {t: len(frames[t]) - len(shown[t]) for t in frames}
    rows = sum(left_out.values())
    desk.log("share", f"{len(away.accounts)} confidential accounts left out", rows)
    return f"{file}: values only; {len(away.accounts):,} confidential accounts and their {rows:,} rows are left out."
