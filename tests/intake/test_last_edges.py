"""Files whose rows, records or lines are not all of one kind: what is shown, what is read, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.books import spoil
from tests.intake.intake_files import NewBook
from xltax.actions import bills, control, counter, day, quotes
from xltax.actions.setup import bring_in, look_at
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook

AUGUST = dt.date(2025, 8, 31)


def _written(folder: Path, text: str, name: str = "file.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


VOIDED = """Account,Amount,Received,Status
0012-4,11.11,8/1/2025,Voided
0013-7.01,100.00,8/14/2025,Settled
0014-2,200.00,8/14/2025,Settled
Total,311.11,,
"""


def test_the_samples_of_a_column_are_those_of_the_rows_that_come_in(book: NewBook, tmp_path: Path) -> None:
    office = book("open")
    path = tmp_path / "online.csv"
    path.write_text(VOIDED, "utf-8")
    look = look_at(office, "payments", path, control_total=300_00).text
    line = next(line for line in look.splitlines() if "Amount = Amount" in line)
    assert line.endswith(" 100.00 | 200.00")
    assert "0012-4" not in look
    assert "311.11" not in office.read("Incoming")["Sample"].to_string()
    assert "not used" not in look, "the status decides which rows come in"
    assert 'not imported: 1 row with status "Voided", $11.11.' in look


# ---- one check for several accounts ------------------------------------------------------------------------------------

ONE_CHECK = """Account,Amount,Received,Reference,Payer
0012-4,100.00,8/14/2025,CK 5512,SMITH FAMILY TRUST
0013-7.01,100.00,8/14/2025,CK 5512,SMITH FAMILY TRUST
0014-2,100.00,8/14/2025,CK 5512,SMITH FAMILY TRUST
"""


def test_a_check_for_several_accounts_comes_in_once_by_any_road(book: NewBook, tmp_path: Path) -> None:
    """Its rows have one reference, day and amount, and are no repeats of one another: each pays its own account."""
    office = book("open")
    check, again = tmp_path / "check.csv", tmp_path / "again.csv"
    check.write_text(ONE_CHECK, "utf-8")
    again.write_text(ONE_CHECK.replace("0012-4", "12-4").replace("8/14/2025", "2025-08-14"), "utf-8")
    assert "Posted 3 payments" in counter.post(office, check, today=AUGUST).text
    for road in (
        lambda: counter.post(office, check, today=AUGUST),
        lambda: counter.post(office, again, today=AUGUST),
        lambda: bring_in(office, "payments", 300_00, again, today=AUGUST),
    ):
        with pytest.raises(TaxError) as error:
            road()
        said = [str(p) for p in error.value.problems]
        assert [f"receipt {n}." in p for n, p in enumerate(said, 1)] == [True, True, True]
    assert "(3 duplicate)" in day.import_batch(office, again, "Bank", 300_00, today=AUGUST).text
    assert len(office.read("CashBook")) == 3


def test_a_batch_with_a_check_for_several_accounts_has_no_duplicates(book: NewBook, tmp_path: Path) -> None:
    (tmp_path / "check.csv").write_text(ONE_CHECK, "utf-8")
    said = day.import_batch(book("open"), tmp_path / "check.csv", "Bank", 300_00, today=AUGUST).text
    assert "3 rows, $300.00 (3 matched)" in said


# ---- books with cells that show an error -----------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["#REF!", "#N/A"])
@pytest.mark.parametrize(
    ("table", "column", "tasks"),
    [
        ("Duplicate", "Inst 3", (quotes.quote, control.proof, counter.refresh)),
        ("CashBook", "Account", (quotes.quote, control.proof, counter.refresh)),
        ("Roll", "Deductions", (quotes.quote, control.proof)),
        ("Roll", "Flags", (quotes.quote, control.proof, bills.inquiry_file)),
    ],
)
def test_an_error_in_the_book_is_named_by_its_cell_and_nothing_is_written(
    book: NewBook, tmp_path: Path, table: str, column: str, error: str, tasks: tuple[Any, ...]
) -> None:
    office = book("open")
    counter.post(office, _written(tmp_path, ONE_CHECK), today=AUGUST)
    office.save()
    where = spoil.cell(office.path, table, 1, column, error)
    before = office.path.read_bytes()
    for task in tasks:
        with pytest.raises(TaxError) as refused:
            task(FilesBook.open(office.path), *(["0012-4"] if task is quotes.quote else []))
        assert str(refused.value).startswith(f"{where}: This cell shows the error {error}.")
        assert office.path.read_bytes() == before
