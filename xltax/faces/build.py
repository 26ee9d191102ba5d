"""Builds the template workbooks: `build_templates(folder)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from xltax import workbooks
from xltax.faces.books import book
from xltax.law import load
from xltax.law.table import to_frame
from xltax.ondisk import make_folder, write_file
from xltax.sheets.layout import fingerprint
from xltax.sheets.write import build_bytes
from xltax.workbooks import FAMILIES, starting_rows
from xltax.workbooks.live import live_quote, no_bills

HERE = Path(str(workbooks.__file__)).parent
"""Where the templates are kept, and the declarations of their sheets."""


def rules_of(profile: str) -> pd.DataFrame:
    """The rule table of a profile, as it goes into the Rules sheet."""
    return to_frame(load.load(profile))


def template(name: str, rules: pd.DataFrame | None = None) -> bytes:
    """One template as bytes: the state's own rules, everything else empty. rules: another rule table instead."""
    frame = rules_of(FAMILIES[name].profile) if rules is None else rules
    return build_bytes(book(name), {"Rules": frame, **starting_rows(FAMILIES[name])}, rules=fingerprint(frame))


def live(name: str) -> bytes:
    """The same book with live TAX_ formulas in it, as bytes; they show their last figures without the add-in."""
    spec, frame = book(name), rules_of(FAMILIES[name].profile)
    spec = replace(spec, sheets=(*spec.sheets, live_quote()))
    rows = {"Rules": frame, **starting_rows(FAMILIES[name])}
    return build_bytes(spec, rows, rules=fingerprint(frame), results=no_bills())


def macro_sources() -> dict[str, bytes]:
    """The workbooks to build with macros, by file name without extension. They include the Live Quote sheet."""
    return {family.file: live(name) for name, family in FAMILIES.items()}


def _build(folder: Path | str, made: Callable[[str], bytes]) -> list[Path]:
    make_folder(Path(folder))
    written = []
    for name, family in FAMILIES.items():
        path = Path(folder) / f"{family.file}.xlsx"
        write_file(path, made(name))
        written.append(path)
    return written


def build_templates(folder: Path | str = HERE) -> list[Path]:
    """Write every state's template into a folder; the paths written."""
    return _build(folder, template)


def build_live(folder: Path | str) -> list[Path]:
    """Writes every state's workbook with live TAX_ formulas into a folder; gives the paths. These workbooks need the add-in."""
    return _build(folder, live)


if __name__ == "__main__":
    for path in build_templates():
        print(path)
