"""Whatever discounts a town has: what is owed less the discount shown is what settles everything on that day."""

from __future__ import annotations

from hypothesis import given, settings

from tests.properties.strategies import cases
from tests.properties.two_readings import EXAMPLES, fast
from xltax.errors import LawNotEncoded
from xltax.law.allocation import Allocation


@settings(max_examples=EXAMPLES)
@given(case=cases())
def test_what_is_owed_less_the_discount_shown_settles_it(case) -> None:
    """One payment of each group's figure, by the owner, leaves nothing open: an installment's discount, the bill's, or a part's."""
    town, history = case
    history = history.but(known_on=None)
    policy = town.profile.rule(Allocation, history.as_of).params
    if (policy.leftover, policy.credit_applies) != ("next_installment", "at_once"):
        return  # what is not due yet is not paid by it
    if policy.litigation == "skip" and any(c["Hold"] == "litigation" for c in history.charges):
        return
    try:
        ledger = fast(town, history)
    except LawNotEncoded:
        return
    credit = dict(zip(ledger.credits["Group"], ledger.credits["Credit"], strict=True))
    payments = []
    for group, rows in ledger.balances.groupby("Group"):
        amount = int(rows["Total"].sum() - rows["Discount"].sum()) - int(credit.get(group, 0))
        payment = {
            "Receipt": f"S{len(payments)}",
            "Received": history.as_of,
            "Account": rows["Account"].iloc[0],
            "Amount": amount,
        }
        payments += [payment | {"By": "owner", "Kind": "Payment"}] if amount > 0 else []
    after = fast(town, history.but(receipts=(*history.receipts, *payments)))
    assert after.balances["Total"].sum() == 0
