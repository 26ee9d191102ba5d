"""Helpers for tests on real workbook files: the validator, real Calc, small filled books."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "contract"))  # for small_books


def _missing(what: str, package: str) -> None:
    reason = f"{what} is not installed (tests/install_calc.sh installs {package})"
    if os.environ.get("XLTAX_SKIP_NOTHING") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def calc(tmp_path: Path):
    """Real Calc, headless, in a profile of its own: convert(book, "pdf" or "xlsx") gives the new file."""
    soffice = shutil.which("soffice")
    if not soffice:
        _missing("LibreOffice Calc", "libreoffice-calc-nogui")

    def convert(book: Path, kind: str) -> Path:
        out = tmp_path / f"calc-{kind}"
        command = [
            soffice,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--norestore",
            "--nologo",
            "--convert-to",
            kind,
            "--outdir",
            str(out),
            str(book),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        made = out / f"{book.stem}.{kind}"
        assert made.exists(), done.stderr or done.stdout
        return made

    return convert


@pytest.fixture(scope="session")
def valid():
    """The OOXML validator: every error it finds in a book, as text."""
    from openxml_audit import OpenXmlValidator

    def errors(book: Path) -> list[str]:
        return [str(e) for e in OpenXmlValidator().validate(book).errors]

    return errors
