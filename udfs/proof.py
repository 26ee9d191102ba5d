"""Checks that the cash book is unchanged."""

# ruff: noqa: N802

from __future__ import annotations

from typing import Annotated

from xltax.declare import Arg, udf
from xltax.ledger import seals
from xltax.tables import CASH_BOOK, CashLine
from xltax.tables.table import Table


@udf('Gives "ok" if every cash book row is unchanged since posting. Otherwise names the first changed row.')
def TAX_SEALED(
    cash_book: Annotated[
        Table[CashLine], Arg("The whole cash book with its header, in posting order.", kind="cash_book")
    ],
) -> str:
    first = next(seals.broken(cash_book, CASH_BOOK), None)
    if first:
        return str(first)
    keyed = any(map(seals.keyed, cash_book[seals.SEAL])) if len(cash_book) else False
    return (
        "keyed: a cell cannot check these seals. Run Proof on a computer that has the office's key" if keyed else "ok"
    )
