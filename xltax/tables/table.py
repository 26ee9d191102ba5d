"""Rows that know what they are: every amount in whole cents, every date a date, every id a text, and the place of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

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
    """Rows of one table. Made by `read` from what cells hold, or by `made` and `entered` from what our own code worked out.

    A table is never edited: each verb gives a new one of the same kind. `frame` is for arithmetic with pandas; what comes
    out of that is a bare frame, and only `made` turns a bare frame into a table again, with its unit looked at.
    """

    __slots__ = ("_frame", "spec")

    def __init__(self, spec: TableSpec[R], frame: pd.DataFrame) -> None:
        """For this module and `reading`: everybody else makes a table by `read`, `made` or `entered`."""
        self.spec = spec
        self._frame = frame

    # ---- made -------------------------------------------------------------------------------------------------------

    @classmethod
    def empty(cls, spec: TableSpec[R]) -> Table[R]:
        """A table with no rows."""
        if spec.name not in _EMPTY or _EMPTY[spec.name][0] is not spec:
            _EMPTY[spec.name] = (spec, pd.DataFrame({c.name: absent(c, 0) for c in spec.facts}))
        return cls(spec, _EMPTY[spec.name][1])

    @classmethod
    def made(cls, spec: TableSpec[R], made: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Table[R]:
        """What our own code worked out, in cents. Columns the table does not have are left out, columns not given are blank.

        Raises TypeError for an amount that is not whole cents, so that dollars can never be taken for cents.
        """
        frame = made if isinstance(made, pd.DataFrame) else pd.DataFrame(list(made))
        given = set(frame.columns)
        data = {}
        for column in spec.columns:
            if column.name in given:
                data[column.name] = _kept(column, frame[column.name], spec)
            elif not column.derived:
                data[column.name] = absent(column, len(frame))
        out = pd.DataFrame(data, index=frame.index)
        out.attrs = dict(frame.attrs)
        return cls(spec, out)

    @classmethod
    def entered(cls, spec: TableSpec[R], rows: Sequence[Mapping[str, Any]], where: str = "this entry") -> Table[R]:
        """Entries of a task, in cents, checked like typed cells. Raises Problems with every error found."""
        table = cls.made(spec, rows)
        problems: list[Problem] = []
        for column in spec.facts:
            values = table._frame[column.name]
            for n in range(len(values)):
                wrong = _refused(column, values.iloc[n])
                if wrong:
                    problems.append(Problem(f"{where}, {column.name}", wrong, column.help))
        if problems:
            raise Problems(problems)
        return table

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
        """The headers of the columns there are."""
        return tuple(self._frame.columns)

    @property
    def attrs(self) -> dict[Any, Any]:
        """Where the rows stand: sheet or file, row of the header, letters of the columns."""
        return self._frame.attrs

    def __contains__(self, column: str) -> bool:
        return column in self._frame.columns

    @overload
    def __getitem__(self, column: str) -> pd.Series[Any]: ...
    @overload
    def __getitem__(self, column: list[str]) -> pd.DataFrame: ...
    def __getitem__(self, column: Any) -> Any:
        return self._frame[column]

    def __iter__(self) -> Iterator[R]:
        return self.rows()

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

    def first(self) -> R | None:
        """The first row, or None."""
        return next(iter(self.head(1).rows()), None)

    def head(self, count: int) -> Table[R]:
        """The first rows."""
        return self._like(self._frame.iloc[:count])

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries by header, as pandas gives them."""
        return [{str(k): v for k, v in row.items()} for row in self._frame.to_dict("records")]

    # ---- verbs ------------------------------------------------------------------------------------------------------

    def where(self, wanted: Any) -> Table[R]:
        """The rows for which it is true: a column of yes and no, or a function of the frame that gives one."""
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
        return self._like(out)

    def and_rows(self, *more: Table[R]) -> Table[R]:
        """These rows, then those of other tables of the same kind; each keeps its place in its own table."""
        return concat([self, *more])

    def sorted(self, *by: str, key: Callable[[Any], Any] | None = None) -> Table[R]:
        """The rows in the order of these columns; rows that are alike keep their order."""
        return self._like(self._frame.sort_values(list(by), kind="stable", key=key))

    def renumbered(self) -> Table[R]:
        """The same rows, counted from 0."""
        return self._like(self._frame.reset_index(drop=True))

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
        return Table(self.spec, frame)

    def _column(self, name: str) -> Column[Any]:
        for column in self.spec.columns:
            if column.name == name:
                return column
        raise KeyError(f'{self.spec.name} has no column "{name}".')

    def __repr__(self) -> str:
        return f"Table({self.spec.name}, {len(self)} rows)"


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
    frame.attrs = dict(first.attrs)
    return Table(first.spec, frame)


_EMPTY: dict[str, tuple[TableSpec[Any], pd.DataFrame]] = {}


def absent(column: Column[Any], count: int) -> Any:
    """An empty column: its default in every row."""
    if column.kind in ("money", "count", "year"):
        return np.full(count, int(column.default or 0), dtype=np.int64)  # type: ignore[call-overload]
    if column.kind == "date":
        return np.full(count, np.datetime64("NaT"), dtype="datetime64[s]")
    return np.full(count, column.default or "", dtype=object)


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
    blank = pd.isna(out) | (out == "")
    return np.where(blank, str(column.default or ""), out).astype(object) if blank.any() else out


def _refused(column: Column[Any], value: Any) -> str:
    """What is wrong with a value of an entry, or nothing."""
    blank = value is pd.NaT or value == ""
    if blank:
        return "This field is required." if column.required else ""
    if column.choices and value not in column.choices:
        return f'"{value}" is not one of {", ".join(column.choices)}.'
    if column.least is not None and value < column.least:
        shown = usd if column.kind == "money" else str
        return f"{shown(value)} is too low. Enter {shown(column.least)} or more."
    return ""


def _plain(column: Column[Any], values: pd.Series[Any]) -> list[Any]:
    if column.kind == "date":
        return values.to_numpy().astype("datetime64[D]").tolist()
    return values.tolist()
