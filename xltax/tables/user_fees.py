"""The user-fee desk's tables: registered accounts, sales-tax returns, meter readings, credit and off accounts."""

from __future__ import annotations

from xltax.tables.core import BY_RETURN_OR_USE, CASH_BOOK, DUPLICATE
from xltax.tables.schema import Column, TableSpec, columns

_ACCOUNT = Column("Account", "id", DUPLICATE["Account"].help, required=True)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

REGISTRATIONS = TableSpec(
    "Registrations",
    (
        _ACCOUNT,
        Column("Name", "text", "The business or the customer, as billed."),
        Column("Trade Name", "text", "The name over the door."),
        Column("Location", "text", "Where it is."),
        Column("Tax Types", "text", f"What it is charged with, with commas: {', '.join(BY_RETURN_OR_USE)}.", required=True),
        Column("Frequency", "text", "How often it files: monthly, quarterly."),
        Column("Location Code", "id", "The code of its column on the return."),
        Column("Business Type", "text", "Such as retail, restaurant, contractor."),
        Column("Special Codes", "text", "Such as alcohol; with commas."),
        Column("Opened", "date", "The first day of business, or of service.", required=True),
        Column("Closed", "date", "The last day; blank: open."),
        Column("Closing Reason", "text", "Sold, moved, out of business."),
        CASH_BOOK["Note"],
    ),
    key=("Account",),
    purpose="accounts that file returns or pay by use: codes, frequency, opening and closing",
)  # fmt: skip

RETURNS = TableSpec(
    "Returns",
    (
        Column("Bill", "id", "The return's bill number on the Duplicate.", required=True),
        _ACCOUNT,
        Column("Location Code", "id", "The column it was reported in."),
        Column("Period End", "date", "The last day of the period.", required=True),
        Column("Filed", "date", "The postmark, or the day it came in.", required=True),
        *columns(
            "money",
            (
                *("Gross", "Deductions", "Use Purchases", "Tax", "Excess", "Compensation", "Net Tax"),
                *("Penalty", "Interest", "Total", "Paid"),
            ),
        ),
        Column("Receipt", "id", "The receipt of what was paid with it."),
        CASH_BOOK["Recorded"],
        CASH_BOOK["Note"],
    ),
    key=("Bill",),
    purpose="sales-tax returns as filed, in the form's own whole dollars",
)

READINGS = TableSpec(
    "Usage",
    (
        _ACCOUNT,
        Column("Levy Type", "text", "SEWER, WATER or SOLID.", default="SEWER", choices=("SEWER", "WATER", "SOLID")),
        Column("Year", "year", "The calendar year.", required=True),
        *columns("number", MONTHS),
    ),
    key=("Account", "Levy Type", "Year"),
    purpose="usage by month, as the meter readers or the water company report it; blank: no reading",
)

CREDIT_ACCOUNTS = TableSpec(
    "CreditAccounts",
    (
        _ACCOUNT,
        Column("Name", "text", "The name."),
        Column("Standing", "text", "Open or Closed."),
        Column("Closed", "date", "The day it was closed."),
        *columns("money", ("Credit", "Balance")),
        Column("Last Paid", "date", "The last payment."),
        Column("To Do", "text", "What the account needs."),
    ),
    purpose="accounts with credit, and closed accounts with a balance, to be refunded, offset or adjusted",
)
