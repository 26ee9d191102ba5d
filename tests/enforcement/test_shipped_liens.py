"""The liens of New Hampshire and Massachusetts under the laws that come with xltax, each figure worked by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.office.runs_town import Town
from xltax.actions import liens, year
from xltax.actions.desk import Desk

D = dt.date
ROLL = """Account,Owner,Location,Net Value
1,ADAMS,1 Main St,100000
"""


def billed(folder: Path, law: str, mailed: dt.date) -> Town:
    """One parcel of $100,000 at $20 for $1,000: a tax of 2,000.00, nothing of it paid."""
    it = Town(folder, law, 2025, mailed)
    it.roll(ROLL, mailed)
    it.do(year.bill, 2025, "RE=20", today=mailed, mailed=mailed, no_prior_tax=True)
    return it


def owed(town: Town, day: dt.date) -> int:
    return int(Desk.of(town.opened()).ledger(day).balances["Total"].sum())


def test_new_hampshire(tmp_path: Path) -> None:
    """Due December 1, 2025; to May 1 are 151 days: 2,000.00 x 8% x 151/365 = 66.1918, so 66.19.

    RSA 80:81: $10 and $2 for the execution. 2,078.19 in all, at 14% from May 1: to November 1 are 184 days,
    2,078.19 x 14% = 290.9466, x 184/365 = 146.6690.
    """
    town = billed(tmp_path, "us-nh", D(2025, 10, 20))
    day = D(2026, 5, 1)
    assert owed(town, day) == 2066_19
    said = town.do(liens.execute_lien, on=day, year=2025, today=day)
    assert "$2,066.19 past due and fees of $12.00, principal $2,078.19." in said
    assert owed(town, day) == 2078_19
    assert owed(town, D(2026, 11, 1)) == 2078_19 + 146_67


def test_massachusetts_after_november_2024(tmp_path: Path) -> None:
    """No prior tax, so 1,000.00 fall due on February 1 and on May 1, 2026. To August 3 are 183 and 94 days at 14%: 70.19 and 36.05.

    c. 60, s. 15: $10 for the instrument of taking. 2,116.24 in all, at 8% from August 3: to November 1 are 90 days,
    169.2992 x 90/365 = 41.745008, so 41.75.
    """
    town = billed(tmp_path, "us-ma", D(2025, 6, 30))
    day = D(2026, 8, 3)
    assert owed(town, day) == 2106_24
    said = town.do(liens.execute_lien, on=day, year=2025, today=day)
    assert "$2,106.24 past due and fees of $10.00, principal $2,116.24." in said
    assert owed(town, D(2026, 11, 1)) == 2116_24 + 41_75
