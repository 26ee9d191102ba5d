"""Writes docs/published-figures.md: the figures that ship, and those of each State. Run `python -m tests.published.figures_page`."""

from __future__ import annotations

from pathlib import Path

from tests.published import state_cases
from tests.published.state_cases import NARROWS, Case, Row
from xltax.dates import short_date
from xltax.office.controls import published
from xltax.ondisk import write_file

PAGE = Path(__file__).resolve().parents[2] / "docs" / "published-figures.md"
MOST = 6
"""The most days of one case that the page prints."""


def page() -> str:
    """The page: what `xltax selfcheck` calculates, then the figures of each State."""
    cases = state_cases.every_case()
    sources = {case.source for case in cases} | {case.source for case in published.published_cases() if not case.later}
    figures = sum(len(set(row) - {"on", *NARROWS}) for case in cases for row in case.expected)
    lines = [
        "## Figures of each State",
        "",
        "These cases are in `tests/published/states`. The tests calculate each figure with the ledger and with the slow reference. A case of kind *percent* runs on a",
        "round amount, because its source prints a percentage or a schedule. This part is made by `python -m tests.published.figures_page`.",
        "",
        "| State | source | kind | given | published |",
        "|---|---|---|---|---|",
        *map(_line, cases),
        "",
        f"{len(cases)} cases with {figures} figures. Both parts of this page together have {len(sources)} sources.",
    ]
    notes = [f"[^{case.id}]: {case.note}" for case in cases if case.source_wrong]
    return published.page() + "\n" + "\n".join([*lines, "", *notes]).rstrip() + "\n"


def _line(case: Case) -> str:
    source = f"[{_plain(case.source)}](<{case.href}>)" if case.href else _plain(case.source)
    given = [f"{charge['amount']} due {short_date(charge['due'])}" for charge in case.charges]
    given += [f"{payment['amount']} paid {short_date(payment['received'])}" for payment in case.payments]
    shown = [_figure(row) for row in case.expected[:MOST]] + ["and so on"] * (len(case.expected) > MOST)
    mark = f"[^{case.id}]" if case.source_wrong else ""
    return f"| {case.town or case.state} | {source}{mark} | {case.kind} | {'; '.join(given)} | {'; '.join(shown)} |"


def _figure(row: Row) -> str:
    """One day's figures in words."""
    said = [
        f"last free day {short_date(value)}" if name == "last_free" else f"{name} {value}"
        for name, value in row.items()
        if name not in ("on", *NARROWS)
    ]
    which = "".join(f", {name} {row[name]}" for name in NARROWS if name in row)
    return f"{short_date(row['on'])}{which}: {', '.join(said)}"


def _plain(text: str) -> str:
    return text.replace("[", "(").replace("]", ")").replace("|", "/")


if __name__ == "__main__":
    write_file(PAGE, page().encode())
    print(PAGE)
