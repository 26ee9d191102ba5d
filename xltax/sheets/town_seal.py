"""Prints the town's seal at the top of pages."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from lxml import etree

from xltax.errors import BadValue
from xltax.sheets.package import Package, serialise

SIZE = 0.55
"""How large it prints at most, in inches."""

_MEDIA = "xl/media/seal.png"
_EMU = 914_400  # to the inch
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{_OFFICE}">%s</xdr:wsDr>'
)
_ANCHOR = (
    "<xdr:oneCellAnchor><xdr:from><xdr:col>%d</xdr:col><xdr:colOff>60000</xdr:colOff><xdr:row>%d</xdr:row>"
    '<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="%d" cy="%d"/><xdr:pic><xdr:nvPicPr>'
    '<xdr:cNvPr id="%d" name="Seal %d" descr=%s/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr>'
    '</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    "</xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
)


def put(package: Package, picture: bytes, places: Sequence[tuple[int, Sequence[int]]], about: str) -> None:
    """Puts the picture on each sheet in turn: its column and its rows, counted from 0. `about` is read out for it.

    Raises BadValue where the picture is no PNG.
    """
    across, down = size(picture)
    scale = SIZE * _EMU / max(across, down)
    cx, cy = round(across * scale), round(down * scale)
    package.put(_MEDIA, picture)
    overrides = []
    for number, (column, rows) in enumerate(places, 1):
        if not rows:
            continue
        said = quoteattr(about)
        anchors = (_ANCHOR % (column, row, cx, cy, n + 1, n, said, cx, cy) for n, row in enumerate(rows, 1))
        drawing = f"xl/drawings/drawing{number}.xml"
        package.put(drawing, (_DRAWING % "".join(anchors)).encode())
        package.put(f"xl/drawings/_rels/drawing{number}.xml.rels", _link("image", f"/{_MEDIA}"))
        package.put(f"xl/worksheets/_rels/sheet{number}.xml.rels", _link("drawing", f"/{drawing}"))
        part = f"xl/worksheets/sheet{number}.xml"
        tag = f'<drawing xmlns:r="{_OFFICE}" r:id="rId1"/></worksheet>'.encode()
        package.put(part, tag.join(package.part(part).rsplit(b"</worksheet>", 1)))
        overrides.append(drawing)
    types = package.tree("[Content_Types].xml")
    etree.SubElement(types, f"{{{_TYPES}}}Default", Extension="png", ContentType="image/png")
    for drawing in overrides:
        kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{drawing}", ContentType=kind)
    package.put("[Content_Types].xml", serialise(types))


def said(office: str) -> str:
    """What a screen reader says for the picture."""
    return f"The seal on pages of {office}"


def _link(kind: str, target: str) -> bytes:
    root = etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})
    etree.SubElement(root, f"{{{_RELS}}}Relationship", Id="rId1", Type=f"{_OFFICE}/{kind}", Target=target)
    return serialise(root)


def size(picture: bytes) -> tuple[int, int]:
    """The width and height of a PNG picture in its own dots. Raises BadValue if it is none."""
    if picture[:8] != b"\x89PNG\r\n\x1a\n" or picture[12:16] != b"IHDR" or len(picture) < 24:
        raise BadValue(
            "This file is not a PNG picture.",
            where="seal.png",
            do="Save the seal as a PNG picture, or remove the file.",
        )
    across, down = struct.unpack(">II", picture[16:24])
    if not across or not down:
        raise BadValue(
            "This picture is empty.", where="seal.png", do="Save the seal as a PNG picture, or remove the file."
        )
    return across, down
