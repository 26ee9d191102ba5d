"""Reads another office's sheet as a table: finds the header below titles and merged cells, and skips totals and page headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.money import to_cents
from xltax.tables.reading import is_blank

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
Rows = Sequence[Sequence[Any]]


class Raw(Protocol):
    """A sheet as the file has it, before anybody knows where its table is."""

    @property
    def name(self) -> str:
        """The sheet in messages: "roll.xlsx, Sheet1"."""

    @property
    def rows(self) -> Rows:
        """The cells from A1 on; None is an empty cell."""

    @property
    def merged(self) -> Merged:
        """Merged ranges: ((row, column), (row, column)), counted from 0."""

    @property
    def hidden(self) -> frozenset[int]:
        """The columns that the sheet hides, counted from 0."""

    @property
    def text(self) -> bool:
        """True for a text file, whose rows may have fields that no header stands above."""

    @property
    def odd(self) -> Mapping[tuple[int, int], str]:
        """Cells whose characters are in doubt, by (row, column) from 0, each with a sentence that says so."""

    @property
    def format_of(self) -> Callable[[int, int], str]:
        """The number format of a cell at (row, column), counted from 0; "" where nobody knows it."""


@dataclass(frozen=True)
class Pasted:
    """Rows that were pasted into the book."""

    name: str
    rows: Rows
    merged: Merged = ()
    hidden: frozenset[int] = frozenset()
    text: bool = False
    odd: Mapping[tuple[int, int], str] = field(default_factory=dict)
    format_of: Callable[[int, int], str] = lambda row, column: ""


NO_HEADER = "column {} (no header)"
DASH = "-"  # how an accounting format prints zero, and a typist nothing
DEEP = 40  # rows among which a header is looked for
ENOUGH = 60  # of 100: how much of what the best row says
_TOTAL = re.compile(
    r"^\W*(grand |sub|sub-|page |report )?totals?\b|^\W*([\w.#/-]+ ){1,3}(sub-?)?totals?\W*$"
    r"|^\W*([a-z]+ )?count\W*\d*\W*$|^\W*[\d,]+ (records?|rows?|items?|payments?|transactions?)\W*$",
    re.IGNORECASE,
)
_OF_TOTALS = re.compile("total|count|record|row|item|payment|transaction", re.IGNORECASE)
_AS_TEXT = re.compile(r"""'(?=\S*\d)(\w[^'\s]*)|="([^"]*)\"""")
"""How programs mark a number as text: '0012-4, or ="0012-4" in a CSV file."""
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def table_of(raw: Raw, fitting: Callable[[Sequence[str]], int]) -> pd.DataFrame:
    """The table on a sheet: a header of one or two rows below any titles, and every row below the header.

    fitting: how much some headers say, to tell a header from a title. Of several rows that say about as much the first is
    taken. Where a later page has the same headers in another order, its rows are put in the order of the first page.
    attrs: `sheet`, `header_row` (the last row of the header), `letters` (header -> column), `lines` (the header as it stands),
    `hidden` (headers of hidden columns), `formats`, `odd` (cells in doubt), and `places` (where a value stands, if that is no cell
    of these rows and columns).
    Raises BadValue where no row looks like a header, and Problems for rows that have more fields than the header.
    """
    rows, name = raw.rows, raw.name
    width = max((len(r) for r in rows), default=0)
    cells = [[_clean(v) for v in r] + [None] * (width - len(r)) for r in rows]
    bottom, header = _header_of(cells, raw, fitting)
    above = [bool(h) for h in header]
    # A column with values but without a header is named by its letter, so that nobody overlooks it.
    header = _unique(
        [
            h or (NO_HEADER.format(_letters(i)) if any(r[i] is not None for r in cells[bottom:]) else "")
            for i, h in enumerate(header)
        ]
    )
    if raw.text:
        _refuse_shifted(name, cells, bottom, above)
    used = [i for i, h in enumerate(header) if h]
    first = [str(v or "") for v in cells[bottom - 1]] if bottom else [""] * width
    body, moved = _in_the_first_order(name, cells[bottom:], first, bottom)
    frame = pd.DataFrame([[row[i] for i in used] for row in body], columns=[header[i] for i in used], dtype=object)
    frame.attrs = {
        "sheet": name,
        "header_row": bottom,
        "letters": {header[i]: _letters(i) for i in used},
        "lines": [[cells[n][i] for i in used] for n in (bottom - 2, bottom - 1) if n >= 0],
        "hidden": tuple(header[i] for i in used if i in raw.hidden),
        "formats": _Formats(raw.format_of, bottom, {header[i]: i for i in used}),
        "places": Lines(lines, bottom)
        if (lines := _lines_of(raw))
        else Places(bottom + 1, moved, {header[i]: i for i in used})
        if moved
        else None,
        "odd": {(row - bottom, header[i]): said for (row, i), said in raw.odd.items() if row >= bottom and header[i]},
    }
    return frame


class Places:
    """The cells of a table some of whose pages have their columns in another order."""

    def __init__(self, first: int, moved: Mapping[int, Sequence[int]], columns: Mapping[str, int]) -> None:
        self._first, self._moved, self._columns = first, moved, columns

    def __deepcopy__(self, memo: dict[int, Any]) -> Places:
        return self

    def at(self, position: int, header: str) -> str:
        """The cell of a value, by its row below the header and its column's header."""
        column = self._columns.get(header, 0)
        order = self._moved.get(position)
        return f"{_letters(order[column] if order else column)}{self._first + position}"

    def place(self, sheet: str, position: int, header: str) -> str:
        """The cell with its sheet, or the row where no column is named."""
        return f"{sheet}!{self.at(position, header)}" if header else f"{sheet} row {self._first + position}"

    def renamed(self, headers: Mapping[str, str]) -> Places:
        """The same cells under other names: name -> header."""
        return Places(self._first, self._moved, {name: self._columns.get(h, 0) for name, h in headers.items()})


class Lines:
    """The lines of a text file that has neither rows nor columns, such as a bank's file."""

    def __init__(self, lines: Sequence[int], top: int) -> None:
        self._lines = lines[top:]
        line = lines[top - 1] if top else 0
        self.header = f"header on line {line}" if line else "no header"

    def __deepcopy__(self, memo: dict[int, Any]) -> Lines:
        return self

    def at(self, position: int, header: str) -> str:
        """The line of a value, by its row below the header."""
        return f"line {self._lines[position]}"

    def place(self, sheet: str, position: int, header: str) -> str:
        """The line with its file."""
        return f"{sheet} {self.at(position, header)}" + (f", {header}" if header else "")

    def renamed(self, headers: Mapping[str, str]) -> Lines:
        """The lines are those of the file, whatever the columns are called."""
        return self


def _lines_of(raw: Raw) -> Sequence[int]:
    """The line of each row of a file whose rows and columns were made when it was read; nothing for a sheet or a CSV file."""
    made = getattr(raw, "fixed", False) or getattr(raw, "kind", "")
    return (getattr(raw, "lines", None) or ()) if made else ()


class _Formats:
    """The number formats of a table's cells. pandas copies what is noted on a frame at every step; this needs no copy."""

    def __init__(self, of: Callable[[int, int], str], top: int, columns: Mapping[str, int]) -> None:
        self._of, self._top, self._columns = of, top, columns

    def __deepcopy__(self, memo: dict[int, Any]) -> _Formats:
        return self

    def at(self, position: int, header: str) -> str:
        """The number format of a cell, by its row below the header and its column's header."""
        return self._of(self._top + position, self._columns[header])


def _header_of(cells: Rows, raw: Raw, fitting: Callable[[Sequence[str]], int]) -> tuple[int, list[str]]:
    """Where the table's rows begin, and the words above each column."""
    found: list[tuple[int, int, list[str]]] = []
    for n in range(min(len(cells), DEEP)):
        if not _wordy(cells[n]):
            continue
        for deep in (1, 2):
            if deep == 2 and (n + 1 >= len(cells) or not _wordy(cells[n + 1])):
                continue
            header = _header(cells, raw.merged, n, deep)
            found.append((fitting([h for h in header if h]), n + deep, header))
    if not found and sum(sum(v is not None for v in row) >= 2 for row in cells) >= 2:
        return 0, [""] * max(len(row) for row in cells)  # every column is then named by its letter, and asked about
    if not found:
        raise BadValue("The sheet has no header row.", where=raw.name, do="Add a header row above the data.")
    most = max(f for f, _, _ in found)
    first = min(bottom for f, bottom, _ in found if 100 * f >= ENOUGH * most)
    _, bottom, header = max(
        (f for f in found if f[1] in (first, first + 1) and 100 * f[0] >= ENOUGH * most), key=lambda f: (f[0], -f[1])
    )
    return bottom, header


def _refuse_shifted(name: str, cells: Rows, bottom: int, above: Sequence[bool]) -> None:
    """Refuses rows of a text file that have more fields than the header: a comma in a text moves all fields after it."""
    wide = max((i + 1 for i, h in enumerate(above) if h), default=0)
    beyond = [n for n, row in enumerate(cells[bottom:]) if any(v is not None for v in row[wide:])]
    if not beyond or 2 * len(beyond) > sum(any(v is not None for v in row) for row in cells[bottom:]):
        return  # most rows have it: that is a column without a header
    raise Problems(
        Problem(
            f"{name} row {bottom + 1 + n}",
            f"This row has {max(i + 1 for i, v in enumerate(cells[bottom + n]) if v is not None)} fields, but the header has {wide}.",
            "Put quotes around text that contains the separator.",
        )
        for n in beyond
    )


def _in_the_first_order(
    name: str, body: Rows, header: Sequence[str], bottom: int
) -> tuple[list[Sequence[Any]], dict[int, list[int]]]:
    """The rows, those below a repeated header of another order put in the order of the first header; and these rows.

    The second part gives, by position, where each column of such a row stands on the sheet.
    Raises BadValue for a repeated header that has other words: nobody knows what stands below it.
    """
    words = [h.casefold() for h in header]
    known = {w for w in words if w}
    enough = max(2, (len(known) + 1) // 2)
    spellings = {spelled(w) for w in header if w for spelled in (str, str.lower, str.upper, str.title, str.capitalize)}
    order: list[int] | None = None
    out: list[Sequence[Any]] = []
    moved: dict[int, list[int]] = {}
    for n, row in enumerate(body):
        if len(spellings.intersection(row)) >= enough and _wordy(row):
            said = [v.casefold() if v.__class__ is str else "" for v in row]
            if len(known.intersection(said)) >= enough:
                order = _order(words, said, f"{name} row {bottom + 1 + n}")
        out.append(row if order is None else [row[i] for i in order])
        if order is not None:
            moved[n] = order
    return out, moved


def _order(words: Sequence[str], said: Sequence[str], where: str) -> list[int] | None:
    """Where each column of the first header stands below a repeated header; None if nothing moved."""
    known = set(words) - {""}
    if all(word == words[i] for i, word in enumerate(said) if word in known):
        return None
    if sorted(said) == sorted(words) and len(set(said) - {""}) == sum(1 for word in said if word):
        blank = iter([i for i, word in enumerate(said) if not word])
        return [said.index(word) if word else next(blank) for word in words]
    raise BadValue(
        "This row looks like a header, but its columns are not those of the first header.",
        where=where,
        do="Give all pages the same headers, or put this page on a sheet of its own.",
    )


def set_apart(
    frame: pd.DataFrame, ids: Sequence[str], amount: str, left: Mapping[int, str] | None = None
) -> tuple[pd.DataFrame, list[tuple[int, str, int]]]:
    """The table without rows that are not data, and those rows: position, reason, amount in cents.

    Left out are rows that say Total, a header printed again, lone texts, header and trailer records, and the rows of `left`;
    they are emptied in place, so that every other row keeps its cell. ids: the columns that say whose a row is. amount: the
    column that is added up, or "".
    """
    columns = [frame.iloc[:, i].tolist() for i in range(len(frame.columns))]
    filled = [frame.iloc[:, i].notna().to_numpy() for i in range(len(columns))]
    empty = np.zeros(len(frame), dtype=int)
    count = sum(filled, empty)
    distinct = [set(column) for column in columns]
    totals = [_where(column, _totals(values)) for column, values in zip(columns, distinct, strict=True)]
    words = sum(totals, empty) > 0
    lines = [[values & {word} for values, word in zip(distinct, line, strict=True)] for line in frame.attrs["lines"]]
    again = [sum(map(_where, columns, line), empty) for line in lines]
    heads = np.max([empty, *again], axis=0)
    of = [list(frame.columns).index(i) for i in ids]
    unnamed = _unnamed_totals(columns, of, list(frame.columns).index(amount)) if ids and amount else frozenset()
    nobody = sum((filled[i] for i in of), empty) == 0 if ids else count == 0
    said = sum((totals[i] for i in of), empty) > 0 if ids else words
    records = _records(frame)
    out: list[tuple[int, str, int]] = []
    wide = len(frame.columns) > 2
    for n in map(int, np.flatnonzero(count)):
        if n in records:
            reason = records[n]
        elif n in unnamed or (words[n] and (nobody[n] or said[n])):
            reason = "a total"
        elif heads[n] >= 2 and heads[n] * 2 >= count[n]:
            reason = "a repeated header"
        elif count[n] == 1 and wide:
            reason = "a row with only one cell"
        elif left and n in left:
            reason = left[n]
        else:
            continue
        out.append((n, reason, _cents(frame[amount].iloc[n]) if amount else 0))
    if not out:
        return frame, out
    kept = frame.copy()
    kept.iloc[[n for n, _, _ in out]] = None
    kept.attrs = dict(frame.attrs)
    return kept, out


def _unnamed_totals(columns: Sequence[Sequence[Any]], ids: Sequence[int], amount: int) -> set[int]:
    """The rows that hold figures alone, whose amount is the sum of all rows above that say whose they are."""
    whose = [any(v is not None for v in row) for row in zip(*(columns[i] for i in ids), strict=True)]
    if all(mine or value is None for mine, value in zip(whose, columns[amount], strict=True)):
        return set()  # the usual case, without adding up
    out: set[int] = set()
    above, many = 0, 0
    for n, value in enumerate(columns[amount]):
        if value is None:
            continue
        cents = _cents(value)
        if whose[n]:
            above, many = above + cents, many + 1
        elif many > 1 and cents == above != 0:
            filled = (column[n] for column in columns if column[n] is not None)
            out |= {n} if all(v == DASH or _number(str(v)) for v in filled) else set()
    return out


def _where(column: Sequence[Any], wanted: set[Any]) -> Any:
    """Where in a column one of the wanted values stands."""
    wanted = wanted - {None}
    return np.array([v in wanted for v in column]) if wanted else np.zeros(len(column), dtype=bool)


def _totals(values: set[Any]) -> set[Any]:
    return {v for v in values if v.__class__ is str and _OF_TOTALS.search(v) and _TOTAL.match(v)}


TRAILER = "a trailer record"
_RECORDS = {
    **dict.fromkeys(("hdr", "h", "header", "head", "fh", "bh"), "a header record"),
    **dict.fromkeys(("trl", "t", "tr", "trailer", "trlr", "tot", "ft", "bt", "eof"), TRAILER),
}
_DETAIL = ("dtl", "d", "det", "detail", "dt", "pmt", "p")
_RECORD_HEADERS = ("rec", "record", "rec type", "record type", "rt", "rectype", "record number")


def _records(frame: pd.DataFrame) -> dict[int, str]:
    """The header and trailer records of a file whose first field says what a record is; position and reason."""
    if not len(frame.columns):
        return {}
    first = frame.iloc[:, 0]
    kinds = first[first.map(lambda v: v.__class__ is str)].str.casefold()
    names = kinds.value_counts()
    if not 1 < len(names) <= 8:
        return {}
    if str(frame.columns[0]).casefold() not in _RECORD_HEADERS and names.index[0] not in _DETAIL:
        return {}
    return {n: _RECORDS[kind] for n, kind in zip(kinds.index.tolist(), kinds, strict=True) if kind in _RECORDS}


def _clean(value: Any) -> Any:
    if value is None:
        return None
    if value.__class__ is not str:
        return None if is_blank(value) else value
    text = " ".join(value.split())
    if text[:1] in ("'", "=") and (marked := _AS_TEXT.fullmatch(text)):
        text = marked[1] or marked[2] or ""
    return DASH if text in ("-", "$ -", "$-", "--", "- -") else text or None


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


def written(header: str) -> str:
    """A header as it stands on the sheet: without the letter of its column, which the second of two equal headers has here."""
    return re.sub(r" \[[A-Z]{1,3}\]$", "", header)
