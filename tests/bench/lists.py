"""A whole Connecticut town's refresh with all its lists: the real 2018 bills of Glastonbury, whose owners and payments are made up."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench.figures import least_time
from xltax.actions import counter, papers, setup, year
from xltax.actions.desk import Desk
from xltax.data import open_csv
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.ledger.replay import prepare
from xltax.money import dollars
from xltax.office.billing.duplicate_columns import derived
from xltax.office.collection import lists

BILLED, AS_OF = dt.date(2019, 6, 24), dt.date(2020, 3, 2)
MILLS = "36.36"


def all_lists() -> list[tuple[str, str, float, float | None]]:
    """Seconds of one processor for balances, every derived column and every list of the town; and for reading its tables."""
    prepare()  # as `./run` does when it sets up
    with tempfile.TemporaryDirectory() as folder:
        path = _book(Path(folder))

        def read() -> Desk:
            desk = Desk(FilesBook.open(path))
            for table in (desk.roll, desk.duplicate, desk.cash_book, desk.adjustments):
                assert table is not None
            return desk

        reading = least_time(read, 2)
        desk = read()
        sizes: dict[str, int] = {}

        def whole() -> None:
            desk.changed()
            ledger = desk.ledger(AS_OF)
            derived(desk.duplicate, ledger, desk.adjustments)
            records = papers.records(desk, AS_OF)
            for kind, rule in lists.kinds(desk.town, AS_OF).items():
                sizes[kind] = len(lists.make(rule, records).rows)

        whole()
        working = least_time(whole, 3)
        bills, lines = len(desk.duplicate), len(desk.cash_book)
    size = f"a Connecticut town of {bills:,} bills and {lines:,} cash-book lines"
    what = f"balances, derived columns and all {len(sizes)} lists ({sum(sizes.values()):,} rows)"
    return [
        (f"{size}: {what}, seconds of one processor", "-", working, 5),
        ("reading and typing that book's tables first, seconds", "-", reading, None),
    ]


def _book(folder: Path) -> Path:
    """The town's book, billed and paid: three installments in four, some of them late; notices and cases as a desk has them."""
    path = folder / "town.xlsx"
    new_book(path, "us-ct-glastonbury", name="Glastonbury", year=2018, as_of=AS_OF)
    book = FilesBook.open(path)
    roll = folder / "roll.csv"
    _roll().to_csv(roll, index=False)
    setup.import_roll(book, roll, on=BILLED)
    year.bill(book, 2018, f"RE={MILLS}, MV={MILLS}", mailed=BILLED, today=BILLED)
    file = folder / "payments.csv"
    _payments(Desk.of(book)).to_csv(file, index=False)
    counter.post(book, file, today=AS_OF, as_of=AS_OF)
    accounts = book.read("Roll")["Account"]
    _demands(book, accounts[::4])
    _cases(book, accounts)
    book.save()
    return path


def _roll() -> pd.DataFrame:
    """The grand list as published; every house has an owner of its own, who owns some of the vehicles too."""
    parts = []
    for name, kind in (("real_estate", "RE"), ("motor_vehicle", "MV")):
        data = open_csv(f"glastonbury_ct/{name}_2018")
        parts.append(pd.DataFrame({"Account": data["list_no"], "Levy Type": kind, "Net Value": data["assessment"]}))
    houses = len(parts[0])
    roll = pd.concat(parts, ignore_index=True)
    owner = np.arange(len(roll)) % houses
    return roll.assign(Party=[f"P{n:05d}" for n in owner], Owner=[f"MADE UP {n}" for n in owner])


def _payments(desk: Desk) -> pd.DataFrame:
    rng = np.random.default_rng(2018)
    due = desk.facts.charges[["Account", "Due", "Amount"]]
    due = due[(due["Amount"] > 0) & (rng.random(len(due)) < 0.75)]
    late = rng.choice([-3, 10, 25, 45, 100], size=len(due), p=[0.3, 0.3, 0.3, 0.05, 0.05]).astype("timedelta64[D]")
    received = np.minimum(due["Due"].to_numpy() + late, np.datetime64(AS_OF, "s"))
    amounts = [dollars(int(a), comma=False) for a in due["Amount"]]
    return pd.DataFrame({"Account": due["Account"], "Amount": amounts, "Received": received.astype("datetime64[D]"),
                         "Tender": "Check"})  # fmt: skip


def _demands(book: FilesBook, accounts: pd.Series) -> None:
    rows = {"No": [str(n + 1) for n in range(len(accounts))], "Kind": "demand", "Account": accounts.to_numpy()}
    book.append("Notices", pd.DataFrame(rows | {"Mailed": np.datetime64("2019-09-10", "s")}))


def _cases(book: FilesBook, accounts: pd.Series) -> None:
    """Three hundred of each kind a list asks for."""
    kinds = ("Suspense", "Vehicle hold", "Promise to pay", "Bankruptcy")
    mine = accounts.sample(300 * len(kinds), random_state=5)
    rows = {"No": [str(n + 1) for n in range(len(mine))], "Kind": np.tile(kinds, 300), "Account": mine.to_numpy()}
    rows |= {"Opened": np.datetime64("2019-10-01", "s"), "Reason": "made up", "Reference": "19-1"}
    book.append("Cases", pd.DataFrame(rows))
