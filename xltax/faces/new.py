"""Makes a new workbook for a town: the state's workbook with the town's rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from xltax.errors import BadBook, BadValue
from xltax.faces.books import book_of
from xltax.filenames import file_name
from xltax.law.load import load
from xltax.law.table import to_frame
from xltax.ondisk import PRIVATE, explained, make_folder, write_file
from xltax.sheets.layout import fingerprint
from xltax.sheets.write import build_bytes
from xltax.workbooks import family_of, starting_rows
from xltax.workbooks.families import GENERAL


def new_book(path: Path, town: str, *, name: str = "", year: int, as_of: dt.date) -> None:
    """Writes a new workbook with the rules of a town in it; an existing file is never overwritten."""
    if path.suffix.lower() != ".xlsx":
        raise BadValue(
            "The name of a workbook must end in .xlsx.", where=str(path), do="Choose a name such as town.xlsx."
        )
    if (usual := file_name(path.stem, ".xlsx")) != f"{path.stem}.xlsx" and path.name:
        raise BadValue(
            "Windows cannot store a file with this name.", where=str(path), do=f"Use a name such as {usual}."
        )
    if path.exists():
        raise BadBook(
            "A file with this name already exists.", where=str(path), do="Choose another name. Nothing was written."
        )
    profile = load(town)
    try:
        family = family_of(profile.id)
    except KeyError:
        family = replace(GENERAL, state=profile.name)
    rules = to_frame(profile)
    values = {"town_name": name or profile.name, "profile_id": profile.id, "levy_year": year, "as_of": as_of}
    spec = book_of(family)
    values["state_name"] = family.state
    data = build_bytes(spec, {"Rules": rules, **starting_rows(family)}, values, rules=fingerprint(rules))
    with explained("The new workbook could not be written.", path, "Choose another folder, or make room on the disk."):
        make_folder(path.parent)
        write_file(path, data, most=PRIVATE, mark=path.name)
