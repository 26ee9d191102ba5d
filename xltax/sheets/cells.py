"""Cell values as a workbook file writes them: money from cents, dates as day numbers, text never a formula."""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from xltax.errors import BadValue
from xltax.money import dollars
from xltax.tables.schema import Kind

LONGEST_TEXT = 32_767
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


def letters(column: int) -> str:
    """The letters of a column, counted from 1: 1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """The number of a column from its letters: AB is 28."""
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number


def split_ref(ref: str) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row of "A4:M17" or "$C$5"."""
    first, _, last = ref.replace("$", "").partition(":")
    a, b = (re.fullmatch(r"([A-Z]+)(\d+)", part) for part in (first, last or first))
    if not a or not b:
        raise BadValue(f"{ref} is not a range of cells.")
    return column_number(a[1]), int(a[2]), column_number(b[1]), int(b[2])


_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')


def bare_code(code: str) -> str:
    """A number format without its quoted words, escaped characters, colors and spaces."""
    return _NOT_CODE.sub("", code)


def shows_dates(code: str) -> bool:
    """Whether a number format, such as yyyy-mm-dd, shows a number as a date."""
    return bool(re.search("[ymdYMD]", bare_code(code)))


def is_blank(value: object) -> bool:
    """True for what an empty cell reads as: None, empty text, or a missing value of pandas."""
    if value is None or value.__class__.__name__ == "NAType" or value == "":
        return True
    return value != value  # NaN and NaT are the values that differ from themselves


def serial(day: dt.date, date1904: bool) -> int:
    """The day number a workbook keeps for a date."""
    return (day - EPOCHS[date1904]).days


# ---- what a typed value becomes: a raw value to read back, and the bytes of a cell ----------------------------------


def raw_value(value: object, kind: Kind) -> object:
    """What reading the cell back gives after this value was written: money as a number of dollars, ids as text."""
    if not isinstance(value, (str, int, float, dt.date)) and hasattr(value, "item"):
        value = value.item()  # a number of numpy
    if is_blank(value):
        return None
    if kind == "money":
        if isinstance(value, bool) or not isinstance(value, numbers.Integral):
            raise BadValue(f"{value!r} is not an amount in whole cents.")
        # Both sides of a decimal point are exact in a double up to the largest amount xltax keeps.
        return _plain(int(value) / 100)
    if kind == "date":
        if isinstance(value, dt.datetime):
            value = value.date()
        if not isinstance(value, dt.date):
            raise BadValue(f"{value!r} is not a date.")
        return value
    if kind in ("count", "year"):
        whole = int(value)  # type: ignore[call-overload]
        if whole != (int(value) if isinstance(value, str) else value):
            raise BadValue(f"{value!r} is not a whole number.")
        return None if kind == "year" and not whole else whole  # a line for no bill has no year
    if kind == "yes":
        if value in ("No", "no"):
            return "No"  # said so, which is not the same as left blank: a lapsed lien leaves real estate unsecured
        return "Yes" if value else None
    if kind == "number":
        return _number(value)
    return _text(value)


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def _number(value: object) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        return _plain(float(Decimal(str(value))))
    except ArithmeticError:
        return _text(value)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise BadValue(f"A text of {len(text):,} characters does not fit in a cell.", do="Shorten the text.")
    if _BARRED.search(text):
        raise BadValue(f"{text[:40]!r} has a control character.", do="Remove the character and try again.")
    return text


Encoder = Callable[[object], bytes]
"""The bytes of a cell after its reference and style: attributes, ">", content, closing tag."""

EMPTY = b"/>"


def text_cell(text: str) -> bytes:
    """Text as an inline string: whatever it starts with, no program reads it as a formula."""
    safe = escape(_ESCAPED.sub("_x005F_", text)).replace("\r", "_x000D_")
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "  " in text else ""
    return f' t="inlineStr"><is><t{keep}>{safe}</t></is></c>'.encode()


def raw_cell(value: object, date1904: bool = False) -> bytes:
    """A raw value (text, number, flag, date or nothing) as a cell."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str):
        return text_cell(_text(value))
    if isinstance(value, bool):
        return b' t="b"><v>%d</v></c>' % value
    if isinstance(value, dt.datetime):
        part = (value - dt.datetime.combine(value.date(), dt.time())).total_seconds() / 86_400
        return f"><v>{serial(value.date(), date1904) + part!r}</v></c>".encode()
    if isinstance(value, dt.date):
        return b"><v>%d</v></c>" % serial(value, date1904)
    if isinstance(value, float) and not math.isfinite(value):
        raise BadValue(f"{value} is not a number.")
    return f"><v>{value!r}</v></c>".encode()


def encode(values: Iterable[object], kind: Kind, date1904: bool) -> tuple[list[object], list[bytes]]:
    """A column of typed values as raw values and as cells. Money is written with its two decimals, from cents."""
    values = list(values)
    # Ids, names and dates repeat down a column, and encoding is the slow part of writing a big one: each value once. Where
    # kinds are mixed, a value goes with its kind, because 1, 1.0 and True are one to a dictionary.
    keys: list[Any] = values
    if len(set(map(type, values))) > 1:
        keys = [(value.__class__, value) for value in values]
    try:
        seen: dict[Any, Any] = dict(zip(keys, values, strict=True))
    except TypeError:
        wrong = next(value for value in values if value.__class__.__hash__ is None)
        raise BadValue(f"{wrong!r} cannot go into a cell.") from None
    known = {key: _encoded(value, kind, date1904) for key, value in seen.items()}
    found = list(map(known.__getitem__, keys))
    return [raw for raw, _ in found], [cell for _, cell in found]


def _encoded(value: object, kind: Kind, date1904: bool) -> tuple[object, bytes]:
    raw = raw_value(value, kind)
    if raw is None:
        return raw, EMPTY
    if kind == "money":
        return raw, f"><v>{dollars(int(value), comma=False)}</v></c>".encode()  # type: ignore[call-overload]
    return raw, raw_cell(raw, date1904)
