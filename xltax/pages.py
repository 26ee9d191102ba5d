"""Printed pages, such as letters, bills, statements and slips, described without the program that prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

CellKind = Literal["text", "id", "date", "money", "count", "year", "number"]
"""The kinds of values of a table column. Money is whole cents."""

Paper = Literal["portrait", "landscape", "labels", "roll"]


class Pdf(NamedTuple):
    """Pages as a PDF file, and the letters that no font of this computer has."""

    data: bytes
    lacking: str

    def said(self) -> str:
        """What somebody must know about the file; empty if every letter is printed."""
        if not self.lacking:
            return ""
        return f"This computer has no font for {', '.join(self.lacking)}. The page shows another letter or a number in brackets."


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading above a part of the page."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph that wraps at the width of the page.

    aside: tells how the workbook stood when the page was printed. It is not part of what the paper says, so a reprint may differ.
    """

    text: str
    style: Literal["plain", "bold", "small", "box"] = "plain"  # box: framed, for what must not be missed
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that never wrap, such as an address or a scan line. `right` puts the lines at the right edge.

    Lines of style address, and plain lines (two or more) that open a page, stand where a No. 10 window envelope shows
    them.
    Lines with `right` that follow others directly stand beside them.
    """

    lines: tuple[str, ...]
    style: Literal["plain", "bold", "small", "mono", "address"] = "plain"  # address: always in the envelope's window
    right: bool = False


Field = tuple[str, object, CellKind]
"""A label, its value and the kind of value."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with values, in one or two columns."""

    fields: tuple[Field, ...]
    columns: Literal[1, 2] = 2


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headers, the kind of each column, rows and relative column widths.

    `total` marks the last row as the sum: it is set in bold under a rule.
    """

    headers: tuple[str, ...]
    kinds: tuple[CellKind, ...]
    rows: Sequence[Sequence[object]]
    widths: tuple[float, ...] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signature lines, two side by side, each with a label below."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A dashed cut line, with instructions for the part below, such as a remittance stub.

    From the first one on, a document's blocks stand at the bottom of its last page.
    """

    text: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Labels:
    """Addresses for a sheet of 30 labels. Labels need a page of their own; see `Page.labels`."""

    addresses: tuple[tuple[str, ...], ...]


Block = Heading | Text | Lines | Fields | Grid | Signatures | Cut | Gap | Labels


@dataclass(frozen=True, slots=True)
class Page:
    """One printed document: office, title and blocks. A long table runs on to more pages.

    `key` is what the page is about, such as the bill, so that a test or a reader can find it. `seal`: a frame for the town's seal
    stands at the head of the first sheet of paper; the seal itself stands on every sheet of every document. `close`: what would
    run over one page is set closer before it takes a second. `labels`: the paper is a sheet of address labels, without head or
    foot. `roll`: the paper is a roll of 80 mm.
    """

    title: str
    blocks: tuple[Block, ...]
    office: str = ""  # the town and its office, on top
    key: str = ""
    footer: str = ""
    landscape: bool = False
    seal: bool = False
    close: bool = False
    labels: bool = False
    roll: bool = False

    @property
    def paper(self) -> Paper:
        """The kind of paper for this page."""
        if self.roll:
            return "roll"
        return "labels" if self.labels else "landscape" if self.landscape else "portrait"
