"""Rows typed below a table: rows of it in a file, in Excel and in Calc; and notes, which are neither read as rows nor lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.contract.test_book_port import OPENERS
from xltax.hosts.files import FilesBook
from xltax.sheets.cells import split_ref
from xltax.tables import ALL
from xltax.tables.reading import read
from xltax.tables.schema import Column

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set", "ignore:Data Validation extension")
DAY = dt.date(2025, 3, 3)
GOOD: dict[str, Any] = {"id": "2-15", "text": "abc", "date": DAY, "money": 100, "number": 1, "count": 7, "year": 2025, "yes": "Yes"}  # fmt: skip


@pytest.fixture(params=["files", "excel", pytest.param("calc", marks=pytest.mark.calc)])
def reopen(request: pytest.FixtureRequest) -> Any:
    return OPENERS[request.param](request)


def value(column: Column[Any], number: int = 0) -> Any:
    """Something that fits a column."""
    if column.choices:
        return column.choices[0]
    good = GOOD[column.kind]
    return (
        f"{good}{number}"
        if column.kind in ("id", "text")
        else good + number
        if column.kind in ("count", "money")
        else good
    )


def type_in(path: Path, table: str, rows: list[dict[str, Any]], first: int = 1) -> None:
    """What another program writes below a table's header, without making the table longer. first: 1 is the row under the header."""
    book = openpyxl.load_workbook(path)
    sheet = next(ws for ws in book if table in ws.tables)
    left, top, _, _ = split_ref(sheet.tables[table].ref)
    names = [c.name for c in sheet.tables[table].tableColumns]
    for number, row in enumerate(rows):
        for header, cell in row.items():
            sheet.cell(top + first + number, left + names.index(header), cell)
    book.save(path)


def required(table: str, number: int = 0) -> dict[str, Any]:
    """A complete row of a table."""
    spec = ALL[table]
    wanted = [c for c in spec.facts if c.required or c.name in spec.key] or list(spec.facts[:2])
    return {c.name: value(c, number) for c in wanted}


def check(account: str, amount: Any = 100, **more: Any) -> dict[str, Any]:
    return {"Account": account, "Amount": amount, "Received": DAY, "Tender": "Check"} | more


def test_checks_typed_below_are_rows_and_are_emptied(reopen: Any, new_book: Any) -> None:
    path = new_book()
    type_in(path, "Counter", [check(f"2-{n}") for n in range(10, 22)])
    book = reopen(path)
    typed = book.read("Counter")
    assert typed["Account"].tolist() == [f"2-{n}" for n in range(10, 22)]
    book.replace_columns("Counter", pd.DataFrame({"Warning": ["seen"] * 12}))
    book.replace_rows("Counter", pd.DataFrame({"Account": ["9"]}))
    book.save()
    after = reopen(path).read("Counter")
    assert after["Account"].tolist() == ["9"]
    assert after["Amount"].tolist() == [None]


def test_a_row_added_stands_below_what_is_typed(reopen: Any, new_book: Any) -> None:
    path = new_book()
    type_in(path, "Counter", [check("1"), check("2")])
    book = reopen(path)
    book.append("Counter", pd.DataFrame({"Account": ["3"], "Amount": [5], "Received": [DAY]}))
    book.save()
    assert reopen(path).read("Counter")["Account"].tolist() == ["1", "2", "3"]


def test_a_note_is_told_and_stays(reopen: Any, new_book: Any) -> None:
    """A text in a column of amounts, and a row after an empty one, are no rows; the row looks like one, the texts do not."""
    path = new_book()
    type_in(path, "Counter", [check("1"), {"Amount": "sum of today"}, check("2"), {}, {"Account": "call Ann"}])
    book = reopen(path)
    assert book.read("Counter")["Account"].tolist() == ["1"]
    assert [(s.place, s.text, s.like_a_row) for s in book.strays["Counter"]] == [
        ("Counter!C6", "sum of today", False), ("Counter!A7", "2", True), ("Counter!A9", "call Ann", False),
    ]  # fmt: skip
    book.replace_rows("Counter", pd.DataFrame({"Account": ["9"]}))
    book.save()
    book = reopen(path)
    assert book.read("Counter")["Account"].tolist() == ["9"]
    assert [s.text for s in book.strays["Counter"]] == ["sum of today", "2", "call Ann"]


INPUT = [name for name, spec in ALL.items() if spec.below == "rows" and (not spec.sealed or name == "CashBook")]


def test_every_input_table_reads_what_is_typed_below(new_book: Any) -> None:
    """All of them in one book, three complete rows below each other; the Cash Book too, where somebody enters an opening."""
    path = new_book(bills=0)
    files = FilesBook.open(path)
    empty = {name for name in INPUT if name in files.tables() and not len(files.read(name))}
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for name in set(sheet.tables) & empty:
            left, top, _, _ = split_ref(sheet.tables[name].ref)
            names = [c.name for c in sheet.tables[name].tableColumns]
            for number in range(3):
                for header, cell in required(name, number).items():
                    sheet.cell(top + 1 + number, left + names.index(header), cell)
    book.save(path)
    files = FilesBook.open(path)
    for name in empty:
        assert len(files.read(name)) == 3, name
    assert len(empty) > 30


def test_a_row_that_another_program_adds_has_the_formats_of_the_table(new_book: Any) -> None:
    path = new_book()
    type_in(path, "Counter", [check("1"), check("2")])
    book = FilesBook.open(path)
    book.replace_columns("Counter", pd.DataFrame({"Pays": ["a", "b"]}))
    book.save()
    sheet = openpyxl.load_workbook(path)["Counter"]
    assert [sheet[f"A{row}"].number_format for row in (5, 6)] == ["@", "@"]
    assert sheet.tables["Counter"].ref.endswith("6")
    # What she types in the rows below is prepared too.
    assert sheet.column_dimensions["A"].number_format == "@"
    assert "yy" in sheet.column_dimensions["D"].number_format


def test_a_book_that_is_only_read_stays_as_it_is(new_book: Any) -> None:
    path = new_book()
    type_in(path, "Counter", [check("1"), check("2")])
    before = path.read_bytes()
    book = FilesBook.open(path)
    assert len(book.read("Counter")) == 2
    book.save()
    assert path.read_bytes() == before


def test_blank_rows_between_do_not_move_the_cell_that_an_error_names(new_book: Any) -> None:
    path = new_book()
    book = openpyxl.load_workbook(path)
    book["Counter"].tables["Counter"].ref = "A4:T9"
    book["Counter"].tables["Counter"].autoFilter.ref = "A4:T9"
    book.save(path)
    type_in(path, "Counter", [check("1"), {}, {}, check("2", "ten")])
    with pytest.raises(Exception, match=r"Counter!C8: "):
        read(FilesBook.open(path).read("Counter"), ALL["Counter"])


def test_rows_pasted_with_empty_rows_between_are_all_read(new_book: Any) -> None:
    path = new_book()
    first, second = (c.name for c in ALL["Paste"].columns[:2])
    type_in(
        path,
        "Paste",
        [{first: "Town of Quillhaven"}, {}, {first: "Account", second: "Owner"}, {first: "1", second: "A"}],
    )
    assert FilesBook.open(path).read("Paste")[first].tolist() == ["Town of Quillhaven", "Account", "1"]
