"""What proves a book: its seals."""

# ruff: noqa: N802

from __future__ import annotations

from typing import Annotated

from xltax.declare import Arg, udf
from xltax.ledger import seals
from xltax.tables import CASH_BOOK, CashLine
from xltax.tables.table import Table


@udf('Whether every cash-book row is as it was posted: "ok", or the first row that is not.')
def TAX_SEALED(
    cash_book: Annotated[
        Table[CashLine], Arg("The whole cash book with its header, in the order posted.", kind="cash_book")
    ],
) -> str:
    first = next(seals.broken(cash_book, CASH_BOOK), None)
    return str(first) if first else "ok"
