"""The lists of a statement: every change with its reason, every payment with its name, every slip of money turned over."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xltax.office.statements import movements as moves
from xltax.office.statements.movements import Movement, Period
from xltax.office.statements.statement_lines import Books, Made
from xltax.tables import ADJUSTMENTS, CASH_BOOK, ROLL, Adjustment, CashLine, Parcel
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.statements import TURNOVERS, Turnover
from xltax.tables.table import Table

CHANGES = {
    "abatements": ("abated", "waived"),
    "corrections": ("corrected_up", "corrected_down", "canceled", "disallowed", "added"),
    "suspense": ("suspended",),
    "liens": ("to_lien",),
    "refunds": ("refunded", "escheated"),
}
"""The changes that a list has."""
TITLES = {
    "abatements": "Taxes abated",
    "corrections": "Corrections",
    "suspense": "Transferred to the suspense tax book",
    "liens": "Transferred to liens",
    "refunds": "Refunds, credit moved to another account, and credit paid to the State",
    "payments": "Payments, by name",
    "turnovers": "Paid over in the period",
}


class ScheduleLine(Row):
    """One adjustment or refund of a statement's schedules."""

    bill = ADJUSTMENTS["Bill"]
    part = ADJUSTMENTS["Part"]
    account = ROLL["Account"]
    owner = ROLL["Owner"]
    kind = ADJUSTMENTS["Kind"]
    reason = ADJUSTMENTS["Reason"]
    authority = ADJUSTMENTS["Authority"]
    amount = Column("Amount", "money", "In cents, negative where the tax goes down.")


SCHEDULE = TableSpec("Schedules", ScheduleLine, purpose="every change in the period, with owner and reason")


class PaidLine(Row):
    """What was paid on one bill on one day."""

    bill = ADJUSTMENTS["Bill"]
    part = ADJUSTMENTS["Part"]
    account = ROLL["Account"]
    owner = ROLL["Owner"]
    received = CASH_BOOK["Received"]
    face = Column("Face", "money", "Tax paid, before the discount.")
    discount = CASH_BOOK["Discount"]
    late = Column("Late", "money", "Penalty and interest.")
    paid = CASH_BOOK["Total"]


PAID = TableSpec("Paid", PaidLine, purpose="every payment in the period, with the name on its receipt")


class SlipLine(Row):
    """One amount paid over in the period."""

    slip = TURNOVERS["Slip"]
    code = TURNOVERS["Code"]
    date = TURNOVERS["Date"]
    part = TURNOVERS["Part"]
    amount = TURNOVERS["Amount"]


SLIPS = TableSpec("Slips", SlipLine, purpose="what was paid over to the treasurer in the period")


def schedules(made: Made, books: Books, roll: Table[Parcel]) -> dict[str, Table[Any]]:
    """The lists a statement has, by name, and the refunds where there are any."""
    names = dict.fromkeys(s for rule in made.rules for s in rule.schedules)
    refunds = moves.refunds(books.adjustments, books.duplicate)
    if _inside(refunds[Movement.posted], made.period).any():  # later refunds do not change the page
        names["refunds"] = None
    changes = moves.changes(books.adjustments, books.duplicate)
    out: dict[str, Table[Any]] = {}
    for name in names:
        if name == "payments":
            out[name] = payments(books, made.period)
        elif name == "turnovers":
            out[name] = slips(books, made.period)
        else:
            out[name] = schedule(name, refunds if name == "refunds" else changes, roll, made.period)
    return out


def _inside(days: pd.Series[Any], period: Period) -> pd.Series[bool]:
    return (days >= pd.Timestamp(period.start)) & (days <= pd.Timestamp(period.end))


def schedule(name: str, changed: pd.DataFrame, roll: Table[Parcel], period: Period) -> Table[ScheduleLine]:
    """Every change of one schedule in the period: its bill and account, the owner, kind, reason, authority and amount."""
    table = changed[_inside(changed[Movement.posted], period) & changed[Movement.measure].isin(CHANGES[name])]
    owners = (
        roll.drop_duplicates(Parcel.account).set_index(Parcel.account)[Parcel.owner]
        if len(roll)
        else pd.Series(dtype=object)
    )
    amounts = [int(a) if name == "refunds" else moves.signed(m, int(a)) for m, a in zip(table[Movement.measure], table[Adjustment.amount], strict=True)]  # fmt: skip
    out = table[
        [
            Adjustment.bill,
            Adjustment.part,
            ScheduleLine.account,
            Adjustment.kind,
            Adjustment.reason,
            Adjustment.authority,
        ]
    ].assign(
        Owner=table[ScheduleLine.account].map(owners).fillna(""), Amount=pd.Series(amounts, table.index, dtype="int64")
    )
    return Table.made(SCHEDULE, out).renumbered()


def payments(books: Books, period: Period) -> Table[PaidLine]:
    """What was paid on each bill each day, with the name on the receipt; without credit that moved inside the books."""
    book = moves.cash_lines(books.cash_book)
    book = book[_inside(book["Posted"], period) & (book[CashLine.bill] != "") & (book[CashLine.kind] != "Reallocation")]
    book = book.assign(
        Late=book[CashLine.interest] + book[CashLine.penalty], Owner=book[CashLine.taxpayer], Face=book[CashLine.tax]
    )
    keys = [CashLine.bill, CashLine.part, CashLine.account, PaidLine.owner, CashLine.received]
    sums = [PaidLine.face, PaidLine.discount, PaidLine.late, PaidLine.paid]
    table = book.groupby(keys, as_index=False, sort=False)[sums].sum()
    table = table[(table[sums] != 0).any(axis=1)].sort_values(
        [CashLine.received, CashLine.bill], ignore_index=True, kind="stable"
    )
    return Table.made(PAID, table)


def slips(books: Books, period: Period) -> Table[SlipLine]:
    """What was paid over in the period, slip by slip."""
    done = books.turnovers.frame
    done = done[_inside(done[Turnover.date], period)]
    return Table.made(SLIPS, done[[Turnover.slip, Turnover.code, Turnover.date, Turnover.part, Turnover.amount]])
