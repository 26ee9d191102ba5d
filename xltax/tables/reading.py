"""Reads cells into typed tables and reports every problem with its sheet and cell, or file and row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import EARLIEST, LATEST, to_date
from xltax.errors import BadValue, Problem, Problems
from xltax.law.levy import choice_of
from xltax.money import number, to_cents, usd
from xltax.tables.schema import Column, R, TableSpec
from xltax.tables.table import Table, absent


def place(frame: pd.DataFrame | Table[Any], position: int, header: str = "") -> str:
    """The place of a value: "Cash Book!M14" for a sheet, "payments.csv row 14, Amount" for a file or a range."""
    attrs = frame.attrs
    if places := attrs.get("places"):
        return str(places.place(str(attrs["sheet"]), position, header))
    row = int(attrs.get("header_row", 1)) + 1 + position
    letter = attrs.get("letters", {}).get(header)
    if attrs.get("sheet"):
        return f"{attrs['sheet']}!{letter}{row}" if letter else f"{attrs['sheet']} row {row}"
    named = attrs.get("file") or (frame.spec.name if isinstance(frame, Table) else "table")
    return f"{named} row {row}" + (f", {header}" if header else "")


NO_RESULT = "#NO RESULT"
"""What the adapters give for a formula that nobody has calculated."""
ERROR = "#ERROR"
"""What they give for an error without a name."""
_ERRORS = re.compile(
    r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|EXTERNAL!|PYTHON!|GETTING_DATA|ERROR)"
    r"|Err:\d{3}"
)


def refuse_error(value: object) -> None:
    """Raises BadValue for a cell that shows an error, and for a formula without a result: neither is an empty cell."""
    if not isinstance(value, str) or value[:1] not in ("#", "E"):
        return
    if value == NO_RESULT:
        raise BadValue(
            "This cell has a formula without a result.", do="Open the workbook in Excel and save, or type the value."
        )
    if _ERRORS.fullmatch(value):
        raise BadValue(f"This cell shows the error {value}.", do="Correct the formula, or type the value.")


def is_blank(value: object) -> bool:
    """True for an empty cell, an empty text and a missing value."""
    return value is None or value == "" or (isinstance(value, float) and value != value) or value is pd.NaT


def read(frame: pd.DataFrame, spec: TableSpec[R], *, keys: bool = True, derived: bool = False) -> Table[R]:
    """The table that cells hold: names as declared, ids and text as str, money as cents, dates as dates.

    Blank rows are dropped and the user's own columns left out; the index keeps each row's place. Raises Problems with
    every wrong cell, missing column, doubled header and doubled key. TypeError for what is a table already: its cents
    would be read as dollars.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{frame!r} is no block of cells: only cells are read.")
    source, problems = _headers(frame, spec)
    wanted = [c for c in spec.columns if derived or not c.derived]
    problems += _missing(frame, spec, wanted, source)
    if problems:
        raise Problems(problems)

    rows = _filled_rows(frame, source)
    # A workbook's table leaves out its blank rows, and its index says where the others stand.
    places = frame.index.to_numpy()[rows] if frame.attrs.get("indexed") else rows
    data: dict[str, Any] = {}
    for column in wanted:
        if column.name not in source:
            data[column.name] = absent(column, len(rows))
            continue
        header = source[column.name]
        values = frame[header].iloc[rows]

        def where(i: int, header: str = header) -> str:
            return place(frame, int(places[i]), header)

        data[column.name] = _column(column, values, where, problems)
    # Texts stay plain objects: going through them one by one is ten times faster than through pandas' own kind of text.
    kept = {name: pd.Series(values, index=places, dtype=values.dtype) for name, values in data.items()}
    result = pd.DataFrame(kept, index=places)
    result.attrs = dict(frame.attrs)
    if keys and spec.key and not problems:
        problems += _doubled(result, spec, frame, source)
    if problems:
        raise Problems(problems)
    return Table(spec, result)


def _named(frame: pd.DataFrame, spec: TableSpec[Any]) -> str:
    """The name of a table in messages: its sheet, its file, or its own name."""
    return str(frame.attrs.get("sheet") or frame.attrs.get("file") or spec.name)


def _headers(frame: pd.DataFrame, spec: TableSpec[Any]) -> tuple[dict[str, str], list[Problem]]:
    """The header of each column that the table has, and what is wrong with the headers."""
    source: dict[str, str] = {}
    problems: list[Problem] = []
    for position, header in enumerate(frame.columns):
        column = spec.find(header)
        if column is None:
            continue
        if column.name in source:
            what = f'"{header}" and "{source[column.name]}" are the same column.'
            problems.append(Problem(_named(frame, spec), what, "Keep one of the two columns."))
        elif list(frame.columns).count(header) > 1:
            what = f'The header "{header}" appears twice.'
            problems.append(Problem(_named(frame, spec), what, "Keep one of the two columns."))
            source[column.name] = str(frame.columns[position])
        else:
            source[column.name] = header
    return source, problems


def _missing(
    frame: pd.DataFrame, spec: TableSpec[Any], wanted: list[Column[Any]], source: dict[str, str]
) -> list[Problem]:
    """A problem for each required column that the table does not have."""
    return [
        Problem(
            _named(frame, spec), f'The column "{column.name}" is missing.', f"Add this column. {column.help}".rstrip()
        )
        for column in wanted
        if column.required and column.name not in source
    ]


def _filled_rows(frame: pd.DataFrame, source: dict[str, str]) -> Any:
    """The positions of the rows that are not blank."""
    filled = np.zeros(len(frame), dtype=bool)
    for header in source.values():
        if filled.all():
            break
        filled |= ~_blanks(frame[header])
    return np.flatnonzero(filled)


def _blanks(values: pd.Series[Any]) -> Any:
    if values.dtype.kind in "fMmiub":
        return values.isna().to_numpy()
    if values.dtype != object:
        return (values.isna() | (values == "")).to_numpy()
    return np.fromiter((is_blank(v) for v in values), dtype=bool, count=len(values))


def _column(column: Column[Any], series: pd.Series[Any], where: Callable[[int], str], problems: list[Problem]) -> Any:
    """One column, converted value by distinct value: receipts repeat their dates, bills their years."""
    if column.kind == "date" and series.dtype.kind == "M" and not column.required:
        dates = series.to_numpy().astype("datetime64[s]")
        inside = np.isnat(dates) | ((dates >= np.datetime64(EARLIEST)) & (dates <= np.datetime64(LATEST)))
        if inside.all():
            return dates.astype("datetime64[D]").astype("datetime64[s]")
    values = series.tolist()
    kinds = set(map(type, values))
    if bool in kinds:  # True is 1 to a dictionary, but not to a money column
        values = [_Flag(v) if isinstance(v, bool) else v for v in values]
    convert = _CONVERT[column.kind]
    known: dict[Any, Any] = dict.fromkeys(values)
    wrong: dict[Any, Problem] = {}
    for value in known:
        if is_blank(value):
            if column.required:
                wrong[value] = Problem("", f"{column.name} is empty.", f"Fill in this cell. {column.help}".rstrip())
            known[value] = _blank(column)
            continue
        try:
            refuse_error(value)
            known[value] = convert(column, value.value if isinstance(value, _Flag) else value)
        except BadValue as error:
            wrong[value] = error.problem
            known[value] = _blank(column)
    if wrong:
        for i, value in enumerate(values):
            if value in wrong:
                problems.append(Problem(where(i), wrong[value].what, wrong[value].do))
    out = list(map(known.__getitem__, values))
    if column.kind in ("money", "count", "year"):
        return np.array(out, dtype=np.int64)
    if column.kind == "date":
        return np.array(out, dtype="datetime64[s]")
    array = np.empty(len(out), dtype=object)
    array[:] = out
    return array


@dataclass(frozen=True)
class _Flag:
    """A yes/no cell, kept separate from the number 1 or 0."""

    value: bool


def _blank(column: Column[Any]) -> Any:
    if column.kind in ("money", "count", "year"):
        return int(column.default or 0)  # type: ignore[call-overload]
    if column.kind == "date":
        return np.datetime64("NaT")
    return column.default or ""


def as_id(value: object) -> str:
    """An id as text: 12.0 from a cell becomes "12". Text stays unchanged, with its leading zeros."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value).strip()


def _money(column: Column[Any], value: object) -> int:
    cents = to_cents(value)
    if column.least is not None and cents < column.least:
        raise BadValue(f"{usd(cents)} is too low.", do=f"Enter {usd(column.least)} or more. {column.help}".rstrip())
    return cents


def _count(column: Column[Any], value: object) -> int:
    exact = number(value)
    if exact.denominator != 1:
        raise BadValue(f"{value} is not a whole number.", do="Enter a whole number, such as 12.")
    if column.least is not None and exact < column.least:
        raise BadValue(f"{value} is too low.", do=f"Enter {column.least} or more. {column.help}".rstrip())
    return int(exact)


def _year(column: Column[Any], value: object) -> int:
    year = _count(column, value)
    if not 1900 <= year <= 2199:
        raise BadValue(f"{value} is not a year.", do="Enter four digits, such as 2025.")
    return year


def _date(column: Column[Any], value: object) -> Any:
    return np.datetime64(to_date(value).isoformat())


def _text(column: Column[Any], value: object) -> str:
    text = as_id(value)
    if column.choices:
        if (choice := choice_of(column.choices, text)) is not None:
            return choice
        raise BadValue(
            f'"{text}" is not a choice in this column.', do=f"Use one of these: {', '.join(column.choices)}."
        )
    return text


def _yes(column: Column[Any], value: object) -> str:
    text = str(value).strip().lower()
    if text in ("yes", "y", "true", "1", "x"):
        return "Yes"
    if text in ("no", "n", "false", "0"):
        return "No"
    raise BadValue(f'"{value}" is not Yes or No.', do="Enter Yes or No.")


def _number(column: Column[Any], value: object) -> str:
    number(value)
    return str(value)


_CONVERT: dict[str, Callable[[Column[Any], object], Any]] = {
    "id": _text,
    "text": _text,
    "date": _date,
    "money": _money,
    "number": _number,
    "count": _count,
    "year": _year,
    "yes": _yes,
}


def fits(column: Column[Any], value: object) -> bool:
    """Whether a filled cell can be read as a value of its column."""
    try:
        refuse_error(value)
        _CONVERT[column.kind](column, value)
    except BadValue:
        return False
    return True


def _doubled(result: pd.DataFrame, spec: TableSpec[Any], frame: pd.DataFrame, source: dict[str, str]) -> list[Problem]:
    key = [k for k in spec.key if k in result.columns]
    again = result.duplicated(key, keep=False)
    problems = []
    for value, group in result[again].groupby(key, sort=False):
        named = ", ".join(
            f"{k} {v}" for k, v in zip(key, value if isinstance(value, tuple) else (value,), strict=False) if v != ""
        )
        first, *others = [place(frame, int(p), source.get(key[0], "")) for p in group.index]
        for other in others:
            problems.append(Problem(other, f"{named} is already at {first}.", "Keep one of the two rows."))
    return problems


def from_rows(rows: Any, name: str) -> pd.DataFrame:
    """A frame from a block of cells with its header in the first row, as a spreadsheet hands it over."""
    if isinstance(rows, pd.DataFrame):
        return rows
    if rows is None or is_blank(rows):
        raise BadValue("This range is empty.", where=name, do="Select a range with its header row.")
    if not isinstance(rows, list | tuple) or not rows or not isinstance(rows[0], list | tuple):
        raise BadValue("This is a single value, not a table.", where=name, do="Select a range with its header row.")
    header = ["" if is_blank(h) else str(h).strip() for h in rows[0]]
    frame = pd.DataFrame([list(r) for r in rows[1:]], columns=header, dtype=object)
    frame.attrs = {"file": name, "header_row": 1}
    return frame


def days(values: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A column of dates as day numbers; a missing date is a very negative number."""
    return np.asarray(values).astype("datetime64[D]").astype(np.int64) + 719_163
