"""What a user put into her book is there afterwards: every kind of part, and every reference that goes with a table."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.books.one_book import beside
from tests.books.small_books import make, receipts, sheet_part
from xltax.errors import BadBook, TaxError
from xltax.hosts.files import FilesBook

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
TYPES = "application/vnd.openxmlformats-officedocument."
CASH = sheet_part("Cash Book")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {n: book.read(n) for n in book.namelist()}


def write(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in content.items():
            book.writestr(name, data)


def add(path: Path, name: str, data: bytes, kind: str, type_: str, owner: str = "xl/workbook.xml") -> None:
    """A part of the user's own, named in the content types and related to its owner ("" is the package)."""
    content = parts(path)
    content[name] = data
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
        b"</Types>", f'<Override PartName="/{name}" ContentType="{type_}"/></Types>'.encode()
    )
    folder, _, file = owner.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels" if folder else "_rels/.rels"
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    content[rels] = content.get(rels, empty).replace(
        b"</Relationships>",
        f'<Relationship Id="hers{len(content)}" Type="{kind}" Target="/{name}"/></Relationships>'.encode(),
    )
    write(path, content)


def post(path: Path, *numbers: int) -> None:
    book = FilesBook.open(path)
    book.append("CashBook", receipts(*numbers))
    book.save()


# ---- parts of every kind ------------------------------------------------------------------------------------------

XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PIVOT = (
    XML
    + b'<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cacheSource '
    + b'type="worksheet"><worksheetSource ref="A4:AK6" sheet="Cash Book"/></cacheSource></pivotCacheDefinition>'
)
SHAPE = (
    XML
    + b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"><xdr:absoluteAnchor>'
    + b"<xdr:sp/></xdr:absoluteAnchor></xdr:wsDr>"
)
KINDS = {
    "a picture": ("xl/media/hers.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), OFFICE + "image", "image/png", CASH),
    "a shape": ("xl/drawings/drawing77.xml", SHAPE, OFFICE + "drawing", TYPES + "drawing+xml", CASH),
    "a pivot table's records": (
        "xl/pivotCache/pivotCacheRecords9.xml", XML + b"<r/>", OFFICE + "pivotCacheRecords",
        TYPES + "spreadsheetml.pivotCacheRecords+xml", "xl/workbook.xml",
    ),
    "a comment": (
        "xl/comments9.xml", XML + b"<comments><c/></comments>", OFFICE + "comments",
        TYPES + "spreadsheetml.comments+xml", CASH,
    ),
    "a thread of comments": (
        "xl/threadedComments/threadedComment1.xml", XML + b"<ThreadedComments/>",
        "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
        "application/vnd.ms-excel.threadedcomments+xml", CASH,
    ),
    "a slicer": (
        "xl/slicers/slicer1.xml", XML + b"<slicers/>",
        "http://schemas.microsoft.com/office/2007/relationships/slicer", "application/vnd.ms-excel.slicer+xml", CASH,
    ),
    "dynamic arrays": (
        "xl/metadata.xml", XML + b"<metadata/>", OFFICE + "sheetMetadata",
        TYPES + "spreadsheetml.sheetMetadata+xml", "xl/workbook.xml",
    ),
    "macros": (
        "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Attribut" * 99,
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "application/vnd.ms-office.vbaProject",
        "xl/workbook.xml",
    ),
    "a ribbon": (
        "customUI/customUI14.xml", XML + b"<customUI/>",
        "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", "application/xml", "",
    ),
    "a link to another book": (
        "xl/externalLinks/externalLink1.xml", XML + b"<externalLink/>", OFFICE + "externalLink",
        TYPES + "spreadsheetml.externalLink+xml", "xl/workbook.xml",
    ),
    "XML of her own": (
        "customXml/item1.xml", XML + b"<hers/>", OFFICE + "customXml", "application/xml", "xl/workbook.xml",
    ),
    "printer settings": (
        "xl/printerSettings/printerSettings1.bin", bytes(range(200)), OFFICE + "printerSettings",
        TYPES + "spreadsheetml.printerSettings", CASH,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_of_hers_is_carried_byte_for_byte(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path / "town.xlsx")
    add(path, *KINDS[kind][:2], KINDS[kind][2], KINDS[kind][3], KINDS[kind][4])
    before = parts(path)
    post(path, 3)
    after = parts(path)
    for name in (KINDS[kind][0], "[Content_Types].xml", f"{CASH.replace('sheets/', 'sheets/_rels/')}.rels"):
        assert after[name] == before[name]
    assert set(after) == set(before)


def test_a_macro_workbook_is_opened_and_kept_as_one(tmp_path: Path) -> None:
    path = make(tmp_path / "town.xlsm")
    add(path, *KINDS["macros"])
    content = parts(path)
    types = content["[Content_Types].xml"].replace(
        (TYPES + "spreadsheetml.sheet.main+xml").encode(), b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    write(path, content | {"[Content_Types].xml": types})
    post(path, 3)
    after = parts(path)
    assert b"macroEnabled" in after["[Content_Types].xml"]
    assert after["xl/vbaProject.bin"] == KINDS["macros"][1]
    assert FilesBook.open(path).read("CashBook")["Receipt"].tolist() == ["R1", "R2", "R3"]
    # Its totals are worked out here too, so Excel need not ask to save a book nobody changed.
    assert b'fullCalcOnLoad="1"' not in after["xl/workbook.xml"]
    start = openpyxl.load_workbook(path, data_only=True, keep_vba=True)["Start"]
    assert beside(start, "Lines in the Cash Book") == 3


def test_cells_with_what_xltax_does_not_know_stay(tmp_path: Path) -> None:
    """A dynamic array's formula, rich text, a checkbox: on a sheet that is changed, outside what is written."""
    path = make(tmp_path / "town.xlsx")
    content = parts(path)
    odd = (
        b'<row r="2" ht="30" customHeight="1"><c r="AK2" s="0" cm="1"><f t="array" ref="AK2:AK3">{1;2}</f><v>1</v></c>'
        b'<c r="AL2" t="inlineStr"><is><r><rPr><b/></rPr><t>bold</t></r><r><t> plain</t></r></is></c>'
        b'<c r="AM2" vm="1" t="b"><v>1</v></c></row>'
    )
    xml = content[CASH]
    row = re.search(rb'<row r="2"[^>]*>.*?</row>', xml, re.S)
    assert row
    write(path, content | {CASH: xml.replace(row[0], odd)})
    post(path, 3)
    for piece in (b'cm="1"><f t="array" ref="AK2:AK3">', odd[odd.index(b'<c r="AL2"') :]):
        assert piece in parts(path)[CASH]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("_xmlsignatures/origin.sigs", b"", "is digitally signed"),
        ("_xmlsignatures/sig1.xml", XML + b"<Signature/>", "is digitally signed"),
        ("xl/revisions/revisionHeaders.xml", XML + b"<headers/>", "tracked changes"),
    ],
)
def test_a_book_that_a_change_would_break_is_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = make(tmp_path / "town.xlsx")
    add(path, name, data, OFFICE + "x", "application/xml")
    before = path.read_bytes()
    with pytest.raises(BadBook, match=words):
        post(path, 3)
    assert path.read_bytes() == before
    assert len(FilesBook.open(path).read("CashBook")) == 2, "it can still be read"


def test_a_book_that_asks_for_a_password_to_modify_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "town.xlsx")
    content = parts(path)
    book = content["xl/workbook.xml"]
    locked = book.replace(b"<workbookPr", b'<fileSharing userName="Clerk" reservationPassword="83AF"/><workbookPr', 1)
    assert locked != book
    write(path, content | {"xl/workbook.xml": locked})
    with pytest.raises(BadBook, match="needs a password"):
        post(path, 3)


def test_a_thing_lost_from_a_changed_sheet_stops_the_save(tmp_path: Path, monkeypatch) -> None:
    from xltax.sheets.grid import Grid

    path = make(tmp_path / "town.xlsx")
    before = path.read_bytes()
    apply = Grid.apply

    def careless(self: Grid, *args: object) -> None:
        apply(self, *args)  # type: ignore[arg-type]
        self.xml = re.sub(rb"<pageSetup[^>]*/>", b"", self.xml)

    monkeypatch.setattr(Grid, "apply", careless)
    with pytest.raises(BadBook, match="failed its check"):
        post(path, 3)
    assert path.read_bytes() == before


# ---- references that go with a table --------------------------------------------------------------------------------


def rich(path: Path) -> Path:
    """A town's book with a sheet of hers: a chart of the cash book, totals in every spelling, formats, a print area."""
    make(path)
    book = openpyxl.load_workbook(path)
    cash, hers = book["Cash Book"], book.create_sheet("Bob's & Co")
    chart = BarChart()
    chart.add_data(Reference(cash, min_col=27, min_row=4, max_row=6), titles_from_data=True)
    hers.add_chart(chart, "D4")
    hers["A1"] = "=SUM('Cash Book'!AA5:AA6)"
    hers["A2"] = "=SUM('Cash Book'!$AA$5:$AA$6)-'Cash Book'!AA6+SUM('Cash Book'!AA5:AA5)"
    hers["A3"] = "=SUM(Duplicate!AA5:AA6)&\"'Cash Book'!AA5:AA6 & <more>\""
    hers["A4"].comment = Comment("call the bank", "Bob")
    hers["B1"].hyperlink = "https://example.org/"
    hers.freeze_panes = "B2"
    hers.print_area = "A1:C9"
    cash["AJ2"] = "=SUM(AA5:AA6)"
    cash.conditional_formatting.add("AA5:AA6", CellIsRule("greaterThan", ["1"], fill=PatternFill("solid", "FFFF0000")))
    check = DataValidation("list", '"a,b"')
    check.add("Q5:Q6")
    cash.add_data_validation(check)
    cash.print_area = "A1:AK6"
    book.defined_names["collected"] = DefinedName("collected", attr_text="'Cash Book'!$AA$5:$AA$6")
    book.defined_names["first_two"] = DefinedName("first_two", attr_text="'Cash Book'!$AA$5:$AB$5")
    book.save(path)
    add(
        path,
        "xl/pivotCache/pivotCacheDefinition9.xml",
        PIVOT,
        OFFICE + "pivotCacheDefinition",
        TYPES + "spreadsheetml.pivotCacheDefinition+xml",
    )
    return path


def test_references_to_the_whole_table_go_on_with_it_and_others_stay(tmp_path: Path) -> None:
    path = rich(tmp_path / "rich.xlsx")
    post(path, 3, 4)
    book = openpyxl.load_workbook(path)
    hers, cash = book["Bob's & Co"], book["Cash Book"]
    assert cash.tables["CashBook"].ref == "A4:AK8"
    assert hers["A1"].value == "=SUM('Cash Book'!AA5:AA8)"
    assert hers["A2"].value == "=SUM('Cash Book'!$AA$5:$AA$8)-'Cash Book'!AA6+SUM('Cash Book'!AA5:AA5)"
    assert hers["A3"].value == "=SUM(Duplicate!AA5:AA6)&\"'Cash Book'!AA5:AA6 & <more>\""
    assert cash["AJ2"].value == "=SUM(AA5:AA8)"
    assert book.defined_names["collected"].attr_text == "'Cash Book'!$AA$5:$AA$8"
    assert book.defined_names["first_two"].attr_text == "'Cash Book'!$AA$5:$AB$5"
    assert cash.print_area == "'Cash Book'!$A$1:$AK$8"
    assert hers.print_area == "'Bob''s & Co'!$A$1:$C$9"
    assert [str(r.sqref) for r in cash.conditional_formatting if "AA5" in str(r.sqref)] == ["AA5:AA8"]
    assert "Q5:Q8" in {str(d.sqref) for d in cash.data_validations.dataValidation}
    content = parts(path)
    charts = b"".join(v for n, v in content.items() if n.startswith("xl/charts/chart"))
    assert b"'Cash Book'!$AA$5:$AA$8</" in charts
    assert b'ref="A4:AK8" sheet="Cash Book"' in content["xl/pivotCache/pivotCacheDefinition9.xml"]
    assert hers["A4"].comment.text == "call the bank"
    assert hers["B1"].hyperlink.target == "https://example.org/"
    assert hers.freeze_panes == "B2"
    # The total is fresh without any spreadsheet program.
    assert openpyxl.load_workbook(path, data_only=True)["Bob's & Co"]["A1"].value == pytest.approx(4 * 12.34)


def test_references_go_on_when_an_output_table_shrinks_and_grows_again(tmp_path: Path) -> None:
    path = make(tmp_path / "town.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = next(s for s in book.worksheets if "Delinquent" in s.tables)
    first = int(re.search(r"\d+", sheet.tables["Delinquent"].ref)[0]) + 1
    hers = book.create_sheet("Hers")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=first, max_row=first))  # one row: openpyxl writes one cell
    hers.add_chart(chart, "D4")
    hers["A1"] = f"=COUNTA('{sheet.title}'!A{first}:A{first})"
    book.save(path)
    for count in (5, 2, 9, 1, 3):
        ours = FilesBook.open(path)
        ours.replace_rows("Delinquent", pd.DataFrame({"Account": [f"0{n}" for n in range(count)]}))
        ours.save()
        last = first + count - 1
        assert FilesBook.open(path)._reader.cell("Hers", 1, 1) == count
        charts = b"".join(v for n, v in parts(path).items() if n.startswith("xl/charts/chart"))
        assert f"$C${first}:$C${last}</".encode() in charts


def test_the_rich_book_opens_in_calc_with_its_chart(tmp_path: Path, calc, valid) -> None:
    path = make(tmp_path / "rich.xlsx")
    book = openpyxl.load_workbook(path)
    cash, hers = book["Cash Book"], book.create_sheet("Hers")
    chart = BarChart()
    chart.add_data(Reference(cash, min_col=27, min_row=4, max_row=6), titles_from_data=True)
    hers.add_chart(chart, "D4")
    book.save(path)
    errors = set(valid(path))
    post(path, 3, 4)
    # openpyxl writes every text into its cell, which the validator does not like; it is told apart here.
    assert {e for e in valid(path) if "inline-string" not in e} <= errors
    again = openpyxl.load_workbook(calc(path, "xlsx"))
    assert len(again["Hers"]._charts) == 1
    assert again["Cash Book"].tables["CashBook"].ref == "A4:AK8"


# ---- what stands below a table ----------------------------------------------------------------------------------------


def below(path: Path, change) -> None:
    """A town's book in which something of hers stands below the cash book, which ends at row 6."""
    make(path)
    book = openpyxl.load_workbook(path)
    change(book["Cash Book"])
    book.save(path)


def a_table(sheet) -> None:
    sheet["B9"], sheet["C9"] = "Hers", "Too"
    sheet.add_table(Table(displayName="Hers", ref="B9:C10"))


def an_array(sheet) -> None:
    sheet["B8"] = openpyxl.worksheet.formula.ArrayFormula("B8:B9", "={1;2}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.merge_cells("B8:D8"), "Cash Book!B8: .*there are merged cells below it"),
        (a_table, "Cash Book!B9: .*the table Hers is below it"),
        (lambda s: setattr(s.auto_filter, "ref", "A8:C8"), "Cash Book!A8: .*there is a filter below it"),
        (lambda s: s.cell(8, 4, "hers"), "Cash Book!D8: .*a cell below the table is not empty"),
        (lambda s: s.cell(9, 4, "=1+1"), "Cash Book!D9: .*a cell below the table is not empty"),
        (an_array, "Cash Book!B8: .*a cell below the table is not empty"),
    ],
)
def test_a_table_does_not_grow_over_what_is_hers(tmp_path: Path, change, words: str) -> None:
    path = tmp_path / "town.xlsx"
    below(path, change)
    post(path, 3)  # one row still fits
    before = path.read_bytes()
    with pytest.raises(TaxError, match=words):
        post(path, 4, 5, 6)
    assert path.read_bytes() == before


def test_what_stands_beside_the_table_or_far_below_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "town.xlsx"

    def change(sheet) -> None:
        sheet.merge_cells("AM8:AN9")
        sheet["AM8"] = "beside"
        sheet.merge_cells("A40:C40")
        sheet["A40"] = "far below"

    below(path, change)
    post(path, 3, 4, 5)
    sheet = openpyxl.load_workbook(path)["Cash Book"]
    assert {str(r) for r in sheet.merged_cells.ranges} == {"AM8:AN9", "A40:C40"}
    assert (sheet["AM8"].value, sheet["A40"].value) == ("beside", "far below")
