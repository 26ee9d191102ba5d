"""The Tasks sheet: every button of the ribbon and menu, with its purpose and its yellow cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xltax.declare import Action, Input
from xltax.sheets.model import CellAt, SheetSpec
from xltax.tables.schema import Kind

_KIND: dict[str, Kind] = {
    "text": "id",
    "date": "date",
    "money": "money",
    "count": "count",
    "year": "year",
    "file": "id",
    "flag": "text",
}
_FIRST = 4


def named(actions: Iterable[Action]) -> dict[str, Kind]:
    """The named cells of the Tasks sheet: one for each input that has no cell of its own elsewhere."""
    return {a.cell_of(f): _KIND[f.kind] for a in actions for f in a.inputs if not f.cell}


def tasks(actions: Iterable[Action], places: Mapping[str, tuple[str, str]]) -> SheetSpec:
    """Every task with its inputs, by desk. places: named cell -> its sheet and cell."""
    every = list(actions)
    desks = list(dict.fromkeys(a.desk for a in every))
    cells: list[CellAt] = []
    row = _FIRST
    for desk in desks:
        cells += [CellAt(f"{c}{row}", desk if c == "A" else None, "section") for c in "ABC"]
        row += 1
        for action in (a for a in every if a.desk == desk):
            cells += [CellAt(f"A{row}", action.label, "label"), CellAt(f"C{row}", action.help, "hint")]
            row += 1
            for field in action.inputs:
                cells += _input(action.cell_of(field), field, row, places)
                row += 1
        row += 1
    return SheetSpec(
        "Tasks",
        "All tasks and the cells they use. A yellow cell is cleared after its task runs.",
        "Fill in the yellow cells of a task. Then choose the task on the ribbon or menu. Optional cells are marked.",
        cells=tuple(cells),
        widths={"A": 30, "B": 34, "C": 110},
        protected=True,
    )


def _input(cell: str, field: Input, row: int, places: Mapping[str, tuple[str, str]]) -> list[CellAt]:
    label = "    " + field.name.replace("_", " ").capitalize()
    may = " Optional." if field.optional else ""
    if field.cell:
        sheet, at = places[field.cell]
        return [
            CellAt(f"A{row}", label),
            CellAt(f"B{row}", f"{sheet}, cell {at}", "link", link=sheet),
            CellAt(f"C{row}", field.help + may, "hint"),
        ]
    choices = ("Yes", "No") if field.kind == "flag" else ()
    return [
        CellAt(f"A{row}", label),
        CellAt(f"B{row}", None, "entry", _KIND[field.kind], name=cell, help=field.help[:200] + may, choices=choices),
        CellAt(f"C{row}", field.help + may, "hint"),
    ]
