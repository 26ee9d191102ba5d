"""Seals: each row carries a hash of itself and of the row before, so a changed, removed or moved row shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pandas as pd

from xltax.errors import Problem, Problems
from xltax.ledger.schema import Column, TableSpec
from xltax.ledger.validate import place
from xltax.money import dollars

START = "xltax seal 1"
LENGTH = 16  # hex digits: 64 bits, short enough to read out over the telephone


def canonical(table: pd.DataFrame, spec: TableSpec) -> list[str]:
    """The text each row's seal is taken over: every fact of the row but the seal, in the table's declared order.

    Money in dollars and cents, dates year-month-day, everything else as text; fields divided by the unit separator.
    """
    columns = [_texts(table, column) for column in spec.facts if column.name != "Seal"]
    return list(map("\x1f".join, zip(*columns, strict=True)))


def _texts(table: pd.DataFrame, column: Column) -> list[str]:
    if column.name not in table:
        return [""] * len(table)
    if column.kind == "date":
        days = pd.to_datetime(table[column.name]).to_numpy().astype("datetime64[D]")
        return ["" if day is None else day.isoformat() for day in days.tolist()]
    values = table[column.name].tolist()
    if column.kind == "money":
        return [dollars(value, comma=False) for value in values]
    return list(map(str, values))


def seal(text: str, before: str) -> str:
    """The seal of a row with this text that follows a row sealed `before` ("" for the first)."""
    return hashlib.sha256(f"{before or START}\x1e{text}".encode()).hexdigest()[:LENGTH]


def sealed(table: pd.DataFrame, spec: TableSpec, before: str = "") -> list[str]:
    """The seals of new rows in order, chained to the last seal of the book."""
    seals = []
    for text in canonical(table, spec):
        before = seal(text, before)
        seals.append(before)
    return seals


def first_unsealed(table: pd.DataFrame, spec: TableSpec) -> int:
    """Where the rows typed by hand at the table's end begin. Raises Problems for an unsealed row between sealed ones."""
    have = [bool(s) for s in table["Seal"]]
    first = len(have) - next((n for n, s in enumerate(reversed(have)) if s), len(have))
    inside = [n for n, s in enumerate(have[:first]) if not s]
    if inside:
        raise Problems(
            Problem(
                place(table, int(table.index[n]), "Seal"),
                f"{', '.join(f'{k} {table[k].iloc[n]}' for k in spec.key)} stands between sealed rows.",
                "Move it to the end of the table; the order posted is never changed.",
            )
            for n in inside
        )
    return first


def broken(table: pd.DataFrame, spec: TableSpec) -> Iterator[Problem]:
    """Every row whose seal is missing or does not fit, in order; nothing if the whole book is as it was posted.

    The chain goes on from each row's own seal, so one changed row is named alone, and a removed, inserted or moved row
    shows at the row that follows it.
    """
    before = ""
    name = str(table.attrs.get("sheet") or table.attrs.get("file") or spec.name)
    own_seals = table["Seal"].tolist() if "Seal" in table else [""] * len(table)
    for n, (own, text) in enumerate(zip(own_seals, canonical(table, spec), strict=True)):
        if own and own == seal(text, before):
            before = own
            continue
        key = ", ".join(f"{k} {table[k].iloc[n]}" for k in spec.key)
        where = place(table, int(table.index[n]), "Seal") if table.attrs else f"{name}, {key}"
        if not own:
            yield Problem(where, f"{key} is not sealed.", "It was typed by hand or not posted yet.")
        else:
            yield Problem(
                where,
                f"{key} is not as it was posted: it, or the row before it, was changed, removed, inserted or moved.",
                "Compare it with the printed day close.",
            )
        before = own or before
