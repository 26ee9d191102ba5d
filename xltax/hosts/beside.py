"""Writes files next to a workbook: lists for others and pages to print. Never overwrites another file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from xltax.filenames import numbered
from xltax.hosts.replace import only_writer, replace_file
from xltax.ondisk import explained
from xltax.pages import Page, Pdf

SEAL = "seal.png"
"""The picture of the town's seal, in the folder of the workbook."""


def free_name(book: str, name: str, taken: Callable[[str], bool]) -> str:
    """The name of a file that belongs to a workbook: the workbook's name, this name, and a number if that name is taken."""
    stem, dot, kind = f"{book} {name}".rpartition(".")
    return next(free for free in numbered(stem, dot + kind) if not taken(free))


class Beside:
    """The files to write next to one workbook. Nothing is written before `write`."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._files: dict[Path, bytes] = {}

    def put(self, name: str, data: bytes) -> str:
        """Keeps a file for `write`. Gives the file's name: the workbook's name, this name and a number if needed."""
        names = {
            path.name.casefold() for path in self._files
        }  # Windows and macOS take "List" and "list" for the same name

        def taken(name: str) -> bool:
            return name.casefold() in names or self._book.with_name(name).exists()

        free = free_name(self._book.stem, name, taken)
        self._files[self._book.with_name(free)] = data
        return free

    def put_pages(self, name: str, pages: Sequence[Page]) -> str:
        """Prepares pages for printing, with the town's seal if the folder has seal.png. Gives the file's name."""
        from xltax.sheets.pages import to_xlsx  # only where something is printed: it brings openpyxl with it

        return self.put(f"{name}.xlsx", to_xlsx(pages, self.kept(SEAL)))

    def as_pdf(self, pages: Sequence[Page]) -> Pdf:
        """The same pages as a PDF file."""
        from xltax.pdf.draw import to_pdf  # only where a PDF is made: it brings reportlab with it

        return to_pdf(pages, self.kept(SEAL))

    def kept(self, name: str) -> bytes:
        """A file that the office keeps in the folder of the workbook; empty if there is none."""
        file = self._book.with_name(name)
        return file.read_bytes() if file.is_file() else b""

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
