"""Reads another office's sheet as a table: finds the header below titles and merged cells, and skips totals and page headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue
from xltax.money import to_cents
from xltax.tables.reading import is_blank

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
Rows = Sequence[Sequence[Any]]

NO_HEADER = "column {} (no header)"
DASH = "-"  # how an accounting format prints zero, and a typist nothing
DEEP = 40  # rows among which a header is looked for
ENOUGH = 60  # of 100: how much of what the best row says
_TOTAL = re.compile(r"^\W*(grand |sub|sub-|page |report )?totals?\b", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def table_of(name: str, rows: Rows, merged: Merged, fitting: Callable[[Sequence[str]], int]) -> pd.DataFrame:
    """The table on a sheet: a header of one or two rows below any titles, and every row below the header.

    rows: the cells from the sheet's first row on. fitting: how much some headers say, to tell a header from a title.
    Of several rows that say about as much the first is taken: the others are the header of a further page.
    attrs: `sheet`, `header_row` (the last row of the header), `letters` (header -> column), `lines` (the header as it stands).
    Raises BadValue where no row looks like a header.
    """
    width = max((len(r) for r in rows), default=0)
    cells = [[_clean(v) for v in r] + [None] * (width - len(r)) for r in rows]
    found: list[tuple[int, int, list[str]]] = []
    for n in range(min(len(cells), DEEP)):
        if not _wordy(cells[n]):
            continue
        for deep in (1, 2):
            if deep == 2 and (n + 1 >= len(cells) or not _wordy(cells[n + 1])):
                continue
            header = _header(cells, merged, n, deep)
            found.append((fitting([h for h in header if h]), n + deep, header))
    if not found:
        raise BadValue("The sheet has no header row.", where=name, do="Add a header row above the data.")
    most = max(f for f, _, _ in found)
    first = min(bottom for f, bottom, _ in found if 100 * f >= ENOUGH * most)
    _, bottom, header = max(
        (f for f in found if f[1] in (first, first + 1) and 100 * f[0] >= ENOUGH * most), key=lambda f: (f[0], -f[1])
    )
    # A column with values but without a header is named by its letter, so that nobody overlooks it.
    header = _unique(
        [
            h or (NO_HEADER.format(_letters(i)) if any(r[i] is not None for r in cells[bottom:]) else "")
            for i, h in enumerate(header)
        ]
    )
    used = [i for i, h in enumerate(header) if h]
    frame = pd.DataFrame(
        [[row[i] for i in used] for row in cells[bottom:]], columns=[header[i] for i in used], dtype=object
    )
    frame.attrs = {
        "sheet": name,
        "header_row": bottom,
        "letters": {header[i]: _letters(i) for i in used},
        "lines": [[cells[n][i] for i in used] for n in (bottom - 2, bottom - 1) if n >= 0],
    }
    return frame


def set_apart(frame: pd.DataFrame, ids: Sequence[str], amount: str) -> tuple[pd.DataFrame, list[tuple[int, str, int]]]:
    """The table without rows that are not data, and those rows: position, reason, amount in cents.

    Left out are rows that say Total, a header printed again, and lone texts; they are emptied in place, so that every other
    row keeps its cell. ids: the columns that say whose a row is. amount: the column that is added up, or "".
    """
    filled = frame.notna()
    count = filled.sum(axis=1).to_numpy()
    totals = frame.map(lambda v: isinstance(v, str) and bool(_TOTAL.match(v)))
    words = totals.any(axis=1).to_numpy()
    again = [(frame == line).sum(axis=1).to_numpy() for line in frame.attrs["lines"]]
    heads = np.max(again, axis=0)
    nobody = ~filled[list(ids)].any(axis=1).to_numpy() if ids else count == 0
    said = totals[list(ids)].any(axis=1).to_numpy() if ids else words
    out: list[tuple[int, str, int]] = []
    for n in range(len(frame)):
        if not count[n]:
            continue
        if words[n] and (nobody[n] or said[n]):
            reason = "a total"
        elif heads[n] >= 2 and heads[n] * 2 >= count[n]:
            reason = "a repeated header"
        elif count[n] == 1 and len(frame.columns) > 2:
            reason = "a row with only one cell"
        else:
            continue
        out.append((n, reason, _cents(frame[amount].iloc[n]) if amount else 0))
    kept = frame.copy()
    kept.iloc[[n for n, _, _ in out]] = None
    kept.attrs = dict(frame.attrs)
    return kept, out


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        value = re.sub(r"\s+", " ", value.replace("\xa0", " ")).strip()
    return None if is_blank(value) else DASH if value in ("-", "$ -", "$-", "--", "- -") else value


def _wordy(row: Sequence[Any]) -> bool:
    """Whether a row can be part of a header: two words or more, and neither amounts nor dates."""
    filled = [v for v in row if v is not None]
    return len(filled) >= 2 and all(isinstance(v, str) and not _number(v) and not _DATE.fullmatch(v) for v in filled)


def _number(text: str) -> bool:
    try:
        to_cents(text)
    except BadValue:
        return False
    return True


def _cents(value: Any) -> int:
    try:
        return to_cents(value)
    except BadValue:
        return 0


def _header(cells: Rows, merged: Merged, top: int, deep: int) -> list[str]:
    """The words above each column. A merged cell counts for each of its columns, unless it is a title above all of them."""
    wide = len(cells[top])
    lines = []
    for n in range(top, top + deep):
        line = [str(v) if v is not None else "" for v in cells[n]]
        for (first, left), (_, right) in merged:
            if first == n and left < right < wide and right - left + 1 < wide:
                line[left : right + 1] = [line[left]] * (right - left + 1)
        lines.append(line)
    return [" ".join(dict.fromkeys(w for w in column if w)) for column in zip(*lines, strict=True)]


def _unique(header: Sequence[str]) -> list[str]:
    seen: set[str] = set()
    out = []
    for n, word in enumerate(header):
        out.append(f"{word} [{_letters(n)}]" if word and word.casefold() in seen else word)
        seen.add(word.casefold())
    return out


def _letters(index: int) -> str:
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
