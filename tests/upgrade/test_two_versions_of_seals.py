"""Seals of version 1 and 2 in one book: each row verifies under its own, and none can pass for another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from xltax.udfs.proof import TAX_SEALED

from xltax.actions.desk import Desk
from xltax.faces.catalog import actions
from xltax.faces.run import run_action
from xltax.hosts.files import FilesBook
from xltax.ledger import seals
from xltax.tables import CASH_BOOK, CashLine
from xltax.tables.counter import DAY_CLOSES
from xltax.tables.reading import read
from xltax.tables.table import Table

Frozen = Callable[[str], Path]


def book_of(path: Path) -> pd.DataFrame:
    return Desk(FilesBook.open(path)).table(CASH_BOOK)


@pytest.fixture
def old(frozen: Frozen) -> Table[CashLine]:
    """The cash book of a frozen book: every row sealed by version 1."""
    return book_of(frozen("connecticut"))


@pytest.fixture
def mixed(frozen: Frozen) -> Table[CashLine]:
    """The same after its upgrade, and with two rows posted since: a warrant's money and its fee."""
    path = frozen("connecticut")
    run_action(actions()["upgrade"], path, {}, lambda said: None)
    rows = book_of(path)
    new = rows[rows["Receipt"].isin(("9", "10"))].with_columns({"Receipt": ["20", "21"]})
    new = new.with_columns({"Seal": seals.sealed(new, CASH_BOOK, rows["Seal"].iloc[-1])})
    return rows.and_rows(new).renumbered()


def named(rows: Table[CashLine], **more: bool) -> list[str]:
    """The receipts that are named, in order."""
    found = seals.broken(rows, CASH_BOOK, **more)
    return [p.what.split(",")[0].removeprefix("Receipt ") for p in found]


def changed(rows: Table[CashLine], receipt: str, **cells: str) -> Table[CashLine]:
    return rows.with_cells(rows["Receipt"] == receipt, {name.replace("_", " "): value for name, value in cells.items()})


def test_both_versions_hold_in_one_book(old: Table[CashLine], mixed: Table[CashLine]) -> None:
    assert named(old) == named(mixed) == named(mixed, upgraded=True) == []
    assert TAX_SEALED(old) == TAX_SEALED(mixed) == "ok"
    cells = [seals.cell_of(text) for text in mixed["Seal"]]
    assert [bool(c.one) for c in cells] == [True] * len(old) + [False] * 2
    assert all(c.two for c in cells)
    assert [c.one for c in cells[: len(old)]] == old["Seal"].tolist()


@pytest.mark.parametrize("column", ["Same Check", "For", "For No"])
@pytest.mark.parametrize("receipt", ["9", "2", "20"])  # a tied row of before, one that was never tied, a new row
def test_a_changed_tie_is_named_at_its_row(mixed: Table[CashLine], receipt: str, column: str) -> None:
    other = {"Same Check": "1", "For": "Rents", "For No": "7"}[column]
    assert named(changed(mixed, receipt, **{column: other})) == [receipt]
    if mixed.loc[mixed["Receipt"] == receipt, column].iloc[0]:
        assert named(changed(mixed, receipt, **{column: ""})) == [receipt]


def test_a_changed_fact_of_an_old_row_is_named_at_its_row(mixed: Table[CashLine]) -> None:
    assert named(changed(mixed, "3", Reference="99")) == ["3"]
    assert named(changed(mixed, "20", Reference="99")) == ["20"]


def test_a_tie_typed_into_a_book_of_version_1_is_named(old: Table[CashLine]) -> None:
    assert named(changed(old, "9", For="Warrant", For_No="1")) == ["9"]


def test_the_newer_half_of_a_seal_cannot_be_taken_off(old: Table[CashLine], mixed: Table[CashLine]) -> None:
    """An old row made to look as before its upgrade, tie and all: it is named, and so is the row after it."""
    was = old.loc[old["Receipt"] == "9", "Seal"].iloc[0]
    bare = changed(mixed, "9", Seal=was, For="", For_No="", Same_Check="")
    assert named(bare)[0] == "9"
    last = old["Receipt"].iloc[-1]
    lines = mixed["Receipt"] == last
    stripped = mixed.with_cells(lines, {"Seal": [text.split(" ")[0] for text in mixed.loc[lines, "Seal"]]})
    assert last in named(stripped)


def test_a_book_known_to_be_upgraded_cannot_pass_for_an_old_one(mixed: Table[CashLine], old: Table[CashLine]) -> None:
    """All newer halves, ties and new rows taken out at once: Proof, which knows the book's version, names every row."""
    assert named(old) == []
    assert len(named(old, upgraded=True)) == len(old)


def test_a_row_of_version_2_cannot_pass_for_one_of_version_1(mixed: Table[CashLine]) -> None:
    new = mixed.loc[mixed["Receipt"] == "20", "Seal"].iloc[0]
    for seal in (new.removeprefix("2-"), f"{new.removeprefix('2-')} {new}"):
        assert named(changed(mixed, "20", Seal=seal))[0] == "20"
    # Sealed anew by version 1, with its tie taken out: version 1 does not come after version 2.
    row = changed(mixed, "20", For="", For_No="", Same_Check="")
    at = row.index[row["Receipt"] == "20"][0]
    before = seals.cell_of(row["Seal"].iloc[at - 1])
    again = seals.seal(seals.canonical(row, CASH_BOOK, 1)[at], before.one, 1)
    assert "20" in named(row.with_cells(row["Receipt"] == "20", {"Seal": again}))


def test_an_old_seal_put_before_a_new_one_is_named(mixed: Table[CashLine]) -> None:
    new = mixed.loc[mixed["Receipt"] == "21", "Seal"].iloc[0]
    assert named(changed(mixed, "21", Seal=f"{'0' * 16} {new}")) == ["21"]


@pytest.mark.parametrize(
    "seal", ["x", "2-12", "0123456789abcdef0123456789abcdef", "2-0123456789abcdef 0123456789abcdef"]
)
def test_a_seal_that_cannot_be_read_is_named(mixed: Table[CashLine], seal: str) -> None:
    assert named(changed(mixed, "20", Seal=seal))[0] == "20"


@pytest.mark.parametrize("receipt", ["9", "3", "20"])
def test_a_removed_row_shows_at_the_next(mixed: Table[CashLine], receipt: str) -> None:
    gone = mixed[mixed["Receipt"] != receipt]
    order = list(dict.fromkeys(mixed["Receipt"]))
    assert named(gone) == [order[order.index(receipt) + 1]]


def test_a_table_without_new_columns_keeps_its_version(frozen: Frozen) -> None:
    rows = read(FilesBook.open(frozen("connecticut")).read("DayCloses"), DAY_CLOSES)
    assert list(seals.broken(rows, DAY_CLOSES, upgraded=True)) == []
    assert seals.version_of(DAY_CLOSES) == 1


def test_a_text_with_blanks_around_it_is_sealed_as_it_is_read_back(mixed: Table[CashLine]) -> None:
    """A note of a batch whose payer is unknown begins with a blank, which no cell gives back."""
    row = mixed.head(1).with_columns({"Note": " (there is no account 9)"})
    again = row.with_columns({"Note": "(there is no account 9)"})
    assert seals.sealed(row, CASH_BOOK) == seals.sealed(again, CASH_BOOK)
