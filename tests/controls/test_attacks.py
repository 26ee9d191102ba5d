"""What somebody who knows the commands may change behind xltax's back, and the check that names it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests.books import spoil
from tests.controls.town import pay, town
from xltax.actions import control, counter, day, year
from xltax.actions.restoring import restore_version
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.hosts.kept import versions
from xltax.ledger import seals
from xltax.tables import CASH_BOOK
from xltax.tables.reading import read

D = dt.date
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Four bills of 2024, three payments on February 1; the last paid in cash, in an open day."""
    path = town(tmp_path)
    office = FilesBook.open(path)
    for account, amount, tender in (("1", "500.00", "Check"), ("2", "700.00", "Check"), ("3", "140.07", "Cash")):
        pay(office, tmp_path, account, amount, D(2024, 2, 1), D(2024, 2, 1), tender)
    office.save()
    return path


def failing(book: Path, **how: Any) -> dict[str, str]:
    """The checks of Proof that do not pass, each with where to look. The workbook is not saved."""
    done = control.proof(FilesBook.open(book), D(2024, 12, 31), **how)
    return dict(line.split(": ", 1) for line in done.look)


def proof(book: Path) -> list[str]:
    return [name for name in failing(book) if name not in ("Receipts = deposits", "Deposit time")]


def test_an_untouched_book_passes(book: Path) -> None:
    assert proof(book) == []


# ---- the Cash Book ---------------------------------------------------------------------------------------------------


def _lower_the_last_line(book: Path) -> None:
    """140.07 in cash becomes 40.07."""
    for column in ("Tax", "Total"):
        spoil.cell(book, "CashBook", 3, column, 40.07)


def test_a_line_of_an_open_day_without_its_seal_is_not_sealed_again(book: Path) -> None:
    _lower_the_last_line(book)
    spoil.cell(book, "CashBook", 3, "Seal", None)
    office = FilesBook.open(book)
    with pytest.raises(
        TaxError, match=r"CashBook no longer has the code .* after post on .*: a posted row was changed"
    ):
        control.seal(office)
    assert "Books as logged" in failing(book)


def test_a_line_sealed_anew_with_the_right_method_is_found_by_the_log(book: Path) -> None:
    _lower_the_last_line(book)
    rows = read(FilesBook.open(book).read("CashBook"), CASH_BOOK)
    spoil.cell(book, "CashBook", 3, "Seal", seals.sealed(rows, CASH_BOOK)[2])
    found = failing(book)
    assert "Cash book seals" not in found, "the chain itself is whole"
    assert re.match(
        r"LOOK: CashBook no longer has the code 2-[0-9a-f]{16} that it had after post on 2", found["Books as logged"]
    )


def test_the_last_lines_are_not_taken_away(book: Path) -> None:
    spoil.remove_row(book, "CashBook", 3)
    assert "Books as logged" in failing(book)


def test_a_line_of_the_log_is_not_taken_away(book: Path) -> None:
    rows = len(FilesBook.open(book).read("Log"))
    spoil.remove_row(book, "Log", rows - 1)
    assert failing(book)["Log seals"].startswith("LOOK: Log!")


def test_a_closed_day_is_not_changed_in_its_register(book: Path) -> None:
    office = FilesBook.open(book)
    day.close_day(office, on=D(2024, 2, 1), empty=True)
    office.save()
    spoil.cell(book, "DayCloses", 1, "Over Short", 0)
    spoil.cell(book, "DayCloses", 1, "Counted", 140.07)
    assert failing(book)["Day close seals"].startswith("LOOK: Day Close!")


def test_an_older_version_in_place_of_a_closed_day_lacks_the_printed_code(book: Path, tmp_path: Path) -> None:
    office = FilesBook.open(book)
    day.close_day(office, on=D(2024, 2, 1), empty=True)
    office.save()
    page = next(p for p in tmp_path.rglob("*.xlsx") if "day close" in p.name.lower())
    import openpyxl

    texts = [str(c.value) for s in openpyxl.load_workbook(page) for row in s.iter_rows() for c in row if c.value]
    code = next(m[1] for t in texts if (m := re.search(r"--head (\S+)", t)))
    assert "Printed code" not in failing(book, head=code)
    before = versions(book)[0].name
    said = restore_version(book, before)
    assert "The Log has an entry of this." in said
    assert "was changed, or an older copy is in its place" in failing(book, head=code)["Printed code"]
    entry = FilesBook.open(book).read("Log").iloc[-1]
    assert entry["Action"] == "restore"
    assert entry["What"].startswith(f"version {before}; lost: 0 Cash Book lines, $0.00; code before: {code}")


def test_what_a_restore_takes_away_is_counted(book: Path, tmp_path: Path) -> None:
    office = FilesBook.open(book)
    pay(office, tmp_path, "4", "99.00", D(2024, 2, 2), D(2024, 2, 2))
    office.save()
    said = restore_version(book, versions(book)[0].name)
    assert "1 Cash Book line, $99.00, of the replaced workbook is not in it." in said
    assert "lost: 1 Cash Book line, $99.00" in FilesBook.open(book).read("Log").iloc[-1]["What"]
    rows = len(FilesBook.open(book).read("Log"))
    spoil.remove_row(book, "Log", rows)
    pay(office := FilesBook.open(book), tmp_path, "4", "5.00", D(2024, 2, 2), D(2024, 2, 2))
    office.save()
    assert proof(book) == [], "an entry at the very end can go; the code on a page printed after it shows that"


# ---- the Duplicate ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Due 1", dt.datetime(2024, 6, 1)),
        ("Interest From", dt.datetime(2024, 12, 1)),
        ("Inst 1", 900.00),
        ("Levy Year", 2023),
        ("Account", "3"),
        ("Deductions", 250),
    ],
)
def test_a_bill_changed_by_hand_is_named(book: Path, column: str, value: object) -> None:
    spoil.cell(book, "Duplicate", 2, column, value)
    bill = FilesBook.open(book).read("Duplicate")["Bill"].iloc[1]
    assert f"bill {bill}, Duplicate!" in failing(book)["Bill seals"]


def test_an_amount_moved_between_two_bills_names_both(book: Path) -> None:
    for row, change in ((1, -1000), (2, 1000)):
        for column in ("Inst 1", "Net Tax"):
            was = FilesBook.open(book).read("Duplicate")[column].iloc[row - 1]
            spoil.cell(book, "Duplicate", row, column, float(was) + change)
    done = control.proof(FilesBook.open(book), D(2024, 12, 31))
    check = next(line for line in done.text.splitlines() if line.startswith("Bill seals"))
    assert "LOOK" in check


def test_a_bill_taken_away_is_missed(book: Path) -> None:
    spoil.remove_row(book, "Duplicate", 4)
    found = failing(book)
    assert found["Bills of each run"] == "LOOK: run 1 made 4 bills, and the Duplicate has 3"
    assert "the Duplicate is not as it was after" in found["Books as logged"]


def test_a_bill_sealed_anew_is_found_by_the_log_and_no_later_task_hides_it(book: Path, tmp_path: Path) -> None:
    spoil.cell(book, "Duplicate", 2, "Interest From", dt.datetime(2024, 12, 1))
    spoil.cell(book, "Duplicate", 2, "Seal", None)
    office = FilesBook.open(book)
    control.seal(office)
    assert "Books as logged" in dict(line.split(": ", 1) for line in control.proof(office, D(2024, 12, 31)).look)
    (tmp_path / "next.csv").write_text("Account,Net Value,Prior Tax\n1,100000,4000\n2,200000,8000\n", "utf-8")
    year.bill(office, 2025, "RE=4", mailed=D(2025, 1, 10), today=D(2025, 1, 10))
    office.save()
    assert "bills were changed by hand before" in failing(book)["Books as logged"]


def test_a_bill_typed_by_hand_is_sealed_by_seal(book: Path) -> None:
    for column, value in {
        "Bill": "H-1", "Account": "1", "Levy Year": 2023, "Levy Type": "RE", "Net Tax": 50, "Gross Tax": 50, "Inst 1": 50,
        "Due 1": dt.datetime(2023, 11, 1),
    }.items():  # fmt: skip
        spoil.cell(book, "Duplicate", 5, column, value)
    assert "the bill is not sealed. If you typed it, run Seal" in failing(book)["Bill seals"]
    office = FilesBook.open(book)
    assert "1 bill of the Duplicate" in control.seal(office).text
    office.save()
    assert proof(book) == []
    assert FilesBook.open(book).read("Log")["Action"].tolist()[-1] == "seal"


def test_tasks_that_change_bills_leave_them_sealed(book: Path, tmp_path: Path) -> None:
    office = FilesBook.open(book)
    year.bill(office, 2025, stage="preliminary", mailed=D(2025, 1, 10), today=D(2025, 1, 10))
    year.bill(office, 2025, "RE=4.2", stage="final", mailed=D(2025, 7, 10), today=D(2025, 7, 1))
    assert not [x for x in control.proof(office, D(2025, 7, 1)).look if "Bill" in x or "logged" in x]
    control.undo(office, today=D(2025, 7, 1))
    assert not [x for x in control.proof(office, D(2025, 7, 1)).look if "Bill" in x or "logged" in x]
    counter.refresh(office, D(2025, 7, 1))


def test_an_installment_that_was_emptied_is_named_by_its_bill(book: Path) -> None:
    spoil.cell(book, "Duplicate", 1, "Inst 3", None)
    found = failing(book)
    assert "Duplicate!L5, off by -$1,000.00" in found["Bill installments"]
    assert "Bill seals" in found
