"""The functions in the Python of the Office add-in, in node: the same figures as in this Python, from both starts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.functions.calls import NJ
from tests.office_js.cells import expected, good_call
from tests.office_js.need import NODE_TESTS, node
from xltax.faces.catalog import functions

NAMES = list(functions())
_HEAVY = {"lxml", "python_calamine", "formualizer", "numba", "click", "xlwings", "xlrd", "msoffcrypto", "tqdm"}
"""Libraries for files and for the command line: they are not in the add-in, and nothing may ask for them."""


@pytest.fixture(scope="module")
def ask(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Answers messages from one start of a kind: ask(way) -> what calls.mjs prints."""
    file = tmp_path_factory.mktemp("messages") / "messages.json"
    messages = [{"calls": [{"name": n, "arguments": [good_call(n)]}]} for n in NAMES]
    file.write_text(json.dumps([json.dumps(m) for m in [*messages, *_WRONG]]), encoding="utf-8")

    @cache
    def answers(way: str) -> dict[str, Any]:
        return dict(json.loads(node(NODE_TESTS / "calls.mjs", site, way, file)))

    return answers


_WRONG = [
    {"calls": [{"name": "TAX_INTEREST", "arguments": [[NJ, 4000, 45689, "#N/A"], [NJ, 4000, 45689, 45778]]}]},
]


@pytest.mark.parametrize("way", ["snapshot", "wheels"])
def test_every_good_call_gives_the_figures_of_this_python(ask: Any, way: str) -> None:
    answers = [json.loads(a)["answers"][0][0] for a in ask(way)["answers"][: len(NAMES)]]
    for name, got in zip(NAMES, answers, strict=True):
        assert got == expected(name), name


def test_a_wrong_call_is_told_and_leaves_the_others_alone(ask: Any) -> None:
    ((wrong, right),) = json.loads(ask("snapshot")["answers"][len(NAMES)])["answers"]
    assert "#N/A" in wrong["error"]
    assert right == 142.5


@pytest.mark.parametrize("way", ["snapshot", "wheels"])
def test_no_function_loads_a_library_for_files_or_for_the_command_line(ask: Any, way: str) -> None:
    assert not _HEAVY & set(ask(way)["loaded"])


def test_two_starts_draw_different_numbers(ask: Any, site: Path, tmp_path: Path) -> None:
    """A snapshot holds the state of the random numbers. Without a new seed, every start would draw the same ones."""
    (tmp_path / "none.json").write_text("[]", encoding="utf-8")
    again = json.loads(node(NODE_TESTS / "calls.mjs", site, "snapshot", tmp_path / "none.json"))
    first, second = ask("snapshot")["drawn"].split(), again["drawn"].split()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_a_snapshot_that_does_not_fit_is_refused(site: Path) -> None:
    """The page then starts Python from its wheels: see node/batch.test.mjs, and test_browsers.py for the whole way."""
    refused = json.loads(node(NODE_TESTS / "damaged.mjs", site))
    assert "build id mismatch" in refused["another build"]
    assert all(refused.values()), refused


def test_the_start_needs_little_memory(ask: Any) -> None:
    assert ask("snapshot")["heapMB"] < 120
    print(ask("snapshot")["times"], ask("wheels")["times"])
