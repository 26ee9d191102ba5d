"""A letter's sums pay on the days it names: its own last day, and the day a step falls on between."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.enforcement.offices import CT_BILLS, D, Office, connecticut_book, warrant
from xltax.actions import counter, delinquency
from xltax.actions.desk import Desk
from xltax.actions.owing import owing
from xltax.hosts.files import FilesBook

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


def merged(office: Office) -> dict[str, dict[str, str]]:
    text = office.beside("merge").read_text(encoding="utf-8-sig")
    return {r["account"]: r for r in csv.DictReader(io.StringIO(text))}


def words(office: Office, kind: str, **new: str) -> None:
    """The town's own words in place of a paragraph that has some."""
    book = FilesBook.open(office.path)
    texts = book.read("Texts")
    for old, text in new.items():
        at = (texts["Letter"] == kind) & texts["Text"].fillna("").str.contains(old, regex=False)
        assert at.sum() == 1
        texts.loc[at, "Text"] = text
    book.replace_columns("Texts", texts[["Text"]])
    book.save()


def printed(office: Office) -> str:
    import openpyxl

    book = openpyxl.load_workbook(office.beside("letters"))
    return "\n".join(
        str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None
    )


def left_after(office: Office, path: Path, account: str, amount: str, on: Any) -> int:
    """What is open once the sum of a letter came in on a day it names."""
    other = office.copied(path)
    csv_file = path.with_suffix(".csv")
    csv_file.write_text(f"Account,Amount,Received\n{account},{amount},{on}\n")
    other.do(counter.post, csv_file, today=on)
    return owing(Desk(other.opened()), account, on).total


def test_a_month_that_turns_before_the_day_given_has_both_sums(ct: Office, tmp_path: Path) -> None:
    """FRANK: 12,000.00; on March 17, 2025 two halves bear 21 and 15 months, 3,240.00; April 1 adds 1.5% of 12,000.00: 180.00."""
    ct.do(delinquency.notices, "demand", mailed=D(2025, 3, 17), respond_by=D(2025, 4, 16), account="R6")
    row = merged(ct)["R6"]
    assert row["total"] == "$15,240.00"
    assert row["pay"] == "$15,240.00 by March 31, 2025, or $15,420.00 by April 16, 2025"
    assert row["total_by"] == "$15,420.00"
    assert f"Pay {row['pay']}, or sign a written" in printed(ct)
    assert left_after(ct, tmp_path / "a.xlsx", "R6", "15240.00", D(2025, 3, 31)) == 0
    assert left_after(ct, tmp_path / "b.xlsx", "R6", "15420.00", D(2025, 4, 16)) == 0


def test_a_sum_that_holds_is_given_once(ct: Office) -> None:
    ct.do(delinquency.notices, "demand", mailed=D(2025, 3, 3), account="R6")
    assert merged(ct)["R6"]["pay"] == "$15,240.00 by March 13, 2025"


def test_a_town_that_words_the_last_day_itself_gets_the_sum_of_that_day(ct: Office) -> None:
    words(ct, "demand", **{"{pay}": "Pay {total} by {respond_by}, please."})
    ct.do(delinquency.notices, "demand", mailed=D(2025, 3, 17), respond_by=D(2025, 4, 16), account="R6")
    assert "Pay $15,240.00 (through March 31, 2025) or $15,420.00 by April 16, 2025, please." in printed(ct)


def test_interest_by_the_day_gives_the_first_and_the_last_sum(nj: Office, tmp_path: Path) -> None:
    """EVANS, 10.00 a quarter at 8%, 30/360: by March 3, 2025 the days since each due date are 392, 302, 212 and 122."""
    nj.do(delinquency.notices, "reminder", mailed=D(2025, 3, 3), respond_by=D(2025, 9, 2), account="005")
    # 10.00 x 8% x 1028 / 360 days is 2.28 in four parts: 0.87 + 0.67 + 0.47 + 0.27 = 2.28.
    row = merged(nj)["005"]
    assert row["total"] == "$42.28"
    # To September 2 each bears 179 days more: 571, 481, 391 and 301 are 1.27 + 1.07 + 0.87 + 0.67 = 3.88.
    assert row["pay"] == "$42.28 by March 3, 2025, or $43.88 by September 2, 2025"
    assert left_after(nj, tmp_path / "a.xlsx", "005", "43.88", D(2025, 9, 2)) == 0


def test_the_officers_fee_is_asked_for_and_a_bill_in_litigation_is_not(tmp_path: Path) -> None:
    bills = [b | ({"Hold": "litigation"} if b["Bill"] == "22-R6" else {}) for b in CT_BILLS]
    served = warrant("1", "R4", "P4", 109_600, 16_440, Served=D(2025, 2, 20))
    office = connecticut_book(tmp_path, Duplicate=bills, Warrants=[served])
    said = office.do(delinquency.notices, "demand", mailed=D(2025, 3, 17))
    rows = merged(office)
    assert "R6" not in rows, "its only bill is in litigation"
    assert "1 for litigation" in said
    # DAVIS: 500.00 with nine months and 500.00 with three, 1,090.00, and the officer's 164.40.
    assert rows["R4"]["total"] == "$1,254.40"
    assert rows["R4"]["pay"] == "$1,254.40 by March 27, 2025"
    assert "Warrant 1, officer's fee" in printed(office)
