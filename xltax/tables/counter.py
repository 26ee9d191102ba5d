"""The counter's tables: checks to post, drawers, day closes, the bank, batches and the account card."""

from __future__ import annotations

from xltax.tables.core import ADJUSTMENTS, CASH_BOOK, CHARGES, RECEIPTS
from xltax.tables.schema import Column, Row, TableSpec, columns


class CounterRow(Row):
    """One payment typed at the counter before posting."""

    account = Column("Account", "id", "The account the payment is for. Optional if you enter the bill.")
    bill = Column("Bill", "id", "The bill, if the payer names one. Blank: the oldest bill is paid first.")
    amount = Column("Amount", "money", "The amount of this payment.", required=True, least=1)
    received = Column("Received", "date", "The day the payment was received.", required=True)
    tender = CASH_BOOK["Tender"]
    reference = CASH_BOOK["Reference"]
    check_total = Column(
        "Check Total", "money", "The full amount of the check. Enter on the first row if the check pays several bills."
    )
    warning = Column("Warning", "text", "What to know before posting.", derived=True)
    effective = CASH_BOOK["Effective"]
    by = CASH_BOOK["By"]
    directed = CASH_BOOK["Directed"]
    kind = Column(
        "Kind",
        "text",
        "Payment, Prepayment, or Other for money that is not tax.",
        default="Payment",
        choices=("Payment", "Prepayment", "Opening", "Other"),
    )
    revenue_code = Column("Revenue Code", "id", "For Other: the code from the Revenue Codes table.")
    receipt = Column("Receipt", "id", "The number of a pre-printed receipt. Blank: the next number.")
    cashier = Column("Cashier", "id", "The drawer, if the office has more than one.")
    note = CASH_BOOK["Note"]
    owner = Column("Owner", "text", "The owner billed.", derived=True)
    pays = Column("Pays", "text", "How the payment would be applied, bill by bill.", derived=True)
    left_over = Column("Left Over", "money", "The amount that would be a credit or refund.", derived=True)
    check_left = Column("Check Left", "money", "The part of the check left after this row.", derived=True)


COUNTER = TableSpec(
    "Counter", CounterRow, purpose="one row for each check, shown before posting; posting clears the rows"
)


class Drawer(Row):
    """One cash drawer."""

    cashier = Column("Cashier", "id", "The drawer's name, as used on the Counter sheet.", required=True)
    change_fund = Column("Change Fund", "money", "The cash that stays in the drawer overnight.", least=0)
    note = Column("Note", "text", "Whose drawer this is.")


DRAWERS = TableSpec("Drawers", Drawer, key=(Drawer.cashier,), purpose="the drawers and their change funds")

DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1)


class CashCount(Row):
    """The count of one bill or coin in the drawer."""

    denomination = Column("Denomination", "money", "The bill or coin.", required=True, least=1)
    pieces = Column("Pieces", "count", "Number in the drawer.", least=0)


DRAWER_COUNT = TableSpec(
    "DrawerCount",
    CashCount,
    key=(CashCount.denomination,),
    purpose="the cash in the drawer at the close of the day, by bill and coin",
)


class DayClose(Row):
    """One closed day and its deposit."""

    deposit = Column("Deposit", "id", "The deposit that includes this day's money.", required=True)
    cashier = Column("Cashier", "id", "The drawer.")
    closed_on = Column("Closed On", "date", "The day that was closed.", required=True)
    from_ = Column("From", "date", "The day of the first receipt.")
    first_receipt = Column("First Receipt", "id")
    last_receipt = Column("Last Receipt", "id")
    receipts = Column("Receipts", "count")
    cash, checks, electronic, total = columns("money", ("Cash", "Checks", "Electronic", "Total"))
    change_fund, counted, over_short = columns("money", ("Change Fund", "Counted", "Over Short"))
    days = Column("Days", "count", "Number of business days from the first receipt to the deposit.")
    closed_by = Column("Closed By", "text", "The person who closed the day, as on the sheet Users.")
    lines = Column("Lines", "count", "Number of lines in the Cash Book at the close.")
    head = Column("Head", "text", "Seal code of the last line in the Cash Book.")
    seal = Column("Seal", "text", "Seal code of this row and the row before.")
    close_no = Column(
        "Close No",
        "id",
        "Blank: the first close of this deposit. 1: that close was taken back, with its amounts negative. 2: closed again.",
        if_filled=True,
    )


DAY_CLOSES = TableSpec(
    "DayCloses",
    DayClose,
    key=(DayClose.deposit, DayClose.close_no),
    purpose="each closed day with its totals, its deposit and the Cash Book's seal code",
    sealed="chain",
)


class BankLine(Row):
    """One line of the bank statement."""

    date = Column("Date", "date", "The day on the bank statement.", required=True)
    deposit = Column(
        "Deposit",
        "id",
        "The deposit, or several: D-1, D-2. For other lines: Returned, Check, Interest or Fee. Reconcile Bank fills in what is plain.",
    )
    amount = Column(
        "Amount", "money", "The amount on the statement. Amounts the bank took back are negative.", required=True
    )
    reference = Column(
        "Reference", "id", "For a returned check: the receipt number. For a check you wrote: its number."
    )
    note = Column("Note", "text", "Anything the next reader should know.")
    bank_id = Column("Bank Id", "id", "The bank's own number of the line. The same line is not imported twice.")


BANK = TableSpec("Bank", BankLine, purpose="the lines of the bank statement for the collector's account")


class RevenueCode(Row):
    """One code for money other than tax."""

    code = Column("Code", "id", "The code typed on the Counter.", required=True)
    name = Column("Name", "text", "What the money is for.", required=True)
    fund = Column(
        "Fund", "text", "current, trust or suspense.", default="current", choices=("current", "trust", "suspense")
    )
    gl_account = Column("GL Account", "id", "The general ledger account.")


REVENUE_CODES = TableSpec(
    "RevenueCodes", RevenueCode, key=(RevenueCode.code,), purpose="codes for money other than tax"
)


class MappedColumn(Row):
    """One column of a sender's file and the xltax column it fills."""

    mapping = Column("Mapping", "id", "The sender's name, such as a mortgage servicer.", required=True)
    column = Column("Column", "text", "The xltax column to fill.", required=True)
    header = Column(
        "Header",
        "text",
        "The header in the sender's file. For a fixed-width file, the positions, such as 12-20, counted from 1.",
        required=True,
    )
    reads_as = Column(
        "Reads As",
        "text",
        "For amounts: dollars or cents; for dates: ymd, mdy or dmy; for lots such as 8.1: as typed, or two decimals (8.10).",
        choices=("dollars", "cents", "ymd", "mdy", "dmy", "as typed", "two decimals"),
    )
    digits = Column("Digits", "count", "For numbers that lost their leading zeros: the number of digits.", least=0)


MAPPINGS = TableSpec(
    "Mappings",
    MappedColumn,
    key=(MappedColumn.mapping, MappedColumn.column),
    purpose="how to read each sender's file, set up once and used every time",
)


class Batch(Row):
    """One file of payments."""

    batch = Column("Batch", "id", "The batch's number.", required=True)
    from_ = Column("From", "text", "Who sent the file: the name of the mapping.")
    file = Column("File", "text", "The file's name.")
    held_on = Column("Held On", "date", "The day the file was imported.")
    rows = Column("Rows", "count")
    total = Column("Total", "money", "The total of the rows.")
    deposit_total = Column(
        "Deposit Total",
        "money",
        "The amount the sender deposited. The batch total must equal the deposit before posting.",
    )
    status = Column("Status", "text", "held, posted or dropped.", choices=("held", "posted", "dropped"))
    posted_on = Column("Posted On", "date")
    fingerprint = Column(
        "Fingerprint", "text", "A code made from the file. The code keeps the same file from being imported twice."
    )


BATCHES = TableSpec(
    "Batches",
    Batch,
    key=(Batch.batch,),
    purpose="payment files: imported, held for review, reconciled to the deposit, posted",
)


class BatchLine(Row):
    """One payment in a payment file."""

    batch = Column("Batch", "id", "The batch.", required=True)
    row = Column("Row", "count", "The row number in the file.")
    account = Column("Account", "id", "The account for this payment. Correct the account here before posting.")
    bill = Column("Bill", "id", "The bill for this payment.")
    amount = Column("Amount", "money", "The amount of the payment.")
    received = RECEIPTS["Received"]
    effective = CASH_BOOK["Effective"]
    tender = CASH_BOOK["Tender"]
    reference = CASH_BOOK["Reference"]
    by = CASH_BOOK["By"]
    payer = Column("Payer", "text", "The name in the file.")
    status = Column(
        "Status",
        "text",
        "matched, unmatched, duplicate, again, posted or suspense. again: post the row although it repeats a payment.",
        choices=("matched", "unmatched", "duplicate", "again", "posted", "suspense", "dropped"),
    )
    why = Column("Why", "text", "Why the row is not matched, or which row it repeats.")
    receipt = Column("Receipt", "id", "The receipt number after posting.")


BATCH_LINES = TableSpec(
    "BatchLines",
    BatchLine,
    key=(BatchLine.batch, BatchLine.row),
    purpose="the rows of every batch, with the result of each",
)


class SuspenseItem(Row):
    """One receipt whose account is not known yet."""

    receipt = Column("Receipt", "id", "The receipt for the money.")
    received = Column("Received", "date")
    batch = Column("Batch", "id")
    reference = Column("Reference", "id")
    amount, cleared, open = columns("money", ("Amount", "Cleared", "Open"))
    days = Column("Days", "count", "Number of days open.")
    note = Column("Note", "text")


SUSPENSE = TableSpec(
    "Suspense",
    SuspenseItem,
    key=(SuspenseItem.receipt,),
    purpose="money whose account is not known yet and must be cleared",
    below="none",
)


class FoundAccount(Row):
    """One account that a search found."""

    account = Column("Account", "id", "")
    owner, location = columns("text", ("Owner", "Location"))
    block, lot = columns("id", ("Block", "Lot"))
    (total_due,) = columns("money", ("Total Due",))


FOUND = TableSpec("Found", FoundAccount, purpose="the accounts a search found", below="none")


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


CARD_BILLS = TableSpec("CardBills", CardBill, purpose="every installment of the account, all years", below="none")


class CardLine(Row):
    """One payment or adjustment on the account card."""

    date = Column("Date", "date", "The effective date.")
    number = Column("Number", "id", "The receipt number or adjustment number.")
    what = Column("What", "text", "Payment, reversal, adjustment or note.")
    bill = Column("Bill", "id")
    inst = Column("Inst", "count")
    amount = Column("Amount", "money", "Payments and reductions are positive.")
    note = Column("Note", "text")


CARD_LINES = TableSpec("CardLines", CardLine, purpose="the history of the account, by date", below="none")


class ParallelDifference(Row):
    """One balance that differs from the other system's."""

    account = CHARGES["Account"]
    bill = CHARGES["Bill"]
    theirs, ours, difference = columns("money", ("Theirs", "Ours", "Difference"))
    cause = Column("Cause", "text", "The cause that explains the difference to the cent, or not explained.")


PARALLEL = TableSpec(
    "Parallel",
    ParallelDifference,
    purpose="the current system's balances compared with these, with the cause of each difference",
    below="none",
)


class WaiverRequest(Row):
    """One request to waive interest or penalty."""

    no = Column("No", "id", "The request's number.", required=True, aliases=("Request",))
    received = Column("Received", "date", "The day the request was received.", required=True)
    bill = Column("Bill", "id", "The bill in question.", required=True, aliases=ADJUSTMENTS["Bill"].aliases)
    inst = ADJUSTMENTS["Inst"]
    part = ADJUSTMENTS["Part"]
    component = Column("Component", "text", "The charge to waive.", default="interest", choices=("interest", "penalty"))
    asked = Column("Asked", "money", "The amount to waive. Blank: all.", least=0)
    reason = Column("Reason", "text", "The taxpayer's reason.", required=True)
    open = Column("Open", "money", "The amount owed.", derived=True)
    allowed = Column("Allowed", "text", "Yes, or No if the law does not allow a waiver.", derived=True)
    law = Column("Law", "text", "What the law says, or why a waiver is not allowed.", derived=True)
    recommendation = Column(
        "Recommendation", "text", "Grant or Deny. Blank: not reviewed yet.", choices=("Grant", "Deny")
    )
    recommended = Column("Recommended", "money", "The amount recommended. Blank: the amount asked.", least=0)
    recommended_by = Column("Recommended By", "text", "Who makes the recommendation, and the documents reviewed.")
    decision = Column("Decision", "text", "Granted or Denied. Blank: open.", choices=("Granted", "Denied"))
    decided_on = Column("Decided On", "date", "The day of the decision.")
    decided_by = Column("Decided By", "text", "Who decided. The person who recommended cannot also decide.")
    effect = Column("Effect", "id", "The adjustment that recorded the waiver.")
    note = CASH_BOOK["Note"]


WAIVER_REQUESTS = TableSpec(
    "WaiverRequests",
    WaiverRequest,
    key=(WaiverRequest.no,),
    purpose="requests to waive interest or penalty, with the legal limit, recommendation and decision",
)
