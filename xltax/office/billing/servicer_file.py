"""The bill file for a mortgage servicer: one row for each open installment, as CSV by bank code.

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
from xltax.tables import Bill
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

HEADERS = (
    "Bank Code", "Bill", "Part", "Account", "Block", "Lot", "Qualifier", "Owner", "Location", "Levy Year", "Levy Type",
    "Inst", "Due", "Pay By", "Amount", "Open",
)  # fmt: skip


def open_installments(duplicate: Table[Bill], ledger: Ledger, year: int, code: str = "") -> pd.DataFrame:
    """The open installments of a levy year's bills with a bank code, by code, bill and installment."""
    coded = duplicate[(duplicate[Bill.bank_code] != "") & (duplicate[Bill.levy_year] == year)]
    if code:
        coded = coded[coded[Bill.bank_code] == code]
    rows = ledger.balances.merge(
        coded[[Bill.bill, Bill.part, Bill.bank_code]], on=[OpenInstallment.bill, OpenInstallment.part]
    )
    return rows[rows[OpenInstallment.tax] > 0].sort_values(
        [Bill.bank_code, OpenInstallment.bill, OpenInstallment.part, OpenInstallment.inst], ignore_index=True
    )


def as_csv(rows: pd.DataFrame, parcels: Mapping[str, Mapping[str, Any]]) -> str:
    """The file, with its total row."""
    lines: list[list[object]] = []
    for row in rows.to_dict("records"):
        parcel = parcels.get(row[OpenInstallment.account], {})
        lines.append(
            [row[Bill.bank_code], row[OpenInstallment.bill], row[OpenInstallment.part], row[OpenInstallment.account]]
            + [parcel.get(n, "") for n in ("Block", "Lot", "Qualifier", "Owner", "Location")]
            + [
                row[OpenInstallment.levy_year],
                row[OpenInstallment.levy_type],
                row[OpenInstallment.inst],
                row[OpenInstallment.due].date(),
                row[OpenInstallment.last_free_day].date(),
            ]
            + [
                dollars(int(row[OpenInstallment.billed]), comma=False),
                dollars(int(row[OpenInstallment.tax]), comma=False),
            ]
        )
    sums = [dollars(int(rows[c].sum()), comma=False) for c in ("Billed", "Tax")]
    lines.append(["TOTAL", *([""] * 10), len(rows), "", "", *sums])
    return csvtext.table(HEADERS, lines)
