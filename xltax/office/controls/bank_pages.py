"""The pages of a bank reconciliation, to sign: the reconciliation itself, and the list of what is owed out of the account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from xltax.money import usd
from xltax.office.controls.bank_reconciliation import (
    BOOK,
    BOOK_RECONCILED,
    DIFFERENCE,
    NAMED,
    NOT_IN_BOOK,
    RECONCILED,
    STATEMENT,
    TOTALS,
    UNNAMED,
    Entry,
    Reconciliation,
)
from xltax.office.controls.liabilities import UNIDENTIFIED
from xltax.pages import Block, CellKind, Fields, Grid, Heading, Page, Signatures, Text
from xltax.tables.bank import RECONCILIATIONS, ReconciledLine
from xltax.tables.table import Table

_KINDS: tuple[CellKind, ...] = ("id", "date", "text", "money")
_WIDTHS = (14, 12, 48, 16)


def pages(
    made: Reconciliation, owed: Sequence[Entry], number: int, office: str, prepared_by: str, reviewed_by: str
) -> list[Page]:
    """The reconciliation, and the list of liabilities if it could be made."""
    first = Page(
        f"Bank reconciliation {number}",
        (
            Fields((
                ("As of", made.as_of, "date"), ("Bank statement through", made.statement_on, "date"),
                ("Prepared by", prepared_by, "text"), ("Reviewed by", reviewed_by or "not yet reviewed", "text"),
            )),
            *_sums(made),
            *_parts(made),
            Text(_verdict(made), "box"),
            *[Text(f"Look at: {line}.") for line in made.notes],
            Signatures(("Prepared by, date", "Reviewed by another person, date")),
        ),
        office=office,
        key=str(number),
    )  # fmt: skip
    return [first, _owed_page(made, owed, number, office)] if owed else [first]


def _sums(made: Reconciliation) -> list[Block]:
    """The two balances and their difference, at a glance."""
    names = list(dict.fromkeys(e.section for e in made.entries if e.section != NAMED))
    rows = [(name, made.total(name)) for name in names if name in TOTALS or made.total(name)]
    return [Heading("Summary"), Grid(("", "Amount"), ("text", "money"), rows, (60, 16))]


def _parts(made: Reconciliation) -> list[Block]:
    """Each section with items, item by item."""
    blocks: list[Block] = []
    for name in dict.fromkeys(e.section for e in made.entries):
        mine = [e for e in made.entries if e.section == name]
        if name in (STATEMENT, RECONCILED, BOOK_RECONCILED, DIFFERENCE, UNNAMED) or not mine:
            continue
        if name == BOOK:
            blocks.append(Text(f"{BOOK}: {mine[0].detail}.", "small"))
            continue
        rows: list[tuple[object, ...]] = [(e.item, e.dated, e.detail, e.amount) for e in mine]
        rows.append(("Total", None, "", made.total(name)))
        heads = ("Number", "Date", "What to do" if name == NOT_IN_BOOK else "Receipts, payee or reason", "Amount")
        blocks += [Heading(name), Grid(heads, _KINDS, rows, _WIDTHS, total=True)]
    return blocks


def _verdict(made: Reconciliation) -> str:
    if not made.difference:
        return "The book and the bank agree. Difference: $0.00."
    left = made.total(UNNAMED)
    said = f"The book and the bank differ by {usd(made.difference)}. Correct each line above; do not enter an amount to close the difference."
    return said + (f" {usd(left)} is not explained." if left else "")


def _owed_page(made: Reconciliation, owed: Sequence[Entry], number: int, office: str) -> Page:
    rest = next(e.amount for e in owed if e.section == UNIDENTIFIED)
    mine = [e for e in owed if e.section != UNIDENTIFIED]
    rows: list[tuple[object, ...]] = [(e.item, e.detail, e.amount) for e in mine]
    rows.append(("Total", "", sum(e.amount for e in mine)))
    return Page(
        f"List of liabilities, reconciliation {number}",
        (
            Fields((("As of", made.as_of, "date"), ("Reconciled bank balance", made.balance, "money"))),
            Grid(
                ("Number", "Owed out of the account", "Amount"), ("id", "text", "money"), rows, (14, 60, 16), total=True
            ),
            Text(f"Unidentified: {usd(rest)}: {owed[-1].detail}.", "box"),
            Signatures(("Prepared by, date", "Reviewed by another person, date")),
        ),
        office=office,
        key=f"{number} owed",
    )


def as_rows(
    made: Reconciliation, owed: Sequence[Entry], number: int, prepared_by: str, reviewed_by: str
) -> Table[ReconciledLine]:
    """The reconciliation as rows of the register, as it was printed."""
    return Table.made(
        RECONCILIATIONS,
        [
            {
                ReconciledLine.no: number,
                ReconciledLine.as_of: _day(made.as_of),
                ReconciledLine.section: e.section,
                ReconciledLine.item: e.item,
                ReconciledLine.dated: _day(e.dated),
                ReconciledLine.detail: e.detail[:240],
                ReconciledLine.amount: e.amount,
                ReconciledLine.prepared_by: prepared_by,
                ReconciledLine.reviewed_by: reviewed_by,
            }
            for e in (*made.entries, *owed)
        ],
    )


def _day(day: dt.date | None) -> np.datetime64:
    return np.datetime64(day or "NaT", "s")
