"""What a payment is tied to stands in columns, written by tasks: no word anybody types ties anything."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.counter.at_the_counter import TODAY, CounterBook, D, cash
from xltax.actions import adjusting, control, counter, day
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.tables import ADJUSTMENTS, CASH_BOOK

# Half of last year's tax, in quarters of 1,000, 1,500 and 500, is due on February 1 and May 1.
TOWN = """
us-nj-colts-neck 2025, as of 2025-03-03

roll of 2025-01-02
Account  Owner      Location   Block  Lot  Qualifier  Net Value  Prior Tax
001      ADAMS ANN  1 Main St  12     4               200,000    4,000.00
002      BAKER BOB  2 Oak St   12     5    C0001      300,000    6,000.00
003      CLARK CY   3 Main St  13     1               100,000    2,000.00

billed 2025-01-10, preliminary, mailed 2025-01-15
"""
NOTE = "certificate of occupancy, closing"


def ties(book: CounterBook) -> dict[str, list[str]]:
    rows = cash(book).drop_duplicates("Receipt").astype(str).set_index("Receipt")
    return {r: rows.loc[r, ["For", "For No", "Same Check"]].tolist() for r in rows.index}


def csv(folder: Path, text: str) -> Path:
    path = folder / "payments.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("reference", ["1002", ""])
@pytest.mark.parametrize(
    "note",
    [NOTE, "certificate 25-001 redeemed", "certificate 25-001, Lien Fund LLC", "warrant 1", "officer's fee, warrant 1"],
)
def test_a_note_ties_nothing(book: CounterBook, tmp_path: Path, note: str, reference: str) -> None:
    """Two checks of two taxpayers with the same words: each goes back by itself, each bears its own fee of 20.00."""
    file = csv(tmp_path, f'Account,Amount,Received,Tender,Reference,Receipt,Note\n001,100,{TODAY},Check,{reference},X-1,"{note}"\n'
                         f'002,100,{TODAY},Check,{reference},X-2,"{note}"\n')  # fmt: skip
    counter.post(book, file, today=TODAY)
    for receipt in ("X-1", "X-2"):
        said = counter.reverse(book, receipt, "check returned unpaid", today=TODAY).text
        assert said.startswith(f"Receipt {receipt} reversed by ")
        assert ": -$100.00. Returned-check fees charged: $20.00." in said


def test_a_file_cannot_tie_by_columns_of_its_own(book: CounterBook, tmp_path: Path) -> None:
    """A bank's file may call a column For; it says what the customer typed there."""
    file = csv(tmp_path, f"Account,Amount,Received,Tender,For,For No,Same Check\n001,100,{TODAY},Check,Sale,25-1,1\n"
                         f"002,100,{TODAY},Check,Sale,25-1,1\n")  # fmt: skip
    counter.post(book, file, today=TODAY)
    assert list(ties(book).values()) == [["", "", ""], ["", "", ""]]


def test_a_check_for_several_bills_goes_back_whole_and_bears_one_fee(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Check Total  Reference
        003      50.00                899
        001      400.00  950.00       900
        002      350.00               900
        003      200.00               900
        003      10.00                900
    """)  # the last is another check with that number: nothing was left of the first
    counter.post(book, today=TODAY)
    assert {r: t[2] for r, t in ties(book).items()} == {"1": "", "2": "2", "3": "2", "4": "2", "5": ""}
    said = counter.reverse(book, "3", "check returned unpaid", today=TODAY).text
    assert said.startswith("Receipts 3, 2, 4 reversed by 6, 7, 8: -$950.00. Returned-check fees charged: $20.00.")
    fee = book.read("Adjustments").fillna("").iloc[-1]
    assert [fee["For"], fee["For No"]] == ["Returned Check", "3"]
    flags = book.read("Roll").set_index("Account")["Flags"].fillna("")
    assert (flags == "certified funds").all(), "everybody it was for pays by certified funds"


def test_a_reversal_is_tied_by_the_receipt_it_names_alone(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount  Check Total  Reference
        001      400.00  600.00       900
        002      200.00               900
    """)
    counter.post(book, today=TODAY)
    counter.reverse(book, "1", "typed twice", "void", today=TODAY)
    assert {r: t for r, t in ties(book).items() if r in ("3", "4")} == {"3": ["", "", ""], "4": ["", "", ""]}


def test_what_moves_money_says_where_it_came_from(book: CounterBook, tmp_path: Path) -> None:
    counter.post(book, csv(tmp_path, f"Account,Amount,Received,Tender\n001,9000,{TODAY},Check\n"), today=TODAY)
    counter.transfer(book, "1", "002", "meant for 002", today=TODAY)
    who = {"reason": "r", "authority": "Res 1", "approved_by": "Council"}
    adjusting.refund(book, "002", 100_00, **who, to_account="003", today=dt.date(2025, 3, 4))
    assert ties(book)["3"][:2] == ["Transfer", "1"]
    assert ties(book)["4"][:2] == ["Offset", "A-1"]


def test_undo_goes_by_what_was_added_not_by_words(book: CounterBook, tmp_path: Path) -> None:
    """Receipt numbers with a blank in them, which no sentence can be taken apart by."""
    rows = f"Account,Amount,Received,Tender,Receipt\n001,100,{TODAY},Check,A 1 to B\n002,50,{TODAY},Check,C 2\n"
    counter.post(book, csv(tmp_path, rows), today=TODAY)
    assert control.undo(book, TODAY).text.startswith("Undone. Receipts A 1 to B, C 2 reversed by 1, 2: -$150.00.")
    with pytest.raises(BadValue, match="Undo cannot take back the last change: reverse"):
        control.undo(book, TODAY)


def test_undo_of_an_adjustment_names_it(book: CounterBook) -> None:
    who = {"reason": "undo of A-9", "authority": "Res 1", "approved_by": "Council"}
    adjusting.adjust(book, "2025-001", "Abatement", 10_00, **who, today=TODAY)
    assert control.undo(book, TODAY).text == "Undone: A-1 taken back by A-2."
    rows = book.read("Adjustments").fillna("").set_index("No")
    assert [rows.loc["A-2", "For"], rows.loc["A-2", "For No"]] == ["Takes Back", "A-1"]
    assert [rows.loc["A-1", "For"], rows.loc["A-1", "For No"]] == ["", ""], "a reason that looks like one ties nothing"


def test_rows_typed_by_hand_are_sealed_with_their_ties(book: CounterBook) -> None:
    line = {"Receipt": "H-1", "Line": 1, "Received": TODAY, "Effective": TODAY, "Recorded": TODAY, "Account": "001",
            "Kind": "Payment", "By": "owner", "Tender": "Check", "Overpaid": 100, "Total": 100, "Note": "warrant 1"}  # fmt: skip
    book.append("CashBook", pd.DataFrame([line], dtype=object))
    book.save()
    again = FilesBook.open(book.path)
    control.seal(again)
    assert ties(again)["H-1"] == ["", "", ""]
    assert str(again.read("CashBook")["Seal"].iloc[0]).startswith("2-")


def test_suspense_cleared_names_its_receipt(book: CounterBook) -> None:
    book.type_in("""
        Amount  Kind   Revenue Code
        50.00   Other  SUSPENSE
    """)
    counter.post(book, today=TODAY)
    day.clear_suspense(book, "1", "001", today=D(2025, 3, 4))
    assert ties(book)["3"][:2] == ["Suspense", "1"]


def test_nothing_but_upgrade_reads_a_note_or_a_reason() -> None:
    """By the source: a Note or a Reason may be written and shown, never matched, compared or taken apart."""
    import re

    import xltax

    looks = re.compile(
        r'\[(?:["\'](?:Note|Reason)["\']|\w+\.(?:note|reason))\](\.str\b|\.map\(|\.isin\(|\.removeprefix|\.startswith| [!=]= (?!""))'
    )
    allowed = {"schema_1_notes.py"}
    found = [
        f"{path.name}:{n}: {line.strip()}"
        for path in sorted(Path(xltax.__file__).parent.rglob("*.py"))
        if path.name not in allowed
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if looks.search(line)
    ]
    assert found == [], found
    assert {"For", "For No"} <= set(ADJUSTMENTS.names) & set(CASH_BOOK.names)
