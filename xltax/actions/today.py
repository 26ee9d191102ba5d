"""Today: what is due, cash and checks that are not closed, payments that are not posted, and what Proof found last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from xltax.actions import enforcement, papers
from xltax.actions.desk import Desk
from xltax.dates import short_date
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, TaxError
from xltax.hosts.port import Book
from xltax.money import Cents, to_cents, usd
from xltax.office.controls import recorded_days
from xltax.office.counter import batches, drawer
from xltax.tables.counter import COUNTER, Batch, CounterRow, SuspenseItem
from xltax.tables.enforcement import WatchedDate
from xltax.wording import some

WEEK = 7


class Item(NamedTuple):
    """One line of today's work: its named cells on Start, what it is, how many, and what it comes to."""

    cell: str
    words: str
    many: int
    total: Cents | None = None


@action(
    "Show today's work: what is due today and this week, payments not posted, drawers not closed, batches, suspense and Proof.",
    desk="Office",
)
def today(book: Book, on: Annotated[dt.date | None, Input("The day (default: today).")] = None) -> Done:
    desk, day = Desk.of(book), on or recorded_days.clock()
    items = [*_counter(desk), *_drawers(desk), *_dates(desk, day), *_later(desk, day)]
    proof = _proof(desk)
    for name, value in {
        "today_on": day, "today_proof": proof, **{i.cell: i.many for i in items},
        **{f"{i.cell}_total": i.total for i in items if i.total is not None},
    }.items():  # fmt: skip
        if _has(book, name):
            book.set(name, value)
    lines = [f"{i.words}: {i.many:,}{f', {usd(i.total)}' if i.total else ''}." for i in items]
    left = [i for i in items if i.many]
    text = f"{short_date(day)}: {some(len(left), 'item')} to do." if left else f"{short_date(day)}: nothing waits."
    desk.log("today", f"on {day}", len(left))
    return Done("\n".join([text, *lines, f"Proof: {proof}."]), rows=len(left))


def _has(book: Book, name: str) -> bool:
    """Whether the workbook has the cell: one that is not upgraded yet has no such part on Start."""
    try:
        book.get(name)
    except TaxError:
        return False
    return True


def _counter(desk: Desk) -> Iterator[Item]:
    """The payments typed and not posted."""
    frame = desk.book.read(COUNTER.name)
    header = next((h for h in frame.columns if COUNTER[CounterRow.amount].named(str(h))), "")
    amounts = frame[header].tolist() if header else []
    yield Item("today_typed", "Payments typed on Counter, not posted", len(frame), sum(map(_cents, amounts)))


def _cents(value: object) -> Cents:
    try:
        return to_cents(value)
    except BadValue:  # Show names the cell
        return 0


def _drawers(desk: Desk) -> Iterator[Item]:
    """The money in deposits that are open."""
    lines = drawer.not_closed(desk.cash_book, desk.day_closes)
    yield Item("today_open", "Receipts in drawers that are not closed", *drawer.receipts_and_total(lines))


def _dates(desk: Desk, day: dt.date) -> Iterator[Item]:
    """What Watch has for today and the week."""
    days = enforcement.watched_dates(desk, papers.records(desk, day), WEEK)[0][WatchedDate.days]
    yield Item("today_overdue", "Dates overdue", int((days < 0).sum()))
    yield Item("today_due", "Dates due today", int((days == 0).sum()))
    yield Item("today_week", "Dates due within a week", int((days > 0).sum()))


def _later(desk: Desk, day: dt.date) -> Iterator[Item]:
    """Batches held for review, and money whose account is not known."""
    held = desk.batches[desk.batches[Batch.status] == "held"]
    yield Item("today_held", "Batches held for review", len(held), int(held[Batch.total].sum()))
    waiting = batches.suspense(desk.cash_book, day)
    waiting = waiting[waiting[SuspenseItem.open] != 0]
    yield Item("today_suspense", "Receipts in suspense", len(waiting), int(waiting[SuspenseItem.open].sum()))


def _proof(desk: Desk) -> str:
    """What the last Proof found."""
    day, found = desk.book.get("proof_as_of"), desk.book.get("proof_open")
    if not isinstance(day, dt.date):
        return "not run yet"
    count = found if isinstance(found, int) else 0
    return f"{some(count, 'check')} to review" if count else f"all checks agreed on {short_date(day)}"
