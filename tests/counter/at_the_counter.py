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


def cash(book: FilesBook) -> pd.DataFrame:
    return book.read("CashBook").fillna("")
