"""The Contents sheet: every sheet of the workbook by desk, with its purpose and a link."""

from __future__ import annotations

from collections.abc import Sequence

from xltax.sheets.model import CellAt, SheetSpec

_FIRST = 4


def contents(desks: Sequence[tuple[str, Sequence[SheetSpec]]]) -> SheetSpec:
    """Every sheet by desk, in workbook order."""
    cells: list[CellAt] = []
    row = _FIRST
    for desk, sheets in desks:
        cells += [CellAt(f"{c}{row}", desk if c == "A" else None, "section") for c in "AB"]
        row += 1
        for sheet in sheets:
            cells += [
                CellAt(f"A{row}", sheet.title, "link", link=sheet.title),
                CellAt(f"B{row}", sheet.purpose or sheet.heading, "hint"),
            ]
            row += 1
    return SheetSpec(
        "Contents",
        "All sheets of this workbook by desk, in the order of a working day.",
        "Click an underlined name to open that sheet. The Tasks sheet explains each button.",
        cells=tuple(cells),
        widths={"A": 26, "B": 118},
        protected=True,
        landscape=False,
    )
