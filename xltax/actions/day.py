"""The day close and payment files: close the drawer, import, review and post batches, clear suspense."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd

from xltax.actions import counter
from xltax.actions.desk import Desk
from xltax.actions.incoming import (
    Dates,
    Digits,
    Encoding,
    Headers,
    Paid,
    Password,
    Said,
    SheetName,
    Sure,
    Words,
    read_payments,
    refuse_unsure,
)
from xltax.actions.inputs import Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, Problems
from xltax.hosts.port import Book
from xltax.ledger.facts import closed_days_of
from xltax.ledger.seals import SEAL
from xltax.ledger.ties import Tie
from xltax.ledger.wide import melt
from xltax.money import Cents, usd
from xltax.office.controls import issued_papers, persons, recorded_days
from xltax.office.counter import batches, drawer, posting
from xltax.office.counter.payment_check import PAYMENTS, Payment
from xltax.office.intake import sheet_import, sheet_read
from xltax.office.intake.targets import BATCH
from xltax.pages import Page
from xltax.tables import LOG, Bill, CashLine, LogLine
from xltax.tables.counter import (
    BATCH_LINES,
    DRAWER_COUNT,
    DRAWERS,
    MAPPINGS,
    Batch,
    BatchLine,
    CashCount,
    DayClose,
    Drawer,
    SuspenseItem,
)
from xltax.tables.kinds import SUSPENSE_CLEARED
from xltax.tables.table import Table
from xltax.wording import reallocated, some


@action(
    "Close the day: compare the drawer count with the receipts, and print totals by tender, over or short, and the "
    "deposit slip. Count the cash first.",
    desk="Day and Batches",
)
def close_day(
    book: Book,
    on: Annotated[dt.date | None, Input("The day to close.", cell="close_on")] = None,
    cashier: Annotated[str, Input("The drawer, if there are several.", cell="close_cashier")] = "",
    empty: Annotated[bool, Input("Yes: somebody looked, and the drawer has no cash.")] = False,
    deposit: Annotated[str, Input("An earlier deposit, such as D-7, to print its page again. Nothing is closed.")] = "",
) -> Done:
    desk = Desk.of(book)
    if deposit:
        return _close_again(desk, deposit.strip())
    on = on or _date_in(book, "close_on") or dt.date.today()
    recorded_days.refuse([on], None, recorded_days.clock())
    desk.require(persons.CLOSE)  # before anything else is said about the drawer
    cashier = cashier or str(book.get("close_cashier") or "")
    count = desk.table(DRAWER_COUNT)
    funds = desk.table(DRAWERS)
    fund = (
        int(funds.loc[funds[Drawer.cashier] == cashier, Drawer.change_fund].sum())
        if cashier
        else int(funds[Drawer.change_fund].sum())
    )
    calendar = closed_days_of(desk.town, on, desk.closed_days)
    who, in_drawer = desk.person.name, drawer.counted(count)
    row = drawer.close(desk.cash_book, desk.day_closes, cashier, on, in_drawer, fund, calendar, who, empty)
    desk.append(row)
    facts = row.records()[0]
    lines = drawer.lines_of(desk.cash_book, facts[DayClose.deposit])
    total = facts[DayClose.total]
    code = desk.log(
        "close day", f"deposit {facts[DayClose.deposit]}, seal code {facts[DayClose.head]}", len(lines), total
    )
    page = drawer.close_page(desk.office, facts, lines, count, code)
    file = _printed(desk, page, total)
    emptied = count[[CashCount.denomination]].assign(Pieces=np.int64(0))
    book.replace_rows("DrawerCount", emptied)
    for name, value in {
        "close_deposit": facts[DayClose.deposit], "close_total": facts[DayClose.total], "close_over": facts[DayClose.over_short], "close_head": facts[DayClose.head],
    }.items():  # fmt: skip
        book.set(name, value)
    over = facts[DayClose.over_short]
    judged = "The drawer balances" if not over else f"The drawer is {usd(abs(over))} {'over' if over > 0 else 'short'}"
    return Done(
        f"Deposit {facts[DayClose.deposit]}: {some(facts[DayClose.receipts], 'receipt')}, {usd(facts[DayClose.total])} (cash "
        f"{usd(facts[DayClose.cash])}, checks {usd(facts[DayClose.checks])}, electronic {usd(facts[DayClose.electronic])}). "
        f"{judged}. Deposited {some(facts[DayClose.days], 'business day')} after the first receipt. "
        f"Seal code: {facts[DayClose.head]}. Page to sign: {file}.",
        rows=len(lines),
        total=total,
    )


@action(
    "Take back a day close made by mistake, on the same day. Its row stays, and a row with the negative amounts takes it back.",
    desk="Day and Batches",
)
def reopen_day(
    book: Book,
    deposit: Annotated[str, Input("The deposit of the close, such as D-5.")],
    reason: Annotated[str, Input("The reason, for the auditor.")],
    approved_by: Annotated[
        str, Input("Needed if you closed the day yourself: the other person who approves, or the act of the board.")
    ] = "",
) -> Done:
    desk, today = Desk.of(book), recorded_days.clock()
    deposit = deposit.strip()
    closes = drawer.standing(desk.day_closes)
    mine = closes.where(closes[DayClose.deposit] == deposit).records()
    if not mine:
        raise BadValue(
            f'Deposit "{deposit}" is not closed.',
            where="deposit",
            do="Enter a deposit as on Day Close. Nothing was changed.",
        )
    row = mine[0]
    _refuse_to_reopen(desk, row, today)
    words = _agreed(desk, row[DayClose.closed_by], approved_by, reason)
    desk.append(drawer.reopening(desk.day_closes, deposit, desk.person.name, desk.cash_book))
    desk.log("reopen day", f"deposit {deposit}, {words}", 1, -row[DayClose.total])
    text = f"Deposit {deposit} is open again: {some(row[DayClose.receipts], 'receipt')}, {usd(row[DayClose.total])}."
    return Done(f"{text} Count the drawer, then close the day again. The printed close no longer counts.", rows=1)


def _refuse_to_reopen(desk: Desk, row: dict[str, Any], today: dt.date) -> None:
    """Refuses to reopen an earlier close of the drawer, and a close of an earlier day."""
    deposit, cashier = row[DayClose.deposit], row[DayClose.cashier]
    last = drawer.standing(desk.day_closes)
    last = last.where(last[DayClose.cashier] == cashier)
    if last[DayClose.deposit].iloc[-1] != deposit:
        raise BadValue(
            f"Deposit {deposit} is not the last close of this drawer.",
            where="deposit",
            do=f"Only deposit {last[DayClose.deposit].iloc[-1]} can be reopened. Nothing was changed.",
        )
    log = desk.register(LOG)
    lines = log[(log[LogLine.action] == "close day") & log[LogLine.what].str.startswith(f"deposit {deposit},")]
    closed = str(lines[LogLine.when].iloc[-1])[:10] if len(lines) else ""
    if closed != today.isoformat():
        raise BadValue(
            f"Deposit {deposit} was not closed today, so its close cannot be taken back.",
            where="deposit",
            do="Correct a receipt with Reverse or Transfer. Nothing was changed.",
        )


def _agreed(desk: Desk, closed_by: str, approved_by: str, reason: str) -> str:
    """The words for the Log. Whoever closed the day needs another person to take the close back."""
    if not reason.strip():
        raise BadValue("This field is required.", where="reason", do="Enter the reason for the auditor.")
    if persons.alike(desk.person.name) != persons.alike(closed_by):
        return f"reopened by {desk.person.name}: {reason.strip()}"
    if not approved_by.strip():
        raise BadValue(
            f"{closed_by} closed this day, so another person must reopen it.",
            where="approved_by",
            do="Ask another person to run this task, or enter who approves.",
        )
    desk.require_approval((approved_by, ""), usual=persons.REFUSE)
    return f"approved by {approved_by.strip()}: {reason.strip()}"


def _printed(desk: Desk, page: Page, total: Cents) -> str:
    """Prints the page of a day close, by its deposit."""
    return desk.issue(f"day close {page.key}", [page], issued_papers.DAY_CLOSE, page.key, total)


def _close_again(desk: Desk, deposit: str) -> Done:
    """Prints the page of a closed day again. The pieces counted in the drawer are kept on the paper only."""
    mine = desk.day_closes[desk.day_closes[DayClose.deposit] == deposit]
    if not len(mine):
        raise BadValue(f'There is no deposit "{deposit}".', where="deposit", do="Enter the number as on Day Close.")
    facts = mine.records()[0]
    log = desk.register(LOG)
    said = log[LogLine.what].str.startswith(f"deposit {deposit}, ") & (log[LogLine.action] == "close day")
    code = str(log.loc[said, SEAL].iloc[-1]) if said.any() else "not in the Log"
    lines = drawer.lines_of(desk.cash_book, deposit)
    total = int(facts[DayClose.total])
    file = _printed(desk, drawer.close_page(desk.office, facts, lines, Table.empty(DRAWER_COUNT), code), total)
    desk.log("reprint day close", f"deposit {deposit}", len(lines), total)
    text = f"Deposit {deposit}: {usd(total)}. Page: {file}."
    if facts[DayClose.counted]:
        text += " This page does not have the bills and coins that were counted. Only the first paper has them."
    return Done(text, rows=len(lines), total=total)


def _date_in(book: Book, name: str) -> dt.date | None:
    value = book.get(name)
    return value if isinstance(value, dt.date) else None


@action(
    "Import a payment file and hold the batch for review, with unmatched rows and duplicates marked. Nothing is posted.",
    desk="Day and Batches",
)
def import_batch(
    book: Book,
    file: Annotated[Path, Input("A file of payments: CSV, workbook, fixed width, BAI2 or NACHA.")],
    mapping: Annotated[
        str,
        Input(
            "The sender's name on Mappings. The mapping of a new sender is made from the file and saved under this name."
        ),
    ],
    deposit_total: Annotated[Cents, Input("The sender's deposit, from the deposit advice or the bank.")],
    today: Annotated[
        dt.date | None, Input("The day of the import. Payments without a date count as received that day.")
    ] = None,
    headers: Headers = "",
    digits: Digits = 0,
    dates: Dates = "",
    sure: Sure = "",
    words: Words = "",
    paid: Paid = "",
    sheet: SheetName = "",
    encoding: Encoding = "",
    password: Password = "",
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    if not file.is_file():
        raise BadValue("This file does not exist.", where=str(file), do="Check the name and the folder.")
    print_ = batches.fingerprint(file.read_bytes())
    same = desk.batches[(desk.batches[Batch.fingerprint] == print_) & (desk.batches[Batch.status] != "dropped")]
    if len(same):
        raise BadValue(
            f"This file was already imported as batch {same[Batch.batch].iloc[0]}.",
            where=file.name,
            do="Nothing was imported.",
        )
    said = Said(headers, digits, dates, "", sure, words, paid, mapping, sheet, encoding, password)
    read = read_payments(desk, file, mapping, said)
    refuse_unsure(read)
    found = read.found
    if problems := [*found.problems, *sheet_read.untied(found, BATCH, None, None)]:
        raise Problems(problems)
    named, matched = read.in_book(desk)
    payments = batches.as_payments(named, int(read.frame.attrs["header_row"]), today)
    if not len(payments):
        raise BadValue("The file has no payments.", where=file.name, do="Check the file and the header row.")
    number = str(batches.next_number(desk.batches))
    rows = batches.hold(payments, number, melt(desk.duplicate), desk.cash_book, _not_dropped(desk))
    row = batches.batch_row(number, mapping, file.name, today, rows, deposit_total, print_)
    desk.append(row)
    desk.append(rows)
    if not batches.mapped(desk.table(MAPPINGS), mapping):
        book.replace_rows("Mappings", sheet_import.to_remember(desk.table(MAPPINGS), mapping, read.filled).frame)
    counts = rows[BatchLine.status].value_counts()
    total = int(rows[BatchLine.amount].sum())
    live = int(rows.loc[rows[BatchLine.status] != "duplicate", BatchLine.amount].sum())
    desk.log("import batch", f"batch {number} of {mapping}", len(rows), total)
    by_status = ", ".join(f"{n:,} {status}" for status, n in counts.items())
    left = [f"{where}, {reason}" for where, reason, _ in found.left_out if reason.startswith("status")]
    more = f" {some(len(left), 'row')} not imported: {'; '.join(left[:5])}." if left else ""
    more = " ".join(part for part in (more, matched, *read.notes) if part)
    apart = live - deposit_total
    tied = (
        "equal the deposit" if not apart else f"are {usd(abs(apart))} {'above' if apart > 0 else 'below'} the deposit"
    )
    return Done(
        f"Batch {number}: {some(len(rows), 'row')}, {usd(total)} ({by_status}). The rows without duplicates {tied}.{f' {more.strip()}' if more else ''} Review the batch on Batch Lines.",
        rows=len(rows),
        total=total,
    )


def _not_dropped(desk: Desk) -> Table[BatchLine]:
    """The rows of all batches but the dropped ones, which the same file may replace."""
    dropped = desk.batches.loc[desk.batches[Batch.status] == "dropped", Batch.batch]
    return desk.table(BATCH_LINES).where(lambda lines: ~lines[BatchLine.batch].isin(dropped))


@action(
    "Post a held batch if its rows add up to its deposit. On request, unmatched rows go to suspense.",
    desk="Day and Batches",
)
def post_batch(
    book: Book,
    batch: Annotated[str, Input("The batch number.")],
    suspend: Annotated[bool, Input("Yes: unmatched rows go to suspense.")] = False,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    which = desk.batches[Batch.batch] == batch
    if not which.any():
        raise BadValue(f'There is no batch "{batch}".', where="batch", do="Enter the number as in Batches.")
    row = desk.batches[which].iloc[0].to_dict()
    if row[Batch.status] != "held":
        raise BadValue(
            f"Batch {batch} has already been {row[Batch.status]}.", where=f"batch {batch}", do="Nothing was posted."
        )
    lines = _reviewed(desk, batch)
    payments = batches.to_post(row, lines, suspend)
    batches.refuse_repeated(batch, lines, desk.cash_book)
    payments.attrs = {"file": f"batch {batch}", "header_row": -1}
    rows = counter.post_rows(desk, Table.made(PAYMENTS, payments), today, again=True)
    numbers = list(dict.fromkeys(rows[CashLine.receipt]))
    became = dict(zip(payments[BatchLine.row], numbers, strict=True))
    mine = lines[BatchLine.batch] == batch
    lines = lines.with_cells(mine, {BatchLine.receipt: lines.loc[mine, BatchLine.row].map(became).fillna("")})
    posted = mine & (lines[BatchLine.receipt] != "")
    now = np.where(lines.loc[posted, BatchLine.status] == "unmatched", "suspense", "posted")
    lines = lines.with_cells(posted, {BatchLine.status: now})
    book.replace_columns("BatchLines", lines[[BatchLine.account, BatchLine.status, BatchLine.why, BatchLine.receipt]])
    done = {Batch.status: "posted", Batch.posted_on: today, Batch.total: int(rows[CashLine.total].sum())}
    table = desk.batches.with_cells(which, done)
    desk.put(table)
    book.replace_columns("Batches", table[[Batch.status, Batch.posted_on, Batch.total]])
    moved = desk.reallocate(today, f"batch {batch} posted")
    desk.refresh(desk.as_of())
    write_suspense(desk, today)
    total = int(rows[CashLine.total].sum())
    desk.log("post batch", f"batch {batch}, receipts {numbers[0]} to {numbers[-1]}", len(rows), total)
    stray = int(rows.loc[rows[CashLine.kind] == "Other", CashLine.total].sum())
    text = f"Batch {batch}: {some(len(numbers), 'payment')}, {usd(total)}, {counter.receipts_words(rows)}, deposit B-{batch}."
    text += f" {usd(stray)} is in suspense. Clear the suspense when you know the accounts." if stray else ""
    return Done(text + reallocated(moved), rows=len(rows), total=total)


def _reviewed(desk: Desk, batch: str) -> Table[BatchLine]:
    """The reviewed batch lines: a row with a corrected account or bill is matched again.

    A row that is posted again although its account is unknown waits for suspense, as a row that a person released.
    """
    lines = desk.table(BATCH_LINES)
    account_of = dict(zip(desk.duplicate[Bill.bill], desk.duplicate[Bill.account], strict=True))
    accounts = set(desk.duplicate[Bill.account])
    mine = (lines[BatchLine.batch] == batch) & lines[BatchLine.status].isin(("unmatched", batches.AGAIN))
    for index, row in zip(lines.index[mine], lines[mine].records(), strict=True):
        account = row[BatchLine.account] or account_of.get(row[BatchLine.bill], "")
        right = account in accounts and (not row[BatchLine.bill] or account_of.get(row[BatchLine.bill]) == account)
        again = row[BatchLine.status] == batches.AGAIN
        if again and not right:
            lines = lines.with_cells(
                lines.index == index, {BatchLine.status: "unmatched", BatchLine.why: batches.RELEASED}
            )
        elif right and row[BatchLine.amount] > 0 and not again:
            corrected = {BatchLine.account: account, BatchLine.status: "matched", BatchLine.why: "corrected by hand"}
            lines = lines.with_cells(lines.index == index, corrected)
    return lines


def write_suspense(desk: Desk, as_of: dt.date) -> pd.DataFrame:
    """Writes the suspense ledger to its sheet, and gives the ledger."""
    table = batches.suspense(desk.cash_book, as_of)
    desk.book.replace_rows("Suspense", table[table[SuspenseItem.open] != 0])
    return table


@action(
    "Clear money from suspense to its account. The payment counts from the day the money came in.",
    desk="Day and Batches",
)
def clear_suspense(
    book: Book,
    receipt: Annotated[str, Input("The receipt of the money in suspense.")],
    account: Annotated[str, Input("The account the money belongs to.")],
    bill: Annotated[str, Input("The bill, if the payment is for one bill.")] = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    held = batches.suspense(desk.cash_book, today)
    mine = held[(held[SuspenseItem.receipt] == receipt) & (held[SuspenseItem.open] > 0)]
    if not len(mine):
        raise BadValue(
            f'Receipt "{receipt}" is not open in suspense.',
            where="receipt",
            do="Enter the number as on the Suspense sheet.",
        )
    back = counter.reversal_rows(desk, {receipt: today}, f"cleared to account {account}", today, {}, posting.TRANSFER)
    original = desk.cash_book[desk.cash_book[CashLine.receipt] == receipt].iloc[0]
    desk.append(back)
    effective = (
        original[CashLine.effective] if not pd.isna(original[CashLine.effective]) else original[CashLine.received]
    )
    payment = {
        Payment.account: account, Payment.bill: bill, Payment.amount: int(mine[SuspenseItem.open].iloc[0]), Payment.received: today, Payment.effective: effective.date(),
        Payment.by: original[CashLine.by], Payment.tender: "Transfer", Payment.reference: original[CashLine.reference], Payment.note: f"cleared from suspense, receipt {receipt}",
    }  # fmt: skip
    rows = counter.post_rows(
        desk, Table.entered(PAYMENTS, [payment]), today, [Tie(SUSPENSE_CLEARED, receipt)], again=True
    )
    moved = desk.reallocate(today, f"suspense receipt {receipt} cleared")
    desk.refresh(desk.as_of())
    write_suspense(desk, today)
    amount = int(rows[CashLine.total].sum())
    desk.log("clear suspense", f"receipt {receipt} to account {account}", len(rows), amount)
    text = f"Cleared {usd(amount)} from suspense to account {account} as receipt {rows[CashLine.receipt].iloc[0]}, effective {effective.date()}."
    return Done(text + reallocated(moved), rows=len(rows), total=amount)
