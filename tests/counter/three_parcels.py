"""A book with three parcels for the tests of the counter's desks, and a hand that types checks into it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from xltax.hosts.files import FilesBook

D = dt.date
TODAY = D(2025, 3, 3)
ROLL = """Account,Owner,Location,Block,Lot,Qualifier,Net Value,Prior Tax
001,ADAMS ANN,1 Main St,12,4,,200000,4000
002,BAKER BOB,2 Oak St,12,5,C0001,300000,6000
003,CLARK CY,3 Main St,13,1,,100000,2000
"""


def type_in(book: FilesBook, *rows: dict[str, Any]) -> None:
    table = pd.DataFrame([{"Received": TODAY, "Tender": "Check", **r} for r in rows]).fillna(
        {"Check Total": 0, "Account": "", "Bill": "", "Reference": "", "Kind": "Payment", "Revenue Code": ""}
    )
    for column in ("Amount", "Check Total"):
        if column in table:
            table[column] = table[column].astype("int64")
    book.append("Counter", table)


def cash(book: FilesBook) -> pd.DataFrame:
    return book.read("CashBook").fillna("")
