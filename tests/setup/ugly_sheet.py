"""An office's own spreadsheet, as ugly as they come."""

from __future__ import annotations

import datetime as dt
from typing import Any

DAY = dt.date(2025, 9, 2)

# Titles, a header of two rows with merged cells, dollars and dates as text, a page header again, subtotals, a note, a total.
UGLY: list[list[Any]] = [
    ["TOWNSHIP OF QUILLHAVEN"],
    ["Open Items by Parcel", None, None, None, None, "Run: 9/2/2025"],
    [],
    ["Parcel", "Assessed", "Tax", None, "Open Item", None, "Int Paid"],
    ["ID", "Owner", "Yr", "Qtr", "Due Dt", "Prin Bal", "Thru"],
    ["0012-4", "ADAMS, JOHN", 2024, 4, "11/1/2024", "$1,250.00", "6/15/2025"],
    ["0012-4", "ADAMS, JOHN", 2025, 1, "2/1/2025", "$1,300.10 ", "6/15/2025"],
    ["0012-4", "ADAMS, JOHN", 2025, 2, "5/1/2025", "1300.10", None],
    ["", "", "", "", "Subtotal", "$3,850.20", ""],
    ["Parcel ID", "Owner", "Yr", "Qtr", "Due Dt", "Prin Bal", "Thru"],
    ["0013-7.01", "BAKER\xa0& SONS", "2025", "2", "05/01/2025", " 412.55", ""],
    ["0013-7.01", "BAKER & SONS", "2025", "3", dt.date(2025, 8, 1), 412.56, "-"],
    ["Ward 2"],
    ["0099-1-C0002", "=CLARK", 2025.0, 3, "8/1/2025", "$ -", None],
    ["TOTAL ALL PARCELS", None, None, None, None, "$4,675.31", None],
    ["* as of close of business"],
]
MERGED = ("A1:G1", "E4:F4")
# By hand: 1250.00 + 1300.10 + 1300.10 + 412.55 + 412.56
TOTAL = 4675_31
