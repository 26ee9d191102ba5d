"""Inquiries, complaints and the budget report."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import numpy as np
import pandas as pd

from xltax.actions import papers
from xltax.actions.desk import Desk
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.money import usd
from xltax.office.controls import inquiries_and_budget
from xltax.office.sharing import confidential
from xltax.tables.office import INQUIRIES, Inquiry
from xltax.tables.statements import BUDGET, BudgetLine
from xltax.wording import some


@action(
    "Enter an inquiry, a complaint or a records request with its due date. Watch lists the request until "
    "the office answers.",
    desk="Office",
    label="Enter inquiry",
)
def log_inquiry(
    book: Book,
    about: Annotated[str, Input("What the inquiry is about.")],
    due: Annotated[dt.date, Input("The day the answer is due.")],
    kind: Annotated[str, Input("inquiry, complaint or records request (default: inquiry).")] = "",
    account: Annotated[str, Input("The account the inquiry is about.")] = "",
    asked_by: Annotated[str, Input("Who asked.")] = "",
    assigned_to: Annotated[str, Input("Who will answer.")] = "",
    today: Annotated[dt.date | None, Input("The day the inquiry came in.")] = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    kind = kind.lower() or "inquiry"
    if kind not in INQUIRIES["Kind"].choices:
        raise BadValue(
            f'"{kind}" is not a kind of inquiry.',
            where="kind",
            do=f"Use one of {', '.join(INQUIRIES['Kind'].choices)}.",
        )
    if due < today:
        raise BadValue(
            f"The due date {due} is before the day the inquiry came in, {today}.", where="due", do="Enter a later date."
        )
    if account and len(desk.roll) and not desk.parcel(account):
        raise BadValue(
            f'There is no account "{account}" on the Roll.',
            where="account",
            do="Correct the number, or leave the field empty.",
        )
    number = str(papers.next_no(desk.table(INQUIRIES)))
    row = {
        Inquiry.no: number, Inquiry.kind: kind, Inquiry.received: np.datetime64(today, "s"), Inquiry.account: account, Inquiry.from_: asked_by, Inquiry.about: about,
        Inquiry.assigned_to: assigned_to, Inquiry.due: np.datetime64(due, "s"), Inquiry.answered: np.datetime64("NaT", "s"), Inquiry.answer: "",
    }  # fmt: skip
    book.append("Inquiries", pd.DataFrame([row], columns=list(INQUIRIES.names)))
    desk.log("enter inquiry", f"{kind} {number}, account {account or 'none'}", 1)
    return Done(
        f"{kind.capitalize()} {number} is entered. The answer is due {due}. After you answer, fill in Answered and Answer on Inquiries.",
        rows=1,
    )


@action("Print the office budget for a year, item by item: budgeted, spent, ordered and left.", desk="Office")
def budget_report(
    book: Book,
    year: Annotated[int, Input("The year.", kind="year", cell="levy_year")],
    today: Annotated[dt.date | None, Input("The date on the report.")] = None,
) -> Done:
    desk = Desk.of(book)
    rows = desk.table(BUDGET)
    shown = desk.confidential().shown(rows, BUDGET, confidential.BUDGET)  # it has no accounts: nothing is asked
    page = inquiries_and_budget.budget_page(shown, year, desk.office, today or dt.date.today(), desk.collector)
    mine = rows[rows[BudgetLine.levy_year] == year]
    granted, gone = (
        int(mine[BudgetLine.budgeted].sum()),
        int(mine[BudgetLine.spent].sum() + mine[BudgetLine.ordered].sum()),
    )
    desk.log("budget report", str(year), len(mine), granted)
    name = desk.issue(f"budget {year}", [page], "budget report", f"{year} on {today or dt.date.today()}", granted)
    return Done(
        f"Budget {year}: {some(len(mine), 'item')}, budgeted {usd(granted)}, left {usd(granted - gone)}. The report is in {name}.",
        rows=len(mine),
        total=granted,
    )
