"""Delinquency: lists as of a date, letters to the people on them, and the year's calendar."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import numpy as np
import pandas as pd

from xltax import csvtext
from xltax.actions import control, papers
from xltax.actions.desk import Desk
from xltax.actions.inputs import AlsoWithhold, NotHer
from xltax.dates import add_months, short_date, to_date
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.ledger.facts import closed_days_of
from xltax.money import dollars, usd
from xltax.office.billing import roll_changes
from xltax.office.collection import (
    aging,
    enforcement_status,
    letter_sums,
    letters,
    list_pages,
    lists,
    tax_calendar,
)
from xltax.office.controls import proof
from xltax.office.sharing import confidential
from xltax.pages import Grid, Heading, Page
from xltax.tables import CASH_BOOK, CashLine, Delinquency, Parcel
from xltax.tables.enforcement import NOTICES, TEXTS, CalendarDate, LetterText, Notice
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some

AsOf = Annotated[
    dt.date | None, Input("The date of the list, such as the sale date (default: the As of date on Start).")
]
_FAR = 366
"""The most days between a letter and its amounts. With more, one of the dates is a typing error."""
Public = Annotated[bool, Input("Yes for a public copy without confidential persons.")]


@action("List every unpaid installment that is past its grace period.", desk="Delinquency")
def delinquent(
    book: Book, as_of: Annotated[dt.date | None, Input("The date of the list.", cell="as_of")] = None
) -> Done:
    desk = Desk.of(book)
    ledger = desk.refresh(desk.as_of(as_of))
    records = papers.records(desk, ledger.as_of)
    made = lists.make(aging.rule_of(desk.town, records), records)
    table = aging.delinquent_list(made)
    book.replace_rows("Delinquent", table)
    book.set("delinquent_as_of", ledger.as_of)
    desk.log("delinquent list", f"as of {ledger.as_of}", len(table), made.total)
    ages = ", ".join(
        f"{row[Delinquency.age]} {usd(int(row[Delinquency.total]))}"
        for row in aging.by_age(table.assign(Class="")).to_dict("records")
    )
    return Done(
        f"{some(len(table), 'installment')} on {some(table[Delinquency.account].nunique(), 'account')}, {usd(made.total)}"
        + (f" ({ages})." if ages else "."),
        rows=len(table),
        total=made.total,
    )


@action(
    "Make one of the town's lists on the List sheet and, if you ask, in print. Without a name, show every list.",
    desk="Delinquency",
    label="List",
)
def make_list(
    book: Book,
    name: Annotated[str, Input("The list, such as tax sale (default: every list of this town with its count).")] = "",
    as_of: AsOf = None,
    public: Public = False,
    in_print: Annotated[bool, Input("Yes to also write the list as a file for printing.")] = False,
    also_withhold: AlsoWithhold = "",
    not_her: NotHer = "",
) -> Done:
    desk = Desk.of(book)
    records = papers.records(desk, papers.day(desk, as_of))
    if public:
        records.away = desk.confidential(also_withhold, not_her)
    if not name:
        return _overview(desk, records, public)
    rule = lists.rule_of(desk.town, name, records.as_of)
    made = lists.make(rule, records, public=public)
    away = records.withheld if public else confidential.NOBODY
    away.settle(made.items[OpenInstallment.account])
    book.replace_rows("Listed", made.rows.frame)
    for cell, value in {
        "list_name": made.params.title + (" (public copy)" if public else ""),
        "list_as_of": made.as_of,
        "list_authority": rule.authority() or "assumed: see Rules",
        "list_rule": rule.words().partition(": ")[2],
        "list_total": made.total,
    }.items():
        book.set(cell, value)
    desk.log("list", f"{made.params.kind} as of {made.as_of}", len(made.rows), made.total)
    count = some(len(made.rows), "row")
    said = f"{made.params.title}, as of {made.as_of}: {count}, {usd(made.total)}. {made.said()}{away.said()}"
    if in_print:
        more = _proved(desk, made)
        texts = Table.made(TEXTS, away.shown(desk.table(TEXTS), TEXTS, confidential.LIST))
        pages = list_pages.pages(made, texts, desk.office, desk.collector, more, public=away if public else None)
        pages += _more_pages(desk, made, records)
        about = f"{made.params.kind} as of {made.as_of}{', public copy' if public else ''}"
        said += f" Printed: {desk.issue(f'list {made.params.kind} {made.as_of}', pages, 'list', about, made.total)}."
    return Done(said.replace("  ", " ").strip(), rows=len(made.rows), total=made.total)


def _overview(desk: Desk, records: papers.Records, public: bool) -> Done:
    """Every list of the town with its count and total."""
    said = [f"As of {records.as_of}:"]
    for kind, rule in lists.kinds(desk.town, records.as_of).items():
        made = lists.make(rule, records, public=public)
        said.append(
            f"{kind.replace('_', ' '):24} {len(made.rows):>8,} {dollars(made.total):>18}  {made.said()}".rstrip()
        )
    if len(said) == 1:
        said.append("This town has no lists. Add list rules to the Rules sheet.")
    return Done("\n".join(said))


def _proved(desk: Desk, made: lists.Made) -> dict[str, str]:
    """What a certificate can state, where its words ask: the result of Proof, and the money not yet deposited."""
    words = desk.table(TEXTS)
    mine = words.loc[words[LetterText.letter].str.lower() == f"list {made.params.kind}", LetterText.text]
    if not mine.str.contains("{checks}", regex=False).any():
        return {}
    results = control.run_checks(desk, made.as_of)
    failed = [c.name for c in results if c.difference]
    book = desk.cash_book
    cash = book[(book[CashLine.deposit] == "") & (book[CashLine.received] <= pd.Timestamp(made.as_of))]
    ratables = int(roll_changes.on_roll(desk.roll)[Parcel.net_value].sum())
    return {
        "checks": proof.passed(results).rstrip(".") + (f" ({', '.join(failed)})" if failed else ""),
        "not_deposited": usd(int(cash[CashLine.total].sum())),
        "ratables": usd(ratables),
    }


def _more_pages(desk: Desk, made: lists.Made, records: papers.Records) -> list[Page]:
    """The pages that go with a list: the deadlines before a sale, the clerks' counts with a call list."""
    office = desk.office
    if made.params.method == "calls":
        since = add_months(made.as_of, -1)
        rows = enforcement_status.clerks(records, since)
        grid = Grid(enforcement_status.CLERKS, ("text", "count", "count", "money", "count"), rows, (6, 2, 2, 3, 2))
        return [
            Page(
                "Calls and promises by clerk",
                (Heading(f"{short_date(since)} to {short_date(made.as_of)}"), grid),
                office,
                "clerks",
            )
        ]
    if made.params.method == "sale":
        table = tax_calendar.agenda(
            desk.town, add_months(made.as_of, -4), made.as_of, records.closed, {"sale": made.as_of}
        )
        back = table[
            table[CalendarDate.task].isin(tax_calendar.counted_from(desk.town, "sale"))
            | (table[CalendarDate.by] == records.today)
        ]
        rows = [
            [r[CalendarDate.from_].date(), r[CalendarDate.by].date(), r[CalendarDate.task], r[CalendarDate.authority]]
            for r in back.to_dict("records")
        ]
        grid = Grid(("From", "By", "Task", "Authority"), ("date", "date", "text", "text"), rows, (1, 1, 5, 2))
        return [Page("Deadlines before the sale", (grid,), office, "days", landscape=True)]
    return []


@action(
    "Write a letter to everyone on a list, with merge data, labels and email drafts. Each letter is logged in Notices.",
    desk="Delinquency",
)
def notices(
    book: Book,
    name: Annotated[str, Input("The list to write to, such as demand, lien or reminder.")],
    as_of: Annotated[
        dt.date | None,
        Input("The date of the amounts (default: the date of the letter). Payments posted later always count."),
    ] = None,
    mailed: Annotated[dt.date | None, Input("The date of the letter (default: the date of the amounts).")] = None,
    respond_by: Annotated[
        dt.date | None, Input("The deadline in the letter (default: the town's own number of days).")
    ] = None,
    account: Annotated[str, Input("One account only.")] = "",
    emails: Annotated[
        bool, Input("Yes to also write email drafts with the letter as a PDF file, which you review and send.")
    ] = False,
    clerk: Annotated[str, Input("Your initials, for the log.")] = "",
) -> Done:
    desk = Desk.of(book)
    near = papers.day(desk, as_of)
    if mailed and abs((mailed - near).days) > _FAR:
        raise BadValue(
            f"The letter is dated {mailed}, but its amounts are for {near}.", where="mailed", do="Check the dates."
        )
    given = as_of or mailed or near
    day = papers.last_receipt(desk, given)
    records = papers.records(desk, day)
    made = lists.make(lists.rule_of(desk.town, name, day), records, letters=True)
    if account:
        made = made.only(account)
        if not len(made.rows):
            raise BadValue(f"Account {account} is not on this list on {day}.", where="account", do=made.said())
    kind = made.params.kind
    mailed = mailed or day
    respond_by = respond_by or records.deadline(f"{kind}_response", mailed)
    if respond_by and respond_by < mailed:
        raise BadValue(
            f"The deadline {respond_by} is before the date of the letter, {mailed}.",
            where="respond_by",
            do="Enter a later date.",
        )
    texts = desk.table(TEXTS)
    ahead = letter_sums.steps(made, records, mailed, respond_by) if respond_by else ()
    fees = letter_sums.fees(made, records)
    written = letters.letters(made, texts, desk.office, mailed, respond_by, desk.collector, ahead, fees)
    if not written:
        return Done(
            f"No account is on the list {made.params.title} on {day}. No letters were written. {made.said()}".strip()
        )
    stem = f"{kind.replace('_', ' ')} {mailed}"
    log = letters.logged(written, kind, mailed, respond_by, "Mail", clerk, desk.register(NOTICES))
    total = sum(x.total for x in written)
    pages = letters.pages(written, texts, kind, desk.office, desk.contact)
    numbers = f"{log[Notice.no].iloc[0]} to {log[Notice.no].iloc[-1]}"
    issued = desk.issued(pages, "letter run", f"{kind} of {mailed}, notices {numbers}", total)
    put = [
        desk.preview(f"letters {stem}", issued),
        book.put_file(f"merge {stem}.csv", letters.merge_csv(written)),
        desk.preview(f"labels {stem}", letters.labels(written)),
    ]
    drafts = 0
    if emails:
        data, drafts = letters.email_drafts(
            written, texts, kind, desk.contact, lambda place: book.as_pdf([issued[place]]).data
        )
        put += [book.put_file(f"email drafts {stem}.zip", data)] if drafts else []
    desk.append(log)
    desk.log("notices", f"{kind} of {mailed}", len(written), total)
    moved = f" Payments through {day} are included." if day != given else ""
    mail = some(drafts, "email draft")
    drawn = f" {mail} written, none sent." if emails else ""
    return Done(
        f"{some(len(written), 'letter')}, {usd(total)}, as of {day}.{moved} {made.said()}{drawn} Files: {', '.join(put)}".replace(
            "  ", " "
        ),
        rows=len(written),
        total=total,
    )


@action(
    "Write the office calendar: due dates, last days without interest, notices, reports, and deadlines before a sale.",
    desk="Delinquency",
)
def calendar(
    book: Book,
    year: Annotated[
        int | None, Input("The calendar year (default: the year of the As of date on Start).", kind="year")
    ] = None,
    sale: Annotated[
        dt.date | None, Input("The date of the tax sale. Its notices are counted back from this date.")
    ] = None,
) -> Done:
    desk = Desk.of(book)
    year = year or to_date(book.get("as_of"), where="Start, As of").year
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    closed = closed_days_of(desk.town, start, desk.closed_days)
    table = tax_calendar.agenda(desk.town, start, end, closed, {"sale": sale} if sale else {})
    book.replace_rows("Calendar", table.frame)
    name = book.put_file(f"calendar {year}.ics", tax_calendar.ics(table, desk.office, dt.datetime(year, 1, 1)))
    desk.log("calendar", str(year), len(table))
    return Done(
        f"{some(len(table), 'date')} in {year} on the Calendar sheet and in {name}. Any calendar program opens the file.",
        rows=len(table),
    )


@action(
    "Save a copy of the Cash Book for public inspection. Everything that identifies a confidential person is withheld.",
    desk="Delinquency",
)
def public_cash_book(book: Book, also_withhold: AlsoWithhold = "", not_her: NotHer = "") -> Done:
    desk = Desk.of(book)
    table = desk.cash_book
    away = desk.confidential(also_withhold, not_her)
    away.settle(table[CashLine.account])
    shown = away.shown(table, CASH_BOOK, confidential.CASH_BOOK)
    mine = (shown[CashLine.account] == confidential.WITHHELD).to_numpy()
    columns = [c for c in CASH_BOOK.facts if c.name not in ("Seal", "Cashier", "Same Check", "For", "For No")]
    cells = [_text(shown[c.name], c.kind) for c in columns]
    text = csvtext.table([c.name for c in columns], zip(*cells, strict=True))
    name = book.put_file("cash book public.csv", text.encode("utf-8-sig"))
    total = int(table[CashLine.total].sum())
    desk.log("public cash book", f"{some(int(mine.sum()), 'line')} withheld", len(table), total)
    return Done(
        f"{some(len(table), 'line')}, {usd(total)}; {some(int(mine.sum()), 'line')} withheld. The file is {name}.{away.said()}",
        rows=len(table),
        total=total,
    )


def _text(column: pd.Series, kind: str) -> list[str]:
    if kind == "money":
        return [dollars(int(v), comma=False) for v in column]
    if kind == "date":
        return ["" if np.isnat(d) else str(d)[:10] for d in column.to_numpy()]
    return [str(v) for v in column]
