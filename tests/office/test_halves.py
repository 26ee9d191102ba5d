"""Maryland's homes pay in halves (Tax-Property 10-204.3): billed, printed, late, and the service charge on the second.

Worked by hand. The percent of the service charge is made up: no town's was found. 250,000 at 2.248 is 5,620.00 of City tax, at 0.112
280.00 of State tax; 100,013 gives 2,248.29 and 112.01.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.office.billed_town import Office, grid, of, stubs, texts
from xltax.actions import counter, delinquency, quotes, year
from xltax.errors import BadProfile, BadValue, LawNotEncoded
from xltax.law.load import load
from xltax.office.billing import levy_bills
from xltax.tables import ADJUSTMENTS
from xltax.tables.reading import read

D = dt.date
BALTIMORE = "us-md-baltimore-city"
RATES = "RE City=2.248, RE State=0.112"
TOWN = """
id = "us-md-baltimore-city-with-a-charge"
name = "A city with a service charge"
extends = "us-md-baltimore-city"

[[fee]]
kind = "service_charge"
from = 2025-07-01
rate = "0.75%"
cite = [{ title = "Ordinance 25-1 (made up)" }]
"""
ROLL = """Account,Owner,Net Value,Flags
0001,ADAMS,250000,owner-occupied
0002,BAKER,100013,"rental, semiannual"
0003,CLARK,250000,
0004,DAVIS,250000,owner-occupied
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Three homes and another parcel, billed and printed on July 1, 2025, with the charge in the town's own file."""
    folder = tmp_path_factory.mktemp("halves")
    law = folder / "town.toml"
    law.write_text(TOWN, encoding="utf-8")
    it = Office(folder / "town.xlsx", str(law))
    it.bill(ROLL, 2025, RATES, D(2025, 7, 1))
    return it


@pytest.fixture(scope="module")
def october(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """ADAMS paid the first half on its last day, DAVIS both; then the charges were entered."""
    payments = office.path.with_name("payments.csv")
    payments.write_text("Account,Amount,Received\n0001,2950,2025-09-30\n0004,5900,2025-09-29\n", encoding="utf-8")
    office.do(counter.post, payments, today=D(2025, 9, 30))
    with pytest.raises(BadValue, match="2025-09-30 is not over"):
        office.do(year.service_charges, 2025, today=D(2025, 9, 30))
    office.said = office.do(year.service_charges, 2025, today=D(2025, 10, 1))  # type: ignore[attr-defined]
    return office


def owed(office: Office, account: str, on: dt.date) -> str:
    """What pays everything billed."""
    office.do(quotes.quote, account, on, 1)
    return f"{office.opened().get('quote_total'):,.2f}"


def test_a_home_is_billed_in_two_halves_each_part_by_itself(office: Office) -> None:
    """2,248.29 is 1,124.15 and 1,124.14; 112.01 is 56.01 and 56.00. CLARK does not live there: one sum on July 1."""
    rows = office.read("Duplicate").set_index(["Account", "Part"])
    halves = {key: (row["Inst 1"], row["Inst 2"]) for key, row in rows.iterrows()}
    assert halves["0001", "City"] == (2810, 2810)
    assert halves["0001", "State"] == (140, 140)
    assert halves["0002", "City"] == (1124.15, 1124.14)
    assert halves["0002", "State"] == (56.01, 56)
    assert halves["0003", "City"] == (5620, 0)
    assert (rows.loc[("0001", "City"), "Due 1"], rows.loc[("0001", "City"), "Due 2"]) == (D(2025, 7, 1), D(2025, 12, 1))


def test_the_bill_says_each_half_each_day_and_the_charge(office: Office) -> None:
    """0.75% of 2,950.00 is 22.125. Half a percent off the City's 2,810.00 by July 31 is 14.05."""
    (page,) = of(office.pages["bills 2025"], "2025-0001")
    assert [row[:3] for row in grid(page, "Installment").rows[:2]] == [
        ("1", D(2025, 7, 1), D(2025, 9, 30)), ("2", D(2025, 12, 1), D(2025, 12, 31)),
    ]  # fmt: skip
    assert grid(page, "If paid in full").rows == [
        ["1", "by Jul 31, 2025", 2_935_95], ["1", "by Sep 30, 2025", 2_950_00], ["2", "by Jul 31, 2025", 2_935_95],
        ["2", "by Sep 30, 2025", 2_950_00], ["2", "by Dec 31, 2025", 2_972_13],
    ]  # fmt: skip
    assert "service charge of 0.75%, $22.13. You do not owe this charge if you pay all parts by Sep 30, 2025." in texts(
        page
    )
    assert [s.amount for s in stubs(page)] == [2_950_00, 2_972_13]
    (other,) = of(office.pages["bills 2025"], "2025-0003")
    assert "service charge" not in texts(other)
    assert grid(other, "If paid in full").rows == [["by Jul 31, 2025", 5_871_90], ["by Sep 30, 2025", 5_900_00]]


def test_the_charge_comes_once_to_what_is_open_after_september_30(october: Office) -> None:
    """ADAMS owes 0.75% of 2,950.00; BAKER 0.75% of 1,180.14, 8.85; DAVIS paid it all; CLARK has no second half."""
    assert october.said == "2 of 3 bills in parts owe the service charge: $30.98."  # type: ignore[attr-defined]
    made = read(october.read("Adjustments"), ADJUSTMENTS)
    fees = made[["Bill", "Inst", "Component", "Amount", "Effective", "Authority"]].to_numpy().tolist()
    assert [row[:4] for row in fees] == [["2025-0001", 2, "costs", 22_13], ["2025-0002", 2, "costs", 8_85]]
    assert all(row[4].date() == D(2025, 10, 1) and row[5] == "Ordinance 25-1 (made up)" for row in fees)
    assert october.do(year.service_charges, 2025, today=D(2025, 10, 2)).startswith("0 of 3 bills")


def test_the_second_half_bears_interest_from_january_1(october: Office) -> None:
    """On 2,810.00 of City tax 2% a month, 56.20; on 140.00 of State tax 1.40; on the charge nothing."""
    assert owed(october, "0001", D(2025, 12, 31)) == "2,972.13"
    assert owed(october, "0001", D(2026, 1, 1)) == "3,029.73"
    assert owed(october, "0001", D(2026, 1, 31)) == "3,029.73"
    assert owed(october, "0001", D(2026, 2, 1)) == "3,087.33"


def test_a_first_half_not_paid_bears_interest_from_october_1(october: Office) -> None:
    """City 22.48 a month on either half, State 0.56: one month on October 1, four and one on January 1."""
    assert owed(october, "0002", D(2025, 9, 30)) == "2,360.30"
    assert owed(october, "0002", D(2025, 10, 1)) == "2,392.19"  # 2,360.30 + 22.48 + 0.56 + 8.85
    assert owed(october, "0002", D(2026, 1, 1)) == "2,484.35"  # ... + 4 x 23.04 + 23.04
    assert owed(october, "0003", D(2025, 10, 1)) == "6,015.20"  # 5,900.00 + 2% of 5,620.00 + 1% of 280.00


def test_the_calendar_has_both_halves(october: Office) -> None:
    october.do(delinquency.calendar, 2025)
    tasks = october.read("Calendar")[["By", "Task"]].to_numpy().tolist()
    assert [D(2025, 12, 1), "Taxes fall due (real estate, owner-occupied)"] in tasks
    assert [D(2025, 12, 31), "Last day to pay without interest (real estate, owner-occupied)"] in tasks
    assert [D(2025, 7, 1), "Taxes fall due (real estate)"] in tasks


def test_homes_are_not_billed_before_the_town_says_its_charge(tmp_path: Path) -> None:
    """Baltimore's percent was not found: nothing is guessed, and nothing is billed."""
    it = Office(tmp_path / "town.xlsx", BALTIMORE)
    with pytest.raises(LawNotEncoded, match=r"no service charge for bills due on 2025-07-01.*10-204\.3") as caught:
        it.bill(ROLL, 2025, RATES, D(2025, 7, 1))
    assert "0% if there is no fee" in str(caught.value)
    assert not len(it.read("Duplicate"))
    with pytest.raises(BadValue, match=r"No bill for 2025 is payable in parts"):
        it.do(year.service_charges, 2025, today=D(2025, 10, 1))


def test_a_county_without_a_charge_says_0_percent(tmp_path: Path) -> None:
    """Montgomery and Frederick Counties have none: halves, no word of a charge, nothing entered."""
    law = tmp_path / "town.toml"
    law.write_text(TOWN.replace("0.75%", "0%"), encoding="utf-8")
    it = Office(tmp_path / "town.xlsx", str(law))
    it.bill(ROLL, 2025, RATES, D(2025, 7, 1))
    (page,) = of(it.pages["bills 2025"], "2025-0001")
    assert "service charge" not in texts(page)
    assert [s.amount for s in stubs(page)] == [2_950_00, 2_950_00]
    assert it.do(year.service_charges, 2025, today=D(2025, 10, 1)).startswith("0 of 3 bills")


def test_a_charge_typed_on_the_rules_sheet_counts(tmp_path: Path) -> None:
    """Two rows, kind and rate: no method, and for its authority the statute's. 0.5% of 2,950.00 is 14.75, of 1,180.14 5.90."""
    it = Office(tmp_path / "town.xlsx", BALTIMORE)
    rows = [{"Id": 900, "Rule": "fee", "Key": k, "Value": v} for k, v in (("kind", "service_charge"), ("rate", "0.5%"))]
    it.fill("Rules", pd.DataFrame(rows))
    it.bill(ROLL, 2025, RATES, D(2025, 7, 1))
    assert (
        it.do(year.service_charges, 2025, today=D(2025, 10, 1))
        == "3 of 3 bills in parts owe the service charge: $35.40."
    )
    made = it.read("Adjustments")
    assert list(made["Amount"]) == [14.75, 5.9, 14.75]
    assert all("10-204.3" in a for a in made["Authority"])


def test_other_states_have_no_schedule_of_homes(tmp_path: Path) -> None:
    it = Office(tmp_path / "town.xlsx")
    with pytest.raises(BadValue, match=r"Colts Neck.* has no service charge"):
        it.do(year.service_charges, 2025, today=D(2025, 10, 1))
    assert levy_bills.due_date(load("us-nj-colts-neck"), 2025, 2, home=True) == D(2025, 5, 1)
    with pytest.raises(BadValue, match="no installment 2"):
        levy_bills.due_date(load(BALTIMORE), 2025, 2)
    assert levy_bills.due_date(load(BALTIMORE), 2025, 2, home=True) == D(2025, 12, 1)


@pytest.mark.parametrize(
    ("line", "why"),
    [('home_due = ["07-01"]', "at least two due dates"), ('home_fee = "x"', "needs the due dates"), ('home_due = ["7-1", "12-01"]', "7-1")],
)  # fmt: skip
def test_a_schedule_of_homes_that_cannot_be_is_refused(tmp_path: Path, line: str, why: str) -> None:
    law = tmp_path / "town.toml"
    law.write_text(
        f'id = "us-md-x"\nname = "X"\nextends = "us-md"\n[[installments]]\ndue = ["07-01"]\nsplit = "equal"\n{line}\n'
    )
    with pytest.raises(BadProfile, match=why):
        load(str(law))
