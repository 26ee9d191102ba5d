"""What stands in the way of a table that is to grow: the same refusals for a file, for Excel and for Calc."""

from __future__ import annotations

from xltax.errors import BadBook
from xltax.sheets.cells import LAST_ROW
from xltax.sheets.layout import TableAt


def refuse_total_row(table: TableAt, file: str) -> None:
    """Refuses a table with a total row: rows are added below the last one."""
    if table.totals:
        raise BadBook(
            f"the table {table.name} has a total row, and rows are to be added above it.",
            where=f"{file}, {table.cell(table.last + 1, table.left)}",
            do="Turn it off (in Excel: Table Design, Total Row) and try again.",
        )


def refuse_past_the_end(table: TableAt, last: int, file: str) -> None:
    """Refuses to let a table end at a row that no sheet has."""
    if last > LAST_ROW:
        raise BadBook(f"the table {table.name} would pass the last row of the sheet.", where=f"{file}, {table.sheet}")


def in_the_way(
    table: TableAt, last: int, file: str, at: tuple[int, int], what: str = "a cell below it holds something"
) -> BadBook:
    """The refusal of a table that is to end at row `last`. at: row and column of what is in the way."""
    return BadBook(
        f"the table {table.name} must grow to row {last}, and {what}.",
        where=f"{file}, {table.cell(*at)}",
        do="Move what stands below the table to another sheet and try again.",
    )
