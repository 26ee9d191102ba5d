"""The town's own lien: one act closes a bill and opens one principal at the lien's rate, as in New Hampshire and Massachusetts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.office.runs_town import Town, small_law, small_town
from xltax.actions import control, liens, statements, year
from xltax.actions.desk import Desk
from xltax.errors import TaxError
from xltax.law.checks import faults
from xltax.law.load import load

D = dt.date
LAW = small_law("lien", "NH", """
[[interest]]
method = "tiered_annual"
tiers = [{ rate = "8%" }]
day_count = "actual/365"
[[interest]]
part = "Lien"
method = "tiered_annual"
tiers = [{ rate = "14%" }]
day_count = "actual/365"
[[installments]]
due = ["07-01", "12-01"]
split = "equal"
[[lien]]
part = "Lien"
fees = ["lien_execution", "lien_parcel"]
cite = [{ title = "RSA 80:60, 80:69" }]
[[fee]]
kind = "lien_execution"
amount = "10.00"
[[fee]]
kind = "lien_parcel"
amount = "2.00"
""")  # fmt: skip
ROLL = """Account,Owner,Location,Net Value
1,ADAMS,1 Main St,100000
2,BAKER,2 Main St,50000
"""
DAY = D(2025, 12, 31)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Adams owes 1,000.00 on July 1 and on December 1, Baker 500.00; Baker has paid."""
    it = small_town(tmp_path, LAW, ROLL, 2025, DAY)
    it.do(year.bill, 2025, "RE=20", today=D(2025, 6, 1), mailed=D(2025, 6, 1))
    it.pay(D(2025, 6, 25), ("2", "1000.00", D(2025, 6, 25)))
    return it


def execute(town: Town, **more: object) -> str:
    return town.do(liens.execute_lien, **{"on": DAY, "year": 2025, "today": DAY, **more})


def wrong(town: Town, day: dt.date) -> list[str]:
    """The checks of the proof that do not pass, but for the bank statement that these books do not have."""
    lines = town.do(control.proof, as_of=day).splitlines()[:-1]
    return [line for line in lines if " OK" not in line and not line.startswith("Deposits = bank")]


def owed(town: Town, day: dt.date) -> int:
    """What all bills owe on a day, in cents."""
    return int(Desk.of(town.opened()).ledger(day).balances["Total"].sum())


def test_the_bill_closes_and_one_principal_opens(town: Town) -> None:
    """July 1 to December 31 are 183 days: 1,000.00 x 8% x 183/365 = 40.11. December 1 to 31 are 30 days: 6.58.

    2,000.00 and 46.69 and two fees of 12.00 are 2,058.69. A year later it owes 14%: 288.22, whatever the 8% was.
    """
    assert wrong(town, DAY) == []
    said = execute(town)
    assert said.startswith("1 lien as of 2025-12-31: $2,046.69 past due and fees of $12.00, principal $2,058.69.")
    rows = town.read("Duplicate").set_index("Bill")
    assert rows.loc["2025-1", ["To Lien", "Balance", "Total Due"]].tolist() == [2000, 0, 0]
    lien = rows.loc["2025-1/LIEN"]
    assert (lien["Part"], lien["Levy Type"], lien["Net Tax"], lien["Due 1"]) == ("Lien", "RE", 2058.69, DAY)
    assert rows["Total Due"].sum() == 2058.69
    changes = town.read("Adjustments")
    assert changes["Amount"].tolist() == [1000, 40.11, 1000, 6.58]
    assert set(changes["Kind"]) == {"Transfer to Lien"}
    assert set(changes["For No"]) == {"2025-1/LIEN"}
    assert set(changes["Authority"]) == {"RSA 80:60, 80:69"}
    assert wrong(town, DAY) == []
    # 2,058.69 x 14% = 288.2166.
    assert owed(town, D(2026, 12, 31)) == 2058_69 + 288_22


def test_it_is_executed_once_and_shown_before(town: Town) -> None:
    before = town.read("Duplicate")
    shown = execute(town, look=True)
    assert shown.endswith("principal $2,058.69. Nothing was changed.\nBill 2025-1, account 1: $2,058.69.")
    assert town.read("Duplicate").equals(before)
    execute(town)
    assert execute(town) == "No RE bill of 2025 is past due on 2025-12-31."
    with pytest.raises(TaxError, match="Bill 2025-1 has nothing past due that a lien could take"):
        execute(town, bills="2025-1")
    assert len(town.read("Duplicate")) == 3


def test_the_principal_is_paid_and_the_proof_holds(town: Town) -> None:
    """30 days later 2,058.69 x 14% x 30/365 = 23.69: 2,082.38 pays the lien."""
    execute(town)
    town.pay(D(2026, 1, 30), ("1", "2082.38", D(2026, 1, 30)))
    assert town.read("Duplicate")["Total Due"].sum() == 0
    lines = town.read("CashBook")
    assert lines.loc[lines["Bill"] == "2025-1/LIEN", ["Tax", "Interest"]].to_numpy().tolist() == [[2058.69, 23.69]]
    assert wrong(town, D(2026, 1, 30)) == []


def test_liens_are_undone_and_executed_again(town: Town) -> None:
    days = (DAY, D(2026, 3, 1))
    before = [owed(town, day) for day in days]
    assert before[0] == 2046_69
    execute(town)
    assert "This run had made 1 bill, $2,058.69." in town.do(control.undo, today=DAY)
    assert town.read("Duplicate")["Bill"].tolist() == ["2025-1", "2025-2"]
    assert [owed(town, day) for day in days] == before
    assert wrong(town, DAY) == []
    assert "principal $2,058.69." in execute(town)
    assert owed(town, DAY) == 2058_69


def test_a_lien_that_was_paid_on_is_not_undone(town: Town) -> None:
    execute(town)
    town.pay(D(2026, 1, 30), ("1", "100.00", D(2026, 1, 30)))
    with pytest.raises(TaxError, match="Run 2 cannot be undone: bill 2025-1/LIEN was paid"):
        town.do(control.undo, today=D(2026, 1, 30), run="2")


def test_it_is_not_executed_before_a_payment(town: Town) -> None:
    town.pay(D(2026, 1, 5), ("1", "100.00", D(2026, 1, 5)))
    with pytest.raises(TaxError, match=r"Bill 2025-1 has a payment after 2025-12-31: receipt 2"):
        execute(town, today=D(2026, 1, 5))


def test_next_years_bill_is_not_a_lien_and_the_year_is_not_billed_again(town: Town) -> None:
    """The principal is no bill of the roll: its tax is no one's tax of last year, and the control total does not count it."""
    execute(town)
    town.do(year.bill, 2026, "RE=20", today=D(2026, 6, 1))
    rows = town.read("Duplicate").set_index("Bill")
    assert rows.loc[["2026-1", "2026-2"], "Net Tax"].tolist() == [2000, 1000]
    assert wrong(town, D(2026, 6, 1)) == []


def test_a_town_without_interest_for_liens_is_told(tmp_path: Path) -> None:
    law = tmp_path / "law.toml"
    law.write_text(LAW.replace('part = "Lien"\nmethod', 'types = ["SEWER"]\nmethod'), encoding="utf-8")
    it = Town(tmp_path, str(law), 2025, DAY)
    with pytest.raises(TaxError, match="have no interest for liens on 2025-12-31"):
        it.do(liens.execute_lien, on=DAY, year=2025, today=DAY)


def test_what_a_lien_does_not_take_stays_on_the_bill(tmp_path: Path) -> None:
    law = tmp_path / "law.toml"
    law.write_text(LAW.replace("fees = [", 'takes = ["tax"]\nfees = ['), encoding="utf-8")
    it = Town(tmp_path, str(law), 2025, DAY)
    it.roll(ROLL, D(2025, 4, 1))
    it.do(year.bill, 2025, "RE=20", today=D(2025, 6, 1))
    assert "2 liens as of 2025-12-31: $3,000.00 past due and fees of $24.00" in execute(it)
    rows = it.read("Duplicate").set_index("Bill")
    assert rows.loc["2025-1", ["Balance", "Interest"]].tolist() == [0, 46.69]


NJ_LAW = """
id = "us-nj-lien-town"
extends = "us-nj-colts-neck"
[[interest]]
part = "Lien"
method = "tiered_annual"
tiers = [{ rate = "14%" }]
day_count = "actual/365"
[[lien]]
part = "Lien"
cite = [{ title = "A law on liens" }]
"""


def test_the_statements_foot_and_the_principal_is_no_levy(tmp_path: Path) -> None:
    """4,000.00 and 6,000.00 levied, all of it past due on December 31; the liens are that and the interest of the day."""
    law = tmp_path / "law.toml"
    law.write_text(NJ_LAW, encoding="utf-8")
    it = Town(tmp_path, str(law), 2025, DAY)
    it.roll("Account,Owner,Net Value,Prior Tax\n1,ADAMS,200000,4000\n2,BAKER,300000,6000\n", D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=2", today=D(2025, 1, 10))
    owing = owed(it, DAY)
    execute(it)
    assert owed(it, DAY) == owing
    for report in (statements.month_report, statements.annual_statement):
        assert "DOES NOT FOOT" not in it.do(report, DAY)
        lines = it.read("Statement").groupby("Line")["Amount"].sum()
        assert lines["Tax levied"] == 10_000
        assert lines["Principal of liens executed, with interest and costs"] == owing / 100
        assert lines["Difference"] == 0


def test_a_towns_file_is_checked_for_its_liens(tmp_path: Path) -> None:
    law = tmp_path / "law.toml"
    law.write_text(LAW.replace('kind = "lien_parcel"', 'kind = "parcel"'), encoding="utf-8")
    (fault,) = (f for f in faults(load(law)) if "lien" in f.lower())
    assert 'lien[1].fees: there is no fee rule "lien_parcel". There are: lien_execution, parcel.' in fault
    law.write_text(LAW.replace('[[lien]]\npart = "Lien"', '[[lien]]\npart = "Title"').replace('part = "Lien"\nmethod', 'types = ["SEWER"]\nmethod'), encoding="utf-8")  # fmt: skip
    said = [f for f in faults(load(law)) if "lien" in f.lower()]
    assert any('"Title" is not the part of a lien. Write part = "Lien".' in f for f in said)
    assert any('liens need their own interest. Add an interest rule with part = "Lien".' in f for f in said)
