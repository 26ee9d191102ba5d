"""docs/sheets.md shows every sheet there is, in pictures that are there; `./run pictures` writes both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from xltax.workbooks import FAMILIES
from xltax.workbooks.families import GENERAL

from tests.pictures import page
from xltax.faces.books import book_of

EVERY = [*FAMILIES.values(), GENERAL]


def test_the_page_is_as_the_books_are_declared() -> None:
    """Else: ./run pictures, and look at what it made."""
    assert (page.DOCS / "sheets.md").read_text(encoding="utf-8") == page.page()


@pytest.mark.parametrize("family", EVERY, ids=lambda f: f.template)
def test_the_page_names_every_sheet_of_every_book(family) -> None:
    said = set(re.findall(r"^- \*\*(.+?)\*\*: .{20,}$", page.page(), re.MULTILINE))
    assert said == {s.title for s in book_of(family).sheets}


def test_every_picture_shown_is_there_and_every_one_there_is_shown() -> None:
    shown = {
        name
        for text in (*page.DOCS.glob("*.md"), page.DOCS.parent / "README.md")
        for name in re.findall(r"!\[[^]]+\]\((?:docs/)?pictures/([^)]+)\)", text.read_text(encoding="utf-8"))
    }
    assert shown == {p.name for p in page.PICTURES.glob("*")}
    begins = {".png": b"\x89PNG", ".svg": b"<svg"}
    assert all((page.PICTURES / name).read_bytes().startswith(begins[Path(name).suffix]) for name in shown)
    assert sum((page.PICTURES / name).stat().st_size for name in shown) < 2_000_000
