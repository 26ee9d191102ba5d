"""What the delinquency and enforcement desks keep: lists, notices and their texts, the calendar, and the registers."""

from __future__ import annotations

from xltax.tables.core import ROLL
from xltax.tables.schema import Column, Row, TableSpec, columns

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


class Listed(Row):
    """One row of a list."""

    account = _ACCOUNT
    party = _PARTY
    owner, mail_1, mail_2, mail_3, location, class_, phone = columns(
        "text", ("Owner", "Mail 1", "Mail 2", "Mail 3", "Location", "Class", "Phone")
    )
    bill = Column("Bill", "id", "The bill; blank where a row stands for several.")
    years = Column("Years", "text", "The levy years.")
    types = Column("Types", "text", "The levy types.")
    part = Column("Part", "text", "The parts of the levy, such as City or State; blank where there are none.")
    items = Column("Items", "count", "How many installments the row stands for.")
    due = Column("Due", "date", "When the oldest of them fell due.")
    months_late = Column("Months Late", "count", "Whole months since then.")
    tax, interest, penalty, costs, total = _MONEY
    sale_costs = Column("Sale Costs", "money", "The cost of the sale and of mailed notices.")
    to_pay = Column("To Pay", "money", "Total and sale costs.")
    before_petition = Column("Before Petition", "money", "What fell due by the day of the petition.")
    after_petition = Column("After Petition", "money", "What fell due later.")
    date = Column("Date", "date", "The date that matters: a limit, a release, a promise, a notice.")
    status = Column("Status", "text", "How the row stands.")
    reason = Column("Reason", "text", "Why it is on the list.")
    note = _NOTE


LISTED = TableSpec("Listed", Listed, purpose="the list last made, as of a date")

# ---- notices -----------------------------------------------------------------------------------------------------

STYLES = ("subject", "plain", "bold", "small", "box", "items", "signature")


class LetterText(Row):
    """One paragraph of a letter."""

    letter = Column("Letter", "id", "The list or letter the paragraph belongs to, such as demand.", required=True)
    no = Column("No", "count", "The order of the paragraphs.", required=True, least=1)
    style = Column(
        "Style",
        "text",
        "subject, plain, bold, small, box; items: the table of bills; signature: a line to sign.",
        default="plain",
        choices=STYLES,
    )
    text = Column("Text", "text", "The words; {owner}, {total} and other names in braces are filled in.")


TEXTS = TableSpec(
    "Texts",
    LetterText,
    key=(LetterText.letter, LetterText.no),
    purpose="the wording of every letter and certificate, paragraph by paragraph, to be reworded as the town likes",
)


class Notice(Row):
    """One letter sent."""

    no = Column("No", "id", "The notice's number.", required=True)
    kind = Column("Kind", "text", "What it is, such as demand, lien, final demand, call.", required=True)
    mailed = Column("Mailed", "date", "The day it was mailed, served or called.", required=True)
    account = _ACCOUNT
    party = _PARTY
    owner = Column("Owner", "text", "To whom.")
    amount = Column("Amount", "money", "What was asked for.")
    respond_by = Column("Respond By", "date", "The day given.")
    method = Column("Method", "text", "Mail, certified, email, phone.", aliases=("How",))
    certified_no = Column("Certified No", "id", "The article number of certified mail.")
    returned_on = Column("Returned On", "date", "The day it came back, undeliverable.")
    by = _BY
    note = _NOTE


NOTICES = TableSpec("Notices", Notice, key=(Notice.no,), purpose="every notice, letter and call, account by account")


class CalendarDate(Row):
    """One date of the office's year."""

    from_ = Column("From", "date", "The first day it can be done.")
    by = Column("By", "date", "The day it has to be done.")
    task = Column("Task", "text", "What is done.")
    authority = Column("Authority", "text", "The statute or policy.")
    note = _NOTE


CALENDAR = TableSpec("Calendar", CalendarDate, purpose="the office's year, from the rules of the book")


class WatchedDate(Row):
    """One date in the enforcement registers that is coming up."""

    date = Column("Date", "date", "The day that matters.")
    register = Column("Register", "text", "Where it stands.")
    no = Column("No", "id", "Its number there.")
    account = Column("Account", "id", "The account.")
    owner = Column("Owner", "text", "Whose it is, or which officer.")
    what = Column("What", "text", "What has to be done by then.")
    days = Column("Days", "count", "Days from the day of the list; below zero: overdue.")


WATCH = TableSpec("Watch", WatchedDate, purpose="what is due soon or overdue, over all registers")

# ---- registers ---------------------------------------------------------------------------------------------------

LIEN_KINDS = ("Land", "UCC-1")


class Lien(Row):
    """One recorded tax lien."""

    no = Column("No", "id", "The lien's number in this register.", required=True)
    kind = Column(
        "Kind",
        "text",
        "Land: on the land records. UCC-1: on personal property, with the Secretary of the State.",
        default="Land",
        choices=LIEN_KINDS,
    )
    account = Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases)
    bill = Column("Bill", "id", "The bill it secures.", required=True)
    amount = Column("Amount", "money", "The tax it secures.")
    prepared = Column("Prepared", "date", "The day the certificate was made out.")
    recorded = Column("Recorded", "date", "The day it was recorded or filed.")
    book, page, filing_no = columns("id", ("Book", "Page", "Filing No"))
    released = Column("Released", "date", "The day the release was recorded.")
    release_book, release_page = columns("id", ("Release Book", "Release Page"))
    assigned = Column("Assigned", "date", "The day it was assigned to a third party.")
    assigned_to = Column("Assigned To", "text", "The purchaser, who takes over all rights.")
    price = Column("Price", "money", "What was paid for it.")
    note = _NOTE
    status, next_date, next_step = _STATUS


LIENS = TableSpec("Liens", Lien, key=(Lien.no,), purpose="tax liens: recorded, released, assigned")


class Warrant(Row):
    """One alias tax warrant."""

    no = Column("No", "id", "The warrant's number.", required=True)
    officer = Column("Officer", "text", "The constable or marshal.", required=True)
    term_ends = Column("Term Ends", "date", "The end of the officer's term: all warrants are back before it.")
    issued = Column("Issued", "date", "The day it was handed over.", required=True)
    account = Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases)
    party = _PARTY
    execution = Column("Execution", "money", "Tax, interest and fees it commands to collect.", required=True, least=0)
    fee = Column("Fee", "money", "The officer's fee on the execution, owed from service on.", least=0)
    served = Column("Served", "date", "The day it was served.")
    method = Column("Method", "text", "How it was served: in hand, abode, bank, wages.")
    returned = Column("Returned", "date", "The day it came back; nothing more is charged after it.")
    result = Column("Result", "text", "What the return says.")
    note = _NOTE
    collected = Column("Collected", "money", "What the officer took in.", derived=True)
    officer_share = Column("Officer Share", "money", "Of it his fee, which goes first.", derived=True)
    paid_over = Column("Paid Over", "money", "What he paid over to the town.", derived=True)
    status, next_date, next_step = _STATUS


WARRANTS = TableSpec("Warrants", Warrant, key=(Warrant.no,), purpose="alias tax warrants: issued, served, returned")


class WarrantMoney(Row):
    """Money one officer collected on a warrant."""

    warrant = Column("Warrant", "id", "The warrant's number.", required=True)
    collected = Column(
        "Collected", "date", "The day the officer, or the town after service, took it in.", required=True
    )
    amount = Column("Amount", "money", "What the taxpayer paid.", required=True, least=0)
    taken_by = Column("Taken By", "text", "officer, or town", default="officer", choices=("officer", "town"))
    fee = Column("Fee", "money", "Of it the officer's fee: the fee goes first.", least=0)
    to_town = Column("To Town", "money", "The rest: tax, interest and fees.", least=0)
    paid_over = Column("Paid Over", "date", "The day the officer paid it over.")
    receipt = Column("Receipt", "id", "The town's receipt for it.")
    bank_account = Column("Bank Account", "id", "The officer's separate account it was kept in, the last digits.")


WARRANT_MONEY = TableSpec(
    "WarrantMoney",
    WarrantMoney,
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


class CourtCase(Row):
    """One court case or bankruptcy."""

    no = Column("No", "id", "The case's number.", required=True)
    kind = Column("Kind", "text", "What it is.", required=True, choices=CASE_KINDS)
    account = Column("Account", "id", _ACCOUNT.help, aliases=_ACCOUNT.aliases)
    party = _PARTY
    bill = Column("Bill", "id", "The bill, where it is about one only.")
    opened = Column("Opened", "date", "The petition, the placement, the report, the promise.", required=True)
    reference = Column("Reference", "id", "The docket, the agency's number, the DMV's.")
    with_ = Column("With", "text", "The court, the agency, the department, the person.")
    reason = Column("Reason", "text", "Why: required for jeopardy, suspense and uncollectible.")
    amount = Column("Amount", "money", "What was placed, or promised.")
    until = Column("Until", "date", "The day promised, or to look at it again.")
    closed = Column("Closed", "date", "Dismissed, recalled, released, kept.")
    outcome = Column("Outcome", "text", "How it ended.")
    by = _BY
    note = _NOTE
    status, next_date, next_step = _STATUS


CASES = TableSpec(
    "Cases",
    CourtCase,
    key=(CourtCase.no,),
    purpose="bankruptcies, agency placements, jeopardy, vehicle holds, promises, suspense: opened, closed, with the reason",
)

RENT_KINDS = ("Rent", "Expense", "Applied", "Paid Back")


class Rent(Row):
    """One payment of rent a receiver collected."""

    account = Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases)
    date = Column("Date", "date", "The day.", required=True)
    kind = Column(
        "Kind",
        "text",
        "Rent: taken in. Expense: allowed by the court. Applied: to the taxes. Paid Back: to the owner.",
        required=True,
        choices=RENT_KINDS,
    )
    amount = Column("Amount", "money", "Always positive; the kind gives the direction.", required=True, least=0)
    from_or_to = Column("From or To", "text", "The tenant, the contractor.")
    order = Column("Order", "text", "For an expense: the court's order that allows it.", aliases=("Court Order",))
    receipt = Column("Receipt", "id", "For Applied: the receipt in the Cash Book.")
    note = _NOTE


RENTS = TableSpec("Rents", Rent, purpose="the receiver's rent account: rents in, allowed expenses and taxes out")
