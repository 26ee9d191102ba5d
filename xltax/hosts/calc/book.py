"""Reads and writes a workbook open in Calc."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

import pandas as pd

from xltax.errors import BadBook, BadValue
from xltax.hosts import writing
from xltax.hosts.beside import Beside
from xltax.hosts.writing import runs
from xltax.pages import Page, Pdf
from xltax.sheets.below import in_the_way, refuse_past_the_end, refuse_total_row
from xltax.sheets.cells import encode
from xltax.sheets.forms import NAMED, SPECS
from xltax.sheets.frames import OneTable, below_of, clean, frame_of, match
from xltax.sheets.places import Meta, TableAt
from xltax.sheets.typed_below import Stray
from xltax.sheets.typed_rows import Written, columns_of, encoded
from xltax.tables.schema import TableSpec
from xltax.wording import some

Ask = Callable[..., Any]
"""Asks the document for one thing by name: a method of Document, here or at the other end of a pipe."""


class CalcBook:
    """A workbook open in Calc. Reading sees the present cells, and the collector saves the workbook."""

    def __init__(
        self, ask: Ask, *, specs: dict[str, TableSpec[Any]] = SPECS, tell: Callable[[str], None] | None = None
    ) -> None:
        self.messages: list[str] = []
        self._document, self._specs, self._tell = ask, specs, tell
        self._name = "the open document"
        found = self._ask("particulars")
        self._path = Path(url2pathname(found["url"][7:])) if found["url"].startswith("file://") else None
        self._name = self._path.name if self._path else "Untitled"
        self._null = dt.date(*found["null_date"])
        self._beside = Beside(self._path) if self._path else None
        self._seen: dict[str, tuple[TableAt, OneTable]] | None = (
            None  # what was read in this step, until it is written to
        )
        self.strays: dict[str, tuple[Stray, ...]] = {}
        self._short: set[str] = set()  # tables that the document has without the rows typed below them

    def _ask(self, what: str, *given: Any) -> Any:
        try:
            return self._document(what, *given)
        except ValueError as error:  # Refused, of either side's making
            raise BadBook(str(error), where=self._name) from None

    # ---- reading --------------------------------------------------------------------------------------------------

    @property
    def meta(self) -> Meta:
        """The book's template, schema version, rules fingerprint and date system."""
        kept = self._ask("particulars")["meta"]
        schema = kept.get("schema", "0")
        return Meta(
            kept.get("template", ""),
            int(schema) if schema.isdigit() else 0,
            kept.get("rules", ""),
            self._null.year == 1904,
        )

    def tables(self) -> tuple[str, ...]:
        """The names of the tables in this book."""
        return tuple(self._ask("tables"))

    def _at(self, table: str) -> TableAt:
        return self._find(table)[0]

    def _find(self, table: str) -> tuple[TableAt, OneTable]:
        """A table's place and its cells, asked for in one; within a step a table is read again only after a writing."""
        if self._seen and table.casefold() in self._seen:
            return self._seen[table.casefold()]
        found = self._ask("table", table)
        if not found:
            raise writing.no_table(self._name, table)
        left, top, right, bottom = found["block"]
        totals = found["totals"]
        rows = self._values(found["cells"])
        headers = tuple(str(v) for v in rows[0])
        at = TableAt(found["name"], found["sheet"], "", "", left, right, top, bottom - totals, totals, headers)
        at = self._with_typed(at, rows)
        cells = OneTable(at, rows, [((r - 1, c - 1), (r - 1, c - 1)) for r, c in found["merged"]])
        if self._seen is not None:
            self._seen[table.casefold()] = at, cells
        return at, cells

    def _with_typed(self, at: TableAt, rows: list[list[Any]]) -> TableAt:
        """A table's place with the rows typed below it. rows: from the header to the last cell below."""
        spec = self._specs.get(at.name)
        found = below_of(at, spec, OneTable(at, rows).sheet(at.sheet), self._name)
        self.strays[at.name] = found.strays
        self._short.discard(at.name)
        if found.last > at.last:
            self._short.add(at.name)
        return replace(at, last=found.last)

    def _to_write(self, table: str) -> TableAt:
        """A table's place, and the table in the document as long as it is with the rows typed below it."""
        at = self._at(table)
        if at.name in self._short:
            refuse_total_row(at, self._name)
            self._ask("resize", at.name, at.last)
            self._short.discard(at.name)
        return at

    def read(self, table: str) -> pd.DataFrame:
        """A table's rows in the open document."""
        at, cells = self._find(table)
        return frame_of(at, self._specs.get(at.name), cells, self._name)

    def get(self, name: str) -> object:
        """The value of a named cell."""
        return clean(self._values(self._ask("cell", *self._cell(name)))[0][0])

    def _cell(self, name: str) -> tuple[str, int, int]:
        found = self._ask("named", name)
        if not found:
            raise writing.no_name(self._name, name, "Name the cell again (Sheet, Named Ranges, Manage).")
        sheet, row, column = found
        return sheet, row, column

    def _values(self, block: dict[str, Any]) -> list[list[Any]]:
        """The values of a block as a file's reader gives them: dates where the cells show dates, yes/no where they do."""
        rows: list[list[Any]] = block["rows"]
        for kind, convert in (("dates", cache(self._day)), ("flags", bool)):
            for left, top, right, bottom in block[kind]:
                for row in rows[top : bottom + 1]:
                    row[left : right + 1] = [convert(v) if v.__class__ is float else v for v in row[left : right + 1]]
        return rows

    def _day(self, number: float) -> object:
        days = dt.timedelta(days=number)
        moment = dt.datetime.combine(self._null, dt.time()) + dt.timedelta(seconds=round(days.total_seconds()))
        return clean(moment)

    # ---- writing --------------------------------------------------------------------------------------------------

    def _spec(self, table: str) -> TableSpec[Any]:
        found = self._specs.get(table)
        if found is None:
            raise writing.not_written(self._name, table)
        return found

    def append(self, table: str, rows: pd.DataFrame) -> None:
        """Add rows below the last filled one; blank rows at the table's end are used first."""
        if not len(rows):
            return
        at = self._to_write(table)
        old = self.read(table)
        first = at.header + 1 + (int(old.index[-1]) + 1 if len(old) else 0)
        columns, written = self._typed(at, rows, first)
        last = first + len(rows) - 1
        own = self._formulas_of_her_own(at, at.last)
        if last > at.last:
            self._grow(at, last)
        for column in own:
            # From the row her formula stands in; her other columns stay as they are, empty in new rows.
            self._ask("fill", at.sheet, [column, min(at.last, first), column, last])
        self._put(at, columns, written, first)
        self._ask("show_rows", at.sheet, first, last)
        self._forget(at)

    def replace_columns(self, table: str, frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        """Write these columns for all rows in the order of `read`. Adjacent columns form one block."""
        frame = frame() if callable(frame) else frame
        at = self._to_write(table)
        old = self.read(table)
        if len(frame) != len(old):
            raise BadValue(f"The result has {some(len(frame), 'row')}, but {at.name} has {len(old)}.", where=self._name)
        if not len(frame):
            return
        columns, written = self._typed(at, frame, at.header + 1)
        start = 0
        for run in runs([int(i) for i in old.index]):
            part = {n: values[start : start + len(run)] for n, values in written.items()}
            self._put(at, columns, part, at.header + 1 + run[0])
            start += len(run)
        self._forget(at)

    def replace_rows(self, table: str, frame: pd.DataFrame) -> None:
        """Replace the whole body of an output table; one blank row stays where there is nothing to show."""
        at = self._to_write(table)
        self.read(table)  # a damaged table is refused before anything is written
        columns, written = self._typed(at, frame, at.header + 1)
        first, last = at.header + 1, at.header + max(len(frame), 1)
        own = self._formulas_of_her_own(at, first)
        if last > at.last:
            self._grow(at, last)
        for run in runs([n for n in at.columns if n not in own]):
            self._ask("clear", at.sheet, [run[0], first, run[-1], max(at.last, last)])
        for column in own:
            self._ask("fill", at.sheet, [column, first, column, last])
            if last < at.last:
                self._ask("clear", at.sheet, [column, last + 1, column, at.last])
        if len(frame):
            self._put(at, columns, written, first)
            self._ask("show_rows", at.sheet, first, last)
        if last != at.last:
            self._ask("resize", at.name, last)
        self._forget(at)

    def _forget(self, at: TableAt) -> None:
        """What was read of a table no longer holds once something was written to it."""
        if self._seen:
            self._seen.pop(at.name.casefold(), None)

    def _typed(self, at: TableAt, frame: pd.DataFrame, first: int) -> tuple[dict[str, int], Written]:
        """Each column of the frame and the sheet's column it goes to; the raw values by that column."""
        refuse_total_row(at, self._name)
        spec = self._spec(at.name)
        columns = columns_of(at, spec, frame, self._name)
        return columns, encoded(frame, columns, spec, False, at, first)[0]

    def _formulas_of_her_own(self, at: TableAt, row: int) -> list[int]:
        """The columns that are not ours and hold a formula in this row of the table."""
        ours = set(match(at, self._specs.get(at.name), self._name).values())
        return [n for n in self._ask("formulas", at.sheet, [at.left, row, at.right, row]) if n not in ours]

    def _grow(self, at: TableAt, last: int) -> None:
        """Lets a table end further down, its new rows looking like its last one; refuses if something is in the way."""
        refuse_past_the_end(at, last, self._name)
        filled = self._ask("first_filled", at.sheet, [at.left, at.last + 1, at.right, last])
        if filled:
            raise in_the_way(at, last, self._name, (filled[0], filled[1]))
        self._ask("fill", at.sheet, [at.left, at.last, at.right, last])
        self._ask("clear", at.sheet, [at.left, at.last + 1, at.right, last])
        self._ask("resize", at.name, last)

    def _put(self, at: TableAt, columns: dict[str, int], written: Written, first: int) -> None:
        """Writes columns of raw values from a row on, neighbours in one block."""
        spec = self._spec(at.name)
        dated = {n for header, n in columns.items() if spec[header].kind == "date"}
        for run in runs(sorted(written)):
            block = [[self._raw(v) for v in row] for row in zip(*(written[n] for n in run), strict=True)]
            if block:
                self._ask("write", at.sheet, run[0], first, block, [n for n in run if n in dated])

    def _raw(self, value: object) -> object:
        return float((value - self._null).days) if isinstance(value, dt.date) else value

    def set(self, name: str, value: object) -> None:
        """Write a named cell: money in whole cents where the name is declared as money."""
        sheet, row, column = self._cell(name)
        kind = NAMED.get(name)
        raw = encode([value], kind, False)[0][0] if kind else value
        self._ask("write_cell", sheet, row, column, self._raw(raw), isinstance(raw, dt.date))

    def set_meta(self, *, template: str | None = None, schema: int | None = None, rules: str | None = None) -> None:
        """Changes the properties of the workbook."""
        given = {"template": template, "schema": schema, "rules": rules}
        values = {k: str(v) for k, v in given.items() if v is not None}
        self._ask("set_meta", values)

    def message(self, text: str) -> None:
        """Tells the collector what was done."""
        self.messages.append(text)
        if self._tell:
            self._tell(text)
        else:
            self._ask("tell", text)

    def put_pages(self, name: str, pages: Sequence[Page]) -> str:
        """Prepares pages for printing in a new workbook next to this one. Gives the file name."""
        return self._files_beside().put_pages(name, pages)

    def as_pdf(self, pages: Sequence[Page]) -> Pdf:
        """The same pages as a PDF file, for `put_file` or an email."""
        return self._files_beside().as_pdf(pages)

    def kept_beside(self, name: str) -> bytes:
        """A file that the office keeps in the folder of this workbook; empty if there is none."""
        return self._files_beside().kept(name)

    def put_file(self, name: str, data: bytes) -> str:
        """A file for someone else next to this workbook, written by `save`. Gives the file name."""
        return self._files_beside().put(name, data)

    @property
    def folder(self) -> Path | None:
        """The folder of the document. xltax looks there for a file named without a folder."""
        return self._path.parent if self._path else None

    def _files_beside(self) -> Beside:
        if self._beside is None:
            raise BadBook(
                "This document has no folder yet, so xltax cannot put a file next to it.",
                where=self._name,
                do="Save the document first.",
            )
        return self._beside

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """One entry of Undo; if something fails inside, the document is put back as it was."""
        self._ask("begin", label)
        self._seen = {}
        try:
            yield
        except BaseException:
            self._ask("end", True)
            if self._beside:
                self._beside.forget()
            raise
        finally:
            self._seen = None
        self._ask("end", False)

    def save(self) -> None:
        """Works every formula out and writes the files beside the book. The document itself the collector saves.

        A save by LibreOffice through another hand than hers would drop table styles without her knowing.
        """
        self._ask("calculate")
        if self._seen:
            self._seen.clear()
        if self._beside:
            self._beside.write()
