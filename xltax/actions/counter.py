"""The counter: post payments, reverse or transfer them, find accounts, refresh the balances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd

from xltax.actions import counter_rows, counter_warnings, in_force
from xltax.actions import receipts as printing
from xltax.actions.desk import Desk
from xltax.actions.incoming import read_named, skipped
from xltax.actions.inputs import Again, Today
from xltax.actions.owing import accounts, owing
from xltax.dates import short_date
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, Problems
from xltax.hosts.port import Book
from xltax.law.fees import Fee
from xltax.ledger.ties import Tie, tied
from xltax.money import usd
from xltax.office.adjusting import adjustment_register
from xltax.office.counter import account_card as cards
from xltax.office.counter import (
    drawer,
    part_payments,
    payment_check,
    posting,
    preview,
    receipt_page,
    reversal_effects,
    typed_rows,
)  # fmt: skip
from xltax.office.counter.payment_check import PAYMENTS, Payment
from xltax.office.intake.targets import POSTED
from xltax.office.quotes import quote_words
from xltax.tables import HISTORY, INST, Bill, CashLine, Parcel
from xltax.tables.agreements import AGREEMENTS, QUOTES, SignedAgreement
from xltax.tables.counter import COUNTER, REVENUE_CODES, CardBill, CounterRow, DayClose, FoundAccount, RevenueCode
from xltax.tables.enforcement import NOTICES
from xltax.tables.kinds import BY_STATUTE, RETURNED_CHECK, TRANSFER
from xltax.tables.office import INQUIRIES
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table, concat
from xltax.wording import reallocated, some


@action(
    "Preview how the checks on the Counter will be applied, with warnings. Nothing is posted.",
    desk="Counter",
)
def show(book: Book) -> Done:
    desk, today = Desk.of(book), dt.date.today()
    found = counter_rows.entered(desk, today)
    counter_rows.fill_in(desk, found)
    shown: dict[int, Any] = {at: preview.not_ready(problems) for at, problems in found.wrong.items()}
    if len(ready := found.ready):
        figured = preview.shown(ready, desk.facts, desk.town, desk.cash_book, today, desk.parcels, found.rows)
        figured[CounterRow.warning] = [
            " ".join(w for w in (said, *more) if w)[: preview.LONGEST]
            for said, more in zip(figured[CounterRow.warning], counter_warnings.of_rows(desk, ready), strict=True)
        ]
        shown |= dict(zip(figured.index, figured.to_dict("records"), strict=True))
    columns = pd.DataFrame([shown[at] for at in found.places], columns=[c.name for c in COUNTER.derived])
    book.replace_columns("Counter", columns)
    rows = found.rows
    text = f"{some(len(found.places), 'row')}, {usd(int(rows[CounterRow.amount].sum()))}. Nothing was posted."
    if found.wrong:
        text += f" {some(len(found.wrong), 'row')} cannot be posted yet:"
    problems = [*found.problems[: Problems.SHOWN], *preview.unassigned(rows)]
    return Done("\n".join([text, *map(str, problems)]))


@action("Post payments to the Cash Book by bill and installment, and refresh the balances.", desk="Counter")
def post(
    book: Book,
    payments: Annotated[
        Path | None,
        Input(
            "A CSV file or workbook with Account or Bill, Amount and Received, and optionally Receipt, Effective, By, "
            "Directed, Tender and Reference (default: the rows of the Counter)."
        ),
    ] = None,
    today: Today = None,
    as_of: Annotated[dt.date | None, Input("The day the balances are for.", cell="as_of")] = None,
    again: Again = False,
    receipts: Annotated[
        str,
        Input(
            "Print the receipts at once: half for half a page with a copy for the office, roll for a roll of 80 mm, page for a "
            "whole page, or no (default: no)."
        ),
    ] = "",
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    paper = receipt_page.paper_of(receipts)
    if not len(desk.duplicate):
        raise BadValue("The Duplicate is empty.", where="Duplicate", do="Bill the year first.")
    checks: list[str] = []
    noted = ""
    if payments is None:
        found = counter_rows.entered(desk, today)
        counter_rows.refuse_wrong(desk, found)
        typed_in = found.rows
        preview.refuse_unassigned(typed_in)
        checks = preview.checks_of(typed_in)
        given: Table[Any] = typed_in
    else:
        named = read_named(payments, POSTED)
        given, matched = named.in_book(desk)
        given = typed_rows.scanned(given, accounts(desk))
        noted = (f" {matched}" if matched else "") + skipped(named.found)
    batch = drawer.next_batch(desk.cash_book, desk.person.name)
    rows = post_rows(desk, given, today, [Tie(check=check) for check in checks], again=again, batch=batch)
    if payments is None:
        book.replace_rows("Counter", pd.DataFrame(columns=[c.name for c in COUNTER.facts]))
    moved = desk.reallocate(today, "payments posted with an earlier effective date")
    desk.refresh(desk.as_of(as_of))
    numbers, total = list(dict.fromkeys(rows[CashLine.receipt])), int(rows[CashLine.total].sum())
    desk.log("post", f"{receipts_words(rows)}, batch {batch}", len(rows), total)
    text = f"Posted {some(len(numbers), 'payment')} in {some(len(rows), 'line')}, {usd(total)}: {receipts_words(rows)}."
    text += f" Batch {batch}."
    if over := int(rows[CashLine.overpaid].sum()):
        text += f" {usd(over)} of this is an overpayment, held as credit or on the refund list."
    text += reallocated(moved) + noted
    if paper:
        text += f"\nReceipts: {printing.print_receipts(desk, numbers, paper, again=False)}."
    elif payments is None:
        text += "\nTo print the receipts, run Reprint Receipt with these numbers. Next time, enter half or roll for receipts."
    return Done(text, rows=len(rows), total=total)


def post_rows(
    desk: Desk,
    payments: Table[Any],
    today: dt.date,
    ties: Sequence[Tie] = (),
    again: bool = False,
    batch: str = "",
) -> Table[CashLine]:
    """Posts payments to the Cash Book, each into its drawer's open deposit unless the payment names another; gives the lines.

    ties: what each payment is for. The task gives the ties, because payments from a file have no such column.
    again: the payments are posted even if the Cash Book has the same ones. A task gives this for money that it moves itself or
    that its own register keeps from coming in twice; rows that a person or a file enters are compared first.
    batch: the batch of payments that do not name one.
    """
    excused = frozenset() if again else _by_agreement(desk)
    lines = posting.post(desk.facts, desk.town, payments, desk.cash_book, today, desk.parcels, again, excused)
    rows = tied(lines, ties)
    _known_codes(desk, rows)
    blank = (rows[CashLine.deposit] == "") & (rows[CashLine.tender] != "Transfer")
    open_now = {c: drawer.open_deposit(desk.day_closes, c) for c in rows.loc[blank, CashLine.cashier].unique()}
    deposit = rows[CashLine.deposit].mask(blank, rows[CashLine.cashier].map(open_now))
    own = rows[CashLine.batch].mask(rows[CashLine.batch] == "", batch)
    rows = rows.with_columns({CashLine.deposit: deposit, CashLine.batch: own})
    desk.append(rows)
    return rows


def _by_agreement(desk: Desk) -> frozenset[str]:
    """The accounts that pay in parts by an agreement in force, where the town takes no others."""
    if not part_payments.refuses(desk.town):
        return frozenset()
    held = desk.register(AGREEMENTS)
    return frozenset(held.loc[held[SignedAgreement.ended_on].isna(), SignedAgreement.account])


def receive(
    desk: Desk, payments: list[dict[str, Any]], today: dt.date, why: str, ties: Sequence[Tie]
) -> Table[CashLine]:
    """Posts one check from another desk, amounts in cents, and refreshes the balances; gives the lines."""
    entries = Table.entered(PAYMENTS, payments)
    rows = post_rows(desk, entries, today, [tie._replace(check="one") for tie in ties], again=True)
    desk.reallocate(today, why)
    desk.refresh(desk.as_of())
    return rows


def receipts_words(posted: Table[CashLine]) -> str:
    """The receipt numbers of posted lines, for messages and the Log."""
    numbers = list(dict.fromkeys(posted[CashLine.receipt]))
    return f"receipt {numbers[0]}" if len(numbers) == 1 else f"receipts {numbers[0]} to {numbers[-1]}"


def _known_codes(desk: Desk, rows: Table[CashLine]) -> None:
    codes = set(rows.loc[rows[CashLine.kind] == "Other", CashLine.revenue_code])
    if codes:
        known = {posting.SUSPENSE, *desk.table(REVENUE_CODES)[RevenueCode.code]}
        for code in sorted(codes - known):
            raise BadValue(
                f'"{code}" is not a revenue code in this workbook.',
                where="Revenue Code",
                do="Add the code to Revenue Codes, or correct it.",
            )


@action(
    "Reverse a receipt, such as a returned check or a posting by mistake. The original lines stay visible, and the "
    "balance is corrected.",
    desk="Counter",
)
def reverse(
    book: Book,
    receipt: Annotated[str, Input("The receipt number.")],
    reason: Annotated[str, Input("The reason, such as: check returned unpaid.")],
    how: Annotated[
        str,
        Input(
            "returned: the bank charged the check back, and the returned-check fee applies. void: the money never came, and "
            "the deposit is still open (default: returned)."
        ),
    ] = "",
    on: Annotated[dt.date | None, Input("The day the check was returned.")] = None,
    today: Today = None,
) -> Done:
    today = today or dt.date.today()
    how = how.lower() or posting.RETURNED
    if how not in (posting.RETURNED, posting.VOID):
        raise BadValue(
            f'"{how}" is not a kind of reversal.', where="how", do=f"Use {posting.RETURNED} or {posting.VOID}."
        )
    return reverse_several(book, {receipt: on or today}, reason, today, how=how)


def reverse_several(
    book: Book,
    returned: Mapping[str, dt.date],
    reason: str,
    today: dt.date,
    numbers_of: Mapping[str, str] | None = None,
    how: str = posting.RETURNED,
) -> Done:
    """Reverses several receipts at once, each with its day, such as a bank's list of returned checks.

    Receipts of the same check are reversed too, and the registers that name these receipts are updated.
    """
    desk = Desk.of(book)
    last = max(returned.values())
    returned = {r: returned.get(r, last) for r in reversal_effects.of_one_check(list(returned), desk.cash_book)}
    rows = reversal_rows(desk, returned, reason, today, numbers_of or {}, how)
    desk.append(rows)
    fees = _charge_returned(desk, rows, today) if how == posting.RETURNED else 0
    mended = in_force.mend(desk, returned, today)
    numbers, total, count = list(dict.fromkeys(rows[CashLine.receipt])), int(rows[CashLine.total].sum()), len(rows)
    moved = desk.reallocate(today, f"receipts reversed: {', '.join(returned)}"[:240])
    desk.refresh(desk.as_of())
    if mended:
        in_force.write(desk, desk.as_of())
    desk.log("reverse", f"receipts {', '.join(returned)}", count, total)
    text = f"Receipt{'s' if len(returned) > 1 else ''} {', '.join(returned)} reversed by {', '.join(numbers)}: {usd(total)}."
    text += f" Returned-check fees charged: {usd(fees)}." if fees else ""
    text += reallocated(moved)
    return Done(text + mended, rows=count, total=total)


def reversal_rows(
    desk: Desk, returned: Mapping[str, dt.date], reason: str, today: dt.date, numbers_of: Mapping[str, str], how: str
) -> Table[CashLine]:
    """The Cash Book lines that reverse receipts."""
    first = payment_check.next_number(desk.cash_book)
    if how == posting.VOID:
        closed = set(drawer.standing(desk.day_closes)[DayClose.deposit])
        mine = desk.cash_book[desk.cash_book[CashLine.receipt].isin(set(returned))]
        for deposit in set(mine[CashLine.deposit]) & closed:
            raise BadValue(
                f"The receipt's money is in deposit {deposit}, which is closed.",
                where="how",
                do="Refund or transfer the payment, or use returned when the bank charges the check back.",
            )
    parts = [
        posting.reverse(desk.cash_book, receipt, on, today, reason, numbers_of.get(receipt) or str(first + n), how)
        for n, (receipt, on) in enumerate(returned.items())
    ]
    return concat(parts).renumbered()


def _charge_returned(desk: Desk, rows: Table[CashLine], today: dt.date) -> int:
    """Charges the returned-check fee on each check's first bill and marks its accounts for certified funds; gives the fees in cents.

    A check of an officer, a receiver or a buyer at a tax sale is not the taxpayer's, so the taxpayer pays no fee.
    """
    his = (rows[CashLine.tender] == "Check") & (rows[CashLine.account] != "") & (rows[CashLine.by] != "officer")
    his &= ~rows[CashLine.reverses].isin(reversal_effects.buyers(desk.cash_book))
    if not his.any():
        return 0
    first = desk.cash_book.drop_duplicates(CashLine.receipt).set_index(CashLine.receipt)[CashLine.same_check]
    check = first[rows[CashLine.reverses]].to_numpy()
    back = (
        rows.frame.assign(Check=np.where(check == "", rows[CashLine.reverses], check))[his]
        .groupby("Check", sort=False)
        .first()
    )
    entries = []
    for row in back.to_dict("records"):
        rule = desk.town.find(Fee, row[CashLine.received].date(), sort="returned_check")
        place = (row[CashLine.bill], row[CashLine.part], row[CashLine.inst])
        bill, part, inst = place if row[CashLine.bill] else last_installment(desk.duplicate, row[CashLine.account])
        if rule is None or not rule.params.amount or not bill:
            continue
        entries.append(
            adjustment_register.Entry(
                bill, "Fee", rule.params.amount, row[CashLine.received].date(), f"check of receipt {row[CashLine.reverses]} returned",
                rule.authority(), BY_STATUTE, inst, part, "costs", Tie(RETURNED_CHECK, row[CashLine.reverses]),
            )
        )  # fmt: skip
    if entries:
        desk.append(adjustment_register.rows(entries, desk.adjustments, today))
    mark_certified(desk, set(rows.loc[his, CashLine.account]))
    return sum(e.amount for e in entries)


def last_installment(bills: Table[Bill], account: str) -> tuple[str, str, int]:
    """The bill, part and first billed installment of an account's last bill; a credit is for no bill of its own."""
    for row in reversed(bills[bills[Bill.account] == account].records()):
        for number, amount in enumerate(INST[1:], 1):
            if row[amount]:
                return row[Bill.bill], row[Bill.part], number
    return "", "", 0


def mark_certified(desk: Desk, accounts: set[str]) -> None:
    """Marks accounts on the Roll that must pay by certified funds from now on."""
    if not len(desk.roll):
        return
    flags = desk.roll[Parcel.flags]
    new = desk.roll[Parcel.account].isin(accounts) & ~flags.str.contains(
        payment_check.CERTIFIED_ONLY, case=False, regex=False
    )
    if new.any():
        marked = flags.where(~new, (flags + ", ").where(flags != "", "") + payment_check.CERTIFIED_ONLY)
        desk.put(desk.roll.with_columns({Parcel.flags: marked}))
        desk.book.replace_columns("Roll", desk.roll[[Parcel.flags]])


@action(
    "Move a payment to the correct account. The first receipt is reversed, and a new receipt counts from the same day.",
    desk="Counter",
)
def transfer(
    book: Book,
    receipt: Annotated[str, Input("The receipt number.")],
    account: Annotated[str, Input("The account that the payment belongs to.")],
    reason: Annotated[str, Input("The reason.")],
    bill: Annotated[str, Input("The bill, if the payment is for one bill.")] = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    back = reversal_rows(desk, {receipt: today}, reason, today, {}, posting.TRANSFER)
    original = desk.cash_book[desk.cash_book[CashLine.receipt] == receipt].iloc[0]
    amount = -int(back[CashLine.total].sum())
    desk.append(back)
    mended = in_force.mend(desk, [receipt], today)
    effective = (
        original[CashLine.effective] if not pd.isna(original[CashLine.effective]) else original[CashLine.received]
    )
    payment = {
        Payment.account: account, Payment.bill: bill, Payment.amount: amount, Payment.received: today, Payment.effective: effective.date(), Payment.by: original[CashLine.by],
        Payment.tender: "Transfer", Payment.reference: original[CashLine.reference], Payment.note: f"from receipt {receipt}: {reason}"[:240],
    }  # fmt: skip
    rows = post_rows(desk, Table.entered(PAYMENTS, [payment]), today, [Tie(TRANSFER, receipt)], again=True)
    moved = desk.reallocate(today, f"receipt {receipt} transferred")
    desk.refresh(desk.as_of())
    if mended:
        in_force.write(desk, desk.as_of())
    count = len(back) + len(rows)
    desk.log("transfer", f"receipt {receipt} to account {account}", count, 0)
    text = f"Moved {usd(amount)} from receipt {receipt} to account {account} as receipt {rows[CashLine.receipt].iloc[0]}, effective {effective.date()}."
    text += reallocated(moved)
    return Done(text + mended, rows=count)


@action(
    "Find an account by name, address, block and lot, plate or number, and show its card with all years, payments, "
    "adjustments and notices.",
    desk="Counter",
)
def card(
    book: Book,
    find: Annotated[
        str,
        Input(
            "Part of a name or address, a block and lot such as 12/4, a plate, or an account or bill number.",
            cell="card_find",
        ),
    ],
    as_of: Annotated[dt.date | None, Input("The day the figures are for.", cell="as_of")] = None,
) -> Done:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    ledger = desk.ledger(day)
    found = cards.search(find, desk.parcels, desk.duplicate, ledger)
    if not len(found):
        raise BadValue(
            f'No account on the Roll or the Duplicate matches "{find}".',
            where="find",
            do="Check the spelling, or enter a part of the name, address or number.",
        )
    book.replace_rows("Found", found.head(cards.MOST))
    account = str(found[FoundAccount.account].iloc[0])
    who = desk.parcel(account)
    party = str(who.get("Party", ""))
    told = cards.notes(
        account, party, desk.register(NOTICES), desk.register(QUOTES), desk.register(INQUIRIES), desk.register(HISTORY)
    )
    bills, lines = cards.card(account, desk.duplicate, desk.cash_book, desk.adjustments, ledger, told)
    book.replace_rows("CardBills", bills)
    book.replace_rows("CardLines", lines)
    for name, column in (("card_owner", "Owner"), ("card_location", "Location")):
        book.set(name, who.get(column, ""))
    left = who.get("Left On", pd.NaT)
    flags = [str(who.get("Flags", "")), "" if pd.isna(left) else f"left the roll on {short_date(left.date())}"]
    now = owing(desk, account, day)
    notes = quote_words.short(now)
    book.set("card_flags", "; ".join(x for x in (*flags, *notes) if x))
    total = int(bills[CardBill.total].sum()) if len(bills) else 0
    for name, value in {
        "card_find": find,
        "card_account": account,
        "card_as_of": ledger.as_of,
        "card_total": total,
    }.items():
        book.set(name, value)
    more = f" {len(found):,} accounts match. The card shows the first, and Found lists all." if len(found) > 1 else ""
    text = f"Account {account}: {usd(now.due)} due on {day}"
    text += f". {usd(now.total)} pays everything billed." if now.total != now.due else "."
    return Done("\n".join([text + more, *(f"Note: {note}." for note in notes)]))


@action("Calculate every balance as of a day and write the balances beside the bills.", desk="Counter")
def refresh(
    book: Book, as_of: Annotated[dt.date | None, Input("The day the balances are for.", cell="as_of")] = None
) -> Done:
    desk = Desk.of(book)
    ledger = desk.refresh(desk.as_of(as_of))
    sums = ledger.balances[
        [
            OpenInstallment.tax,
            OpenInstallment.interest,
            OpenInstallment.penalty,
            OpenInstallment.costs,
            OpenInstallment.total,
        ]
    ].sum()
    total = int(sums[OpenInstallment.total])
    desk.log("refresh", f"as of {ledger.as_of}", len(ledger.balances), total)
    return Done(
        f"As of {ledger.as_of}: total due {usd(int(sums[OpenInstallment.total]))}: tax {usd(int(sums[OpenInstallment.tax]))}, interest "
        f"{usd(int(sums[OpenInstallment.interest]))}, penalty {usd(int(sums[OpenInstallment.penalty]))}, costs {usd(int(sums[OpenInstallment.costs]))}."
        + "".join(f"\n{p}" for p in ledger.problems[:20]),
        rows=len(ledger.balances),
        total=total,
    )
