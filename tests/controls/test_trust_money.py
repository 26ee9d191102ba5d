"""The trust roll-forward of the annual statement: received, paid, turned over, and what is held, by revenue code."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.controls.banked import Banked
from xltax.actions import counter, statements

D = dt.date
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


def test_trust_money_rolls_forward(tmp_path: Path) -> None:
    """A premium of 300.00 and redemptions of 500.00 and 70.00 come in. 500.00 and 100.00 are paid; the check of 100.00 is voided.

    A slip takes the premium to the treasurer. Held at the end: 570.00 - 500.00 = 70.00 of redemptions.
    """
    office = Banked(tmp_path)
    book = office.book()
    rows = ("PREMIUM,300.00,2024-02-01", "REDEMPTION,500.00,2024-02-02", "REDEMPTION,70.00,2024-04-02")
    for row in rows:
        code, amount, day = row.split(",")
        file = tmp_path / "other.csv"
        file.write_text(f"Account,Amount,Received,Tender,Kind,Revenue Code\n,{amount},{day},Check,Other,{code}\n")
        counter.post(book, file, today=dt.date.fromisoformat(day))
        if code == "PREMIUM":
            statements.turnover_slip(book, today=D(2024, 2, 1))
    book.save()
    paid = {"Payee": "Lien Fund", "For": "Trust"}
    office.type(
        "PaidOut",
        {"No": "1", "Date": D(2024, 2, 20), "Amount": 500_00, "For No": "REDEMPTION", **paid},
        {"No": "2", "Date": D(2024, 2, 21), "Amount": 100_00, "For No": "PREMIUM", "Voided": D(2024, 6, 1), **paid},
    )
    book = office.book()
    said = str(statements.annual_statement(book, D(2024, 12, 31)))
    assert "DOES NOT FOOT" not in said
    table = book.read("Statement")
    mine = table[table["Part"].str.startswith("Money held in trust")]
    found = {(r["Levy Part"], r["Line"]): r["Amount"] for r in mine.to_dict("records") if r["Amount"]}
    assert found == {
        ("PREMIUM", "Received"): 300, ("PREMIUM", "Turned over to the treasurer"): -300,
        ("REDEMPTION", "Received"): 570, ("REDEMPTION", "Paid to holders and buyers"): -500,
        ("REDEMPTION", "Held at the end of the year"): 70,
    }  # fmt: skip
    opened = book.read("StatementRows")
    assert len(opened[opened["Part"].str.startswith("Money held in trust")]) >= 5
