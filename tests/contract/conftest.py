"""The book each test of the port opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books.small_books import make


@pytest.fixture
def new_book(tmp_path: Path):
    """Build a New Jersey book; the path of the file."""

    def build(name: str = "town.xlsx", **options: object) -> Path:
        return make(tmp_path / name, **options)  # type: ignore[arg-type]

    return build
