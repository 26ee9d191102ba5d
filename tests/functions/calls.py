"""One good call of every function, with the cells as a spreadsheet would hand them over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xltax.faces import boundary
from xltax.faces.catalog import functions
from xltax.ledger import seals
from xltax.tables import CASH_BOOK
from xltax.tables.reading import from_rows, read

NJ, STATE, CT, LA = "us-nj-colts-neck", "us-nj", "us-ct-south-windsor", "us-la-east-baton-rouge"
ON = dt.date(2025, 8, 1)

CHARGES = [
    ["Bill", "Account", "Levy Year", "Levy Type", "Part", "Inst", "Due", "Amount"],
    ["2025-1", "012", 2025, "RE", None, 1, dt.date(2025, 2, 1), 1000.0],
    ["2025-1", "012", 2025, "RE", None, 2, dt.date(2025, 5, 1), 1000.0],
]
RECEIPTS = [
    ["Receipt", "Received", "Account", "Amount"],
    ["7", dt.date(2025, 3, 1), "012", 300.0],
]
ADJUSTMENTS = [
    ["No", "Effective", "Bill", "Inst", "Kind", "Component", "Amount"],
    ["A-1", dt.date(2025, 2, 1), "2025-1", 1, "Abatement", "tax", 100.0],
]
FUTURE = [
    CHARGES[0],
    ["estimate", "012", 2025, "RE", None, 3, dt.date(2025, 8, 1), 1000.0],
    ["estimate", "012", 2025, "RE", None, 4, dt.date(2025, 11, 1), 1000.0],
]
SCHEDULE = [
    ["No", "Due", "Amount", "Good Cause"],
    [1, dt.date(2025, 3, 3), 500.0, None],
    [2, dt.date(2025, 4, 1), 500.0, None],
    [3, dt.date(2025, 9, 2), 500.0, None],
]
SUBSEQUENTS = [["Paid On", "Amount"], [dt.date(2024, 8, 1), 3000.0]]
_AGREEMENT = {
    "town": NJ, "charges": CHARGES, "receipts": RECEIPTS, "future": FUTURE, "start": dt.date(2025, 6, 2), "months": 6,
    "down": 200, "down_on": dt.date(2025, 5, 20), "adjustments": ADJUSTMENTS, "closed_days": None,
}  # fmt: skip
CLOSED_DAYS = [["Date", "Office"], [dt.date(2025, 8, 4), "Closed"]]


def cash_book(*amounts: float) -> list[list[Any]]:
    """A sealed cash book, a receipt to an amount, as posting would have left it."""
    header = ["Receipt", "Line", "Received", "Account", "Bill", "Inst", "Kind", "By", "Tax", "Total", "Seal"]
    rows = [
        [str(n), 1, dt.date(2025, 3, n), "012", "2025-1", 1, "Payment", "owner", a, a, ""]
        for n, a in enumerate(amounts, 1)
    ]
    for row, seal in zip(
        rows, seals.sealed(read(from_rows([header, *rows], "cash_book"), CASH_BOOK), CASH_BOOK), strict=True
    ):
        row[-1] = seal
    return [header, *rows]


CASH = cash_book(300.0, 20.0, 30.5, 40.0)
_HISTORY = {"charges": CHARGES, "receipts": RECEIPTS, "adjustments": None, "closed_days": None}

GOOD: dict[str, dict[str, Any]] = {
    "TAX_LEVY": {"value": 250000, "rate": 2.248, "per": 100, "exemption": 5000, "credit": 250},
    "TAX_RATE": {"levy": 5620, "valuation": 250000, "per": 100},
    "TAX_UNCOLLECTED_RESERVE": {"cash_required": 4309956, "percent": 0.965, "round_to": "dollar"},
    "TAX_INSTALLMENTS": {
        "town": NJ, "year": 2025, "tax": 1000, "prior_tax": 900, "prior_second_half": None, "type": "RE",
        "mailed": None, "owner_occupied": "No",
    },
    "TAX_DUE_DATE": {"town": NJ, "year": 2025, "no": 3, "type": "RE", "mailed": None, "owner_occupied": "No"},
    "TAX_LAST_DAY": {"town": NJ, "year": 2025, "no": 2, "type": "RE", "mailed": None, "owner_occupied": "No"},
    "TAX_ADDED": {"town": NJ, "value": 100000, "rate": 2.248, "completed_on": dt.date(2025, 8, 7)},
    "TAX_SUPPLEMENT": {"town": CT, "value": 10000, "registered_on": dt.date(2025, 1, 15), "old_value": 2000},
    "TAX_INTEREST": {
        "town": NJ, "amount": 2000, "due": dt.date(2025, 2, 1), "paid": ON, "other_delinquent": 0, "type": "RE",
        "part": None,
    },
    "TAX_PENALTY": {"town": STATE, "delinquent": 12000, "year_end": dt.date(2024, 12, 31), "of_year": 5000},
    "TAX_RULE": {"town": NJ, "rule": "interest", "on": ON},
    "TAX_BALANCES": {"town": NJ, **_HISTORY, "on": ON},
    "TAX_PAYOFF": {"town": NJ, **_HISTORY, "on": ON},
    "TAX_PAYOFF_TOTAL": {"town": NJ, **_HISTORY, "on": ON},
    "TAX_PER_DIEM": {"town": NJ, **_HISTORY, "on": ON},
    "TAX_PAYOFF_GRID": {"town": NJ, **_HISTORY, "start": ON, "days": 2},
    "TAX_ALLOCATE": {"town": NJ, **_HISTORY, "payment": 50, "on": ON, "by": None, "directed": None},
    "TAX_MONTHLY_BUDGET": {"town": NJ, **_HISTORY, "on": ON},
    "TAX_EXPLAIN": {"town": NJ, **_HISTORY, "on": ON},
    "TAX_AGREEMENT_PAYMENT": _AGREEMENT,
    "TAX_AGREEMENT": _AGREEMENT,
    "TAX_AGREEMENT_STATUS": {
        "town": NJ, "schedule": SCHEDULE, "receipts": RECEIPTS, "on": ON, "signed": dt.date(2025, 2, 20),
    },
    "TAX_REDEMPTION": {
        "town": STATE, "certificate": 2000, "sold": dt.date(2023, 10, 18), "rate": 0.18, "subsequents": SUBSEQUENTS,
        "on": ON, "recording": 43, "search": 12,
    },
    "TAX_COST_OF_SALE": {"town": STATE, "lien": 2000, "notices": 2, "on": None},
    "TAX_FEE": {"town": STATE, "kind": "duplicate_bill", "amount_or_count": 3, "on": None},
    "TAX_RELIEF": {
        "town": "us-md", "program": "homeowners", "income": 16000, "tax": 8000, "assessment": 400000, "old_assessment": 0,
        "married": "No", "year": 2025, "part": None,
    },
    "TAX_RETURN": {
        "town": LA, "gross": 100000, "deductions": 10000, "period_end": dt.date(2025, 1, 31),
        "filed": dt.date(2025, 3, 4), "location": "1701", "use_purchases": 0, "excess": 0, "closed_days": None,
    },
    "TAX_USAGE_FEE": {"town": LA, "usage": 7.5, "kind": "sewer", "on": None},
    "TAX_SEALED": {"cash_book": CASH},
}  # fmt: skip


def result(name: str, **changed: Any) -> Any:
    """The typed result of a function's good call with some arguments changed."""
    function = functions()[name]
    given = GOOD[name] | changed
    return boundary.call(function, [given[a.name] for a in function.args])


def text(name: str, **changed: Any) -> str:
    """The same as `xltax call` prints it."""
    return boundary.to_text(functions()[name], result(name, **changed))
