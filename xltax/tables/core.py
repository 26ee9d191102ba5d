"""The facts and the lists every desk works with: charges, receipts, adjustments, the roll, the duplicate, the cash book."""

from __future__ import annotations

from xltax.law.levy import LEVY_TYPES as LEVY_TYPES
from xltax.tables.schema import Column, TableSpec, columns

BY_RETURN_OR_USE = ("SEWER", "WATER", "SOLID", "SALES", "LICENSE")
"""Levies that are charged by a return, by use or by license, not from the value on the roll."""

SUPPLEMENTARY = ("ADD", "OMIT", "MVS")
"""Levies on lists that come after the roll: an account may have such a bill beside its own, and a year may have several such lists."""

DISALLOWED = "Disallowed"
"""The part of a bill that takes back a deduction, payable on a day of its own."""

PAYERS = ("owner", "third party", "officer")

RECEIPT_KINDS = ("Payment", "Prepayment", "Opening", "Other", "Reversal", "Reallocation")
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
SALE, REDEMPTION, WARRANT, OFFICER_FEE, RENTS = "Sale", "Redemption", "Warrant", "Officer Fee", "Rents"
RETURN, TRANSFER, SUSPENSE_CLEARED, OFFSET = "Return", "Transfer", "Suspense", "Offset"
RETURNED_CHECK, APPEAL, SERVICE_CHARGE, TAKES_BACK = "Returned Check", "Appeal", "Service Charge", "Takes Back"
CASH_TIES = (SALE, REDEMPTION, WARRANT, OFFICER_FEE, RENTS, RETURN, TRANSFER, SUSPENSE_CLEARED, OFFSET)
"""What a line of the Cash Book can be for; For No is the number of the certificate, warrant, account, return, receipt or adjustment."""
ADJUSTMENT_TIES = (SALE, RETURNED_CHECK, RETURN, APPEAL, SERVICE_CHARGE, TAKES_BACK)
"""What an adjustment can be for; For No is the number of the certificate, receipt, return, bill or adjustment."""

_SEAL = Column(
    "Seal", "text", "A hash of the row and the row before, written by posting; after an upgrade two, the old one first."
)
_NOTE = Column("Note", "text", "Anything the next reader should know.")

# ---- the long tables that functions take -------------------------------------------------------------------------

CHARGES = TableSpec(
    "Charges",
    (
        _BILL,
        _ACCOUNT,
        _YEAR,
        _TYPE,
        _PART,
        _INST,
        Column("Due", "date", "The day the installment is payable.", required=True, aliases=("Due Date",)),
        Column("Amount", "money", "The installment as billed.", required=True, aliases=("Tax", "Billed")),
        _PARTY,
        _SECURED,
        _UNSECURED,
        _HOLD,
        _MAILED,
        Column("Interest From", "date", "For opening balances: interest runs from this day instead of the due date."),
        _RECORDED,
    ),
    key=("Bill", "Part", "Inst"),
    purpose="one row for each installment of each bill",
)

RECEIPTS = TableSpec(
    "Receipts",
    (
        Column("Receipt", "id", "The receipt number.", required=True, aliases=("Receipt No", "Receipt Number")),
        Column(
            "Received", "date", "The day the money came in.", required=True, aliases=("Date", "Paid", "Date Received")
        ),
        Column("Account", "id", "The account the payment came for.", required=True, aliases=_ACCOUNT.aliases),
        Column("Amount", "money", "The whole payment.", required=True, least=0, aliases=("Total", "Payment")),
        _EFFECTIVE,
        Column(
            "By", "text", "owner, third party (a lender under contract), or officer.", default="owner", choices=PAYERS
        ),
        Column("Directed", "id", "The account named in a written instruction, else blank."),
        Column("Kind", "text", "Payment unless something else.", default="Payment", choices=RECEIPT_KINDS),
        Column("Reverses", "id", "For a reversal: the receipt it takes back."),
        _RECORDED,
    ),
    key=("Receipt",),
    purpose="one row for each payment",
)

ADJUSTMENTS = TableSpec(
    "Adjustments",
    (
        Column("No", "id", "The adjustment's number.", required=True, aliases=("Number", "Adjustment")),
        Column("Effective", "date", "The day it counts from; for a won appeal the due date.", required=True),
        _RECORDED,
        Column("Bill", "id", "The bill it changes.", required=True, aliases=_BILL.aliases),
        Column("Part", "text", "The part of the levy; blank where there is one only.", default=""),
        Column("Inst", "count", "The installment it changes.", default=1, aliases=_INST.aliases, least=1),
        Column(
            "Kind",
            "text",
            "What it is; the kind says whether it lowers or raises.",
            required=True,
            choices=ADJUSTMENT_KINDS,
        ),
        Column(
            "Component", "text", "tax, interest, penalty or costs; blank: what the kind is about.", choices=COMPONENTS
        ),
        Column("Amount", "money", "Always positive; the kind gives the direction.", required=True, least=0),
        Column("Reason", "text", "Why, in words an auditor accepts."),
        Column("Authority", "text", "The resolution or statute."),
        Column("Approved By", "text", "Who approved it."),
        Column("For", "text", "What it belongs to, written by tasks.", choices=ADJUSTMENT_TIES, since=2),
        Column("For No", "id", "The number of what it belongs to, such as a certificate.", since=2),
        _SEAL,
    ),
    key=("No",),
    purpose="every change to what was billed, with its reason and authority",
    sealed=True,
)

CLOSED_DAYS = TableSpec(
    "ClosedDays",
    (
        Column("Date", "date", "A day the office keeps otherwise than the State's calendar.", required=True),
        Column("Office", "text", "Closed, or Open on a State holiday.", default="Closed", choices=("Closed", "Open")),
        Column("Reason", "text", "The holiday or the resolution."),
    ),
    key=("Date",),
    purpose="the town's own closed and open days",
)

BALANCES = TableSpec(
    "Balances",
    (
        _ACCOUNT,
        _BILL,
        _YEAR,
        _TYPE,
        _PART,
        _INST,
        CHARGES["Due"],
        *columns("money", ("Tax", "Interest", "Penalty", "Costs", "Total")),
    ),
)

# ---- the tables of the workbook ----------------------------------------------------------------------------------

ROLL = TableSpec(
    "Roll",
    (
        Column("Account", "id", _ACCOUNT.help, required=True, aliases=(*_ACCOUNT.aliases, "List No", "Property ID")),
        _PARTY,
        Column("Levy Type", "text", _TYPE.help, default="RE", choices=LEVY_TYPES, aliases=("Type",)),
        *columns("id", ("Block", "Lot", "Qualifier", "List No")),
        Column("Owner", "text", "The owner now.", aliases=("Owner Name", "Name")),
        Column("Billed Owner", "text", "The owner the bill was made out to."),
        *columns("text", ("Mail 1", "Mail 2", "Mail 3")),
        Column(
            "Location",
            "text",
            "The property's address, or the vehicle.",
            aliases=("Property Location", "Address", "Vehicle"),
        ),
        Column("Class", "text", "The property class.", aliases=("Property Class",)),
        *columns("money", ("Land", "Improvements", "Exemptions")),
        Column(
            "Net Value",
            "money",
            "The value the tax is figured on.",
            required=True,
            aliases=("Assessment", "Assessed Value", "Net Assessment"),
        ),
        Column("Deductions", "money", "Deductions from the tax itself, such as $250 for a veteran."),
        Column("Prior Tax", "money", "Last year's tax as finally levied.", aliases=("Last Year Tax",)),
        Column("Mortgagee", "text", "The lender who gets the bill."),
        Column("Authorized On", "date", "When the owner authorised the lender."),
        *columns("text", ("Email", "Phone")),
        Column(
            "Flags",
            "text",
            "litigation, rental, owner-occupied, bankruptcy, confidential, not confidential, certified funds.",
        ),
        Column("Changed On", "date", "When owner or address last changed."),
        Column(
            "Left On",
            "date",
            "The day the account left the roll: it is kept for what it owes, and is not billed. Blank: on the roll.",
        ),
    ),
    key=("Account",),
    purpose="the assessor's roll: one row for each parcel, vehicle or account",
)

HISTORY = TableSpec(
    "History",
    (
        Column("Changed On", "date", "The day of the change.", required=True),
        Column("Account", "id", _ACCOUNT.help, required=True),
        Column("Field", "text", "Which column of the Roll changed.", required=True),
        *columns("text", ("Before", "After")),
    ),
    purpose="owner, address and value changes, each with its date",
)

_INSTALLMENTS = tuple(range(1, 5))

DUPLICATE = TableSpec(
    "Duplicate",
    (
        Column("Bill", "id", _BILL.help, required=True, aliases=_BILL.aliases),
        Column("Account", "id", _ACCOUNT.help, required=True, aliases=_ACCOUNT.aliases),
        _PARTY,
        Column("Levy Year", "year", _YEAR.help, required=True, aliases=_YEAR.aliases),
        _TYPE,
        _PART,
        _SECURED,
        _UNSECURED,
        _HOLD,
        Column("Gross Tax", "money", "The tax before deductions."),
        Column("Deductions", "money", "Deductions from the tax; State money, not abatements."),
        Column(
            "Net Tax",
            "money",
            "What is billed for the year: the sum of the installments.",
            required=True,
            aliases=("Tax",),
        ),
        *columns("date", [f"Due {n}" for n in _INSTALLMENTS]),
        *columns("money", [f"Inst {n}" for n in _INSTALLMENTS]),
        _MAILED,
        Column("Interest From", "date", CHARGES["Interest From"].help),
        Column("Bank Code", "id", "The servicer's code."),
        _RECORDED,
        Column("Completed", "date", "Where the bill was preliminary first: the day its second half was billed."),
        Column(
            "Run",
            "id",
            "The billing run that made the bill; opening: an opening balance. Blank: made before runs were kept.",
        ),
        *columns(
            "text",
            [f"Paid {n}" for n in _INSTALLMENTS],
            derived=True,
            help="Each payment's date and amount, opposite its installment.",
        ),
        *columns(
            "money",
            ("Added", "Canceled", "To Lien", "Overpaid", "Balance", "Interest", "Penalty", "Costs", "Total Due"),
            derived=True,
        ),
        Column("As Of", "date", "The day these figures are for.", derived=True),
        Column("Status", "text", "Paid, Open, Delinquent or Credit.", derived=True),
    ),
    key=("Bill", "Part"),
    purpose="the tax duplicate: one row for each bill",
)

CASH_BOOK = TableSpec(
    "CashBook",
    (
        Column("Receipt", "id", "The receipt number.", required=True, aliases=("Receipt No",)),
        Column("Line", "count", "The line of the receipt.", required=True, default=1, least=1),
        Column("Received", "date", "The day the money came in.", required=True),
        _EFFECTIVE,
        _RECORDED,
        Column("Account", "id", "The account the payment came for; empty for money that is for none."),
        Column("Taxpayer", "text", "The name on the bill."),
        Column("Property", "text", "The location."),
        _BILL,
        Column("Part", "text", _PART.help),
        Column(
            "Inst",
            "count",
            "Installment 1 to 4; 0 where the line is for no bill.",
            default=0,
            least=0,
            aliases=_INST.aliases,
        ),
        _YEAR,
        Column("Levy Type", "text", _TYPE.help, choices=LEVY_TYPES, aliases=_TYPE.aliases),
        RECEIPTS["Kind"],
        RECEIPTS["By"],
        RECEIPTS["Directed"],
        Column(
            "Tender",
            "text",
            "Cash, check, card, wire; Transfer for money already in the book.",
            choices=TENDERS,
        ),
        Column("Reference", "id", "The check number."),
        Column("Revenue Code", "id", "The revenue account the line goes to."),
        *columns("money", ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount")),
        Column("Total", "money", "Tax + Interest + Penalty + Costs + Misc + Overpaid - Discount.", required=True),
        *columns("id", ("Batch", "Deposit", "Cashier")),
        RECEIPTS["Reverses"],
        _NOTE,
        Column(
            "Same Check", "id", "The first receipt of the same check, where one check has several receipts.", since=2
        ),
        Column("For", "text", "What the line is for besides taxes, written by tasks.", choices=CASH_TIES, since=2),
        Column("For No", "id", "The number of what it is for, such as a certificate or warrant.", since=2),
        _SEAL,
    ),
    key=("Receipt", "Line"),
    purpose="every receipt, line by line, in the order posted; nothing is ever changed or removed",
    sealed=True,
)

RULES = TableSpec(
    "Rules",
    (
        Column("Id", "id", "The rule's number in this book.", required=True),
        Column("Rule", "text", "What it governs: interest, grace, allocation.", required=True),
        Column("Type", "text", "The levy types it is for; blank: all."),
        Column("Part", "text", "The part of the levy it is for; blank: all."),
        Column("From", "date", "In force from."),
        Column("To", "date", "The first day no longer in force; blank: still in force."),
        Column("Key", "text", "The setting.", required=True),
        Column("Value", "text", "Its value."),
        Column("Authority", "text", "The statute, resolution or page."),
        Column("Note", "text", "What the authority says, or why this was assumed."),
    ),
    purpose="the law of this book",
)

LOG = TableSpec(
    "Log",
    (
        Column("When", "text", "Date and time."),
        Column("Who", "text", "The user's account name."),
        Column("Action", "text", "What was done."),
        Column("What", "text", "To which numbers; ids, never names."),
        Column("Rows", "count", "How many rows."),
        Column("Total", "money", "Their total."),
        Column("Lines Before", "count", "Lines in the cash book before."),
        Column("Lines After", "count", "Lines in the cash book after."),
        Column("Cash Before", "money", "The cash book's total before."),
        Column("Cash After", "money", "The cash book's total after."),
        Column("Adjustments Before", "count", "Rows in Adjustments before."),
        Column("Adjustments After", "count", "Rows in Adjustments after."),
    ),
    purpose="who did what, when, with the counts and totals before and after",
)

DELINQUENT = TableSpec(
    "Delinquent",
    (
        _ACCOUNT,
        Column("Owner", "text", "The owner."),
        Column("Location", "text", "The property."),
        Column("Class", "text", "The property class."),
        _BILL,
        _YEAR,
        _TYPE,
        _PART,
        _INST,
        CHARGES["Due"],
        Column("Days Late", "count", "Days since the due date."),
        Column("Age", "text", "The age band."),
        *columns("money", ("Tax", "Interest", "Penalty", "Costs", "Total")),
    ),
    purpose="what is past its last free day and unpaid, as of a date",
)

PAYOFF = TableSpec("Payoff", BALANCES.columns, purpose="what each installment of the quoted account needs")

QUOTE_GRID = TableSpec(
    "QuoteGrid",
    (
        Column("Date", "date", "A day the office is open.", aliases=("Pay On",)),
        Column("Total", "money", "What pays everything off on that day."),
        Column("Per Diem", "money", "What the next day adds."),
        Column("Note", "text", "What changes on or after that day: a grace period ends, a tier is crossed."),
    ),
    key=("Date",),
    purpose="the payoff on each business day from the quote date",
)

CHECKS = TableSpec(
    "Checks",
    (
        Column("Check", "text", "The name of the check."),
        Column("Compares", "text", "What is held against what."),
        *columns("money", ("This Side", "That Side", "Difference")),
        Column("Result", "text", "OK, or what to look at."),
    ),
    key=("Check",),
    purpose="the checks Refresh worked out: recorded against replayed, rules against the shipped profile",
)

PUBLISHED = TableSpec(
    "Published",
    (
        Column("Source", "text", "Who published the figure, and where."),
        Column("Case", "text", "What was figured."),
        Column("Figure", "text", "What the source prints."),
        Column("Ours", "text", "What xltax gives."),
        Column("Agrees", "text", "Yes, or why the source is off."),
    ),
    purpose="figures others published, worked out again by the rules that ship with xltax",
)
