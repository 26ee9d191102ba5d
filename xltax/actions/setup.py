"""Setting up a book: the assessor's roll, and any spreadsheet the office has kept until now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from xltax.actions import counter
from xltax.actions import rolls as rolls_desk
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.actions.rolls import Missing, Prorate
from xltax.dates import ORDERS
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, Problem, Problems, TaxError
from xltax.hosts.port import Book
from xltax.hosts.tablefile import raw_rows
from xltax.hosts.textfile import read_csv
from xltax.money import Cents, to_cents, usd, whole
from xltax.office.billing import roll_import as rolls
from xltax.office.billing.further_lists import FURTHER
from xltax.office.billing.roll_changes import ASK
from xltax.office.intake import opening_balances, sheet_import
from xltax.office.intake.header_match import Filled
from xltax.office.intake.sheet_import import Read, Target
from xltax.tables import ROLL, Bill, CashLine, Parcel
from xltax.tables.counter import MAPPINGS
from xltax.tables.setup import INCOMING, PASTE
from xltax.tables.table import Table
from xltax.wording import reallocated, some

PASTED = "Paste"


@action("Import the assessor's roll and check the roll against the control totals.", desk="Setup")
def import_roll(
    book: Book,
    file: Annotated[Path, Input("A CSV file, or a MOD-IV file.")],
    mapping: Annotated[
        str, Input('How the file\'s headers match our columns: "Account=Parcel ID, Net Value=Total".')
    ] = "",
    levy_type: Annotated[str, Input("The levy type of every row, if the file does not have one.")] = "",
    control_bills: Annotated[int | None, Input("The number of rows the file must have.", cell="control_bills")] = None,
    control_value: Annotated[Cents | None, Input("The total net value the file must have.")] = None,
    on: Annotated[dt.date | None, Input("The date of the roll or list. Its changes take effect on this date.")] = None,
    missing: Missing = "",
    further: Annotated[
        bool,
        Input(
            "Yes for an interim or prorated list, billed in addition to the roll. ADD, OMIT and MVS lists are always billed this way."
        ),
    ] = False,
    prorate: Prorate = None,
) -> Done:
    desk, on = Desk.of(book), on or dt.date.today()
    beside = further or rolls_desk.is_further("roll", levy_type)
    new, given = (
        rolls.from_modiv(file)
        if rolls.is_modiv(file)
        else rolls.from_columns(read_csv(file, ours=False), mapping_of(mapping), levy_type, FURTHER if beside else ROLL)
    )
    differences = rolls.control(new, control_bills, control_value)
    if differences:
        raise BadValue(
            "The roll does not tie: " + " ".join(differences),
            do="Nothing was imported. Find the rows, or correct the totals.",
        )
    if beside:
        said = rolls_desk.take_list(desk, new, given, file.name, on, prorate, missing)
    else:
        rolls_desk.refuse_supplementary(new, file.name)
        said = rolls_desk.take(desk, new, given, missing, file.name, on)
    total = int(new[Parcel.net_value].sum())
    desk.log("import roll", file.name, len(new), total)
    return Done(said, rows=len(new), total=total)


def mapping_of(text: str) -> dict[str, str]:
    """A mapping from its text: "Account=Parcel ID, Net Value=Total Assessment"."""
    pairs = [p.split("=", 1) for p in text.split(",") if p.strip()]
    if any(len(p) != 2 for p in pairs):
        raise BadValue(
            f'"{text}" is not a mapping.',
            where="mapping",
            do='Write a mapping as "Account=Parcel ID, Net Value=Total".',
        )
    return {ours.strip(): theirs.strip() for ours, theirs in pairs}


# ---- the first session: any sheet ------------------------------------------------------------------------------------

What = Annotated[
    str,
    Input(
        "What the sheet holds: roll, further (an added, omitted, supplemental or interim list), balances or payments.",
        cell="incoming_what",
    ),
]
File = Annotated[
    Path | None, Input("A workbook, CSV or MOD-IV file (default: the rows on Paste).", cell="incoming_file")
]
Headers = Annotated[
    str, Input('The header matches you know: "Account=Parcel ID, Amount=Balance". xltax guesses the rest.')
]
Digits = Annotated[int, Input("How many digits an account number has, if the sheet lost leading zeros.")]
Dates = Annotated[str, Input("The order of day and month in the sheet's dates: mdy, dmy or ymd (default: mdy).")]
Sender = Annotated[str, Input("The name to save the mapping under (default: what the sheet holds).")]
Type = Annotated[str, Input("The levy type of every row, if the sheet does not have one.")]


@action(
    "Check any spreadsheet before import: how the headers match, what cannot be read, and whether the "
    "total ties. Nothing is imported.",
    desk="Setup",
)
def look_at(
    book: Book,
    what: What,
    file: File = None,
    control_rows: Annotated[int | None, Input("The number of rows the sheet must have.", cell="incoming_rows")] = None,
    control_total: Annotated[
        Cents | None, Input("The total the amounts must add up to.", cell="incoming_total")
    ] = None,
    mapping: Headers = "",
    digits: Digits = 0,
    dates: Dates = "",
    name: Sender = "",
    levy_type: Type = "",
    missing: Missing = "",
) -> Done:
    desk, target = Desk.of(book), _target(what, levy_type)
    path = file or _file_in(book)
    control_rows, control_total = _controls(book, control_rows, control_total)
    if path and target.name == "roll" and rolls.is_modiv(path):
        return _look_at_modiv(desk, path, missing)
    frame = _sheet(book, path, target)
    filled = _mapping(desk, frame, target, mapping, digits, dates, name)
    found = sheet_import.read(frame, target, filled, levy_type)
    notes = _notes(desk, found, target, control_rows, control_total)
    book.replace_rows("Incoming", sheet_import.shown(frame, filled))
    book.replace_rows("Unsettled", sheet_import.unsettled(found, notes))
    for cell, value in {
        "incoming_what": target.name, "incoming_file": str(path) if path else None, "incoming_rows": control_rows, "incoming_total": control_total,
        "incoming_read": _key(frame, target), "incoming_header": frame.attrs["header_row"], "incoming_found": len(found.rows),
        "incoming_sum": found.total,
    }.items():  # fmt: skip
        book.set(cell, value)
    look = sheet_import.unsure(filled)
    desk.log("look at", f"{target.name} {frame.attrs['sheet']}"[:200], len(found.rows), found.total)
    would, ready = _would(desk, found, _columns_of(filled), missing) if target.name == "roll" else ([], True)
    lines = [*_found_lines(frame, filled, found, target), *would]
    lines += [str(p) for p in (*look, *found.problems, *notes)][:40]
    if not look and not found.problems and not notes and ready:
        lines.append(
            "Ready to import."
            if control_total is not None
            else "The sheet can be read. Enter the control total, then run Bring In."
        )
    return Done("\n".join(lines), rows=len(found.rows), total=found.total)


def _look_at_modiv(desk: Desk, path: Path, missing: str) -> Done:
    new, given = rolls.from_modiv(path)
    would, _ = _would(desk, Read(new, [], [], 0), given, missing)
    read = f"{some(len(new), 'record')}, net value {usd(int(new[Parcel.net_value].sum()))}"
    return Done("\n".join([f"{path.name} is a MOD-IV file: {read}. The file needs no mapping.", *would]))


def _found_lines(frame: pd.DataFrame, filled: Sequence[Filled], found: Read, target: Target) -> list[str]:
    """What the sheet holds, how its headers match, and the columns that are not used."""
    lines = [
        f"{frame.attrs['sheet']}: header in row {frame.attrs['header_row']}, {some(len(found.rows), 'row')}, {target.total} {usd(found.total)}; "
        f"{some(len(found.left_out), 'row')} skipped. Nothing has been imported."
    ]
    lines += [f"  {f.column} = {f.header}" + ("" if f.sure else "   (check this)") for f in filled if f.header]
    lines += sheet_import.read_as_empty(frame, filled, target)
    if idle := sheet_import.not_used(frame, filled):
        lines.append(
            f"  not used: {', '.join(idle)}. To use one of these, enter its name under Header beside our column."
        )
    return lines


@action(
    "Import a spreadsheet: roll, open balances or payments. Confirm every column match first. The total "
    "must tie to the control total.",
    desk="Setup",
)
def bring_in(
    book: Book,
    what: What,
    control_total: Annotated[
        Cents, Input("The total the amounts must add up to, from the old system's own report.", cell="incoming_total")
    ],
    file: File = None,
    control_rows: Annotated[int | None, Input("The number of rows the sheet must have.", cell="incoming_rows")] = None,
    mapping: Headers = "",
    digits: Digits = 0,
    dates: Dates = "",
    name: Sender = "",
    levy_type: Type = "",
    today: Today = None,
    missing: Missing = "",
    prorate: Prorate = None,
    roll_date: Annotated[dt.date | None, Input("The date of an added or supplemental list (default: today).")] = None,
) -> Done:
    desk, target = Desk.of(book), _target(what, levy_type)
    today = today or dt.date.today()
    path = file or _file_in(book)
    control_rows, _ = _controls(book, control_rows, control_total)
    sheet = _read_in(desk, path, target, levy_type, mapping, digits, dates, name)
    rows, total = sheet.found.rows, sheet.found.total
    _refuse_untied(sheet, target, control_rows, control_total)
    if target.name == "roll":
        rolls_desk.refuse_supplementary(rows, sheet.source)
        said = rolls_desk.take(desk, rows, sheet.given, missing, sheet.source, today)
    elif target.name == rolls_desk.LIST:
        given = (*sheet.given, *(["Levy Type"] if levy_type else []))
        said = rolls_desk.take_list(desk, rows, given, sheet.source, roll_date or today, prorate, missing)
    else:
        said = _TAKE[target.name](desk, rows, today)
    if sheet.filled:
        saved = sheet_import.to_remember(desk.table(MAPPINGS), name or target.name, sheet.filled)
        book.replace_rows("Mappings", saved.frame)
    _clear_first_session(book, sheet.found, pasted=path is None)
    desk.log("bring in", f"{target.name} {sheet.source}"[:200], len(rows), total)
    said = f"{sheet.source}: ties to {usd(control_total)}, difference $0.00. {said}{_skipped(sheet.found)}"
    return Done(said, rows=len(rows), total=total)


@dataclass(frozen=True)
class _Sheet:
    """A sheet that is read: its name, its rows, and how its headers match our columns."""

    source: str
    found: Read
    given: tuple[str, ...]  # our columns that the sheet fills
    filled: Sequence[Filled] = ()  # a MOD-IV file has no headers to match


def _read_in(
    desk: Desk, path: Path | None, target: Target, levy_type: str, mapping: str, digits: int, dates: str, name: str
) -> _Sheet:
    """The sheet to import. Every one of its columns must be sure."""
    if path and target.name == "roll" and rolls.is_modiv(path):
        new, given = rolls.from_modiv(path)
        return _Sheet(path.name, Read(new, [], [], int(new[Parcel.net_value].sum())), given)
    frame = _sheet(desk.book, path, target)
    filled = _mapping(desk, frame, target, mapping, digits, dates, name)
    if look := sheet_import.unsure(filled):
        todo = "Run Look At, correct the mapping on First Session, then run Bring In."
        raise Problems([*look, Problem("", "Nothing was imported.", todo)])
    found = sheet_import.read(frame, target, filled, levy_type)
    return _Sheet(str(frame.attrs["sheet"]), found, _columns_of(filled), filled)


def _refuse_untied(sheet: _Sheet, target: Target, control_rows: int | None, control_total: Cents) -> None:
    """Refuses a sheet with an error, a sheet that does not tie to its control totals, and a sheet without rows."""
    if sheet.found.problems:
        raise Problems(sheet.found.problems)
    if notes := sheet_import.untied(sheet.found, target, control_rows, control_total):
        raise Problems([*notes, Problem("", "Nothing was imported.", "Find the rows, or correct the total.")])
    if not len(sheet.found.rows):
        raise BadValue("The sheet has no rows.", where=sheet.source)


def _clear_first_session(book: Book, found: Read, *, pasted: bool) -> None:
    """Empties First Session for the next sheet, and leaves the skipped rows and the totals to read."""
    book.replace_rows("Incoming", pd.DataFrame(columns=[c.name for c in INCOMING.facts]))
    book.replace_rows("Unsettled", sheet_import.unsettled(found, []))
    if pasted:
        book.replace_rows(PASTED, pd.DataFrame(columns=[c.name for c in PASTE.facts]))
    cells = ("incoming_read", "incoming_header", "incoming_rows", "incoming_total", "incoming_file", "incoming_what")
    for cell in cells:
        book.set(cell, None)
    book.set("incoming_found", len(found.rows))
    book.set("incoming_sum", found.total)


def _skipped(found: Read) -> str:
    """The first rows that the import skipped, a line each."""
    return "".join(
        f"\nSkipped: {where}, {reason}{f', {usd(cents)}' if cents else ''}."
        for where, reason, cents in found.left_out[:10]
    )


def _file_in(book: Book) -> Path | None:
    value = book.get("incoming_file")
    return Path(str(value)) if value else None


def _controls(book: Book, rows: int | None, total: Cents | None) -> tuple[int | None, Cents | None]:
    """The control totals: those given, else those in the yellow cells of First Session."""
    in_rows, in_total = book.get("incoming_rows"), book.get("incoming_total")
    if rows is None and in_rows not in (None, ""):
        rows = whole(in_rows, where="First Session, control rows")
    if total is None and in_total not in (None, ""):
        total = to_cents(in_total, where="First Session, control total")
    return rows, total


def _sheet(book: Book, path: Path | None, target: Target) -> pd.DataFrame:
    """The sheet to import: the sheet of a file, or the rows on Paste."""
    if path is not None:
        name, rows, merged = raw_rows(path)
        return sheet_import.sheet(name, rows, merged, target)
    pasted = book.read(PASTED)
    if not len(pasted):
        raise BadValue(
            "No rows are pasted and no file is named.",
            where=PASTED,
            do="Paste the rows with their header here, or name a file.",
        )
    top = int(pasted.attrs["header_row"])
    rows = [[None] * pasted.shape[1] for _ in range(top + int(pasted.index[-1]) + 1)]
    for n, row in zip(pasted.index, pasted.to_numpy(dtype=object).tolist(), strict=True):
        rows[top + int(n)] = row
    # What stands above the pasted rows is the book's own.
    frame = sheet_import.sheet(str(pasted.attrs["sheet"]), rows[top:], (), target)
    frame.attrs["header_row"] += top
    return frame


def _key(frame: pd.DataFrame, target: Target) -> str:
    """What the mapping on the sheet is for: a corrected mapping is used again for the same headers only."""
    return f"{target.name}: {' | '.join(frame.columns)}"[:240]


def _mapping(
    desk: Desk, frame: pd.DataFrame, target: Target, text: str, digits: int, dates: str, name: str
) -> list[Filled]:
    """The mapping: given now, else corrected on First Session, else saved under its name, else guessed."""
    answered = bool(text or digits or dates)
    if dates and dates.strip().lower() not in ORDERS:
        raise BadValue(f'"{dates}" is not an order of dates.', where="dates", do=f"Use {', '.join(ORDERS)}.")
    if not answered and str(desk.book.get("incoming_read") or "") == _key(frame, target):
        given = sheet_import.from_table(desk.table(INCOMING))
        there = {f.column for f in given}
        checked = sheet_import.understood(frame, target, [f for f in given if f.header])
        # An emptied Header is an answer too: nothing fills that column.
        return [f if f.column not in there else _answer(f, given) for f in checked]
    said = [Filled(ours, theirs) for ours, theirs in mapping_of(text).items()]
    kept = sheet_import.remembered(desk.table(MAPPINGS), name or target.name, frame)
    named = {f.column for f in said} | {f.header for f in said}
    return sheet_import.understood(
        frame,
        target,
        [*said, *(f for f in kept if f.column not in named and f.header not in named)],
        digits,
        dates.strip().lower(),
    )


def _answer(read: Filled, given: Sequence[Filled]) -> Filled:
    """A column as the collector left it on the sheet: Yes is her word for it."""
    mine = next(f for f in given if f.column == read.column)
    if mine.header:
        return Filled(read.column, read.header, mine.reads_as or read.reads_as, mine.digits, mine.sure, mine.why)
    return Filled(read.column, sure=True) if read.header else read


def _notes(desk: Desk, found: Read, target: Target, rows: int | None, total: Cents | None) -> list[Problem]:
    """What prevents the import besides the sheet itself: control totals and, for balances, the Roll and the Duplicate."""
    notes = [] if found.problems else sheet_import.untied(found, target, rows, total)
    if target.name == "balances" and len(found.rows):
        try:
            opening_balances.bills(sheet_import.as_on_roll(found.rows, desk.roll)[0], desk.duplicate, desk.roll)
        except Problems as error:
            notes += error.problems
    return notes


def _target(what: str, levy_type: str) -> Target:
    """The kind of sheet; a roll of added or supplemental assessments is a list that comes after the roll."""
    named = sheet_import.target_of(what)
    return (
        sheet_import.target_of(rolls_desk.LIST)
        if named.name == "roll" and rolls_desk.is_further("", levy_type)
        else named
    )


def _columns_of(filled: Sequence[Filled]) -> tuple[str, ...]:
    """Our columns that the sheet fills."""
    return tuple(f.column for f in filled if f.header)


def _would(desk: Desk, found: Read, given: Sequence[str], missing: str) -> tuple[list[str], bool]:
    """What importing a roll would do to the Roll, and whether the import is ready."""
    if not len(found.rows) or not len(desk.roll):
        return [], True
    try:
        rolls_desk.refuse_supplementary(found.rows, "This file")
        plan = rolls_desk.look(desk, found.rows, given, missing)
    except TaxError as error:
        return [str(p) for p in error.problems[:40]], False
    open_ = bool(len(plan.missing)) and not missing
    return [plan.words(), *([f"missing: {ASK}"] if open_ else [])], not open_


def _take_balances(desk: Desk, rows: Table[Any], today: dt.date) -> str:
    rows, matched = sheet_import.as_on_roll(rows, desk.roll)
    bills, said = opening_balances.bills(rows, desk.duplicate, desk.roll)
    if not len(bills):
        raise BadValue("The sheet has no open balances.")
    desk.append(bills)
    moved = desk.reallocate(today, "opening balances")
    desk.refresh(desk.as_of())
    later = int(bills[Bill.interest_from].notna().sum())
    return " ".join(
        [
            f"{some(len(bills), 'bill')} for {some(bills[Bill.account].nunique(), 'account')} opened with {usd(int(bills[Bill.net_tax].sum()))}.",
            *([f"Interest starts after the due date on {some(later, 'bill')}."] if later else []),
            *said,
            *([matched] if matched else []),
            *([reallocated(moved).strip()] if moved else []),
            "Run Parallel to compare the old system's interest with this workbook.",
        ]
    )


def _take_payments(desk: Desk, rows: Table[Any], today: dt.date) -> str:
    rows, matched = sheet_import.as_on_roll(rows, desk.roll)
    lines = counter.post_rows(desk, rows, today)
    moved = desk.reallocate(today, "payments brought in")
    desk.refresh(desk.as_of())
    text = f"{some(lines[CashLine.receipt].nunique(), 'payment')} posted, receipts {lines[CashLine.receipt].iloc[0]} to {lines[CashLine.receipt].iloc[-1]}."
    if over := int(lines[Bill.overpaid].sum()):
        text += f" {usd(over)} is credit or must be refunded."
    text += f" {matched}" if matched else ""
    return text + reallocated(moved)


_TAKE = {
    "balances": _take_balances,
    "payments": _take_payments,
}
