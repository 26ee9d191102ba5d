"""The bill file a mortgage servicer gets: one row for each installment still open, as CSV by bank code.

Columns, in this order: Bank Code, Bill, Part, Account, Block, Lot, Qualifier, Owner, Location, Levy Year, Levy Type, Inst,
Due (YYYY-MM-DD), Pay By (the last day without interest), Amount (as billed), Open (tax still open on the day of the file).
Amounts are dollars and cents without a comma. The last row says TOTAL, and has the number of rows before it under Inst and
the sums of both amounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from xltax import csvtext
from xltax.ledger.replay import Ledger
from xltax.money import dollars

HEADERS = (
    "Bank Code", "Bill", "Part", "Account", "Block", "Lot", "Qualifier", "Owner", "Location", "Levy Year", "Levy Type",
    "Inst", "Due", "Pay By", "Amount", "Open",
)  # fmt: skip


def open_installments(duplicate: pd.DataFrame, ledger: Ledger, year: int, code: str = "") -> pd.DataFrame:
    """The open installments of a levy year's bills with a bank code, by code, bill and installment."""
    coded = duplicate[(duplicate["Bank Code"] != "") & (duplicate["Levy Year"] == year)]
    if code:
        coded = coded[coded["Bank Code"] == code]
    rows = ledger.balances.merge(coded[["Bill", "Part", "Bank Code"]], on=["Bill", "Part"])
    return rows[rows["Tax"] > 0].sort_values(["Bank Code", "Bill", "Part", "Inst"], ignore_index=True)


def as_csv(rows: pd.DataFrame, parcels: Mapping[str, Mapping[str, Any]]) -> str:
    """The file, with its total row."""
    lines: list[list[object]] = []
    for row in rows.to_dict("records"):
        parcel = parcels.get(row["Account"], {})
        lines.append(
            [row["Bank Code"], row["Bill"], row["Part"], row["Account"]]
            + [parcel.get(n, "") for n in ("Block", "Lot", "Qualifier", "Owner", "Location")]
            + [row["Levy Year"], row["Levy Type"], row["Inst"], row["Due"].date(), row["Last Free Day"].date()]
            + [dollars(int(row["Billed"]), comma=False), dollars(int(row["Tax"]), comma=False)]
        )
    sums = [dollars(int(rows[c].sum()), comma=False) for c in ("Billed", "Tax")]
    lines.append(["TOTAL", *([""] * 10), len(rows), "", "", *sums])
    return csvtext.table(HEADERS, lines)
