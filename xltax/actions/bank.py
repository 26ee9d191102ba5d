"""The bank: import its statement, and reconcile the account with the book, month after month."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from xltax.actions.desk import Desk
from xltax.actions.incoming import Encoding, Headers, read_named
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts import incoming_text, statement_files
from xltax.hosts.bank_files import kind_of_bank_file
from xltax.hosts.incoming import bytes_of
from xltax.hosts.port import Book
from xltax.hosts.statement_files import StatementFile
from xltax.money import Cents, usd
from xltax.office.controls import bank_import, bank_match, bank_pages, bank_reconciliation, liabilities, persons
from xltax.office.controls.bank_items import MoneyBooks
from xltax.office.controls.bank_reconciliation import Entry, Reconciliation
from xltax.office.counter import drawer
from xltax.office.intake.targets import STATEMENT
from xltax.office.statements import movements as moves
from xltax.tables.bank import BANK_BALANCES, OWED, PAID_OUT, RECONCILIATIONS, PaidOut, ReconciledLine
from xltax.tables.counter import BANK, REVENUE_CODES, BankLine
from xltax.tables.statements import ACCOUNTS, TURNOVERS
from xltax.tables.table import Table
from xltax.wording import some


@action(
    "Import the bank's statement into Bank: CSV, BAI2, OFX or QFX. Lines that Bank already has are left out. The ending balance is kept.",
    desk="Day and Batches",
)
def import_bank(
    book: Book,
    file: Annotated[Path, Input("The bank's file: CSV, workbook, BAI2, OFX or QFX.")],
    headers: Headers = "",
    encoding: Encoding = "",
    balance: Annotated[Cents | None, Input("The ending balance, if the file does not have one.")] = None,
    through: Annotated[
        dt.date | None, Input("The last day of the statement, if the file does not have a balance.")
    ] = None,
) -> Done:
    desk = Desk.of(book)
    rows, balances, notes = _lines_of(file, headers, encoding)
    if balance is not None and through is None and rows:
        through = max(r[BankLine.date] for r in rows)
    if balance is not None and through is not None:
        balances = {**balances, through: balance}
    taken = bank_import.take(rows, balances, file.name, desk.table(BANK), desk.table(BANK_BALANCES))
    desk.append(taken.lines)
    desk.append(taken.balances)
    total = int(taken.lines[BankLine.amount].sum())
    desk.log("import bank", file.name, len(taken.lines), total)
    said = f"{some(len(taken.lines), 'new line')}, {usd(total)}."
    said += (
        f" {some(taken.again, 'line')} of the file {'was' if taken.again == 1 else 'were'} on Bank already."
        if taken.again
        else ""
    )
    said += "".join(f" Balance on {day}: {usd(cents)}." for day, cents in sorted(balances.items())[-1:])
    if not balances:
        said += " The file has no ending balance. Enter the balance on Bank Reconciliation."
    return Done(" ".join([said, *notes]), rows=len(taken.lines), total=total)


def _lines_of(file: Path, headers: str, encoding: str) -> tuple[list[dict[str, Any]], dict[dt.date, Cents], list[str]]:
    """The lines of a bank's file, its ending balances, and what to know. The content decides what the file is."""
    data = bytes_of(file)
    found: StatementFile | None = None
    if statement_files.is_ofx(data):
        found = statement_files.read_ofx(file.name, data)
    elif not data.startswith((b"PK", b"\xd0\xcf")):
        text = incoming_text.decode(data, file.name, encoding)
        if kind_of_bank_file(text) == "bai2":
            found = statement_files.read_bai2(file.name, incoming_text.windows(text))
    if found is None:
        rows, balances = bank_import.of_columns(read_named(file, STATEMENT, headers).found.rows)
        return rows, balances, []
    lines = [
        {BankLine.date: x.date, BankLine.deposit: x.word, BankLine.amount: x.cents, BankLine.reference: x.reference,
         BankLine.note: x.note, BankLine.bank_id: x.bank_id, "where": x.where}
        for x in found.lines
    ]  # fmt: skip
    return lines, found.balances, found.notes


@action(
    "Reconcile the bank account as of a day: statement balance, deposits in transit, outstanding checks, book balance, "
    "difference, and what is owed out of the account.",
    desk="Controls",
)
def reconcile_bank(
    book: Book,
    as_of: Annotated[
        dt.date | None, Input("The day of the reconciliation, such as a month's end.", cell="as_of")
    ] = None,
    reviewed_by: Annotated[
        str, Input("Who reviewed the reconciliation: another person (default: signed on paper).")
    ] = "",
) -> Done:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    reviewed_by = reviewed_by.strip()
    prepared_by = desk.person.name
    if reviewed_by and persons.same_person(desk.people, reviewed_by, prepared_by):
        raise BadValue(
            f"{reviewed_by} prepares this reconciliation, and cannot review it.",
            where="reviewed_by",
            do="Name another person, or leave the field empty and let another person sign the page.",
        )
    former = desk.register(RECONCILIATIONS)
    later = former[former[ReconciledLine.as_of] > np.datetime64(day, "s")]
    if len(later):
        last = later[ReconciledLine.as_of].max().date()
        raise BadValue(f"The account is reconciled through {last}.", where="as_of", do="Enter that day or a later day.")
    books = MoneyBooks(desk.cash_book, drawer.standing(desk.day_closes), desk.batches, desk.table(PAID_OUT))
    bank = desk.table(BANK)
    made = bank_reconciliation.reconcile(books, bank, desk.table(BANK_BALANCES), day, former)
    owed = _owed(desk, made)
    filled = _fill_in(desk, bank, made)
    number = int(former[ReconciledLine.no].max()) + 1 if len(former) else 1
    desk.append(bank_pages.as_rows(made, owed, number, prepared_by, reviewed_by))
    pages = bank_pages.pages(made, owed, number, desk.office, prepared_by, reviewed_by)
    name = desk.issue(f"bank reconciliation {day}", pages, "bank reconciliation", f"{number} as of {day}", made.balance)
    rest = owed[-1].amount
    desk.log("reconcile bank", f"{number} as of {day}, difference {usd(made.difference)}, unidentified {usd(rest)}", len(made.entries), made.balance)  # fmt: skip
    text = f"Reconciliation {number} as of {day}: reconciled bank balance {usd(made.balance)}, difference {usd(made.difference)}, unidentified {usd(rest)}."
    text += (
        f" {some(filled, 'line')} of Bank {'was' if filled == 1 else 'were'} matched and filled in." if filled else ""
    )
    text += f" {'Reviewed by ' + reviewed_by if reviewed_by else 'Another person must review and sign the page'}. The page is in {name}."
    strange = liabilities.strange_checks(books.paid_out, day)
    look = [*made.look, *strange, *([f"Unidentified: {usd(rest)}: {owed[-1].detail}"] if rest else [])]
    return Done("\n".join([text, *look]), tuple(look), len(made.entries), made.balance)


def _owed(desk: Desk, made: Reconciliation) -> list[Entry]:
    """The list of liabilities on the day of a reconciliation, from what was known that day."""
    books = liabilities.OwedBooks(
        desk.counted(desk.cash_book), desk.counted(desk.adjustments), desk.table(TURNOVERS), desk.table(ACCOUNTS), desk.table(REVENUE_CODES),
        desk.table(PAID_OUT), desk.table(OWED), desk.town,
    )  # fmt: skip
    return liabilities.entries(books, moves.as_known(desk.facts, desk.town, made.as_of), made)


def _fill_in(desk: Desk, bank: Table[BankLine], made: Reconciliation) -> int:
    """Writes on Bank what each line was matched with, and on Paid Out the day each check cleared. Typed cells stay."""
    deposit, reference = bank[BankLine.deposit].tolist(), bank[BankLine.reference].tolist()
    row_of = {int(at): n for n, at in enumerate(bank.index)}
    filled = 0
    for items, lines in made.match.found:
        for line in lines:
            n = row_of[line.at]
            filled += 1
            if items[0].kind == bank_match.DEPOSIT:
                deposit[n] = ", ".join(i.no for i in items)
            else:
                deposit[n] = deposit[n] or ("Check" if items[0].kind == bank_match.CHECK else "Returned")
                reference[n] = reference[n] or items[0].no
    if filled:
        columns = bank.with_columns({BankLine.deposit: deposit, BankLine.reference: reference})
        desk.book.replace_columns(BANK.name, columns[[BankLine.deposit, BankLine.reference]])
    paid = desk.table(PAID_OUT)
    cleared = {i.no: lines[-1].date for items, lines in made.match.pairs for i in items if i.kind == bank_match.CHECK}
    if len(paid):
        days = [np.datetime64(cleared.get(n, "NaT"), "s") for n in paid[PaidOut.no]]
        desk.book.replace_columns(PAID_OUT.name, paid.frame.assign(Cleared=days)[[PaidOut.cleared]])
    return filled
