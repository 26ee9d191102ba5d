"""Live books changed part by part: nothing of the user's is lost, nothing bad is opened, nothing half written."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.table import Table, TableColumn, TableFormula

from tests.books.small_books import DAY, duplicate, make, receipts, sheet_part, table_part
from xltax.errors import BadBook, TaxError
from xltax.hosts.files import FilesBook
from xltax.sheets.package import Package
from xltax.tables import CASH_BOOK


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {n: book.read(n) for n in book.namelist()}


def raw(path: Path, name: str) -> bytes:
    package = Package.open(path)
    return package._raw(package._entries[name])


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return make(tmp_path / "town.xlsx")


# ---- what is left alone ----------------------------------------------------------------------------------------------


def test_untouched_parts_stay_byte_identical_even_compressed(town: Path, valid) -> None:
    before, order = parts(town), zipfile.ZipFile(town).namelist()
    raws = {n: raw(town, n) for n in before}
    book = FilesBook.open(town)
    book.append("CashBook", receipts(3))
    book.replace_columns("Duplicate", pd.DataFrame({"Balance": [1, 2, 3]}))
    book.set("as_of", DAY)
    book.save()
    after = parts(town)
    assert zipfile.ZipFile(town).namelist() == order
    changed = {n for n in after if after[n] != before[n]}
    # Start, Duplicate and its totals, Cash Book with its table, Quote's none, Proof.
    sheets = {sheet_part(title) for title in ("Start", "Duplicate", "Cash Book", "Proof", "Budget")}
    assert changed <= sheets | {table_part("CashBook")}
    assert table_part("CashBook") in changed
    for name in set(after) - changed:
        assert raw(town, name) == raws[name], name
    assert valid(town) == []


def test_saving_without_a_change_writes_nothing(town: Path) -> None:
    stamp = town.stat().st_mtime_ns
    book = FilesBook.open(town)
    book.read("Roll")
    book.save()
    assert town.stat().st_mtime_ns == stamp


def test_one_book_object_can_save_again_and_again(town: Path) -> None:
    book = FilesBook.open(town)
    for number in (3, 4, 5):
        book.append("CashBook", receipts(number))
        book.save()
    assert FilesBook.open(town).read("CashBook")["Receipt"].tolist() == ["R1", "R2", "R3", "R4", "R5"]


# ---- a book its user has made her own ------------------------------------------------------------------------------


def hers(path: Path, *, epoch1904: bool = False, totals: bool = False, below: str = "") -> Path:
    """A Cash Book at C7 with columns in another order, aliases, a column of her own, a formula column, a blank row."""
    book = openpyxl.Workbook()
    if epoch1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "Bob's Cash"
    headers = ["Total", "My Note", "Receipt No", "Received", "Double", "Account", "Line", "Tax"]
    rows = [[n * 10, f"mine {n}", f"00{n}", dt.date(2025, 1, n), None, f"A{n}", 1, n * 10] for n in (1, 2)]
    for r, values in enumerate([headers, *rows, [None] * 8], 7):
        for c, value in enumerate(values, 3):
            sheet.cell(r, c, value)
        if r > 7:
            sheet.cell(r, 7, f"=C{r}*2" if r < 10 else None)
            sheet.cell(r, 6).number_format = "dd/mm/yyyy"
    end = 11 if totals else 10
    table = Table(displayName="CashBook", ref=f"C7:J{end}")
    table._initialise_columns()
    table.tableColumns = [TableColumn(id=i, name=h) for i, h in enumerate(headers, 1)]
    table.tableColumns[4].calculatedColumnFormula = TableFormula(attr_text="CashBook[[#This Row],[Total]]*2")
    if totals:
        table.totalsRowCount = 1
    sheet.add_table(table)
    if below:
        sheet[below] = "hers"
    sheet.row_dimensions[9].hidden = True
    sheet["A1"] = "=SUM(CashBook[Tax])"
    book.save(path)
    return path


@pytest.mark.parametrize("epoch1904", [False, True])
def test_moved_columns_aliases_and_her_own_columns(tmp_path: Path, epoch1904: bool) -> None:
    path = hers(tmp_path / "hers.xlsx", epoch1904=epoch1904)
    book = FilesBook.open(path)
    assert book.meta.date1904 is epoch1904
    frame = book.read("CashBook")
    assert list(frame.columns) == ["Total", "My Note", "Receipt No", "Received", "Double", "Account", "Line", "Tax"]
    assert frame["Received"].tolist() == [dt.date(2025, 1, 1), dt.date(2025, 1, 2)]
    assert (frame.attrs["sheet"], frame.attrs["letters"]["Received"]) == ("Bob's Cash", "F")
    book.append("CashBook", receipts(3, 4))
    book.save()
    after = FilesBook.open(path).read("CashBook")
    assert after["Receipt No"].tolist() == ["001", "002", "R3", "R4"]
    assert after["Received"].tolist() == [dt.date(2025, 1, 1), dt.date(2025, 1, 2), DAY, DAY]
    assert after["My Note"].tolist() == ["mine 1", "mine 2", None, None]
    assert after["Total"].tolist() == [10, 20, 12.34, 12.34]
    # Her formula goes on, and its result and the total's are there without any spreadsheet program.
    assert after["Double"].tolist() == [20, 40, 24.68, 24.68]
    values = openpyxl.load_workbook(path, data_only=True)["Bob's Cash"]
    assert values["A1"].value == pytest.approx(54.68)
    formulas = openpyxl.load_workbook(path)["Bob's Cash"]
    assert formulas.tables["CashBook"].ref == "C7:J11"
    assert formulas["G8"].value == "=C8*2"
    assert formulas.row_dimensions[9].hidden
    assert not formulas.row_dimensions[10].hidden


def test_a_blank_row_in_the_middle_is_stepped_over(tmp_path: Path) -> None:
    path = make(tmp_path / "gap.xlsx")
    book = openpyxl.load_workbook(path)
    for cell in book["Duplicate"][6]:
        cell.value = None
    book.save(path)
    ours = FilesBook.open(path)
    assert ours.read("Duplicate").index.tolist() == [0, 2]
    ours.replace_columns("Duplicate", pd.DataFrame({"Balance": [100, 300]}))
    ours.save()
    sheet = openpyxl.load_workbook(path)["Duplicate"]
    letter = ours.read("Duplicate").attrs["letters"]["Balance"]
    assert [sheet[f"{letter}{r}"].value for r in (5, 6, 7)] == [1, None, 3]


def test_a_date_gets_a_date_format_where_the_column_has_none(tmp_path: Path) -> None:
    path = make(tmp_path / "plain.xlsx")
    book = openpyxl.load_workbook(path)
    for row in book["Cash Book"].iter_rows(min_row=5):
        for cell in row:
            cell.style = "Normal"
    book.save(path)
    ours = FilesBook.open(path)
    ours.append("CashBook", receipts(3))
    ours.save()
    assert FilesBook.open(path).read("CashBook")["Received"].tolist()[-1] == DAY


def test_a_formula_in_a_derived_column_gives_way_and_the_calc_chain_goes(tmp_path: Path, valid) -> None:
    path = make(tmp_path / "chain.xlsx")
    content = parts(path)
    content["xl/calcChain.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="AG5" i="4"/></calcChain>'
    )
    letter = FilesBook.open(path).read("Duplicate").attrs["letters"]["Balance"].encode()
    sheet = content[sheet_part("Duplicate")]
    cell = re.search(b'<c r="' + letter + b'5"([^>]*?) t="n"></c>', sheet)
    formula = b'<c r="' + letter + b'5"' + cell[1] + b"><f>1+1</f><v>2</v></c>"
    content[sheet_part("Duplicate")] = sheet.replace(cell[0], formula)
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.calcChain+xml"/></Types>',
    )
    content["xl/_rels/workbook.xml.rels"] = content["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"'
        b' Target="calcChain.xml"/></Relationships>',
    )
    write(path, content)
    book = FilesBook.open(path)
    book.replace_columns("Duplicate", pd.DataFrame({"Balance": [1, 2, 3]}))
    book.save()
    assert "xl/calcChain.xml" not in parts(path)
    assert valid(path) == []
    assert FilesBook.open(path).read("Duplicate")["Balance"].tolist() == [0.01, 0.02, 0.03]


def test_list_checks_go_on_with_the_table(tmp_path: Path) -> None:
    path = hers(tmp_path / "hers.xlsx")
    book = openpyxl.load_workbook(path)
    check = openpyxl.worksheet.datavalidation.DataValidation("list", '"a,b"')
    check.add("D8:D10")
    book.active.add_data_validation(check)
    book.save(path)
    ours = FilesBook.open(path)
    ours.append("CashBook", receipts(3, 4, 5))
    ours.save()
    check = openpyxl.load_workbook(path).active.data_validations.dataValidation[0]
    assert str(check.sqref) == "D8:D12"


# ---- refusals that keep the file as it is --------------------------------------------------------------------------


def refused(path: Path, words: str, action) -> None:
    before = path.read_bytes()
    with pytest.raises(TaxError, match=words) as error:
        action()
    assert path.read_bytes() == before
    assert path.name in str(error.value) or "!" in str(error.value)


def test_a_cell_below_the_table_is_not_run_over(tmp_path: Path) -> None:
    path = hers(tmp_path / "hers.xlsx", below="E11")
    book = FilesBook.open(path)
    book.append("CashBook", receipts(3))
    refused(path, r"Bob's Cash!E11: .* must grow to row 11", lambda: book.append("CashBook", receipts(4)))


def test_a_total_row_must_go_first(tmp_path: Path) -> None:
    path = hers(tmp_path / "hers.xlsx", totals=True)
    refused(path, "has a total row", lambda: FilesBook.open(path).append("CashBook", receipts(3)))


@pytest.mark.parametrize("lock", ["~$town.xlsx", ".~lock.town.xlsx#"])
def test_a_book_open_in_a_program_is_not_written(town: Path, lock: str) -> None:
    book = FilesBook.open(town)
    book.append("CashBook", receipts(3))
    (town.parent / lock).write_text("")
    refused(town, "is open in a spreadsheet program", book.save)


def test_a_book_changed_meanwhile_is_not_written(town: Path) -> None:
    book, other = FilesBook.open(town), FilesBook.open(town)
    book.append("CashBook", receipts(3))
    other.append("CashBook", receipts(4))
    other.save()
    refused(town, "Someone else changed", book.save)


def test_a_read_only_book_is_not_written(town: Path) -> None:
    book = FilesBook.open(town)
    book.append("CashBook", receipts(3))
    os.chmod(town, 0o444)
    refused(town, "read-only", book.save)


def test_a_new_file_that_reads_back_otherwise_is_not_kept(town: Path, monkeypatch) -> None:
    book = FilesBook.open(town)
    book.append("CashBook", receipts(3))
    whole = Package.to_bytes

    def damaged(self: Package, **options: object) -> bytes:
        name = sheet_part("Cash Book")
        self.put(name, self.part(name).replace(b">R3<", b">R9<"))
        return whole(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Package, "to_bytes", damaged)
    refused(town, "failed its check", book.save)
    assert sorted(p.name for p in town.parent.iterdir()) == ["town.xlsx"]


# ---- files that are not what they seem -----------------------------------------------------------------------------


def write(path: Path, content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as book:
        for name, data in content.items():
            book.writestr(name, data)


def old_excel(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


def encrypted(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"))


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3000])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def text_file(path: Path) -> None:
    path.write_text("Bill,Tax\n1,2\n")


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def some_zip(path: Path) -> None:
    write(path, {"hello.txt": b"hello"})


def bomb(path: Path) -> None:
    write(path, parts(path) | {sheet_part("Duplicate"): bytes(200 << 20)})


def lying_bomb(path: Path) -> None:
    """A part whose header says it is small."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in (parts(path) | {"xl/media/big.xml": bytes(50 << 20)}).items():
            book.writestr(name, data)
    data = buffer.getvalue()
    path.write_bytes(data.replace((50 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")))


def entities(path: Path) -> None:
    name = sheet_part("Duplicate")
    body = parts(path)[name]
    at = body.index(b"<worksheet")
    declared = b'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    write(path, parts(path) | {name: body[:at] + declared + body[at:]})


def broken_xml(path: Path) -> None:
    write(path, parts(path) | {table_part("Duplicate"): b"<table><oops></table>"})


def no_table(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    del book["Duplicate"].tables["Duplicate"]
    book.save(path)


def no_column(path: Path) -> None:
    rename(path, "Net Tax", "Nett")


def doubled(path: Path) -> None:
    rename(path, "Party", "Bill No.")
    rename(path, "Bill", "Bill Number")


def rename(path: Path, old: str, new: str) -> None:
    book = openpyxl.load_workbook(path)
    for cell in book["Duplicate"][4]:
        if cell.value == old:
            cell.value = new
    for column in book["Duplicate"].tables["Duplicate"].tableColumns:
        if column.name == old:
            column.name = new
    book.save(path)


def merged(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Duplicate"].merge_cells("A4:B4")
    book.save(path)


def header_typed_over(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Duplicate"]["C4"] = "Whose"
    book.save(path)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (old_excel, r"old Excel 97-2003 file \(\.xls\)"),
        (encrypted, "encrypted with a password"),
        (truncated, "incomplete or damaged"),
        (flipped, "damaged"),
        (text_file, r"not an Excel workbook"),
        (empty_file, "This file is empty"),
        (some_zip, "zip file is not an Excel workbook"),
        (bomb, "unpacks to far more"),
        (lying_bomb, "damaged"),
        (entities, "declares XML entities"),
        (broken_xml, "damaged"),
        (no_table, "no table named Duplicate"),
        (no_column, r'Duplicate!A4: .*no column "Net Tax"'),
        (doubled, r'Duplicate!C4: "Bill No\." and "Bill Number" \(in Duplicate!A4\) both mean Bill'),
        (merged, r"Duplicate!A4: .*merged"),
        (header_typed_over, r'Duplicate!C4: .*says "Whose"'),
    ],
)
def test_bad_files_are_named_and_left_alone(town: Path, spoil, words: str) -> None:
    spoil(town)
    refused(town, words, lambda: FilesBook.open(town).read("Duplicate"))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadBook, match="This file does not exist"):
        FilesBook.open(tmp_path / "none.xlsx")


@pytest.mark.parametrize("text", ["bell \a", "x" * 32_768])
def test_text_no_cell_can_hold_is_refused(town: Path, text: str) -> None:
    refused(town, "Cash Book!", lambda: FilesBook.open(town).append("CashBook", receipts(3, Note=text)))


def test_reads_what_a_spreadsheet_program_shows(town: Path) -> None:
    """The same values as openpyxl reads, over every column."""
    ours = FilesBook.open(town).read("CashBook")
    sheet = openpyxl.load_workbook(town, data_only=True)["Cash Book"]
    for i, name in enumerate(CASH_BOOK.names, 1):
        theirs = [sheet.cell(r, i).value for r in (5, 6)]
        assert ours[name].tolist() == [t.date() if isinstance(t, dt.datetime) else t for t in theirs], name


def test_a_formula_typed_over_in_one_row_does_not_stop_the_totals(tmp_path: Path) -> None:
    path = hers(tmp_path / "hers.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["G9"] = 7
    book.save(path)
    ours = FilesBook.open(path)
    ours.append("CashBook", receipts(3))
    ours.save()
    assert FilesBook.open(path).read("CashBook")["Double"].tolist() == [20, 7, 24.68]


def test_a_formula_no_one_here_knows_keeps_its_value_and_is_left_to_excel(tmp_path: Path) -> None:
    path = make(tmp_path / "town.xlsx")
    content = parts(path)
    name = sheet_part("History")
    cell = re.search(rb'<c r="A5"[^>]*></c>', content[name])
    write(
        path, content | {name: content[name].replace(cell[0], b'<c r="A5"><f>NOSUCH(CashBook[Tax])</f><v>42</v></c>')}
    )
    book = FilesBook.open(path)
    book.append("CashBook", receipts(3))
    book.save()
    assert b"<f>NOSUCH(CashBook[Tax])</f><v>42</v>" in parts(path)[name]
    assert b'fullCalcOnLoad="1"' in parts(path)["xl/workbook.xml"]


def test_a_note_of_hers_in_the_blank_last_row_stays(tmp_path: Path) -> None:
    path = hers(tmp_path / "hers.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["D10"] = "call Bob"
    book.save(path)
    ours = FilesBook.open(path)
    ours.append("CashBook", receipts(3))
    ours.save()
    after = FilesBook.open(path).read("CashBook")
    assert after["My Note"].tolist() == ["mine 1", "mine 2", "call Bob"]
    assert after["Receipt No"].tolist() == ["001", "002", "R3"]


def test_the_row_to_type_into_of_an_empty_table_is_used(tmp_path: Path) -> None:
    path = make(tmp_path / "empty.xlsx", bills=0)
    content = parts(path)
    name = table_part("CashBook")
    write(path, content | {name: content[name].replace(b"<table ", b'<table insertRow="1" ')})
    book = FilesBook.open(path)
    book.append("CashBook", receipts(3))
    book.save()
    assert b"insertRow" not in parts(path)[name]
    assert len(FilesBook.open(path).read("CashBook")) == 1


@pytest.mark.parametrize("text", ["a\r\nb", "a\tb", "  ", "'quoted", "+1", "@x", "-3", "\u00a0", "\U0001f600"])
def test_odd_texts_survive(town: Path, text: str) -> None:
    book = FilesBook.open(town)
    book.append("CashBook", receipts(3, Note=text))
    book.save()
    assert FilesBook.open(town).read("CashBook")["Note"].tolist()[-1] == text


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, ""])
def test_every_missing_value_is_an_empty_cell(town: Path, missing: object) -> None:
    book = FilesBook.open(town)
    book.append("CashBook", receipts(3, Note=missing, Misc=missing, Effective=missing, Inst=missing))
    book.save()
    last = FilesBook.open(town).read("CashBook").iloc[-1]
    assert last[["Note", "Misc", "Effective", "Inst"]].tolist() == [None] * 4


def test_a_part_of_an_installment_is_refused(town: Path) -> None:
    refused(town, "2.5 is not a whole number", lambda: FilesBook.open(town).append("CashBook", receipts(3, Inst=2.5)))


def test_a_big_duplicate_in_reasonable_time(tmp_path: Path) -> None:
    path = make(tmp_path / "big.xlsx", bills=5000)
    book = FilesBook.open(path)
    book.replace_columns("Duplicate", pd.DataFrame({"Balance": range(5000)}))
    book.save()
    assert FilesBook.open(path).read("Duplicate")["Balance"].iloc[-1] == 49.99
    assert len(duplicate(5000)) == 5000
