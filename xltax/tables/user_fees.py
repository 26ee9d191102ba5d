"""The user-fee desk's tables: registered accounts, sales-tax returns, meter readings and credit accounts."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.kinds import BY_RETURN_OR_USE
from xltax.tables.schema import Column, Row, TableSpec, columns

_ACCOUNT = Column("Account", "id", DUPLICATE["Account"].help, required=True)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Registration(Row):
    """One registered business or customer."""

    account = _ACCOUNT
    name = Column("Name", "text", "The name of the business or customer, as billed.")
    trade_name = Column("Trade Name", "text", "The business name the public sees.")
    location = Column("Location", "text", "The address of the business or service.")
    tax_types = Column(
        "Tax Types",
        "text",
        f"The charges for this account, separated by commas: {', '.join(BY_RETURN_OR_USE)}.",
        required=True,
    )
    frequency = Column("Frequency", "text", "How often the account files: monthly or quarterly.")
    location_code = Column("Location Code", "id", "The location code on the return.")
    business_type = Column("Business Type", "text", "The type of business, such as retail, restaurant or contractor.")
    special_codes = Column("Special Codes", "text", "Special codes, such as alcohol, separated by commas.")
    opened = Column("Opened", "date", "The first day of business or service.", required=True)
    closed = Column("Closed", "date", "The last day of business or service. Blank: still open.")
    closing_reason = Column("Closing Reason", "text", "Why the account closed, such as sold, moved or out of business.")
    note = CASH_BOOK["Note"]


REGISTRATIONS = TableSpec(
    "Registrations",
    Registration,
    key=(Registration.account,),
    purpose="accounts that file returns or pay by use, with codes, frequency and dates",
)


class FiledReturn(Row):
    """One sales-tax return as filed."""

    bill = Column("Bill", "id", "The return's bill number on the Duplicate.", required=True)
    account = _ACCOUNT
    location_code = Column("Location Code", "id", "The location code reported on the return.")
    period_end = Column("Period End", "date", "The last day of the period.", required=True)
    filed = Column("Filed", "date", "The postmark date, or the day the return was received.", required=True)
    gross, deductions, use_purchases, tax, excess, compensation, net_tax, penalty, interest, total, paid = columns(
        "money",
        (
            *("Gross", "Deductions", "Use Purchases", "Tax", "Excess", "Compensation", "Net Tax"),
            *("Penalty", "Interest", "Total", "Paid"),
        ),
    )
    receipt = Column("Receipt", "id", "The receipt for the payment that came with the return.")
    recorded = CASH_BOOK["Recorded"]
    note = CASH_BOOK["Note"]


RETURNS = TableSpec(
    "Returns",
    FiledReturn,
    key=(FiledReturn.bill,),
    purpose="sales-tax returns as filed, in whole dollars",
)


class Reading(Row):
    """The usage of one account in one year."""

    account = _ACCOUNT
    levy_type = Column(
        "Levy Type",
        "text",
        "The kind of usage: SEWER, WATER or SOLID.",
        default="SEWER",
        choices=("SEWER", "WATER", "SOLID"),
    )
    year = Column("Year", "year", "The calendar year.", required=True)
    jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec = columns("number", MONTHS)


READINGS = TableSpec(
    "Usage",
    Reading,
    key=(Reading.account, Reading.levy_type, Reading.year),
    purpose="usage by month, as reported by meter readers or the water company; blank: no reading",
)


class CreditAccount(Row):
    """One account with a credit, or a closed account with a balance."""

    account = _ACCOUNT
    name = Column("Name", "text", "The name on the account.")
    standing = Column("Standing", "text", "Open or Closed.")
    closed = Column("Closed", "date", "The day the account was closed.")
    credit, balance = columns("money", ("Credit", "Balance"))
    last_paid = Column("Last Paid", "date", "The date of the last payment.")
    to_do = Column("To Do", "text", "What to do with this account.")


CREDIT_ACCOUNTS = TableSpec(
    "CreditAccounts",
    CreditAccount,
    purpose="accounts with a credit and closed accounts with a balance, to refund, transfer or adjust",
    below="none",
)
