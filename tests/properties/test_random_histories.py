"""The ledger against the slow reference on random towns and histories, and what must hold of any history at all.

XLTAX_EXAMPLES=2000 looks harder.
"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.properties.strategies import cases
from tests.properties.two_readings import BOTH, EXAMPLES, answer, both_agree, fast, in_force
from tests.reference.adjusting import ABOUT, REDUCING
from xltax.errors import LawNotEncoded
from xltax.ledger import replay

# ---- several days at once -------------------------------------------------------------------------------------------


@given(case=cases(), data=st.data())
def test_an_outlook_says_what_a_replay_of_each_day_says(case, data):
    """Looked at on the way, in one run, or each day by itself: the same cents, discounts and credit."""
    town, h = case
    events = [r["Received"] for r in h.receipts] + [c["Due"] for c in h.charges] + [dt.date(h.as_of.year - 1, 12, 31)]
    near = st.builds(lambda d, n: d + dt.timedelta(days=n), st.sampled_from(events), st.integers(-2, 40))
    days = data.draw(st.lists(near | st.just(h.as_of), min_size=1, max_size=8))
    try:
        alone = {day: fast(town, h.but(as_of=day, known_on=None)) for day in days}
    except LawNotEncoded:
        with pytest.raises(LawNotEncoded):
            replay.outlook(h.facts(), town.profile, days)
        return
    ahead = replay.outlook(h.facts(), town.profile, days)
    assert ahead.days == sorted(set(days))
    for n, day in enumerate(ahead.days):
        one = alone[day].balances
        assert ahead.tax[n].tolist() == one["Tax"].tolist()
        assert ahead.owed[n].tolist() == one["Total"].tolist()
        assert ahead.saved[n].tolist() == one["Discount"].tolist()
        assert ahead.last_free.tolist() == one["Last Free Day"].to_numpy().tolist()
        assert ahead.credit[n] == alone[day].credits["Credit"].sum()


# ---- the two implementations ----------------------------------------------------------------------------------------


@given(cases())
def test_fast_and_slow_agree_to_the_cent(case):
    town, h = case
    both_agree(town, h)


@given(cases(plain=True))
def test_fast_and_slow_agree_on_payments_alone(case):
    town, h = case
    both_agree(town, h)


# ---- what holds of any history --------------------------------------------------------------------------------------

FEWER = settings(max_examples=max(10, EXAMPLES // 4))


@BOTH
@FEWER
@given(case=cases())
def test_cents_are_conserved(run, case):
    """Every cent received was applied, is credit, is listed for refund or was paid out; every bucket follows."""
    town, h = case
    facts = in_force(h)
    found = answer(run, town, h)
    received = sum(r["Amount"] for r in facts.receipts)
    of_receipts = sum(sum(v[:4]) - v[4] for k, v in found["splits"].items() if k[0] != "credit")
    of_credit = sum(sum(v[:4]) - v[4] for k, v in found["splits"].items() if k[0] == "credit")
    kept = sum(credit + refund for credit, refund in found["credits"].values())
    refunds = sum(a["Amount"] for a in facts.adjustments if a["Kind"] == "Refund")
    assert of_receipts <= received
    # Refunds asked for beyond what there was are not paid out, so only a bound can be seen from outside.
    assert received - of_receipts - of_credit - refunds <= kept <= received - of_receipts - of_credit

    tax = {(b[0], b[1], b[2]): b[3] for b in found["balances"]}
    billed = {(c["Bill"], c["Part"], c["Inst"]): c["Amount"] for c in facts.charges}
    for key, amount in billed.items():
        signs = [
            (-1 if a["Kind"] in REDUCING else 1) * a["Amount"]
            for a in facts.adjustments
            if (a["Bill"], a["Part"], a["Inst"]) == key
            and (a["Component"] or ABOUT.get(a["Kind"], "tax")) == "tax"
            and a["Kind"] != "Refund"
        ]
        paid = sum(v[0] for k, v in found["splits"].items() if k[1:] == key)
        assert tax[key] == amount + sum(signs) - paid


@BOTH
@FEWER
@given(case=cases())
def test_no_bucket_is_below_zero(run, case):
    town, h = case
    found = answer(run, town, h)
    assert all(amount >= 0 for balance in found["balances"] for amount in balance[3:])
    assert all(b[7] == sum(b[3:7]) for b in found["balances"])
    assert all(amount >= 0 for pair in found["credits"].values() for amount in pair)
    assert all(amount >= 0 for key, line in found["splits"].items() if key[0] != "credit" for amount in line)


@BOTH
@FEWER
@given(case=cases(), data=st.data())
def test_the_order_of_rows_does_not_matter(run, case, data):
    """Accounts, receipts, adjustments and closed days in any order. Bills of one age keep theirs."""
    town, h = case
    found = answer(run, town, h)
    accounts = data.draw(st.permutations(sorted({c["Account"] for c in h.charges})))
    by_due = sorted(
        h.charges, key=lambda c: c["Due"], reverse=data.draw(st.booleans())
    )  # stable: one age keeps its order
    if len({c["Party"] or c["Account"] for c in h.charges}) == len(accounts):
        by_due.sort(key=lambda c: accounts.index(c["Account"]))
    shuffled = h.but(
        charges=tuple(by_due),
        receipts=tuple(data.draw(st.permutations(h.receipts))),
        adjustments=tuple(data.draw(st.permutations(h.adjustments))),
        closed=tuple(data.draw(st.permutations(h.closed))),
    )
    again = answer(run, town, shuffled)
    assert sorted(again.pop("balances")) == sorted(found.pop("balances"))
    assert again == found


@BOTH
@FEWER
@given(case=cases())
def test_facts_not_in_force_are_as_if_they_had_never_been(run, case):
    """Reversed receipts, what is not yet known and what is not yet effective: leaving them out changes nothing."""
    town, h = case
    assert answer(run, town, h) == answer(run, town, in_force(h))


@BOTH
@FEWER
@given(case=cases())
def test_reversing_a_receipt_is_never_having_had_it(run, case):
    town, h = case
    standing = in_force(h).receipts
    assume(standing)
    victim = standing[-1]
    entry = victim | {"Receipt": "R999", "Received": h.as_of, "Effective": None, "Recorded": None}
    reversed_ = h.but(receipts=(*h.receipts, entry | {"Kind": "Reversal", "Reverses": victim["Receipt"]}))
    never = h.but(receipts=tuple(r for r in h.receipts if victim["Receipt"] not in (r["Receipt"], r["Reverses"])))
    assert answer(run, town, reversed_) == answer(run, town, never)


@BOTH
@FEWER
@given(case=cases(), data=st.data())
def test_a_figure_as_known_then_can_be_had_again(run, case, data):
    """What was recorded after a day does not change the figure as it was known on that day."""
    town, h = case
    days = sorted({r["Recorded"] for r in (*h.receipts, *h.adjustments) if r["Recorded"]} or {h.as_of})
    known_on = data.draw(st.sampled_from(days))

    def then(rows) -> tuple:
        return tuple(r for r in rows if r["Recorded"] is None or r["Recorded"] <= known_on)

    book_then = h.but(
        charges=then(h.charges), receipts=then(h.receipts), adjustments=then(h.adjustments), known_on=None
    )
    assume(book_then.charges)
    assert answer(run, town, h.but(known_on=known_on)) == answer(run, town, book_then)
