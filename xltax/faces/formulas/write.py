"""Writes the workbook of a town's named formulas, and writes it again when the rules change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xltax.errors import BadBook, BadValue, TaxError
from xltax.faces.formulas.sheet import TEMPLATE, workbook
from xltax.faces.formulas.town import of_town
from xltax.law.profile import Profile
from xltax.law.table import to_frame
from xltax.ondisk import make_folder, write_file
from xltax.sheets.layout import Layout, fingerprint
from xltax.sheets.package import Package
from xltax.tables import ClosedDay
from xltax.tables.table import Table
from xltax.wording import some


def write(profile: Profile, closed: Table[ClosedDay] | None, path: Path, on: dt.date) -> list[str]:
    """Writes the workbook of a town's formulas, and says what it has. Only a workbook of formulas is ever replaced."""
    if path.suffix.lower() != ".xlsx":
        raise BadValue(
            "The name of a workbook must end in .xlsx.", where=str(path), do="Choose a name such as formulas.xlsx."
        )
    rules = fingerprint(to_frame(profile))
    before = _rules_of(path) if path.exists() else None
    made = of_town(profile, on, closed)
    make_folder(path.resolve().parent)
    write_file(path, workbook(made, on, rules), mark=path.name)
    said = [f"{path}: {some(len(made.formulas), 'formula')} of {profile.name}."]
    if before is not None:
        said[0] += " The rules have changed since the last time." if before != rules else " The rules have not changed."
    said += [f"No formula for {one.what}, because {one.why}." for one in made.refused]
    return said


def _rules_of(path: Path) -> str:
    """The fingerprint of the rules that an existing workbook of formulas was made from. Another file is refused."""
    try:
        meta = Layout(Package(path.read_bytes(), path.name)).meta()
    except TaxError:
        meta = None
    if meta is None or meta.template != TEMPLATE:
        raise BadBook(
            "This file is not a workbook of formulas.",
            where=str(path),
            do="Choose another name. Nothing was written.",
        )
    return meta.rules
