"""The office of a town written in a test, with the pages its actions printed, and a tax sale in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.written.book import office
from xltax.actions import certificates
from xltax.pages import Page

D = dt.date
SALE = D(2025, 10, 15)


class Office:
    """The book of a text (tests/written/book.py), and the pages its actions printed."""

    def __init__(self, folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.pages = folder, {}
        self.path = folder / "book.xlsx"
        self.book = office(self.path, text)
        monkeypatch.setattr(self.book, "put_pages", self.put, raising=False)

    def put(self, name: str, pages: list[Page]) -> str:
        self.pages[name] = list(pages)
        return f"{name}.xlsx"

    def table(self, name: str) -> pd.DataFrame:
        return self.book.read(name)

    def csv(self, **columns: Any) -> Path:
        path = self.folder / "in.csv"
        pd.DataFrame(columns).to_csv(path, index=False)
        return path

    def page(self, name: str) -> Page:
        return self.pages[name][0]


def sold(nj: Office, holder: str, today: dt.date = SALE) -> str:
    """What was open at the end of 2024 on 10-2 is sold, with two notices."""
    return certificates.enter_certificate(
        nj.book, "25-1", "10-2", SALE, D(2024, 12, 31), "18%", holder, 500_00, 2, today=today
    ).text


# 10-2's quarters of 5,000.00 on October 15, 2025: 5,000 from February 1, 2024: 1,500 at 8% and 3,500 at 18% for 614 days are
# 204.67 and 1,074.50; 5,000 at 18% for 524, 434 and 344 days are 1,310.00, 1,085.00 and 860.00: 24,534.17 in all.
LIEN = 24_534_17
