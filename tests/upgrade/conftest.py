"""Copies of the frozen books, and what stands in a book."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FROZEN = Path(__file__).parent / "frozen"


@pytest.fixture
def frozen(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a frozen book, by its name, to upgrade."""

    def copied(name: str) -> Path:
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes((FROZEN / f"{name}.xlsx").read_bytes())
        return path

    return copied


@pytest.fixture(scope="session")
def valid() -> Callable[[Path], list[str]]:
    """The OOXML validator: every error it finds in a book, as text."""
    from openxml_audit import OpenXmlValidator

    return lambda book: [str(e) for e in OpenXmlValidator().validate(book).errors]
