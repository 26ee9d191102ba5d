"""The treasurer's statements: the month, the year, the turnover slip, and the entries for the general ledger."""

from __future__ import annotations

import datetime as dt

from xltax.actions.desk import Desk
from xltax.actions.inputs import TODAY
from xltax.dates import add_months, month_end, on_month_day
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.ledger.tables.counter import REVENUE_CODES
from xltax.ledger.tables.statements import ACCOUNTS, TURNOVERS
from xltax.money import dollars
from xltax.office import collections, statement_lines, statement_pages, turnover
from xltax.office import movements as moves
from xltax.office.movements import Period

THROUGH = Input("through", "date", "Its last day; left out: the As of day on Start.", optional=True)
START = Input("start", "date", "Its first day, where it is not the usual one.", optional=True)


@action(
    "Make the month's report: each levy from charged to unpaid, what was collected, and where to sign.",
    THROUGH,
    START,
    label="Month report",
)
def month_report(book: Book, through: dt.date | None = None, start: dt.date | None = None) -> str:
    desk = Desk.of(book)
    end = month_end(through or desk.as_of())
    return _statement(desk, "monthly", Period(start or end.replace(day=1), end))


@action(
    "Make the annual statement, or the settlement where the State has one, with its schedules and percent collected.",
    THROUGH,
    START,
    label="Annual statement",
)
def annual_statement(book: Book, through: dt.date | None = None, start: dt.date | None = None) -> str:
    desk = Desk.of(book)
    given = through or desk.as_of()
    rules = [r.params for r in desk.town.rules if r.name == "statement" and r.covers(given)]
    report = next((p.report for p in rules if p.report in ("annual", "settlement")), "annual")  # type: ignore[attr-defined]
    parts = statement_lines.rules_of(desk.town, report, given)
    first = on_month_day(given.year, parts[0].year_starts)
    if first > given:
        first = on_month_day(given.year - 1, parts[0].year_starts)
    end = through or add_months(first, 12) - dt.timedelta(days=1)
    return _statement(desk, report, Period(start or first, end))


def _statement(desk: Desk, report: str, period: Period) -> str:
    book = desk.book
    if not len(desk.duplicate):
        raise BadValue("The Duplicate is empty.", do="Bill the year first.")
    facts = desk.facts
    changes = facts.adjustments  # with what a lien assigned in the register takes off the town's books
    made = statement_lines.make(desk.town, report, period, facts, desk.duplicate, desk.cash_book, changes)
    rate = collections.collection_rate(made.rules[0], desk.duplicate, desk.cash_book, changes, period.end, made.current)
    year_ago = moves.as_known(facts, desk.town, add_months(period.end, -12))
    book.replace_rows("Statement", made.lines)
    book.replace_rows("Collected", made.collected)
    book.replace_rows("CollectionRate", rate)
    book.replace_rows("CollectionsByMonth", collections.by_month(desk.cash_book, period.end))
    book.replace_rows("DelinquencyByAge", collections.by_age(made.closing, year_ago))
    for name, value in {
        "statement_kind": statement_lines.named(made.rules),
        "statement_from": period.start,
        "statement_through": period.end,
        "statement_difference": made.difference,
        "collections_as_of": period.end,
    }.items():
        book.set(name, value)
    in_hand = turnover.in_hand(desk.cash_book, desk.table(TURNOVERS), period)
    page = statement_pages.page(made, desk.office, desk.roll, desk.duplicate, changes, rate, in_hand, desk.collector)
    name = book.put_pages(f"{statement_lines.named(made.rules)} {period.end}", [page])
    cash = int(made.collected["Total"].sum())
    desk.log(f"{report} statement", f"{period.start} to {period.end}", len(made.lines), cash)
    text = f"{statement_lines.named(made.rules)}, {period.start} to {period.end}: collected {dollars(cash)}; in {name}."
    return text + (f" IT DOES NOT FOOT: differences of {dollars(made.difference)}." if made.difference else "")


@action(
    "Turn the money over to the treasurer: a numbered slip by revenue account, of all lines since the slip before.",
    Input("through", "date", "The last posting day it takes; left out: all there are.", optional=True),
    TODAY,
    label="Turnover slip",
)
def turnover_slip(book: Book, through: dt.date | None = None, today: dt.date | None = None) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    done = desk.table(TURNOVERS)
    number, first, lines = turnover.next_slip(desk.cash_book, done, through)
    current = statement_lines.current_year(desk.duplicate, today)
    rows = turnover.slip_rows(number, first, lines, desk.table(ACCOUNTS), current, today, desk.table(REVENUE_CODES))
    page = turnover.slip_page(rows, lines, desk.office)
    book.append("Turnovers", rows)
    name = book.put_pages(f"Turnover slip {number}", [page])
    total = int(rows["Amount"].sum())
    desk.log("turnover slip", f"slip {number}, lines {first} to {first + len(lines) - 1}", len(lines), total)
    return f"Slip {number}: {dollars(total)} on {len(rows)} accounts, {len(lines):,} lines of the cash book; in {name}."


@action(
    "Write the period's entries for the town's general ledger, as a CSV file by the Revenue Accounts.",
    Input("through", "date", "Its last day; left out: the end of the As of day's month.", optional=True),
    Input("start", "date", "Its first day; left out: the first of that month.", optional=True),
    label="Ledger export",
)
def ledger_export(book: Book, through: dt.date | None = None, start: dt.date | None = None) -> str:
    desk = Desk.of(book)
    end = through or month_end(desk.as_of())
    period = Period(start or end.replace(day=1), end)
    current = statement_lines.current_year(desk.duplicate, end)
    text, cash = turnover.ledger_csv(desk.cash_book, desk.table(ACCOUNTS), period, current, desk.table(REVENUE_CODES))
    name = book.put_file(f"general ledger {period.start} to {period.end}.csv", text.encode())
    desk.log("ledger export", f"{period.start} to {period.end}", text.count("\n") - 1, cash)
    return f"{text.count(chr(10)) - 1:,} entries, {dollars(cash)}; in {name}."
