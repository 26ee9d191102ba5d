"""The file adapter on a town of real size, and the fault tests' whole number."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd

from xltax.actions import counter, setup, year
from xltax.data import made_up
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook

ROOT = Path(__file__).parents[2]
DAYS = ("2024-02-01", "2024-05-01", "2024-08-01", "2024-11-01")


def big_book(folder: Path, bills: int, receipts: int) -> tuple[Path, int, int]:
    """A made-up town's book with so many bills and about so many cash-book rows; gives it with both counts."""
    path = folder / "town.xlsx"
    town = made_up.made_up_town(bills, years=(2024,))
    roll = folder / "roll.csv"
    town.rolls[2024].to_csv(roll, index=False)
    new_book(path, town.profile, name=town.name, year=2024, as_of=dt.date(2024, 11, 2))
    book = FilesBook.open(path)
    day = dt.date(2024, 1, 10)
    setup.import_roll(book, roll, on=day)
    year.bill(book, 2024, f"RE={town.rates[2024]}", today=day, mailed=day)
    billed = book.read("Duplicate")
    paid = [
        (account, f"{amount:.2f}", day, "Check")
        for quarter, day in enumerate(DAYS, 1)
        for account, amount in zip(billed["Account"], billed[f"Inst {quarter}"], strict=True)
        if amount
    ][:receipts]
    file = folder / "payments.csv"
    pd.DataFrame(paid, columns=["Account", "Amount", "Received", "Tender"]).to_csv(file, index=False)
    counter.post(book, file, today=dt.date(2024, 11, 2), as_of=dt.date(2024, 11, 2))
    book.save()
    return path, len(billed), len(book.read("CashBook"))


def processor_time(work: Callable[[], object]) -> float:
    """The processor time of a piece of work in this process, in seconds: other programs on the machine matter less to it."""
    start = time.process_time()
    work()
    return time.process_time() - start


def post_and_refresh(bills: int, receipts: int) -> tuple[str, str, float]:
    """Opening the book, posting one receipt, refreshing every bill and saving, the new file read back and compared."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, bills, rows = big_book(folder, bills, receipts)
        book = folder / "work.xlsx"
        one = folder / "one.csv"
        account = FilesBook.open(source).read("Duplicate")["Account"].iloc[7]
        one.write_text(f"Account,Amount,Received,Tender\n{account},100.00,2024-11-05,Check\n", "utf-8")

        def ours() -> None:
            shutil.copy(source, book)
            opened = FilesBook.open(book)
            counter.post(opened, one, today=dt.date(2024, 11, 5), as_of=dt.date(2024, 11, 5))
            opened.save()

        def theirs() -> None:
            openpyxl.load_workbook(source).save(folder / "theirs.xlsx")

        ours()  # once to load what it needs
        # One round of ours on either side of theirs, so that a machine that slows down does not favour one of them.
        first, other, second = processor_time(ours), processor_time(theirs), processor_time(ours)
        size = source.stat().st_size // 1024
    work = f"refresh and post one receipt by the file adapter, {bills:,} bills and {rows:,} cash-book rows ({size:,} KB), verification included"
    return work, "openpyxl loading and saving that file", (first + second) / 2 / other


# ---- faults -------------------------------------------------------------------------------------------------------------


def faults(kills: int, mutants: int) -> str:
    """Runs the fault tests with these numbers; gives what they counted as lines for docs/reliability.md."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "counts"
        settings = {"XLTAX_KILLS": str(kills), "XLTAX_MUTANTS": str(mutants), "XLTAX_COUNTS": str(place)}
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-W", "ignore", "tests/faults"]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout[-8000:], file=sys.stderr)
            raise SystemExit("The fault tests did not pass.")
        told: dict[str, Counter[str]] = {}
        for line in place.read_text("utf-8").splitlines():
            counts = json.loads(line)
            told.setdefault(counts.pop("what"), Counter()).update(counts)
    text = f"{kills:,} kills and {mutants:,} mutants asked for:\n\n" + "".join(
        f"- {what}: " + ", ".join(f"{n:,} {kind}" for kind, n in sorted(told[what].items())) + "\n"
        for what in sorted(told)
    )
    print(text, end="", flush=True)
    return text
