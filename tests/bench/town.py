"""A made-up town of real size as typed facts, drawn column by column: what the measurements of the replay work on."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from xltax.ledger.facts import Facts
from xltax.tables import CHARGES, RECEIPTS, Receipt
from xltax.tables.schema import R, TableSpec
from xltax.tables.table import Table

TOWN = "us-nj-colts-neck"
FIRST_YEAR, YEARS, QUARTERS = 2020, 5, 4
AS_OF = dt.date(2024, 12, 31)
DUE = ("02-01", "05-01", "08-01", "11-01")


def town(parcels: int = 10_000, receipts: int = 150_000, seed: int = 7) -> Facts:
    """`parcels` accounts with 20 quarterly installments each, and so many payments: early, in grace, late, in part, twice."""
    rng = np.random.default_rng(seed)
    count = parcels * YEARS * QUARTERS
    account = np.repeat(np.arange(parcels), YEARS * QUARTERS)
    year = FIRST_YEAR + np.tile(np.repeat(np.arange(YEARS), QUARTERS), parcels)
    quarter = np.tile(np.arange(QUARTERS), parcels * YEARS)
    days = np.array([[f"{y}-{d}" for d in DUE] for y in range(FIRST_YEAR, FIRST_YEAR + YEARS)], dtype="datetime64[s]")
    due = days[year - FIRST_YEAR, quarter]
    amount = np.repeat(rng.integers(300_00, 6_000_00, parcels), YEARS * QUARTERS)
    names = np.array([f"{n // 30 + 1}-{n % 30 + 1}" for n in range(parcels)], dtype=object)
    charges = frame(
        CHARGES,
        count,
        {
            "Bill": np.array([f"{y}-{a:05d}" for y, a in zip(year, account, strict=True)], dtype=object),
            "Account": names[account],
            "Levy Year": year,
            "Levy Type": "RE",
            "Inst": quarter + 1,
            "Due": due,
            "Amount": amount,
        },
    )
    # Some owners never pay, some only now and then: three installments in four are met by a payment of their own.
    paid = np.sort(rng.choice(count, size=receipts, replace=False))
    late = rng.choice([-5, 3, 8, 15, 40, 200], size=receipts, p=[0.35, 0.3, 0.1, 0.1, 0.1, 0.05])
    part = rng.choice([100, 50, 130], size=receipts, p=[0.9, 0.07, 0.03])
    return Facts(
        charges, payments(names[account[paid]], due[paid] + late.astype("timedelta64[D]"), amount[paid] * part // 100)
    )


def payments(account: object, received: object, amount: object, start: int = 1) -> Table[Receipt]:
    """Payments by owners, numbered by the day they came in."""
    order = np.argsort(received, kind="stable")
    numbers = np.array([str(n) for n in range(start, start + len(order))], dtype=object)
    columns = {"Account": account[order], "Received": received[order], "Amount": amount[order]}
    return frame(RECEIPTS, len(order), columns | {"Receipt": numbers, "Kind": "Payment", "By": "owner"})


def with_one_busy_account(facts: Facts, more: int = 5_000, seed: int = 8) -> Facts:
    """The same town, where somebody pays one account's taxes in 5,000 small sums more."""
    rng = np.random.default_rng(seed)
    received = np.datetime64("2020-01-05", "s") + rng.integers(0, 1_800, more).astype("timedelta64[D]")
    account = np.full(more, facts.charges["Account"].iloc[0], dtype=object)
    receipts = facts.receipts.and_rows(payments(account, received, rng.integers(1, 2_00, more), 1_000_000))
    return Facts(facts.charges, receipts.renumbered())


def frame(spec: TableSpec[R], count: int, given: dict[str, object]) -> Table[R]:
    """A table: the columns given, the others empty."""
    empty = {"money": np.int64(0), "count": np.int64(0), "year": np.int64(0), "date": np.datetime64("NaT", "s")}
    columns = {}
    for column in spec.facts:
        value = given.get(column.name, empty.get(column.kind, ""))
        dtype = object if isinstance(value, str) else getattr(value, "dtype", None)
        columns[column.name] = pd.Series(
            value if isinstance(value, np.ndarray) else np.full(count, value, dtype=dtype), dtype=dtype
        )
    return Table.made(spec, pd.DataFrame(columns))
