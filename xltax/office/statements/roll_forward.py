"""The roll-forward: from what was billed to what is open, line by line, ending in a difference of zero."""

from __future__ import annotations

import pandas as pd

from xltax.ledger.facts import component_of
from xltax.ledger.replay import Ledger
from xltax.tables import ADJUSTMENTS, RAISES, REDUCES
from xltax.tables.reading import typed
from xltax.tables.schema import Column, Row, TableSpec


class RollForwardLine(Row):
    """One line of the roll-forward."""

    levy_year = Column("Levy Year", "year")
    line = Column("Line", "text")
    amount = Column("Amount", "money")


ROLL_FORWARD = TableSpec("RollForward", RollForwardLine, purpose="from billed to open, by levy year")


def roll_forward(adjustments: pd.DataFrame | None, ledger: Ledger) -> pd.DataFrame:
    """For each levy year: billed, raised, lowered, collected, discounts, credit applied, open; and the difference, 0.00."""
    year_of = dict(zip(ledger.balances["Bill"], ledger.balances["Levy Year"], strict=True))
    changes = typed(adjustments, ADJUSTMENTS) if adjustments is not None and len(adjustments) else None
    rows: list[tuple[int, str, int]] = []
    for year, group in ledger.balances.groupby("Levy Year"):
        lines: list[tuple[str, int]] = [("Billed", int(group["Billed"].sum()))]
        if changes is not None:
            mine = changes[
                (changes["Bill"].map(year_of) == year)
                & (component_of(changes) == "tax")
                & (changes["Effective"] <= pd.Timestamp(ledger.as_of))
            ]
            for kind in (*RAISES, *REDUCES):
                amount = int(mine.loc[mine["Kind"] == kind, "Amount"].sum())
                if amount:
                    lines.append((kind, amount if kind in RAISES else -amount))
        posted = ledger.postings[ledger.postings["Levy Year"] == year]
        receipts = posted[posted["Receipt"] != ""]
        credit = posted[(posted["Receipt"] == "") & (posted["Adjustment"] == "")]
        lines.append(("Collected", -int((receipts["Tax"] - receipts["Discount"]).sum())))
        if discount := int(posted["Discount"].sum()):
            lines.append(("Discounts", -discount))
        if moved := int((credit["Tax"] - credit["Discount"]).sum()):
            lines.append(("Credit applied, less tax turned into credit", -moved))
        expected = sum(amount for _, amount in lines)
        now = int(group["Tax"].sum())
        rows += [(int(year), name, amount) for name, amount in lines]
        rows += [(int(year), "Open", now), (int(year), "Difference", expected - now)]
    return pd.DataFrame(rows, columns=list(ROLL_FORWARD.names))
