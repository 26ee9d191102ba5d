"""The pages that are rendered from the declarations are current."""

from __future__ import annotations

import re

import pytest

from xltax.hosts.render_docs import ROOT, pages


@pytest.mark.parametrize("path", sorted(pages()), ids=lambda p: p.name)
def test_page_is_current(path) -> None:
    assert path.read_text(encoding="utf-8") == pages()[path], (
        f"{path.relative_to(ROOT)} is out of date: run python -m xltax.hosts.render_docs"
    )


def test_no_two_test_files_share_a_name() -> None:
    """Test folders are no packages: two modules of one name hide each other when all tests are run at once."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name not in ("conftest.py", "__main__.py")]
    assert sorted({n for n in names if names.count(n) > 1}) == []
    assert not [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(r"^\s*(from|import) conftest\b", path.read_text("utf-8"), re.MULTILINE)
    ]
