"""A workbook in use: its tables read once, its balances refreshed, its tasks written to the Log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from xltax import __version__
from xltax.actions import printing
from xltax.actions.log_in import user
from xltax.actions.seal_key import SealKey
from xltax.actions.versions import refuse_other_versions
from xltax.dates import to_date
from xltax.errors import BadBook, BadValue, TaxError
from xltax.hosts.port import Book
from xltax.law.calendar import Office
from xltax.law.custody import Approval
from xltax.law.profile import Profile
from xltax.law.table import from_frame
from xltax.ledger import seals
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.ledger.wide import melt
from xltax.office.billing import roll_changes
from xltax.office.billing.duplicate_columns import derived
from xltax.office.collection import assigned_liens
from xltax.office.controls import issued_papers, persons, recorded_days, sealed_books
from xltax.office.counter import drawer, posting, reallocation
from xltax.office.sharing import confidential
from xltax.office.sharing.confidential import Confidential
from xltax.pages import Page
from xltax.tables import (
    ADJUSTMENTS,
    ALL,
    CASH_BOOK,
    CLOSED_DAYS,
    DUPLICATE,
    HISTORY,
    LOG,
    ROLL,
    Adjustment,
    Bill,
    CashLine,
    ClosedDay,
    LogLine,
    Parcel,
)
from xltax.tables.agreements import CERTIFICATES
from xltax.tables.bank import RECONCILIATIONS
from xltax.tables.counter import BATCHES, DAY_CLOSES, Batch, DayClose
from xltax.tables.enforcement import LIENS, WARRANT_MONEY, Lien
from xltax.tables.issued import ISSUED
from xltax.tables.office import USERS
from xltax.tables.reading import read
from xltax.tables.schema import R, TableSpec
from xltax.tables.statements import TURNOVERS
from xltax.tables.table import Table


class Desk:
    """One workbook with what a task needs from it. Tables are read once; appended rows are added to them too.

    Tasks in a row on a file that only this process has open share one desk through `Desk.of`. On a workbook that is open in
    Excel or Calc every task reads the tables again.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._ledgers: dict[dt.date, Ledger] = {}  # of the facts as they are now
        self._mark: tuple[int, int] | None = None  # the cash book's lines and total before this action
        self._entered: int | None = None  # the rows of Adjustments before this action
        self._recorded: Facts | None = None  # likewise
        self._bills_code = ""  # the code of all bills before this action
        self._codes: dict[str, tuple[str, str]] = {}  # registers this action wrote: their codes before and after
        self.key = SealKey(book, lambda: self.register(LOG))
        self._refreshed: dt.date | None = None  # the day the duplicate's derived columns are written for

    @classmethod
    def of(cls, book: Book) -> Desk:
        """The desk of this workbook."""
        if not getattr(book, "private", False):
            refuse_other_versions(book)
            return cls(book)
        if book not in _DESKS:
            refuse_other_versions(book)
            _DESKS[book] = cls(book)
        return _DESKS[book]

    def table(self, spec: TableSpec[R], *, derived: bool = False) -> Table[R]:
        """A table of the workbook; every problem in it is reported with its cell. derived: with its last figures."""
        return read(self.book.read(spec.name), spec, derived=derived)

    @cached_property
    def town(self) -> Profile:
        """The law of this workbook: its Rules table."""
        rules = self.book.read("Rules")
        if not len(rules):
            raise BadBook(
                "The Rules sheet is empty.",
                where="Rules",
                do="Create the workbook with xltax new, or paste a Rules table.",
            )
        return from_frame(rules)

    @cached_property
    def roll(self) -> Table[Parcel]:
        return self.table(ROLL)

    @property
    def parcels(self) -> Table[Parcel]:
        """The owner and address of every account: the Roll, and the last known data of billed accounts no longer on the Roll.

        This is the one place to look up an account's owner and address. `roll_changes.on_roll` has the rows to bill or count.
        """
        if self.duplicate[Bill.account].isin(set(self.roll[Parcel.account])).all():
            return self.roll
        return roll_changes.known(self.roll, self.duplicate, self.table(HISTORY), self.cash_book)

    def parcel(self, account: str) -> dict[str, Any]:
        """An account's row of `parcels`; empty for an unknown account."""
        found = self.parcels.where(lambda rows: rows[Parcel.account] == account).records()
        return found[0] if found else {}

    @cached_property
    def duplicate(self) -> Table[Bill]:
        bills = self.table(DUPLICATE)
        self._bills_code = sealed_books.of_rows(bills)
        return bills

    @cached_property
    def cash_book(self) -> Table[CashLine]:
        book = self.table(CASH_BOOK)
        self._mark = self._mark or _measure(book)
        return book

    @cached_property
    def day_closes(self) -> Table[DayClose]:
        return self.table(DAY_CLOSES)

    @cached_property
    def batches(self) -> Table[Batch]:
        return self.table(BATCHES)

    @cached_property
    def adjustments(self) -> Table[Adjustment]:
        table = self.table(ADJUSTMENTS)
        self._entered = len(table) if self._entered is None else self._entered
        return table

    @cached_property
    def closed_days(self) -> Table[ClosedDay]:
        return self.table(CLOSED_DAYS)

    @property
    def office(self) -> str:
        """The town and its office, for the top of every printed page."""
        return f"{self.book.get('town_name') or self.town.name}, {self._office.title}"

    @property
    def collector(self) -> str:
        """The officer's title below a signature: Tax collector, Collector of Revenue."""
        return self._office.collector

    @property
    def _office(self) -> Office:
        given = self.book.get("as_of")
        return self.town.rule(Office, to_date(given, where="Start, As of") if given else dt.date.today()).params

    @property
    def contact(self) -> str:
        """The office's address and telephone from the Rates sheet, for the foot of every letter."""
        return " | ".join(filter(None, (str(self.book.get(c) or "").strip() for c in ("bill_address", "bill_phone"))))

    @property
    def facts(self) -> Facts:
        """What was billed, received and adjusted. A bill with an assigned lien is off the town's books from that day."""
        liens = assigned_liens.of(self.liens)
        return assigned_liens.without(self.recorded, self.town, liens) if len(liens) else self.recorded

    @property
    def recorded(self) -> Facts:
        """What was billed, received and adjusted by the Duplicate, the Cash Book and Adjustments alone."""
        if self._recorded is None:
            bills, receipts = self.counted(self.duplicate), posting.receipts_of(self.counted(self.cash_book))
            self._recorded = Facts(melt(bills), receipts, self.counted(self.adjustments), self.closed_days)
        return self._recorded

    @property
    def liens(self) -> Table[Lien]:
        """The register of liens. People type in it, so it is read again each time."""
        return self.register(LIENS)

    def register(self, spec: TableSpec[R], *, derived: bool = False) -> Table[R]:
        """A table of the workbook; empty if an older workbook does not have the table."""
        return self.table(spec, derived=derived) if spec.name in self.book.tables() else Table.empty(spec)

    def as_of(self, given: dt.date | None = None) -> dt.date:
        """The day the balances are for: the day given, or the As of day on the Start sheet."""
        if given is not None:
            self.book.set("as_of", given)
            return given
        value = self.book.get("as_of")
        if value is None or value == "":
            raise BadValue("The As of date is empty.", where="Start, As of", do="Enter a date.")
        return to_date(value, where="Start, As of")

    def ledger(self, as_of: dt.date) -> Ledger:
        """The balances on a day."""
        if as_of not in self._ledgers:
            self._ledgers[as_of] = replay(self.facts, self.town, as_of)
        return self._ledgers[as_of]

    def changed(self) -> None:
        """Marks the facts as changed, so that balances are calculated again."""
        self._ledgers, self._recorded, self._refreshed = {}, None, None

    def confidential(self, also_withhold: str = "", not_her: str = "") -> Confidential:
        """The protected persons in all tables of this workbook. The inputs are the collector's answers."""
        if not len(self.roll) or not (also_withhold or confidential.anybody(self.roll)):
            return confidential.NOBODY
        return confidential.of({t: self.book.read(t) for t in self.book.tables() if t in ALL}, also_withhold, not_her)

    # ---- writing -------------------------------------------------------------------------------------------------

    def append(self, rows: Table[R]) -> None:
        """Adds rows to a table, and seals them if the table is sealed."""
        spec = rows.spec
        if not len(rows):
            return
        rows = self.by_person(rows)
        if spec.name in _DATED and recorded_days.RECORDED in rows:
            self.refuse_backward(d.date() for d in rows[recorded_days.RECORDED].dropna().unique())
            own = rows[recorded_days.RECORDED][~persons.consequences(rows)]  # a fee of a statute follows from a payment
            recorded_days.refuse_locked((d.date() for d in own.dropna().unique()), spec.name, self.register(LOG))
        held = self.table_now(spec) if spec.name in _KEPT else None  # before the workbook has the rows
        if spec.sealed:
            rows = self._with_seals(rows, self.table_now(spec) if spec.name in _KEPT else self.register(spec))
        self.book.append(spec.name, rows[[c.name for c in spec.facts if c.name not in rows.blank]])
        if held is not None:
            self.put(held.and_rows(rows).renumbered())

    def _with_seals(self, rows: Table[R], before: Table[R]) -> Table[R]:
        """New rows of a sealed table with their seals. before: the rows it has."""
        spec = rows.spec
        if spec.sealed == "rows":
            rows = rows.with_columns({seals.SEAL: seals.alone(rows, spec, self.key.for_new)})
            after = sealed_books.of_rows(before.and_rows(rows))
        else:
            last = str(before[seals.SEAL].iloc[-1]) if len(before) else ""
            rows = rows.with_columns({seals.SEAL: seals.sealed(rows, spec, last, self.key.for_new)})
            after = sealed_books.head_of(rows)
        self._wrote(before, after)
        return rows

    def _wrote(self, before: Table[Any], after: str) -> None:
        """Notes the codes of a register before and after this task, for the Log."""
        first = self._codes.get(before.spec.name, ("",))[0]
        self._codes[before.spec.name] = first or sealed_books.head_of(before), after

    def read_all_codes(self) -> None:
        """Reads the codes of all registers for the Log's next line: an upgrade has sealed them."""
        for spec in _REGISTERS:
            code = sealed_books.head_of(self.register(spec))
            self._codes[spec.name] = code, code

    def write_seals(self, before: Table[R], after: Table[R], columns: Iterable[str] = (seals.SEAL,)) -> None:
        """Writes the Seal column of a sealed table that Seal has filled in, and the other columns that it filled in."""
        if after.spec.name in _KEPT:
            self.put(after)
        else:
            self._wrote(before, sealed_books.head_of(after))
        self.book.replace_columns(after.spec.name, after[list(columns)])

    @property
    def people(self) -> persons.People:
        """The sheet Users. People type in it, so it is read again each time."""
        return persons.People(self.register(USERS))

    @property
    def person(self) -> persons.Person:
        """Who runs this task: the log-in of the computer, or the name in the yellow cell of Users."""
        return self._acting(self.people)

    def _acting(self, people: persons.People) -> persons.Person:
        login = user()
        asked = "" if login and len(people.sharing(login)) < 2 else str(self.book.get("acting_user") or "")
        return people.acting(login, asked)

    def require(self, *rights: str) -> None:
        """Refuses a task to a person whom the sheet Users gives none of these rights."""
        people = self.people
        persons.require(people, self._acting(people), rights, recorded_days.clock())

    def require_approval(self, *approvals: tuple[str, str], usual: str) -> None:
        """Refuses what nobody but the person who runs this task approved, by the town's rule.

        approvals: each approver with the authority. usual: what a town without a rule does, `persons.REFUSE` or `persons.LIST`.
        """
        people, today = self.people, recorded_days.clock()
        person, own = self._acting(people), self.approval_rule or usual
        for approver, authority in approvals:
            persons.refuse(persons.objection(people, approver, person.name, today, authority), own)

    @property
    def approval_rule(self) -> str:
        """What the town does about one's own approval: refuse or list; "" without a rule, and if Rules cannot be read."""
        try:
            rule = self.town.find(Approval, recorded_days.clock())
        except TaxError:
            return ""
        return rule.params.own if rule else ""

    def by_person(self, rows: Table[R]) -> Table[R]:
        """New rows with the person who enters them. Refuses rows that this person may not write, or that nobody else approved."""
        if rights := persons.rights_for(rows):
            self.require(*rights)
        if rows.spec.name == ADJUSTMENTS.name and (approvals := persons.approvals(rows)):  # type: ignore[arg-type]
            self.require_approval(*approvals, usual=persons.LIST)
        return rows.with_columns({persons.POSTED_BY: self.person.name}) if rows.spec.find(persons.POSTED_BY) else rows

    def refuse_backward(self, days: Iterable[dt.date]) -> None:
        """Refuses to record on a day after today, or before the last record, closed day or issued statement."""
        log = self.register(LOG)
        last = recorded_days.last(self.dated, drawer.standing(self.day_closes), log, recorded_days.closed_off(log))
        recorded_days.refuse(days, last, recorded_days.clock())

    @property
    def dated(self) -> list[Table[Any]]:
        """The tables whose rows have the day they were recorded."""
        return [self.duplicate, self.cash_book, self.adjustments]

    def counted(self, table: Table[R]) -> Table[R]:
        """The rows of a table for a statement: rows of a Recorded day that was closed off count for the day of the close-off."""
        return recorded_days.as_counted(table, recorded_days.closed_off(self.register(LOG)))

    def seal_bills(self, before: Table[Bill]) -> None:
        """Writes the seals of bills that a task has changed. before: the bills before the change.

        A bill that somebody changed by hand keeps the seal that shows it.
        """
        self.require(persons.ADJUST)
        self.put(sealed_books.resealed(before, self.duplicate, self.key.for_new))
        self.book.replace_columns(DUPLICATE.name, self.duplicate[[seals.SEAL]])

    def rewrite(
        self, before: Table[R], after: Table[R], columns: Iterable[str], *, or_before: Table[R] | None = None
    ) -> Table[R]:
        """Writes columns of a register whose rows tasks change, and seals the rows again. Gives the rows as written.

        A row that somebody changed by hand keeps the seal that shows it. or_before: as in `sealed_books.resealed`.
        """
        self.require(*persons.rights_for(after))
        after = sealed_books.resealed(before, after, self.key.for_new, or_before=or_before)
        self.book.replace_columns(after.spec.name, after[[*columns, seals.SEAL]])
        self._wrote(before, sealed_books.of_rows(after))
        return after

    def table_now(self, spec: TableSpec[R]) -> Table[R]:
        """A table with what this desk has appended to it. Raises KeyError for a table no desk keeps."""
        kept: Table[R] = getattr(self, _KEPT[spec.name])
        return kept

    def put(self, rows: Table[Any]) -> None:
        """Replaces a table as just written, so that balances are calculated again."""
        setattr(self, _KEPT[rows.spec.name], rows)
        self.changed()

    def reallocate(self, today: dt.date, reason: str) -> int:
        """Posts, in the open day, the changes in how earlier payments are applied; gives the number of lines."""
        if not len(self.cash_book):
            return 0
        ledger = self.ledger(today)
        changes = reallocation.differences(self.cash_book, ledger, self.adjustments)
        if not len(changes):
            return 0
        rows = reallocation.lines(changes, ledger, today, reallocation.last_number(self.cash_book), reason)
        self.append(rows)
        self._ledgers = {today: ledger}  # such lines move no money: the figures stay
        return len(rows)

    def refresh(self, as_of: dt.date) -> Ledger:
        """Writes every calculated column of the Duplicate as of a day."""
        ledger = self.ledger(as_of)
        if len(self.duplicate) and self._refreshed != as_of:
            duplicate, adjustments = self.duplicate, self.facts.adjustments
            self.book.replace_columns("Duplicate", lambda: derived(duplicate, ledger, adjustments))
            self.book.set("bill_parts", len(duplicate) - duplicate[Bill.bill].nunique())
            self._refreshed = as_of
        return ledger

    def issue(self, name: str, pages: Sequence[Page], kind: str, about: str, total: int = 0) -> str:
        """Prints a paper registered by `issued`. Gives the file name."""
        return printing.put(self.book, name, self.issued(pages, kind, about, total))

    def issued(self, pages: Sequence[Page], kind: str, about: str, total: int = 0) -> Sequence[Page]:
        """Registers a paper: its old number, or what changed since. Gives the pages. about: a period or number, never a name."""
        return self.issued_each([issued_papers.Paper(about, total, pages)], kind)

    def issued_each(self, papers: Sequence[issued_papers.Paper], kind: str) -> Sequence[Page]:
        """Registers several papers of a kind, each under its own number. Gives all the pages."""
        if ISSUED.name not in self.book.tables():
            return [page for paper in papers for page in paper.printed or paper.pages]
        by = issued_papers.Printing(dt.datetime.now(), user(), sealed_books.head_of(self.register(LOG)), __version__)
        rows, pages = issued_papers.registered_each(self.register(ISSUED), papers, kind, by)
        self.append(rows)
        return pages

    def preview(self, name: str, pages: Sequence[Page]) -> str:
        """Prints pages that issue nothing, such as a draft or address labels. Gives the file name."""
        return printing.put(self.book, name, pages)

    def log(self, action: str, what: str, rows: int, total: int = 0) -> str:
        """Writes one line in the Log: who, when, what, counts and totals before and after, without names of taxpayers.

        Gives the line's seal code, which covers the books as they are now.
        """
        now, entered = _measure(self.cash_book), len(self.adjustments)
        before, entered_before = self._mark or now, self._entered
        self._mark, self._entered = now, entered
        line = {
            LogLine.when: dt.datetime.now().isoformat(" ", "seconds"),
            LogLine.who: self.person.logged,
            LogLine.action: action,
            LogLine.what: what[:240],
            LogLine.rows: rows,
            LogLine.total: total,
            LogLine.lines_before: before[0],
            LogLine.lines_after: now[0],
            LogLine.cash_before: before[1],
            LogLine.cash_after: now[1],
            LogLine.adjustments_before: entered_before,
            LogLine.adjustments_after: entered,
        }
        log = self.register(LOG)
        line[LogLine.heads] = self._heads(log)
        last = str(log[seals.SEAL].iloc[-1]) if len(log) else ""
        entry = Table.made(LOG, [line])
        code = seals.sealed(entry, LOG, last, self.key.for_new)[0]
        self.book.append(LOG.name, entry.with_columns({seals.SEAL: [code]})[list(LOG.names)])
        return code

    @property
    def sealed_tables(self) -> list[Table[Any]]:
        """Every sealed table but the Log."""
        return [self.cash_book, self.adjustments, self.day_closes, *map(self.register, _REGISTERS), self.duplicate]

    def _heads(self, log: Table[LogLine]) -> str:
        """The seal codes of the books for a line of the Log.

        The code of a register is calculated anew only if this task wrote in it, and that of the bills only if it read them. If
        rows were not as the Log says before the task began, the line says so, so that no later task hides a change by hand.
        """
        heads = {t.spec.name: sealed_books.head_of(t) for t in (self.cash_book, self.adjustments, self.day_closes)}
        logged = sealed_books.last_codes(log)
        by_hand = []
        for spec in _REGISTERS:
            was = logged.get(spec.name, "")
            if spec.name in self._codes:
                before, heads[spec.name] = self._codes.pop(spec.name)
                if spec.sealed == "rows" and was and (before or sealed_books.NO_ROWS) != was:
                    by_hand.append(f"{spec.name} {sealed_books.BY_HAND}")
            else:  # what no task has written, none has changed
                heads[spec.name] = was if logged else sealed_books.head_of(self.register(spec))
        was = logged.get(DUPLICATE.name, "")
        if "duplicate" in vars(self):
            now, before = sealed_books.of_rows(self.duplicate), self._bills_code
            self._bills_code = now
        else:
            now = before = "" if was else sealed_books.of_rows(self.table(DUPLICATE))
        heads[DUPLICATE.name] = was if was and now == before else now or (sealed_books.NO_ROWS if was else "")
        heads[USERS.name] = self.people.code
        if was and now != before and (before or sealed_books.NO_ROWS) != was:
            by_hand.append(sealed_books.BY_HAND)
        return ", ".join([str(sealed_books.Heads(heads)), *by_hand])


def _measure(cash_book: Table[CashLine]) -> tuple[int, int]:
    """The number of Cash Book lines and their total."""
    return len(cash_book), int(cash_book[CashLine.total].sum())


_KEPT = {  # table: what of the desk keeps it
    "CashBook": "cash_book",
    "Adjustments": "adjustments",
    "Duplicate": "duplicate",
    "Roll": "roll",
    "DayCloses": "day_closes",
    "Batches": "batches",
}

_REGISTERS: tuple[TableSpec[Any], ...] = (
    TURNOVERS, CERTIFICATES, LIENS, WARRANT_MONEY, HISTORY, RECONCILIATIONS, ISSUED,
)  # fmt: skip
"""The sealed tables that no desk keeps: a task reads one only if it works with it."""

_DATED = (CASH_BOOK.name, ADJUSTMENTS.name, DUPLICATE.name)

_DESKS: WeakKeyDictionary[Book, Desk] = WeakKeyDictionary()
