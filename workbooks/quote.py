"""The Quote sheet: the payoff of an account on one page, bill by bill and day by day."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

from xltax.sheets.forms import PAYOFF, QUOTE_GRID, named
from xltax.sheets.model import CellAt, Placed, SheetSpec


def quote(family: Family) -> SheetSpec:
    """The payoff quote to print for a lawyer, bank or owner."""
    left = (
        ("Account", "quote_account", "entry", "The account number to quote, as on the Roll."),
        ("Owner", "quote_owner", "value", ""),
        ("Location", "quote_location", "value", ""),
        (
            "Requested by",
            "quote_requested_by",
            "entry",
            "Who asked. If you fill this in, the quote gets a number, prints and is logged.",
        ),
    )
    right = (
        ("Quote date", "quote_date", "entry", "The day the payoff is for."),
        (
            "Business days shown",
            "quote_days",
            "entry",
            "Number of business days to show in the list on the right.",
        ),
        ("Good through", "quote_through", "value", ""),
        ("Quote number", "quote_number", "value", ""),
    )
    cells = [CellAt("A3", '=IF(town_name="","",town_name&", "&state_name)', "section", formula=True)]
    cells += [CellAt(f"{c}3", None, "section") for c in "BCDEFGHIJKL"]
    for row, (label, name, style, text) in enumerate(left, 5):
        cells.append(CellAt(f"A{row}", label))
        cells.append(named(f"B{row}", name, style, help=f"{label}. {text}", across=f"E{row}"))
    for row, (label, name, style, text) in enumerate(right, 5):
        value = 10 if name == "quote_days" else None
        cells.append(CellAt(f"H{row}", label))
        cells.append(named(f"J{row}", name, style, value=value, help=f"{label}. {text}"))
    cells += [
        # Beside the printed page: a lawyer or a bank gets the page, not the instruction.
        CellAt("S1", "Type the account and the date in the yellow cells. Run Quote. Then print this page.", "note"),
        CellAt("N4", "Total due on this date"),
        named("O4", "quote_due", "big"),
        CellAt("N5", "Payoff of all bills"),
        named("O5", "quote_total", "big"),
        CellAt("N6", "Per diem"),
        named("O6", "quote_per_diem", "value"),
        named("A9", "quote_note", "note"),
        CellAt("A11", "Balance by bill", "section"),
        *(CellAt(f"{c}11", None, "section") for c in "BCDEFGHIJKL"),
        CellAt("N11", "If paid on", "section"),
        *(CellAt(f"{c}11", None, "section") for c in "OPQ"),
    ]
    narrow = {
        "Levy Year": 7.0,
        "Levy Type": 7.0,
        "Part": 8.0,
        "Inst": 6.0,
        "Total": 14.0,
    }
    return SheetSpec(
        "Quote",
        "The payoff of an account on a date, bill by bill, and on each business day after that date.",
        heading="Payoff Quote",
        cells=tuple(cells),
        tables=(
            Placed(PAYOFF, "A12", widths=narrow, hidden=() if family.parts else ("Part",)),
            Placed(QUOTE_GRID, "N12", widths={"Date": 23, "Total": 17, "Per Diem": 11, "Note": 34}),
        ),
        widths={"M": 3},
        protected=True,
        print_columns="A:Q",
    )  # fmt: skip
