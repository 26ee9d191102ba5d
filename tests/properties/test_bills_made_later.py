"""A bill takes only money that is still in hand on the day it is made, and that money counts from its own day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.random_towns import LAST, Town
from tests.properties.small_towns import MONTHLY, small_town
from tests.properties.strategies import cases, charge_tables, history
from tests.properties.two_readings import EXAMPLES, answer, fast, in_force, slow
from tests.reference.replay import sees
from xltax.law.interest import Interest
from xltax.law.load import load

BOTH = pytest.mark.parametrize("run", [fast, slow], ids=["fast", "slow"])

CT = Town(load("us-ct-south-windsor"), ("RE", "MV"), ("",), ())
NJ = Town(load("us-nj-colts-neck"), ("RE",), ("",), ())
EARLY = {"rate": "2%", "until": "months_after", "months": 1, "on": "full_payment"}


def due_on(run, where: Town, text: str, as_of: str) -> dict[str, tuple[int, int]]:
    """(tax, interest) still owed by bill and installment."""
    return {f"{b[0]}/{b[2]}": (b[3], b[4]) for b in answer(run, where, history(text, as_of))["balances"]}


@BOTH
def test_a_new_grand_list_takes_nothing_back(run):
    """House 7,245.00 and car 486.90 of 2022 paid in full on July 12, 2023; the bills of 2023 are made on June 3, 2024."""
    found = due_on(run, CT, """
        bill  22-R  R100  2023 RE  due 2023-07-01 3,622.50, 2024-01-01 3,622.50  entered 2023-06-01  party P1
        bill  22-M  M300  2023 MV  due 2023-07-01 486.90                         entered 2023-06-01  party P1
        bill  23-R  R100  2024 RE  due 2024-07-01 3,685.50                       entered 2024-06-03  party P1
        bill  23-M  M300  2024 MV  due 2024-07-01 486.90                         entered 2024-06-03  party P1
        paid  1     2023-07-12     M300    486.90
        paid  2     2023-07-12     R100  7,245.00
    """, "2024-06-30")  # fmt: skip
    assert found == {
        "22-R/1": (0, 0),
        "22-R/2": (0, 0),
        "22-M/1": (0, 0),
        "23-R/1": (368_550, 0),
        "23-M/1": (48_690, 0),
    }


@BOTH
@pytest.mark.parametrize(
    ("received", "tax", "interest"),
    [
        ("2024-07-10", 0, 0),  # within the month of grace
        ("2024-08-01", 0, 0),  # its last day
        # Two months begun: 30.00 of interest, so 30.00 of tax stays; two more months of that.
        ("2024-08-10", 3_000, 90),
        ("2024-10-03", 6_000, 0),  # the fourth month has begun: 60.00
    ],
)
def test_money_in_hand_pays_a_bill_entered_late_as_of_its_own_day(run, received, tax, interest):
    """Due July 1, 2024, entered on October 5; 1,000.00 too much came in on the day given."""
    found = due_on(run, CT, f"""
        bill  23-A  R100        due 2024-07-01 1,000.00  entered 2024-06-03  party P1
        bill  23-B  R100        due 2024-07-01 1,000.00  entered 2024-10-05  party P1
        paid  1     2024-07-01  R100  1,000.00
        paid  2     {received}  R100  1,000.00
    """, "2024-10-05")  # fmt: skip
    assert found == {"23-A/1": (0, 0), "23-B/1": (tax, interest)}


@BOTH
def test_a_bill_entered_late_without_money_in_hand_bears_from_its_due_date(run):
    """Four months begun on October 5: 6% of 1,000.00."""
    found = due_on(run, CT, """
        bill  23-A  R100        due 2024-07-01 1,000.00  entered 2024-06-03  party P1
        bill  23-B  R100        due 2024-07-01 1,000.00  entered 2024-10-05  party P1
        paid  1     2024-07-10  R100  1,000.00
    """, "2024-10-05")  # fmt: skip
    assert found == {"23-A/1": (0, 0), "23-B/1": (100_000, 6_000)}


@BOTH
@pytest.mark.parametrize("effective", ["2024-07-01", "2024-10-05"])
def test_a_corrected_bill_is_paid_by_what_paid_the_wrong_one_from_that_day(run, effective):
    """1,000.00 paid on July 10; on October 5 the bill is cancelled, from its due date or from that day, and made out anew."""
    facts = f"""
        bill        23-A  R100         due 2024-07-01 1,000.00   entered 2024-06-03  party P1
        bill        23-B  R100         due 2024-07-01 1,000.00   entered 2024-10-05  party P1
        paid        1     2024-07-10   R100  1,000.00
        adjustment  J1    {effective}  23-A  Cancellation 1,000.00  entered 2024-10-05
    """
    found = answer(run, CT, history(facts, "2024-12-31"))
    assert [b[3:5] for b in found["balances"]] == [(0, 0), (0, 0)]
    assert found["credits"] == {}


@BOTH
def test_a_bill_made_before_it_is_due_takes_what_is_in_hand_on_its_due_date_or_at_once(run):
    """500.00 too much on February 3; the next year's bill is made on July 10, due August 1."""
    facts = """
        bill  1  due 2024-02-01 1,000.00  entered 2024-01-05
        bill  2  due 2024-08-01 1,000.00  entered 2024-07-10
        paid  1  2024-02-03  A1  1,500.00
    """
    before = answer(run, NJ, history(facts, "2024-07-09").but(known_on=dt.date(2024, 7, 9)))
    assert [b[3] for b in before["balances"]] == [0]
    assert before["credits"] == {"A1": (50_000, 0)}
    after = answer(run, NJ, history(facts, "2024-08-01"))
    assert [b[3] for b in after["balances"]] == [0, 50_000]
    assert after["credits"] == {}


@BOTH
def test_a_late_bill_lies_above_what_was_delinquent_before_it(run):
    """1,500.00 of February at 8%; 1,000.00 of the same day, entered on October 5, is the part above the lower tier."""
    found = due_on(run, NJ, """
        bill  1  due 2024-02-01 1,500.00  entered 2024-01-05
        bill  2  due 2024-02-01 1,000.00  entered 2024-10-05
    """, "2024-11-01")  # fmt: skip
    # 270 days: 1,500.00 x 8% x 3/4 and 1,000.00 x 18% x 3/4.
    assert found == {"1/1": (150_000, 9_000), "2/1": (100_000, 13_500)}


@BOTH
def test_money_in_hand_earns_the_discount_of_its_own_day(run):
    """2% off within a month: 980.00 too much on March 1 settles 1,000.00 of that day that is entered on June 20."""
    where = small_town({"method": "flat", "rate": "5%"}, ("discount", EARLY))
    facts = """
        bill  1  due 2022-02-01   500.00  entered 2022-02-01
        bill  2  due 2022-03-01 1,000.00  entered 2022-06-20
        paid  1  2022-02-01  A1  490.00
        paid  2  2022-03-01  A1  980.00
    """
    found = answer(run, where, history(facts, "2022-06-20"))
    assert [b[3:5] for b in found["balances"]] == [(0, 0), (0, 0)]
    assert found["credits"] == {}


@BOTH
def test_a_discount_is_not_paid_back_when_the_tax_is_lowered(run):
    """980.00 settled 1,000.00 at 2% off; lowered to 900.00, 882.00 would have: 98.00 is too much, not 100.00."""
    where = small_town(MONTHLY, ("discount", EARLY))
    facts = """
        bill        1   due 2022-03-01 1,000.00
        paid        1   2022-03-01  A1   980.00
        adjustment  J1  2022-05-02  1/1  Correction Down 100.00
    """
    found = answer(run, where, history(facts, "2022-05-02"))
    assert [b[3] for b in found["balances"]] == [0]
    assert found["credits"] == {"A1": (9_800, 0)}


@BOTH
def test_a_figure_for_a_day_before_the_bill_was_made_is_as_if_it_had_been(run):
    """As of September 2 (three months begun: 4.5%), known now: the bill entered on October 5 is there with its interest."""
    found = due_on(run, CT, """
        bill  23-A  R100        due 2024-07-01 1,000.00  entered 2024-06-03  party P1
        bill  23-B  R100        due 2024-07-01 1,000.00  entered 2024-10-05  party P1
        paid  1     2024-07-10  R100  1,000.00
    """, "2024-09-02")  # fmt: skip
    assert found == {"23-A/1": (0, 0), "23-B/1": (100_000, 4_500)}


@BOTH
def test_payments_entered_with_or_after_a_bill_see_it_whatever_day_they_count_from(run):
    """A book set up on October 5 with the year's bills and payments: a check of August 10 pays the bill of July with 3%."""
    found = due_on(run, CT, """
        bill  22-A  R100        due 2023-07-01 1,000.00                      party P1
        bill  23-A  R100        due 2024-07-01 1,000.00  entered 2024-10-05  party P1
        paid  1     2023-07-10  R100  1,000.00           entered 2024-10-05
        paid  2     2024-08-10  R100  1,030.00           entered 2024-10-05
    """, "2024-10-05")  # fmt: skip
    assert found == {"22-A/1": (0, 0), "23-A/1": (0, 0)}


# ---- any history -----------------------------------------------------------------------------------------------------


def of_bills(lines: dict, bills: set[str]) -> dict:
    return {key: line for key, line in lines.items() if key[1] in bills}


@BOTH
@settings(max_examples=max(20, EXAMPLES))
@given(case=cases(), data=st.data())
def test_further_bills_change_nothing_that_was_applied_and_raise_no_interest(run, case, data):
    """On the day further bills are made: what was applied stays, and no earlier bill owes more than without them."""
    where, h = case
    made = data.draw(st.sampled_from(sorted({c["Due"] for c in h.charges}))) + dt.timedelta(
        days=data.draw(st.sampled_from([-200, -60, -5, 1, 40, 100, 300]))
    )
    made = min(max(made, dt.date(2021, 6, 1)), LAST - dt.timedelta(days=400))
    old = in_force(h.but(as_of=made, known_on=made))
    old = old.but(
        charges=tuple(c | {"Recorded": None} for c in old.charges),
        receipts=tuple(r for r in old.receipts if sees(r) < made),
        as_of=made,
    )
    more = data.draw(charge_tables(where, False))
    further = tuple(c | {"Bill": f"N{c['Bill']}", "Recorded": made} for c in more)
    parties = {c["Account"]: c["Party"] for c in old.charges}
    further = tuple(c | {"Party": parties.get(c["Account"], c["Party"])} for c in further)
    before, after = answer(run, where, old), answer(run, where, old.but(charges=old.charges + further))
    mine = {c["Bill"] for c in old.charges}
    assert of_bills(after["splits"], mine) == before["splits"]
    owed = {b[:3]: b[3:] for b in after["balances"]}
    # Where cents come out once for the account, a further bill may shift which of its bills bears the odd one.
    odd = any(getattr(rule.params, "round_by", "") == "account" for rule in where.profile.all(Interest))
    for b in before["balances"]:
        now = owed[b[:3]]
        assert now[0] == b[3]
        assert all(x <= y + odd for x, y in zip(now[1:4], b[4:7], strict=True)), (b, now)
