"""The named formulas of every shipped town, 10,000 random cases for each formula, in IronCalc and in xltax."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from pathlib import Path

from tests.formulas.cases import cases, differences
from xltax.faces.formulas.town import of_town
from xltax.law.load import load, shipped

COUNT, DAYS = 10_000, 60
DAY = dt.date(2026, 7, 1)


def every_town() -> list[tuple[str, str, float, float | None]]:
    """The cases that differ, of every formula that differs from those before it, and the time of a cell."""
    seen: set[object] = set()
    tried = differ = 0
    seconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for town in shipped():
            made = of_town(load(town), DAY)
            mine = {
                (f.named.text, tuple(made.closed_weekdays) if "OPEN" in f.named.text else ()): f for f in made.formulas
            }
            made.formulas = [formula for law, formula in mine.items() if law not in seen]
            seen |= mine.keys()
            every = list(cases(made, COUNT, seed=len(seen), days=DAYS))
            start = time.process_time()
            wrong = differences(made, every, Path(folder)) if every else []
            seconds += time.process_time() - start
            tried, differ = tried + len(every), differ + len(wrong)
            print(f"{town}: {len(made.formulas)} formulas, {len(every):,} cases, {len(wrong)} differ", flush=True)
            print(*wrong[:3], sep="\n", end="\n" if wrong else "", flush=True)
    return [
        (f"{len(seen)} named formulas, {tried:,} random cases: figures that differ from xltax", "-", float(differ), 0),
        ("10,000 cells of named formulas in IronCalc, seconds of processor", "-", seconds / tried * 10_000, None),
    ]
