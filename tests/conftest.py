"""In CI the random histories are the same each time; `XLTAX_EXAMPLES=1000 ./run test tests/properties` looks further."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.libreoffice.process import running

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") and not os.environ.get("XLTAX_EXAMPLES"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def _bare() -> Iterator[Any]:
    with running() as office:
        yield office


@pytest.fixture(scope="module")
def bare_office_of_module(_bare: Any) -> Iterator[Any]:
    """The same, with its documents open until the tests of a module are done."""
    yield _bare
    _bare.close()


@pytest.fixture
def bare_office(_bare: Any) -> Iterator[Any]:
    """A real LibreOffice without our add-in, one for the whole run; what a test opens is closed after it."""
    yield _bare
    _bare.close()
