"""A book in a few lines of text: the town, its roll, what was billed and paid, and the rows typed into a table.

    us-nj-colts-neck 2025, as of 2025-03-03

    roll of 2025-01-02
    Account  Owner      Location   Net Value  Prior Tax
    001      ADAMS ANN  1 Main St  200,000    4,000.00

    billed 2025-01-10, preliminary, mailed 2025-01-15

    paid 2025-02-03
    Account  Amount    Tender
    001      1,000.00  Check

A part ends with an empty line. Below a table's headers each value begins in its column's place, as it is seen.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any

import pandas as pd

from tests.written.ledger import cents, day
from xltax.actions import counter, setup, year
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.tables import ALL

READ = {"money": cents, "date": day, "count": int, "year": int}
EMPTY = {"money": 0, "count": 0, "year": 0, "date": None}


def table(text: str) -> list[dict[str, str]]:
    """The rows below a line of headers, as texts; a value belongs to the header it stands under."""
    head, *lines = [line for line in dedent(text).splitlines() if line.strip()] or [""]
    if not lines:
        raise ValueError("A table is a line of headers and at least one row below it")
    headers = [(m.start(), m[0]) for m in re.finditer(r"\S+( \S+)*", head)]
    places = [*(start for start, _ in headers), None]
    rows = []
    for number, line in enumerate(lines, 2):
        cut = [at for at in places[1:-1] if at is not None and at < len(line) and line[at - 1] != " "]
        if cut:
            raise ValueError(f"Line {number}, {line.strip()}: a value runs into the next column")
        cells = (line[a:b].strip() for a, b in pairwise(places))
        rows.append({name: cell for (_, name), cell in zip(headers, cells, strict=True)})
    return rows


def rows(name: str, text: str, **same: Any) -> pd.DataFrame:
    """Rows of one of our tables as a hand types them; `same`: columns that every row has alike, unless it says otherwise."""
    spec = ALL[name]
    found = table(text)
    if unknown := [column for column in found[0] if column not in spec.names]:
        raise ValueError(
            f"{name} has no column {', '.join(unknown)}. Part headers by two blanks: {', '.join(spec.names)}"
        )
    typed: dict[str, list[Any]] = {column: [] for column in same}
    for number, row in enumerate(found, 2):
        for column in [*same, *(c for c in row if c not in same)]:
            kind = spec[column].kind
            cell = row.get(column, "")
            try:
                value = READ.get(kind, str)(cell) if cell else same.get(column, EMPTY.get(kind, ""))
            except ValueError as wrong:
                raise ValueError(f"{name}, line {number}, {column}: {wrong}") from None
            typed.setdefault(column, []).append(value)
    return pd.DataFrame(
        {c: pd.Series(v, dtype="int64" if spec[c].kind == "money" else object) for c, v in typed.items()}
    )


def office(path: Path, text: str) -> FilesBook:
    """The book of a text, lived through from its first part to its last, saved and open."""
    first, *parts = re.split(r"\n\s*\n", dedent(text).strip())
    found = re.fullmatch(r"(us-[a-z-]+) (\d{4}), as of (\S+)", first)
    if not found:
        raise ValueError(f"{first}: begin with the town, as in us-nj-colts-neck 2025, as of 2025-03-03")
    new_book(path, found[1], name="Quillhaven", year=int(found[2]), as_of=day(found[3]))
    book = FilesBook.open(path)
    for part in parts:
        heading, _, body = part.partition("\n")
        try:
            _do(book, heading.strip(), body, int(found[2]))
        except ValueError as wrong:
            raise ValueError(f"{heading.strip()}: {wrong}") from wrong
    book.save()
    return book


def _do(book: FilesBook, heading: str, body: str, levy_year: int) -> None:
    if roll := re.fullmatch(r"roll of (\S+)", heading):
        setup.import_roll(book, _csv(book.path.with_name("roll.csv"), body), on=day(roll[1]))
    elif billed := re.fullmatch(r"billed (\S+?)(, preliminary|, final)?(?:, at (.+?))?(?:, mailed (\S+))?", heading):
        more: dict[str, Any] = {"mailed": day(billed[4])} if billed[4] else {}
        if billed[2]:
            more["stage"] = billed[2].removeprefix(", ")
        rates = [billed[3].replace(" and ", ", ")] if billed[3] else []
        year.bill(book, levy_year, *rates, today=day(billed[1]), **more)
    elif paid := re.fullmatch(r"paid (\S+)", heading):
        on = day(paid[1])
        counter.post(book, _csv(book.path.with_name("payments.csv"), body, Received=on), today=on)
    else:
        raise ValueError("A part is roll of DAY, billed DAY or paid DAY")


def _csv(path: Path, body: str, **same: dt.date) -> Path:
    """The rows of a table as a file the tasks bring in, numbers without their commas."""
    found = table(body)
    for row in found:
        for name, cell in row.items():
            if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d\d)?", cell):
                row[name] = cell.replace(",", "")
    pd.DataFrame([same | row for row in found]).to_csv(path, index=False)
    return path
