"""Agreements with their schedules, the log of quotes given, and the register of tax-sale certificates."""

from __future__ import annotations

from xltax.tables.core import CHARGES
from xltax.tables.schema import Column, TableSpec, columns

_NOTE = Column("Note", "text", "Anything the next reader should know.")
_SPLIT = (
    *columns("money", ("Tax", "Interest", "Penalty", "Costs"), help="Of it to what is due by then."),
    Column("Ahead", "money", "Of it held for what is not yet due or billed."),
    Column("Left", "money", "What would clear the rest right after it."),
)
_NO = Column("No", "count", "The payment's number; blank or 0 for the down payment.", least=0)

AGREEMENTS = TableSpec(
    "Agreements",
    (
        Column("Agreement", "id", "The agreement's number.", required=True),
        Column("Account", "id", CHARGES["Account"].help, required=True),
        CHARGES["Party"],
        Column("Owner", "text", "Who signs it."),
        Column("Signed", "date", "The day it was signed; earlier payments do not count.", required=True),
        Column("Months", "count", "How many monthly payments.", required=True, least=1),
        Column("First", "date", "The day of the first monthly payment.", required=True),
        Column("Down", "money", "Paid on signing."),
        Column("Payment", "money", "Each monthly payment but the last."),
        Column("Last Payment", "money", "The last one, which takes the odd cents."),
        Column("Owed", "money", "What was past due or billed when it was signed."),
        Column("Estimated", "money", "Tax in it that was not yet billed."),
        Column("Reinstated On", "date", "Payments missed up to this day no longer count."),
        Column("Ended On", "date", "The day it was ended, by either side."),
        Column("Why", "text", "Why it was reinstated or ended, and who decided."),
        Column(
            "Status",
            "text",
            "Kept, Missed, In default, Suspended by a bankruptcy, Good cause, Reinstated, Completed or Ended.",
            derived=True,
        ),
        Column("Missed", "count", "Payments missed that count.", derived=True),
        Column("Behind", "money", "What should have come in by now and did not.", derived=True),
        Column("Next Due", "date", "The day of the next payment.", derived=True),
        Column("Letter Due", "date", "The day the letter about a missed payment goes out.", derived=True),
        Column("As Of", "date", "The day this is for.", derived=True),
        _NOTE,
    ),
    key=("Agreement",),
    purpose="every payment agreement, with where it stands",
)

SCHEDULE = TableSpec(
    "Schedule",
    (
        Column("Agreement", "id", "The agreement's number."),
        Column("Revision", "count", "1 as signed; higher where it was figured again at billing.", default=1, least=1),
        _NO,
        Column("Due", "date", "The day the payment is to come in.", required=True),
        Column("Amount", "money", "The payment.", required=True, least=0),
        *_SPLIT,
        Column("Good Cause", "text", "Why a missed payment is excused, and who decided; blank: it counts."),
        Column("Received", "money", "Of it received, the oldest payment first.", derived=True),
        Column("Status", "text", "Paid, Paid late, Missed, Good cause, Behind, Due or Replaced.", derived=True),
    ),
    key=("Agreement", "Revision", "No"),
    purpose="every payment of every agreement, held against what came in",
)

PLAN = TableSpec(
    "Plan",
    (_NO, SCHEDULE["Due"], SCHEDULE["Amount"], *_SPLIT),
    key=("No",),
    purpose="the payments of the agreement worked out last",
)

WHAT_IF = TableSpec(
    "WhatIf",
    (
        Column("Months", "count", "So many monthly payments."),
        Column("Payment", "money", "Each but the last."),
        Column("Last Payment", "money", "The last one."),
        Column("Total", "money", "All payments, the down payment among them."),
        Column("Interest", "money", "Of it interest, penalty and costs, those due today among them."),
    ),
    key=("Months",),
    purpose="the same debt over fewer or more months",
)

QUOTE_KINDS = ("Payoff", "Redemption", "Redemption, holder", "Tax search")

QUOTES = TableSpec(
    "Quotes",
    (
        Column("Quote", "id", "The quote's number.", required=True),
        Column("Kind", "text", "What was asked for.", required=True, choices=QUOTE_KINDS),
        Column("Made", "date", "The day it was given.", required=True),
        Column("Account", "id", CHARGES["Account"].help, required=True),
        Column("Certificate", "id", "The tax-sale certificate, for a redemption."),
        Column("Requested By", "text", "Who asked.", required=True),
        Column("For", "date", "The day the figure is for."),
        Column("Total", "money", "The figure given; for a payoff, what pays everything billed."),
        Column("Per Diem", "money", "What the next day adds."),
        Column("Expires", "date", "The last day the figure holds."),
        Column("Fee", "money", "The fee for this one, by the town's rule."),
        _NOTE,
        Column("Due", "money", "What of the figure was due on that day; the rest was billed and falls due later."),
    ),
    key=("Quote",),
    purpose="every figure given out, with who asked and how long it holds",
)

CERTIFICATES = TableSpec(
    "Certificates",
    (
        Column("Certificate", "id", "The certificate's number.", required=True),
        Column("Account", "id", CHARGES["Account"].help, required=True),
        Column("Sold", "date", "The day of the sale.", required=True),
        Column("Holder", "text", "Who bought it; blank: the municipality holds it."),
        Column("Amount", "money", "Tax, interest and costs it was sold for.", required=True, least=1),
        Column("Rate", "number", "The rate bid, such as 18%; as a share, 0.18."),
        Column("Premium", "money", "What the holder paid above the amount, held in trust."),
        Column("Book Page", "id", "Where it is recorded.", aliases=("Recorded At",)),
        Column("Recording", "money", "What the holder paid to record it."),
        Column("Search", "money", "What the holder paid for a search."),
        Column("Redeemed", "date", "The day it was redeemed."),
        Column("Paid", "money", "What was paid to redeem it."),
        Column("To Holder", "money", "Of it to the holder, the premium not among it."),
        Column("To Municipality", "money", "Of it to the municipality."),
        Column("Premium Returned", "money", "The premium given back."),
        Column("Redemption", "money", "What redeems it on the day in As Of.", derived=True),
        Column("Premium Until", "date", "After this day the premium is the municipality's.", derived=True),
        Column("As Of", "date", "The day this is for.", derived=True),
        Column(
            "Status",
            "text",
            "Open, Redeemed, Premium lapsed, or Not paid for: the buyer's money came back.",
            derived=True,
        ),
        _NOTE,
    ),
    key=("Certificate",),
    purpose="tax-sale certificates: who holds them, at what rate, and who was paid what",
)

SUBSEQUENTS = TableSpec(
    "Subsequents",
    (
        Column("Certificate", "id", "The certificate's number."),
        Column("Paid On", "date", "The day the holder paid it.", required=True),
        Column("Amount", "money", "What the holder paid.", required=True, least=1),
        Column("For", "text", "The tax it paid, such as 2025 installment 3."),
        Column("Receipt", "id", "The receipt it was posted by."),
    ),
    purpose="later taxes that certificate holders paid",
)
