"""Builds the wheel and the source archive into dist/, and tries the wheel in an empty environment: ./run dist

The wheel is made from the source archive, so that a file missing in one is missing in both.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

from tests.architecture.house import ROOT

TRIALS: tuple[Sequence[str], ...] = (
    ("--version",),
    ("--help",),
    ("town", "check", "us-nj-colts-neck"),
    ("selfcheck",),  # the published figures, and the data behind them
    ("new", "town.xlsx", "us-nj-colts-neck"),
    ("proof", "town.xlsx"),
    ("call", "list"),
)
"""What has to work from the wheel alone: towns, data, tasks, functions and new workbooks."""
INSIDE = """
from importlib.resources import files
from xltax.faces.build import macro_sources
from xltax.law.load import shipped
found = {p.name for package in ("xltax.workbooks", "xltax.macros") for p in files(package).iterdir()}
assert {"new-jersey.xlsx", "connecticut.xlsx", "maryland.xlsx", "XltaxRibbon.bas"} <= found, found
print(len(shipped()), "towns,", len(macro_sources()), "macro workbooks to build")
"""


def build(folder: Path) -> tuple[Path, Path]:
    """The source archive and the wheel."""
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


def tried(wheel: Path) -> None:
    """Installs the wheel with its libraries in an empty environment, far from the source, and runs it there."""
    with tempfile.TemporaryDirectory() as empty:
        venv.create(f"{empty}/env", with_pip=True)
        programs = Path(empty, "env", "Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([programs / "pip", "install", "-q", "--disable-pip-version-check", wheel], check=True)
        for words in TRIALS:
            print("xltax", *words, flush=True)
            subprocess.run([programs / "xltax", *words], cwd=empty, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([programs / "python", "-P", "-c", INSIDE], cwd=empty, check=True)


def main() -> None:
    dist = ROOT / "dist"
    for old in (*dist.glob("xltax-*.whl"), *dist.glob("xltax-*.tar.gz")):
        old.unlink()
    archive, wheel = build(dist)
    tried(wheel)
    print(archive, wheel, sep="\n")


if __name__ == "__main__":
    main()
