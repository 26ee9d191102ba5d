"""What the owner saves by paying a whole bill at once, where the law then charges less interest than on its installments."""

from __future__ import annotations

from typing import Any

import numpy as np

from xltax.ledger import kernel_types as r
from xltax.ledger.layout import Layout


def add_one_payment(saved: Any, kind: Any, days: Any, laid: Layout, figures: Any, law: r.Law) -> None:
    """Adds the interest that one payment of a whole bill does not bear to what each installment saves, by day, in cents.

    Nothing is added on a bill that earns a discount on that day, or on which tax was paid before.
    """
    rows = np.flatnonzero(laid.items["bill"] >= 0)
    _, bill = np.unique(laid.items["bill"][rows], return_inverse=True)
    mine, hold, dues = kind[0, rows], laid.items["hold"][rows], laid.due[rows]
    chooses = mine["one_high"] > mine["one_low"]
    held, count = np.bincount(bill, hold), np.bincount(bill)
    first, last = np.full(len(count), r.NEVER), np.zeros(len(count), dtype=np.int64)
    np.minimum.at(first, bill[chooses], dues[chooses])
    np.maximum.at(last, bill[chooses], dues[chooses])
    never = ((held > 0) & (held < count)) | (first >= last)
    for n, day in enumerate(days):
        figure = figures[n, rows]
        interest = np.where(chooses, figure["interest"], 0)
        charged, whole = np.zeros_like(last), np.zeros_like(last)
        np.add.at(charged, bill, interest)
        np.add.at(whole, bill, np.maximum(figure["tax"], 0) * _totals(mine, law.marks, int(day)))
        lost = never | (np.bincount(bill, (figure["paid"] > 0) | (saved[n, rows] > 0)) > 0)
        off = np.where(lost, 0, np.maximum(0, charged - (2 * whole + law.scale) // (2 * law.scale)))
        for at in np.flatnonzero(off[bill] > 0):
            given = min(int(off[bill[at]]), int(interest[at]))
            saved[n, rows[at]] += given
            off[bill[at]] -= given


def _totals(kinds: Any, marks: Any, day: int) -> Any:
    """What one payment bears in all on a day, for each installment; 0 where the law has no such choice."""
    totals = np.zeros(len(kinds), dtype=np.int64)
    for low, high in np.unique(np.stack([kinds["one_low"], kinds["one_high"]], axis=1), axis=0).tolist():
        if high > low:
            at = low + int(np.searchsorted(marks["day"][low:high], day, side="right")) - 1
            totals[(kinds["one_low"] == low) & (kinds["one_high"] == high)] = marks["total"][at]
    return totals
