"""The rows in each line of a statement, so that a treasurer can follow a figure to the cell it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xltax.office.statements.movements import Movement
from xltax.tables.reading import place
from xltax.tables.statements import STATEMENT_ROWS, StatementRow
from xltax.tables.table import Table

MOST = 30_000
"""The most rows a workbook gets for one statement. The longest lines are left out first; Found By finds their rows."""
NOT_POSTED = "Liens, an assignment that is not posted"

_RECORD = {"PaidOut": "No", "CashBook": "Receipt", "Adjustments": "No", "Duplicate": "Bill", "Certificates": "Certificate", "Turnovers": "Slip",
           "DayCloses": "Deposit", "OpeningLevies": "Source"}  # fmt: skip
"""The column that names a row of each table."""

_LINE = ["Part", *(c for c in ("Levy Year", "Levy Type", "Levy Part")), "Name"]


def rows_of(opened: pd.DataFrame, tables: Mapping[str, Table[Any]], most: int = MOST) -> tuple[pd.DataFrame, list[str]]:
    """The table Statement Rows, and the lines that are too long for it, in words.

    opened: every row with its line, as a statement has them. tables: the tables they come from, by name.
    """
    if not len(opened):
        return pd.DataFrame(columns=list(STATEMENT_ROWS.names)), []
    size = opened.groupby(_LINE, sort=False)["Line"].transform("size")
    sizes = opened.assign(Size=size).drop_duplicates(_LINE).sort_values("Size", kind="stable")
    fits = sizes["Size"].cumsum() <= most
    kept = pd.MultiIndex.from_frame(sizes.loc[fits, _LINE])
    long = [f"{row['Part']}, {row['Name']} ({row['Size']:,} rows)" for row in sizes[~fits].to_dict("records")]
    mine = opened[pd.MultiIndex.from_frame(opened[_LINE]).isin(kept)]
    out = mine[["Part", "Levy Year", "Levy Type", "Levy Part", Movement.amount]].assign(
        Line=mine["Name"], Day=mine[Movement.posted], Where="", Record=""
    )
    for name, at in mine.groupby(Movement.table)[Movement.at]:
        table = tables[str(name)]
        known = at.notna() & (at < len(table))
        places = at[known].astype("int64")
        out.loc[places.index, StatementRow.where] = [place(table, n, _first(table)) for n in places]
        out.loc[places.index, StatementRow.record] = table[_RECORD[str(name)]].to_numpy()[places.to_numpy()].astype(str)
        out.loc[known.index[~known], StatementRow.where] = NOT_POSTED
    out[StatementRow.day] = out[StatementRow.day].astype("datetime64[s]")
    out[StatementRow.levy_year] = out[StatementRow.levy_year].astype(np.int64)
    return out[list(STATEMENT_ROWS.names)].reset_index(drop=True), long


def _first(table: Table[Any]) -> str:
    """The header of a table's first column on its sheet."""
    return str(next(iter(table.attrs.get("letters", {})), ""))
