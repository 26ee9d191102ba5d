"""Makes the files for Excel: macro workbooks and the add-in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xltax.faces.render_ribbon import ribbon
from xltax.faces.render_vba import ADD_IN, modules
from xltax.ondisk import make_folder, write_file
from xltax.sheets.macro import with_macros
from xltax.sheets.model import BookSpec, CellAt, SheetSpec
from xltax.sheets.write import build_bytes

__all__ = ["ADD_IN", "add_in", "build", "macro_book"]


def build(folder: Path, books: Mapping[str, bytes]) -> list[Path]:
    """Writes the add-in, and each plain workbook as a macro workbook, into a folder; gives the paths."""
    make_folder(folder)
    made = {ADD_IN: add_in()} | {f"{name}.xlsm": macro_book(data) for name, data in books.items()}
    for name, data in made.items():
        write_file(folder / name, data)
    return [folder / name for name in made]


def macro_book(book: bytes) -> bytes:
    """An .xlsm: the workbook with the functions and the ribbon in it."""
    return with_macros(book, modules(add_in=False), ribbon())


def add_in() -> bytes:
    """The .xlam: the functions and the ribbon for every workbook, with one sheet that explains the add-in."""
    about = SheetSpec(
        "xltax",
        "The xltax add-in gives every workbook the TAX_ functions and the xltax ribbon. Do not type here.",
        cells=(CellAt("A4", "To remove the add-in, run: xltax uninstall"),),
        widths={"A": 110},
    )
    plain = build_bytes(BookSpec("", "xltax add-in", (about,)))
    return with_macros(plain, modules(add_in=True), ribbon(), add_in=True)
