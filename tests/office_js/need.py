"""What the tests of the Office add-in need, and what happens where it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ROOT / ".venv" / "office-js"
"""What tests/install_office_js.sh has installed."""
SITE_SCRIPTS = ROOT / "xltax" / "faces" / "office_js" / "site"
NODE_TESTS = Path(__file__).with_name("node")
_GONE = INSTALLED / "wheels-are-gone"


def missing(reason: str) -> None:
    """Skips a test with its reason. Fails where nothing may be skipped."""
    if os.environ.get("XLTAX_SKIP_NOTHING") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def need(*programs: str, by: str = "install_office_js.sh") -> None:
    """Skips if one of these programs is not installed. by: the script of tests/ that installs it."""
    for program in programs:
        if not shutil.which(program):
            missing(f"{program} is not installed (tests/{by} installs it)")


def node_module(name: str) -> Path:
    """The folder of an installed npm package."""
    need("node")
    path = INSTALLED / "node_modules" / name
    if not path.is_dir():
        missing(f"the npm package {name} is not installed (tests/install_office_js.sh installs it)")
    return path


def sources() -> list[Path]:
    """Where the parts of the add-in are for the tests."""
    pyodide = node_module("pyodide")
    if _GONE.exists():
        pytest.skip("the wheels built for Pyodide can no longer be had, so nothing is tested in Pyodide")
    return [pyodide, INSTALLED / "wheels"]


def node(script: Path | str, *args: Any, timeout: float = 240) -> str:
    """Runs a script in node, and gives what it printed."""
    need("node")
    done = subprocess.run(
        ["node", str(script), *map(str, args)], capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT
    )
    assert not done.returncode, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
