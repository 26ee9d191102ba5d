"""The types say it before anything runs: mypy refuses dollars for the ledger and a column that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
HEAD = """
import datetime as dt
import pandas as pd
from xltax.ledger.facts import Facts
from xltax.tables import CHARGES, RECEIPTS, Bill, Charge, Receipt
from xltax.tables.table import Table, concat
frame = pd.DataFrame()
charges, receipts = Table.empty(CHARGES), Table.empty(RECEIPTS)
"""
WRONG = {
    "Facts(frame)": "[arg-type]",
    "Facts(receipts)": "[arg-type]",
    "Facts(charges, frame)": "[arg-type]",
    "Facts(charges.frame)": "[arg-type]",
    "Facts(charges.join(receipts, [Charge.account], Receipt.amount))": "[arg-type]",
    "charges.and_rows(receipts)": "[arg-type]",
    "charges[Charge.acount]": "[attr-defined]",
    "for row in receipts: row.amuont": "[attr-defined]",
    "for row in receipts: row.amount.date()": "[attr-defined]",
    "for row in receipts: row.received + 1": "[operator]",
}
RIGHT = "Facts(charges, receipts)\nfor row in receipts: cents: int = row.amount\n"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What mypy says of each line: all in one run, which takes a while."""
    path = tmp_path_factory.mktemp("types") / "lines.py"
    path.write_text(HEAD + RIGHT + "\n".join(WRONG) + "\n", encoding="utf-8")
    text, problems, _ = api.run(["--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary", str(path)])
    assert not problems
    out: dict[int, str] = {}
    for line in text.splitlines():
        name, number, *rest = line.split(":", 2)
        if name.endswith("lines.py") and "error" in rest[0]:
            out[int(number)] = out.get(int(number), "") + rest[0]
    return out


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_refused_before_it_runs(said: dict[int, str], line: str) -> None:
    number = (HEAD + RIGHT).count("\n") + 1 + list(WRONG).index(line)
    assert WRONG[line] in said.get(number, "nothing")


def test_what_is_right_is_not(said: dict[int, str]) -> None:
    assert min(said) > (HEAD + RIGHT).count("\n")
