"""Makes a copy of a workbook with values only, for people without xltax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from xltax.dates import to_date
from xltax.money import to_cents
from xltax.sheets.forms import NAMED, SPECS
from xltax.sheets.model import BookSpec
from xltax.tables.reading import is_blank
from xltax.tables.schema import Column, TableSpec


def values_copy(
    spec: BookSpec,
    frames: Mapping[str, pd.DataFrame],
    shown: Mapping[str, pd.DataFrame],
    values: Mapping[str, object],
    note: str = "",
    masked: Callable[[str], str] = str,
) -> bytes:
    """The copy as a file. Totals are those of `frames`, the whole book; the rows are those of `shown`.

    spec: the book's own declaration. frames, shown: table -> rows as `Book.read` gives them. values: named cells as `Book.get`
    gives them. note: a line for the first sheet. masked: a text that a formula gives, as it may be shown. Sheets and columns
    of the user's own are not in it.
    """
    from xltax.sheets.values import values_book  # only where a copy is made: it brings libraries for files with it

    places = spec.names
    given = {
        n: to_cents(v, where=n) if NAMED.get(n) == "money" else v
        for n, v in values.items() if n in places and not places[n][1].formula and not is_blank(v)
    }  # fmt: skip
    return values_book(spec, _all(frames), _all(shown), given, note, masked)


def forms(spec: BookSpec) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each sheet of a book that shows one case, such as a quote: its named cells, and its tables."""
    return [
        (tuple(c.name for c in s.cells if c.name in NAMED and not c.formula), tuple(t.spec.name for t in s.tables))
        for s in spec.sheets
        if any(c.name in NAMED for c in s.cells)
    ]


def _all(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: as_written(frame, SPECS[name]) for name, frame in frames.items()}


def as_written(frame: pd.DataFrame, spec: TableSpec[Any]) -> pd.DataFrame:
    """A table as read, as one to be written: the declared columns under their own names, money in whole cents."""
    data = {}
    for position, header in enumerate(frame.columns):
        column = spec.find(header)
        if column is None or (column.name in data and header != column.name):
            continue
        data[column.name] = _column(column, frame.iloc[:, position], f"{frame.attrs.get('sheet', spec.name)}, {header}")
    # As objects: a blank beside amounts would make pandas turn whole cents into floats.
    return pd.DataFrame({n: pd.Series(data[n], dtype=object) for n in spec.names if n in data})


def _typed(column: Column[Any], value: object, where: str) -> object:
    if column.kind == "money":
        return to_cents(value, where=where)
    if column.kind == "date":
        return to_date(value, where=where)
    return value


def _column(column: Column[Any], values: pd.Series[Any], where: str) -> list[object]:
    known: dict[object, object] = {}
    out: list[object] = []
    for value in values.tolist():
        if is_blank(value):
            out.append(None)
            continue
        if value not in known:
            known[value] = _typed(column, value, where)
        out.append(known[value])
    return out
