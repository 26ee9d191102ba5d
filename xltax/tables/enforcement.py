"""The delinquency and enforcement desks' tables: lists, notices, letter texts, the calendar and the registers."""

from __future__ import annotations

from xltax.tables.core import ROLL, ROW_SEAL
from xltax.tables.schema import Column, Row, TableSpec, columns

_ACCOUNT = ROLL["Account"]
_PARTY = ROLL["Party"]
_BY = Column("By", "text", "The clerk's initials.", aliases=("Clerk",))
_NOTE = Column("Note", "text", "Anything the next reader should know.")
_STATUS = (
    Column("Status", "text", "The status on the day of the last Watch.", derived=True),
    Column("Next Date", "date", "The next date to watch.", derived=True),
    Column("Next Step", "text", "What to do by that date.", derived=True),
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
    bill = Column("Bill", "id", "The bill. Blank: the row covers several bills.")
    years = Column("Years", "text", "The levy years.")
    types = Column("Types", "text", "The levy types.")
    part = Column("Part", "text", "The parts of the levy, such as City or State. Blank: none.")
    items = Column("Items", "count", "Number of installments in this row.")
    due = Column("Due", "date", "The due date of the oldest installment.")
    months_late = Column("Months Late", "count", "Number of whole months since the due date.")
    tax, interest, penalty, costs, total = _MONEY
    sale_costs = Column("Sale Costs", "money", "The cost of the sale and of mailed notices.")
    to_pay = Column("To Pay", "money", "Total plus sale costs.")
    before_petition = Column("Before Petition", "money", "Amount due on or before the day of the petition.")
    after_petition = Column("After Petition", "money", "Amount due after the day of the petition.")
    date = Column("Date", "date", "The date to watch, such as a limit, release, promise or notice.")
    status = Column("Status", "text", "The status of the row.")
    reason = Column("Reason", "text", "Why the row is on the list.")
    note = _NOTE


LISTED = TableSpec("Listed", Listed, purpose="the most recent list, as of a date", below="none")

# ---- notices -----------------------------------------------------------------------------------------------------

STYLES = ("subject", "plain", "bold", "small", "box", "items", "signature")


class LetterText(Row):
    """One paragraph of a letter."""

    letter = Column("Letter", "id", "The list or letter the paragraph belongs to, such as demand.", required=True)
    no = Column("No", "count", "The order of the paragraphs.", required=True, least=1)
    style = Column(
        "Style",
        "text",
        "subject, plain, bold, small or box. items: the table of bills. signature: a line to sign.",
        default="plain",
        choices=STYLES,
    )
    text = Column("Text", "text", "The wording. Names in braces, such as {owner} and {total}, are filled in.")


TEXTS = TableSpec(
    "Texts",
    LetterText,
    key=(LetterText.letter, LetterText.no),
    purpose="the wording of every letter and certificate, paragraph by paragraph; the town may change the wording",
)


class Notice(Row):
    """One letter sent."""

    no = Column("No", "id", "The notice's number.", required=True)
    kind = Column("Kind", "text", "The kind of notice, such as demand, lien, final demand or call.", required=True)
    mailed = Column("Mailed", "date", "The day of the mailing, service or call.", required=True)
    account = _ACCOUNT
    party = _PARTY
    owner = Column("Owner", "text", "The owner who received the notice.")
    amount = Column("Amount", "money", "The amount requested.")
    respond_by = Column("Respond By", "date", "The deadline in the notice.")
    method = Column("Method", "text", "Mail, certified, email or phone.", aliases=("How",))
    certified_no = Column("Certified No", "id", "The certified mail article number.")
    returned_on = Column("Returned On", "date", "The day the mail came back as undeliverable.")
    by = _BY
    note = _NOTE


NOTICES = TableSpec("Notices", Notice, key=(Notice.no,), purpose="every notice, letter and call, account by account")


class CalendarDate(Row):
    """One date of the office's year."""

    from_ = Column("From", "date", "The first day to do the task.")
    by = Column("By", "date", "The deadline for the task.")
    task = Column("Task", "text", "The task.")
    authority = Column("Authority", "text", "The statute or policy.")
    note = _NOTE


CALENDAR = TableSpec(
    "Calendar", CalendarDate, purpose="the office's yearly calendar, from the rules in this workbook", below="none"
)


class WatchedDate(Row):
    """One date in the enforcement registers that is coming up."""

    date = Column("Date", "date", "The date to watch.")
    register = Column("Register", "text", "The register with the entry.")
    no = Column("No", "id", "The number of the entry in that register.")
    account = Column("Account", "id", "The account.")
    owner = Column("Owner", "text", "The owner, or the officer.")
    what = Column("What", "text", "What to do by that date.")
    days = Column("Days", "count", "Number of days from the day of the list. Below zero: overdue.")


WATCH = TableSpec("Watch", WatchedDate, purpose="what is due soon or overdue in all registers", below="none")

# ---- registers ---------------------------------------------------------------------------------------------------

LIEN_KINDS = ("Land", "UCC-1")


class Lien(Row):
    """One recorded tax lien."""

    no = Column("No", "id", "The lien's number in this register.", required=True)
    kind = Column(
        "Kind",
        "text",
        "Land: recorded on the land records. UCC-1: filed with the Secretary of the State for personal property.",
        default="Land",
        choices=LIEN_KINDS,
    )
    account = Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases)
    bill = Column("Bill", "id", "The bill the lien secures.", required=True)
    amount = Column("Amount", "money", "The tax the lien secures.")
    prepared = Column("Prepared", "date", "The day the certificate was prepared.")
    recorded = Column("Recorded", "date", "The day the lien was recorded or filed.")
    book, page, filing_no = columns("id", ("Book", "Page", "Filing No"))
    released = Column("Released", "date", "The day the release was recorded.")
    release_book, release_page = columns("id", ("Release Book", "Release Page"))
    assigned = Column("Assigned", "date", "The day the lien was assigned to a third party.")
    assigned_to = Column("Assigned To", "text", "The purchaser of the lien.")
    price = Column("Price", "money", "The amount the purchaser paid.")
    note = _NOTE
    seal = ROW_SEAL
    status, next_date, next_step = _STATUS


LIENS = TableSpec(
    "Liens",
    Lien,
    key=(Lien.no,),
    purpose="tax liens: recorded, released, assigned",
    sealed="rows",
    covers=(
        Lien.no, Lien.kind, Lien.account, Lien.bill, Lien.amount, Lien.prepared, Lien.assigned, Lien.assigned_to, Lien.price,
    ),
)  # fmt: skip


class Warrant(Row):
    """One alias tax warrant."""

    no = Column("No", "id", "The warrant's number.", required=True)
    officer = Column("Officer", "text", "The constable or marshal.", required=True)
    term_ends = Column(
        "Term Ends", "date", "The end of the officer's term. All warrants must be returned before this day."
    )
    issued = Column("Issued", "date", "The day the officer received the warrant.", required=True)
    account = Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases)
    party = _PARTY
    execution = Column("Execution", "money", "The tax, interest and fees to collect.", required=True, least=0)
    fee = Column(
        "Fee", "money", "The officer's fee on the execution. The fee is owed from the day of service.", least=0
    )
    served = Column("Served", "date", "The day the warrant was served.")
    method = Column("Method", "text", "How the warrant was served: in hand, abode, bank or wages.")
    returned = Column("Returned", "date", "The day the warrant was returned. No fees are added after this day.")
    result = Column("Result", "text", "What the officer's return says.")
    note = _NOTE
    collected = Column("Collected", "money", "The amount the officer collected.", derived=True)
    officer_share = Column("Officer Share", "money", "The officer's fee, which is paid first.", derived=True)
    paid_over = Column("Paid Over", "money", "The amount the officer paid over to the town.", derived=True)
    status, next_date, next_step = _STATUS


WARRANTS = TableSpec("Warrants", Warrant, key=(Warrant.no,), purpose="alias tax warrants: issued, served, returned")


class WarrantMoney(Row):
    """Money one officer collected on a warrant."""

    warrant = Column("Warrant", "id", "The warrant's number.", required=True)
    collected = Column(
        "Collected", "date", "The day the officer, or the town after service, received the payment.", required=True
    )
    amount = Column("Amount", "money", "The amount the taxpayer paid.", required=True, least=0)
    taken_by = Column("Taken By", "text", "officer or town", default="officer", choices=("officer", "town"))
    fee = Column("Fee", "money", "The officer's fee, which is paid first.", least=0)
    to_town = Column("To Town", "money", "The amount for the town: tax, interest and fees.", least=0)
    paid_over = Column("Paid Over", "date", "The day the officer paid the town.")
    receipt = Column("Receipt", "id", "The town's receipt number.")
    bank_account = Column("Bank Account", "id", "The last digits of the officer's separate bank account.")
    seal = ROW_SEAL


WARRANT_MONEY = TableSpec(
    "WarrantMoney",
    WarrantMoney,
    purpose="the accounting of each warrant: the payment, the officer's fee and the town's share",
    sealed="rows",
    covers=(
        WarrantMoney.warrant, WarrantMoney.collected, WarrantMoney.amount, WarrantMoney.taken_by, WarrantMoney.fee, WarrantMoney.to_town,
        WarrantMoney.paid_over, WarrantMoney.receipt,
    ),
)  # fmt: skip

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
    kind = Column("Kind", "text", "The kind of case.", required=True, choices=CASE_KINDS)
    account = Column("Account", "id", _ACCOUNT.help, aliases=_ACCOUNT.aliases)
    party = _PARTY
    bill = Column("Bill", "id", "The bill, if the case is about one bill.")
    opened = Column("Opened", "date", "The date of the petition, placement, report or promise.", required=True)
    reference = Column("Reference", "id", "The docket number, agency number or DMV number.")
    with_ = Column("With", "text", "The court, agency, department or person.")
    reason = Column("Reason", "text", "The reason. Required for jeopardy, suspense and uncollectible.")
    amount = Column("Amount", "money", "The amount placed or promised.")
    until = Column("Until", "date", "The date promised, or the date to review the case.")
    closed = Column("Closed", "date", "The date the case was dismissed, recalled, released or kept.")
    outcome = Column("Outcome", "text", "How the case ended.")
    by = _BY
    note = _NOTE
    status, next_date, next_step = _STATUS


CASES = TableSpec(
    "Cases",
    CourtCase,
    key=(CourtCase.no,),
    purpose="bankruptcies, agency placements, jeopardy, vehicle holds, promises and suspense, with dates and reasons",
)

RENT_KINDS = ("Rent", "Expense", "Applied", "Paid Back")


class Rent(Row):
    """One payment of rent a receiver collected."""

    account = Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases)
    date = Column("Date", "date", "The date of the entry.", required=True)
    kind = Column(
        "Kind",
        "text",
        "Rent: rent received. Expense: allowed by the court. Applied: paid to the taxes. Paid Back: returned to the owner.",
        required=True,
        choices=RENT_KINDS,
    )
    amount = Column("Amount", "money", "Always positive. The kind decides the direction.", required=True, least=0)
    from_or_to = Column("From or To", "text", "The tenant or the contractor.")
    order = Column(
        "Order", "text", "For an expense: the court order that allows the expense.", aliases=("Court Order",)
    )
    receipt = Column("Receipt", "id", "For Applied: the receipt number in the Cash Book.")
    note = _NOTE


RENTS = TableSpec("Rents", Rent, purpose="the receiver's rent account: rents received, expenses allowed and taxes paid")
