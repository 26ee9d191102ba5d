"""Reads a fixed-width text file: each field stands at the same positions of every line."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from xltax.errors import BadValue
from xltax.hosts.incoming_sheet import RawSheet
from xltax.hosts.incoming_text import odd_cells, separator_of
from xltax.wording import some

Place = tuple[int, int]
"""Where a field begins and ends, from 0; the end does not belong to it."""


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold anything, with their numbers."""
    lines = re.split("\r\n|\r|\n", text.rstrip("\x1a"))
    return [(n, line.replace("\x0c", "")) for n, line in enumerate(lines, 1) if line.strip()]


def read_at_places(name: str, text: str, places: Mapping[str, Place]) -> RawSheet:
    """The fields at the given positions, under the given column names. Raises BadValue for a line that is too short."""
    lines = numbered_lines(text)
    longest = max((start for start, _ in places.values()), default=0) + 1  # trailing blanks are often cut off
    for number, line in lines:
        if len(line) < longest:
            raise BadValue(
                f"This line has {some(len(line), 'character')}, but the mapping starts reading at position {longest}.",
                where=f"{name} line {number}",
                do="Remove header and trailer lines, and check that no line is shifted.",
            )
    return _cut(name, text, lines, list(places), list(places.values()))


def read_found_places(name: str, text: str) -> RawSheet | None:
    """The fields of a fixed-width file whose positions nobody gave; None if the file does not look like one."""
    lines = numbered_lines(text)
    if not _looks_fixed(text, [line for _, line in lines]):
        return None
    places = find_places([line for _, line in lines])
    if len(places) < 2:
        return None
    return _cut(name, text, lines, [f"{start + 1}-{end}" for start, end in places], places)


def _cut(name: str, text: str, lines: list[tuple[int, str]], names: list[str], places: list[Place]) -> RawSheet:
    cells = [[line[start:end].strip() or None for start, end in places] for _, line in lines]
    rows: list[list[Any]] = [list(names), *cells]
    numbers = [0, *(n for n, _ in lines)]
    return RawSheet(name, rows, text=True, fixed=True, lines=numbers, odd=odd_cells(rows, text))


def _looks_fixed(text: str, lines: list[str]) -> bool:
    """True if most lines are padded with blanks or all are equally long, and no separator divides them."""
    padded = sum("  " in line.strip() for line in lines) * 2 > len(lines)
    equal = len(lines) > 1 and len(lines[0]) >= 30 and len({len(line) for line in lines}) == 1
    if not padded and not equal:
        return False
    separator, share, times = separator_of(text)
    if share < 0.5:
        return True
    # Names such as "ADAMS, JANE" bring a comma into every line, never at the same position and never many.
    if separator not in ",;" or times > 2 or '"' in text or not equal:
        return False
    return len({line.find(separator) for line in lines}) > 1


def find_places(lines: list[str]) -> list[Place]:
    """The fields: between columns that are blank in every line, cut again before a date and where letters follow a number."""
    usual = statistics.median(len(line.rstrip()) for line in lines)
    body = [line for line in lines if len(line.rstrip()) * 10 >= usual * 6]  # header and trailer records are shorter
    places: list[Place] = []
    for start, end in _between_blanks(body):
        texts = [line[start:end].ljust(end - start) for line in body]
        cuts = sorted({start, end, *(start + at for at in _date_cut(texts) | _letters_cut(texts))})
        places += list(pairwise(cuts))
    return _widened(places, body)


def _widened(places: list[Place], lines: list[str]) -> list[Place]:
    """The fields with the blanks between them: a longer number or name of the next file stands there.

    Blanks before a field that ends at the same position in every line belong to it, and other blanks to the field before.
    """
    out: list[Place] = []
    for n, (start, end) in enumerate(places):
        texts = [line[start:end].ljust(end - start) for line in lines]
        to_the_right = all(text[-1] != " " for text in texts) and any(text[0] in "0123456789 " for text in texts)
        before = out[-1][1] if out else 0
        if n == 0 or to_the_right:
            start = before
        elif start > before:
            out[-1] = (out[-1][0], start)
        out.append((start, end))
    return out


def _between_blanks(lines: list[str]) -> list[Place]:
    width = max(map(len, lines))
    filled = np.zeros(width, dtype=bool)
    for at in range(0, len(lines), 10_000):  # in pieces, because each character takes four bytes
        block = np.array(lines[at : at + 10_000], dtype=f"U{width}").view("U1").reshape(-1, width)
        filled |= ((block != " ") & (block != "") & (block != "\t")).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _date_cut(texts: list[str]) -> set[int]:
    """Where a run of digits ends in a date in every line: the place before the date."""
    width = len(texts[0])
    if width <= 8:
        return set()
    ends = {text[-8:] for text in texts}
    if all(_is_date(end, "%Y%m%d") for end in ends) or all(_is_date(end, "%m%d%Y") for end in ends):
        return {width - 8}
    return set()


def _is_date(text: str, form: str) -> bool:
    if not (text.isascii() and text.isdigit()):
        return False
    try:
        return 1900 <= dt.datetime.strptime(text, form).year <= 2100
    except ValueError:
        return False


def _letters_cut(texts: list[str]) -> set[int]:
    """Where a number ends and a field of letters follows in some lines and is blank in others, as a lot and its qualifier.

    A single letter, as in 12A, is part of the number.
    """
    for at in range(1, len(texts[0]) - 1):
        after = {text[at:].rstrip() for text in texts}
        filled = [a for a in after if a]
        if "" not in after or not filled or not any(len(a) > 1 for a in filled):
            continue
        if all(a[0].isalpha() for a in filled) and all(text[at - 1].isdigit() for text in texts if text.strip()):
            return {at}
    return set()
