"""The files that come in, and what makes a book for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from xltax.hosts.files import FilesBook

CASES = Path(__file__).parent / "cases"
TOWN = CASES / "town"
NewBook = Callable[[str], FilesBook]
