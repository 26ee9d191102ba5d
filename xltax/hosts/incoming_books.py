"""Reads the sheets of an Excel workbook that came in: .xlsx, .xlsm, .xlsb and the old .xls."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import python_calamine
from lxml import etree

from xltax.errors import BadBook
from xltax.hosts.incoming_sheet import RawSheet, Sheet, put, refuse_size, squared
from xltax.sheets.cells import column_number
from xltax.sheets.frames import clean
from xltax.sheets.package import Package, parse
from xltax.sheets.read import Reader

_CALAMINE_HIDDEN = (python_calamine.SheetVisibleEnum.Hidden, python_calamine.SheetVisibleEnum.VeryHidden)

# The number formats that have a number but no text in a workbook (ECMA-376, 18.8.30).
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip


# ---- .xlsx and .xlsm -------------------------------------------------------------------------------------------------


@dataclass
class _Parts:
    """The parts of a workbook whose tables, names and styles nobody has to understand: its sheets by name."""

    package: Package
    sheets: dict[str, str]


def xlsx_sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of an .xlsx or .xlsm workbook. Chart sheets are left out."""
    package = Package(with_exact_names(data), name)
    book = related(package, "", "officeDocument") or "xl/workbook.xml"
    targets = targets_of(package, book)
    parts = _Parts(package, {})
    states: dict[str, bool] = {}
    for sheet in package.tree(book).iter("{*}sheet"):
        number = next((v for k, v in sheet.attrib.items() if etree.QName(k).localname == "id"), "")
        kind, part = targets.get(number, ("", ""))
        if kind == "worksheet" and package.has(part):
            parts.sheets[sheet.get("name") or ""] = part
            states[sheet.get("name") or ""] = sheet.get("state", "visible") == "visible"
    if not parts.sheets:
        raise BadBook("This workbook has no sheet with cells.", where=name, do="Choose a workbook with rows.")
    shared = _Shared(parts, related(package, book, "styles"))
    return [Sheet(f"{name}, {s}", states[s], _later(shared.sheet, s)) for s in parts.sheets]


def _later(read: Callable[[str], RawSheet], sheet: str) -> Callable[[], RawSheet]:
    return lambda: read(sheet)


class _Shared:
    """What the sheets of one .xlsx have in common: the reader and the styles, opened when the first sheet is read."""

    def __init__(self, parts: _Parts, styles: str) -> None:
        self._parts = parts
        self._styles = styles

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._parts.package.source, self._parts)

    @cached_property
    def _formats(self) -> list[str]:
        """The number format code of each cell style."""
        if not self._styles or not self._parts.package.has(self._styles):
            return []
        root = self._parts.package.tree(self._styles)
        own = {f.get("numFmtId"): f.get("formatCode") or "" for f in root.iter("{*}numFmt")}
        styles = root.find("{*}cellXfs")
        numbers = [x.get("numFmtId") or "0" for x in (styles if styles is not None else [])]
        return [own.get(n) or _BUILT_IN.get(int(n), "") for n in numbers]

    def sheet(self, name: str) -> RawSheet:
        rows = [[clean(v) for v in row] for row in self._reader.sheet(name)]
        xml = self._parts.package.part(self._parts.sheets[name])

        def format_of(row: int, column: int) -> str:
            style = self._styles_of(name).get((row, column), -1)
            return self._formats[style] if 0 <= style < len(self._formats) else ""

        title = f"{self._parts.package.name}, {name}"
        return RawSheet(title, squared(rows), self._reader.merged(name), _hidden_columns(xml, title), format_of)

    def _styles_of(self, name: str) -> dict[tuple[int, int], int]:
        if name not in self._cell_styles:
            xml = self._parts.package.part(self._parts.sheets[name])
            self._cell_styles[name] = dict(_cell_styles(xml, f"{self._parts.package.name}, {name}"))
        return self._cell_styles[name]

    @cached_property
    def _cell_styles(self) -> dict[str, dict[tuple[int, int], int]]:
        return {}


def _cell_styles(xml: bytes, where: str) -> Iterator[tuple[tuple[int, int], int]]:
    """The place of each cell, from 0, and the number of its style."""
    row = 0
    for line in parse(xml, where).iter("{*}row"):
        row = int(line.get("r") or row + 1)
        column = 0
        for cell in line.iterchildren("{*}c"):
            at = (cell.get("r") or "").rstrip("0123456789")
            column = column_number(at) if at else column + 1
            yield (row - 1, column - 1), int(cell.get("s") or 0)


def _hidden_columns(xml: bytes, where: str) -> frozenset[int]:
    found = re.search(rb"<(?:\w+:)?cols\b.*?</(?:\w+:)?cols>", xml[: xml.find(b"sheetData")], re.S)
    if not found:
        return frozenset()
    columns = re.sub(rb"\b\w+:(?=cols?\b)", b"", found[0])
    hidden: set[int] = set()
    for column in parse(columns, where).iter("col"):
        if column.get("hidden") in ("1", "true") or column.get("width") == "0":
            hidden.update(range(int(column.get("min") or 1) - 1, min(int(column.get("max") or 1), 16_384)))
    return frozenset(hidden)


def targets_of(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id -> kind and part."""
    folder, _, file = part.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    if not package.has(rels):
        return {}
    return {
        rel.get("Id") or "": ((rel.get("Type") or "").rpartition("/")[2], _resolved(folder, rel.get("Target") or ""))
        for rel in package.tree(rels)
        if isinstance(rel.tag, str) and rel.get("TargetMode") != "External"
    }


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def related(package: Package, part: str, kind: str) -> str:
    """The first part of a kind that a part refers to; empty if there is none."""
    return next((path for found, path in targets_of(package, part).values() if found == kind), "")


# ---- zip files with odd names ----------------------------------------------------------------------------------------

_USUAL = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
_TARGET = re.compile(rb'\bTarget\s*=\s*"([^"]*)"')


def with_exact_names(data: bytes) -> bytes:
    """The same zip file with the names of its parts as the parts themselves call each other.

    Excel takes names in any case and with either slash; the readers here do not.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            slashed = {e.orig_filename: e.orig_filename.replace("\\", "/") for e in entries}
            wanted = {usual.lower(): usual for usual in _USUAL}
            for entry in entries:
                part = slashed[entry.orig_filename]
                if part.lower().endswith(".rels") and entry.file_size < 1 << 22:
                    folder = posixpath.dirname(posixpath.dirname(part))
                    for target in _TARGET.findall(file.read(entry)):
                        path = _resolved(folder, target.decode("utf-8", errors="replace"))
                        wanted[path.lower()] = path
            for path in list(wanted.values()):  # the relationships of a part go by its name
                folder, _, own = path.rpartition("/")
                rels = f"{folder}/_rels/{own}.rels"
                wanted[rels.lower()] = rels
            new = {old: wanted.get(part.lower(), part) for old, part in slashed.items()}
            places = {e.orig_filename: e.header_offset for e in entries}
            start = file.start_dir
    except Exception:  # a damaged file; the package says in which way
        return data
    changed = {o.encode(): n.encode() for o, n in new.items() if o != n and len(o.encode()) == len(n.encode())}
    return _renamed(data, changed, places, start) if changed else data


def _renamed(data: bytes, changed: dict[bytes, bytes], places: dict[str, int], start: int) -> bytes:
    """The zip file with other names of the same length, in the directory and before each part."""
    out = bytearray(data)
    for old, new in changed.items():
        at = places[old.decode()] + 30
        if out[at : at + len(old)] == old:
            out[at : at + len(old)] = new
    at = start
    while out[at : at + 4] == b"PK\x01\x02":
        lengths = struct.unpack_from("<HHH", out, at + 28)
        name = bytes(out[at + 46 : at + 46 + lengths[0]])
        out[at + 46 : at + 46 + lengths[0]] = changed.get(name, name)
        at += 46 + sum(lengths)
    return bytes(out)


# ---- .xlsb -----------------------------------------------------------------------------------------------------------

_ERROR_NAMES = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
    43: "#GETTING_DATA",
}
_ROW, _COLUMN, _MERGED, _FORMAT, _XF, _XFS = 0, 60, 176, 44, 47, 617
_CELLS = range(1, 12)
_ERROR_CELLS = (3, 11)


def xlsb_sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of an .xlsb workbook. The library reads the values; errors, formats and hidden columns are read here."""
    package = Package(with_exact_names(data), name)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(package.source))
    workbook = related(package, "", "officeDocument") or "xl/workbook.bin"
    targets = targets_of(package, workbook)
    parts = {}
    for number, record in _records(package.part(workbook)):
        if number == 156:
            relation, at = _wide(record, 8)
            parts[_wide(record, at)[0]] = targets.get(relation, ("", ""))[1]
    styles = related(package, workbook, "styles")
    formats = _xlsb_formats(package.part(styles)) if styles and package.has(styles) else []

    def read(sheet: str) -> RawSheet:
        rows = [[clean(v) for v in r] for r in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
        part = parts.get(sheet, "")
        more = _xlsb_more(package.part(part), name) if package.has(part) else _More([], set(), {}, {})
        for (row, column), text in more.errors.items():
            put(rows, row, column, text)

        def format_of(row: int, column: int) -> str:
            style = more.styles.get((row, column), -1)
            return formats[style] if 0 <= style < len(formats) else ""

        return RawSheet(f"{name}, {sheet}", squared(rows), more.merged, frozenset(more.hidden), format_of)

    return [
        Sheet(f"{name}, {m.name}", m.visible not in _CALAMINE_HIDDEN, _later(read, m.name))
        for m in book.sheets_metadata
        if m.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part: number and content ([MS-XLSB] 2.1.4)."""
    at = 0
    while at < len(data):
        number, at = _varying(data, at, 2)
        size, at = _varying(data, at, 4)
        yield number, data[at : at + size]
        at += size


def _varying(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for n in range(most):
        byte = data[at]
        at += 1
        value |= (byte if most == 2 and n == 0 else byte & 0x7F) << (8 * n if most == 2 else 7 * n)
        if not byte & 0x80:
            break
    return (value & 0x7F | (value >> 8 & 0x7F) << 7, at) if most == 2 else (value, at)


def _wide(record: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", record, at)
    end = at + 4 + 2 * length
    return record[at + 4 : end].decode("utf-16-le"), end


@dataclass
class _More:
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    hidden: set[int]
    errors: dict[tuple[int, int], str]
    styles: dict[tuple[int, int], int]


def _xlsb_more(data: bytes, where: str) -> _More:
    more, row = _More([], set(), {}, {}), 0
    for number, record in _records(data):
        if number == _ROW:
            (row,) = struct.unpack_from("<I", record)
        elif number in _CELLS:
            column, style = struct.unpack_from("<II", record)
            more.styles[row, column] = style & 0xFFFFFF
            if number in _ERROR_CELLS:
                refuse_size(row, column, where)
                more.errors[row, column] = _ERROR_NAMES.get(record[8], "#ERROR")
        elif number == _COLUMN:
            first, last, width, _, flags = struct.unpack_from("<IIIIH", record)
            if flags & 1 or not width:
                more.hidden.update(range(first, min(last, 16_383) + 1))
        elif number == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            more.merged.append(((top, left), (bottom, right)))
    return more


def _xlsb_formats(data: bytes) -> list[str]:
    """The number format code of each cell style."""
    own: dict[int, str] = {}
    formats: list[str] = []
    of_cells = False
    for number, record in _records(data):
        if number == _FORMAT:
            own[struct.unpack_from("<H", record)[0]] = _wide(record, 2)[0]
        elif number == _XFS:
            of_cells = True
        elif number == _XF and of_cells:
            which = struct.unpack_from("<H", record, 2)[0]
            formats.append(own.get(which) or _BUILT_IN.get(which, ""))
        elif number == _XFS + 1:
            of_cells = False
    return formats


# ---- .xls ------------------------------------------------------------------------------------------------------------


def xls_sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of an old .xls workbook."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, on_demand=False, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):  # what a password opens was opened before
            raise BadBook(
                "This workbook from before Excel 97 is protected by a password. xltax cannot open it, even with the password.",
                where=name,
                do="Open the workbook in Excel and save a copy without a password.",
            ) from None
        raise

    def read(sheet: str) -> RawSheet:
        return _xls_sheet(book, book.sheet_by_name(sheet), name)

    return [Sheet(f"{name}, {s.name}", s.visibility == 0, _later(read, s.name)) for s in book.sheets()]


def _xls_sheet(book: Any, sheet: Any, name: str) -> RawSheet:
    refuse_size(sheet.nrows, sheet.ncols, f"{name}, {sheet.name}")
    rows = [
        [
            _xls_value(kind, value, book.datemode)
            for kind, value in zip(sheet.row_types(r), sheet.row_values(r), strict=True)
        ]
        for r in range(sheet.nrows)
    ]
    hidden = frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0)
    merged = [((top, left), (below - 1, right - 1)) for top, below, left, right in sheet.merged_cells]

    def format_of(row: int, column: int) -> str:
        try:
            style = book.xf_list[sheet.cell_xf_index(row, column)]
            return str(book.format_map[style.format_key].format_str)
        except (IndexError, KeyError):
            return ""

    return RawSheet(f"{name}, {sheet.name}", squared(rows), merged, hidden, format_of)


def _xls_value(kind: int, value: Any, date_mode: int) -> Any:
    import xlrd

    if kind == xlrd.XL_CELL_TEXT:
        return value or None
    if kind == xlrd.XL_CELL_NUMBER:
        return clean(value)
    if kind == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(value, date_mode)
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            return clean(value)
        return moment.time() if 0 <= value < 1 else clean(moment)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return _ERROR_NAMES.get(value, "#ERROR")
    return None
