"""`./run bench`: every figure of docs/performance.md, measured now, and the whole number of fault tests.

A row is one function in ROWS: it gives what it worked on, what it was held against, and the ratio of the two, both measured
in this one run as processor time. Nothing here is a timed test; a limit that is passed is said in the table.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import adapter, cells, figures, formulas, intake, lists, office_js, office_rows, parts, printed

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Row:
    """One measured row: the work and its size, what it is held against, the figure and the most it may be (None: no limit)."""

    work: str
    against: str
    ratio: float
    most: float | None

    def line(self) -> str:
        limit = "reported" if self.most is None else f"{self.most:g}{'' if self.ratio <= self.most else ' (over)'}"
        return f"| {self.work} | {self.against} | {self.ratio:.2f} | {limit} |"


def files_adapter() -> list[tuple[str, str, float, float | None]]:
    work, against, ratio = adapter.post_and_refresh(bills=10_000, receipts=30_800)  # exempt parcels pay nothing
    return [(work, against, ratio, 0.2)]


def demo() -> list[tuple[str, str, float, float | None]]:
    """The demo by the clock, as a newcomer waits for it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "xltax.cli", "demo", "--folder", folder]
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return [("./run demo after setup, seconds by the clock", "-", time.perf_counter() - start, 30)]


ROWS: dict[str, Callable[[], list[tuple[str, str, float, float | None]]]] = {
    "town": figures.whole_town,
    "payoff": figures.one_payoff,
    "help": figures.first_word,
    "state": figures.whole_state,
    "parts": parts.in_parts,
    "lists": lists.all_lists,
    "files": files_adapter,
    "intake": intake.sheets,
    "formulas": formulas.every_town,
    "calc": office_rows.whole_town,
    "cells": cells.filled_and_lifted,
    "books": office_rows.books,
    "office_js": office_js.add_in,
    "demo": demo,
    "pdf": printed.bills,
}
HEAD = "| work | measured against, in the same run | ratio | at most |\n|---|---|---|---|\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("rows", nargs="*", help=f"which rows: {', '.join(ROWS)}, faults; left out: all of them")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--no-write", action="store_true", help="print only, leave docs/ as it is")
    given = parser.parse_args()
    wanted = given.rows or [*ROWS, "faults"]
    unknown = [name for name in wanted if name not in (*ROWS, "faults")]
    if unknown:
        parser.error(f"no row {', '.join(unknown)}")
    warnings.simplefilter("ignore")
    for name in wanted:
        if name == "faults":
            counts = adapter.faults(given.kills, given.mutants)
            if not given.no_write:
                put(ROOT / "docs/reliability.md", "counts", counts)
            continue
        lines = [Row(*row).line() for row in ROWS[name]()]
        print(*lines, sep="\n", flush=True)
        if not given.no_write:
            put_rows(ROOT / "docs/performance.md", name, lines)


def put(page: Path, mark: str, text: str) -> None:
    """Puts a text between a page's marks `<!-- mark -->` and `<!-- /mark -->`."""
    opening, closing = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    before, _, rest = page.read_text("utf-8").partition(opening)
    page.write_text(before + opening + text + closing + rest.partition(closing)[2], "utf-8")


def put_rows(page: Path, name: str, lines: list[str]) -> None:
    """Puts a part's measured rows into the page's table in place of its old ones."""
    text = page.read_text("utf-8").partition("<!-- table -->\n")[2].partition("<!-- /table -->")[0]
    mark = f"<!-- {name} -->"
    rows = [x for x in text.removeprefix(HEAD).splitlines() if not x.endswith(mark)]
    put(page, "table", HEAD + "".join(f"{x}\n" for x in [*rows, *(f"{x} {mark}" for x in lines)]))


if __name__ == "__main__":
    main()
