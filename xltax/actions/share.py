"""A copy of the book to give away: values only, without confidential persons."""

from __future__ import annotations

from typing import Annotated

from xltax.actions.desk import Desk
from xltax.actions.inputs import AlsoWithhold, NotHer
from xltax.declare import REGISTRY, Done, Input, action
from xltax.errors import BadBook, BadValue
from xltax.hosts.copies import forms, values_copy
from xltax.hosts.port import Book
from xltax.office.sharing.confidential import SHARE, WITHHELD
from xltax.sheets.model import BookSpec
from xltax.tables import ALL
from xltax.wording import some
from xltax.workbooks import spec_of


@action(
    "Save a copy of the book to give away: values only, without macros, confidential persons, email "
    "addresses or phone numbers.",
    desk="Controls",
    label="Share a copy",
)
def share(
    book: Book,
    name: Annotated[str, Input("The end of the copy's name (default: shared).")] = "",
    also_withhold: AlsoWithhold = "",
    not_her: NotHer = "",
) -> Done:
    desk = Desk.of(book)
    away = desk.confidential(also_withhold, not_her)
    away.settle()
    name = name.strip() or "shared"
    if away.tells([name]):
        raise BadValue("The file name identifies a confidential person.", where="name", do="Choose another name.")
    frames = {t: book.read(t) for t in book.tables() if t in ALL}
    if "Rules" not in frames:
        raise BadBook(
            "This book has no Rules table, so it is not an xltax workbook.", do="Open a tax collector's workbook."
        )
    shown = {t: away.shown(f, ALL[t], SHARE) for t, f in frames.items()}
    given: dict[str, object] = {}
    for cells, tables in forms(_declared(book)):
        held = {n: book.get(n) for n in cells}
        if tables and away.tells(held.values()):
            shown |= {t: shown[t][:0] for t in tables if t in shown}  # it is about a confidential account
        else:
            given |= {n: (away.words if n in OF_THE_OFFICE else away.text)(v) for n, v in held.items()}
    left = some(len(away.accounts), "confidential account")
    note = f"A copy of values without {left}. The totals are for the whole book."
    data = values_copy(
        _declared(book, str(given.get("state_name") or "")),
        frames,
        shown,
        given,
        note if away else "A copy of values.",
        lambda text: str(away.words(text)),
    )
    file = book.put_file(f"{name}.xlsx", data)
    left_out = {t: len(frames[t]) - len(shown[t]) for t in frames}
    rows = sum(left_out.values())
    cells_away = sum(int((f == WITHHELD).to_numpy().sum()) for f in shown.values())
    desk.log("share", f"without {left}", rows)
    return Done(
        f"{file}: values only, without {left} ({some(rows, 'row')}). {some(cells_away, 'other cell')} withheld.{away.said()}",
        rows=rows,
    )


def _declared(book: Book, state: str = "") -> BookSpec:
    spec: BookSpec = spec_of(book.meta.template, state, REGISTRY.actions.values())
    return spec


OF_THE_OFFICE = ("town_name", "state_name", "profile_id", "list_name", "list_rule", "list_authority", "bill_payable_to", "bill_address",
                 "bill_phone", "statement_kind")  # fmt: skip
"""Named cells with the office's own words."""
