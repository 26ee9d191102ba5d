"""The ledger against the slow reference on random towns and histories, and what must hold of any history at all.

XLTAX_EXAMPLES=2000 looks harder.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from reference import Result, reference
from strategies import History, Town, cases

from xltax.errors import LawNotEncoded
from xltax.ledger.tables import ADJUSTMENTS, CHARGES, CLOSED_DAYS, RECEIPTS

EXAMPLES = int(os.environ.get("XLTAX_EXAMPLES", "60"))
settings.register_profile(
    "xltax",
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="XLTAX_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    print_blob=True,
)
settings.load_profile("xltax")

BUCKETS = ("Tax", "Interest", "Penalty", "Costs")


def table(spec, rows) -> pd.DataFrame:
    """The rows as an office's table holds them: every column, amounts in dollars."""
    money = {c.name for c in spec.columns if c.kind == "money"}
    cells = [{n: Decimal(row[n]) / 100 if n in money else row.get(n) for n in spec.names} for row in rows]
    return pd.DataFrame(cells, columns=list(spec.names), dtype=object)


def fast(town: Town, h: History):
    """The ledger of the implementation under test."""
    replay = pytest.importorskip("xltax.ledger.replay")
    facts = replay.Facts(
        table(CHARGES, h.charges),
        table(RECEIPTS, h.receipts),
        table(ADJUSTMENTS, h.adjustments),
        table(CLOSED_DAYS, h.closed),
    )
    return replay.replay(facts, town.profile, h.as_of, known_on=h.known_on)


def slow(town: Town, h: History) -> Result:
    return reference(h.charges, h.receipts, h.adjustments, town.profile, h.as_of, h.known_on, h.closed)


def balances_of(ledger) -> list[tuple]:
    """(bill, part, inst, tax, interest, penalty, costs, total) of every installment."""
    if isinstance(ledger, Result):
        rows = ledger.balances
    else:
        rows = ledger.balances.to_dict("records")
    return [(r["Bill"], r["Part"] or "", int(r["Inst"]), *(int(r[c]) for c in (*BUCKETS, "Total"))) for r in rows]


def credits_of(ledger) -> dict[str, tuple[int, int]]:
    """{account or party: (credit, to refund)}, those with nothing left out."""
    if isinstance(ledger, Result):
        groups = {**ledger.credit, **ledger.refund}
        found = {g: (ledger.credit.get(g, 0), ledger.refund.get(g, 0)) for g in groups}
    else:
        found = {r["Group"]: (int(r["Credit"]), int(r["Refund"])) for r in ledger.credits.to_dict("records")}
    return {g: v for g, v in found.items() if any(v)}


def splits_of(ledger) -> dict[tuple, tuple]:
    """{(receipt or "credit", bill, part, inst): (tax, interest, penalty, costs, discount)}."""
    lines: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    if isinstance(ledger, Result):
        rows = [(s[:4], s[4:]) for s in ledger.splits]
    else:
        rows = [
            (
                (r["Receipt"] or "credit", r["Bill"], r["Part"] or "", int(r["Inst"])),
                [int(r[c]) for c in (*BUCKETS, "Discount")],
            )
            for r in ledger.postings.to_dict("records")
            if r["Receipt"] or not r["Adjustment"]
        ]
    for key, values in rows:
        lines[key] = [a + b for a, b in zip(lines[key], values, strict=True)]
    return {k: tuple(v) for k, v in lines.items() if any(v)}


def either(run, town: Town, h: History):
    """What it answers, or the name of the refusal."""
    try:
        ledger = run(town, h)
    except LawNotEncoded:
        return "LawNotEncoded"
    return {"balances": balances_of(ledger), "credits": credits_of(ledger), "splits": splits_of(ledger)}


# ---- the two implementations ----------------------------------------------------------------------------------------


@given(cases())
def test_fast_and_slow_agree_to_the_cent(case):
    town, h = case
    assert either(fast, town, h) == either(slow, town, h)


@given(cases(plain=True))
def test_fast_and_slow_agree_on_payments_alone(case):
    town, h = case
    assert either(fast, town, h) == either(slow, town, h)
