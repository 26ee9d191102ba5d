"""A copy for somebody else: values only, confidential accounts left out."""

from __future__ import annotations

from xltax.actions.desk import Desk
from xltax.errors import BadBook
from xltax.hosts.copies import forms, values_copy
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.ledger.tables import ALL, HISTORY
from xltax.office import sharing


@action(
    "A copy of the book to give away: values only, no macros, no confidential accounts, no e-mail addresses or telephones.",
    Input("name", "text", "What the copy's name ends in. Left out: shared.", optional=True),
    label="Share a copy",
)
def share(book: Book, name: str = "") -> str:
    desk = Desk.of(book)
    away = sharing.hidden(desk.parcels, desk.duplicate, desk.cash_book, desk.table(HISTORY))
    frames = {t: book.read(t) for t in book.tables() if t in ALL}
    if "Rules" not in frames:
        raise BadBook("This book has no Rules table, so it is no book of xltax.", do="Open a tax collector's workbook.")
    shown = {t: sharing.shown(f, away, ALL[t]) for t, f in frames.items()}
    given: dict[str, object] = {}
    for cells, tables in forms(book.meta.template):
        held = {n: book.get(n) for n in cells}
        if tables and sharing.tells(held, away):
            shown |= {t: shown[t][:0] for t in tables if t in shown}  # it is about a confidential account
        else:
            given |= held
    left = f"{len(away.accounts):,} confidential account{'' if len(away.accounts) == 1 else 's'}"
    note = f"A copy of values, made without {left}; totals are of the whole book."
    data = values_copy(book.meta.template, frames, shown, given, note if away else "A copy of values.")
    file = book.put_file(f"{name.strip() or 'shared'}.xlsx", data)
    left_out = {t: len(frames[t]) - len(shown[t]) for t in frames}
    rows = sum(left_out.values())
    desk.log("share", f"{left} left out", rows)
    return f"{file}: values only; {left} and their {rows:,} rows are left out."
