"""Makes a workbook for printing: Letter paper, a new page for each document, exact page breaks.

This module calculates the height of every row, and each sheet of paper is filled to its foot, so that Excel and Calc break
the pages at the same places, and a document's pages are numbered by themselves, whatever else is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from xltax.errors import BadValue, TaxError
from xltax.pages import Block, Cut, Gap, Lines, Page
from xltax.pages import Paper as Kind
from xltax.sheets import blocks
from xltax.sheets.blocks import WIDE, Row
from xltax.sheets.cells import letters, text_cell
from xltax.sheets.finish import order_fonts, share, stamp
from xltax.sheets.look_printed import add_printed_styles, printed
from xltax.sheets.package import Package

MOST_PAGES = 1000
"""Pages on one sheet: Excel keeps at most 1,026 page breaks."""

_TALL: dict[Kind, float] = {"portrait": 705.0, "landscape": 525.0, "labels": 720.0, "roll": 100_000.0}
"""What a page holds, in points, with a little left for the printer's rounding; ten labels take an inch each, a roll has no end."""
MARGIN = 0.5
"""Inches above and below."""
ROLL_MARGIN = 0.15
"""The same on a roll, and at its sides."""
_SIDE: dict[Kind, float] = {"portrait": 0.6, "landscape": 0.6, "labels": 0.1, "roll": ROLL_MARGIN}
_WINDOW = 121.5  # where an address begins, in points below the margin: 2.2 inches from the top of the paper
_BELOW_WINDOW = 195.0  # nothing else may show in the window
_SPACER = 399.0  # no row is higher

Paper = list[Row]  # the rows of one page, filled to its foot


def to_xlsx(pages: Sequence[Page], seal: bytes = b"") -> bytes:
    """A workbook for printing, with its pages in the order given. The same pages give the same file.

    A document begins a new page. A grid that does not fit runs on under its repeated header; the title and the foot
    are repeated too. What follows a Cut stands at the bottom of the page. Plain Lines of two lines or more that open a
    page are its address and stand where a No. 10 window envelope shows them. seal: a PNG picture of the town's seal.
    Raises BadValue, naming the page, for a value that is not of its kind, and when there is nothing to print.
    """
    sheets: list[tuple[Kind, list[tuple[Page, Paper]]]] = []
    for page, papers in laid_out(pages, picture=bool(seal)):
        if not sheets or sheets[-1][0] != page.paper or len(sheets[-1][1]) + len(papers) > MOST_PAGES:
            sheets.append((page.paper, []))
        sheets[-1][1].extend((page, paper) for paper in papers)
    return _write(sheets, seal)


def laid_out(pages: Sequence[Page], *, picture: bool = False) -> Iterator[tuple[Page, list[Paper]]]:
    """Each document with the sheets of paper that it prints on. picture: there is a picture of the town's seal.

    Raises BadValue, naming the page, for a value that is not of its kind, and when there is nothing to print.
    """
    if not pages:
        raise BadValue("There is nothing to print.", do="Choose at least one page.")
    for page in pages:
        try:
            papers = _papers(page, picture=picture)
            if page.close and len(papers) > 1:
                closer = _papers(page, picture=picture, close=True)
                papers = min(papers, closer, key=len)
        except TaxError as error:
            raise error.at(" ".join(filter(None, ("page", page.title, page.key)))) from None
        yield page, papers


# ---- onto paper -----------------------------------------------------------------------------------------------------


def _papers(page: Page, *, picture: bool = False, close: bool = False) -> list[Paper]:
    """One document as the pages it prints on, each filled to its foot."""
    wide, tall = WIDE[page.paper], _TALL[page.paper]
    cut = next((i for i, b in enumerate(page.blocks) if isinstance(b, Cut)), len(page.blocks))
    body = list(_body(page.blocks[:cut], wide, list(blocks.head(page, wide, picture=picture)), close=close))
    tail = list(_body(page.blocks[cut:], wide, [], close=close))
    room = tall - (0 if page.labels else blocks.foot(page, 1, 1, wide).height + 4)
    papers: list[Paper] = [[]]
    for chunk in _chunks(body):
        if papers[-1] and _height(papers[-1]) + _height(chunk) > room:
            repeated = list(blocks.head(page, wide, again=True, picture=picture)) + list(chunk[0].again)
            if _height(repeated) + _height(chunk) > room and len(chunk) > 1:
                raise BadValue("Lines that belong together do not fit on one page.", do="Shorten the text.")
            papers.append([replace(row, repeated=True) for row in repeated])
        papers[-1].extend(chunk)
    if _height(papers[-1]) + _height(tail) > room:
        if _height(tail) > room:
            raise BadValue("The part below the cut line does not fit on one page.", do="Shorten the text.")
        papers.append([])
    numbered = (not tail or len(papers) > 1) and not page.labels and not page.roll
    out = []
    for number, paper in enumerate(papers, 1):
        last = number == len(papers)
        below = tail if last else []
        end = [blocks.foot(page, number, len(papers), wide)] if numbered or page.footer else []
        if not numbered and end:
            end = [Row(end[0].height, end[0].spans[:1])]  # a bill is its own page one of one
        filled = _height(paper) + _height(below) + _height(end)
        out.append([*paper, *(() if page.roll else _spacers(tall - filled)), *end, *below])
    return out


def _body(blocks_: Sequence[Block], wide: int, head: list[Row], *, close: bool) -> Iterator[Row]:
    """The rows of a document, with the address in the envelope window and side-by-side blocks together."""
    yield from head
    height = _height(head)
    skip, opening = False, True
    for index, block in enumerate(blocks_):
        if skip:
            skip = False
            continue
        following = blocks_[index + 1] if index + 1 < len(blocks_) else None
        address, beside = False, None
        if isinstance(block, Lines) and not block.right:
            opens = opening and block.style == "plain" and len(block.lines) > 1
            address = opens or block.style == "address"
            beside = following if isinstance(following, Lines) and following.right else None
        if address:
            for row in _spacers(_WINDOW - height):
                height += row.height
                yield row
        for row in blocks.rows(block, wide, beside=beside, address=address, close=close):
            height += row.height
            yield row
        if address:
            yield from _spacers(_BELOW_WINDOW - height)
        skip = beside is not None
        opening = opening and not address and isinstance(block, Lines | Gap)


def _chunks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in groups that stay on one page."""
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if not row.keep:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _height(rows: Sequence[Row]) -> float:
    return sum(row.height for row in rows)


def _spacers(height: float) -> list[Row]:
    out = []
    while height > 0.5:
        out.append(Row(min(height, _SPACER)))
        height -= _SPACER
    return out


# ---- into a file ----------------------------------------------------------------------------------------------------

_DATA = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")


def _write(sheets: list[tuple[Kind, list[tuple[Page, Paper]]]], seal: bytes) -> bytes:
    book = Workbook()
    book.remove(book.active)
    add_printed_styles(book)
    book.properties.creator, book.properties.title = "xltax", sheets[0][1][0][0].title
    styles = _style_numbers(book)
    bodies, seals = [], []
    for number, (kind, papers) in enumerate(sheets, 1):
        sheet = book.create_sheet("Pages" if len(sheets) == 1 else f"Pages {number}")
        edges = sorted({e for _, paper in papers for row in paper for s in row.spans for e in (s.left, s.right)})
        edges = sorted({0, WIDE[kind], WIDE[kind] - blocks.SEAL, *edges})
        seals.append((edges.index(WIDE[kind] - blocks.SEAL), _sealed(papers) if seal else []))
        bodies.append(_body_xml(papers, {edge: i for i, edge in enumerate(edges, 1)}, styles))
        _set_up(sheet, kind, edges, papers)
    out = BytesIO()
    book.save(out)
    package = Package(out.getvalue(), "pages.xlsx")
    for number, body in enumerate(bodies, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        before, after = _DATA.split(package.part(part), maxsplit=1)
        package.put(part, before + body + after)
    if any(rows for _, rows in seals):
        from xltax.sheets import town_seal  # only where there is a seal: it needs lxml

        town_seal.put(package, seal, seals, town_seal.said(sheets[0][1][0][0].office))
    share(package)
    order_fonts(package)
    stamp(package)
    return package.to_bytes(level=4, fixed=True)


def _sealed(papers: list[tuple[Page, Paper]]) -> list[int]:
    """The rows, counted from 0, in which sheets of paper begin that bear the seal."""
    out, row = [], 0
    for page, paper in papers:
        if blocks.bears_seal(page):
            out.append(row)
        row += len(paper)
    return out


def _style_numbers(book: Workbook) -> dict[str, int]:
    """The number each named style has in a cell: given by a sheet that is thrown away again."""
    scratch = book.create_sheet()
    out = {}
    for name in book.named_styles:
        scratch["A1"].style = name
        out[name] = scratch["A1"].style_id
    book.remove(scratch)
    return out


def _set_up(sheet: Worksheet, kind: Kind, edges: list[int], papers: list[tuple[Page, Paper]]) -> None:
    for number, (left, right) in enumerate(pairwise(edges), 1):
        sheet.column_dimensions[letters(number)].width = (right - left) / 7
    sheet.sheet_view.showGridLines = False
    page, margins = sheet.page_setup, sheet.page_margins
    page.orientation, page.paperSize, page.scale = "landscape" if kind == "landscape" else "portrait", 1, 100
    margins.left = margins.right = _SIDE[kind]
    margins.top = margins.bottom = MARGIN
    if kind == "labels":
        margins.bottom = 0.3  # ten labels fill the rest to the last point
    if kind == "roll":
        margins.top = margins.bottom = ROLL_MARGIN
        longest = max(_height(paper) for _, paper in papers) / 72 + 2 * ROLL_MARGIN + 0.05
        page.paperSize, page.paperWidth, page.paperHeight = None, "80mm", f"{longest * 25.4:.0f}mm"
    margins.header = margins.footer = min(0.3, margins.top)
    sheet.print_options.horizontalCentered = True
    row = 0
    for _, paper in papers:
        row += len(paper)
        sheet.row_breaks.append(Break(id=row, max=16383, man=True))
    sheet.row_breaks.brk.pop()  # none after the last page
    area = f"'{sheet.title}'!$A$1:${letters(len(edges) - 1)}${row}"
    sheet.defined_names["_xlnm.Print_Area"] = DefinedName("_xlnm.Print_Area", attr_text=area)


def _body_xml(papers: list[tuple[Page, Paper]], columns: dict[int, int], styles: dict[str, int]) -> bytes:
    """The rows and the merged cells of a sheet; written by hand, ten times faster than by cell objects."""
    name = {number: letters(number) for number in range(1, len(columns) + 2)}
    beside = len(columns) + 1  # right of what is printed: which document a page belongs to, for Find
    lines, merges = [b"<sheetData>"], []
    row = 0
    for page, paper in papers:
        for place, one in enumerate(paper):
            row += 1
            lines.append(b'<row r="%d" ht="%.2f" customHeight="1">' % (row, one.height))
            for span in sorted(one.spans, key=lambda s: s.left):
                first, last = columns[span.left], columns[span.right] - 1
                style = styles[span.style]
                lines.append(b'<c r="%s%d" s="%d"%s' % (name[first].encode(), row, style, span.cell))
                if last > first and not span.loose:
                    lines += [
                        b'<c r="%s%d" s="%d"/>' % (name[n].encode(), row, style) for n in range(first + 1, last + 1)
                    ]
                    merges.append(
                        b'<mergeCell ref="%s%d:%s%d"/>' % (name[first].encode(), row, name[last].encode(), row)
                    )
            if page.key and not place:
                style = styles[f"{printed('small')} line"]
                lines.append(b'<c r="%s%d" s="%d"%s' % (name[beside].encode(), row, style, text_cell(page.key)))
            lines.append(b"</row>")
    lines.append(b"</sheetData>")
    if merges:
        lines += [b'<mergeCells count="%d">' % len(merges), *merges, b"</mergeCells>"]
    return b"".join(lines)
