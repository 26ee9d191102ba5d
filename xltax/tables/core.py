"""The tables every desk uses: charges, receipts, adjustments, the roll, the duplicate and the cash book."""

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
    "Account",
    "id",
    "The account number of the parcel or vehicle, kept as text.",
    aliases=("Account No", "Acct", "Parcel"),
)
_BILL = Column("Bill", "id", "The bill number, kept as text.", aliases=("Bill No", "Bill Number", "List Number"))
_INST = Column("Inst", "count", "Installment 1 to 4.", default=1, aliases=("Installment", "Quarter", "Qtr"), least=1)
_YEAR = Column(
    "Levy Year",
    "year",
    "The year of the levy. In Connecticut, the grand list year.",
    aliases=("Tax Year", "Year", "Grand List"),
)
_TYPE = Column(
    "Levy Type",
    "text",
    "RE (real estate), PP (personal property), MV (motor vehicle) and so on.",
    default="RE",
    choices=LEVY_TYPES,
    aliases=("Type",),
)
_PART = Column("Part", "text", "The part of the levy, such as City or State. Blank: the levy has one part.", default="")
_PARTY = Column(
    "Party",
    "id",
    "The person or firm liable, if one party owns several accounts.",
    aliases=("Party Liable", "Customer"),
)
_SECURED = Column(
    "Secured", "yes", "Yes if a lien secures the tax. Blank: yes for real estate and its liens, no for other levies."
)
_UNSECURED = Column(
    "Unsecured From", "date", "The day the lien lapsed. The bill is unsecured for payments from this day on."
)
_HOLD = Column(
    "Hold",
    "text",
    "litigation: payments skip this bill. bankruptcy: no demand, lien, warrant or sale.",
    choices=("litigation", "bankruptcy"),
)
_MAILED = Column(
    "Mailed", "date", "The day the bill was mailed. A late mailing extends the last day to pay without interest."
)
_RECORDED = Column("Recorded", "date", "The day this row was entered. Blank: known from the start.")
_EFFECTIVE = Column(
    "Effective",
    "date",
    "The effective date: the postmark or the day credited. Blank: the day received.",
    aliases=("Postmark",),
)
_SEAL = Column(
    "Seal",
    "text",
    "Seal code of this row and the row before, written when posted. After an upgrade: two codes, old one first.",
)
ROW_SEAL = Column("Seal", "text", "Seal code of this row, written by the task that made or changed the row.")
POSTED_BY = Column(
    "Posted By", "text", "The person whose task wrote this row. Blank: older than this column.", if_filled=True
)
_CLASS = Column("Class", "text", "The property class.", aliases=("Property Class",))
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
    due = Column("Due", "date", "The due date of the installment.", required=True, aliases=("Due Date",))
    amount = Column(
        "Amount", "money", "The amount of the installment as billed.", required=True, aliases=("Tax", "Billed")
    )
    party = _PARTY
    secured = _SECURED
    unsecured_from = _UNSECURED
    hold = _HOLD
    mailed = _MAILED
    class_ = _CLASS
    interest_from = Column(
        "Interest From", "date", "For opening balances: interest starts on this day instead of the due date."
    )
    recorded = _RECORDED


CHARGES = TableSpec(
    "Charges", Charge, key=(Charge.bill, Charge.part, Charge.inst), purpose="one row for each installment of each bill"
)


class Receipt(Row):
    """One payment."""

    receipt = Column("Receipt", "id", "The receipt number.", required=True, aliases=("Receipt No", "Receipt Number"))
    received = Column(
        "Received",
        "date",
        "The day the payment was received.",
        required=True,
        aliases=("Date", "Paid", "Date Received"),
    )
    account = Column("Account", "id", "The account the payment is for.", required=True, aliases=_ACCOUNT.aliases)
    amount = Column(
        "Amount", "money", "The total amount of the payment.", required=True, least=0, aliases=("Total", "Payment")
    )
    effective = _EFFECTIVE
    by = Column(
        "By", "text", "owner, third party (a lender under contract), or officer.", default="owner", choices=PAYERS
    )
    directed = Column("Directed", "id", "The account named in a written instruction. Blank: none.")
    kind = Column("Kind", "text", "The kind of receipt (default: Payment).", default="Payment", choices=RECEIPT_KINDS)
    reverses = Column("Reverses", "id", "For a reversal: the receipt being reversed.")
    recorded = _RECORDED


RECEIPTS = TableSpec("Receipts", Receipt, key=(Receipt.receipt,), purpose="one row for each payment")


class Adjustment(Row):
    """One change to what was billed."""

    no = Column("No", "id", "The adjustment's number.", required=True, aliases=("Number", "Adjustment"))
    effective = Column("Effective", "date", "The effective date. For a successful appeal, the due date.", required=True)
    recorded = _RECORDED
    bill = Column("Bill", "id", "The bill to adjust.", required=True, aliases=_BILL.aliases)
    part = Column("Part", "text", "The part of the levy. Blank: the levy has one part.", default="")
    inst = Column("Inst", "count", "The installment to adjust.", default=1, aliases=_INST.aliases, least=1)
    kind = Column(
        "Kind",
        "text",
        "The kind of adjustment. The kind decides whether the bill goes up or down.",
        required=True,
        choices=ADJUSTMENT_KINDS,
    )
    component = Column(
        "Component", "text", "tax, interest, penalty or costs. Blank: the usual one for this kind.", choices=COMPONENTS
    )
    amount = Column("Amount", "money", "Always positive. The kind decides the direction.", required=True, least=0)
    reason = Column("Reason", "text", "The reason, in words an auditor accepts.")
    authority = Column("Authority", "text", "The resolution or statute.")
    approved_by = Column("Approved By", "text", "Who approved the adjustment.")
    for_ = Column(
        "For",
        "text",
        "The kind of record this adjustment belongs to. Tasks fill this in.",
        choices=ADJUSTMENT_TIES,
        since=2,
    )
    for_no = Column("For No", "id", "The number of that record, such as a certificate number.", since=2)
    seal = _SEAL
    posted_by = POSTED_BY


ADJUSTMENTS = TableSpec(
    "Adjustments",
    Adjustment,
    key=(Adjustment.no,),
    purpose="every change to a billed amount, with its reason and authority",
    sealed="chain",
)


class ClosedDay(Row):
    """One day when the office differs from the State's calendar."""

    date = Column("Date", "date", "A day when the office differs from the State's calendar.", required=True)
    office = Column(
        "Office",
        "text",
        "Closed, or Open if the office works on a State holiday.",
        default="Closed",
        choices=("Closed", "Open"),
    )
    reason = Column("Reason", "text", "The holiday or the resolution.")


CLOSED_DAYS = TableSpec("ClosedDays", ClosedDay, key=(ClosedDay.date,), purpose="the town's own closed and open days")


class Balance(Row):
    """The open balance of one installment."""

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
    owner = Column("Owner", "text", "The current owner.", aliases=("Owner Name", "Name"))
    billed_owner = Column("Billed Owner", "text", "The owner named on the bill.")
    mail_1, mail_2, mail_3 = columns("text", ("Mail 1", "Mail 2", "Mail 3"))
    location = Column(
        "Location",
        "text",
        "The property address, or the vehicle.",
        aliases=("Property Location", "Address", "Vehicle"),
    )
    class_ = _CLASS
    land, improvements, exemptions = columns("money", ("Land", "Improvements", "Exemptions"))
    net_value = Column(
        "Net Value",
        "money",
        "The value used to calculate the tax.",
        required=True,
        aliases=("Assessment", "Assessed Value", "Net Assessment"),
    )
    deductions = Column("Deductions", "money", "Deductions from the tax itself, such as $250 for a veteran.")
    prior_tax = Column("Prior Tax", "money", "Last year's final tax.", aliases=("Last Year Tax",))
    mortgagee = Column("Mortgagee", "text", "The lender who receives the bill.")
    authorized_on = Column("Authorized On", "date", "The day the owner authorized the lender.")
    email, phone = columns("text", ("Email", "Phone"))
    flags = Column(
        "Flags",
        "text",
        "litigation, rental, owner-occupied, bankruptcy, confidential, not confidential, certified funds.",
    )
    changed_on = Column("Changed On", "date", "The day the owner or address last changed.")
    left_on = Column(
        "Left On",
        "date",
        "The day the account left the roll. The account keeps its balance and gets no new bills. Blank: on the roll.",
    )


ROLL = TableSpec(
    "Roll", Parcel, key=(Parcel.account,), purpose="the assessor's roll: one row for each parcel, vehicle or account"
)


class RollChange(Row):
    """One change of an owner, an address or a value."""

    changed_on = Column("Changed On", "date", "The day of the change.", required=True)
    account = Column("Account", "id", _ACCOUNT.help, required=True)
    field = Column("Field", "text", "The Roll column that changed.", required=True)
    before, after = columns("text", ("Before", "After"))
    seal = _SEAL


HISTORY = TableSpec(
    "History", RollChange, purpose="owner, address and value changes, each with its date", sealed="chain"
)

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
    deductions = Column("Deductions", "money", "Deductions from the tax. These are State money, not abatements.")
    net_tax = Column(
        "Net Tax",
        "money",
        "The tax billed for the year: the sum of the installments.",
        required=True,
        aliases=("Tax",),
    )
    due_1, due_2, due_3, due_4 = columns("date", [f"Due {n}" for n in _INSTALLMENTS])
    inst_1, inst_2, inst_3, inst_4 = columns("money", [f"Inst {n}" for n in _INSTALLMENTS])
    mailed = _MAILED
    interest_from = Column("Interest From", "date", CHARGES["Interest From"].help)
    bank_code = Column("Bank Code", "id", "The mortgage servicer's code.")
    recorded = _RECORDED
    completed = Column(
        "Completed", "date", "For a bill that began as a preliminary bill: the day the second half was billed."
    )
    run = Column(
        "Run",
        "id",
        "The billing run that made the bill. opening: an opening balance. Blank: older than the list of runs.",
    )
    class_ = Column("Class", "text", "The property class on the day of billing; rules can be for some classes only.")
    seal = ROW_SEAL
    paid_1, paid_2, paid_3, paid_4 = columns(
        "text",
        [f"Paid {n}" for n in _INSTALLMENTS],
        derived=True,
        help="The date and amount of each payment on this installment.",
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

DUPLICATE = TableSpec(
    "Duplicate",
    Bill,
    key=(Bill.bill, Bill.part),
    purpose="the tax duplicate: one row for each bill",
    sealed="rows",
    covers=(
        Bill.bill, Bill.account, Bill.levy_year, Bill.levy_type, Bill.part, Bill.gross_tax, Bill.deductions, Bill.net_tax, *DUE[1:],
        *INST[1:], Bill.interest_from, Bill.recorded, Bill.completed, Bill.run,
    ),
    covers_filled=(Bill.class_,),
)  # fmt: skip


class CashLine(Row):
    """One line of the cash book."""

    receipt = Column("Receipt", "id", "The receipt number.", required=True, aliases=("Receipt No",))
    line = Column("Line", "count", "The line of the receipt.", required=True, default=1, least=1)
    received = Column("Received", "date", "The day the payment was received.", required=True)
    effective = _EFFECTIVE
    recorded = _RECORDED
    account = Column("Account", "id", "The account the payment is for. Blank: the money is not for an account.")
    taxpayer = Column("Taxpayer", "text", "The name on the bill.")
    property = Column("Property", "text", "The property location.")
    bill = _BILL
    part = Column("Part", "text", _PART.help)
    inst = Column(
        "Inst",
        "count",
        "Installment 1 to 4. 0: the line is not for a bill.",
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
        "Cash, check, card or wire. Transfer: money already in the workbook.",
        choices=TENDERS,
    )
    reference = Column("Reference", "id", "The check number.")
    revenue_code = Column("Revenue Code", "id", "The revenue account for this line.")
    tax, interest, penalty, costs, misc, overpaid, discount = columns(
        "money", ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount")
    )
    total = Column("Total", "money", "Tax + Interest + Penalty + Costs + Misc + Overpaid - Discount.", required=True)
    batch, deposit, cashier = columns("id", ("Batch", "Deposit", "Cashier"))
    reverses = RECEIPTS["Reverses"]
    note = _NOTE
    same_check = Column(
        "Same Check", "id", "The first receipt of this check, if one check has several receipts.", since=2
    )
    for_ = Column("For", "text", "What the line is for, if not taxes. Tasks fill this in.", choices=CASH_TIES, since=2)
    for_no = Column("For No", "id", "The number of that record, such as a certificate or warrant number.", since=2)
    seal = _SEAL
    posted_by = POSTED_BY


CASH_BOOK = TableSpec(
    "CashBook",
    CashLine,
    key=(CashLine.receipt, CashLine.line),
    purpose="every receipt, line by line, in the order posted; lines are never changed or removed",
    sealed="chain",
)


class RuleLine(Row):
    """One setting of one rule."""

    id = Column("Id", "id", "The rule's number in this workbook.", required=True)
    rule = Column("Rule", "text", "What the rule covers, such as interest, grace or allocation.", required=True)
    type = Column("Type", "text", "The levy types covered. Blank: all.")
    part = Column("Part", "text", "The part of the levy covered. Blank: all.")
    from_ = Column("From", "date", "The first day the rule is in force.")
    to = Column("To", "date", "The first day the rule is no longer in force. Blank: still in force.")
    key = Column("Key", "text", "The name of the setting.", required=True)
    value = Column("Value", "text", "The value of the setting.")
    authority = Column("Authority", "text", "The statute, resolution or page that supports the setting.")
    note = Column("Note", "text", "What the authority says, or why the setting is assumed.")


RULES = TableSpec("Rules", RuleLine, purpose="the rules this workbook follows")


class LogLine(Row):
    """One task that somebody ran."""

    when = Column("When", "text", "The date and time.")
    who = Column("Who", "text", "The log-in of the computer, and the person if several share the log-in.")
    action = Column("Action", "text", "The task that was run.")
    what = Column("What", "text", "The numbers affected. Names are never recorded here.")
    rows = Column("Rows", "count", "Number of rows.")
    total = Column("Total", "money", "Total amount of these rows.")
    lines_before = Column("Lines Before", "count", "Number of Cash Book lines before the task.")
    lines_after = Column("Lines After", "count", "Number of Cash Book lines after the task.")
    cash_before = Column("Cash Before", "money", "Cash Book total before the task.")
    cash_after = Column("Cash After", "money", "Cash Book total after the task.")
    adjustments_before = Column("Adjustments Before", "count", "Number of Adjustments rows before the task.")
    adjustments_after = Column("Adjustments After", "count", "Number of Adjustments rows after the task.")
    heads = Column(
        "Codes",
        "text",
        "The last seal code of each book after the task, and one code for the bills and for each register.",
    )
    seal = _SEAL


LOG = TableSpec("Log", LogLine, purpose="who did what, when, with counts, totals and seal codes", sealed="chain")


class Delinquency(Row):
    """One installment that is past due."""

    account = _ACCOUNT
    owner = Column("Owner", "text", "The owner.")
    location = Column("Location", "text", "The property location.")
    class_ = Column("Class", "text", "The property class.")
    bill = _BILL
    levy_year = _YEAR
    levy_type = _TYPE
    part = _PART
    inst = _INST
    due = CHARGES["Due"]
    days_late = Column("Days Late", "count", "Number of days since the due date.")
    age = Column("Age", "text", "The age band.")
    tax, interest, penalty, costs, total = columns("money", ("Tax", "Interest", "Penalty", "Costs", "Total"))


DELINQUENT = TableSpec(
    "Delinquent", Delinquency, purpose="every unpaid installment past its last interest-free day", below="none"
)

PAYOFF = TableSpec("Payoff", Balance, purpose="the payoff of each installment of the quoted account", below="none")


class PayoffDay(Row):
    """The payoff on one business day."""

    date = Column("Date", "date", "A day the office is open.", aliases=("Pay On",))
    total = Column("Total", "money", "The payoff on that day.")
    per_diem = Column("Per Diem", "money", "The amount the next day adds.")
    note = Column(
        "Note", "text", "What changes on or after that day, such as the end of a grace period or a new interest tier."
    )


QUOTE_GRID = TableSpec(
    "QuoteGrid", PayoffDay, (PayoffDay.date,), "the payoff on each business day from the quote date", below="none"
)
