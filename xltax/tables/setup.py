"""The first session's tables: the rows of an old spreadsheet, how its columns match, and what to fix."""

from __future__ import annotations

from xltax.tables.counter import MAPPINGS
from xltax.tables.schema import Column, Row, TableSpec, columns


class PastedRow(Row):
    """One row copied from another sheet."""

    (
        column_1,
        column_2,
        column_3,
        column_4,
        column_5,
        column_6,
        column_7,
        column_8,
        column_9,
        column_10,
        column_11,
        column_12,
        column_13,
        column_14,
        column_15,
        column_16,
        column_17,
        column_18,
        column_19,
        column_20,
        column_21,
        column_22,
        column_23,
        column_24,
        column_25,
        column_26,
    ) = columns("text", [f"Column {n}" for n in range(1, 27)])


PASTE = TableSpec(
    "Paste", PastedRow, purpose="rows copied from another spreadsheet, with their header row", below="every"
)


class IncomingColumn(Row):
    """One column and the header in the old spreadsheet that fills it."""

    column = Column("Column", "text", "The xltax column.", required=True)
    header = Column("Header", "text", "The header in the old spreadsheet. Blank: no matching header.")
    sample = Column("Sample", "text", "The first value in that column.")
    sure = Column(
        "Sure",
        "text",
        "Yes or Look. Look: check the header, correct it if needed, then set Yes.",
        choices=("Yes", "Look"),
    )
    reads_as = MAPPINGS["Reads As"]
    digits = MAPPINGS["Digits"]
    why = Column("Why", "text", "Why this header was chosen, or what to check.")


INCOMING = TableSpec(
    "Incoming",
    IncomingColumn,
    key=(IncomingColumn.column,),
    purpose="how the headers of the old spreadsheet match the xltax columns; correct any wrong match",
    below="none",
)


class Unsettled(Row):
    """One cell or row to fix."""

    where = Column("Where", "text", "The cell or row in the old spreadsheet.")
    what = Column("What", "text", "What is wrong, what was skipped, or what may explain a difference.")
    to_do = Column("To Do", "text", "What to do.")
    amount = Column("Amount", "money", "The amount in question.")


UNSETTLED = TableSpec(
    "Unsettled",
    Unsettled,
    purpose="cells that cannot be read, rows that were skipped, and possible reasons for a difference",
    below="none",
)
