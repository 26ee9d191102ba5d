"""The page's own scripts under node's test runner: the batcher, and the start of Python with its fallback."""

from __future__ import annotations

import re

from tests.office_js.need import NODE_TESTS, node


def test_the_batcher_and_the_start() -> None:
    said = node("--test", NODE_TESTS / "batch.test.mjs", timeout=60)
    passed = re.search(r"^(?:#|ℹ) pass (\d+)", said, re.M)
    assert passed
    assert int(passed[1]) == 14
