"""Liens: their status on a day, the next date that matters, their fee, and what a lapse changes."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.enforcement.offices import Office, change, standing, status
from xltax.actions import control, counter, delinquency, enforcement

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


@pytest.fixture
def liens(ct: Office) -> Office:
    """R6's lien of the 2022 list prepared on March 18, after its notice of March 3."""
    ct.do(delinquency.notices, "lien", account="R6")
    ct.do(enforcement.file_liens, "lien", as_of=D(2025, 3, 18))
    return ct


def test_a_lien_through_its_life(liens: Office) -> None:
    _, rows = standing(liens, "Liens", D(2025, 3, 18))
    # The first installment fell due July 1, 2023: record it by July 1, 2025.
    assert status(rows.loc["1"]) == ["Not recorded", D(2025, 7, 1), "record the lien"]
    change(liens, "Liens", "1", Recorded=D(2025, 3, 25), Book="812", Page="44")
    _, rows = standing(liens, "Liens", D(2025, 3, 26))
    assert status(rows.loc["1"])[0] == "Recorded"
    change(liens, "Liens", "1", Assigned=D(2025, 6, 1), Assigned_To="Lien Fund LLC")
    _, rows = standing(liens, "Liens", D(2025, 6, 1))
    assert status(rows.loc["1"])[::2] == ["Assigned", "rights are with Lien Fund LLC"]
    change(liens, "Liens", "1", Released=D(2025, 6, 10), Release_Book="815", Release_Page="9")
    _, rows = standing(liens, "Liens", D(2025, 6, 10))
    assert rows.loc["1", "Status"] == "Released"


def test_a_lien_not_recorded_in_two_years_has_lapsed(liens: Office) -> None:
    _, rows = standing(liens, "Liens", D(2025, 7, 1))
    assert rows.loc["1", "Status"] == "Not recorded"
    _, rows = standing(liens, "Liens", D(2025, 7, 2))
    assert rows.loc["1", "Status"] == "Lapsed"
    change(liens, "Liens", "1", Recorded=D(2025, 7, 3))
    _, rows = standing(liens, "Liens", D(2025, 7, 3))
    assert rows.loc["1", "Status"] == "Recorded late"


def test_a_paid_lien_is_to_be_released(liens: Office) -> None:
    change(liens, "Liens", "1", Recorded=D(2025, 3, 25))
    path = liens.path.with_name("p.csv")
    # 12,000 with 21 and 15 months of interest, and the lien's 24.00.
    path.write_text("Account,Amount,Received\nR6,15264.00,2025-03-31\n", encoding="utf-8")
    liens.do(counter.post, path, today=D(2025, 3, 31), as_of=D(2025, 3, 31))
    _, rows = standing(liens, "Liens", D(2025, 3, 31))
    assert status(rows.loc["1"]) == ["Paid", D(2025, 3, 31), "record the release"]
    assert liens.read("Watch")["What"].tolist()[0] == "record the release"


def test_the_fee_is_charged_with_its_authority_and_the_proof_still_agrees(liens: Office) -> None:
    row = liens.read("Adjustments").iloc[0]
    assert [row["Bill"], row["Inst"], row["Kind"], row["Amount"], row["Reason"]] == [
        "22-R6",
        1,
        "Fee",
        24,
        "lien fee, lien 1",
    ]
    assert row["Authority"] == "Connecticut collectors' practice"
    assert liens.do(control.proof).endswith(" checks passed.")
    assert "0 liens prepared" in liens.do(enforcement.file_liens, "lien", as_of=D(2025, 3, 19)), "never twice"


def test_a_ucc_lien_lapses_after_fifteen_years(ct: Office) -> None:
    ct.do(delinquency.notices, "ucc")
    assert "1 lien prepared for tax of $500.00" in ct.do(enforcement.file_liens, "ucc", as_of=D(2025, 3, 18))
    change(ct, "Liens", "1", Recorded=D(2025, 3, 20), Filing_No="0005-1")
    _, rows = standing(ct, "Liens", D(2025, 3, 20))
    assert status(rows.loc["1"]) == ["Recorded", D(2040, 3, 20), "the lien lapses"]


def test_a_lapse_makes_the_tax_unsecured(ct: Office) -> None:
    assert "no newly lapsed lien" in ct.do(enforcement.unsecure, D(2025, 7, 1), today=D(2025, 7, 1))
    said = ct.do(enforcement.unsecure, D(2025, 7, 2), today=D(2025, 7, 2))
    assert said == "3 bills marked unsecured."
    bills = ct.read("Duplicate").set_index("Bill")
    assert bills.loc["22-R6", "Unsecured From"] == D(2025, 7, 2)
    # From now on ADAMS's payment pays the old house tax, unsecured and older, before the vehicle.
    path = ct.path.with_name("p.csv")
    path.write_text("Account,Amount,Received\nR1,100.00,2025-07-03\n", encoding="utf-8")
    ct.do(counter.post, path, today=D(2025, 7, 3), as_of=D(2025, 7, 3))
    assert ct.read("CashBook")["Bill"].tolist() == ["22-R1"]


def test_a_lapse_marked_late_moves_only_what_was_paid_since(ct: Office) -> None:
    """ADAMS pays on June 30, while the lien stands, and on July 3; on July 10 the lapse of July 2 is marked."""
    path = ct.path.with_name("p.csv")
    for on in (D(2025, 6, 30), D(2025, 7, 3)):
        path.write_text(f"Account,Amount,Received\nR1,10.00,{on}\n", encoding="utf-8")
        ct.do(counter.post, path, today=on, as_of=on)
    said = ct.do(enforcement.unsecure, D(2025, 7, 10), today=D(2025, 7, 10))
    assert said.startswith("3 bills marked unsecured. This changed how 2 earlier payment lines are applied.")
    lines = ct.read("CashBook")
    assert lines["Bill"].tolist() == ["23-M1", "23-M1", "23-M1", "22-R1"]
    assert lines["Total"].tolist() == [10, 10, -10, 10]
    assert ct.do(control.proof, D(2025, 7, 10)).endswith(" checks passed.")


def test_while_it_is_secured_the_vehicle_is_paid_first(ct: Office) -> None:
    path = ct.path.with_name("p.csv")
    path.write_text("Account,Amount,Received\nR1,100.00,2025-03-03\n", encoding="utf-8")
    ct.do(counter.post, path, today=D(2025, 3, 3), as_of=D(2025, 3, 3))
    assert ct.read("CashBook")["Bill"].tolist() == ["23-M1"]
