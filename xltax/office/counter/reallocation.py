"""Reallocation: what each payment paid in the Cash Book, compared with what the law now says the payment pays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from xltax.ledger.replay import Ledger
from xltax.tables import CASH_BOOK, REFUND, Adjustment, CashLine
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.schema import Column, Row, columns
from xltax.tables.table import Table


class Reallocated(Row):
    """What the law gives one installment more than the Cash Book does; with a blank bill: money that is not applied."""

    group = Column(
        "Group", "id", "Whose payments apply: the account, or the party if the town applies payments by party."
    )
    account = CASH_BOOK["Account"]
    bill = CASH_BOOK["Bill"]
    part = CASH_BOOK["Part"]
    inst = CASH_BOOK["Inst"]
    tax, interest, penalty, costs, discount, overpaid = columns(
        "money", ("Tax", "Interest", "Penalty", "Costs", "Discount", "Overpaid")
    )


COLUMNS = ("Tax", "Interest", "Penalty", "Costs", "Discount", "Overpaid")
PREFIX = "R-"


def differences(cash_book: Table[CashLine], ledger: Ledger, adjustments: Table[Adjustment]) -> pd.DataFrame:
    """The difference between the law's result and the Cash Book, by group, bill and installment; no rows where the two agree.

    A row with a blank bill is money not applied: credit, refunds due, and refunds paid out. Each group's rows add up to zero.
    """
    book = cash_book.frame
    book = book[book[CashLine.effective].fillna(book[CashLine.received]) <= pd.Timestamp(ledger.as_of)]
    group_of = dict(zip(ledger.balances[OpenInstallment.account], ledger.balances[OpenInstallment.group], strict=True))
    key = [Reallocated.group, Reallocated.account, Reallocated.bill, Reallocated.part, Reallocated.inst]
    recorded = book[[CashLine.account, CashLine.bill, CashLine.part, CashLine.inst, *COLUMNS]].copy()
    recorded[Reallocated.group] = recorded[CashLine.account].map(group_of).fillna(recorded[CashLine.account])
    unapplied = recorded[CashLine.bill] == ""
    recorded.loc[unapplied, [CashLine.account, CashLine.part]] = ""
    recorded.loc[unapplied, CashLine.inst] = 0
    replayed = ledger.postings[ledger.postings[Posting.adjustment] == ""].copy()
    replayed[Reallocated.group] = replayed[Posting.account].map(group_of)
    replayed[Reallocated.overpaid] = np.int64(0)
    kept = ledger.credits.assign(
        Account="", Bill="", Part="", Inst=0, Overpaid=ledger.credits[LeftOver.credit] + ledger.credits[LeftOver.refund]
    )
    paid_out = _refunds(adjustments, ledger, group_of)
    for frame in (kept, paid_out):
        for column in COLUMNS[:-1]:
            frame[column] = np.int64(0)
    after = pd.concat([f[[*key, *COLUMNS]] for f in (replayed, kept, paid_out) if len(f)] or [kept[[*key, *COLUMNS]]])
    now = after.groupby(key, sort=False)[list(COLUMNS)].sum()
    was = recorded.groupby(key, sort=False)[list(COLUMNS)].sum()
    difference = now.sub(was, fill_value=0).astype("int64")
    return difference[(difference != 0).any(axis=1)].reset_index()


def _refunds(adjustments: Table[Adjustment], ledger: Ledger, group_of: dict[str, str]) -> pd.DataFrame:
    empty = pd.DataFrame({"Group": [], "Account": [], "Bill": [], "Part": [], "Inst": [], "Overpaid": []})
    if not len(adjustments):
        return empty
    table = adjustments.frame
    table = table[(table[Adjustment.kind] == REFUND) & (table[Adjustment.effective] <= pd.Timestamp(ledger.as_of))]
    if not len(table):
        return empty
    account_of = dict(zip(ledger.balances[OpenInstallment.bill], ledger.balances[OpenInstallment.account], strict=True))
    groups = table[Adjustment.bill].map(account_of).map(group_of)
    return pd.DataFrame(
        {"Group": groups, "Account": "", "Bill": "", "Part": "", "Inst": 0, "Overpaid": table[Adjustment.amount]}
    )


def lines(changes: pd.DataFrame, ledger: Ledger, today: dt.date, last_number: int, reason: str) -> Table[CashLine]:
    """The Reallocation lines that update the Cash Book: one number for each group, with a total of zero.

    `last_number` is the highest reallocation number used so far.
    """
    facts = ledger.balances.set_index([OpenInstallment.bill, OpenInstallment.part, OpenInstallment.inst])[
        [OpenInstallment.levy_year, OpenInstallment.levy_type]
    ].to_dict("index")
    some_account = ledger.balances.groupby(OpenInstallment.group)[OpenInstallment.account].first().to_dict()
    rows: list[dict[str, Any]] = []
    for n, (group, part) in enumerate(changes.groupby(Reallocated.group, sort=True), last_number + 1):
        for line, row in enumerate(part.to_dict("records"), 1):
            known = facts.get((row[Reallocated.bill], row[Reallocated.part], int(row[Reallocated.inst])), {})
            total = sum(int(row[c]) for c in COLUMNS) - 2 * int(row[Reallocated.discount])
            rows.append(
                {
                    c.name: (
                        0
                        if c.kind in ("money", "count", "year")
                        else (np.datetime64("NaT") if c.kind == "date" else "")
                    )
                    for c in CASH_BOOK.facts
                }
                | {c: int(row[c]) for c in COLUMNS}
                | {
                    CashLine.receipt: f"{PREFIX}{n}",
                    CashLine.line: line,
                    CashLine.received: np.datetime64(today, "s"),
                    CashLine.recorded: np.datetime64(today, "s"),
                    CashLine.account: row[Reallocated.account] or some_account.get(group, group),
                    CashLine.levy_year: known.get(OpenInstallment.levy_year, 0),
                    CashLine.levy_type: known.get(OpenInstallment.levy_type, ""),
                    CashLine.bill: row[Reallocated.bill],
                    CashLine.part: row[Reallocated.part],
                    CashLine.inst: int(row[Reallocated.inst]),
                    CashLine.kind: "Reallocation",
                    CashLine.by: "owner",
                    CashLine.total: total,
                    CashLine.note: reason,
                }
            )
    return Table.made(CASH_BOOK, rows)


def last_number(cash_book: Table[CashLine]) -> int:
    """The highest reallocation number in the Cash Book."""
    book = cash_book.frame
    used = book.loc[book[CashLine.receipt].str.startswith(PREFIX), CashLine.receipt].str.removeprefix(PREFIX)
    return max((int(n) for n in used if n.isdigit()), default=0)
