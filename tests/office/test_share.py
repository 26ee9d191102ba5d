"""A shared copy: the figures of the book as values, and nothing of a confidential person in any part of the file."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.books.small_books import duplicate, receipts
from xltax.faces.books import book as book_spec
from xltax.faces.build import rules_of
from xltax.faces.catalog import actions
from xltax.faces.run import perform
from xltax.hosts.files import FilesBook
from xltax.sheets.write import build

DAY = dt.date(2025, 6, 1)
SECRET = ("Quiverful", "Hidden Hollow", "quiet@example.org", "555-0142", "P-77", "00002", "Firstname", "R2")
PUBLIC = ("Open Owner", "12 Main Street")


def roll() -> pd.DataFrame:
    """Account 002 is confidential; 004 belongs to the same party; 001 and 003 are anybody's."""
    rows = [
        ("001", "", "Open Owner", "12 Main Street", "", "open@example.org"),
        ("002", "P-77", "Quiverful, Zoe", "9 Hidden Hollow", "litigation, Confidential", "quiet@example.org"),
        ("003", "P-01", "Other Owner", "14 Main Street", "", ""),
        ("004", "P-77", "Quiverful Trust", "1 Side Lane", "", ""),
    ]
    return pd.DataFrame(
        {"Account": a, "Party": p, "Levy Type": "RE", "Owner": o, "Location": at, "Net Value": 100_000_00, "Flags": f,
         "Email": mail, "Phone": "555-0142" if p == "P-77" else "555-0100"}
        for a, p, o, at, f, mail in rows
    )  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.xlsx"
    history = pd.DataFrame(
        {"Changed On": [DAY, DAY], "Account": ["002", "001"], "Field": ["Owner", "Owner"],
         "Before": ["Firstname Before", "Old Owner"], "After": ["Quiverful, Zoe", "Open Owner"]}
    )  # fmt: skip
    frames = {
        "Roll": roll(), "Duplicate": duplicate(4), "History": history, "Rules": rules_of("us-nj"),
        "CashBook": receipts(1, 2, 3, 4, Taxpayer="As billed"),
    }  # fmt: skip
    frames["CashBook"].loc[1, "Taxpayer"] = "Quiverful, Zoe"
    values = {"town_name": "Fish & Game", "levy_year": 2025, "as_of": DAY, "control_bills": 4, "control_tax": 32000}
    build(book_spec("us-nj"), path, frames, values)
    book = FilesBook.open(path)
    perform(actions()["refresh"], book, {"as_of": DAY})
    perform(actions()["delinquent"], book, {})
    perform(actions()["quote"], book, {"account": "002", "on": DAY, "days": 5})
    return path


def shared(path: Path) -> Path:
    said = perform(actions()["share"], FilesBook.open(path), {}).text
    copy = path.with_name("town shared.xlsx")
    assert copy.exists()
    assert said.startswith("town shared.xlsx: values only, without 2 confidential accounts")
    return copy


def everything_in(path: Path) -> str:
    package = zipfile.ZipFile(path)
    return "\n".join(package.read(n).decode("utf-8", "replace") for n in package.namelist())


def test_no_part_of_the_file_names_a_confidential_person(town) -> None:
    before, after = everything_in(town), everything_in(shared(town))
    for word in SECRET:
        assert word in before, word
        assert word not in after, word
    for word in PUBLIC:
        assert word in after


def test_only_the_confidential_rows_are_gone_and_telling_columns_are_empty(town) -> None:
    book, copy = FilesBook.open(town), FilesBook.open(shared(town))
    for table in ("Roll", "Duplicate", "CashBook", "Delinquent"):
        full, rest = book.read(table), copy.read(table)
        assert set(full["Account"]) - set(rest["Account"]) == {"002", "004"}, table
        kept = full[full["Account"].isin(["001", "003"])]
        telling = [c for c in full.columns if c in ("Party", "Email", "Phone", "Seal")]
        assert rest[telling].isna().all(axis=None)
        same = [c for c in full.columns if c not in telling]
        assert rest[same].reset_index(drop=True).equals(kept[same].reset_index(drop=True)), table
    assert len(copy.read("History")) == 1
    assert len(copy.read("Payoff")) == 0  # the quote was of a confidential account
    assert copy.get("quote_owner") is None
    assert copy.get("quote_total") is None
    assert copy.get("town_name") == "Fish & Game"


def test_a_quote_of_another_account_stays(town) -> None:
    perform(actions()["quote"], FilesBook.open(town), {"account": "003", "on": DAY, "days": 5})
    book, copy = FilesBook.open(town), FilesBook.open(shared(town))
    assert copy.get("quote_total") == book.get("quote_total")
    assert len(copy.read("Payoff")) == len(book.read("Payoff")) > 0
    assert copy.read("Payoff")["Inst"].tolist() == book.read("Payoff")["Inst"].tolist()


def test_there_is_no_formula_no_macro_and_no_name_without_a_cell(town, valid) -> None:
    copy = shared(town)
    assert valid(copy) == []
    package = zipfile.ZipFile(copy)
    for part in package.namelist():
        assert "vba" not in part.lower()
        assert "externalLink" not in part
        if part.startswith("xl/worksheets/sheet"):
            assert not re.search(rb"<f[ >/]", package.read(part)), part
    text = package.read("xl/workbook.xml").decode()
    assert "#REF!" not in text


def figures(path: Path) -> dict[tuple[str, str], object]:
    """The figures a viewer shows where the book has formulas."""
    places = formula_cells(path)
    return {k: v for k, v in cells(path).items() if k in places}


def formula_cells(path: Path) -> set[tuple[str, str]]:
    wb = openpyxl.load_workbook(path)
    return {(ws.title, c.coordinate) for ws in wb for row in ws.iter_rows() for c in row if c.data_type == "f"}


def cells(path: Path) -> dict[tuple[str, str], object]:
    wb = openpyxl.load_workbook(path, data_only=True)
    return {
        (ws.title, c.coordinate): c.value for ws in wb for row in ws.iter_rows() for c in row if c.value is not None
    }


@pytest.mark.filterwarnings("ignore:Print area")
def test_totals_are_those_of_the_whole_book_and_the_first_sheet_says_so(town) -> None:
    want, copy = figures(town), shared(town)
    got = cells(copy)
    assert len(want) > 60
    assert {k: got.get(k) for k in want} == want
    assert "2 confidential accounts" in str(got["Start", "A3"])


@pytest.mark.calc
@pytest.mark.filterwarnings("ignore:Print area")
def test_real_calc_without_the_add_in_shows_the_same_figures(town, calc) -> None:
    want, copy = figures(town), shared(town)
    got = cells(calc(copy, "xlsx"))
    for place, value in want.items():
        if place[0] == "Quote":
            continue  # the quoted account is confidential
        assert got.get(place) == (pytest.approx(value) if isinstance(value, float) else value), place


@pytest.mark.filterwarnings("ignore:Print area")
def test_a_blank_amount_beside_others_stays_blank(town) -> None:
    """Two items of the budget, one without an amount: pandas would make floats of such a column."""
    book = FilesBook.open(town)
    rows = [
        {"Levy Year": 2025, "Item": "Postage", "Budgeted": 85_000, "Spent": 12_345},
        {"Levy Year": 2025, "Item": "Paper"},
    ]
    for row in rows:
        book.append("Budget", pd.DataFrame([row]))
    book.save()
    copy = cells(shared(town))
    top = next(key for key, value in copy.items() if key[0] == "Budget" and value == "Postage")[1]
    row = int(top[1:])
    assert (copy["Budget", f"D{row}"], copy.get(("Budget", f"D{row + 1}"))) == (123.45, None)


def test_nothing_confidential_means_nothing_left_out(town) -> None:
    book = FilesBook.open(town)
    book.replace_columns("Roll", pd.DataFrame({"Flags": [""] * 4}))
    book.save()
    said = perform(actions()["share"], book, {"name": "for council"}).text
    copy = FilesBook.open(town.with_name("town for council.xlsx"))
    assert "0 confidential accounts" in said
    assert copy.read("Roll")["Account"].tolist() == ["001", "002", "003", "004"]
    assert copy.get("quote_owner") == "Quiverful, Zoe"


def test_a_second_copy_does_not_overwrite_the_first(town) -> None:
    first = shared(town).read_bytes()
    perform(actions()["share"], FilesBook.open(town), {})
    assert town.with_name("town shared.xlsx").read_bytes() == first
    assert town.with_name("town shared (1).xlsx").exists()
