"""Which day a month ends, and a band; closed days; what has to be paid for a discount."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.written import ledger as written
from tests.written.ledger import cents, day, facts_of
from xltax.dates import ClosedDays, end_of_months
from xltax.law.discounts import Discount
from xltax.law.interest import Interest
from xltax.law.interest.days import Days
from xltax.law.load import load, shipped
from xltax.law.profile import Profile
from xltax.law.table import from_frame, to_frame
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Ledger, replay
from xltax.office.billing.amounts_by_day import by_day
from xltax.office.controls.proof import rule_differences
from xltax.tables import DUPLICATE
from xltax.tables.reading import read


def town(folder: Path, *rules: str) -> Profile:
    path = folder / "town.toml"
    rest = '[[grace]]\ncounted = "none"\nroll = false\n' if not any("[[grace]]" in r for r in rules) else ""
    rest += '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "interest", "penalty", "tax"] }]\n'
    path.write_text('id = "us-zz-town"\n' + "\n".join(rules) + "\n" + rest, encoding="utf-8")
    return load(path)


def charge(due: str, amount: str = "1000.00", **more) -> dict:
    return {"Bill": "1", "Account": "A", "Levy Year": 2025, "Levy Type": "RE", "Inst": 1, "Due": day(due), "Amount": cents(amount)} | more  # fmt: skip


def paid(on: str, amount: str, number: str = "R1") -> dict:
    return {"Receipt": number, "Received": day(on), "Account": "A", "Amount": cents(amount)}


def ledger(profile: Profile, charges: list[dict], receipts: list[dict], on: str) -> Ledger:
    return replay(facts_of(charges, receipts), profile, day(on))


def owed(profile: Profile, charges: list[dict], receipts: list[dict], on: str) -> int:
    return int(ledger(profile, charges, receipts, on).balances["Total"].sum())


def interest(profile: Profile, due: str, on: str) -> int:
    return owed(profile, [charge(due)], [], on) - 1_000_00


MONTHLY = '[[interest]]\nmethod = "per_month_or_part"\nrate = "1% per month"\n'


# ---- the end of a month ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "same_day", "day_before"),
    [
        ("2025-08-15", 1, "2025-09-15", "2025-09-14"),
        ("2025-03-01", 2, "2025-05-01", "2025-04-30"),
        ("2025-01-31", 1, "2025-02-28", "2025-02-28"),  # February has no 31st, so the month ends with it
        ("2024-01-31", 1, "2024-02-29", "2024-02-29"),
        ("2025-01-31", 2, "2025-03-31", "2025-03-30"),
        ("2025-01-30", 1, "2025-02-28", "2025-02-28"),
        ("2025-01-29", 1, "2025-02-28", "2025-02-28"),
        ("2025-01-28", 1, "2025-02-28", "2025-02-27"),
        ("2024-12-31", 4, "2025-04-30", "2025-04-30"),
        ("2025-04-30", 1, "2025-05-30", "2025-05-29"),
        ("2025-01-01", 12, "2026-01-01", "2025-12-31"),
    ],
)
def test_so_many_months_end_on_the_day_number_or_the_day_before(
    start: str, months: int, same_day: str, day_before: str
) -> None:
    assert end_of_months(day(start), months) == day(same_day)
    assert end_of_months(day(start), months, day_before=True) == day(day_before)


@pytest.mark.parametrize(
    ("start", "months", "ends"),
    [
        ("2025-04-30", 1, "2025-05-31"),
        ("2025-02-28", 1, "2025-03-31"),
        ("2024-02-28", 1, "2024-03-28"),
        ("2025-04-30", 10, "2026-02-28"),
    ],
)
def test_months_from_the_last_day_of_a_month_can_end_with_the_months(start: str, months: int, ends: str) -> None:
    assert end_of_months(day(start), months, keep_month_end=True) == day(ends)


@pytest.mark.parametrize(
    ("settings", "due", "months"),
    [
        # North Kingstown, due November 30: a month late on December 30 is one month; with the months, December 31.
        ('from_month_end = "same_number"', "2024-11-30", {"2024-11-30": 0, "2024-12-01": 1, "2024-12-30": 1, "2024-12-31": 2}),
        ("", "2024-11-30", {"2024-12-30": 1, "2024-12-31": 1, "2025-01-01": 2, "2025-01-31": 2, "2025-02-28": 3, "2025-03-01": 4}),
        # South Burlington, due August 15: the first month is August 16 to September 15.
        ("", "2024-08-15", {"2024-08-15": 0, "2024-08-16": 1, "2024-09-15": 1, "2024-09-16": 2, "2024-10-15": 2}),
        ('counted_from = "due"', "2024-08-15", {"2024-09-15": 1, "2024-09-16": 2}),
        # The due date opens month one, as in Connecticut: it ends the day before.
        ('month_ends = "day_before"', "2024-08-15", {"2024-08-16": 1, "2024-09-14": 1, "2024-09-15": 2}),
        ('month_ends = "day_before"', "2025-01-31", {"2025-02-28": 1, "2025-03-01": 2, "2025-03-30": 2, "2025-03-31": 3}),
        ('month_ends = "day_before"\nfrom_month_end = "same_number"', "2025-04-30", {"2025-05-29": 1, "2025-05-30": 2}),
        ('month_ends = "day_before"', "2025-04-30", {"2025-05-30": 1, "2025-05-31": 2}),
        # Counted from delinquency the first day charged opens the month, whatever the due date's number.
        ('counted_from = "delinquent"', "2024-06-03", {"2024-06-04": 1, "2024-07-03": 1, "2024-07-04": 2}),
        ('counted_from = "delinquent"', "2025-09-30", {"2025-10-31": 1, "2025-11-01": 2, "2025-11-30": 2, "2025-12-01": 3}),
        ('counted_from = "delinquent"', "2025-01-30", {"2025-01-31": 1, "2025-02-28": 1, "2025-03-01": 2}),
    ],
)  # fmt: skip
def test_the_months_charged_by_where_a_month_ends(
    tmp_path: Path, settings: str, due: str, months: dict[str, int]
) -> None:
    """1% of $1,000.00 a month: $10.00 for each."""
    profile = town(tmp_path, MONTHLY + settings)
    assert {on: interest(profile, due, on) for on in months} == {on: n * 10_00 for on, n in months.items()}


def test_whole_months_from_the_end_of_a_month(tmp_path: Path) -> None:
    """12% a year on $1,000.00 is $10.00 for a whole month; from April 30 it is complete on May 31, or on May 30."""
    rule = '[[interest]]\nmethod = "tiered_annual"\ntiers = [{ rate = "12%" }]\nday_count = "whole_months"\n'
    kept, same = town(tmp_path, rule), None
    assert [interest(kept, "2025-04-30", on) for on in ("2025-05-30", "2025-05-31", "2025-06-30")] == [0, 10_00, 20_00]
    same = town(tmp_path, rule + 'from_month_end = "same_number"')
    assert [interest(same, "2025-04-30", on) for on in ("2025-05-30", "2025-06-29", "2025-06-30")] == [
        10_00,
        10_00,
        20_00,
    ]


def test_connecticut_counts_the_due_date_in_the_first_month() -> None:
    """Due July 1: August 2 is 3%, September 1 the third month; due on the 15th the second month begins on the 15th."""
    for id_ in ("us-ct", "us-ct-south-windsor", "us-ct-hartford"):
        found = [
            interest(load(id_), "2025-07-01", on) for on in ("2025-08-01", "2025-08-04", "2025-08-31", "2025-09-01")
        ]
        assert found == [0, 30_00, 30_00, 45_00]
    assert interest(load("us-ct"), "2025-08-15", "2025-10-14") == 30_00
    assert interest(load("us-ct"), "2025-08-15", "2025-10-15") == 45_00


def test_a_table_of_an_older_version_means_what_it_meant(tmp_path: Path) -> None:
    """It has every setting there was then: a monthly rule without month_ends let the due date open the first month."""
    table = to_frame(town(tmp_path, MONTHLY))
    table = table[~table["Key"].isin(["month_ends", "from_month_end"])]
    older = from_frame(table)
    assert interest(older, "2024-08-15", "2024-09-15") == 20_00
    typed_by_hand = table[table["Key"] != "in words"]
    assert interest(from_frame(typed_by_hand), "2024-08-15", "2024-09-15") == 10_00, "as in a town's file"


NEWER = {
    "interest": ("month_ends", "from_month_end", "roll", "in_parts"),
    "discount": ("month_ends", "from_month_end", "roll", "in_parts"),
    "grace": ("month_ends", "from_month_end"),
    "office": ("open_on",),
}
"""Settings that books of older versions have not."""


FIRST_STATES = ("us-nj", "us-ct", "us-pa", "us-md", "us-la")
"""The States whose law older versions had."""


@pytest.mark.parametrize("id_", [id_ for id_ in shipped() if id_.startswith(FIRST_STATES)])
def test_the_rules_of_an_older_book_differ_only_where_the_law_that_ships_was_changed(id_: str) -> None:
    table = to_frame(load(id_))
    newer = [key in NEWER.get(rule, ()) for rule, key in zip(table["Rule"], table["Key"], strict=True)]
    differences = rule_differences(from_frame(table[[not n for n in newer]]), load(id_))
    changed = {"us-nj": {"open_on"}, "us-pa": {"month_ends", "roll"}}.get(id_[:5], set())
    assert {line.partition(": ")[2].partition(" is ")[0] for line in differences} == changed


# ---- bands ----------------------------------------------------------------------------------------------------------

BANDS = '[[interest]]\nmethod = "by_date_band"\nbands = [{ months = 2, rate = "-2%" }, { months = 4, rate = "0%" }, { rate = "10%" }]\n'
PA_OFFICE = '[[office]]\nholidays = "PA"\n'
PA_GRACE = '[[grace]]\ncounted = "months"\nmonths = 4\nmonth_ends = "day_before"\n'


def payoff(profile: Profile, due: str, on: str) -> int:
    balances = ledger(profile, [charge(due)], [], on).balances
    return int(balances["Total"].sum() - balances["Discount"].sum())


@pytest.mark.parametrize(
    ("notice", "amounts"),
    [
        # Evans City Borough (ecode360 7746015): 2% to April 30, face May 1 to June 30, 10% from July 1.
        ("2025-03-01", {"2025-04-30": 980_00, "2025-05-01": 1000_00, "2025-06-30": 1000_00, "2025-07-01": 1100_00}),
        # Ord. 462 of 1987 (ecode360 32299171): June 1 to July 31, August 1 to September 30, from October 1.
        ("2025-06-01", {"2025-07-31": 980_00, "2025-08-01": 1000_00, "2025-09-30": 1000_00, "2025-10-01": 1100_00}),
        # North Hills School District: billed July 1, discount to August 31 (a Sunday before Labor Day in 2025), face to October 31.
        ("2025-07-01", {"2025-08-31": 980_00, "2025-09-02": 980_00, "2025-09-03": 1000_00, "2025-10-31": 1000_00, "2025-11-01": 1100_00}),
        # 72 P.S. 5511.10(d)(1): the last day, Saturday April 30, 2022, moves to Monday; face ends Thursday June 30.
        ("2022-03-01", {"2022-04-30": 980_00, "2022-05-02": 980_00, "2022-05-03": 1000_00, "2022-06-30": 1000_00, "2022-07-01": 1100_00}),
        # Sunday April 30, 2028; face ends Friday. In 2024 the last day at face, June 30, is a Sunday.
        ("2028-03-01", {"2028-05-01": 980_00, "2028-05-02": 1000_00, "2028-06-30": 1000_00, "2028-07-01": 1100_00}),
        ("2024-03-01", {"2024-04-30": 980_00, "2024-05-01": 1000_00, "2024-07-01": 1000_00, "2024-07-02": 1100_00}),
    ],
)  # fmt: skip
def test_pennsylvania_by_the_printed_bills(notice: str, amounts: dict[str, int]) -> None:
    assert {on: payoff(load("us-pa-borough"), notice, on) for on in amounts} == amounts


def test_the_discount_is_posted_on_the_monday_after_its_last_saturday() -> None:
    """Notice of March 1, 2022; $980.00 on Monday, May 2 settles $1,000.00, on Tuesday $20.00 stays open."""
    profile = load("us-pa-borough")
    assert owed(profile, [charge("2022-03-01")], [paid("2022-05-02", "980.00")], "2022-05-02") == 0
    assert owed(profile, [charge("2022-03-01")], [paid("2022-05-03", "980.00")], "2022-05-03") == 20_00


@pytest.mark.parametrize(
    ("settings", "amounts"),
    [
        # The statute read the other way: within two months of March 1 is through May 1; Sunday in 2022, moved to Monday.
        ('month_ends = "same_day"', {"2022-05-01": 980_00, "2022-05-02": 980_00, "2022-05-03": 1000_00}),
        ('month_ends = "same_day"\nroll = false', {"2022-05-01": 980_00, "2022-05-02": 1000_00}),
        ("roll = false", {"2022-04-30": 980_00, "2022-05-02": 1000_00}),
        ("", {"2022-04-30": 980_00, "2022-05-02": 980_00, "2022-05-03": 1000_00}),
    ],
)
def test_bands_the_other_ways(tmp_path: Path, settings: str, amounts: dict[str, int]) -> None:
    profile = town(tmp_path, BANDS + settings, PA_OFFICE, PA_GRACE)
    assert {on: payoff(profile, "2022-03-01", on) for on in amounts} == amounts


def test_the_towns_own_closed_day_moves_a_band() -> None:
    facts = written.ledger("""
        bill    1  A  due 2025-03-01 1,000.00
        closed  2025-04-30  Primary
    """)
    row = replay(facts.facts(), load("us-pa-borough"), day("2025-05-01")).balances.iloc[0]
    assert (row["Total"], row["Discount"]) == (1_000_00, 20_00)


def test_bands_of_an_opening_balance_and_of_a_late_raise_are_counted_from_their_own_day(tmp_path: Path) -> None:
    """Canceled in grace and raised on March 10, 2026: face for four months from then, the tenth of July 9's $100.00 after."""
    profile = town(tmp_path, BANDS, PA_OFFICE, PA_GRACE)
    facts = written.ledger("""
        bill        1  A  due 2025-03-01 1,000.00
        adjustment  1  2025-04-01  1/1  Cancellation 1,000.00
        adjustment  2  2026-03-10  1/1  Correction Up 1,000.00
    """).facts()
    found = {on: int(replay(facts, profile, day(on)).balances["Total"].sum()) for on in ("2026-07-09", "2026-07-10")}
    assert found == {"2026-07-09": 1_000_00, "2026-07-10": 1_100_00}


# ---- what a discount takes ------------------------------------------------------------------------------------------

HALVES = [charge("2025-07-01", "500.00"), charge("2026-01-01", "500.00", Inst=2)]


FREE = '[[grace]]\ncounted = "days_following"\ndays = 60\n'


def discount(on: str, more: str = "") -> str:
    return f'[[discount]]\nrate = "2%"\nuntil = "month_day"\nmonth_day = "07-31"\nroll = false\non = "{on}"\n{more}\n{FREE}'


def settled(profile: Profile, receipts: list[dict]) -> list[int]:
    """What is open of each half on August 1."""
    return [int(t) for t in ledger(profile, HALVES, receipts, "2025-08-01").balances["Tax"]]


def test_an_installment_or_the_whole_bill(tmp_path: Path) -> None:
    """Two halves of $500.00, 2% by July 31: $490.00 is a half paid in full, and $980.00 the whole bill."""
    half = town(tmp_path, MONTHLY, discount("full_installment"))
    assert settled(half, [paid("2025-07-15", "490.00")]) == [0, 500_00]
    assert settled(half, [paid("2025-07-15", "980.00")]) == [0, 0]
    whole = town(tmp_path, MONTHLY, discount("full_bill"))
    assert settled(whole, [paid("2025-07-15", "490.00")]) == [10_00, 500_00], "a half earns nothing"
    assert settled(whole, [paid("2025-07-15", "979.99")]) == [0, 20_01], "a cent short"
    assert settled(whole, [paid("2025-07-15", "980.00")]) == [0, 0]
    assert settled(whole, [paid("2025-08-01", "980.00")]) == [0, 20_00], "a day late"


def test_the_older_word_means_an_installment_as_it_did(tmp_path: Path) -> None:
    older = town(tmp_path, MONTHLY, discount("full_payment"))
    assert settled(older, [paid("2025-07-15", "490.00")]) == [0, 500_00]
    assert (
        "if the installment is paid in full in one payment by July 31"
        in older.rule(Discount, day("2025-07-01")).words()
    )


def test_one_payment_or_several_by_the_day(tmp_path: Path) -> None:
    """$500.00 in June and $480.00 in July are $980.00: 2% of the whole $1,000.00, where several payments may earn it."""
    two = [paid("2025-06-20", "500.00"), paid("2025-07-20", "480.00", "R2")]
    assert settled(town(tmp_path, MONTHLY, discount("full_bill")), two) == [0, 20_00]
    assert settled(town(tmp_path, MONTHLY, discount("full_bill", "in_parts = true")), two) == [0, 0]
    late = [two[0], paid("2025-08-01", "480.00", "R2")]
    assert settled(town(tmp_path, MONTHLY, discount("full_bill", "in_parts = true")), late) == [0, 20_00]
    first = [paid("2025-07-05", "100.00"), paid("2025-07-20", "390.00", "R2")]
    assert settled(town(tmp_path, MONTHLY, discount("full_installment", "in_parts = true")), first) == [0, 500_00]
    assert settled(town(tmp_path, MONTHLY, discount("full_installment")), first) == [10_00, 500_00]


def test_the_whole_bill_has_all_its_parts(tmp_path: Path) -> None:
    """2% off the City part of $600.00, if the bill of $1,000.00, the State part of $400.00 with it, is paid: $988.00."""
    city = discount("full_bill", 'part = "City"')
    profile = town(tmp_path, MONTHLY, city)
    bill = [charge("2025-07-01", "600.00", Part="City"), charge("2025-07-01", "400.00", Part="State")]
    assert owed(profile, bill, [paid("2025-07-15", "988.00")], "2025-07-15") == 0
    assert owed(profile, bill, [paid("2025-07-15", "588.00")], "2025-07-15") == 412_00


def test_what_is_owed_less_the_discount_shown_settles_it(tmp_path: Path) -> None:
    """The payoff names $980.00 while nothing is paid, and face once a payment stands in the way."""
    whole = town(tmp_path, MONTHLY, discount("full_bill"))
    before = ledger(whole, HALVES, [], "2025-07-15").balances
    assert before["Discount"].tolist() == [10_00, 10_00]
    after = ledger(whole, HALVES, [paid("2025-07-01", "1.00")], "2025-07-15").balances
    assert after["Discount"].tolist() == [0, 0]
    again = town(tmp_path, MONTHLY, discount("full_bill", "in_parts = true"))
    assert ledger(again, HALVES, [paid("2025-07-01", "500.00")], "2025-07-15").balances["Discount"].tolist() == [
        0,
        20_00,
    ]


def test_the_last_day_of_a_discount_moves_off_a_closed_day(tmp_path: Path) -> None:
    """November 15, 2025 is a Saturday: 3% off is earned on Monday the 17th, and without roll on the 15th only."""
    rule = '[[discount]]\nrate = "3%"\nuntil = "due"\n'
    for more, on, open_ in (("", "2025-11-17", 0), ("", "2025-11-18", 30_00), ("roll = false", "2025-11-17", 30_00)):
        grace = '[[grace]]\ncounted = "days_following"\ndays = 30\n'
        profile = town(tmp_path, MONTHLY, rule + more, grace)
        assert owed(profile, [charge("2025-11-15")], [paid(on, "970.00")], on) == open_


def test_a_printed_bill_has_the_moved_days() -> None:
    profile = load("us-pa-borough")
    closed = closed_days_of(profile, day("2022-03-01"), None)
    rule = profile.rule(Interest, day("2022-03-01")).params

    def last_days(closed: ClosedDays) -> list[dt.date]:
        due = day("2022-03-01")
        return rule.last_days(Days(due, due, due, due, closed=closed))

    assert last_days(closed) == [day("2022-05-02"), day("2022-06-30")]
    assert last_days(ClosedDays(closed=[day("2022-05-02")]))[0] == day("2022-05-03")


def test_a_bill_of_halves_whose_discount_takes_all_of_it_says_so(tmp_path: Path) -> None:
    """$1,000.00 in halves, 2% off the whole by July 31: $980.00 for all of it, $500.00 for a half while it is free (60 days: Saturday, August 30)."""
    row = {"Bill": "1", "Account": "A", "Levy Year": 2025, "Levy Type": "RE", "Part": "", "Net Tax": "1000.00"}
    row |= {"Inst 1": "500.00", "Due 1": day("2025-07-01"), "Inst 2": "500.00", "Due 2": day("2026-01-01")}
    bills = read(pd.DataFrame([row]), DUPLICATE)
    said = by_day(bills, town(tmp_path, MONTHLY, discount("full_bill")))
    assert [(p.inst, p.day, p.amount) for n in (0, 1, 2) for p in said["1", n]] == [
        (0, day("2025-07-31"), 980_00), (1, day("2025-09-01"), 500_00), (2, day("2026-03-02"), 500_00),
    ]  # fmt: skip
    said = by_day(bills, town(tmp_path, MONTHLY, discount("full_installment")))
    assert ("1", 0) not in said
    assert said["1", 1][0].amount == 490_00
