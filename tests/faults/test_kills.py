"""The process killed at any moment: the book opens, and is the state before or the state after, never between."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from tests.faults.faults import KILLS, SEED, SHARES, do, known, tell
from xltax.hosts import replace
from xltax.hosts.files import FilesBook
from xltax.hosts.kept import versions

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and fork are of POSIX systems")
FORK = multiprocessing.get_context("fork") if sys.platform != "win32" else None


def state(book: Path) -> dict[str, pd.DataFrame]:
    """All that the book's tables hold, but for the clock's time in the Log and in Issued, and the codes that cover it."""
    ours = FilesBook.open(book)
    tables = {name: ours.read(name) for name in ours.tables()}
    for frame in tables.values():
        frame.attrs = {}
    tables["Log"] = tables["Log"].drop(columns=["When", "Codes", "Seal"])
    tables["Issued"] = tables["Issued"].drop(columns=["Printed", "Books", "Fingerprint", "Parts", "Seal"])
    return tables


def same(a: dict[str, pd.DataFrame], b: dict[str, pd.DataFrame]) -> bool:
    return a.keys() == b.keys() and all(a[name].equals(b[name]) for name in a)


def child(name: str, book: Path, step: int = 0) -> None:
    """Runs an action in a process of its own; with a step, kills itself at that call to the file system."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
        if step:
            die_at(step)
        do(name, book)


def die_at(step: int) -> None:
    """Has this process die in the middle of its writing, at the given call to the file system."""
    calls = 0

    def counted(real):
        def call(*args, **more):
            nonlocal calls
            for _ in range(2):  # before it and after it
                calls += 1
                if calls == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                if _ == 0:
                    result = real(*args, **more)
            return result

        return call

    for call in ("fsync", "replace", "fdopen", "chown"):
        setattr(os, call, counted(getattr(os, call)))
    tempfile.mkstemp = counted(tempfile.mkstemp)


def killed(name: str, book: Path, after: float, *, writing: bool = False) -> bool:
    """Starts the action and kills it after so many seconds; False if it was done by then.

    writing: the seconds count from when the new book is made and its writing begins.
    """
    assert FORK
    process = FORK.Process(target=child, args=(name, book))
    process.start()
    while writing and process.is_alive() and not replace.folder_of(book).exists():
        time.sleep(0.001)
    process.join(after)
    in_time = process.is_alive()
    process.kill()
    process.join()
    return in_time


def check_after_kill(name: str, book: Path, before: bytes, old, new) -> str:
    """Holds the book against both states; gives which one it is."""
    now = state(book)
    if book.read_bytes() == before:
        found = "before"
    else:
        assert same(now, new), "neither the state before nor the state after"
        found = "after"
    for version in versions(book):
        assert same(state(version.path), old), "a kept version is whole"
    if found == "before":
        do(name, book)  # no lock and no half-written file is in the way of doing it again
        assert same(state(book), new)
        assert not list(book.parent.rglob("*.tmp")), "what the killed process left is cleared away"
    return found


@pytest.fixture
def states(town: Path):
    """For each action: its book before, and what it holds before and after; with the seconds it takes."""
    out = {}
    before = town.read_bytes()
    old = state(town)
    for name in known():
        folder = town.parent.parent / name
        shutil.copytree(town.parent, folder)
        start = time.monotonic()
        assert not killed(name, folder / "town.xlsx", 120)
        out[name] = (old, state(folder / "town.xlsx"), time.monotonic() - start)
    return before, out


@pytest.mark.parametrize("share", range(SHARES[0]))
def test_killed_at_random_moments(town: Path, states, capsys, share: int) -> None:
    before, by_action = states
    luck = random.Random(SEED + share)
    number = KILLS // SHARES[0]
    counts: Counter[str] = Counter()
    for n in range(number):
        name = known()[n % len(known())]
        old, new, seconds = by_action[name]
        folder = town.parent.parent / f"kill-{n}"
        shutil.copytree(town.parent, folder)
        book = folder / "town.xlsx"
        writing = bool(n // len(known()) % 2)  # every other time while it writes, which is soon over
        moment = luck.uniform(0, 0.03 if writing else seconds * 1.1)
        counts["killed at work" if killed(name, book, moment, writing=writing) else "done before the kill"] += 1
        counts[f"book as {check_after_kill(name, book, before, old, new)}"] += 1
        shutil.rmtree(folder)
    tell(capsys, f"processes killed at a random moment of {', '.join(known())}", counts)
    assert counts["book as before"] + counts["book as after"] == number
    assert counts["killed at work"] > number // 2


@pytest.mark.parametrize("name", known() if KILLS > 100 else known()[:1])
def test_killed_at_every_step_of_the_writing(name: str, town: Path, states, capsys) -> None:
    before, by_action = states
    old, new, _ = by_action[name]
    counts: Counter[str] = Counter()
    for step in range(1, 100):
        folder = town.parent.parent / f"step-{step}"
        shutil.copytree(town.parent, folder)
        book = folder / "town.xlsx"
        assert FORK
        process = FORK.Process(target=child, args=(name, book, step))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        counts[f"book as {check_after_kill(name, book, before, old, new)}"] += 1
        shutil.rmtree(folder)
    tell(capsys, f"processes killed at each step of writing, {name}", counts)
    assert counts["book as before"] >= 10
    assert counts["book as after"] >= 2
