"""The book each test of the port opens."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from office_process import quick_to_open
from small_books import make

sys.path.insert(0, str(Path(__file__).parents[1] / "com"))  # for open_excel


@pytest.fixture
def new_book(tmp_path: Path, request: pytest.FixtureRequest):
    """Build a New Jersey book; the path of the file."""
    in_calc = any(mark.name == "calc" for mark in request.node.iter_markers())

    def build(name: str = "town.xlsx", **options: object) -> Path:
        path = make(tmp_path / name, **options)  # type: ignore[arg-type]
        return quick_to_open(path) if in_calc else path

    return build
