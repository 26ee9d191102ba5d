"""The hand that made the frozen books: tasks done as the command line does them. It ran at commit c885939 only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from xltax.errors import TaxError
from xltax.faces.catalog import actions
from xltax.faces.new import new_book
from xltax.faces.run import run_action
from xltax.hosts.files import FilesBook

D = dt.date


class Desk:
    """One book, and the tasks done on it as the command line does them."""

    def __init__(self, path: Path, town: str, year: int, as_of: dt.date, name: str) -> None:
        self.path = path
        new_book(path, town, name=name, year=year, as_of=as_of)

    def do(self, task: str, **given: Any) -> None:
        texts = {}
        for key, value in given.items():
            if isinstance(value, str) and value.startswith("CSV:"):
                file = self.path.with_name(f"{task}.csv")
                file.write_text(value.removeprefix("CSV:").lstrip("\n"), encoding="utf-8")
                value = file
            texts[key] = str(value)
        try:
            run_action(actions()[task], self.path, texts, lambda said: print(f"{task}: {said.splitlines()[0]}"))
        except TaxError as error:
            raise SystemExit(f"{self.path.name} {task} {texts}: {error}") from error

    def read(self, table: str) -> pd.DataFrame:
        return FilesBook.open(self.path).read(table)

    def type(self, table: str, *rows: dict[str, Any]) -> None:
        """Rows somebody types below a table; money in cents."""
        book = FilesBook.open(self.path)
        book.append(table, pd.DataFrame(list(rows), dtype=object))
        book.save()

    def fill(self, table: str, column: str, value: Any, where: str, is_: str) -> None:
        book = FilesBook.open(self.path)
        rows = book.read(table)
        rows[column] = rows[column].astype(object)
        rows.loc[rows[where].astype(str) == is_, column] = value
        book.replace_columns(table, rows[[column]])
        book.save()

    def receipt(self, note: str = "", nth: int = -1) -> str:
        rows = self.read("CashBook")
        rows = rows[rows["Kind"] != "Reallocation"]
        if note:
            rows = rows[rows["Note"] == note]
        return str(rows["Receipt"].iloc[nth])

    def redeems(self, certificate: str, on: dt.date) -> str:
        self.do("certificates", as_of=on)
        rows = self.read("Certificates")
        return f"{float(rows.loc[rows['Certificate'].astype(str) == certificate, 'Redemption'].iloc[0]):.2f}"


def hand(receipt: str, day: dt.date, account: str, cents: int, note: str = "", **more: Any) -> dict[str, Any]:
    """A line typed into the Cash Book by hand: all of it credit on the account."""
    return {
        "Receipt": receipt, "Line": 1, "Received": day, "Effective": day, "Recorded": day, "Account": account, "Kind": "Payment",
        "By": "owner", "Tender": "Check", "Overpaid": cents, "Total": cents, "Note": note, **more,
    }  # fmt: skip


def accounts(desk: Desk) -> None:
    codes = [
        ("Tax", "101"),
        ("Interest", "102"),
        ("Penalty", "103"),
        ("Costs", "104"),
        ("Overpaid", "105"),
        ("Misc", "106"),
        ("Discount", "107"),
    ]
    desk.type("RevenueAccounts", *({"Code": c, "Name": c, "Column": c, "GL Account": n} for c, n in codes),
              *({"Code": c, "Name": c, "Column": "Misc", "GL Account": f"20{n}"}
                for n, c in enumerate(("SUSPENSE", "FEES", "PREMIUM", "REDEMPTION", "TAX TITLE LIEN", "TRUST"))))  # fmt: skip


def finish(desk: Desk, as_of: str) -> None:
    desk.do("refresh", as_of=as_of)
    try:
        run_action(actions()["proof"], desk.path, {"as_of": as_of}, print)
    except TaxError as error:
        raise SystemExit(str(error)) from error
    book = FilesBook.open(desk.path)
    book.set("kept_versions", 0) if "kept_versions" in book._layout.names else None
    book.save()
