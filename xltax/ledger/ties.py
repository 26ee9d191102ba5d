"""The purpose of a line in the Cash Book or Adjustments: a kind and a number that tasks write in separate columns.

Nothing reads a Note or a Reason to find a line again: those are for people, and anybody may type anything there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from xltax.tables import Adjustment, CashLine
from xltax.tables.table import Table


class Tie(NamedTuple):
    """What one payment or adjustment is for. check: any word that the payments of one check share."""

    kind: str = ""
    number: str = ""
    check: str = ""


UNTIED = Tie()


def tied(lines: Table[CashLine], ties: Sequence[Tie]) -> Table[CashLine]:
    """New cash-book lines with the ties of their payments: one for each receipt, in order, or none."""
    if not ties:
        return lines
    receipts = list(dict.fromkeys(lines[CashLine.receipt]))
    of = dict(zip(receipts, ties, strict=True))
    first: dict[str, str] = {}
    count: dict[str, int] = {}
    for receipt, tie in of.items():
        first.setdefault(tie.check, receipt)
        count[tie.check] = count.get(tie.check, 0) + 1
    check = {r: first[t.check] if t.check and count[t.check] > 1 else "" for r, t in of.items()}
    return lines.with_columns(
        {
            CashLine.same_check: lines[CashLine.receipt].map(check),
            CashLine.for_: lines[CashLine.receipt].map({r: t.kind for r, t in of.items()}),
            CashLine.for_no: lines[CashLine.receipt].map({r: t.number for r, t in of.items()}),
        }
    )


def numbers(table: Table[CashLine] | Table[Adjustment] | pd.DataFrame, kind: str) -> pd.Series[str]:
    """The numbers on the lines of one kind."""
    return table[CashLine.for_no][table[CashLine.for_] == kind]
