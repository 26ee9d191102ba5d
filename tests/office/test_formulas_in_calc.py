"""The workbook of named formulas in a program that has no LAMBDA: nothing else on the sheet is harmed."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from xltax.faces.formulas.sheet import workbook
from xltax.faces.formulas.town import of_town
from xltax.law.load import load

TODAY = dt.date(2026, 7, 1)


def test_calc_shows_an_error_for_each_result_and_keeps_the_figures_of_xltax(
    calc: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    """LibreOffice 25.2 has LET and no LAMBDA. A version that has LAMBDA has to show the figures, and this test says so then."""
    made = of_town(load("us-nj-colts-neck"), TODAY)
    book = tmp_path / "formulas.xlsx"
    book.write_bytes(workbook(made, TODAY, ""))
    with calc(book, "csv").open(encoding="utf-8", newline="") as file:
        rows = [row[:2] for row in csv.reader(file)]
    results = [value for label, value in rows if label == "Result"]
    kept = [value for label, value in rows if label == "Figure of xltax"]
    assert len(results) == len(kept) == len(made.formulas)
    assert "44.22" in kept
    assert all(value and not value.startswith(("Err", "#")) for value in kept)
    if results != kept:
        assert all(value.startswith(("Err:", "#")) for value in results), results  # an error, and never another figure
