"""Reads and writes a workbook open in Excel. If a step fails, the cells are put back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import xlwings as xw
from xlwings.utils import fullname_url_to_local_path

from xltax.errors import BadBook, BadValue
from xltax.hosts import writing
from xltax.hosts.beside import Beside
from xltax.hosts.excel_step import Step, block
from xltax.hosts.writing import TEXTS, as_number, as_typed, runs
from xltax.pages import Page, Pdf
from xltax.sheets.below import in_the_way, refuse_past_the_end, refuse_total_row
from xltax.sheets.cells import encode, is_blank, letters
from xltax.sheets.forms import NAMED, SPECS
from xltax.sheets.frames import OneTable, below_of, clean, frame_of
from xltax.sheets.places import Meta, TableAt
from xltax.sheets.typed_below import Stray
from xltax.sheets.typed_rows import columns_of, encoded
from xltax.tables.schema import Kind, TableSpec
from xltax.wording import some

_TEXT, _DATE = "@", "yyyy-mm-dd"
_PREFIX = "xltax "
_LOOKED_AT = 100_000
"""How many rows below a table are looked at."""


class ExcelBook:
    """A workbook open in Excel, as its collector sees it.

    What is written stands in the open workbook at once and in its file when she saves it: `save` calculates, and writes
    what goes beside the book, but never saves her workbook for her. `step` puts every cell back if something fails in it.
    """

    def __init__(
        self, book: xw.Book, *, specs: dict[str, TableSpec[Any]] = SPECS, tell: Callable[[str], None] | None = None
    ) -> None:
        self.book = book
        self.name = book.name
        self._specs = specs
        self._tell = tell
        self._step: Step | None = None
        self._beside: Beside | None = None
        self.strays: dict[str, tuple[Stray, ...]] = {}

    # ---- what the book is -----------------------------------------------------------------------------------------

    @property
    def meta(self) -> Meta:
        """The book's template, schema version, rules fingerprint and date system."""
        values = {key: self._property(key) for key in ("template", "schema", "rules")}
        schema = values["schema"]
        return Meta(values["template"], int(schema) if schema.isdigit() else 0, values["rules"], self._date1904)

    def _property(self, key: str) -> str:
        for one in self.book.api.CustomDocumentProperties:
            if one.Name == _PREFIX + key:
                return str(one.Value)
        return ""

    @property
    def _date1904(self) -> bool:
        return bool(self.book.api.Date1904)

    def tables(self) -> tuple[str, ...]:
        """The names of the tables in this book."""
        return tuple(name for name, _ in self._tables())

    def _tables(self) -> Iterator[tuple[str, Any]]:
        for sheet in self.book.sheets:
            for table in sheet.tables:
                yield table.display_name, table

    def _find(self, name: str) -> tuple[Any, TableAt, list[list[Any]]]:
        """A table with its place and its cells, read as one block."""
        if self._step and name.casefold() in self._step.seen:
            seen: tuple[Any, TableAt, list[list[Any]]] = self._step.seen[name.casefold()]
            return seen
        found = next(((n, t) for n, t in self._tables() if n.casefold() == name.casefold()), None)
        if found is None:
            raise writing.no_table(self.name, name)
        table = found[1]
        cells, sheet = table.range, table.parent.name
        left, top = cells.column, cells.row
        if not table.show_headers:
            raise writing.no_header(self.name, name, f"{sheet}!{letters(left)}{top}")
        rows = cells.options(ndim=2, err_to_str=True).value
        totals = bool(table.show_totals)
        at = TableAt(
            found[0], sheet, "", "", left, left + len(rows[0]) - 1, top, top + len(rows) - 1 - totals, totals,
            tuple(str(h) for h in rows[0]),
        )  # fmt: skip
        rows += self._below(table.parent, at, top + len(rows))
        at = self._with_typed(at, rows)
        if self._step:
            self._step.seen[name.casefold()] = (table, at, rows)
        return table, at, rows

    def _below(self, sheet: Any, at: TableAt, first: int) -> list[list[Any]]:
        """The cells below a table, as far as the sheet is used. Excel makes typed rows its own, but not rows that a program adds."""
        spec, used = self._specs.get(at.name), sheet.used_range
        last = min(used.row + used.shape[0] - 1, first + _LOOKED_AT)
        if spec is None or spec.below == "none" or last < first:
            return []
        cells: list[list[Any]] = sheet.range((first, at.left), (last, at.right)).options(ndim=2, err_to_str=True).value
        return cells

    def _with_typed(self, at: TableAt, rows: list[list[Any]]) -> TableAt:
        """A table's place with the rows typed below it. rows: from the header to the last cell below."""
        plain = [[_plain(v) for v in row] for row in rows]
        found = below_of(at, self._specs.get(at.name), OneTable(at, plain).sheet(at.sheet), self.name)
        self.strays[at.name] = found.strays
        return replace(at, last=found.last)

    def _take_in(self, table: Any, at: TableAt) -> None:
        """Makes a table as long as it is with the rows typed below it."""
        cells = table.range
        if at.last > cells.row + cells.shape[0] - 1:
            sheet = self._sheet(at.sheet)
            assert self._step
            self._step.keep_size(table)
            table.resize(sheet.range((at.header, at.left), (at.last, at.right)))

    # ---- reading --------------------------------------------------------------------------------------------------

    def read(self, table: str) -> pd.DataFrame:
        """A table's rows as they stand in the open workbook, hidden and filtered ones included."""
        _, at, rows = self._find(table)
        plain = [[_plain(v) if v.__class__ is Decimal else v for v in row] for row in rows]
        # Excel does not let cells of a table be merged.
        return frame_of(at, self._specs.get(at.name), OneTable(at, plain), self.name)

    def get(self, name: str) -> object:
        """The value of a named cell."""
        return _plain(self._cell(name).options(ndim=2, err_to_str=True).value[0][0])

    def _cell(self, name: str) -> Any:
        if name in self.book.names:
            refers_to = str(self.book.names[name].refers_to)
            if "#REF!" not in refers_to:
                return self.book.names[name].refers_to_range
        raise writing.no_name(self.name, name)

    # ---- writing --------------------------------------------------------------------------------------------------

    def append(self, table: str, rows: pd.DataFrame) -> None:
        """Add rows below the last filled one; blank rows at the table's end are used first."""
        if not len(rows):
            return
        old = self.read(table)
        first = self._find(table)[1].header + 1 + (int(old.index[-1]) + 1 if len(old) else 0)
        with self._writing(f"{table}: rows"):
            self._put_rows(table, rows, first)

    def replace_rows(self, table: str, frame: pd.DataFrame) -> None:
        """Replace the whole body of an output table; one blank row stays where there is nothing to show."""
        self.read(table)  # refuses a table that lacks a column
        with self._writing(f"{table}: all rows"):
            self._put_rows(table, frame, self._find(table)[1].header + 1, clear=True)

    def replace_columns(self, table: str, frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        """Write these columns for all rows, in the order `read` gives them."""
        frame = frame() if callable(frame) else frame
        old = self.read(table)
        held, at, cells = self._find(table)
        if len(frame) != len(old):
            raise BadValue(f"The result has {some(len(frame), 'row')}, but {at.name} has {len(old)}.", where=self.name)
        spec = self._spec(at.name)
        written = self._encode(frame, spec, at, at.header + 1)
        if not written or not len(frame):
            return
        with self._writing(f"{table}: columns"):
            sheet = self._sheet(at.sheet)
            self._take_in(held, at)
            last = at.header + 1 + int(old.index[-1])
            for run in runs(written):
                columns = []
                for number in run:
                    # A blank row between others keeps what it has.
                    held = [
                        as_number(_plain(row[number - at.left]), self._date1904)
                        for row in cells[1 : last - at.header + 1]
                    ]
                    for i, value in zip(old.index.tolist(), written[number], strict=True):
                        held[i] = value
                    columns.append(held)
                self._put(sheet, at.header + 1, run[0], columns, [spec[_header(at, n)].kind for n in run])
            self._forget(at)

    def set(self, name: str, value: object) -> None:
        """Write a named cell: money in whole cents where the name is declared as money."""
        kind = NAMED.get(name)
        if kind is None:
            kind = "date" if isinstance(value, dt.date) else "text" if isinstance(value, str) else "number"
        raw = as_number(encode([value], kind, False)[0][0], self._date1904)
        cell = self._cell(name)
        with self._writing(name):
            sheet = self._sheet(cell.sheet.name)
            self._put(sheet, cell.row, cell.column, [[raw]], [kind if raw is not None else "number"])

    def set_meta(self, *, template: str | None = None, schema: int | None = None, rules: str | None = None) -> None:
        """Changes the properties of the workbook."""
        given = {"template": template, "schema": schema, "rules": rules}
        with self._writing("particulars") as step:
            for key, value in given.items():
                if value is None:
                    continue
                one = next((p for p in self.book.api.CustomDocumentProperties if p.Name == _PREFIX + key), None)
                if one is None:
                    raise writing.not_ours(self.name)
                step.keep_property(one)
                one.Value = str(value)

    # ---- the hand that writes ---------------------------------------------------------------------------------------

    def _spec(self, table: str) -> TableSpec[Any]:
        found = self._specs.get(table)
        if found is None:
            raise writing.not_written(self.name, table)
        return found

    def _sheet(self, name: str) -> Any:
        sheet = self.book.sheets[name]
        assert self._step
        self._step.unlock(sheet)
        return sheet

    def _put_rows(self, name: str, frame: pd.DataFrame, first: int, *, clear: bool = False) -> None:
        table, at, _ = self._find(name)
        refuse_total_row(at, self.name)
        spec = self._spec(at.name)
        written = self._encode(frame, spec, at, first)
        end = first + len(frame) - 1
        last = max(end, at.header + 1) if clear else max(end, at.last)
        refuse_past_the_end(at, last, self.name)
        sheet = self._sheet(at.sheet)
        self._take_in(table, at)
        self._free_below(sheet, at, last)
        assert self._step
        self._step.show_all(table)
        model = block(sheet.range((at.last, at.left), (at.last, at.right)).api.Formula)[0]
        carried = [n for n, f in zip(at.columns, model, strict=True) if str(f).startswith("=") and n not in written]
        if clear:
            emptied = [n for n in at.columns if n not in carried]
            for run in runs(emptied):
                self._empty(sheet, at.header + 1, run[0], max(at.last, last), run[-1])
        if last != at.last:
            self._step.keep_size(table)
        if last > at.last:
            # Formats and a calculated column's formulas come down from the row above, then its values go.
            self._step.keep(sheet.range((at.last + 1, at.left), (last, at.right)))
            table.resize(sheet.range((at.header, at.left), (last, at.right)))
            sheet.range((at.last, at.left), (last, at.right)).api.FillDown()
            for run in runs([n for n in at.columns if n not in carried]):
                self._empty(sheet, at.last + 1, run[0], last, run[-1])
        if len(frame):
            for run in runs(written):
                kinds = [spec[_header(at, n)].kind for n in run]
                self._put(sheet, first, run[0], [written[n] for n in run], kinds)
        if last < at.last:
            self._empty(sheet, last + 1, at.left, at.last, at.right)
            table.resize(sheet.range((at.header, at.left), (last, at.right)))
        self._forget(at)

    def _free_below(self, sheet: Any, at: TableAt, last: int) -> None:
        if last <= at.last:
            return
        below = block(sheet.range((at.last + 1, at.left), (last, at.right)).api.Formula)
        for row, line in enumerate(below, at.last + 1):
            for column, value in enumerate(line, at.left):
                if not is_blank(value):
                    raise in_the_way(at, last, self.name, (row, column))

    def _encode(self, frame: pd.DataFrame, spec: TableSpec[Any], at: TableAt, first: int) -> dict[int, list[object]]:
        """Column number -> what goes into its cells: money as dollars, dates as day numbers, text as text."""
        written = encoded(frame, columns_of(at, spec, frame, self.name), spec, False, at, first)[0]
        return {n: [as_number(v, self._date1904) for v in raws] for n, raws in sorted(written.items())}

    def _put(self, sheet: Any, top: int, left: int, columns: Sequence[Sequence[object]], kinds: Sequence[Kind]) -> None:
        """One block of cells in one call, its old content kept for a step that fails."""
        bottom = top + len(columns[0]) - 1
        cells = sheet.range((top, left), (bottom, left + len(columns) - 1))
        assert self._step
        self._step.keep(cells)
        for number, kind in enumerate(kinds, left):
            self._format(sheet, top, bottom, number, kind)
        given = [[as_typed(v, text=kind in TEXTS) for v in column] for column, kind in zip(columns, kinds, strict=True)]
        cells.raw_value = tuple(zip(*given, strict=True))

    def _empty(self, sheet: Any, top: int, left: int, bottom: int, right: int) -> None:
        cells = sheet.range((top, left), (bottom, right))
        assert self._step
        self._step.keep(cells)
        cells.clear_contents()

    def _format(self, sheet: Any, top: int, bottom: int, column: int, kind: Kind) -> None:
        """Text columns are formatted as text, so that "007" keeps its zeros and "=..." stays text; dates show as dates."""
        cells = sheet.range((top, column), (bottom, column))
        now = cells.number_format
        if kind in TEXTS:
            wanted = _TEXT
        elif kind == "date" and not any(letter in str(now).lower() for letter in "ymd"):
            wanted = _DATE
        else:
            return
        if now != wanted:
            cells.number_format = wanted

    def _forget(self, at: TableAt) -> None:
        if self._step:
            self._step.seen.pop(at.name.casefold(), None)

    # ---- around an action -------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self, label: str) -> Iterator[Step]:
        if self._step:
            yield self._step
        else:
            with self.step(label):
                assert self._step
                yield self._step

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """All or nothing: after an error, every overwritten block is restored. Excel's own settings are always restored.

        Excel's Undo list does not survive a program's writing; the Log says what was done, and each task has its own way back.
        """
        if self._step:  # a step within a step is part of it
            yield
            return
        self._step = Step(self.book)
        try:
            with self._step:
                yield
        except BaseException:
            if self._beside:
                self._beside.forget()
            raise
        finally:
            self._step = None

    def save(self) -> None:
        """Calculates the workbook and writes the files next to it. The collector saves the workbook."""
        self.book.app.calculate()
        if self._step:
            self._step.seen.clear()
        if self._beside:
            self._beside.write()

    def message(self, text: str) -> None:
        """Tells the collector what was done, in the status bar and in a message box."""
        if self._tell:
            self._tell(text)
            return
        self.book.app.status_bar = text.splitlines()[0][:255] if text else False
        self.book.app.alert(text, title="xltax", mode="info")

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

    def _files_beside(self) -> Beside:
        if self._beside is None:
            self._beside = Beside(self._path())
        return self._beside

    def _full_name(self) -> str:
        # xlwings' own fullname asks a sheet xlwings.conf of the workbook which folder a OneDrive address means.
        name = str(self.book.api.FullName)
        if "://" not in name:
            return name
        try:
            return str(fullname_url_to_local_path(url=name))
        except xw.XlwingsError:
            return ""

    @property
    def folder(self) -> Path:
        """The folder of the workbook. xltax looks there for a file named without a folder."""
        return self._path().parent

    def _path(self) -> Path:
        path = Path(self._full_name())
        if path.parent == Path(".") or not path.parent.is_dir():
            raise BadBook(
                "This workbook has not been saved in a folder on this computer, so xltax cannot put files next to it.",
                where=self.name,
                do="Save the workbook in a folder (F12) and try again.",
            )
        return path


def _plain(value: Any) -> Any:
    """A cell's value as the port has it: a currency cell's Decimal as a number, a date without a time as a date."""
    return clean(float(value) if isinstance(value, Decimal) else value)


def _header(at: TableAt, number: int) -> str:
    return at.headers[number - at.left]
