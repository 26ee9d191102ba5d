"""Sheets of 40,000 rows from outside: looked at and brought in by the clock, and held against reading the same file plainly."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from xltax.data import made_up
from xltax.faces.new import new_book
from xltax.money import to_cents, usd

ROWS = 40_000
DAY = dt.date(2024, 1, 10)


def _clock(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _command(*words: object) -> float:
    """A whole command as a person waits for it: Python started, the book opened, the task, the book saved and read back."""
    command = [sys.executable, "-m", "xltax.cli", *map(str, words)]
    return _clock(lambda: subprocess.run(command, check=True, capture_output=True))


def _files(folder: Path) -> tuple[Path, dict[str, Path]]:
    """An empty book, and a roll, its open balances and its payments of 40,000 rows each."""
    town = made_up.made_up_town(ROWS, years=(2024,))
    roll = town.rolls[2024]
    named = {"roll": folder / "roll.csv", "balances": folder / "balances.csv", "payments": folder / "payments.csv"}
    roll.to_csv(named["roll"], index=False)
    amount = [f"{100 + n % 900}.{n % 100:02}" for n in range(len(roll))]
    pd.DataFrame(
        {"Parcel ID": roll["Account"], "Levy Year": 2023, "Levy Type": "RE", "Inst": 4, "Due Date": "11/1/2023", "Balance": amount}
    ).to_csv(named["balances"], index=False)  # fmt: skip
    pd.DataFrame(
        {"Parcel ID": roll["Account"], "Amount Paid": amount, "Date Paid": "1/9/2024", "Check Number": range(100, 100 + len(roll))}
    ).to_csv(named["payments"], index=False)  # fmt: skip
    book = folder / "town.xlsx"
    new_book(book, town.profile, name=town.name, year=2024, as_of=DAY)
    return book, named


def sheets() -> list[tuple[str, str, float, float | None]]:
    """Look At and Bring In of a roll, of open balances and of payments, in the order of a first afternoon."""
    rows: list[tuple[str, str, float, float | None]] = []
    with tempfile.TemporaryDirectory() as name:
        book, files = _files(Path(name))
        amounts = {"roll": "Net Value", "balances": "Balance", "payments": "Amount Paid"}
        for what, file in files.items():
            total = usd(sum(to_cents(v) for v in pd.read_csv(file, dtype=str)[amounts[what]]))
            plain = min(_clock(lambda f=file: pd.read_csv(f, dtype=str)) for _ in range(5))  # type: ignore[misc]
            look = min(_command("look-at", book, what, file, "--control-total", total) for _ in range(2))
            sure = ("--sure", "Account, Amount", "--today", DAY)
            take = _command("bring-in", book, what, file, "--control-total", total, *sure)
            rows += [
                (f"look at {what} of {ROWS:,} rows, the whole command, seconds by the clock", "-", look, 3),
                ("the same", "pandas.read_csv of the file", look / plain, None),
                (f"bring in {what} of {ROWS:,} rows, the whole command, seconds by the clock", "-", take, 10),
                ("the same", "pandas.read_csv of the file", take / plain, None),
            ]
    return rows
