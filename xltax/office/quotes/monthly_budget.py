"""The monthly amount a taxpayer sets aside to pay every installment on time."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xltax.dates import add_months
from xltax.money import Cents
from xltax.tables.replayed import OpenInstallment


def monthly_amount(balances: pd.DataFrame, on: dt.date) -> Cents:
    """The smallest level monthly amount, first paid on this day, that covers every installment by its due date.

    `balances` has Due and Total of each charge. Amounts already due count in full on the first payment. In cents, rounded up.
    """
    table = balances[balances[OpenInstallment.total] > 0].sort_values(OpenInstallment.due)
    needed, owed = 0, 0
    for due, total in zip(table[OpenInstallment.due], table[OpenInstallment.total], strict=True):
        owed += int(total)
        day, paid = due.date(), 1
        while add_months(on, paid) <= day:
            paid += 1
        needed = max(needed, -(-owed // paid))
    return needed
