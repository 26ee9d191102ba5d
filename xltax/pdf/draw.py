"""Draws printed pages as a PDF file, from the same rows of paper as the workbook of pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFInfo, PDFString
from reportlab.pdfgen.canvas import Canvas
from tqdm import tqdm

from xltax.errors import BadValue
from xltax.pages import Page, Pdf
from xltax.pages import Paper as Kind
from xltax.pdf import fonts
from xltax.pdf.shown import shown
from xltax.pdf.tags import COLUMN, ROW, Element, Tags, across
from xltax.sheets import blocks, measure, town_seal
from xltax.sheets.blocks import WIDE, Row, Span
from xltax.sheets.look_printed import printed_styles
from xltax.sheets.pages import MARGIN, ROLL_MARGIN, Paper, laid_out

_INCH = 72.0
_PIXEL = 0.8  # of a point: what Excel and Calc print for a pixel of a column
_EDGE = 1.5  # between a cell's edge and its text
_PITCH, _RISE = 1.22, 0.95  # of a line, and of its letters above the base line, in sizes of the letters
_SIZES: dict[Kind, tuple[float, float]] = {
    "portrait": (8.5 * _INCH, 11 * _INCH), "landscape": (11 * _INCH, 8.5 * _INCH), "labels": (8.5 * _INCH, 11 * _INCH)
}  # fmt: skip
_ROLL = 80 / 25.4 * _INCH  # a roll of 80 mm, cut below its last line
_RULES = {"hair": 0.35, "thin": 0.75, "medium": 1.5, "mediumDashed": 1.5}
_DASHED = "[6 3] 0 d"
_HERE = "0 0 Tm"
LANGUAGE = "en-US"
rl_config.useA85 = 0  # bytes as they are: a quarter less than as letters


def to_pdf(pages: Sequence[Page], seal: bytes = b"") -> Pdf:
    """The pages as one PDF file, in the order given. The same pages give the same file on the same computer.

    Each document is a bookmark; the headings of a single document are too. seal: a PNG picture of the town's seal.
    Raises BadValue as `to_xlsx` does. The command line shows how far a long file is.
    """
    out = BytesIO()
    canvas = Canvas(
        out, invariant=1, pageCompression=1, lang=LANGUAGE, pdfVersion=(1, 7), initialFontName=fonts.first("plain")
    )
    canvas._doc.info = _Info()
    canvas.setViewerPreference("DisplayDocTitle", "true")
    drawing = _Drawing(canvas, seal, alone=len(pages) == 1)
    on_screen = sys.stderr is not None and sys.stderr.isatty()
    for page, papers in tqdm(
        laid_out(pages, picture=bool(seal)), "PDF", len(pages), leave=False, disable=not on_screen, delay=1
    ):
        drawing.document(page, papers)
    canvas.setTitle(pages[0].title or "Labels")
    canvas.setAuthor(pages[0].office)
    if len(pages) > 1 or drawing.headings:
        canvas.showOutline()
    drawing.tags.finish()
    canvas.save()
    return Pdf(out.getvalue(), "".join(sorted(drawing.lacking)))


def _picture(seal: bytes) -> ImageReader:
    """The town's seal. Raises BadValue for a file that is no PNG picture, or only the beginning of one."""
    town_seal.size(seal)
    try:
        picture = ImageReader(BytesIO(seal))
        picture.getRGBData()
    except (OSError, ValueError, SyntaxError):
        raise BadValue(
            "This picture is damaged.", where="seal.png", do="Save the seal as a PNG picture again, or remove the file."
        ) from None
    return picture


class _Info(PDFInfo):  # type: ignore[misc]
    """The title and the office, without a time of day: a paper printed again is the same file."""

    def format(self, document: Any) -> bytes:
        held = {"Title": self.title, "Author": self.author, "Creator": "xltax", "Producer": self.producer}
        return bytes(PDFDictionary({name: PDFString(text) for name, text in held.items() if text}).format(document))


# ---- the look of a cell ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell looks: its letters, where they stand, its shade and its rules."""

    face: fonts.Face
    size: float
    ink: str
    side: str
    height: str
    indent: float
    wraps: bool
    frame: tuple[tuple[str, str], ...]  # a shade, or the side of a rule, and how it is drawn


def _color(code: str) -> str:
    return " ".join(f"{int(code[n : n + 2], 16) / 255:.3f}" for n in (2, 4, 6))


def _frame(style: Any) -> Iterator[tuple[str, str]]:
    """The shade and the rules of a style, as a PDF draws them."""
    if style.fill.fill_type:
        yield "shade", f"{_color(style.fill.start_color.rgb)} rg"
    for name in ("left", "right", "top", "bottom"):
        side = getattr(style.border, name)
        if side is not None and side.style:
            dashes = _DASHED if side.style == "mediumDashed" else "[] 0 d"
            yield name, f"{_color(side.color.rgb)} RG {_RULES[side.style]} w {dashes}"


@lru_cache(maxsize=1)
def _looks() -> dict[str, _Look]:
    """The looks of the workbook's own styles, so that a change there changes the PDF too."""
    out = {}
    for style in printed_styles():
        letters, place = style.font, style.alignment
        face: fonts.Face = "bold" if letters.b else "italic" if letters.i else "plain"
        out[style.name] = _Look(
            "mono" if letters.name == "Courier New" else face,
            letters.sz,
            _color(letters.color.rgb),
            place.horizontal or "left",
            place.vertical or "bottom",
            (place.indent or 0) * blocks.INDENT,
            bool(place.wrap_text),
            tuple(_frame(style)),
        )
    return out


def _role(span: Span) -> str:
    """What a cell is, such as head, cell or foot."""
    return span.style.removeprefix("xltax print ").removeprefix("close ").split(" ", 1)[0]


_IN_TABLE = ("head", "cell", "total", "label", "value")
_NOT_READ = ("foot", "seal")
_KINDS = {"title": "H1", "heading": "H2", "head": "TH", "label": "TH", "cell": "TD", "total": "TD", "value": "TD"}


def _sheet(kind: Kind, paper: Paper) -> tuple[float, float, float]:
    """How wide and how high a sheet of paper is, and its margin at the top."""
    if kind == "roll":
        return _ROLL, sum(row.height for row in paper) + 2 * ROLL_MARGIN * _INCH, ROLL_MARGIN * _INCH
    return *_SIZES[kind], MARGIN * _INCH


# ---- drawing --------------------------------------------------------------------------------------------------------


class _Drawing:
    """Draws documents, one after the other."""

    def __init__(self, canvas: Canvas, seal: bytes, *, alone: bool) -> None:
        self.canvas, self.tags, self._alone = canvas, Tags(canvas), alone
        self._seal = _picture(seal) if seal else None
        self._count = 0
        self.headings = 0
        self.lacking: set[str] = set()
        self._section = self._table = self._last = None  # type: Element | None
        self._texts: dict[tuple[int, str], Element] = {}  # paragraphs of lines that belong together
        self._columns = 0
        self._said: dict[tuple[str, fonts.Face, float, float], str] = {}

    def document(self, page: Page, papers: Sequence[Paper]) -> None:
        """One document on its sheets of paper."""
        self._section = self.tags.element("Sect", self.tags.document)
        for number, paper in enumerate(papers):
            across_, high, margin = _sheet(page.paper, paper)
            left = (across_ - WIDE[page.paper] * _PIXEL) / 2
            self.canvas.setPageSize((across_, high))
            if not number:
                self._bookmark(" ".join(filter(None, (page.title or "Labels", page.key))), high, 0)
            self._goes_on(paper)
            top = high - margin
            for place, row in enumerate(paper):
                if not place and self._seal and blocks.bears_seal(page):
                    self._picture(page, left + (WIDE[page.paper] - blocks.SEAL) * _PIXEL, top, again=number > 0)
                self._row(row, left, top, WIDE[page.paper])
                top -= row.height
            self.tags.end_page()
        self._table = self._last = None

    def _bookmark(self, title: str, top: float, level: int) -> None:
        self._count += 1
        self.canvas.bookmarkHorizontal(f"p{self._count}", 0, top)
        self.canvas.addOutlineEntry(title, f"p{self._count}", level, closed=level == 0 and not self._alone)

    def _goes_on(self, paper: Paper) -> None:
        """A table that is set forth under its repeated header stays one table."""
        repeats = any(_role(span) == "head" for row in paper if row.repeated for span in row.spans)
        self._table = self._last if repeats else None
        self._texts = {}

    def _picture(self, page: Page, left: float, top: float, *, again: bool) -> None:
        """The town's seal. A screen reader says it once for a document."""
        assert self._seal is not None
        wide, high = self._seal.getSize()
        scale = town_seal.SIZE * _INCH / max(wide, high)
        said = town_seal.said(page.office)
        with (
            self.tags.passed_over() if again else self.tags.words(self.tags.element("Figure", self._section, alt=said))
        ):
            self.canvas.drawImage(
                self._seal, left + 4.7, top - high * scale, wide * scale, high * scale, mask="auto"
            )  # 4.7 points from the edge, as in the workbook

    # ---- a row ----

    def _row(self, row: Row, left: float, top: float, wide: int) -> None:
        if not row.spans:
            if not row.repeated:
                self._table = None  # a gap ends a table
            return
        looks = [(span, _looks()[span.style]) for span in sorted(row.spans, key=lambda s: s.left)]
        self._frames(looks, left, top, row.height)
        read = not row.repeated
        line = self._line(looks) if read else None
        for span, look in looks:
            text, bracket = shown(span.value, span.kind, span.style)
            put = self._text(span, look, text, bracket, left, top, row.height, wide)
            if not read or _role(span) in _NOT_READ:
                if text:
                    with self.tags.passed_over():
                        put()
                continue
            element = self._element(span, line, len(looks))
            if text and element is not None:
                if _role(span) == "heading" and self._alone:
                    self.headings += 1
                    self._bookmark(text, top, 1)
                with self.tags.words(element):
                    put()
        if not row.keep:
            self._texts = {}

    def _line(self, looks: Sequence[tuple[Span, _Look]]) -> Element | None:
        """The row of a table that these cells make. None: they are no table."""
        if _role(looks[0][0]) not in _IN_TABLE:
            if any(_role(span) not in _NOT_READ for span, _ in looks):
                self._table = None
            return None
        if self._table is None:
            self._table = self._last = self.tags.element("Table", self._section)
            self._columns = len(looks)
        return self.tags.element("TR", self._table)

    def _element(self, span: Span, line: Element | None, cells: int) -> Element | None:
        """The part of the document that a cell is, or belongs to."""
        role = _role(span)
        if line is not None:
            alone = across(self._columns) if cells == 1 < self._columns else b""
            scope = {"head": COLUMN, "label": ROW}.get(role, alone)
            return self.tags.element(_KINDS.get(role, "TD"), line, scope)
        if role == "cut" and not span.value:
            return None
        key = span.left, role
        if key not in self._texts:
            self._texts[key] = self.tags.element(_KINDS.get(role, "P"), self._section)
        return self._texts[key]

    # ---- words, shades and rules ----

    def _text(
        self, span: Span, look: _Look, text: str, bracket: bool, left: float, top: float, high: float, wide: int
    ) -> Callable[[], None]:
        """What draws the words of a cell."""
        lines = _lines(span, look, text)
        pitch = look.size * _PITCH
        spare = high - pitch * len(lines)
        base = top - look.size * _RISE - {"top": 0.0, "center": spare / 2}.get(look.height, spare)
        right = left + (wide if span.loose else span.right) * _PIXEL - _EDGE
        start = left + span.left * _PIXEL + _EDGE + look.indent
        if bracket:
            right -= fonts.RULERS[look.face](")", look.size)

        def put() -> None:
            for number, line in enumerate(lines):
                self._words(line, look, start, right, base - number * pitch)

        return put

    def _words(self, line: str, look: _Look, start: float, right: float, base: float) -> None:
        """One line of words; set narrower where it would run out of its cell."""
        room = max(right - start, 1.0)
        long = fonts.RULERS[look.face](line, look.size)
        narrow = min(1.0, room / long) if long else 1.0
        x = start + {"left": 0.0, "center": (room - long * narrow) / 2}.get(look.side, room - long * narrow)
        key = line, look.face, look.size, narrow
        if key not in self._said:
            self._said[key] = self._letters(line, look, narrow)
        self.canvas._code.append(f"{look.ink} rg {self._said[key].replace(_HERE, f'{x:.2f} {base:.2f} Tm', 1)}")

    def _letters(self, line: str, look: _Look, narrow: float) -> str:
        """What shows a line of words at the place _HERE. Many lines stand on many pages, so each is made once."""
        runs, lacking = fonts.runs(line, look.face)
        self.lacking.update(lacking)
        text = self.canvas.beginText(0, 0)
        if narrow < 1:
            text.setHorizScale(narrow * 100)
        for name, part in runs:
            text.setFont(name, look.size)
            text.textOut(part)
        if narrow < 1:
            text.setHorizScale(100)
        return str(text.getCode())

    def _frames(self, looks: Sequence[tuple[Span, _Look]], left: float, top: float, high: float) -> None:
        """The shades and the rules of a row's cells. A rule goes on over cells that stand side by side."""
        drawn: dict[tuple[str, str], list[float]] = {}  # how, and where from: the last rule of each kind
        code: list[str] = []
        low = top - high
        for span, look in looks:
            a, b = left + span.left * _PIXEL, left + span.right * _PIXEL
            for side, how in look.frame:
                last = drawn.get((side, how))
                if side in ("left", "right"):
                    x = a if side == "left" else b
                    code.append(f"{how} {x:.2f} {top:.2f} m {x:.2f} {low:.2f} l S")
                elif last is not None and abs(last[1] - a) < 0.01:
                    last[1] = b
                else:
                    if last is not None:
                        code.append(_across(side, how, last, top, low))
                    drawn[side, how] = [a, b]
        code += [_across(side, how, ends, top, low) for (side, how), ends in drawn.items()]
        if code:
            code.sort(key=lambda line: not line.endswith("f"))  # a shade is below the rules
            self.canvas._code.append(f"/Artifact BMC {' '.join(code)} EMC")


def _across(side: str, how: str, ends: list[float], top: float, low: float) -> str:
    """What draws a shade, or a rule at the top or at the bottom, from one end to the other."""
    a, b = ends
    if side == "shade":
        return f"{how} {a:.2f} {low:.2f} {b - a:.2f} {top - low:.2f} re f"
    y = top if side == "top" else low
    return f"{how} {a:.2f} {y:.2f} m {b:.2f} {y:.2f} l S"


def _lines(span: Span, look: _Look, text: str) -> Sequence[str]:
    """The lines of a cell's text: as many as its row was measured for, or fewer."""
    if not look.wraps or span.loose:
        return text.split("\n")
    room = blocks.room(span.left, span.right)
    if span.style.endswith(" inner"):
        room -= blocks.INDENT
    if look.face == "bold" and _role(span) in ("head", "total"):
        room *= blocks.BOLD
    measured = measure.wrap(text, room, look.size)
    if len(measured) < 2:
        return measured
    wide = (span.right - span.left) * _PIXEL - 2 * _EDGE - look.indent
    printed = measure.wrap(text, wide, look.size, fonts.RULERS[look.face])
    return printed if len(printed) <= len(measured) else measured
