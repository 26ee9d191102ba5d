"""A real LibreOffice with the add-in in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calc.in_calc import Sheet, WithAddIn
from tests.libreoffice.process import running
from xltax.faces.render_calc import build_calc


@pytest.fixture(scope="session")
def add_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_calc(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def _with_add_in(add_in: Path) -> Iterator[WithAddIn]:
    messages = add_in.with_name("messages.txt")
    # The helper process is this test's own interpreter: soffice itself has no xltax, as on a collector's machine.
    with running(XLTAX_PYTHON=sys.executable, XLTAX_MESSAGES=str(messages)) as office:
        office.do("install", add_in.as_uri())
        yield WithAddIn(office, messages)


@pytest.fixture
def calc(_with_add_in: WithAddIn) -> Iterator[WithAddIn]:
    """One LibreOffice for the whole run; what a test opens is closed after it."""
    yield _with_add_in
    _with_add_in.office.close()


@pytest.fixture
def sheet(calc: WithAddIn) -> Iterator[Sheet]:
    one = Sheet(calc)
    yield one
    calc.do("close", one.document)
