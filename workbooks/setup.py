"""The sheets of the first session: any other spreadsheet looked at, its columns matched, its differences named."""

from __future__ import annotations

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.setup import INCOMING, PASTE, UNSETTLED


def first_session() -> SheetSpec:
    """What comes in, how it is understood, and what does not fit."""
    inputs = (
        (
            "It holds",
            "incoming_what",
            "roll, further (a list after the roll), balances or payments.",
            ("roll", "further", "balances", "payments"),
        ),
        ("File", "incoming_file", "A workbook, CSV or MOD-IV file with its folder; empty: what is on Paste.", ()),
        ("Control rows", "incoming_rows", "How many rows the old system's report has; may stay empty.", ()),
        (
            "Control total",
            "incoming_total",
            "What that report's amounts come to. It has to agree to the cent.",
            (),
        ),
    )
    found = (
        ("Rows read", "incoming_found"),
        ("They come to", "incoming_sum"),
        ("Header in row", "incoming_header"),
        ("Matched for", "incoming_read"),
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
        "Brings the sheet you keep today into this book: the roll, open balances, or payments, held to its control total.",
        "Fill the yellow cells, run Look at. Correct Header below and set Sure to Yes, until Unsettled is empty; then Bring in.",
        heading="First session",
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
    """Where rows of any other sheet are pasted."""
    return SheetSpec(
        "Paste",
        "Rows copied from any other spreadsheet, with their header, as they are. Titles and totals may come along.",
        "Paste at the first white cell below, go to First Session, run Look at. Bring in empties this sheet.",
        tables=(Placed(PASTE, widths=dict.fromkeys(PASTE.names, 15.0)),),
    )
