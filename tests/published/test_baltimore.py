"""Baltimore City's tax-sale liens of 2018 to 2020: City and State tax, interest and penalty, each to the cent."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from xltax.data import open_csv
from xltax.law.levy import Levy
from xltax.law.load import load
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.ledger.wide import melt
from xltax.money import dollars, number, to_cents
from xltax.office.billing import levy_bills
from xltax.tables import ROLL
from xltax.tables.reading import read

TOWN = load("us-md-baltimore-city")
RATES = {"City": number("2.248"), "State": number("0.112")}
STRUCK = {"6": "03-15", "8": "05-15"}  # the months late the City printed, and a day in the middle of the last of them


def charges(liens: pd.DataFrame, list_year: str) -> pd.DataFrame:
    """The City and State bills behind the liens of one year's list: due on July 1 of the year before."""
    due = dt.date(int(list_year) - 1, 7, 1)
    levy = TOWN.rule(Levy, due).params
    parts = []
    for part, rate in RATES.items():
        tax = [dollars(levy.tax(to_cents(v), rate), comma=False) for v in liens["assessed_value"]]
        rows = pd.DataFrame({"Bill": liens["bill"], "Account": liens["block_lot"], "Part": part, "Amount": tax})
        parts.append(rows.assign(**{"Levy Year": due.year, "Levy Type": "RE", "Inst": 1, "Due": due}))
    return pd.concat(parts, ignore_index=True)


def struck(liens: pd.DataFrame, list_year: str, on: str) -> Ledger:
    return replay(Facts.read(charges(liens, list_year)), TOWN, dt.date.fromisoformat(f"{list_year}-{on}"))


@pytest.mark.parametrize(("list_year", "count"), [("2018", 1622), ("2019", 1508), ("2020", 2209)])
def test_every_lien_to_the_cent(list_year: str, count: int) -> None:
    every = open_csv("baltimore_md/liens_2018_2020")
    liens = every[every["list_year"] == list_year].reset_index(drop=True)
    liens["bill"] = [f"{list_year}-{n}" for n in range(len(liens))]
    (months,) = liens["months"].unique()
    ledger = struck(liens, list_year, STRUCK[months])
    owed = ledger.balances.groupby("Bill")["Total"].sum()
    ours = liens["bill"].map(owed) + liens["flat_charge"].map(to_cents)
    off = liens[ours != liens["lien_published"].map(to_cents)]
    assert len(liens) == count
    assert off.empty, off.head()


def test_months_count_from_october_1() -> None:
    """Six by mid-March and eight by mid-May; September 30 is free; 1% interest and 1% penalty, and 1% for the State."""
    lien = pd.DataFrame({"bill": ["1"], "block_lot": ["1"], "assessed_value": ["100000"]})
    shares = {}
    for on in ("2019-09-30", "2019-10-01", "2020-03-15", "2020-05-15"):
        rows = replay(Facts.read(charges(lien, "2020")), TOWN, dt.date.fromisoformat(on)).balances.set_index("Part")
        shares[on] = [
            int(rows.loc[p, c]) for p, c in (("City", "Interest"), ("City", "Penalty"), ("State", "Interest"))
        ]
    assert shares == {
        "2019-09-30": [0, 0, 0],
        "2019-10-01": [22_48, 22_48, 1_12],
        "2020-03-15": [6 * 22_48, 6 * 22_48, 6 * 1_12],
        "2020-05-15": [8 * 22_48, 8 * 22_48, 8 * 1_12],
    }


def test_bill_makes_both_parts_of_every_lien() -> None:
    """Billed from the roll at the City's and the State's rate, the 2,209 parcels of 2020 owe what was published, to the cent."""
    liens = open_csv("baltimore_md/liens_2018_2020").query("list_year == '2020'").reset_index(drop=True)
    liens["bill"] = [f"2019-{n}" for n in range(len(liens))]
    roll = pd.DataFrame({"Account": liens["bill"], "Net Value": liens["assessed_value"]})
    bills, _ = levy_bills.bill(read(roll, ROLL), TOWN, 2019, {"RE": RATES}, mailed=dt.date(2019, 7, 1))
    owed = replay(Facts(melt(bills)), TOWN, dt.date(2020, 5, 15)).balances.groupby("Bill")["Total"].sum()
    ours = liens["bill"].map(owed) + liens["flat_charge"].map(to_cents)
    assert len(bills) == 2 * 2209
    assert (ours == liens["lien_published"].map(to_cents)).all()
