"""Matches the columns of another office's sheet: what somebody said, what was saved before, and what the headers say."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.office.intake import header_match, joined_columns, sheet_shape
from xltax.office.intake.header_match import IDENTITY, NOTHING_SAID, REMEMBERED, Answers, Filled
from xltax.office.intake.opening_balances import OPENING
from xltax.office.intake.side_by_side import number_of, turned
from xltax.office.intake.targets import Target, wanted
from xltax.tables.counter import MAPPINGS, MappedColumn
from xltax.tables.reading import as_id
from xltax.tables.schema import Column
from xltax.tables.setup import INCOMING, IncomingColumn
from xltax.tables.table import Table
from xltax.wording import some


def sheet(raw: sheet_shape.Raw, target: Target) -> pd.DataFrame:
    """The table on a sheet, below its header: a row for each installment, block and lot put together where there is no account."""
    spec = wanted(target)
    frame = sheet_shape.table_of(raw, lambda headers: header_match.fitting(headers, spec, target.words))
    if not (_has_data(frame.head(200)) or _has_data(frame)):
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


def _has_data(frame: pd.DataFrame) -> bool:
    return bool(sheet_shape.set_apart(frame, (), "")[0].notna().any(axis=None))


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
    spent = {
        p for f in filled if f.column in joined_columns.JOINS for p in frame.attrs.get("joined", {}).get(f.header, ())
    }
    filled = [Filled(f.column) if f.header in spent and f.column not in known else f for f in filled]
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


def shown(records: pd.DataFrame, filled: Sequence[Filled]) -> pd.DataFrame:
    """The mapping as rows of Incoming: our column, their header, a sample, sure or not. records: the sheet without skipped rows."""
    rows = [
        {
            IncomingColumn.column: f.column,
            IncomingColumn.header: f.header,
            IncomingColumn.sample: samples(records, f.header),
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


def not_used(frame: pd.DataFrame, records: pd.DataFrame, filled: Sequence[Filled]) -> list[str]:
    """The headers with values below them that fill none of our columns. records: the sheet without skipped rows."""
    taken = {f.header for f in filled} | set(frame.attrs.get("made", ()))
    joined = frame.attrs.get("joined", {})
    for name, parts in joined.items():
        if name in taken:
            taken |= set(parts)
    hidden = frame.attrs.get("hidden", ())
    idle = [str(h) for h in frame.columns if h not in taken and h not in joined and records[h].notna().any()]
    return [f"{h} (hidden)" if h in hidden else h for h in idle]


def read_as_empty(frame: pd.DataFrame, filled: Sequence[Filled], target: Target) -> list[str]:
    """The words that are read as empty cells, column by column, in sentences: "N/A", NULL and the like."""
    spec, out = wanted(target), []
    for f in filled:
        if f.header and spec[f.column].kind in header_match.FIGURES:
            out += [
                f'  {f.column}: "{word}" is read as empty in {some(count, "cell")}.'
                for word, count in Counter(frame[f.header].tolist()).items()
                if header_match.means_empty(word) and word != sheet_shape.DASH
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
    if "(option " in filled.why:
        return ""
    name = filled.column
    if filled.header:
        return f'Correct the Header (option --mapping "{name}=..."), or set Sure to Yes (option --sure "{name}").'
    if name == "Levy Year":
        return 'Fill in the Header. For one year in every row, enter the year, such as 2025 (option --mapping "Levy Year=2025").'
    if name == "Due":
        return 'Fill in the Header. For the due dates of the Rules, enter Rules (option --mapping "Due=Rules").'
    if name == "Received":
        return 'Fill in the Header. For one day in every row, enter the day, such as 8/14/2025 (option --mapping "Received=8/14/2025").'
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
