"""Rows that know what they are: every amount in whole cents, every date a date, every id a text, and the place of each row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar, overload

import numpy as np
import pandas as pd

from xltax.errors import Problem, Problems
from xltax.money import usd
from xltax.tables.schema import Column, R, Row, TableSpec

Columns = dict[str, Any]
"""Columns as arrays, by their headers."""

S = TypeVar("S", bound=Row)

if (
    int(pd.__version__.split(".")[0]) < 3
):  # a frame handed out is never changed by who edits it: pandas 3 always works so
    pd.options.mode.copy_on_write = True


class Table(Generic[R]):
    """Rows of one table. Made by `read` from cells, or by `made` and `entered` from amounts our own code calculated.

    A table is never edited: each verb gives a new one of the same kind. `frame` is for arithmetic with pandas; what comes
    out of that is a bare frame, and only `made` turns a bare frame into a table again, with its unit looked at.
    """

    __slots__ = ("_frame", "blank", "spec")

    def __init__(self, spec: TableSpec[R], frame: pd.DataFrame, blank: frozenset[str] = frozenset()) -> None:
        """For this module and `reading`: everybody else makes a table by `read`, `made` or `entered`.

        blank: the columns nobody gave, whose cells stay empty when the rows are written.
        """
        self.spec = spec
        self._frame = frame
        self.blank = blank

    # ---- made -------------------------------------------------------------------------------------------------------

    @classmethod
    def empty(cls, spec: TableSpec[R]) -> Table[R]:
        """A table with no rows."""
        if spec.name not in _EMPTY or _EMPTY[spec.name][0] is not spec:
            _EMPTY[spec.name] = (spec, pd.DataFrame({c.name: absent(c, 0) for c in spec.facts}))
        return cls(spec, _EMPTY[spec.name][1])

    @classmethod
    def made(cls, spec: TableSpec[R], made: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Table[R]:
        """Rows that our own code calculated, in cents. Columns the table does not have are left out, columns not given are blank.

        Raises TypeError for an amount that is not whole cents, so that dollars can never be taken for cents.
        """
        rows = None if isinstance(made, pd.DataFrame) else list(made)
        frame = made if isinstance(made, pd.DataFrame) else _as_frame(spec, rows or [])
        given = {name for name in frame.columns if not _nobody_gave(frame[name])}
        data = {}
        for column in spec.columns:
            if column.name in given:
                data[column.name] = _kept(column, frame[column.name], spec)
            elif not column.derived:
                data[column.name] = absent(column, len(frame))
        out = pd.DataFrame(data, index=frame.index)
        out.attrs = dict(frame.attrs)
        return cls(spec, out, frozenset(data) - given)

    @classmethod
    def entered(cls, spec: TableSpec[R], rows: Sequence[Mapping[str, Any]], where: str = "") -> Table[R]:
        """Entries of a task, in cents, checked like typed cells. Raises Problems with every error found."""
        problems: list[Problem] = []
        known = []
        for row in rows:
            entry = dict(row)
            for column in spec.facts:
                value = entry.get(column.name)
                if column.choices and isinstance(value, str):
                    value = next((c for c in column.choices if c.lower() == value.strip().lower()), value.strip())
                    entry[column.name] = value
                if wrong := _refused(column, value):
                    place = f"{where}, {column.name}" if where else column.name
                    problems.append(Problem(place, *wrong))
            known.append(entry)
        if problems:
            raise Problems(problems)
        return cls.made(spec, known)

    # ---- read -------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._frame)

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a frame of your own, to figure with; the table stays as it is."""
        return self._frame.copy(deep=False)

    @property
    def index(self) -> pd.Index[Any]:
        """The place of each row: `place(table, position)` says it in words."""
        return self._frame.index

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers of the columns in this table."""
        return tuple(self._frame.columns)

    @property
    def attrs(self) -> dict[Any, Any]:
        """Where the rows stand: sheet or file, row of the header, letters of the columns."""
        return self._frame.attrs

    def __contains__(self, column: str) -> bool:
        return column in self._frame.columns

    @overload
    def __getitem__(self, wanted: str) -> pd.Series[Any]: ...
    @overload
    def __getitem__(self, wanted: list[str]) -> pd.DataFrame: ...
    @overload
    def __getitem__(self, wanted: pd.Series[bool] | np.ndarray[Any, Any]) -> Table[R]: ...
    def __getitem__(self, wanted: Any) -> Any:
        """One column; several as a frame; or the rows for which it is true, as a table."""
        if isinstance(wanted, str | list):
            return self._frame[wanted]
        return self._like(self._frame[wanted])

    def __iter__(self) -> Iterator[R]:
        return self.rows()

    # As pandas reads a frame. What these give is a bare frame, in cents.

    @property
    def loc(self) -> _Cells:
        """Cells by row and column, to read."""
        return _Cells(self._frame.loc)

    @property
    def iloc(self) -> _Cells:
        """Rows by their number, to read."""
        return _Cells(self._frame.iloc)

    def groupby(self, by: Any, **how: Any) -> Any:
        """The rows in groups."""
        return self._frame.groupby(by, **how)

    def set_index(self, keys: Any) -> pd.DataFrame:
        """The rows by these columns."""
        return self._frame.set_index(keys)

    def drop_duplicates(self, subset: Any) -> Table[R]:
        """The first row of each value of these columns."""
        return self._like(self._frame.drop_duplicates(subset))

    def duplicated(self, subset: Any, **how: Any) -> pd.Series[bool]:
        """The rows that repeat an earlier row in these columns."""
        return self._frame.duplicated(subset, **how)

    def to_dict(self, shape: Literal["records"]) -> list[dict[Hashable, Any]]:
        """The rows as dictionaries by header, as pandas gives them."""
        return self._frame.to_dict(shape)

    def rows(self) -> Iterator[R]:
        """The rows one by one, each value of its own type: cents as int, a date or None, text."""
        attributes = [
            (attribute, column)
            for attribute, column in zip(self.spec.row.__attributes__, self.spec.row.__columns__, strict=True)
            if column.name in self._frame.columns
        ]
        values = [_plain(column, self._frame[column.name]) for _, column in attributes]
        names = [attribute for attribute, _ in attributes]
        row = self.spec.row
        for line in zip(*values, strict=True):
            yield row(**dict(zip(names, line, strict=True)))

    def row(self, at: int) -> R:
        """One row, counted from 0."""
        return next(self._like(self._frame.iloc[at : at + 1]).rows())

    def arrays(self) -> Columns:
        """Each column as an array, by its header: a payoff reads every column, and pandas takes long to hand one out."""
        return {str(name): values.to_numpy() for name, values in self._frame.items()}

    def first(self) -> R | None:
        """The first row, or None."""
        return next(iter(self.head(1).rows()), None)

    def head(self, count: int) -> Table[R]:
        """The first rows."""
        return self._like(self._frame.iloc[:count])

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries by header."""
        return [{str(k): v for k, v in row.items()} for row in self._frame.to_dict("records")]

    # ---- verbs ------------------------------------------------------------------------------------------------------

    def where(self, wanted: Any) -> Table[R]:
        """The rows that meet a condition: a column of yes and no, or a function of the frame that returns one."""
        return self._like(self._frame[wanted(self._frame) if callable(wanted) else wanted])

    def with_columns(self, columns: Mapping[str, Any]) -> Table[R]:
        """The same rows with these columns instead; amounts in cents. A column the table does not have is refused."""
        data = {name: self._frame[name] for name in self._frame.columns}
        for name, values in columns.items():
            column = self._column(name)
            series = (
                values if isinstance(values, pd.Series) else pd.Series(_spread(values, len(self)), index=self.index)
            )
            data[column.name] = pd.Series(_kept(column, series, self.spec), index=self.index)
        out = pd.DataFrame(data, index=self.index)
        out.attrs = dict(self.attrs)
        return Table(self.spec, out, self.blank - set(columns))

    def with_cells(self, where: Any, columns: Mapping[str, Any]) -> Table[R]:
        """The same rows, with these values in the rows that meet the condition. A value may be an array, one for each such row."""
        chosen = np.asarray(where, dtype=bool)
        new = {}
        for name, value in columns.items():
            values = self._frame[name].to_numpy().copy()
            if self._column(name).kind == "date" and (value is None or isinstance(value, dt.date)):
                value = np.datetime64("NaT") if value is None or pd.isna(value) else np.datetime64(value, "s")
            values[chosen] = value
            new[name] = pd.Series(values, index=self.index, dtype=values.dtype)
        return self.with_columns(new)

    def and_rows(self, *more: Table[R]) -> Table[R]:
        """These rows, then those of other tables of the same kind; each keeps its place in its own table."""
        return concat([self, *more])

    def sorted(self, *by: str, key: Callable[[Any], Any] | None = None) -> Table[R]:
        """The rows in the order of these columns; rows that are alike keep their order."""
        return self._like(self._frame.sort_values(list(by), kind="stable", key=key))

    def renumbered(self) -> Table[R]:
        """The same rows, counted from 0."""
        return self._like(self._frame.reset_index(drop=True))

    def complete(self) -> Table[R]:
        """The same rows, with zeros in empty amounts."""
        return Table(self.spec, self._frame)

    def each(self, *keys: str) -> Iterator[tuple[Any, Table[R]]]:
        """The rows in groups that agree in these columns, in the order in which each group first comes."""
        by = list(keys) if len(keys) > 1 else keys[0]
        for value, part in self._frame.groupby(by, sort=False):
            yield value, self._like(part)

    def join(self, other: Table[S], on: Sequence[str], *columns: str) -> pd.DataFrame:
        """Each row with these columns of the other table's row of the same key; blank where there is none.

        Raises Problems where the other table has a key twice: a row would be doubled, and its amount with it. The result is
        a bare frame, in cents.
        """
        keys = list(on)
        theirs = other._frame[[*keys, *columns]]
        twice = theirs.duplicated(keys)
        if twice.any():
            key = ", ".join(f"{k} {v}" for k, v in theirs.loc[twice, keys].iloc[0].items())
            raise Problems([Problem(other.spec.name, f"{key} appears more than once.", "Keep one row.")])
        merged = self._frame.merge(theirs, how="left", on=keys)
        for name in columns:
            column = other._column(name)
            if column.kind in ("money", "count", "year"):
                merged[name] = merged[name].fillna(int(column.default or 0)).astype(np.int64)  # type: ignore[call-overload]
            elif column.kind != "date":
                merged[name] = merged[name].fillna("").astype(object)
        merged.index = self.index
        return merged

    def as_rows_of(self, spec: TableSpec[S]) -> Table[S]:
        """The rows as rows of another table. Shared columns are copied, and the others are blank."""
        return Table.made(spec, self._frame)

    def _like(self, frame: pd.DataFrame) -> Table[R]:
        return Table(self.spec, frame, self.blank)

    def _column(self, name: str) -> Column[Any]:
        for column in self.spec.columns:
            if column.name == name:
                return column
        raise KeyError(f'{self.spec.name} has no column "{name}".')

    def __repr__(self) -> str:
        return f"Table({self.spec.name}, {len(self)} rows)"


class _Cells:
    """What `loc` and `iloc` of a frame give, without a way to write."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    def __getitem__(self, wanted: Any) -> Any:
        return self._cells[wanted]


def concat(tables: Sequence[Table[R]]) -> Table[R]:
    """The rows of several tables of one kind, one after the other."""
    first = tables[0]
    for other in tables[1:]:
        if other.spec.name != first.spec.name:
            raise TypeError(f"Rows of {other.spec.name} cannot follow rows of {first.spec.name}.")
    some = [t for t in tables if len(t)]
    if len(some) < 2:
        return some[0] if some else first
    frame = pd.concat([t._frame for t in some])
    for column in first.spec.facts:  # a part of a table read without some columns
        if column.name in frame.columns and frame[column.name].dtype.kind == "f":
            raise TypeError(f"{first.spec.name}, {column.name}: not every part has this column.")
    frame.attrs = dict(first.attrs)
    return Table(first.spec, frame, frozenset.intersection(*(t.blank for t in some)))


_EMPTY: dict[str, tuple[TableSpec[Any], pd.DataFrame]] = {}


def absent(column: Column[Any], count: int) -> Any:
    """An empty column: its default in every row."""
    if column.kind in ("money", "count", "year"):
        return np.full(count, int(column.default or 0), dtype=np.int64)  # type: ignore[call-overload]
    if column.kind == "date":
        return np.full(count, np.datetime64("NaT"), dtype="datetime64[s]")
    return np.full(count, column.default or "", dtype=object)


def _as_frame(spec: TableSpec[Any], rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Entries as a frame whose amounts stay whole numbers, however many of them are blank."""
    data = {}
    for column in spec.columns:
        values = [row.get(column.name) for row in rows]
        if any(value is not None for value in values):
            plain = int(column.default or 0) if column.kind in ("money", "count", "year") else None  # type: ignore[call-overload]
            data[column.name] = pd.Series([plain if v is None else v for v in values], dtype=object)
    return pd.DataFrame(data, index=range(len(rows)))


def _spread(values: Any, count: int) -> Any:
    if isinstance(values, str) or not hasattr(values, "__len__"):
        return [values] * count
    return values


def _kept(column: Column[Any], values: pd.Series[Any], spec: TableSpec[Any]) -> Any:
    """A column our own code made, in the type of its kind. Raises TypeError for an amount that is not whole cents."""
    if column.kind in ("money", "count", "year"):
        if values.dtype.kind in "iu":
            return values.to_numpy(dtype=np.int64)
        if values.dtype == object and all(isinstance(v, int | np.integer) and not isinstance(v, bool) for v in values):
            return values.to_numpy(dtype=np.int64)
        if not len(values):
            return np.zeros(0, dtype=np.int64)
        unit = "whole cents" if column.kind == "money" else "whole numbers"
        raise TypeError(f"{spec.name}, {column.name}: {values.dtype} values are not {unit}; cells are read by `read`.")
    if column.kind == "date":
        if values.dtype.kind == "M":
            return values.to_numpy().astype("datetime64[s]")
        return (
            pd.to_datetime(values.replace("", None) if values.dtype == object else values)
            .to_numpy()
            .astype("datetime64[s]")
        )
    out = values.to_numpy(dtype=object)
    blank = pd.isna(out)
    if column.default:
        blank |= out == ""
    return np.where(blank, str(column.default or ""), out).astype(object) if blank.any() else out


def _nobody_gave(values: pd.Series[Any]) -> bool:
    return bool(len(values) and pd.isna(values.iloc[0]) and values.isna().all())


def _refused(column: Column[Any], value: Any) -> tuple[str, str] | None:
    """What is wrong with a value of an entry, and what to do; None for one that can stand."""
    if value is None or value is pd.NaT or value == "":
        return ("This field is required.", column.help) if column.required else None
    if column.choices and value not in column.choices:
        return f'"{value}" is not a choice in this column.', f"Use one of these: {', '.join(column.choices)}."
    if column.least is not None and value < column.least:
        shown = usd if column.kind == "money" else str
        return f"{shown(value)} is too low.", f"Enter {shown(column.least)} or more."
    return None


def _plain(column: Column[Any], values: pd.Series[Any]) -> list[Any]:
    if column.kind == "date":
        return values.to_numpy().astype("datetime64[D]").tolist()
    return values.tolist()
