"""The relief desk's sheet: applications, amounts and decisions."""

from __future__ import annotations

from xltax.sheets.model import Placed, SheetSpec
from xltax.tables.relief import APPLICATIONS


def relief() -> SheetSpec:
    """Applications for relief."""
    return SheetSpec(
        "Relief",
        "Add a row for each application. Enter Yes only for proof you have seen. Then run Review Relief and Decide Relief.",
        "The relief rows of the Rules list the programs and their law. Relief Leaflet prints a summary.",
        heading="Relief",
        tables=(
            Placed(
                APPLICATIONS,
                widths={"No": 8, "Program": 16, "Reasons": 60, "Note": 24, "Decided By": 16, "Effect": 14, "Owner": 8, "Eligible": 9,
                        "Resident": 9, "Disabled": 9, "Veteran": 9, "Surviving Spouse": 10, "Married": 9, "Decision": 11,
                        "Income Proved": 9, "Net Worth Proved": 9},
                folded=("Net Worth", "Net Worth Proved"),
                wrapped=True,
            ),
        ),
    )  # fmt: skip
