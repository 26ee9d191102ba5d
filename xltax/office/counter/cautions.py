"""What to look at twice before a payment is posted: a closed day, an early effective date, far more money than is owed."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xltax.dates import short_date
from xltax.money import Cents, usd
from xltax.tables import PREPAYMENT, CashLine
from xltax.tables.counter import CounterRow

FAR_MORE: Cents = 50_00
"""The least amount above what is owed that a cashier is asked to look at; and one tenth of what is owed."""


def early(row: CounterRow) -> str:
    """A payment that counts from an earlier day than it came needs its postmark, for the auditor."""
    if row.effective is None or row.received is None or row.effective >= row.received or "postmark" in row.note.lower():
        return ""
    return (
        f"Effective {short_date(row.effective)} is before Received {short_date(row.received)}. "
        "Write the postmark in Note, such as: postmark 2/1."
    )


def closed_day(row: CounterRow, closed: dt.date | None, deposit: str) -> str:
    """A payment of a day whose drawer is closed. closed: the last closed day of the drawer."""
    if closed is None or row.received is None or row.received > closed:
        return ""
    return f"The day {short_date(row.received)} is closed. This payment goes into deposit {deposit}."


def far_more(lines: pd.DataFrame) -> str:
    """A payment of far more than is owed. lines: the payment's lines, as it would be posted."""
    over = int(lines[CashLine.overpaid].sum())
    used = int(lines[CashLine.total].sum()) - over
    if lines[CashLine.kind].iloc[0] == PREPAYMENT or over < FAR_MORE or over * 10 < used:
        return ""
    if not used:
        return "Nothing is owed on this account. Check the amount and the account."
    return f"{usd(over)} more than the {usd(used)} owed. Check the amount and the account."
