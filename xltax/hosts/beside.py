"""Writes files next to a workbook: lists for others and pages to print. Never overwrites another file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from xltax.errors import BadBook
from xltax.hosts.replace import only_writer, replace_file
from xltax.pages import Page, Pdf

SEAL = "seal.png"
"""The picture of the town's seal, in the folder of the workbook."""


def free_name(book: str, name: str, taken: Callable[[str], bool]) -> str:
    """The name of a file that belongs to a workbook: the workbook's name, this name, and a number if that name is taken."""
    stem, dot, kind = f"{book} {name}".rpartition(".")
    names = (f"{stem}{f' ({n})' if n else ''}{dot}{kind}" for n in count())
    return next(free for free in names if not taken(free))


class Beside:
    """The files to write next to one workbook. Nothing is written before `write`."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._files: dict[Path, bytes] = {}

    def put(self, name: str, data: bytes) -> str:
        """Keeps a file for `write`. Gives the file's name: the workbook's name, this name and a number if needed."""

        def taken(name: str) -> bool:
            path = self._book.with_name(name)
            return path in self._files or path.exists()

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
                try:
                    replace_file(path, data, self._book)
                except OSError as error:
                    raise BadBook(
                        f"The file could not be written ({error.strerror}). The workbook itself is saved.",
                        where=str(path),
                        do="Make room on the disk or close the file. Then run the task again.",
                    ) from None
        self._files = {}

    def forget(self) -> None:
        """Drops the files that were not written."""
        self._files = {}
