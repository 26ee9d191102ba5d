"""Which sheets' formulas can have new results after a change. The others keep the results they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape

from xltax.sheets.layout import Layout

_NAME = re.compile(r'<definedName\b[^>]*?\bname="([^"]*)"[^>]*>([^<]*)</definedName>')
_WORD = re.compile(r"[A-Za-z_\\][\w.\\]*")
_ALWAYS = re.compile(r"\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO)\(", re.I)
_ANYWHERE = re.compile(r"\b(?:INDIRECT|OFFSET)\(", re.I)
_STALE = re.compile(r'<calcPr\b[^>]*\b(?:calcMode="manual"|fullCalcOnLoad="(?:1|true)")')


def affected(layout: Layout, formulas: Mapping[str, Iterable[bytes]], without_result: set[str]) -> set[str]:
    """The parts of the sheets that were changed, or whose formulas depend on a sheet that was; all of them if nobody can tell.

    formulas: of each sheet that has some, their texts. without_result: sheets with a formula that has no result yet.
    """
    book = layout.package.part(layout.workbook_part).decode(errors="replace")
    texts = {part: unescape(b"\n".join(found).decode(errors="replace")) for part, found in formulas.items()}
    if (
        layout.workbook_part in layout.package.changed
        or _STALE.search(book)
        or any(_ANYWHERE.search(text) for text in texts.values())
    ):
        return set(layout.sheets.values())
    names = {unescape(name).casefold(): unescape(text) for name, text in _NAME.findall(book)}
    told = {part: _told(layout, _with_names(text, names)) for part, text in texts.items()}
    tables = {table.part: table.sheet_part for table in layout.tables.values()}
    found = {tables.get(part, part) for part in layout.package.changed} & set(layout.sheets.values())
    found |= without_result | {part for part, text in texts.items() if _ALWAYS.search(text)}
    while more := {part for part, sheets in told.items() if part not in found and sheets & found}:
        found |= more
    return found


def _with_names(text: str, names: Mapping[str, str]) -> str:
    """A sheet's formulas, and the text of every defined name they speak of."""
    whole, seen, new = text, set[str](), {word.casefold() for word in _WORD.findall(text)} & names.keys()
    while new:
        seen |= new
        more = "\n".join(names[name] for name in new)
        whole += "\n" + more
        new = ({word.casefold() for word in _WORD.findall(more)} & names.keys()) - seen
    return whole


def _told(layout: Layout, text: str) -> set[str]:
    """The sheets that formulas speak of, by the sheet's own name or by a table on it."""
    words = {word.casefold() for word in _WORD.findall(text)}
    sheets = {table.sheet_part for table in layout.tables.values() if table.name.casefold() in words}
    folded = text.casefold()
    for sheet, part in layout.sheets.items():
        quoted = sheet.casefold().replace("'", "''")
        if f"{quoted}'!" in folded or f"{quoted}!" in folded or f"{quoted}:" in folded or f":{quoted}" in folded:
            sheets.add(part)  # the colons: a stretch of sheets, such as Jan:Mar!A1
    return sheets
