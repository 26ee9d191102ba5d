"""The billing desk's own tables: what the tax is levied for, and the copies of bills handed out."""

from __future__ import annotations

from xltax.ledger.schema import Column, TableSpec
from xltax.ledger.tables.core import DUPLICATE

RATES = TableSpec(
    "Rates",
    (
        DUPLICATE["Levy Year"],
        Column("Levy Type", "text", DUPLICATE["Levy Type"].help, default="RE", choices=DUPLICATE["Levy Type"].choices),
        DUPLICATE["Part"],
        Column("Purpose", "text", "What the tax is for, as the bill prints it, such as Local school.", required=True),
        Column("Rate", "number", "The rate for this purpose, per $100 or in mills, as the town's levy rule says."),
        Column("Raised", "money", "The whole amount raised for this purpose; for State aid, the aid."),
        Column("State Aid", "yes", "Yes: a line of State aid; it has no rate and is no tax."),
    ),
    key=("Levy Year", "Levy Type", "Part", "Purpose"),
    purpose="the tax rate by purpose: its sum bills the year, its lines print on every bill",
)

BILL_COPIES = TableSpec(
    "BillCopies",
    (
        Column("No", "count", "The copy's number in this register.", required=True),
        DUPLICATE["Bill"],
        Column("Made On", "date", "The day the copy was made.", required=True),
        Column("Copy", "count", "The how-many-eth copy of this bill in the calendar year."),
        Column("For", "text", "Who asked for it."),
        Column("Fee", "money", "What was charged."),
        Column("Adjustment", "id", "The adjustment that charges the fee."),
    ),
    key=("No",),
    purpose="every duplicate bill made, counted per bill and year, with its fee",
)
