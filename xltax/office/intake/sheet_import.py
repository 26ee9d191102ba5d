"""Imports another office's sheet: the kinds of sheet, how the columns are matched, and how the control total ties."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.money import Cents, usd
from xltax.office.billing.further_lists import FURTHER
from xltax.office.counter.batches import date_as, padded
from xltax.office.intake import file_words, header_match, joined_columns, sheet_shape
from xltax.office.intake.header_match import IDENTITY, NOTHING_SAID, REMEMBERED, TWO_DECIMALS, Answers, Filled
from xltax.office.intake.opening_balances import OPENING
from xltax.office.intake.side_by_side import number_of, turned
from xltax.tables import RECEIPTS, ROLL
from xltax.tables.counter import COUNTER, MAPPINGS, MappedColumn
from xltax.tables.kinds import PAYERS, TENDERS
from xltax.tables.reading import as_id, place, refuse_error
from xltax.tables.reading import read as read_cells
from xltax.tables.schema import Column, Row, TableSpec
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
    payer = Column("Payer", "text", "The name in the file.")
    receipt = RECEIPTS["Receipt"]
    note = COUNTER["Note"]


PAYMENTS = TableSpec("Payments", ImportedPayment, purpose="one row for each payment")
"""A sheet of payments; the rows are posted to the cash book, no table of the book."""


class FilePayment(Row):
    """One payment in a file of a servicer, a lockbox or an online site."""

    account = COUNTER["Account"]
    bill = COUNTER["Bill"]
    amount = Column("Amount", "money", "The amount of this payment.", required=True)
    received = Column("Received", "date", "The day the payment was received (default: the day of the import).")
    effective = COUNTER["Effective"]
    tender = Column("Tender", "text", COUNTER["Tender"].help, default="ACH", choices=TENDERS)
    reference = COUNTER["Reference"]
    by = Column("By", "text", COUNTER["By"].help, default="third party", choices=PAYERS)
    payer = Column("Payer", "text", "The name in the file.")


FILE_PAYMENTS = TableSpec("Payments", FilePayment, purpose="one row for each payment")
"""A file of payments to be held as a batch; its rows become lines of Batches."""

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

    @property
    def by_installment(self) -> bool:
        """Whether each row is one installment or payment of an account that the book has already."""
        return self.name != "roll" and self.name != "further"


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
            {"Amount": ("payment", "amount paid", "payment amount", "paid", "bill amount", "tax amount", "net amount",
                        "principal paid", "check amount", "total paid", "total")},
        ),
    )
}  # fmt: skip


BATCH = Target("batch", FILE_PAYMENTS, "Amount", ("Account", "Bill"), TARGETS["payments"].words)
"""A payment file that is held for review. A row without a date or an account is no error there."""


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


def sheet(raw: sheet_shape.Raw, target: Target) -> pd.DataFrame:
    """The table on a sheet, below its header: a row for each installment, block and lot put together where there is no account."""
    spec = wanted(target)
    frame = sheet_shape.table_of(raw, lambda headers: header_match.fitting(headers, spec, target.words))
    if not sheet_shape.set_apart(frame, (), "")[0].notna().any(axis=None):
        raise BadValue("The sheet has no rows.", where=raw.name)
    frame = _as_shown(frame)
    if target.by_installment:
        frame = turned(frame)
    frame = joined_columns.with_texts(joined_columns.with_parcels(frame, target.words), spec.names)
    doubtful = frame.attrs.get("doubtful", {})
    for name, parts in frame.attrs.get("joined", {}).items():
        doubtful = {**doubtful, name: frozenset().union(*(doubtful.get(p, frozenset()) for p in parts))}
    # The Roll says which lot is meant; a roll that is only now brought in cannot.
    frame.attrs |= {"doubtful": doubtful, "book_decides": target.by_installment}
    return frame


def fit(frame: pd.DataFrame, target: Target) -> int:
    """How well a sheet's headers fit a kind of sheet, to choose among the sheets of a workbook."""
    return header_match.fitting([str(h) for h in frame.columns], wanted(target), target.words)


_LOTS = {"lot", "block", "account", "parcel", "pin", "map", "property"}
_DECIMALS = re.compile(r"0\.(0+)")


def _as_shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The sheet with lots such as 8.10 as their cells show them; what no number format settles is noted as doubtful.

    A spreadsheet keeps 8.10 as the number 8.1. A cell with two decimals shows which of the two lots is meant.
    """
    doubtful: dict[str, frozenset[int]] = {}
    for header in (h for h in frame.columns if _LOTS & set(header_match.words(str(h)).split())):
        values, left = frame[header].tolist(), []
        for n, value in enumerate(values):
            if value.__class__ is float and value != int(value) and len(as_id(value).rpartition(".")[2]) == 1:
                shown = _DECIMALS.search(frame.attrs["formats"].at(n, header))
                if shown:
                    values[n] = f"{value:.{len(shown[1])}f}"
                else:
                    left.append(n)
        frame[header] = pd.Series(values, index=frame.index, dtype=object)
        if left:
            doubtful[header] = frozenset(left)
    frame.attrs["doubtful"] = doubtful
    return frame


DueDay = Callable[[str, int, int], dt.date | None]
"""The due date of an installment by the Rules: levy type, levy year and number."""
RULES = "Rules"
BY_RULES = "due dates of the Rules"
EVERY_ROW = " (for every row)"
_SAID = ("Levy Type", "Part", "By", "Tender", "Party", "Kind")
"""Columns that may be the same in every row although their cells are texts."""


def understood(
    frame: pd.DataFrame,
    target: Target,
    given: Sequence[Filled] = (),
    answers: Answers = NOTHING_SAID,
    due_day: DueDay | None = None,
) -> tuple[pd.DataFrame, list[Filled]]:
    """Which header fills which column, and the sheet with the columns that the answers add to it.

    A given header may be two headers ("House No + Street"), a value for every row ("2024"), or, for Due, the Rules. Raises
    Problems for a given header or column that does not exist.
    """
    spec = wanted(target)
    problems, checked, by_rules = [], [], False
    for one in given:
        column = spec.find(one.column)
        if column is None:
            what = f'"{one.column}" is not a column of {target.name}.'
            problems.append(Problem("mapping", what, f"Use one of {', '.join(spec.names)}."))
            continue
        if column.name == "Due" and one.header.casefold() in (RULES.casefold(), BY_RULES):
            by_rules = True
            continue
        frame, header = _with_header(frame, column, one.header)
        if one.header and not header:
            what = f'There is no column "{one.header}".'
            problems.append(Problem(str(frame.attrs["sheet"]), what, f"Use one of: {', '.join(frame.columns)}."))
        else:
            checked.append(Filled(column.name, header, one.reads_as, one.digits, one.sure, one.why))
    if problems:
        raise Problems(problems)
    known = {f.column for f in checked}
    if "parcel" in frame.attrs and "Account" not in known:
        joined = frame.attrs["parcel"]
        sample = next((str(v) for v in frame[joined] if v is not None), "")
        sure = "Account" in answers.sure
        checked.append(
            Filled("Account", joined, sure=sure, why=f'Combined, such as "{sample}". Is this the account number?')
        )
    if (open_ := frame.attrs.get("open")) and target.name == "balances":
        frame.attrs["unguessed"] = frame.attrs["side"]
        if "Amount" not in known:
            sure = "Amount" in answers.sure
            checked.append(Filled("Amount", open_, sure=sure, why=f'Is "{open_}" the open tax of each installment?'))
    if by_rules:
        frame, due = _by_rules(frame, header_match.guess(frame, spec, target.words, checked, answers), due_day)
        checked.append(due)
    filled = header_match.guess(frame, spec, target.words, checked, answers)
    for column, joined in frame.attrs.get("joins", {}).items():
        free = next((n for n, f in enumerate(filled) if f.column == column and not f.header), None)
        if free is not None and column not in known:
            filled[free] = Filled(column, joined, why="put together")
    filled = [_charges_asked(frame, f, target, known | answers.sure) for f in filled]
    if any(f.header for f in filled if f.column in target.ids):
        return frame, filled
    whose = f"Required: {' or '.join(target.ids)}, to identify each row."
    return frame, [
        Filled(f.column, sure=False, why=whose) if f.column == target.ids[0] and f.sure else f for f in filled
    ]


def _with_header(frame: pd.DataFrame, column: Column[Any], header: str) -> tuple[pd.DataFrame, str]:
    """The sheet with the column that a header names, and its name there; no name if there is no such column."""
    if not header:
        return frame, ""
    frame = joined_columns.asked_for(frame, header, column.kind)
    headers = {header_match.words(str(h)): str(h) for h in reversed(frame.columns)}
    exact = next((str(h) for h in frame.columns if str(h) == header), "")
    if found := exact or headers.get(header_match.words(header), ""):
        return frame, found
    value = header.removesuffix(EVERY_ROW).strip()
    if not _fits_every_row(column, value):
        return frame, ""
    name = f"{value}{EVERY_ROW}"
    filled = frame.notna().any(axis=1)
    made = frame.assign(**{name: pd.Series([value] * len(frame), index=frame.index, dtype=object).where(filled, None)})
    made.attrs = {
        **frame.attrs,
        "letters": {**frame.attrs["letters"], name: next(iter(frame.attrs["letters"].values()))},
    }
    made.attrs["lines"] = [[*line, None] for line in frame.attrs["lines"]]
    made.attrs["made"] = {*frame.attrs.get("made", ()), name}
    return made, name


def _fits_every_row(column: Column[Any], value: str) -> bool:
    """Whether a text can be a column's value in every row: 2024 for a year, RE for the levy type, but no misspelled header."""
    if column.name in IDENTITY or not value:
        return False
    if column.choices or column.name in _SAID:
        return value.casefold() in {c.casefold() for c in column.choices} or (not column.choices and value.isupper())
    if column.name == "Inst":
        return bool(number_of(value))
    return column.kind in header_match.FIGURES and header_match.fits(value, column)


def _by_rules(frame: pd.DataFrame, filled: Sequence[Filled], due_day: DueDay | None) -> tuple[pd.DataFrame, Filled]:
    """The sheet with a column of due dates by the Rules, from its levy years and installments."""
    by = {f.column: f.header for f in filled}
    if not (due_day and by.get("Levy Year") and by.get("Inst")):
        why = "Required: the due dates of the Rules need the columns Levy Year and Inst."
        return frame, Filled("Due", sure=False, why=why)
    types = frame[by["Levy Type"]].tolist() if by.get("Levy Type") else ["RE"] * len(frame)
    done: dict[tuple[str, str, str], dt.date | None] = {}
    days = []
    for kind, year, inst in zip(types, frame[by["Levy Year"]].tolist(), frame[by["Inst"]].tolist(), strict=True):
        key = (as_id(kind or "RE"), as_id(year or ""), as_id(inst or ""))
        if key not in done:
            number = number_of(key[2])
            done[key] = (
                due_day(key[0], int(key[1]), number) if number and re.fullmatch(r"(19|20)\d\d", key[1]) else None
            )
        days.append(done[key])
    made = frame.assign(**{BY_RULES: pd.Series(days, index=frame.index, dtype=object)})
    made.attrs = {**frame.attrs, "letters": {**frame.attrs["letters"], BY_RULES: frame.attrs["letters"][by["Inst"]]}}
    made.attrs["lines"] = [[*line, None] for line in frame.attrs["lines"]]
    made.attrs["made"] = {*frame.attrs.get("made", ()), BY_RULES}
    return made, Filled("Due", BY_RULES, why="by the installments of the Rules")


_CHARGES = {"interest", "penalty", "penalties", "fee", "fees", "cost", "costs", "charges"}
_NO_CHARGE = {"from", "through", "to", "date", "rate", "paid"}
_TAX_ALONE = {"principal", "tax", "face", "base", "billed"}


def _charges_asked(frame: pd.DataFrame, filled: Filled, target: Target, settled: Collection[str]) -> Filled:
    """An amount due beside interest or penalty is asked about: the open tax may be another column."""
    if target.name != "balances" or filled.column != target.total or not filled.header or filled.column in settled:
        return filled
    if _TAX_ALONE & set(header_match.words(filled.header).split()):
        return filled
    charges = [
        str(h)
        for h in frame.columns
        if h != filled.header and _CHARGES & (said := set(header_match.words(str(h)).split())) and not _NO_CHARGE & said
        and any(header_match.fits(v, OPENING["Amount"]) for v in frame[h] if v is not None)
    ]  # fmt: skip
    if not charges:
        return filled
    why = (
        f'Does "{filled.header}" include {", ".join(charges[:3])}? Amount is the open tax alone, without interest, penalty '
        "and fees."
    )
    return Filled(filled.column, filled.header, filled.reads_as, filled.digits, False, why)


def shown(frame: pd.DataFrame, filled: Sequence[Filled]) -> pd.DataFrame:
    """The mapping as rows of Incoming: our column, their header, a sample, sure or not."""
    frame = sheet_shape.set_apart(frame, (), "")[0]
    rows = [
        {
            IncomingColumn.column: f.column,
            IncomingColumn.header: f.header,
            IncomingColumn.sample: samples(frame, f.header),
            IncomingColumn.sure: ("Yes" if f.sure else "Look") if f.header or not f.sure else "",
            IncomingColumn.reads_as: f.reads_as,
            IncomingColumn.digits: f.digits,
            IncomingColumn.why: f.why,
        }
        for f in filled
    ]
    return pd.DataFrame(rows, columns=list(INCOMING.names)).astype({"Digits": np.int64})


def samples(frame: pd.DataFrame, header: str) -> str:
    """The first three different values of a column, in one text."""
    if not header:
        return ""
    values = dict.fromkeys(str(v) for v in frame[header].iloc[:2000] if v is not None)
    return " | ".join(list(values)[:3])


def not_used(frame: pd.DataFrame, filled: Sequence[Filled]) -> list[str]:
    """The headers with values below them that fill none of our columns."""
    taken = {f.header for f in filled} | set(frame.attrs.get("made", ()))
    joined = frame.attrs.get("joined", {})
    for name, parts in joined.items():
        if name in taken:
            taken |= set(parts)
    hidden = frame.attrs.get("hidden", ())
    records = sheet_shape.set_apart(frame, (), "")[0]
    idle = [str(h) for h in frame.columns if h not in taken and h not in joined and records[h].notna().any()]
    return [f"{h} (hidden)" if h in hidden else h for h in idle]


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
    """The matches to confirm before an import, each with how to answer on First Session and on the command line."""
    return [Problem(f"Incoming, {f.column}", f.why or "Not confirmed.", _answer(f)) for f in filled if not f.sure]


def _answer(filled: Filled) -> str:
    if filled.why.endswith(").") and "option" in filled.why:
        return ""
    name = filled.column
    if filled.header:
        return f'Correct the Header (option --mapping "{name}=..."), or set Sure to Yes (option --sure "{name}").'
    if name == "Levy Year":
        return 'Fill in the Header. For one year in every row, enter the year, such as 2025 (option --mapping "Levy Year=2025").'
    if name == "Due":
        return 'Fill in the Header. For the due dates of the Rules, enter Rules (option --mapping "Due=Rules").'
    return f'Fill in the Header (option --mapping "{name}=...").'


def remembered(
    mappings: Table[MappedColumn], name: str, frame: pd.DataFrame, target: Target
) -> tuple[str, list[Filled]]:
    """The saved mapping for this sheet and its name: the one of this name, else the one whose headers are all on this sheet."""
    spec = wanted(target)
    by_name: dict[str, list[Filled]] = {}
    for r in mappings.frame.to_dict("records"):
        one = Filled(
            r[MappedColumn.column], r[MappedColumn.header], r[MappedColumn.reads_as], int(r[MappedColumn.digits]), why=REMEMBERED
        )  # fmt: skip
        by_name.setdefault(r[MappedColumn.mapping], []).append(one)

    def here(one: Filled) -> bool:
        column = spec.find(one.column)
        if column is None:
            return False
        by_rules = column.name == "Due" and one.header == BY_RULES
        return by_rules or bool(_with_header(frame, column, one.header)[1])

    if name:
        mine = next((m for m in by_name if m.lower() == name.lower()), name)
        return mine, [f for f in by_name.get(mine, []) if here(f)]
    fitting = [m for m, rows in by_name.items() if len(rows) > 1 and all(map(here, rows))]
    best = max(fitting, key=lambda m: len(by_name[m]), default="")
    return best, by_name.get(best, [])


def name_for(mappings: Table[MappedColumn], target: Target) -> str:
    """A name for the mapping of a new look: the kind of sheet, with a number if the name is in use."""
    used = {m.lower() for m in mappings[MappedColumn.mapping]}
    return next(n for n in (target.name, *(f"{target.name} {k}" for k in range(2, 10_000))) if n not in used)


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


@dataclass(frozen=True)
class Meaning:
    """What the words in a sheet mean: the town's deductions in cents, words that somebody explained, and the paid statuses."""

    codes: Mapping[str, Cents] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    paid: frozenset[str] = frozenset()


AS_USUAL = Meaning()


@dataclass
class Read:
    """A sheet read by its mapping: the rows, the skipped rows, the problems, and the total."""

    rows: Table[Any]
    left_out: list[tuple[str, str, Cents]]  # place, reason, amount
    problems: list[Problem]
    total: Cents


def read(
    frame: pd.DataFrame, target: Target, filled: Sequence[Filled], levy_type: str = "", meaning: Meaning = AS_USUAL
) -> Read:
    """Reads a sheet by its mapping. A value that cannot be read becomes a problem with its cell."""
    spec = wanted(target)
    by = {f.column: f for f in filled if f.header}
    amount = by[target.total].header if target.total in by else ""
    ids = [by[c].header for c in target.ids if c in by]
    problems: list[Problem] = []
    left = _unpaid(frame, meaning.paid, problems) if target.name in ("payments", BATCH.name) else {}
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
    left_out = [(place(table, n, total_column), reason, cents) for n, reason, cents in out if reason]
    left_out += [
        (f"{frame.attrs['sheet']} row {frame.attrs['header_row'] + 1 + n}", why, c)
        for n, why, c in frame.attrs.get("skipped", ())
    ]
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


def _unpaid(frame: pd.DataFrame, paid: Collection[str], problems: list[Problem]) -> dict[int, str]:
    """The rows whose status says that the money did not come. A status that nobody knows becomes a problem.

    paid: the statuses that count, in small letters, if somebody named them; all others are then left out.
    """
    header = next((str(h) for h in frame.columns if header_match.words(str(h)).split()[-1:] == ["status"]), "")
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
                    f"{frame.attrs['sheet']}!{header_match.cell_of(frame, n, header)}",
                    f'Does the status "{value}" mean that the money came?',
                    f'Name the statuses that count as paid, such as --paid "{value}". All others are left out.',
                )
            )
    return out


def _values(
    frame: pd.DataFrame, filled: Filled, column: Column[Any], meaning: Meaning, problems: list[Problem]
) -> list[object]:
    """A column's cells, read as the mapping says. Each distinct value is read once."""
    kind = column.kind
    done: dict[tuple[type, object], object] = {}
    wrong: dict[tuple[type, object], Problem] = {}
    odd: Mapping[tuple[int, str], str] = frame.attrs["odd"]
    doubtful = frame.attrs["doubtful"].get(filled.header, ()) if filled.reads_as == TWO_DECIMALS else ()
    out: list[object] = []
    for n, value in enumerate(frame[filled.header]):
        if value is None or value == sheet_shape.DASH:
            out.append(0 if value == sheet_shape.DASH and kind == "money" else None)
            continue
        if kind in header_match.FIGURES and header_match.means_empty(value):
            out.append(None)
            continue
        if n in doubtful:
            value = _LOST.sub(r"\g<1>0", as_id(value))
        key = (type(value), value)
        if key not in done:
            done[key] = None
            try:
                refuse_error(value)
                done[key] = _value(value, column, filled, meaning)
            except BadValue as error:
                wrong[key] = error.problem
        if key in wrong or (n, filled.header) in odd:
            where = f"{frame.attrs['sheet']}!{header_match.cell_of(frame, n, filled.header)}"
            said = wrong.get(key) or Problem("", odd[n, filled.header], _ENCODING)
            problems.append(Problem(where, said.what, said.do))
        out.append(done[key])
    return out


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
