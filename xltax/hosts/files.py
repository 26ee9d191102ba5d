"""Reads and writes a workbook file. Changes are checked, and the file is replaced in one step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from xltax.errors import BadBook, BadValue
from xltax.hosts import kept
from xltax.hosts.beside import Beside
from xltax.hosts.read_tables import ReadTables
from xltax.hosts.replace import only_writer, refuse_if_open, refused, replace_file
from xltax.money import whole
from xltax.ondisk import explained
from xltax.pages import Page, Pdf
from xltax.sheets import rows
from xltax.sheets.carry import lost, refuse_what_would_break
from xltax.sheets.cells import encode, raw_cell
from xltax.sheets.extend import donor_of, extend
from xltax.sheets.forms import KEPT_VERSIONS, NAMED, SPECS
from xltax.sheets.frames import below_of, clean, clean_column, frame_of
from xltax.sheets.layout import Layout
from xltax.sheets.model import BookSpec
from xltax.sheets.package import Package, well_formed
from xltax.sheets.places import Meta, TableAt
from xltax.sheets.read import Reader
from xltax.sheets.readback import ReadBack
from xltax.sheets.recalculate import recalculate
from xltax.sheets.typed_below import Stray
from xltax.sheets.typed_rows import Written
from xltax.sheets.write import skeleton
from xltax.tables.schema import TableSpec
from xltax.wording import some


class FilesBook:
    """A workbook file that is not open in any program."""

    private = True  # nobody else changes it between two calls; save() finds out if somebody did

    def __init__(
        self, path: Path, package: Package, specs: dict[str, TableSpec[Any]], tell: Callable[[str], None] | None
    ) -> None:
        self.path = path
        self.messages: list[str] = []
        self._tell = tell
        self._specs = specs
        self._beside = Beside(path)
        layout = Layout(package)
        self._start(layout, Reader(package.source, layout))

    @classmethod
    def open(
        cls, path: Path | str, *, specs: dict[str, TableSpec[Any]] = SPECS, tell: Callable[[str], None] | None = None
    ) -> FilesBook:
        """Open a book; raises BadBook for a file that is not a sound .xlsx."""
        where = Path(path).resolve()
        package = Package.open(where)
        return cls(where, package, specs, tell)

    @classmethod
    def of(cls, path: Path, data: bytes) -> FilesBook:
        """A book to look at, from the bytes of a file that may be a backup with a password."""
        return cls(path, Package(data, path.name), SPECS, None)

    def _start(self, layout: Layout, reader: Reader) -> None:
        self._stamp = self._fingerprint(layout.package.source)
        self._layout, self._reader = layout, reader
        self._frames: dict[str, pd.DataFrame] = {}
        self._read_tables: ReadTables | None = ReadTables(self.path, layout)
        self._set: dict[str, object] = {}
        self.strays: dict[str, tuple[Stray, ...]] = {}
        # Tables with rows typed below them, as they are in the file: they are made longer before anything is written.
        self._short: dict[str, TableAt] = {}
        # What is to be written and was not yet, table by table: rows to add, and columns to work out.
        self._added: dict[str, list[rows.Cells]] = {}
        self._columns: dict[str, tuple[int, Callable[[], pd.DataFrame]]] = {}  # for how many rows
        # What was written where, to hold against the new file: table -> column -> body row -> value.
        self._written: dict[str, dict[int, dict[int, object]]] = {}

    # ---- reading --------------------------------------------------------------------------------------------------

    @property
    def meta(self) -> Meta:
        """The book's template, schema version, rules fingerprint and date system."""
        return self._layout.meta()

    def tables(self) -> tuple[str, ...]:
        """The names of the tables in this book."""
        return tuple(self._layout.tables)

    def read(self, table: str) -> pd.DataFrame:
        """A table's rows, including rows written since opening."""
        return self._frame(table).copy()

    def _frame(self, table: str) -> pd.DataFrame:
        """A table with all pending changes written."""
        at = self._at(table)
        self._settle(at.name)
        return self._held(at)

    def _held(self, at: TableAt) -> pd.DataFrame:
        if at.name not in self._frames:
            frame = frame_of(at, self._specs.get(at.name), self._reader, self.path.name)
            if (store := self._store(at)) and not self.strays.get(at.name):
                store.put(at, frame)
            self._frames[at.name] = frame
        return self._frames[at.name]

    def _store(self, at: TableAt) -> ReadTables | None:
        """Where a long table is kept as it was read. Who keeps no earlier versions wants no other copies either."""
        store = self._read_tables
        return store if store and store.holds(at) and self._versions_kept() else None

    def read_sheets(self) -> None:
        """From now on reads the sheets themselves, not the tables kept from the last time. For whoever has to prove them."""
        self._read_tables = None

    def _at(self, table: str) -> TableAt:
        """A table's place, with the rows typed below it."""
        at = self._layout.table(table)
        if at.name in self.strays:
            return at
        store = self._store(at)
        kept_table = store.get(at) if store else None
        if kept_table:
            self._frames[at.name], last = kept_table
            self.strays[at.name] = ()
        else:
            found = below_of(at, self._specs.get(at.name), self._reader.sheet(at.sheet), self.path.name)
            self.strays[at.name], last = found.strays, found.last
        if last > at.last:
            self._short[at.name] = at
            at = self._layout.tables[at.name] = replace(at, last=last)
        return at

    def _take_in(self, tables: Iterable[str]) -> None:
        """Makes tables in the file as long as they are with the rows typed below them."""
        for name in tables:
            if short := self._short.pop(name, None):
                rows.take_in(self._layout, short, self._layout.tables[name].last)

    def get(self, name: str) -> object:
        """The value of a named cell."""
        return self._set[name] if name in self._set else self._reader.cell(*self._cell(name))

    def _cell(self, name: str) -> tuple[str, int, int]:
        found = self._layout.names.get(name)
        if found is None or found[0] not in self._layout.sheets:
            raise BadBook(
                f'There is no cell named "{name}".',
                where=self.path.name,
                do="Name the cell again (Formulas, Name Manager).",
            )
        return found

    # ---- writing --------------------------------------------------------------------------------------------------

    def _spec(self, table: str) -> TableSpec[Any]:
        found = self._specs.get(table)
        if found is None:
            raise BadBook(f"xltax does not write the table {table}.", where=self.path.name)
        return found

    def append(self, table: str, rows_: pd.DataFrame) -> None:
        """Add rows below the last filled one; blank rows at the table's end are used first.

        What cannot be written is refused at once. The sheet itself is changed when somebody looks at it: a day's work adds
        to a long sheet a dozen times, and taking its text apart is most of the work.
        """
        if not len(rows_):
            return
        at = self._at(table)
        spec, added = self._spec(at.name), self._added.get(at.name, [])
        first = self._next_row(at) + sum(cells.height for cells in added)
        rows.refuse_rows(self._layout, at, first + len(rows_) - 1)
        cells = rows.cells_of(self._layout, at, spec, rows_, first)
        if added and added[-1].columns != cells.columns:
            self._settle(at.name)
        self._added.setdefault(at.name, []).append(cells)

    def _next_row(self, at: TableAt) -> int:
        held = self._held(at)
        return at.header + 1 + (int(held.index[-1]) + 1 if len(held) else 0)

    def replace_columns(self, table: str, frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        """Write these columns for all rows, in the order `read` gives them."""
        at = self._at(table)
        if callable(frame):
            height = len(self._held(at)) + sum(cells.height for cells in self._added.get(at.name, []))
            self._columns[at.name] = height, frame
        else:
            self._put_columns(at.name, self._of_height(at.name, frame, len(self._frame(table))))

    def _settle(self, name: str) -> None:
        """Writes what is still to be written into a table: rows added, and with them their part of the columns."""
        added = self._added.pop(name, [])
        frame = self._worked_out(name)
        if added or frame is not None:
            self._take_in([name])
        at, old = self._layout.table(name), self._held(self._layout.table(name))
        if added:
            cells, first = rows.joined(added), self._next_row(at)
            if frame is not None and len(frame) == len(old) + cells.height:
                theirs = rows.cells_of(self._layout, at, self._spec(name), frame[len(old) :], first)
                cells, frame = rows.beside(cells, theirs), frame[: len(old)]
            written = rows.put_rows(
                self._layout, at, self._spec(name), cells, first, max(at.last, first + cells.height - 1)
            )
            start = first - at.header - 1
            new = self._raw_frame(old, at.left, written, range(start, start + cells.height))
            self._keep(at, pd.concat([old, new]) if len(old) else new, old, written, new.index)
        if frame is not None and len(frame):
            self._put_columns(name, frame)

    def _worked_out(self, name: str) -> pd.DataFrame | None:
        """The columns to calculate later."""
        if name not in self._columns:
            return None
        height, columns = self._columns.pop(name)
        return self._of_height(name, columns(), height)

    def _of_height(self, name: str, frame: pd.DataFrame, height: int) -> pd.DataFrame:
        if len(frame) != height:
            raise BadValue(f"The result has {some(len(frame), 'row')}, but {name} has {height}.", where=self.path.name)
        return frame

    def _put_columns(self, name: str, frame: pd.DataFrame) -> None:
        """Writes columns for the first rows, as many as the frame has; rows may have been added since it was asked for."""
        self._take_in([name])
        at = self._layout.table(name)
        every = self._held(at)
        old = every.iloc[: len(frame)]
        sheet_rows = [at.header + 1 + int(i) for i in old.index]
        written = rows.put_columns(self._layout, at, self._spec(at.name), frame, sheet_rows)
        new = every.copy()
        for number, values in written.items():
            below = every.iloc[len(frame) :, number - at.left].tolist()
            # Any: pandas-stubs know no Series in isetitem
            cells: Any = pd.Series(values + below, index=new.index, dtype=object)
            new.isetitem(number - at.left, cells)
        self._keep(at, new, every, written, old.index)

    def replace_rows(self, table: str, frame: pd.DataFrame) -> None:
        """Replace the whole body of an output table; one blank row stays where there is nothing to show."""
        at = self._at(table)
        self._added.pop(at.name, None)  # what was still to be written into the rows that go
        self._columns.pop(at.name, None)
        self._take_in([at.name])
        old, first = self._held(at), at.header + 1
        cells = rows.cells_of(self._layout, at, self._spec(at.name), frame, first)
        written = rows.put_rows(
            self._layout, at, self._spec(at.name), cells, first, at.header + max(len(frame), 1), clear=True
        )
        new = self._raw_frame(old, at.left, written, range(len(frame)))
        self._written.pop(at.name, None)
        self._keep(at, new, old, written, new.index)

    @staticmethod
    def _raw_frame(like: pd.DataFrame, left: int, written: Written, index: range) -> pd.DataFrame:
        empty = [None] * len(index)
        data = {i: pd.Series(written.get(left + i, empty), dtype=object) for i in range(len(like.columns))}
        new = pd.DataFrame(data)
        new.columns, new.index = like.columns, pd.Index(index, dtype="int64")
        return new

    def _keep(self, at: TableAt, new: pd.DataFrame, old: pd.DataFrame, written: Written, index: pd.Index) -> None:
        new.attrs = dict(old.attrs)
        self._frames[at.name] = new
        kept = self._written.setdefault(at.name, {})
        for number, values in written.items():
            kept.setdefault(number, {}).update(zip(index.tolist(), values, strict=True))

    def set(self, name: str, value: object) -> None:
        """Write a named cell: money in whole cents where the name is declared as money."""
        sheet, row, column = self._cell(name)
        kind = NAMED.get(name)
        if kind is None:
            raw, cell = value, raw_cell(value, self._layout.date1904)
        else:
            raws, cells = encode([value], kind, self._layout.date1904)
            raw, cell = raws[0], cells[0]
        rows.put_cell(self._layout, sheet, row, column, cell, date=hasattr(raw, "year"))
        self._set[name] = raw

    def set_meta(self, *, template: str | None = None, schema: int | None = None, rules: str | None = None) -> None:
        """Changes the properties of the workbook."""
        given = {"template": template, "schema": schema, "rules": rules}
        self._layout.set_meta(**{k: v for k, v in given.items() if v is not None})

    def extend(self, spec: BookSpec) -> list[str]:
        """Adds the columns, cells, tables and sheets that are missing. Gives a list of the additions."""
        for name in {*self._added, *self._columns}:
            self._settle(name)
        self._take_in(list(self._short))
        said = extend(self._layout, spec, donor_of(spec, skeleton(spec)))
        self._reader = Reader(self._layout.package.to_bytes(store=True), self._layout)
        self._frames, self._read_tables = {}, None
        return said

    def message(self, text: str) -> None:
        """Tells the collector what was done."""
        self.messages.append(text)
        if self._tell:
            self._tell(text)

    def put_pages(self, name: str, pages: Sequence[Page]) -> str:
        """Prepares pages for printing in a new workbook next to this one. Gives the file name."""
        return self._beside.put_pages(name, pages)

    def as_pdf(self, pages: Sequence[Page]) -> Pdf:
        """The same pages as a PDF file, for `put_file` or an email."""
        return self._beside.as_pdf(pages)

    def kept_beside(self, name: str) -> bytes:
        """A file that the office keeps in the folder of this workbook; empty if there is none."""
        return self._beside.kept(name)

    def put_file(self, name: str, data: bytes) -> str:
        """A file for someone else next to this workbook, written by `save`. Gives the file name."""
        return self._beside.put(name, data)

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """A file has no Undo. Nothing is written before `save`, so a failure changes nothing."""
        yield

    # ---- saving ---------------------------------------------------------------------------------------------------

    def save(self, *, keep: bool = True) -> None:
        """Read the new file back, then replace the old file in one step.

        keep: False if the old file is kept already, as after `restore`.
        Raises BadBook, and leaves the file as it was, if it is open elsewhere, was changed since it was read, may not
        be written, or does not read back as written.
        """
        for name in {*self._added, *self._columns}:
            self._settle(name)
        if not self._layout.package.changed:
            self._beside.write()
            return
        self._take_in(list(self._short))
        self._refuse_if_in_use()
        refuse_what_would_break(self._layout)
        if not recalculate(self._layout):
            # Only then: a full calculation on opening makes Excel ask "save changes?" on closing, for nothing where
            # every formula's result is already fresh.
            self._layout.calculate_on_open()
        data = self._layout.package.to_bytes(level=4)
        layout, reader = self._verify(data)
        most = self._versions_kept()
        with only_writer(self.path), refused(self.path):
            self._refuse_if_in_use()  # again, now that no other xltax can come between
            if most and keep:
                kept.keep(self.path, self._layout.package.source)
            replace_file(self.path, data, self.path)
            if keep:
                kept.thin_out(self.path, most)
        self._start(layout, reader)
        self._beside.write()

    def _versions_kept(self) -> int:
        given = self.get(KEPT_VERSIONS) if KEPT_VERSIONS in self._layout.names else None
        where = f"{self.path.name}, {KEPT_VERSIONS}"
        most = kept.MOST if given is None else whole(given, where=where)
        if not 0 <= most <= kept.LIMIT:
            raise BadValue(
                f"{most} is not between 0 and {kept.LIMIT}.", where=where, do=f"Enter a number such as {kept.MOST}."
            )
        return most

    def _refuse_if_in_use(self) -> None:
        refuse_if_open(self.path)
        with explained("The file can no longer be read.", self.path, "Check the folder and try again."):
            now = self._fingerprint(self.path.read_bytes())
        if now != self._stamp:
            raise BadBook(
                "Someone else changed the file after xltax read it. Nothing was written.",
                where=str(self.path),
                do="Run the task again on the new version of the file.",
            )

    def _fingerprint(self, data: bytes) -> tuple[int, int, str]:
        return len(data), self.path.stat().st_mtime_ns, hashlib.sha256(data).hexdigest()

    def _verify(self, data: bytes) -> tuple[Layout, Reader]:
        """Read the new file back: the parts sound, each changed table and named cell holding what was written."""
        wrong = BadBook(
            "The new file failed its check, so xltax kept the old file.",
            where=str(self.path),
            do="Report this error with a copy of the workbook.",
        )
        package = Package(data, self.path.name, like=self._layout.package)
        for part in self._layout.package.changed:
            if package.has(part) and part.endswith((".xml", ".rels")) and not well_formed(package.part(part)):
                raise wrong
        made = self._layout
        if lost(made.package, package, made.dropped, made.extended, made.redrawn):
            raise wrong
        layout = Layout(package)
        if layout.names != self._layout.names or layout.tables != self._layout.tables:
            raise wrong
        back = ReadBack(self._layout, self._reader, layout)
        for name, columns in self._written.items():
            at = layout.table(name)
            lines = {row: back.row(at.sheet, at.header + 1 + row) for row in {r for c in columns.values() for r in c}}
            for number, expected in columns.items():
                found = [lines[row][number - 1] if number <= len(lines[row]) else "" for row in expected]
                if clean_column(found) != list(expected.values()):
                    raise wrong
        for name, value in self._set.items():
            sheet, row, column = layout.names[name]
            line = back.row(sheet, row)
            if (clean(line[column - 1]) if column <= len(line) else None) != value:
                raise wrong
        return layout, Reader(data, layout)
