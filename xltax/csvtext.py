"""Writes every CSV file for other programs, with a guard against formulas, and removes the guard on reading.

A spreadsheet takes a field that begins with = + - or @ for a formula, and a name on the Roll is whatever somebody typed. The
guard is the one OWASP names (CSV Injection): an apostrophe before such a text, and double quotes around it. Numbers are left
alone: nothing but a number comes of them.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

GUARD = "'"
_STARTS = frozenset("=+-@\N{MINUS SIGN}")
_ENDS = frozenset(
    "\t\r\n"
)  # a text that begins with one of these; some programs take what follows for a field of its own
_PASSED_BY = re.compile("[\\s\"'`\u2018\u2019\u201c\u201d\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]*")
"""What stands before a formula without keeping it from being one: blanks, quotes, marks that are not seen."""
_NUMBER = re.compile(r"[+-]?\$?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?|[+-]?\$?\.\d+%?", re.ASCII)
_TELEPHONE = re.compile(r"\+\d{1,3}[ (][\d ().-]{4,}", re.ASCII)
"""A number with its country in front, as +1 (860) 555-0100: no formula can be made of it."""
_QUOTED = re.compile("[,;\t|\"'\r\n]")
_BLANKS = (" ", "\u00a0")


def _is_harmful(text: str) -> bool:
    if text.lstrip(GUARD)[:1] in _ENDS:
        return True
    first = text[_PASSED_BY.match(text).end() :][:1]  # type: ignore[union-attr]  # it matches nothing too
    if unicodedata.normalize("NFKC", first) not in _STARTS:
        return False
    return not (_NUMBER.fullmatch(text) or _TELEPHONE.fullmatch(text))


def harmless(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet could read the text as a formula."""
    return GUARD + text if _is_harmful(text) else text


def as_it_was(text: str) -> str:
    """The field without the guard that `harmless` added. A text without a guard does not change."""
    return text[1:] if text[:1] == GUARD and _is_harmful(text[1:]) else text


def field(value: object) -> str:
    """A value as a field: numbers and dates as they are, text guarded, with quotes if the text has a usual separator."""
    if value is None:
        return ""
    if isinstance(value, bool | str) or not isinstance(value, int | float | Decimal | dt.date):
        text = str(value).replace("\x00", "")
        safe = harmless(text)
        if safe is not text or _QUOTED.search(text) or text.startswith(_BLANKS) or text.endswith(_BLANKS):
            return '"' + safe.replace('"', '""') + '"'
        return text
    return str(value)


def table(header: Sequence[object], rows: Iterable[Iterable[object]], end: str = "\r\n") -> str:
    """A CSV file's text: the header, then a line for each row."""
    lines = [",".join(map(field, row)) for row in (header, *rows)]
    # A line of one empty field would be no line at all.
    return "".join((line or '""') + end for line in lines)
