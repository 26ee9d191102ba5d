"""Ranges where a function takes one value: a result for each cell, and many calls answered together.

`=TAX_INTEREST(town, A2:A3701, B2:B3701, today)` gives 3,700 results from one call and one replay. A value stands for every row.
What is wrong in one row is that row's error.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xltax.declare import Arg, Function
from xltax.errors import BadValue, TaxError
from xltax.faces import boundary
from xltax.tables.reading import is_blank
from xltax.wording import some

Rows = list[list[Any]]
"""A range of cells: its rows."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """The results of one call with ranges, in the shape of the ranges: a typed result, a TaxError, or None for a blank row."""

    rows: Rows


def takes_one_value(arg: Arg) -> bool:
    """Whether a range for this argument stands for many calls. A town may be a Rules table, and a table is a table."""
    return arg.kind in ("money", "number", "rate", "count", "date", "text")


def call(function: Function, values: Sequence[Any], epoch: dt.date = boundary.EPOCH) -> Any:
    """One call: a typed result, or `Lifted` where an argument that takes one value is a range. Raises TaxError."""
    if not _ranges(function, values):
        return boundary.call(function, values, epoch)
    (result,) = call_many(function, [values], epoch)
    if isinstance(result, TaxError):
        raise result
    return result


def call_many(function: Function, calls: Sequence[Sequence[Any]], epoch: dt.date = boundary.EPOCH) -> list[Any]:
    """Many calls of one function, each of which may have ranges: the result of each, or its TaxError.

    Where the function can answer many calls at once, all of them are one replay. A table or a town that several calls share
    is read once.
    """
    if function.result == "table":
        return [_caught(lambda values=values: boundary.call(function, values, epoch)) for values in calls]  # type: ignore[misc]
    read = _Reader(function, epoch)
    shapes: list[tuple[int, int] | TaxError] = []
    singles: list[Any] = []  # the typed arguments of every single call, a TaxError or None
    for values in calls:
        try:
            single, shape = read.expanded(values)
        except TaxError as error:
            shapes.append(error)
            continue
        shapes.append(shape)
        singles += single
    answers = iter(_answers(function, singles))
    results: list[Any] = []
    for shape_or_error in shapes:
        if isinstance(shape_or_error, TaxError):
            results.append(shape_or_error)
            continue
        height, width = shape_or_error
        if not height:
            results.append(next(answers))
            continue
        rows = [[next(answers) for _ in range(width)] for _ in range(height)]
        results.append(Lifted([[_placed(one, r) for one in row] for r, row in enumerate(rows, 1)]))
    return results


def _placed(answer: Any, row: int) -> Any:
    return answer.within(f"row {row} of the range") if isinstance(answer, TaxError) else answer


def to_cells(function: Function, result: Any, wrong: Callable[[TaxError], Any]) -> Any:
    """A result of `call` as cells. `wrong` makes the cell of a row's error as the host shows it."""
    if not isinstance(result, Lifted):
        return boundary.to_cells(function, result)
    return _mapped(result, lambda one: boundary.to_cells(function, one), wrong)


def to_text(function: Function, result: Any) -> str:
    """A result of `call` as plain text: with ranges a line for each row, and an error in the place of its result."""
    if not isinstance(result, Lifted):
        return boundary.to_text(function, result)
    rows = _mapped(result, lambda one: boundary.to_text(function, one), lambda error: f"#VALUE! {error}")
    return "\n".join("\t".join(row) for row in rows)


def _mapped(result: Lifted, cell: Callable[[Any], Any], wrong: Callable[[TaxError], Any]) -> Rows:
    return [
        ["" if one is None else wrong(one) if isinstance(one, TaxError) else cell(one) for one in row]
        for row in result.rows
    ]


# ---- ranges ----------------------------------------------------------------------------------------------------------


def _ranges(function: Function, values: Sequence[Any]) -> dict[int, Rows]:
    """The arguments that take one value and were given more than one cell, by position."""
    if function.result == "table":
        return {}
    found = {}
    for n, (arg, value) in enumerate(zip(function.args, values, strict=False)):
        if takes_one_value(arg) and (rows := _rows(value)) and (len(rows) > 1 or len(rows[0]) > 1):
            found[n] = rows
    return found


def _rows(value: Any) -> Rows | None:
    if isinstance(value, pd.DataFrame):
        return None  # a file with its header; a column of it is named
    if isinstance(value, list | tuple) and value:
        return [list(row) if isinstance(row, list | tuple) else [row] for row in value]
    return None


class _Reader:
    """Reads the arguments of calls of one function."""

    def __init__(self, function: Function, epoch: dt.date) -> None:
        self.function, self.epoch = function, epoch
        self.tables: dict[tuple[int, int], tuple[Any, Any]] = {}  # by place and identity; the value is kept alive

    def expanded(self, values: Sequence[Any]) -> tuple[list[Any], tuple[int, int]]:
        """The single calls one call stands for, by rows, and the shape of its ranges; (0, 0) where it has none."""
        ranges = _ranges(self.function, values)
        if not ranges:
            return [_caught(lambda: self.arguments(values))], (0, 0)
        sizes = {n: (len(rows), len(rows[0])) for n, rows in ranges.items()}
        first = next(iter(sizes))
        for n, size in sizes.items():
            if size != sizes[first]:
                raise BadValue(
                    f"This range has {_size(size)}, but {self.function.args[first].name} has {_size(sizes[first])}.",
                    where=self.function.args[n].name,
                    do="Select ranges of the same size, or one cell.",
                )
        height, width = sizes[first]
        singles: list[Any] = []
        for r in range(height):
            for c in range(width):
                row = [ranges[n][r][c] if n in ranges else value for n, value in enumerate(values)]
                blank = all(is_blank(row[n]) for n in ranges)
                singles.append(None if blank else _caught(lambda row=row: self.arguments(row)))  # type: ignore[misc]
        return singles, (height, width)

    def arguments(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The arguments of one single call in the types the function takes."""
        return tuple(boundary.arguments(self.function, values, self._one))

    def _one(self, arg: Arg, value: Any) -> Any:
        if takes_one_value(arg):
            return boundary.typed_value(arg, value, self.epoch)
        key = id(arg), id(value)
        if key not in self.tables:
            self.tables[key] = value, boundary.typed_value(arg, value, self.epoch)
        return self.tables[key][1]


def _answers(function: Function, singles: Sequence[Any]) -> list[Any]:
    """The answer to each single call. Those that are wrong or blank stay as they are."""
    asked = [n for n, single in enumerate(singles) if isinstance(single, tuple)]
    answers = list(singles)
    if function.many is not None and len(asked) > 1:
        found = _caught(lambda: function.many([singles[n] for n in asked]))  # type: ignore[misc]
        if not isinstance(found, TaxError):
            for n, answer in zip(asked, found, strict=True):
                answers[n] = answer
            return answers
    for n in asked:
        answers[n] = _caught(lambda n=n: function.call(*singles[n]))  # type: ignore[misc]
    return answers


def _caught(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except TaxError as error:
        return error


def _size(size: tuple[int, int]) -> str:
    return some(size[0], "row") + (f" and {some(size[1], 'column')}" if size[1] > 1 else "")
