"""Tables kept from the last reading: the same as the sheet gives, and never taken for a workbook that has changed."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.books.small_books import make, receipts
from xltax.declare import Done
from xltax.faces.catalog import actions
from xltax.faces.run import run_action
from xltax.hosts import files, read_tables
from xltax.hosts.files import FilesBook
from xltax.hosts.replace import folder_of
from xltax.sheets.package import Package


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workbook whose every sheet counts as a long one."""
    monkeypatch.setattr(read_tables, "LONG", 0)
    return make(tmp_path / "town.xlsx", bills=5, lines=(1, 2, 3))


def kept(path: Path) -> list[Path]:
    return sorted((folder_of(path) / "tables").glob("*"))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sheets that are read from now on."""
    read: list[str] = []
    once = files.frame_of
    monkeypatch.setattr("xltax.hosts.files.frame_of", lambda at, *more: read.append(at.name) or once(at, *more))
    return read


def same(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    values = one.to_numpy().tolist() == two.to_numpy().tolist()
    kinds = [[type(v) for v in row] for row in one.to_numpy()] == [[type(v) for v in row] for row in two.to_numpy()]
    return values and kinds and list(one.columns) == list(two.columns) and one.attrs == two.attrs


def test_every_table_comes_back_as_the_sheet_has_it(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wb = openpyxl.load_workbook(book)
    ws = wb["Cash Book"]
    ws.cell(5, ws.max_column + 3, "a note of hers")
    wb["Roll"]["A5"] = "007"
    wb.save(book)
    first = FilesBook.open(book)
    as_read = {name: first.read(name) for name in first.tables()}
    again = FilesBook.open(book)
    read = counted(monkeypatch)
    assert all(same(again.read(name), frame) for name, frame in as_read.items())
    assert read == []


def test_a_cell_changed_elsewhere_is_read(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FilesBook.open(book).read("CashBook")
    wb = openpyxl.load_workbook(book)
    ws = wb["Cash Book"]
    header = next(c for row in ws.iter_rows() for c in row if c.value == "Note")
    ws.cell(header.row + 1, header.column, "changed")
    wb.save(book)
    read = counted(monkeypatch)
    assert "changed" in FilesBook.open(book).read("CashBook")["Note"].tolist()
    assert read == ["CashBook"]


def test_a_shared_text_changed_under_the_same_sheet_is_read(book: Path) -> None:
    """A sheet's own part can stay the same while its values change: texts can lie in a part of their own."""
    name = "xl/sharedStrings.xml"
    assert FilesBook.open(book).read("CashBook")["Receipt"].tolist() == ["R1", "R2", "R3"]
    package = Package.open(book)
    assert package.part(name).count(b">R2<") == 1
    package.put(name, package.part(name).replace(b">R2<", b">R9<"))
    book.write_bytes(package.to_bytes())
    assert FilesBook.open(book).read("CashBook")["Receipt"].tolist() == ["R1", "R9", "R3"]


@pytest.mark.parametrize(
    "damage", [b"", b"no zlib", zlib.compress(b"[1, 2"), zlib.compress(b'{"key": 5}'), zlib.compress(b"[]")]
)
def test_a_damaged_file_is_not_taken(book: Path, damage: bytes) -> None:
    want = FilesBook.open(book).read("CashBook")
    for path in kept(book):
        path.write_bytes(damage)
    assert same(FilesBook.open(book).read("CashBook"), want)


def test_it_is_as_private_as_the_workbook(book: Path) -> None:
    book.chmod(0o600)
    FilesBook.open(book).read("CashBook")
    assert kept(book)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in kept(book))
    assert (folder_of(book) / "tables").stat().st_mode & 0o777 == 0o700


def test_who_keeps_no_versions_keeps_no_tables(book: Path) -> None:
    one = FilesBook.open(book)
    one.set("kept_versions", 0)
    one.save()
    FilesBook.open(book).read("CashBook")
    assert kept(book) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_folder_that_may_not_be_written_changes_nothing(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(read_tables, "write_file", refuse)
    assert len(FilesBook.open(book).read("CashBook")) == 3


def test_rows_typed_below_a_table_come_back_too(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wb = openpyxl.load_workbook(book)
    ws = wb["Roll"]
    last = max(int(ref.ref.split(":")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for ref in ws.tables.values())
    ws.cell(last + 1, 1, "typed")
    wb.save(book)
    want = FilesBook.open(book).read("Roll")
    assert "typed" in want.iloc[:, 0].tolist()
    read = counted(monkeypatch)
    again = FilesBook.open(book)
    assert same(again.read("Roll"), want)
    assert read == []


def test_what_is_written_is_read_the_next_time(book: Path) -> None:
    one = FilesBook.open(book)
    one.append("CashBook", receipts(4))
    one.save()
    assert FilesBook.open(book).read("CashBook")["Receipt"].tolist() == ["R1", "R2", "R3", "R4"]


def test_who_signs_reads_the_sheets(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept table somebody has altered, with its key left as it was: no page that is signed takes it."""
    FilesBook.open(book).read("CashBook")
    for path in kept(book):
        held = json.loads(zlib.decompress(path.read_bytes()))
        if "Receipt" in held["headers"]:
            held["columns"][held["headers"].index("Tax")]["values"][0] = 99
            path.write_bytes(zlib.compress(json.dumps(held).encode()))
    assert FilesBook.open(book).read("CashBook")["Tax"].tolist()[0] == 99
    one = FilesBook.open(book)
    one.read_sheets()
    assert one.read("CashBook")["Tax"].tolist()[0] == 12.34
    opened: list[FilesBook] = []
    monkeypatch.setattr("xltax.faces.run.perform", lambda action, book, inputs: opened.append(book) or Done("read"))
    for name, tax in (("proof", 12.34), ("annual-statement", 12.34), ("close-day", 12.34), ("card", 99)):
        run_action(
            actions()[name], book, {field.name: "1" for field in actions()[name].inputs if field.kind == "text"}, print
        )
        assert opened[-1].read("CashBook")["Tax"].tolist()[0] == tax, name
