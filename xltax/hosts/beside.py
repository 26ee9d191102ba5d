"""Writes files next to a workbook: lists for others and pages to print. Never overwrites another file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xltax.filenames import numbered
from xltax.hosts.replace import only_writer, replace_file
from xltax.ondisk import explained
from xltax.pages import Page

SEAL = "seal.png"
"""The picture of the town's seal, in the folder of the workbook."""


class Beside:
    """The files to write next to one workbook. Nothing is written before `write`."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._files: dict[Path, bytes] = {}

    def put(self, name: str, data: bytes) -> str:
        """Keeps a file for `write`. Gives the file's name: the workbook's name, this name and a number if needed."""
        stem, dot, kind = f"{self._book.stem} {name}".rpartition(".")
        taken = {p.name.casefold() for p in self._files}  # Windows and macOS take "List" and "list" for the same name
        paths = (self._book.with_name(n) for n in numbered(stem, dot + kind) if n.casefold() not in taken)
        free = next(p for p in paths if not p.exists())
        self._files[free] = data
        return free.name

    def put_pages(self, name: str, pages: Sequence[Page]) -> str:
        """Prepares pages for printing, with the town's seal if the folder has seal.png. Gives the file's name."""
        from xltax.sheets.pages import to_xlsx  # only where something is printed: it brings openpyxl with it

        seal = self._book.with_name(SEAL)
        return self.put(f"{name}.xlsx", to_xlsx(pages, seal.read_bytes() if seal.is_file() else b""))

    def write(self) -> None:
        """Writes the kept files, each in one step, and names each file that could not be written."""
        if not self._files:
            return
        with only_writer(self._book):
            for path, data in self._files.items():
                do = "The workbook itself is saved. Make room on the disk or close the file. Then run the task again."
                with explained("The file could not be written.", path, do):
                    replace_file(path, data, self._book)
        self._files = {}

    def forget(self) -> None:
        """Drops the files that were not written."""
        self._files = {}
