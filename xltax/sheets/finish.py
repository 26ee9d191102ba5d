"""Final changes to a new workbook, so that the file is the same as one Excel saves."""

from __future__ import annotations

import datetime as dt
import re

from xltax.sheets.package import Package, serialise
from xltax.sheets.places import MAIN

BUILT = dt.datetime(2025, 1, 1)

_INLINE = re.compile(rb' t="inlineStr"><is>(.*?)</is></c>', re.S)
_PART = "xl/sharedStrings.xml"
_HEAD = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">'
)


def share(package: Package) -> None:
    """Move every inline text into the shared table.

    Only for books just built: in a live book the table would be a part changed without need.
    """
    index: dict[bytes, int] = {}
    uses = 0

    def shared(match: re.Match[bytes]) -> bytes:
        nonlocal uses
        uses += 1
        return b' t="s"><v>%d</v></c>' % index.setdefault(match[1], len(index))

    for part in package.names():
        if part.startswith("xl/worksheets/sheet"):
            package.put(part, _INLINE.sub(shared, package.part(part)))
    items = b"".join(b"<si>" + text + b"</si>" for text in index)
    package.put(_PART, _HEAD % (uses, len(index)) + items + b"</sst>")
    _declare(package)


def _declare(package: Package) -> None:
    """Name the shared table in the two lists of parts, where openpyxl, which writes texts inline, left it out."""
    rels = package.tree("xl/_rels/workbook.xml.rels")
    if not any((r.get("Type") or "").endswith("/sharedStrings") for r in rels):
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        told = {"Type": kind, "Target": "/" + _PART, "Id": "rIdSharedStrings"}
        rels.append(rels.makeelement(rels[0].tag, told))
        package.put("xl/_rels/workbook.xml.rels", serialise(rels))
    types = package.tree("[Content_Types].xml")
    if not any(t.get("PartName") == "/" + _PART for t in types):
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        tag = next(t.tag for t in types if t.get("PartName"))
        types.append(types.makeelement(tag, {"PartName": "/" + _PART, "ContentType": kind}))
        package.put("[Content_Types].xml", serialise(types))


_FONT_ORDER = (
    "b",
    "i",
    "strike",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
)


def order_fonts(package: Package) -> None:
    """Put the settings of each font in the order Excel's own schema has; validators refuse any other."""
    root = package.tree("xl/styles.xml")
    for font in root.iter(f"{{{MAIN}}}font"):
        font[:] = sorted(font, key=lambda e: _FONT_ORDER.index(e.tag.rpartition("}")[2]))
    package.put("xl/styles.xml", serialise(root))


def stamp(package: Package) -> None:
    """The fixed creation date, in place of the current date."""
    core = package.part("docProps/core.xml").decode()
    date = BUILT.strftime("%Y-%m-%dT%H:%M:%SZ")
    core = re.sub(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rf"\g<1>{date}", core)
    package.put("docProps/core.xml", core.encode())
