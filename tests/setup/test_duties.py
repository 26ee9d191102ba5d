"""docs/duties.md names only what there is, and every action of the program serves some duty."""

from __future__ import annotations

import re
from pathlib import Path

from xltax.workbooks import FAMILIES

from xltax.faces.books import book_of
from xltax.faces.catalog import actions, functions

PAGE = (Path(__file__).parents[2] / "docs" / "duties.md").read_text(encoding="utf-8")
# What serves no duty of its own, but the book itself.
UPKEEP = {"undo", "upgrade", "clear-suspense", "parallel", "reverse", "look-at", "certificates"}


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| Duty")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_row_is_whole_and_says_who_serves_it_or_that_nothing_does() -> None:
    assert len(rows()) >= 75
    for duty, sheets, acts, note in rows():
        assert duty
        assert sheets != "-" or acts != "-" or "nothing" in note, duty


def test_every_name_is_there() -> None:
    titles = {s.title for f in FAMILIES.values() for s in book_of(f).sheets}
    known = set(actions()) | set(functions())
    for duty, sheets, acts, _ in rows():
        for sheet in () if sheets == "-" else sheets.split(", "):
            assert sheet in titles, (duty, sheet)
        for name in () if acts == "-" else acts.split(", "):
            assert name.strip("`") in known, (duty, name)


def test_every_action_serves_a_duty() -> None:
    served = {name.strip("`") for _, _, acts, _ in rows() for name in acts.split(", ")}
    assert set(actions()) - served - UPKEEP == set()
