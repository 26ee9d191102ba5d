"""The relief desk's table: every application, what was proved, and what was decided."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.schema import Column, TableSpec

APPLICATIONS = TableSpec(
    "ReliefApplications",
    (
        Column("No", "id", "The application's number.", required=True, aliases=("Application",)),
        Column("Received", "date", "The day it came in.", required=True),
        Column("Account", "id", DUPLICATE["Account"].help, required=True),
        Column("Levy Year", "year", "The levy year it is for.", required=True),
        Column("Program", "id", "The program, as the Rules name it: senior, veteran, homestead.", required=True),
        Column("Born", "date", "The day of birth, proved; where the program asks for an age."),
        Column("Owner", "yes", "Yes once shown."),
        Column("Resident", "yes", "Yes once shown: this is the home the applicant lives in."),
        Column("Disabled", "yes", "Yes once shown."),
        Column("Veteran", "yes", "Yes once shown."),
        Column("Surviving Spouse", "yes", "Yes once shown."),
        Column("Married", "yes", "Yes where the income is a couple's."),
        Column("Income", "money", "The income proved."),
        Column("Income Proved", "yes", "Yes once the papers were seen; an income of 0.00 has to be proved too."),
        Column("Net Worth", "money", "What is owned beside the home, less debts."),
        Column("Net Worth Proved", "yes", "Yes once the papers were seen."),
        Column("Old Value", "money", "Last year's taxable assessment, where the program caps its rise."),
        Column("Tax", "money", "The year's tax the credit is figured on.", derived=True),
        Column("Credit", "money", "What the program gives.", derived=True),
        Column("Eligible", "text", "Yes or No.", derived=True),
        Column("Reasons", "text", "Why not, or how the credit is figured.", derived=True),
        Column("Decision", "text", "Blank: open.", choices=("Approved", "Denied")),
        Column("Decided On", "date", "The day of the decision."),
        Column("Decided By", "text", "Who decided."),
        Column("Effect", "text", "The adjustments it was entered with, or Roll."),
        CASH_BOOK["Note"],
    ),
    key=("No",),
    purpose="applications for relief: what was shown, whether it is enough, what was decided",
)

REVIEW = APPLICATIONS.derived
"""The columns Review Relief writes."""
