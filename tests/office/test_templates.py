"""The templates a collector opens first: up to date, valid, complete, and reading 0.00 on every line of Proof."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xltax.workbooks
from xltax.workbooks import FAMILIES, starting_rows, tasks

from tests.books.one_book import beside
from tests.books.small_books import duplicate, receipts
from xltax.errors import BadBook
from xltax.faces.books import book
from xltax.faces.build import template
from xltax.faces.catalog import actions
from xltax.hosts.files import FilesBook
from xltax.law import load
from xltax.law.table import from_frame
from xltax.sheets.checks import LONGEST_LIST
from xltax.sheets.forms import NAMED, SPECS
from xltax.sheets.read import read_table
from xltax.sheets.write import build, build_bytes
from xltax.tables import ALL
from xltax.tables.schema import SCHEMA

HERE = Path(xltax.workbooks.__file__).parent
PATHS = {name: HERE / f"{family.file}.xlsx" for name, family in FAMILIES.items()}
TEMPLATES = pytest.mark.parametrize("name", PATHS)
pytestmark = pytest.mark.filterwarnings("ignore:Print area")


@TEMPLATES
def test_is_up_to_date(name: str) -> None:
    assert PATHS[name].read_bytes() == template(name), "run: python -m xltax.faces.build"


@TEMPLATES
def test_is_valid(name: str, valid) -> None:
    assert valid(PATHS[name]) == []


@TEMPLATES
def test_every_formula_has_its_result_and_proof_reads_zero(name: str) -> None:
    formulas, values = openpyxl.load_workbook(PATHS[name]), openpyxl.load_workbook(PATHS[name], data_only=True)
    count = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    value = values[sheet.title][cell.coordinate].value
                    # A formula that gives an empty text reads back as no value.
                    assert value is not None or '="",""' in cell.value, f"{sheet.title}!{cell.coordinate}"
                    assert not str(value).startswith("#"), f"{sheet.title}!{cell.coordinate}"
    assert count > 60
    proof = values["Proof"]
    assert [proof[f"E{r}"].value for r in range(6, 16)] == [0] * 10
    assert [proof[f"F{r}"].value for r in range(6, 16)] == ["OK, no control total"] * 2 + ["OK"] * 8
    assert beside(values["Start"], "Proof") == "All checks agree"


@TEMPLATES
def test_tables_are_as_declared_and_rules_are_the_profile(name: str) -> None:
    opened = FilesBook.open(PATHS[name])
    assert set(opened.tables()) == set(SPECS) - {"Charges", "Receipts", "Balances"}
    for table in opened.tables():
        frame = opened.read(table)
        assert tuple(frame.columns) == SPECS[table].names
        assert len(frame) == 0 or table in ("Rules", *starting_rows())
    profile = load.load(FAMILIES[name].profile)
    assert from_frame(opened.read("Rules")).rules == profile.rules
    assert opened.get("profile_id") == profile.id
    assert (opened.meta.template, opened.meta.schema, len(opened.meta.rules)) == (name, SCHEMA, 64)


@TEMPLATES
def test_named_cells_are_those_declared(name: str) -> None:
    assert {n: c.kind for n, (_, c) in book(name).names.items()} == {**NAMED, **tasks.named(actions().values())}


@TEMPLATES
def test_every_sheet_says_what_it_is_for_and_can_be_printed(name: str) -> None:
    opened = openpyxl.load_workbook(PATHS[name])
    declared = book(name)
    assert opened.sheetnames == [s.title for s in declared.sheets]
    for sheet in opened:
        assert sheet["A2"].value or sheet.title == "Quote"
        assert sheet.page_setup.fitToWidth >= 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.center.text
        assert sheet.protection.sheet is declared.sheet(sheet.title).protected
        if not sheet.protection.sheet:
            top = declared.sheet(sheet.title).header_row
            assert sheet.freeze_panes == f"A{top + 1}"
            assert sheet.print_title_rows == ("$4:$4" if top == 4 else None)
        else:
            assert not sheet.protection.password
    assert {"Start", "Quote", "Proof", "Tasks"} <= {s.title for s in declared.sheets if s.protected}
    assert not {"Roll", "Duplicate", "Cash Book", "Adjustments"} & {s.title for s in declared.sheets if s.protected}
    names = zipfile.ZipFile(PATHS[name]).read("xl/workbook.xml").decode()
    assert names.count("_xlnm.Print_Area") == len(opened.sheetnames)


@TEMPLATES
def test_only_input_cells_are_unlocked_on_protected_sheets(name: str) -> None:
    opened = openpyxl.load_workbook(PATHS[name])
    entries = {(s, c.at) for s, c in book(name).names.values() if c.style == "entry"}
    for title in ("Start", "Quote", "Proof"):
        for row in opened[title].iter_rows():
            for cell in row:
                merged = type(cell).__name__ == "MergedCell"
                if not merged and not cell.protection.locked:
                    assert (title, cell.coordinate) in entries


def test_connecticut_and_maryland_hide_what_they_do_not_use() -> None:
    for name, hidden in (("us-nj", False), ("us-ct", True), ("us-md", True)):
        placed = book(name).tables["Duplicate"]
        sheet = openpyxl.load_workbook(PATHS[name])["Duplicate"]
        for column in ("Due 3", "Due 4", "Inst 3", "Inst 4", "Paid 3", "Paid 4"):
            assert column_hidden(sheet, placed.letter(column)) is hidden, (name, column)
        assert not column_hidden(sheet, placed.letter("Balance"))


def column_hidden(sheet, letter: str) -> bool:
    number = openpyxl.utils.column_index_from_string(letter)
    return any(d.hidden and d.min <= number <= d.max for d in sheet.column_dimensions.values())


def test_list_checks_fit_what_excel_takes() -> None:
    for path in PATHS.values():
        for sheet in openpyxl.load_workbook(path):
            for check in sheet.data_validations.dataValidation:
                assert len(check.formula1) <= LONGEST_LIST + 2
                assert len(check.error or "") <= 225
                assert len(check.prompt or "") <= 255
                assert check.error


def test_every_choice_of_every_column_is_checked() -> None:
    sheets = openpyxl.load_workbook(PATHS["us-nj"])
    for title in ("Roll", "Duplicate", "Cash Book", "Adjustments", "Closed Days"):
        placed = book("us-nj").sheet(title).tables[0]
        checks = {str(v.sqref).split("5:")[0]: v for v in sheets[title].data_validations.dataValidation}
        for column in placed.spec.facts:
            if column.choices or column.kind in ("date", "money", "count", "year", "yes"):
                assert checks[placed.letter(column.name)].type, (title, column.name)


def test_a_built_book_reads_back_what_went_in(tmp_path: Path, valid) -> None:
    """read(write(x)) == x, with money from cents."""
    path = tmp_path / "full.xlsx"
    bills, lines = duplicate(50), receipts(*range(20), Taxpayer="=1+1")
    build(book("us-ct"), path, {"Duplicate": bills, "CashBook": lines}, {"town_name": "A & B", "control_tax": 400_000})
    assert valid(path) == []
    back = read_table(path, "Duplicate")
    for name in bills.columns:
        column = ALL["Duplicate"][name]
        want = [v / 100 for v in bills[name]] if column.kind == "money" else bills[name].tolist()
        assert back[name].tolist() == want, name
    assert read_table(path, "CashBook")["Taxpayer"].tolist() == ["=1+1"] * 20
    cells = openpyxl.load_workbook(path)["Cash Book"]
    assert [cells[f"G{r}"].data_type for r in range(5, 25)] == ["s"] * 20
    footer = openpyxl.load_workbook(path)["Start"].oddFooter.left.text
    assert "A && B" in footer
    assert FilesBook.open(path).get("control_tax") == 4000


def test_same_content_same_bytes() -> None:
    frames = {"Duplicate": duplicate(5)}
    assert build_bytes(book("us-md"), frames) == build_bytes(book("us-md"), frames)


def test_a_name_the_book_does_not_have_is_refused() -> None:
    with pytest.raises(BadBook, match='no cell named "colour"'):
        build_bytes(book("us-nj"), values={"colour": "red"})
    with pytest.raises(BadBook, match="no table named Ferries"):
        build_bytes(book("us-nj"), {"Ferries": pd.DataFrame({"No": ["1"]})})


def test_a_town_gets_its_states_book() -> None:
    assert book("us-nj-colts-neck").template == "us-nj"
    with pytest.raises(KeyError, match="no workbook for this state"):
        book("us-nk")


def test_nothing_in_a_template_depends_on_the_clock() -> None:
    for path in PATHS.values():
        with zipfile.ZipFile(path) as opened:
            assert {i.date_time for i in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = opened.read("docProps/core.xml").decode()
        assert set(re.findall(r">(\d{4}-\d\d-\d\d)T", core)) == {dt.date(2025, 1, 1).isoformat()}
