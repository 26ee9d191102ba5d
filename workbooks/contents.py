"""The Contents sheet: every sheet of the book by desk, what it is for, and a link to it."""

from __future__ import annotations

from collections.abc import Sequence

from xltax.sheets.model import CellAt, SheetSpec

_FIRST = 4


def contents(desks: Sequence[tuple[str, Sequence[SheetSpec]]]) -> SheetSpec:
    """Every sheet, desk by desk, in the order of the book."""
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
        "Every sheet of this book, desk by desk, in the order of a working day.",
        "Choose an underlined name to go to that sheet; Tasks says what each button does.",
        cells=tuple(cells),
        widths={"A": 26, "B": 118},
        protected=True,
        landscape=False,
    )
