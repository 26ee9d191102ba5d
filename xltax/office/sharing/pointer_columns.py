"""Which columns of a table point to an account, a bill, a receipt or the number of a register, read from the declarations."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from xltax.tables import ALL
from xltax.tables.reading import as_id, is_blank
from xltax.tables.schema import TableSpec
from xltax.tables.table import Table

LINKS = {
    "Account": "Account", "Directed": "Account", "Bill": "Bill", "Receipt": "Receipt", "Reverses": "Receipt", "Party": "Party",
    "Same Check": "Receipt", "Warrant": "Warrants", "Adjustment": "Adjustments",
}  # fmt: skip
"""Columns that refer to another table, and the table. A column named like another table's number needs no entry here."""
_NO_NUMBERS = frozenset(("No", "Id", "Code", "Cashier", "Batch", "Deposit", "Run"))
_NUMBERS = {
    t.key[0] for t in ALL.values() if len(t.key) == 1 and t.key[0] not in _NO_NUMBERS and t[t.key[0]].kind == "id"
}
"""What registers call their numbers: Agreement, Certificate, Quote."""


def links_of(spec: TableSpec[Any]) -> dict[str, str]:
    """The columns of a table that point to an account, a bill, a register, and its own number; each with what it points to."""
    out = {}
    for column in spec.columns:
        if column.kind != "id":
            continue
        if kind := LINKS.get(column.name) or (column.name if column.name in _NUMBERS else ""):
            out[column.name] = kind
        elif spec.key == (column.name,) and column.name == "No":
            out[column.name] = spec.name
    return out


class Sheet:
    """A table as read or typed: its columns by their declared names, each cell as text."""

    def __init__(self, spec: TableSpec[Any], rows: Table[Any] | pd.DataFrame) -> None:
        self.spec = spec
        self.frame = frame = rows.frame if isinstance(rows, Table) else rows
        self._at: dict[str, int] = {}
        for i, header in enumerate(frame.columns):
            column = spec.find(header)
            if column is not None:
                self._at.setdefault(column.name, i)
        self._texts: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self.frame)

    def has(self, name: str) -> bool:
        """True if the table has a column."""
        return name in self._at

    def texts(self, name: str) -> list[str]:
        """A column's cells as text; a table without it has empty ones."""
        if name not in self._texts:
            values = self.frame.iloc[:, self._at[name]].tolist() if name in self._at else [""] * len(self.frame)
            self._texts[name] = ["" if is_blank(v) else as_id(v) for v in values]
        return self._texts[name]

    @cached_property
    def links(self) -> dict[str, str]:
        return links_of(self.spec)


def block_and_lot(block: str, lot: str, qualifier: str) -> set[str]:
    """How a parcel's block and lot are written in a sentence."""
    if not block or not lot:
        return set()
    ends = ["", *([qualifier] if qualifier else [])]
    return {form.format(block, lot) + (f"{form[2]}{q}" if q else "") for form in ("{}/{}", "{}-{}") for q in ends} | {
        f"block {block} lot {lot}",
        f"blk {block} lot {lot}",
        f"b{block} l{lot}",
    }
