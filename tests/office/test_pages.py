"""Printed pages: every block kind on paper, real values in the cells, the right number of pages in real Calc."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import struct
import subprocess
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from xltax.errors import BadValue
from xltax.hosts.beside import Beside
from xltax.pages import Cut, Fields, Gap, Grid, Heading, Labels, Lines, Page, Signatures, Text
from xltax.sheets.measure import width, wrap
from xltax.sheets.pages import to_xlsx

ADDRESS = Lines(("JANE Q. TAXPAYER", "12 OAK LANE", "COLTS NECK, NJ 07722"))
STUB = (
    Cut("Return this part with your payment"),
    Fields((("Bill", "0012-7", "id"), ("Due", 98765, "money"))),
    Lines(("0012 0000098765 7",), "mono"),
)
OFFICE = "Township of Colts Neck - Tax Collector"


def page(*blocks, key: str = "", landscape: bool = False, footer: str = "") -> Page:
    return Page("Notice", blocks, OFFICE, key, footer, landscape)


def grid(rows: int, *, total: bool = False) -> Grid:
    body = [(f"{i:05}", f"Owner {i}", dt.date(2026, 8, 1), 100 * i + 5, i) for i in range(rows)]
    end = [("", "Total", None, sum(r[3] for r in body), rows)] if total else []
    return Grid(
        ("Bill", "Owner", "Due", "Tax", "No."), ("id", "text", "date", "money", "count"), body + end, total=total
    )


def sheets(*pages: Page):
    return openpyxl.load_workbook(BytesIO(to_xlsx(pages)))


def find(sheet, value):
    return next(
        c
        for row in sheet.iter_rows()
        for c in row
        if c.value == value and isinstance(c.value, str) is isinstance(value, str)
    )


def top_of(sheet, row: int) -> float:
    """How far a row begins below the margin of its own page, in points."""
    first = max([b.id for b in sheet.row_breaks.brk if b.id < row], default=0) + 1
    return sum(sheet.row_dimensions[r].height for r in range(first, row))


def paper_heights(sheet) -> list[float]:
    ends = [0, *(b.id for b in sheet.row_breaks.brk), sheet.max_row]
    return [sum(sheet.row_dimensions[r].height for r in range(a + 1, b + 1)) for a, b in pairwise(ends)]


EVERY = page(
    ADDRESS,
    Lines(("Block 12 Lot 3",), "bold", right=True),
    Heading("What is owed"),
    Text("A sentence that goes on. " * 20),
    Text("Not to be missed. " * 12, "box"),
    Fields((("Value", 45000000, "money"), ("Billed", dt.date(2026, 6, 14), "date"), ("Account", "0001234", "id"))),
    Fields((("Formula?", '=HYPERLINK("http://example.com")', "text"), ("Rate", "1.234", "number")), 1),
    grid(4, total=True),
    Gap(2),
    Text("Small print. " * 30, "small"),
    Signatures(("Collector", "Treasurer", "Witness")),
    *STUB,
    key="0012-7",
    footer="Office hours 9 to 4",
)


def test_values_are_values_and_text_is_never_a_formula() -> None:
    sheet = sheets(EVERY)["Pages"]
    assert find(sheet, 450000).number_format.startswith('"$"')
    assert find(sheet, dt.datetime(2026, 6, 14)).number_format == "mmm\\ d\\,\\ yyyy"
    assert find(sheet, "0001234").data_type == "s"
    assert find(sheet, '=HYPERLINK("http://example.com")').data_type in ("s", "inlineStr")
    assert find(sheet, 1.234).data_type == "n"
    assert find(sheet, 3.05).value == 3.05  # 305 cents
    assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_the_sum_is_bold_and_styles_are_named() -> None:
    sheet = sheets(EVERY)["Pages"]
    row = find(sheet, "Total").row
    assert all(c.font.bold for c in sheet[row] if c.value is not None)
    assert {c.style for line in sheet.iter_rows() for c in line if c.value is not None} <= {
        s for s in sheet.parent.named_styles if s.startswith("xltax print")
    }


def test_the_address_stands_in_the_window_and_nothing_else_does() -> None:
    sheet = sheets(EVERY)["Pages"]
    cell = find(sheet, "JANE Q. TAXPAYER")
    margin = sheet.page_margins.top * 72
    # A No. 10 window always shows 2.5 to 3.17 inches of a letter folded in three, and 2.04 to 3.17 once it has settled.
    first, last = margin + top_of(sheet, cell.row), margin + top_of(sheet, cell.row + 3)
    assert first >= 2.04 * 72
    assert last <= 3.17 * 72
    heading = find(sheet, "What is owed")
    assert margin + top_of(sheet, heading.row) >= 3.17 * 72
    beside = find(sheet, "Block 12 Lot 3")
    assert beside.row == cell.row
    assert beside.column > cell.column


def test_what_follows_a_cut_stands_at_the_bottom() -> None:
    for blocks in ((Text("short"),), (grid(20),), (grid(50),)):
        sheet = sheets(page(*blocks, *STUB))["Pages"]
        row = find(sheet, "0012 0000098765 7").row
        assert row == sheet.max_row
        assert top_of(sheet, row) > 650


@pytest.mark.parametrize("landscape", [False, True])
def test_every_page_is_filled_to_the_same_height_and_no_wider_than_the_paper(landscape: bool) -> None:
    blocks = (ADDRESS, Text("Words and words. " * 300), grid(150, total=True), Signatures(("Collector", "Treasurer")))
    sheet = sheets(page(*blocks, landscape=landscape), page(Text("x"), landscape=landscape))["Pages"]
    heights = paper_heights(sheet)
    assert len(heights) > 3
    assert len({round(h) for h in heights}) == 1
    paper = 8.5 if landscape else 11
    assert heights[0] <= (paper - 2 * 0.5) * 72 - 10
    area = sheet.print_area.replace("$", "")
    count = openpyxl.utils.column_index_from_string("".join(filter(str.isalpha, area.split(":")[1])))
    inches = sum(sheet.column_dimensions[openpyxl.utils.get_column_letter(i)].width for i in range(1, count + 1))
    assert inches * 7 / 96 * 1.065 <= (11 if landscape else 8.5) - 2 * 0.6
    # Excel keeps rows in steps of 0.75 points; anything else would be rounded and add up.
    assert all(d.height % 0.75 == 0 for d in sheet.row_dimensions.values())


def test_a_long_table_repeats_its_header_and_counts_its_pages() -> None:
    sheet = sheets(page(grid(120, total=True), footer="Footer", key="K"))["Pages"]
    papers = len(sheet.row_breaks.brk) + 1
    values = [c.value for row in sheet.iter_rows() for c in row]
    assert papers > 2
    assert values.count("Owner") == papers
    assert values.count("Footer") == papers
    assert values.count("Notice") == 1
    assert values.count("Notice (continued)") == papers - 1
    assert values.count("K") == papers
    assert [v for v in values if str(v).startswith("Page ")] == [f"Page {n} of {papers}" for n in range(1, papers + 1)]
    assert [v for v in values if isinstance(v, str) and v.startswith("0")] == [f"{i:05}" for i in range(120)]


def test_a_sum_or_a_heading_never_stands_alone() -> None:
    for rows in range(30, 60):
        sheet = sheets(page(grid(rows, total=True), Heading("After"), Text("One line")))["Pages"]
        breaks = [b.id for b in sheet.row_breaks.brk]
        total = find(sheet, "Total").row
        assert not any(total - 1 <= b < total for b in breaks), rows
        heading, after = find(sheet, "After").row, find(sheet, "One line").row
        assert not any(heading <= b < after for b in breaks), rows


def test_more_pages_than_a_sheet_can_break_go_on_another_and_orientations_do_not_mix() -> None:
    book = sheets(*[page(Text(str(n)), landscape=n >= 2001) for n in range(2004)])
    assert [len(s.row_breaks.brk) + 1 for s in book] == [1000, 1000, 1, 3]
    assert [s.page_setup.orientation for s in book] == ["portrait"] * 3 + ["landscape"]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (Fields((("Tax", "12.50", "money"),)), "whole cents"),
        (Fields((("Tax", 12.5, "money"),)), "whole cents"),
        (Fields((("Day", "soon", "date"),)), "not a date"),
        (Fields((("Name", ["a"], "text"),)), "cannot go on a printed page"),
        (Text("bell \x07"), "control character"),
        (Grid(("A",), ("text",), [("x", "y")]), "2 cells for 1 columns"),
        (Grid(("A", "B"), ("text",), []), "one header"),
        (Grid(("A",) * 200, ("text",) * 200, []), "does not fit"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_its_page(block, says: str) -> None:
    with pytest.raises(BadValue, match=says) as caught:
        to_xlsx([page(Text("fine")), page(block, key="2026-7")])
    assert "page Notice 2026-7" in str(caught.value)
    with pytest.raises(BadValue, match="nothing to print"):
        to_xlsx([])


def test_texts_wrap_as_they_print() -> None:
    assert wrap("one two three", 1000, 10) == ("one two three",)
    assert wrap("one\ntwo", 1000, 10) == ("one", "two")
    assert all(width(line, 10) <= 60 for line in wrap("W" * 50 + " and some more words", 60, 10))
    assert "".join(wrap("W" * 50, 60, 10)) == "W" * 50
    assert wrap("", 60, 10) == ("",)


def test_a_text_stands_away_from_the_amount_before_it() -> None:
    """A left-aligned column after a right-aligned one is indented, in its header too; the first column is not."""
    body = Grid(
        ("Owner", "Left", "Standing"), ("text", "money", "text"), [("A", 100, "past due"), ("Sum", 100, "")], total=True
    )
    (sheet,) = sheets(page(body))
    for words, indent in (("past due", 1), ("Standing", 1), ("Owner", 0), ("A", 0)):
        assert find(sheet, words).alignment.indent == indent, words


def test_a_table_without_rows_says_so() -> None:
    (sheet,) = sheets(page(Grid(("Clerk", "Calls"), ("text", "count"), [])))
    assert find(sheet, "None.").row == find(sheet, "Clerk").row + 1


def test_what_runs_over_one_page_is_set_closer_before_it_takes_a_second() -> None:
    loose, close = page(grid(44), STUB[0]), replace(page(grid(44), STUB[0]), close=True)
    assert [len(paper_heights(sheets(p)["Pages"])) for p in (loose, close)] == [2, 1]
    (few,) = sheets(replace(page(grid(3)), close=True))
    assert find(few, "00001").font.size == 9.5, "what fits is set as always"
    assert len(paper_heights(sheets(replace(page(grid(200)), close=True))["Pages"])) > 1


def test_labels_are_an_inch_high_thirty_to_a_sheet() -> None:
    who = tuple((f"OWNER {n}", "12 OAK LANE", "COLTS NECK, NJ 07722") for n in range(30))
    (sheet,) = sheets(Page("Labels", (Labels(who),), labels=True), Page("Labels", (Labels(who[:4]),), labels=True))
    assert paper_heights(sheet)[0] == 720
    rows = [r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value]
    assert {sheet.row_dimensions[r].height for r in rows} == {72}
    assert (len(rows), len({c.value for row in sheet.iter_rows() for c in row if c.value})) == (12, 30)
    margins = sheet.page_margins
    assert (margins.top, margins.top + 10 + margins.bottom <= 11) == (0.5, True)


def picture(across: int, down: int) -> bytes:
    """A PNG of one grey, as any program writes it."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * across) * down)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def test_the_towns_seal_stands_on_every_page_of_every_document(valid, tmp_path: Path) -> None:
    sealed = replace(page(grid(60)), seal=True)
    labels = Page("Labels", (Labels((("OWNER", "12 OAK LANE"),)),), labels=True)
    made = to_xlsx([sealed, page(Text("x")), replace(sealed, landscape=True), sealed, labels], picture(200, 100))
    path = tmp_path / "sealed.xlsx"
    path.write_bytes(made)
    assert valid(path) == []
    book = openpyxl.load_workbook(BytesIO(made))
    with zipfile.ZipFile(BytesIO(made)) as package:
        assert len(book.worksheets) == 4
        for number, ws in enumerate(book.worksheets[:3], 1):  # and none on the labels
            anchors = package.read(f"xl/drawings/drawing{number}.xml").decode()
            rows = [int(r) + 1 for r in re.findall(r"<xdr:row>(\d+)</xdr:row>", anchors)]
            assert {ws.cell(r, 1).value for r in rows} == {OFFICE}, "on the first row of each sheet of paper"
            assert len(rows) == len(ws.row_breaks.brk) + 1
    with zipfile.ZipFile(BytesIO(made)) as package:
        assert [n for n in package.namelist() if n.startswith("xl/media")] == ["xl/media/seal.png"]
        drawing = package.read("xl/drawings/drawing1.xml").decode()
    assert f'descr="The seal on pages of {OFFICE}"' in drawing
    across, down = map(int, re.search(r'<xdr:ext cx="(\d+)" cy="(\d+)"', drawing).groups())  # type: ignore[union-attr]
    assert across == 2 * down, "as wide to its height as the picture"
    assert not [c for ws in book for row in ws.iter_rows() for c in row if c.value == "Town"]


def test_without_a_picture_there_is_a_frame_for_the_seal() -> None:
    (sheet,) = sheets(replace(page(Text("x")), seal=True))
    town, seal = find(sheet, "Town"), find(sheet, "seal")
    assert (town.column, town.row + 1) == (seal.column, seal.row)
    assert all(getattr(c.border, side).style for c in (town, seal) for side in ("left",))
    (plain,) = sheets(page(Text("x")))
    assert not [c for row in plain.iter_rows() for c in row if c.value == "Town"]


@pytest.mark.parametrize("data", [b"GIF89a", b"\x89PNG\r\n\x1a\n", picture(0, 5)])
def test_a_seal_that_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadValue, match=r"seal\.png"):
        to_xlsx([replace(page(Text("x")), seal=True)], data)


def test_the_seal_is_taken_from_the_folder_of_the_book(tmp_path: Path) -> None:
    beside = Beside(tmp_path / "town.xlsx")
    (tmp_path / "seal.png").write_bytes(picture(50, 50))
    beside.put_pages("bill", [replace(page(Text("x")), seal=True)])
    beside.write()
    with zipfile.ZipFile(tmp_path / "town bill.xlsx") as package:
        assert package.read("xl/media/seal.png") == picture(50, 50)


def test_the_same_pages_give_the_same_bytes_and_a_valid_book(valid, tmp_path: Path) -> None:
    pages = [EVERY, page(grid(90)), page(grid(30), landscape=True)]
    assert to_xlsx(pages) == to_xlsx(pages)
    book = tmp_path / "pages.xlsx"
    book.write_bytes(to_xlsx(pages))
    assert valid(book) == []


@pytest.mark.calc
def test_calc_prints_exactly_these_pages(calc, tmp_path: Path) -> None:
    bills = [page(ADDRESS, grid(6, total=True), Text("Flood " * 40, "box"), *STUB, key=f"B{n}") for n in range(60)]
    pages = [*bills, EVERY, page(Text("Words. " * 900), grid(100)), page(grid(60), landscape=True)]
    path = tmp_path / "pages.xlsx"
    path.write_bytes(to_xlsx(pages))
    book = openpyxl.load_workbook(path)
    expected = sum(len(s.row_breaks.brk) + 1 for s in book)
    pdf = calc(path, "pdf")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (tests/install_calc.sh installs poppler-utils)")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    printed = text.split("\f")[:-1]
    assert len(printed) == expected
    assert "###" not in text
    assert "B59" not in text  # the key stands beside what is printed
    for one in printed[:60]:
        assert "JANE Q. TAXPAYER" in one
        assert "0012 0000098765 7" in one
    every = " ".join(printed[60].split())
    for words in (
        "What is owed",
        "Not to be missed.",
        "$450,000.00",
        "Jun 14, 2026",
        "=HYPERLINK(",
        "Total",
        "Witness",
    ):
        assert words in every
