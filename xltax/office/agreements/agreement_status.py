"""The status of an agreement: its schedule compared with the payments received, by date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xltax.errors import BadValue
from xltax.law.agreements import Agreement
from xltax.money import Cents
from xltax.tables import Receipt
from xltax.tables.agreements import AGREEMENTS, ScheduledPayment
from xltax.tables.schema import Column, Row, TableSpec, columns
from xltax.tables.table import Table


class StandingLine(Row):
    """Where one agreement stands."""

    status = AGREEMENTS["Status"]
    missed = AGREEMENTS["Missed"]
    scheduled, received, behind = columns("money", ("Scheduled", "Received", "Behind"))
    next_due = AGREEMENTS["Next Due"]
    next_payment = Column("Next Payment", "money")
    letter_due = AGREEMENTS["Letter Due"]


STANDING = TableSpec("Standing", StandingLine, purpose="the status of an agreement on a day")


@dataclass
class Standing:
    """Where one agreement stands: the row for its register, and a row for each payment."""

    status: str
    missed: int
    scheduled: Cents
    received: Cents
    behind: Cents
    next_due: dt.date | None
    next_payment: Cents
    letter_due: dt.date | None
    payments: pd.DataFrame  # the schedule's index; Received, Status

    def row(self) -> pd.DataFrame:
        """As one row of a table."""
        row = {
            StandingLine.status: self.status,
            StandingLine.missed: self.missed,
            StandingLine.scheduled: self.scheduled,
            StandingLine.received: self.received,
            StandingLine.behind: self.behind,
            StandingLine.next_due: _stamp(self.next_due),
            StandingLine.next_payment: self.next_payment,
            StandingLine.letter_due: _stamp(self.letter_due),
        }
        return pd.DataFrame([row], columns=list(STANDING.names))


def standing(
    schedule: Table[ScheduledPayment],
    receipts: Table[Receipt],
    rule: Agreement,
    on: dt.date,
    *,
    signed: dt.date | None = None,
    reinstated: dt.date | None = None,
    ended: dt.date | None = None,
    cleared: bool = False,
    petition: dt.date | None = None,
) -> Standing:
    """Where an agreement stands on a day.

    schedule: the payments of one agreement; the last revision of each payment counts. receipts: those of its account or
    party. Receipts before `signed` do not count (default: before the month of the first payment), and reversed receipts do
    not count. cleared: everything the agreement covers is paid. petition: the day of a bankruptcy that stays the agreement,
    or the day of this status if that day is unknown. The agreement is then suspended, and later payments are not missed.

    A payment is missed if the account is further behind on its day than on the day of the payment before. One payment late
    and the later payments on time count as one missed payment.
    """
    if not len(schedule.frame):
        raise BadValue("The schedule has no payments.", where="schedule", do="Select the schedule with its header row.")
    table = schedule.frame.sort_values([ScheduledPayment.due, ScheduledPayment.no], kind="stable")
    live = _last_revisions(table)
    since = signed or (live[ScheduledPayment.due].min().date() - dt.timedelta(days=31))
    money = _received(receipts, since, on)
    total = sum(amount for _, amount in money)
    payments = _compared(live, money, rule, on, petition)
    # The count of missed payments starts again on the day of a reinstatement.
    restart = reinstated if reinstated is not None and reinstated <= on else None
    counted = [p.due for p in payments if p.missed and not p.excused and (restart is None or p.due > restart)]
    due_now = max((p.owed for p in payments if p.past), default=0)
    behind = max(0, due_now - total)
    ended_now = ended is not None and ended <= on
    done = total >= payments[-1].owed or cleared
    status = _status(
        ended=ended_now,
        done=done,
        stayed=petition is not None and petition <= on,
        defaulted=len(counted) >= rule.default_on,
        missed=bool(counted) and behind > 0,
        excused=any(p.missed and p.excused for p in payments) and behind > 0,
        reinstated=restart is not None,
    )
    upcoming = None if ended_now or done else next((p for p in payments if p.owed > total), None)
    letter = counted[-1] + dt.timedelta(days=rule.letter_days) if status in ("Missed", "In default") else None
    return Standing(
        status=status,
        missed=len(counted),
        scheduled=due_now,
        received=total,
        behind=behind,
        next_due=upcoming.due if upcoming else None,
        next_payment=upcoming.owed - total if upcoming else 0,
        letter_due=letter,
        payments=_payment_rows(table, live, payments, total),
    )


@dataclass(frozen=True)
class _Payment:
    """One payment of the schedule, compared with the money received."""

    due: dt.date
    amount: Cents
    owed: Cents  # this payment and those before it
    past: bool  # the last day to pay is over
    missed: bool
    excused: bool  # for good cause

    def held(self, total: Cents) -> Cents:
        """The part of this payment that is paid. The money received pays the earliest payments first."""
        return min(self.amount, max(0, total - (self.owed - self.amount)))

    def word(self, total: Cents) -> str:
        """Where the payment stands, in a word."""
        if self.held(total) >= self.amount:
            return "Paid late" if self.missed else "Paid"
        if self.missed:
            return "Good cause" if self.excused else "Missed"
        return "Behind" if self.past else "Due"


def _last_revisions(table: pd.DataFrame) -> pd.DataFrame:
    last = table.groupby(ScheduledPayment.no)[ScheduledPayment.revision].transform("max")
    return table[table[ScheduledPayment.revision] == last]


def _compared(
    live: pd.DataFrame, money: list[tuple[dt.date, Cents]], rule: Agreement, on: dt.date, petition: dt.date | None
) -> list[_Payment]:
    """The payments in order of their days, each compared with the money received through its last day."""
    payments = []
    owed = short_before = 0
    for day, amount, cause in zip(
        live[ScheduledPayment.due].dt.date,
        live[ScheduledPayment.amount].tolist(),
        live[ScheduledPayment.good_cause],
        strict=True,
    ):
        owed += amount
        last_day = day + dt.timedelta(days=rule.late_days)
        short = max(0, owed - sum(a for received, a in money if received <= last_day))
        past = last_day < on
        stayed = petition is not None and petition <= day
        missed = past and short > short_before and not stayed
        payments.append(_Payment(day, amount, owed, past, missed, excused=bool(cause) and rule.good_cause))
        short_before = short
    return payments


def _payment_rows(table: pd.DataFrame, live: pd.DataFrame, payments: list[_Payment], total: Cents) -> pd.DataFrame:
    """The amount received and the status of each row of the schedule. Earlier revisions are replaced."""
    rows = pd.DataFrame({StandingLine.received: 0, StandingLine.status: "Replaced"}, index=table.index)
    rows.loc[live.index, StandingLine.received] = [p.held(total) for p in payments]
    rows.loc[live.index, StandingLine.status] = [p.word(total) for p in payments]
    return rows.sort_index()


def _received(receipts: Table[Receipt], since: dt.date, on: dt.date) -> list[tuple[dt.date, Cents]]:
    """The payments that count, each with its day, without reversed receipts."""
    table = receipts.frame
    taken_back = set(table[Receipt.reverses]) - {""}
    days = table[Receipt.effective].fillna(table[Receipt.received])
    mine = (
        table[Receipt.kind].isin(("Payment", "Prepayment"))
        & (table[Receipt.reverses] == "")
        & ~table[Receipt.receipt].isin(taken_back)
    )
    mine &= (days >= pd.Timestamp(since)) & (days <= pd.Timestamp(on))
    return list(zip(days[mine].dt.date, table.loc[mine, Receipt.amount].tolist(), strict=True))


def _status(
    *, ended: bool, done: bool, stayed: bool, defaulted: bool, missed: bool, excused: bool, reinstated: bool
) -> str:
    for name, holds in (
        ("Ended", ended),
        ("Completed", done),
        ("Suspended", stayed),
        ("In default", defaulted),
        ("Missed", missed),
        ("Good cause", excused),
        ("Reinstated", reinstated),
    ):
        if holds:
            return name
    return "Kept"


def _stamp(day: dt.date | None) -> np.datetime64:
    return np.datetime64(day, "s") if day else np.datetime64("NaT", "s")
