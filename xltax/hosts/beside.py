"""Files an action puts beside a book: named so that none is overwritten, written when the book is saved."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from xltax.errors import BadBook


class Beside:
    """The files waiting to be written beside one book."""

    def __init__(self, book: Path) -> None:
        self.book = book
        self._waiting: dict[Path, bytes] = {}

    def put(self, name: str, data: bytes) -> str:
        """Keeps a file until `write`; gives its name, with a number in it where the plain one is taken."""
        stem, dot, kind = f"{self.book.stem} {name}".rpartition(".")
        names = (self.book.with_name(f"{stem}{f' ({n})' if n else ''}{dot}{kind}") for n in count())
        free = next(p for p in names if p not in self._waiting and not p.exists())
        self._waiting[free] = data
        return free.name

    def forget(self) -> None:
        """Drops what waits: the step that made it failed."""
        self._waiting = {}

    def write(self) -> None:
        """Writes each file in one step; raises BadBook naming the one that could not be written."""
        for path, data in self._waiting.items():
            temporary = path.with_name(f".xltax-{path.name}.tmp")
            try:
                temporary.write_bytes(data)
                os.replace(temporary, path)
            except OSError as error:
                raise BadBook(
                    f"the file could not be written ({error.strerror}); the book itself is saved.",
                    where=str(path),
                    do="Make room or close the file, then run the action again.",
                ) from None
            finally:
                temporary.unlink(missing_ok=True)
        self._waiting = {}
