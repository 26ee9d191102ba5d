"""The month of 500 receipts on files: it ends with every check at 0.00, and each kind of tampering is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.counter.month_of_receipts import LAST, Month
from xltax.actions import bank, control
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook


def month(path: Path) -> Month:
    return Month(path, lambda: FilesBook.open(path), lambda book: book.save())


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    path = tmp_path_factory.mktemp("month") / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=LAST)
    hands = month(path)
    return path, hands.run(), hands.receipts


@pytest.fixture
def book(done: tuple[Path, str, int], tmp_path: Path) -> Path:
    return Path(shutil.copy(done[0], tmp_path / "town.xlsx"))


def test_the_month_ends_with_every_check_at_zero(done: tuple[Path, str, int]) -> None:
    path, said, receipts = done
    assert receipts >= 500
    assert said.endswith(" checks passed."), said
    checks = FilesBook.open(path).read("Checks")
    assert (checks["Difference"] == 0).all()
    assert {"Closed days", "Receipts = deposits", "Deposits = bank", "Suspense", "Payments applied"} <= set(
        checks["Check"]
    )


def test_the_month_reconciles_with_the_bank_without_any_deposit_number(book: Path) -> None:
    """The bank's lines carry no numbers. Batches, returned checks, suspense, transfers and judgments: difference 0.00, unidentified 0.00."""
    tamper(book, "Bank", lambda frame: _cents(frame, "Bank").assign(Deposit="", Reference=""))
    live = FilesBook.open(book)
    balance = int(_cents(live.read("Bank"), "Bank")["Amount"].sum())
    live.append("BankBalances", pd.DataFrame([{"Date": LAST, "Balance": balance}], dtype=object))
    done = bank.reconcile_bank(live, LAST)
    assert "difference $0.00, unidentified $0.00" in done.text, done.text
    assert not done.look


def test_every_close_left_a_page_to_sign(done: tuple[Path, str, int]) -> None:
    path, _, _ = done
    closes = FilesBook.open(path).read("DayCloses")
    pages = {p.name for p in path.parent.glob("town day close *.xlsx")}
    assert pages == {f"town day close {d}.xlsx" for d in closes["Deposit"]}
    assert (closes["Over Short"] == 0).all()


def check(book: Path, name: str) -> str:
    live = FilesBook.open(book)
    control.proof(live, LAST)
    table = live.read("Checks").set_index("Check")
    return str(table.loc[name, "Result"])


def tamper(book: Path, table: str, change) -> None:
    live = FilesBook.open(book)
    frame = live.read(table)
    live.replace_rows(table, change(frame))
    live.save()


def _cents(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows as they stand, in cents, to be written back."""
    from xltax.tables import ALL
    from xltax.tables.reading import read

    spec = ALL[table]
    back = read(frame, spec)
    return back.frame.reset_index(drop=True)[[c.name for c in spec.facts]]


@pytest.mark.parametrize(
    ("name", "table", "change"),
    [
        ("Cash book seals", "CashBook", lambda t: t.assign(Note=t["Note"].where(t.index != 7, "changed"))),
        ("Cash book seals", "CashBook", lambda t: t.drop(index=11)),
        ("Closed days", "CashBook", lambda t: t.iloc[:-40]),
        ("Deposits = bank", "Bank", lambda t: t.assign(Amount=t["Amount"].where(t.index != 3, t["Amount"] + 1))),
        ("Deposits = bank", "Bank", lambda t: t[t["Amount"] > 0]),
        ("Closed days", "DayCloses", lambda t: t.assign(Total=t["Total"] + (t.index == 2) * 100)),
    ],
)
def test_what_was_changed_is_named(book: Path, name: str, table: str, change) -> None:
    tamper(book, table, lambda frame: change(_cents(frame, table)))
    assert check(book, name).startswith("LOOK")


def test_a_book_sealed_anew_shows_another_head(book: Path) -> None:
    """Someone changes a line and seals the whole book again: the seals fit, but the printed heads of the closed days do not."""
    from xltax.ledger import seals
    from xltax.tables import CASH_BOOK

    def again(frame: pd.DataFrame) -> pd.DataFrame:
        rows = _cents(frame, "CashBook")
        rows.loc[20, "Reference"] = "000000"
        rows["Seal"] = seals.sealed(rows, CASH_BOOK)
        return rows

    tamper(book, "CashBook", again)
    assert check(book, "Cash book seals") == "OK"
    assert "is not" in check(book, "Closed days")
