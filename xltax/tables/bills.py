"""The billing desk's tables: tax rates by purpose, duplicate bills, roll imports and billing runs."""

from __future__ import annotations

import pandas as pd

from xltax.tables.core import DUPLICATE, ROLL, Bill
from xltax.tables.kinds import LEVY_TYPES
from xltax.tables.schema import Column, Row, TableSpec, columns
from xltax.tables.table import Table


class LevyRate(Row):
    """One purpose's part of the tax rate."""

    levy_year = DUPLICATE["Levy Year"]
    levy_type = Column(
        "Levy Type", "text", DUPLICATE["Levy Type"].help, default="RE", choices=DUPLICATE["Levy Type"].choices
    )
    part = DUPLICATE["Part"]
    purpose = Column(
        "Purpose", "text", "What the tax is for, as printed on the bill, such as Local school.", required=True
    )
    rate = Column(
        "Rate",
        "number",
        "The rate for this purpose. The town's levy rule says whether the rate is per $100 or in mills.",
    )
    raised = Column(
        "Raised", "money", "The total amount raised for this purpose. For a State aid line, the amount of aid."
    )
    state_aid = Column("State Aid", "yes", "Yes: this line is State aid, which has no rate and is not a tax.")


RATES = TableSpec(
    "Rates",
    LevyRate,
    key=(LevyRate.levy_year, LevyRate.levy_type, LevyRate.part, LevyRate.purpose),
    purpose="the tax rate by purpose; billing uses the total, and every bill prints the lines",
)


class BillCopy(Row):
    """One duplicate bill."""

    no = Column("No", "count", "The copy's number in this register.", required=True)
    bill = DUPLICATE["Bill"]
    made_on = Column("Made On", "date", "The day the copy was made.", required=True)
    copy = Column("Copy", "count", "Copy number for this bill this year.")
    for_ = Column("For", "text", "Who asked for the copy.")
    fee = Column("Fee", "money", "The fee charged for the copy.")
    adjustment = Column("Adjustment", "id", "The adjustment that charges the fee.")


BILL_COPIES = TableSpec(
    "BillCopies",
    BillCopy,
    key=(BillCopy.no,),
    purpose="every duplicate bill, counted by bill and year, with its fee",
)

OPENING_RUN = "opening"
"""The Run of an opening balance: the amount open in the old system, not a year's tax."""


class RollImport(Row):
    """One import of an assessor's roll."""

    no = Column("No", "count", "The number of the import.", required=True)
    imported_on = Column("Imported On", "date", "The day of the import.", required=True)
    levy_type = Column("Levy Type", "text", "The levy type of these rows.", required=True, choices=LEVY_TYPES)
    file = Column("File", "text", "The file that was imported.")
    missing = Column(
        "Missing", "text", "What to do with accounts that are not in the file.", choices=("remove", "keep")
    )
    rows = Column("Rows", "count", "Number of rows in the file.")
    value = Column("Value", "money", "Total net value in the file.")
    new, changed, left = columns("count", ("New", "Changed", "Left"), help="Number of rows of the Roll.")
    left_value = Column("Left Value", "money", "Total net value of the rows that left the roll.")
    rows_after = Column(
        "Rows After", "count", "Number of rows on the roll after the import: the control count for billing."
    )
    value_after = Column(
        "Value After", "money", "Total net value on the roll after the import: the control total for billing."
    )


ROLL_IMPORTS = TableSpec(
    "RollImports", RollImport, purpose="every import of the roll, with the changes and the new totals"
)


class SupplementEntry(Row):
    """One assessment on a list that came after the roll."""

    roll_date = Column("Roll Date", "date", "The date of the list.", required=True)
    levy_type = Column("Levy Type", "text", "ADD, OMIT, MVS and so on.", required=True, choices=LEVY_TYPES)
    account = Column("Account", "id", ROLL["Account"].help, required=True, aliases=ROLL["Account"].aliases)
    party = ROLL["Party"]
    owner = ROLL["Owner"]
    location = ROLL["Location"]
    full_value = Column("Full Value", "money", "The full-year assessment before proration.")
    old_value = Column(
        "Old Value", "money", "For a vehicle that replaced another: the full assessment of the old vehicle."
    )
    assessed_from = Column("Assessed From", "date", "The day of completion or registration.")
    months = Column("Months", "count", "Number of months charged, if the list gives them.")
    net_value = Column("Net Value", "money", "The prorated assessment used to calculate the tax.", required=True)
    deductions = ROLL["Deductions"]
    run = Column("Run", "id", "The billing run that billed this assessment. Blank: not billed yet.")
    bill = Column("Bill", "id", "The bill for this assessment.")


SUPPLEMENTS = TableSpec(
    "Supplements",
    SupplementEntry,
    purpose="added, omitted, supplemental and interim assessments: the lists that come after the roll",
)


class BillRun(Row):
    """One billing run."""

    run = Column("Run", "id", "The number of the run.", required=True)
    levy_year = Column("Levy Year", "year", DUPLICATE["Levy Year"].help, required=True)
    levy_type = Column("Levy Type", "text", "The levy type billed.", required=True, choices=LEVY_TYPES)
    stage = Column("Stage", "text", "whole, preliminary, final, further, corrected or liens.")
    roll_date = Column("Roll Date", "date", "For a further or corrected run: the date of the list.")
    billed_on = Column("Billed On", "date", "The day the run was made.", required=True)
    mailed = Column("Mailed", "date", "The day the bills were mailed.")
    bills = Column("Bills", "count", "Number of bills made, completed or corrected.")
    value = Column("Value", "money", "Total net value billed.")
    net_tax = Column("Net Tax", "money", "The tax billed. For a corrected run, the tax added or removed.")
    first_adjustment = Column("First Adjustment", "id", "The run's first row in Adjustments, if any.")
    last_adjustment = Column("Last Adjustment", "id", "The run's last row in Adjustments.")
    undone_on = Column("Undone On", "date", "The day the run was undone.")
    first_reversal = Column("First Reversal", "id", "The first Adjustments row that reversed the run's adjustments.")
    last_reversal = Column("Last Reversal", "id", "The last Adjustments row that reversed the run's adjustments.")


BILL_RUNS = TableSpec(
    "BillRuns", BillRun, key=(BillRun.run,), purpose="every billing run, with its bills, value and tax"
)


def first_billed(duplicate: Table[Bill]) -> pd.Series[int]:
    """How many installments of each bill were billed first, if the others were billed later: one of two, or two of four."""
    return duplicate[Bill.due_3].notna().astype(int) + 1
