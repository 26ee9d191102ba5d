"""The sheets of bills: what the tax is levied for, and the copies handed out."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.bills import BILL_COPIES, BILL_RUNS, RATES, ROLL_IMPORTS, SUPPLEMENTS


def rates(family: Family) -> SheetSpec:
    """The tax rate by purpose, and whom bills are paid to."""
    cells = []
    for row, (label, name, text) in enumerate(
        (
            ("Checks payable to", "bill_payable_to", "As it prints on every remittance stub."),
            ("Office address", "bill_address", "One line, commas between its parts: where payments go."),
            ("Phone and hours", "bill_phone", "At the foot of every bill."),
        ),
        5,
    ):
        cells += [
            CellAt(f"I{row}", label),
            named(f"J{row}", name, "entry", help=f"{label}. {text}", across=f"M{row}"),
        ]
    return SheetSpec(
        "Rates",
        "What the tax is levied for: each purpose with its rate. Bill adds the rates up; every bill prints the lines.",
        "Enter the certified rates and the amounts raised; mark lines of State aid. Then run Bill and Bills.",
        cells=(*cells, CellAt("I4", "On every bill", "section"), *(CellAt(f"{c}4", None, "section") for c in "JKLM")),
        tables=(
            Placed(
                RATES,
                widths={"Levy Type": 8, "Part": 8, "Purpose": 36, "Raised": 18, "State Aid": 10},
                folded=() if family.parts else ("Part",),
            ),
        ),
        widths={"I": 20, "J": 20, "K": 20, "L": 20, "M": 20},
    )


def bill_copies(family: Family) -> SheetSpec:
    """The register of duplicate bills."""
    return SheetSpec(
        "Bill Copies",
        "Every duplicate bill made: counted per bill and calendar year, with the fee charged for it.",
        "Written by Duplicate Bill; the fee also stands in Adjustments, on the bill.",
        tables=(Placed(BILL_COPIES, widths={"For": 34, "Adjustment": 12}),),
    )


def supplements() -> SheetSpec:
    """The lists that come after the roll."""
    return SheetSpec(
        "Further Lists",
        "Added, omitted, supplemental and interim assessments: the lists that come after the roll, one row for each assessment.",
        "Import a list with Bring In or Import Roll, or type its rows. Then run Bill with its rate: the list is billed as a run of its own.",
        tables=(
            Placed(SUPPLEMENTS, widths={"Levy Type": 8, "Owner": 26, "Location": 26, "Months": 8, "Run": 6, "Bill": 20}, folded=("Party",)),
        ),
    )  # fmt: skip


def bill_runs() -> SheetSpec:
    """The register of billing runs."""
    return SheetSpec(
        "Bill Runs",
        "Every billing run: its levy type, the date of its roll or list, its bills, value and tax. Written by Bill; type nothing.",
        "Undo takes a run back while nothing was paid or adjusted on its bills.",
        tables=(Placed(BILL_RUNS, widths={"Run": 6, "Levy Type": 8, "Stage": 12}),),
    )


def roll_imports() -> SheetSpec:
    """The register of roll imports."""
    return SheetSpec(
        "Roll Imports",
        "Every import of the roll: what it changed, and what the roll came to. Written by Import Roll and Bring In; type nothing.",
        "Bill compares the Roll with Rows After and Value After of the last import of each levy type.",
        tables=(Placed(ROLL_IMPORTS, widths={"No": 6, "Levy Type": 8, "File": 34, "Missing": 10, "Changed": 10}),),
    )
