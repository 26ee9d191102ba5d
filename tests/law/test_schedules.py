"""Schedules, and what else the law of other States asks of interest. Every figure is worked by hand from the words beside it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.law.test_months import charge, owed, paid, town
from tests.written.ledger import day, facts_of
from xltax.errors import BadProfile
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.ledger.replay import replay

GRACE_5_JAN = '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "09-01", last = "01-05" }]\nroll = false\n'


def schedule(steps: str, more: str = "") -> str:
    return f'[[interest]]\nmethod = "schedule"\nsteps = [{steps}]\n{more}\n'


def figures(profile: Profile, due: str, *days: str, **more) -> list[float]:
    """What 1,000.00 costs on each day beyond the tax, in dollars."""
    return [(owed(profile, [charge(due, **more)], [], on) - 1_000_00) / 100 for on in days]


# ---- steps ----------------------------------------------------------------------------------------------------------


def test_a_first_rate_and_then_so_much_a_month(tmp_path: Path) -> None:
    """G.S. 105-360 in North Carolina: 2% from January 6, and from February 1 three quarters of a percent a month."""
    law = town(
        tmp_path,
        schedule('{ at = "delinquent", total = "2%" }, { on = "02-01", total = "2.75%", then = "0.75%" }'),
        GRACE_5_JAN,
    )
    days = (
        "2025-01-05",
        "2025-01-06",
        "2025-01-31",
        "2025-02-01",
        "2025-02-28",
        "2025-03-01",
        "2026-01-31",
        "2026-02-01",
    )
    assert figures(law, "2024-09-01", *days) == [0, 20, 20, 27.50, 27.50, 35, 110, 117.50]


def test_steps_by_date_and_then_by_the_month(tmp_path: Path) -> None:
    """Westchester: April free, May 2%, June and July 5%, to September 7%, to December 10%, to April 12%, then 13% and 1% a month."""
    steps = """{ on = "05-01", total = "2%" }, { on = "06-01", total = "5%" }, { on = "08-01", total = "7%" },
      { on = "10-01", total = "10%" }, { on = "01-01", total = "12%" }, { on = "05-01", years = 1, total = "13%", then = "1%" }"""
    law = town(
        tmp_path,
        schedule(steps),
        '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "04-01", last = "04-30" }]\nroll = false\n',
    )
    days = (
        "2024-04-30",
        "2024-05-31",
        "2024-07-31",
        "2024-08-01",
        "2024-12-31",
        "2025-04-30",
        "2025-05-01",
        "2025-07-01",
    )
    assert figures(law, "2024-04-01", *days) == [0, 20, 50, 70, 100, 120, 130, 150]


def test_months_from_the_due_date_bear_more_after_the_third(tmp_path: Path) -> None:
    """32 V.S.A. 5136: 1% a month or part for three months, then 1.5%. Due August 15: the fourth month begins on November 16."""
    law = town(tmp_path, schedule('{ at = "delinquent", total = "1%" }, { after_months = 1, total = "2%" }, { after_months = 2, total = "3%" }, { after_months = 3, total = "4.5%", then = "1.5%" }', 'component = "interest"'))  # fmt: skip
    days = (
        "2023-08-15",
        "2023-08-16",
        "2023-09-15",
        "2023-09-16",
        "2023-11-15",
        "2023-11-16",
        "2023-12-16",
        "2024-08-15",
        "2024-08-16",
    )
    assert figures(law, "2023-08-15", *days) == [0, 10, 10, 20, 30, 45, 60, 165, 180]


def test_months_from_the_last_day_of_a_month_end_with_the_months(tmp_path: Path) -> None:
    """Due August 31: two months end on October 31, and the month after them on November 30."""
    law = town(tmp_path, schedule('{ after_months = 2, total = "3%", then = "1%" }'))
    assert figures(law, "2023-08-31", "2023-10-31", "2023-11-01", "2023-11-30", "2023-12-01") == [0, 30, 30, 40]


def test_a_tail_ends_and_a_later_step_adds_to_it(tmp_path: Path) -> None:
    """Minnesota's homesteads: 2%, 4% on the 1st of the next month, 1% more a month through December and to 8%, 2% more in January."""
    steps = """{ at = "delinquent", total = "2%" }, { next_month = 1, total = "4%", then = "1%", most = "8%", then_until = "12-31" },
      { on = "01-01", add = "2%" }"""
    law = town(tmp_path, schedule(steps))
    first = (
        "2024-05-16",
        "2024-06-01",
        "2024-07-01",
        "2024-09-30",
        "2024-10-01",
        "2024-12-31",
        "2025-01-01",
        "2025-06-01",
    )
    assert figures(law, "2024-05-15", *first) == [20, 40, 50, 70, 80, 80, 100, 100]
    assert figures(law, "2024-10-15", "2024-10-16", "2024-11-01", "2024-12-01", "2025-01-01") == [20, 40, 50, 70]


def test_a_penalty_ends_and_what_is_not_paid_by_then_is_no_longer_owed(tmp_path: Path) -> None:
    """A Michigan township's 3% from February 15 is not turned over on March 1. 515.00 on February 20 pay 500.00 and its 15.00."""
    law = town(tmp_path, schedule('{ at = "delinquent", total = "3%" }, { on = "03-01", total = "0%" }'))
    assert figures(law, "2025-02-14", "2025-02-15", "2025-02-28", "2025-03-01") == [30, 30, 0]
    charges, payment = [charge("2025-02-14")], [paid("2025-02-20", "515.00")]
    # Penalty is paid first: 30.00, and 485.00 of tax.
    assert owed(law, charges, payment, "2025-02-28") == 515_00
    assert owed(law, charges, payment, "2025-03-01") == 515_00


def test_what_is_paid_keeps_the_rate_of_its_day(tmp_path: Path) -> None:
    """10% on the first day, 20% after thirty: 550.00 on day 5 pay 100.00 and 450.00 of tax; the rest of 550.00 bears 10% more."""
    law = town(tmp_path, schedule('{ at = "delinquent", total = "10%" }, { after_days = 30, total = "20%" }'))
    assert owed(law, [charge("2025-05-10")], [paid("2025-05-15", "550.00")], "2025-06-09") == 550_00
    assert owed(law, [charge("2025-05-10")], [paid("2025-05-15", "550.00")], "2025-06-10") == 605_00


def test_every_six_months_ten_percent_more(tmp_path: Path) -> None:
    """IC 6-1.1-37-10: 5%, or 10% after thirty days, and another 10% after each later due date of May and November."""
    steps = '{ at = "delinquent", total = "5%" }, { after_days_late = 30, total = "10%" }, { on = "05-11", years = 1, total = "20%", then = "10%", every_months = 6 }'
    law = town(tmp_path, schedule(steps))
    days = ("2023-05-11", "2023-06-09", "2023-06-10", "2024-05-10", "2024-05-11", "2024-11-10", "2024-11-11")
    # The first May 11 after May 10, 2023 is the next day; a year later is May 11, 2024.
    assert figures(law, "2023-05-10", *days) == [50, 50, 100, 100, 200, 200, 300]


def test_a_discount_is_a_total_below_zero(tmp_path: Path) -> None:
    """2% off to April 30, the face to June 30, 10% from July 1."""
    law = town(
        tmp_path,
        schedule('{ at = "bill", total = "-2%" }, { on = "05-01", total = "0%" }, { on = "07-01", total = "10%" }'),
        '[[grace]]\ncounted = "months"\nmonths = 4\nmonth_ends = "day_before"\n',
    )
    assert owed(law, [charge("2025-03-01")], [paid("2025-04-30", "980.00")], "2025-04-30") == 0
    assert owed(law, [charge("2025-03-01")], [paid("2025-05-01", "980.00")], "2025-05-01") == 20_00
    assert figures(law, "2025-03-01", "2025-06-30", "2025-07-01") == [0, 100]


def test_the_second_date_penalizes_what_is_open_of_the_first_half_again(tmp_path: Path) -> None:
    """R.C. 323.121: 5% once late and 10% after ten days; at the second date again, on all of the year that is open."""
    steps = """{ at = "delinquent", total = "5%" }, { after_days_late = 10, total = "10%" },
      { at = "last_installment", add = "5%" }, { at = "last_installment", after_days_late = 10, add = "5%" }"""
    law = town(tmp_path, schedule(steps))
    halves = [charge("2023-03-01"), charge("2023-07-19", Inst=2)]
    for on, penalty in (
        ("2023-03-02", 50),
        ("2023-03-12", 100),
        ("2023-07-19", 100),
        ("2023-07-20", 200),
        ("2023-07-30", 300),
    ):
        assert owed(law, halves, [], on) == 2_000_00 + penalty * 100, on


def test_a_step_only_in_the_year_of_the_due_date(tmp_path: Path) -> None:
    """RCW 84.56.020: 3% on June 1 of the year of the tax, 8% on December 1. A second half due October 31 never has the 3%."""
    law = town(tmp_path, schedule('{ on = "06-01", same_year = true, add = "3%" }, { on = "12-01", add = "8%" }'))
    assert figures(law, "2023-04-30", "2023-05-31", "2023-06-01", "2023-12-01", "2024-06-01") == [0, 30, 110, 110]
    assert figures(law, "2023-10-31", "2023-11-30", "2023-12-01", "2024-06-01") == [0, 80, 80]


def test_an_opening_balance_bears_what_the_schedule_adds_later(tmp_path: Path) -> None:
    """1,000.00 due February 1, 2024 came in as an opening balance of July 1, 2024: its 12% are in the old books."""
    law = town(
        tmp_path,
        schedule('{ on = "03-01", total = "6%", then = "1%", most = "12%" }, { on = "07-01", years = 1, add = "5%" }'),
    )
    assert figures(law, "2024-02-01", "2024-12-31", "2025-07-01", **{"Interest From": None}) == [120, 170]
    assert figures(law, "2024-02-01", "2024-12-31", "2025-07-01", **{"Interest From": day("2024-10-01")}) == [0, 50]


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ('{ total = "2%" }', "begins on one day"),
        ('{ at = "delinquent", on = "02-01", total = "2%" }', "begins on one day"),
        ('{ at = "delinquent" }', "a total or adds"),
        ('{ at = "delinquent", total = "2%", add = "1%" }', "a total or adds"),
        ('{ at = "bill", total = "2%" }', "for a discount"),
        ("", "no steps"),
        ('{ at = "delinquent", total = "2%", on_day = 40 }', "from 0 to 31"),
        ('{ on = "2-1", total = "2%" }', "month and day"),
    ],
)
def test_a_step_that_says_too_little_or_too_much_is_refused(tmp_path: Path, steps: str, what: str) -> None:
    with pytest.raises(BadProfile, match=what):
        town(tmp_path, schedule(steps))


def test_a_schedule_that_falls_is_refused(tmp_path: Path) -> None:
    law = town(tmp_path, schedule('{ on = "02-01", total = "5%" }, { on = "03-01", total = "3%" }'))
    with pytest.raises(BadProfile, match="falls from 5% to 3% on 2025-03-01"):
        figures(law, "2025-01-31", "2025-04-01")
    again = schedule('{ on = "02-01", total = "5%" }, { on = "03-01", total = "0%" }, { on = "04-01", total = "4%" }')
    with pytest.raises(BadProfile, match="rises from 0% to 4% on 2025-04-01"):
        figures(town(tmp_path, again), "2025-01-31", "2025-05-01")


# ---- the day interest is counted from --------------------------------------------------------------------------------

TEN = '[[interest]]\nmethod = "tiered_annual"\ntiers = [{ rate = "10%" }]\nday_count = "actual/365"\n'


@pytest.mark.parametrize(
    ("start", "first_day"),
    [
        ("day_after_due", "2023-12-06"),
        ("next_month", "2024-01-01"),
        ("07-01", "2024-07-01"),
        ("delinquent", "2024-01-05"),
    ],
)
def test_interest_begins_on_a_day_of_its_own(tmp_path: Path, start: str, first_day: str) -> None:
    """Due December 5, 2023, free for thirty days: 365 days after the first day at 10% are 100.00."""
    law = town(
        tmp_path,
        TEN + f'counted_from = "{start}"\n',
        '[[grace]]\ncounted = "days_following"\ndays = 30\nroll = false\n',
    )
    first = dt.date.fromisoformat(first_day)
    a_year_later = (first + dt.timedelta(days=365)).isoformat()
    assert figures(law, "2023-12-05", a_year_later) == [100]
    if start in ("next_month", "07-01"):
        assert figures(law, "2023-12-05", max(first, dt.date(2024, 1, 6)).isoformat()) == [
            0 if start == "07-01" else pytest.approx(1.37)
        ]


def test_the_penalty_of_the_last_installment_is_on_all_that_is_open(tmp_path: Path) -> None:
    """Orange, Vermont: 8% when the second installment is missed, on all that is then open."""
    law = town(tmp_path, '[[interest]]\nmethod = "flat"\nrate = "8%"\ncounted_from = "last_installment"\n')
    halves = [charge("2023-08-15"), charge("2023-11-15", Inst=2)]
    assert owed(law, halves, [], "2023-11-15") == 2_000_00
    assert owed(law, halves, [], "2023-11-16") == 2_160_00
    assert owed(law, halves, [paid("2023-10-01", "1000.00")], "2023-11-16") == 1_080_00


# ---- interest on tax and penalty -------------------------------------------------------------------------------------

VIRGINIA = TEN + 'counted_from = "next_month"\nbase = "tax_and_penalty"\n' + '[[interest]]\nmethod = "flat"\nrate = "10%"\nminimum = "10.00"\nmost = "tax"\n'  # fmt: skip


def test_interest_on_tax_and_penalty(tmp_path: Path) -> None:
    """Buckingham: due December 5, 10% on the 6th, 10% a year on 1,100.00 from January 1: 110.00 after 365 days."""
    law = town(tmp_path, VIRGINIA)
    assert figures(law, "2022-12-05", "2022-12-06", "2023-01-01", "2024-01-01") == [100, 100, 210]
    # 100.00 on December 10 pay the penalty: interest is on 1,000.00.
    assert owed(law, [charge("2022-12-05")], [paid("2022-12-10", "100.00")], "2024-01-01") == 1_100_00


def test_interest_on_a_penalty_that_grows(tmp_path: Path) -> None:
    """1% a month of the tax and the penalty so far: January on 1,000.00, February and March on 1,100.00: 32.00."""
    monthly = '[[interest]]\nmethod = "per_month_or_part"\nrate = "1%"\nmonths = "touched"\ncounted_from = "delinquent"\nbase = "tax_and_penalty"\n'
    law = town(tmp_path, monthly, schedule('{ on = "02-01", total = "10%" }'))
    assert figures(law, "2024-12-31", "2025-01-31", "2025-02-01", "2025-03-01") == [10, 121, 132]


def test_a_penalty_is_never_more_than_the_tax(tmp_path: Path) -> None:
    """The greater of 10% and 10.00, never above the tax: on 4.00 it is 4.00, on 40.00 it is 10.00."""
    law = town(tmp_path, VIRGINIA)
    for tax, all_of_it in (("4.00", 8_00), ("40.00", 50_00), ("200.00", 220_00)):
        assert owed(law, [charge("2022-12-05", tax)], [], "2022-12-06") == all_of_it


def test_a_penalty_on_the_penalty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadProfile, match="works only for interest"):
        town(tmp_path, schedule('{ at = "delinquent", total = "2%" }', 'base = "tax_and_penalty"'))


# ---- rates and rounding ----------------------------------------------------------------------------------------------


def test_whole_dollars(tmp_path: Path) -> None:
    """Iowa Code 445.39: 1.5% a month to the nearest dollar, at least $1: 333.00 for two months is 9.99, so 10.00; 20.00 is 1.00."""
    law = town(
        tmp_path, '[[interest]]\nmethod = "per_month_or_part"\nrate = "1.5%"\nround_to = "dollar"\nminimum = "1.00"\n'
    )
    assert owed(law, [charge("2025-03-31", "333.00")], [], "2025-05-15") == 343_00
    assert owed(law, [charge("2025-03-31", "20.00")], [], "2025-05-15") == 21_00
    # 143.00 on May 15 pay the 10.00 and 133.00; two more months on 200.00 are 6.00 of 15.99 in all, so 16.00 less 10.00.
    assert owed(law, [charge("2025-03-31", "333.00")], [paid("2025-05-15", "143.00")], "2025-07-15") == 206_00


def test_a_twelfth_of_a_yearly_rate_is_rounded_as_the_law_says(tmp_path: Path) -> None:
    """RPTL 924-a: 10.40% a year by twelve is 0.8666...%, rounded to 0.87%."""
    law = town(
        tmp_path, '[[interest]]\nmethod = "per_month_or_part"\nrate = "10.40% per year"\nrate_rounded = "0.01%"\n'
    )
    assert figures(law, "2025-01-31", "2025-02-01") == [8.70]


def test_a_table_of_dated_rates_is_many_rules(tmp_path: Path) -> None:
    """Maine's rate of the levy's year stays until the tax is paid: 2022 4%, 2023 8%."""
    law = town(
        tmp_path,
        '[[interest]]\nmethod = "tiered_annual"\nday_count = "actual/365"\ngoverns = "levy_year"\nrates = [{ from = 2022-01-01, rate = "4%" }, { from = 2023-01-01, rate = "8%" }]\n',
    )
    assert figures(law, "2022-09-15", "2023-09-15", **{"Levy Year": 2022}) == [40]
    assert figures(law, "2023-09-15", "2024-09-14", **{"Levy Year": 2023}) == [80]


@pytest.mark.parametrize(
    "rates",
    ["[]", '[{ rate = "4%" }]', '[{ from = 2023-01-01, rate = "4%" }, { from = 2022-01-01, rate = "5%" }]', '"4%"'],
)
def test_a_wrong_table_of_rates_is_refused(tmp_path: Path, rates: str) -> None:
    with pytest.raises(BadProfile, match="rates"):
        town(tmp_path, f'[[interest]]\nmethod = "flat"\nrates = {rates}\n')


# ---- selectors -------------------------------------------------------------------------------------------------------

CLASSES = """[[interest]]
method = "flat"
rate = "4%"
[[interest]]
classes = ["Homestead"]
method = "flat"
rate = "2%"
[[interest]]
types = ["PP"]
tax_above = "500.00"
method = "flat"
rate = "6%"
"""


def test_a_rule_for_a_class_or_above_an_amount(tmp_path: Path) -> None:
    law = town(tmp_path, CLASSES)
    assert figures(law, "2025-05-15", "2025-05-16") == [40]
    assert figures(law, "2025-05-15", "2025-05-16", Class="homestead ") == [20]
    assert figures(law, "2025-05-15", "2025-05-16", **{"Levy Type": "PP"}) == [60]
    assert owed(law, [charge("2025-05-15", "500.00", **{"Levy Type": "PP"})], [], "2025-05-16") == 520_00


def test_the_amount_is_that_of_the_whole_bill(tmp_path: Path) -> None:
    """Two halves of 300.00 are a bill of 600.00, which is above 500.00."""
    law = town(tmp_path, CLASSES)
    halves = [
        charge("2025-05-15", "300.00", **{"Levy Type": "PP"}),
        charge("2025-11-15", "300.00", Inst=2, **{"Levy Type": "PP"}),
    ]
    assert owed(law, halves, [], "2025-05-16") == 618_00


EARLIER = """[[interest]]
earlier = "paid"
method = "flat"
rate = "5%"
[[interest]]
earlier = "open"
method = "flat"
rate = "10%"
"""


def test_a_higher_penalty_if_an_earlier_installment_is_still_open(tmp_path: Path) -> None:
    """IC 6-1.1-37-10: 5% only if no earlier delinquency or penalty is owed on the parcel."""
    law = town(tmp_path, EARLIER)
    halves = [charge("2025-05-10"), charge("2025-11-10", Inst=2)]
    assert owed(law, halves, [], "2025-11-11") == 2_150_00
    assert owed(law, halves, [paid("2025-06-01", "1050.00")], "2025-11-11") == 1_050_00
    # The tax is paid, but the penalty of 50.00 is not: still 10%.
    tax_first = '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "tax", "penalty", "interest"] }]\n'
    path = tmp_path / "tax_first.toml"
    path.write_text('id = "us-zz-tax-first"\n' + EARLIER + '[[grace]]\ncounted = "none"\nroll = false\n' + tax_first)
    assert owed(load(path), halves, [paid("2025-06-01", "1000.00")], "2025-11-11") == 50_00 + 1_100_00


# ---- the explanation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "on"),
    [
        (
            schedule('{ at = "delinquent", total = "2%" }, { on = "02-01", total = "2.75%", then = "0.75%" }'),
            "2026-02-01",
        ),
        (schedule('{ at = "delinquent", total = "3%" }, { on = "03-01", total = "0%" }'), "2025-03-01"),
        (schedule('{ at = "delinquent", total = "3.333%" }', 'round_to = "dollar"\nminimum = "5.00"'), "2025-03-01"),
        (VIRGINIA, "2026-01-15"),
        (EARLIER, "2026-01-15"),
        (TEN + '[[acceleration]]\ninterest_from = "first"\n', "2026-01-15"),
    ],
)
def test_the_explanation_adds_up(tmp_path: Path, rules: str, on: str) -> None:
    """The rows of Explain are the interest and the penalty that are owed, to the cent."""
    law = town(tmp_path, rules)
    charges = [charge("2024-09-01", "1234.56"), charge("2025-02-01", "777.77", Inst=2)]
    facts = facts_of(charges, [paid("2024-12-24", "300.00")])
    explained = replay(facts, law, day(on), explain=True)
    paid_on_top = explained.postings[["Interest", "Penalty"]].to_numpy().sum()
    owed_on_top = explained.balances[["Interest", "Penalty"]].to_numpy().sum()
    assert explained.periods["Amount"].sum() == owed_on_top + paid_on_top
    assert (explained.periods["Rule"] != "").all()
