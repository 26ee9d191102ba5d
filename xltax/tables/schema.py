"""What a table is: named columns of a kind, a key, aliases a header may have. Declared once, read by every floor above."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

SCHEMA = 2
"""The version of the tables, cells and sheets of our books; a change of it comes with a step in `xltax upgrade`."""

Kind = Literal["id", "text", "date", "money", "number", "count", "year", "yes"]
"""id: text that keeps its leading zeros. money: whole cents. number: exact decimal kept as text (a value or a rate).
count: a whole number. year: four digits. yes: a flag, "Yes", "No" or blank."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, its kind, whether a row must fill it, and what the collector is told about it."""

    name: str
    kind: Kind
    help: str = ""
    required: bool = False
    derived: bool = False  # written by Refresh, never typed
    default: object = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    least: int | None = None  # for money in cents, or count
    since: int = 1  # of a sealed table: the version of the seal that first covers this column

    def named(self, header: str) -> bool:
        """True if a header text means this column: case, spaces and punctuation do not matter."""
        return plain(header) in {plain(self.name), *(plain(a) for a in self.aliases)}


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: its name (also the Excel table's), its columns, and the columns that make a row unique."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    purpose: str = ""
    sealed: bool = False  # rows carry a hash chained to the row before
    _index: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Names go before aliases: one column's alias may be another's name.
        for column in self.columns:
            self._index.setdefault(plain(column.name), column)
        for column in self.columns:
            for header in column.aliases:
                self._index.setdefault(plain(header), column)

    def __getitem__(self, name: str) -> Column:
        return self._index[plain(name)]

    def find(self, header: object) -> Column | None:
        """The column a header means, or None for a column of the user's own."""
        return self._index.get(plain(str(header)))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def facts(self) -> tuple[Column, ...]:
        """The columns somebody types or imports."""
        return tuple(c for c in self.columns if not c.derived)

    @property
    def derived(self) -> tuple[Column, ...]:
        """The columns Refresh writes."""
        return tuple(c for c in self.columns if c.derived)


def plain(header: str) -> str:
    """A header without case, spaces and punctuation: "Levy  Year", "levy_year" and "LEVY YEAR:" are one."""
    return re.sub(r"[^a-z0-9]+", "", header.lower())


def columns(kind: Kind, names: Iterable[str], **options: object) -> tuple[Column, ...]:
    """Several columns of one kind."""
    return tuple(Column(name, kind, **options) for name in names)  # type: ignore[arg-type]
