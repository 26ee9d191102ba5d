"""Every declared action, run as its button runs it on a document open in Calc and on the file: the same comes out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from office_process import quick_to_open
from xltax.workbooks.new import new_book

from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.hosts.port import Book
from xltax.hosts.registry import Action, actions
from xltax.hosts.run import press

pytestmark = pytest.mark.calc
D = dt.date
DAY = D(2025, 9, 15)
ROLL = """Account,Owner,Location,Net Value,Prior Tax,Deductions
001,ADAMS,1 Main St,200000,4000,
002,BAKER,=2 Main St,300000,6000,250
003,CLARK,3 Main St,100000,2000,
"""
PAYMENTS = "Account,Amount,Received\n001,1000,2025-02-05\n002,300.25,2025-03-01\n003,9000,2025-09-01\n"

# What the tasks of the first year are given; a task not named here gets a plausible input of each kind, so that a new
# one is held to the same from its first day, be it that both refuse it with the same words.
FIRST: dict[str, dict[str, Any]] = {
    "import-roll": {"file": ROLL, "control_bills": 3, "on": D(2025, 1, 2)},
    "bill": {"year": 2025, "rates": "RE=2.248", "stage": "whole", "today": DAY, "mailed": D(2025, 1, 10)},
    "post": {"payments": PAYMENTS, "today": DAY},
    "reverse": {"receipt": "1", "reason": "check returned unpaid", "on": D(2025, 3, 3), "today": DAY},
    "refresh": {},
    "quote": {"account": "002", "on": DAY, "days": 5},
    "delinquent": {},
    "proof": {},
}
PLAUSIBLE = {"text": "001", "date": DAY, "money": 100, "count": 2025, "flag": "Yes", "file": PAYMENTS}


def given(action: Action, folder: Path) -> dict[str, Any]:
    """The value of each cell an action's button reads."""
    cells = {}
    for field in action.inputs:
        value = FIRST[action.name].get(field.name) if action.name in FIRST else PLAUSIBLE[field.kind]
        if field.kind == "file" and value is not None:
            path = folder / f"{action.name}.csv"
            path.write_text(value, encoding="utf-8")
            value = str(path)
        if value is not None:
            cells[action.cell_of(field)] = value
    return cells


def outcome(action: Action, book: Book, cells: dict[str, Any]) -> str:
    """What the button says, or what it refuses with."""
    for name, value in cells.items():
        book.set(name, value)
    try:
        return press(action, book)
    except TaxError as error:
        return f"refused: {error}"


def tables(book: Book) -> dict[str, list[list[Any]]]:
    """Everything in the book's tables, but the minute it was logged."""
    out = {}
    for name in book.tables():
        frame = book.read(name)
        out[name] = frame.drop(columns=["When"], errors="ignore").astype(object).to_numpy().tolist()
    return out


def test_every_action_does_the_same_in_calc_as_on_the_file(bare_office, tmp_path: Path) -> None:
    paths = [tmp_path / kind / "town.xlsx" for kind in ("calc", "files")]
    for path in paths:
        path.parent.mkdir()
        new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=DAY)
        quick_to_open(path)
    in_calc, on_file = bare_office.book(paths[0]), FilesBook.open(paths[1])
    every = [a for a in actions().values() if a.needs_book]
    names = [a.name for a in every]
    assert set(FIRST) <= set(names)
    done = [*FIRST, *(n for n in names if n not in FIRST)]
    for name in done:
        cells = given(actions()[name], tmp_path)
        ours, theirs = (outcome(actions()[name], book, cells) for book in (in_calc, on_file))
        assert ours == theirs, name
        if name in FIRST:
            assert not ours.startswith("refused"), ours
    here, there = tables(in_calc), tables(on_file)
    assert here.keys() == there.keys()
    for name in here:
        assert here[name] == there[name], name
    assert len(here["CashBook"]) >= 4
    for name in ("as_of", "quote_total", "quote_through", "proof_open", "task_post_payments", "quote_account"):
        assert in_calc.get(name) == on_file.get(name), name


def test_an_action_that_fails_half_way_leaves_the_document_as_it_was(bare_office, tmp_path: Path) -> None:
    path = tmp_path / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=DAY)
    quick_to_open(path)
    book = bare_office.book(path)
    for name in ("import-roll", "bill"):
        assert not outcome(actions()[name], book, given(actions()[name], tmp_path)).startswith("refused")
    before, undo = tables(book), bare_office.do("titles", bare_office.number(path))

    class Broken(Exception):
        pass

    def half() -> None:
        with book.step("Refresh"):
            actions()["refresh"].call(book)
            book.set_meta(rules="gone")
            raise Broken

    with pytest.raises(Broken):
        half()
    assert tables(book) == before
    assert book.meta.rules != "gone"
    assert bare_office.do("titles", bare_office.number(path)) == undo
