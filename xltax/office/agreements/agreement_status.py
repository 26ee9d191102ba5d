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
from xltax.tables.agreements import AGREEMENTS, ScheduledPayment, SignedAgreement
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
    live = table[
        table.groupby(ScheduledPayment.no)[ScheduledPayment.revision].transform("max")
        == table[ScheduledPayment.revision]
    ]
    days, amounts = live[ScheduledPayment.due].dt.date.tolist(), live[ScheduledPayment.amount].tolist()
    since = signed or (min(days) - dt.timedelta(days=31))
    money = _received(receipts, since, on)
    owed = np.cumsum(amounts)
    came = [sum(a for d, a in money if d <= day + dt.timedelta(days=rule.late_days)) for day in days]
    total = sum(a for _, a in money)
    past = [day + dt.timedelta(days=rule.late_days) < on for day in days]
    short = [max(0, int(o) - c) for o, c in zip(owed, came, strict=True)]
    stayed = petition is not None and petition <= on
    missed = [
        p and s > (short[n - 1] if n else 0) and not (petition and petition <= day)
        for n, (p, s, day) in enumerate(zip(past, short, days, strict=True))
    ]
    excused = [bool(cause) and rule.good_cause for cause in live[ScheduledPayment.good_cause]]
    counted = [
        day
        for day, m, x in zip(days, missed, excused, strict=True)
        if m and not x and (reinstated is None or reinstated > on or day > reinstated)
    ]
    due_now = max((int(o) for o, p in zip(owed, past, strict=True) if p), default=0)
    behind = max(0, due_now - total)
    defaulted = len(counted) >= rule.default_on
    ended_now = ended is not None and ended <= on
    done = total >= int(owed[-1]) or cleared
    status = _status(
        ended_now, done, stayed, defaulted, bool(counted) and behind > 0,
        any(m and x for m, x in zip(missed, excused, strict=True)) and behind > 0,
        reinstated is not None and reinstated <= on,
    )  # fmt: skip
    ahead = [(d, int(o)) for d, o in zip(days, owed, strict=True) if int(o) > total]
    upcoming = ahead[0] if ahead and not (ended_now or done) else None
    letter = counted[-1] + dt.timedelta(days=rule.letter_days) if status in ("Missed", "In default") else None
    held = [min(a, max(0, total - (int(o) - a))) for a, o in zip(amounts, owed, strict=True)]
    words = [_payment(h >= a, m, x, p) for h, a, m, x, p in zip(held, amounts, missed, excused, past, strict=True)]
    payments = pd.DataFrame({StandingLine.received: 0, StandingLine.status: "Replaced"}, index=table.index)
    payments.loc[live.index, StandingLine.received], payments.loc[live.index, SignedAgreement.status] = held, words
    return Standing(
        status, len(counted), due_now, total, behind,
        upcoming[0] if upcoming else None,
        upcoming[1] - total if upcoming else 0,
        letter, payments.sort_index(),
    )  # fmt: skip


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
    ended: bool, done: bool, stayed: bool, defaulted: bool, missed: bool, excused: bool, reinstated: bool
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


def _payment(whole: bool, missed: bool, excused: bool, past: bool) -> str:
    if whole:
        return "Paid late" if missed else "Paid"
    if missed:
        return "Good cause" if excused else "Missed"
    return "Behind" if past else "Due"


def _stamp(day: dt.date | None) -> np.datetime64:
    return np.datetime64(day, "s") if day else np.datetime64("NaT", "s")
