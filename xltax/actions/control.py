"""Proof: the checks, the published figures, and moving an older book up."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from xltax.actions import counter
from xltax.actions.desk import Desk
from xltax.actions.inputs import TODAY
from xltax.errors import BadBook, BadValue, Problems, TaxError
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.hosts.tablefile import read_table
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.ledger import seals
from xltax.ledger.facts import closed_days_of
from xltax.ledger.tables import ADJUSTMENTS, CASH_BOOK, LOG
from xltax.ledger.tables.counter import BANK
from xltax.money import dollars, to_cents, whole
from xltax.office import assigned, audit, cashier, custody, published, reallocate, register
from xltax.office import parallel as parallels
from xltax.office import proof as proofs

SCHEMA = 1


@action(
    "Hold every figure of the book against another that must equal it.",
    Input("as_of", "date", "The day the checks are for.", cell="as_of", optional=True),
)
def proof(book: Book, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    results = run_checks(desk, desk.as_of(as_of))
    look = [c for c in results if c.difference]
    desk.log(
        "proof", f"{len(results)} checks, {len(look)} to look at", len(results), sum(abs(c.difference) for c in look)
    )
    lines = [f"{c.name:20} {'OK' if not c.difference else c.result}" for c in results]
    return "\n".join([*lines, f"{len(results)} checks, {len(look)} to look at."])


def run_checks(desk: Desk, as_of: dt.date) -> list[proofs.Check]:
    """Refreshes the book, writes its checks to the Proof sheet, and gives them."""
    book = desk.book
    ledger = desk.refresh(as_of)
    # How payments were recorded is compared on the last day anything was posted: an earlier day would miss later lines.
    last = desk.cash_book["Received"].max().date() if len(desk.cash_book) else as_of
    if last > as_of:
        ledger = desk.ledger(last)
    bills, tax = book.get("control_bills"), book.get("control_tax")
    results = proofs.checks(
        desk.duplicate,
        desk.cash_book,
        desk.adjustments,
        ledger,
        desk.town,
        _shipped(desk.town, book.get("profile_id")),
        whole(bills, where="Start, Bills") if bills not in (None, "") else None,
        to_cents(tax, where="Start, Net tax billed") if tax not in (None, "") else None,
    )
    results += custody.checks(
        desk.cash_book,
        desk.day_closes,
        desk.batches,
        desk.table(BANK),
        desk.town,
        closed_days_of(desk.town, as_of, desk.closed_days),
        as_of,
    )
    results += _assigned(desk)
    book.replace_rows("Checks", proofs.as_table(results))
    book.set("proof_as_of", as_of)
    book.set("proof_verified", dt.date.today())
    return results


def _assigned(desk: Desk) -> list[proofs.Check]:
    """Liens marked as assigned in the register, whose bills are to be off the books by adjustments; no check without any."""
    liens = assigned.of(desk.liens)
    if not len(liens):
        return []
    late = [
        r["No"] for r in liens.to_dict("records") if not assigned.posted(desk.adjustments, r["Bill"], r["Assigned"].date())
    ]  # fmt: skip
    look = f"lien {late[0]}: run Assign Lien, which posts it" if late else ""
    return [proofs.Check("Assigned liens", "Assignments in Liens that were not posted", len(late), 0, look)]


def _shipped(town: Profile, profile_id: object) -> Profile | None:
    """The profile this book was made from, as it ships today."""
    for name in (profile_id, town.id):
        try:
            return load(str(name))
        except TaxError:
            continue
    return None


@action(
    "Seal the rows typed by hand at the end of the Cash Book and of Adjustments, after checking them like posted ones."
)
def seal(book: Book) -> str:
    desk = Desk.of(book)
    said = []
    for spec in (CASH_BOOK, ADJUSTMENTS):
        table = desk.table_now(spec)
        first = seals.first_unsealed(table, spec)
        count = len(table) - first
        if not count:
            continue
        new = table.iloc[first:]
        wrong = cashier.wrong_lines(new) if spec is CASH_BOOK else register.wrong_rows(new)
        if wrong:
            raise Problems(wrong)
        table = table.copy()
        before = str(table["Seal"].iloc[first - 1]) if first else ""
        table.loc[table.index[first:], "Seal"] = seals.sealed(new, spec, before)
        table.attrs = dict(desk.table_now(spec).attrs)
        desk.put(spec, table)
        book.replace_columns(spec.name, table[["Seal"]])
        desk.log("seal", f"{spec.name}: {count} rows typed by hand", count)
        said.append(f"{count:,} rows of {spec.name}")
    if not said:
        return "Every row is sealed already."
    moved = desk.reallocate(dt.date.today(), "rows typed by hand")
    desk.refresh(desk.as_of())
    return f"Sealed: {' and '.join(said)}." + (f" {moved:,} lines changed how payments apply." if moved else "")


@action(
    "The auditor's pack: exceptions, a random sample with its interest recomputed and explained, roll-forward, registers, a page to sign.",
    Input(
        "seed", "text", "Any word; the same word draws the same sample again. Left out: the as-of date.", optional=True
    ),
    Input("sample", "count", "How many accounts are drawn; left out: 25.", optional=True),
    Input("as_of", "date", "The day the pack is for.", cell="as_of", optional=True),
)
def audit_pack(book: Book, seed: str = "", sample: int = audit.SAMPLE, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    results = run_checks(desk, day)
    seed = seed or str(day)
    pages = audit.pack(
        desk.office, desk.town, desk.facts, desk.ledger(day), results, desk.cash_book, desk.adjustments,
        desk.day_closes, seed, sample,
    )  # fmt: skip
    file = book.put_pages(f"audit pack {day}", pages)
    look = sum(1 for c in results if c.difference)
    desk.log("audit pack", f"as of {day}, sample by {seed}", len(pages))
    return f"{file}: {len(pages)} pages, {len(results)} checks, {look} to look at."


@action(
    "Hold the present system's balances against ours: match, or the difference explained by its cause, each cent.",
    Input("file", "file", "CSV or workbook: Account or Bill, Total."),
    Input("as_of", "date", "The day their balances are for.", cell="as_of", optional=True),
)
def parallel(book: Book, file: Path, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    table = parallels.compare(read_table(file), desk.facts, desk.town, day)
    book.replace_rows("Parallel", table)
    causes = parallels.summary(table)
    desk.log("parallel run", f"{file.name} as of {day}", len(table), int(table["Difference"].sum()))
    lines = [f"{row['Lines']:,} {row['Cause']}: {dollars(int(row['Difference']))}" for row in causes.to_dict("records")]
    return "\n".join([f"{len(table):,} lines as of {day}.", *lines])


@action(
    "Take back the last posting or adjustment of this book, where nothing later depends on it. Nothing is erased.",
    TODAY,
)
def undo(book: Book, today: dt.date | None = None) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    log = desk.table(LOG)
    changes = log[~log["Action"].isin(FIGURES)]
    if not len(changes):
        raise BadValue("There is nothing to undo in the Log.")
    last = changes.iloc[-1]
    numbers = re.search(r"receipts? (\S+)(?: to (\S+))?$", last["What"]) if last["Action"] in POSTED else None
    if not numbers and last["Action"] != "adjust":
        raise BadValue(
            f"The last change was: {last['Action']}, {last['What']}. It cannot be taken back by a fact of its own.",
            do=BACK.get(last["Action"], "Bring back the version kept before it with xltax restore."),
        )
    if numbers:
        order = list(dict.fromkeys(desk.cash_book["Receipt"]))
        posted = order[order.index(numbers[1]) : order.index(numbers[2] or numbers[1]) + 1]
        posted = [r for r in posted if not r.startswith(reallocate.PREFIX)]
        later = desk.cash_book[desk.cash_book["Reverses"].isin(set(posted))]
        if len(later):
            raise BadValue(
                f"Receipt {later['Reverses'].iloc[0]} was reversed since.", do="Reverse the others one by one."
            )
        received = desk.cash_book.groupby("Receipt")["Received"].first()
        on = max(today, *(received[r].date() for r in posted))
        return "Undone. " + counter.reverse_several(
            book, dict.fromkeys(posted, on), "undo of a posting", today, how=cashier.VOID
        )
    register_no = re.match(r"(A-\d+)", last["What"])
    assert register_no
    rows = desk.adjustments[desk.adjustments["No"] == register_no[1]]
    row = rows.iloc[0]
    entry = register.entry_of(row.to_dict(), f"undo of {row['No']}")
    more = register.rows([register.taken_back(entry)], desk.adjustments, today)
    desk.append(ADJUSTMENTS, more)
    moved = desk.reallocate(today, f"undo of {row['No']}")
    desk.refresh(desk.as_of())
    desk.log("undo", f"{row['No']} taken back by {more['No'].iloc[0]}", 1, int(row["Amount"]))
    return f"Undone: {row['No']} taken back by {more['No'].iloc[0]}." + (f" {moved:,} lines changed." if moved else "")


POSTED = {"post", "enter certificate", "redeem", "warrant money", "pay over", "apply rents"}
"""What posts receipts: undo takes them back, and with them what the registers have of them."""
BACK = {"assign lien": "Use Take Lien Back."}
"""What has a task of its own to take it back."""
FIGURES = {
    "refresh", "delinquent list", "list", "notices", "calendar", "public cash book", "watch", "servicer files", "inquiry file",
    "print bills", "reprint receipt", "rents", "quote", "tax search", "redemption figures", "certificates", "agreement worked out",
    "agreement status", "proof", "audit pack", "parallel run", "self-check", "budget report", "enter inquiry", "look at", "share",
    "ledger export", "monthly statement", "annual statement", "settlement statement", "relief leaflet", "review relief",
    "review waivers", "returns not filed", "credit accounts",
}  # fmt: skip
"""What the Log calls tasks that only show figures: undo looks past them. Whatever is in neither set may rest on what came before it."""


@action("Work out the figures others published by the rules that ship with xltax.", label="Self-check")
def selfcheck(book: Book) -> str:
    table = published.published_table()
    book.replace_rows("Published", table)
    apart = int((table["Agrees"] != "Yes").sum())
    Desk.of(book).log("self-check", f"{len(table)} published figures", len(table))
    return f"{len(table)} published figures; {apart} where the source's own arithmetic is off, each with its note."


@action(
    "Move an older book up to this version of xltax: its balances are proved equal, the old file is kept.",
    keeps_old=True,
)
def upgrade(book: Book) -> str:
    have = book.meta.schema
    if have > SCHEMA:
        raise BadBook(f"This book is of version {have}, newer than this xltax knows ({SCHEMA}).", do="Update xltax.")
    if have == SCHEMA:
        return f"The book is of version {SCHEMA} already; nothing was changed."
    desk = Desk.of(book)
    as_of = desk.as_of()
    before = desk.ledger(as_of).balances["Total"]
    book.set_meta(schema=SCHEMA)
    after = desk.refresh(as_of).balances["Total"]
    if not before.equals(after):
        raise BadBook("The balances would change.", do="Nothing was written; report this with the book's version.")
    return f"Moved from version {have} to {SCHEMA}; {len(after):,} balances are the same to the cent."
