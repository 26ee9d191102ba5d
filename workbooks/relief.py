"""The relief desk's sheet: applications, what they come to, what was decided."""

from __future__ import annotations

from xltax.sheets.model import Placed, SheetSpec
from xltax.tables.relief import APPLICATIONS


def relief() -> SheetSpec:
    """Applications for relief."""
    return SheetSpec(
        "Relief",
        "Applications for relief: a row for each. Yes only for what was shown. Then run Review Relief, and decide each by Decide Relief.",
        "The programs, with their law, are the relief rows of the Rules. A leaflet of them comes from Relief Leaflet.",
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
