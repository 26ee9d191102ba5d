"""What the short texts of the tests say, and that a line that cannot be read is named."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.written.book import office, rows, table
from tests.written.ledger import ledger
from xltax.law.load import load
from xltax.ledger.replay import replay

D = dt.date


def test_every_kind_of_line() -> None:
    found = ledger("""
        bill        24-1   R100         2024 MV     due 2025-02-01 500.00, 2025-05-01 1,500.00   entered 2024-01-05
        paid        101    2024-02-20   R100        300.00   by third party   # a check
        adjustment  A-1    2024-03-01   24-1/2      Correction Up 20.00   of interest
        closed      2024-12-24   by resolution
    """)
    bill = {
        "Bill": "24-1",
        "Account": "R100",
        "Levy Year": 2024,
        "Levy Type": "MV",
        "Part": "",
        "Recorded": D(2024, 1, 5),
    }
    assert found.charges == (
        bill | {"Inst": 1, "Due": D(2025, 2, 1), "Amount": 500_00},
        bill | {"Inst": 2, "Due": D(2025, 5, 1), "Amount": 1_500_00},
    )
    assert found.receipts == (
        {"Receipt": "101", "Received": D(2024, 2, 20), "Account": "R100", "Amount": 300_00, "By": "third party"},
    )
    assert found.adjustments == (
        {"No": "A-1", "Effective": D(2024, 3, 1), "Bill": "24-1", "Part": "", "Inst": 2, "Kind": "Correction Up",
         "Amount": 20_00, "Component": "interest"},
    )  # fmt: skip
    assert found.closed == ({"Date": D(2024, 12, 24), "Office": "Closed", "Reason": "by resolution"},)


def test_a_bill_says_no_more_than_it_must() -> None:
    (only,) = ledger("bill  1  due 2024-02-01 10.00").charges
    assert (only["Account"], only["Levy Year"], only["Levy Type"]) == ("A1", 2024, "RE")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("billed 1  due 2024-02-01 10.00", "Line 2, billed 1 .*A line begins with bill, paid, adjustment, closed"),
        ("bill 1  A1", "Line 2, .*one field of its due dates"),
        ("bill 1  A1  due 2024-02-01", "is not a day and an amount"),
        ("bill 1  A1  due 2024-02-01 10", '"10" is not an amount. Write dollars and cents'),
        ("bill 1  A1  due 2024-02-30 10.00", "Line 2, "),
        ("bill 1  A1  due 2024-02-01 10.00  colour red", '"colour red" is none of its further fields: entered'),
        ("paid 1  2024-02-01  A1 10.00", "with two blanks or more between its fields"),
        ("paid 1  2024-02-01  A1  10,00.00", '"10,00.00" is not an amount'),
        ("adjustment J1  2024-02-01  B1", "adjustment  NUMBER  DAY  BILL/INST  KIND AMOUNT"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ledger(f"paid 7  2024-01-01  A1  1.00\n{line}")


def test_a_table_is_read_as_it_is_seen() -> None:
    assert table("""
        Account  Check Total  Reference
        001      1,000.00     900
        002                   900
    """) == [
        {"Account": "001", "Check Total": "1,000.00", "Reference": "900"},
        {"Account": "002", "Check Total": "", "Reference": "900"},
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"Line 2, 0010000123: a value runs into the next column"):
        table("Account  Amount\n0010000123")


def test_rows_have_the_types_of_their_table() -> None:
    found = rows("Counter", "Account  Amount  Received\n001      10.00\n002      5.00    2025-03-04", Tender="Cash")
    assert found.to_dict("records") == [
        {"Tender": "Cash", "Account": "001", "Amount": 10_00, "Received": None},
        {"Tender": "Cash", "Account": "002", "Amount": 5_00, "Received": D(2025, 3, 4)},
    ]
    with pytest.raises(ValueError, match='Counter, line 2, Amount: "10" is not an amount'):
        rows("Counter", "Account  Amount\n001      10")
    with pytest.raises(
        ValueError, match=r"Counter has no column Account Amount\. Part headers by two blanks: Account, Bill"
    ):
        rows("Counter", "Account Amount\n001     10.00")
    with pytest.raises(ValueError, match="at least one row below it"):
        rows("Counter", "Account  Amount")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Quillhaven 2025", "Quillhaven 2025: begin with the town, as in us-nj-colts-neck 2025, as of 2025-03-03"),
        (
            "us-nj 2025, as of 2025-03-03\n\nmailed 2025-01-02",
            "mailed 2025-01-02: A part is roll of DAY, billed DAY or paid DAY",
        ),
        (
            "us-nj 2025, as of 2025-03-03\n\nroll of 2025-01-02\n1 ADAMS",
            "roll of 2025-01-02: A table is a line of headers",
        ),
    ],
)
def test_a_part_of_a_book_that_cannot_be_read_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        office(tmp_path / "town.xlsx", text)


def test_the_example_for_who_writes_a_test_passes() -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names = {"ledger": ledger, "load": load, "replay": replay, "D": dt.date}
    exec(code, names)
    names["test_the_eleventh_day_bears_interest_from_the_due_date"]()
