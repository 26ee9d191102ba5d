"""The billing desk's own tables: what the tax is levied for, and the copies of bills handed out."""

from __future__ import annotations

from xltax.tables.core import DUPLICATE, LEVY_TYPES, ROLL
from xltax.tables.schema import Column, TableSpec, columns

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

OPENING_RUN = "opening"
"""The Run of an opening balance: what was open in the old system, not a year's tax."""

ROLL_IMPORTS = TableSpec(
    "RollImports",
    (
        Column("No", "count", "The number of the import.", required=True),
        Column("Imported On", "date", "The day of the import.", required=True),
        Column("Levy Type", "text", "The levy type of these rows.", required=True, choices=LEVY_TYPES),
        Column("File", "text", "The file it came from."),
        Column("Missing", "text", "What was chosen for rows the file does not have.", choices=("remove", "keep")),
        Column("Rows", "count", "Rows in the file."),
        Column("Value", "money", "Net value of the file."),
        *columns("count", ("New", "Changed", "Left"), help="How many rows of the Roll."),
        Column("Left Value", "money", "Net value of the rows that left the roll."),
        Column("Rows After", "count", "Rows on the roll afterwards: the control count for billing."),
        Column("Value After", "money", "Net value on the roll afterwards: the control total for billing."),
    ),
    purpose="every import of the roll, with what it changed and what the roll comes to since",
)

SUPPLEMENTS = TableSpec(
    "Supplements",
    (
        Column("Roll Date", "date", "The date of the list.", required=True),
        Column("Levy Type", "text", "ADD, OMIT, MVS and so on.", required=True, choices=LEVY_TYPES),
        Column("Account", "id", ROLL["Account"].help, required=True, aliases=ROLL["Account"].aliases),
        ROLL["Party"],
        ROLL["Owner"],
        ROLL["Location"],
        Column("Full Value", "money", "The assessment for a whole year, before it is prorated."),
        Column("Old Value", "money", "For a vehicle that replaced another: the full assessment of the old one."),
        Column("Assessed From", "date", "The day of completion, or of the registration."),
        Column("Months", "count", "The months charged, where the list gives them."),
        Column("Net Value", "money", "The assessment the tax is figured on, prorated.", required=True),
        ROLL["Deductions"],
        Column("Run", "id", "The billing run that billed it; blank: not billed yet."),
        Column("Bill", "id", "Its bill."),
    ),
    purpose="added, omitted, supplemental and interim assessments: the lists that come after the roll",
)

BILL_RUNS = TableSpec(
    "BillRuns",
    (
        Column("Run", "id", "The number of the run.", required=True),
        Column("Levy Year", "year", DUPLICATE["Levy Year"].help, required=True),
        Column("Levy Type", "text", "The levy type it billed.", required=True, choices=LEVY_TYPES),
        Column("Stage", "text", "whole, preliminary, final, further or corrected."),
        Column("Roll Date", "date", "For a further or corrected run: the date of its list."),
        Column("Billed On", "date", "The day the run was made.", required=True),
        Column("Mailed", "date", "The day its bills were mailed."),
        Column("Bills", "count", "How many bills it made, completed or corrected."),
        Column("Value", "money", "The net value it billed."),
        Column("Net Tax", "money", "The tax it billed; for a corrected run, what it added or took off."),
        Column("First Adjustment", "id", "Its first row of Adjustments, where it made some."),
        Column("Last Adjustment", "id", "Its last row of Adjustments."),
        Column("Undone On", "date", "The day the run was undone."),
        Column("First Reversal", "id", "The first row of Adjustments that took its adjustments back."),
        Column("Last Reversal", "id", "The last of these rows."),
    ),
    key=("Run",),
    purpose="every billing run, with its bills, value and tax",
)
