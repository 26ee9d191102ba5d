"""The book each test of the port opens."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from small_books import make

sys.path.insert(0, str(Path(__file__).parents[1] / "com"))  # for open_excel


@pytest.fixture
def new_book(tmp_path: Path):
    """Build a New Jersey book; the path of the file."""

    def build(name: str = "town.xlsx", **options: object) -> Path:
        return make(tmp_path / name, **options)  # type: ignore[arg-type]

    return build
