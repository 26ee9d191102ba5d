"""Setting up a book: the assessor's roll, and any spreadsheet the office has kept until now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from xltax.actions import counter, printing
from xltax.actions import rolls as rolls_desk
from xltax.actions.desk import Desk
from xltax.actions.incoming import (
    PASTED,
    Dates,
    Digits,
    Encoding,
    Headers,
    Incoming,
    Lots,
    Paid,
    Password,
    Said,
    Sender,
    SheetName,
    Sure,
    Words,
    conversation,
    deductions,
    key_of,
    read_incoming,
    read_named,
    refuse_unsure,
    skipped,
)
from xltax.actions.inputs import Again, Today
from xltax.actions.rolls import Missing, Prorate
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, Problem, Problems, TaxError
from xltax.hosts.port import Book
from xltax.money import Cents, to_cents, usd, whole
from xltax.office.billing import roll_import as rolls
from xltax.office.billing.roll_changes import ASK
from xltax.office.counter import payment_check, posting
from xltax.office.counter.payment_check import PAYMENTS, Payment
from xltax.office.intake import opening_balances, sheet_import, sheet_read, targets
from xltax.office.intake.sheet_read import Read
from xltax.office.intake.targets import ImportedPayment, Target
from xltax.tables import Bill, CashLine, Parcel
from xltax.tables.counter import MAPPINGS
from xltax.tables.setup import INCOMING, PASTE
from xltax.tables.table import Table
from xltax.wording import reallocated, some


@action("Import the assessor's roll and check the roll against the control totals.", desk="Setup")
def import_roll(
    book: Book,
    file: Annotated[Path, Input("A workbook, CSV or MOD-IV file.")],
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
    if rolls.is_modiv(file):
        found, (new, given) = None, rolls.from_modiv(file)
    else:
        read = read_named(
            file, targets.TARGETS[rolls_desk.LIST if beside else "roll"], mapping, levy_type, deductions(desk)
        )
        found, new = read.found, read.found.rows
        given = (*read.given, *(["Levy Type"] if levy_type else []))
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
    return Done(said + (skipped(found) if found else ""), rows=len(new), total=total)


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
    lots: Lots = "",
    sure: Sure = "",
    words: Words = "",
    paid: Paid = "",
    sheet: SheetName = "",
    encoding: Encoding = "",
    password: Password = "",
) -> Done:
    desk, target = Desk.of(book), _target(what, levy_type)
    path = file or _file_in(book)
    control_rows, control_total = _controls(book, control_rows, control_total)
    if path and target.name == "roll" and rolls.is_modiv(path):
        return _look_at_modiv(desk, path, missing)
    said = Said(mapping, digits, dates, lots, sure, words, paid, name, sheet, encoding, password)
    read = read_incoming(desk, path, target, said, levy_type)
    judged = _judge(desk, read, target, control_rows, control_total, missing)
    found = read.found
    book.replace_rows("Incoming", sheet_import.shown(found.kept, read.filled))
    book.replace_rows("Unsettled", sheet_read.unsettled(found, judged.notes))
    for cell, value in {
        "incoming_what": target.name, "incoming_file": str(path) if path else None, "incoming_rows": control_rows, "incoming_total": control_total,
        "incoming_read": key_of(read.frame, target), "incoming_header": read.frame.attrs["header_row"], "incoming_found": len(found.rows),
        "incoming_sum": found.total,
    }.items():  # fmt: skip
        book.set(cell, value)
    desk.log("look at", f"{target.name} {read.source}"[:200], len(found.rows), found.total)
    lines = [*conversation(read, target), *judged.would]
    lines += [str(p) for p in judged.problems][:40]
    if not judged.problems and judged.ready:
        lines.append(
            "Ready to import."
            if control_total is not None
            else "The sheet can be read. Enter the control total, then run Bring In."
        )
    return Done("\n".join(lines), rows=len(found.rows), total=found.total)


def _look_at_modiv(desk: Desk, path: Path, missing: str) -> Done:
    new, given = rolls.from_modiv(path)
    would, _ = _would(desk, new, given, missing)
    read = f"{some(len(new), 'record')}, net value {usd(int(new[Parcel.net_value].sum()))}"
    return Done("\n".join([f"{path.name} is a MOD-IV file: {read}. The file needs no mapping.", *would]))


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
    lots: Lots = "",
    sure: Sure = "",
    words: Words = "",
    paid: Paid = "",
    sheet: SheetName = "",
    encoding: Encoding = "",
    password: Password = "",
    again: Again = False,
    suspend: Annotated[bool, Input("For payments. Yes: money without an account goes to suspense.")] = False,
) -> Done:
    desk, target = Desk.of(book), _target(what, levy_type)
    today = today or dt.date.today()
    path = file or _file_in(book)
    control_rows, _ = _controls(book, control_rows, control_total)
    if path and target.name == "roll" and rolls.is_modiv(path):
        rows, given = rolls.from_modiv(path)
        source, found, read = path.name, Read(rows, [], [], int(rows[Parcel.net_value].sum())), None
        if notes := sheet_read.untied(found, target, control_rows, control_total):
            raise Problems([*notes, _NOTHING])
    else:
        said = Said(mapping, digits, dates, lots, sure, words, paid, name, sheet, encoding, password)
        read = read_incoming(desk, path, target, said, levy_type)
        refuse_unsure(read)
        _refuse_untied(read, target, control_rows, control_total)
        source, found, rows, given = read.source, read.found, read.found.rows, read.given
    if read is None or target.name == "roll":
        rolls_desk.refuse_supplementary(rows, source)
        done = rolls_desk.take(desk, rows, given, missing, source, today)
    elif target.name == rolls_desk.LIST:
        given = (*given, *(["Levy Type"] if levy_type else []))
        done = rolls_desk.take_list(desk, rows, given, source, roll_date or today, prorate, missing)
    elif target.name == "balances":
        done = _take_balances(desk, *read.in_book(desk), today)
    else:
        done = _take_payments(desk, *read.in_book(desk), today, again=again, suspend=suspend)
    if read is not None:
        saved = sheet_import.to_remember(desk.table(MAPPINGS), read.name, read.filled)
        book.replace_rows("Mappings", saved.frame)
    _clear_first_session(book, found, pasted=path is None)
    desk.log("bring in", f"{target.name} {source}"[:200], len(rows), found.total)
    text = f"{source}: ties to {usd(control_total)}, difference $0.00. {done}{skipped(found)}"
    return Done(text, rows=len(rows), total=found.total)


_NOTHING = Problem("", "Nothing was imported.", "Find the rows, or correct the total.")


@dataclass(frozen=True)
class _Judged:
    """What prevents an import, and what the import would do. Look At and Bring In have this one judgement."""

    problems: list[Problem]
    notes: list[Problem]  # those of the rows and the totals
    would: list[str]
    ready: bool


def _judge(
    desk: Desk, read: Incoming, target: Target, control_rows: int | None, control_total: Cents | None, missing: str
) -> _Judged:
    look, found = sheet_import.unsure(read.filled), read.found
    notes = (
        [] if found.problems or not len(found.rows) else sheet_read.untied(found, target, control_rows, control_total)
    )
    would: list[str] = []
    ready = bool(len(found.rows)) or bool(look or found.problems)
    if not ready:
        notes.append(Problem(read.source, "The sheet has no rows.", ""))
    if len(found.rows):
        try:
            if target.name == "roll":
                would, ready = _would(desk, found.rows, read.given, missing)
            elif target.name == "balances":
                rows, _ = read.in_book(desk)
                opening_balances.opened(rows, desk.duplicate, desk.roll)
            elif target.name == "payments":
                rows, _ = read.in_book(desk)
                charges, today = desk.facts.charges, dt.date.today()
                payment_check.checked(_as_payments(rows)[0], charges, desk.cash_book, today, desk.parcels)
        except Problems as error:
            notes += error.problems
        except BadValue as error:
            notes.append(error.problem)
    return _Judged([*look, *found.problems, *notes], notes, would, ready)


def _refuse_untied(read: Incoming, target: Target, control_rows: int | None, control_total: Cents | None) -> None:
    """Refuses a sheet with an error, a sheet that does not tie to its control totals, and a sheet without rows."""
    if read.found.problems:
        raise Problems(read.found.problems)
    if notes := sheet_read.untied(read.found, target, control_rows, control_total):
        raise Problems([*notes, _NOTHING])
    if not len(read.found.rows):
        raise BadValue("The sheet has no rows.", where=read.source)


def _clear_first_session(book: Book, found: Read, *, pasted: bool) -> None:
    """Empties First Session for the next sheet, and leaves the skipped rows and the totals to read."""
    book.replace_rows("Incoming", pd.DataFrame(columns=[c.name for c in INCOMING.facts]))
    book.replace_rows("Unsettled", sheet_read.unsettled(found, []))
    if pasted:
        book.replace_rows(PASTED, pd.DataFrame(columns=[c.name for c in PASTE.facts]))
    cells = ("incoming_read", "incoming_header", "incoming_rows", "incoming_total", "incoming_file", "incoming_what")
    for cell in cells:
        book.set(cell, None)
    book.set("incoming_found", len(found.rows))
    book.set("incoming_sum", found.total)


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


def _target(what: str, levy_type: str) -> Target:
    """The kind of sheet; a roll of added or supplemental assessments is a list that comes after the roll."""
    named = targets.target_of(what)
    return (
        targets.target_of(rolls_desk.LIST) if named.name == "roll" and rolls_desk.is_further("", levy_type) else named
    )


def _would(desk: Desk, rows: Table[Any], given: Sequence[str], missing: str) -> tuple[list[str], bool]:
    """What importing a roll would do to the Roll, and whether the import is ready."""
    if not len(rows) or not len(desk.roll):
        return [], True
    try:
        rolls_desk.refuse_supplementary(rows, "This file")
        plan = rolls_desk.look(desk, rows, given, missing)
    except TaxError as error:
        return [str(p) for p in error.problems[:40]], False
    open_ = bool(len(plan.missing)) and not missing
    return [plan.words(), *([f"missing: {ASK}"] if open_ else [])], not open_


def _take_balances(desk: Desk, rows: Table[Any], matched: str, today: dt.date) -> str:
    bills, credits, said = opening_balances.opened(rows, desk.duplicate, desk.roll)
    if not len(bills) and not credits:
        raise BadValue("The sheet has no open balances.")
    desk.append(bills)
    if credits:
        counter.post_rows(desk, Table.entered(PAYMENTS, [{**c, Payment.received: today} for c in credits]), today)
    moved = desk.reallocate(today, "opening balances")
    desk.refresh(desk.as_of())
    later = int(bills[Bill.interest_from].notna().sum())
    opened = f"{some(len(bills), 'bill')} for {some(bills[Bill.account].nunique(), 'account')} opened with {usd(int(bills[Bill.net_tax].sum()))}."
    return " ".join(
        [
            opened,
            *([f"Interest starts after the due date on {some(later, 'bill')}."] if later else []),
            *said,
            *([matched] if matched else []),
            *([reallocated(moved).strip()] if moved else []),
            "Run Parallel to compare the old system's interest with this workbook.",
        ]
    )


def _as_payments(rows: Table[Any], in_book: Collection[str] | None = None) -> tuple[Table[Any], Cents]:
    """The rows of a sheet as payments, and what goes to suspense. The payer's name is kept in the note.

    in_book: the accounts and bills of the Duplicate, if money of nobody known goes to suspense.
    """
    payer = rows[ImportedPayment.payer]
    note = rows[ImportedPayment.note].where(rows[ImportedPayment.note] != "", payer)
    payments = rows.with_columns({ImportedPayment.note: note}).as_rows_of(PAYMENTS)
    if in_book is None:
        return payments, 0
    named = payments[Payment.bill].where(payments[Payment.bill] != "", payments[Payment.account])
    stray = ~named.isin(set(in_book))
    was = named.where(~stray | (named == ""), "account in the file: " + named)
    note = (payments[Payment.note] + "; " + was).str.strip("; ")
    changed = {
        Payment.kind: payments[Payment.kind].mask(stray, "Other"),
        Payment.revenue_code: payments[Payment.revenue_code].mask(stray, posting.SUSPENSE),
        Payment.note: payments[Payment.note].mask(stray, note),
        Payment.account: payments[Payment.account].mask(stray, ""),
        Payment.bill: payments[Payment.bill].mask(stray, ""),
    }
    return payments.with_columns(changed), int(payments.loc[stray, Payment.amount].sum())


def _take_payments(desk: Desk, rows: Table[Any], matched: str, today: dt.date, *, again: bool, suspend: bool) -> str:
    known = {*desk.duplicate[Bill.account], *desk.duplicate[Bill.bill]}
    rows, stray = _as_payments(rows, known if suspend else None)
    lines = counter.post_rows(desk, rows, today, again=again)
    moved = desk.reallocate(today, "payments brought in")
    desk.refresh(desk.as_of())
    text = f"{some(lines[CashLine.receipt].nunique(), 'payment')} posted, {counter.receipts_words(lines)}."
    if over := int(lines[Bill.overpaid].sum()):
        text += f" {usd(over)} is credit or must be refunded."
    text += f" {usd(stray)} is in suspense." if stray else ""
    text += f" {matched}" if matched else ""
    return text + reallocated(moved)


@action(
    "Choose what printed pages are: a workbook, a PDF file, or both. Every task that prints follows this choice.",
    desk="Setup",
)
def print_to(book: Book, choice: Annotated[str, Input("Workbook, PDF or Both.", cell=printing.CELL)]) -> Done:
    desk = Desk.of(book)
    chosen = printing.choice(choice, "choice")
    book.set(printing.CELL, chosen)
    desk.log("print to", chosen, 0)
    return Done(f"Printed pages are now: {chosen}. The setting is on the sheet Rates.")
