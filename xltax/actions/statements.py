"""The treasurer's statements: the month, the year, the turnover slip, and the entries for the general ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any

from xltax.actions import control, recheck
from xltax.actions.desk import Desk
from xltax.actions.inputs import AlsoWithhold, NotHer, Today
from xltax.dates import add_months, month_end
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.law.statement import Statement
from xltax.money import usd
from xltax.office.billing import roll_changes
from xltax.office.controls import issued_papers, late_items, recorded_days
from xltax.office.sharing.confidential import LEDGER, STATEMENT, WITHHELD, Confidential
from xltax.office.statements import (
    collection_rates,
    current_levy_year,
    exports,
    general_ledger,
    journal_files,
    schedules,
    statement_lines,
    statement_pages,
    statement_rows,
    turnover,
)
from xltax.office.statements import movements as moves
from xltax.office.statements.general_ledger import JournalLine
from xltax.office.statements.movements import Period
from xltax.office.statements.schedules import ScheduleLine
from xltax.office.statements.statement_lines import Made
from xltax.pages import Page
from xltax.tables import HISTORY, LOG
from xltax.tables.agreements import CERTIFICATES
from xltax.tables.bank import PAID_OUT
from xltax.tables.check import Check
from xltax.tables.counter import REVENUE_CODES
from xltax.tables.statements import (
    ACCOUNTS,
    OPENING_LEVIES,
    STATEMENT_ROWS,
    TURNOVERS,
    CollectedLine,
    CollectionRateLine,
    Turnover,
)
from xltax.tables.table import Table
from xltax.wording import some

Through = Annotated[dt.date | None, Input("The last day of the period (default: the As of date on Start).")]
Start = Annotated[dt.date | None, Input("The first day of the period, if it is not the usual one.")]


@action(
    "Make the monthly report: each levy from charged to unpaid, what was collected, and lines to sign.",
    desk="Statements",
    label="Month report",
)
def month_report(
    book: Book, through: Through = None, start: Start = None, also_withhold: AlsoWithhold = "", not_her: NotHer = ""
) -> Done:
    desk = Desk.of(book)
    end = month_end(through or desk.as_of())
    return _statement(
        desk, "monthly", Period(start or end.replace(day=1), end), desk.confidential(also_withhold, not_her)
    )


@action(
    "Make the annual statement, or the settlement where the State has one, with its schedules and percent collected.",
    desk="Statements",
    label="Annual statement",
)
def annual_statement(
    book: Book,
    through: Through = None,
    start: Start = None,
    report: Annotated[
        str, Input("Another statement of the year from the Rules: afs, for the annual financial statement.")
    ] = "",
    also_withhold: AlsoWithhold = "",
    not_her: NotHer = "",
) -> Done:
    desk = Desk.of(book)
    given = through or desk.as_of()
    rules = [r.params for r in desk.town.in_force(Statement, given)]
    report = report or next((p.report for p in rules if p.report in ("annual", "settlement")), "annual")
    statement_lines.rules_of(desk.town, report, given)
    first = current_levy_year.year_of(desk.town, given).first_day(given)
    end = through or add_months(first, 12) - dt.timedelta(days=1)
    return _statement(desk, report, Period(start or first, end), desk.confidential(also_withhold, not_her))


def _statement(desk: Desk, report: str, period: Period, away: Confidential) -> Done:
    book = desk.book
    if not len(desk.duplicate):
        raise BadValue("The Duplicate is empty.", do="Bill the year first.")
    began = control.began(desk)
    books = recheck.books_of(desk, began)
    made = statement_lines.make(books, report, period)
    owners = roll_changes.owners_on(desk.parcels, desk.register(HISTORY), period.end)
    rows = schedules.schedules(made, books, owners)
    away.settle(
        account for part in rows.values() if ScheduleLine.account in part for account in part[ScheduleLine.account]
    )
    shown = {n: away.shown(part, part.spec, STATEMENT) for n, part in rows.items()}
    rate = collection_rates.collection_rate(books, made.rules[0], period.end, made.current)
    year_ago = moves.as_known(books.facts, desk.town, add_months(period.end, -12))
    failing = control.failing(desk)
    book.replace_rows("Statement", made.lines)
    opened, long = statement_rows.rows_of(made.opened, _sources(desk))
    if STATEMENT_ROWS.name in book.tables():
        book.replace_rows(STATEMENT_ROWS.name, opened)
    book.replace_rows("Collected", made.collected)
    book.replace_rows("CollectionRate", rate)
    book.replace_rows("CollectionsByMonth", collection_rates.by_month(books.cash_book, period.end))
    book.replace_rows("DelinquencyByAge", collection_rates.by_age(made.closing, year_ago))
    for name, value in {
        "statement_kind": statement_lines.named(made.rules),
        "statement_from": period.start,
        "statement_through": period.end,
        "statement_difference": made.difference,
        "collections_as_of": period.end,
    }.items():
        book.set(name, value)
    formula = collection_rates.rate_rule(desk.town, made.rules[0], period.end)
    cited = formula.authority()
    beside = statement_pages.Beside(
        schedules=shown,
        rate=rate,
        formula=formula.params.words(),
        source=WITHHELD if away.tells([cited]) else cited,
        turned_over=turnover.in_hand(books.cash_book, books.turnovers, period),
        collector=desk.collector,
        failing=failing,
        late=tuple(
            late_items.blocks(
                late_items.late_items(books.cash_book, books.adjustments, desk.register(LOG)), period.start, period.end
            )
        ),
        closed=recheck.as_closed(desk, books, made, report),
    )
    pages = statement_pages.pages_of(made, began, desk.office, beside)
    cash = int(made.collected[CollectedLine.total].sum())
    name = _printed(desk, pages, f"{report} {period.start} to {period.end}", cash, period, made)
    desk.log(f"{report} statement", f"{period.start} to {period.end}", len(made.lines), cash)
    text = f"{statement_lines.named(made.rules)}, {period.start} to {period.end}: collected {usd(cash)}. The statement is in {name}."
    if made.difference:
        text += f" THE STATEMENT DOES NOT FOOT: differences of {usd(made.difference)}."
    withheld = rate.loc[
        (rate[CollectionRateLine.percent] == "") & (rate[CollectionRateLine.levy_year] == str(made.current)),
        CollectionRateLine.note,
    ]
    text += "".join(f" Percent collected for {made.current}: {note}" for note in withheld)
    text += away.said() + _fails(failing)
    if long:
        text += (
            f" Statement Rows leaves out the longest lines: {'; '.join(long)}. Use the filter under Found By for them."
        )
    apart = (f"The statement does not foot: differences of {usd(made.difference)}.",) if made.difference else ()
    return Done(text, (*apart, *_look(failing)), len(made.lines), cash)


def _printed(desk: Desk, pages: list[Page], about: str, cash: int, period: Period, made: Made) -> str:
    """Prints a statement. One made before its period ended is a look ahead, and is not registered as issued."""
    name = f"{statement_lines.named(made.rules)} {period.end}"
    if period.end < recorded_days.clock():
        return desk.issue(name, pages, issued_papers.STATEMENT, about, cash)
    early = "Printed before the period ended. The figures can change."
    return desk.preview(name, [replace(page, footer=early) for page in pages])


def _sources(desk: Desk) -> dict[str, Table[Any]]:
    """The tables whose rows a statement adds up, by name."""
    held = (desk.cash_book, desk.adjustments, desk.duplicate, desk.day_closes, desk.register(TURNOVERS), desk.register(CERTIFICATES),
            desk.register(OPENING_LEVIES), desk.register(PAID_OUT))  # fmt: skip
    return {table.spec.name: table for table in held}


def _fails(failing: list[Check]) -> str:
    """The sentence a statement task adds when checks of Proof fail."""
    return f" PROOF FAILS: {'; '.join(_look(failing)).rstrip('.')}." if failing else ""


def _look(failing: list[Check]) -> tuple[str, ...]:
    return tuple(f"{check.name}: {check.result}" for check in failing)


@action(
    "Turn the money over to the treasurer, with a numbered slip of all lines since the last slip, by revenue account.",
    desk="Statements",
    label="Turnover slip",
)
def turnover_slip(
    book: Book,
    through: Annotated[
        dt.date | None, Input("The last posting day on the slip (default: every line posted so far).")
    ] = None,
    today: Today = None,
    slip: Annotated[int, Input("The number of an earlier slip, to print it again. Nothing is turned over.")] = 0,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    done = desk.table(TURNOVERS)
    if slip:
        return _slip_again(desk, slip)
    number, first, lines = turnover.next_slip(desk.cash_book, done, through)
    rows = turnover.slip_rows(number, first, lines, desk.table(ACCOUNTS), desk.town, today, desk.table(REVENUE_CODES))
    failing = control.failing(desk)
    page = turnover.slip_page(rows.frame, lines, desk.office, statement_pages.warning(failing))
    desk.append(rows)
    total = int(rows[Turnover.amount].sum())
    name = desk.issue(f"Turnover slip {number}", [page], issued_papers.SLIP, str(number), total)
    desk.log("turnover slip", f"slip {number}, lines {first} to {first + len(lines) - 1}", len(lines), total)
    text = f"Slip {number}: {usd(total)} in {some(len(rows), 'account')}, from {some(len(lines), 'Cash Book line')}. The slip is in {name}."
    return Done(text + _fails(failing), _look(failing), len(lines), total)


def _slip_again(desk: Desk, number: int) -> Done:
    """Prints a slip of the register again."""
    rows, lines = turnover.slip_of(desk.cash_book, desk.table(TURNOVERS), number)
    failing = control.failing(desk)
    page = turnover.slip_page(rows.frame, lines, desk.office, statement_pages.warning(failing))
    total = int(rows[Turnover.amount].sum())
    name = desk.issue(f"Turnover slip {number}", [page], issued_papers.SLIP, str(number), total)
    desk.log("turnover slip", f"slip {number} printed again", len(lines), total)
    return Done(
        f"Slip {number}: {usd(total)}. The slip is in {name}.{_fails(failing)}", _look(failing), len(lines), total
    )


@action(
    "Write the period's double entries for the town's general ledger to a file: the levy, its collection, liens and refunds.",
    desk="Statements",
    label="Ledger export",
)
def ledger_export(
    book: Book,
    through: Annotated[
        dt.date | None, Input("The last day of the period (default: the end of the month on Start).")
    ] = None,
    start: Annotated[dt.date | None, Input("The first day of the period (default: the first of that month).")] = None,
    format: Annotated[str, Input("csv, quickbooks (IIF), or intacct.")] = "csv",
    available: Annotated[
        dt.date | None,
        Input("Only the entry for tax collected soon after the end of a fiscal year: the last day of that year."),
    ] = None,
    again: Annotated[bool, Input("Yes: write the file again, although these days were exported before.")] = False,
) -> Done:
    desk = Desk.of(book)
    if format not in journal_files.FORMATS:
        raise BadValue(f'"{format}" is not a format.', where="format", do=f"Enter {', '.join(journal_files.FORMATS)}.")
    end = available or through or month_end(desk.as_of())
    period = Period(available or start or end.replace(day=1), end)
    log = desk.register(LOG)
    before = exports.of(log, "available" if available else "entries")
    exports.refuse(before, period, again)
    failing = control.failing(desk)
    away = desk.confidential()  # it has no rows of accounts: nothing is asked, but a name may stand in a code's name
    accounts = Table.made(ACCOUNTS, away.shown(desk.table(ACCOUNTS), ACCOUNTS, LEDGER))
    codes = Table.made(REVENUE_CODES, away.shown(desk.table(REVENUE_CODES), REVENUE_CODES, LEDGER))
    books = recheck.books_of(desk, control.began(desk))
    if available or general_ledger.full(accounts):
        happened = general_ledger.available(books, available) if available else general_ledger.events(books, period)
        lines, rows = general_ledger.journal(happened, accounts, codes, desk.town, end)
    else:
        lines, rows = general_ledger.receipts(books, accounts, codes, period)
    if not len(lines):
        raise BadValue(
            f"Nothing was posted from {period.start} to {period.end}.", where="Cash Book", do="Choose another period."
        )
    number, code = len(exports.of(log)) + 1, general_ledger.fingerprint(lines)
    title = f"general ledger {'available ' if available else ''}{period.start} to {period.end}"
    name = book.put_file(
        title + journal_files.FORMATS[format], journal_files.written(format, lines, f"GL{number}").encode()
    )
    if STATEMENT_ROWS.name in book.tables():
        opened, _ = statement_rows.rows_of(general_ledger.opened(rows, number), _sources(desk))
        book.replace_rows(STATEMENT_ROWS.name, opened)
    debits = int(lines[JournalLine.amount].clip(lower=0).sum())
    desk.log(
        "ledger export", exports.text(period, number, code, "available" if available else "entries"), len(lines), debits
    )
    said = f"Export {number}: {some(len(lines), 'line')}, debits and credits of {usd(debits)} each. The file is {name}."
    if not available and not general_ledger.full(accounts):
        said += " Revenue Accounts has no balance sheet accounts, so the file has the receipts only."
    said += exports.compared(before, period, code)
    return Done(said + _fails(failing), _look(failing), len(lines), debits)
