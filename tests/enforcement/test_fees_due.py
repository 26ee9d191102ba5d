"""Fees that the law adds by itself on a day: Michigan's by year, Texas's share of all, California's with the second half."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.office.runs_town import Town, small_law, small_town
from xltax.actions import control, delinquency, fees_due, year
from xltax.actions.desk import Desk
from xltax.dates import ClosedDays
from xltax.errors import TaxError
from xltax.law.fees import Fee

D = dt.date
LAW = """
[[interest]]
method = "per_month_or_part"
rate = "1% per month"
months = "touched"
counted_from = "delinquent"
"""
ONE = '[[installments]]\ndue = ["01-31"]\nyears_after = 1\nsplit = "equal"\n'
MI = """
[[fee]]
kind = "county_fee"
amount = "15.00"
when = "unpaid"
on = "10-01"
years_after = 1
cite = [{ title = "MCL 211.78d" }]
[[fee]]
kind = "forfeiture"
amount = "175.00"
when = "unpaid"
on = "03-01"
years_after = 2
cite = [{ title = "MCL 211.78g" }]
"""
TX = """
[[fee]]
kind = "collection_penalty"
rate = "20%"
when = "unpaid"
on = "07-01"
years_after = 1
base = "total"
column = "penalty"
cite = [{ title = "Tax Code 33.07" }]
"""
CA = """
[[fee]]
kind = "second_half_cost"
amount = "10.00"
when = "unpaid"
on = "04-11"
years_after = 1
installment = 2
roll = true
cite = [{ title = "a law on the cost" }]
"""
HALVES = '[[installments]]\ndue = ["12-10", "04-10"]\nsplit = "equal"\n'
ROLL = "Account,Owner,Location,Net Value\n1,ADAMS,1 Main St,50000\n2,BAKER,2 Main St,25000\n"


def town(folder: Path, law: str) -> Town:
    """Adams is billed 1,000.00 and Baker 500.00 for 2024."""
    it = small_town(folder, small_law("fees", "MI", LAW + law), ROLL, 2024, D(2024, 12, 31))
    it.do(year.bill, 2024, "RE=20", today=D(2024, 11, 1), mailed=D(2024, 11, 1))
    return it


def charge(it: Town, on: dt.date, **more: object) -> str:
    return it.do(fees_due.charge_fees_due, today=on, **more)


def changes(it: Town) -> list[list[object]]:
    return it.read("Adjustments")[["Bill", "Effective", "Kind", "Component", "Amount"]].to_numpy().tolist()


def test_michigan_fees_come_on_their_days_once_each(tmp_path: Path) -> None:
    """Baker pays in September 2025; Adams gets 15.00 on October 1, 2025 and 175.00 on March 1, 2026."""
    it = town(tmp_path, ONE + MI)
    assert charge(it, D(2025, 9, 30)) == "0 fees due by 2025-09-30: $0.00."
    it.pay(D(2025, 9, 30), ("2", "540.00", D(2025, 9, 30)))
    shown = charge(it, D(2025, 10, 5), look=True)
    assert shown.splitlines() == [
        "1 fee due by 2025-10-05: $15.00. Nothing was changed.",
        "Bill 2024-1: $15.00, county fee: unpaid on 2025-10-01.",
    ]
    assert len(it.read("Adjustments")) == 0
    assert charge(it, D(2025, 10, 5)) == "1 fee due by 2025-10-05: $15.00."
    assert charge(it, D(2025, 10, 6)) == "0 fees due by 2025-10-06: $0.00."
    assert charge(it, D(2026, 3, 2)) == "1 fee due by 2026-03-02: $175.00."
    assert changes(it) == [
        ["2024-1", D(2025, 10, 1), "Fee", "costs", 15],
        ["2024-1", D(2026, 3, 1), "Fee", "costs", 175],
    ]
    assert set(it.read("Adjustments")["Authority"]) == {"MCL 211.78d", "MCL 211.78g"}
    lines = it.do(control.proof, as_of=D(2026, 3, 2)).splitlines()[:-1]
    assert [line for line in lines if " OK" not in line and not line.startswith("Deposits = bank")] == []


def test_who_pays_on_the_day_owes_the_fee_and_who_paid_the_day_before_does_not(tmp_path: Path) -> None:
    it = town(tmp_path, ONE + MI)
    it.pay(D(2025, 10, 1), ("1", "1080.00", D(2025, 10, 1)), ("2", "540.00", D(2025, 9, 30)))
    charge(it, D(2025, 10, 2))
    assert [row[0] for row in changes(it)] == ["2024-1"]


def test_texas_takes_a_share_of_tax_and_interest(tmp_path: Path) -> None:
    """Due January 31, 2025. On July 1 six months, February to July, are 6%: 20% of 1,060.00 is 212.00, of 530.00 is 106.00."""
    it = town(tmp_path, ONE + TX)
    assert charge(it, D(2025, 7, 15)) == "2 fees due by 2025-07-15: $318.00."
    assert changes(it) == [
        ["2024-1", D(2025, 7, 1), "Penalty", "penalty", 212],
        ["2024-2", D(2025, 7, 1), "Penalty", "penalty", 106],
    ]


def test_california_charges_the_second_half_on_the_day_after_its_last(tmp_path: Path) -> None:
    """April 10, 2027 is a Saturday, so the last day is Monday the 12th and the cost comes on the 13th; 2025's on the 11th."""
    it = town(tmp_path, HALVES + CA)
    it.pay(D(2025, 4, 10), ("2", "500.00", D(2025, 4, 10)))
    charge(it, D(2025, 4, 11))
    assert changes(it)[0][:2] == ["2024-1", D(2025, 4, 11)]
    rule = Desk.of(it.opened()).town.rule(Fee, D(2025, 1, 1), sort="second_half_cost")
    assert rule.params.day(2026, ClosedDays()) == D(2027, 4, 13)


def test_the_days_stand_on_the_calendar(tmp_path: Path) -> None:
    it = town(tmp_path, ONE + MI)
    it.do(delinquency.calendar, 2026)
    rows = it.read("Calendar")
    mine = rows[rows["Task"].str.startswith("Charge the fee")]
    assert mine[["By", "Task"]].to_numpy().tolist() == [
        [D(2026, 3, 1), "Charge the fee for forfeiture on unpaid bills of 2024"],
        [D(2026, 10, 1), "Charge the fee for county fee on unpaid bills of 2025"],
    ]


def test_a_town_without_such_a_fee_is_told(tmp_path: Path) -> None:
    it = town(tmp_path, ONE)
    with pytest.raises(TaxError, match="Fees has no fee that the law adds by itself"):
        charge(it, D(2025, 10, 1))


def test_undo_takes_back_all_fees_just_charged_and_they_can_be_charged_again(tmp_path: Path) -> None:
    """15.00 on each of two bills on October 1, 2025: undone, nothing is owed of them; charged again, they are owed once."""
    it = town(tmp_path, ONE + MI)
    assert charge(it, D(2025, 10, 5)) == "2 fees due by 2025-10-05: $30.00."
    made = list(it.read("Adjustments")["No"])
    said = it.do(control.undo, today=D(2025, 10, 5))
    assert said.startswith(f"Undone: {made[0]} to {made[1]} taken back by ")
    rows = changes(it)
    assert [amount for *_, amount in rows] == [15.0] * 4
    assert charge(it, D(2025, 10, 6)) == "2 fees due by 2025-10-06: $30.00."
    assert charge(it, D(2025, 10, 7)) == "0 fees due by 2025-10-07: $0.00."
