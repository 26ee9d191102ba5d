"""The words a cell may hold: kinds of receipts, kinds of adjustments and payment types."""

from __future__ import annotations

from xltax.law import lien
from xltax.law.levy import LEVY_TYPES as LEVY_TYPES

BY_RETURN_OR_USE = ("SEWER", "WATER", "SOLID", "SALES", "LICENSE")
"""Levies charged by return, use or license instead of by value on the roll."""

SUPPLEMENTARY = ("ADD", "OMIT", "MVS")
"""Levies on lists that come after the roll. An account may have such a bill besides its own, and a year may have several lists."""

LIEN_PART = lien.PART
"""The part of a bill that is the principal of a lien the town executed. This part has its own interest."""

DISALLOWED = "Disallowed"
"""The part of a bill that reverses a deduction. This part has its own due date."""

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
"""Other is money that is not tax: trust money, fees by revenue code, suspense. Replay skips these receipts."""

REDUCES = (
    "Abatement",
    "Cancellation",
    "Correction Down",
    "Exemption",
    "State Deduction",
    "State Credit",
    "Waiver",
    "Transfer to Lien",
    "Suspense",
    "Write-off",
)
RAISES = ("Correction Up", "Added", "Omitted", "Cost", "Fee", "Penalty", "Deduction Disallowed")
REFUND = "Refund"
ADJUSTMENT_KINDS = (*REDUCES, *RAISES, REFUND)
"""The kind decides the direction. The amount is always positive, as in an adjustment register."""

TENDERS = ("Cash", "Check", "Certified", "Money Order", "Card", "ACH", "Wire", "Transfer")
"""Transfer is money already in the workbook. Transfers do not go through a drawer or the bank."""

COMPONENTS = ("tax", "interest", "penalty", "costs")
ABOUT = {"Waiver": "interest", "Cost": "costs", "Fee": "costs", "Penalty": "penalty"}
"""What a kind changes if the component is blank. Every other kind changes the tax."""

SALE, REDEMPTION, WARRANT, OFFICER_FEE, RENTS = "Sale", "Redemption", "Warrant", "Officer Fee", "Rents"
ASSIGNMENT = "Assignment"
RETURN, TRANSFER, SUSPENSE_CLEARED, OFFSET = "Return", "Transfer", "Suspense", "Offset"
RETURNED_CHECK, APPEAL, SERVICE_CHARGE, TAKES_BACK = "Returned Check", "Appeal", "Service Charge", "Takes Back"
LIEN, FEE_DUE = "Lien", "Fee Due"
ESCHEAT = "Escheat"
"""A Refund for Escheat is a credit paid to the State as unclaimed money. For No is the year of the report."""
CASH_TIES = (SALE, REDEMPTION, ASSIGNMENT, WARRANT, OFFICER_FEE, RENTS, RETURN, TRANSFER, SUSPENSE_CLEARED, OFFSET)
"""What a line of the Cash Book can be for; For No is the number of the certificate, warrant, account, return, receipt or adjustment."""
ADJUSTMENT_TIES = (SALE, RETURNED_CHECK, RETURN, APPEAL, SERVICE_CHARGE, TAKES_BACK, ESCHEAT, LIEN, FEE_DUE)
"""What an adjustment can be for; For No is the number of the certificate, receipt, return, bill, lien, fee or adjustment."""

BY_STATUTE, BY_RULE, TAX_SALE = "by statute", "by rule", "tax sale"
BY_LAW = (BY_STATUTE, BY_RULE, TAX_SALE)
"""Approved By of an adjustment that the law makes by itself, such as a returned-check fee. It needs no approver."""
