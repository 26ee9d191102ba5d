"""Reads tables that are saved as marked-up text: .ods, web pages and XML spreadsheets, often under a name that ends in .xls."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree
from lxml import html as web

from xltax.errors import BadBook, BadValue
from xltax.hosts.incoming_sheet import Range, RawSheet, Sheet, no_format, put, refuse_size, squared
from xltax.hosts.incoming_text import decode, windows
from xltax.sheets.frames import clean
from xltax.sheets.package import LARGEST_BOOK, LARGEST_RATIO, RATIO_FROM, parse
from xltax.tables.reading import ERROR, NO_RESULT

_ERROR_TEXT = re.compile(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!)|Err:\d{3}")
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576


def _given(sheet: RawSheet) -> Callable[[], RawSheet]:
    return lambda: sheet


def _number(text: str | None, default: int = 1) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default


def _moment(text: str) -> Any:
    """A date or a date with a time; the text itself if it is neither."""
    try:
        return clean(dt.datetime.fromisoformat(text.strip()))
    except ValueError:
        return text


def _local(element: etree._Element, name: str) -> str | None:
    """An attribute by its name, in whatever namespace."""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2].rpartition(":")[2] == name), None)


# ---- .ods ------------------------------------------------------------------------------------------------------------


def ods_sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of an OpenDocument spreadsheet."""
    root = parse(_ods_part(data, name, "content.xml"), name)
    body = next(root.iter("{*}spreadsheet"), None)
    if body is None:
        raise BadValue(
            "This OpenDocument file is not a spreadsheet.",
            where=name,
            do="Save the table as a spreadsheet (.ods or .xlsx).",
        )
    styles = _OdsStyles(root)
    return [
        Sheet(f"{name}, {_local(t, 'name')}", styles.visible(t), _ods_reader(t, styles, name))
        for t in body.iterchildren("{*}table")
    ]


def _ods_part(data: bytes, name: str, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for listed in file.infolist():
            manifest = listed.filename == "META-INF/manifest.xml" and listed.file_size < 1 << 22
            if manifest and b"encryption-data" in file.read(listed):
                raise BadValue(
                    "This spreadsheet is protected by a password.", where=name, do="Save a copy without the password."
                )
        entry = next(e for e in file.infolist() if e.filename.lower() == part)
        if entry.file_size > LARGEST_BOOK or (
            entry.file_size > RATIO_FROM and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1)
        ):
            raise BadBook(
                "This file unpacks to far more data than a spreadsheet has. The file was not opened.",
                where=name,
                do="Do not use this file. Ask the sender about the file.",
            )
        return file.read(entry)


class _OdsStyles:
    """The styles of an OpenDocument file: hidden columns and sheets, and how numbers are shown."""

    def __init__(self, root: etree._Element) -> None:
        self._hidden = set()
        self._data: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        for style in root.iter("{*}style"):
            own = _local(style, "name") or ""
            self._data[own] = _local(style, "data-style-name") or ""
            if any(_local(p, "display") == "false" for p in style.iter("{*}table-properties")):
                self._hidden.add(own)
        for style in root.iter("{*}number-style", "{*}currency-style", "{*}percentage-style"):
            self._codes[_local(style, "name") or ""] = "".join(_ods_code(part) for part in style)

    def visible(self, table: etree._Element) -> bool:
        return (_local(table, "style-name") or "") not in self._hidden and _local(table, "display") != "false"

    def code(self, style: str) -> str:
        return self._codes.get(self._data.get(style, ""), "")


def _ods_code(part: etree._Element) -> str:
    kind = etree.QName(part).localname if isinstance(part.tag, str) else ""
    if kind == "number":
        whole = "0" * max(_number(_local(part, "min-integer-digits"), 1), 0) or "#"
        whole = "#,##" + whole[-1] if _local(part, "grouping") == "true" else whole
        places = _number(_local(part, "decimal-places"), 0)
        return whole + ("." + "0" * places if places else "")
    return "".join(part.itertext()) if kind in ("text", "currency-symbol") else ""


def _ods_reader(table: etree._Element, styles: _OdsStyles, name: str) -> Callable[[], RawSheet]:
    return lambda: _ods_sheet(table, styles, f"{name}, {_local(table, 'name')}")


def _ods_sheet(table: etree._Element, styles: _OdsStyles, name: str) -> RawSheet:
    hidden, column_styles = _ods_columns(table)
    rows: list[list[Any]] = []
    merged: list[Range] = []
    cell_styles: dict[tuple[int, int], str] = {}
    at = 0
    for line in table.iter("{*}table-row"):
        again = _number(_local(line, "number-rows-repeated"))
        filled = _ods_row(line, at, merged, cell_styles)
        if filled:
            refuse_size(at + again, max(filled) + 1, name)
            for row in range(at, min(at + again, _MOST_ROWS)):
                for column, value in filled.items():
                    put(rows, row, column, value)
        at += again

    def format_of(row: int, column: int) -> str:
        return styles.code(cell_styles.get((row, column)) or column_styles.get(column, ""))

    return RawSheet(name, squared(rows), merged, frozenset(hidden), format_of)


def _ods_columns(table: etree._Element) -> tuple[set[int], dict[int, str]]:
    hidden: set[int] = set()
    styles: dict[int, str] = {}
    at = 0
    for column in table.iter("{*}table-column"):
        end = min(at + _number(_local(column, "number-columns-repeated")), _MOST_COLUMNS)
        if _local(column, "visibility") in ("collapse", "filter"):
            hidden.update(range(at, end))
        styles.update(dict.fromkeys(range(at, end), _local(column, "default-cell-style-name") or ""))
        at = end
    return hidden, styles


def _ods_row(line: etree._Element, row: int, merged: list[Range], styles: dict[tuple[int, int], str]) -> dict[int, Any]:
    """The filled cells of a row, by column."""
    filled: dict[int, Any] = {}
    column = 0
    for cell in line.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        again = min(_number(_local(cell, "number-columns-repeated")), _MOST_COLUMNS - column)
        value = _ods_value(cell)
        if value is not None:
            for n in range(column, column + again):
                filled[n] = value
                styles[row, n] = _local(cell, "style-name") or ""
        across, down = _number(_local(cell, "number-columns-spanned")), _number(_local(cell, "number-rows-spanned"))
        if across > 1 or down > 1:
            merged.append(((row, column), (row + down - 1, column + across - 1)))
        column += max(again, 0)
    return filled


def _ods_value(cell: etree._Element) -> Any:
    office = {k.rpartition("}")[2]: v for k, v in cell.attrib.items() if not k.endswith("}value-type")}
    kinds = [v for k, v in cell.attrib.items() if k.endswith("}value-type")]
    shown = "\n".join(_ods_text(p) for p in cell.iterchildren("{*}p"))
    if "error" in kinds or ("formula" in office and _ERROR_TEXT.fullmatch(shown.strip())):
        return shown.strip() or ERROR
    kind = kinds[0] if kinds else ""
    if kind in ("float", "percentage", "currency") and "value" in office:
        return clean(float(office["value"]))
    if kind == "date" and "date-value" in office:
        return _moment(office["date-value"])
    if kind == "boolean":
        return office.get("boolean-value") == "true"
    if kind == "" and "formula" in office and not shown:
        return NO_RESULT
    return office.get("string-value") or shown or None


def _ods_text(paragraph: etree._Element) -> str:
    """The text of a paragraph; blanks and tabs are elements of their own there."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if kind == "s":
            parts.append(" " * min(_number(_local(child, "c")), 1000))
        elif kind in ("tab", "line-break"):
            parts.append("\t" if kind == "tab" else "\n")
        elif kind not in ("annotation", ""):
            parts.append(_ods_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


# ---- web pages -------------------------------------------------------------------------------------------------------


def html_sheets(data: bytes, name: str) -> list[Sheet]:
    """The tables of a web page, each as a sheet; the largest comes first. A table that only holds tables is left out."""
    text = windows(decode(data, name))
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # a declared encoding would contradict the decoded text
    root = web.document_fromstring(text, parser=web.HTMLParser(no_network=True, huge_tree=False))
    tables = [t for t in root.iter("table") if t.find(".//table") is None]
    sheets = [_html_table(t, name if len(tables) == 1 else f"{name}, table {n}") for n, t in enumerate(tables, 1)]
    sheets = sorted(
        (s for s in sheets if any(any(v is not None for v in row) for row in s.rows)), key=_size, reverse=True
    )
    if not sheets:
        raise BadValue(
            "This is a web page without a table.",
            where=name,
            do="Ask the sender for a workbook (.xlsx) or a CSV file. A login or error page may have been saved instead.",
        )
    return [Sheet(sheet.name, True, _given(sheet)) for sheet in sheets]


def _size(sheet: RawSheet) -> int:
    return sum(value is not None for row in sheet.rows for value in row)


def _html_table(table: Any, name: str) -> RawSheet:
    rows: list[list[Any]] = []
    merged: list[Range] = []
    taken: set[tuple[int, int]] = set()
    for r, line in enumerate(table.iter("tr")):
        rows += [[] for _ in range(r + 1 - len(rows))]
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (r, column) in taken:
                column += 1
            across = min(max(_number(cell.get("colspan")), 1), 1000)
            down = min(max(_number(cell.get("rowspan")), 1), 5000)
            refuse_size(r + 1, column + across, name)
            put(rows, r, column, _html_value(cell))
            if across > 1 or down > 1:
                merged.append(((r, column), (r + down - 1, column + across - 1)))
                taken.update((r + y, column + x) for y in range(down) for x in range(across))
            column += across
    return RawSheet(name, squared(rows), merged, text=True)


def _html_value(cell: Any) -> Any:
    for line_end in cell.iter("br"):
        line_end.tail = "\n" + (line_end.tail or "")
    shown = "\n".join(" ".join(line.split()) for line in cell.text_content().strip().split("\n")).strip()
    exact = cell.get("x:num")
    if exact and re.fullmatch(r"[-$(),.\d\s]+", shown) and re.fullmatch(r"-?\d*\.?\d+(E[+-]?\d+)?", exact):
        return clean(float(exact))  # Excel shows an amount rounded and notes beside it what the cell holds
    return shown or None


# ---- XML spreadsheets (Excel 2003) -----------------------------------------------------------------------------------


def xml_sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of an XML Spreadsheet 2003."""
    root = parse(data, name)
    kind = etree.QName(root).localname
    if kind == "html":
        return html_sheets(data, name)
    if kind == "document" and next(root.iter("{*}spreadsheet"), None) is not None:
        raise BadValue("This is a flat OpenDocument file (.fods).", where=name, do="Save the file as .ods or .xlsx.")
    if kind != "Workbook":
        raise BadValue(
            f'This is an XML file that is not a workbook (its first element is "{kind[:40]}").',
            where=name,
            do="Open the file in Excel and save it as Excel Workbook (.xlsx).",
        )
    formats = {
        _local(s, "ID"): next((_local(f, "Format") or "" for f in s.iter("{*}NumberFormat")), "")
        for s in root.iter("{*}Style")
    }
    found = []
    for number, sheet in enumerate(root.iter("{*}Worksheet"), 1):
        title = f"{name}, {_local(sheet, 'Name') or f'Sheet{number}'}"
        state = next((v.text for v in sheet.iter("{*}Visible")), "")
        found.append(
            Sheet(
                title,
                not (state or "").startswith("SheetHidden") and state != "SheetVeryHidden",
                _xml_reader(sheet, formats, title),
            )
        )
    if not found:
        raise BadBook("This workbook has no sheet.", where=name, do="Choose a workbook with rows.")
    return found


def _xml_reader(sheet: etree._Element, formats: dict[Any, str], name: str) -> Callable[[], RawSheet]:
    return lambda: _xml_sheet(sheet, formats, name)


def _xml_sheet(sheet: etree._Element, formats: dict[Any, str], name: str) -> RawSheet:
    rows: list[list[Any]] = []
    merged: list[Range] = []
    styles: dict[tuple[int, int], str] = {}
    r = -1
    for line in sheet.iter("{*}Row"):
        r = _number(_local(line, "Index"), r + 2) - 1
        column = 0
        for cell in line.iterchildren("{*}Cell"):
            column = _number(_local(cell, "Index"), column + 1) - 1
            value = _xml_value(cell)
            if value is not None:
                refuse_size(r + 1, column + 1, name)
                put(rows, r, column, value)
            styles[r, column] = _local(cell, "StyleID") or _local(line, "StyleID") or ""
            across, down = _number(_local(cell, "MergeAcross"), 0), _number(_local(cell, "MergeDown"), 0)
            if across or down:
                merged.append(((r, column), (r + down, column + across)))
            column += across + 1
        r += _number(_local(line, "Span"), 0)
    hidden, column_styles = _xml_columns(sheet)

    def format_of(row: int, column: int) -> str:
        return formats.get(styles.get((row, column)) or column_styles.get(column, ""), "")

    return RawSheet(name, squared(rows), merged, frozenset(hidden), format_of if formats else no_format)


def _xml_columns(sheet: etree._Element) -> tuple[set[int], dict[int, str]]:
    hidden: set[int] = set()
    styles: dict[int, str] = {}
    at = 0
    for column in sheet.iter("{*}Column"):
        start = _number(_local(column, "Index"), at + 1) - 1
        at = min(start + 1 + _number(_local(column, "Span"), 0), _MOST_COLUMNS)
        if _local(column, "Hidden") == "1" or _local(column, "Width") == "0":
            hidden.update(range(start, at))
        styles.update(dict.fromkeys(range(start, at), _local(column, "StyleID") or ""))
    return hidden, styles


def _xml_value(cell: etree._Element) -> Any:
    data = cell.find("{*}Data")
    if data is None:
        return NO_RESULT if _local(cell, "Formula") else None
    text, kind = "".join(data.itertext()), _local(data, "Type")
    if kind == "Error":
        return text or ERROR
    if kind == "Number" and text:
        return clean(float(text))
    if kind == "DateTime":
        return _moment(text)
    if kind == "Boolean":
        return text == "1"
    return text or None
