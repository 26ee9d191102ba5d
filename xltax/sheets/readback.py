"""Checks a new file by reading it before it replaces the old file. Unchanged rows are not read again."""

from __future__ import annotations

import re
from typing import Any

from xltax.sheets.layout import Layout
from xltax.sheets.package import Package
from xltax.sheets.read import Reader

_BODY = re.compile(rb"<sheetData\b[^>/]*>")
_ROW = re.compile(rb'<row r="([0-9]+)"')
_CHUNK = 1 << 20


class ReadBack:
    """The cells of a new file. Unchanged rows come from the old file, and changed rows are read."""

    def __init__(self, old: Layout, old_reader: Reader, new: Layout) -> None:
        self._old = old_reader
        copy = Package(new.package.source, new.package.name, sound=True)
        self._anew: dict[str, range] = {}  # sheet -> the rows that were read anew
        for sheet, part in new.sheets.items():
            if part in old.package.changed and old.package.was(part):
                xml, rows = changed_rows(old.package.original(part), new.package.part(part))
                if rows is not None:
                    copy.put(part, xml)
                    self._anew[sheet] = rows
        self._new = Reader(copy.to_bytes(store=True), Layout(copy))

    def row(self, sheet: str, number: int) -> list[Any]:
        """A row's raw values, counted from 1; no values for a row that is not there."""
        anew = self._anew.get(sheet)
        source = self._new if anew is None or number in anew else self._old
        rows = source.sheet(sheet)
        return rows[number - 1] if number <= len(rows) else []


def changed_rows(old: bytes, new: bytes) -> tuple[bytes, range | None]:
    """The new sheet without the unchanged rows at its start and end, and the numbers of the other rows.

    The sheet itself and None where rows do not say which they are.
    """
    one, two = _body(old), _body(new)
    if one is None or two is None:
        return new, None
    before, after = old[one[0] : one[1]], new[two[0] : two[1]]
    alike = _alike(before, after)
    start = max(after.rfind(b"<row ", 0, alike), 0)
    most = min(len(before), len(after)) - alike
    end = after.find(b"<row ", len(after) - _alike_at_end(before, after, most))
    end = len(after) if end < 0 else max(end, start)
    rows = after[start:end]
    numbers = _ROW.findall(rows)
    if len(numbers) != rows.count(b"<row"):
        return new, None
    left = range(int(numbers[0]), int(numbers[-1]) + 1) if numbers else range(0)
    return new[: two[0]] + rows + new[two[1] :], left


def _body(xml: bytes) -> tuple[int, int] | None:
    opening = _BODY.search(xml)
    end = xml.rfind(b"</sheetData>")
    return (opening.end(), end) if opening and end >= 0 else None


def _alike(one: bytes, two: bytes) -> int:
    """How many bytes two texts have in common at their beginning."""
    low, size = 0, _CHUNK
    while size:
        while low + size <= min(len(one), len(two)) and one[low : low + size] == two[low : low + size]:
            low += size
        size //= 2
    return low


def _alike_at_end(one: bytes, two: bytes, most: int) -> int:
    """How many bytes they have in common at their end, at most so many."""
    high, size = 0, _CHUNK
    while size:
        while high + size <= most and (
            one[len(one) - high - size : len(one) - high] == two[len(two) - high - size : len(two) - high]
        ):
            high += size
        size //= 2
    return high
