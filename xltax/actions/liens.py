"""Liens: those assigned to a third party leave the town's books; those the town executes become one principal."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import numpy as np
import pandas as pd

from xltax.actions import papers
from xltax.actions.counter import receipts_words, receive
from xltax.actions.desk import Desk
from xltax.actions.inputs import Reference, Tender, Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.ledger.ties import UNTIED
from xltax.money import Cents, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import runs
from xltax.office.collection import assigned_liens, enforcement_status, executed_liens
from xltax.office.counter.payment_check import Payment
from xltax.tables import CASH_BOOK, Adjustment, Bill, CashLine
from xltax.tables.bills import BILL_RUNS
from xltax.tables.enforcement import Lien
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import reallocated, some

PRICE = "ASSIGNED LIENS"
"""The revenue code for the price of a lien."""


@action(
    "Assign a recorded lien to a third party. Its bill leaves the town's books on that day, and the price is posted.",
    desk="Enforcement",
    label="Assign lien",
)
def assign_lien(
    book: Book,
    lien: Annotated[str, Input("The lien number in Liens.")],
    to: Annotated[str, Input("The purchaser of the lien.")],
    on: Annotated[dt.date, Input("The day of the assignment.")],
    authority: Annotated[str, Input("The resolution of the legislative body for the assignment.")],
    price: Annotated[Cents, Input("The amount the purchaser pays now (default: nothing is posted).")] = 0,
    tender: Tender = "Check",
    reference: Reference = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    row = _checked(desk, lien, to, on, authority, today)
    others = desk.liens[desk.liens[Lien.no] != lien]
    facts = assigned_liens.without(desk.recorded, desk.town, others)
    due = assigned_liens.open_on(facts, desk.town, row[Lien.bill], on)
    if not len(due):
        raise BadValue(f"Bill {row[Lien.bill]} has no balance on {on}.", where="lien", do="Record the release instead.")
    posted = _receive(desk, lien, to, on, price, tender, reference, today)
    why = assigned_liens.reason(lien, to)
    entries = [
        adjustment_register.Entry(r[OpenInstallment.bill], assigned_liens.TRANSFER, int(r[c]), on, why, authority, "by resolution", int(r[OpenInstallment.inst]), r[OpenInstallment.part], c.lower())
        for r in due.to_dict("records")
        for c in assigned_liens.COLUMNS
        if r[c]
    ]  # fmt: skip
    rows = adjustment_register.rows(entries, desk.adjustments, today)
    desk.append(rows)
    _write(
        desk,
        lien,
        {Lien.assigned: np.datetime64(on, "s"), Lien.assigned_to: to, Lien.price: price or int(row[Lien.price])},
    )
    moved = desk.reallocate(today, f"lien {lien} assigned")
    desk.refresh(desk.as_of())
    total = int(due[OpenInstallment.total].sum())
    desk.log("assign lien", f"lien {lien}, bill {row[Lien.bill]}", len(rows), total)
    text = f"Lien {lien} on bill {row[Lien.bill]} was assigned to {to} on {on}. The debt of {usd(total)} is now owed to {to}, not to the town"
    text += f" (adjustments {rows[Adjustment.no].iloc[0]} to {rows[Adjustment.no].iloc[-1]})."
    if price:
        text += f" The price of {usd(price)} was posted as {PRICE}, {receipts_words(posted)}."
    return Done(
        text + reallocated(moved),
        rows=len(rows),
        total=total,
    )


@action(
    "Reverse an assignment. The town owns the lien again, and the bill is open as if the lien had never been assigned.",
    desk="Enforcement",
    label="Take lien back",
)
def take_lien_back(
    book: Book,
    lien: Annotated[str, Input("The lien number in Liens.")],
    reason: Annotated[str, Input("The reason, such as: the purchaser did not pay.")],
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    row = _row(desk, lien)
    if pd.isna(row[Lien.assigned]):
        raise BadValue(f"Lien {lien} is not assigned.", where="lien", do="Enter the number as in Liens.")
    if not reason.strip():
        raise BadValue("This field is required.", where="reason", do="Enter why the assignment is reversed.")
    changes = desk.adjustments
    mine = changes[(changes[Adjustment.bill] == row[Lien.bill]) & (changes[Adjustment.kind] == assigned_liens.TRANSFER)]
    mine = mine[mine[Adjustment.effective] == row[Lien.assigned]]
    why = f"lien {lien} taken back: {reason}"
    entries = [
        adjustment_register.taken_back(adjustment_register.entry_of(r, why), str(r[Adjustment.no]))
        for r in mine.to_dict("records")
    ]
    if entries:
        desk.append(adjustment_register.rows(entries, desk.adjustments, today))
    holder, price = str(row[Lien.assigned_to]), int(row[Lien.price])
    _write(desk, lien, {Lien.assigned: np.datetime64("NaT", "s"), Lien.assigned_to: "", Lien.price: 0})
    moved = desk.reallocate(today, f"lien {lien} taken back")
    desk.refresh(desk.as_of())
    total = sum(e.amount for e in entries)
    desk.log("take lien back", f"lien {lien}, bill {row[Lien.bill]}", len(entries), total)
    text = f"The town owns lien {lien} again, and bill {row[Lien.bill]} is open again."
    if price:
        text += (
            f" {holder or 'The purchaser'} paid {usd(price)} for the lien. Reverse that receipt, or pay the money back."
        )
    return Done(
        text + reallocated(moved),
        rows=len(entries),
        total=total,
    )


@action(
    "Execute the town's liens for a levy year. What is past due on each bill becomes one principal with the interest of "
    "liens.",
    desk="Enforcement",
    label="Execute lien",
)
def execute_lien(
    book: Book,
    on: Annotated[dt.date, Input("The day the liens are executed.")],
    year: Annotated[int, Input("The levy year.", kind="year", cell="levy_year")],
    bills: Annotated[str, Input("Only these bills, separated by commas (default: every bill that is past due).")] = "",
    levy_type: Annotated[str, Input("The levy type (default: RE).")] = "RE",
    authority: Annotated[str, Input("The act, such as its book and page (default: the statute of the rule).")] = "",
    look: Annotated[bool, Input("Yes: show the liens and change nothing.")] = False,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today, kind = today or dt.date.today(), levy_type.strip().upper()
    if on > today:
        raise BadValue(f"{on} is after today.", where="on", do="Execute the liens on their day.")
    rule = executed_liens.rule_of(desk.town, on, kind)
    rows = executed_liens.past_due(desk.ledger(on), year, kind)
    if named := [name.strip() for name in bills.split(",") if name.strip()]:
        rows = executed_liens.only(rows, named)
    stayed = enforcement_status.suspended(papers.records(desk, on), list(rows[OpenInstallment.account]))
    rows = rows[~rows[OpenInstallment.account].isin(stayed)]
    executed_liens.refuse_paid_later(rows, desk.cash_book, on)
    made = executed_liens.executed(rows, desk.town, rule.params, on, set(desk.duplicate[Bill.bill]))
    skipped = f" {some(len(stayed), 'account')} in bankruptcy skipped." if stayed else ""
    if not made:
        return Done(f"No {kind} bill of {year} is past due on {on}.{skipped}")
    total, fees = sum(lien.principal for lien in made), sum(lien.fees for lien in made)
    text = f"{some(len(made), 'lien')} as of {on}: {usd(total - fees)} past due and fees of {usd(fees)}, principal {usd(total)}."
    if look:
        each = [f"Bill {lien.bill}, account {lien.account}: {usd(lien.principal)}." for lien in made]
        desk.log("look at", f"liens of {year} {kind} as of {on}", len(made), total)
        return Done("\n".join([f"{text}{skipped} Nothing was changed.", *each]), rows=len(made), total=total)
    run = _execute(desk, made, on, today, authority.strip() or rule.authority())
    moved = desk.reallocate(today, f"liens executed on {on}")
    desk.refresh(desk.as_of())
    desk.log("execute lien", f"{year} {kind} as of {on}, run {run}", len(made), total)
    return Done(f"{text}{skipped} Bill Runs has run {run}.{reallocated(moved)}", rows=len(made), total=total)


def _execute(desk: Desk, made: list[executed_liens.Executed], on: dt.date, today: dt.date, authority: str) -> int:
    """Closes the bills, opens the principals, and enters the run that can be undone; gives its number."""
    run = runs.next_number(desk.register(BILL_RUNS))
    changes = adjustment_register.rows(executed_liens.entries(made, on, authority), desk.adjustments, today)
    principals = executed_liens.bills(made, desk.duplicate, on, today, str(run))
    desk.append(changes)
    desk.append(principals)
    line = runs.row(
        run, Levy_Year=made[0].levy_year, Levy_Type=made[0].levy_type, Stage=runs.LIENS, Billed_On=today, Bills=len(made),
        Net_Tax=int(principals[Bill.net_tax].sum()), First_Adjustment=changes[Adjustment.no].iloc[0],
        Last_Adjustment=changes[Adjustment.no].iloc[-1],
    )  # fmt: skip
    desk.append(Table.made(BILL_RUNS, [line]))
    return run


def _row(desk: Desk, lien: str) -> dict[str, Any]:
    held = desk.liens
    mine = held[held[Lien.no] == lien]
    if not len(mine):
        raise BadValue(f'There is no lien "{lien}".', where="lien", do="Enter the number as in Liens.")
    return {str(k): v for k, v in mine.iloc[0].items()}


def _checked(desk: Desk, lien: str, to: str, on: dt.date, authority: str, today: dt.date) -> dict[str, Any]:
    """The lien's row, if it can be assigned: recorded, not released, not assigned, and its bill on the Duplicate."""
    row = _row(desk, lien)
    for name, value in (("to", to), ("authority", authority)):
        if not value.strip():
            raise BadValue("This field is required.", where=name, do="Fill in this field.")
    if on > today:
        raise BadValue(f"{on} is after today.", where="on", do="Enter the assignment on its day.")
    if pd.isna(row[Lien.recorded]) or row[Lien.recorded].date() > on:
        raise BadValue(
            f"Lien {lien} has not been recorded by {on}.",
            where="lien",
            do="Enter Recorded, book and page in Liens first.",
        )
    if not pd.isna(row[Lien.released]) and row[Lien.released].date() <= on:
        raise BadValue(
            f"Lien {lien} was released on {row[Lien.released].date()}.",
            where="lien",
            do="Enter a lien that is still open.",
        )
    if not (desk.duplicate[Bill.bill] == row[Lien.bill]).any():
        raise BadValue(
            f'Bill "{row[Lien.bill]}" is not on the Duplicate.',
            where="Liens, Bill",
            do="Correct the bill in Liens.",
        )
    typed_only = not assigned_liens.posted(desk.adjustments, row[Lien.bill], on)
    same = (row[Lien.assigned] == pd.Timestamp(on)) and row[Lien.assigned_to] in ("", to)
    if not pd.isna(row[Lien.assigned]) and not (same and typed_only):
        raise BadValue(
            f"Lien {lien} was assigned to {row[Lien.assigned_to] or 'a third party'} on {row[Lien.assigned].date()}.", where="lien",
            do="If that assignment fell through, use Take Lien Back first.",
        )  # fmt: skip
    return row


def _receive(
    desk: Desk, lien: str, to: str, on: dt.date, price: Cents, tender: str, reference: str, today: dt.date
) -> Table[CashLine]:
    """Posts the price, if there is one."""
    if price < 0:
        raise BadValue(f"The price is {usd(price)}.", where="price", do="Enter zero or more.")
    if not price:
        return Table.empty(CASH_BOOK)
    payment = {Payment.account: "", Payment.amount: price, Payment.kind: "Other", Payment.revenue_code: PRICE, Payment.received: on, Payment.effective: on,
               Payment.by: "third party", Payment.tender: tender, Payment.reference: reference, Payment.note: f"lien {lien}, {to}"}  # fmt: skip
    return receive(desk, [payment], today, f"lien {lien} assigned", [UNTIED])


def _write(desk: Desk, lien: str, values: dict[str, Any]) -> None:
    held = desk.liens
    at = held[Lien.no] == lien
    # A person may have typed the assignment that this task posts: such a row is whole but for these cells.
    untyped = held.with_cells(at, {Lien.assigned: None, Lien.assigned_to: "", Lien.price: 0})
    desk.rewrite(held, held.with_cells(at, values), values, or_before=untyped)
    desk.changed()
