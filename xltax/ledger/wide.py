"""Turns the tax duplicate (one row for each bill) into charges (one row for each installment)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xltax.errors import Problem, Problems
from xltax.ledger.lawbook import LARGEST_CHARGE
from xltax.money import dollars
from xltax.tables import CHARGES, DUE, DUPLICATE, INST, Bill, Charge
from xltax.tables.bills import OPENING_RUN, first_billed
from xltax.tables.reading import place, read
from xltax.tables.schema import plain
from xltax.tables.table import Table

INSTALLMENTS = (1, 2, 3, 4)
PRELIMINARY = 2  # where a bill is preliminary first, its first two installments are


def charges_from(frame: pd.DataFrame) -> Table[Charge]:
    """The charges of a block of cells in either form: the long one (Inst, Due, Amount), or the wide duplicate (Due 1-4, Inst 1-4)."""
    headers = {plain(str(c)) for c in frame.columns}
    if "inst1" in headers or "due1" in headers:
        return melt(read(frame, DUPLICATE))
    return read(frame, CHARGES)


def melt(duplicate: Table[Bill]) -> Table[Charge]:
    """The charges of a duplicate: a row for each installment that has a due date and an amount.

    An opening bill of 0.00 is a charge of 0.00: its account has nothing but a credit, and the credit needs a bill.
    """
    _refuse_what_is_no_installment(duplicate)
    parts = []
    bare = (duplicate[Bill.run] == OPENING_RUN) & (duplicate[Bill.net_tax] == 0)
    common = [name for name in CHARGES.names if name not in (Charge.inst, Charge.due, Charge.amount)]
    for n in INSTALLMENTS:
        part = duplicate[common]
        later = (n > first_billed(duplicate)) & duplicate[Bill.completed].notna()
        part[Charge.recorded] = duplicate[Bill.completed].where(later, duplicate[Bill.recorded])
        part[Charge.inst] = np.int64(n)
        part[Charge.due] = duplicate[DUE[n]]
        part[Charge.amount] = duplicate[INST[n]]
        parts.append(part[part[Charge.due].notna() & ((part[Charge.amount] != 0) | bare)])
    charges = pd.concat(parts).sort_index(kind="stable")
    charges.attrs = dict(duplicate.attrs)
    return Table.made(CHARGES, charges)


def _refuse_what_is_no_installment(duplicate: Table[Bill]) -> None:
    """Names each installment below zero or beyond all measure by its own cell, which the long form no longer knows."""
    problems = []
    for n in INSTALLMENTS:
        amounts = duplicate[INST[n]]
        wrong = amounts[(amounts < 0) | (amounts > LARGEST_CHARGE)]
        for position, amount in zip(wrong.index, wrong, strict=True):
            where = place(duplicate, int(position), INST[n])
            what = f"{dollars(int(amount))} is not an installment."
            problems.append(
                Problem(where, what, f"It lies between 0.00 and {dollars(LARGEST_CHARGE)}; a credit is an adjustment.")
            )
    if problems:
        raise Problems(problems)
