"""docs/states.md: made from the data, and what it counts is counted right."""

from __future__ import annotations

from tests.published import state_cases, states_page
from xltax.law.load import load, shipped


def test_the_page_in_docs_is_current() -> None:
    assert states_page.PAGE.read_text(encoding="utf-8") == states_page.page(), (
        "make it again: python -m tests.published.states_page"
    )


def test_every_state_has_its_row_and_its_part() -> None:
    text = states_page.page()
    for id_ in shipped():
        if id_.count("-") == 1:
            assert f"\n## {load(id_).name}\n" in text
        assert f"`{id_}`" in text


def test_a_states_counts_are_those_of_its_file() -> None:
    """Every figure of Pennsylvania's cases is one: two boroughs by day, and what was compared before."""
    (state,) = (s for s in states_page.states() if s.id == "us-pa")
    own = [c for c in state_cases.every_case() if c.state == "us-pa"]
    figures = [row for c in own for row in c.expected]
    assert len(figures) == 8
    assert state.figures > 8
    row = next(line for line in states_page.page().splitlines() if line.startswith("| [Pennsylvania]"))
    cited = sum(bool(r.cite) for r in state.law.rules)
    assumed = len(list(state.law.assumptions()))
    assert f" | {cited} of {len(state.law.rules)} | {assumed} | {state.figures} |" in row
