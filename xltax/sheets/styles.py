"""Number formats of an existing workbook. A date must look like a date in every cell."""

from __future__ import annotations

import copy

from lxml import etree

from xltax.sheets.cells import bare_code, shows_dates
from xltax.sheets.layout import Layout
from xltax.sheets.package import serialise
from xltax.sheets.places import MAIN

DATE = "yyyy\\-mm\\-dd"
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


def dated(layout: Layout, style: int) -> int:
    """The style itself if it shows dates. Otherwise, a new similar style that does."""
    part = layout.styles_part
    root = layout.package.tree(part)
    custom = {int(f.get("numFmtId")): f.get("formatCode") or "" for f in root.iter(f"{{{MAIN}}}numFmt")}
    formats = root.find(f"{{{MAIN}}}cellXfs")
    assert formats is not None
    base = formats[style] if style < len(formats) else formats[0]
    code = int(base.get("numFmtId") or 0)
    if code in _BUILT_IN_DATES or shows_dates(custom.get(code, "")):
        return style
    number = next((n for n, text in custom.items() if bare_code(text) == bare_code(DATE)), None)
    if number is None:
        number = max([163, *custom]) + 1
        listed = root.find(f"{{{MAIN}}}numFmts")
        if listed is None:
            listed = etree.Element(f"{{{MAIN}}}numFmts")
            root.insert(0, listed)
        etree.SubElement(listed, f"{{{MAIN}}}numFmt", numFmtId=str(number), formatCode=DATE)
        listed.set("count", str(len(listed)))
    for index, one in enumerate(formats):
        same = {**one.attrib, "numFmtId": "", "applyNumberFormat": ""}
        if int(one.get("numFmtId") or 0) == number and same == {**base.attrib, "numFmtId": "", "applyNumberFormat": ""}:
            return index
    new = copy.deepcopy(base)
    new.set("numFmtId", str(number))
    new.set("applyNumberFormat", "1")
    formats.append(new)
    formats.set("count", str(len(formats)))
    layout.package.put(part, serialise(root))
    return len(formats) - 1
