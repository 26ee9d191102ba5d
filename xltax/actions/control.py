"""The controls desk: Proof, seals, the auditor's pack, published figures, and Undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from xltax.actions import counter, recheck, undoing
from xltax.actions.desk import Desk
from xltax.actions.incoming import read_named
from xltax.actions.inputs import Today
from xltax.dates import to_date
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, Problems, TaxError
from xltax.hosts.port import Book
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.ledger import seals
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Ledger
from xltax.money import to_cents, usd, whole
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import runs
from xltax.office.collection import assigned_liens
from xltax.office.controls import (
    audit,
    exceptions,
    money_checks,
    persons,
    published,
    recorded_days,
    row_identities,
    sealed_books,
)
from xltax.office.controls import parallel_run as parallels
from xltax.office.controls import proof as proofs
from xltax.office.controls.row_identities import IDENTITIES
from xltax.office.counter import drawer, posting
from xltax.office.intake.targets import COMPARED
from xltax.office.statements.book_start import Began
from xltax.office.statements.book_start import check as opening_check
from xltax.tables import (
    ADJUSTMENTS,
    CASH_BOOK,
    DUPLICATE,
    HISTORY,
    LOG,
    ROLL,
    Adjustment,
    Bill,
    CashLine,
    LogLine,
    PublishedFigure,
)
from xltax.tables.agreements import AGREEMENTS, CERTIFICATES
from xltax.tables.bank import PAID_OUT
from xltax.tables.bills import BILL_RUNS
from xltax.tables.check import AUTHORITY_LIST, Check
from xltax.tables.counter import BANK, DAY_CLOSES, ParallelDifference
from xltax.tables.enforcement import WARRANT_MONEY, Lien
from xltax.tables.issued import ISSUED
from xltax.tables.office import USERS
from xltax.tables.statements import OPENING_LEVIES, TURNOVERS
from xltax.tables.table import Table
from xltax.wording import reallocated, some


@action("Reconcile every total in the workbook.", desk="Controls")
def proof(
    book: Book,
    as_of: Annotated[dt.date | None, Input("The date of the checks.", cell="as_of")] = None,
    head: Annotated[str, Input("A seal code from a printed page, to check that this workbook still has it.")] = "",
) -> Done:
    desk = Desk.of(book)
    results = run_checks(desk, desk.as_of(as_of))
    if head.strip():
        where = sealed_books.found(head, desk.register(LOG), desk.sealed_tables)
        text = (
            f"found at {where}"
            if where
            else "this workbook does not have the code. It was changed, or an older copy is in its place"
        )
        results.append(
            Check("Printed code", "A seal code from a printed page", 0 if where else 1, 0, text, counts=True)
        )
    look = [c for c in results if c.must_look]
    total = sum(abs(c.difference) for c in look)
    if desk.key.can_seal:  # an auditor's computer without the office's key can check, and leaves no entry
        desk.log("proof", proofs.passed(results).rstrip("."), len(results), total)
    lines = [f"{c.name:20} {c.result if c.difference or c.not_done else 'OK'}" for c in results]
    said = "\n".join([*lines, proofs.passed(results)])
    return Done(said, tuple(f"{c.name}: {c.result}" for c in look), len(results), total)


def run_checks(desk: Desk, as_of: dt.date, *, every: bool = False) -> list[Check]:
    """Refreshes the book, writes its checks to the Proof sheet, and returns them with the checks of the sheet's formulas.

    every: every issued statement is made again, not only the last of each kind.

    The formulas add up the whole Cash Book, so the figures beside it are those of the last day anything was posted.
    """
    book, day = desk.book, _last_day(desk, as_of)
    native, results = _native(desk, desk.refresh(day)), checks_of(desk, as_of)
    results += recheck.check(desk, began(desk), every=every)
    # The count of bills stands among the checks of Refresh too, where somebody entered one.
    counted = [check for check in native if check.counts and _controls(book)[0] is not None]
    book.replace_rows("Checks", proofs.as_table([*counted, *results]))
    book.set("proof_as_of", day)
    book.set("proof_verified", dt.date.today())
    return [*native, *results]


def _native(desk: Desk, ledger: Ledger) -> list[Check]:
    return proofs.native(
        desk.duplicate, _of_the_roll(desk), desk.cash_book, desk.adjustments, ledger, *_controls(desk.book)
    )


def _of_the_roll(desk: Desk) -> Table[Bill]:
    """The bills the control totals cover: bills of added and supplemental lists have control totals of their own."""
    return runs.of_the_roll(desk.duplicate, desk.register(BILL_RUNS))


def _controls(book: Book) -> tuple[int | None, int | None]:
    """The control totals on Start: the number of bills and their net tax; None for one that is not entered."""
    bills, tax = book.get("control_bills"), book.get("control_tax")
    return (
        whole(bills, where="Start, Bills") if bills not in (None, "") else None,
        to_cents(tax, where="Start, Net tax billed") if tax not in (None, "") else None,
    )


def failing(desk: Desk) -> list[Check]:
    """The checks of Proof that do not pass, for tasks whose figures somebody signs. Nothing is written."""
    ledger = desk.ledger(_last_day(desk, desk.as_of()))
    results = [*_native(desk, ledger), *checks_of(desk, desk.as_of())]
    return [check for check in results if check.must_look]


def _last_day(desk: Desk, as_of: dt.date) -> dt.date:
    """The day, or the last posting day if that is later: an earlier day would miss the later lines."""
    return max(as_of, desk.cash_book[CashLine.received].max().date()) if len(desk.cash_book) else as_of


def began(desk: Desk) -> Began:
    """Where this book began, from the Opening Levies sheet. An older book without this sheet has no such day."""
    if OPENING_LEVIES.name not in desk.book.tables():
        return Began()
    day = desk.book.get("opened_on")
    return Began(
        to_date(day, where="Opening Levies, This book began on") if day not in (None, "") else None,
        desk.table(OPENING_LEVIES),
    )


def checks_of(desk: Desk, as_of: dt.date) -> list[Check]:
    """Every check of the book as of a day."""
    # How payments were recorded is compared on the last day anything was posted.
    ledger = desk.ledger(_last_day(desk, as_of))
    shipped = _shipped(desk.town, desk.book.get("profile_id"))
    _, tax = _controls(desk.book)
    results = proofs.checks(_of_the_roll(desk), desk.cash_book, desk.adjustments, ledger, desk.town, shipped, tax)
    held: dict[str, Table[Any]] = {i.table.name: desk.register(i.table) for i in IDENTITIES}
    held |= {CASH_BOOK.name: desk.cash_book, ROLL.name: desk.roll, DAY_CLOSES.name: desk.day_closes}
    results += row_identities.checks(held, desk.duplicate, desk.adjustments, desk.town)
    results += money_checks.checks(
        desk.cash_book,
        desk.day_closes,
        desk.batches,
        desk.table(BANK),
        desk.town,
        closed_days_of(desk.town, as_of, desk.closed_days),
        as_of,
        desk.register(PAID_OUT),
    )
    results += persons.checks(desk.people, desk.sealed_tables[:2], desk.day_closes)
    results += sealed_books.checks(desk.register(LOG), desk.sealed_tables, desk.register(BILL_RUNS), desk.key.here)
    if desk.key.not_used:
        results.append(sealed_books.key_not_used())
    return results + _assigned(desk) + opening_check(began(desk), desk.duplicate)


def _assigned(desk: Desk) -> list[Check]:
    """Liens marked as assigned in Liens, whose bills must be off the books by adjustments. No check without such liens."""
    liens = assigned_liens.of(desk.liens)
    if not len(liens):
        return []
    late = [
        r[Lien.no] for r in liens.to_dict("records") if not assigned_liens.posted(desk.adjustments, r[Lien.bill], r[Lien.assigned].date())
    ]  # fmt: skip
    look = f"lien {late[0]}: run Assign Lien to post the assignment" if late else ""
    return [Check("Assigned liens", "Assignments in Liens that are not posted", len(late), 0, look, counts=True)]


def _shipped(town: Profile, profile_id: object) -> Profile | None:
    """The profile this book was made from, as it ships today."""
    for name in (profile_id, town.id):
        try:
            return load(str(name))
        except TaxError:
            continue
    return None


@action(
    "Check and seal the rows typed by hand: at the end of the Cash Book, Adjustments and History, and on the Duplicate, Certificates, "
    "Liens and Warrant Money.",
    desk="Controls",
)
def seal(
    book: Book,
    today: Today = None,
    keyed: Annotated[
        bool, Input("Yes: from now on, make every seal with this computer's office key. This cannot be taken back.")
    ] = False,
) -> Done:
    desk = Desk.of(book)
    _refuse_sealed_before(desk)
    key = desk.key.begin() if keyed else ""
    said, rows = [], 0
    typed_below: tuple[Table[Any], ...] = (desk.cash_book, desk.adjustments, desk.register(HISTORY))
    for table in typed_below:
        if count := _seal_the_end(desk, table):
            desk.log("seal", f"{table.spec.name}: {count} rows typed by hand", count)
            said.append(f"{some(count, 'row')} of {table.spec.name}")
            rows += count
    typed_anywhere: tuple[Table[Any], ...] = (
        desk.duplicate, desk.register(CERTIFICATES), desk.liens, desk.register(WARRANT_MONEY),
    )  # fmt: skip
    for table in typed_anywhere:
        name, what = table.spec.name, "bill" if table.spec.name == DUPLICATE.name else "row"
        if count := _seal_alone(desk, table, again=bool(key)):
            desk.log("seal", f"{name}: {count} {what}s typed by hand", count)
            said.append(f"{some(count, what)} of {'the ' if what == 'bill' else ''}{name}")
            rows += count
    begun = (
        f"From now on, the seals are made with the office's key {key}. Keep a copy of the key in the safe."
        if key
        else ""
    )
    if key:
        desk.log("seal", f"seals with the office's key {key} from here on", 0)
    if not said:
        return Done(begun or "Every row is already sealed.")
    moved = desk.reallocate(today or dt.date.today(), "rows typed by hand")
    desk.refresh(desk.as_of())
    return Done(f"Sealed: {' and '.join(said)}.{reallocated(moved)}{begun and ' ' + begun}", rows=rows)


def _seal_the_end(desk: Desk, table: Table[Any]) -> int:
    """Checks and seals the rows typed at the end of a table; gives their number."""
    spec = table.spec
    first = seals.first_unsealed(table, spec)
    new = table[np.arange(len(table)) >= first]
    if not len(new):
        return 0
    checked = {CASH_BOOK.name: posting.wrong_lines, ADJUSTMENTS.name: adjustment_register.wrong_rows}
    if wrong := checked[spec.name](new) if spec.name in checked else []:
        raise Problems(wrong)
    new = desk.by_person(new)  # who seals a row answers for it
    before = str(table[seals.SEAL].iloc[first - 1]) if first else ""
    written = {seals.SEAL: seals.sealed(new, spec, before, desk.key.for_new)}
    if spec.find(persons.POSTED_BY):
        written[persons.POSTED_BY] = new[persons.POSTED_BY].tolist()
    desk.write_seals(table, table.with_cells(table.index.isin(new.index), written), tuple(written))
    return len(new)


def _seal_alone(desk: Desk, table: Table[Any], *, again: bool) -> int:
    """Seals the typed rows of a table whose rows have seals of their own; gives their number. again: the right ones anew too."""
    typed = (table[seals.SEAL] == "").to_numpy()
    if not typed.any() and not again:
        return 0
    desk.require(persons.ADJUST)
    right = np.array(seals.standing(table, table.spec), dtype=bool) if again else np.zeros(len(table), dtype=bool)
    codes = np.array(seals.alone(table, table.spec, desk.key.for_new), dtype=object)
    mine = typed | right
    desk.write_seals(table, table.with_cells(mine, {seals.SEAL: codes[mine]}))
    return int(typed.sum())


def _refuse_sealed_before(desk: Desk) -> None:
    """Refuses to seal rows in place of rows that had a seal: whoever takes a seal away may have changed the row."""
    tables: list[Table[Any]] = [t for t in desk.sealed_tables if t.spec.sealed == "chain"]
    lost = next(sealed_books.not_as_logged(desk.register(LOG), tables), "")
    if lost:
        raise BadValue(
            f"{lost}: a posted row was changed or removed, or its seal was taken away.",
            where="Log",
            do="Nothing was sealed. Go back to a version before the change (xltax kept, xltax restore), and post a reversal instead.",
        )


@action(
    "Print the auditor's pack: exceptions, a random sample with interest recalculated and explained, the "
    "roll-forward, the registers, and a page to sign.",
    desk="Controls",
)
def audit_pack(
    book: Book,
    seed: Annotated[str, Input("Any word. The same word draws the same sample again (default: the As of date).")] = "",
    sample: Annotated[int, Input("How many accounts to draw (default: 25).")] = audit.SAMPLE,
    as_of: Annotated[dt.date | None, Input("The date of the pack.", cell="as_of")] = None,
) -> Done:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    results = run_checks(desk, day, every=True)
    seed = seed or str(day)
    pages = audit.pack(
        desk.office, desk.town, desk.facts, desk.ledger(day), results, desk.cash_book, desk.adjustments,
        desk.day_closes, _exceptions(desk, day), desk.register(USERS), seed, sample,
    )  # fmt: skip
    file = desk.issue(f"audit pack {day}", pages, "audit pack", f"as of {day}, sample by {seed}")
    desk.log("audit pack", f"as of {day}, sample by {seed}", len(pages))
    return Done(f"{file}: {some(len(pages), 'page')}. {proofs.passed(results)}", rows=len(pages))


def _exceptions(desk: Desk, day: dt.date) -> list[exceptions.Part]:
    books = exceptions.Books(
        desk.cash_book, desk.adjustments, desk.duplicate, drawer.standing(desk.day_closes), desk.register(HISTORY), desk.register(LOG),
        desk.register(ISSUED), desk.people, desk.register(AUTHORITY_LIST), desk.register(PAID_OUT), desk.parcels,
        desk.register(TURNOVERS), desk.register(AGREEMENTS),
    )  # fmt: skip
    return exceptions.parts(books, desk.ledger(day), desk.town, _shipped(desk.town, desk.book.get("profile_id")))


@action(
    "Print what an auditor asks about: rows typed by hand, back-dated and reversed receipts, gaps, over and short, late deposits, "
    "refunds, credits, own approvals, changed rules.",
    desk="Controls",
    label="Exceptions",
)
def exception_report(
    book: Book, as_of: Annotated[dt.date | None, Input("The date of the page.", cell="as_of")] = None
) -> Done:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    found = _exceptions(desk, day)
    file = desk.issue(f"exceptions {day}", [exceptions.page(found, day, desk.office)], "exceptions", f"as of {day}")
    count = sum(len(part.rows) for part in found)
    desk.log("exception report", f"as of {day}", count)
    lines = [f"{len(part.rows):5,} {part.title}" for part in found if part.rows]
    return Done("\n".join([f"{some(count, 'exception')} as of {day}. The page is in {file}.", *lines]), rows=count)


@action(
    "Compare the present system's balances with this workbook. Each difference is shown with its cause.",
    desk="Controls",
)
def parallel(
    book: Book,
    file: Annotated[Path, Input("CSV or workbook: Account or Bill, Total.")],
    as_of: Annotated[dt.date | None, Input("The date of their balances.", cell="as_of")] = None,
) -> Done:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    table = parallels.compare(read_named(file, COMPARED).found.rows, desk.facts, desk.town, day)
    book.replace_rows("Parallel", table)
    causes = parallels.summary(table)
    total = int(table[ParallelDifference.difference].sum())
    desk.log("parallel run", f"{file.name} as of {day}", len(table), total)
    lines = [
        f"{row['Lines']:,} {row[ParallelDifference.cause]}: {usd(int(row[ParallelDifference.difference]))}"
        for row in causes.to_dict("records")
    ]
    return Done("\n".join([f"{some(len(table), 'line')} as of {day}.", *lines]), rows=len(table), total=total)


@action(
    "Undo the last posting, adjustment or billing if nothing later depends on it, or undo one billing run by "
    "its number.",
    desk="Controls",
)
def undo(
    book: Book,
    today: Today = None,
    run: Annotated[
        str, Input("The number of the billing run to undo, from Bill Runs (default: the last change).")
    ] = "",
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    if run:
        return undoing.undo_runs(desk, [run.strip()], today)
    log = desk.table(LOG)
    changes = log[~log[LogLine.action].isin(FIGURES)]
    if not len(changes):
        raise BadValue("The Log has no change to undo.")
    last = changes.iloc[-1]
    if last[LogLine.action] in ("bill", "correct bills", "execute lien") and (
        billed := undoing.runs_of(last[LogLine.what])
    ):
        return undoing.undo_runs(desk, billed, today)
    # What the task added to both books: the Log counts their lines before and after it.
    lines = desk.cash_book.iloc[last[LogLine.lines_before] : last[LogLine.lines_after]]
    posted = list(lines.loc[lines[CashLine.kind] != "Reallocation", CashLine.receipt].unique())
    entered = desk.adjustments.iloc[last[LogLine.adjustments_before] : last[LogLine.adjustments_after]]
    if last[LogLine.action] in POSTED and posted:
        return _undo_posting(desk, posted, today)
    if last[LogLine.action] == "adjust" and len(entered):
        return _undo_adjustments(desk, [entered.iloc[0].to_dict()], today)
    if last[LogLine.action] == "charge fees due" and len(entered):
        return _undo_adjustments(desk, entered.to_dict("records"), today)
    raise BadValue(
        f"Undo cannot take back the last change: {last[LogLine.action]}, {last[LogLine.what]}.",
        do=BACK.get(last[LogLine.action], "Use xltax restore to go back to the version before this change."),
    )


def _undo_posting(desk: Desk, posted: list[str], today: dt.date) -> Done:
    """Takes back the receipts just posted, and their entries in the registers."""
    later = desk.cash_book[desk.cash_book[CashLine.reverses].isin(set(posted))]
    if len(later):
        raise BadValue(
            f"Receipt {later[CashLine.reverses].iloc[0]} has already been reversed.",
            do="Reverse the other receipts one by one.",
        )
    received = desk.cash_book.groupby(CashLine.receipt)[CashLine.received].first()
    on = max(today, *(received[r].date() for r in posted))
    done = counter.reverse_several(desk.book, dict.fromkeys(posted, on), "undo of a posting", today, how=posting.VOID)
    return replace(done, text="Undone. " + done.text)


def _undo_adjustments(desk: Desk, rows: list[dict[Hashable, Any]], today: dt.date) -> Done:
    """Takes back the adjustments just entered, each with an opposite one."""
    numbers = [str(row[Adjustment.no]) for row in rows]
    entries = [
        adjustment_register.taken_back(adjustment_register.entry_of(row, f"undo of {number}"), number)
        for row, number in zip(rows, numbers, strict=True)
    ]
    more = adjustment_register.rows(entries, desk.adjustments, today)
    desk.append(more)
    which, by = _first_to_last(numbers), _first_to_last(list(more[Adjustment.no]))
    moved = desk.reallocate(today, f"undo of {which}")
    desk.refresh(desk.as_of())
    total = sum(entry.amount for entry in entries)
    desk.log("undo", f"{which} taken back by {by}", len(rows), total)
    return Done(f"Undone: {which} taken back by {by}.{reallocated(moved)}", rows=len(rows), total=total)


def _first_to_last(numbers: list[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


POSTED = {"post", "enter certificate", "redeem", "warrant money", "pay over", "apply rents"}
"""The tasks that post receipts: Undo takes the receipts back, and their entries in the registers."""
BACK = {"assign lien": "Use Take Lien Back."}
"""The changes that another task takes back."""
FIGURES = {
    "refresh", "today", "delinquent list", "list", "notices", "calendar", "public cash book", "watch", "servicer files", "inquiry file",
    "print bills", "reprint receipt", "reprint day close", "rents", "quote", "tax search", "redemption figures", "certificates", "agreement calculated",
    "agreement status", "proof", "audit pack", "parallel run", "self-check", "budget report", "enter inquiry", "look at", "share",
    "ledger export", "monthly statement", "annual statement", "settlement statement", "relief leaflet", "review relief",
    "review waivers", "returns not filed", "credit accounts", "agreement worked out",  # the last name: in older Logs
    "exception report", "compare authority list", "import bank", "reconcile bank", "credits", "restore", recorded_days.LOCK,
    recorded_days.UNLOCK, recorded_days.CLOSE_OFF,
}  # fmt: skip
"""The tasks that only show figures, by their names in the Log: Undo skips them. Any other task may depend on earlier ones."""


@action("Recalculate published figures with the rules that ship with xltax.", desk="Controls", label="Self-check")
def selfcheck(book: Book) -> Done:
    table = published.published_table()
    book.replace_rows("Published", table)
    apart = int((table[PublishedFigure.agrees] != "Yes").sum())
    Desk.of(book).log("self-check", f"{len(table)} published figures", len(table))
    return Done(
        f"{some(len(table), 'published figure')} recalculated. The source's own arithmetic is off in {apart}; see the notes.",
        rows=len(table),
    )
