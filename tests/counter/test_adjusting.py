"""Adjustments, judgments, refunds, sealing, undo, the account card, the parallel run and the audit pack: by hand, and every refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.counter.at_the_counter import TODAY, CounterBook, D, cash
from xltax.actions import adjusting, control, counter, delinquency, office, quotes
from xltax.errors import LawNotEncoded, TaxError
from xltax.hosts.files import FilesBook

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

# ---- adjustments ---------------------------------------------------------------------------------------------------------

WHO = ("assessed twice", "Resolution 2025-40", "Council")


def test_an_abatement_replays_interest(book: CounterBook) -> None:
    said = adjusting.adjust(book, "2025-001", "abatement", 40_000, *WHO, effective=D(2025, 2, 1), today=TODAY).text
    # 600 instead of 1,000 since February 1: 32 days at 8% are 4.27 instead of 7.11.
    assert said.startswith(
        "A-1: Abatement of $400.00 posted on bill 2025-001, installment 1. Total due on 2025-03-03: $2,007.11 before, $1,604.27 now."
    )
    control.proof(book, TODAY)
    checks = book.read("Checks").set_index("Check")
    assert checks.loc["Adjustment seals", "Result"] == "OK"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("2025-009", "Abatement", 100, *WHO), "There is no bill"),
        (("2025-001", "Abatement", 100, *WHO, 3), "does not have installment 3"),
        (("2025-001", "Gift", 100, *WHO), '"Gift" is not a kind of adjustment'),
        (("2025-001", "Abatement", 0, *WHO), "must be above zero"),
        (
            ("2025-001", "Abatement", 100_001, *WHO),
            r"\$1,000.01 is more than the tax of bill 2025-001, installment 1: \$1,000.00",
        ),
        (("2025-001", "Abatement", 100, "", "R", "C"), "reason: This field is required"),
        (("2025-001", "Abatement", 100, "R", " ", "C"), "authority: This field is required"),
        (("2025-001", "Abatement", 100, "R", "A", ""), "approved_by: This field is required"),
        (("2025-001", "Refund", 100, *WHO), "Adjust does not enter refunds"),
    ],
)
def test_an_adjustment_that_cannot_be_is_refused(book: CounterBook, given: tuple[Any, ...], message: str) -> None:
    with pytest.raises(TaxError, match=message):
        adjusting.adjust(book, *given, today=TODAY)
    assert len(book.read("Adjustments")) == 0


def test_interest_is_waived_only_where_the_law_lets_it(book: CounterBook) -> None:
    with pytest.raises(LawNotEncoded, match="has no rule that allows a waiver of interest for RE"):
        adjusting.waive(book, "2025-001", 100, *WHO, today=TODAY)


def test_a_judgment_spreads_over_the_installments_and_frees_what_was_paid_too_much(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount
        001      1,007.11
    """)
    counter.post(book, today=TODAY)  # 7.11 interest and the whole first quarter
    said = adjusting.appeal(book, "2025-001", 150_000, "Tax Court docket 9", "Collector", today=D(2025, 4, 1)).text
    # 2,000 becomes 1,500: 250 off each quarter. Interest was due on 750 only: 5.33. 255.33 + ... pays the second quarter: 1,007.11 - 5.33 - 750 = 251.78.
    assert "the tax is $500.00 lower from each due date (2 corrections). Payments now cover $1.78 less" in said
    counter.refresh(book, D(2025, 4, 1))
    assert book.read("Duplicate").set_index("Bill").loc["2025-001", "Total Due"] == 498.22
    moved = cash(book)
    moved = moved[moved["Kind"] == "Reallocation"]
    assert moved[["Inst", "Tax", "Interest", "Total"]].to_numpy().tolist() == [
        [1, -250, -1.78, -251.78],
        [2, 251.78, 0, 251.78],
    ]
    book.save()
    assert (book.path.parent / "town judgment 2025-001.xlsx").exists()
    with pytest.raises(TaxError, match=r"1,500.00 is not below the tax"):
        adjusting.appeal(book, "2025-001", 150_000, "again", "Collector", today=D(2025, 4, 1))


def test_refunds_and_offsets_never_exceed_the_credit(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount    Received
        003      1,200.00  2025-02-03
    """)
    counter.post(book, today=D(2025, 2, 3))  # two quarters of 500, and 200 left
    with pytest.raises(TaxError, match=r"\$200.01 is more than the credit of 003: \$200.00"):
        adjusting.refund(book, "003", 20_001, *WHO, today=TODAY)
    adjusting.refund(book, "003", 5_000, *WHO, today=TODAY)
    said = adjusting.refund(book, "003", 15_000, *WHO, to_account="001", today=TODAY).text
    assert said.startswith("A-2: $150.00 of account 003's credit was moved to account 001 as receipt 2.")
    with pytest.raises(TaxError, match=r"is more than the credit of 003: \$0.00"):
        adjusting.refund(book, "003", 1, *WHO, today=TODAY)
    control.proof(book, TODAY)
    assert (book.read("Checks")["Difference"] == 0).all()


# ---- sealing, undo, the card, the parallel run, the pack ----------------------------------------------------------------


def test_rows_typed_by_hand_are_sealed_at_the_end_only(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount
        001      100.00
    """)
    counter.post(book, today=TODAY)
    row = {
        "Receipt": "2",
        "Line": 1,
        "Received": TODAY,
        "Account": "002",
        "Bill": "2025-002",
        "Inst": 1,
        "Kind": "Payment",
        "Tax": 990,
        "Interest": 10,
        "Total": 1000,
    }
    book.append("CashBook", pd.DataFrame([row]))
    book.save()
    book = FilesBook.open(book.path)
    control.proof(book, TODAY)
    assert book.read("Checks").set_index("Check").loc["Cash book seals", "Difference"] == 1
    assert control.seal(book).text.startswith("Sealed: 1 row of CashBook.")
    control.proof(book, TODAY)
    assert (book.read("Checks")["Difference"] == 0).all()
    assert control.seal(book).text == "Every row is already sealed."


def test_a_row_whose_columns_do_not_add_up_is_not_sealed(book: CounterBook) -> None:
    row = {"Receipt": "1", "Line": 1, "Received": TODAY, "Account": "002", "Kind": "Payment", "Tax": 990, "Total": 1000}
    book.append("CashBook", pd.DataFrame([row]))
    with pytest.raises(TaxError, match=r"The columns total \$9.90, but Total is \$10.00"):
        control.seal(FilesBook.open(_saved(book)))


def _saved(book: CounterBook) -> Path:
    book.save()
    return book.path


def test_undo_takes_back_the_last_posting_and_says_what_it_cannot(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount
        001      100.00
        002      100.00
    """)
    counter.post(book, today=TODAY)
    said = control.undo(book, TODAY).text
    assert said.startswith("Undone. Receipts 1, 2 reversed by 3, 4: -$200.00.")
    assert cash(book)["Total"].sum() == 0
    with pytest.raises(TaxError, match="Undo cannot take back the last change: reverse"):
        control.undo(book, TODAY)
    adjusting.adjust(book, "2025-001", "Cost", 1_000, *WHO, today=TODAY)
    assert control.undo(book, TODAY).text == "Undone: A-1 taken back by A-2."
    counter.refresh(book, TODAY)
    assert book.read("Duplicate").set_index("Bill").loc["2025-001", "Costs"] == 0


def test_the_log_holds_counts_and_totals_before_and_after(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount
        001      100.00
    """)
    counter.post(book, today=TODAY)
    last = book.read("Log").iloc[-1]
    assert last[["Action", "Lines Before", "Lines After", "Cash Before", "Cash After"]].tolist() == [
        "post",
        0,
        1,
        0,
        100,
    ]
    assert "ADAMS" not in str(book.read("Log").to_numpy())


@pytest.mark.parametrize(
    "words", ["001", "2025-001", "adams", "ann adams", "1 main", "12/4", "block 12, lot 4", "12 / 4"]
)
def test_the_account_card_finds_by_what_the_caller_knows(book: CounterBook, words: str) -> None:
    book.type_in("""
        Account  Amount  Reference
        001      100.00  55
    """)
    counter.post(book, today=TODAY)
    said = counter.card(book, words, TODAY).text
    assert said.startswith("Account 001: $907.11 due on 2025-03-03. $1,907.11 pays everything billed.")
    assert book.get("card_owner") == "ADAMS ANN"
    assert len(book.read("CardBills")) == 2
    assert book.read("CardLines")["What"].tolist() == ["Payment, check 55"]


def test_notices_calls_and_figures_given_out_stand_on_the_card(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount
        001      100.00
    """)
    counter.post(book, today=TODAY)
    delinquency.notices(book, "reminder", TODAY, account="001")
    quotes.quote(book, "001", on=D(2025, 3, 5), requested_by="Atty Pond", today=D(2025, 3, 5))
    office.log_inquiry(book, "asks for a receipt", D(2025, 3, 20), account="001", today=D(2025, 3, 6))
    notices = book.read("Notices")
    notices["Returned On"] = pd.to_datetime(["2025-03-10"])
    book.replace_columns("Notices", notices[["Returned On"]])
    counter.card(book, "001", D(2025, 3, 10))
    lines = book.read("CardLines").fillna("")
    assert lines[["What", "Note"]].values.tolist()[1:] == [
        ["reminder notice", "Mail, returned 2025-03-10"],
        ["Payoff quote", "for Atty Pond"],
        ["inquiry", "asks for a receipt"],
    ]
    counter.card(book, "003", D(2025, 3, 10))
    assert not len(book.read("CardLines")), "another account's are not shown"


def test_the_card_says_when_nothing_fits(book: CounterBook) -> None:
    with pytest.raises(TaxError, match='matches "zebra"'):
        counter.card(book, "zebra", TODAY)


def test_the_parallel_run_names_each_cause_to_the_cent(book: CounterBook, tmp_path: Path) -> None:
    book.type_in("""
        Account  Amount  Received
        003      100.00  2025-02-03
    """)
    counter.post(book, today=D(2025, 2, 3))
    # 001: 30 days actual/365 at 8% on 1,000 is 6.58 by their book, 7.11 by ours (32 days of 360).
    # 002 by hand agrees: 1,500 at 8%, 32 days: 10.67. 003: they do not have the 100.00: 500 at 8%: 3.56.
    file = tmp_path / "vendor.csv"
    file.write_text(
        "Bill,Balance\n2025-001,2006.58\n2025-002,3010.67\n2025-003,1003.56\n2025-099,5.00\n", encoding="utf-8"
    )
    control.parallel(book, file, TODAY)
    causes = book.read("Parallel").set_index("Bill")["Cause"]
    assert causes["2025-002"] == "match"
    assert causes["2025-001"] == "day count: they use day count actual/365"
    assert causes["2025-003"] == "they do not have receipt 1 of $100.00"
    assert causes["2025-099"] == "not on our Duplicate"
    file.write_text("Bill,Balance\n2025-001,2006.59\n2025-002,3000.00\n2025-003,0\n", encoding="utf-8")
    control.parallel(book, file, TODAY)
    causes = book.read("Parallel").set_index("Bill")["Cause"]
    assert causes["2025-001"] == "not explained"
    assert causes["2025-002"] == "they show only the tax, without interest and costs"


def test_the_auditors_pack_is_the_same_for_the_same_word(book: CounterBook) -> None:
    book.type_in("""
        Account  Amount
        001      100.00
    """)
    counter.post(book, today=TODAY)
    said = control.audit_pack(book, "blue", 2, TODAY).text
    assert "did not pass" not in said
    control.audit_pack(book, "blue", 2, TODAY)
    book.save()
    one, two = (book.path.parent / f"town audit pack 2025-03-03{x}.xlsx" for x in ("", " (1)"))
    first, again = (
        [str(c.value) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for c in row if c.value]
        for path in (one, two)
    )
    # The second Proof knows one more issued paper; its foot says that it is a reprint, or what changed.
    drawn = [[v for v in values if "Sample" in v or v.startswith("00")] for values in (first, again)]
    assert drawn[0] == drawn[1]
    text = "".join(
        str(c.value) for sheet in openpyxl.load_workbook(one) for row in sheet.iter_rows() for c in row if c.value
    )
    for title in ("Exceptions", "Roll-forward", "Adjustment register", "Reversals", "Sample", "Sign-off"):
        assert title in text
