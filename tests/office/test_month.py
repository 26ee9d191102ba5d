"""A small New Jersey office through its year with the actions, proved at every step; then tampered with, and the proof names it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.books import spoil
from tests.books.one_book import OneBook
from xltax.actions import control, counter, setup, year
from xltax.actions.desk import Desk
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.tables import ADJUSTMENTS
from xltax.tables.reading import read

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date
AS_OF = D(2025, 9, 15)
ROLL = """Account,Owner,Location,Net Value,Prior Tax,Deductions
001,ADAMS,1 Main St,200000,4000,
002,BAKER,2 Main St,300000,6000,250
003,CLARK,3 Main St,100000,2000,
004,DAVIS,4 Main St,50000,8000,
"""


class Office(OneBook):
    """The collector's, who proves every step."""

    def prove(self, on: dt.date) -> None:
        said = self.do(control.proof, on)
        assert said.endswith(" checks passed."), said

    def balance(self, bill: str, column: str = "Total Due") -> Any:
        return self.read("Duplicate").set_index("Bill").loc[bill, column]


@pytest.fixture(scope="module")
def _year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole year: every step is proved, with the figures worked out by hand beside it."""
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder / "town.xlsx")
    new_book(office.path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=D(2025, 1, 10))
    (folder / "roll.csv").write_text(ROLL, encoding="utf-8")
    office.do(setup.import_roll, folder / "roll.csv", control_bills=4, control_value=65_000_000, on=D(2025, 1, 2))
    office.prove(D(2025, 1, 10))

    said = office.do(year.bill, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 10))
    # Two quarters each: 1,000, 1,500, 500 and 2,000.
    assert said == "4 bills for 2025 (preliminary), net tax $10,000.00."
    office.prove(D(2025, 1, 31))

    office.pay(
        D(2025, 3, 3),
        ("001", 1000, D(2025, 2, 10)),  # on the last free day
        ("002", "1500.00", D(2025, 2, 11)),  # a day late: ten days at 8% on 1,500 is 3.33
        ("003", "$600", D(2025, 2, 5)),  # 100 of it to the second quarter
    )
    assert office.balance("2025-001", "Balance") == 1000
    assert office.balance("2025-002", "Balance") == 1503.33
    assert office.balance("2025-003", "Balance") == 400
    office.prove(D(2025, 3, 3))

    office.pay(D(2025, 5, 9), ("001", 1000, D(2025, 5, 1)), ("004", 4000, D(2025, 5, 9)))
    # 004 was late with 2,000 since February 1: 98 days, 1,500 at 8% (32.67) and 500 at 18% (24.50).
    lines = office.read("CashBook").set_index(["Account", "Inst"]).sort_index()
    assert lines.loc[("004", 1), ["Interest", "Tax", "Total"]].tolist() == [57.17, 2000, 2057.17]
    assert office.balance("2025-004", "Balance") == 57.17
    office.prove(D(2025, 5, 9))

    said = office.do(year.bill, 2025, "RE=2.000", "final", D(2025, 7, 10), D(2025, 7, 10))
    # 4,000; 6,000 - 250 = 5,750; 2,000; and 1,000 where 4,000 was billed already.
    assert "1 bill had preliminary installments above the year's tax. Adjustments has the corrections." in said
    bills = office.read("Duplicate").set_index("Bill")
    assert bills.loc["2025-001", ["Inst 3", "Inst 4"]].tolist() == [1000, 1000]
    assert bills.loc["2025-002", ["Inst 3", "Inst 4"]].tolist() == [1375, 1375]
    assert bills.loc["2025-003", ["Inst 3", "Inst 4"]].tolist() == [500, 500]
    assert office.read("Adjustments")[["Bill", "Inst", "Kind", "Amount"]].to_numpy().tolist() == [
        ["2025-004", 2, "Correction Down", 3000],
    ]  # fmt: skip
    office.prove(D(2025, 7, 10))

    # 003 pays 5,000: all that is billed, and the rest is credit. Second quarter: 400 since May 1, 90 days at 8%, 8.00.
    said = office.pay(D(2025, 8, 1), ("003", 5000, D(2025, 8, 1)))
    assert "$3,592.00 of this is an overpayment, held as credit or on the refund list." in said
    assert office.balance("2025-003", "Overpaid") == 3592
    assert office.balance("2025-003", "Status") == "Credit"
    office.prove(D(2025, 8, 1))

    # The next bills take the credit up: preliminary quarters of 2026 on 2025's tax.
    said = office.do(year.bill, 2026, stage="preliminary", mailed=D(2025, 8, 15), today=D(2025, 8, 15))
    assert said.endswith("lines moved credit to the new bills.")
    bills = office.read("Duplicate").set_index("Bill")
    assert bills.loc["2026-003", ["Inst 1", "Inst 2"]].tolist() == [500, 500]
    assert bills.loc["2026-004", ["Inst 1", "Inst 2"]].tolist() == [250, 250]
    assert bills.loc["2026-003", "Balance"] == 0
    # 004: of 4,000, 57.17 was interest. 57.17 of the second quarter stayed open and bore 1.00 until the correction of July 10: 8
    # days at 18%, while the first quarter filled the lower tier, and 61 at 8%. The year's tax is 1,000, so 2,941.83 was over;
    # 500 of it goes to the two new quarters.
    assert bills.loc[["2026-003", "2026-004"], "Overpaid"].tolist() == [2592, 2441.83]
    assert bills["Overpaid"].fillna(0).sum() == 5033.83
    book = office.read("CashBook")
    moved = book[book["Kind"] == "Reallocation"]
    assert moved.groupby("Receipt")["Total"].sum().abs().max() == 0, "a reallocation moves no money"
    office.prove(D(2025, 8, 15))

    # The check of 002 comes back: what it paid is open again, with its interest.
    assert "reversed by" in office.do(
        counter.reverse, "2", "check returned unpaid", on=D(2025, 9, 2), today=D(2025, 9, 2)
    )
    office.prove(D(2025, 9, 2))

    # An appeal is won: 001's value was 50,000 too high from the start, so 1,000 less, taken off the first quarter.
    def abate(book: FilesBook) -> str:
        desk = Desk.of(book)
        row = {
            "No": "T-2025-1", "Effective": D(2025, 2, 1), "Recorded": D(2025, 9, 10), "Bill": "2025-001", "Inst": 1, "Kind": "Abatement",
            "Amount": "500.00", "Reason": "appeal won", "Authority": "County Tax Board judgment", "Approved By": "Council",
        }  # fmt: skip
        frame = pd.DataFrame([row])
        desk.append(read(frame, ADJUSTMENTS))
        desk.reallocate(D(2025, 9, 10), "appeal won")
        desk.refresh(D(2025, 9, 10))
        return "done"

    office.do(abate)
    office.prove(D(2025, 9, 10))
    # 1,000 paid where only 500 was due: 500 of it went on to the second quarter, and its 1,000 payment on to the third.
    assert office.balance("2025-001", "Balance") == 1500
    office.do(counter.refresh, AS_OF)
    office.prove(AS_OF)
    return office.path


@pytest.fixture
def office(_year: Path, tmp_path: Path) -> Office:
    return Office(Path(shutil.copy(_year, tmp_path / "town.xlsx")))


def test_the_year_ends_as_worked_out_by_hand(office: Office) -> None:
    bills = office.read("Duplicate").set_index("Bill")
    # 002 owes everything: 1,500 at 8% for 224 days, 1,500 at 18% for 134, 1,375 at 18% for 44: 74.67 + 100.50 + 30.25.
    assert bills.loc["2025-002", ["Balance", "Interest", "Total Due", "Status"]].tolist() == [
        5750,
        205.42,
        5955.42,
        "Delinquent",
    ]
    # 001 has 500 of the third quarter and the fourth open: 500 at 8% for 44 days.
    assert bills.loc["2025-001", ["Balance", "Interest", "Canceled"]].tolist() == [1500, 4.89, 500]
    assert bills.loc[["2025-003", "2025-004"], "Status"].tolist() == ["Paid", "Paid"]
    assert bills.loc[["2026-003", "2026-004"], "Status"].tolist() == ["Credit", "Credit"]
    received = office.read("CashBook")["Total"].sum()
    assert received == 1000 + 600 + 1000 + 4000 + 5000, "the returned check nets to nothing, reallocations move nothing"


def test_every_line_has_its_payment_opposite_its_installment(office: Office) -> None:
    bills = office.read("Duplicate").set_index("Bill")
    assert bills.loc["2025-001", "Paid 2"] == "2025-02-10 500.00; 2025-05-01 500.00"
    assert bills.loc["2025-004", "Paid 1"] == "2025-05-09 2,057.17"
    assert bills.loc["2025-002", "Paid 1"] is None, "taken back"


def test_the_proof_says_how_much_was_looked_at(office: Office) -> None:
    checks = office.do(control.proof, AS_OF).splitlines()
    names = {line[:20].strip() for line in checks[:-1]}
    assert {
        "Roll-forward",
        "Payments applied",
        "Accounts",
        "Receipt numbers",
        "Cash book seals",
        "Authority",
    } <= names
    assert {"Adjustment seals", "Problems", "Rules"} <= names


# ---- tampering --------------------------------------------------------------------------------------------------------


def looked_at(office: Office) -> dict[str, str]:
    """The checks that are not OK, by name, with where to look."""
    said = office.do(control.proof, AS_OF)
    found = {
        line[:20].strip(): line[20:].strip()
        for line in said.splitlines()[:-1]
        if not line[20:]
        .strip()
        .startswith(("OK", "NOT DONE"))  # no deposit is made here, so the bank cannot be compared
    }
    assert said.endswith(" did not pass." if found else " checks passed.")
    assert not found or f"\n{len(found)} of " in said
    return found


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Tax", 900),
        ("Total", 999.99),
        ("Received", D(2025, 2, 9)),
        ("Account", "002"),
        ("Taxpayer", "ABEL"),
        ("Note", "x"),
        ("Seal", "0" * 16),
    ],
)
def test_an_altered_cell_of_the_cash_book_is_named(office: Office, column: str, value: Any) -> None:
    row = spoil.cell(office.path, "CashBook", 1, column, value).split("!")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    found = looked_at(office)
    assert found["Cash book seals"].startswith("LOOK: Cash Book!")
    assert found["Cash book seals"].endswith(row), "the line that was altered"


def test_an_altered_amount_shows_in_the_balances_too(office: Office) -> None:
    spoil.cell(office.path, "CashBook", 1, "Tax", 1100)
    spoil.cell(office.path, "CashBook", 1, "Total", 1100)
    assert {"Cash book seals", "Payments applied"} <= set(looked_at(office))


@pytest.mark.parametrize("line", [2, 7, 12])
def test_a_removed_line_is_named(office: Office, line: int) -> None:
    spoil.remove_row(office.path, "CashBook", line)
    found = looked_at(office)
    assert found["Cash book seals"] == f"LOOK: Cash Book!AJ{4 + line}", "the line that now follows"


def test_a_removed_receipt_leaves_a_gap_in_the_numbers(office: Office) -> None:
    lines = office.read("CashBook")["Receipt"].tolist()
    spoil.remove_row(office.path, "CashBook", lines.index("4") + 1)
    found = looked_at(office)
    assert found["Receipt numbers"] == "LOOK: 4"
    assert "Cash book seals" in found
    assert "001" in found["Payments applied"]


def test_an_altered_adjustment_is_named(office: Office) -> None:
    spoil.cell(office.path, "Adjustments", 2, "Amount", 900)
    found = looked_at(office)
    assert found["Adjustment seals"].startswith("LOOK: Adjustments!")
    assert "Payments applied" in found


def test_an_adjustment_typed_by_hand_counts_but_is_not_sealed(office: Office) -> None:
    for column, value in {
        "No": "T-2025-2", "Effective": D(2025, 2, 1), "Bill": "2025-002", "Inst": 1, "Kind": "Abatement", "Amount": 100,
    }.items():  # fmt: skip
        spoil.cell(office.path, "Adjustments", 3, column, value)
    office.do(counter.refresh, AS_OF)
    assert office.balance("2025-002", "Balance") == 5650
    found = looked_at(office)
    assert found["Adjustment seals"].startswith("LOOK: Adjustments!")
    assert found["Authority"].startswith("LOOK: Adjustments!"), "it lowers the tax without reason or authority"


def test_an_altered_bill_is_named(office: Office) -> None:
    """An installment changed by hand moves the levy; the certified total shows it, and so does what was posted."""
    book = FilesBook.open(office.path)
    book.set("control_bills", 8)
    book.set("control_tax", sum(round(100 * v) for v in book.read("Duplicate")["Net Tax"]))
    book.save()
    office.prove(AS_OF)
    spoil.cell(office.path, "Duplicate", 1, "Inst 1", 1200)
    found = looked_at(office)
    assert "Levy" in found
    assert "001" in found["Payments applied"]


def test_an_altered_balance_is_put_right_by_the_proof_and_seen_without_it(office: Office) -> None:
    """Balances are worked out, never kept: the native totals on the Proof sheet show one altered by hand at once."""
    before = office.balance("2025-002", "Total Due")
    spoil.cell(office.path, "Duplicate", 2, "Balance", 0)
    spoil.cell(office.path, "Duplicate", 2, "Total Due", 0)
    assert office.balance("2025-002") == 0
    assert looked_at(office) == {}
    assert office.balance("2025-002") == before


def test_a_changed_rule_is_named(office: Office) -> None:
    rules = office.read("Rules")
    at = rules.index[(rules["Rule"] == "interest") & rules["Value"].astype(str).str.contains("18%")][-1]
    spoil.cell(office.path, "Rules", int(at) + 1, "Value", str(rules.loc[at, "Value"]).replace("18%", "12%"))
    assert "Rules" in looked_at(office)


def test_money_on_an_account_that_is_not_on_the_duplicate_is_named(office: Office) -> None:
    spoil.cell(office.path, "CashBook", 1, "Account", "999")
    assert looked_at(office)["Accounts"].startswith("LOOK: Cash Book!")
