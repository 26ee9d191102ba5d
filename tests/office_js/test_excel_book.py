"""The page's own JavaScript over the stand-in for Excel: copies a book, and writes what a task changed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.contract import pressed
from tests.office_js.dump import dump
from tests.office_js.in_excel import copy_of, workbook
from tests.office_js.need import need
from xltax.faces.office_js import tasks
from xltax.hosts.office_js.snapshot import Snapshot

NODE = Path(__file__).parent / "node"


def node(script: str, *given: Path) -> str:
    """What a script in node prints."""
    need("node")
    done = subprocess.run(["node", str(NODE / script), *map(str, given)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Connecticut town's book with its roll and bills, open in the stand-in."""
    from xltax.hosts.files import FilesBook

    path = pressed.town_book(tmp_path_factory.mktemp("town") / "town.xlsx", "us-ct-south-windsor")
    book = FilesBook.open(path)
    pressed.start(book)
    book.save()
    return path


def test_the_page_copies_a_book_as_the_tests_do(town: Path, tmp_path: Path) -> None:
    """So that every task pressed over tests/office_js/in_excel.py has seen what the page hands over."""
    (tmp_path / "dump.json").write_text(json.dumps(dump(workbook(town))), encoding="utf-8")
    copied = json.loads(node("copy.mjs", tmp_path / "dump.json"))
    ours = json.loads(json.dumps(copy_of(workbook(town))))
    assert Snapshot.of(copied) == Snapshot.of(ours)  # the values with their dates; number formats are not all needed
    assert len(ours["names"]) > 100
    assert len(ours["tables"]) > 30


def test_the_page_writes_all_or_nothing(town: Path, tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(json.dumps(dump(workbook(town))), encoding="utf-8")
    question = {"do": "press", "task": "delinquent", "book": copy_of(workbook(town))}
    told = json.loads(tasks.answer(json.dumps(question)))
    (tmp_path / "changes.json").write_text(json.dumps(told["changes"]), encoding="utf-8")
    node("write.test.mjs", tmp_path / "dump.json", tmp_path / "changes.json")


def test_blocks_and_limits() -> None:
    node("blocks.test.mjs")
