"""Reads a text file that came in: which encoding, which separator, and the fields of each line as they stand."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import Any

from xltax.errors import BadValue
from xltax.hosts.incoming_sheet import RawSheet
from xltax.wording import some

ENCODINGS = ("utf-8", "cp1252", "utf-16")
SEPARATORS = ",;\t|"
_ODD = re.compile("[\udc80-\udcff]")
_LINE_END = re.compile("\r\n|\r|\n")
_QUOTED = re.compile('(?:^|(?<=[,;\t|])) *"[^"]*(?:""[^"]*)*"', re.M)


# ---- bytes to characters ---------------------------------------------------------------------------------------------


def decode(data: bytes, name: str, encoding: str = "") -> str:
    """The characters of a text file. A byte that is not UTF-8 in a UTF-8 file stays as a lone surrogate; `windows` reads it.

    encoding: utf-8, cp1252 or utf-16; empty to find out. Raises BadValue for a file that is not text.
    """
    if encoding not in ("", *ENCODINGS):
        raise BadValue(
            f'"{encoding}" is not an encoding that xltax reads.', do=f"Choose one of {', '.join(ENCODINGS)}."
        )
    wide = _utf16(data)
    if encoding == "utf-16" or (wide and not encoding):
        text = _decode_utf16(data, wide or "utf-16-le", name)
    else:
        text = data.decode("utf-8-sig", errors="surrogateescape")
        if encoding == "cp1252" or (not encoding and not _has_utf8(text)):
            text = windows(text)
    refuse_no_text(text, name)
    return text


def _has_utf8(text: str) -> bool:
    """True if a sequence of bytes is a character beyond ASCII in UTF-8; Windows text hardly ever is one by accident."""
    return not text.isascii() and any(c > "\x7f" and not "\udc80" <= c <= "\udcff" for c in set(text))


def windows(text: str) -> str:
    """The same text with each byte that is not UTF-8 read as Windows text (Windows-1252)."""
    if text.isascii():
        return text
    return _ODD.sub(lambda m: _WINDOWS[ord(m[0]) - 0xDC00], text)


# Five bytes mean nothing in Windows-1252; Windows reads them as the control characters of that number.
_WINDOWS = {n: bytes([n]).decode("cp1252", errors="ignore") or chr(n) for n in range(0x80, 0x100)}


def _utf16(data: bytes) -> str:
    """The kind of UTF-16 that a file is in, by its mark or by where its zero bytes stand; empty if it is not."""
    if data[:2] == codecs.BOM_UTF16_LE:
        return "utf-16-le"
    if data[:2] == codecs.BOM_UTF16_BE:
        return "utf-16-be"
    head = data[: 1 << 16]
    first, second = head[::2].count(0), head[1::2].count(0)
    if second * 4 > len(head) and first * 20 < second:
        return "utf-16-le"
    if first * 4 > len(head) and second * 20 < first:
        return "utf-16-be"
    return ""


def _decode_utf16(data: bytes, kind: str, name: str) -> str:
    try:
        return data.decode(kind).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BadValue(
            f"This file is UTF-16 text, but its byte {error.start + 1:,} is damaged.",
            where=name,
            do="Save the file again as CSV UTF-8.",
        ) from None


_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f]")


def refuse_no_text(text: str, name: str) -> None:
    """Raises BadValue for characters that no text file has, and for a file without any text."""
    # A few control characters stand in real files too, from old printers and damaged memory.
    strange = len(_CONTROL.findall(text[: 1 << 20]))
    if "\x00" in text or (strange > 20 and strange * 20 > len(text)):
        raise BadValue(
            "This is not a text file. It is also not a workbook that xltax reads.",
            where=name,
            do="Open the file in its own program and save it as Excel Workbook (.xlsx) or CSV.",
        )
    if not text.strip("\ufeff\x1a \t\r\n"):
        raise BadValue("This file is empty.", where=name, do="Choose a file with rows.")


# ---- the separator ---------------------------------------------------------------------------------------------------


_ENOUGH = 1_000_000  # characters


def separator_of(text: str) -> tuple[str, float, int]:
    """The separator of the fields, the share of lines that have it equally often, and how often that is.

    Thousands of lines count, outside of quotes: a title line on top or one name with a comma does not decide.
    """
    text = text[:_ENOUGH].rpartition("\n")[0] if len(text) > _ENOUGH else text
    if '"' in text:
        text = _QUOTED.sub('""', text)
    lines = [line for line in _LINE_END.split(text) if line.strip()]
    best = (",", 0.0, 0)
    for separator in SEPARATORS:
        counts = Counter(line.count(separator) for line in lines)
        counts.pop(0, None)
        if not counts:
            continue
        usual, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        share = times / len(lines)
        # Where two do it in as many lines, the one that makes more fields is it: names have commas in every line too.
        if (round(share, 2), usual) > (round(best[1], 2), best[2]):
            best = (separator, share, usual)
    return best


# ---- fields ----------------------------------------------------------------------------------------------------------


def read_separated(name: str, text: str, separator: str) -> RawSheet:
    """The fields of a text file with separators. Raises BadValue by its line for a quote that never closes."""
    text = text.rstrip("\x1a")
    notes: list[str] = []
    rows = _parsed(name, text, separator, notes)
    lines = _first_lines(text, separator, rows)
    if lines:
        _refuse_swallowed_lines(name, rows, lines, separator)
    cells = [[value.strip() or None for value in row] for row in rows]
    return RawSheet(name, cells, text=True, lines=lines, odd=odd_cells(cells, text), notes=notes)


def _parsed(name: str, text: str, separator: str, notes: list[str]) -> list[list[str]]:
    try:
        # Not splitlines(): a line end inside quotes belongs to the text, and so do the rarer marks it splits at.
        return list(_reader(text, separator, strict=True))
    except csv.Error as error:
        reason = str(error)
    if separator in "\t|" and (plain := _without_quotes(text, separator)):
        return plain
    refuse_unclosed(name, text, separator)
    try:
        rows = list(_reader(text, separator))
    except csv.Error:
        raise BadValue(
            f"The fields of this file cannot be told apart ({reason}).", where=name, do="Save the sheet as CSV UTF-8."
        ) from None
    notes.append("Some texts have quotation marks inside their quotation marks. Check these texts.")
    return rows


def _reader(text: str, separator: str, **how: Any) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, **how)


def _without_quotes(text: str, separator: str) -> list[list[str]]:
    """The rows of a file that uses no quotes, where a mark such as 5" is part of the text; none if they do not fit."""
    rows = [line.split(separator) for line in _LINE_END.split(text)]
    return rows if len({len(row) for row in rows if row != [""]}) == 1 else []


def _unbalanced(name: str, line: int) -> BadValue:
    return BadValue(
        "This line opens a quote that never closes.",
        where=f"{name} line {line}",
        do='Remove the quotation mark ("), or put another where the text ends.',
    )


def refuse_unclosed(name: str, text: str, separator: str) -> None:
    """Raises BadValue for a quote that never closes, by the line on which it opens."""
    unclosed = _unclosed_line(text, separator)
    if unclosed:
        raise _unbalanced(name, unclosed)


def _unclosed_line(text: str, separator: str) -> int:
    """The line that opens a quote which does not close at the end of a field; 0 if there is none."""
    between = re.escape(separator)
    end = f"(?= *(?:{between}|[\r\n]|\\Z))"
    token = re.compile(
        f' *(?:("[^"]*(?:""[^"]*)*"{end})|("[^\r\n]*?"{end})|(")|[^{between}\r\n]*)(?:{between}|\r\n|\r|\n|\\Z)?'
    )
    at = 0
    while at < len(text):
        found = token.match(text, at)
        if found is None or found.end() == at:
            return 0
        if found[3]:
            return len(_LINE_END.findall(text, 0, found.start(3))) + 1
        at = found.end()
    return 0


def _first_lines(text: str, separator: str, rows: list[list[str]]) -> list[int] | None:
    """The line of the file where each row begins; None where rows and lines agree."""
    if '"' not in text or len(rows) == len(_LINE_END.findall(text)) + (not text.endswith(("\r", "\n"))):
        return None
    lines, at = [], 1
    for row in rows:
        lines.append(at)
        at += 1 + sum(len(_LINE_END.findall(value)) for value in row)
    return lines


def _refuse_swallowed_lines(name: str, rows: list[list[str]], lines: list[int], separator: str) -> None:
    """Raises BadValue for a row that goes over several lines because two quotes of different lines were taken as a pair."""
    usual = Counter(map(len, rows)).most_common(1)[0][0]
    for row, line in zip(rows, lines, strict=True):
        if len(row) == usual:
            continue
        at = line
        for value in row:
            ends = len(_LINE_END.findall(value))
            if ends and separator in value:
                raise _unbalanced(name, at)
            at += ends


def odd_cells(cells: list[list[Any]], text: str) -> dict[tuple[int, int], str]:
    """What to say of each cell with bytes that are not UTF-8. The cell itself becomes its Windows reading."""
    odd: dict[tuple[int, int], str] = {}
    if not _ODD.search(text):
        return odd
    for r, row in enumerate(cells):
        for c, value in enumerate(row):
            if value is None or value.isascii():
                continue
            bytes_ = list(dict.fromkeys(_ODD.findall(value)))
            if bytes_:
                row[c] = windows(value)
                odd[r, c] = _odd_sentence([ord(b) - 0xDC00 for b in bytes_], row[c])
    return odd


def _odd_sentence(found: list[int], shown: str) -> str:
    """The sentence about a cell with bytes that are not in the file's encoding."""
    codes = ", ".join(f"0x{n:02X}" for n in found[:4])
    if len(found) == 1:
        what = f"This cell has a byte ({codes}) that is not UTF-8."
    else:
        what = f"This cell has {some(len(found), 'byte')} ({codes}) that are not UTF-8."
    return f'{what} As Windows text the cell reads "{shown}".'
