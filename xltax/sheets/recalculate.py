"""Fresh results for a book's native formulas, so that every viewer shows today's totals without calculating.

Another library works them out on a throw-away copy; only the results are carried into our own parts. No other program
ever writes the file.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import formualizer

from xltax.sheets.grid import Grid
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package

_VALUE = re.compile(rb"<v\b[^>]*>(.*?)</v>|<v\b[^>]*/>", re.S)
_TYPE = re.compile(rb'\s+t="([^"]*)"')
_CARRIED = re.compile(rb"<(calculatedColumnFormula|totalsRowFormula)\b[^>]*>.*?</\1>", re.S)
_FORMULA = re.compile(rb"<f\b[^>]*>[^<]*</f>")
_WIDE = re.compile(rb'(?<=ref=")(([A-Z]+)\d+):[A-Z]+(\d+)')
_COLUMN = re.compile(rb"<tableColumn\b[^>]*/>|<tableColumn\b.*?</tableColumn>", re.S)
_COLUMNS = re.compile(rb"<tableColumns\b.*?</tableColumns>", re.S)
_UNKNOWN = b"#NAME?"


def recalculate(layout: Layout) -> bool:
    """Put fresh results into every formula cell; False where some formula could not be worked out here.

    A result that cannot be worked out (a function of an add-in, a link to another book) keeps its last value.
    """
    package = layout.package
    grids: dict[str, tuple[Grid, dict[bytes, bytes]]] = {}
    for part in layout.sheets.values():
        xml = package.part(part)
        if b"<f" in xml and b"<sheetData" in xml:
            grid = Grid(xml, part)
            cells = grid.formulas()
            if cells:
                grids[part] = (grid, cells)
    if not grids:
        return True
    try:
        result = formualizer.recalculate_xlsx_bytes(_copy(layout))
    except Exception:  # whatever stops the calculator, the book itself is sound and Excel can calculate it
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


def _copy(layout: Layout) -> bytes:
    """A throw-away copy to calculate on, without the formulas that tables carry on by themselves.

    Each cell holds its own formula anyway, and the calculator refuses a book in which one row of such a column was
    typed over, as users do. It takes no more than 256 columns of tables in a book, so a table that no formula names is
    given one column.
    """
    copy = Package(layout.package.to_bytes(store=True), layout.package.name)
    formulas = b"".join(b"".join(_FORMULA.findall(copy.part(part))) for part in layout.sheets.values())
    for table in layout.tables.values():
        xml = copy.part(table.part)
        plain = _CARRIED.sub(b"", xml)
        if f"{table.name}[".encode() not in formulas:
            plain = _one_column(plain)
        if plain != xml:
            copy.put(table.part, plain)
    return copy.to_bytes(store=True) if copy.changed else copy.source


def _one_column(table: bytes) -> bytes:
    """The table cut down to its first column; the cells themselves stay."""
    narrow = _WIDE.sub(rb"\1:\2\3", table)
    first = _COLUMN.search(narrow)
    return _COLUMNS.sub(
        lambda _: b'<tableColumns count="1">' + (first[0] if first else b"") + b"</tableColumns>", narrow
    )


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
