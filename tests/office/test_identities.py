"""Every identity within a row: broken by hand in one cell, and Proof names that row and cell, in the command and on the sheet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.books import spoil
from tests.office.test_statements import NJ_ROLL, Office
from xltax.actions import control, year
from xltax.law.load import load
from xltax.office.controls import proof, row_identities
from xltax.tables import ADJUSTMENTS, ALL, DUPLICATE, ROLL
from xltax.tables.agreements import CERTIFICATES, SCHEDULE
from xltax.tables.check import Check
from xltax.tables.counter import DAY_CLOSES
from xltax.tables.enforcement import WARRANT_MONEY
from xltax.tables.table import Table
from xltax.tables.user_fees import RETURNS

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date
DAY = D(2025, 2, 28)


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two parcels billed 4,000 and 6,000 less 250, the first quarter of 001 paid."""
    it = Office(tmp_path_factory.mktemp("rows") / "town.xlsx", "us-nj-colts-neck", 2025, NJ_ROLL, D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10))
    it.pay(D(2025, 2, 3), ("001", "1000.00", D(2025, 2, 3)))
    return it


def looked_at(it: Office) -> dict[str, str]:
    """What proof has to look at, by check; the sheet counts as many."""
    said = it.do(control.proof, DAY)
    found = {
        row[:20].strip(): row[20:].strip()
        for row in said.splitlines()[:-1]
        if not row[20:].startswith((" OK", " NOT DONE"))
    }
    assert said.endswith(" did not pass." if found else " checks passed.")
    assert not found or f"\n{len(found)} of " in said
    assert it.opened().get("proof_open") == len(found), "the Proof sheet and the command count alike"
    return found


def test_a_sound_book_has_nothing_to_look_at(billed: Office, tmp_path: Path) -> None:
    assert looked_at(billed.copied(tmp_path / "sound.xlsx")) == {}


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "check", "cell", "off"),
    [
        # 2,810 billed with an installment left blank, as in a duplicate brought in by hand: 4,000 less 1,000.
        ("Duplicate", 1, "Inst 2", None, "Bill installments", "Duplicate!L5", "-$1,000.00"),
        (
            "Duplicate",
            1,
            "Due 2",
            None,
            "Bill installments",
            "Duplicate!L5",
            "-$1,000.00",
        ),  # an amount that is never due
        ("Duplicate", 2, "Deductions", 200, "Deductions", "Duplicate!L6", "$50.00"),  # 6,000 - 200 is not 5,750
        ("CashBook", 1, "Interest", 5, "Cash book columns", "Cash Book!AA5", "$5.00"),
    ],
)
def test_one_cell_is_named(
    billed: Office, tmp_path: Path, table: str, row: int, column: str, value: object, check: str, cell: str, off: str
) -> None:
    it = billed.copied(tmp_path / "spoiled.xlsx")
    spoil.cell(it.path, table, row, column, value)
    assert looked_at(it)[check] == f"LOOK: {cell}, off by {off}"


def test_errors_that_cancel_out_are_found(billed: Office, tmp_path: Path) -> None:
    """100 more on one bill and 100 less on the other: the totals of the sheet agree, the rows do not."""
    it = billed.copied(tmp_path / "cancel.xlsx")
    spoil.cell(it.path, "Duplicate", 1, "Net Tax", 4_100)
    spoil.cell(it.path, "Duplicate", 2, "Net Tax", 5_650)
    found = looked_at(it)
    assert found["Bill installments"] == "LOOK: Duplicate!L5, off by -$100.00; 1 more row"
    assert "Installments" not in found


def row_of(spec: str, **amounts: object) -> Table[Any]:
    """One row with these cells; amounts in cents, the rest empty."""
    table = ALL[spec]
    blank = {"money": 0, "count": 0, "year": 2025, "date": pd.NaT}
    cells = {c.name: blank.get(c.kind, "") for c in table.columns if not c.derived} | amounts
    frame = pd.DataFrame([cells])
    frame.attrs = {"sheet": spec, "header_row": 4, "letters": {c.name: c.name for c in table.columns}}
    return Table.made(table, frame)


@pytest.mark.parametrize(
    ("spec", "right", "column", "check"),
    [
        (ROLL, {"Land": 100, "Improvements": 50, "Exemptions": 30, "Net Value": 120}, "Net Value", "Roll values"),
        (DAY_CLOSES, {"Cash": 10, "Checks": 20, "Electronic": 30, "Total": 60, "Counted": 10}, "Total", "Day close totals"),
        (DAY_CLOSES, {"Cash": 10, "Change Fund": 5, "Counted": 17, "Over Short": 2, "Total": 10}, "Over Short", "Drawer counts"),
        (CERTIFICATES, {"Redeemed": pd.Timestamp(2025, 3, 1), "Paid": 50, "To Holder": 40, "To Municipality": 10},
         "Paid", "Certificates"),
        (SCHEDULE, {"Amount": 60, "Tax": 10, "Interest": 20, "Penalty": 5, "Costs": 5, "Ahead": 20}, "Amount",
         "Agreement schedules"),
        (RETURNS, {"Tax": 100, "Excess": 5, "Compensation": 2, "Net Tax": 103, "Total": 103}, "Net Tax", "Sales tax returns"),
        (RETURNS, {"Tax": 100, "Net Tax": 100, "Penalty": 5, "Interest": 1, "Total": 106}, "Total", "Return totals"),
        (WARRANT_MONEY, {"Amount": 100, "Fee": 15, "To Town": 85}, "Amount", "Warrant money"),
    ],
)  # fmt: skip
def test_every_register_with_a_sum_is_held_to_it(spec, right: dict[str, object], column: str, check: str) -> None:
    def result(**more: object) -> Check:
        tables = {spec.name: row_of(spec.name, **(right | more))}
        made = row_identities.checks(tables, Table.empty(DUPLICATE), Table.empty(ADJUSTMENTS), load("us-nj"))
        return next(c for c in made if c.name == check)

    assert result().difference == 0
    wrong = result(**{column: right[column] + 7})  # type: ignore[operator]
    assert (wrong.difference, wrong.look) == (7, f"{spec.name}!{column}5, off by -$0.07")


def test_a_roll_without_both_values_says_nothing_of_their_sum() -> None:
    made = row_identities.checks(
        {"Roll": row_of("Roll", Land=100, **{"Net Value": 120})},
        Table.empty(DUPLICATE),
        Table.empty(ADJUSTMENTS),
        load("us-nj"),
    )
    assert [c.difference for c in made if c.name == "Roll values"] == [0]


def test_a_bill_rounded_part_by_part_may_be_a_cent_above_its_tax() -> None:
    """Glastonbury rounds each half up: 100.01 is billed as 2 x 50.01. Two dollars more is no rounding."""
    bill = {
        "Gross Tax": 100_01,
        "Inst 1": 50_01,
        "Inst 2": 50_01,
        "Due 1": pd.Timestamp(2025, 7, 1),
        "Due 2": pd.Timestamp(2026, 1, 1),
    }
    for net, off in ((100_02, 0), (102_01, 2_00)):
        made = row_identities.checks(
            {},
            row_of("Duplicate", **bill, **{"Net Tax": net, "Levy Type": "RE"}),
            Table.empty(ADJUSTMENTS),
            load("us-ct-glastonbury"),
        )
        assert next(c for c in made if c.name == "Deductions").difference == off


def test_the_sheet_and_the_command_make_the_same_checks(billed: Office, tmp_path: Path) -> None:
    """Every check of the command stands on the Proof sheet, with the same figures and the same result."""
    it = billed.copied(tmp_path / "same.xlsx")
    book = it.opened()
    book.set("control_bills", 3)
    book.set("control_tax", 9_750_00)
    results = {c.name: c for c in _checks(book)}
    book.save()
    rows = list(openpyxl.load_workbook(it.path, data_only=True)["Proof"].iter_rows(values_only=True))
    shown = {r[0]: r for r in rows if r[5] and str(r[5]).startswith(("OK", "LOOK", "NOT DONE")) and r[0] in results}
    assert set(shown) == set(results)
    for name, check in results.items():
        unit = 1 if check.counts else 100
        assert shown[name][2:5] == (check.this / unit, check.that / unit, check.difference / unit), name
        assert str(shown[name][5]).startswith("LOOK") == bool(check.difference), name
    assert results["Bills"].difference == 1
    assert results["Billed"].difference == 0


def _checks(book) -> list[Check]:
    from xltax.actions.desk import Desk

    return control.run_checks(Desk.of(book), DAY)


def test_a_control_total_nobody_entered_is_no_difference(billed: Office, tmp_path: Path) -> None:
    it = billed.copied(tmp_path / "none.xlsx")
    it.do(control.proof, DAY)
    rows = {
        r[0]: r[5]
        for r in openpyxl.load_workbook(it.path, data_only=True)["Proof"].iter_rows(values_only=True)
        if len(r) > 5
    }
    assert (rows["Bills"], rows["Billed"]) == (proof.NO_CONTROL, proof.NO_CONTROL)
    assert it.opened().get("proof_open") == 0


def test_a_rate_with_an_authority_of_its_own_is_named_though_it_is_no_error(billed: Office, tmp_path: Path) -> None:
    """Nobody changes a rate unseen by writing an authority beside it."""
    it = billed.copied(tmp_path / "own.xlsx")
    book = it.opened()
    rules = book.read("Rules").astype(object)
    mine = (rules["Rule"] == "interest") & rules["Value"].astype(str).str.contains("18%")
    slot = rules["Id"] == rules.loc[mine, "Id"].iloc[0]
    rules.loc[mine, "Value"] = rules.loc[mine, "Value"].astype(str).str.replace("18%", "12%")
    rules.loc[slot, "Authority"] = "Resolution 2025-9"
    book.replace_columns("Rules", rules[["Value", "Authority"]])
    book.save()
    assert looked_at(it) == {}
    checks = it.read("Checks").set_index("Check")
    assert checks.loc["Own rules", "Result"].startswith("OK: interest")
    assert "12%" in checks.loc["Own rules", "Result"]
