"""The ledger under test and the slow reference asked the same, and their answers as plain tuples; how hard Hypothesis looks."""

from __future__ import annotations

import os
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, assume, reject, settings

from tests.properties.random_towns import Town
from tests.properties.strategies import History
from tests.reference.replay import Result, reference
from xltax.errors import BadProfile, LawNotEncoded
from xltax.ledger import replay

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


def fast(town: Town, h: History):
    """The ledger of the implementation under test. A schedule whose total falls, or rises again, for a due date is refused: nobody's business here."""
    try:
        return replay.replay(h.facts(), town.profile, h.as_of, known_on=h.known_on)
    except BadProfile as refused:
        if "The total " in str(refused):
            reject()
        raise


def slow(town: Town, h: History) -> Result:
    return reference(h.charges, h.receipts, h.adjustments, town.profile, h.as_of, h.known_on, h.closed)


def balances_of(ledger) -> list[tuple]:
    """(bill, part, inst, tax, interest, penalty, costs, total) of every installment."""
    rows = ledger.balances if isinstance(ledger, Result) else ledger.balances.to_dict("records")
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


def both_agree(town: Town, h: History) -> None:
    """To the cent; and what one reports as a problem, the other does too."""
    quick, slowly = either(fast, town, h), either(slow, town, h)
    assert quick == slowly
    if quick != "LawNotEncoded":
        assert len(fast(town, h).problems) == len(slow(town, h).problems)


BOTH = pytest.mark.parametrize("run", [fast, slow], ids=["fast", "slow"])


def answer(run, town: Town, h: History):
    """The figures; a town whose law does not cover the history is none of these tests' business."""
    found = either(run, town, h)
    if found == "LawNotEncoded":
        assume(False)
    return found


def in_force(h: History) -> History:
    """Only what is known and in effect: no facts of the future, no reversed receipts, no reversals."""

    def known(row: dict) -> bool:
        return h.known_on is None or row.get("Recorded") is None or row["Recorded"] <= h.known_on

    def day(row: dict):
        return row["Effective"] or row["Received"]

    receipts = [r for r in h.receipts if known(r) and day(r) <= h.as_of]
    undone = {r["Reverses"] for r in receipts if r["Reverses"]}
    return h.but(
        charges=tuple(c for c in h.charges if known(c)),
        receipts=tuple(r for r in receipts if not r["Reverses"] and r["Receipt"] not in undone),
        adjustments=tuple(a for a in h.adjustments if known(a) and a["Effective"] <= h.as_of),
        known_on=None,
    )
