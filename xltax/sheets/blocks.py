"""The blocks of a printed page as rows of cells with heights, before they are placed on paper."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from numbers import Integral

from xltax.errors import BadValue
from xltax.money import dollars
from xltax.pages import Block, CellKind, Cut, Fields, Gap, Grid, Heading, Labels, Lines, Page, Paper, Signatures, Text
from xltax.sheets.cells import EMPTY, encode
from xltax.sheets.look_printed import PLACES, SIDES, SIZES, inner, printed
from xltax.sheets.measure import width, wrap

STEP = 8  # every edge of a cell stands on a multiple of this many pixels, so that columns do not become too many
WIDE: dict[Paper, int] = {"portrait": 80 * STEP, "landscape": 109 * STEP, "labels": 93 * STEP, "roll": 31 * STEP}
"""Excel prints a pixel 6.5% wider than 1/96 inch: 93 steps are three labels of 2 3/4 inches with what is between them. A roll of 80 mm is printed 72 mm wide."""
_POINTS = 0.78  # of a pixel as printed, a little less than the 0.799 measured in Calc
_PITCH = 1.25  # of a line, in sizes of its letters
AFTER = 6.0  # below a table, in points
_PAD = 3.0  # above and below a cell's text, in points
_CLOSE = 0.6  # the same where a page is set close
_SHORT = 130.0  # a table below this height, in points, stays on one page
BOLD = 0.95
"""Of the room: a bold face is wider."""
_LONG_DATE, _LONG_WORD = "May 30, 2026", 16
INDENT = 7.5
"""What an indented text loses of its cell, in points."""
SEAL = 7 * STEP
"""The width of the seal at the right edge of the page head."""
LABEL = 72.0
"""The height of a label."""
_TALLEST = 24  # lines in one row: Excel's rows end at 409 points
_WEIGHTS: dict[CellKind, float] = {"text": 20, "id": 13, "date": 11, "money": 12, "count": 7, "year": 7, "number": 10}


@dataclass(frozen=True, slots=True)
class Span:
    """One cell from a left to a right edge in pixels: its style, its value and its bytes; `loose` text runs over empty cells."""

    left: int
    right: int
    style: str
    cell: bytes = EMPTY
    loose: bool = False
    value: object = None
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its height in points and its cells; `keep` ties it to the next, `again` is repeated on a new page.

    repeated: the page before has these words already, so a screen reader passes over them.
    """

    height: float
    spans: tuple[Span, ...] = ()
    keep: bool = False
    again: tuple[Row, ...] = ()
    repeated: bool = False


@lru_cache(maxsize=100_000)
def _cell(value: Hashable, kind: CellKind, _type: type) -> tuple[bytes, str]:
    cell = encode([value], kind, False)[1][0]
    return cell, str(value) if kind in ("text", "id") and cell != EMPTY else ""


def _content(value: object, kind: CellKind) -> tuple[bytes, str]:
    """A value as a cell, and the text that may need more than one line."""
    try:
        return _cell(value, kind, type(value))  # type: ignore[arg-type]
    except TypeError:
        raise BadValue(f"{value!r} cannot go on a printed page.") from None


def _span(left: int, right: int, style: str, value: object, kind: CellKind = "text", *, loose: bool = False) -> Span:
    return Span(left, right, style, _content(value, kind)[0], loose, value, kind)


def room(left: int, right: int) -> float:
    """The width of a cell's text, in points."""
    return (right - left) * _POINTS - 5


def _tall(lines: int, role: str, *, close: bool = False) -> float:
    return whole(lines * SIZES[role] * _PITCH + (_CLOSE if close or role.startswith("close ") else _PAD))


def whole(points: float) -> float:
    """A height that Excel keeps. Excel rounds every row to pixels of 0.75 points."""
    return math.ceil(points / 0.75 - 1e-9) * 0.75


def text(words: str, role: str, wide: int, *, left: int = 0, keep: bool = False, close: bool = False) -> Iterator[Row]:
    """A paragraph over the page's width; a very long one on several rows."""
    lines = wrap(words, room(left, wide), SIZES[role])
    for first in range(0, len(lines), _TALLEST):
        part = lines[first : first + _TALLEST]
        said = words if len(lines) <= _TALLEST else "\n".join(part)
        yield Row(_tall(len(part), role, close=close), (_span(left, wide, printed(role), said),), keep=keep)


def lines(block: Lines, beside: Lines | None, wide: int, role: str) -> Iterator[Row]:
    """Lines exactly as given. A second block goes next to them at the right edge."""
    middle = STEP * (wide * 6 // 10 // STEP)
    there = beside.lines if beside else ()
    for index in range(max(len(block.lines), len(there))):
        height, spans = 0.0, []
        if index < len(block.lines):
            one = block.lines[index]
            end = middle if beside else wide
            long = len(one) * 0.6 * SIZES[role] if role == "mono" else width(one, SIZES[role])
            fits = long <= room(0, end)
            count = 1 if fits else len(wrap(one, room(0, end), SIZES[role]))
            if block.right or not fits:
                spans.append(_span(0, end, printed(role, right=block.right), one))
            else:
                style = printed(role) if role == "address" else f"{printed(role)} line"
                spans.append(_span(0, end, style, one, loose=True))
            height = _tall(count, role) - _PAD / 2
        if beside and index < len(there):
            spans.append(_span(middle, wide, printed(beside.style, right=True), there[index]))
            height = max(height, _tall(1, beside.style) - _PAD / 2)
        yield Row(whole(height), tuple(spans), keep=index + 1 < max(len(block.lines), len(there)))


def fields(block: Fields, wide: int) -> Iterator[Row]:
    """Labels and values, one or two pairs to a row, read from left to right."""
    parts = ((0.0, 0.2, 0.48), (0.52, 0.72, 1.0)) if block.columns == 2 else ((0.0, 0.36, 1.0),)
    edges = [tuple(STEP * round(p * wide / STEP) for p in pair) for pair in parts]
    amounts = ("money", "count", "number")
    for first in range(0, len(block.fields), block.columns):
        spans, most = [], 1
        for (label, value, kind), (left, middle, right) in zip(
            block.fields[first : first + block.columns], edges, strict=False
        ):
            words = _content(value, kind)[1]
            if block.columns == 1 and kind in amounts:
                right = middle + STEP * (wide // 4 // STEP)  # an amount stays near its label
            elif kind in amounts:
                middle += STEP * (wide // 10 // STEP)  # it needs less room than a text, and its label may have it
            spans += [
                _span(left, middle, printed("label"), label),
                _span(middle, right, printed("value", kind), value, kind),
            ]
            most = max(
                most,
                len(wrap(label, room(left, middle), SIZES["label"])),
                len(wrap(words, room(middle, right), SIZES["value"])),
            )
        yield Row(_tall(most, "value") + 1.5, tuple(spans))
    yield Row(AFTER)


def edges(block: Grid, wide: int) -> list[int]:
    """The edges of a grid's columns in pixels, by weight. A date or an amount gets at least its own width."""
    weights = block.widths or tuple(_WEIGHTS[k] for k in block.kinds)
    if not len(weights) == len(block.kinds) == len(block.headers):
        raise BadValue("A printed table needs one header, one kind and one width for each column.")
    if len(weights) * STEP > wide:
        raise BadValue(
            f"A printed table with {len(weights)} columns does not fit on the page.", do="Use fewer columns."
        )
    steps = _shares(weights, [_needed(block, n) for n in range(len(weights))], wide // STEP)
    out, seen = [0], 0.0
    for number, share in enumerate(steps, 1):
        seen += share
        least, most = out[-1] + STEP, wide - STEP * (len(weights) - number)
        out.append(min(max(STEP * math.floor(seen + 0.5), least), most))
    return out


def _shares(weights: Sequence[float], needed: Sequence[int], steps: int) -> list[float]:
    """The width of each column by weight. A column that needs more gets more, and the others share the rest."""
    fixed: set[int] = set()
    while True:
        rest = steps - sum(needed[n] for n in fixed)
        whole_weight = sum(w for n, w in enumerate(weights) if n not in fixed)
        out = [needed[n] if n in fixed else w * rest / whole_weight for n, w in enumerate(weights)]
        short = {n for n, share in enumerate(out) if share < needed[n]} - fixed
        if not short:
            return out
        if sum(needed[n] for n in fixed | short) >= steps or len(fixed | short) == len(weights):
            return [w * steps / sum(weights) for w in weights]  # nothing to give: all by weight
        fixed |= short


def _needed(block: Grid, column: int) -> int:
    """The steps a column takes up at least: a date or an amount that does not fit prints as ###, a word is broken inside."""
    kind = block.kinds[column]
    if kind == "date":
        longest = _LONG_DATE
    elif kind == "money":
        longest = f"({dollars(max((abs(int(v)) for row in block.rows if isinstance(v := row[column], Integral)), default=0))})"
    else:
        words = (w for row in block.rows if isinstance(v := row[column], str) for w in v.split())
        longest = max(words, key=len, default="")[:_LONG_WORD]
    heads = [width(word, SIZES["head"]) for word in block.headers[column].split()]
    most = max([*heads, width(longest, SIZES["cell"])]) / BOLD
    away = INDENT if column and SIDES[kind] == "left" else 0.0
    return math.ceil((most + away + 5) / (_POINTS * STEP))


def _styled(role: str, kind: CellKind, left: int) -> tuple[str, float]:
    """The style of a table's cell, and the room an indent takes."""
    away = left > 0 and SIDES[kind] == "left"
    style = printed(role, kind)
    return (inner(style), INDENT) if away else (style, 0.0)


def grid(block: Grid, wide: int, *, close: bool = False) -> Iterator[Row]:
    """A table: a header that repeats on every page, rows and a total, or a note that there are no rows."""
    at = edges(block, wide)
    set_ = "close " if close else ""
    places = list(zip(at, at[1:], block.kinds, strict=False))
    heads, tall = [], 1
    for (left, right, kind), header in zip(places, block.headers, strict=True):
        style, lost = _styled(f"{set_}head", kind, left)
        heads.append(_span(left, right, style, header))
        tall = max(tall, len(wrap(header, (room(left, right) - lost) * BOLD, SIZES["head"])))
    head = Row(_tall(tall, f"{set_}head") + (0.0 if close else 1.5), tuple(heads), keep=True)
    yield head
    if not block.rows:
        yield Row(_tall(1, "cell"), (_span(0, wide, printed("cell", "text"), "None."),))
    rows = list(_grid_rows(block, places, head, set_))
    together = sum(row.height for row in rows) < _SHORT
    for number, row in enumerate(rows, 1):
        yield replace(row, keep=True) if together and number < len(rows) else row
    yield Row(AFTER / 2 if close else AFTER)


def _grid_rows(block: Grid, places: list[tuple[int, int, CellKind]], head: Row, set_: str) -> Iterator[Row]:
    last = len(block.rows) - 1
    for number, values in enumerate(block.rows):
        if len(values) != len(places):
            raise BadValue(f"Row {number + 1} of a printed table has {len(values)} cells for {len(places)} columns.")
        role = f"{set_}total" if block.total and number == last else f"{set_}cell"
        spans, most = [], 1
        for (left, right, kind), value in zip(places, values, strict=True):
            words = _content(value, kind)[1]
            style, lost = _styled(role, kind, left)
            exact = len(value.partition(".")[2]) if kind == "number" and isinstance(value, str) else 0
            spans.append(_span(left, right, f"{style} {exact}" if exact in PLACES else style, value, kind))
            if words:
                free = (room(left, right) - lost) * (BOLD if role.endswith("total") else 1)
                most = max(most, len(wrap(words, free, SIZES[role])))
        # The sum never stands alone on a page.
        yield Row(_tall(most, role), tuple(spans), keep=block.total and number == last - 1, again=(head,))


def labels(block: Labels, wide: int) -> Iterator[Row]:
    """Addresses on labels, three across."""
    each = wide // 3
    for first in range(0, len(block.addresses), 3):
        yield Row(
            LABEL,
            tuple(
                _span(n * each, (n + 1) * each, printed("sticker"), "\n".join(lines))
                for n, lines in enumerate(block.addresses[first : first + 3])
            ),
        )


def signatures(block: Signatures, wide: int) -> Iterator[Row]:
    """Lines to sign on, two side by side."""
    halves = ((0, STEP * (wide * 45 // 100 // STEP)), (STEP * (wide * 55 // 100 // STEP), wide))
    for first in range(0, len(block.labels), 2):
        pair = block.labels[first : first + 2]
        yield Row(33, keep=True)
        most = max(len(wrap(label, room(*half), SIZES["sign"])) for label, half in zip(pair, halves, strict=False))
        yield Row(
            _tall(most, "sign"),
            tuple(_span(*half, printed("sign"), label) for label, half in zip(pair, halves, strict=False)),
            keep=first + 2 < len(block.labels),
        )


def rows(
    block: Block, wide: int, *, beside: Lines | None = None, address: bool = False, close: bool = False
) -> Iterator[Row]:
    """Any block as rows."""
    match block:
        case Heading(words):
            yield Row(3 if close else 6, keep=True)
            yield from text(words, "heading", wide, keep=True, close=close)
            yield Row(1.5 if close else 3, keep=True)
        case Text(words, style):
            yield from text(words, style, wide, close=close and style != "box")
            yield Row(1.5 if close else 3)
        case Lines():
            yield from lines(block, beside, wide, "address" if address else block.style)
        case Fields():
            yield from fields(block, wide)
        case Grid():
            yield from grid(block, wide, close=close)
        case Labels():
            yield from labels(block, wide)
        case Signatures():
            yield from signatures(block, wide)
        case Cut(words):
            yield Row(9, (Span(0, wide, printed("cut rule")),), keep=True)
            if words:
                yield Row(_tall(1, "cut") + 3, (_span(0, wide, printed("cut"), words),), keep=True)
            else:
                yield Row(3, keep=True)
        case Gap(count):
            yield Row(min(count * 12.75, 400.5))


def bears_seal(page: Page) -> bool:
    """Whether the town's seal stands at the head of the page's sheets of paper."""
    return bool(page.office and page.title) and not page.labels


def head(page: Page, wide: int, *, again: bool = False, picture: bool = False) -> Iterator[Row]:
    """The office and the title, on top of every page of a document; at their right the seal, or a frame for it.

    picture: the town's seal is there, and stands on every page. A frame for it stands on the first page of a document that needs one.
    """
    if page.labels:
        return
    sealed = bears_seal(page) if picture else page.seal and not again and bears_seal(page)
    right = wide - SEAL if sealed else wide
    sides: list[tuple[Span, ...]] = [(), ()]
    if sealed and picture:
        sides = [(), (Span(right, wide, printed("seal rule")),)]
    elif sealed:
        words = (("seal top", "Town"), ("seal bottom", "seal"))
        sides = [(_span(right, wide, printed(role), word),) for role, word in words]
    if page.office:
        for row in text(page.office, "office", right, keep=True):
            yield Row(row.height, row.spans + sides[0], keep=True)
    if page.title:
        for row in text(f"{page.title} (continued)" if again else page.title, "title", right, keep=True):
            yield Row(row.height, row.spans + sides[1], keep=True)
    yield Row(6, keep=True)


def foot(page: Page, number: int, count: int, wide: int) -> Row:
    """The footer of every page of a document, with the page number."""
    middle = STEP * (wide * 8 // 10 // STEP)
    many = len(wrap(page.footer, room(0, middle), SIZES["foot"]))
    return Row(
        _tall(many, "foot"),
        (
            _span(0, middle, printed("foot"), page.footer),
            _span(middle, wide, printed("foot", right=True), f"Page {number} of {count}"),
        ),
    )
