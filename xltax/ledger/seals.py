"""Seals: each row has a hash of its own content and the row before, which reveals a changed, removed or moved row.

A seal of version 1 is 16 hex digits over the columns of version 1. A seal of version 2 is "2-" and 16 hex digits over all
columns. A row that was posted before an upgrade keeps the seal it was posted with, and `upgrade` puts a seal of version 2 behind it,
"5f0a... 2-91c3...", so that the columns it filled are sealed too. Each version is a chain of its own: that of version 2 runs through
every row of the book, that of version 1 through the rows posted before the upgrade.

A seal with a k before its digits, "2k-91c3..." or "1k-91c3...", is made with the office's key. From the first such row on, every
row of the table has one. Without the key nobody can make one, and nobody can check one.
A column that is covered only where it is filled (Posted By) needs no version: a row without it has the seal it always had. Whoever
fills the cell of an old row, or empties that of a new one, changes the text that the seal covers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from xltax.errors import Problem, Problems
from xltax.money import dollars
from xltax.tables.reading import place
from xltax.tables.schema import Column, TableSpec
from xltax.tables.table import Table

SEAL = "Seal"
"""The column of the seal, in every sealed table."""
START = {1: "xltax seal 1", 2: "xltax seal 2"}
LENGTH = 16  # hex digits: 64 bits, short enough to read out over the telephone
_DIGITS = rf"[0-9a-f]{{{LENGTH}}}"
FORM = rf"(?:\d?k?-)?{_DIGITS}"
"""One seal of any version, with the office's key or without."""
_FORM = re.compile(rf"(?P<one>(?:1k-)?{_DIGITS})?(?:(?:^| )(?P<two>2k?-{_DIGITS}))?")


class Cell(NamedTuple):
    """The contents of a Seal cell: the seal of each version, "" where there is none."""

    one: str = ""
    two: str = ""


def cell_of(text: str) -> Cell | None:
    """The seals in a Seal cell; None if the text is not a seal."""
    found = _FORM.fullmatch(text)
    return Cell(found["one"] or "", found["two"] or "") if found else None


def head(text: str) -> str:
    """The newest seal in a Seal cell: what a day close prints."""
    return text.split(" ")[-1]


def version_of(spec: TableSpec[Any]) -> int:
    """The version of the seals for new rows of a table."""
    return max(column.since for column in spec.columns)


def canonical(table: Table[Any] | pd.DataFrame, spec: TableSpec[Any], version: int = 0) -> list[str]:
    """The text each row's seal covers: every column of that version except the seal, in declared order, then what later ones hold.

    Money in dollars and cents, dates year-month-day, everything else as text; fields divided by the unit separator.
    """
    version = version or version_of(spec)
    covered = [c for c in spec.facts if c.name != SEAL and c.since <= version and not c.if_filled]
    return _with_filled(table, [c for c in spec.facts if c.if_filled], [_texts(table, column) for column in covered])


def _texts(table: Table[Any] | pd.DataFrame, column: Column[Any]) -> list[str]:
    if column.name not in table:
        return [""] * len(table)
    if column.kind == "date":
        days = pd.to_datetime(table[column.name]).to_numpy().astype("datetime64[D]")
        return ["" if day is None else day.isoformat() for day in days.tolist()]
    values = table[column.name].tolist()
    if column.kind == "money":
        return [dollars(value, comma=False) for value in values]
    # A text is read back from its cell without the blanks around it, so it is sealed without them.
    return [str(value).strip() for value in values]


def seal(text: str, before: str, version: int, key: bytes = b"") -> str:
    """The seal of a row with this text that follows a row sealed `before` ("" for the first). key: the office's, if it has one."""
    covered = f"{before or START[version]}\x1e{text}".encode()
    if key:
        return f"{version}k-{hmac.new(key, covered, hashlib.sha256).hexdigest()[:LENGTH]}"
    digest = hashlib.sha256(covered).hexdigest()[:LENGTH]
    return digest if version == 1 else f"{version}-{digest}"


def keyed(seal: str) -> bool:
    """Whether the newest seal in a Seal cell was made with an office's key."""
    return "k-" in head(seal)


def sealed(table: Table[Any] | pd.DataFrame, spec: TableSpec[Any], before: str = "", key: bytes = b"") -> list[str]:
    """The seals of new rows in order, chained to the last Seal cell of the book."""
    version = version_of(spec)
    before = head(before)
    seals = []
    for text in canonical(table, spec):
        before = seal(text, before, version, key)
        seals.append(before)
    return seals


def alone(table: Table[Any], spec: TableSpec[Any], key: bytes = b"") -> list[str]:
    """A seal for each row that covers the row alone: for rows that tasks change after they were written."""
    covered = [_texts(table, spec[name]) for name in spec.covers]
    texts = _with_filled(table, [spec[name] for name in spec.covers_filled], covered)
    return [seal(text, "", 1, key) for text in texts]


def _with_filled(
    table: Table[Any] | pd.DataFrame, columns: Sequence[Column[Any]], covered: list[list[str]]
) -> list[str]:
    """The text of each row: the columns always covered, then the others by name, where they are filled."""
    texts = list(map("\x1f".join, zip(*covered, strict=True)))
    for column in (c for c in columns if c.name in table):
        filled = _texts(table, column)
        texts = [f"{text}\x1f{column.name}={own}" if own else text for text, own in zip(texts, filled, strict=True)]
    return texts


def standing(table: Table[Any], spec: TableSpec[Any], key: bytes = b"") -> list[bool]:
    """For each row with a seal of its own: whether the row is as it was sealed. A seal that needs a key we lack counts as right.

    The office's key begins with all rows of a table at once, so beside a seal with the key none without it is right.
    """
    own = table[SEAL].tolist()
    if not any(map(keyed, own)):
        return [mine == right for mine, right in zip(own, alone(table, spec), strict=True)]
    right = alone(table, spec, key) if key else own
    return [keyed(mine) and mine == should for mine, should in zip(own, right, strict=True)]


def resealed(table: Table[Any], spec: TableSpec[Any]) -> list[str]:
    """The Seal cells of rows of version 1 after an upgrade: each keeps its seal and gets a seal of version 2 after it."""
    before, cells = "", []
    for own, text in zip(table[SEAL].tolist(), canonical(table, spec, 2), strict=True):
        cell = cell_of(own)
        if not own or cell is None or cell.two:
            cells.append(own)  # not sealed, or no seal: it was to look at before, and it stays so
            continue
        before = seal(_with(text, own), before, 2)
        cells.append(f"{own} {before}")
    return cells


def _with(text: str, one: str) -> str:
    """The text of version 2 of a row that has a seal of version 1: it covers that seal, so none can be put in or taken out."""
    return f"{text}\x1f{one}" if one else text


def first_unsealed(table: Table[Any], spec: TableSpec[Any]) -> int:
    """Where the rows typed by hand at the table's end begin. Raises Problems for an unsealed row between sealed ones."""
    have = [bool(s) for s in table[SEAL]]
    first = len(have) - next((n for n, s in enumerate(reversed(have)) if s), len(have))
    inside = [n for n, s in enumerate(have[:first]) if not s]
    if inside:
        raise Problems(
            Problem(
                place(table, int(table.index[n]), SEAL),
                f"{', '.join(f'{k} {table[k].iloc[n]}' for k in spec.key)} is not sealed, and stands between sealed rows.",
                "Move the row to the end of the table. Posted rows keep their order.",
            )
            for n in inside
        )
    return first


def broken(table: Table[Any], spec: TableSpec[Any], *, upgraded: bool = False, key: bytes = b"") -> Iterator[Problem]:
    """Every row with a missing or wrong seal, in order; empty if the whole book is as posted.

    Without the office's key, a seal made with the key is not judged; the rows around it are.

    The chain goes on from each row's own seal, so one changed row is named alone, and a removed, inserted or moved row
    shows at the row that follows it. upgraded: the book is known to be of today's version, so that no row may lack today's seal.
    """
    newest = version_of(spec)
    texts = {version: canonical(table, spec, version) for version in range(1, newest + 1)}
    later = [c.name for c in spec.facts if c.since > 1]
    tied = [any(row) for row in zip(*(_texts(table, spec[name]) for name in later), strict=True)] or [False] * len(
        table
    )
    own_seals = table[SEAL].tolist() if SEAL in table else [""] * len(table)
    before, seen, with_key = {1: "", 2: ""}, upgraded and newest > 1, False
    for n, own in enumerate(own_seals):
        if not own:
            yield _named(table, spec, n, "is not sealed.", "The row was typed by hand, or has not been posted yet.")
            continue
        cell = cell_of(own)
        wrong = ""
        if cell is None or (newest == 1 and cell.two):
            wrong = "has a seal that cannot be read."
        elif (cell.one and not _is(cell.one, texts[1][n], before[1], 1, key)) or (
            cell.two and not _is(cell.two, _with(texts[2][n], cell.one), before[2], 2, key)
        ):
            wrong = _CHANGED
        elif with_key and not keyed(own):
            wrong = "has a seal without the office's key, after rows that have one."
        elif not cell.two and (seen or tied[n]):
            wrong = f"has a seal that does not cover {', '.join(later)}: part of the seal was removed, or somebody typed in that column."
        elif cell.one and before[2] and not before[1]:
            wrong = "has a seal older than that of the row before it."
        if wrong:
            yield _named(table, spec, n, wrong, "Compare the seal with the printed day close.")
        if cell:
            # Rows of version 1 come first: after a row of version 2 alone, none may follow.
            before = {1: cell.one, 2: cell.two or before[2]}
            seen, with_key = seen or bool(cell.two), with_key or keyed(own)


def _is(own: str, text: str, before: str, version: int, key: bytes) -> bool:
    """Whether a seal is that of a row. One made with a key cannot be judged without it."""
    if keyed(own) and not key:
        return True
    return own == seal(text, before, version, key if keyed(own) else b"")


_CHANGED = "is not as it was posted: this row or the row before it was changed, removed, inserted or moved."


def _named(table: Table[Any], spec: TableSpec[Any], n: int, what: str, do: str) -> Problem:
    key = ", ".join(f"{k} {table[k].iloc[n]}" for k in spec.key)
    name = str(table.attrs.get("sheet") or table.attrs.get("file") or spec.name)
    where = place(table, int(table.index[n]), SEAL) if table.attrs else f"{name}, {key}"
    return Problem(where, f"{key} {what}", do)
