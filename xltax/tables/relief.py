"""The relief desk's table: every application with its proof and decision."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.schema import Column, Row, TableSpec


class Application(Row):
    """One application for relief."""

    no = Column("No", "id", "The application's number.", required=True, aliases=("Application",))
    received = Column("Received", "date", "The day the application was received.", required=True)
    account = Column("Account", "id", DUPLICATE["Account"].help, required=True)
    levy_year = Column("Levy Year", "year", "The levy year of the application.", required=True)
    program = Column(
        "Program", "id", "The program, as named on Rules, such as senior, veteran or homestead.", required=True
    )
    born = Column("Born", "date", "The proven date of birth, if the program has an age limit.")
    owner = Column("Owner", "yes", "Yes if the applicant provided proof.")
    resident = Column("Resident", "yes", "Yes if the applicant proved living in this home.")
    disabled = Column("Disabled", "yes", "Yes if the applicant provided proof.")
    veteran = Column("Veteran", "yes", "Yes if the applicant provided proof.")
    surviving_spouse = Column("Surviving Spouse", "yes", "Yes if the applicant provided proof.")
    married = Column("Married", "yes", "Yes if the income is for a married couple.")
    income = Column("Income", "money", "The income the applicant proved.")
    income_proved = Column(
        "Income Proved", "yes", "Yes if you reviewed the documents. An income of $0.00 also needs proof."
    )
    net_worth = Column("Net Worth", "money", "What the applicant owns besides the home, less debts.")
    net_worth_proved = Column("Net Worth Proved", "yes", "Yes if you reviewed the documents.")
    old_value = Column("Old Value", "money", "Last year's taxable assessment, if the program limits the increase.")
    tax = Column("Tax", "money", "The year's tax used to calculate the credit.", derived=True)
    credit = Column("Credit", "money", "The amount of relief.", derived=True)
    eligible = Column("Eligible", "text", "Yes or No.", derived=True)
    reasons = Column(
        "Reasons", "text", "Why the application does not qualify, or how the relief is calculated.", derived=True
    )
    decision = Column("Decision", "text", "The decision. Blank: open.", choices=("Approved", "Denied"))
    decided_on = Column("Decided On", "date", "The day of the decision.")
    decided_by = Column("Decided By", "text", "Who decided.")
    effect = Column("Effect", "text", "The adjustments that recorded the relief, or Roll.")
    note = CASH_BOOK["Note"]


APPLICATIONS = TableSpec(
    "ReliefApplications",
    Application,
    key=(Application.no,),
    purpose="applications for relief, with the proof, the review and the decision",
)

REVIEW = APPLICATIONS.derived
"""The columns Review Relief writes."""
