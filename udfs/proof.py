"""What proves a book: its seals."""

# ruff: noqa: N802

from __future__ import annotations

import pandas as pd

from xltax.hosts.registry import Arg, udf
from xltax.ledger import seals
from xltax.tables import CASH_BOOK


@udf(
    'Whether every cash-book row is as it was posted: "ok", or the first row that is not.',
    Arg("cash_book", "cash_book", "The whole cash book with its header, in the order posted."),
    result="text",
)
def TAX_SEALED(cash_book: pd.DataFrame) -> str:
    first = next(seals.broken(cash_book, CASH_BOOK), None)
    return str(first) if first else "ok"
