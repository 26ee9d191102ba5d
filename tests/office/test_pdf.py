"""Pages as PDF files: the words of the workbook of pages on the same sheets of paper, tagged, bookmarked, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.office.test_pages import ADDRESS, EVERY, OFFICE, STUB, grid, page, picture
from tests.office_js.need import need
from xltax.actions import printing, setup
from xltax.errors import BadBook, BadValue
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.pages import Fields, Grid, Labels, Lines, Page, Signatures, Text
from xltax.pdf import fonts
from xltax.pdf.draw import to_pdf
from xltax.sheets.pages import laid_out, to_xlsx

has_fonts = pytest.mark.skipif(
    not {"carlito-regular", "calibri"} & set(fonts._found()),
    reason="neither Carlito nor Calibri is installed (tests/install_calc.sh installs Carlito)",
)
NAMES = ("Łucja Wałęsa", "NUÑEZ", "O’Brien", "Nguyễn Thị Đặng", "Zoë Őry-Çelik")
LABELS = Page("Labels", (Labels(tuple((f"OWNER {n}", "12 OAK LANE") for n in range(31))),), labels=True)


def read(*pages: Page, seal: bytes = b"") -> PdfReader:
    return PdfReader(BytesIO(to_pdf(pages, seal).data))


def letters(text: str) -> Counter[str]:
    """The letters without blanks: programs set blanks between cells in their own ways."""
    return Counter("".join(text.split()))


def said(value: object, kind: str, *, form: bool = False) -> str:
    """A value as a taxpayer reads it."""
    if value is None or value == "":
        return ""
    if kind == "money":
        text = f"{'$' if form else ''}{abs(int(value)) / 100:,.2f}"  # type: ignore[call-overload]
        return f"({text})" if int(value) < 0 else text  # type: ignore[call-overload]
    if isinstance(value, dt.date):
        return f"{value:%b} {value.day}, {value.year}"
    return f"{value:,}" if kind == "count" else str(value)


def words(one: Page) -> Iterator[str]:
    """Everything that a page of one sheet of paper says, but its foot."""
    yield from (one.office, one.title)
    for block in one.blocks:
        match block:
            case Fields(fields):
                for label, value, kind in fields:
                    yield from (label, said(value, kind, form=True))
            case Grid(headers, kinds, rows):
                yield from headers
                yield from (said(v, k) for row in rows for v, k in zip(row, kinds, strict=True))
            case Lines(lines) | Signatures(lines):
                yield from lines
            case _:
                yield getattr(block, "text", "")


AMOUNTS = Grid(
    ("Bill", "Due", "Tax", "Count", "Year", "Rate"),
    ("id", "date", "money", "count", "year", "number"),
    [("0012", dt.date(2026, 8, 1), -123456, 12345, 2026, "1.230"), ("0013", None, 5, 0, 2025, 0.5)],
)


@has_fonts
@pytest.mark.parametrize(
    ("one", "also"),
    [
        (page(ADDRESS, Text("Words. " * 40), Text("Look. " * 30, "box"), grid(5, total=True), Signatures(("A", "B"))), ""),
        (page(Fields((("Owed", -50, "money"), ("Parcels", 1200, "count"), ("On", dt.date(2026, 1, 2), "date")))), ""),
        (page(*(Text(name) for name in NAMES), Lines(NAMES, "mono"), *(Text(name, "bold") for name in NAMES)), ""),
        (page(*STUB), None),
        (page(grid(3), landscape=True), ""),
    ],
)  # fmt: skip
def test_the_words_and_figures_of_a_page(one: Page, also: str | None) -> None:
    (paper,) = read(one).pages
    foot = "" if also is None else "Page 1 of 1"  # a bill is its own page one of one
    assert letters(paper.extract_text()) == letters("".join(words(one)) + foot)


def test_amounts_dates_and_rates_as_in_the_workbook() -> None:
    text = read(page(AMOUNTS)).pages[0].extract_text()
    for figure in ("(1,234.56)", "0.05", "Aug 1, 2026", "12,345", "2026", "1.230", "0.50"):
        assert figure in text


@pytest.mark.calc
def test_calc_prints_the_same_words_on_the_same_sheets_of_paper(calc: Any, tmp_path: Path) -> None:
    bills = [page(ADDRESS, grid(6, total=True), Text("Flood " * 40, "box"), *STUB, key=f"B{n}") for n in range(3)]
    pages = [*bills, EVERY, page(grid(120, total=True), AMOUNTS), page(grid(60), landscape=True), LABELS]
    (tmp_path / "book.xlsx").write_bytes(to_xlsx(pages))
    theirs = [letters(p.extract_text()) for p in PdfReader(calc(tmp_path / "book.xlsx", "pdf")).pages]
    ours = [letters(p.extract_text()) for p in read(*pages).pages]
    assert ours == theirs
    assert len(ours) > len(pages)


def test_the_paper_of_each_kind() -> None:
    boxes = [tuple(map(int, p.mediabox[2:])) for p in read(page(Text("x")), page(Text("x"), landscape=True)).pages]
    assert boxes == [(612, 792), (792, 612)]


def test_no_word_runs_out_of_its_page_whatever_fonts_the_computer_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the letters that come with reportlab, which are wider than the workbook's."""
    own = {path.stem.lower(): path for path in fonts._folders()[-1].glob("Vera*.ttf")}
    monkeypatch.setattr(fonts, "_found", lambda: own)
    caches = (fonts._fonts, fonts.runs)
    for cache in caches:
        cache.cache_clear()
    try:
        made = PdfReader(BytesIO(to_pdf([EVERY, page(Text("Wałęsa "), grid(4))]).data))
        assert len(made.pages) == sum(len(papers) for _, papers in laid_out([EVERY])) + 1
        assert letters("HYPERLINK") - letters(made.pages[0].extract_text()) == Counter()
        assert "Wa" in made.pages[-1].extract_text()
        for name in made.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "Vera" in str(name.get_object()["/BaseFont"])
    finally:
        for cache in caches:
            cache.cache_clear()


def test_every_font_is_in_the_file() -> None:
    for font in read(EVERY).pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        assert "/FontFile2" in font.get_object()["/FontDescriptor"], font


def test_a_letter_that_no_font_has_is_named() -> None:
    made = to_pdf([page(Text("Owner 中 and \u200e."))])
    text = PdfReader(BytesIO(made.data)).pages[0].extract_text()
    assert "Owner [U+4E2D] and" in text
    assert "中" in made.lacking
    assert made.said().startswith("This computer has no font for ")
    assert to_pdf([page(Text("Nuñez"))]).said() == ""


# ---- for screen readers ---------------------------------------------------------------------------------------------


def parts(element: Any, depth: int = 0) -> Iterator[tuple[int, Any]]:
    """Every element below, with its depth."""
    element = element.get_object()
    if not isinstance(element, dict) or "/S" not in element:
        return
    yield depth, element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from parts(kid, depth + 1)


def tree(made: PdfReader) -> list[tuple[int, Any]]:
    return list(parts(made.trailer["/Root"]["/StructTreeRoot"]["/K"][0]))


def test_a_screen_reader_finds_language_title_headings_and_tables() -> None:
    made = read(EVERY)
    root = made.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "en-US",
        True,
        True,
    )
    kinds = Counter(element["/S"] for _, element in tree(made))
    assert (kinds["/Document"], kinds["/Sect"], kinds["/H1"], kinds["/H2"]) == (1, 1, 1, 1)
    assert kinds["/Table"] == 4, "two of fields, a grid, and the stub's fields"
    headers = [e["/A"]["/Scope"] for _, e in tree(made) if e["/S"] == "/TH"]
    assert Counter(headers) == {"/Column": 5, "/Row": 7}


def test_a_table_over_many_pages_is_one_table_and_its_repeated_header_is_not_read_again() -> None:
    made = read(page(grid(120, total=True)))
    assert len(made.pages) == 3
    kinds = Counter(element["/S"] for _, element in tree(made))
    assert (kinds["/Table"], kinds["/TR"], kinds["/TH"]) == (1, 122, 5)
    assert kinds["/H1"] == 1


def test_every_mark_on_a_page_belongs_to_an_element_and_the_page_knows_it() -> None:
    made = read(EVERY, page(grid(90)), LABELS)
    numbers = made.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    known = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for paper in made.pages:
        content = paper.get_contents().get_data()  # type: ignore[union-attr]
        owners = known[paper["/StructParents"]].get_object()
        assert content.count(b"/MCID") == len(owners) > 0
        assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")
        assert all(owner.get_object()["/S"] in content.decode("latin-1") for owner in owners)


def test_documents_are_bookmarks_and_so_are_the_headings_of_a_single_one() -> None:
    run = read(*(page(Text("x"), key=f"B{n}") for n in range(3)))
    assert [mark.title for mark in run.outline] == ["Notice B0", "Notice B1", "Notice B2"]
    assert [run.get_destination_page_number(mark) for mark in run.outline] == [0, 1, 2]
    first, below = read(EVERY).outline
    assert (first.title, [mark.title for mark in below]) == ("Notice 0012-7", ["What is owed"])


def test_the_seal_stands_on_every_page_and_is_read_out_once_for_each_document() -> None:
    sealed = replace(page(grid(60)), seal=True)
    made = read(sealed, page(Text("x")), sealed, seal=picture(200, 100))
    assert [e["/Alt"] for _, e in tree(made) if e["/S"] == "/Figure"] == [f"The seal on pages of {OFFICE}"] * 3
    assert [len(p.images) for p in made.pages] == [1, 1, 1, 1, 1]
    for broken in (b"GIF89a", picture(200, 100)[:-30]):
        with pytest.raises(BadValue, match=r"seal\.png"):
            to_pdf([sealed], broken)


# ---- the file -------------------------------------------------------------------------------------------------------


def test_the_same_pages_give_the_same_bytes_without_a_time_or_a_name() -> None:
    pages = [EVERY, page(Text("Łucja"), grid(90)), LABELS]
    data = to_pdf(pages, picture(20, 20)).data
    assert data == to_pdf(pages, picture(20, 20)).data
    assert PdfReader(BytesIO(data)).metadata == {
        "/Author": OFFICE, "/Creator": "xltax", "/Title": "Notice", "/Producer": "ReportLab PDF Library - (opensource)",
    }  # fmt: skip
    assert b"JANE" not in data, "an owner's name stands on the page alone"


def test_two_hundred_bills_in_one_file() -> None:
    bills = [page(ADDRESS, grid(6, total=True), Lines((f"Bill B{n:03}",)), *STUB, key=f"B{n:03}") for n in range(200)]
    made = read(*bills)
    assert len(made.pages) == len(made.outline) == 200
    for n in (0, 99, 199):
        assert f"Bill B{n:03}" in made.pages[n].extract_text()


def test_a_value_that_cannot_be_printed_names_the_page() -> None:
    with pytest.raises(BadValue, match="page Notice B9"):
        to_pdf([page(Fields((("Owed", 1.5, "money"),)), key="B9")])
    with pytest.raises(BadValue, match="nothing to print"):
        to_pdf([])


# ---- asked for in the workbook ----------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=dt.date(2025, 1, 2))
    return path


@pytest.mark.parametrize(
    ("choice", "files"),
    [
        ("Workbook", ["town notice.xlsx"]), ("pdf", ["town notice.pdf"]), ("BOTH", ["town notice.pdf", "town notice.xlsx"]),
    ],
)  # fmt: skip
def test_the_office_chooses_once(book: Path, choice: str, files: list[str]) -> None:
    it = FilesBook.open(book)
    setup.print_to(it, choice)
    told = printing.put(it, "notice", [EVERY])
    assert not list(book.parent.glob("*notice*")), "nothing is written before the workbook is saved"
    it.save()
    assert sorted(p.name for p in book.parent.glob("*notice*")) == files
    assert all(name in told for name in files)
    assert FilesBook.open(book).get("print_to").lower() == choice.lower()  # type: ignore[attr-defined]


def test_an_empty_cell_means_a_workbook_and_another_word_is_refused(book: Path) -> None:
    it = FilesBook.open(book)
    it.set("print_to", None)
    assert printing.wanted(it) == "Workbook"
    it.set("print_to", "paper")
    with pytest.raises(BadValue, match="Rates, Printed pages"):
        printing.put(it, "notice", [EVERY])


def test_what_cannot_be_printed_leaves_no_file(book: Path) -> None:
    it = FilesBook.open(book)
    setup.print_to(it, "Both")
    with pytest.raises(BadValue), it.step("print"):
        printing.put(it, "notice", [page(Fields((("Owed", 1.5, "money"),)))])
    assert sorted(p.name for p in book.parent.iterdir()) == ["town.xlsx"]


def test_a_letter_without_a_font_is_told(book: Path) -> None:
    it = FilesBook.open(book)
    it.set("print_to", "PDF")
    assert printing.put(it, "notice", [page(Text("中"))]).startswith(
        "town notice.pdf (This computer has no font for 中."
    )


def test_a_disk_that_is_full_leaves_no_half_file(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    it = FilesBook.open(book)
    setup.print_to(it, "PDF")
    printing.put(it, "notice", [EVERY])

    def full(path: Path, *_: object) -> None:
        if path.suffix == ".pdf":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("xltax.hosts.beside.replace_file", full)
    with pytest.raises(BadBook, match="could not be written"):
        it.save()
    assert not list(book.parent.glob("*.pdf"))


@has_fonts
def test_pdftotext_reads_it_too(tmp_path: Path) -> None:
    """A second reader of PDF files, by others."""
    (tmp_path / "a.pdf").write_bytes(to_pdf([page(*(Text(name) for name in NAMES))]).data)
    need("pdftotext", by="install_calc.sh")
    done = subprocess.run(["pdftotext", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in NAMES)
    assert done.stderr == ""
