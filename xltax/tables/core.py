"""The facts and the lists every desk works with: charges, receipts, adjustments, the roll, the duplicate, the cash book."""

from __future__ import annotations

from xltax.tables.kinds import (
    ADJUSTMENT_KINDS,
    ADJUSTMENT_TIES,
    CASH_TIES,
    COMPONENTS,
    LEVY_TYPES,
    PAYERS,
    RECEIPT_KINDS,
    TENDERS,
)
from xltax.tables.schema import Column, Row, TableSpec, columns

_ACCOUNT = Column(
    "Account", "id", "The parcel's or vehicle's account number, kept as text.", aliases=("Account No", "Acct", "Parcel")
)
_BILL = Column("Bill", "id", "The bill number, kept as text.", aliases=("Bill No", "Bill Number", "List Number"))
_INST = Column("Inst", "count", "Installment 1 to 4.", default=1, aliases=("Installment", "Quarter", "Qtr"), least=1)
_YEAR = Column(
    "Levy Year",
    "year",
    "The year the tax was levied for; in Connecticut the grand list year.",
    aliases=("Tax Year", "Year", "Grand List"),
)
_TYPE = Column(
    "Levy Type",
    "text",
    "RE real estate, PP personal property, MV motor vehicle and so on.",
    default="RE",
    choices=LEVY_TYPES,
    aliases=("Type",),
)
_PART = Column(
    "Part", "text", "The part of the levy, such as City or State; blank where there is one only.", default=""
)
_PARTY = Column(
    "Party",
    "id",
    "The person or firm liable, where one party owns several accounts.",
    aliases=("Party Liable", "Customer"),
)
_SECURED = Column(
    "Secured", "yes", "Yes where a lien secures the tax; blank: real estate and liens on it yes, others no."
)
_UNSECURED = Column(
    "Unsecured From", "date", "The day its lien lapsed: payments from then on find it unsecured, those before do not."
)
_HOLD = Column(
    "Hold",
    "text",
    "litigation: payments pass this bill by. bankruptcy: no demand, lien, warrant or sale.",
    choices=("litigation", "bankruptcy"),
)
_MAILED = Column("Mailed", "date", "The day the bill was mailed; a late bill has a later last free day.")
_RECORDED = Column("Recorded", "date", "The day it was entered. Blank: known from the start.")
_EFFECTIVE = Column(
    "Effective",
    "date",
    "The day it counts from: the postmark, or the day credited. Blank: the day received.",
    aliases=("Postmark",),
)
_SEAL = Column(
    "Seal", "text", "A hash of the row and the row before, written by posting; after an upgrade two, the old one first."
)
_NOTE = Column("Note", "text", "Anything the next reader should know.")

# ---- the long tables that functions take -------------------------------------------------------------------------


class Charge(Row):
    """One installment of one bill."""

    bill = _BILL
    account = _ACCOUNT
    levy_year = _YEAR
    levy_type = _TYPE
    part = _PART
    inst = _INST
    due = Column("Due", "date", "The day the installment is payable.", required=True, aliases=("Due Date",))
    amount = Column("Amount", "money", "The installment as billed.", required=True, aliases=("Tax", "Billed"))
    party = _PARTY
    secured = _SECURED
    unsecured_from = _UNSECURED
    hold = _HOLD
    mailed = _MAILED
    interest_from = Column(
        "Interest From", "date", "For opening balances: interest runs from this day instead of the due date."
    )
    recorded = _RECORDED


CHARGES = TableSpec(
    "Charges", Charge, key=(Charge.bill, Charge.part, Charge.inst), purpose="one row for each installment of each bill"
)


class Receipt(Row):
    """One payment."""

    receipt = Column("Receipt", "id", "The receipt number.", required=True, aliases=("Receipt No", "Receipt Number"))
    received = Column(
        "Received", "date", "The day the money came in.", required=True, aliases=("Date", "Paid", "Date Received")
    )
    account = Column("Account", "id", "The account the payment came for.", required=True, aliases=_ACCOUNT.aliases)
    amount = Column("Amount", "money", "The whole payment.", required=True, least=0, aliases=("Total", "Payment"))
    effective = _EFFECTIVE
    by = Column(
        "By", "text", "owner, third party (a lender under contract), or officer.", default="owner", choices=PAYERS
    )
    directed = Column("Directed", "id", "The account named in a written instruction, else blank.")
    kind = Column("Kind", "text", "Payment unless something else.", default="Payment", choices=RECEIPT_KINDS)
    reverses = Column("Reverses", "id", "For a reversal: the receipt it takes back.")
    recorded = _RECORDED


RECEIPTS = TableSpec("Receipts", Receipt, key=(Receipt.receipt,), purpose="one row for each payment")


class Adjustment(Row):
    """One change to what was billed."""

    no = Column("No", "id", "The adjustment's number.", required=True, aliases=("Number", "Adjustment"))
    effective = Column("Effective", "date", "The day it counts from; for a won appeal the due date.", required=True)
    recorded = _RECORDED
    bill = Column("Bill", "id", "The bill it changes.", required=True, aliases=_BILL.aliases)
    part = Column("Part", "text", "The part of the levy; blank where there is one only.", default="")
    inst = Column("Inst", "count", "The installment it changes.", default=1, aliases=_INST.aliases, least=1)
    kind = Column(
        "Kind",
        "text",
        "What it is; the kind says whether it lowers or raises.",
        required=True,
        choices=ADJUSTMENT_KINDS,
    )
    component = Column(
        "Component", "text", "tax, interest, penalty or costs; blank: what the kind is about.", choices=COMPONENTS
    )
    amount = Column("Amount", "money", "Always positive; the kind gives the direction.", required=True, least=0)
    reason = Column("Reason", "text", "Why, in words an auditor accepts.")
    authority = Column("Authority", "text", "The resolution or statute.")
    approved_by = Column("Approved By", "text", "Who approved it.")
    for_ = Column("For", "text", "What it belongs to, written by tasks.", choices=ADJUSTMENT_TIES, since=2)
    for_no = Column("For No", "id", "The number of what it belongs to, such as a certificate.", since=2)
    seal = _SEAL


ADJUSTMENTS = TableSpec(
    "Adjustments",
    Adjustment,
    key=(Adjustment.no,),
    purpose="every change to what was billed, with its reason and authority",
    sealed=True,
)


class ClosedDay(Row):
    """One day the office keeps differently from the State's calendar."""

    date = Column("Date", "date", "A day the office keeps otherwise than the State's calendar.", required=True)
    office = Column(
        "Office", "text", "Closed, or Open on a State holiday.", default="Closed", choices=("Closed", "Open")
    )
    reason = Column("Reason", "text", "The holiday or the resolution.")


CLOSED_DAYS = TableSpec("ClosedDays", ClosedDay, key=(ClosedDay.date,), purpose="the town's own closed and open days")


class Balance(Row):
    """What is open on one installment."""

    account = _ACCOUNT
    bill = _BILL
    levy_year = _YEAR
    levy_type = _TYPE
    part = _PART
    inst = _INST
    due = CHARGES["Due"]
    tax, interest, penalty, costs, total = columns("money", ("Tax", "Interest", "Penalty", "Costs", "Total"))


BALANCES = TableSpec("Balances", Balance)

# ---- the tables of the workbook ----------------------------------------------------------------------------------


class Parcel(Row):
    """One parcel, vehicle or account of the assessor's roll."""

    account = Column(
        "Account", "id", _ACCOUNT.help, required=True, aliases=(*_ACCOUNT.aliases, "List No", "Property ID")
    )
    party = _PARTY
    levy_type = Column("Levy Type", "text", _TYPE.help, default="RE", choices=LEVY_TYPES, aliases=("Type",))
    block, lot, qualifier, list_no = columns("id", ("Block", "Lot", "Qualifier", "List No"))
    owner = Column("Owner", "text", "The owner now.", aliases=("Owner Name", "Name"))
    billed_owner = Column("Billed Owner", "text", "The owner the bill was made out to.")
    mail_1, mail_2, mail_3 = columns("text", ("Mail 1", "Mail 2", "Mail 3"))
    location = Column(
        "Location",
        "text",
        "The property's address, or the vehicle.",
        aliases=("Property Location", "Address", "Vehicle"),
    )
    class_ = Column("Class", "text", "The property class.", aliases=("Property Class",))
    land, improvements, exemptions = columns("money", ("Land", "Improvements", "Exemptions"))
    net_value = Column(
        "Net Value",
        "money",
        "The value the tax is figured on.",
        required=True,
        aliases=("Assessment", "Assessed Value", "Net Assessment"),
    )
    deductions = Column("Deductions", "money", "Deductions from the tax itself, such as $250 for a veteran.")
    prior_tax = Column("Prior Tax", "money", "Last year's tax as finally levied.", aliases=("Last Year Tax",))
    mortgagee = Column("Mortgagee", "text", "The lender who gets the bill.")
    authorized_on = Column("Authorized On", "date", "When the owner authorised the lender.")
    email, phone = columns("text", ("Email", "Phone"))
    flags = Column(
        "Flags",
        "text",
        "litigation, rental, owner-occupied, bankruptcy, confidential, not confidential, certified funds.",
    )
    changed_on = Column("Changed On", "date", "When owner or address last changed.")
    left_on = Column(
        "Left On",
        "date",
        "The day the account left the roll: it is kept for what it owes, and is not billed. Blank: on the roll.",
    )


ROLL = TableSpec(
    "Roll", Parcel, key=(Parcel.account,), purpose="the assessor's roll: one row for each parcel, vehicle or account"
)


class RollChange(Row):
    """One change of an owner, an address or a value."""

    changed_on = Column("Changed On", "date", "The day of the change.", required=True)
    account = Column("Account", "id", _ACCOUNT.help, required=True)
    field = Column("Field", "text", "Which column of the Roll changed.", required=True)
    before, after = columns("text", ("Before", "After"))


HISTORY = TableSpec("History", RollChange, purpose="owner, address and value changes, each with its date")

_INSTALLMENTS = tuple(range(1, 5))


class Bill(Row):
    """One bill of the tax duplicate."""

    bill = Column("Bill", "id", _BILL.help, required=True, aliases=_BILL.aliases)
    account = Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases)
    party = _PARTY
    levy_year = Column("Levy Year", "year", _YEAR.help, required=True, aliases=_YEAR.aliases)
    levy_type = _TYPE
    part = _PART
    secured = _SECURED
    unsecured_from = _UNSECURED
    hold = _HOLD
    gross_tax = Column("Gross Tax", "money", "The tax before deductions.")
    deductions = Column("Deductions", "money", "Deductions from the tax; State money, not abatements.")
    net_tax = Column(
        "Net Tax",
        "money",
        "What is billed for the year: the sum of the installments.",
        required=True,
        aliases=("Tax",),
    )
    due_1, due_2, due_3, due_4 = columns("date", [f"Due {n}" for n in _INSTALLMENTS])
    inst_1, inst_2, inst_3, inst_4 = columns("money", [f"Inst {n}" for n in _INSTALLMENTS])
    mailed = _MAILED
    interest_from = Column("Interest From", "date", CHARGES["Interest From"].help)
    bank_code = Column("Bank Code", "id", "The servicer's code.")
    recorded = _RECORDED
    completed = Column("Completed", "date", "Where the bill was preliminary first: the day its second half was billed.")
    run = Column(
        "Run",
        "id",
        "The billing run that made the bill; opening: an opening balance. Blank: made before runs were kept.",
    )
    paid_1, paid_2, paid_3, paid_4 = columns(
        "text",
        [f"Paid {n}" for n in _INSTALLMENTS],
        derived=True,
        help="Each payment's date and amount, opposite its installment.",
    )
    added, canceled, to_lien, overpaid, balance, interest, penalty, costs, total_due = columns(
        "money",
        ("Added", "Canceled", "To Lien", "Overpaid", "Balance", "Interest", "Penalty", "Costs", "Total Due"),
        derived=True,
    )
    as_of = Column("As Of", "date", "The day these figures are for.", derived=True)
    status = Column("Status", "text", "Paid, Open, Delinquent or Credit.", derived=True)


DUE = ("", Bill.due_1, Bill.due_2, Bill.due_3, Bill.due_4)
INST = ("", Bill.inst_1, Bill.inst_2, Bill.inst_3, Bill.inst_4)
"""The columns of installment 1 to 4: DUE[1], INST[1]."""

DUPLICATE = TableSpec("Duplicate", Bill, key=(Bill.bill, Bill.part), purpose="the tax duplicate: one row for each bill")


class CashLine(Row):
    """One line of the cash book."""

    receipt = Column("Receipt", "id", "The receipt number.", required=True, aliases=("Receipt No",))
    line = Column("Line", "count", "The line of the receipt.", required=True, default=1, least=1)
    received = Column("Received", "date", "The day the money came in.", required=True)
    effective = _EFFECTIVE
    recorded = _RECORDED
    account = Column("Account", "id", "The account the payment came for; empty for money that is for none.")
    taxpayer = Column("Taxpayer", "text", "The name on the bill.")
    property = Column("Property", "text", "The location.")
    bill = _BILL
    part = Column("Part", "text", _PART.help)
    inst = Column(
        "Inst",
        "count",
        "Installment 1 to 4; 0 where the line is for no bill.",
        default=0,
        least=0,
        aliases=_INST.aliases,
    )
    levy_year = _YEAR
    levy_type = Column("Levy Type", "text", _TYPE.help, choices=LEVY_TYPES, aliases=_TYPE.aliases)
    kind = RECEIPTS["Kind"]
    by = RECEIPTS["By"]
    directed = RECEIPTS["Directed"]
    tender = Column(
        "Tender",
        "text",
        "Cash, check, card, wire; Transfer for money already in the book.",
        choices=TENDERS,
    )
    reference = Column("Reference", "id", "The check number.")
    revenue_code = Column("Revenue Code", "id", "The revenue account the line goes to.")
    tax, interest, penalty, costs, misc, overpaid, discount = columns(
        "money", ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount")
    )
    total = Column("Total", "money", "Tax + Interest + Penalty + Costs + Misc + Overpaid - Discount.", required=True)
    batch, deposit, cashier = columns("id", ("Batch", "Deposit", "Cashier"))
    reverses = RECEIPTS["Reverses"]
    note = _NOTE
    same_check = Column(
        "Same Check", "id", "The first receipt of the same check, where one check has several receipts.", since=2
    )
    for_ = Column("For", "text", "What the line is for besides taxes, written by tasks.", choices=CASH_TIES, since=2)
    for_no = Column("For No", "id", "The number of what it is for, such as a certificate or warrant.", since=2)
    seal = _SEAL


CASH_BOOK = TableSpec(
    "CashBook",
    CashLine,
    key=(CashLine.receipt, CashLine.line),
    purpose="every receipt, line by line, in the order posted; nothing is ever changed or removed",
    sealed=True,
)


class RuleLine(Row):
    """One setting of one rule."""

    id = Column("Id", "id", "The rule's number in this book.", required=True)
    rule = Column("Rule", "text", "What it governs: interest, grace, allocation.", required=True)
    type = Column("Type", "text", "The levy types it is for; blank: all.")
    part = Column("Part", "text", "The part of the levy it is for; blank: all.")
    from_ = Column("From", "date", "In force from.")
    to = Column("To", "date", "The first day no longer in force; blank: still in force.")
    key = Column("Key", "text", "The setting.", required=True)
    value = Column("Value", "text", "Its value.")
    authority = Column("Authority", "text", "The statute, resolution or page.")
    note = Column("Note", "text", "What the authority says, or why this was assumed.")


RULES = TableSpec("Rules", RuleLine, purpose="the law of this book")


class LogLine(Row):
    """One thing somebody did."""

    when = Column("When", "text", "Date and time.")
    who = Column("Who", "text", "The user's account name.")
    action = Column("Action", "text", "What was done.")
    what = Column("What", "text", "To which numbers; ids, never names.")
    rows = Column("Rows", "count", "How many rows.")
    total = Column("Total", "money", "Their total.")
    lines_before = Column("Lines Before", "count", "Lines in the cash book before.")
    lines_after = Column("Lines After", "count", "Lines in the cash book after.")
    cash_before = Column("Cash Before", "money", "The cash book's total before.")
    cash_after = Column("Cash After", "money", "The cash book's total after.")
    adjustments_before = Column("Adjustments Before", "count", "Rows in Adjustments before.")
    adjustments_after = Column("Adjustments After", "count", "Rows in Adjustments after.")


LOG = TableSpec("Log", LogLine, purpose="who did what, when, with the counts and totals before and after")


class Delinquency(Row):
    """One installment that is past due."""

    account = _ACCOUNT
    owner = Column("Owner", "text", "The owner.")
    location = Column("Location", "text", "The property.")
    class_ = Column("Class", "text", "The property class.")
    bill = _BILL
    levy_year = _YEAR
    levy_type = _TYPE
    part = _PART
    inst = _INST
    due = CHARGES["Due"]
    days_late = Column("Days Late", "count", "Days since the due date.")
    age = Column("Age", "text", "The age band.")
    tax, interest, penalty, costs, total = columns("money", ("Tax", "Interest", "Penalty", "Costs", "Total"))


DELINQUENT = TableSpec("Delinquent", Delinquency, purpose="what is past its last free day and unpaid, as of a date")

PAYOFF = TableSpec("Payoff", Balance, purpose="what each installment of the quoted account needs")


class PayoffDay(Row):
    """The payoff on one business day."""

    date = Column("Date", "date", "A day the office is open.", aliases=("Pay On",))
    total = Column("Total", "money", "What pays everything off on that day.")
    per_diem = Column("Per Diem", "money", "What the next day adds.")
    note = Column("Note", "text", "What changes on or after that day: a grace period ends, a tier is crossed.")


QUOTE_GRID = TableSpec(
    "QuoteGrid", PayoffDay, key=(PayoffDay.date,), purpose="the payoff on each business day from the quote date"
)


class CheckLine(Row):
    """One check of the proof."""

    check = Column("Check", "text", "The name of the check.")
    compares = Column("Compares", "text", "What is held against what.")
    this_side, that_side, difference = columns("money", ("This Side", "That Side", "Difference"))
    result = Column("Result", "text", "OK, or what to look at.")


CHECKS = TableSpec(
    "Checks",
    CheckLine,
    key=(CheckLine.check,),
    purpose="the checks Refresh worked out: recorded against replayed, rules against the shipped profile",
)


class PublishedFigure(Row):
    """One figure that others published."""

    source = Column("Source", "text", "Who published the figure, and where.")
    case = Column("Case", "text", "What was figured.")
    figure = Column("Figure", "text", "What the source prints.")
    ours = Column("Ours", "text", "What xltax gives.")
    agrees = Column("Agrees", "text", "Yes, or why the source is off.")


PUBLISHED = TableSpec(
    "Published", PublishedFigure, purpose="figures others published, worked out again by the rules that ship with xltax"
)
