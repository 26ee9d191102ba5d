"""The user-fee desk's sheets: registered accounts, returns, usage and credit accounts."""

from __future__ import annotations

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.user_fees import CREDIT_ACCOUNTS, MONTHS, READINGS, REGISTRATIONS, RETURNS


def registrations() -> SheetSpec:
    """Accounts that file returns or pay by use."""
    return SheetSpec(
        "Registrations",
        "Accounts that file sales-tax returns, hold a license, or pay sewer or solid waste by use.",
        "Register Account adds a row. Correct codes and frequency here. Close Account closes an account and keeps its row.",
        heading="Registered Accounts",
        tables=(
            Placed(
                REGISTRATIONS,
                widths={"Name": 26, "Trade Name": 22, "Location": 26, "Tax Types": 16, "Frequency": 11, "Business Type": 16,
                        "Special Codes": 14, "Closing Reason": 18, "Note": 24},
            ),
        ),
    )  # fmt: skip


def returns() -> SheetSpec:
    """The returns as filed."""
    return SheetSpec(
        "Returns",
        "Sales-tax returns as filed, in whole dollars. Post Return adds the row, bills the tax on the Duplicate and posts the payment.",
        "To list missing returns for a period, run Returns Not Filed. To enter a corrected return, run Adjust.",
        heading="Sales-Tax Returns",
        tables=(Placed(RETURNS, widths={"Bill": 18, "Note": 24}),),
    )


def usage() -> SheetSpec:
    """Meter readings."""
    return SheetSpec(
        "Usage",
        "Paste the water company's monthly usage here, one row for each account and year. 0: no use. Blank: no reading.",
        "Then run Bill Usage. The Rules set the price and the months to average.",
        heading="Usage by Month",
        tables=(Placed(READINGS, widths=dict.fromkeys(MONTHS, 8.0)),),
    )


def credit_accounts() -> SheetSpec:
    """Accounts with credit, and closed accounts with a balance."""
    return SheetSpec(
        "Credit Accounts",
        "Accounts with credit, and closed accounts with a balance. Credit Accounts fills this sheet. Do not type here.",
        "Run Refund to refund a credit or transfer the credit to another account. Run Adjust to change a balance, with its authority.",
        heading="Credit and Closed Accounts",
        cells=(CellAt("A3", "As of"), named("B3", "credit_as_of", "value")),
        tables=(Placed(CREDIT_ACCOUNTS, widths={"Name": 30, "Standing": 10, "To Do": 44}),),
    )
