"""The month of 500 receipts on a document open in real Calc: every check ends at 0.00, and Calc's own totals agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.counter.month_of_receipts import LAST, Month
from xltax.faces.new import new_book

pytestmark = pytest.mark.calc


def test_the_month_in_calc_ends_with_every_check_at_zero(bare_office: Any, tmp_path: Path) -> None:
    path = tmp_path / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=LAST)
    hands = Month(path, lambda: bare_office.book(path), lambda book: book.save())
    said = hands.run()
    assert hands.receipts >= 500
    assert said.endswith(" checks passed."), said
    after = bare_office.reopen(path)
    assert (after.read("Checks")["Difference"] == 0).all()
    # Start has no control totals in this month, which is no difference: the sheet counts as the command does, in Calc's own arithmetic.
    assert after.get("proof_open") == 0
    assert list(tmp_path.glob("town day close A-*.xlsx"))
