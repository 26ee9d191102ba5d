"""Does the work of the Calc add-in: calculates a function or runs an action on the open document."""

from __future__ import annotations

import datetime as dt
import sys
from importlib.metadata import version
from typing import Any

import pandas as pd

from xltax.declare import Arg
from xltax.errors import BadValue, Problem, Problems, TaxError
from xltax.faces import lifting
from xltax.faces.catalog import actions, functions
from xltax.faces.run import press
from xltax.hosts.calc.book import Ask, CalcBook
from xltax.sheets.cells import letters
from xltax.tables.reading import from_rows


def about() -> dict[str, str]:
    """Which xltax this is and which Python runs it."""
    return {"version": version("xltax"), "python": sys.executable}


def run(action: str, ask: Ask) -> str:
    """Runs an action on the open document as its menu entry does, and returns the message."""
    return press(actions()[action], CalcBook(ask)).text


def figure(name: str, given: list[Any], null_date: list[int]) -> Any:
    """A function's result as cells: numbers and texts, a table with its header.

    given: the arguments as Calc hands them over; dates are numbers of days after `null_date` (year, month, day).
    Raises TaxError where a cell has to show an error.
    """
    function = functions()[name]
    zero = dt.date(*null_date)
    values = [_argument(arg, value) for arg, value in zip(function.args, given, strict=False)]
    values += given[len(values) :]  # too many: the boundary says so
    cells = lifting.to_cells(function, lifting.call(function, values, zero), lambda error: error)
    return [[_cell(v, zero) for v in row] for row in cells] if isinstance(cells, list) else _cell(cells, zero)


def _argument(arg: Arg, value: Any) -> Any:
    """What an argument means; an error in its place where it cannot be read.

    Calc gives an empty cell as 0 where a single value may stand: that is no date and no text.
    """
    try:
        if isinstance(value, dict):
            return _range(value)
        if isinstance(value, list):
            if lifting.takes_one_value(arg):
                return [[_named_error(v, arg) for v in row] for row in value]
            _refuse_errors(value, arg.name)
    except TaxError as error:
        return error
    return _blank_is_none(value, arg)


def _blank_is_none(value: Any, arg: Arg) -> Any:
    return None if value == 0 and arg.kind in ("date", "text", "town") else value


def _named_error(value: Any, arg: Arg) -> Any:
    """A cell of a range of single values; an error arrives as "not a number"."""
    if value != value:
        return BadValue("This cell has an error.", where=arg.name, do="Fix the error there first.")
    return _blank_is_none(value, arg)


def _refuse_errors(rows: list[list[Any]], name: str) -> None:
    """An error inside an array arrives as "not a number", which would pass for an empty cell."""
    for number, row in enumerate(rows, 1):
        if any(v != v for v in row):
            raise BadValue("This cell has an error.", where=f"{name} row {number}", do="Fix the error there first.")


def _range(cells: dict[str, Any]) -> pd.DataFrame:
    """A range with its place, so that what is wrong in it is named by its cell. Raises Problems for cells with errors."""
    left, top = cells["left"], cells["top"]
    wrong = [
        Problem(
            f"{cells['sheet']}!{letters(left + column)}{top + row}",
            f"This cell has the error {cells['rows'][row][column]}.",
            "Fix the error there first.",
        )
        for first, above, last, below in cells["errors"]
        for row in range(above, below + 1)
        for column in range(first, last + 1)
    ]
    if wrong:
        raise Problems(wrong)
    frame = from_rows(cells["rows"], cells["sheet"])
    frame.attrs = {
        "sheet": cells["sheet"],
        "header_row": top,
        "letters": {h: letters(left + n) for n, h in enumerate(frame.columns)},
    }
    return frame


def _cell(value: Any, zero: dt.date) -> float | str | dict[str, str]:
    """One cell of a result as Calc takes it: a number or a text; for what is wrong in its row, the words."""
    if isinstance(value, TaxError):
        return {"error": str(value)}
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return float((value - zero).days)
    return value if isinstance(value, str) else float(value)
