"""The billing sheets: tax rates, duplicate bills, further lists, billing runs and roll imports."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

from xltax.sheets.forms import PRINT_CHOICES, named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.bills import BILL_COPIES, BILL_RUNS, RATES, ROLL_IMPORTS, SUPPLEMENTS

_PRINT_TO = "Workbook: open it and print it. PDF: a file to print, email or keep. Both: one of each."


def rates(family: Family) -> SheetSpec:
    """The tax rate by purpose, and the payee on the bills."""
    cells = []
    for row, (label, name, text) in enumerate(
        (
            ("Checks payable to", "bill_payable_to", "The payee, as printed on every remittance stub."),
            ("Office address", "bill_address", "Where to send payments. Type one line with commas between the parts."),
            ("Phone and hours", "bill_phone", "Printed at the bottom of every bill."),
        ),
        5,
    ):
        cells += [
            CellAt(f"I{row}", label),
            named(f"J{row}", name, "entry", help=f"{label}. {text}", across=f"M{row}"),
        ]
    cells += [
        CellAt("I9", "Printed pages"),
        named("J9", "print_to", "entry", help=f"Printed pages. {_PRINT_TO}", across="M9", choices=PRINT_CHOICES, value=PRINT_CHOICES[0]),
    ]  # fmt: skip
    return SheetSpec(
        "Rates",
        "The purposes of the tax, each with its rate. Bill adds up the rates, and every bill prints the lines.",
        "Enter the certified rates and the amounts raised. Mark State aid lines. Then run Bill and Print Bills.",
        cells=(
            *cells,
            CellAt("I4", "Printed on every bill", "section"),
            CellAt("I8", "Files to print", "section"),
            *(CellAt(f"{c}{row}", None, "section") for row in (4, 8) for c in "JKLM"),
        ),
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
        "Every duplicate bill, counted by bill and calendar year, with the fee charged.",
        "Duplicate Bill adds a row here and adds the fee to the bill in Adjustments.",
        tables=(Placed(BILL_COPIES, widths={"For": 34, "Adjustment": 12}),),
    )


def supplements() -> SheetSpec:
    """The lists that come after the roll."""
    return SheetSpec(
        "Further Lists",
        "Lists that come after the roll: added, omitted, supplemental and interim assessments. One row for each assessment.",
        "Import a list with Bring In or Import Roll, or type the rows. Then run Bill with the list's rate. Each list is a separate run.",
        tables=(
            Placed(SUPPLEMENTS, widths={"Levy Type": 8, "Owner": 26, "Location": 26, "Months": 8, "Run": 6, "Bill": 20}, folded=("Party",)),
        ),
    )  # fmt: skip


def bill_runs() -> SheetSpec:
    """The register of billing runs."""
    return SheetSpec(
        "Bill Runs",
        "Every billing run, with its levy type, date, bills, value and tax. Bill adds the rows. Do not type here.",
        "You can undo a run until one of its bills is paid or adjusted.",
        tables=(Placed(BILL_RUNS, widths={"Run": 6, "Levy Type": 8, "Stage": 12}),),
    )


def roll_imports() -> SheetSpec:
    """The register of roll imports."""
    return SheetSpec(
        "Roll Imports",
        "Every import of the roll, with the changes and new totals. Import Roll and Bring In add the rows. Do not type here.",
        "Before billing, Bill compares the Roll with Rows After and Value After of the last import of each levy type.",
        tables=(Placed(ROLL_IMPORTS, widths={"No": 6, "Levy Type": 8, "File": 34, "Missing": 10, "Changed": 10}),),
    )
