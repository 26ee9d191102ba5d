"""The long tables of a workbook as they were last read, kept beside its earlier versions, so that a quote reads no sheet again.

A table is taken from here only if everything it was read from is the same, by SHA-256: its sheet, its declaration, the shared
texts, the formats and the list of sheets. Otherwise the sheet is read, and its table is kept anew. The folder may be deleted
at any time. Each file is JSON packed by zlib: nothing in it can run, and no other library has to fit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xltax import __version__
from xltax.hosts.replace import folder_of
from xltax.ondisk import make_folder, write_file
from xltax.sheets.frames import Letters
from xltax.sheets.layout import Layout
from xltax.sheets.places import TableAt

LONG = 1 << 18
"""Bytes of a packed sheet worth keeping its table: about 3,000 bills. Shorter ones are read as soon."""
FORM = "1"
"""Changes when the files or what reading gives changes, so that no older file is taken."""


class ReadTables:
    """The kept tables of one workbook."""

    def __init__(self, book: Path, layout: Layout) -> None:
        self._book, self._layout = book, layout
        self._folder = folder_of(book) / "tables"

    def holds(self, at: TableAt) -> bool:
        """Whether the sheet of a table is long enough to keep the table."""
        package = self._layout.package
        return package.was(at.sheet_part) and len(package.packed(at.sheet_part)) >= LONG

    def get(self, at: TableAt) -> tuple[pd.DataFrame, int] | None:
        """The table as it was read and its last row, if nothing it was read from has changed."""
        with suppress(OSError, ValueError, KeyError, TypeError, zlib.error):
            kept = json.loads(zlib.decompress(self._file(at).read_bytes()))
            if kept["key"] == self._key(at):
                return _frame(kept), int(kept["last"])
        return None

    def put(self, at: TableAt, frame: pd.DataFrame) -> None:
        """Keeps a table that was just read, as private as the workbook. Where that cannot be done, nothing is kept."""
        with suppress(OSError, TypeError):
            kept = {"key": self._key(at), "last": at.last, **_plain(frame)}
            data = zlib.compress(json.dumps(kept, separators=(",", ":")).encode(), 1)
            make_folder(self._folder.parent.parent, like=self._book.parent)
            make_folder(self._folder.parent, like=self._book)
            make_folder(self._folder, like=self._book)
            write_file(self._file(at), data, like=self._book)

    def _file(self, at: TableAt) -> Path:
        return self._folder / f"{hashlib.sha256(at.name.encode()).hexdigest()[:16]}.json.z"

    def _key(self, at: TableAt) -> str:
        package, key = self._layout.package, hashlib.sha256(f"{FORM} {__version__} {at.name}".encode())
        # Beside the list of sheets lie the shared texts and the formats, whatever a program calls them.
        folder = self._layout.workbook_part.rpartition("/")[0]
        shared = [part for part in package.original_names() if part.rpartition("/")[0] in (folder, f"{folder}/_rels")]
        for part in (at.sheet_part, at.part, *shared):
            packed = package.packed(part) if package.was(part) else b""
            key.update(f" {part} {len(packed)} ".encode() + packed)
        return key.hexdigest()


# ---- frames as JSON ----------------------------------------------------------------------------------------------------


def _plain(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame of cell values as JSON can hold it. Raises TypeError for a value that it cannot."""
    columns = [_column(frame.iloc[:, n].tolist()) for n in range(len(frame.columns))]
    attrs = {name: frame.attrs[name] for name in ("sheet", "header_row", "indexed", "letters")}
    return {"headers": list(frame.columns), "index": frame.index.tolist(), "columns": columns, "attrs": attrs}


def _column(values: list[Any]) -> dict[str, Any]:
    """The values of a column, with days as numbers and where they stand."""
    kinds = set(map(type, values))
    if not kinds <= {str, int, float, bool, type(None), dt.date}:
        raise TypeError("a value that JSON does not hold")
    if dt.date not in kinds:
        return {"values": values}
    days = [n for n, value in enumerate(values) if value.__class__ is dt.date]
    plain = [value.toordinal() if value.__class__ is dt.date else value for value in values]
    return {"values": plain, "days": days if len(days) < len(values) else "all"}


def _frame(kept: dict[str, Any]) -> pd.DataFrame:
    block = np.empty((len(kept["columns"]), len(kept["index"])), dtype=object)
    for number, column in enumerate(kept["columns"]):
        block[number] = list(_values(column))
    frame = pd.DataFrame(block.T, index=pd.Index(kept["index"], dtype="int64"), dtype=object)
    frame.columns = kept["headers"]
    frame.attrs = kept["attrs"] | {"letters": Letters(kept["attrs"]["letters"])}
    return frame


def _values(column: dict[str, Any]) -> Iterator[Any]:
    values, days = column["values"], column.get("days", ())
    known: dict[int, dt.date] = {}
    for n in range(len(values)) if days == "all" else days:
        number = values[n]
        values[n] = known.get(number) or known.setdefault(number, dt.date.fromordinal(number))
    return iter(values)
