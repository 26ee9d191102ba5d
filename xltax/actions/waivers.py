"""Requests to waive interest or penalty: looked at, recommended, decided by somebody else, posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from xltax.actions.adjusting import enter
from xltax.actions.desk import Desk
from xltax.actions.inputs import TODAY
from xltax.errors import BadValue, TaxError
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.office.adjusting import adjustment_register
from xltax.pages import Field, Fields, Heading, Page, Signatures
from xltax.tables.counter import WAIVER_REQUESTS
from xltax.tables.reading import typed

GRANTED, DENIED = "Granted", "Denied"
Row = Mapping[Hashable, Any]


@action(
    "Look at the requests for waivers: what is owed, and whether the law lets it be waived. Nothing is granted by it.",
    TODAY,
)
def review_waivers(book: Book, today: dt.date | None = None) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = _requests(desk)
    undecided = rows.index[rows["Decision"] == ""]
    for at in undecided:
        for column, value in _looked_at(desk, rows.loc[at].to_dict(), today).items():
            rows.loc[at, column] = value
    book.replace_columns(WAIVER_REQUESTS.name, rows[[c.name for c in WAIVER_REQUESTS.derived]])
    allowed = int((rows.loc[undecided, "Allowed"] == "Yes").sum())
    desk.log("review waivers", f"{len(undecided)} open requests", len(undecided))
    return f"{len(undecided):,} open requests: the law lets {allowed:,} be granted, {len(undecided) - allowed:,} not."


@action(
    "Decide a request for a waiver: Granted posts what was recommended, Denied changes nothing; the decision is laid out to sign.",
    Input("number", "text", "The request's number."),
    Input("decision", "text", "Granted or Denied."),
    Input("decided_by", "text", "Who decided: not the one who recommended it."),
    Input("authority", "text", "The resolution or statute."),
    TODAY,
    label="Decide waiver",
)
def decide_waiver(
    book: Book, number: str, decision: str, decided_by: str, authority: str, today: dt.date | None = None
) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = _requests(desk)
    decision = decision.strip().capitalize()
    mine = rows.index[rows["No"] == number]
    if decision not in (GRANTED, DENIED):
        raise BadValue(f'"{decision}" is not a decision.', where="decision", do=f"Use {GRANTED} or {DENIED}.")
    if not len(mine):
        raise BadValue(f'There is no request "{number}".', where="number", do="Enter its number as on Waivers.")
    row = rows.loc[mine[0]].to_dict()
    _ready(row, decided_by)
    looked_at = _looked_at(desk, row, today)
    amount = row["Recommended"] or row["Asked"] or looked_at["Open"]
    effect, said = "", f"Request {number} denied; nothing changes."
    if decision == GRANTED:
        before = len(desk.adjustments)
        said = enter(desk, _entry(row, amount, today, authority, decided_by), today)
        effect = str(desk.adjustments["No"].iloc[before])
    written = {
        **looked_at,
        "Decision": decision,
        "Decided On": pd.Timestamp(today),
        "Decided By": decided_by,
        "Effect": effect,
    }
    for column, value in written.items():
        rows.loc[mine[0], column] = value
    book.replace_columns(WAIVER_REQUESTS.name, rows[list(written)])
    file = book.put_pages(f"waiver {number}", [_page(desk, rows.loc[mine[0]].to_dict(), amount, authority)])
    desk.log("decide waiver", f"{number} {decision} {effect}".strip(), 1, amount if effect else 0)
    return f"{said} The decision: {file}."


def _requests(desk: Desk) -> pd.DataFrame:
    rows = typed(desk.book.read(WAIVER_REQUESTS.name), WAIVER_REQUESTS, derived=True)
    if not len(rows):
        raise BadValue("There are no requests.", where="Waivers", do="Type a row for each request.")
    return rows


def _entry(row: Row, amount: int, today: dt.date, authority: str, decided_by: str) -> adjustment_register.Entry:
    why = f"request {row['No']}: {row['Reason']}"[:240]
    return adjustment_register.Entry(
        row["Bill"],
        "Waiver",
        amount,
        today,
        why,
        authority,
        decided_by,
        int(row["Inst"]),
        row["Part"],
        row["Component"],
    )


def _looked_at(desk: Desk, row: Row, today: dt.date) -> dict[str, Any]:
    """What is owed of what is to be waived, and whether it may be: the same checks as at posting."""
    balances = desk.ledger(today).balances
    mine = balances[
        (balances["Bill"] == row["Bill"]) & (balances["Inst"] == row["Inst"]) & (balances["Part"] == row["Part"])
    ]
    owed = int(mine[row["Component"].capitalize()].sum())
    amount = row["Recommended"] or row["Asked"] or owed
    try:
        adjustment_register.check(
            _entry(row, amount, today, "to be decided", "to be decided"), desk.facts, desk.town, desk.ledger(today)
        )
    except TaxError as error:
        return {"Open": owed, "Allowed": "No", "Law": f"{error.problem.what} {error.problem.do}".strip()}
    rule = desk.town.rule("waiver", today, str(mine["Levy Type"].iloc[0]), row["Part"])
    return {"Open": owed, "Allowed": "Yes", "Law": f"{rule.words()} {rule.authority()}".strip()}


def _ready(row: Row, decided_by: str) -> None:
    """Refuses a decision that was made, has no recommendation, or is made by the one who recommends."""
    if row["Decision"]:
        raise BadValue(f"Request {row['No']} was {row['Decision'].lower()} already.", where="number",
                       do="A waiver granted by mistake is taken back by Adjust, Correction Up.")  # fmt: skip
    if not row["Recommendation"] or not row["Recommended By"]:
        raise BadValue(f"Request {row['No']} has no recommendation yet.", where="Waivers, Recommendation",
                       do="Fill in Recommendation and Recommended By first.")  # fmt: skip
    if decided_by.strip().lower() in ("", row["Recommended By"].strip().lower()):
        raise BadValue("It is decided by somebody else than who recommends it.", where="decided_by",
                       do="Two persons sign a waiver: an auditor looks for both.")  # fmt: skip


def _page(desk: Desk, row: Row, amount: int, authority: str) -> Page:
    """The request and its decision, for the file."""
    account = desk.duplicate.loc[desk.duplicate["Bill"] == row["Bill"], "Account"].iloc[0]
    about: tuple[Field, ...] = (
        ("Request", row["No"], "id"),
        ("Received", row["Received"].date(), "date"),
        ("Taxpayer", desk.parcel(account).get("Owner", ""), "text"),
        ("Account", account, "id"),
        ("Bill", row["Bill"], "id"),
        ("Installment", str(row["Inst"]), "id"),
    )
    asked: tuple[Field, ...] = (
        ("To be waived", row["Component"], "text"),
        ("Asked for", int(row["Asked"]) or "all of it", "money" if row["Asked"] else "text"),
        ("Owed", int(row["Open"]), "money"),
        ("The law", row["Law"], "text"),
        ("Reason given", row["Reason"], "text"),
    )
    decided: tuple[Field, ...] = (
        ("Recommendation", f"{row['Recommendation']}, {row['Recommended By']}", "text"),
        ("Decision", f"{row['Decision']}, {row['Decided By']}", "text"),
        ("Decided on", row["Decided On"].date(), "date"),
        ("Authority", authority, "text"),
        ("Waived", amount if row["Decision"] == GRANTED else 0, "money"),
        ("Adjustment", row["Effect"] or "none", "id"),
    )
    signed = Signatures((f"Recommended: {row['Recommended By']}", f"Decided: {row['Decided By']}"))
    parts = (
        Fields(about),
        Heading("What is asked"),
        Fields(asked, 1),
        Heading("Recommendation and decision"),
        Fields(decided, 1),
    )
    return Page("Request for a waiver", (*parts, signed), office=desk.office, key=str(row["No"]))
