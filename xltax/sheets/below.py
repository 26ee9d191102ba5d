"""What can block a table from growing: the same refusals for a file, for Excel and for Calc."""

from __future__ import annotations

from xltax.errors import BadBook
from xltax.sheets.cells import LAST_ROW
from xltax.sheets.places import TableAt
from xltax.tables import ALL


def refuse_total_row(table: TableAt, file: str) -> None:
    """Refuses a table with a total row, because rows are added below the last row."""
    if table.totals:
        raise BadBook(
            f"The table {table.name} has a total row, so rows cannot be added.",
            where=f"{file}, {table.cell(table.last + 1, table.left)}",
            do="Turn off the total row (in Excel: Table Design, Total Row) and try again.",
        )


def refuse_past_the_end(table: TableAt, last: int, file: str) -> None:
    """Refuses to let a table end at a row that no sheet has."""
    if last > LAST_ROW:
        raise BadBook(
            f"The table {table.name} has no room for more rows on this sheet. A sheet has {LAST_ROW:,} rows. Nothing was written.",
            where=f"{file}, {table.sheet}",
            do=(
                "Close this workbook for good: run Proof, make a backup, and set up a new workbook with xltax new. Enter the open bills in "
                "the new workbook. Never delete posted rows."
                if table.name in ALL and ALL[table.name].sealed
                else "Delete empty rows of the table and try again."
            ),
        )


def in_the_way(
    table: TableAt, last: int, file: str, at: tuple[int, int], what: str = "a cell below the table is not empty"
) -> BadBook:
    """The error for a table that must end at row `last`. at: row and column of what blocks the table."""
    return BadBook(
        f"The table {table.name} must grow to row {last}, but {what}.",
        where=f"{file}, {table.cell(*at)}",
        do="Move everything below the table to another sheet and try again.",
    )
