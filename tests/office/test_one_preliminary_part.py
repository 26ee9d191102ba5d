"""A town that bills one half on last year's tax and the rest in the fall, as New Hampshire's do, from roll to undo."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.office.runs_town import Town, small_law, small_town
from xltax.actions import control, year
from xltax.actions.desk import Desk
from xltax.errors import TaxError
from xltax.office.statements.movements import as_known

D = dt.date
LAW = small_law("half", "NH", """
[[interest]]
method = "tiered_annual"
tiers = [{ rate = "8%" }]
day_count = "actual/365"
[[installments]]
due = ["07-01", "12-01"]
split = "preliminary"
preliminary_parts = 1
preliminary_base = "prior_rate_on_value"
cite = [{ title = "A law on two bills a year" }]
""")  # fmt: skip
ROLL = """Account,Owner,Location,Net Value,Prior Tax,Flags
1,ADAMS,1 Main St,300000,6000,
2,BAKER,2 Main St,500000,4000,physically changed
"""


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return small_town(tmp_path, LAW, ROLL, 2025, D(2025, 6, 30))


def rates(town: Town, *rows: tuple[int, str]) -> None:
    book = town.opened()
    book.append("Rates", pd.DataFrame([{"Levy Year": y, "Levy Type": "RE", "Purpose": "All", "Rate": r} for y, r in rows]))  # fmt: skip
    book.save()


def test_changed_property_needs_last_years_rate(town: Town) -> None:
    with pytest.raises(TaxError, match=r"1 RE account on the Roll is flagged physically changed\. Their first bill needs the rate of 2024"):  # fmt: skip
        town.do(year.bill, 2025, stage="preliminary", today=D(2025, 6, 1))


def test_two_bills_a_year(town: Town) -> None:
    """Adams: half of last year's 6,000.00. Baker built: 500,000 x 20.00 / 1000 = 10,000.00 at last year's rate, half of it 5,000.00.

    This year 22.00 per 1,000: 6,600.00 and 11,000.00; less the first bills, 3,600.00 and 6,000.00.
    """
    rates(town, (2024, "20"), (2025, "22"))
    town.do(year.bill, 2025, stage="preliminary", today=D(2025, 6, 1), mailed=D(2025, 6, 1))
    first = town.read("Duplicate").set_index("Account")
    assert first["Inst 1"].tolist() == [3000, 5000]
    assert first["Due 2"].isna().all()
    # 100.00 more than the first bill is credit until the second is billed.
    town.pay(D(2025, 6, 20), ("1", "3100.00", D(2025, 6, 20)))
    said = town.do(year.bill, 2025, stage="final", today=D(2025, 10, 20), mailed=D(2025, 10, 20))
    assert "2 bills for 2025 (final), net tax $17,600.00." in said
    rows = town.read("Duplicate").set_index("Account")
    assert rows["Inst 2"].tolist() == [3600, 6000]
    assert rows["Net Tax"].tolist() == [6600, 11000]
    assert rows["Due 2"].tolist() == [D(2025, 12, 1)] * 2
    assert rows["Balance"].tolist() == [3500, 11000]
    assert town.looks(D(2025, 11, 30)).endswith(" checks passed.")
    with pytest.raises(TaxError, match="a final run completed its bills"):
        town.do(control.undo, today=D(2025, 10, 21), run="1")


def test_the_second_bill_counts_on_its_own_day_and_is_undone(town: Town) -> None:
    rates(town, (2024, "20"), (2025, "22"))
    town.do(year.bill, 2025, stage="preliminary", today=D(2025, 6, 1), mailed=D(2025, 6, 1))
    before = town.read("Duplicate")
    town.do(year.bill, 2025, stage="final", today=D(2025, 10, 20), mailed=D(2025, 10, 20))
    town.do(control.undo, today=D(2025, 10, 21))
    after = town.read("Duplicate")
    facts = ["Bill", "Gross Tax", "Net Tax", "Due 1", "Due 2", "Inst 1", "Inst 2", "Mailed", "Completed", "Run"]
    assert after[facts].fillna(0).to_dict("list") == before[facts].fillna(0).to_dict("list")
    assert town.looks(D(2025, 10, 31)).endswith(" checks passed.")


def test_a_first_half_above_the_years_tax_is_corrected_on_the_first_half(town: Town) -> None:
    """At 8.00 per 1,000 Adams owes 2,400.00, and his first bill was 3,000.00: 600.00 less on installment 1."""
    rates(town, (2024, "20"), (2025, "8"))
    book = town.opened()
    book.set("as_of", D(2025, 10, 31))
    book.save()
    town.do(year.bill, 2025, stage="preliminary", today=D(2025, 6, 1))
    town.do(year.bill, 2025, stage="final", today=D(2025, 10, 20))
    change = town.read("Adjustments").iloc[0]
    assert (change["Kind"], change["Inst"], change["Amount"]) == ("Correction Down", 1, 600)
    assert town.read("Duplicate").set_index("Account").loc["1", "Balance"] == 2400
    lines = town.do(control.proof, as_of=D(2025, 10, 31)).splitlines()[:-1]
    assert [line.split("  ")[0] for line in lines if " OK" not in line] == ["Deposits = bank"], "no bank statement yet"


def test_the_month_of_the_first_bills_is_the_same_after_the_second(town: Town) -> None:
    """8,000.00 billed in June. The 9,600.00 of October do not change June's statement."""
    rates(town, (2024, "20"), (2025, "22"))
    town.do(year.bill, 2025, stage="preliminary", today=D(2025, 6, 1), mailed=D(2025, 6, 1))
    town.do(year.bill, 2025, stage="final", today=D(2025, 10, 20), mailed=D(2025, 10, 20))
    known = Desk.of(town.opened())
    assert int(as_known(known.facts, known.town, D(2025, 6, 30)).balances["Tax"].sum()) == 8_000_00
    assert int(as_known(known.facts, known.town, D(2025, 10, 31)).balances["Tax"].sum()) == 17_600_00
