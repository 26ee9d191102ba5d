"""Runs `xltax` as typed, and a small New Jersey book in the middle of its year."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from xltax.cli import main

ROLL = """Account,Owner,Location,Net Value,Prior Tax,Deductions
012,"SMITH, JOHN",1 Main St,"250,000",5000,250
013,"=HYPERLINK(""http://x"",""Pay"")",2 Main St,100000,2000,
014,+ADAMS @ SONS,3 Main St,75000.00,1600.00,
"""
PAYMENTS = "Receipt,Bill,Amount,Received\n1,2025-012,1250.00,2025-02-05\n2,2025-013,400.00,2025-02-20\n"


@dataclass(frozen=True)
class Said:
    """What a command left behind: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one error there is: exit 2, nothing on standard output, no traceback."""
        assert self.code == 2, self
        assert self.out == "", self
        assert self.err.startswith("xltax: "), self
        assert "Traceback" not in self.err
        assert "Error" not in self.err, "a Python error's name is no word for a collector"
        return self.err.removeprefix("xltax: ").rstrip("\n")


def run(*args: object) -> Said:
    """`xltax ARGS` in this process, as the command line would run it."""
    words = [str(a) for a in args]
    out, err, code, before = io.StringIO(), io.StringIO(), 0, sys.argv
    sys.argv = ["xltax", *words]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main.main(args=words, prog_name="xltax")
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def xltax() -> Callable[..., Said]:
    return run


@pytest.fixture(scope="session")
def _billed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("billed")
    book = folder / "town.xlsx"
    (folder / "roll.csv").write_text(ROLL, encoding="utf-8")
    (folder / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    for step in (
        ("new", book, "us-nj-colts-neck", "--name", "Quillhaven", "--year", 2025, "--as-of", "2025-03-03"),
        ("import-roll", book, folder / "roll.csv", "--control-bills", 3, "--control-value", 425000),
        ("bill", book, "--stage", "preliminary", "--today", "2025-01-10", "--mailed", "2025-01-15"),
        ("post", book, folder / "payments.csv", "--today", "2025-03-03"),
    ):
        said = run(*step)
        assert said.code == 0, said
    return book


@pytest.fixture
def book(_billed: Path, tmp_path: Path) -> Path:
    """A book with three parcels, preliminary bills of 2025 and two payments."""
    return Path(shutil.copy(_billed, tmp_path / "town.xlsx"))
