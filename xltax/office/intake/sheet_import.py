"""Imports another office's sheet: the kinds of sheet, how the columns are matched, and how the control total ties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.money import Cents, usd
from xltax.office.billing.further_lists import FURTHER
from xltax.office.counter.batches import date_as, padded
from xltax.office.intake import header_match, sheet_shape
from xltax.office.intake.header_match import Filled
from xltax.office.intake.opening_balances import OPENING
from xltax.tables import RECEIPTS, ROLL, Parcel
from xltax.tables.counter import COUNTER, MAPPINGS, MappedColumn
from xltax.tables.reading import as_id, place, refuse_error
from xltax.tables.reading import read as read_cells
from xltax.tables.schema import R, Row, TableSpec
from xltax.tables.setup import INCOMING, UNSETTLED, IncomingColumn, Unsettled
from xltax.tables.table import Table
from xltax.wording import some


class ImportedPayment(Row):
    """One payment on an imported sheet."""

    account = COUNTER["Account"]
    bill = COUNTER["Bill"]
    amount = COUNTER["Amount"]
    received = COUNTER["Received"]
    effective = COUNTER["Effective"]
    tender = COUNTER["Tender"]
    reference = COUNTER["Reference"]
    by = COUNTER["By"]
    receipt = RECEIPTS["Receipt"]
    note = COUNTER["Note"]


PAYMENTS = TableSpec("Payments", ImportedPayment, purpose="one row for each payment")
"""A sheet of payments; the rows are posted to the cash book, no table of the book."""

_OPTIONAL = {"Receipt"}  # required in its own table, here given by posting where the sheet has none


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of sheet: its columns, the column to total, the columns that identify the account, more words for columns."""

    name: str
    spec: TableSpec[Any]
    total: str
    ids: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blank: tuple[str, ...] = ()  # not asked for


TARGETS = {
    t.name: t
    for t in (
        Target("roll", ROLL, "Net Value", ("Account",), blank=("Changed On", "Left On")),
        Target("further", FURTHER, "Net Value", ("Account",)),
        Target(
            "balances", OPENING, "Amount", ("Account", "Bill"),
            {"Amount": ("balance", "open balance", "principal", "principal balance", "tax balance", "tax due", "amount due",
                        "balance due", "unpaid", "open", "tax open", "remaining")},
        ),
        Target(
            "payments", PAYMENTS, "Amount", ("Account", "Bill"),
            {"Amount": ("payment", "amount paid", "payment amount", "paid", "check amount", "total paid", "total")},
        ),
    )
}  # fmt: skip


def target_of(what: str) -> Target:
    """The kind of sheet by its name."""
    if what.strip().lower() not in TARGETS:
        raise BadValue(f'"{what}" is not a kind of sheet.', where="what", do=f"Use one of {', '.join(TARGETS)}.")
    return TARGETS[what.strip().lower()]


def wanted(target: Target) -> TableSpec[Any]:
    """The columns to look for: without those of `blank`, and without requiring those that posting fills in."""
    columns = tuple(
        c if c.name not in _OPTIONAL else type(c)(c.name, c.kind, c.help, aliases=c.aliases)
        for c in target.spec.facts
        if c.name not in target.blank
    )
    return TableSpec(f"{target.spec.name} wanted", target.spec.row, target.spec.key, columns=columns)


def sheet(name: str, rows: sheet_shape.Rows, merged: sheet_shape.Merged, target: Target) -> pd.DataFrame:
    """The table on a sheet, below its header."""
    spec = wanted(target)
    frame = sheet_shape.table_of(name, rows, merged, lambda headers: header_match.fitting(headers, spec, target.words))
    if not sheet_shape.set_apart(frame, (), "")[0].notna().any(axis=None):
        raise BadValue("The sheet has no rows.", where=name)
    return _with_parcels(frame, target)


PARCEL = ("Block", "Lot", "Qualifier")
"""The columns that make up an account number if the sheet has none, as in MOD-IV and on the Roll: 12-4-C0001."""


def _with_parcels(frame: pd.DataFrame, target: Target) -> pd.DataFrame:
    """The sheet with an account column made from block and lot, if the sheet has no account column."""
    headers = [str(h) for h in frame.columns]
    if header_match.header_for(headers, ROLL["Account"], target.words):
        return frame
    found = [h for name in PARCEL if (h := header_match.header_for(headers, ROLL[name], {}))]
    if len(found) < 2 or header_match.header_for(headers, ROLL["Lot"], {}) not in found[1:]:
        return frame
    parts = frame[found]
    whole = parts[found[0]].notna() & parts[found[1]].notna()
    joined = " + ".join(found)
    numbers = ["-".join(as_id(v) for v in row if v is not None) for row in parts.to_numpy().tolist()]
    made = frame.assign(**{joined: pd.Series(numbers, index=frame.index, dtype=object).where(whole, None)})
    # A header that is repeated further down has this column's words put together too.
    places = [headers.index(h) for h in found]
    lines = [[*line, "-".join(str(line[n]) for n in places if line[n] is not None)] for line in frame.attrs["lines"]]
    letters = {**frame.attrs["letters"], joined: frame.attrs["letters"][found[0]]}
    made.attrs = {**frame.attrs, "letters": letters, "lines": lines, "parcel": joined}
    return made


def as_on_roll(rows: Table[R], roll: Table[Parcel]) -> tuple[Table[R], str]:
    """The rows with the Roll's account numbers where only the separators differ, 10/1 for 10-1; and what was changed, in words."""
    known = set(roll[Parcel.account])
    meant: dict[str, str] = {}
    for account in known:
        even = _even(account)
        meant[even] = "" if even in meant else account  # where two could be meant, neither is
    theirs = {a: ours for a in set(rows["Account"]) - known if (ours := meant.get(_even(a)))}
    if not theirs:
        return rows, ""
    out = rows.with_columns({"Account": rows["Account"].map(lambda a: theirs.get(a, a))})
    first = next(a for a in rows["Account"] if a in theirs)
    return (
        out,
        f"Matched {some(len(theirs), 'account number')} to the Roll despite different separators, such as {first} for {theirs[first]}.",
    )


def _even(account: str) -> str:
    """An account number with uniform separators: 10 / 2.01 and 10-2.01 are the same."""
    return re.sub(r"[^0-9A-Z.]+", "-", account.upper()).strip("-")


def understood(
    frame: pd.DataFrame, target: Target, given: Sequence[Filled] = (), digits: int = 0, dates: str = ""
) -> list[Filled]:
    """Which header fills which column. Raises Problems for a given header or column that does not exist."""
    spec = wanted(target)
    problems = []
    headers = {header_match.words(h): h for h in frame.columns}
    checked = []
    for one in given:
        column = spec.find(one.column)
        if column is None:
            problems.append(
                Problem(
                    "mapping",
                    f'"{one.column}" is not a column of {target.name}.',
                    f"Use one of {', '.join(spec.names)}.",
                )
            )
        elif one.header and header_match.words(one.header) not in headers:
            problems.append(
                Problem(
                    str(frame.attrs["sheet"]),
                    f'There is no column "{one.header}".',
                    f"Use one of: {', '.join(frame.columns)}.",
                )
            )
        else:
            header = headers[header_match.words(one.header)] if one.header else ""
            checked.append(Filled(column.name, header, one.reads_as, one.digits, one.sure, one.why))
    if problems:
        raise Problems(problems)
    if "parcel" in frame.attrs and "Account" not in {f.column for f in checked}:
        joined = frame.attrs["parcel"]
        sample = next((str(v) for v in frame[joined] if v is not None), "")
        checked.append(
            Filled("Account", joined, sure=False, why=f'Combined, such as "{sample}". Is this the account number?')
        )
    filled = header_match.guess(frame, spec, target.words, checked, digits, dates)
    if any(f.header for f in filled if f.column in target.ids):
        return filled
    whose = f"Required: {' or '.join(target.ids)}, to identify each row."
    return [Filled(f.column, sure=False, why=whose) if f.column == target.ids[0] and f.sure else f for f in filled]


def shown(frame: pd.DataFrame, filled: Sequence[Filled]) -> pd.DataFrame:
    """The mapping as rows of Incoming: our column, their header, a sample, sure or not."""
    rows = [
        {
            IncomingColumn.column: f.column,
            IncomingColumn.header: f.header,
            IncomingColumn.sample: next((str(v) for v in frame[f.header] if v is not None), "") if f.header else "",
            IncomingColumn.sure: ("Yes" if f.sure else "Look") if f.header or not f.sure else "",
            IncomingColumn.reads_as: f.reads_as,
            IncomingColumn.digits: f.digits,
            IncomingColumn.why: f.why,
        }
        for f in filled
    ]
    return pd.DataFrame(rows, columns=list(INCOMING.names)).astype({"Digits": np.int64})


def not_used(frame: pd.DataFrame, filled: Sequence[Filled]) -> list[str]:
    """The headers with values below them that fill none of our columns."""
    taken = {f.header for f in filled}
    joined = frame.attrs.get("parcel", "")
    if joined in taken:
        taken |= set(joined.split(" + "))
    records = sheet_shape.set_apart(frame, (), "")[0]
    return [str(h) for h in frame.columns if h not in taken and h != joined and records[h].notna().any()]


def read_as_empty(frame: pd.DataFrame, filled: Sequence[Filled], target: Target) -> list[str]:
    """The words that are read as empty cells, column by column, in sentences: "N/A", NULL and the like."""
    spec, out = wanted(target), []
    for f in filled:
        if f.header and spec[f.column].kind in header_match.FIGURES:
            words = Counter(str(v) for v in frame[f.header] if header_match.means_empty(v) and v != sheet_shape.DASH)
            out += [
                f'  {f.column}: "{word}" is read as empty in {some(count, "cell")}.' for word, count in words.items()
            ]
    return out


def from_table(rows: Table[IncomingColumn]) -> list[Filled]:
    """The mapping as it stands on Incoming, corrected or not."""
    return [
        Filled(
            r[IncomingColumn.column],
            r[IncomingColumn.header],
            r[IncomingColumn.reads_as],
            int(r[IncomingColumn.digits]),
            r[IncomingColumn.sure] == "Yes",
            r[IncomingColumn.why],
        )
        for r in rows.frame.to_dict("records")
    ]


def unsure(filled: Sequence[Filled]) -> list[Problem]:
    """The matches to confirm before an import."""
    return [
        Problem(
            f"Incoming, {f.column}",
            f.why or "Not confirmed.",
            ("" if f.why.endswith(").") else "Correct the Header, or set Sure to Yes.")
            if f.header
            else "Fill in the Header.",
        )
        for f in filled
        if not f.sure
    ]


def remembered(mappings: Table[MappedColumn], name: str, frame: pd.DataFrame) -> list[Filled]:
    """The mapping saved under a name, for the headers this sheet has."""
    table = mappings.frame
    headers = {header_match.words(h) for h in frame.columns}
    return [
        Filled(
            r[MappedColumn.column],
            r[MappedColumn.header],
            r[MappedColumn.reads_as],
            int(r[MappedColumn.digits]),
            why="remembered",
        )
        for r in table[table[MappedColumn.mapping].str.lower() == name.lower()].to_dict("records")
        if header_match.words(r[MappedColumn.header]) in headers
    ]


def to_remember(mappings: Table[MappedColumn], name: str, filled: Sequence[Filled]) -> Table[MappedColumn]:
    """The Mappings table with this mapping, which replaces one of the same name."""
    table = mappings.frame
    kept = table[table[MappedColumn.mapping].str.lower() != name.lower()]
    rows = pd.DataFrame(
        [{MappedColumn.mapping: name, MappedColumn.column: f.column, MappedColumn.header: f.header, MappedColumn.reads_as: f.reads_as, MappedColumn.digits: f.digits} for f in filled if f.header],
        columns=list(MAPPINGS.names),
    )  # fmt: skip
    out = pd.concat([kept, rows], ignore_index=True) if len(kept) else rows
    out = out.astype({"Digits": np.int64})
    return Table.made(MAPPINGS, out)


@dataclass
class Read:
    """A sheet read by its mapping: the rows, the skipped rows, the problems, and the total."""

    rows: Table[Any]
    left_out: list[tuple[str, str, Cents]]  # place, reason, amount
    problems: list[Problem]
    total: Cents


def read(frame: pd.DataFrame, target: Target, filled: Sequence[Filled], levy_type: str = "") -> Read:
    """Reads a sheet by its mapping. A value that cannot be read becomes a problem with its cell."""
    spec = wanted(target)
    by = {f.column: f for f in filled if f.header}
    amount = by[target.total].header if target.total in by else ""
    ids = [by[c].header for c in target.ids if c in by]
    kept, out = sheet_shape.set_apart(frame, ids, amount)
    letters = frame.attrs["letters"]
    problems: list[Problem] = []
    data = {name: _values(kept, f, spec[name].kind, problems) for name, f in by.items()}
    table = pd.DataFrame(data, dtype=object)
    if levy_type and "Levy Type" not in table and "Levy Type" in spec.names:
        table["Levy Type"] = table.notna().any(axis=1).map({True: levy_type, False: None})
    table.attrs = {**frame.attrs, "letters": {name: letters[f.header] for name, f in by.items()}}
    left_out = [(place(table, n, target.total if amount else ""), reason, cents) for n, reason, cents in out]
    rows: Table[Any] = Table.empty(spec)
    if not problems:
        try:
            rows = read_cells(table, spec)
            if target.blank:
                rows = rows.as_rows_of(target.spec)
        except Problems as error:
            problems += error.problems
    total = int(rows[target.total].sum()) if len(rows) and target.total in rows else 0
    return Read(rows, left_out, problems, total)


def _values(frame: pd.DataFrame, filled: Filled, kind: str, problems: list[Problem]) -> list[object]:
    """A column's cells, read as the mapping says. Each distinct value is read once."""
    done: dict[tuple[type, object], object] = {}
    wrong: dict[tuple[type, object], Problem] = {}
    out: list[object] = []
    for n, value in enumerate(frame[filled.header]):
        if value is None or value == sheet_shape.DASH:
            out.append(0 if value == sheet_shape.DASH and kind == "money" else None)
            continue
        if kind in header_match.FIGURES and header_match.means_empty(value):
            out.append(None)
            continue
        key = (type(value), value)
        if key not in done:
            done[key] = None
            try:
                refuse_error(value)
                done[key] = _value(value, kind, filled)
            except BadValue as error:
                wrong[key] = error.problem
        if key in wrong:
            where = f"{frame.attrs['sheet']}!{frame.attrs['letters'][filled.header]}{frame.attrs['header_row'] + 1 + n}"
            problems.append(Problem(where, wrong[key].what, wrong[key].do))
        out.append(done[key])
    return out


def _value(value: object, kind: str, filled: Filled) -> object:
    if kind == "date":
        return date_as(value, filled.reads_as)
    if kind == "money" and filled.reads_as == "cents":
        if not as_id(value).isdigit():
            raise BadValue(f'"{value}" is not whole cents.', do="Correct Reads As, or the cell.")
        return Decimal(as_id(value)) / 100
    if kind == "id" and filled.digits:
        text = as_id(value)
        if text.isdigit() and len(text) > filled.digits:
            raise BadValue(f"{text} has more than {filled.digits} digits.", do="Correct Digits, or the number.")
        return padded(text, filled.digits)
    return value


def untied(found: Read, target: Target, rows: int | None, total: Cents | None) -> list[Problem]:
    """The differences from the control totals and the rows that may explain them. Empty if the sheet ties to the cent."""
    notes = []
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
