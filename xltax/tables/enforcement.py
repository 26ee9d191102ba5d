"""What the delinquency and enforcement desks keep: lists, notices and their texts, the calendar, and the registers."""

from __future__ import annotations

from xltax.tables.core import ROLL
from xltax.tables.schema import Column, TableSpec, columns

_ACCOUNT = ROLL["Account"]
_PARTY = ROLL["Party"]
_BY = Column("By", "text", "The clerk's initials.", aliases=("Clerk",))
_NOTE = Column("Note", "text", "Anything the next reader should know.")
_STATUS = (
    Column("Status", "text", "How it stands on the day of the last Watch.", derived=True),
    Column("Next Date", "date", "The next date that matters.", derived=True),
    Column("Next Step", "text", "What has to be done by then.", derived=True),
)
_MONEY = columns("money", ("Tax", "Interest", "Penalty", "Costs", "Total"))

# ---- lists -------------------------------------------------------------------------------------------------------

LISTED = TableSpec(
    "Listed",
    (
        _ACCOUNT,
        _PARTY,
        *columns("text", ("Owner", "Mail 1", "Mail 2", "Mail 3", "Location", "Class", "Phone")),
        Column("Bill", "id", "The bill; blank where a row stands for several."),
        Column("Years", "text", "The levy years."),
        Column("Types", "text", "The levy types."),
        Column("Part", "text", "The parts of the levy, such as City or State; blank where there are none."),
        Column("Items", "count", "How many installments the row stands for."),
        Column("Due", "date", "When the oldest of them fell due."),
        Column("Months Late", "count", "Whole months since then."),
        *_MONEY,
        Column("Sale Costs", "money", "The cost of the sale and of mailed notices."),
        Column("To Pay", "money", "Total and sale costs."),
        Column("Before Petition", "money", "What fell due by the day of the petition."),
        Column("After Petition", "money", "What fell due later."),
        Column("Date", "date", "The date that matters: a limit, a release, a promise, a notice."),
        Column("Status", "text", "How the row stands."),
        Column("Reason", "text", "Why it is on the list."),
        _NOTE,
    ),
    purpose="the list last made, as of a date",
)

# ---- notices -----------------------------------------------------------------------------------------------------

STYLES = ("subject", "plain", "bold", "small", "box", "items", "signature")

TEXTS = TableSpec(
    "Texts",
    (
        Column("Letter", "id", "The list or letter the paragraph belongs to, such as demand.", required=True),
        Column("No", "count", "The order of the paragraphs.", required=True, least=1),
        Column(
            "Style",
            "text",
            "subject, plain, bold, small, box; items: the table of bills; signature: a line to sign.",
            default="plain",
            choices=STYLES,
        ),
        Column("Text", "text", "The words; {owner}, {total} and other names in braces are filled in."),
    ),
    key=("Letter", "No"),
    purpose="the wording of every letter and certificate, paragraph by paragraph, to be reworded as the town likes",
)

NOTICES = TableSpec(
    "Notices",
    (
        Column("No", "id", "The notice's number.", required=True),
        Column("Kind", "text", "What it is, such as demand, lien, final demand, call.", required=True),
        Column("Mailed", "date", "The day it was mailed, served or called.", required=True),
        _ACCOUNT,
        _PARTY,
        Column("Owner", "text", "To whom."),
        Column("Amount", "money", "What was asked for."),
        Column("Respond By", "date", "The day given."),
        Column("Method", "text", "Mail, certified, email, phone.", aliases=("How",)),
        Column("Certified No", "id", "The article number of certified mail."),
        Column("Returned On", "date", "The day it came back, undeliverable."),
        _BY,
        _NOTE,
    ),
    key=("No",),
    purpose="every notice, letter and call, account by account",
)

CALENDAR = TableSpec(
    "Calendar",
    (
        Column("From", "date", "The first day it can be done."),
        Column("By", "date", "The day it has to be done."),
        Column("Task", "text", "What is done."),
        Column("Authority", "text", "The statute or policy."),
        _NOTE,
    ),
    purpose="the office's year, from the rules of the book",
)

WATCH = TableSpec(
    "Watch",
    (
        Column("Date", "date", "The day that matters."),
        Column("Register", "text", "Where it stands."),
        Column("No", "id", "Its number there."),
        Column("Account", "id", "The account."),
        Column("Owner", "text", "Whose it is, or which officer."),
        Column("What", "text", "What has to be done by then."),
        Column("Days", "count", "Days from the day of the list; below zero: overdue."),
    ),
    purpose="what is due soon or overdue, over all registers",
)

# ---- registers ---------------------------------------------------------------------------------------------------

LIEN_KINDS = ("Land", "UCC-1")

LIENS = TableSpec(
    "Liens",
    (
        Column("No", "id", "The lien's number in this register.", required=True),
        Column(
            "Kind",
            "text",
            "Land: on the land records. UCC-1: on personal property, with the Secretary of the State.",
            default="Land",
            choices=LIEN_KINDS,
        ),
        Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases),
        Column("Bill", "id", "The bill it secures.", required=True),
        Column("Amount", "money", "The tax it secures."),
        Column("Prepared", "date", "The day the certificate was made out."),
        Column("Recorded", "date", "The day it was recorded or filed."),
        *columns("id", ("Book", "Page", "Filing No")),
        Column("Released", "date", "The day the release was recorded."),
        *columns("id", ("Release Book", "Release Page")),
        Column("Assigned", "date", "The day it was assigned to a third party."),
        Column("Assigned To", "text", "The purchaser, who takes over all rights."),
        Column("Price", "money", "What was paid for it."),
        _NOTE,
        *_STATUS,
    ),
    key=("No",),
    purpose="tax liens: recorded, released, assigned",
)

WARRANTS = TableSpec(
    "Warrants",
    (
        Column("No", "id", "The warrant's number.", required=True),
        Column("Officer", "text", "The constable or marshal.", required=True),
        Column("Term Ends", "date", "The end of the officer's term: all warrants are back before it."),
        Column("Issued", "date", "The day it was handed over.", required=True),
        Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases),
        _PARTY,
        Column("Execution", "money", "Tax, interest and fees it commands to collect.", required=True, least=0),
        Column("Fee", "money", "The officer's fee on the execution, owed from service on.", least=0),
        Column("Served", "date", "The day it was served."),
        Column("Method", "text", "How it was served: in hand, abode, bank, wages."),
        Column("Returned", "date", "The day it came back; nothing more is charged after it."),
        Column("Result", "text", "What the return says."),
        _NOTE,
        Column("Collected", "money", "What the officer took in.", derived=True),
        Column("Officer Share", "money", "Of it his fee, which goes first.", derived=True),
        Column("Paid Over", "money", "What he paid over to the town.", derived=True),
        *_STATUS,
    ),
    key=("No",),
    purpose="alias tax warrants: issued, served, returned",
)

WARRANT_MONEY = TableSpec(
    "WarrantMoney",
    (
        Column("Warrant", "id", "The warrant's number.", required=True),
        Column("Collected", "date", "The day the officer, or the town after service, took it in.", required=True),
        Column("Amount", "money", "What the taxpayer paid.", required=True, least=0),
        Column("Taken By", "text", "officer, or town", default="officer", choices=("officer", "town")),
        Column("Fee", "money", "Of it the officer's fee: the fee goes first.", least=0),
        Column("To Town", "money", "The rest: tax, interest and fees.", least=0),
        Column("Paid Over", "date", "The day the officer paid it over."),
        Column("Receipt", "id", "The town's receipt for it."),
        Column("Bank Account", "id", "The officer's separate account it was kept in, the last digits."),
    ),
    purpose="the accounting of each warrant: what was paid, the officer's fee, what came to the town",
)

CASE_KINDS = (
    "Bankruptcy",
    "Collection agency",
    "Jeopardy",
    "Vehicle hold",
    "Permit denial",
    "Promise to pay",
    "Receivership",
    "Suspense",
    "Uncollectible",
    "Agreement default",
)

CASES = TableSpec(
    "Cases",
    (
        Column("No", "id", "The case's number.", required=True),
        Column("Kind", "text", "What it is.", required=True, choices=CASE_KINDS),
        Column("Account", "id", _ACCOUNT.help, aliases=_ACCOUNT.aliases),
        _PARTY,
        Column("Bill", "id", "The bill, where it is about one only."),
        Column("Opened", "date", "The petition, the placement, the report, the promise.", required=True),
        Column("Reference", "id", "The docket, the agency's number, the DMV's."),
        Column("With", "text", "The court, the agency, the department, the person."),
        Column("Reason", "text", "Why: required for jeopardy, suspense and uncollectible."),
        Column("Amount", "money", "What was placed, or promised."),
        Column("Until", "date", "The day promised, or to look at it again."),
        Column("Closed", "date", "Dismissed, recalled, released, kept."),
        Column("Outcome", "text", "How it ended."),
        _BY,
        _NOTE,
        *_STATUS,
    ),
    key=("No",),
    purpose="bankruptcies, agency placements, jeopardy, vehicle holds, promises, suspense: opened, closed, with the reason",
)

RENT_KINDS = ("Rent", "Expense", "Applied", "Paid Back")

RENTS = TableSpec(
    "Rents",
    (
        Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases),
        Column("Date", "date", "The day.", required=True),
        Column(
            "Kind",
            "text",
            "Rent: taken in. Expense: allowed by the court. Applied: to the taxes. Paid Back: to the owner.",
            required=True,
            choices=RENT_KINDS,
        ),
        Column("Amount", "money", "Always positive; the kind gives the direction.", required=True, least=0),
        Column("From or To", "text", "The tenant, the contractor."),
        Column("Order", "text", "For an expense: the court's order that allows it.", aliases=("Court Order",)),
        Column("Receipt", "id", "For Applied: the receipt in the Cash Book."),
        _NOTE,
    ),
    purpose="the receiver's rent account: rents in, allowed expenses and taxes out",
)
