"""The pages that are rendered from the declarations are current."""

from __future__ import annotations

import pytest

from xltax.faces.render_docs import ROOT, pages


@pytest.mark.parametrize("path", sorted(pages()), ids=lambda p: p.name)
def test_page_is_current(path) -> None:
    assert path.read_text(encoding="utf-8") == pages()[path], (
        f"{path.relative_to(ROOT)} is out of date: run python -m xltax.faces.render_docs"
    )
