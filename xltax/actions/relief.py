"""The relief desk: it reviews applications, decides them, and prints the leaflet."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, LawNotEncoded, Problem, Problems
from xltax.hosts.port import Book
from xltax.money import usd
from xltax.office.adjusting import adjustment_register
from xltax.office.adjusting import relief as desk_of_relief
from xltax.office.adjusting.relief import Review
from xltax.office.billing.prior_year_tax import not_completed
from xltax.office.controls import persons
from xltax.tables import Bill, Parcel
from xltax.tables.reading import place
from xltax.tables.relief import APPLICATIONS, Application
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import reallocated, some

_DECISIONS = ("Approved", "Denied")


@action(
    "Review the relief applications: who is eligible, the reason if not, and the credit. Decided "
    "applications do not change.",
    desk="Relief",
    label="Review relief",
)
def review_relief(book: Book, today: Annotated[dt.date | None, Input("The date of the review.")] = None) -> Done:
    desk = Desk.of(book)
    rows = _applications(desk)
    reviews = _reviews(desk, rows, today or dt.date.today())
    fresh = desk_of_relief.reviewed(reviews).set_axis(rows.index)
    decided = rows[Application.decision] != ""
    rows = rows.with_cells(~decided, {column: fresh.loc[~decided, column].to_numpy() for column in fresh.columns})
    book.replace_columns(APPLICATIONS.name, rows[list(fresh.columns)])
    yes = int(((rows[Application.eligible] == "Yes") & ~decided).sum())
    worth = int(rows.loc[(rows[Application.eligible] == "Yes") & ~decided, Application.credit].sum())
    desk.log("review relief", f"{len(rows)} applications", len(rows), worth)
    waiting = int((~decided).sum())
    return Done(
        f"{some(waiting, 'open application')}: {yes:,} eligible for {usd(worth)}, {waiting - yes:,} not eligible. Nothing is granted yet.",
        rows=len(rows),
        total=worth,
    )


def _applications(desk: Desk) -> Table[Application]:
    rows = desk.table(APPLICATIONS, derived=True)
    if not len(rows):
        raise BadValue("There are no applications.", where="Relief", do="Enter one row for each application.")
    return rows


def _reviews(desk: Desk, rows: Table[Application], today: dt.date, only: str = "") -> list[Review]:
    ledger, facts = desk.ledger(today), desk.facts
    by_account = dict(tuple(ledger.balances.groupby(OpenInstallment.account)))
    roll = {r[Parcel.account]: r for r in desk.parcels.records()}
    bills = desk.duplicate[desk.duplicate[Bill.levy_type] == desk_of_relief.LEVY_TYPE]
    frame = bills.frame.assign(Unfinished=not_completed(bills, desk.town))
    of_bill = frame.groupby([Bill.account, Bill.levy_year])[[Bill.deductions, "Unfinished"]].agg(
        {"Deductions": "sum", "Unfinished": "all"}
    )
    standing = {
        key: (int(d), bool(u))
        for key, d, u in zip(of_bill.index, of_bill[Bill.deductions], of_bill["Unfinished"], strict=True)
    }
    granted = rows[rows[Application.decision] == "Approved"]
    taken = set(
        zip(
            granted[Application.account],
            granted[Application.levy_year],
            granted[Application.program].str.lower(),
            strict=True,
        )
    )
    out: list[Review] = []
    problems: list[Problem] = []
    for position, row in zip(rows.index, rows.records(), strict=True):
        if only and row[Application.no] != only:
            continue
        key = (row[Application.account], row[Application.levy_year])
        on_bill, unfinished = standing.get(key, (0, True))
        try:
            out.append(
                desk_of_relief.review(
                    row, desk.town, facts, by_account.get(row[Application.account], ledger.balances.head(0)), roll.get(row[Application.account]),
                    not row[Application.decision] and (*key, row[Application.program].lower()) in taken, on_bill, unfinished,
                )
            )  # fmt: skip
        except LawNotEncoded as error:
            problems.append(
                Problem(place(rows, int(position), Application.program), error.problem.what, error.problem.do)
            )
    if problems:
        raise Problems(problems)
    return out


@action(
    "Decide one application. Approved takes the credit off the bill, or puts a deduction on the Roll. "
    "Denied changes nothing. A letter is printed.",
    desk="Relief",
    label="Decide relief",
)
def decide_relief(
    book: Book,
    number: Annotated[str, Input("The application's number.")],
    decision: Annotated[str, Input("Approved or Denied.")],
    decided_by: Annotated[str, Input("Who decided.")],
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = _applications(desk)
    decision = decision.strip().capitalize()
    if decision not in _DECISIONS:
        raise BadValue(f'"{decision}" is not a decision.', where="decision", do="Use Approved or Denied.")
    if not decided_by.strip():
        raise BadValue("This field is required.", where="decided_by", do="Enter who made the decision.")
    mine = rows.index[rows[Application.no] == number]
    if not len(mine):
        raise BadValue(
            f'There is no application "{number}".', where="number", do="Enter the number shown on the Relief sheet."
        )
    row = rows.loc[mine[0]].to_dict()
    if row[Application.decision]:
        raise BadValue(f"Application {number} has already been {row[Application.decision].lower()}.", where="number",
                       do="To take back an approval, use Adjust with the kind Deduction Disallowed or Correction Up.")  # fmt: skip
    result = _reviews(desk, rows, today, number)[0]
    effect, done = "", f"Application {number} is denied."
    if decision == "Approved":
        if result.refusals:
            raise BadValue(f"Application {number} cannot be approved: {result.said}", where="number")
        if not result.credit:
            raise BadValue(f"The credit for application {number} is $0.00: {result.said}", where="number")
        effect, done = _grant(desk, row, result, decided_by, today)
    fresh = desk_of_relief.reviewed([result]).iloc[0]
    written: dict[str, Any] = {
        **fresh,
        Application.decision: decision,
        Application.decided_on: pd.Timestamp(today),
        Application.decided_by: decided_by,
        Application.effect: effect,
    }
    rows = rows.with_cells(rows.index == mine[0], written)
    book.replace_columns(APPLICATIONS.name, rows[list(written)])
    desk.refresh(desk.as_of())
    parcel = desk.parcel(row[Application.account])
    letter = desk_of_relief.letter(row, result, parcel, desk.office, today, decision, desk.collector, desk.contact)
    total = result.credit if effect else 0
    file = desk.issue(f"relief {number}", [letter], "relief decision", number, total)
    desk.log("decide relief", f"{number} {decision} {effect}".strip(), 1, total)
    return Done(f"{done} The letter is in {file}.", rows=1, total=total)


def _grant(desk: Desk, row: dict[str, Any], result: Review, decided_by: str, today: dt.date) -> tuple[str, str]:
    """Takes the credit off the bill, or puts the deduction on the Roll where the year is not billed in full; what was done."""
    account, number = row[Application.account], row[Application.no]
    if not result.off:
        desk.require(persons.ADJUST)
        desk.require_approval((decided_by, result.authority), usual=persons.LIST)
        roll = desk.roll
        at = (roll[Parcel.account] == account) & roll[Parcel.left_on].isna()
        if not at.any():
            raise BadValue(
                f"Account {account} is no longer on the Roll.",
                where="Roll",
                do="Use Adjust to enter the credit on an existing bill.",
            )
        roll = roll.with_cells(at, {Parcel.deductions: roll.loc[at, Parcel.deductions] + result.credit})
        desk.book.replace_columns("Roll", roll[[Parcel.deductions]])
        desk.put(roll)
        return (
            "Roll",
            f"Application {number} is approved. The Roll now has a deduction of {usd(result.credit)} for the next bills.",
        )
    facts, ledger = desk.facts, desk.ledger(today)
    mine = ledger.balances[ledger.balances[OpenInstallment.account] == account]
    entries = desk_of_relief.entries(result, mine, number, decided_by, today)
    for entry in entries:
        adjustment_register.check(entry, facts, desk.town, ledger)
    new = adjustment_register.rows(entries, desk.adjustments, today)
    desk.append(new)
    moved = desk.reallocate(today, f"relief, application {number}")
    numbers = ", ".join(new[Application.no])
    text = f"Application {number} is approved: {result.kind} of {usd(result.credit)} on {some(len(entries), 'installment')} ({numbers})."
    return numbers, text + reallocated(moved)


@action(
    "Print a leaflet on a year's relief programs: who qualifies, how much, what to bring, and the deadline.",
    desk="Relief",
    label="Relief leaflet",
)
def relief_leaflet(
    book: Book,
    year: Annotated[int, Input("The levy year.", kind="year", cell="levy_year")],
    program: Annotated[str, Input("One program only, such as homestead.")] = "",
) -> Done:
    desk = Desk.of(book)
    page = desk_of_relief.leaflet(desk.town, year, desk.office, program, desk.contact)
    file = desk.preview(f"relief leaflet {year}", [page])
    desk.log("relief leaflet", f"{year} {program}".strip(), 1)
    return Done(f"The {year} leaflet is in {file}.", rows=1)
