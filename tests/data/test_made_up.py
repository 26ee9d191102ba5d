"""The made-up town: the same for the same seed, plainly made up, and with every kind of payer a collector knows."""

from __future__ import annotations

import datetime as dt
import time

import pandas as pd
import pytest

from xltax.data.made_up import NAME, PAYERS, made_up_payments, made_up_town
from xltax.law.calendar import Installments
from xltax.law.levy import Levy
from xltax.law.load import load
from xltax.ledger.replay import Facts, replay
from xltax.money import number
from xltax.tables import CHARGES, RECEIPTS, ROLL, Charge
from xltax.tables.reading import read
from xltax.tables.table import Table

YEARS = (2022, 2023, 2024)


@pytest.fixture(scope="module")
def charges() -> Table[Charge]:
    """The town billed by the plainest means, for these tests only."""
    town = made_up_town(600, YEARS)
    law = load(town.profile)
    rows = []
    for year, roll in town.rolls.items():
        roll = read(roll, ROLL)
        levy, quarters = (law.rule(kind, dt.date(year, 1, 1)).params for kind in (Levy, Installments))
        columns = (roll[c] for c in ("Account", "Net Value", "Deductions", "Prior Tax"))
        for account, value, less, prior in zip(*columns, strict=True):
            tax = levy.tax(value, number(town.rates[year]), less)
            parts = quarters.amounts(tax, prior_tax=prior)[:4]
            for n, (due, part) in enumerate(zip(quarters.due_dates(year), parts, strict=True), 1):
                rows.append((f"{year}-{account}", account, year, n, due, part))
    table = pd.DataFrame(rows, columns=["Bill", "Account", "Levy Year", "Inst", "Due", "Amount"])
    table["Amount"] = table["Amount"] / 100
    return read(table, CHARGES)


@pytest.fixture(scope="module")
def payments(charges: Table[Charge]) -> pd.DataFrame:
    return made_up_payments(charges, dt.date(2025, 1, 31))


def test_it_says_that_it_is_made_up() -> None:
    town = made_up_town(50, YEARS)
    assert "made up" in NAME
    assert town.name == NAME
    for roll in town.rolls.values():
        assert roll["Mail 2"].str.contains("made up").all()
        assert "made-up" in roll.attrs["file"]


def test_the_same_seed_gives_the_same_town(charges: Table[Charge], payments: pd.DataFrame) -> None:
    one, other, third = made_up_town(200, YEARS), made_up_town(200, YEARS), made_up_town(200, YEARS, seed=7)
    for year in YEARS:
        pd.testing.assert_frame_equal(one.rolls[year], other.rolls[year])
    assert not one.rolls[2022].equals(third.rolls[2022])
    pd.testing.assert_frame_equal(payments, made_up_payments(charges, dt.date(2025, 1, 31)))


def test_the_roll_is_a_roll() -> None:
    town = made_up_town(3_700, YEARS)
    for roll in town.rolls.values():
        table = read(roll, ROLL)
        assert len(table) == 3_700
        assert (table["Land"] + table["Improvements"] - table["Exemptions"] == table["Net Value"]).all()
    before, after = (read(town.rolls[y], ROLL).set_index("Account") for y in (2022, 2023))
    assert 0 < (before["Net Value"] != after["Net Value"]).sum() < 400
    assert 0 < (before["Owner"] != after["Owner"]).sum() < 400


def test_payments_are_receipts_in_order(charges: Table[Charge], payments: pd.DataFrame) -> None:
    table = read(payments, RECEIPTS)
    assert table["Receipt"].is_unique
    assert table["Received"].is_monotonic_increasing
    assert (table["Received"].dt.day_of_week < 5).all()
    assert table["Received"].max() <= pd.Timestamp("2025-01-31")
    assert set(table["Account"]) <= set(charges["Account"])
    assert {"Payment", "Prepayment", "Reversal"} == set(table["Kind"])
    back = table[table["Kind"] == "Reversal"].set_index("Reverses")
    paid = table.set_index("Receipt").loc[back.index]
    assert (paid["Amount"] == back["Amount"]).all()
    assert (paid["Received"] < back["Received"]).all()


def test_the_mix_is_that_of_a_town(charges: Table[Charge], payments: pd.DataFrame) -> None:
    assert sum(share for _, share in PAYERS) == 1000
    on = dt.date(2025, 1, 31)
    ledger = replay(Facts(charges, read(payments, RECEIPTS)), load("us-nj"), on)
    billed = charges["Amount"].sum()
    open_tax = ledger.balances["Tax"].sum()
    assert 0.01 < open_tax / billed < 0.10, "most of the levy is paid, and not all"
    assert ledger.balances["Interest"].sum() > 0
    assert ledger.credits[["Credit", "Refund"]].sum().gt(0).any(), "some pay too much"
    assert ledger.postings["Interest"].sum() > 0, "some pay late"
    assert ledger.problems == []


def test_charges_cannot_be_a_frame_of_dollars(charges: Table[Charge]) -> None:
    dollars = charges.frame.assign(Amount=charges["Amount"] / 100)
    with pytest.raises(TypeError, match="not whole cents"):
        Table.made(CHARGES, dollars)


def test_it_is_quick(charges: Table[Charge]) -> None:
    start = time.perf_counter()
    made_up_town(3_700, YEARS)
    made_up_payments(charges)
    assert time.perf_counter() - start < 4
