"""docs/architecture.md shows the house as it is: its tables and its picture come from the imports."""

from __future__ import annotations

import re

from tests.architecture import drawing
from tests.architecture.house import ROOT


def test_the_page_and_the_picture_are_as_the_imports_are() -> None:
    text = drawing.PAGE.read_text(encoding="utf-8")
    again = "Draw them again: .venv/bin/python -m tests.architecture.drawing"
    assert text == drawing.page(text), again
    assert drawing.PICTURE.read_text(encoding="utf-8") == drawing.picture(drawing.floors()), again


def test_every_file_and_folder_the_page_names_is_there() -> None:
    text = drawing.PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w<>]+/)+[\w.]*)`", text))
    assert len(named) > 20
    missing = [n for n in named if "<" not in n and not (ROOT / n).exists() and not (ROOT / "xltax" / n).exists()]
    assert not missing


def test_every_floor_says_what_it_holds() -> None:
    for graph, prefix in ((drawing.floors(), "xltax"), (drawing.desks(), "xltax.office")):
        for name in graph:
            assert drawing.says(f"{prefix}.{name}").endswith("."), f"{prefix}.{name} has no sentence at its head"


def test_a_new_import_changes_the_drawing() -> None:
    graph = {"roof": {"ground"}, "wing": {"roof"}, "ground": set[str]()}
    assert drawing.ranks(graph) == [["wing"], ["roof"], ["ground"]]
    assert drawing.next_below({**graph, "wing": {"roof", "ground"}}, "wing") == ["roof"], "the ground through the roof"
