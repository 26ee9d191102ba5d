"""Agreements with their schedules, the log of quotes given, and the register of tax-sale certificates."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, CHARGES, ROW_SEAL
from xltax.tables.schema import Column, Row, TableSpec, columns

_NOTE = Column("Note", "text", "Anything the next reader should know.")
_SPLIT = (
    *columns(
        "money", ("Tax", "Interest", "Penalty", "Costs"), help="The part of the payment for amounts due by that date."
    ),
    Column("Ahead", "money", "The part of the payment held for tax not yet due or billed."),
    Column("Left", "money", "The amount that pays off the rest right after this payment."),
)
_NO = Column("No", "count", "The payment's number. Blank or 0: the down payment.", least=0)


class SignedAgreement(Row):
    """One payment agreement."""

    agreement = Column("Agreement", "id", "The agreement's number.", required=True)
    account = Column("Account", "id", CHARGES["Account"].help, required=True)
    party = CHARGES["Party"]
    owner = Column("Owner", "text", "Who signs the agreement.")
    signed = Column("Signed", "date", "The day the agreement was signed. Earlier payments do not count.", required=True)
    months = Column("Months", "count", "Number of monthly payments.", required=True, least=1)
    first = Column("First", "date", "The day of the first monthly payment.", required=True)
    down = Column("Down", "money", "Amount paid at signing.")
    payment = Column("Payment", "money", "Each monthly payment except the last.")
    last_payment = Column("Last Payment", "money", "The last payment, which includes the odd cents.")
    owed = Column("Owed", "money", "Amount past due or billed when the agreement was signed.")
    estimated = Column("Estimated", "money", "Estimated tax in the agreement that was not billed yet.")
    reinstated_on = Column("Reinstated On", "date", "Payments missed through this day no longer count.")
    ended_on = Column("Ended On", "date", "The day either side ended the agreement.")
    why = Column("Why", "text", "Why the agreement was reinstated or ended, and who decided.")
    status = Column(
        "Status",
        "text",
        "Kept, Missed, In default, Suspended by a bankruptcy, Good cause, Reinstated, Completed or Ended.",
        derived=True,
    )
    missed = Column("Missed", "count", "Number of missed payments that count.", derived=True)
    behind = Column("Behind", "money", "Amount that was due by now and has not been paid.", derived=True)
    next_due = Column("Next Due", "date", "The due date of the next payment.", derived=True)
    letter_due = Column("Letter Due", "date", "The day to mail the letter about a missed payment.", derived=True)
    as_of = Column("As Of", "date", "The day these figures are for.", derived=True)
    note = _NOTE


AGREEMENTS = TableSpec(
    "Agreements",
    SignedAgreement,
    key=(SignedAgreement.agreement,),
    purpose="every payment agreement and its status",
)


class ScheduledPayment(Row):
    """One payment of an agreement's schedule."""

    agreement = Column("Agreement", "id", "The agreement's number.")
    revision = Column("Revision", "count", "1 as signed. Higher: recalculated at billing.", default=1, least=1)
    no = _NO
    due = Column("Due", "date", "The due date of the payment.", required=True)
    amount = Column("Amount", "money", "The amount of the payment.", required=True, least=0)
    tax, interest, penalty, costs, ahead, left = _SPLIT
    good_cause = Column(
        "Good Cause", "text", "Why a missed payment is excused, and who decided. Blank: the missed payment counts."
    )
    received = Column(
        "Received", "money", "Amount received for this payment. The oldest payment is paid first.", derived=True
    )
    status = Column("Status", "text", "Paid, Paid late, Missed, Good cause, Behind, Due or Replaced.", derived=True)


SCHEDULE = TableSpec(
    "Schedule",
    ScheduledPayment,
    key=(ScheduledPayment.agreement, ScheduledPayment.revision, ScheduledPayment.no),
    purpose="every payment of every agreement, compared with the money received",
)


class PlannedPayment(Row):
    """One payment of a schedule before it is signed."""

    no = _NO
    due = SCHEDULE["Due"]
    amount = SCHEDULE["Amount"]
    tax, interest, penalty, costs, ahead, left = _SPLIT


PLAN = TableSpec(
    "Plan",
    PlannedPayment,
    key=(PlannedPayment.no,),
    purpose="the payments of the last agreement calculated",
    below="none",
)


class WhatIf(Row):
    """One agreement the taxpayer could choose."""

    months = Column("Months", "count", "Number of monthly payments.")
    payment = Column("Payment", "money", "Each payment except the last.")
    last_payment = Column("Last Payment", "money", "The last payment.")
    total = Column("Total", "money", "All payments, including the down payment.")
    interest = Column("Interest", "money", "Interest, penalty and costs in the total, including those due today.")


WHAT_IF = TableSpec(
    "WhatIf", WhatIf, key=(WhatIf.months,), purpose="the same debt over fewer or more months", below="none"
)

QUOTE_KINDS = ("Payoff", "Redemption", "Redemption, holder", "Tax search")


class Quote(Row):
    """One quote given out."""

    quote = Column("Quote", "id", "The quote's number.", required=True)
    kind = Column("Kind", "text", "The kind of quote requested.", required=True, choices=QUOTE_KINDS)
    made = Column("Made", "date", "The day the quote was given.", required=True)
    account = Column("Account", "id", CHARGES["Account"].help, required=True)
    certificate = Column("Certificate", "id", "The tax-sale certificate, for a redemption.")
    requested_by = Column("Requested By", "text", "Who asked for the quote.", required=True)
    for_ = Column("For", "date", "The day the quote is for.")
    total = Column("Total", "money", "The amount quoted. For a payoff, the amount that pays everything billed.")
    per_diem = Column("Per Diem", "money", "The amount the next day adds.")
    expires = Column("Expires", "date", "The last day the quote is good.")
    fee = Column("Fee", "money", "The fee for this quote under the town's rule.")
    note = _NOTE
    due = Column("Due", "money", "The part of the total due on that day. The rest was billed and is due later.")


QUOTES = TableSpec(
    "Quotes", Quote, key=(Quote.quote,), purpose="every quote given, with who asked and how long the quote is good"
)


class SaleCertificate(Row):
    """One tax-sale certificate."""

    certificate = Column("Certificate", "id", "The certificate's number.", required=True)
    account = Column("Account", "id", CHARGES["Account"].help, required=True)
    sold = Column("Sold", "date", "The day of the sale.", required=True)
    holder = Column("Holder", "text", "Who bought the certificate. Blank: the municipality holds the certificate.")
    amount = Column("Amount", "money", "The sale amount: tax, interest and costs.", required=True, least=1)
    rate = Column("Rate", "number", "The rate bid, such as 18% or 0.18.")
    premium = Column(
        "Premium", "money", "The premium the holder paid above the amount. The town holds the premium in trust."
    )
    book_page = Column(
        "Book Page", "id", "The book and page where the certificate is recorded.", aliases=("Recorded At",)
    )
    recording = Column("Recording", "money", "The recording fee the holder paid.")
    search = Column("Search", "money", "The search fee the holder paid.")
    redeemed = Column("Redeemed", "date", "The day the certificate was redeemed.")
    paid = Column("Paid", "money", "The amount paid to redeem the certificate.")
    to_holder = Column("To Holder", "money", "The part paid to the holder, without the premium.")
    to_municipality = Column("To Municipality", "money", "The part kept by the municipality.")
    premium_returned = Column("Premium Returned", "money", "The premium returned to the holder.")
    ended = Column(
        "Ended", "text", "How a certificate of the municipality ended without a redemption.",
        choices=("Assigned", "Canceled", "Foreclosed"),
    )  # fmt: skip
    ended_on = Column("Ended On", "date", "The day it ended.")
    ended_by = Column("Ended By", "text", "The resolution or judgment.")
    ended_recorded = Column("Ended Recorded", "date", "The day this was entered.")
    seal = ROW_SEAL
    redemption = Column(
        "Redemption", "money", "The amount that redeems the certificate on the As Of date.", derived=True
    )
    premium_until = Column(
        "Premium Until", "date", "After this day the premium belongs to the municipality.", derived=True
    )
    as_of = Column("As Of", "date", "The day these figures are for.", derived=True)
    status = Column(
        "Status",
        "text",
        "Open, Redeemed, Premium lapsed, Canceled, Foreclosed, or Not paid for (the buyer's payment was returned).",
        derived=True,
    )
    note = _NOTE
    posted_by = CASH_BOOK["Posted By"]


CERTIFICATES = TableSpec(
    "Certificates",
    SaleCertificate,
    key=(SaleCertificate.certificate,),
    purpose="tax-sale certificates, with their holders, rates and payments",
    sealed="rows",
    covers=(
        SaleCertificate.certificate,
        SaleCertificate.account,
        SaleCertificate.sold,
        SaleCertificate.holder,
        SaleCertificate.amount,
        SaleCertificate.rate,
        SaleCertificate.premium,
        SaleCertificate.redeemed,
        SaleCertificate.paid,
        SaleCertificate.to_holder,
        SaleCertificate.to_municipality,
        SaleCertificate.premium_returned,
        SaleCertificate.ended,
        SaleCertificate.ended_on,
        SaleCertificate.ended_by,
        SaleCertificate.ended_recorded,
        SaleCertificate.posted_by,
    ),
)


class Subsequent(Row):
    """One later tax paid by the holder of a certificate."""

    certificate = Column("Certificate", "id", "The certificate's number.")
    paid_on = Column("Paid On", "date", "The day the holder paid the tax.", required=True)
    amount = Column("Amount", "money", "The amount the holder paid.", required=True, least=1)
    for_ = Column("For", "text", "The tax paid, such as 2025 installment 3.")
    receipt = Column("Receipt", "id", "The receipt for this payment.")


SUBSEQUENTS = TableSpec("Subsequents", Subsequent, purpose="later taxes that certificate holders paid")
