"""The user-fee desk's tables: registered accounts, sales-tax returns, meter readings, credit and off accounts."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.kinds import BY_RETURN_OR_USE
from xltax.tables.schema import Column, Row, TableSpec, columns

_ACCOUNT = Column("Account", "id", DUPLICATE["Account"].help, required=True)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Registration(Row):
    """One business or user registered."""

    account = _ACCOUNT
    name = Column("Name", "text", "The business or the customer, as billed.")
    trade_name = Column("Trade Name", "text", "The name over the door.")
    location = Column("Location", "text", "Where it is.")
    tax_types = Column(
        "Tax Types", "text", f"What it is charged with, with commas: {', '.join(BY_RETURN_OR_USE)}.", required=True
    )
    frequency = Column("Frequency", "text", "How often it files: monthly, quarterly.")
    location_code = Column("Location Code", "id", "The code of its column on the return.")
    business_type = Column("Business Type", "text", "Such as retail, restaurant, contractor.")
    special_codes = Column("Special Codes", "text", "Such as alcohol; with commas.")
    opened = Column("Opened", "date", "The first day of business, or of service.", required=True)
    closed = Column("Closed", "date", "The last day; blank: open.")
    closing_reason = Column("Closing Reason", "text", "Sold, moved, out of business.")
    note = CASH_BOOK["Note"]


REGISTRATIONS = TableSpec(
    "Registrations",
    Registration,
    key=(Registration.account,),
    purpose="accounts that file returns or pay by use: codes, frequency, opening and closing",
)


class FiledReturn(Row):
    """One sales-tax return."""

    bill = Column("Bill", "id", "The return's bill number on the Duplicate.", required=True)
    account = _ACCOUNT
    location_code = Column("Location Code", "id", "The column it was reported in.")
    period_end = Column("Period End", "date", "The last day of the period.", required=True)
    filed = Column("Filed", "date", "The postmark, or the day it came in.", required=True)
    gross, deductions, use_purchases, tax, excess, compensation, net_tax, penalty, interest, total, paid = columns(
        "money",
        (
            *("Gross", "Deductions", "Use Purchases", "Tax", "Excess", "Compensation", "Net Tax"),
            *("Penalty", "Interest", "Total", "Paid"),
        ),
    )
    receipt = Column("Receipt", "id", "The receipt of what was paid with it.")
    recorded = CASH_BOOK["Recorded"]
    note = CASH_BOOK["Note"]


RETURNS = TableSpec(
    "Returns",
    FiledReturn,
    key=(FiledReturn.bill,),
    purpose="sales-tax returns as filed, in the form's own whole dollars",
)


class Reading(Row):
    """What one account used in one period."""

    account = _ACCOUNT
    levy_type = Column(
        "Levy Type", "text", "SEWER, WATER or SOLID.", default="SEWER", choices=("SEWER", "WATER", "SOLID")
    )
    year = Column("Year", "year", "The calendar year.", required=True)
    jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec = columns("number", MONTHS)


READINGS = TableSpec(
    "Usage",
    Reading,
    key=(Reading.account, Reading.levy_type, Reading.year),
    purpose="usage by month, as the meter readers or the water company report it; blank: no reading",
)


class CreditAccount(Row):
    """One account with credit, or closed with a balance."""

    account = _ACCOUNT
    name = Column("Name", "text", "The name.")
    standing = Column("Standing", "text", "Open or Closed.")
    closed = Column("Closed", "date", "The day it was closed.")
    credit, balance = columns("money", ("Credit", "Balance"))
    last_paid = Column("Last Paid", "date", "The last payment.")
    to_do = Column("To Do", "text", "What the account needs.")


CREDIT_ACCOUNTS = TableSpec(
    "CreditAccounts",
    CreditAccount,
    purpose="accounts with credit, and closed accounts with a balance, to be refunded, offset or adjusted",
)
