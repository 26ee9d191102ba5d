"""Issued papers: each has a number, and a paper printed again is the same, or says what changed since.

A paper's content is its lines as data: words, names, dates and amounts, without fonts and page breaks. The register keeps a
code of the whole content and a short code of each line, and no name.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from xltax.dates import short_date
from xltax.money import usd
from xltax.pages import Block, Cut, Fields, Gap, Grid, Heading, Lines, Page, Signatures, Text
from xltax.tables.issued import ISSUED, IssuedPaper
from xltax.tables.table import Table
from xltax.wording import some

DAY_CLOSE, QUOTE, RECEIPT, SLIP, STATEMENT = "day close", "quote", "receipt", "turnover slip", "statement"
LENGTH = 16
MOST_PARTS = 3_000
"""The most short codes of a paper: a cell holds 32,767 characters."""
SHOWN = 8
"""The most changed lines that a paper shows."""


class Content(NamedTuple):
    """What a paper says: the lines of each document."""

    documents: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, pages: Sequence[Page]) -> Content:
        """The content of a paper. Labels are for envelopes, and are no documents."""
        return cls(tuple(tuple(_lines(page)) for page in pages if not page.labels))

    @property
    def fingerprint(self) -> str:
        """One code for the content."""
        text = "\x1d".join("\x1e".join(lines) for lines in self.documents)
        return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]

    @property
    def by_line(self) -> bool:
        """Whether the short codes are of lines. A large run has one for each document."""
        return len(self.documents) == 1 or sum(map(len, self.documents)) <= MOST_PARTS

    def parts(self) -> str:
        """The short codes, in order."""
        texts = (
            (line for lines in self.documents for line in lines)
            if self.by_line
            else ("\x1e".join(lines) for lines in self.documents)
        )
        return ("line " if self.by_line else "document ") + "".join(map(_short, texts))[: 4 * MOST_PARTS]


def _short(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:3]).decode("ascii")


def parts_of(text: str) -> frozenset[str]:
    """The short codes in a cell of the register."""
    codes = text.partition(" ")[2]
    return frozenset(codes[n : n + 4] for n in range(0, len(codes), 4))


def missing(lines: Sequence[str], parts: str) -> list[str]:
    """The lines that a paper did not have, by its short codes."""
    known = parts_of(parts)
    return [line for line in lines[:MOST_PARTS] if _short(line) not in known]


def _lines(page: Page) -> Iterator[str]:
    yield page.title
    for block in page.blocks:
        yield from _said(block)


def _said(block: Block) -> Iterator[str]:
    match block:
        case Text(text, _, aside):
            if not aside:
                yield text
        case Heading(text) | Cut(text):
            yield text
        case Lines(lines) | Signatures(lines):
            yield from lines
        case Fields(fields):
            yield from (f"{label}: {_value(value, kind)}" for label, value, kind in fields)
        case Grid(headers, kinds, rows):
            yield ", ".join(headers)
            yield from (", ".join(map(_value, row, kinds)) for row in rows)
        case _:
            return


def _value(value: object, kind: str) -> str:
    if value is None or value is pd.NaT or value == "":
        return ""
    if kind == "money" and isinstance(value, int):
        return usd(int(value))
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    return str(value)


# ---- the register ----------------------------------------------------------------------------------------------------


class Printing(NamedTuple):
    """Who prints, when, and from which books."""

    when: dt.datetime
    who: str
    books: str  # the Log's last seal code
    version: str


class Registered(NamedTuple):
    """A paper with its row in the register, and its pages as they are printed."""

    row: Table[IssuedPaper]
    pages: list[Page]


def last_of(held: Table[IssuedPaper], kind: str, about: str) -> IssuedPaper | None:
    """The first printing of the newest paper of this kind about this."""
    mine = held[(held[IssuedPaper.kind] == kind) & (held[IssuedPaper.about] == about) & (held[IssuedPaper.copy] == 1)]
    return mine.row(len(mine) - 1) if len(mine) else None


def registered(
    held: Table[IssuedPaper], pages: Sequence[Page], kind: str, about: str, total: int, by: Printing
) -> Registered:
    """Gives a paper its number: that of the same paper printed before, or a new one, with what changed since the earlier one."""
    content = Content.of(pages)
    earlier = last_of(held, kind, about)
    same = earlier is not None and earlier.fingerprint == content.fingerprint
    copies = int((held[IssuedPaper.no] == earlier.no).sum()) if earlier is not None and same else 0
    last = int(held[IssuedPaper.no].max()) if len(held) else 0
    number = earlier.no if earlier is not None and same else last + 1
    row = {
        IssuedPaper.no: number,
        IssuedPaper.copy: copies + 1,
        IssuedPaper.kind: kind,
        IssuedPaper.about: about,
        IssuedPaper.printed: by.when.isoformat(" ", "seconds"),
        IssuedPaper.who: by.who,
        IssuedPaper.documents: len(content.documents),
        IssuedPaper.total: total,
        IssuedPaper.replaces: earlier.no if earlier is not None and not same else 0,
        IssuedPaper.books: by.books,
        IssuedPaper.fingerprint: content.fingerprint,
        IssuedPaper.parts: content.parts(),
        IssuedPaper.version: by.version,
    }
    foot = f"No. {number}."
    if earlier is not None and same:
        foot = f"No. {number}, issued {_day(earlier)}. Reprint."
    marked = list(pages) if earlier is None or same else _marked(pages, content, earlier)
    numbered = [page if page.labels else replace(page, footer=f"{foot} {page.footer}".strip()) for page in marked]
    return Registered(Table.made(ISSUED, [row]), numbered)


class Paper(NamedTuple):
    """One paper to issue: what it is about, its total, its pages, and the same on other paper if it is printed so."""

    about: str
    total: int
    pages: Sequence[Page]
    printed: Sequence[Page] = ()


def registered_each(
    held: Table[IssuedPaper], papers: Sequence[Paper], kind: str, by: Printing
) -> tuple[Table[IssuedPaper], list[Page]]:
    """Gives several papers their numbers; their rows in the register, and all pages as they are printed."""
    new, out = held.head(0), list[Page]()
    for paper in papers:
        one = registered(held, paper.pages, kind, paper.about, paper.total, by)
        held, new = held.and_rows(one.row).renumbered(), new.and_rows(one.row)
        if not paper.printed:
            out += one.pages
            continue
        for page, whole, numbered in zip(paper.printed, paper.pages, one.pages, strict=True):
            marks = numbered.blocks[: len(numbered.blocks) - len(whole.blocks)]
            out.append(replace(page, footer=numbered.footer, blocks=(*marks, *page.blocks)))
    return new.renumbered(), out


def _day(paper: IssuedPaper) -> str:
    return short_date(dt.date.fromisoformat(paper.printed[:10]))


def _marked(pages: Sequence[Page], content: Content, earlier: IssuedPaper) -> list[Page]:
    """The documents that changed since the earlier paper, marked; with the lines that are new, where the register knows lines."""
    since = f"Changed since it was issued on {_day(earlier)} as No. {earlier.no}."
    by_line = earlier.parts.startswith("line ")
    documents = iter(content.documents)
    out, marked = [], False
    for page in pages:
        lines = () if page.labels else next(documents)
        new = missing(lines if by_line else ["\x1e".join(lines)], earlier.parts)
        if page.labels or not new:
            out.append(page)
            continue
        marked = True
        out.append(_with_mark(page, since, new if by_line else ()))
    if out and not marked:  # lines were taken away, or moved
        out[0] = _with_mark(out[0], f"{since} Lines of that paper are missing here, or have moved.", ())
    return out


def _with_mark(page: Page, since: str, new: Sequence[str]) -> Page:
    """The page with what changed in a frame on top; at the foot, where an envelope's window or a stub leaves no room."""
    if any(isinstance(b, Cut | Gap) or (isinstance(b, Lines) and not b.right) for b in page.blocks):
        return replace(page, footer=" ".join(filter(None, (since, _told(new, 2), page.footer))))
    box = Text(f"{since} {_told(new, SHOWN)}".strip(), "box", aside=True)
    return replace(page, footer=f"{since} {page.footer}".strip(), blocks=(box, *page.blocks))


def _told(new: Sequence[str], most: int) -> str:
    if not new:
        return ""
    more = f"; and {some(len(new) - most, 'more line')}" if len(new) > most else ""
    return f"New or different: {'; '.join(new[:most])}{more}."
