"""The first session's tables: what somebody's own sheet holds, as it was understood, and what does not fit."""

from __future__ import annotations

from xltax.tables.counter import MAPPINGS
from xltax.tables.schema import Column, TableSpec, columns

PASTE = TableSpec(
    "Paste",
    columns("text", [f"Column {n}" for n in range(1, 27)]),
    purpose="rows copied from any other sheet, with their header, as they are",
)

INCOMING = TableSpec(
    "Incoming",
    (
        Column("Column", "text", "The column of ours.", required=True),
        Column("Header", "text", "Their header that fills it; empty: nothing fills it."),
        Column("Sample", "text", "What stands there first."),
        Column("Sure", "text", "Yes, or Look: check the header, correct it if wrong, then set Yes.", choices=("Yes", "Look")),
        MAPPINGS["Reads As"],
        MAPPINGS["Digits"],
        Column("Why", "text", "Why it was taken, or what to look at."),
    ),
    key=("Column",),
    purpose="which of their headers fills which of our columns: guessed, to be corrected, remembered",
)  # fmt: skip

UNSETTLED = TableSpec(
    "Unsettled",
    (
        Column("Where", "text", "The cell or the row of their sheet."),
        Column("What", "text", "What is wrong, what was left out, or what may be the difference."),
        Column("To Do", "text", "What helps."),
        Column("Amount", "money", "The amount it is about."),
    ),
    purpose="every cell that cannot be read, every row left out, and what may explain a difference",
)
