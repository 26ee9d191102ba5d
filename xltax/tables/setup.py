"""The first session's tables: what somebody's own sheet holds, as it was understood, and what does not fit."""

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


PASTE = TableSpec("Paste", PastedRow, purpose="rows copied from any other sheet, with their header, as they are")


class IncomingColumn(Row):
    """One column, and the header of theirs that fills it."""

    column = Column("Column", "text", "The column of ours.", required=True)
    header = Column("Header", "text", "Their header that fills it; empty: nothing fills it.")
    sample = Column("Sample", "text", "What stands there first.")
    sure = Column(
        "Sure", "text", "Yes, or Look: check the header, correct it if wrong, then set Yes.", choices=("Yes", "Look")
    )
    reads_as = MAPPINGS["Reads As"]
    digits = MAPPINGS["Digits"]
    why = Column("Why", "text", "Why it was taken, or what to look at.")


INCOMING = TableSpec(
    "Incoming",
    IncomingColumn,
    key=(IncomingColumn.column,),
    purpose="which of their headers fills which of our columns: guessed, to be corrected, remembered",
)


class Unsettled(Row):
    """One cell or row that does not fit."""

    where = Column("Where", "text", "The cell or the row of their sheet.")
    what = Column("What", "text", "What is wrong, what was left out, or what may be the difference.")
    to_do = Column("To Do", "text", "What helps.")
    amount = Column("Amount", "money", "The amount it is about.")


UNSETTLED = TableSpec(
    "Unsettled",
    Unsettled,
    purpose="every cell that cannot be read, every row left out, and what may explain a difference",
)
