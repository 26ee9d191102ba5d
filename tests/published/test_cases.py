"""Every published figure, found by itself in the cases file and figured again with the town's own rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.published import figures_page, state_cases
from xltax.data import open_text
from xltax.errors import BadProfile
from xltax.office.controls import published

CASES = published.published_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_case(case: published.Case) -> None:
    if case.later:
        pytest.skip(f"{case.id} ({case.topic}) belongs to a later part: {case.later}")
    ours = published.figured(case)
    assert {k: ours.get(k) for k in case.wanted()} == case.wanted()
    if not case.agrees:
        assert any(ours[k] != published._text(case.expected[k]) for k in case.ours), "the source agrees after all"
        assert case.note, "a source that is off needs a note that says why"


def test_every_topic_is_known_or_named_as_later() -> None:
    assert {c.topic for c in CASES if not c.later} == set(published.TOPICS)


def test_ids_are_unique() -> None:
    assert len({c.id for c in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('source = "Norwalk CT, mill rate page"\n', ""), '"source" is missing'),
        (("[[case]]", '[[case]]\nsurprise = "x"'), '"surprise" is not an allowed key'),
        (('expected = "7500.00"', 'expected = "7500.00"\nours = "7500.01"'), "only if it differs"),
    ],
)
def test_a_case_without_source_is_refused(monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], says: str) -> None:
    whole = open_text(published.CASES)
    assert change[0] in whole
    monkeypatch.setattr(published, "open_text", lambda name: whole.replace(*change, 1))
    with pytest.raises(BadProfile, match=says):
        published.published_cases.__wrapped__()


def test_the_list_for_the_workbook_is_figured_live() -> None:
    rows = published.published_figures()
    assert len(rows) == sum(not c.later for c in CASES)
    assert all(r.figure and r.ours and r.source for r in rows)
    off = {r.id for r in rows if r.figure != r.ours}
    assert off == {c.id for c in CASES if not c.agrees}
    assert published.differences() == []


def test_the_page_in_docs_is_current() -> None:
    text = Path(__file__).parents[2].joinpath("docs", "published-figures.md").read_text(encoding="utf-8")
    assert text == figures_page.page(), "make it again: python -m tests.published.figures_page"


def test_a_hundred_figures_of_sixty_sources_are_calculated_again() -> None:
    states = state_cases.every_case()
    assert len(CASES) + len(states) > 130
    assert len({c.source for c in CASES} | {c.source for c in states}) > 110


def test_the_page_can_be_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xltax.office.controls.published"], capture_output=True, text=True, check=True
    )
    assert done.stdout == published.page()
