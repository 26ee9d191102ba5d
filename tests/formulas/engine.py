"""The named formulas of a town in IronCalc, a spreadsheet engine that knows LAMBDA and LET."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import ironcalc
import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from xltax.faces.formulas.helpers import CLOSED, OPENED
from xltax.faces.formulas.town import TownFormulas

_ZERO = dt.date(1899, 12, 30)


def serial(day: dt.date) -> int:
    """A day as a spreadsheet stores it."""
    return (day - _ZERO).days


def figures(made: TownFormulas, calls: Sequence[tuple[str, Sequence[object]]], folder: Path) -> list[object]:
    """What IronCalc gives for calls of a town's formulas, in a plain workbook that holds nothing else."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Calls"
    days = book.create_sheet("Days")
    for column, name, listed in (
        (1, CLOSED, made.closed_weekdays),
        (2, OPENED, made.open_weekends),
    ):
        for row, day in enumerate(listed or [dt.date(1950, 1, 1)], 1):
            days.cell(row, column, serial(day))
        letter = "AB"[column - 1]
        at = f"Days!${letter}$1:${letter}${max(len(listed), 1)}"
        book.defined_names[name] = DefinedName(name, attr_text=at)
    for one in made.names:
        book.defined_names[one.name] = DefinedName(one.name, attr_text=one.stored)
    for row, (name, arguments) in enumerate(calls, 1):
        for column, value in enumerate(arguments, 2):
            cell = serial(value) if isinstance(value, dt.date) else value
            sheet.cell(row, column, cell)
        cells = ",".join(f"{chr(65 + column)}{row}" for column in range(1, len(arguments) + 1))
        sheet.cell(row, 1, f"={name}({cells})")
    path = folder / "calls.xlsx"
    book.save(path)
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    return [model.get_cell_value(0, row, 1) for row in range(1, len(calls) + 1)]
