"""Works on a copy of a workbook that is open in Excel. Gives back the list of changes, which the add-in's page writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

import pandas as pd

from xltax.errors import BadValue
from xltax.hosts import writing
from xltax.hosts.beside import free_name
from xltax.hosts.office_js import changes
from xltax.hosts.office_js.snapshot import NotRead, Part, Snapshot
from xltax.pages import Page, Pdf
from xltax.sheets.below import in_the_way, refuse_past_the_end, refuse_total_row
from xltax.sheets.cells import encode
from xltax.sheets.forms import NAMED, SPECS
from xltax.sheets.frames import OneTable, frame_of
from xltax.sheets.places import Meta, TableAt
from xltax.sheets.typed_below import Stray
from xltax.sheets.typed_rows import Written, columns_of, encoded
from xltax.tables.schema import TableSpec
from xltax.wording import some


class OfficeBook:
    """A workbook open in Excel, as the add-in's page copied it.

    Nothing here touches Excel or a disk. What a task writes stands in the copy at once; `changes` lists how the copy
    differs from the workbook, and `files` what the task made for others. The page writes all changes, or none.
    """

    def __init__(
        self,
        snapshot: Mapping[str, Any],
        *,
        specs: dict[str, TableSpec[Any]] = SPECS,
        tell: Callable[[str], None] | None = None,
        folder: Path | None = None,
        taken: Collection[str] = (),
    ) -> None:
        """folder: where the files that the collector chose in the pane are. taken: names of files handed out before."""
        self.folder = folder
        self.messages: list[str] = []
        self.files: dict[str, bytes] = {}
        self._specs, self._tell, self._taken = specs, tell, set(taken)
        self._pending: dict[str, bytes] = {}
        self._start(snapshot)

    def _start(self, snapshot: Mapping[str, Any]) -> None:
        self._copy = Snapshot.of(snapshot)
        self._properties = dict(self._copy.properties)
        self._frames: dict[str, pd.DataFrame] = {}
        self.name = self._copy.name

    strays: Mapping[str, Sequence[Stray]] = MappingProxyType({})
    """Excel makes what is typed below a table a row of it, so the page's copy holds nothing below."""

    # ---- reading --------------------------------------------------------------------------------------------------

    @property
    def meta(self) -> Meta:
        """The book's template, schema version, rules fingerprint and date system."""
        kept = self._properties
        schema = kept.get("schema", "0")
        template, rules = kept.get("template", ""), kept.get("rules", "")
        return Meta(template, int(schema) if schema.isdigit() else 0, rules, self._copy.date1904)

    def tables(self) -> tuple[str, ...]:
        """The names of the tables in this book."""
        return (*self._copy.parts, *self._copy.headless)

    def read(self, table: str) -> pd.DataFrame:
        """A table's rows as the task has left them."""
        return self._frame(self._part(table)).copy()

    def _part(self, table: str) -> Part:
        part = self._copy.part(table)
        if not part.read:
            raise NotRead(part.at.name)
        return part

    def _frame(self, part: Part) -> pd.DataFrame:
        name = part.at.name
        if name not in self._frames:
            at = _with_last(part.at, part.last)
            rows = part.now
            if rows is not part.was:
                rows = [[None if v is changes.CARRIED else v for v in row] for row in rows]
            self._frames[name] = frame_of(
                at, self._specs.get(name), OneTable(at, [list(at.headers), *rows]), self._copy.name
            )
        return self._frames[name]

    def get(self, name: str) -> object:
        """The value of a named cell."""
        return self._copy.cell(name).now

    def assume(self, name: str, value: object) -> None:
        """Takes a named cell to hold a value that the collector gave in the pane. Excel's own cell stays as it is."""
        cell = self._copy.cell(name)
        cell.was = cell.now = value

    # ---- writing --------------------------------------------------------------------------------------------------

    def append(self, table: str, rows: pd.DataFrame) -> None:
        """Add rows below the last filled one; blank rows at the table's end are used first."""
        if not len(rows):
            return
        part = self._part(table)
        old = self._frame(part)
        start = int(old.index[-1]) + 1 if len(old) else 0
        written = self._typed(part, rows, start)
        self._grow(part, start + len(rows), written)
        self._put(part, range(start, start + len(rows)), written)

    def replace_columns(self, table: str, frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        """Write these columns for all rows, in the order `read` gives them."""
        frame = frame() if callable(frame) else frame
        part = self._part(table)
        old = self._frame(part)
        if len(frame) != len(old):
            raise BadValue(
                f"The result has {some(len(frame), 'row')}, but {part.at.name} has {len(old)}.", where=self.name
            )
        self._put(part, old.index.tolist(), self._typed(part, frame, 0))

    def replace_rows(self, table: str, frame: pd.DataFrame) -> None:
        """Replace the whole body of an output table; one blank row stays where there is nothing to show."""
        part = self._part(table)
        self._frame(part)  # refuses a table that lacks a column
        written, height = self._typed(part, frame, 0), max(len(frame), 1)
        self._grow(part, height, written)
        kept = [n - part.at.left for n in part.formulas if n not in written]
        blank: list[Any] = [None] * len(part.at.headers)
        part.now = [_only(row, kept, blank) for row in part.now[:height]]
        self._put(part, range(len(frame)), written)

    def _typed(self, part: Part, frame: pd.DataFrame, start: int) -> Written:
        """The sheet's column and its raw values, for each column of the frame."""
        spec = self._spec(part.at.name)
        columns = columns_of(part.at, spec, frame, self.name)
        return encoded(frame, columns, spec, False, part.at, part.at.header + 1 + start)[0]

    def _spec(self, table: str) -> TableSpec[Any]:
        found = self._specs.get(table)
        if found is None:
            raise writing.not_written(self.name, table)
        return found

    def _grow(self, part: Part, height: int, written: Written) -> None:
        """Lets a table have this many rows, new ones blank but for a user's own formulas; refuses if something is in the way."""
        refuse_total_row(part.at, self.name)
        last = part.at.header + height
        refuse_past_the_end(part.at, last, self.name)
        if part.below and part.below[0] <= last:
            raise in_the_way(part.at, last, self.name, part.below)
        width, carried = len(part.at.headers), [n - part.at.left for n in part.formulas if n not in written]
        for number in range(len(part.now), height):
            row: list[Any] = [None] * width
            if number >= len(part.was):
                for offset in carried:
                    row[offset] = changes.CARRIED
            part.now = part.now if part.now is not part.was else list(part.was)
            part.now.append(row)

    def _put(self, part: Part, rows: Sequence[int], written: Written) -> None:
        if not written or not rows:
            return
        part.now = now = list(part.now)
        offsets = [n - part.at.left for n in written]
        for number, values in zip(rows, zip(*written.values(), strict=True), strict=True):
            row = list(now[number])
            for offset, value in zip(offsets, values, strict=True):
                row[offset] = value
            now[number] = row
        self._frames.pop(part.at.name, None)

    def set(self, name: str, value: object) -> None:
        """Write a named cell: money in whole cents where the name is declared as money."""
        cell, kind = self._copy.cell(name), NAMED.get(name)
        if kind is None:
            kind = "date" if isinstance(value, dt.date) else "text" if isinstance(value, str) else "number"
        cell.now = encode([value], kind, False)[0][0]
        cell.kind = kind if cell.now is not None else "number"

    def set_meta(self, *, template: str | None = None, schema: int | None = None, rules: str | None = None) -> None:
        """Changes the properties of the workbook."""
        given = {"template": template, "schema": schema, "rules": rules}
        for key, value in given.items():
            if value is not None:
                if key not in self._properties:
                    raise writing.not_ours(self.name)
                self._properties[key] = str(value)

    # ---- around a task ----------------------------------------------------------------------------------------------

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """All or nothing: after an error, the copy is as it was, and there is nothing to write."""
        rows = {name: part.now for name, part in self._copy.parts.items()}
        cells = {name: (cell.now, cell.kind) for name, cell in self._copy.cells.items()}
        properties = dict(self._properties)
        try:
            yield
        except BaseException:
            for name, now in rows.items():
                self._copy.parts[name].now = now
            for name, held in cells.items():
                self._copy.cells[name].now, self._copy.cells[name].kind = held
            self._properties, self._frames, self._pending = properties, {}, {}
            raise

    def save(self) -> None:
        """Marks the task's files as done. The page writes the changes, and the collector saves her workbook."""
        self.files |= self._pending
        self._pending = {}

    def changes(self) -> dict[str, Any]:
        """What the page must write into Excel, all of it or nothing."""
        return changes.of(self._copy, self._properties, self._specs)

    def message(self, text: str) -> None:
        """Tells the collector what was done."""
        self.messages.append(text)
        if self._tell:
            self._tell(text)

    def kept_beside(self, name: str) -> bytes:
        """Nothing: a web view sees no folder. The office attaches its own papers itself."""
        return b""

    def as_pdf(self, pages: Sequence[Page]) -> Pdf:
        """The same pages as a PDF file. The add-in carries no library for that, so there it says what to do."""
        try:
            from xltax.pdf.draw import to_pdf
        except ImportError:
            raise BadValue(
                "The add-in cannot make PDF files.",
                where="Rates, Printed pages",
                do="Choose Workbook there. Excel can save the pages as PDF.",
            ) from None
        return to_pdf(pages)

    def put_pages(self, name: str, pages: Sequence[Page]) -> str:
        """Prepares pages for printing as a workbook to download. Gives the file name."""
        from xltax.sheets.pages import to_xlsx  # only where something is printed: it brings openpyxl with it

        return self.put_file(f"{name}.xlsx", to_xlsx(pages))

    def put_file(self, name: str, data: bytes) -> str:
        """A file to download, handed out when the task is done. Gives the file name."""
        free = free_name(PurePath(self.name).stem, name, self._taken.__contains__)
        self._taken.add(free)
        self._pending[free] = data
        return free


def _with_last(at: TableAt, last: int) -> TableAt:
    return TableAt(at.name, at.sheet, "", "", at.left, at.right, at.header, last, at.totals, at.headers)


def _only(row: list[Any], kept: Sequence[int], blank: list[Any]) -> list[Any]:
    """A row with nothing in it but some of its cells."""
    out = list(blank)
    for offset in kept:
        out[offset] = row[offset]
    return out
