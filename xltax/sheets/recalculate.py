"""Recalculates the workbook's formulas, so that every viewer shows current totals.

Another library works them out on a throw-away copy; only the results are carried into our own parts. No other program
ever writes the file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

import formualizer

from xltax.sheets.affected import affected
from xltax.sheets.cells import letters
from xltax.sheets.grid import Grid
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package, serialise
from xltax.sheets.places import TableAt

_VALUE = re.compile(rb"<v\b[^>]*>(.*?)</v>|<v\b[^>]*/>", re.S)
_TYPE = re.compile(rb'\s+t="([^"]*)"')
_CARRIED = re.compile(rb"<(calculatedColumnFormula|totalsRowFormula)\b[^>]*>.*?</\1>", re.S)
_UNKNOWN = b"#NAME?"
_FORMULA = re.compile(rb"<f\b[^>]*>([^<]*)</f>")
_BEGINS = re.compile(rb"<f[ >/]")
_ANY_FORMULA = re.compile(rb"<f\b[^>]*?(?:/>|>[^<]*</f>)")
_NAME = re.compile(rb"<definedName\b(?![^>]*_xlnm\.)[^>]*>([^<]*)</definedName>")
_LONG = 1 << 20  # bytes of a sheet worth making smaller
_HEADER_ROWS = 30  # what stands on top of a sheet is left whole
_TYPES = "[Content_Types].xml"
_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def recalculate(layout: Layout) -> bool:
    """Put new results into every formula cell; False if a formula could not be calculated.

    A result that cannot be calculated (a function of an add-in, a link to another book) keeps its last value.
    """
    package = layout.package
    grids: dict[str, tuple[Grid, dict[bytes, bytes]]] = {}
    for part in layout.sheets.values():
        xml = package.part(part)
        if b"<sheetData" in xml and _BEGINS.search(xml, 0, xml.rfind(b"</sheetData>") + 1):
            grid = Grid(xml, part)
            cells = grid.formulas()
            if cells:
                grids[part] = (grid, cells)
    formulas = {
        part: [found for cell in cells.values() for found in _FORMULA.findall(cell)]
        for part, (_, cells) in grids.items()
    }
    without_result = {
        part for part, (_, cells) in grids.items() if any(not _has_result(cell) for cell in cells.values())
    }
    again = affected(layout, formulas, without_result) & set(grids)
    if not again:
        return True
    settled = {part: _settled(grid.xml, cells) for part, (grid, cells) in grids.items() if part not in again}
    grids = {part: grids[part] for part in again}
    try:
        texts = [text for part in again for text in formulas[part]]
        slimmed = slim(layout, texts, set(grids), settled)
        result = formualizer.recalculate_xlsx_bytes(_copy(layout, slimmed, texts))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # Whatever stops the calculator, the book itself is sound and Excel can calculate it. What the calculator's own
        # language did not foresee comes as an error outside Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        return False
    fresh = zipfile.ZipFile(BytesIO(result["bytes"]))
    complete = True
    for part, (grid, cells) in grids.items():
        new = Grid(fresh.read(part), part).formulas()
        swapped: dict[bytes, bytes] = {}
        for ref, cell in cells.items():
            worked = new.get(ref)
            if worked is None or _UNKNOWN in worked:
                complete = False
                continue
            changed = _with_result(cell, worked)
            if changed != cell:
                swapped[cell] = changed
        if swapped:
            package.put(part, _swap(grid.xml, swapped))
    return complete


def put_results(layout: Layout, results: Mapping[tuple[str, str], object]) -> None:
    """Gives formula cells results calculated elsewhere: (sheet, cell) -> number or text."""
    for sheet in {sheet for sheet, _ in results}:
        part = layout.sheets[sheet]
        grid = Grid(layout.package.part(part), part)
        cells = grid.formulas()
        swapped = {}
        for (where, ref), value in results.items():
            if where == sheet:
                mark = b' t="str"' if isinstance(value, str) else b""
                worked = b"<c" + mark + b"><v>" + escape(str(value)).encode() + b"</v></c>"
                cell = cells[ref.encode()]
                swapped[cell] = _with_result(cell, worked)
        layout.package.put(part, _swap(grid.xml, swapped))


def _has_result(cell: bytes) -> bool:
    """Whether somebody calculated a formula cell; an empty text is a result too."""
    value = _VALUE.search(cell)
    return bool(value and value[1]) or b't="str"' in cell[: cell.index(b">")]


def _settled(xml: bytes, cells: Mapping[bytes, bytes]) -> bytes:
    """A sheet whose formulas keep their results, with the results alone."""
    return _swap(xml, {cell: _ANY_FORMULA.sub(b"", cell) for cell in cells.values()})


def slim(
    layout: Layout, formulas: list[bytes], working: set[str], settled: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """The long sheets without columns that no formula needs, so that the calculator reads less.

    formulas: the text of every formula. working: the sheets that hold formulas; these stay whole, and so does every sheet
    that a formula or a name speaks of in any other way than by a table's column, such as CashBook[Tax]. settled: the sheets
    whose formulas keep their results.
    """
    settled = settled or {}
    names = layout.package.part(layout.workbook_part)
    every = b"\n".join([*formulas, *_NAME.findall(names)]).decode(errors="replace")
    every = every.replace("&apos;", "'").replace("&amp;", "&")
    if re.search(r"\b(?:INDIRECT|OFFSET)\(", every, re.I):
        return dict(settled)
    out = dict(settled)
    for sheet, part in layout.sheets.items():
        xml = settled[part] if part in settled else layout.package.part(part)
        if (
            len(xml) < _LONG
            or part in working
            or re.search(rf"{re.escape(sheet.replace(chr(39), chr(39) * 2))}'?!", every)
        ):
            continue
        kept: set[int] = set()
        for table in (t for t in layout.tables.values() if t.sheet == sheet):
            asked = re.findall(rf"\b{re.escape(table.name)}\b(?:\[([^\[\]#@]+)\])?", every, re.I)
            numbers = {h.casefold(): n for n, h in zip(table.columns, table.headers, strict=True)}
            if any(name.casefold() not in numbers for name in asked):
                break  # the whole table, or something of it that only the calculator understands
            kept |= {numbers[name.casefold()] for name in asked}
            kept |= {table.left} if asked else set()  # its rows are there
        else:
            out[part] = _only(xml, kept)
    return out


def _only(xml: bytes, columns: set[int]) -> bytes:
    """A sheet with its header rows, and below them only these columns."""
    start = xml.find(b"<sheetData>") + len(b"<sheetData>")
    end = xml.rfind(b"</sheetData>")
    wanted = b"|".join(letters(c).encode() for c in sorted(columns)) or b"$"
    cells = re.compile(rb'<row [^>]*>|</row>|<c r="(?:' + wanted + rb')[0-9]+"[^>]*?(?:/>|>.*?</c>)', re.S)
    head = start
    for _ in range(_HEADER_ROWS):
        head = max(xml.find(b"</row>", head, end) + len(b"</row>"), head)
    if not columns:
        return xml[:head] + xml[end:]
    return xml[:head] + b"".join(cells.findall(xml, head, end)) + xml[end:]


def _copy(layout: Layout, slimmed: dict[str, bytes], formulas: list[bytes]) -> bytes:
    """A temporary copy for calculation, with only the tables that formulas name.

    The calculator takes 256 columns of all tables together, and refuses a book in which one row of a calculated column was
    typed over, as users do; each cell holds its own formula anyway.
    """
    copy = Package(layout.package.to_bytes(store=True, instead=slimmed), layout.package.name, sound=True)
    every = b" ".join(formulas)
    idle = [t for t in layout.tables.values() if t.name.encode() not in every]
    for table in idle:
        _without(copy, table)
    types = copy.part(_TYPES)
    if _MACROS in types:  # the calculator takes only a book without macros, and a copy needs none
        copy.put(_TYPES, types.replace(_MACROS, _PLAIN))
    for table in layout.tables.values():
        if table in idle:
            continue
        xml = copy.part(table.part)
        plain = _CARRIED.sub(b"", xml)
        if plain != xml:
            copy.put(table.part, plain)
    return copy.to_bytes(store=True) if copy.changed else copy.source


def _without(copy: Package, table: TableAt) -> None:
    """Takes a table's declaration out of a copy; its cells stay."""
    folder, _, file = table.sheet_part.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels"
    tree = copy.tree(rels)
    mine = [r for r in tree if (r.get("Target") or "").rpartition("/")[2] == table.part.rpartition("/")[2]]
    xml = copy.part(table.sheet_part)
    for rel in mine:
        tree.remove(rel)
        xml = re.sub(rb'<tablePart [^>]*id="%s"[^>]*/>' % re.escape(rel.get("Id").encode()), b"", xml)
    copy.put(rels, serialise(tree))
    left = len(re.findall(rb"<tablePart ", xml))
    xml = re.sub(rb"<tableParts\b[^>]*>", b'<tableParts count="%d">' % left, xml)
    copy.put(table.sheet_part, re.sub(rb"<tableParts[^>]*>\s*</tableParts>", b"", xml))
    types = copy.tree("[Content_Types].xml")
    for one in [t for t in types if t.get("PartName") == "/" + table.part]:
        types.remove(one)
    copy.put("[Content_Types].xml", serialise(types))
    copy.drop(table.part)


def _with_result(cell: bytes, worked: bytes) -> bytes:
    """The cell with the other's result: its type and value, nothing else."""
    kind, value = _TYPE.search(worked[: worked.index(b">")]), _VALUE.search(worked)
    old = _VALUE.search(cell)
    opening_end = cell.index(b">")
    opening = _TYPE.sub(b"", cell[:opening_end]) + (kind[0] if kind else b"")
    body = cell[opening_end:]
    result = value[0] if value else b""
    body = _VALUE.sub(lambda _: result, body, count=1) if old else body.replace(b"</c>", result + b"</c>")
    return opening + body


def _swap(xml: bytes, swapped: dict[bytes, bytes]) -> bytes:
    # A cell's text begins with its own reference, so it occurs once.
    pattern = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.S)
    return pattern.sub(lambda m: swapped.get(m[0], m[0]), xml)
