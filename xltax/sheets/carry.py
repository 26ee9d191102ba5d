"""Protects what a workbook has besides its cells. A change that would break something is refused.

Parts that nobody changed are copied byte for byte, so charts, pictures, comments, pivot tables, macros and ribbons are carried
over by themselves. What is left to see to: books that no change may touch, and references that go as far as a table did.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from xltax.errors import BadBook
from xltax.sheets.below import in_the_way
from xltax.sheets.cells import column_number, letters, split_ref
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package, parse
from xltax.sheets.places import MAIN, TableAt

# ---- books that no change may touch ---------------------------------------------------------------------------------

_SIGNATURE = "_xmlsignatures/"
_REVISIONS = "xl/revisions/"


def refuse_what_would_break(layout: Layout) -> None:
    """Raises BadBook for a workbook that is protected against changes or that any change would break."""
    package = layout.package
    if any(name.startswith(_SIGNATURE) for name in package.names()):
        raise BadBook(
            "This workbook is digitally signed, and any change would break the signature. Nothing was written.",
            where=package.name,
            do="Remove the signature in Excel (File, Info, View Signatures), or work in an unsigned copy.",
        )
    if any(name.startswith(_REVISIONS) for name in package.names()):
        raise BadBook(
            "This workbook is shared with tracked changes, and an edit would break the tracking. Nothing was written.",
            where=package.name,
            do="Stop sharing the workbook in Excel (Review, Unshare Workbook). Save the workbook and try again.",
        )
    sharing = package.tree(layout.workbook_part).find(f"{{{MAIN}}}fileSharing")
    if sharing is not None and (sharing.get("reservationPassword") or sharing.get("hashValue")):
        raise BadBook(
            "This workbook needs a password for changes. Nothing was written.",
            where=package.name,
            do="Save the workbook without a password to modify (Save As, Tools, General Options).",
        )


# ---- before and after -------------------------------------------------------------------------------------------------

_FOLLOWS = {"ref", "sqref", "spans"}  # attributes that go on with a table


def lost(
    before: Package, after: Package, dropped: str = "", extended: Collection[str] = (), redrawn: Collection[str] = ()
) -> list[str]:
    """The parts and sheet content of the old workbook that are missing from the new one.

    dropped: the part that was left out on purpose (the list of formula cells, which Excel makes anew). extended: sheets that were
    given more than they had. redrawn: forms of ours that were drawn anew, of which only what somebody put onto them has to stay.
    """
    changed = set(before.changed)
    gone = [name for name in before.original_names() if name != dropped and not after.has(name)]
    for name in before.original_names():
        if name in gone or name == dropped:
            continue
        if name not in changed:
            if after.packed(name) != before.packed(name):
                gone.append(name)
        elif name.startswith("xl/worksheets/"):
            old, new = _things(before.original(name)), _things(after.part(name))
            if name in redrawn:
                old = [t for t in old if t[0].rpartition("}")[2] in _HERS]
            if not _all_in_order(old, new) if name in {*extended, *redrawn} else old != new:
                gone.append(name)
    return gone


_HERS = {"drawing", "legacyDrawing", "picture", "control", "oleObject"}
"""What a collector may have added to a form."""


def _all_in_order(old: list[_Thing], new: list[_Thing]) -> bool:
    """Whether everything is still there in the same order. New parts may come between."""
    left = iter(_uncounted(new))
    return all(thing in left for thing in _uncounted(old))


def _uncounted(things: list[_Thing]) -> list[_Thing]:
    """The same without how many things a list holds, which grows with it, and without the formats that whole columns are given."""
    return [(name, tuple(pair for pair in pairs if pair[0] not in ("count", "style"))) for name, pairs in things]


_Thing = tuple[str, tuple[tuple[str, str], ...]]


def _things(sheet: bytes) -> list[_Thing]:
    """Everything on a sheet besides its rows, in order: views, checks, formats, drawings, comments, extensions."""
    start, end = sheet.find(b"<sheetData"), sheet.rfind(b"</sheetData>")
    root = parse(sheet[:start] + b"<sheetData>" + sheet[end:] if 0 <= start < end else sheet, "sheet")
    return [
        (str(one.tag), tuple(sorted((k, v) for k, v in one.attrib.items() if k not in _FOLLOWS)))
        for one in root.iter(etree.Element)
    ]


# ---- a table grows ------------------------------------------------------------------------------------------------------

_MERGED = re.compile(rb'<(mergeCell|autoFilter)\b[^>]*\bref="([^"]+)"')


def refuse_to_run_over(layout: Layout, table: TableAt, last: int, tail: bytes) -> None:
    """Raises BadBook if growing the table to row `last` would overwrite a table, merged cells or a filter."""
    file = layout.package.name
    new = (table.left, table.last + 1, table.right, last)
    for other in layout.tables.values():
        if other.sheet == table.sheet and other.name != table.name:
            area = (other.left, other.header, other.right, other.last + other.totals)
            if _meet(new, area):
                raise in_the_way(table, last, file, (area[1], area[0]), f"the table {other.name} is below it")
    for match in _MERGED.finditer(tail):
        area = split_ref(match[2].decode("ascii", "replace"))
        if _meet(new, area):
            what = "there are merged cells" if match[1] == b"mergeCell" else "there is a filter"
            raise in_the_way(table, last, file, (area[1], area[0]), f"{what} below it")


def _meet(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


# Texts that hold references: formulas of cells, checks, formats, charts and sparklines, and defined names.
_TEXT = re.compile(rb"(<(?:[A-Za-z0-9]+:)?(?:f|formula[12]?|definedName)\b[^>]*(?<!/)>)([^<]+)(</)")
_CELL_TEXT = re.compile(rb"(<f\b[^>]*(?<!/)>)([^<]+)(</)")
_PIVOT = re.compile(rb'(<worksheetSource\b[^>]*?\bref=")([^"]+)("[^>]*>)')
_RANGE = re.compile(
    r'"[^"]*"|'  # a text in a formula is no reference
    r"(?:('(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?(?<![\w.$:])(\$?)([A-Z]{1,3})(\$?)(\d+):(\$?)([A-Z]{1,3})(\$?)(\d+)(?![\w(.:])"
)
_SINGLE = re.compile(r"('(?:[^']|'')+'|[A-Za-z_][\w.]*)!(\$?[A-Z]{1,3}\$?\d+)")


def follow(layout: Layout, table: TableAt, last: int) -> None:
    """Extends every reference to whole columns of the table when the table ends at `last`.

    As Excel does when a row is typed below a table: a chart of a column, a total, a pivot table's source, a name, a print area.
    A reference to a part of the table stays as it is.
    """
    package = layout.package
    for name in package.names():
        if not name.endswith(".xml") or not name.startswith(
            ("xl/worksheets/", "xl/charts/", "xl/pivotCache/", "xl/workbook")
        ):
            continue
        # A long sheet's rows are passed over where none holds a formula.
        xml = package.part(name)
        rows = xml.rfind(b"</sheetData>") + 1
        tail, in_rows = xml[rows:], xml.find(b"<f", 0, rows) >= 0
        if not in_rows and not any(mark in tail for mark in (b"<f", b":f>", b"<definedName", b"worksheetSource")):
            continue
        # A chart drawn over a table that has one row only shows one cell.
        one = name.startswith("xl/charts/") and table.last == table.header + 1

        def longer(match: re.Match[bytes], here: bool = name == table.sheet_part, one: bool = one) -> bytes:
            printed = b"_xlnm.Print_Area" in match[1]
            return match[1] + _moved(match[2], table, last, here=here, printed=printed, one=one) + match[3]

        new_tail = _TEXT.sub(longer, tail)
        if in_rows:
            new = _CELL_TEXT.sub(longer, xml[:rows]) + new_tail
        else:
            new = xml if new_tail == tail else xml[:rows] + new_tail
        if b"worksheetSource" in new:
            new = _PIVOT.sub(lambda m: _source(m, table, last), new)
        if new != xml:
            package.put(name, new)


def _moved(text: bytes, table: TableAt, last: int, *, here: bool, printed: bool, one: bool) -> bytes:
    if b"%d" % table.last not in text:
        return text
    plain = _unescape(text.decode(errors="surrogateescape"))
    single = _SINGLE.fullmatch(plain) if one else None
    if single:
        plain = f"{plain}:{single[2]}"

    def longer(match: re.Match[str]) -> str:
        sheet, _, one, _, top, _, two, _, bottom = match.groups()
        if not bottom:
            return match[0]
        named = table.sheet if sheet is None and here else _plain(sheet)
        inside = column_number(one) in table.columns and column_number(two) in table.columns
        whole = int(top) in (table.header, table.header + 1) and inside
        page = printed and int(top) <= table.header + 1
        if named != table.sheet or int(bottom) != table.last or not (whole or page):
            return match[0]
        return match[0][: len(match[0]) - len(bottom)] + str(last)

    moved = _RANGE.sub(longer, plain)
    return text if moved == plain else _escape(moved).encode(errors="surrogateescape")


def _source(match: re.Match[bytes], table: TableAt, last: int) -> bytes:
    sheet = re.search(rb'\bsheet="([^"]*)"', match[0])
    left, top, right, bottom = split_ref(match[2].decode("ascii", "replace"))
    if (
        not sheet
        or _unescape(sheet[1].decode(errors="replace")) != table.sheet
        or (top, bottom) != (table.header, table.last)
    ):
        return match[0]
    return match[1] + f"{letters(left)}{top}:{letters(right)}{last}".encode() + match[3]


def _plain(sheet: str | None) -> str | None:
    return sheet[1:-1].replace("''", "'") if sheet and sheet.startswith("'") else sheet


_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def _unescape(text: str) -> str:
    for entity, letter in _ENTITIES:
        text = text.replace(entity, letter)
    return text


def _escape(text: str) -> str:
    for entity, letter in (_ENTITIES[-1], *_ENTITIES[:2]):
        text = text.replace(letter, entity)
    return text
