"""What the law of other States asks of a bill: classes, a missed installment, shares, discounts that shrink. Worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.law.test_months import charge, ledger, owed, paid, town
from tests.law.test_schedules import figures
from tests.written.ledger import day
from xltax.law.load import load
from xltax.law.profile import Profile

# ---- acceleration ----------------------------------------------------------------------------------------------------

TWELVE = '[[interest]]\nmethod = "tiered_annual"\ntiers = [{ rate = "12%" }]\nday_count = "actual/365"\n'
QUARTERS = [
    charge(due, "250.00", Inst=n) for n, due in enumerate(("2023-08-01", "2023-11-01", "2024-02-01", "2024-05-01"), 1)
]


def accelerated(folder: Path, more: str, interest: str = TWELVE) -> Profile:
    return town(
        folder,
        interest,
        f"[[acceleration]]\n{more}\n",
        '[[grace]]\ncounted = "days_following"\ndays = 30\nroll = false\n',
    )


def test_a_missed_quarter_makes_the_rest_due(tmp_path: Path) -> None:
    """South Kingstown: the first quarter missed, 12% a year from August 1 on all 1,000.00: 45 days are 14.79."""
    law = accelerated(tmp_path, 'interest_from = "first"\nreinstated = "when_arrears_paid"')
    assert owed(law, QUARTERS[:1] + QUARTERS[1:], [], "2023-08-31") == 1_000_00
    assert owed(law, QUARTERS, [], "2023-09-15") == 1_014_80  # four quarters of 3.698..., each rounded: 3.70
    found = ledger(law, QUARTERS, [], "2023-09-15").balances
    assert found["Late"].all()


def test_paying_the_late_quarters_and_all_interest_brings_installments_back(tmp_path: Path) -> None:
    """September 15: 250.00 and the interest of all, 14.80. Then no interest runs until the second quarter is missed on December 2."""
    law = accelerated(tmp_path, 'interest_from = "first"\nreinstated = "when_arrears_paid"', TWELVE)
    order = (
        '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "interest", "penalty"] }, { pay = ["tax"] }]\n'
    )
    path = tmp_path / "interest_first.toml"
    text = (tmp_path / "town.toml").read_text()
    path.write_text(text[: text.index("[[allocation]]")] + order)
    law = load(path)
    payment = [paid("2023-09-15", "264.80")]
    assert owed(law, QUARTERS, payment, "2023-09-15") == 750_00
    assert owed(law, QUARTERS, payment, "2023-12-01") == 750_00
    assert not ledger(law, QUARTERS, payment, "2023-12-01").balances["Late"].iloc[1:].any()
    # December 2: all of it again, from August 1 (123 days at 12% on 250.00: 10.11), less the 3.70 paid on each.
    assert owed(law, QUARTERS, payment, "2023-12-02") > 750_00


def test_the_rest_bears_from_the_missed_installment_or_from_its_own_days(tmp_path: Path) -> None:
    """The first quarter paid, the second missed: 45 days from November 1 on three quarters, or only on the second."""
    payment = [paid("2023-08-01", "250.00")]
    missed = accelerated(tmp_path, 'interest_from = "missed"')
    assert owed(missed, QUARTERS, payment, "2023-12-16") == 750_00 + 3 * 3_70
    own = accelerated(tmp_path, 'interest_from = "own"')
    assert owed(own, QUARTERS, payment, "2023-12-16") == 750_00 + 3_70
    # A payment of all of it is taken: the rest is due.
    assert owed(own, QUARTERS, [*payment, paid("2023-12-16", "753.70", "R2")], "2023-12-16") == 0


def test_only_a_missed_first_half_makes_the_rest_due(tmp_path: Path) -> None:
    law = town(
        tmp_path,
        '[[interest]]\nmethod = "per_month_or_part"\nrate = "1%"\nmonths = "touched"\ncounted_from = "delinquent"\n',
        '[[acceleration]]\nmissed = "first_installment"\n',
    )
    halves = [charge("2023-04-30"), charge("2023-10-31", Inst=2)]
    assert owed(law, halves, [], "2023-05-01") == 2_020_00
    assert owed(law, halves, [paid("2023-04-30", "1000.00")], "2023-11-01") == 1_010_00
    quarters = [charge(due, "250.00", Inst=n) for n, due in enumerate(("2023-04-30", "2023-10-31", "2024-01-31"), 1)]
    assert owed(law, quarters, [paid("2023-04-30", "250.00")], "2023-11-01") == 502_50


def test_interest_from_the_first_installment_whichever_is_missed(tmp_path: Path) -> None:
    """Wisconsin 74.11(8): the second half missed on July 31 bears interest from February 1: seven months on August 1."""
    law = town(
        tmp_path,
        '[[interest]]\nmethod = "per_month_or_part"\nrate = "1%"\nmonths = "touched"\ncounted_from = "first_installment"\n',
        "[[acceleration]]\n",
    )
    halves = [charge("2024-01-31"), charge("2024-07-31", Inst=2)]
    assert owed(law, halves, [], "2024-02-01") == 2_020_00
    assert owed(law, halves, [paid("2024-01-31", "1000.00")], "2024-08-01") == 1_070_00


# ---- how money is applied --------------------------------------------------------------------------------------------


def test_a_payment_in_proportion(tmp_path: Path) -> None:
    """Wisconsin 74.49: 115.00 in the tenth month at 1.5% are 100.00 of tax and 15.00 of interest."""
    path = tmp_path / "wi.toml"
    path.write_text(
        'id = "us-zz-wi"\n[[interest]]\nmethod = "per_month_or_part"\nrate = "1.5%"\nmonths = "touched"\ncounted_from = "delinquent"\n'
        '[[grace]]\ncounted = "none"\nroll = false\n[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "interest", "penalty", "tax"], split = "proportional" }]\n'
    )
    found = ledger(load(path), [charge("2024-01-31")], [paid("2024-11-15", "115.00")], "2024-11-15")
    line = found.postings.iloc[0]
    assert (line["Tax"], line["Interest"]) == (100_00, 15_00)
    # In full: 1,150.00 pay everything.
    assert owed(load(path), [charge("2024-01-31")], [paid("2024-11-15", "1150.00")], "2024-11-15") == 0


# ---- discounts that shrink -------------------------------------------------------------------------------------------

FLORIDA = """[[discount]]
steps = [{ until = "11-30", rate = "4%" }, { until = "12-31", rate = "3%" }, { until = "01-31", rate = "2%" }, { until = "02-28", rate = "1%" }]
"""
FREE_TO_MARCH = '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "11-01", last = "03-31" }]\nroll = true\n'
NO_INTEREST = '[[interest]]\nmethod = "flat"\nrate = "0%"\n'


@pytest.mark.parametrize(
    ("on", "needed"),
    [
        ("2024-11-15", "960.00"),
        ("2024-12-02", "960.00"),
        ("2024-12-03", "970.00"),
        ("2025-01-31", "980.00"),
        ("2025-02-28", "990.00"),
        ("2025-03-31", "1000.00"),
    ],
)
def test_a_discount_that_shrinks_from_month_to_month(tmp_path: Path, on: str, needed: str) -> None:
    """F.S. 197.162: 4% in November. November 30, 2024 is a Saturday: to Monday, December 2."""
    law = town(tmp_path, FLORIDA, NO_INTEREST, FREE_TO_MARCH)
    assert owed(law, [charge("2024-11-01")], [paid(on, needed)], on) == 0
    balances = ledger(law, [charge("2024-11-01")], [], on).balances
    assert f"{(balances['Total'] - balances['Discount']).iloc[0] / 100:.2f}" == needed


def test_a_bill_mailed_late_keeps_the_first_step_for_thirty_days(tmp_path: Path) -> None:
    law = town(tmp_path, FLORIDA + "mailed_days = 30\n", NO_INTEREST, FREE_TO_MARCH)
    late = charge("2024-11-01", Mailed=day("2024-11-20"))
    assert owed(law, [late], [paid("2024-12-20", "960.00")], "2024-12-20") == 0
    assert owed(law, [late], [paid("2024-12-21", "970.00")], "2024-12-21") == 0


def test_a_discount_of_its_own_for_each_installment(tmp_path: Path) -> None:
    """The plan of F.S. 197.222: 6% of June's quarter, 4.5% of September's, 3% of December's, nothing of March's."""
    by_due = '[[discount]]\nby_due = [{ due = "06-30", rate = "6%" }, { due = "09-30", rate = "4.5%" }, { due = "12-31", rate = "3%" }]\n'
    law = town(tmp_path, by_due, NO_INTEREST)
    quarters = [
        charge(due, "250.00", Inst=n)
        for n, due in enumerate(("2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31"), 1)
    ]
    money = [
        paid(on, amount, f"R{n}")
        for n, (on, amount) in enumerate(
            (("2024-06-28", "235.00"), ("2024-09-30", "238.75"), ("2024-12-31", "242.50"), ("2025-03-31", "250.00")), 1
        )
    ]
    assert owed(law, quarters, money, "2025-03-31") == 0


def test_the_last_day_of_february_is_a_due_date_in_every_year(tmp_path: Path) -> None:
    """Colorado's first half: due on the last day of February, with thirty days after mailing; and a last free day given for it."""
    grace = '[[grace]]\ncounted = "none"\nlate_bill_days = 30\nlate_bill_due = ["02-29"]\nroll = false\n'
    law = town(tmp_path, '[[interest]]\nmethod = "flat"\nrate = "1%"\n', grace)
    for year, free in (("2025", "2025-03-22"), ("2024", "2024-03-21")):
        due = "2025-02-28" if year == "2025" else "2024-02-29"
        found = ledger(law, [charge(due, Mailed=day(f"{year}-02-20"))], [], due).balances
        assert str(found["Last Free Day"].iloc[0].date()) == free
    fixed = '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "02-29", last = "03-15" }]\nroll = false\n'
    law = town(
        tmp_path,
        '[[interest]]\nmethod = "flat"\nrate = "1%"\n[[discount]]\nby_due = [{ due = "02-29", rate = "2%" }]\n',
        fixed,
    )
    assert figures(law, "2025-02-28", "2025-03-15", "2025-03-16") == [0, 10]
    assert owed(law, [charge("2025-02-28")], [paid("2025-02-28", "980.00")], "2025-02-28") == 0
