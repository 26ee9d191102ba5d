"""The kernel as plain Python and compiled: one source, the same numbers to the last line of what accrued."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import History, Town, cases
from tests.properties.two_readings import fast
from xltax.errors import LawNotEncoded
from xltax.ledger import jit, replay
from xltax.ledger.accrual import calendar_day


@given(cases())
def test_plain_and_compiled_say_the_same(case: tuple[Town, History]) -> None:
    if jit.compiled() is None:
        pytest.skip("numba is not installed here: there is only the plain way")
    seen: list[bool] = []

    def both(law, facts, days, *, posts, explain=False):
        figures = [once(law, facts, days, posts=posts, explain=True, compiled=way) for way in (False, True)]
        plain, compiled = figures
        seen.append(True)
        assert plain.errors == compiled.errors
        if not plain.errors:
            for name in ("figures", "over", "posts", "periods"):
                assert getattr(plain, name).tolist() == getattr(compiled, name).tolist(), name
        return plain

    once, replay.run = replay.run, both
    try:
        fast(*case)
    except LawNotEncoded:
        pass
    finally:
        replay.run = once
    assert seen


def test_a_program_that_stays_open_loads_the_compiled_kernel_in_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Small replays run plain until together they took as long as loading; without one compiled ahead, they stay plain."""
    monkeypatch.setattr(jit, "_met", 0)
    monkeypatch.setattr(jit, "compiled", functools.cache(lambda: None))  # as in a program just started
    monkeypatch.setattr(jit.importlib.util, "find_spec", lambda name: name)  # numba is there
    monkeypatch.setattr(jit, "_folders", lambda: [tmp_path])
    payoff = jit.LOADING // 4
    assert [jit.worth_compiling(payoff) for _ in range(5)] == [False, False, False, True, True]
    monkeypatch.setattr(jit, "_folders", lambda: [tmp_path / "never compiled"])
    assert not jit.worth_compiling(payoff)
    assert jit.worth_compiling(jit.COMPILING)


def test_little_room_is_made_enough() -> None:
    """Lines that find no room are counted, and the run is made again with as much as they need."""
    town, history = cases_with_much()
    ledgers = {}
    once = replay.run
    for room in (1, 500):
        replay.run = lambda *a, room=room, **k: once(*a, **(k | {"posts": room}))
        try:
            ledgers[room] = fast(town, history)
        finally:
            replay.run = once
    assert len(ledgers[1].postings) > 1
    assert ledgers[1].postings.equals(ledgers[500].postings)


def cases_with_much() -> tuple[Town, History]:
    """A parcel whose four quarters are paid in eight payments."""
    from tests.properties.small_towns import TWO_TIERS, small_town

    quarters = [dt.date(2024, m, 1) for m in (2, 5, 8, 11)]
    usual = {"Account": "1", "Levy Year": 2024, "Levy Type": "RE", "Part": "", "Party": "", "Secured": "", "Hold": ""}
    charges = tuple(usual | {"Bill": "B", "Inst": n, "Due": d, "Amount": 1_000_00} for n, d in enumerate(quarters, 1))
    receipts = tuple(
        {
            "Receipt": str(n),
            "Received": d + dt.timedelta(days=40),
            "Account": "1",
            "Amount": 400_00,
            "Kind": "Payment",
            "By": "owner",
        }
        for n, d in enumerate(quarters * 2)
    )
    return small_town(TWO_TIERS), History(charges, receipts, (), (), dt.date(2025, 6, 1))


@given(st.dates(dt.date(1, 3, 1), dt.date(4000, 1, 1)))
def test_a_day_of_the_calendar(day: dt.date) -> None:
    length = calendar.monthrange(day.year, day.month)[1]
    assert calendar_day(day.toordinal()) == (12 * day.year + day.month - 1, day.day, length)
