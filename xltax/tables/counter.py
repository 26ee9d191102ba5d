"""The counter's tables: checks typed and not yet posted, drawers, day closes, the bank, batches, the account card."""

from __future__ import annotations

from xltax.tables.core import ADJUSTMENTS, CASH_BOOK, CHARGES, RECEIPTS
from xltax.tables.schema import Column, Row, TableSpec, columns


class CounterRow(Row):
    """One payment typed at the counter, not posted yet."""

    account = Column("Account", "id", "The account the money came for; may be empty where the bill is given.")
    bill = Column("Bill", "id", "The bill, where the payer names one; else the oldest is paid first.")
    amount = Column("Amount", "money", "What this row pays.", required=True, least=1)
    received = Column("Received", "date", "The day the money came in.", required=True)
    tender = CASH_BOOK["Tender"]
    reference = CASH_BOOK["Reference"]
    check_total = Column("Check Total", "money", "The whole check, on its first row, where it pays several bills.")
    warning = Column("Warning", "text", "What the counter should know before posting.", derived=True)
    effective = CASH_BOOK["Effective"]
    by = CASH_BOOK["By"]
    directed = CASH_BOOK["Directed"]
    kind = Column(
        "Kind",
        "text",
        "Payment, Prepayment, or Other for money that is no tax.",
        default="Payment",
        choices=("Payment", "Prepayment", "Opening", "Other"),
    )
    revenue_code = Column("Revenue Code", "id", "For Other: the code of the Revenue Codes table.")
    receipt = Column("Receipt", "id", "A number of a pre-printed receipt; else the next one is given.")
    cashier = Column("Cashier", "id", "The drawer, where there are several.")
    note = CASH_BOOK["Note"]
    owner = Column("Owner", "text", "Who is billed.", derived=True)
    pays = Column("Pays", "text", "How it would be applied, bill by bill.", derived=True)
    left_over = Column("Left Over", "money", "What would be credit or refund.", derived=True)
    check_left = Column("Check Left", "money", "What is left of the check after this row.", derived=True)


COUNTER = TableSpec(
    "Counter", CounterRow, purpose="one typed row for each check, shown before it is posted; posting empties it"
)


class Drawer(Row):
    """One cash drawer."""

    cashier = Column("Cashier", "id", "The drawer's name, as on the Counter.", required=True)
    change_fund = Column("Change Fund", "money", "What stays in the drawer overnight.", least=0)
    note = Column("Note", "text", "Whose it is.")


DRAWERS = TableSpec("Drawers", Drawer, key=(Drawer.cashier,), purpose="the drawers and their change funds")

DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1)


class CashCount(Row):
    """How many of one note or coin are in the drawer."""

    denomination = Column("Denomination", "money", "The note or coin.", required=True, least=1)
    pieces = Column("Pieces", "count", "How many are in the drawer.", least=0)


DRAWER_COUNT = TableSpec(
    "DrawerCount",
    CashCount,
    key=(CashCount.denomination,),
    purpose="the cash in the drawer at the close of the day, by note and coin",
)


class DayClose(Row):
    """One closed day and its deposit."""

    deposit = Column("Deposit", "id", "The deposit the day's money goes into.", required=True)
    cashier = Column("Cashier", "id", "The drawer.")
    closed_on = Column("Closed On", "date", "The day it was closed.", required=True)
    from_ = Column("From", "date", "The first day of its receipts.")
    first_receipt = Column("First Receipt", "id")
    last_receipt = Column("Last Receipt", "id")
    receipts = Column("Receipts", "count")
    cash, checks, electronic, total = columns("money", ("Cash", "Checks", "Electronic", "Total"))
    change_fund, counted, over_short = columns("money", ("Change Fund", "Counted", "Over Short"))
    days = Column("Days", "count", "Business days from the first receipt to the deposit.")
    closed_by = Column("Closed By", "text", "The user's account name.")
    lines = Column("Lines", "count", "How many lines the cash book had.")
    head = Column("Head", "text", "The seal of the cash book's last line: the head of the chain.")
    seal = Column("Seal", "text", "A hash of the row and the row before.")


DAY_CLOSES = TableSpec(
    "DayCloses",
    DayClose,
    key=(DayClose.deposit,),
    purpose="each closed day with its totals, its deposit and the head of the cash book's seals",
    sealed=True,
)


class BankLine(Row):
    """One line of the bank statement."""

    date = Column("Date", "date", "The day on the bank statement.", required=True)
    deposit = Column("Deposit", "id", "The deposit it belongs to; empty for a returned check or a charge.")
    amount = Column("Amount", "money", "As on the statement; what the bank took back is negative.", required=True)
    reference = Column("Reference", "id", "For a returned check: the receipt it was.")
    note = Column("Note", "text", "Anything the next reader should know.")


BANK = TableSpec("Bank", BankLine, purpose="the bank statement's lines of the collector's account")


class RevenueCode(Row):
    """What money other than tax is booked to."""

    code = Column("Code", "id", "The code typed on the Counter.", required=True)
    name = Column("Name", "text", "What the money is for.", required=True)
    fund = Column(
        "Fund", "text", "current, trust or suspense.", default="current", choices=("current", "trust", "suspense")
    )
    gl_account = Column("GL Account", "id", "The account of the general ledger.")


REVENUE_CODES = TableSpec(
    "RevenueCodes", RevenueCode, key=(RevenueCode.code,), purpose="what money other than tax is booked to"
)


class MappedColumn(Row):
    """One column of a sender's file, and which column it fills."""

    mapping = Column("Mapping", "id", "The sender's name, such as the servicer.", required=True)
    column = Column("Column", "text", "The column of ours it fills.", required=True)
    header = Column(
        "Header", "text", "Their header, or for fixed width the place: 12-20, counted from 1.", required=True
    )
    reads_as = Column(
        "Reads As",
        "text",
        "For amounts: dollars or cents; for dates: ymd, mdy or dmy.",
        choices=("dollars", "cents", "ymd", "mdy", "dmy"),
    )
    digits = Column(
        "Digits", "count", "For ids whose leading zeros their file lost: how many digits they have.", least=0
    )


MAPPINGS = TableSpec(
    "Mappings",
    MappedColumn,
    key=(MappedColumn.mapping, MappedColumn.column),
    purpose="how each sender's file is read: saved once, used every time",
)


class Batch(Row):
    """One file of payments."""

    batch = Column("Batch", "id", "The batch's number.", required=True)
    from_ = Column("From", "text", "Who sent it: its mapping.")
    file = Column("File", "text", "The file's name.")
    held_on = Column("Held On", "date", "The day it was brought in.")
    rows = Column("Rows", "count")
    total = Column("Total", "money", "What its rows add up to.")
    deposit_total = Column(
        "Deposit Total", "money", "What the sender deposited: the batch must tie to it before it is posted."
    )
    status = Column("Status", "text", "held, posted or dropped.", choices=("held", "posted", "dropped"))
    posted_on = Column("Posted On", "date")
    fingerprint = Column("Fingerprint", "text", "A hash of the file: the same file is not brought in twice.")


BATCHES = TableSpec(
    "Batches",
    Batch,
    key=(Batch.batch,),
    purpose="files of payments: brought in, held for review, proved against their deposit, posted",
)


class BatchLine(Row):
    """One payment of a file of payments."""

    batch = Column("Batch", "id", "The batch.", required=True)
    row = Column("Row", "count", "The row of the file.")
    account = Column("Account", "id", "The account it is for; correct it here before posting.")
    bill = Column("Bill", "id", "The bill it is for.")
    amount = Column("Amount", "money", "The payment.")
    received = RECEIPTS["Received"]
    effective = CASH_BOOK["Effective"]
    tender = CASH_BOOK["Tender"]
    reference = CASH_BOOK["Reference"]
    by = CASH_BOOK["By"]
    payer = Column("Payer", "text", "The name in the file.")
    status = Column(
        "Status",
        "text",
        "matched, unmatched, duplicate, posted or suspense.",
        choices=("matched", "unmatched", "duplicate", "posted", "suspense", "dropped"),
    )
    why = Column("Why", "text", "Why it is not matched, or what it repeats.")
    receipt = Column("Receipt", "id", "The receipt it became.")


BATCH_LINES = TableSpec(
    "BatchLines",
    BatchLine,
    key=(BatchLine.batch, BatchLine.row),
    purpose="the rows of every batch with what became of each",
)


class SuspenseItem(Row):
    """Money whose account is not known yet."""

    receipt = Column("Receipt", "id", "The receipt the money came in by.")
    received = Column("Received", "date")
    batch = Column("Batch", "id")
    reference = Column("Reference", "id")
    amount, cleared, open = columns("money", ("Amount", "Cleared", "Open"))
    days = Column("Days", "count", "How long it has been open.")
    note = Column("Note", "text")


SUSPENSE = TableSpec(
    "Suspense",
    SuspenseItem,
    key=(SuspenseItem.receipt,),
    purpose="money whose account is not known yet; it has to be cleared",
)


class FoundAccount(Row):
    """One account that a search found."""

    account = Column("Account", "id", "")
    owner, location = columns("text", ("Owner", "Location"))
    block, lot = columns("id", ("Block", "Lot"))
    (total_due,) = columns("money", ("Total Due",))


FOUND = TableSpec("Found", FoundAccount, purpose="the accounts a search found")


class CardBill(Row):
    """One installment on the account card."""

    bill = CHARGES["Bill"]
    levy_year = CHARGES["Levy Year"]
    levy_type = CHARGES["Levy Type"]
    part = CHARGES["Part"]
    inst = CHARGES["Inst"]
    due = CHARGES["Due"]
    billed, tax, interest, penalty, costs, total = columns(
        "money", ("Billed", "Tax", "Interest", "Penalty", "Costs", "Total")
    )


CARD_BILLS = TableSpec("CardBills", CardBill, purpose="every installment of the account, all years")


class CardLine(Row):
    """One payment or adjustment on the account card."""

    date = Column("Date", "date", "The day it counts from.")
    number = Column("Number", "id", "The receipt or the adjustment.")
    what = Column("What", "text", "The payment, reversal, adjustment or note.")
    bill = Column("Bill", "id")
    inst = Column("Inst", "count")
    amount = Column("Amount", "money", "Payments and what lowers are positive.")
    note = Column("Note", "text")


CARD_LINES = TableSpec("CardLines", CardLine, purpose="everything that happened on the account, by date")


class ParallelDifference(Row):
    """One balance that differs from the other system's."""

    account = CHARGES["Account"]
    bill = CHARGES["Bill"]
    theirs, ours, difference = columns("money", ("Theirs", "Ours", "Difference"))
    cause = Column("Cause", "text", "What explains the difference to the cent, or not explained.")


PARALLEL = TableSpec(
    "Parallel", ParallelDifference, purpose="the present vendor's balances against ours, each cent explained"
)


class WaiverRequest(Row):
    """One request to waive interest or penalty."""

    no = Column("No", "id", "The request's number.", required=True, aliases=("Request",))
    received = Column("Received", "date", "The day it came in.", required=True)
    bill = Column("Bill", "id", "The bill it is about.", required=True, aliases=ADJUSTMENTS["Bill"].aliases)
    inst = ADJUSTMENTS["Inst"]
    part = ADJUSTMENTS["Part"]
    component = Column(
        "Component", "text", "What is to be waived.", default="interest", choices=("interest", "penalty")
    )
    asked = Column("Asked", "money", "How much; blank: all of it.", least=0)
    reason = Column("Reason", "text", "Why, as the taxpayer says.", required=True)
    open = Column("Open", "money", "How much of it is owed.", derived=True)
    allowed = Column("Allowed", "text", "Yes, or No where the law does not let it be waived.", derived=True)
    law = Column("Law", "text", "What the law says, or why it cannot be waived.", derived=True)
    recommendation = Column("Recommendation", "text", "Blank: not looked at.", choices=("Grant", "Deny"))
    recommended = Column("Recommended", "money", "How much; blank: what was asked.", least=0)
    recommended_by = Column("Recommended By", "text", "Who recommends it, with the papers looked at.")
    decision = Column("Decision", "text", "Blank: open.", choices=("Granted", "Denied"))
    decided_on = Column("Decided On", "date", "The day of the decision.")
    decided_by = Column("Decided By", "text", "Who decided: somebody else.")
    effect = Column("Effect", "id", "The adjustment it was entered with.")
    note = CASH_BOOK["Note"]


WAIVER_REQUESTS = TableSpec(
    "WaiverRequests",
    WaiverRequest,
    key=(WaiverRequest.no,),
    purpose="requests to waive interest or penalty: what is asked, what the law allows, recommended, decided",
)
