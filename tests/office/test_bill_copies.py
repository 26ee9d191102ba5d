"""After the bill: copies and their fees, receipts printed again, servicers, disallowed deductions, the monthly figure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.office.billed_town import Office, grid, stubs, texts
from xltax.actions import bills, control, counter, setup, year
from xltax.errors import BadValue
from xltax.faces import run
from xltax.faces.catalog import actions
from xltax.hosts.files import FilesBook
from xltax.office.quotes.monthly_budget import monthly_amount
from xltax.pages import Fields

D = dt.date


def test_copies_are_counted_per_bill_and_year_and_charged(town: Office) -> None:
    """$5 for the first copy of a bill in the year, $25 for each further one; next year it begins again."""
    for today, bill, fee in (
        (D(2025, 7, 20), "2025-001", 5),
        (D(2025, 7, 21), "2025-001", 25),
        (D(2025, 7, 22), "2025-001", 25),
        (D(2025, 7, 23), "2025-002", 5),
        (D(2026, 1, 5), "2025-001", 5),
    ):
        assert f"fee ${fee}.00" in town.do(bills.duplicate_bill, bill, "counter", today=today)
    register = town.read("BillCopies")
    assert register["Copy"].tolist() == [1, 2, 3, 1, 1]
    assert register["Fee"].tolist() == [5, 25, 25, 5, 5]
    assert register["No"].tolist() == [1, 2, 3, 4, 5]
    charged = town.read("Adjustments")
    charged = charged[charged["Kind"] == "Fee"]
    assert charged["No"].tolist() == register["Adjustment"].tolist()
    assert charged["Authority"].str.len().min() > 10
    town.do(counter.refresh, D(2026, 1, 5))
    assert town.read("Duplicate").set_index("Bill").loc["2025-001", "Costs"] == 60
    assert town.pages["duplicate bill 2025-001 copy 2"][0].title.endswith("(duplicate, copy 2)")
    assert town.do(control.proof, D(2026, 1, 5)).endswith(" checks passed.")


def test_a_copy_without_a_fee_counts_too(town: Office) -> None:
    assert "no fee" in town.do(bills.duplicate_bill, "2025-001", no_fee=True, today=D(2025, 7, 20))
    assert "fee $25.00" in town.do(bills.duplicate_bill, "2025-001", today=D(2025, 7, 21))
    with pytest.raises(BadValue, match='Bill "9" is not on the Duplicate'):
        town.do(bills.duplicate_bill, "9")


def pay(town: Office, today: dt.date, *payments: tuple[str, str]) -> None:
    path = town.path.with_name("payments.csv")
    lines = "".join(f"{a},{m},{today},Check,77\n" for a, m in payments)
    path.write_text("Account,Amount,Received,Tender,Reference\n" + lines, encoding="utf-8")
    town.do(counter.post, path, today=today, as_of=today)


def test_a_receipt_is_printed_again_as_it_stands(town: Office) -> None:
    """002 pays 3,000 on March 3: 31 days... 30/360 from February 1 is 32 days at 8% on 1,500 of quarter 1: 10.67."""
    pay(town, D(2025, 3, 3), ("002", "3000.00"))
    town.do(bills.reprint_receipt, "1")
    (page,) = town.pages.pop("receipt 1")
    rows = grid(page, "Bill").rows
    assert rows[0][:4] == ("2025-002", 2025, "RE", "1")
    assert rows[0][4:6] == (1_500_00, 10_67)
    assert rows[-1][-1] == 3_000_00
    fields = {f[0]: f[1] for b in page.blocks if isinstance(b, Fields) for f in b.fields}
    assert fields["Paid by"] == "Check 77"
    assert fields["Amount"] == 3_000_00
    town.do(counter.reverse, "1", "check returned unpaid", on=D(2025, 3, 10), today=D(2025, 3, 10))
    town.do(bills.reprint_receipt, "1")
    assert "REVERSED by receipt 2 on March 10, 2025" in texts(town.pages["receipt 1"][0])
    with pytest.raises(BadValue, match='no receipt "44"'):
        town.do(bills.reprint_receipt, "44")


def test_printed_files_are_written_beside_the_book(town: Office) -> None:
    """Through the same door as the command line and the buttons."""
    pay(town, D(2025, 3, 3), ("002", "3000.00"))
    for name, inputs, file in (
        ("reprint-receipt", {"receipt": "1"}, "town receipt 1.xlsx"),
        ("bills", {"year": 2025, "on": D(2025, 7, 10)}, "town bills 2025.xlsx"),
        ("month-report", {"through": D(2025, 3, 31)}, "town Collector's monthly report 2025-03-31.xlsx"),
        ("turnover-slip", {"today": D(2025, 3, 31)}, "town Turnover slip 1.xlsx"),
    ):
        run.perform(actions()[name], FilesBook.open(town.path), inputs)
        (first, *_) = openpyxl.load_workbook(town.path.with_name(file))
        assert first["A1"].value == "Quillhaven, Office of the Tax Collector"
    logged = town.read("Log")["Action"].tolist()
    assert logged[-4:] == ["reprint receipt", "print bills", "monthly statement", "turnover slip"]


def test_the_servicer_file_has_the_open_installments_and_its_totals(town: Office) -> None:
    with pytest.raises(BadValue, match="a bank code"):
        town.do(bills.servicer_files, 2025, on=D(2025, 7, 10))
    book = FilesBook.open(town.path)
    codes = [{"2025-001": "0070", "2025-003": "0070", "2025-004": "12"}.get(b) for b in book.read("Duplicate")["Bill"]]
    book.replace_columns("Duplicate", pd.DataFrame({"Bank Code": codes}))
    book.save()
    town.do(bills.servicer_files, 2025, on=D(2025, 7, 10))
    lines = town.files["servicer 0070 2025.csv"].decode().split("\r\n")
    assert len(lines) == 1 + 8 + 1 + 1
    # The owner on the Roll begins with =: guarded as OWASP says, so that no spreadsheet takes it for a formula.
    assert lines[1] == (
        '0070,2025-001,,001,1,1,,"\'=ADAMS, JOHN",1 Main St,2025,RE,1,2025-02-01,2025-02-10,1000.00,1000.00'
    )
    assert lines[-2] == "TOTAL,,,,,,,,,,,8,,,6000.00,6000.00"
    assert set(town.files) == {"servicer 0070 2025.csv", "servicer 12 2025.csv"}
    town.files.clear()
    town.do(bills.servicer_files, 2025, "12", on=D(2025, 7, 10))
    assert set(town.files) == {"servicer 12 2025.csv"}


def test_a_disallowed_deduction_is_payable_june_1_of_the_next_year(town: Office) -> None:
    said = town.do(bills.disallow_deduction, "2025-002", 250_00, today=D(2026, 4, 15))
    assert "$250.00 disallowed, due 2026-06-01" in said
    rows = town.read("Duplicate")
    row = rows[(rows["Bill"] == "2025-002") & (rows["Part"] == "Disallowed")].iloc[0]
    assert (row["Net Tax"], row["Due 1"]) == (250, D(2026, 6, 1))
    town.do(bills.bills, 2025, bill="2025-002", on=D(2026, 4, 15))
    page = town.pages["bills 2025"][1]
    assert page.title == "2025 deduction disallowed: bill"
    assert [(s.due, s.amount) for s in stubs(page)] == [(D(2026, 6, 1), 250_00)]
    for bill, amount, says in (
        ("2025-002", 250_00, "already"),
        ("2025-001", 250_00, "but the bill's deductions are"),
        ("7", 1, 'Bill "7" is not on the Duplicate'),
    ):
        with pytest.raises(BadValue, match=says):
            town.do(bills.disallow_deduction, bill, amount, today=D(2026, 4, 15))
    assert town.do(control.proof, D(2026, 4, 15)).endswith(" checks passed.")


def test_a_town_without_such_a_day_is_not_guessed_at(tmp_path: Path) -> None:
    it = Office(tmp_path / "ct.xlsx", "us-ct-south-windsor")
    (tmp_path / "roll.csv").write_text("Account,Owner,Net Value,Deductions\nR1,OWNER,200000,100\n", encoding="utf-8")
    it.do(setup.import_roll, tmp_path / "roll.csv", on=D(2025, 6, 1))
    it.do(year.bill, 2024, "RE=32.75", mailed=D(2025, 6, 24), today=D(2025, 6, 24))
    with pytest.raises(BadValue, match="have no due date for a disallowed deduction"):
        it.do(bills.disallow_deduction, "2024-R1", 50_00, today=D(2025, 9, 1))


def test_back_taxes_are_said_on_the_next_years_bill(town: Office) -> None:
    """Only 001 pays its 2025 bill."""
    pay(town, D(2025, 8, 1), ("001", "4100.00"))
    town.do(year.bill, 2026, stage="preliminary", mailed=D(2026, 1, 10), today=D(2026, 1, 10))
    town.do(bills.bills, 2026, on=D(2026, 1, 10))
    owing = {p.key for p in town.pages["bills 2026"] if "unpaid taxes or charges from earlier bills" in texts(p)}
    assert owing == {"2026-002", "2026-003", "2026-004"}


def test_the_monthly_budget_is_the_least_that_covers_every_installment() -> None:
    """Due 1,000 on Aug 1 and 1,000 on Nov 1, from May 15: payments May 15, Jun 15, Jul 15 | Aug, Sep, Oct 15.

    Three payments have to reach 1,000 (333.34) and six have to reach 2,000 (333.34): 333.34.
    """
    table = pd.DataFrame({"Due": pd.to_datetime(["2025-08-01", "2025-11-01"]), "Total": [1_000_00, 1_000_00]})
    assert monthly_amount(table, D(2025, 5, 15)) == 333_34
    assert monthly_amount(table, D(2025, 8, 1)) == 1_000_00
    assert monthly_amount(table, D(2025, 8, 2)) == 1_000_00  # overdue: all of it with the first payment
    assert monthly_amount(table.iloc[:0], D(2025, 8, 2)) == 0
