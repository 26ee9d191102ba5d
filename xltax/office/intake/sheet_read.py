"""Reads the rows of a sheet by its mapping, cell by cell, and says what does not tie."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.money import Cents, usd
from xltax.office.counter.batches import date_as, padded
from xltax.office.intake import file_words, header_match, sheet_shape
from xltax.office.intake.header_match import IDENTITY, TWO_DECIMALS, Filled
from xltax.office.intake.side_by_side import number_of
from xltax.office.intake.targets import BATCH, Target, wanted
from xltax.tables.reading import as_id, place, refuse_error
from xltax.tables.reading import read as read_cells
from xltax.tables.schema import Column, TableSpec
from xltax.tables.setup import UNSETTLED, Unsettled
from xltax.tables.table import Table
from xltax.wording import some


@dataclass(frozen=True)
class Meaning:
    """What the words in a sheet mean: the town's deductions in cents, words that somebody explained, and the paid statuses."""

    codes: Mapping[str, Cents] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    paid: frozenset[str] = frozenset()


AS_USUAL = Meaning()


@dataclass
class Read:
    """A sheet read by its mapping: the rows, the skipped rows, the problems, the total, and the sheet's cells.

    kept: the cells as they stand on the sheet, with every skipped row emptied in place.
    """

    rows: Table[Any]
    left_out: list[tuple[str, str, Cents]]  # place, reason, amount
    problems: list[Problem]
    total: Cents
    kept: pd.DataFrame = field(default_factory=pd.DataFrame)


def read(
    frame: pd.DataFrame, target: Target, filled: Sequence[Filled], levy_type: str = "", meaning: Meaning = AS_USUAL
) -> Read:
    """Reads a sheet by its mapping. A value that cannot be read becomes a problem with its cell."""
    spec = wanted(target)
    by = {f.column: f for f in filled if f.header}
    amount = by[target.total].header if target.total in by else ""
    ids = [by[c].header for c in target.ids if c in by]
    problems: list[Problem] = []
    left = {}
    if target.name in ("payments", BATCH.name):
        left = _voided(frame) | _unpaid(frame, meaning.paid, problems)
    if amount and ("side" in frame.attrs or target is BATCH):
        left |= {n: "" for n, v in enumerate(frame[amount]) if v is None or v == sheet_shape.DASH}
    kept, out = sheet_shape.set_apart(frame, ids, amount, left)
    letters = frame.attrs["letters"]
    data = {name: _values(kept, f, spec[name], meaning, problems) for name, f in by.items()}
    table = pd.DataFrame(data, dtype=object)
    if levy_type and "Levy Type" not in table and "Levy Type" in spec.names:
        table["Levy Type"] = table.notna().any(axis=1).map({True: levy_type, False: None})
    headers = {name: f.header for name, f in by.items()}
    table.attrs = {**frame.attrs, "letters": {name: letters[h] for name, h in headers.items()}}
    if places := frame.attrs.get("places"):
        table.attrs["places"] = places.renamed(headers)
    total_column = target.total if amount else ""
    left_out = [(place(table, n, total_column if cents else ""), reason, cents) for n, reason, cents in out if reason]
    left_out += [
        (f"{frame.attrs['sheet']} row {frame.attrs['header_row'] + 1 + n}", why, c)
        for n, why, c in frame.attrs.get("skipped", ())
    ]
    rows: Table[Any] = Table.empty(spec)
    asked = [f.column for f in filled if not f.header and not f.sure]
    if not problems:
        try:
            rows = read_cells(table, _without_asked(spec, asked))
            if target.blank and not asked:
                rows = rows.as_rows_of(target.spec)
        except Problems as error:
            problems += error.problems
    total = int(rows[target.total].sum()) if len(rows) and target.total in rows else 0
    return Read(Table.empty(spec) if asked else rows, left_out, problems, total, kept)


def _without_asked(spec: TableSpec[Any], asked: Sequence[str]) -> TableSpec[Any]:
    """The same columns, those that somebody is asked about not required: an answer comes before a complaint."""
    if not asked:
        return spec
    columns = tuple(dataclasses.replace(c, required=False) if c.name in asked else c for c in spec.facts)
    return TableSpec(spec.name, spec.row, spec.key, columns=columns)


def status_header(frame: pd.DataFrame) -> str:
    """The header of the column that says whether a payment's money came; "" if there is none."""
    return next((str(h) for h in frame.columns if header_match.words(str(h)).split()[-1:] == ["status"]), "")


def void_headers(frame: pd.DataFrame) -> list[str]:
    """The headers of columns that mark a payment as void, such as Void, Voided On or NSF Flag."""
    return [
        str(h)
        for h in frame.columns
        if (said := header_match.words(str(h)).split()) and said[0] in _VOID and {*said[1:]} <= _MARK
    ]


_VOID = {"void", "voided", "reversed", "canceled", "cancelled", "nsf", "returned", "deleted"}
_MARK = {"flag", "indicator", "ind", "date", "on", "yn", "y", "n"}
_NOT_MARKED = ("n", "no", "f", "false", "0", "0.0", sheet_shape.DASH)


def _voided(frame: pd.DataFrame) -> dict[int, str]:
    """The rows that a column such as Void marks. Any mark but a no counts: an X, a date or a name."""
    out: dict[int, str] = {}
    for header in void_headers(frame):
        for n, value in enumerate(frame[header]):
            said = str(value if value is not None else "").strip()
            none = not said or said.casefold() in _NOT_MARKED or header_match.means_empty(said)
            if not none and value not in (header, *frame.attrs["lines"][-1:][0]):
                out[n] = f'status "{header} {said}"'
    return out


def _unpaid(frame: pd.DataFrame, paid: Collection[str], problems: list[Problem]) -> dict[int, str]:
    """The rows whose status says that the money did not come. A status that nobody knows becomes a problem.

    paid: the statuses that count, in small letters, if somebody named them; all others are then left out.
    """
    header = status_header(frame)
    if not header:
        return {}
    out: dict[int, str] = {}
    asked: set[str] = set()
    for n, value in enumerate(frame[header]):
        said = str(value or "").strip().casefold()
        if not said or said in (paid or file_words.PAID_STATUS) or value in (header, *frame.attrs["lines"][-1:][0]):
            continue
        if paid or said in file_words.UNPAID_STATUS:
            out[n] = f'status "{value}"'
        elif said not in asked:
            asked.add(said)
            problems.append(
                Problem(
                    place(frame, n, header),
                    f'Does the status "{value}" mean that the money came?',
                    f'Name the statuses that count as paid, such as --paid "{value}". All others are left out.',
                )
            )
    return out


def _values(
    frame: pd.DataFrame, filled: Filled, column: Column[Any], meaning: Meaning, problems: list[Problem]
) -> list[object]:
    """A column's cells, read as the mapping says. Each distinct value is read once."""
    values = frame[filled.header].tolist()
    doubtful = frame.attrs["doubtful"].get(filled.header, ()) if filled.reads_as == TWO_DECIMALS else ()
    for n in doubtful:
        if values[n] is not None:
            values[n] = _LOST.sub(r"\g<1>0", as_id(values[n]))
    # The number 1, the text 1 and Yes are three different cells, but one key of a dictionary.
    keys = values if set(map(type, values)) <= {str, type(None)} else [(type(v), v) for v in values]
    known: dict[Any, object] = {}
    wrong: dict[Any, Problem] = {}
    for key, value in dict(zip(keys, values, strict=True)).items():
        try:
            known[key] = _cell(value, column, filled, meaning)
        except BadValue as error:
            known[key], wrong[key] = None, error.problem
    odd = {n: said for (n, header), said in frame.attrs["odd"].items() if header == filled.header}
    for n in sorted({n for n, key in enumerate(keys) if key in wrong} | set(odd)) if wrong or odd else ():
        if values[n] is not None:
            where = place(frame, n, filled.header)
            said = wrong.get(keys[n]) or Problem("", odd[n], _ENCODING)
            problems.append(Problem(where, said.what, said.do))
    return [known[key] for key in keys]


def _cell(value: object, column: Column[Any], filled: Filled, meaning: Meaning) -> object:
    """One cell, read as the mapping says; None for an empty one. Raises BadValue for a cell that cannot be read."""
    if value is None or value == sheet_shape.DASH:
        return 0 if value == sheet_shape.DASH and column.kind == "money" else None
    if column.kind in header_match.FIGURES and header_match.means_empty(value):
        return None
    refuse_error(value)
    return _value(value, column, filled, meaning)


_CREDIT = re.compile(r"\$? ?([\d,]+(?:\.\d\d)?) *(?:(-|cr)|dr)\.?", re.IGNORECASE)
"""An amount with a sign behind it: 805.00-, 805.00 CR or 805.00 DR. Which of them a program means by CR is not known here."""
_ENCODING = "Correct the cell, or read such characters as Windows does (option --encoding cp1252)."
_LOST = re.compile(r"(\.[1-9])(?!\d)")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_A_DATE = re.compile(
    rf"\d{{1,2}}-({_MONTHS})(-\d\d(\d\d)?)?|({_MONTHS})-\d{{1,2}}|\d{{1,2}}/\d{{1,2}}/(19|20)\d\d|(19|20)\d\d-\d\d-\d\d([ T][\d:.]+)?",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_AS_TEXT = (
    "Format the column as Text in the source and type the number again, or take the file from the old system directly."
)


def _refuse_mangled(value: object, name: str) -> None:
    """Raises BadValue for a number that a spreadsheet took for a date, or shortened: nobody knows what was typed."""
    if isinstance(value, dt.date) or (isinstance(value, str) and _A_DATE.fullmatch(value.strip())):
        shown = value.strftime("%Y-%m-%d") if isinstance(value, dt.date) else value
        raise BadValue(
            f"This {name} is a date ({shown}). A spreadsheet changes a number such as 12-4 to a date.", do=_AS_TEXT
        )
    shortened = isinstance(value, str) and _SCIENTIFIC.fullmatch(value.strip())
    if shortened or (isinstance(value, int | float) and abs(value) >= 10**15):
        raise BadValue(
            f"This {name} lost its last digits ({value}). A spreadsheet keeps 15 digits of a number.", do=_AS_TEXT
        )


def _value(value: object, column: Column[Any], filled: Filled, meaning: Meaning) -> object:
    kind = column.kind
    if kind == "date":
        return date_as(value, filled.reads_as)
    if kind in ("money", "number") and isinstance(value, str) and header_match.FLOAT.fullmatch(value.strip()):
        exact = Decimal(
            value.strip()
        )  # another program's number, written out in full: 17 figures, the last one in doubt
        value = (
            exact.quantize(Decimal("0.01"))
            if abs(exact - exact.quantize(Decimal("0.01"))) < Decimal("0.000001")
            else exact
        )
    if kind == "money" and isinstance(value, str) and (less := _CREDIT.fullmatch(value.strip())):
        do = f"If this is a credit, enter -{less[1]}." if less[2] else f"Enter {less[1]}."
        raise BadValue(f"{value} is not an amount of money.", do=do)
    if kind == "money" and filled.reads_as == "cents":
        if not as_id(value).isdigit():
            raise BadValue(f'"{value}" is not whole cents.', do="Correct Reads As, or the cell.")
        return Decimal(as_id(value)) / 100
    if column.name == "Deductions" and isinstance(value, str):
        amount = file_words.deduction(value, meaning.codes, meaning.words)
        return value if amount is None else amount
    if column.name == "Inst" and isinstance(value, str):
        return number_of(value) or value
    if column.name == "Tender":
        return file_words.tender(as_id(value), meaning.words)
    if column.name in IDENTITY:
        _refuse_mangled(value, column.name)
    if kind == "id" and filled.digits:
        text = as_id(value)
        if text.isdigit() and len(text) > filled.digits:
            raise BadValue(f"{text} has more than {filled.digits} digits.", do="Correct Digits, or the number.")
        return padded(text, filled.digits)
    return value


def untied(found: Read, target: Target, rows: int | None, total: Cents | None) -> list[Problem]:
    """The differences from the control totals and the rows that may explain them. Empty if the sheet ties to the cent."""
    notes = [
        Problem(where, f"The trailer record says {usd(cents)}, but the rows add up to {usd(found.total)}.", "Ask the sender for the whole file.")
        for where, reason, cents in found.left_out
        if reason == sheet_shape.TRAILER and cents and cents != found.total + sum(c for _, r, c in found.left_out if r.startswith("status"))
    ]  # fmt: skip
    if rows is not None and rows != len(found.rows):
        notes.append(
            Problem(
                "Control total",
                f"The sheet has {some(len(found.rows), 'row')}, not {rows:,}: {len(found.rows) - rows:+,}.",
            )
        )
    if total is not None and total != found.total:
        apart = found.total - total
        notes.append(
            Problem(
                "Control total",
                f"The total is {usd(found.total)}, not {usd(total)}: {usd(abs(apart))} too {'high' if apart > 0 else 'low'}.",
            )
        )
        notes += _suspects(found, target, apart)
    return notes


def _suspects(found: Read, target: Target, apart: Cents) -> list[Problem]:
    """Rows whose amount is the difference or half the difference, and skipped rows of that amount."""
    amounts = found.rows[target.total].to_numpy()
    out = []
    for n, amount in zip(found.rows.index, amounts, strict=True):
        where = place(found.rows, int(n), target.total)
        if amount == apart:
            out.append(Problem(where, f"{usd(int(amount))} is the whole difference.", "Is this row an extra row?"))
        elif amount * 2 == abs(apart):
            out.append(
                Problem(
                    where,
                    f"Twice {usd(int(amount))} is the difference.",
                    "Is the row entered twice, or with the wrong sign?",
                )
            )
    out += [
        Problem(
            where,
            f"{usd(cents)} was skipped as {reason}, and equals the difference.",
            "Does this row belong to the data?",
        )
        for where, reason, cents in found.left_out
        if cents and cents == -apart
    ]
    return out[:50]


def unsettled(found: Read, notes: Sequence[Problem]) -> pd.DataFrame:
    """Everything to review, as rows of Unsettled: wrong cells first, then the difference, then the skipped rows."""
    rows = [
        {Unsettled.where: p.where, Unsettled.what: p.what, Unsettled.to_do: p.do, Unsettled.amount: 0}
        for p in (*found.problems, *notes)
    ]
    rows += [
        {Unsettled.where: where, Unsettled.what: f"Skipped: {reason}.", Unsettled.to_do: "", Unsettled.amount: cents}
        for where, reason, cents in found.left_out
    ]
    return pd.DataFrame(rows, columns=list(UNSETTLED.names)).astype({"Amount": np.int64})
