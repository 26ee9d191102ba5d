"""Every task, pressed as its button does with good inputs, on a file, in the stand-in for Excel and in real Calc: the same comes out.

The days of two small offices (tests/contract/pressed.py) are lived through once on each host; each task is then looked at by its name.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.com.open_excel import open_excel
from tests.contract import pressed
from tests.contract.pressed import OFFICES
from tests.office_js.in_excel import open_office, press_in_pane
from xltax.actions import control
from xltax.faces.catalog import actions
from xltax.faces.run import press
from xltax.hosts.files import FilesBook
from xltax.hosts.port import Book
from xltax.money import to_cents

HOSTS = ["excel", "office_js", pytest.param("calc", marks=pytest.mark.calc)]
EVERY = [(town, n) for town, (_, days) in OFFICES.items() for n in range(len(days))]


class Lived:
    """What every press said, and what the book held after the last one."""

    def __init__(
        self, town: str, folder: Path, open_book: Callable[[Path], Book], run: Callable[[Path, str], str] | None = None
    ) -> None:
        self.path = path = pressed.town_book(folder / "book" / "town.xlsx", town)
        self.said, self.left = [], []
        for one in OFFICES[town][1]:
            said = pressed.do(one, lambda: open_book(path), folder, run and (lambda name: run(path, name)))
            self.said.append(re.sub(r"town\w*", "BOOK", said))
            # What the press took from its yellow cells, so that a second one does not do the same again.
            book, action = open_book(path), actions()[one.action]
            self.left.append([f.name for f in action.inputs if not f.cell and book.get(action.cell_of(f)) is not None])
        self.seen = pressed.seen(open_book(path))
        self.beside = [n for n in pressed.beside(path) if not n.startswith(("~", "."))]


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, request: pytest.FixtureRequest
) -> Callable[..., Lived]:
    """An office's days on a host, lived through when first asked for, by one of the test processes for all of them."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    @cache
    def live(town: str, host: str) -> Lived:
        folder = shared / f"{town}-{host}"
        kept = folder / "lived.pickle"
        with FileLock(folder.with_suffix(".lock")):
            if kept.exists():
                days: Lived = pickle.loads(kept.read_bytes())
                return days
            opens: dict[str, Any] = {"files": FilesBook.open, "excel": open_excel, "office_js": open_office}
            if host == "calc":
                opens[host] = request.getfixturevalue("bare_office_of_module").book
            days = Lived(town, folder, opens[host], press_in_pane if host == "office_js" else None)
            kept.write_bytes(pickle.dumps(days))
            return days

    return live


@pytest.mark.parametrize("name", actions())
def test_every_task_has_good_inputs(name: str) -> None:
    """A new task fails here until it is given a place in the days of an office."""
    assert not actions()[name].needs_book or name in {one.action for _, days in OFFICES.values() for one in days}, (
        f"no good inputs for the task {name}: add a Press for it to tests/contract/pressed.py"
    )


@pytest.mark.parametrize(("town", "n"), EVERY, ids=[f"{t}-{OFFICES[t][1][n].action}-{n}" for t, n in EVERY])
def test_the_inputs_are_good_ones(lived, town: str, n: int) -> None:
    """So that what is compared below is work done, and not two refusals; what has to refuse says why it does."""
    one, days = OFFICES[town][1][n], lived(town, "files")
    if one.refuses:
        assert days.said[n].startswith("refused: ")
        assert one.refuses in days.said[n]
    else:
        assert not days.said[n].startswith("refused"), days.said[n]
        assert days.left[n] == [], "the yellow cells are emptied, so that a second press does not do the same again"


@pytest.mark.parametrize("town", OFFICES)
def test_undo_looks_past_no_task_that_changes_what_is_owed(town: str, tmp_path: Path) -> None:
    """Else it would take back a posting on which a later redemption, fee or credit rests."""
    path = pressed.town_book(tmp_path / "town.xlsx", town)

    def book() -> FilesBook:
        return FilesBook.open(path)

    for one in (p for p in OFFICES[town][1] if not p.refuses):
        pressed.fill(one, book, tmp_path)
        before, lines = pressed.facts(book()), len(book().read("Log"))
        done = press(actions()[one.action], book())
        log = book().read("Log")[lines:]
        assert pressed.facts(book()) == before or set(log["Action"]) - control.FIGURES, one.action
        # What a task gives of its rows and their total is what it wrote into the Log, last of all.
        mine = log[log["Action"] == log["Action"].iloc[-1]] if len(log) else log
        if done.rows is not None:
            assert (type(done.rows), done.rows) == (int, mine["Rows"].sum()), one.action
        if done.total is not None:
            assert (type(done.total), done.total) == (int, sum(to_cents(total) for total in mine["Total"])), one.action


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("town", OFFICES)
def test_every_host_says_and_writes_the_same(lived, town: str, host: str) -> None:
    here, there = lived(town, host), lived(town, "files")
    names = [one.action for one in OFFICES[town][1]]
    said = {f"{n} {name}": (a, b) for n, (name, a, b) in enumerate(zip(names, here.said, there.said, strict=True))}
    assert {k: a for k, (a, b) in said.items() if a != b} == {k: b for k, (a, b) in said.items() if a != b}
    assert here.left == there.left
    assert here.seen.keys() == there.seen.keys()
    for table, rows in there.seen.items():
        assert here.seen[table] == rows, table
    assert here.beside == there.beside
    assert len(there.seen["Log"]) > len(names) // 2


@pytest.mark.calc
@pytest.mark.parametrize("town", OFFICES)
def test_what_was_written_shows_in_a_program_without_our_code(lived, bare_office, town: str) -> None:
    """Calc without the add-in, working nothing out anew: the book after its days, the copy for the public, a printed page."""
    days = lived(town, "files")
    shown = bare_office.book(days.path)
    assert pressed.seen(shown) == days.seen
    for path in (days.path, *days.path.parent.glob("*public.xlsx"), *days.path.parent.glob("*letters*.xlsx")):
        number = bare_office.number(path)
        for sheet in bare_office.do("sheets", number):
            found = bare_office.do("document", number, "read", sheet)
            assert not found["errors"], f"{path.name} {sheet}"
