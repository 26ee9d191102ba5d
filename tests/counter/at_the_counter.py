"""A hand that types at the counter, and the cash book after it."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from tests.written.book import rows
from xltax.hosts.files import FilesBook

D = dt.date
TODAY = D(2025, 3, 3)


class CounterBook(FilesBook):
    """A book somebody types into at the counter."""

    def type_in(self, text: str) -> None:
        """Rows typed on the Counter sheet: checks that came in today, unless they say otherwise."""
        self.append("Counter", rows("Counter", text, Received=TODAY, Tender="Check", Kind="Payment"))


def count(book: FilesBook, **pieces: int) -> None:
    """The drawer counted before its close: hundreds=10, ones=1."""
    worth = {"hundreds": 10000, "ones": 100, "cents": 1}
    rows = {"Denomination": [worth[name] for name in pieces], "Pieces": list(pieces.values())}
    book.replace_rows("DrawerCount", pd.DataFrame(rows))


def cash(book: FilesBook) -> pd.DataFrame:
    return book.read("CashBook").fillna("")
