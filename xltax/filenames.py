"""The names of the files that xltax makes, so that Windows, macOS and Linux can all store them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

LONGEST = 255
"""The most bytes a file name may have. Windows counts characters, and there are never more of those."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)
"""Names of devices on Windows, with any ending."""


def file_name(text: str, kind: str = "") -> str:
    """A file name made from a text, such as an account "12/4": the characters that Windows forbids become hyphens.

    kind: the ending, such as ".xlsx". A name that is too long is cut before its ending.
    """
    stem = _FORBIDDEN.sub("-", "".join(map(_printable, text))).strip(" ").rstrip(". ")
    if _RESERVED.match(stem):
        first, dot, rest = stem.partition(".")
        stem = f"{first.rstrip()}_{dot}{rest}"
    return f"{_cut(stem or 'file', kind)}{kind}"


def numbered(text: str, kind: str = "") -> Iterator[str]:
    """The names to try for a file, one after the other: "list.csv", "list (1).csv", "list (2).csv"."""
    for number in count():
        again = f" ({number})" if number else ""
        name = file_name(text, again + kind)
        yield name


def shortened(text: str, most: int) -> str:
    """The first characters of a text that fit into this number of bytes."""
    return text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")


def _printable(character: str) -> str:
    """A character as it may stand in a name: controls as hyphens, line breaks as blanks, and invisible characters not at all."""
    kind = unicodedata.category(character)
    if character.isspace() or kind in ("Zl", "Zp"):
        return " "
    if kind in ("Cc", "Cs"):
        return "-"
    return "" if kind == "Cf" else character


def _cut(stem: str, kind: str) -> str:
    return shortened(stem, LONGEST - len(kind.encode())).rstrip(". ")
