"""The user-fee desk's sheets: registered accounts, returns, usage, credit accounts."""

from __future__ import annotations

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.user_fees import CREDIT_ACCOUNTS, MONTHS, READINGS, REGISTRATIONS, RETURNS


def registrations() -> SheetSpec:
    """Who files returns or pays by use."""
    return SheetSpec(
        "Registrations",
        "Accounts that file sales-tax returns, hold a license, or pay sewer or solid waste by use. Register Account adds a row.",
        "Correct codes and frequency here. An account is closed by Close Account; its row stays.",
        heading="Registered accounts",
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
        "Sales-tax returns as filed, in whole dollars. Written by Post Return, which also charges the Duplicate and posts the payment.",
        "Who has filed none for a period: Returns Not Filed. A corrected return is entered by Adjust.",
        heading="Sales-tax returns",
        tables=(Placed(RETURNS, widths={"Bill": 18, "Note": 24}),),
    )


def usage() -> SheetSpec:
    """Meter readings."""
    return SheetSpec(
        "Usage",
        "Usage by month, as the water company reports it: paste it here, a row for each account and year. 0 is no use, blank no reading.",
        "Then run Bill Usage. The Rules name the price and the months whose average is billed.",
        heading="Usage by month",
        tables=(Placed(READINGS, widths=dict.fromkeys(MONTHS, 8.0)),),
    )


def credit_accounts() -> SheetSpec:
    """Credit and off accounts."""
    return SheetSpec(
        "Credit Accounts",
        "Accounts with credit, and closed accounts with a balance. Written by Credit Accounts; type nothing.",
        "Refund pays credit back or moves it to another account; Adjust changes a balance, with its authority.",
        heading="Credit and closed accounts",
        cells=(CellAt("A3", "As of"), named("B3", "credit_as_of", "value")),
        tables=(Placed(CREDIT_ACCOUNTS, widths={"Name": 30, "Standing": 10, "To Do": 44}),),
    )
