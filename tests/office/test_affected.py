"""Formulas that cannot have a new result keep the one they have, and all others are calculated again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books.small_books import make
from xltax.sheets import recalculate as calculating
from xltax.sheets.affected import affected
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("affected") / "town.xlsx", bills=30, lines=tuple(range(1, 20)))


def touched(path: Path, sheet: str) -> Layout:
    """The book with one sheet changed, in a way that changes numbers: every 8,000 is one more."""
    layout = Layout(Package.open(path))
    part = layout.sheets[sheet]
    xml = layout.package.part(part)
    for old, new in (
        (b"<v>20</v>", b"<v>21</v>"),
        (b"<v>12.34</v>", b"<v>13.34</v>"),
        (b"<v>2025</v>", b"<v>2024</v>"),
    ):
        xml = xml.replace(old, new)
    layout.package.put(part, xml + b" ")  # changed, whatever it holds
    return layout


def sheets(path: Path) -> list[str]:
    return list(Layout(Package.open(path)).sheets)


@pytest.mark.parametrize(
    "sheet", ["Start", "Duplicate", "Cash Book", "Adjustments", "Quote", "Log", "Proof", "Day Close"]
)
def test_the_results_are_those_of_a_whole_calculation(path: Path, sheet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    some = touched(path, sheet)
    assert calculating.recalculate(some)
    whole = touched(path, sheet)
    monkeypatch.setattr(calculating, "affected", lambda layout, *_: set(layout.sheets.values()))
    assert calculating.recalculate(whole)
    for part in some.sheets.values():
        assert some.package.part(part) == whole.package.part(part), part


def told(layout: Layout, formulas: dict[str, list[bytes]], without_result: tuple[str, ...] = ()) -> set[str]:
    by_part = {layout.sheets[sheet]: texts for sheet, texts in formulas.items()}
    found = affected(layout, by_part, {layout.sheets[sheet] for sheet in without_result})
    return {sheet for sheet, part in layout.sheets.items() if part in found}


@pytest.mark.parametrize(
    "text",
    [b"SUM(CashBook[Tax])", b"SUM('Cash Book'!T5:T9)", b"SUM('cash book'!T5)", b"SUM(cashbook[[#All],[Tax]])",
     b"SUM('Duplicate:Cash Book'!T5)"],
)  # fmt: skip
def test_a_sheet_is_spoken_of_by_its_name_or_by_its_table(path: Path, text: bytes) -> None:
    layout = touched(path, "Cash Book")
    assert told(layout, {"Proof": [text], "Quote": [b"SUM(A1:A3)"]}) == {"Cash Book", "Proof"}


def test_what_depends_on_something_that_depends_is_affected_too(path: Path) -> None:
    layout = touched(path, "Cash Book")
    found = told(layout, {"Proof": [b"SUM(Quote!A1)"], "Quote": [b"SUM(CashBook[Tax])"], "Roll": [b"SUM(A1)"]})
    assert found == {"Cash Book", "Quote", "Proof"}


def test_through_a_name(path: Path) -> None:
    layout = touched(path, "Start")  # as_of is a cell of Start
    assert told(layout, {"Proof": [b"as_of+1"], "Quote": [b"1+1"]}) == {"Start", "Proof"}


def test_a_formula_without_a_result_and_one_of_today_are_always_calculated(path: Path) -> None:
    layout = touched(path, "Log")
    assert told(layout, {"Proof": [b"1+1"], "Quote": [b"TODAY()"]}, ("Proof",)) == {"Log", "Proof", "Quote"}


def test_if_nobody_can_tell_every_sheet_is(path: Path) -> None:
    layout = touched(path, "Log")
    assert told(layout, {"Proof": [b'SUM(INDIRECT("A1"))']}) == set(layout.sheets)
    manual = touched(path, "Log")
    book = manual.workbook_part
    manual.package.put(book, manual.package.part(book).replace(b"<calcPr ", b'<calcPr calcMode="manual" '))
    assert told(manual, {"Proof": [b"1+1"]}) == set(layout.sheets)
