"""The relief desk's table: every application, what was proved, and what was decided."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.schema import Column, Row, TableSpec


class Application(Row):
    """One application for relief."""

    no = Column("No", "id", "The application's number.", required=True, aliases=("Application",))
    received = Column("Received", "date", "The day it came in.", required=True)
    account = Column("Account", "id", DUPLICATE["Account"].help, required=True)
    levy_year = Column("Levy Year", "year", "The levy year it is for.", required=True)
    program = Column("Program", "id", "The program, as the Rules name it: senior, veteran, homestead.", required=True)
    born = Column("Born", "date", "The day of birth, proved; where the program asks for an age.")
    owner = Column("Owner", "yes", "Yes once shown.")
    resident = Column("Resident", "yes", "Yes once shown: this is the home the applicant lives in.")
    disabled = Column("Disabled", "yes", "Yes once shown.")
    veteran = Column("Veteran", "yes", "Yes once shown.")
    surviving_spouse = Column("Surviving Spouse", "yes", "Yes once shown.")
    married = Column("Married", "yes", "Yes where the income is a couple's.")
    income = Column("Income", "money", "The income proved.")
    income_proved = Column(
        "Income Proved", "yes", "Yes once the papers were seen; an income of 0.00 has to be proved too."
    )
    net_worth = Column("Net Worth", "money", "What is owned beside the home, less debts.")
    net_worth_proved = Column("Net Worth Proved", "yes", "Yes once the papers were seen.")
    old_value = Column("Old Value", "money", "Last year's taxable assessment, where the program caps its rise.")
    tax = Column("Tax", "money", "The year's tax the credit is figured on.", derived=True)
    credit = Column("Credit", "money", "What the program gives.", derived=True)
    eligible = Column("Eligible", "text", "Yes or No.", derived=True)
    reasons = Column("Reasons", "text", "Why not, or how the credit is figured.", derived=True)
    decision = Column("Decision", "text", "Blank: open.", choices=("Approved", "Denied"))
    decided_on = Column("Decided On", "date", "The day of the decision.")
    decided_by = Column("Decided By", "text", "Who decided.")
    effect = Column("Effect", "text", "The adjustments it was entered with, or Roll.")
    note = CASH_BOOK["Note"]


APPLICATIONS = TableSpec(
    "ReliefApplications",
    Application,
    key=(Application.no,),
    purpose="applications for relief: what was shown, whether it is enough, what was decided",
)

REVIEW = APPLICATIONS.derived
"""The columns Review Relief writes."""
