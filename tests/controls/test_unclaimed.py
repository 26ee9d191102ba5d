"""Credits by age: the day the money became a credit, the steps toward the State, and the entry that takes it out."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.controls.town import pay, town
from xltax.actions import adjusting, control, statements, unclaimed
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.law.custody import Unclaimed
from xltax.law.load import load
from xltax.office.controls import recorded_days

D = dt.date
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
WHO = {"authority": "N.J.S.A. 46:30B", "approved_by": "Council"}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilesBook:
    """Account 3 owes 2,000.00. It pays 2,100.00 on February 1 and again 50.00 on March 1, 2024: credits of 100.00 and 50.00."""
    monkeypatch.setattr(recorded_days, "clock", lambda: D(2029, 1, 1))
    path = town(tmp_path)
    book = FilesBook.open(path)
    pay(book, tmp_path, "3", "2100.00", D(2024, 2, 1), D(2024, 2, 1))
    pay(book, tmp_path, "3", "50.00", D(2024, 3, 1), D(2024, 3, 1))
    roll = book.read("Roll")
    owner = ["", "", "=DOE, JANE", ""]
    book.replace_columns("Roll", roll.assign(Owner=owner, **{"Mail 1": ["", "", "9 Old Rd", ""]})[["Owner", "Mail 1"]])
    book.save()
    return FilesBook.open(path)


def stages(book: FilesBook, as_of: dt.date, **more: Any) -> list[tuple[float, str, str]]:
    unclaimed.list_credits(book, as_of, **more)
    rows = book.read("AgedCredits")
    return [(float(a), str(s)[:10], t) for a, s, t in zip(rows["Amount"], rows["Since"], rows["Stage"], strict=True)]


def test_a_credit_goes_from_held_to_presumed_abandoned(book: FilesBook) -> None:
    """60 days from February 1, 2024 end on April 1. A year ends February 1, 2025. The last payment, March 1, 2024, plus
    three years is March 1, 2027: more than three years is March 2."""
    assert stages(book, D(2024, 4, 1)) == [(100.0, "2024-02-01", "held"), (50.0, "2024-03-01", "held")]
    assert [s for *_, s in stages(book, D(2024, 4, 2))] == ["refund due", "held"]
    assert [s for *_, s in stages(book, D(2025, 2, 1))] == ["one year", "refund due"]
    assert [s for *_, s in stages(book, D(2027, 3, 1))] == ["one year", "one year"]
    assert [s for *_, s in stages(book, D(2027, 3, 2))] == ["presumed abandoned", "presumed abandoned"]


def test_what_is_refunded_is_the_oldest_money(book: FilesBook) -> None:
    adjusting.refund(book, "3", 120_00, "asked for it", "Resolution 1", "Council", today=D(2024, 5, 1))
    assert stages(book, D(2024, 6, 1)) == [(30.0, "2024-03-01", "refund due")]


def test_a_letter_goes_to_the_owner_once_and_is_logged(book: FilesBook, tmp_path: Path) -> None:
    done = unclaimed.list_credits(book, D(2025, 6, 1), letters=True)
    assert "1 letter written" in done.text
    assert "0 letters written" in unclaimed.list_credits(book, D(2025, 6, 2), letters=True).text
    assert stages(book, D(2025, 6, 3)) == [(100.0, "2024-02-01", "notice sent"), (50.0, "2024-03-01", "notice sent")]
    notice = book.read("Notices").iloc[-1]
    assert (notice["Kind"], notice["Account"], float(notice["Amount"])) == ("unclaimed", "3", 150.0)
    book.save()
    assert (tmp_path / "town letters unclaimed 2025-06-01.xlsx").exists()


def test_the_report_has_what_the_state_asks_and_no_formula(book: FilesBook, tmp_path: Path) -> None:
    assert "Nothing is presumed abandoned" in unclaimed.list_credits(book, D(2026, 1, 1), report=True).text
    done = unclaimed.list_credits(book, D(2027, 3, 2), report=True)
    assert "Report of 1 account, $150.00" in done.text
    book.save()
    with (tmp_path / "town unclaimed report 2027-03-02.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["Owner"] for r in rows] == ["'=DOE, JANE"]
    assert (rows[0]["Address 1"], rows[0]["Nature"], rows[0]["Amount"]) == (
        "9 Old Rd",
        "Credit on a tax account",
        "150.00",
    )
    assert (rows[0]["Date Payable"], rows[0]["Date of Last Transaction"]) == ("2024-02-01", "2024-03-01")
    assert [s for *_, s in stages(book, D(2027, 4, 1))] == ["reported", "reported"]


def test_an_escheated_credit_leaves_by_its_own_movement_and_the_statement_foots(book: FilesBook) -> None:
    """On hand 150.00 on January 1, 2027; 150.00 escheated; 0.00 at the end."""
    done = unclaimed.escheat(book, "3", today=D(2027, 4, 15), **WHO)
    assert done.text.startswith("A-1: $150.00 of account 3's credit was paid to the State as unclaimed money.")
    row = book.read("Adjustments").iloc[-1]
    assert (row["Kind"], row["For"], row["For No"]) == ("Refund", "Escheat", "2027")
    assert stages(book, D(2027, 4, 15)) == []
    said = statements.annual_statement(book, D(2027, 12, 31), D(2027, 1, 1))
    assert "DOES NOT FOOT" not in said.text
    lines = book.read("Statement")
    mine = lines[lines["Part"] == "Overpayments and credit"].set_index("Line")["Amount"].astype(float)
    assert mine["On hand at the start"] == 150
    assert mine["Escheated: paid to the State as unclaimed"] == -150
    assert mine["Refunded, or moved to another account"] == 0
    assert mine["On hand at the end"] == 0
    found = dict(line.split(": ", 1) for line in control.proof(book, D(2027, 12, 31)).look)
    assert "Credit" not in found
    assert "Overpaid" not in found


def test_money_that_is_not_abandoned_cannot_go_to_the_state(book: FilesBook) -> None:
    with pytest.raises(TaxError, match=r"\$0\.00 of account 3 is presumed abandoned \(one year\)"):
        unclaimed.escheat(book, "3", today=D(2026, 4, 15), **WHO)
    with pytest.raises(TaxError, match=r"\$150\.00 of account 3 is presumed abandoned"):
        unclaimed.escheat(book, "3", amount=150_01, today=D(2027, 4, 15), **WHO)


def test_an_uncashed_refund_check_is_still_the_owners_money(book: FilesBook) -> None:
    adjusting.refund(book, "3", 150_00, "asked for it", "Resolution 1", "Council", today=D(2024, 5, 1))
    check = {"No": "101", "Date": D(2024, 5, 2), "Payee": "DOE", "Amount": 150_00, "For": "Refund", "For No": "A-1"}
    book.append("PaidOut", pd.DataFrame([check], dtype=object))
    assert stages(book, D(2024, 6, 1)) == [(150.0, "2024-05-02", "held")]
    assert [s for *_, s in stages(book, D(2027, 5, 3))] == ["presumed abandoned"]
    assert book.read("AgedCredits")["Check"].tolist() == ["101"]


@pytest.mark.parametrize(("state", "years", "by"), [("us-nj", 3, None), ("us-ct", 3, "03-30"), ("us-pa", 3, "04-15")])
def test_the_law_of_each_state_is_data_with_its_source(state: str, years: int, by: str | None) -> None:
    rule = load(state).find(Unclaimed, D(2025, 1, 1))
    assert rule is not None
    assert (rule.params.years, rule.params.report_by) == (years, by)
    assert rule.cite
    assert any(a.what == "years" for a in rule.assume)


def test_a_state_that_was_not_read_says_so(book: FilesBook) -> None:
    """Without a rule, as in Maryland, the list stands and says that the years are not encoded."""
    assert load("us-md").find(Unclaimed, D(2025, 1, 1)) is None
    rules = book.read("Rules")
    names = rules["Rule"].astype(str)
    book.replace_rows("Rules", rules[names != "unclaimed"])
    book.save()
    again = FilesBook.open(book.path)
    done = unclaimed.list_credits(again, D(2027, 3, 2))
    assert "The years until money is unclaimed are not encoded" in done.text
    with pytest.raises(TaxError, match="has no rule for unclaimed money"):
        unclaimed.list_credits(again, D(2027, 3, 2), report=True)
