"""The book each test of the counter starts from: the TOWN written at the head of its file, made once and copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.counter.at_the_counter import CounterBook
from tests.written.book import office


@pytest.fixture(scope="module")
def _made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office(tmp_path_factory.mktemp("counter") / "town.xlsx", request.module.TOWN).path


@pytest.fixture
def book(_made: Path, tmp_path: Path) -> CounterBook:
    """A copy of the book of TOWN, to work in."""
    path = tmp_path / "town.xlsx"
    path.write_bytes(_made.read_bytes())
    return CounterBook.open(path)
