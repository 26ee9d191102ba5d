"""Changes cells of one sheet without touching the rest of the sheet.

A cash book of 30,000 lines is 40 MB of XML. Building a tree of it to change one row takes ten times as long as finding
the row in the text, so rows and cells are found by their tags. That is safe because in XML text "<" is always written
`&lt;`; sheets holding comments or CDATA, where this would not be so, are normalised by lxml first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from lxml import etree

from xltax.errors import BadBook
from xltax.sheets.cells import EMPTY, column_number, letters
from xltax.sheets.package import parse, serialise

_SHEET_DATA = re.compile(rb"<sheetData\b[^>]*>")
_ROW = re.compile(rb"<row\b([^>]*?)(/?)>")
_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.S)
_USUAL = re.compile(rb'(<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?(?: t="[a-zA-Z]+")?(?:/>|>.*?</c>))', re.S)
_CELL_REF = re.compile(rb'\br="([A-Z]+)[0-9]+"')
_ROW_REF = re.compile(rb'\br="([0-9]+)"')
_STYLE = re.compile(rb'\bs="([0-9]+)"')
_SHARED = re.compile(rb'<f\b[^>]*\bsi="([0-9]+)"[^>]*>')
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_HIDDEN = re.compile(rb'\s+hidden="(?:1|true)"')
_CHECKED = (
    re.compile(rb'(<(?:dataValidation|conditionalFormatting)\b[^>]*\bsqref=")([^"]*)(")'),
    re.compile(rb"(<xm:sqref>)([^<]*)(</xm:sqref>)"),  # the newer kinds, among the extensions
)
_CONTENT = re.compile(rb"<(?:v|f|is)\b")

Patch = Mapping[int, Mapping[int, bytes]]
"""Row number -> column number -> the cell's bytes after its reference and style."""


class Grid:
    """The rows of one sheet, as text."""

    def __init__(self, xml: bytes, where: str) -> None:
        self.where = where
        if b"<!--" in xml or b"<![CDATA[" in xml:
            root = parse(xml, where)
            etree.strip_tags(root, etree.Comment)
            xml = serialise(root)
        opening = _SHEET_DATA.search(xml)
        if opening is None or not (opening[0].endswith(b"/>") or xml.rfind(b"</sheetData>") >= opening.end()):
            raise BadBook(
                "This sheet is damaged, or xltax cannot change the sheet safely.",
                where=where,
                do="Open the workbook in Excel, save, and try again. Or restore the last good copy.",
            )
        self.xml = xml
        self.removed_formula = False
        self._place: dict[int, int] = {}

    # ---- finding --------------------------------------------------------------------------------------------------

    def _body(self) -> tuple[int, int]:
        opening = _SHEET_DATA.search(self.xml)
        assert opening is not None  # looked for at the beginning
        if opening[0].endswith(b"/>"):
            return opening.start(), opening.start()
        return opening.end(), self.xml.rindex(b"</sheetData>", opening.end())

    def rows(self, first: int, last: int) -> tuple[int, int, list[tuple[int, int, int]]]:
        """The position of rows `first` to `last` in the text: start, end, and (number, start, end) of each."""
        start, end = self._body()
        # Rows stand in order, so most of a long sheet can be skipped by looking for a row near the wanted one.
        guess = self.xml.find(b'<row r="%d"' % max(first - 1, 1), start, end)
        at, number, low = (guess if guess >= 0 else start), 0, None
        found: list[tuple[int, int, int]] = []
        while True:
            match = _ROW.search(self.xml, at, end)
            if match is None:
                break
            ref = _ROW_REF.search(match[1])
            number = int(ref[1]) if ref else number + 1
            close = match.end() if match[2] else self.xml.find(b"</row>", match.end(), end) + 6
            if close < match.end():
                raise BadBook(
                    "A row of this sheet has no end. The file is damaged.",
                    where=self.where,
                    do="Restore the last good copy.",
                )
            if number > last:
                low = match.start() if low is None else low
                return (found[0][1] if found else low), (found[-1][2] if found else low), found
            if number >= first:
                found.append((number, match.start(), close))
            at = close
        return (found[0][1] if found else at), (found[-1][2] if found else at), found

    def styles(self, row: int) -> dict[int, int]:
        """The style of each cell of a row."""
        _, _, found = self.rows(row, row)
        if not found:
            return {}
        out = {}
        for column, style, _ in cells_in(self.xml[found[0][1] : found[0][2]], self.where):
            if style:
                out[column] = int(style)
        return out

    def held(self, row: int) -> set[int]:
        """The columns of a row that hold something."""
        spans = self.rows(row, row)[2]
        return {c for _, a, b in spans for c, _, cell in cells_in(self.xml[a:b], self.where) if _CONTENT.search(cell)}

    def filled(self, first: int, last: int, columns: range) -> tuple[int, int] | None:
        """The first cell (row, column) that holds something in these rows and columns, or None."""
        for number, start, end in self.rows(first, last)[2]:
            for column, _, cell in cells_in(self.xml[start:end], self.where):
                if column in columns and _CONTENT.search(cell):
                    return number, column
        return None

    # ---- changing -------------------------------------------------------------------------------------------------

    def apply(self, patch: Patch, styles: Mapping[int, int], force: Collection[int] = ()) -> None:
        """Write cells; a cell that exists keeps its style, a new one (or any in `force`) takes its column's."""
        if not patch:
            return
        first, last = min(patch), max(patch)
        start, end, found = self.rows(first, last)
        shown = {column: letters(column).encode() for column in {c for cells in patch.values() for c in cells}}
        default = {c: (b' s="%d"' % styles[c] if styles.get(c) else b"") for c in shown}
        existing = {number: (a, b) for number, a, b in found}
        gone: set[bytes] = set()
        out: list[bytes] = []
        for number in sorted(existing.keys() | patch.keys()):
            cells = patch.get(number)
            span = existing.get(number)
            if cells is None:
                assert span is not None
                out.append(self.xml[span[0] : span[1]])
            elif span is None:
                ref = b"%d" % number
                body = b"".join(
                    b'<c r="' + shown[c] + ref + b'"' + default[c] + cell
                    for c, cell in sorted(cells.items())
                    if cell is not EMPTY or default[c]
                )
                out.append(b'<row r="' + ref + b'">' + body + b"</row>")
            else:
                out.append(self._merged(self.xml[span[0] : span[1]], number, cells, shown, default, force, gone))
        opening = self._opened()
        if opening:
            start, end = start + opening, end + opening
        self.xml = self.xml[:start] + b"".join(out) + self.xml[end:]
        self._check_shared(gone)
        self._grow_dimension(last, max(shown, default=1))

    def _opened(self) -> int:
        """Turn an empty `<sheetData/>` into an open one; how many bytes that put before its end."""
        match = re.compile(rb"<sheetData\b([^>]*)/>").search(self.xml)
        if not match:
            return 0
        opened = b"<sheetData" + match[1] + b">"
        self.xml = self.xml[: match.start()] + opened + b"</sheetData>" + self.xml[match.end() :]
        return len(opened)

    def _merged(
        self,
        row: bytes,
        number: int,
        cells: Mapping[int, bytes],
        shown: Mapping[int, bytes],
        default: Mapping[int, bytes],
        force: Collection[int],
        gone: set[bytes],
    ) -> bytes:
        ref = b"%d" % number
        quick = None if force else self._replaced(row, ref, cells, shown)
        if quick is not None:
            return quick
        parts: list[tuple[int, bytes]] = []
        left = dict(cells)
        for column, style, cell in cells_in(row, self.where):
            new = left.pop(column, None)
            if new is None:
                parts.append((column, cell))
                continue
            if b"<f" in cell:
                self.removed_formula = True
                shared = _SHARED.search(cell)
                if shared:
                    gone.add(shared[1])
            kept = b' s="' + style + b'"' if style and column not in force else default[column]
            parts.append((column, b'<c r="' + shown[column] + ref + b'"' + kept + new))
        parts += [
            (c, b'<c r="' + shown[c] + ref + b'"' + default[c] + new)
            for c, new in left.items()
            if new is not EMPTY or default[c]
        ]
        parts.sort(key=lambda part: part[0])
        opening = _ROW.match(row)
        assert opening is not None
        # "spans" is only a hint, and a wrong one is worse than none.
        return b"<row" + _SPANS.sub(b"", opening[1]) + b">" + b"".join(p for _, p in parts) + b"</row>"

    def _replaced(self, row: bytes, ref: bytes, cells: Mapping[int, bytes], shown: Mapping[int, bytes]) -> bytes | None:
        """The row with cells replaced that all stand there already, each keeping its style; None for any other row.

        This is what Refresh does to ten thousand rows, so it goes by the cells' openings without taking each one apart.
        """
        end = b"</row>"
        pieces = row.split(b'<c r="')
        last = len(pieces) - 1
        if b"<f" in row or b" spans=" in row or last != row.count(b"<c ") or not row.endswith(end):
            return None
        for column, new in cells.items():
            name = shown[column] + ref + b'"'
            i = self._place.get(column, 0)  # a cell mostly stands where it stood in the row before
            if not 0 < i <= last or not pieces[i].startswith(name):
                i = next((n for n, piece in enumerate(pieces) if piece.startswith(name)), 0)
                if not i:
                    return None
                self._place[column] = i
            piece, length = pieces[i], len(name)
            if piece.startswith(b' s="', length):
                length = piece.index(b'"', length + 4) + 1
            # Any other attribute says of what kind the old value was; the new one brings its own.
            pieces[i] = piece[:length] + new + (end if i == last else b"")
        return b'<c r="'.join(pieces)

    def unhide(self, first: int, last: int) -> None:
        """Show these rows, because a filter must not hide new postings."""
        start, end, found = self.rows(first, last)
        if not found:
            return
        old = self.xml[start:end]
        if b"hidden=" not in old:
            return
        new = _ROW.sub(lambda m: b"<row" + _HIDDEN.sub(b"", m[1]) + m[2] + b">", old)
        if new != old:
            self.xml = self.xml[:start] + new + self.xml[end:]

    def dress(self, first: int, last: int, styles: Mapping[int, int]) -> None:
        """Give the cells of these rows that have no style the style of their column."""
        start, end, found = self.rows(first, last)
        out = []
        for _, a, b in found:
            row = self.xml[a:b]
            for column, style, cell in cells_in(row, self.where):
                if styles.get(column) and style in (b"", b"0"):
                    bare = cell.replace(b' s="0"', b"", 1)
                    ref = _CELL_REF.search(bare)
                    assert ref is not None  # cells_in has read it
                    row = row.replace(cell, bare[: ref.end()] + b' s="%d"' % styles[column] + bare[ref.end() :], 1)
            out.append(row)
        if found:
            self.xml = self.xml[:start] + b"".join(out) + self.xml[end:]

    def _check_shared(self, gone: set[bytes]) -> None:
        # A filled-down formula is stored once, in its first cell; the others only point to it.
        for index in gone:
            if re.search(rb'<f\b[^>]*\bsi="' + index + rb'"', self.xml):
                raise BadBook(
                    "A formula fills a column that xltax writes and the cells next to that column.",
                    where=self.where,
                    do="Remove the formula from the column that Refresh fills. Save and try again.",
                )

    def _grow_dimension(self, row: int, column: int) -> None:
        match = re.compile(rb'(<dimension\b[^>]*\bref=")([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?"').search(self.xml)
        if not match:
            return
        right = max(column, column_number((match[4] or match[2]).decode()))
        bottom = max(row, int(match[5] or match[3]))
        new = match[1] + match[2] + match[3] + f':{letters(right)}{bottom}"'.encode()
        self.xml = self.xml[: match.start()] + new + self.xml[match.end() :]

    def extend_ranges(self, old: int, new: int, columns: range) -> None:
        """Extend list checks and formats that ended at a table's last row `old` to `new`."""

        def longer(match: re.Match[bytes]) -> bytes:
            parts = []
            for ref in match[2].split():
                one = re.fullmatch(rb"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?", ref)
                # A table that once was longer left its checks and formats standing further down.
                bottom = int(one[4] or one[2]) if one else 0
                if one and old <= bottom < new and int(one[2]) <= old and column_number(one[1].decode()) in columns:
                    ref = one[1] + one[2] + b":" + (one[3] or one[1]) + b"%d" % new
                parts.append(ref)
            return match[1] + b" ".join(parts) + match[3]

        _, end = self._body()
        tail = new_tail = self.xml[end:]
        for pattern in _CHECKED:
            new_tail = pattern.sub(longer, new_tail)
        if new_tail != tail:
            self.xml = self.xml[:end] + new_tail

    def tail(self) -> bytes:
        """The parts of the sheet after its rows: merged cells, checks, formats and drawings."""
        return self.xml[self._body()[1] :]

    # ---- formulas -------------------------------------------------------------------------------------------------

    def formulas(self) -> dict[bytes, bytes]:
        """Each cell with a formula: its reference and its content."""
        start, end = self._body()
        if b"<f" not in self.xml[start:end]:
            return {}
        out = {}
        for match in _CELL.finditer(self.xml, start, end):
            if match[2] and b"<f" in match[2]:
                ref = re.search(rb'\br="([A-Z]+[0-9]+)"', match[1])
                if ref:
                    out[ref[1]] = match[0]
        return out


def cells_in(row: bytes, where: str) -> list[tuple[int, bytes, bytes]]:
    """(column number, style, the whole cell) of each cell in a row; the style is empty where there is none."""
    # Every program known writes a cell's attributes in this order, and one pattern does it all three times as fast.
    usual = _USUAL.findall(row)
    if len(usual) == row.count(b"<c "):
        return [(_number(letters_), style, cell) for cell, letters_, style in usual]
    out = []
    for match in _CELL.finditer(row):
        ref, style = _CELL_REF.search(match[1]), _STYLE.search(match[1])
        if ref is None:
            raise BadBook(
                "The cells of this sheet have no addresses, so xltax cannot find them.",
                where=where,
                do="Open the workbook in Excel, save, and try again.",
            )
        out.append((_number(ref[1]), style[1] if style else b"", match[0]))
    return out


@cache
def _number(text: bytes) -> int:
    return column_number(text.decode())
