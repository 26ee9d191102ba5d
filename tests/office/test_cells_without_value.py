"""Cells that show an error or a formula without a result: neither is an empty cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import spoil
from tests.books.small_books import make
from xltax.errors import Problems
from xltax.hosts.files import FilesBook
from xltax.sheets.read import cells_without_value
from xltax.tables import DUPLICATE
from xltax.tables.reading import ERROR, NO_RESULT, read


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return make(tmp_path / "town.xlsx")


def test_a_formula_that_nobody_calculated_is_not_empty(town: Path) -> None:
    """openpyxl and other programs save formulas without their results. xltax cannot know what they come to."""
    where = spoil.cell(town, "Duplicate", 1, "Net Tax", "=1000*2")
    with pytest.raises(Problems, match="This cell has a formula without a result") as refused:
        read(FilesBook.open(town).read("Duplicate"), DUPLICATE)
    assert [p.where for p in refused.value.problems] == [where]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (b'<c r="B2" t="e"><v>#REF!</v></c>', "#REF!"),
        (b"<c r='B2' s='3' t='e'><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!"),
        (b'<c r="B2" t="e"/>', ERROR),
        (b'<c r="B2"><f>A1*2</f></c>', NO_RESULT),
        (b'<c r="B2"><f>A1*2</f><v/></c>', NO_RESULT),
        (b'<c r="B2"><f t="shared" si="0"/><v></v></c>', NO_RESULT),
        (b'<c r="B2"><f>A1*2</f><v>0</v></c>', None),
        (b'<c r="B2" t="str"><f>""</f><v></v></c>', None),
        (b'<c r="B2" t="str"><f>IF(1,"","x")</f></c>', None),
    ],
)
def test_which_cells_have_no_value(cell: bytes, shown: str | None) -> None:
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>5</v></c>' + cell + b"</row></sheetData></worksheet>"
    )
    assert list(cells_without_value(xml, "Sheet")) == ([((2, 2), shown)] if shown else [])
    without = xml.replace(b' r="A1"', b"").replace(b' r="A2"', b"").replace(b' r="B2"', b"").replace(b" r='B2'", b"")
    assert list(cells_without_value(without, "Sheet")) == ([((2, 2), shown)] if shown else []), (
        "cells without addresses"
    )
