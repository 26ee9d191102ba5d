"""Reads the sheets that come from outside: which sheet of a file, how its columns match, and what somebody answered."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.dates import ORDERS
from xltax.declare import Input
from xltax.errors import BadValue, Problem, Problems, TaxError
from xltax.hosts.incoming import sheets_of
from xltax.hosts.port import Book
from xltax.law.levy import Deduction
from xltax.money import usd
from xltax.office.billing import levy_bills
from xltax.office.counter import batches
from xltax.office.intake import account_match, file_words, fixed_fields, senders, sheet_import, sheet_read, sheet_shape
from xltax.office.intake.header_match import AS_TYPED, REMEMBERED, TWO_DECIMALS, Answers, Filled
from xltax.office.intake.sheet_read import Meaning, Read
from xltax.office.intake.targets import BATCH, FILE_PAYMENTS, Target, wanted
from xltax.tables import Bill, Parcel
from xltax.tables.counter import MAPPINGS, MappedColumn
from xltax.tables.setup import INCOMING
from xltax.tables.table import Table
from xltax.wording import some

PASTED = "Paste"

Headers = Annotated[
    str,
    Input(
        'The header matches you know: "Account=Parcel ID, Amount=Balance". A value for every row is "Levy Year=2025", two columns '
        'are "Location=House No + Street", and "Mail 3=" leaves a column out. xltax guesses the rest.'
    ),
]
Digits = Annotated[int, Input("How many digits an account number has, if the sheet lost leading zeros.")]
Dates = Annotated[str, Input("The order of day and month in the sheet's dates: mdy, dmy or ymd (default: mdy).")]
Lots = Annotated[
    str,
    Input(
        f'How a lot such as 8.1 reads, if the sheet stores lots as numbers: "{AS_TYPED}" or "{TWO_DECIMALS}" (8.10).'
    ),
]
Sure = Annotated[str, Input('The columns whose match you confirm: "Account, Amount".')]
Words = Annotated[str, Input('What words in the file mean: "PayPal=Card, X=250.00" for payment types and deductions.')]
Paid = Annotated[str, Input('For payments with a status: the statuses that count, such as "Settled, Funded".')]
SheetName = Annotated[str, Input("The sheet of the workbook (default: the visible sheet that fits best).")]
Encoding = Annotated[
    str, Input("How a text file writes letters: utf-8, cp1252 (Windows) or utf-16 (default: found out from the file).")
]
Password = Annotated[str, Input("The password of the file, if it has one.")]
Sender = Annotated[
    str,
    Input("The name to save the mapping under (default: the name of the mapping that fits, or what the sheet holds)."),
]


@dataclass(frozen=True)
class Said:
    """What somebody said about a file: every answer to a question that a look at the file asked."""

    mapping: str = ""
    digits: int = 0
    dates: str = ""
    lots: str = ""
    sure: str = ""
    words: str = ""
    paid: str = ""
    name: str = ""
    sheet: str = ""
    encoding: str = ""
    password: str = ""

    def answers(self) -> Answers:
        """The answers that concern the whole sheet. Raises BadValue for a word that is none of the choices."""
        dates, lots = self.dates.strip().lower(), self.lots.strip().lower()
        if dates and dates not in ORDERS:
            raise BadValue(f'"{self.dates}" is not an order of dates.', where="dates", do=f"Use {', '.join(ORDERS)}.")
        if lots not in ("", AS_TYPED, TWO_DECIMALS):
            do = f'Use "{AS_TYPED}" (8.1 stays 8.1) or "{TWO_DECIMALS}" (8.1 is lot 8.10).'
            raise BadValue(f'"{self.lots}" does not say how lots read.', where="lots", do=do)
        return Answers(self.digits, dates, lots, frozenset(_names(self.sure)))

    @property
    def answered(self) -> bool:
        """Whether any match is answered here; a corrected mapping on First Session then does not count."""
        return bool(self.mapping or self.digits or self.dates or self.lots or self.sure)


def _names(text: str) -> list[str]:
    return [n.strip() for n in text.split(",") if n.strip()]


@dataclass(frozen=True)
class Incoming:
    """A sheet as it was read: its table, how its columns match, its rows, the mapping's name, and what to know."""

    frame: pd.DataFrame
    filled: list[Filled]
    found: Read
    name: str
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return str(self.frame.attrs["sheet"])

    @property
    def given(self) -> tuple[str, ...]:
        """Our columns that the sheet fills."""
        return tuple(f.column for f in self.filled if f.header)

    def in_book(self, desk: Desk) -> tuple[Table[Any], str]:
        """The rows with the account numbers of this book where only separators or zeros differ, and what was changed.

        Raises Problems for a lot stored as a decimal, such as 8.1, if the book has the lots 8.1 and 8.10.
        """
        header = next((f.header for f in self.filled if f.column == "Account"), "")
        doubtful: frozenset[int] = self.frame.attrs["doubtful"].get(header, frozenset())
        accounts = {*desk.roll[Parcel.account], *desk.duplicate[Bill.account]}
        return account_match.as_in_book(self.found.rows, accounts, doubtful)


def mapping_of(text: str) -> dict[str, str]:
    """A mapping from its text: "Account=Parcel ID, Net Value=Total Assessment". A header with a comma stands in quotes."""
    parts, quoted, current = [], False, ""
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            parts.append(current)
            current = ""
        else:
            current += letter
    pairs = [p.split("=", 1) for p in (*parts, current) if p.strip()]
    if any(len(p) != 2 for p in pairs):
        raise BadValue(
            f'"{text}" is not a mapping.',
            where="mapping",
            do='Write a mapping as "Account=Parcel ID, Net Value=Total".',
        )
    return {ours.strip(): theirs.strip() for ours, theirs in pairs}


def read_incoming(desk: Desk, path: Path | None, target: Target, said: Said, levy_type: str = "") -> Incoming:
    """The sheet of a file, or the rows on Paste: its table, its mapping, its rows."""
    raw, frame, notes = _pasted(desk.book, target) if path is None else _chosen(path, target, said)
    name, given = _given(desk, raw, frame, target, said)
    frame, filled = sheet_import.understood(frame, target, given, said.answers(), lambda *at: _due_day(desk, *at))
    filled = _as_on_sheet(desk, frame, target, filled, said)
    meaning = Meaning(
        deductions(desk) if target.name in ("roll", "further") else {},
        file_words.words_of(said.words),
        frozenset(n.casefold() for n in _names(said.paid)),
    )
    found = sheet_read.read(frame, target, filled, levy_type, meaning)
    return Incoming(frame, filled, found, name, tuple(notes))


def deductions(desk: Desk) -> dict[str, int]:
    """The amount of each deduction in the Rules by its letter: a roll may have letters for deductions."""
    return {d.params.code: d.params.amount for d in desk.town.all(Deduction)}


_OPTION = re.compile(r"\boption\b|--\w")


def _instead(target: Target) -> Problem:
    """What to do about a file that asks something of a task without options for answers."""
    if target.name in ("roll", "further", "payments"):
        do = "Correct the file, or import it with Bring In, which has an option for each answer."
    else:
        do = "Correct the file, then run the task again."
    return Problem("", "Nothing was imported.", do)


def read_named(
    path: Path, target: Target, mapping: str = "", levy_type: str = "", codes: Mapping[str, int] | None = None
) -> Incoming:
    """A file whose headers are our own or are named in the mapping: no column is guessed.

    codes: the amount of each deduction by its letter, for a roll.

    Raises Problems for everything that would have to be asked: who runs such a task has no answers to give.
    """
    said = Said(mapping)
    _, frame, notes = _chosen(path, target, said)
    frame, filled = sheet_import.understood(frame, target, _by_name(frame, target, _said_now(said)))
    found = sheet_read.read(frame, target, filled, levy_type, Meaning(codes or {}))
    problems = [Problem(f"{frame.attrs['sheet']}, {f.column}", f.why) for f in filled if not f.sure] + found.problems
    if any(_OPTION.search(f"{p.what} {p.do}") for p in problems):
        problems.append(_instead(target))
    if problems:
        raise Problems(problems)
    return Incoming(frame, filled, found, "", tuple(notes))


def _by_name(frame: pd.DataFrame, target: Target, now: Sequence[Filled]) -> list[Filled]:
    """What was said now, and the headers that are our names or the known other names for them; the rest is left out."""
    spec, source = wanted(target), str(frame.attrs["sheet"])
    said = [dataclasses.replace(f, column=c.name) if (c := spec.find(f.column)) else f for f in now]
    found, own = {f.column: f for f in said}, {f.header for f in said}
    mentioned, problems = set(found), []
    for header in map(str, frame.columns):
        column = spec.find(sheet_shape.written(header))
        if column is None or header in own or column.name in mentioned:
            continue
        if mine := found.get(column.name):
            same = mine.header == sheet_shape.written(header)
            what = (
                f'The header "{mine.header}" appears twice.'
                if same
                else f'"{header}" and "{mine.header}" are the same column.'
            )
            problems.append(Problem(source, what, "Keep one of the two columns."))
            continue
        hidden = header in frame.attrs.get("hidden", ())
        why = f'"{header}" is a hidden column. Unhide the column, or delete it.' if hidden else ""
        found[column.name] = Filled(column.name, header, sure=not hidden, why=why)
    problems += [
        Problem(source, f'The column "{c.name}" is missing.', f"Add this column. {c.help}".rstrip())
        for c in spec.facts
        if c.required
        and found.keys() <= set(spec.names)
        and c.name not in found
        and not (c.name in target.ids and len(target.ids) > 1)
    ]
    if problems:
        raise Problems([*problems, _instead(target)])
    return [*found.values(), *(Filled(c.name) for c in spec.facts if c.name not in found)]


def read_payments(desk: Desk, path: Path, name: str, said: Said) -> Incoming:
    """A payment file, by the mapping of its sender; the file of a new sender is matched by its look, and every match must be sure."""
    mappings = senders.known(desk.table(MAPPINGS))
    rows = batches.mapped(mappings, name)
    if not rows:
        said = dataclasses.replace(said, name=name)
        raw, frame, notes = _chosen(path, BATCH, said)
        alike, kept = sheet_import.remembered(mappings, "", frame, BATCH)
        notes += [f'The file has the headers of "{alike}", and is read in the same way.'] if alike else []
        given = _and_kept([*_said_now(said), *_by_position(desk, raw, frame, said)], kept)
        frame, filled = sheet_import.understood(frame, BATCH, given, said.answers())
    else:
        raw, frame, notes = _chosen(path, BATCH, said, batches.places_of(mappings, name))
        given = [_mapped(row, frame, path) for row in rows]
        idle = [Filled(c) for c in FILE_PAYMENTS.names if c not in {f.column for f in given}]
        frame, filled = sheet_import.understood(frame, BATCH, [*given, *idle], said.answers())
        filled = [dataclasses.replace(f, sure=f.sure or not f.header) for f in filled]
    meaning = Meaning({}, file_words.words_of(said.words), frozenset(n.casefold() for n in _names(said.paid)))
    return Incoming(frame, filled, sheet_read.read(frame, BATCH, filled, "", meaning), name, tuple(notes))


def _mapped(row: dict[str, str], frame: pd.DataFrame, path: Path) -> Filled:
    """A row of a sender's mapping as the match of a column. Raises BadValue if the file has no such column."""
    column, header = row[MappedColumn.column], row[MappedColumn.header]
    if column in frame.columns and re.fullmatch(r"\s*\d+\s*-\s*\d+\s*", header):
        header = column  # a position in a fixed-width file
    elif header.strip().casefold() not in {str(h).casefold() for h in frame.columns}:
        raise BadValue(
            f'The file has no column "{header}".', where=path.name,
            do=f"Its columns are: {', '.join(map(str, frame.columns))}. Correct the header in Mappings, {row[MappedColumn.mapping]}.",
        )  # fmt: skip
    return Filled(column, header, row[MappedColumn.reads_as], int(row[MappedColumn.digits] or 0), why=REMEMBERED)


def _said_now(said: Said) -> list[Filled]:
    return [Filled(ours, theirs) for ours, theirs in mapping_of(said.mapping).items()]


def _by_position(desk: Desk, raw: sheet_shape.Raw, frame: pd.DataFrame, said: Said) -> list[Filled]:
    """What the fields of a fixed-width file look like, less what is said already."""
    if not getattr(raw, "fixed", False):
        return []
    named = set(mapping_of(said.mapping))
    accounts = {*desk.roll[Parcel.account], *desk.duplicate[Bill.account]}
    found = fixed_fields.proposed(frame, accounts)
    return [dataclasses.replace(f, sure=f.column in said.answers().sure) for f in found if f.column not in named]


def _due_day(desk: Desk, levy_type: str, year: int, inst: int) -> dt.date | None:
    try:
        return levy_bills.due_date(desk.town, year, inst, levy_type)
    except TaxError:
        return None


def _pasted(book: Book, target: Target) -> tuple[sheet_shape.Raw, pd.DataFrame, list[str]]:
    pasted = book.read(PASTED)
    if not len(pasted):
        raise BadValue(
            "No rows are pasted and no file is named.",
            where=PASTED,
            do="Paste the rows with their header here, or name a file.",
        )
    top = int(pasted.attrs["header_row"])
    rows: list[list[Any]] = [[None] * pasted.shape[1] for _ in range(top + int(pasted.index[-1]) + 1)]
    for n, row in zip(pasted.index, pasted.to_numpy(dtype=object).tolist(), strict=True):
        rows[top + int(n)] = row
    # What stands above the pasted rows is the book's own.
    raw = sheet_shape.Pasted(str(pasted.attrs["sheet"]), rows[top:])
    frame = sheet_import.sheet(raw, target)
    frame.attrs["header_row"] += top
    return raw, frame, []


ALIKE = 95  # of 100: two sheets that fit about equally well are asked about


def _chosen(
    path: Path, target: Target, said: Said, places: Mapping[str, tuple[int, int]] | None = None
) -> tuple[sheet_shape.Raw, pd.DataFrame, list[str]]:
    """The sheet of a file that holds what is asked for: the one named, else the one that fits best; hidden sheets last."""
    sheets = sheets_of(path, said.password, said.encoding.strip().lower(), places)

    def bare(name: str) -> str:
        return name.removeprefix(f"{path.name}, ")

    if said.sheet:
        mine = next((s for s in sheets if bare(s.name).casefold() == said.sheet.strip().casefold()), None)
        if mine is None:
            names = ", ".join(bare(s.name) for s in sheets)
            raise BadValue(f'There is no sheet "{said.sheet}".', where=path.name, do=f"Use one of: {names}.")
        raw: sheet_shape.Raw = mine.read()
        return raw, sheet_import.sheet(raw, target), list(getattr(raw, "notes", ()))
    if len(sheets) == 1:
        raw = sheets[0].read()
        return raw, sheet_import.sheet(raw, target), list(getattr(raw, "notes", ()))
    tried: list[tuple[int, int, str, sheet_shape.Raw, pd.DataFrame]] = []
    wrong: TaxError | None = None
    for visible in (True, False):
        for sheet in (s for s in sheets if s.visible == visible):
            raw = sheet.read()
            try:
                frame = sheet_import.sheet(raw, target)
            except TaxError as error:
                wrong = wrong or error
                continue
            tried.append((sheet_import.fit(frame, target), len(frame), bare(sheet.name), raw, frame))
        if tried:
            break
    if not tried:
        raise wrong or BadValue("No sheet of this workbook has a table.", where=path.name)
    tried.sort(key=lambda t: -t[0])
    best = tried[0]
    if len(tried) > 1 and 100 * tried[1][0] > ALIKE * best[0]:
        both = ", ".join(t[2] for t in tried if 100 * t[0] > ALIKE * best[0])
        raise BadValue(
            f"Several sheets of this workbook look alike: {both}.",
            where=path.name,
            do=f'Name the one to read (option --sheet "{best[2]}").',
        )
    others = [bare(s.name) + ("" if s.visible else " (hidden)") for s in sheets if bare(s.name) != best[2]]
    notes = [f'Sheet "{best[2]}" was read. Not read: {", ".join(others)}.', *getattr(best[3], "notes", ())]
    return best[3], best[4], notes


def key_of(frame: pd.DataFrame, target: Target) -> str:
    """What the mapping on First Session is for: a corrected mapping is used again for the same headers only."""
    made = frame.attrs.get("made", ())
    return f"{target.name}: {' | '.join(str(h) for h in frame.columns if h not in made)}"[:240]


def _given(
    desk: Desk, raw: sheet_shape.Raw, frame: pd.DataFrame, target: Target, said: Said
) -> tuple[str, list[Filled]]:
    """The mapping that is known before any guess, and its name: said now, corrected on First Session, or saved before."""
    mappings = desk.table(MAPPINGS)
    known = senders.known(mappings) if target.name == "payments" else mappings
    name, kept = sheet_import.remembered(known, said.name, frame, target)
    name = name or said.name or sheet_import.name_for(desk.table(MAPPINGS), target)
    if _on_first_session(desk, frame, target, said):
        given = sheet_import.from_table(desk.table(INCOMING))
        return name, [f for f in given if f.header]
    now = _said_now(said)
    if not kept and target.name == "payments":
        now += _by_position(desk, raw, frame, said)
    return name, _and_kept(now, kept)


def _and_kept(now: list[Filled], kept: Sequence[Filled]) -> list[Filled]:
    """What is said now, and what was saved before about the other columns and headers."""
    named = {f.column for f in now} | {f.header for f in now}
    return [*now, *(f for f in kept if f.column not in named and f.header not in named)]


def _on_first_session(desk: Desk, frame: pd.DataFrame, target: Target, said: Said) -> bool:
    return not said.answered and str(desk.book.get("incoming_read") or "") == key_of(frame, target)


def _as_on_sheet(desk: Desk, frame: pd.DataFrame, target: Target, filled: list[Filled], said: Said) -> list[Filled]:
    """The mapping as the collector left it on First Session: Yes is her word for it, and an emptied Header is an answer too."""
    if not _on_first_session(desk, frame, target, said):
        return filled
    given = {f.column: f for f in sheet_import.from_table(desk.table(INCOMING))}
    out = []
    for read in filled:
        mine = given.get(read.column)
        if mine is None or (not mine.header and not read.header):
            out.append(read)
        elif mine.header:
            reads = mine.reads_as or read.reads_as
            out.append(Filled(read.column, read.header, reads, mine.digits, mine.sure, mine.why))
        else:
            out.append(Filled(read.column, sure=True))
    return out


def conversation(incoming: Incoming, target: Target) -> list[str]:
    """What the sheet holds, column by column: ours, theirs, three sample cells, how sure and why; then what is not used."""
    frame, filled, found = incoming.frame, incoming.filled, incoming.found
    places = frame.attrs.get("places")
    header = places.header if isinstance(places, sheet_shape.Lines) else f"header in row {frame.attrs['header_row']}"
    lines = [
        f"{incoming.source}: {header}, {some(len(found.rows), 'row')}, {target.total} "
        f"{usd(found.total)}; {some(len(found.left_out), 'row')} skipped. Nothing has been imported.",
        *incoming.notes,
    ]
    if not len(found.rows):  # rows that cannot be read yet are not "0 rows"
        n = int(found.kept.notna().any(axis=1).sum())
        why = " Some cells cannot be read." if found.problems else ""
        lines[0] = f"{incoming.source}: {header}, {some(n, 'row')}.{why} Nothing has been imported."
    shown = [f for f in filled if f.header]
    wide = max((len(f"{f.column} = {f.header}") for f in shown), default=0)
    for f in shown:
        match = f"{f.column} = {f.header}"
        why = "" if f.sure else "   (check this)"
        lines.append(
            f"  {match}{why}".ljust(min(wide, 44) + 4) + f"   {sheet_import.samples(found.kept, f.header)[:60]}"
        )
    lines += sheet_import.read_as_empty(frame, filled, target)
    decides = (
        [sheet_read.status_header(frame), *sheet_read.void_headers(frame)]
        if target.name in ("payments", BATCH.name)
        else []
    )
    if idle := [h for h in sheet_import.not_used(frame, found.kept, filled) if h not in decides]:
        lines.append(
            f"  not used: {', '.join(idle)}. To use one of these, enter its name under Header beside our column."
        )
    counted: dict[str, list[int]] = {}
    for _, reason, cents in found.left_out:
        counted.setdefault(reason, []).append(cents)
    lines += [
        f"  not imported: {some(len(c), 'row')} with {r}" + (f", {usd(sum(c))}." if sum(c) else ".")
        for r, c in counted.items()
        if r.startswith("status")
    ]
    return lines


def refuse_unsure(incoming: Incoming) -> None:
    """Refuses a sheet whose matches are not all confirmed. The cells that cannot be read are named too."""
    if look := sheet_import.unsure(incoming.filled):
        todo = "Run Look At, answer on First Session or with the options named here, then run the task again."
        raise Problems([*look, *incoming.found.problems, Problem("", "Nothing was imported.", todo)])


def skipped(found: Read) -> str:
    """The first rows that the import skipped, a line each."""
    more = len(found.left_out) - 10
    lines = [
        f"\nSkipped: {where}, {reason}{f', {usd(cents)}' if cents else ''}."
        for where, reason, cents in found.left_out[:10]
    ]
    return "".join(lines) + (
        f"\nSkipped: {some(more, 'more row')}; Unsettled on First Session has them all." if more > 0 else ""
    )
