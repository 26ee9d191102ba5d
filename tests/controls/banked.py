"""A town with a bank account: it pays in at the counter, closes its days, and gets statements from the bank."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from tests.controls.town import pay, town
from xltax.actions import bank, day
from xltax.declare import Done
from xltax.hosts.files import FilesBook

D = dt.date


class Banked:
    """An office on one file; every task is saved."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, town(folder)

    def book(self) -> FilesBook:
        return FilesBook.open(self.path)

    def type(self, table: str, *rows: dict[str, Any]) -> None:
        """Rows a person types; money in cents."""
        book = self.book()
        book.append(table, pd.DataFrame(list(rows), dtype=object))
        book.save()

    def deposit(self, on: dt.date, *payments: tuple[str, str]) -> str:
        """Payments by check received on a day, and the day closed; gives the deposit."""
        book = self.book()
        for account, amount in payments:
            pay(book, self.folder, account, amount, on, on)
        day.close_day(book, on=on)
        book.save()
        return str(self.book().get("close_deposit"))

    def statement(self, name: str, text: str) -> Done:
        """A file from the bank, imported."""
        file = self.folder / name
        file.write_text(text, "utf-8")
        book = self.book()
        done = bank.import_bank(book, file)
        book.save()
        return done

    def reconcile(self, as_of: dt.date, **more: Any) -> Done:
        book = self.book()
        done = bank.reconcile_bank(book, as_of, **more)
        book.save()
        return done

    def lines(self, section: str) -> list[tuple[str, float]]:
        """The items of a section in the last reconciliation, in dollars."""
        rows = self.book().read("Reconciliations")
        mine = rows[(rows["No"] == rows["No"].max()) & (rows["Section"] == section)]
        return [(str(n or ""), float(a or 0)) for n, a in zip(mine["Item"], mine["Amount"], strict=True)]
