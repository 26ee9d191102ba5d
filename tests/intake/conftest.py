"""Books to bring other offices' files into, and the files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.intake.intake_files import CASES, NewBook
from xltax.actions.setup import bring_in
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook


@pytest.fixture
def book(tmp_path: Path) -> NewBook:
    """A New Jersey book: "empty", with the "roll" of three parcels, or also with what is "open" on them."""

    def made(state: str) -> FilesBook:
        path = tmp_path / "book.xlsx"
        new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=dt.date(2025, 8, 31))
        office = FilesBook.open(path)
        if state in ("roll", "open"):
            bring_in(office, "roll", 830_000_00, CASES / "roll.csv")
        if state == "open":
            bring_in(office, "balances", 6069_60, CASES / "open.csv", today=dt.date(2025, 7, 31))
        return office

    return made
