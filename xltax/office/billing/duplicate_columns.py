"""The tax duplicate's calculated columns, which Refresh writes beside each bill."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from xltax.ledger.facts import component_of
from xltax.ledger.replay import Ledger
from xltax.ledger.wide import INSTALLMENTS
from xltax.money import dollars
from xltax.tables import DUPLICATE, RAISES, REDUCES, Adjustment, Bill
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.table import Table

LONGEST_PAID = 240  # characters of payments shown beside one installment before the rest is counted only


def derived(duplicate: Table[Bill], ledger: Ledger, adjustments: Table[Adjustment]) -> pd.DataFrame:
    """Paid 1-4, Added, Canceled, To Lien, Overpaid, Balance, Interest, Penalty, Costs, Total Due, As Of and Status, one row for each bill."""
    bills = duplicate.frame
    key = pd.MultiIndex.from_frame(bills[[Bill.bill, Bill.part]])
    out = pd.DataFrame(index=bills.index)
    balances = ledger.balances.groupby([OpenInstallment.bill, OpenInstallment.part])
    sums = (
        balances[
            [
                OpenInstallment.tax,
                OpenInstallment.interest,
                OpenInstallment.penalty,
                OpenInstallment.costs,
                OpenInstallment.total,
            ]
        ]
        .sum()
        .reindex(key, fill_value=0)
    )
    changes = _changes(adjustments, ledger.as_of)
    for name in _CHANGED:
        out[name] = changes[name].reindex(key, fill_value=0).to_numpy() if len(changes) else np.int64(0)
    out[Bill.overpaid] = _overpaid(bills, ledger)
    for name, source in (
        ("Balance", "Tax"),
        ("Interest", "Interest"),
        ("Penalty", "Penalty"),
        ("Costs", "Costs"),
        ("Total Due", "Total"),
    ):
        out[name] = sums[source].to_numpy()
    out[Bill.as_of] = np.datetime64(ledger.as_of, "s")
    late = ledger.balances[ledger.balances[OpenInstallment.late] & (ledger.balances[OpenInstallment.total] > 0)]
    is_late = key.isin(pd.MultiIndex.from_frame(late[[OpenInstallment.bill, OpenInstallment.part]]))
    out[Bill.status] = np.select(
        [is_late, out[Bill.total_due] > 0, out[Bill.overpaid] > 0], ["Delinquent", "Open", "Credit"], default="Paid"
    )
    paid = _payments(ledger)
    for n in INSTALLMENTS:
        out[f"Paid {n}"] = [paid.get((b, p, n), "") for b, p in key]
    return out[[c.name for c in DUPLICATE.derived]]


def totals(duplicate: Table[Bill], ledger: Ledger, adjustments: Table[Adjustment]) -> dict[str, int]:
    """The totals of the calculated columns, in cents, as the Duplicate shows them after Refresh."""
    bills = duplicate.frame
    key = pd.MultiIndex.from_frame(bills[[Bill.bill, Bill.part]])
    changes = _changes(adjustments, ledger.as_of)
    out = {n: int(changes[n].reindex(key, fill_value=0).sum()) if len(changes) else 0 for n in _CHANGED}
    sums = ledger.balances[
        [
            OpenInstallment.tax,
            OpenInstallment.interest,
            OpenInstallment.penalty,
            OpenInstallment.costs,
            OpenInstallment.total,
        ]
    ].sum()
    out |= {Bill.balance: int(sums[OpenInstallment.tax]), Bill.total_due: int(sums[OpenInstallment.total])}
    out |= {n: int(sums[n]) for n in ("Interest", "Penalty", "Costs")}
    return out | {"Overpaid": int(_overpaid(bills, ledger).sum())}


_CHANGED = ("Added", "Canceled", "To Lien")


def _changes(adjustments: Table[Adjustment], as_of: dt.date) -> pd.DataFrame:
    """The totals of tax adjustments by bill: added, canceled, transferred to lien."""
    if not len(adjustments):
        return pd.DataFrame()
    table = adjustments.frame
    table = table[(table[Adjustment.effective] <= pd.Timestamp(as_of)) & (component_of(table) == "tax")]
    lien = table[Adjustment.kind] == "Transfer to Lien"
    parts = {
        Bill.added: table[Adjustment.kind].isin(RAISES),
        Bill.canceled: table[Adjustment.kind].isin(REDUCES) & ~lien,
        Bill.to_lien: lien,
    }
    columns = {name: table[Adjustment.amount].where(test, 0) for name, test in parts.items()}
    return pd.DataFrame(columns).groupby([table[Adjustment.bill], table[Adjustment.part]]).sum()


def _overpaid(bills: pd.DataFrame, ledger: Ledger) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Credit and refunds due, shown once, on the group's last bill."""
    out = np.zeros(len(bills), dtype=np.int64)
    if not len(ledger.credits):
        return out
    group_of = dict(zip(ledger.balances[OpenInstallment.bill], ledger.balances[OpenInstallment.group], strict=True))
    last = {group_of.get(bill): n for n, bill in enumerate(bills[Bill.bill])}
    for row in ledger.credits.to_dict("records"):
        if row[LeftOver.group] in last:
            out[last[row[LeftOver.group]]] += row[LeftOver.credit] + row[LeftOver.refund]
    return out


def _payments(ledger: Ledger) -> dict[tuple[str, str, int], str]:
    """Each payment's date and amount opposite its installment, as the statute requires."""
    lines = ledger.postings[ledger.postings[Posting.adjustment] == ""]
    cash = lines[[Posting.tax, Posting.interest, Posting.penalty, Posting.costs]].sum(axis=1) - lines[Posting.discount]
    days = np.datetime_as_string(lines[Posting.date].to_numpy(), unit="D").tolist()
    entries: dict[tuple[str, str, int], list[str]] = {}
    rows = zip(
        lines[Posting.bill], lines[Posting.part], lines[Posting.inst], days, cash, lines[Posting.receipt], strict=True
    )
    for bill, part, inst, day, amount, receipt in rows:
        what = f"{day} {dollars(int(amount))}" + ("" if receipt else " credit")
        entries.setdefault((bill, part, int(inst)), []).append(what)
    return {k: _shortened(v) for k, v in entries.items()}


def _shortened(entries: list[str]) -> str:
    text = "; ".join(entries)
    if len(text) <= LONGEST_PAID:
        return text
    kept = 0
    while len("; ".join(entries[: kept + 1])) < LONGEST_PAID - 20:
        kept += 1
    return "; ".join(entries[:kept]) + f"; and {len(entries) - kept} more"
