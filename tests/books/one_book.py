"""A book's file in the hands of an office: opened anew for every action, as the command line does."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from xltax.actions import counter
from xltax.hosts.files import FilesBook
from xltax.pages import Page


def beside(sheet: Worksheet, label: str) -> Any:
    """The value to the right of a label on a form."""
    return next(value for first, value, *_ in sheet.iter_rows(values_only=True) if first == label)


class OneBook:
    """Actions done on one file, and what stands in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def copied(self, path: Path) -> Self:
        """The same with a copy of the book, to change."""
        other = copy.copy(self)
        other.path = path
        path.write_bytes(self.path.read_bytes())
        return other

    def opened(self) -> FilesBook:
        return FilesBook.open(self.path)

    def do(self, action: Callable[..., Any], *given: Any, **more: Any) -> str:
        book = self.opened()
        said = str(action(book, *given, **more))
        book.save()
        return said

    def read(self, table: str) -> pd.DataFrame:
        return self.opened().read(table)

    def pay(self, today: dt.date, *payments: tuple[str, Any, dt.date], again: bool = False) -> str:
        """Payments by account, amount and the day they came in, posted today; again: whatever the task would ask first."""
        path = self.path.with_name("payments.csv")
        lines = "".join(f"{a},{m},{d}\n" for a, m, d in payments)
        path.write_text("Account,Amount,Received\n" + lines, encoding="utf-8")
        return self.do(counter.post, path, today=today, as_of=today, again=again)


class PrintingBook(OneBook):
    """The same, with every printed page and file caught before it is laid out: the newest of each name."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.pages: dict[str, list[Page]] = {}
        self.files: dict[str, bytes] = {}

    def copied(self, path: Path) -> Self:
        other = super().copied(path)
        other.pages, other.files = {}, {}
        return other

    def opened(self) -> FilesBook:
        book = super().opened()
        book.put_pages = lambda name, pages: self.pages.update({name: list(pages)}) or name  # type: ignore[method-assign]
        book.put_file = lambda name, data: self.files.update({name: data}) or name  # type: ignore[method-assign]
        return book
