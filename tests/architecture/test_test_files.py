"""The tests are one package, and no part of what is installed."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests").rglob("*.py"))
ELSEWHERE = {
    "tests/libreoffice/driver.py": "the system's own Python runs it, for its uno",
    "tests/libreoffice/inside.py": "LibreOffice loads it",
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_folder_of_tests_is_a_package() -> None:
    bare = {named(path.parent) for path in FILES} - {named(path.parent) for path in FILES if path.name == "__init__.py"}
    assert not bare, f"Add an __init__.py that says what is tested there: {', '.join(sorted(bare))}"


def wrong_imports(text: str) -> list[str]:
    """Where a test file changes where Python looks, or imports another by less than its whole name."""
    beside = {path.stem for path in FILES} | {path.parent.name for path in FILES} - {"tests"}
    found = []
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if not node.level else ["." * node.level]
        found += [f"line {node.lineno}: import of {n}" for n in names if n.split(".")[0] in beside or n.startswith(".")]
        found += [f"line {node.lineno}: import of {n}" for n in names if n.split(".")[-1] == "conftest"]
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("sys.path."):
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


def test_a_helper_is_imported_by_its_whole_name() -> None:
    wrong = [
        f"{named(path)} {where}"
        for path in FILES
        if named(path) not in ELSEWHERE
        for where in wrong_imports(path.read_text("utf-8"))
    ]
    assert not wrong, "Write `from tests.books.one_book import OneBook`, without sys.path:\n  " + "\n  ".join(wrong)


@pytest.mark.parametrize(
    "line",
    ["import sys\nsys.path.insert(0, 'x')", "from one_book import OneBook", "import spoil", "from . import spoil",
     "from tests.counter.conftest import book"],
)  # fmt: skip
def test_other_ways_are_found(line: str) -> None:
    assert wrong_imports(line)


def test_the_tests_are_not_installed() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    assert not [name for name in packages if name.split(".")[0] != "xltax"]
