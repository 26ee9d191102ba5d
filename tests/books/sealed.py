"""Rows that a test writes straight into the Duplicate or a register, sealed as a task would seal them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xltax.ledger import seals
from xltax.ledger.seals import SEAL
from xltax.tables import ALL, DUPLICATE
from xltax.tables.table import Table


def bills(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The bills, money in cents, with their seals."""
    return of(DUPLICATE.name, pd.DataFrame(list(rows)))


def of(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table, money in cents; with their seals if each row of that table has one of its own."""
    spec = ALL[table]
    if spec.sealed != "rows" or not len(frame):
        return frame
    return frame.assign(**{SEAL: seals.alone(Table.made(spec, frame), spec)})
