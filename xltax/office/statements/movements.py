"""What raised and lowered the tax of each levy: every amount of a statement, with the rows that make up the amount.

A row counts on its posting day, the later of the day it was recorded and the day it counts from. Replayed with what was
known on a day, the balances of that day follow from the rows posted by then, so a statement foots, is the same whenever
it is printed again, and begins where the one before it ended.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import on_month_day
from xltax.law.profile import Profile
from xltax.law.statement import LOWER, RAISE
from xltax.ledger.facts import component_of
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.ledger.wide import INSTALLMENTS
from xltax.tables import ADJUSTMENTS, CASH_BOOK, DISALLOWED, DUE, DUPLICATE, INST, REFUND, Adjustment, Bill, CashLine
from xltax.tables.bills import first_billed
from xltax.tables.kinds import ESCHEAT, LIEN_PART
from xltax.tables.replayed import OpenInstallment
from xltax.tables.schema import Column, Row
from xltax.tables.table import Table


class Movement(Row):
    """One row that a statement adds up: one amount of one levy, by what it is and when it counts."""

    bill = DUPLICATE["Bill"]
    part = DUPLICATE["Part"]
    levy_year = DUPLICATE["Levy Year"]
    levy_type = DUPLICATE["Levy Type"]
    levy_part = Column("Levy Part", "text", "The part of the levy; a disallowed deduction is no part of its own.")
    measure = Column("Measure", "text", "What the amount is: billed, collected, abated and so on.")
    posted = Column("Posted", "date", "The later of the day it was recorded and the day it counts from.")
    counts = Column("Counts", "date", "The day it counts on in this part of the statement.")
    before = Column("Before", "yes", "True if it counts before the period.")
    rows = Column("Rows", "count", "Number of rows; 0 for the second half of a bill that is one row already.")
    table = Column("Table", "text", "The table of the row.")
    at = Column("At", "count", "The row's place in that table, counted from 0.")
    number = Column("Number", "id", "The adjustment's number.")
    due = Column("Due", "date", "The day an open installment is due.")
    mailed = Column("Mailed", "date", "The day the bill of an open installment was mailed.")
    amount = Column("Amount", "money", "In cents, without the sign it has in a statement.")


ADDED_TYPES = ("ADD", "OMIT", "MVS")

BY_KIND = {
    "Added": "added", "Omitted": "added",
    "Correction Up": "corrected_up", "Cost": "corrected_up", "Fee": "corrected_up", "Penalty": "corrected_up",
    "Deduction Disallowed": "disallowed",
    "State Deduction": "deductions", "State Credit": "state_credit", "Abatement": "abated",
    "Cancellation": "canceled", "Exemption": "canceled", "Write-off": "canceled",
    "Correction Down": "corrected_down", "Waiver": "waived", "Suspense": "suspended", "Transfer to Lien": "to_lien",
}  # fmt: skip
"""The statement line for each kind of tax adjustment."""

_ROWS = {
    "brought_in": "Duplicate, Recorded blank: Net Tax",
    "levied": f"Duplicate, Recorded filled in, Levy Type not {', '.join(ADDED_TYPES)}, Part not {DISALLOWED} or {LIEN_PART}: Net Tax + Deductions",
    "added": f"Duplicate, Recorded filled in, Levy Type {', '.join(ADDED_TYPES)}: Net Tax + Deductions; Adjustments",
    "disallowed": f"Duplicate, Part {DISALLOWED}: Net Tax; Adjustments",
    "liened": f"Duplicate, Part {LIEN_PART}: Net Tax",
    "deductions": "Duplicate: Deductions; Adjustments",
    "prepaid": "Cash Book: Tax - Discount",
    "collected": "Cash Book, Kind not Reallocation: Tax - Discount",
    "credit": "Cash Book, Kind Reallocation, Tax - Discount above 0: Tax - Discount",
    "freed": "Cash Book, Kind Reallocation, Tax - Discount below 0: Tax - Discount",
    "discount": "Cash Book: Discount",
}


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day of a statement."""

    start: dt.date
    end: dt.date

    @property
    def before(self) -> dt.date:
        return self.start - dt.timedelta(days=1)

    def year(self, starts: str) -> Period:
        """The year to date: from the month and day the year starts to the period's end."""
        first = on_month_day(self.end.year, starts)
        first = first if first <= self.end else on_month_day(self.end.year - 1, starts)
        return Period(min(first, self.start), self.end)

    def __str__(self) -> str:
        year = "" if self.start.year == self.end.year else f", {self.start.year}"
        return f"{self.start:%b} {self.start.day}{year} to {self.end:%b} {self.end.day}, {self.end.year}"


def posting_day(recorded: pd.Series, counts_from: pd.Series) -> pd.Series:
    """The later of the day a row was recorded and the day it counts from; recorded blank: known from the start."""
    return recorded.where(recorded.notna() & ~(recorded < counts_from), counts_from)


def cash_lines(cash_book: Table[CashLine]) -> pd.DataFrame:
    """The typed cash book with the posting day of every line in `Posted`."""
    book = cash_book.frame
    return book.assign(
        Posted=posting_day(book[CashLine.recorded], book[CashLine.effective].fillna(book[CashLine.received]))
    )


def changes(adjustments: Table[Adjustment], duplicate: Table[Bill]) -> pd.DataFrame:
    """The adjustments of the tax with their posting day, their bill's levy year, type and account, and their measure."""
    table = _adjusted(adjustments, duplicate)
    table[Movement.measure] = table[Adjustment.kind].map(BY_KIND)
    return table[table[Movement.measure].notna() & table[Bill.levy_year].notna()].astype({"Levy Year": "int64"})


def refunds(adjustments: Table[Adjustment], duplicate: Table[Bill]) -> pd.DataFrame:
    """The refunds paid out, with their posting day and their bill's account; those to the State are escheated."""
    table = _adjusted(adjustments, duplicate)
    table = table[table[Adjustment.kind] == REFUND]
    return table.assign(Measure=np.where(table[Adjustment.for_] == ESCHEAT, "escheated", "refunded"))


def _adjusted(adjustments: Table[Adjustment], duplicate: Table[Bill]) -> pd.DataFrame:
    """The adjustments of the tax, each with its posting day and its bill's levy year, type and account."""
    table = adjustments.frame
    table = table[component_of(table) == "tax"].copy() if len(table) else table
    bills = duplicate.frame.drop_duplicates(Bill.bill).set_index(Bill.bill)
    table[Movement.posted] = posting_day(table[Adjustment.recorded], table[Adjustment.effective])
    for name in ("Levy Year", "Levy Type", "Account"):
        table[name] = table[Adjustment.bill].map(bills[name])
    return table


LEVY = (Movement.levy_year, Movement.levy_type, Movement.levy_part)
"""What a line of a statement is for."""

_LONG = [
    Movement.bill,
    Movement.part,
    Movement.levy_year,
    Movement.levy_type,
    Movement.measure,
    Movement.posted,
    Movement.amount,
    Movement.table,
    Movement.at,
    Movement.number,
]
MONEY_IN = ("collected", "credit", "freed")


def levy_part(part: pd.Series[str]) -> pd.Series[str]:
    """The part of the levy, such as City or State; a disallowed deduction is no part of its own."""
    return part.where(part != DISALLOWED, "")


def rows(
    duplicate: Table[Bill],
    cash_book: Table[CashLine],
    adjustments: Table[Adjustment],
    counts: str = "when_billed",
    began: dt.date | None = None,
) -> pd.DataFrame:
    """Every row a statement adds up: its levy, Measure, Amount in cents, Posted, and Counts, the day it counts on there.

    counts: "when_due" has nothing about a bill count before its first installment is due. began: the day this book began,
    if that is known; then nothing about a bill that was open that day counts before it.
    """
    parts = [_billed(duplicate), _changed(adjustments, duplicate), _paid(cash_book)]
    every = pd.concat([p for p in parts if len(p)] or parts, ignore_index=True)
    every[Movement.rows] = (
        every[Movement.rows].fillna(1) if Movement.rows in every else 1
    )  # a row that counts on two days is one row
    day = every[Movement.posted]
    if began is not None:
        first, old = pd.Timestamp(began), every[Movement.bill].isin(brought_in(duplicate))
        day = day.where(~old | (day >= first), first)
    if counts == "when_due":
        begun = first_due(duplicate, every)
        day = day.where(day > begun, begun)
    every[Movement.counts], every[Movement.levy_part] = day, levy_part(every[Movement.part])
    return every.astype({Movement.levy_year: "int64", Movement.rows: "int64", Movement.amount: "int64"})


def moved(counted: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The rows that count by the period's end, with Before: they count before the period. Earlier payments are prepaid."""
    every = counted[~(counted[Movement.counts] > pd.Timestamp(period.end))].copy()
    every[Movement.before] = ~(every[Movement.counts] >= pd.Timestamp(period.start))
    early = every[Movement.before] & every[Movement.measure].isin(MONEY_IN)
    every.loc[early & (every[Movement.measure] == "freed"), Movement.amount] *= -1  # it lowers what was prepaid
    every.loc[early, Movement.measure] = "prepaid"
    return every


def movements(counted: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The rows that count by the period's end, added up by levy, Measure and Before."""
    every = moved(counted, period)
    return every.groupby([*LEVY, Movement.measure, Movement.before], as_index=False).agg(
        Rows=("Rows", "sum"), Amount=("Amount", "sum")
    )


def brought_in(duplicate: Table[Bill]) -> set[str]:
    """The bills that were open when this book began: those without a day on which they were recorded."""
    bills = duplicate.frame
    return set(bills.loc[bills[Bill.recorded].isna(), Bill.bill])


def first_due(duplicate: Table[Bill], rows: pd.DataFrame) -> pd.Series:
    """The day the first installment of each row's bill is due."""
    due = duplicate.frame.set_index([Bill.bill, Bill.part])[Bill.due_1]
    found = due.reindex(pd.MultiIndex.from_frame(rows[[Bill.bill, Bill.part]]))
    return pd.Series(found.to_numpy(), index=rows.index)


def _billed(duplicate: Table[Bill]) -> pd.DataFrame:
    """What was billed, and the deductions taken off it; a second half billed later counts on the day it was."""
    bills = duplicate.frame
    amounts = {n: bills[INST[n]].where(bills[DUE[n]].notna(), 0) for n in INSTALLMENTS}
    before = first_billed(duplicate)
    first = sum((amounts[n].where(n <= before, 0) for n in INSTALLMENTS), np.int64(0))
    second = sum((amounts[n].where(n > before, 0) for n in INSTALLMENTS), bills[Bill.deductions])
    completed = bills[Bill.completed].fillna(bills[Bill.recorded])
    measure = np.select(
        [bills[Bill.part] == DISALLOWED, bills[Bill.part] == LIEN_PART, bills[Bill.levy_type].isin(ADDED_TYPES)],
        ["disallowed", "liened", "added"],
        default="levied",
    )
    # A bill made in one step is one row; only one completed later counts on two days.
    whole = completed.isna() | (completed == bills[Bill.recorded])
    opened = bills[Bill.recorded].isna()
    # What was open when the book began is not the levy: it stands as it was brought in, less its deductions.
    second_now = second.where(whole, 0) - bills[Bill.deductions].where(opened & whole, 0)
    bills = bills.assign(Table=DUPLICATE.name, At=bills.index, Number="")
    begun = bills.assign(
        Measure=np.where(opened, "brought_in", measure), Posted=bills[Bill.recorded], Amount=first + second_now
    )
    ended = bills.assign(Measure=measure, Posted=completed, Amount=second, Rows=0)[~whole]
    off = bills.assign(Posted=completed, Amount=bills[Bill.deductions], Measure="deductions")
    off = off.loc[(off[Movement.amount] != 0) & ~(opened & whole), _LONG]
    return pd.concat([begun[_LONG], ended[[*_LONG, Movement.rows]], off])


def _changed(adjustments: Table[Adjustment], duplicate: Table[Bill]) -> pd.DataFrame:
    table = changes(adjustments, duplicate)
    return table.assign(Table=ADJUSTMENTS.name, At=table.index, Number=table[Adjustment.no])[_LONG]


def _paid(cash_book: Table[CashLine]) -> pd.DataFrame:
    """Payments of tax. A Reallocation line that pays is credit applied; one that takes a payment off a bill has freed it."""
    book = cash_lines(cash_book)
    book = book[(book[CashLine.bill] != "") & ((book[CashLine.tax] != 0) | (book[CashLine.discount] != 0))]
    amount, moved = book[CashLine.tax] - book[CashLine.discount], book[CashLine.kind] == "Reallocation"
    measure = np.select([moved & (amount < 0), moved], ["freed", "credit"], default="collected")
    book = book.assign(Table=CASH_BOOK.name, At=book.index, Number="")
    cash = book.assign(Measure=measure, Amount=amount.where(measure != "freed", -amount))
    off = book.assign(Measure="discount", Amount=book[CashLine.discount])
    return pd.concat([cash[_LONG], off.loc[off[Movement.amount] != 0, _LONG]])


def open_rows(ledger: Ledger, duplicate: Table[Bill], counts: str = "when_billed") -> pd.DataFrame:
    """The open installments on the ledger's day, one row each: levy, Bill, Due, Amount, and Brought In (open when this book began)."""
    table = ledger.balances[ledger.balances[OpenInstallment.tax] != 0]
    if counts == "when_due":
        table = table[first_due(duplicate, table) <= pd.Timestamp(ledger.as_of)]
    bills = duplicate.frame.set_index([Bill.bill, Bill.part])
    at = pd.Series(range(len(bills)), index=bills.index)
    mine = pd.MultiIndex.from_frame(table[[OpenInstallment.bill, OpenInstallment.part]])
    more: dict[str, pd.Series[Any]] = {
        "Levy Part": levy_part(table[OpenInstallment.part]),
        "Brought In": table[OpenInstallment.bill].isin(brought_in(duplicate)),
        Movement.at: pd.Series(at.reindex(mine).to_numpy(), index=table.index),
        Movement.mailed: pd.Series(bills[Bill.mailed].reindex(mine).to_numpy(), index=table.index),
    }
    table = table.assign(**more, Table=DUPLICATE.name, Rows=1, Amount=table[OpenInstallment.tax])
    return table[
        [
            *LEVY,
            Movement.bill,
            "Brought In",
            Movement.due,
            Movement.mailed,
            Movement.rows,
            Movement.amount,
            Movement.table,
            Movement.at,
        ]
    ]


def as_known(facts: Facts, town: Profile, day: dt.date) -> Ledger:
    """The balances of a day from what was known on that day."""
    return replay(facts, town, day, day)


def found_by(measures: tuple[str, ...], period: Period, flows: bool) -> str:
    """The rows that a line adds up, in words. A filter on these rows gives the same sum."""
    return "; ".join(_found(m, period, flows) for m in measures)


def _found(measure: str, period: Period, flows: bool) -> str:
    if measure == "opening":
        return f"Duplicate, Balance as of {period.before}, from what was known that day"
    rows = _ROWS.get(measure, "")
    if not rows or rows.endswith("Adjustments"):
        kinds = ", ".join(k for k, m in BY_KIND.items() if m == measure)
        rows = f"{rows or 'Adjustments'}, Kind {kinds}, of the tax: Amount"
    if measure == "prepaid":
        return f"{rows}, posted before {period.start}"
    if measure == "brought_in":
        return f"{rows}, or its Balance as of {period.before}" if flows else rows
    if flows or measure in MONEY_IN:
        return f"{rows}, posted {period.start} to {period.end}"
    return f"{rows}, posted by {period.end}"


def signed(measure: str, amount: int) -> int:
    """An amount with the sign it has in a statement."""
    assert measure in RAISE or measure in LOWER
    return amount if measure in RAISE else -amount
