"""Files written beside a book: lists for somebody else, pages to print. Never over another file, each in one step."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from xltax.errors import BadBook
from xltax.hosts.replace import only_writer, replace_file


class Beside:
    """The files to be written beside one book; nothing reaches the folder before `write`."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._files: dict[Path, bytes] = {}

    def put(self, name: str, data: bytes) -> str:
        """Keeps a file for `write`; gives the name it will have: the book's own, then this one, then a number."""
        stem, dot, kind = f"{self._book.stem} {name}".rpartition(".")
        names = (self._book.with_name(f"{stem}{f' ({n})' if n else ''}{dot}{kind}") for n in count())
        free = next(p for p in names if p not in self._files and not p.exists())
        self._files[free] = data
        return free.name

    def write(self) -> None:
        """Writes what was put, each file in one step; what could not be written is named."""
        if not self._files:
            return
        with only_writer(self._book):
            for path, data in self._files.items():
                try:
                    replace_file(path, data, self._book)
                except OSError as error:
                    raise BadBook(
                        f"the file could not be written ({error.strerror}); the book itself is saved.",
                        where=str(path),
                        do="Make room or close the file, then run the action again.",
                    ) from None
        self._files = {}

    def forget(self) -> None:
        """Lets go of what was put and not written."""
        self._files = {}
