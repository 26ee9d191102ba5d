"""What only the Excel host has to get right: protection, formats, calculated columns, and putting everything back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from tests.books.small_books import DAY, receipts
from tests.com import pywin32
from tests.com.open_excel import open_excel

# ruff: noqa: PT012  a step that fails has more than one statement in it
from xltax.errors import BadBook, BadValue, TaxError


@pytest.fixture
def book(new_book):
    return open_excel(new_book())


def sheet_of(book, name: str):
    """The openpyxl sheet behind the stand-in."""
    return book.book.api.wb[name]


def everything(book) -> dict[str, object]:
    """Every cell's value and number format, every table's place, and the settings of the program."""
    wb, app = book.book.api.wb, book.book.api.Application
    cells = {
        (ws.title, cell.coordinate): (cell.value, cell.data_type if cell.value is not None else "")
        for ws in wb for row in ws.iter_rows() for cell in row
    }  # fmt: skip
    cells = {k: v for k, v in cells.items() if v[0] is not None}
    tables = {t.displayName: t.ref for ws in wb for t in ws.tables.values()}
    locked = {s.Name: (s.protected, tuple(sorted(s.options.items()))) for s in book.book.api.Worksheets}
    return {"cells": cells, "tables": tables, "locked": locked,
            "program": (app.ScreenUpdating, app.EnableEvents, app.Calculation),
            "properties": [p.Value for p in book.book.api.CustomDocumentProperties]}  # fmt: skip


def change_much(book) -> None:
    book.append("CashBook", receipts(3, 4, Note="=1+1"))
    book.replace_rows("Payoff", pd.DataFrame({"Bill": ["1", "Total"], "Total": [1, 3]}))
    book.replace_columns("Duplicate", pd.DataFrame({"Balance": [1, 2, 3], "Status": ["Open", "", "Credit"]}))
    book.set("town_name", "=Elsewhere")
    book.set("as_of", DAY)
    book.set_meta(rules="xyz")


def test_a_step_that_fails_puts_every_cell_back(book) -> None:
    before = everything(book)
    with pytest.raises(RuntimeError, match="half-way"), book.step("Post"):
        change_much(book)
        book.put_file("list.csv", b"one")
        assert book.book.api.Application.ScreenUpdating is False
        assert everything(book) != before
        raise RuntimeError("half-way")
    after = everything(book)
    # Only how an option that is off is written may differ: absent before, False after.
    assert {k: v for k, v in after.items() if k != "locked"} == {k: v for k, v in before.items() if k != "locked"}
    assert {n: p for n, (p, _) in after["locked"].items()} == {n: p for n, (p, _) in before["locked"].items()}
    book.save()
    assert not list(Path(book.book.fullname).parent.glob("*list*.csv"))


def test_text_in_a_cell_not_formatted_as_text_comes_back_as_text(book) -> None:
    ws = sheet_of(book, "Duplicate")
    cell = ws["B5"]
    cell.number_format, cell.value, cell.data_type = "General", "007", "s"
    with pytest.raises(RuntimeError), book.step("Post"):
        book.replace_columns("Duplicate", pd.DataFrame({"Account": ["1", "2", "3"]}))
        assert ws["B5"].value == "1"
        raise RuntimeError
    assert (ws["B5"].value, ws["B5"].data_type) == ("007", "s")


def test_settings_of_the_program_are_put_back_as_they_were(book) -> None:
    app = book.book.api.Application
    app.Calculation = -4135  # she works with calculation set to manual
    with book.step("Post"):
        book.append("CashBook", receipts(3))
        assert (app.ScreenUpdating, app.EnableEvents, app.Calculation) == (False, False, -4135)
    assert (app.ScreenUpdating, app.EnableEvents, app.Calculation) == (True, True, -4135)


def test_protected_sheets_are_written_and_protected_again(book) -> None:
    quote = book.book.api.Worksheets("Quote")
    quote.options = {"AllowFormattingColumns": True}
    book.set("quote_owner", "A. Owner")  # a locked cell
    assert book.get("quote_owner") == "A. Owner"
    assert quote.protected
    assert quote.options["AllowFormattingColumns"] is True
    assert quote.options["AllowSorting"] is False


def test_a_sheet_with_a_password_is_named_and_nothing_written(book) -> None:
    book.book.api.Worksheets("Start").password = "secret"
    before = everything(book)
    with pytest.raises(BadBook, match="Start is protected with a password"), book.step("Post"):
        book.append("CashBook", receipts(3))
        book.set("town_name", "X")
    assert everything(book)["cells"] == before["cells"]


def test_ids_keep_their_zeros_in_a_column_she_reformatted(book) -> None:
    ws = sheet_of(book, "Cash Book")
    for row in (5, 6):
        ws[f"A{row}"].number_format = "General"
    book.append("CashBook", receipts(3).assign(Receipt="0012"))
    assert book.read("CashBook")["Receipt"].tolist()[-1] == "0012"
    assert ws["A7"].number_format == "@"


def test_her_calculated_column_is_carried_on_and_her_other_columns_left_empty(new_book) -> None:
    path = new_book()
    book = open_excel(path)
    ws = sheet_of(book, "Adjustments")
    table = ws.tables["Adjustments"]
    head, _, _ = table.ref.rpartition(":")
    table.ref = f"{head}:O5"
    ws["N4"], ws["O4"], ws["N5"], ws["O5"] = "Twice", "Mine", "=I5*2", "see file"
    book.book.api.results["Adjustments", 5, 14] = None
    rows = pd.DataFrame(
        {"No": ["A-1", "A-2", "A-3"], "Effective": [DAY] * 3, "Bill": ["1"] * 3, "Kind": ["Abatement"] * 3,
         "Amount": [100, 200, 300]}
    )  # fmt: skip
    book.append("Adjustments", rows)
    assert [ws[f"N{r}"].value for r in (5, 6, 7)] == ["=I5*2", "=I6*2", "=I7*2"]
    assert [ws[f"O{r}"].value for r in (5, 6, 7)] == ["see file", None, None]
    assert table.ref == f"{head}:O7"


def test_what_stands_below_a_table_is_not_overwritten(book) -> None:
    sheet_of(book, "Cash Book")["C8"] = "my own note"
    with pytest.raises(BadBook, match="a cell below the table is not empty") as error:
        book.append("CashBook", receipts(3, 4))
    assert "Cash Book!C8" in str(error.value)
    assert book.read("CashBook")["Receipt"].tolist() == ["R1", "R2"]


def test_a_total_row_and_a_missing_header_row_are_named(book) -> None:
    table = next(t for s in book.book.api.Worksheets for t in s.ListObjects if t.Name == "CashBook")
    table.ShowTotals = True
    with pytest.raises(BadBook, match="has a total row"):
        book.append("CashBook", receipts(3))
    table.ShowTotals, table.ShowHeaders = False, False
    with pytest.raises(BadBook, match="has no header row"):
        book.read("CashBook")


def test_currency_cells_and_error_cells_are_read_as_they_are(book) -> None:
    ws = sheet_of(book, "Duplicate")
    first = next(cell for cell in ws[5] if ws.cell(4, cell.column).value == "Net Tax")
    below = ws.cell(6, first.column)
    first.number_format = "$#,##0.00"
    below.value, below.data_type = "#N/A", "e"
    frame = book.read("Duplicate")
    assert not any(isinstance(v, Decimal) for v in frame["Net Tax"])
    assert frame["Net Tax"].tolist() == [80, "#N/A", 80]


def test_a_name_that_points_nowhere_is_named(book) -> None:
    book.book.api.wb.defined_names["town_name"].attr_text = "#REF!$B$5"
    with pytest.raises(BadBook, match='no cell named "town_name"'):
        book.get("town_name")


def test_a_table_is_read_once_in_a_step_and_written_in_few_blocks(new_book) -> None:
    path = new_book()
    book = open_excel(path)
    app = book.book.api.Application
    for book_rows in (10, 400):
        app.calls = 0
        with book.step("Post"):
            book.read("CashBook")
            book.append("CashBook", receipts(*range(book_rows)))
        last = app.calls
    assert last < 400, "the number of trips to Excel must not grow with the rows"


def test_a_workbook_never_saved_has_no_folder_for_a_file(book) -> None:
    book.book.api.FullName = "Book1"
    with pytest.raises(BadBook, match="not been saved"):
        book.put_file("list.csv", b"x")


def test_a_sheet_of_the_workbook_does_not_say_in_which_folder_it_is(book, tmp_path, monkeypatch) -> None:
    """xlwings asks a sheet xlwings.conf where the folder behind a OneDrive address is; only Windows may say that."""
    (tmp_path / "hers" / "Town").mkdir(parents=True)
    (tmp_path / "theirs" / "Town").mkdir(parents=True)
    for folder in ("hers", "theirs"):
        (tmp_path / folder / "Town" / "town.xlsx").touch()
    monkeypatch.setenv("OneDrive", str(tmp_path / "hers"))
    monkeypatch.setattr(
        "xlwings._xlwindows.read_config_sheet", lambda _: {"ONEDRIVE_CONSUMER_WIN": str(tmp_path / "theirs")}
    )
    book.book.api.FullName = "https://d.docs.live.net/d7bbaa0123456789/Town/town.xlsx"
    assert book.folder == tmp_path / "hers" / "Town"
    book.book.api.FullName = "https://example.sharepoint.com/sites/somewhere/town.xlsx"
    with pytest.raises(BadBook, match="not been saved"):
        book.put_file("list.csv", b"x")


def test_a_file_named_without_its_folder_is_looked_for_beside_the_workbook(book, tmp_path, monkeypatch) -> None:
    """Not in the folder Excel happens to be in, which is whichever was opened last."""
    from xltax.declare import Input
    from xltax.faces.run import _in_its_folder

    monkeypatch.chdir(tmp_path)
    field = Input("A file.", "file", name="file")
    assert Path(_in_its_folder(field, "roll.csv", book)) == Path(book.book.fullname).parent / "roll.csv"
    assert _in_its_folder(field, str(tmp_path / "roll.csv"), book) == str(tmp_path / "roll.csv")
    assert _in_its_folder(Input("A bill.", "text", name="bill"), "25-1", book) == "25-1"


def test_a_message_reaches_status_bar_and_box(new_book) -> None:
    book = open_excel(new_book())
    book._tell = None
    book.message("3 rows posted\nsecond line")
    assert book.book.api.Application.StatusBar == "3 rows posted"
    assert pywin32.ALERTS[-1] == "3 rows posted\nsecond line"


def test_a_1904_book_reads_and_writes_the_same_days(book) -> None:
    book.book.api.Date1904 = True
    book.set("as_of", dt.date(2025, 8, 1))
    assert sheet_of(book, "Start")["B9"].value == (dt.date(2025, 8, 1) - dt.date(1904, 1, 1)).days


def test_bad_values_leave_the_book_as_it_was(book) -> None:
    before = everything(book)
    for bad in (12.5, "12", True):
        with pytest.raises(TaxError, match="cents"):
            book.append("CashBook", receipts(9, Misc=bad))
    with pytest.raises(BadValue):
        book.replace_columns("Duplicate", pd.DataFrame({"As Of": ["soon"] * 3}))
    assert everything(book)["cells"] == before["cells"]
    assert everything(book)["tables"] == before["tables"]
