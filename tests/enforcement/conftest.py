"""Two small offices, made once; each test gets a copy of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.enforcement import offices


@pytest.fixture(scope="session")
def _ct(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return offices.connecticut_book(tmp_path_factory.mktemp("ct")).path


@pytest.fixture(scope="session")
def _nj(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return offices.new_jersey_book(tmp_path_factory.mktemp("nj")).path


@pytest.fixture
def ct(_ct: Path, tmp_path: Path) -> offices.Office:
    return offices.Office(Path(shutil.copy(_ct, tmp_path / "ct.xlsx")))


@pytest.fixture
def nj(_nj: Path, tmp_path: Path) -> offices.Office:
    return offices.Office(Path(shutil.copy(_nj, tmp_path / "nj.xlsx")))
