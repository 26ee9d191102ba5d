"""Reads a fixed-width text file: each field stands at the same positions of every line."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
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
    lines, others, _ = _records_apart(numbered_lines(text))
    longest = max((start for start, _ in places.values()), default=0) + 1  # trailing blanks are often cut off
    for number, line in lines:
        if len(line) < longest:
            raise BadValue(
                f"This line has {some(len(line), 'character')}, but the mapping starts reading at position {longest}.",
                where=f"{name} line {number}",
                do="Remove header and trailer lines, and check that no line is shifted.",
            )
    return replace(_cut(name, text, lines, list(places), list(places.values())), notes=_left_out(others))


def read_found_places(name: str, text: str) -> RawSheet | None:
    """The fields of a fixed-width file whose positions nobody gave; None if the file does not look like one.

    Header and trailer records have other fields than the rows. They are left out, and the notes say so.
    """
    lines = numbered_lines(text)
    if not _looks_fixed(text, [line for _, line in lines]):
        return None
    rows, others, code = _records_apart(lines)
    usual, most = Counter(len(line) for _, line in rows).most_common(1)[0]
    # Titles and records of another kind have other lengths, and their words stand between the fields.
    places = find_places([line for _, line in rows if len(line) == usual or 2 * most <= len(rows)])
    if code and places and places[0][0] < code < places[0][1]:
        places[:1] = [(0, code), (code, places[0][1])]
    if len(places) < 2:
        return None
    sheet = _cut(name, text, rows, [f"{start + 1}-{end}" for start, end in places], places)
    return replace(sheet, notes=_left_out(others))


def _left_out(records: list[tuple[int, str, str]]) -> list[str]:
    return [f'Line {n} was left out as a {kind} record: "{" ".join(line.split())[:60]}".' for n, line, kind in records]


def _cut(name: str, text: str, lines: list[tuple[int, str]], names: list[str], places: list[Place]) -> RawSheet:
    cells = [[line[start:end].strip() or None for start, end in places] for _, line in lines]
    rows: list[list[Any]] = [list(names), *cells]
    numbers = [0, *(n for n, _ in lines)]
    return RawSheet(name, rows, text=True, fixed=True, lines=numbers, odd=odd_cells(rows, text))


_EDGE = 2  # header and trailer records stand among so many lines at either end
_RECORD = re.compile(
    r"(?P<header>HDR|FHR|BHR|FHD|BHD|H(?=[ \d])|1(?=\d))|(?P<trailer>TRL|TLR|TRR|FTR|BTR|EOF|T(?=[ \d])|9(?=\d))"
)
_DETAIL = re.compile(r"DTL|DET|PMT|[DP](?=[ \d])|[46](?=\d)")


def _looks_fixed(text: str, lines: list[str]) -> bool:
    """True if most lines are padded with blanks or all are equally long, and no separator divides them."""
    padded = sum("  " in line.strip() for line in lines) * 2 > len(lines)
    length, times = Counter(map(len, lines)).most_common(1)[0]
    equal = times == len(lines) > 1 and length >= 30
    body = [line for line in lines if len(line) == length]
    edges = [*lines[:_EDGE], *lines[-_EDGE:]]
    apart = [line for line in lines if len(line) != length]
    mostly = padded and len(body) > max(1, len(apart)) and length >= 30 and all(line in edges for line in apart)
    if not padded and not equal:
        return False
    separator, share, times = separator_of(text)
    if share < 0.5:
        return True
    # Names such as "ADAMS, JANE" bring a comma into many lines, never at one position of all lines and never many. The
    # header of a file with separators has as many of them as its rows have.
    if separator not in ",;" or times > 2 or '"' in text or not (equal or mostly):
        return False
    if any(line.count(separator) == times for line in apart):
        return False
    return not set.intersection(*({at for at, letter in enumerate(line) if letter == separator} for line in body))


def _records_apart(lines: list[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[tuple[int, str, str]], int]:
    """The rows, the header and trailer records at either end, and how many letters each row has as the code of its record.

    A record is told by its code where its length is not that of the rows, or where every row has a code too.
    """
    usual = Counter(len(line) for _, line in lines).most_common(1)[0][0]
    at_edge = {n for n, _ in (*lines[:_EDGE], *lines[-_EDGE:])}
    middle = [line for n, line in lines if n not in at_edge or not _RECORD.match(line)]
    codes = {found[0] if (found := _DETAIL.match(line)) else "" for line in middle}
    coded = len(codes) == 1 and "" not in codes
    lockbox = (
        lines[0][1][0] == "1" and lines[-1][1][0] == "9" and codes <= {"4", "6"} and len(lines[-1][1].rstrip()) < usual
    )
    rows, others = [], []
    for n, line in lines:
        found = _RECORD.match(line) if n in at_edge else None
        if found and found[0].isdigit():  # a bank's 1 before and 9 behind its 6 or 4; elsewhere an account may begin so
            found = found if lockbox else None
        if found and (coded or len(found[0]) == 3 or len(line) != usual):
            others.append((n, line, str(found.lastgroup)))
        else:
            rows.append((n, line))
    code = next(iter(codes)) if coded and others else ""
    return (rows, others, len(code)) if rows else (lines, [], 0)


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
    A date of eight digits is never longer, so blanks before it belong to the field before.
    """
    out: list[Place] = []
    for n, (start, end) in enumerate(places):
        texts = [line[start:end].ljust(end - start) for line in lines]
        to_the_right = all(text[-1] != " " for text in texts) and any(text[0] in "0123456789 " for text in texts)
        before = out[-1][1] if out else 0
        if n == 0 or (to_the_right and not _all_days(texts)):
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
    """Where a run of digits begins or ends with a date in every line: the place after or before the date."""
    width = len(texts[0])
    if width <= 8:
        return set()
    ends = {width - 8} if _all_days({text[-8:] for text in texts}) else set()
    return ends | ({8} if _all_days({text[:8] for text in texts}) else set())


def _all_days(texts: Collection[str]) -> bool:
    """True if all texts are dates of eight digits, all in one order."""
    return any(all(len(text) == 8 and _is_date(text, form) for text in texts) for form in ("%Y%m%d", "%m%d%Y"))


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
