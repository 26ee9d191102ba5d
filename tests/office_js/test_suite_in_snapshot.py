"""A share of xltax's own tests inside the Python that came out of the snapshot. `./run bench office_js` runs many more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.office_js.need import INSTALLED, NODE_TESTS, ROOT, missing, node

SHARE = (
    *(f"tests/law/test_{name}.py" for name in ("grace_days", "schedules", "months", "figures_of_towns")),
    "tests/functions/test_money_dates.py",
    "tests/published/test_worked.py",
)
WHOLE = ("tests/law", "tests/functions", "tests/published/test_worked.py")
NOT_THERE = ("tests/law/test_town_check.py",)  # the command line, whose library is not in the add-in


def run(site: Path, *tests: str) -> int:
    """Runs these tests there, and gives how many passed. A failure raises."""
    wheels = INSTALLED / "suite"
    if not wheels.is_dir():
        missing("pytest for Pyodide is not installed (tests/install_office_js.sh installs it)")
    said = node(
        NODE_TESTS / "suite.mjs", site, wheels, ROOT, *tests, *(f"--ignore={t}" for t in NOT_THERE), timeout=3_600
    )
    passed = re.search(r"(\d+) passed", said)
    assert passed, said[-2000:]
    return int(passed[1])


@pytest.mark.parametrize("tests", [SHARE], ids=["law and figures"])
def test_a_share_of_the_suite_passes_inside_the_snapshot(site: Path, tests: tuple[str, ...]) -> None:
    assert run(site, *tests) > 100
