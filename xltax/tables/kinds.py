"""The office's words that a cell may hold: kinds of receipts and adjustments, ways of paying, what a line can be for."""

from __future__ import annotations

from xltax.law.levy import LEVY_TYPES as LEVY_TYPES

BY_RETURN_OR_USE = ("SEWER", "WATER", "SOLID", "SALES", "LICENSE")
"""Levies that are charged by a return, by use or by license, not from the value on the roll."""

SUPPLEMENTARY = ("ADD", "OMIT", "MVS")
"""Levies on lists that come after the roll: an account may have such a bill beside its own, and a year may have several such lists."""

DISALLOWED = "Disallowed"
"""The part of a bill that takes back a deduction, payable on a day of its own."""

PAYERS = ("owner", "third party", "officer")

PAYMENT, PREPAYMENT, OPENING, OTHER, REVERSAL, REALLOCATION = (
    "Payment",
    "Prepayment",
    "Opening",
    "Other",
    "Reversal",
    "Reallocation",
)
TAX_PAYMENTS = (PAYMENT, PREPAYMENT, OPENING)
"""The kinds of receipts that pay tax."""
RECEIPT_KINDS = (*TAX_PAYMENTS, OTHER, REVERSAL, REALLOCATION)
"""Other is money that is no tax: trust money, fees by revenue code, suspense. No replay sees it."""

REDUCES = (
    "Abatement",
    "Cancellation",
    "Correction Down",
    "Exemption",
    "State Deduction",
    "Waiver",
    "Transfer to Lien",
    "Suspense",
    "Write-off",
)
RAISES = ("Correction Up", "Added", "Omitted", "Cost", "Fee", "Penalty", "Deduction Disallowed")
REFUND = "Refund"
ADJUSTMENT_KINDS = (*REDUCES, *RAISES, REFUND)
"""The kind gives the direction; the amount is always positive, as in an adjustment register."""

TENDERS = ("Cash", "Check", "Certified", "Money Order", "Card", "ACH", "Wire", "Transfer")
"""Transfer is money already in the book: it passes no drawer and no bank."""

COMPONENTS = ("tax", "interest", "penalty", "costs")
ABOUT = {"Waiver": "interest", "Cost": "costs", "Fee": "costs", "Penalty": "penalty"}
"""What a kind changes where the component is left blank; every other kind is about the tax."""

SALE, REDEMPTION, WARRANT, OFFICER_FEE, RENTS = "Sale", "Redemption", "Warrant", "Officer Fee", "Rents"
RETURN, TRANSFER, SUSPENSE_CLEARED, OFFSET = "Return", "Transfer", "Suspense", "Offset"
RETURNED_CHECK, APPEAL, SERVICE_CHARGE, TAKES_BACK = "Returned Check", "Appeal", "Service Charge", "Takes Back"
CASH_TIES = (SALE, REDEMPTION, WARRANT, OFFICER_FEE, RENTS, RETURN, TRANSFER, SUSPENSE_CLEARED, OFFSET)
"""What a line of the Cash Book can be for; For No is the number of the certificate, warrant, account, return, receipt or adjustment."""
ADJUSTMENT_TIES = (SALE, RETURNED_CHECK, RETURN, APPEAL, SERVICE_CHARGE, TAKES_BACK)
"""What an adjustment can be for; For No is the number of the certificate, receipt, return, bill or adjustment."""
