"""Calls made while the memory snapshot is taken, so that the first figures of the office come quickly."""

from __future__ import annotations

import importlib
import importlib.util
import json

from xltax.faces.catalog import functions
from xltax.faces.office_js import calls

_CHARGES = [
    ["Bill", "Account", "Levy Year", "Levy Type", "Inst", "Due", "Amount"],
    ["1", "1", 2025, "RE", 1, 45689, 1000.0],
    ["1", "1", 2025, "RE", 2, 45778, 1000.0],
]
_RECEIPTS = [["Receipt", "Received", "Account", "Amount"], ["1", 45700, "1", 100.0]]
_HISTORY = ["us-nj-colts-neck", _CHARGES, _RECEIPTS]
_CALLS = {
    "TAX_LEVY": [[250000, 2.248, 100, 5000, 250], [250000, "two"]],
    "TAX_INTEREST": [
        ["us-nj-colts-neck", 4000, 45689, 45778],
        ["us-nj-colts-neck", 4000, 45689, 45779, 500],
        ["us-ct-south-windsor", 4000, 45689, 45778],
    ],
    "TAX_INSTALLMENTS": [["us-nj-colts-neck", 2025, 1000, 900]],
    "TAX_BALANCES": [[*_HISTORY, 46006]],
    "TAX_PAYOFF": [[*_HISTORY, 46006]],
    "TAX_PAYOFF_TOTAL": [[*_HISTORY, 46006]],
    "TAX_PAYOFF_GRID": [[*_HISTORY, 46006, 3]],
    "TAX_EXPLAIN": [[*_HISTORY, 46006]],
}


def warm() -> str:
    """Loads every function and every task, and calculates a little. Gives the answers."""
    functions()
    if importlib.util.find_spec("xltax.faces.office_js.tasks"):
        importlib.import_module("xltax.faces.office_js.tasks")
    asked = [{"name": name, "arguments": given} for name, given in _CALLS.items()]
    return calls.answer(json.dumps({"calls": asked}))
