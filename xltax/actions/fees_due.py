"""Charges the fees that the law adds by itself to bills that are unpaid on a day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from xltax.actions import control
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.law.fees import Fee
from xltax.money import usd
from xltax.office.adjusting import adjustment_register
from xltax.office.collection import fees_due
from xltax.wording import reallocated, some


@action(
    "Charge the fees that the law adds by itself to bills that are unpaid on its day. Each fee is charged once.",
    desk="Enforcement",
    label="Charge fees due",
)
def charge_fees_due(
    book: Book,
    as_of: Annotated[dt.date | None, Input("Charge the fees whose day has come by this day (default: today).")] = None,
    look: Annotated[bool, Input("Yes: show the fees and change nothing.")] = False,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    through = as_of or today
    if through > today:
        raise BadValue(f"{through} is after today.", where="as_of", do="Charge the fees on their day or later.")
    if not any(rule.params.on for rule in desk.town.all(Fee)):
        raise BadValue(
            f"{desk.town.name} has no fee that the law adds by itself.", where="Rules, fee", do="Nothing was changed."
        )
    began = control.began(desk).day
    fees = fees_due.due(desk.town, desk.duplicate, through)
    made = list(fees_due.entries(fees, desk.facts, desk.town, desk.duplicate, desk.adjustments, began))
    total = sum(entry.amount for entry in made)
    text = f"{some(len(made), 'fee')} due by {through}: {usd(total)}."
    if unknown := fees_due.without_start(desk.duplicate, began):
        text += (
            f" {some(unknown, 'opening bill')} skipped. Enter the day this book began on Opening Levies, so that fees of "
            "earlier days are not charged twice."
        )
    if look:
        each = [f"Bill {one.bill}: {usd(one.amount)}, {one.reason}." for one in made]
        desk.log("look at", f"fees due by {through}", len(made), total)
        return Done("\n".join([f"{text} Nothing was changed.", *each]), rows=len(made), total=total)
    if not made:
        return Done(text)
    desk.append(adjustment_register.rows(made, desk.adjustments, today))
    moved = desk.reallocate(today, f"fees due by {through}")
    desk.refresh(desk.as_of())
    desk.log("charge fees due", f"by {through}", len(made), total)
    return Done(text + reallocated(moved), rows=len(made), total=total)
