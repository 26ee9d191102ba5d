"""The roll-forward: from the billed amount to the open amount, line by line, down to a difference of zero."""

from __future__ import annotations

import pandas as pd

from xltax.ledger.facts import component_of
from xltax.ledger.replay import Ledger
from xltax.tables import RAISES, REDUCES, Adjustment
from xltax.tables.replayed import OpenInstallment, Posting
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table


class RollForwardLine(Row):
    """One line of the roll-forward."""

    levy_year = Column("Levy Year", "year")
    line = Column("Line", "text")
    amount = Column("Amount", "money")


ROLL_FORWARD = TableSpec("RollForward", RollForwardLine, purpose="from billed to open, by levy year")


def roll_forward(adjustments: Table[Adjustment], ledger: Ledger) -> pd.DataFrame:
    """For each levy year: billed, raised, lowered, collected, discounts, credit applied, open; and the difference, 0.00."""
    year_of = dict(zip(ledger.balances[OpenInstallment.bill], ledger.balances[OpenInstallment.levy_year], strict=True))
    changes = adjustments.frame if len(adjustments) else None
    rows: list[tuple[int, str, int]] = []
    for year in sorted(set(ledger.balances[OpenInstallment.levy_year].tolist())):
        group = ledger.balances[ledger.balances[OpenInstallment.levy_year] == year]
        lines: list[tuple[str, int]] = [("Billed", int(group[OpenInstallment.billed].sum()))]
        if changes is not None:
            mine = changes[
                (changes[Adjustment.bill].map(year_of) == year)
                & (component_of(changes) == "tax")
                & (changes[Adjustment.effective] <= pd.Timestamp(ledger.as_of))
            ]
            for kind in (*RAISES, *REDUCES):
                amount = int(mine.loc[mine[Adjustment.kind] == kind, Adjustment.amount].sum())
                if amount:
                    lines.append((kind, amount if kind in RAISES else -amount))
        posted = ledger.postings[ledger.postings[Posting.levy_year] == year]
        receipts = posted[posted[Posting.receipt] != ""]
        credit = posted[(posted[Posting.receipt] == "") & (posted[Posting.adjustment] == "")]
        lines.append(("Collected", -int((receipts[Posting.tax] - receipts[Posting.discount]).sum())))
        if discount := int(posted[Posting.discount].sum()):
            lines.append(("Discounts", -discount))
        if moved := int((credit[Posting.tax] - credit[Posting.discount]).sum()):
            lines.append(("Credit applied, less tax turned into credit", -moved))
        expected = sum(amount for _, amount in lines)
        now = int(group[OpenInstallment.tax].sum())
        rows += [(year, name, amount) for name, amount in lines]
        rows += [(year, "Open", now), (year, "Difference", expected - now)]
    return pd.DataFrame(rows, columns=list(ROLL_FORWARD.names))
