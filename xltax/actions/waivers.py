"""Requests to waive interest or penalty: the review, the recommendation, a second person's decision, and the posting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from typing import Annotated, Any

import pandas as pd

from xltax.actions.adjusting import enter
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, TaxError
from xltax.hosts.port import Book
from xltax.law.custody import Waiver
from xltax.office.adjusting import adjustment_register
from xltax.pages import Field, Fields, Heading, Page, Signatures
from xltax.tables import Adjustment, Bill
from xltax.tables.counter import WAIVER_REQUESTS, WaiverRequest
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some

GRANTED, DENIED = "Granted", "Denied"
Row = Mapping[Hashable, Any]


@action(
    "Review the open waiver requests: what is owed, and whether the law allows a waiver. Nothing is granted yet.",
    desk="Adjustments",
)
def review_waivers(book: Book, today: Today = None) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = _requests(desk)
    undecided = rows.index[rows[WaiverRequest.decision] == ""]
    for at in undecided:
        rows = rows.with_cells(rows.index == at, _looked_at(desk, rows.loc[at].to_dict(), today))
    book.replace_columns(WAIVER_REQUESTS.name, rows[[c.name for c in WAIVER_REQUESTS.derived]])
    allowed = int((rows.loc[undecided, WaiverRequest.allowed] == "Yes").sum())
    desk.log("review waivers", f"{len(undecided)} open requests", len(undecided))
    return Done(
        f"{some(len(undecided), 'open request')} reviewed. The law allows {allowed:,} and does not allow {len(undecided) - allowed:,}.",
        rows=len(undecided),
    )


@action(
    "Decide a waiver request. Granted posts the recommended waiver; Denied changes nothing. The decision "
    "is printed for signature.",
    desk="Adjustments",
    label="Decide waiver",
)
def decide_waiver(
    book: Book,
    number: Annotated[str, Input("The request's number.")],
    decision: Annotated[str, Input("Granted or Denied.")],
    decided_by: Annotated[str, Input("Who decided: not the person who recommended the waiver.")],
    authority: Annotated[str, Input("The resolution or statute.")],
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = _requests(desk)
    decision = decision.strip().capitalize()
    mine = rows.index[rows[WaiverRequest.no] == number]
    if decision not in (GRANTED, DENIED):
        raise BadValue(f'"{decision}" is not a decision.', where="decision", do=f"Use {GRANTED} or {DENIED}.")
    if not len(mine):
        raise BadValue(
            f'There is no request "{number}".', where="number", do="Enter the number shown on the Waivers sheet."
        )
    row = rows.loc[mine[0]].to_dict()
    _ready(row, decided_by)
    looked_at = _looked_at(desk, row, today)
    amount = row[WaiverRequest.recommended] or row[WaiverRequest.asked] or looked_at[WaiverRequest.open]
    effect, said = "", f"Request {number} is denied. No balance changes."
    if decision == GRANTED:
        before = len(desk.adjustments)
        said = enter(desk, _entry(row, amount, today, authority, decided_by), today).text
        effect = str(desk.adjustments[Adjustment.no].iloc[before])
    written = {
        **looked_at,
        WaiverRequest.decision: decision,
        WaiverRequest.decided_on: pd.Timestamp(today),
        WaiverRequest.decided_by: decided_by,
        WaiverRequest.effect: effect,
    }
    rows = rows.with_cells(rows.index == mine[0], written)
    book.replace_columns(WAIVER_REQUESTS.name, rows[list(written)])
    total = amount if effect else 0
    page = _page(desk, rows.loc[mine[0]].to_dict(), amount, authority)
    file = desk.issue(f"waiver {number}", [page], "waiver decision", number, total)
    desk.log("decide waiver", f"{number} {decision} {effect}".strip(), 1, total)
    return Done(f"{said} The decision is in {file}.", rows=1, total=total)


def _requests(desk: Desk) -> Table[WaiverRequest]:
    rows = desk.table(WAIVER_REQUESTS, derived=True)
    if not len(rows):
        raise BadValue("There are no requests.", where="Waivers", do="Enter one row for each request.")
    return rows


def _entry(row: Row, amount: int, today: dt.date, authority: str, decided_by: str) -> adjustment_register.Entry:
    why = f"request {row[WaiverRequest.no]}: {row[WaiverRequest.reason]}"[:240]
    return adjustment_register.Entry(
        row[WaiverRequest.bill],
        "Waiver",
        amount,
        today,
        why,
        authority,
        decided_by,
        int(row[WaiverRequest.inst]),
        row[WaiverRequest.part],
        row[WaiverRequest.component],
    )


def _looked_at(desk: Desk, row: Row, today: dt.date) -> dict[str, Any]:
    """What is owed and whether the law allows the waiver, by the same checks as at posting."""
    balances = desk.ledger(today).balances
    mine = balances[
        (balances[OpenInstallment.bill] == row[WaiverRequest.bill])
        & (balances[OpenInstallment.inst] == row[WaiverRequest.inst])
        & (balances[OpenInstallment.part] == row[WaiverRequest.part])
    ]
    owed = int(mine[row[WaiverRequest.component].capitalize()].sum())
    amount = row[WaiverRequest.recommended] or row[WaiverRequest.asked] or owed
    try:
        adjustment_register.check(
            _entry(row, amount, today, "to be decided", "to be decided"), desk.facts, desk.town, desk.ledger(today)
        )
    except TaxError as error:
        return {
            WaiverRequest.open: owed,
            WaiverRequest.allowed: "No",
            WaiverRequest.law: f"{error.problem.what} {error.problem.do}".strip(),
        }
    rule = desk.town.rule(Waiver, today, str(mine[OpenInstallment.levy_type].iloc[0]), row[WaiverRequest.part])
    return {
        WaiverRequest.open: owed,
        WaiverRequest.allowed: "Yes",
        WaiverRequest.law: f"{rule.words()} {rule.authority()}".strip(),
    }


def _ready(row: Row, decided_by: str) -> None:
    """Refuses a request that is decided or has no recommendation, and a decision by the person who recommended it."""
    if row[WaiverRequest.decision]:
        raise BadValue(f"Request {row[WaiverRequest.no]} has already been {row[WaiverRequest.decision].lower()}.", where="number",
                       do="To take back a waiver, use Adjust with the kind Correction Up.")  # fmt: skip
    if not row[WaiverRequest.recommendation] or not row[WaiverRequest.recommended_by]:
        raise BadValue(f"Request {row[WaiverRequest.no]} has no recommendation yet.", where="Waivers, Recommendation",
                       do="Fill in Recommendation and Recommended By first.")  # fmt: skip
    if decided_by.strip().lower() in ("", row[WaiverRequest.recommended_by].strip().lower()):
        raise BadValue("The person who recommended a waiver cannot also decide it.", where="decided_by",
                       do="Enter the second person. Auditors look for two names on a waiver.")  # fmt: skip


def _page(desk: Desk, row: Row, amount: int, authority: str) -> Page:
    """The request and its decision, for the file."""
    account = desk.duplicate.loc[desk.duplicate[Bill.bill] == row[WaiverRequest.bill], Bill.account].iloc[0]
    about: tuple[Field, ...] = (
        ("Request", row[WaiverRequest.no], "id"),
        ("Received", row[WaiverRequest.received].date(), "date"),
        ("Taxpayer", desk.parcel(account).get("Owner", ""), "text"),
        ("Account", account, "id"),
        ("Bill", row[WaiverRequest.bill], "id"),
        ("Installment", str(row[WaiverRequest.inst]), "id"),
    )
    asked: tuple[Field, ...] = (
        ("Charge to waive", row[WaiverRequest.component], "text"),
        (
            "Asked for",
            int(row[WaiverRequest.asked]) or "the full amount",
            "money" if row[WaiverRequest.asked] else "text",
        ),
        ("Owed", int(row[WaiverRequest.open]), "money"),
        ("The law", row[WaiverRequest.law], "text"),
        ("Reason given", row[WaiverRequest.reason], "text"),
    )
    decided: tuple[Field, ...] = (
        ("Recommendation", f"{row[WaiverRequest.recommendation]}, {row[WaiverRequest.recommended_by]}", "text"),
        ("Decision", f"{row[WaiverRequest.decision]}, {row[WaiverRequest.decided_by]}", "text"),
        ("Decided on", row[WaiverRequest.decided_on].date(), "date"),
        ("Authority", authority, "text"),
        ("Waived", amount if row[WaiverRequest.decision] == GRANTED else 0, "money"),
        ("Adjustment", row[WaiverRequest.effect] or "none", "id"),
    )
    signed = Signatures(
        (f"Recommended: {row[WaiverRequest.recommended_by]}", f"Decided: {row[WaiverRequest.decided_by]}")
    )
    parts = (
        Fields(about),
        Heading("Request"),
        Fields(asked, 1),
        Heading("Recommendation and decision"),
        Fields(decided, 1),
    )
    return Page("Waiver request", (*parts, signed), office=desk.office, key=str(row[WaiverRequest.no]))
