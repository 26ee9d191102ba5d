"""The counter's tables: checks typed and not yet posted, drawers, day closes, the bank, batches, the account card."""

from __future__ import annotations

from xltax.tables.core import ADJUSTMENTS, CASH_BOOK, CHARGES, RECEIPTS
from xltax.tables.schema import Column, TableSpec, columns

COUNTER = TableSpec(
    "Counter",
    (
        Column("Account", "id", "The account the money came for; may be empty where the bill is given."),
        Column("Bill", "id", "The bill, where the payer names one; else the oldest is paid first."),
        Column("Amount", "money", "What this row pays.", required=True, least=1),
        Column("Received", "date", "The day the money came in.", required=True),
        CASH_BOOK["Tender"],
        CASH_BOOK["Reference"],
        Column("Check Total", "money", "The whole check, on its first row, where it pays several bills."),
        Column("Warning", "text", "What the counter should know before posting.", derived=True),
        CASH_BOOK["Effective"],
        CASH_BOOK["By"],
        CASH_BOOK["Directed"],
        Column("Kind", "text", "Payment, Prepayment, or Other for money that is no tax.", default="Payment",
               choices=("Payment", "Prepayment", "Opening", "Other")),
        Column("Revenue Code", "id", "For Other: the code of the Revenue Codes table."),
        Column("Receipt", "id", "A number of a pre-printed receipt; else the next one is given."),
        Column("Cashier", "id", "The drawer, where there are several."),
        CASH_BOOK["Note"],
        Column("Owner", "text", "Who is billed.", derived=True),
        Column("Pays", "text", "How it would be applied, bill by bill.", derived=True),
        Column("Left Over", "money", "What would be credit or refund.", derived=True),
        Column("Check Left", "money", "What is left of the check after this row.", derived=True),
    ),
    purpose="one typed row for each check, shown before it is posted; posting empties it",
)  # fmt: skip

DRAWERS = TableSpec(
    "Drawers",
    (
        Column("Cashier", "id", "The drawer's name, as on the Counter.", required=True),
        Column("Change Fund", "money", "What stays in the drawer overnight.", least=0),
        Column("Note", "text", "Whose it is."),
    ),
    key=("Cashier",),
    purpose="the drawers and their change funds",
)

DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1)

DRAWER_COUNT = TableSpec(
    "DrawerCount",
    (
        Column("Denomination", "money", "The note or coin.", required=True, least=1),
        Column("Pieces", "count", "How many are in the drawer.", least=0),
    ),
    key=("Denomination",),
    purpose="the cash in the drawer at the close of the day, by note and coin",
)

DAY_CLOSES = TableSpec(
    "DayCloses",
    (
        Column("Deposit", "id", "The deposit the day's money goes into.", required=True),
        Column("Cashier", "id", "The drawer."),
        Column("Closed On", "date", "The day it was closed.", required=True),
        Column("From", "date", "The first day of its receipts."),
        Column("First Receipt", "id"),
        Column("Last Receipt", "id"),
        Column("Receipts", "count"),
        *columns("money", ("Cash", "Checks", "Electronic", "Total")),
        *columns("money", ("Change Fund", "Counted", "Over Short")),
        Column("Days", "count", "Business days from the first receipt to the deposit."),
        Column("Closed By", "text", "The user's account name."),
        Column("Lines", "count", "How many lines the cash book had."),
        Column("Head", "text", "The seal of the cash book's last line: the head of the chain."),
        Column("Seal", "text", "A hash of the row and the row before."),
    ),
    key=("Deposit",),
    purpose="each closed day with its totals, its deposit and the head of the cash book's seals",
    sealed=True,
)

BANK = TableSpec(
    "Bank",
    (
        Column("Date", "date", "The day on the bank statement.", required=True),
        Column("Deposit", "id", "The deposit it belongs to; empty for a returned check or a charge."),
        Column("Amount", "money", "As on the statement; what the bank took back is negative.", required=True),
        Column("Reference", "id", "For a returned check: the receipt it was."),
        Column("Note", "text", "Anything the next reader should know."),
    ),
    purpose="the bank statement's lines of the collector's account",
)

REVENUE_CODES = TableSpec(
    "RevenueCodes",
    (
        Column("Code", "id", "The code typed on the Counter.", required=True),
        Column("Name", "text", "What the money is for.", required=True),
        Column("Fund", "text", "current, trust or suspense.", default="current",
               choices=("current", "trust", "suspense")),
        Column("GL Account", "id", "The account of the general ledger."),
    ),
    key=("Code",),
    purpose="what money other than tax is booked to",
)  # fmt: skip

MAPPINGS = TableSpec(
    "Mappings",
    (
        Column("Mapping", "id", "The sender's name, such as the servicer.", required=True),
        Column("Column", "text", "The column of ours it fills.", required=True),
        Column("Header", "text", "Their header, or for fixed width the place: 12-20, counted from 1.", required=True),
        Column("Reads As", "text", "For amounts: dollars or cents; for dates: ymd, mdy or dmy.",
               choices=("dollars", "cents", "ymd", "mdy", "dmy")),
        Column("Digits", "count", "For ids whose leading zeros their file lost: how many digits they have.", least=0),
    ),
    key=("Mapping", "Column"),
    purpose="how each sender's file is read: saved once, used every time",
)  # fmt: skip

BATCHES = TableSpec(
    "Batches",
    (
        Column("Batch", "id", "The batch's number.", required=True),
        Column("From", "text", "Who sent it: its mapping."),
        Column("File", "text", "The file's name."),
        Column("Held On", "date", "The day it was brought in."),
        Column("Rows", "count"),
        Column("Total", "money", "What its rows add up to."),
        Column("Deposit Total", "money", "What the sender deposited: the batch must tie to it before it is posted."),
        Column("Status", "text", "held, posted or dropped.", choices=("held", "posted", "dropped")),
        Column("Posted On", "date"),
        Column("Fingerprint", "text", "A hash of the file: the same file is not brought in twice."),
    ),
    key=("Batch",),
    purpose="files of payments: brought in, held for review, proved against their deposit, posted",
)

BATCH_LINES = TableSpec(
    "BatchLines",
    (
        Column("Batch", "id", "The batch.", required=True),
        Column("Row", "count", "The row of the file."),
        Column("Account", "id", "The account it is for; correct it here before posting."),
        Column("Bill", "id", "The bill it is for."),
        Column("Amount", "money", "The payment."),
        RECEIPTS["Received"],
        CASH_BOOK["Effective"],
        CASH_BOOK["Tender"],
        CASH_BOOK["Reference"],
        CASH_BOOK["By"],
        Column("Payer", "text", "The name in the file."),
        Column("Status", "text", "matched, unmatched, duplicate, posted or suspense.",
               choices=("matched", "unmatched", "duplicate", "posted", "suspense", "dropped")),
        Column("Why", "text", "Why it is not matched, or what it repeats."),
        Column("Receipt", "id", "The receipt it became."),
    ),
    key=("Batch", "Row"),
    purpose="the rows of every batch with what became of each",
)  # fmt: skip

SUSPENSE = TableSpec(
    "Suspense",
    (
        Column("Receipt", "id", "The receipt the money came in by."),
        Column("Received", "date"),
        Column("Batch", "id"),
        Column("Reference", "id"),
        *columns("money", ("Amount", "Cleared", "Open")),
        Column("Days", "count", "How long it has been open."),
        Column("Note", "text"),
    ),
    key=("Receipt",),
    purpose="money whose account is not known yet; it has to be cleared",
)

FOUND = TableSpec(
    "Found",
    (
        Column("Account", "id", ""),
        *columns("text", ("Owner", "Location")),
        *columns("id", ("Block", "Lot")),
        *columns("money", ("Total Due",)),
    ),
    purpose="the accounts a search found",
)

CARD_BILLS = TableSpec(
    "CardBills",
    (
        *(CHARGES[n] for n in ("Bill", "Levy Year", "Levy Type", "Part", "Inst", "Due")),
        *columns("money", ("Billed", "Tax", "Interest", "Penalty", "Costs", "Total")),
    ),
    purpose="every installment of the account, all years",
)

CARD_LINES = TableSpec(
    "CardLines",
    (
        Column("Date", "date", "The day it counts from."),
        Column("Number", "id", "The receipt or the adjustment."),
        Column("What", "text", "The payment, reversal, adjustment or note."),
        Column("Bill", "id"),
        Column("Inst", "count"),
        Column("Amount", "money", "Payments and what lowers are positive."),
        Column("Note", "text"),
    ),
    purpose="everything that happened on the account, by date",
)

PARALLEL = TableSpec(
    "Parallel",
    (
        CHARGES["Account"],
        CHARGES["Bill"],
        *columns("money", ("Theirs", "Ours", "Difference")),
        Column("Cause", "text", "What explains the difference to the cent, or not explained."),
    ),
    purpose="the present vendor's balances against ours, each cent explained",
)

WAIVER_REQUESTS = TableSpec(
    "WaiverRequests",
    (
        Column("No", "id", "The request's number.", required=True, aliases=("Request",)),
        Column("Received", "date", "The day it came in.", required=True),
        Column("Bill", "id", "The bill it is about.", required=True, aliases=ADJUSTMENTS["Bill"].aliases),
        ADJUSTMENTS["Inst"],
        ADJUSTMENTS["Part"],
        Column("Component", "text", "What is to be waived.", default="interest", choices=("interest", "penalty")),
        Column("Asked", "money", "How much; blank: all of it.", least=0),
        Column("Reason", "text", "Why, as the taxpayer says.", required=True),
        Column("Open", "money", "How much of it is owed.", derived=True),
        Column("Allowed", "text", "Yes, or No where the law does not let it be waived.", derived=True),
        Column("Law", "text", "What the law says, or why it cannot be waived.", derived=True),
        Column("Recommendation", "text", "Blank: not looked at.", choices=("Grant", "Deny")),
        Column("Recommended", "money", "How much; blank: what was asked.", least=0),
        Column("Recommended By", "text", "Who recommends it, with the papers looked at."),
        Column("Decision", "text", "Blank: open.", choices=("Granted", "Denied")),
        Column("Decided On", "date", "The day of the decision."),
        Column("Decided By", "text", "Who decided: somebody else."),
        Column("Effect", "id", "The adjustment it was entered with."),
        CASH_BOOK["Note"],
    ),
    key=("No",),
    purpose="requests to waive interest or penalty: what is asked, what the law allows, recommended, decided",
)
