"""The receipts of posted payments: printed at once, or again, on the paper that the counter has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xltax.actions import printing
from xltax.actions.desk import Desk
from xltax.errors import BadValue
from xltax.office.controls import issued_papers
from xltax.office.counter import receipt_page
from xltax.tables import CashLine

MOST = 1_000
"""The most receipts in one file."""


def print_receipts(desk: Desk, numbers: Sequence[str], paper: str, *, again: bool) -> str:
    """Prints receipts in one file, each registered under its own number. Gives the file name.

    A receipt printed again has its old number and says so at its foot, on whatever paper it is. again: its title says so too.
    """
    totals = desk.cash_book.frame.groupby(CashLine.receipt)[CashLine.total].sum()
    papers = []
    for number in numbers:
        # The register compares the same page, whatever paper is wanted.
        whole = receipt_page.receipt_page(desk.cash_book, number, desk.office)
        wanted = receipt_page.receipt_page(desk.cash_book, number, desk.office, again=again, paper=paper)
        papers.append(issued_papers.Paper(number, int(totals[number]), [whole], [wanted]))
    name = f"receipt {numbers[0]}" if len(numbers) == 1 else f"receipts {numbers[0]} to {numbers[-1]}"
    return printing.put(desk.book, name, desk.issued_each(papers, issued_papers.RECEIPT))


def numbers_of(desk: Desk, text: str) -> list[str]:
    """The receipts a text names: one, several as in 3, 7, or a range as in 3 to 12."""
    book = list(dict.fromkeys(desk.cash_book[CashLine.receipt]))
    out: list[str] = []
    for part in text.split(","):
        ends = [end.strip() for end in re.split(r"\s+to\s+", part.strip())]
        if missing := [end for end in ends if end not in book]:
            raise BadValue(
                f'The Cash Book has no receipt "{missing[0]}".',
                where="receipt",
                do="Enter the number as in the Cash Book.",
            )
        first, last = book.index(ends[0]), book.index(ends[-1])
        out += book[first : last + 1]
    if not out or len(out) > MOST:
        raise BadValue(
            f"{len(out):,} receipts are too many for one file.", where="receipt", do=f"Print at most {MOST:,}."
        )
    return out
