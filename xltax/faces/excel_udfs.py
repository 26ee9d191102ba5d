"""Makes every TAX_ function available to Excel through xlwings.

A function never raises towards Excel. What is wrong comes back as a text that begins with MARK; the macro beside it keeps
the text for the Why? button and gives the cell a real error value, which SUM does not skip.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any, Protocol, cast

import xlwings as xw
from xlwings.conversion import Accessor

from xltax.declare import Arg, Function
from xltax.errors import BadValue, Problem, Problems, TaxError
from xltax.faces import boundary, lifting
from xltax.faces.catalog import functions
from xltax.sheets.cells import letters
from xltax.tables.reading import from_rows

MARK = "\x15"
"""Begins the text of an error; no cell and no result holds this control character."""

_LONGEST = 32_000  # what Excel takes as one text
_MANY = 100_000  # rows from which a range is cut to what the sheet uses: a whole column has a million
_ERRORS = range(-2146826300, -2146826200)  # the codes Excel hands over for #N/A and its kin
_ERROR_TEXTS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])


class AsGiven(Accessor):
    """How xlwings passes an argument: a range with its place, or a plain value."""

    @staticmethod
    def _hand_over(context: Any) -> None:
        if context.range is not None:
            context.value = context.range

    @classmethod
    def reader(cls, options: dict[str, Any]) -> Any:
        return Accessor.reader(options).append_stage(cls._hand_over)  # type: ignore[no-untyped-call]


def answer(function: Function, given: tuple[Any, ...]) -> Any:
    """One call as Excel makes it: ranges and values in, a value or a block of cells out, or MARK and what is wrong."""

    def wrong(error: TaxError) -> str:
        return f"{MARK}{function.name}: {error}"[:_LONGEST]

    try:
        try:
            args = (*function.args, *[None] * (len(given) - len(function.args)))
            result = lifting.call(function, [_argument(v, arg) for v, arg in zip(given, args, strict=False)])
        except TaxError as error:
            result = boundary.problems(function, error)
        return lifting.to_cells(function, result, wrong)
    except TaxError as error:
        return wrong(error)
    except Exception as error:  # an unforeseen one must not put text into a cell either
        return f"{MARK}{function.name}: {type(error).__name__}: {error}. Report this error with the formula."[:_LONGEST]


def _argument(given: Any, arg: Arg | None) -> Any:
    """An argument as the boundary has it: a cell as its value, a range as a table that knows its place, nothing as nothing.

    A range for an argument that takes one value is its rows. An error in it is that row's.
    """
    one_value = arg is not None and lifting.takes_one_value(arg)
    if isinstance(given, xw.Range):
        cells = _used(given)
        if one_value and cells.count > 1:
            return _rows_of_values(cells)
        return _range(cells)
    rows = given if isinstance(given, list | tuple) else [[given]]
    if not isinstance(rows[0], list | tuple):
        rows = [rows]  # Excel hands a single row of values over flat
    rows = [[_value(v) for v in row] for row in rows]
    if one_value and (len(rows) > 1 or len(rows[0]) > 1):
        return [[_named_error(v, "") for v in row] for row in rows]
    _refuse_errors(rows, "")
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _rows_of_values(cells: Any) -> list[list[Any]]:
    rows = cells.options(ndim=2, err_to_str=True).value
    sheet, top, left = cells.sheet.name, cells.row, cells.column
    return [
        [_named_error(_value(v), f"{sheet}!{letters(left + c)}{top + r}") for c, v in enumerate(row)]
        for r, row in enumerate(rows)
    ]


def _named_error(value: Any, cell: str) -> Any:
    """A value as it is; an error value of Excel as what is wrong in that cell."""
    return BadValue(**_said(value, cell)) if _is_error(value) else value


def _range(cells: Any) -> Any:
    rows = cells.options(ndim=2, err_to_str=True).value
    sheet, top, left = cells.sheet.name, cells.row, cells.column
    rows = [[_value(v) for v in row] for row in rows]
    _refuse_errors(rows, sheet, top, left)
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    frame = from_rows(rows, sheet)
    frame.attrs = {
        "sheet": sheet,
        "header_row": top,
        "letters": {h: letters(left + n) for n, h in enumerate(frame.columns)},
    }
    return frame


def _used(cells: Any) -> Any:
    """A range that is whole columns, without the rows below the last one the sheet uses."""
    rows, columns = cells.shape
    if rows <= _MANY:
        return cells
    used = cells.sheet.api.UsedRange
    last = max(cells.row, min(cells.row + rows, used.Row + used.Rows.Count) - 1)
    return cells.sheet.range((cells.row, cells.column), (last, cells.column + columns - 1))


def _value(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    return "#ERROR" if type(value) is int and value in _ERRORS else value


def _is_error(value: Any) -> bool:
    return value.__class__ is str and value[:1] == "#" and (value in _ERROR_TEXTS or value == "#ERROR")


def _said(value: str, cell: str) -> dict[str, str]:
    what = f"This cell has the error {value}." if cell else f"A value has the error {value}."
    return {"what": what, "where": cell, "do": "Fix the error there first."}


def _refuse_errors(rows: list[list[Any]], sheet: str, top: int = 1, left: int = 1) -> None:
    """A cell that holds an error is named, whatever its column: it must not pass for a text or an empty cell."""
    wrong = [
        Problem(**_said(value, f"{sheet}!{letters(left + c)}{top + r}" if sheet else ""))
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if _is_error(value)
    ]
    if wrong:
        raise Problems(wrong)


class _Signed(Protocol):
    """A function that says itself what arguments it takes."""

    __signature__: inspect.Signature


def _for_excel(function: Function) -> Callable[..., Any]:
    """A function as xlwings wants it: named arguments without types, each handed over as the range it is."""

    def call(*given: Any) -> Any:
        return answer(function, given)

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.help
    signed = cast(_Signed, call)
    signed.__signature__ = inspect.Signature(
        [
            inspect.Parameter(
                a.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if a.optional else inspect.Parameter.empty,
            )
            for a in function.args
        ]
    )
    made = xw.func(call)
    for a in function.args:
        made = xw.arg(a.name, convert=AsGiven, doc=a.help)(made)
    return made


globals().update({name: _for_excel(f) for name, f in functions().items()})
