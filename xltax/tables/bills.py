"""The billing desk's own tables: what the tax is levied for, and the copies of bills handed out."""

from __future__ import annotations

from xltax.tables.core import DUPLICATE, ROLL
from xltax.tables.kinds import LEVY_TYPES
from xltax.tables.schema import Column, Row, TableSpec, columns


class LevyRate(Row):
    """One purpose's part of the tax rate."""

    levy_year = DUPLICATE["Levy Year"]
    levy_type = Column(
        "Levy Type", "text", DUPLICATE["Levy Type"].help, default="RE", choices=DUPLICATE["Levy Type"].choices
    )
    part = DUPLICATE["Part"]
    purpose = Column(
        "Purpose", "text", "What the tax is for, as the bill prints it, such as Local school.", required=True
    )
    rate = Column("Rate", "number", "The rate for this purpose, per $100 or in mills, as the town's levy rule says.")
    raised = Column("Raised", "money", "The whole amount raised for this purpose; for State aid, the aid.")
    state_aid = Column("State Aid", "yes", "Yes: a line of State aid; it has no rate and is no tax.")


RATES = TableSpec(
    "Rates",
    LevyRate,
    key=(LevyRate.levy_year, LevyRate.levy_type, LevyRate.part, LevyRate.purpose),
    purpose="the tax rate by purpose: its sum bills the year, its lines print on every bill",
)


class BillCopy(Row):
    """One copy made of a bill."""

    no = Column("No", "count", "The copy's number in this register.", required=True)
    bill = DUPLICATE["Bill"]
    made_on = Column("Made On", "date", "The day the copy was made.", required=True)
    copy = Column("Copy", "count", "The how-many-eth copy of this bill in the calendar year.")
    for_ = Column("For", "text", "Who asked for it.")
    fee = Column("Fee", "money", "What was charged.")
    adjustment = Column("Adjustment", "id", "The adjustment that charges the fee.")


BILL_COPIES = TableSpec(
    "BillCopies",
    BillCopy,
    key=(BillCopy.no,),
    purpose="every duplicate bill made, counted per bill and year, with its fee",
)

OPENING_RUN = "opening"
"""The Run of an opening balance: what was open in the old system, not a year's tax."""


class RollImport(Row):
    """One import of an assessor's roll."""

    no = Column("No", "count", "The number of the import.", required=True)
    imported_on = Column("Imported On", "date", "The day of the import.", required=True)
    levy_type = Column("Levy Type", "text", "The levy type of these rows.", required=True, choices=LEVY_TYPES)
    file = Column("File", "text", "The file it came from.")
    missing = Column("Missing", "text", "What was chosen for rows the file does not have.", choices=("remove", "keep"))
    rows = Column("Rows", "count", "Rows in the file.")
    value = Column("Value", "money", "Net value of the file.")
    new, changed, left = columns("count", ("New", "Changed", "Left"), help="How many rows of the Roll.")
    left_value = Column("Left Value", "money", "Net value of the rows that left the roll.")
    rows_after = Column("Rows After", "count", "Rows on the roll afterwards: the control count for billing.")
    value_after = Column("Value After", "money", "Net value on the roll afterwards: the control total for billing.")


ROLL_IMPORTS = TableSpec(
    "RollImports", RollImport, purpose="every import of the roll, with what it changed and what the roll comes to since"
)


class SupplementEntry(Row):
    """One entry of a list that came after the roll."""

    roll_date = Column("Roll Date", "date", "The date of the list.", required=True)
    levy_type = Column("Levy Type", "text", "ADD, OMIT, MVS and so on.", required=True, choices=LEVY_TYPES)
    account = Column("Account", "id", ROLL["Account"].help, required=True, aliases=ROLL["Account"].aliases)
    party = ROLL["Party"]
    owner = ROLL["Owner"]
    location = ROLL["Location"]
    full_value = Column("Full Value", "money", "The assessment for a whole year, before it is prorated.")
    old_value = Column("Old Value", "money", "For a vehicle that replaced another: the full assessment of the old one.")
    assessed_from = Column("Assessed From", "date", "The day of completion, or of the registration.")
    months = Column("Months", "count", "The months charged, where the list gives them.")
    net_value = Column("Net Value", "money", "The assessment the tax is figured on, prorated.", required=True)
    deductions = ROLL["Deductions"]
    run = Column("Run", "id", "The billing run that billed it; blank: not billed yet.")
    bill = Column("Bill", "id", "Its bill.")


SUPPLEMENTS = TableSpec(
    "Supplements",
    SupplementEntry,
    purpose="added, omitted, supplemental and interim assessments: the lists that come after the roll",
)


class BillRun(Row):
    """One billing run."""

    run = Column("Run", "id", "The number of the run.", required=True)
    levy_year = Column("Levy Year", "year", DUPLICATE["Levy Year"].help, required=True)
    levy_type = Column("Levy Type", "text", "The levy type it billed.", required=True, choices=LEVY_TYPES)
    stage = Column("Stage", "text", "whole, preliminary, final, further or corrected.")
    roll_date = Column("Roll Date", "date", "For a further or corrected run: the date of its list.")
    billed_on = Column("Billed On", "date", "The day the run was made.", required=True)
    mailed = Column("Mailed", "date", "The day its bills were mailed.")
    bills = Column("Bills", "count", "How many bills it made, completed or corrected.")
    value = Column("Value", "money", "The net value it billed.")
    net_tax = Column("Net Tax", "money", "The tax it billed; for a corrected run, what it added or took off.")
    first_adjustment = Column("First Adjustment", "id", "Its first row of Adjustments, where it made some.")
    last_adjustment = Column("Last Adjustment", "id", "Its last row of Adjustments.")
    undone_on = Column("Undone On", "date", "The day the run was undone.")
    first_reversal = Column("First Reversal", "id", "The first row of Adjustments that took its adjustments back.")
    last_reversal = Column("Last Reversal", "id", "The last of these rows.")


BILL_RUNS = TableSpec(
    "BillRuns", BillRun, key=(BillRun.run,), purpose="every billing run, with its bills, value and tax"
)
