"""Bills that a test writes straight into a Duplicate, sealed as a task would seal them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xltax.ledger.seals import SEAL
from xltax.office.controls import sealed_books
from xltax.tables import DUPLICATE
from xltax.tables.table import Table


def bills(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows, money in cents, with their seals."""
    frame = pd.DataFrame(list(rows))
    return frame.assign(**{SEAL: sealed_books.bill_seals(Table.made(DUPLICATE, frame))})
