"""Helpers for tests on real workbook files: the validator, real Calc, small filled books."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.office import quillhaven
from tests.office.billed_town import PURPOSES, ROLL, Office, rate_table
from xltax.actions import bills, setup, year

D = dt.date


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


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Preliminary and final bills of four parcels, printed on the day they were mailed."""
    folder = tmp_path_factory.mktemp("bills")
    it = Office(folder / "town.xlsx")
    (folder / "roll.csv").write_text(ROLL, encoding="utf-8")
    it.do(setup.import_roll, folder / "roll.csv", on=D(2025, 1, 2))
    it.do(year.bill, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 10))
    it.do(bills.bills, 2025, on=D(2025, 1, 15))
    it.pages["preliminary"] = it.pages.pop("bills 2025")
    it.fill("Rates", rate_table(2025, "RE", PURPOSES))
    it.do(year.bill, 2025, stage="final", mailed=D(2025, 7, 10), today=D(2025, 7, 10))
    it.do(bills.bills, 2025, on=D(2025, 7, 10))
    return it


@pytest.fixture
def town(office: Office, tmp_path: Path) -> Office:
    """A copy of the office to change."""
    return office.copied(tmp_path / "town.xlsx")


@pytest.fixture
def nj(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> quillhaven.Office:
    """The office of the TOWN written at the head of the test's file."""
    return quillhaven.Office(tmp_path, request.module.TOWN, monkeypatch)
