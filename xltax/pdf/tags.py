"""Tags the parts of a PDF, so that a screen reader says what a heading, a table and its headers are, in the order of reading.

reportlab draws pages and has no tags of its own. The tags are PDF objects that this module adds through reportlab's document.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFString
from reportlab.pdfgen.canvas import Canvas

COLUMN, ROW = b"/A<</O/Table/Scope/Column>>", b"/A<</O/Table/Scope/Row>>"
"""What a table's header stands over or before."""


def across(columns: int) -> bytes:
    """The attribute of a cell that spans so many columns."""
    return b"/A<</O/Table/ColSpan %d>>" % columns


class Element(PDFObject):  # type: ignore[misc]
    """One part of the document, with its parts or the marks of its words on the pages."""

    __RefOnly__ = 1
    __slots__ = ("__InternalName__", "alt", "attributes", "kids", "kind", "me", "parent")

    def __init__(self, kind: str, parent: Any, attributes: bytes = b"", alt: str = "") -> None:
        self.kind, self.parent, self.attributes, self.alt = kind, parent, attributes, alt
        self.kids: list[Any] = []  # references to elements, or (page, number) of a mark
        self.me: Any = None

    def format(self, document: Any) -> bytes:
        """The element as it stands in the file."""
        parts = [b"<</S/%s/P %s" % (self.kind.encode(), self.parent.format(document)), self.attributes]
        marks = [kid for kid in self.kids if isinstance(kid, tuple)]
        if marks:
            page = marks[0][0].format(document)
            parts.append(b"/Pg " + page)
            one = len(marks) == len(self.kids) == 1
            kids = b"%d" % marks[0][1] if one else b"[%s]" % b" ".join(_kid(kid, document) for kid in self.kids)
        else:
            kids = b"[%s]" % b" ".join(kid.format(document) for kid in self.kids)
        if self.kids:
            parts.append(b"/K " + kids)
        if self.alt:
            parts.append(b"/Alt " + PDFString(self.alt).format(document))
        return b"".join((*parts, b">>"))


def _kid(kid: Any, document: Any) -> bytes:
    if isinstance(kid, tuple):
        return b"<</Type/MCR/Pg %s/MCID %d>>" % (kid[0].format(document), kid[1])
    return bytes(kid.format(document))


class Tags:
    """The tags of one PDF, added while its pages are drawn."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas, self._document = canvas, canvas._doc
        self._root = PDFDictionary({})
        self._root_ref = self._document.Reference(self._root)
        self.document = self.element("Document", None)
        self._parents: list[Any] = []  # for each page, the elements of its marks
        self._marks: list[Any] = []

    def element(self, kind: str, parent: Element | None, attributes: bytes = b"", alt: str = "") -> Element:
        """A new part at the end of its parent."""
        new = Element(kind, self._root_ref if parent is None else parent.me, attributes, alt)
        new.me = self._document.Reference(new)
        if parent is not None:
            parent.kids.append(new.me)
        return new

    @contextmanager
    def words(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to the element."""
        page, number = self._document.thisPageRef(), len(self._marks)
        element.kids.append((page, number))
        self._marks.append(element.me)
        self._canvas._code.append(f"/{element.kind} <</MCID {number}>> BDC")
        yield
        self._canvas._code.append("EMC")

    @contextmanager
    def passed_over(self) -> Iterator[None]:
        """What is drawn inside is not read: a rule, a shade, or what the page before has too."""
        self._canvas._code.append("/Artifact BMC")
        yield
        self._canvas._code.append("EMC")

    def end_page(self) -> None:
        """Ends the page that is drawn, and ties its marks to their elements."""
        self._canvas.showPage()
        page = self._document.Pages.pages[-1]
        page.StructParents, page.Tabs = len(self._parents), PDFName("S")
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        self._parents.append(self._document.Reference(PDFArray(self._marks)))
        self._marks = []

    def finish(self) -> None:
        """Puts the tags into the document."""
        numbers = [entry for pair in enumerate(self._parents) for entry in pair]
        tree = self._document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
        self._root.dict.update(
            {
                "Type": PDFName("StructTreeRoot"),
                "K": PDFArray([self.document.me]),
                "ParentTree": tree,
                "ParentTreeNextKey": len(self._parents),
            }
        )
        self._document.Catalog.StructTreeRoot = self._root_ref
        self._document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
