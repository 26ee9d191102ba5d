"""The file for a town's inquiry website: what is open on each parcel, without names.

Columns, in this order, as New Jersey's inquiry sites call them: AccountNumber, Block, Lot, Qualifier, PropertyLocation, TaxYear,
Quarter, Type, BillNumber, DueDate (YYYY-MM-DD), Billed, Principal, Interest, Penalty, Costs, TotalDue, InterestThruDate.
Amounts are dollars and cents without a comma. The last row says TOTAL: the number of rows under Quarter, and the sums.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from xltax import csvtext
from xltax.money import dollars
from xltax.tables.replayed import OpenInstallment

HEADERS = (
    "AccountNumber", "Block", "Lot", "Qualifier", "PropertyLocation", "TaxYear", "Quarter", "Type", "BillNumber", "DueDate",
    "Billed", "Principal", "Interest", "Penalty", "Costs", "TotalDue", "InterestThruDate",
)  # fmt: skip
_AMOUNTS = ("Billed", "Tax", "Interest", "Penalty", "Costs", "Total")


def open_items(balances: pd.DataFrame, hidden: Collection[str]) -> pd.DataFrame:
    """The open installments, except on the hidden accounts, by account and due date. balances: a ledger's."""
    rows = balances[(balances[OpenInstallment.total] > 0) & ~balances[OpenInstallment.account].isin(set(hidden))]
    return rows.sort_values(
        [
            OpenInstallment.account,
            OpenInstallment.due,
            OpenInstallment.bill,
            OpenInstallment.part,
            OpenInstallment.inst,
        ],
        ignore_index=True,
    )


def as_csv(rows: pd.DataFrame, parcels: Mapping[str, Mapping[str, Any]], on: dt.date) -> str:
    """The file, with its total row. parcels: the Roll's rows by account. No name is used."""
    lines: list[list[object]] = []
    for row in rows.to_dict("records"):
        parcel = parcels.get(row[OpenInstallment.account], {})
        where = [parcel.get(n, "") for n in ("Block", "Lot", "Qualifier", "Location")]
        bill = [row[n] for n in ("Levy Year", "Inst", "Levy Type", "Bill")]
        amounts = [dollars(int(row[c]), comma=False) for c in _AMOUNTS]
        lines.append([row[OpenInstallment.account], *where, *bill, row[OpenInstallment.due].date(), *amounts, on])
    sums = [dollars(int(rows[c].sum()), comma=False) for c in _AMOUNTS]
    lines.append(["TOTAL", *([""] * 5), len(rows), "", "", "", *sums, on])
    return csvtext.table(HEADERS, lines)
