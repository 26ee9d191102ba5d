"""What CalcBook has to do beyond the contract, because the document is alive: her formulas, protection, undo, day zero."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.books.small_books import make, receipts
from tests.libreoffice.process import XLSX
from xltax.errors import BadBook, TaxError
from xltax.tables import CASH_BOOK
from xltax.tables.reading import read

pytestmark = pytest.mark.calc


@pytest.fixture
def town(bare_office, tmp_path: Path):
    path = make(tmp_path / "town.xlsx")
    return bare_office, bare_office.number(path), bare_office.book(path)


def letter(book, table: str, header: str) -> str:
    return book.read(table).attrs["letters"][header]


def test_a_formula_of_her_own_is_carried_on_and_her_other_columns_are_left_empty(town) -> None:
    office, number, book = town
    note, reference, tax = (letter(book, "CashBook", h) for h in ("Note", "Reference", "Tax"))
    office.do("put", number, "Cash Book", f"{note}4", [["My sum"]])
    office.do("put", number, "Cash Book", f"{reference}4", [["My mark"]])
    office.do("put", number, "Cash Book", f"{reference}6", [["seen"]])
    office.do("formula", number, "Cash Book", f"{note}6", f"={tax}6*2")
    book.append("CashBook", receipts(3, 4))
    frame = book.read("CashBook")
    assert frame["My sum"].tolist()[1:] == [24.68] * 3
    assert office.do("shown", number, "Cash Book", f"{note}8")[3] == f"={tax}8*2"
    assert frame["My mark"].tolist() == [None, "seen", None, None]
    # The new rows look like the last one, and are checked like it.
    for header in ("Receipt", "Received", "Tax", "Kind"):
        column = letter(book, "CashBook", header)
        old, new = (office.do("format", number, "Cash Book", f"{column}{row}") for row in (6, 8))
        assert old == new, header


def test_one_step_is_undone_and_done_again(town) -> None:
    office, number, book = town
    before = book.read("CashBook"), book.read("Duplicate")
    with book.step("Post"):
        book.append("CashBook", receipts(3))
        book.replace_columns("Duplicate", pd.DataFrame({"Balance": [1, 2, 3], "Status": ["a", "b", "c"]}))
        book.set("quote_account", "0001")
    after = book.read("CashBook"), book.read("Duplicate")
    assert office.do("titles", number) == ["Post"]
    office.do("undo", number)
    assert book.read("CashBook").equals(before[0])
    assert book.read("Duplicate").equals(before[1])
    assert book.get("quote_account") is None
    office.do("redo", number)
    assert book.read("CashBook").equals(after[0])
    assert book.read("Duplicate").equals(after[1])


def protection(office, number, path: Path) -> list[str]:
    """What a save by LibreOffice says of each sheet's protection: what is still allowed reads "false"."""
    office.do("store", number, path.as_uri(), XLSX)
    with zipfile.ZipFile(path) as book:
        parts = [book.read(n).decode() for n in sorted(book.namelist()) if n.startswith("xl/worksheets/sheet")]
    return [found for xml in parts for found in re.findall(r"<sheetProtection[^>]*>", xml)]


def test_protection_is_put_back_with_all_it_allows_and_a_password_is_respected(town, tmp_path: Path) -> None:
    office, number, book = town
    before = protection(office, number, tmp_path / "before.xlsx")
    assert 'formatColumns="false"' in before[0]
    book.set("town_name", "Elsewhere")
    assert office.do("protected", number, "Start")
    assert protection(office, number, tmp_path / "after.xlsx") == before
    office.do("document", number, "write_cell", "Log", 2, 1, "x", False)
    office.do("protect", number, "Cash Book", "secret")
    with pytest.raises(BadBook, match="Cash Book is protected with a password"):
        book.append("CashBook", receipts(3))
    assert len(book.read("CashBook")) == 2


def test_what_stands_below_a_table_is_never_written_over(town) -> None:
    office, number, book = town
    office.do("put", number, "Cash Book", "C7", [["mine"]])
    with pytest.raises(BadBook, match=r"Cash Book!C7.*Move everything below"):
        book.append("CashBook", receipts(3))
    assert len(book.read("CashBook")) == 2


def test_a_merged_or_missing_header_is_refused(town) -> None:
    office, number, book = town
    office.do("put", number, "Cash Book", f"{letter(book, 'CashBook', 'Total')}4", [["Sum"]])
    with pytest.raises(TaxError, match='no column "Total"'):
        book.read("CashBook")
    office.do("merge", number, "Duplicate", "A4:B4")
    with pytest.raises(BadBook, match="merged cells"):
        book.read("Duplicate")


def test_an_error_cell_is_named_by_the_typed_table(town) -> None:
    office, number, book = town
    tax = letter(book, "CashBook", "Tax")
    office.do("formula", number, "Cash Book", f"{tax}5", "=1/0")
    frame = book.read("CashBook")
    assert frame["Tax"].iloc[0] == "#DIV/0!"
    with pytest.raises(TaxError, match=f"Cash Book!{tax}5"):
        read(frame, CASH_BOOK)


def test_dates_are_told_by_their_format_in_both_date_systems(town) -> None:
    office, number, book = town
    received = letter(book, "CashBook", "Received")
    office.do("set", number, "NullDate", [1904, 1, 1])
    later = office.book(Path(book._path))
    assert later.meta.date1904
    office.do("put", number, "Cash Book", f"{received}5", [[44227.0]])
    assert later.read("CashBook")["Received"].iloc[0] == dt.date(2025, 2, 1)
    later.set("as_of", dt.date(2025, 2, 1))
    assert later.get("as_of") == dt.date(2025, 2, 1)


def test_an_unsaved_document_has_no_folder_for_files(bare_office) -> None:
    import functools

    from xltax.hosts.calc.book import CalcBook

    number = bare_office.do("open", "private:factory/scalc")
    book = CalcBook(functools.partial(bare_office.do, "document", number))
    with pytest.raises(BadBook, match="Save the document first"):
        book.put_file("list.csv", b"x")
    bare_office.do("close", number)


def test_an_older_libreoffice_is_refused_with_what_to_do(town) -> None:
    """Only the version is made up here: that 7.4 itself shows this is not shown."""
    office, number, _ = town
    said = office.do("refusal", number, [7, 4])
    assert said.startswith("LibreOffice 7.4 cannot use add-in functions in an .xlsx workbook. Nothing was done.")
    assert said.endswith("Install LibreOffice 25.2 or later.")
    assert office.do("refusal", number, [24, 8]) == said.replace("7.4", "24.8")
    assert office.do("refusal", number, [25, 2]) == office.do("refusal", number, [26, 2]) == ""
