"""Turns the values of cells into dates and cents, and results back into cells."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

from xltax import csvtext
from xltax.dates import to_date
from xltax.declare import Arg, Function
from xltax.errors import BadValue, TaxError
from xltax.law import load
from xltax.law.levy import choice_of
from xltax.law.profile import Profile
from xltax.law.rates import read_cell
from xltax.law.table import from_frame
from xltax.ledger.wide import charges_from
from xltax.money import dollars, number, to_cents, whole
from xltax.office.counter import posting
from xltax.office.quotes import explanation
from xltax.tables import ADJUSTMENTS, CASH_BOOK, CHARGES, CLOSED_DAYS, RECEIPTS
from xltax.tables.agreements import SCHEDULE, SUBSEQUENTS
from xltax.tables.reading import from_rows, is_blank, read
from xltax.tables.schema import TableSpec
from xltax.wording import some

EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet's date numbers, but for books of the 1904 system
_TABLES: dict[str, TableSpec[Any]] = {
    "receipts": RECEIPTS,
    "adjustments": ADJUSTMENTS,
    "closed_days": CLOSED_DAYS,
    "cash_book": CASH_BOOK,
    "schedule": SCHEDULE,
    "subsequents": SUBSEQUENTS,
}


def call(function: Function, values: Sequence[Any], epoch: dt.date = EPOCH) -> Any:
    """Calls a function with cell values and returns a typed result. Raises TaxError naming the argument.

    epoch: the day a book's day numbers are counted from.

    A function that reports gives the problems as rows instead.
    """
    if not function.reports:
        return _call(function, values, epoch)
    try:
        return _call(function, values, epoch)
    except TaxError as error:
        return explanation.problems(error)


def problems(function: Function, error: TaxError) -> Any:
    """The result for wrong arguments: the problems as rows if the function reports errors. Otherwise, raises the error."""
    if function.reports:
        return explanation.problems(error)
    raise error


def _call(function: Function, values: Sequence[Any], epoch: dt.date) -> Any:
    return function.call(*arguments(function, values, lambda arg, value: typed_value(arg, value, epoch)))


def arguments(function: Function, values: Sequence[Any], read_one: Callable[[Arg, Any], Any]) -> list[Any]:
    """The arguments of a call in the types the function takes, defaults included. `read_one` reads one of them."""
    if len(values) > len(function.args):
        raise BadValue(
            f"{function.name} takes {some(len(function.args), 'argument')}, not {len(values)}.",
            do="Check the number of arguments.",
        )
    typed_values = []
    for n, arg in enumerate(function.args):
        value = values[n] if n < len(values) else None
        if is_missing(value):
            if not (arg.optional or arg.may_be_empty):
                raise BadValue("This argument is required.", where=arg.name, do=arg.help)
            typed_values.append(arg.default)
        else:
            typed_values.append(read_one(arg, value))
    return typed_values


def is_missing(value: Any) -> bool:
    """True for a blank argument: missing, an empty text or an empty cell."""
    if isinstance(value, pd.DataFrame):
        return False
    if isinstance(value, list | tuple):
        return all(is_missing(v) for v in value)
    return is_blank(value)


def typed_value(arg: Arg, value: Any, epoch: dt.date = EPOCH) -> Any:
    """One argument in the type the function takes."""
    try:
        if isinstance(value, TaxError):
            raise value  # what the host could not read
        value = one_cell(value) if arg.kind not in _TABLES and arg.kind not in ("charges", "town") else value
        match arg.kind:
            case "town":
                return town(value, epoch)
            case "money":
                return to_cents(value)
            case "number":
                return number(value)
            case "rate":
                return read_cell(value)
            case "count":
                return whole(value)
            case "date":
                return date_of(value, epoch)
            case "text":
                return chosen(
                    arg, str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
                )
            case "charges":
                return charges_from(dated(from_rows(value, arg.name), CHARGES, epoch))
            case "receipts" if _is_cash_book(value):
                return posting.receipts_of(read(dated(from_rows(value, arg.name), CASH_BOOK, epoch), CASH_BOOK))
            case _:
                return read(dated(from_rows(value, arg.name), _TABLES[arg.kind], epoch), _TABLES[arg.kind])
    except TaxError as error:
        raise error.at(arg.name) from None


def _is_cash_book(value: Any) -> bool:
    """True for receipts given as the cash book itself, which has a line for each installment of a receipt."""
    headers = {CASH_BOOK.find(h) for h in from_rows(value, "receipts").columns}
    return {CASH_BOOK["Line"], CASH_BOOK["Total"]} <= headers


def chosen(arg: Arg, text: str) -> str:
    """The text in the declared spelling, if the argument allows only certain texts. Case does not matter."""
    if not arg.choices:
        return text
    found = choice_of(arg.choices, text)
    if found is None:
        raise BadValue(
            f'"{text}" is not a choice for this argument.', do=f"Use one of these: {', '.join(arg.choices)}."
        )
    return found


def one_cell(value: Any) -> Any:
    """The value of a range of one cell; a larger range is refused."""
    if isinstance(value, pd.DataFrame):
        raise BadValue("This argument takes one value, not a table.", do="Enter one value.")
    if isinstance(value, list | tuple):
        flat = [v for row in value for v in (row if isinstance(row, list | tuple) else [row])]
        if len(flat) != 1:
            raise BadValue(f"This argument takes one cell, not {len(flat)}.", do="Select one cell.")
        return flat[0]
    return value


def town(value: Any, epoch: dt.date = EPOCH) -> Any:
    """A town's law from its id, the path of its file, or a Rules table."""
    if isinstance(value, pd.DataFrame):
        return _rules_table(pickle.dumps((value, epoch)))
    if isinstance(value, list | tuple):
        if len(value) == 1 and (not isinstance(value[0], list | tuple) or len(value[0]) == 1):
            return load.load(_on_this_computer(one_cell(value)))
        return _rules_table(pickle.dumps((value, epoch)))
    return load.load(_on_this_computer(value))


@lru_cache(maxsize=8)
def _rules_table(pickled: bytes) -> Profile:
    """The law in a Rules table, read once for the many formulas that name it. pickled: its cells and the epoch, as the key."""
    value, epoch = pickle.loads(pickled)
    frame = value if isinstance(value, pd.DataFrame) else from_rows(value, "town")
    return from_frame(dated(frame, None, epoch))


def _on_this_computer(value: Any) -> str:
    """A town's name as given; a network address is refused, because a cell of any workbook could have it looked up."""
    text = str(value).strip()
    if text[:2].replace("\\", "/") == "//":
        raise BadValue(
            "Functions do not read town files from a network address.",
            where=text,
            do="Copy the file to a drive on this computer, or use a path with a drive letter.",
        )
    return text


def date_of(value: Any, epoch: dt.date = EPOCH) -> dt.date:
    """A date from a date, its ISO text, or a spreadsheet's day number."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number_of_day = _day_number(value)
        if number_of_day is None:
            raise BadValue(
                f"{value} is not a date.", do="Enter a date. In text files, write year-month-day, such as 2025-08-01."
            )
        return to_date(epoch + dt.timedelta(days=number_of_day))
    return to_date(value)


def _day_number(value: Any) -> int | None:
    """A spreadsheet's day number as a whole number; None for anything that is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if not isinstance(value, int) and not math.isfinite(value):
        return None
    return int(value) if 0 < value < 200_000 and value == int(value) else None


def dated(frame: pd.DataFrame, spec: TableSpec[Any] | None, epoch: dt.date = EPOCH) -> pd.DataFrame:
    """The table with day numbers in its date columns turned into dates: some hosts hand dates over as numbers."""
    out = frame.copy()
    out.attrs = dict(frame.attrs)
    for position, header in enumerate(frame.columns):
        column = spec.find(header) if spec else None
        is_date = (
            column.kind == "date"
            if column
            else (spec is None and header in ("From", "To")) or str(header).startswith("Due ")
        )
        if is_date and out.dtypes.iloc[position] != "datetime64[s]":
            dates = [_maybe_date(v, epoch) for v in frame.iloc[:, position]]
            # Any: pandas-stubs know no Series in isetitem
            cells: Any = pd.Series(dates, index=frame.index, dtype=object)
            out.isetitem(position, cells)
    return out


def _maybe_date(value: Any, epoch: dt.date) -> Any:
    number_of_day = _day_number(value)
    return value if number_of_day is None else epoch + dt.timedelta(days=number_of_day)


# ---- results -----------------------------------------------------------------------------------------------------


def to_cells(function: Function, result: Any) -> Any:
    """A typed result as cells: money as a number with two decimals, a date as a date, a table with its header."""
    if function.result == "table":
        frame: pd.DataFrame = result
        return [list(frame.columns), *_cells(frame, function.columns)]
    return _cell(function.result, result)


def _cells(frame: pd.DataFrame, spec: TableSpec[Any] | None) -> list[list[Any]]:
    columns = []
    for name in frame.columns:
        column = spec.find(name) if spec else None
        columns.append([_cell(column.kind if column else "text", v) for v in frame[name]])
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(kind: str, value: Any) -> Any:
    if kind == "money":
        return int(value) / 100
    if kind == "date":
        return None if pd.isna(value) else pd.Timestamp(value).date()
    if kind in ("count", "year"):
        return int(value) if value else ""
    if kind == "number":
        return float(value)
    return value


def to_text(function: Function, result: Any) -> str:
    """A typed result as plain text: a scalar, or a table as CSV; money with two decimals, dates year-month-day."""
    if function.result != "table":
        return _text(function.result, result)
    frame: pd.DataFrame = result
    columns = []
    for name in frame.columns:
        column = function.columns.find(name) if function.columns else None
        columns.append([_text(column.kind if column else "text", v) for v in frame[name]])
    return csvtext.table(list(frame.columns), zip(*columns, strict=True), end="\n").rstrip("\n")


def _text(kind: str, value: Any) -> str:
    if kind == "money":
        return dollars(int(value), comma=False)
    if kind == "date":
        return "" if pd.isna(value) else pd.Timestamp(value).date().isoformat()
    if kind in ("count", "year"):
        return str(int(value)) if value else ""
    if isinstance(value, Fraction):
        return decimal(value)
    return str(value)


def decimal(value: Fraction, places: int = 6) -> str:
    """An exact number as a decimal of at most six places, without trailing zeros."""
    return f"{round(float(value), places):.{places}f}".rstrip("0").rstrip(".")
