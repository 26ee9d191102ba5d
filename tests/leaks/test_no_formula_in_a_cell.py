"""A text that is put into a cell stays a text, whatever it begins with, in every table and by every hand that writes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from xltax.errors import BadBook
from xltax.faces.books import book
from xltax.hosts.files import FilesBook
from xltax.pages import Fields, Grid, Lines, Page, Text
from xltax.sheets.forms import SPECS
from xltax.sheets.pages import to_xlsx
from xltax.sheets.write import build
from xltax.tables.schema import TableSpec

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

EVIL = [
    '=HYPERLINK("http://203.0.113.9","Pay")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "'=1+1",
    "{=1+1}",
    "=cmd|' /C calc'!A0",
]
TEMPLATES = ("us-nj", "us-ct", "us-md")


def rows(spec: TableSpec) -> pd.DataFrame:
    """A row for each harmful text, in every column that holds texts."""
    return pd.DataFrame({c.name: EVIL for c in spec.columns if c.kind in ("id", "text")}, dtype=object)


def held(shown: openpyxl.Workbook, sheet: str, top: int, columns: list[int]) -> set[str]:
    """The texts of these columns below a header row; a formula among them fails."""
    out = set()
    for row in shown[sheet].iter_rows(min_row=top + 1, max_row=top + len(EVIL)):
        for cell in row:
            if cell.column in columns:
                assert cell.data_type != "f", cell.coordinate
                out.add(cell.value)
    return out


@pytest.mark.parametrize("how", ["append", "replace_rows", "build"])
def test_no_text_of_a_table_becomes_a_formula(tmp_path: Path, how: str) -> None:
    """Every column of texts in every table that xltax declares."""
    seen = set()
    for template in TEMPLATES:
        spec = book(template)
        new = [name for name in spec.tables if name not in seen and len(rows(SPECS[name]).columns)]
        seen |= set(new)
        path = tmp_path / f"{template}.xlsx"
        build(spec, path, {name: rows(SPECS[name]) for name in new} if how == "build" else {}, {"town_name": EVIL[0]})
        it = FilesBook.open(path)
        if how != "build":
            for name in new:
                getattr(it, how)(name, rows(SPECS[name]))
            it.save()
        shown = openpyxl.load_workbook(path)
        for name in new:
            at = it._layout.table(name)
            columns = [at.left + at.headers.index(h) for h in rows(SPECS[name]).columns]
            assert held(shown, at.sheet, at.header, columns) == set(EVIL), name
    assert seen >= {"Roll", "Duplicate", "CashBook", "Log", "Texts"}


def test_no_text_of_a_printed_page_becomes_a_formula(tmp_path: Path) -> None:
    for text in EVIL:
        page = Page(
            title=text, office=text, key=text, footer=text,
            blocks=(Lines((text, text)), Text(text), Fields(((text, text, "text"),)), Grid((text,), ("text",), ((text,),))),
        )  # fmt: skip
        (tmp_path / "page.xlsx").write_bytes(to_xlsx([page]))
        cells = [c for row in openpyxl.load_workbook(tmp_path / "page.xlsx").worksheets[0].iter_rows() for c in row]
        assert [c.coordinate for c in cells if c.data_type == "f"] == []
        assert sum(text in str(c.value) for c in cells) >= 5


@pytest.mark.parametrize("text", [*EVIL, "'t Hooft", "''"])
def test_excel_is_handed_every_text_as_a_text(tmp_path: Path, text: str) -> None:
    """In a column of numbers too, which Excel does not format as text; and a first apostrophe is not lost."""
    from tests.books.small_books import make
    from tests.com.open_excel import open_excel

    it = open_excel(make(tmp_path / "town.xlsx"))
    count = next(c.name for c in SPECS["Rates"].columns if c.kind == "number")
    with it.step("Post"):
        it.append("CashBook", pd.DataFrame({"Receipt": ["R9"], "Taxpayer": [text], "Received": [dt.date(2025, 2, 1)]}))
        it.replace_rows("Rates", pd.DataFrame({count: [text]}, dtype=object))
        it.set("town_name", text)
    assert it.read("CashBook")["Taxpayer"].tolist()[-1] == text
    assert it.get("town_name") == text
    ws = it.book.api.Worksheets(it._find("Rates")[1].sheet).ws
    cells = [c for row in ws.iter_rows() for c in row if c.value == text]
    assert cells
    assert [c.data_type for c in cells] == ["s"] * len(cells)


def half_done(it) -> None:
    it.set("town_name", "other")
    raise BadBook("half-way")


def test_what_excel_puts_back_after_an_error_is_a_text_again(tmp_path: Path) -> None:
    from tests.books.small_books import make
    from tests.com.open_excel import open_excel

    it = open_excel(make(tmp_path / "town.xlsx"))
    for text in ("'t Hooft", "=1+1", "'=1+1"):
        it.set("town_name", text)
        with pytest.raises(BadBook), it.step("Post"):
            half_done(it)
        assert it.get("town_name") == text
