"""Agreements with their schedules, the log of quotes given, and the register of tax-sale certificates."""

from __future__ import annotations

from xltax.tables.core import CHARGES
from xltax.tables.schema import Column, Row, TableSpec, columns

_NOTE = Column("Note", "text", "Anything the next reader should know.")
_SPLIT = (
    *columns("money", ("Tax", "Interest", "Penalty", "Costs"), help="Of it to what is due by then."),
    Column("Ahead", "money", "Of it held for what is not yet due or billed."),
    Column("Left", "money", "What would clear the rest right after it."),
)
_NO = Column("No", "count", "The payment's number; blank or 0 for the down payment.", least=0)


class SignedAgreement(Row):
    """One payment agreement."""

    agreement = Column("Agreement", "id", "The agreement's number.", required=True)
    account = Column("Account", "id", CHARGES["Account"].help, required=True)
    party = CHARGES["Party"]
    owner = Column("Owner", "text", "Who signs it.")
    signed = Column("Signed", "date", "The day it was signed; earlier payments do not count.", required=True)
    months = Column("Months", "count", "How many monthly payments.", required=True, least=1)
    first = Column("First", "date", "The day of the first monthly payment.", required=True)
    down = Column("Down", "money", "Paid on signing.")
    payment = Column("Payment", "money", "Each monthly payment but the last.")
    last_payment = Column("Last Payment", "money", "The last one, which takes the odd cents.")
    owed = Column("Owed", "money", "What was past due or billed when it was signed.")
    estimated = Column("Estimated", "money", "Tax in it that was not yet billed.")
    reinstated_on = Column("Reinstated On", "date", "Payments missed up to this day no longer count.")
    ended_on = Column("Ended On", "date", "The day it was ended, by either side.")
    why = Column("Why", "text", "Why it was reinstated or ended, and who decided.")
    status = Column(
        "Status",
        "text",
        "Kept, Missed, In default, Suspended by a bankruptcy, Good cause, Reinstated, Completed or Ended.",
        derived=True,
    )
    missed = Column("Missed", "count", "Payments missed that count.", derived=True)
    behind = Column("Behind", "money", "What should have come in by now and did not.", derived=True)
    next_due = Column("Next Due", "date", "The day of the next payment.", derived=True)
    letter_due = Column("Letter Due", "date", "The day the letter about a missed payment goes out.", derived=True)
    as_of = Column("As Of", "date", "The day this is for.", derived=True)
    note = _NOTE


AGREEMENTS = TableSpec(
    "Agreements",
    SignedAgreement,
    key=(SignedAgreement.agreement,),
    purpose="every payment agreement, with where it stands",
)


class ScheduledPayment(Row):
    """One payment of an agreement's schedule."""

    agreement = Column("Agreement", "id", "The agreement's number.")
    revision = Column(
        "Revision", "count", "1 as signed; higher where it was figured again at billing.", default=1, least=1
    )
    no = _NO
    due = Column("Due", "date", "The day the payment is to come in.", required=True)
    amount = Column("Amount", "money", "The payment.", required=True, least=0)
    tax, interest, penalty, costs, ahead, left = _SPLIT
    good_cause = Column("Good Cause", "text", "Why a missed payment is excused, and who decided; blank: it counts.")
    received = Column("Received", "money", "Of it received, the oldest payment first.", derived=True)
    status = Column("Status", "text", "Paid, Paid late, Missed, Good cause, Behind, Due or Replaced.", derived=True)


SCHEDULE = TableSpec(
    "Schedule",
    ScheduledPayment,
    key=(ScheduledPayment.agreement, ScheduledPayment.revision, ScheduledPayment.no),
    purpose="every payment of every agreement, held against what came in",
)


class PlannedPayment(Row):
    """One payment of a schedule before it is signed."""

    no = _NO
    due = SCHEDULE["Due"]
    amount = SCHEDULE["Amount"]
    tax, interest, penalty, costs, ahead, left = _SPLIT


PLAN = TableSpec(
    "Plan", PlannedPayment, key=(PlannedPayment.no,), purpose="the payments of the agreement worked out last"
)


class WhatIf(Row):
    """One agreement the taxpayer could choose."""

    months = Column("Months", "count", "So many monthly payments.")
    payment = Column("Payment", "money", "Each but the last.")
    last_payment = Column("Last Payment", "money", "The last one.")
    total = Column("Total", "money", "All payments, the down payment among them.")
    interest = Column("Interest", "money", "Of it interest, penalty and costs, those due today among them.")


WHAT_IF = TableSpec("WhatIf", WhatIf, key=(WhatIf.months,), purpose="the same debt over fewer or more months")

QUOTE_KINDS = ("Payoff", "Redemption", "Redemption, holder", "Tax search")


class Quote(Row):
    """One figure given out."""

    quote = Column("Quote", "id", "The quote's number.", required=True)
    kind = Column("Kind", "text", "What was asked for.", required=True, choices=QUOTE_KINDS)
    made = Column("Made", "date", "The day it was given.", required=True)
    account = Column("Account", "id", CHARGES["Account"].help, required=True)
    certificate = Column("Certificate", "id", "The tax-sale certificate, for a redemption.")
    requested_by = Column("Requested By", "text", "Who asked.", required=True)
    for_ = Column("For", "date", "The day the figure is for.")
    total = Column("Total", "money", "The figure given; for a payoff, what pays everything billed.")
    per_diem = Column("Per Diem", "money", "What the next day adds.")
    expires = Column("Expires", "date", "The last day the figure holds.")
    fee = Column("Fee", "money", "The fee for this one, by the town's rule.")
    note = _NOTE
    due = Column("Due", "money", "What of the figure was due on that day; the rest was billed and falls due later.")


QUOTES = TableSpec(
    "Quotes", Quote, key=(Quote.quote,), purpose="every figure given out, with who asked and how long it holds"
)


class SaleCertificate(Row):
    """One tax-sale certificate."""

    certificate = Column("Certificate", "id", "The certificate's number.", required=True)
    account = Column("Account", "id", CHARGES["Account"].help, required=True)
    sold = Column("Sold", "date", "The day of the sale.", required=True)
    holder = Column("Holder", "text", "Who bought it; blank: the municipality holds it.")
    amount = Column("Amount", "money", "Tax, interest and costs it was sold for.", required=True, least=1)
    rate = Column("Rate", "number", "The rate bid, such as 18%; as a share, 0.18.")
    premium = Column("Premium", "money", "What the holder paid above the amount, held in trust.")
    book_page = Column("Book Page", "id", "Where it is recorded.", aliases=("Recorded At",))
    recording = Column("Recording", "money", "What the holder paid to record it.")
    search = Column("Search", "money", "What the holder paid for a search.")
    redeemed = Column("Redeemed", "date", "The day it was redeemed.")
    paid = Column("Paid", "money", "What was paid to redeem it.")
    to_holder = Column("To Holder", "money", "Of it to the holder, the premium not among it.")
    to_municipality = Column("To Municipality", "money", "Of it to the municipality.")
    premium_returned = Column("Premium Returned", "money", "The premium given back.")
    redemption = Column("Redemption", "money", "What redeems it on the day in As Of.", derived=True)
    premium_until = Column("Premium Until", "date", "After this day the premium is the municipality's.", derived=True)
    as_of = Column("As Of", "date", "The day this is for.", derived=True)
    status = Column(
        "Status",
        "text",
        "Open, Redeemed, Premium lapsed, or Not paid for: the buyer's money came back.",
        derived=True,
    )
    note = _NOTE


CERTIFICATES = TableSpec(
    "Certificates",
    SaleCertificate,
    key=(SaleCertificate.certificate,),
    purpose="tax-sale certificates: who holds them, at what rate, and who was paid what",
)


class Subsequent(Row):
    """One later tax paid by the holder of a certificate."""

    certificate = Column("Certificate", "id", "The certificate's number.")
    paid_on = Column("Paid On", "date", "The day the holder paid it.", required=True)
    amount = Column("Amount", "money", "What the holder paid.", required=True, least=1)
    for_ = Column("For", "text", "The tax it paid, such as 2025 installment 3.")
    receipt = Column("Receipt", "id", "The receipt it was posted by.")


SUBSEQUENTS = TableSpec("Subsequents", Subsequent, purpose="later taxes that certificate holders paid")
