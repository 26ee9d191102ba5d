"""Seals: each row carries a hash of itself and of the row before, so a changed, removed or moved row shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from xltax.errors import Problem, Problems
from xltax.ledger.schema import TableSpec
from xltax.ledger.validate import place
from xltax.money import dollars

START = "xltax seal 1"
LENGTH = 16  # hex digits: 64 bits, short enough to read out over the telephone


def canonical(row: Mapping[str, Any], spec: TableSpec) -> str:
    """The text a seal is taken over: every fact of the row but the seal, in the table's declared order.

    Money in dollars and cents, dates year-month-day, everything else as text; fields divided by the unit separator.
    """
    fields = []
    for column in spec.facts:
        if column.name == "Seal":
            continue
        value = row.get(column.name, "")
        if column.kind == "money":
            text = dollars(int(value), comma=False)
        elif column.kind == "date":
            text = "" if pd.isna(value) else pd.Timestamp(value).date().isoformat()
        else:
            text = str(value)
        fields.append(text)
    return "\x1f".join(fields)


def seal(row: Mapping[str, Any], spec: TableSpec, before: str) -> str:
    """The seal of a row that follows a row sealed `before` ("" for the first)."""
    return hashlib.sha256(f"{before or START}\x1e{canonical(row, spec)}".encode()).hexdigest()[:LENGTH]


def sealed(table: pd.DataFrame, spec: TableSpec, before: str = "") -> list[str]:
    """The seals of new rows in order, chained to the last seal of the book."""
    seals = []
    for row in table.to_dict("records"):
        before = seal(row, spec, before)
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
    for position, row in zip(table.index, table.to_dict("records"), strict=True):
        key = ", ".join(f"{k} {row[k]}" for k in spec.key)
        own = str(row.get("Seal", ""))
        where = place(table, int(position), "Seal") if table.attrs else f"{name}, {key}"
        if not own:
            yield Problem(where, f"{key} is not sealed.", "It was typed by hand or not posted yet.")
        elif own != seal(row, spec, before):
            yield Problem(
                where,
                f"{key} is not as it was posted: it, or the row before it, was changed, removed, inserted or moved.",
                "Compare it with the printed day close.",
            )
        before = own or before
