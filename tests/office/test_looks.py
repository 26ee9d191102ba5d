"""What everybody can read: the books of all states held to Section 508 (WCAG 2.1 AA, chapter 5 of the Revised 508 Standards).

Real tables with header rows, no merged cell in them, contrast worked out from the styles, words for every chart, no meaning by
colour alone, names that are unique, and on top of every sheet what it is for and what to do.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from xltax.workbooks import FAMILIES
from xltax.workbooks.families import GENERAL

from xltax.faces.books import book_of, desks_of
from xltax.sheets.cells import split_ref
from xltax.sheets.look import add_styles
from xltax.sheets.look_printed import add_printed_styles
from xltax.sheets.measure import width
from xltax.sheets.model import BookSpec
from xltax.sheets.write import build_bytes

EVERY = [*FAMILIES.values(), GENERAL]
FAMILY = pytest.mark.parametrize("family", EVERY, ids=lambda f: f.template)
pytestmark = pytest.mark.filterwarnings("ignore:Print area")


@pytest.fixture(scope="module")
def built() -> bytes:
    return build_bytes(book_of(EVERY[0]))


# ---- words ------------------------------------------------------------------------------------------------------------


@FAMILY
def test_every_sheet_says_what_it_is_for_and_what_to_do(family) -> None:
    for sheet in book_of(family).sheets:
        said = " ".join(
            [sheet.purpose, sheet.next_step, *(str(c.value) for c in sheet.cells if split_ref(c.at)[1] <= 3)]
        )
        assert len(sheet.purpose) > 30, sheet.title
        assert sheet.next_step or (sheet.title == "Quote" and "Run Quote" in said), sheet.title
        assert len(f"{sheet.purpose} {sheet.next_step}") < 260, sheet.title


def test_both_sentences_stand_on_top_of_the_sheet(built: bytes) -> None:
    opened = openpyxl.load_workbook(BytesIO(built))
    for spec in book_of(EVERY[0]).sheets:
        top = " ".join(str(opened[spec.title][a].value or "") for a in ("A2", "A3"))
        assert spec.purpose in top, spec.title
        assert spec.next_step in top, spec.title


@FAMILY
def test_contents_names_every_sheet_once_and_leads_to_it(family) -> None:
    book = book_of(family)
    links = [c for c in book.sheet("Contents").cells if c.link]
    titles = [s.title for s in book.sheets if s.title != "Contents"]
    assert [c.link for c in links] == [c.value for c in links] == titles
    assert titles[0] == "Start"
    assert book.sheets[1].title == "Contents"
    assert len({desk for desk, _ in desks_of(family)}) == len(desks_of(family))


def test_links_are_of_the_book_itself(built: bytes) -> None:
    sheet = openpyxl.load_workbook(BytesIO(built))["Contents"]
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) == len(book_of(EVERY[0]).sheets) - 1
    assert all(link.location and link.target is None for link in links)
    assert all(sheet[link.ref].font.underline for link in links), "a link is told by its line, not by its colour"


# ---- tables, names, charts -------------------------------------------------------------------------------------------------


@FAMILY
def test_tables_are_real_and_named_once(family) -> None:
    book = book_of(family)
    tables = [t for s in book.sheets for t in s.tables]
    assert len({t.spec.name.casefold() for t in tables}) == len(tables)
    titles = [s.title.casefold() for s in book.sheets]
    assert len(set(titles)) == len(titles)
    names = [c.name for s in book.sheets for c in s.cells if c.name]
    assert len(set(names)) == len(names)
    for table in tables:
        assert len({n.casefold() for n in table.spec.names}) == len(table.spec.names)


@FAMILY
def test_nothing_is_merged_in_a_table_and_nothing_stands_over_another(family) -> None:
    for sheet in book_of(family).sheets:
        spans = [(t.corner[0], t.corner[0] + len(t.spec.columns) - 1, t.corner[1]) for t in sheet.tables]
        for one, other in ((a, b) for i, a in enumerate(spans) for b in spans[i + 1 :]):
            assert one[1] < other[0] or other[1] < one[0], sheet.title
        for cell in sheet.cells:
            column, row, _, _ = split_ref(cell.at)
            last = split_ref(cell.across)[0] if cell.across else column
            for left, right, top in spans:
                assert row < top or last < left or column > right, (sheet.title, cell.at)


@pytest.fixture(scope="module", params=[EVERY[0], EVERY[-1]], ids=lambda f: f.template)
def opened(request: pytest.FixtureRequest) -> tuple[BookSpec, Workbook]:
    """The declarations of a book, and the book built from them."""
    spec = book_of(request.param)
    return spec, openpyxl.load_workbook(BytesIO(build_bytes(spec)))


def room(ws: Worksheet, column: int) -> float:
    """How wide a column is on the screen, in points: seven pixels a letter."""
    return (ws.column_dimensions[get_column_letter(column)].width * 7 + 5) * 0.75


def test_no_label_is_cut_off_by_the_cell_beside_it(opened: tuple[BookSpec, Workbook]) -> None:
    cut = []
    for spec in opened[0].sheets:
        ws = opened[1][spec.title]
        taken = {split_ref(c.at)[:2] for c in spec.cells if c.value is not None or c.style in ("value", "entry", "big")}
        for cell in (c for c in spec.cells if c.style == "label" and isinstance(c.value, str) and not c.across):
            column, row, _, _ = split_ref(cell.at)
            free, at = room(ws, column), column + 1
            while (at, row) not in taken and at < column + 12:
                free, at = free + room(ws, at), at + 1
            if width(cell.value, 11) > free:
                cut.append(f"{spec.title}!{cell.at}: {cell.value}")
    assert not cut


def test_nothing_begins_in_a_column_that_is_not_shown(opened: tuple[BookSpec, Workbook]) -> None:
    """A label over a hidden or a folded column is seen by nobody."""
    unseen = []
    for spec in opened[0].sheets:
        away = {t.letter(name) for t in spec.tables for name in (*t.hidden, *t.folded)}
        for cell in (c for c in spec.cells if c.style != "section"):
            if get_column_letter(split_ref(cell.at)[0]) in away:
                unseen.append(f"{spec.title}!{cell.at}: {cell.value or cell.name}")
    assert not unseen


def test_no_date_or_amount_on_a_sheet_shows_as_hashes(opened: tuple[BookSpec, Workbook]) -> None:
    """A column too narrow for its date or its millions shows ### in Excel and in Calc."""
    longest = {"date": "2025-12-30", "money": "88,888,888.88)"}
    cut = []
    for spec in opened[0].sheets:
        for cell in (c for c in spec.cells if c.style in ("value", "entry", "big") and c.kind in longest):
            first = split_ref(cell.at)[0]
            last = split_ref(cell.across)[0] if cell.across else first
            free = sum(room(opened[1][spec.title], column) for column in range(first, last + 1))
            if width(longest[cell.kind], 14 if cell.style == "big" else 11) > free:
                cut.append(f"{spec.title}!{cell.at}")
    assert not cut


def test_no_heading_of_a_table_breaks_inside_a_word(opened: tuple[BookSpec, Workbook]) -> None:
    cut = []
    for spec in opened[0].sheets:
        for table in spec.tables:
            left, top = table.corner
            for n, name in enumerate(table.spec.names):
                wide = room(opened[1][spec.title], left + n)
                if any(width(word, 11) > wide for word in name.split()):
                    cut.append(f"{spec.title}!{get_column_letter(left + n)}{top}: {name}")
    assert not cut


def test_long_texts_stand_on_as_many_lines_as_they_need(opened: tuple[BookSpec, Workbook]) -> None:
    """What a check pays, installment by installment, is read before it is posted; Refresh's columns wrap like the others."""
    cut, looked = [], 0
    for spec in opened[0].sheets:
        for table in (t for t in spec.tables if t.wrapped):
            left, top = table.corner
            for n, column in enumerate(table.spec.columns):
                looked += column.derived
                if not opened[1][spec.title].cell(top + 1, left + n).alignment.wrap_text:
                    cut.append(f"{spec.title}: {column.name}")
    assert not cut
    assert looked, "no column of Refresh was looked at"


def test_a_working_table_keeps_its_header_in_sight_and_on_every_page(opened: tuple[BookSpec, Workbook]) -> None:
    for spec in opened[0].sheets:
        ws = opened[1][spec.title]
        if spec.tables and not spec.protected:
            row = spec.tables[0].corner[1]
            assert ws.freeze_panes == f"A{row + 1}", spec.title
            assert ws.print_title_rows == ("$4:$4" if row == 4 else None), spec.title
        assert ws.oddFooter.center.text == "Page &P of &N", spec.title


def test_pages_side_by_side_carry_the_numbers_of_their_rows(opened: tuple[BookSpec, Workbook]) -> None:
    """In place of repeated columns: any cells repeated but row 4 cost LibreOffice seconds whenever it opens the book."""
    wide = {s.title for s in opened[0].sheets if s.pages_wide > 1}
    assert {"Duplicate", "Cash Book"} <= wide
    assert {ws.title for ws in opened[1] if ws.print_options.headings} == wide
    assert not [ws.title for ws in opened[1] if ws.print_title_cols]


def test_every_chart_has_its_words(built: bytes) -> None:
    charts = [c for s in book_of(EVERY[0]).sheets for c in s.charts]
    with zipfile.ZipFile(BytesIO(built)) as package:
        drawings = "".join(package.read(n).decode() for n in package.namelist() if n.startswith("xl/drawings/drawing"))
    said = re.findall(r'<(?:xdr:)?cNvPr [^>]*?name="([^"]+)"[^>]*?descr="([^"]+)"', drawings)
    assert len(said) == len(charts) > 0
    assert len({name for name, _ in said}) == len(said)
    assert all(len(words) > 40 for _, words in said)


# ---- contrast ---------------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.1."""
    parts = [int(colour[-6:][i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_worked_out_right() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    # A pair published by WebAIM: #767676 on white is the lightest grey that passes 4.5.
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.005)


def test_every_style_can_be_read() -> None:
    book = Workbook()
    add_styles(book)
    add_printed_styles(book)
    ours = [s for s in book._named_styles if s.name.startswith("xltax")]
    assert len(ours) > 60
    for style in ours:
        behind = style.fill.start_color.rgb if style.fill.fill_type == "solid" else "FFFFFFFF"
        assert contrast(str(style.font.color.rgb), str(behind)) >= 4.5, style.name
        assert style.font.size >= 8.5, style.name


def test_what_is_typed_derived_or_wrong_is_told_without_colour(built: bytes) -> None:
    book = Workbook()
    add_styles(book)
    fonts = {s.name: s.font for s in book._named_styles}
    assert (fonts["xltax head derived"].italic, fonts["xltax head"].italic) == (True, False)
    assert (fonts["xltax entry text"].bold, fonts["xltax value text"].bold) == (True, False)
    assert fonts["xltax link"].underline == "single"
    opened = openpyxl.load_workbook(BytesIO(built))
    rules = [r for ws in opened for rs in ws.conditional_formatting for r in rs.rules]
    assert rules
    assert all(r.dxf.font.underline for r in rules if r.dxf), "LOOK stands there as a word and underlined"
