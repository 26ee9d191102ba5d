"""The Python in the README is run, and prints what the README says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_prints_what_it_says(tmp_path: Path) -> None:
    found = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", README.read_text("utf-8"), re.S)
    assert found
    for code, shown in found:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
        )  # the values alone: pandas' column widths are its own
        assert done.stdout.split() == shown.split()
