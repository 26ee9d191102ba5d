"""The key that a workbook's seals are made with: none, or the office's key, where this computer has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from xltax.errors import BadBook, BadValue
from xltax.hosts import office_key
from xltax.hosts.port import Book
from xltax.office.controls import sealed_books
from xltax.tables import LogLine
from xltax.tables.table import Table


class SealKey:
    """Which key the seals of one workbook need. The last seal of its Log tells."""

    def __init__(self, book: Book, log: Callable[[], Table[LogLine]]) -> None:
        self._path: Path | None = getattr(book, "path", None)
        self._log = log

    @cached_property
    def needed(self) -> str:
        """The short name of the key that the seals are made with; empty if they need none."""
        return sealed_books.keyed_by(self._log())

    @cached_property
    def here(self) -> bytes:
        """That key, to check seals; empty if the seals need none, or if this computer does not have it."""
        key = office_key.read(self._path) if self.needed else b""
        return key if key and office_key.name_of(key) == self.needed else b""

    @property
    def not_used(self) -> bool:
        """Whether this computer has an office key, and the seals of this workbook are made without one."""
        return not self.needed and bool(office_key.read(self._path))

    @property
    def can_seal(self) -> bool:
        """Whether this computer can seal rows: it has the key, or the workbook needs none."""
        return not self.needed or bool(self.here)

    @property
    def for_new(self) -> bytes:
        """The key for new seals. Raises BadBook if they need one that this computer does not have."""
        if not self.can_seal:
            raise BadBook(
                f"The seals of this workbook are made with the office's key {self.needed}, and this computer does not have that key.",
                where=self._path.name if self._path else "",
                do=f"Nothing was written. Set {office_key.WHERE} to the file with the key, or work on a computer that has it.",
            )
        return self.here

    def begin(self) -> str:
        """From here on, every seal is made with this computer's office key; gives the key's short name."""
        key = office_key.read(self._path)
        if not key:
            raise BadValue(
                "This computer has no office key.",
                where="keyed",
                do=f"Make one with xltax office-key FILE, and set {office_key.WHERE} to that file.",
            )
        if self.needed:
            raise BadValue(
                f"The seals are already made with the office's key {self.needed}.",
                where="keyed",
                do="Run Seal without it.",
            )
        self.needed, self.here = office_key.name_of(key), key
        return self.needed
