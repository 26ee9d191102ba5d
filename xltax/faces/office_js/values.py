"""Cell values of an Office add-in on their way in and out: empty cells, errors and dates.

Excel on the desktop hands an empty cell over as 0, and Excel on the web as null. Both mean an empty cell here. A 0 stays
a 0 where 0 is a figure: in amounts, numbers and counts. Everywhere else 0 is no value at all, so it is an empty cell.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xltax.declare import Arg, Function
from xltax.errors import BadValue, Problem, Problems, TaxError
from xltax.tables import ADJUSTMENTS, CASH_BOOK, CHARGES, CLOSED_DAYS, DUPLICATE, RECEIPTS
from xltax.tables.agreements import SCHEDULE, SUBSEQUENTS
from xltax.tables.reading import refuse_error
from xltax.tables.schema import Column, TableSpec

LONGEST = 32_000
"""The longest text that Excel takes into a cell, with some room."""

TABLES: Mapping[str, tuple[TableSpec[Any], ...]] = {
    "charges": (CHARGES, DUPLICATE),
    "receipts": (RECEIPTS, CASH_BOOK),
    "adjustments": (ADJUSTMENTS,),
    "closed_days": (CLOSED_DAYS,),
    "cash_book": (CASH_BOOK,),
    "schedule": (SCHEDULE,),
    "subsequents": (SUBSEQUENTS,),
}
"""The tables that an argument of a kind may be."""

_FIGURES = ("money", "number", "rate", "count")


def is_range(kind: str) -> bool:
    """True for an argument that takes a table."""
    return kind in TABLES or kind == "town"


def argument(arg: Arg, value: Any) -> Any:
    """One argument as the boundary takes it. An error cell gives the TaxError that names it."""
    try:
        if isinstance(value, list):
            single = _single(value)
            if single is value:
                return _table(arg, value) if is_range(arg.kind) else [[_cell(arg, v) for v in row] for row in value]
            value = single
        return _one(arg, value)
    except TaxError as error:
        return error


def _cell(arg: Arg, value: Any) -> Any:
    """One value of a range that stands for many values: an error there is the error of its own row."""
    try:
        return _one(arg, value)
    except TaxError as error:
        return error


def _single(rows: list[Any]) -> Any:
    """The value of a range of one cell; any other range as it is."""
    return rows[0][0] if len(rows) == 1 and isinstance(rows[0], list) and len(rows[0]) == 1 else rows


def _one(arg: Arg, value: Any) -> Any:
    """One value. A count of 0 is an empty cell if another number stands for an empty cell: no levy is per 0 dollars."""
    refuse_error(value)
    if not _is_zero(value):
        return value
    keeps = arg.kind in _FIGURES and not (arg.kind == "count" and arg.optional and arg.default != 0)
    return value if keeps else None


def _is_zero(value: Any) -> bool:
    return value == 0 and not isinstance(value, bool)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or _is_zero(value)


def _table(arg: Arg, rows: list[list[Any]]) -> Any:
    """A table with its empty cells empty. A range without any value stands for no table."""
    _refuse_errors(arg.name, rows)
    if all(_is_empty(value) for row in rows for value in row):
        return None
    keeps = [_keeps_zero(arg.kind, header) for header in rows[0]]
    if all(keeps):
        return rows
    out = [rows[0]]
    for row in rows[1:]:
        if all(map(_is_empty, row)):
            out.append([None] * len(row))  # in its place, so that the rows below keep their numbers in messages
        else:
            out.append([v if keep or not _is_zero(v) else None for v, keep in zip(row, keeps, strict=True)])
    return out


def _keeps_zero(kind: str, header: Any) -> bool:
    """True if 0 under this header is a figure. In a Rules table every value is a text, and Id counts the rules."""
    if kind == "town":
        return str(header) == "Id"
    columns: list[Column[Any] | None] = [spec.find(header) for spec in TABLES[kind]]
    column = next((c for c in columns if c), None)
    if column is None or column.kind in ("money", "number"):
        return True
    return column.kind == "count" and not column.default


def _refuse_errors(name: str, rows: Sequence[Sequence[Any]]) -> None:
    """Names each cell of a range that holds an error: an error must not pass for a text or an empty cell."""
    wrong = []
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value.__class__ is str and value[:1] == "#":
                try:
                    refuse_error(value)
                except BadValue as error:
                    header = f", {rows[0][column]}" if number > 1 else ""
                    wrong.append(Problem(f"{name} row {number}{header}", error.problem.what, error.problem.do))
    if wrong:
        raise Problems(wrong)


def without_blank_rows(function: Function, given: list[Any]) -> list[Any]:
    """The arguments of one call, where ranges stand for many calls, with the rows blank that are empty in every range.

    On the desktop an empty amount is 0, so such a row would look like a call for $0.00 without a date.
    """
    spread = [n for n, arg in zip(range(len(given)), function.args, strict=False) if _is_spread(arg, given[n])]
    sizes = {(len(given[n]), len(given[n][0])) for n in spread}
    if len(sizes) != 1:
        return given  # no ranges, or ranges of different sizes, which are refused later
    ((height, width),) = sizes
    out = list(given)
    for n in spread:
        out[n] = [list(row) for row in given[n]]
    for row in range(height):
        for column in range(width):
            if all(_is_empty(given[n][row][column]) for n in spread):
                for n in spread:
                    out[n][row][column] = None
    return out


def _is_spread(arg: Arg, value: Any) -> bool:
    return isinstance(value, list) and not is_range(arg.kind)


# ---- results ----------------------------------------------------------------------------------------------------------


def cells(result: Any, epoch: dt.date) -> Any:
    """The cells of a result, ready for JSON: a value, or rows of values. result: what `lifting.to_cells` gave."""
    if isinstance(result, list):
        return [[cell(v, epoch) for v in row] for row in result]
    return cell(result, epoch)


def cell(value: Any, epoch: dt.date) -> Any:
    """One cell: a number, a text, or True and False. Dates are day numbers. Empty is "", because Excel shows null as 0."""
    if value.__class__ is str:
        return value if len(value) <= LONGEST else value[:LONGEST]
    if value.__class__ is int or isinstance(value, bool | dict):
        return value  # a dict is an error with its words: see calls.py
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return (value - epoch).days
    if isinstance(value, numbers.Real):
        plain = float(value)
        return plain if math.isfinite(plain) else ""
    return str(value)[:LONGEST]
