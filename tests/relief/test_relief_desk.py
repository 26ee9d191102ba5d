"""Applications for relief through the desk: reviewed, decided, taken off the bill, proved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from xltax.actions import adjusting, control, counter, relief, year
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.office.other_levies import usage
from xltax.tables.reading import read
from xltax.tables.relief import APPLICATIONS

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date
JULY = D(2025, 7, 10)


def apply(book: FilesBook, *rows: dict[str, Any]) -> None:
    common = {"Received": D(2025, 3, 1), "Levy Year": 2025, "Owner": "Yes", "Resident": "Yes", "Income Proved": "Yes"}
    table = pd.DataFrame([{**common, **r} for r in rows])
    book.append("ReliefApplications", read(table, APPLICATIONS).frame)


def sheet(book: FilesBook, table: str, key: str) -> pd.DataFrame:
    return book.read(table).fillna("").set_index(key)


SENIOR = {"No": "R-1", "Account": "001", "Program": "senior", "Born": D(1950, 5, 5), "Income": 9000}


def test_reasons_stand_beside_each_application(billed: FilesBook) -> None:
    apply(
        billed, SENIOR,
        {"No": "R-2", "Account": "002", "Program": "Senior", "Born": D(1961, 1, 1), "Income": 20000},
        {"No": "R-3", "Account": "009", "Program": "veteran", "Veteran": "Yes"},
    )  # fmt: skip
    said = relief.review_relief(billed, JULY).text
    assert said.startswith("3 open applications: 1 eligible for $250.00, 2 not eligible.")
    rows = sheet(billed, "ReliefApplications", "No")
    assert rows["Eligible"].tolist() == ["Yes", "No", "No"]
    assert rows.loc["R-1", ["Tax", "Credit"]].tolist() == [4200, 250]
    assert rows.loc["R-2", "Reasons"] == (
        "Not shown: is 65 or older (age on Dec 31, 2024). The income, $20,000.00, is above $10,000.00."
    )
    assert "not on the Roll" in rows.loc["R-3", "Reasons"]
    assert len(billed.read("Adjustments")) == 0


def test_a_deduction_comes_off_the_second_half_and_the_state_pays_it(billed: FilesBook) -> None:
    apply(billed, SENIOR)
    said = relief.decide_relief(billed, "R-1", "approved", "T. Collector", JULY).text
    assert "State Deduction of $250.00 on 2 installments (A-1, A-2)" in said
    table = billed.read("Adjustments").fillna("")
    # 4,200 less two quarters of 1,000: the second half is two times 1,100.
    assert table[["Inst", "Kind", "Amount"]].to_numpy().tolist() == [
        [3, "State Deduction", 125],
        [4, "State Deduction", 125],
    ]
    assert table["Authority"].str.contains("54:4-8.40").all()
    row = sheet(billed, "ReliefApplications", "No").loc["R-1"]
    assert (row["Decision"], row["Effect"], row["Decided By"]) == ("Approved", "A-1, A-2", "T. Collector")
    control.proof(billed, JULY)
    checks = billed.read("Checks")
    assert set(checks.loc[checks["Check"] != "Deposits = bank", "Result"]) == {"OK"}, "no deposit is made here"
    with pytest.raises(TaxError, match="has already been approved"):
        relief.decide_relief(billed, "R-1", "Denied", "x", JULY)


def test_not_twice_for_one_account_and_year(billed: FilesBook) -> None:
    apply(billed, SENIOR, {**SENIOR, "No": "R-2"})
    relief.decide_relief(billed, "R-1", "Approved", "T", JULY)
    with pytest.raises(TaxError, match="is already granted for 2025"):
        relief.decide_relief(billed, "R-2", "Approved", "T", JULY)
    assert "denied" in relief.decide_relief(billed, "R-2", "Denied", "T", JULY).text


def test_before_the_rate_is_known_a_deduction_goes_on_the_roll(preliminary: FilesBook) -> None:
    apply(preliminary, SENIOR)
    assert (
        "The Roll now has a deduction of $250.00"
        in relief.decide_relief(preliminary, "R-1", "Approved", "T", D(2025, 3, 3)).text
    )
    assert sheet(preliminary, "Roll", "Account")["Deductions"].replace("", 0).tolist() == [250, 0, 0]
    year.bill(preliminary, 2025, "RE=2.1", "final", today=D(2025, 7, 1))
    # Wholly off the third and fourth quarter: 4,200 - 250 - 2,000 in two.
    bill = sheet(preliminary, "Duplicate", "Bill").loc["2025-001"]
    assert [bill[f"Inst {n}"] for n in range(1, 5)] == [1000, 1000, 975, 975]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("R-9", "Approved", "T"), 'no application "R-9"'),
        (("R-1", "Maybe", "T"), '"Maybe" is not a decision'),
        (("R-1", "Approved", " "), "decided_by: This field is required"),
        (("R-1", "Approved", "T"), "cannot be approved: No proof of income"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(billed: FilesBook, given: tuple[str, str, str], says: str) -> None:
    apply(billed, {**SENIOR, "Income Proved": "No"})
    with pytest.raises(TaxError, match=says):
        relief.decide_relief(billed, *given, JULY)
    assert len(billed.read("Adjustments")) == 0


def test_an_unknown_program_is_named_with_its_cell(billed: FilesBook) -> None:
    apply(billed, {**SENIOR, "Program": "homestead"})
    with pytest.raises(TaxError, match=r"Relief!E5: .*no relief \(homestead\).*senior"):
        relief.review_relief(billed, JULY)


def test_a_credit_lowers_the_tax_before_interest(billed: FilesBook) -> None:
    """Taken back it is owed again: the office's own kind of adjustment, Deduction Disallowed."""
    apply(billed, SENIOR)
    counter.refresh(billed, D(2025, 12, 1))
    before = sheet(billed, "Duplicate", "Bill").loc["2025-001", "Total Due"]
    relief.decide_relief(billed, "R-1", "Approved", "T", JULY)
    counter.refresh(billed, D(2025, 12, 1))
    after = sheet(billed, "Duplicate", "Bill").loc["2025-001", "Total Due"]
    # 125 from August 1 (120 days) and 125 from November 1 (30 days) at 18%: 7.50 and 1.875 of interest besides.
    assert before - after == pytest.approx(259.38, abs=0.011)
    adjusting.adjust(
        billed,
        "2025-001",
        "Deduction Disallowed",
        25000,
        "not eligible",
        "54:4-8.44a",
        "T",
        inst=4,
        today=D(2025, 12, 1),
    )


def test_maryland_parts_each_by_its_own_cap(tmp_path: Any) -> None:
    from xltax.actions import setup
    from xltax.faces.new import new_book

    path = tmp_path / "city.xlsx"
    new_book(path, "us-md-baltimore-city", name="Quill City", year=2025, as_of=D(2025, 8, 1))
    roll = tmp_path / "roll.csv"
    roll.write_text("Account,Owner,Net Value\n01,ADAMS,120000\n", encoding="utf-8")
    book = FilesBook.open(path)
    setup.import_roll(book, roll, on=D(2025, 1, 2))
    for part, tax in (("City", 2_697_60), ("State", 134_40)):  # 2.248 and 0.112 per 100
        row = usage.charges(["2025-01"], ["01"], 2025, "RE", [tax], D(2025, 7, 1), D(2025, 6, 1))
        book.append("Duplicate", row.with_columns({"Part": part}))
    apply(
        book,
        {"No": "1", "Account": "01", "Program": "homestead", "Old Value": 100000},
        {
            "No": "2",
            "Account": "01",
            "Program": "homeowners",
            "Income": 16000,
            "Net Worth": 5000,
            "Net Worth Proved": "Yes",
        },
    )
    said = relief.decide_relief(book, "1", "Approved", "T", D(2025, 8, 1)).text
    # City: 16,000 x 2.248 / 100 = 359.68; State: 10,000 x 0.112 / 100 = 11.20.
    assert "Exemption of $370.88 on 2 installments" in said
    assert book.read("Adjustments")[["Part", "Amount"]].to_numpy().tolist() == [["City", 359.68], ["State", 11.2]]
    # What is left, 2,461.12, less the 420 an income of 16,000 bears.
    said = relief.decide_relief(book, "2", "Approved", "T", D(2025, 8, 1)).text
    assert "State Deduction of $2,041.12" in said
    assert sheet(book, "Duplicate", "Part")["Total Due"].sum() == pytest.approx(420)


def test_the_leaflet_and_the_letter(billed: FilesBook) -> None:
    apply(billed, SENIOR)
    said = relief.relief_leaflet(billed, 2025).text
    assert "relief leaflet 2025" in said
    relief.decide_relief(billed, "R-1", "Denied", "T", JULY)
    billed.save()
    names = sorted(p.name for p in billed.path.parent.glob("*.xlsx"))
    assert names == ["town relief R-1.xlsx", "town relief leaflet 2025.xlsx", "town.xlsx"]
    with pytest.raises(TaxError, match="no relief program moon"):
        relief.relief_leaflet(billed, 2025, "moon")
