"""What is read anew after a change, and what need not be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.books.small_books import make, receipts, sheet_part
from xltax.errors import BadBook
from xltax.hosts.files import FilesBook
from xltax.sheets import recalculate as calculating
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package
from xltax.sheets.readback import changed_rows

LINES = st.lists(st.sampled_from([b"<c/>", b"<c><v>1</v></c>", b""]), max_size=6)


def sheet(rows: list[bytes]) -> bytes:
    body = b"".join(b'<row r="%d">' % n + cells + b"</row>" for n, cells in enumerate(rows, 1))
    return b"<worksheet><sheetData>" + body + b"</sheetData><x/></worksheet>"


@given(LINES, LINES)
def test_every_row_that_differs_is_read_anew(old: list[bytes], new: list[bytes]) -> None:
    xml, left = changed_rows(sheet(old), sheet(new))
    assert left is not None
    differ = {n for n, cells in enumerate(new, 1) if n > len(old) or cells != old[n - 1]}
    assert differ <= set(left)
    assert [int(n) for n in re.findall(rb'r="(\d+)"', xml)] == list(left)
    for n in left:
        assert b'<row r="%d">' % n + new[n - 1] + b"</row>" in xml
    assert xml.endswith(b"</sheetData><x/></worksheet>")


def test_a_row_added_at_the_end_is_all_that_is_read(tmp_path: Path) -> None:
    old = sheet([b"<c/>"] * 1000)
    assert changed_rows(old, sheet([b"<c/>"] * 1001))[1] in (range(1000, 1002), range(1001, 1002))


def test_rows_without_numbers_are_all_read_anew() -> None:
    old = b"<sheetData><row><c/></row></sheetData>"
    new = b"<sheetData><row><c/></row><row><c/></row></sheetData>"
    assert changed_rows(old, new) == (new, None)


@pytest.mark.parametrize("place", [b">R1<", b">R2<", b">R3<"])
def test_a_row_spoilt_on_the_way_is_found_wherever_it_is(tmp_path: Path, monkeypatch, place: bytes) -> None:
    """Rows that were there before are not written; one that changed all the same is no old row any more, and not as written."""
    path = make(tmp_path / "town.xlsx")
    before = path.read_bytes()
    book = FilesBook.open(path)
    book.replace_rows("CashBook", receipts(1, 2, 3))
    whole = Package.to_bytes

    def damaged(self: Package, **options: object) -> bytes:
        name = sheet_part("Cash Book")
        if name in self.changed:
            self.put(name, self.part(name).replace(place, b">R9<"))
        return whole(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Package, "to_bytes", damaged)
    with pytest.raises(BadBook, match="failed its check"):
        book.save()
    assert path.read_bytes() == before


def test_the_calculator_gives_the_same_on_the_columns_it_is_asked_for(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(calculating, "_LONG", 0)
    monkeypatch.setattr(calculating, "_HEADER_ROWS", 4)
    path = make(tmp_path / "town.xlsx", bills=60, lines=tuple(range(1, 50)))
    monkeypatch.setattr(calculating, "affected", lambda layout, *_: set(layout.sheets.values()))
    results = []
    for slim in (calculating.slim, lambda *_: {}):
        monkeypatch.setattr(calculating, "slim", slim)
        layout = Layout(Package.open(path))
        assert calculating.recalculate(layout)
        results.append({p: layout.package.part(p) for p in layout.sheets.values()})
    assert results[0] == results[1]


def test_a_sheet_spoken_of_in_another_way_stays_whole(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(calculating, "_LONG", 0)
    monkeypatch.setattr(calculating, "_HEADER_ROWS", 4)
    layout = Layout(Package.open(make(tmp_path / "town.xlsx")))
    cash = layout.table("CashBook").sheet_part
    slimmed = lambda text: calculating.slim(layout, [text], set())  # noqa: E731
    assert len(slimmed(b"SUM(CashBook[Tax])")[cash]) < len(layout.package.part(cash))
    for text in (b"SUM('Cash Book'!T5:T9)", b"ROWS(CashBook)", b"SUM(CashBook[[#All],[Tax]])", b"SUM(INDIRECT(A1))"):
        assert cash not in slimmed(text), text
