"""The sheets of the first session: read an old spreadsheet, match its columns and list the differences."""

from __future__ import annotations

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.setup import INCOMING, PASTE, UNSETTLED


def first_session() -> SheetSpec:
    """The file to import, how its columns match, and what to fix."""
    inputs = (
        (
            "File contains",
            "incoming_what",
            "What the file contains: roll, further (a list after the roll), balances or payments.",
            ("roll", "further", "balances", "payments"),
        ),
        (
            "File",
            "incoming_file",
            "A workbook, CSV or MOD-IV file with its folder. Blank: use the Paste sheet.",
            (),
        ),
        ("Control rows", "incoming_rows", "Number of rows on the old system's report. Optional.", ()),
        (
            "Control total",
            "incoming_total",
            "Total amount on that report. The total must agree to the cent.",
            (),
        ),
    )
    found = (
        ("Rows read", "incoming_found"),
        ("Total read", "incoming_sum"),
        ("Header in row", "incoming_header"),
        ("Columns matched for", "incoming_read"),
    )
    cells = []
    for row, (label, name, text, choices) in enumerate(inputs, 4):
        cells += [
            CellAt(f"A{row}", label),
            named(f"B{row}", name, "entry", help=f"{label}. {text}", choices=choices),
            CellAt(f"C{row}", text, "hint"),
        ]
    for row, (label, name) in enumerate(found, 4):
        cells += [CellAt(f"I{row}", label), named(f"J{row}", name, "value")]
    return SheetSpec(
        "First Session",
        "Imports your current spreadsheet (roll, open balances or payments) and checks its control total.",
        "Fill in the yellow cells and run Look At. Correct Header and set Sure to Yes until Unsettled is empty. Then run Bring In.",
        heading="First Session",
        cells=tuple(cells),
        tables=(
            Placed(
                INCOMING,
                "A9",
                widths={"Column": 16, "Header": 30, "Sample": 26, "Sure": 8, "Reads As": 10, "Digits": 8, "Why": 50},
                wrapped=True,
            ),
            Placed(UNSETTLED, "I9", widths={"Where": 28, "What": 56, "To Do": 46, "Amount": 14}, wrapped=True),
        ),
        widths={"H": 3},
    )


def paste() -> SheetSpec:
    """The sheet to paste rows from another spreadsheet."""
    return SheetSpec(
        "Paste",
        "Rows copied from another spreadsheet, with their header row. You may include titles and totals.",
        "Paste at the first white cell below. Then go to First Session and run Look At. Bring In clears this sheet.",
        tables=(Placed(PASTE, widths=dict.fromkeys(PASTE.names, 15.0)),),
    )
