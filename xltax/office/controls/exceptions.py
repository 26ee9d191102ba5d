"""The exceptions page: everything an auditor asks about by name, whether or not anything is wrong with it.

Each part answers one question of an auditor's checklist (docs/controls.md). An exception is no error: a refund is listed
because refunds are looked at. A part without rows says so, so that nobody takes a missing part for an empty one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xltax.law.custody import DepositWithin
from xltax.law.profile import Profile
from xltax.ledger.replay import Ledger
from xltax.ledger.seals import SEAL
from xltax.office.controls import authority_list, late_items, persons, recorded_days, sealed_books
from xltax.office.controls.proof import missing_receipts, rule_differences
from xltax.office.counter import same_money
from xltax.office.statements import current_levy_year
from xltax.pages import CellKind, Fields, Grid, Heading, Page, Text
from xltax.tables import REFUND, Adjustment, Bill, CashLine, LogLine, Parcel
from xltax.tables.agreements import SignedAgreement
from xltax.tables.bank import OTHER as PAYS_OTHER
from xltax.tables.bank import REFUND as PAYS_REFUND
from xltax.tables.bank import PaidOut
from xltax.tables.check import AuthorityLine
from xltax.tables.core import RollChange
from xltax.tables.counter import DayClose
from xltax.tables.issued import IssuedPaper
from xltax.tables.kinds import RECEIPT_KINDS, REVERSAL
from xltax.tables.office import USERS
from xltax.tables.replayed import LeftOver, OpenInstallment
from xltax.tables.statements import Turnover
from xltax.tables.table import Table
from xltax.wording import some

LATE_ENTRY = 2
"""Days from the receipt of money to its entry that nobody asks about: a weekend."""


@dataclass(frozen=True)
class Books:
    """The tables that the exceptions are drawn from."""

    cash_book: Table[CashLine]
    adjustments: Table[Adjustment]
    duplicate: Table[Bill]
    day_closes: Table[DayClose]
    history: Table[RollChange]
    log: Table[LogLine]
    issued: Table[IssuedPaper]
    people: persons.People
    ordered: Table[AuthorityLine]
    paid_out: Table[PaidOut]
    roll: Table[Parcel]
    turnovers: Table[Turnover]
    agreements: Table[SignedAgreement]


@dataclass(frozen=True)
class Part:
    """One kind of exception: its title, what it means, its columns and its rows."""

    title: str
    says: str
    headers: tuple[str, ...]
    kinds: tuple[CellKind, ...]
    rows: Sequence[tuple[Any, ...]]


def parts(books: Books, ledger: Ledger, town: Profile, shipped: Profile | None) -> list[Part]:
    """Every part, in the order of an auditor's questions. All rows through the ledger's day."""
    return [
        _by_hand(books),
        _back_dated(books),
        _of_closed_months(books),
        _reversals(books),
        _gaps(books),
        _repeated(books),
        _over_short(books),
        _deposits(books, town, ledger.as_of),
        _kept(books, ledger.as_of),
        _own_approvals(books),
        _duties(books),
        _strangers(books),
        _authority(books),
        _refunds(books),
        _refund_checks(books),
        _other_checks(books),
        _credits(ledger),
        _old_items(books, ledger, town),
        _owners(books),
        _rules(town, shipped),
        _changed_papers(books),
        _overrides(books),
    ]


def page(found: Sequence[Part], as_of: dt.date, office: str) -> Page:
    """The page of all parts."""
    blocks: list[Any] = [
        Fields((("As of", as_of, "date"), ("Exceptions", sum(len(p.rows) for p in found), "count"))),
        Text("An exception is not an error. It is an entry that an auditor asks about."),
    ]
    for part in found:
        blocks += [
            Heading(f"{part.title}: {some(len(part.rows), 'entry', 'entries') if part.rows else 'none'}"),
            Text(part.says, "small"),
        ]
        if part.rows:
            blocks.append(Grid(part.headers, part.kinds, part.rows))
    return Page("Exceptions", tuple(blocks), office=office, key="exceptions", landscape=True)


def _receipts(cash_book: Table[CashLine], where: Any) -> Iterator[dict[str, Any]]:
    """The receipts among some lines, each with its total."""
    for _, lines in cash_book.frame[where].groupby(CashLine.receipt, sort=False):
        yield {**lines.iloc[0].to_dict(), CashLine.total: int(lines[CashLine.total].sum())}


def _by_hand(books: Books) -> Part:
    rows: list[tuple[Any, ...]] = []
    for name, table, number in (
        ("Cash Book", books.cash_book, CashLine.receipt),
        ("Adjustments", books.adjustments, Adjustment.no),
        ("Duplicate", books.duplicate, Bill.bill),
    ):
        typed = table[table[SEAL] == ""]
        rows += [(name, n, "not sealed yet") for n in typed[number]]
    sealed = books.log[books.log[LogLine.action] == "seal"]
    for r in sealed.to_dict("records"):
        table = r[LogLine.what].split(":")[0].replace("CashBook", "Cash Book")
        rows.append((table, some(r[LogLine.rows], "row"), f"sealed by {r[LogLine.who]} on {r[LogLine.when]}"))
    says = "Rows that somebody typed into a table, instead of posting them."
    return Part("Rows typed by hand", says, ("Table", "Number", "Sealed"), ("text", "id", "text"), rows)


def _back_dated(books: Books) -> Part:
    book = books.cash_book.frame
    counts = book[CashLine.effective].fillna(book[CashLine.received])
    late = (book[CashLine.recorded] - counts).dt.days > LATE_ENTRY
    late &= book[CashLine.kind].isin(set(RECEIPT_KINDS) - {"Reallocation", "Opening"})
    rows = [
        (r[CashLine.receipt], r[CashLine.account], r[CashLine.received], r[CashLine.effective], r[CashLine.recorded], r[CashLine.total])
        for r in _receipts(books.cash_book, late)
    ]  # fmt: skip
    return Part(
        "Back-dated receipts",
        f"Entered more than {LATE_ENTRY} days after the day they count from.",
        ("Receipt", "Account", "Received", "Effective", "Recorded", "Amount"),
        ("id", "id", "date", "date", "date", "money"),
        rows,
    )


def _of_closed_months(books: Books) -> Part:
    rows = late_items.late_items(books.cash_book, books.adjustments, books.log)
    says = "Receipts and adjustments for a month whose statement was printed, or that was locked, before they were entered."
    return Part("Late items of a closed month", says, late_items.HEADERS, late_items.KINDS, rows)


def _reversals(books: Books) -> Part:
    book = books.cash_book
    rows = [
        (r[CashLine.receipt], r[CashLine.reverses], r[CashLine.received], r[CashLine.account], r[CashLine.total], r[CashLine.note])
        for r in _receipts(book, book[CashLine.kind] == REVERSAL)
    ]  # fmt: skip
    return Part(
        "Voids and reversals",
        "Receipts taken back after they were given.",
        ("Receipt", "Takes back", "On", "Account", "Amount", "Why"),
        ("id", "id", "date", "id", "money", "text"),
        rows,
    )


def _gaps(books: Books) -> Part:
    rows = [(number,) for number in missing_receipts(books.cash_book.frame)[:200]]
    says = "Numbers missing between the first and the last receipt of a series."
    return Part("Missing receipt numbers", says, ("Receipt",), ("id",), rows)


def _repeated(books: Books) -> Part:
    known = same_money.standing(
        books.cash_book, {d.date() for d in books.cash_book[CashLine.received].dropna().unique()}
    )
    rows = [(one.words(), ", ".join(receipts)) for one, receipts in known.items() if one.compared and len(receipts) > 1]
    says = "The same account, amount, day and reference more than once."
    return Part("Repeated payments", says, ("Payment", "Receipts"), ("text", "text"), rows)


def _over_short(books: Books) -> Part:
    closes = books.day_closes
    off = closes[closes[DayClose.over_short] != 0]
    rows = [
        (r[DayClose.cashier] or "the only drawer", r[DayClose.deposit], r[DayClose.closed_on], r[DayClose.over_short])
        for r in off.frame.sort_values([DayClose.cashier, DayClose.closed_on]).to_dict("records")
    ]
    return Part(
        "Over and short, by cashier",
        "Days on which the cash counted was not the cash in the Cash Book. A shortage is below zero.",
        ("Cashier", "Deposit", "Closed on", "Over (short)"),
        ("text", "id", "date", "money"),
        rows,
    )


def _deposits(books: Books, town: Profile, as_of: dt.date) -> Part:
    rule = town.find(DepositWithin, as_of)
    allowed = rule.params.days if rule else 0
    rows = [
        (r[DayClose.deposit], r[DayClose.from_], r[DayClose.closed_on], r[DayClose.days], r[DayClose.total])
        for r in books.day_closes.frame.to_dict("records")
        if rule and r[DayClose.days] > allowed
    ]
    says = (
        f"Deposits made more than {some(allowed, 'business day')} after the first receipt."
        if rule
        else "This town has no rule for the time of a deposit."
    )
    heads = ("Deposit", "First receipt", "Closed on", "Business days", "Total")
    return Part("Late deposits", says, heads, ("id", "date", "date", "count", "money"), rows)


def _own_approvals(books: Books) -> Part:
    """What nobody but the person who entered it approved: adjustments, and tasks that set a control aside."""
    people, rows = books.people, []
    who = persons.entered_by(books.adjustments, books.log, people)
    asked = ~persons.consequences(books.adjustments)
    for row, name in zip(
        books.adjustments[asked], [w for w, mine in zip(who, asked, strict=True) if mine], strict=True
    ):
        found = persons.objection(people, row.approved_by, name, row.recorded or dt.date.min, row.authority)
        if found and (name or not row.approved_by):
            rows.append(
                (row.no, row.recorded, row.kind, row.bill, row.amount, row.approved_by or "nobody", name, found.listed)
            )
    for line in books.log[books.log[LogLine.action].isin(_APPROVED)]:
        approver = approver_of(line.what)
        day, name = dt.date.fromisoformat(line.when[:10]), people.name_of(line.who)
        if found := persons.objection(people, approver, name, day):
            rows.append(("Log", day, line.action, "", 0, approver or "nobody", name, found.listed))
    return Part(
        "Entries without another person's approval",
        "Approved by the person who entered them, by somebody who may not approve, or by nobody. What the law makes by itself, such as "
        "a returned-check fee, is not listed.",
        ("No", "Recorded", "Kind or task", "Bill", "Amount", "Approved by", "Entered by", "Why listed"),
        ("id", "date", "text", "id", "money", "text", "text", "text"),
        rows,
    )


_APPROVED = (recorded_days.CLOSE_OFF, recorded_days.UNLOCK, "restore")
"""The tasks that another person must approve, by their names in the Log."""


def approver_of(what: str) -> str:
    """Who approved a task, from its line in the Log. "" if nobody."""
    found = re.search(r"\bapproved by (.*?): ", what)
    return "" if found is None or found[1] == "nobody" else found[1]


def _duties(books: Books) -> Part:
    rows = persons.duties(books.cash_book, books.adjustments, books.day_closes, books.log, books.people)
    return Part(
        "Two duties of one person in a month",
        "One person received money and changed what is owed, posted or adjusted and approved, or closed the drawer with their own receipts. "
        "An office of one has these every month: the board reviews them.",
        ("Month", "Person", "Did this", "And this"),
        ("id", "text", "text", "text"),
        rows,
    )


def _strangers(books: Books) -> Part:
    """Users of the Log who are not on the sheet Users, and changes of that sheet between two tasks."""
    people, log = books.people, books.log
    rows: list[tuple[Any, ...]] = []
    if people.set_up:
        for who, lines in log.frame.groupby(LogLine.who, sort=True):
            if not people.knows(str(who)):
                rows.append((who, len(lines), lines[LogLine.when].iloc[-1], "not on the sheet Users"))
    for line in sealed_books.changes_of(USERS.name, log):
        rows.append((people.name_of(line.who), 1, line.when, f"the sheet Users was changed before {line.action}"))
    says = (
        "Log-ins that ran a task and are not on the sheet Users, and changes of that sheet. The first task after a change is named."
        if people.set_up
        else persons.NOT_SET_UP
    )
    return Part("Persons", says, ("Person", "Tasks", "Last", "What"), ("text", "count", "text", "text"), rows)


def _authority(books: Books) -> Part:
    """What was left over when somebody last compared the authority's own list with the adjustments."""
    done = books.log[books.log[LogLine.action] == "compare authority list"]
    left = books.ordered[~books.ordered[AuthorityLine.result].isin(authority_list.AGREE)]
    rows = [(r.number, r.account, r.kind, r.listed, r.entered, r.adjustments, r.result) for r in left.rows()]
    says = (
        f"Left over when the list of the assessor or the board was last compared, on {done[LogLine.when].iloc[-1][:10]}."
        if len(done)
        else "No list of the assessor or the board has been compared with the adjustments."
    )
    return Part(
        "Changes that only one side has",
        says,
        ("Number", "Account", "Kind", "Listed", "Entered", "Adjustments", "What differs"),
        ("id", "id", "text", "money", "money", "text", "text"),
        rows,
    )


def _refunds(books: Books) -> Part:
    changes = books.adjustments
    rows = [
        (r[Adjustment.no], r[Adjustment.effective], r[Adjustment.bill], r[Adjustment.amount], r[Adjustment.reason], r[Adjustment.authority], r[Adjustment.approved_by])
        for r in changes[changes[Adjustment.kind] == REFUND].to_dict("records")
    ]  # fmt: skip
    return Part(
        "Refunds",
        "Money paid back, with its authority.",
        ("No", "Effective", "Bill", "Amount", "Reason", "Authority", "Approved by"),
        ("id", "date", "id", "money", "text", "text", "text"),
        rows,
    )


def _refund_checks(books: Books) -> Part:
    """Refund checks that do not pay what was approved to the owner who was billed."""
    changes = books.adjustments[books.adjustments[Adjustment.kind] == REFUND]
    refunds = {r[Adjustment.no]: r for r in changes.to_dict("records")}
    account_of = dict(zip(books.duplicate[Bill.bill], books.duplicate[Bill.account], strict=True))
    names = {r[Parcel.account]: r[Parcel.billed_owner] or r[Parcel.owner] for r in books.roll.records()}
    rows: list[tuple[Any, ...]] = []
    for r in books.paid_out.where(books.paid_out[PaidOut.for_] == PAYS_REFUND).records():
        refund = refunds.get(r[PaidOut.for_no], {})
        owner = names.get(account_of.get(refund.get(Adjustment.bill, ""), ""), "")
        same = r[PaidOut.payee].strip().casefold() == owner.strip().casefold()
        if not same or r[PaidOut.amount] != refund.get(Adjustment.amount):
            rows.append(
                (
                    r[PaidOut.no],
                    r[PaidOut.date],
                    r[PaidOut.payee],
                    owner,
                    r[PaidOut.amount],
                    r[PaidOut.for_no],
                    refund.get(Adjustment.amount),
                )
            )
    return Part(
        "Refund checks to another payee, or of another amount",
        "Checks on Paid Out whose payee is not the owner billed, or that are not the amount of the refund.",
        ("Check", "Date", "Payee", "Owner billed", "Amount", "Refund", "Refund amount"),
        ("id", "date", "text", "text", "money", "id", "money"),
        rows,
    )


def _other_checks(books: Books) -> Part:
    mine = books.paid_out.where(books.paid_out[PaidOut.for_] == PAYS_OTHER)
    rows = [
        (r[PaidOut.no], r[PaidOut.date], r[PaidOut.payee], r[PaidOut.amount], r[PaidOut.note]) for r in mine.records()
    ]
    return Part(
        "Other payments out of the account",
        "Checks that are no refund, no turnover, no trust money and no bank fee.",
        ("Check", "Date", "Payee", "Amount", "Note"),
        ("id", "date", "text", "money", "text"),
        rows,
    )


def _credits(ledger: Ledger) -> Part:
    rows = [
        (r[LeftOver.group], int(r[LeftOver.credit]), int(r[LeftOver.refund]))
        for r in ledger.credits.sort_values(LeftOver.group).to_dict("records")
    ]
    return Part(
        "Credits that stand",
        "Money held for an account: credit for the next bill, or money to refund.",
        ("Account or party", "Credit", "To refund"),
        ("id", "money", "money"),
        rows,
    )


def _kept(books: Books, as_of: dt.date) -> Part:
    """Money of earlier months that no slip has turned over."""
    last = int(books.turnovers[Turnover.last_line].max()) if len(books.turnovers) else len(books.cash_book)
    left = books.cash_book.frame.iloc[last:]
    left = left[left[CashLine.recorded] < pd.Timestamp(as_of.replace(day=1))]
    months = left.groupby(left[CashLine.recorded].dt.strftime("%Y-%m"))[CashLine.total].agg(["size", "sum"])
    return Part(
        "Money of earlier months not turned over",
        "Receipts recorded before this month that are on no turnover slip. An office without slips is not listed.",
        ("Month", "Lines", "Amount"),
        ("text", "count", "money"),
        [(str(month), int(size), int(total)) for month, (size, total) in months.iterrows() if total],
    )


def _old_items(books: Books, ledger: Ledger, town: Profile) -> Part:
    """Open tax that should be off the duplicate by now."""
    due = ledger.balances[ledger.balances[OpenInstallment.tax] > 0]
    current = [current_levy_year.levy_year(town, ledger.as_of, kind) for kind in due[OpenInstallment.levy_type]]
    held = set(books.duplicate[Bill.bill][books.duplicate[Bill.hold] != ""])
    agreed = set(books.agreements[SignedAgreement.account][books.agreements[SignedAgreement.ended_on].isna()])
    old = due[
        (due[OpenInstallment.levy_year] < pd.Series(current, index=due.index, dtype="int64") - 1)
        & ~due[OpenInstallment.bill].isin(held)
        & ~due[OpenInstallment.account].isin(agreed)
    ]
    sums = old.groupby([OpenInstallment.bill, OpenInstallment.account, OpenInstallment.levy_year], sort=False)[
        OpenInstallment.tax
    ].sum()
    return Part(
        "Old open items without a reason",
        "Tax that is open after the year that follows its levy year, without a hold such as litigation, and without an agreement. Collect it, transfer it to a lien, or cancel it.",
        ("Bill", "Account", "Levy year", "Tax"),
        ("id", "id", "year", "money"),
        [(*key, int(tax)) for key, tax in sums.items()],  # type: ignore[misc]
    )


def _owners(books: Books) -> Part:
    first = books.duplicate.frame.groupby(Bill.account)[Bill.recorded].min()
    changes = books.history[books.history[RollChange.field].isin(("Owner", "Billed Owner"))]
    rows = [
        (r[RollChange.account], r[RollChange.changed_on], r[RollChange.field])
        for r in changes.to_dict("records")
        if not pd.isna(billed := first.get(r[RollChange.account], pd.NaT)) and r[RollChange.changed_on] >= billed
    ]
    return Part(
        "Owners changed after billing",
        "Changes of an owner's name on the Roll after the account was billed. History has the names.",
        ("Account", "Changed on", "Column"),
        ("id", "date", "text"),
        rows,
    )


def _rules(town: Profile, shipped: Profile | None) -> Part:
    rows = [(line,) for line in rule_differences(town, shipped)] if shipped else []
    says = "Rules of this workbook that differ from the rules that come with xltax."
    return Part("Changed rules", says, ("Rule",), ("text",), rows)


def _changed_papers(books: Books) -> Part:
    """Papers printed again with another content."""
    table = books.issued[books.issued[IssuedPaper.replaces] > 0]
    rows = [
        (p.no, p.replaces, f"{p.kind} {p.about}", p.printed[:10], p.who, p.total)
        for p in table.where(table[IssuedPaper.copy] == 1).rows()
    ]
    return Part(
        "Papers that changed since they were issued",
        "A statement, slip, receipt or run of bills that was printed again with another content. Compare both papers.",
        ("No", "Replaces", "Paper", "Printed", "By", "Total"),
        ("count", "count", "text", "text", "text", "money"),
        rows,
    )


def _overrides(books: Books) -> Part:
    log = books.log
    mine = log[log[LogLine.action].isin((*_APPROVED, "seal"))]
    rows = [(r[LogLine.when], r[LogLine.who], r[LogLine.action], r[LogLine.what]) for r in mine.to_dict("records")]
    return Part(
        "Restored versions, unlocked periods, days closed off, rows sealed by hand",
        "Tasks that set a control aside. Their entries in the Log are sealed.",
        ("When", "Who", "Task", "What"),
        ("text", "text", "text", "text"),
        rows,
    )
