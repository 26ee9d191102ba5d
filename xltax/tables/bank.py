"""The bank's tables: statement balances, checks written, other money owed, reconciliations, and the age of credits."""

from __future__ import annotations

from xltax.tables.core import CHARGES
from xltax.tables.schema import Column, Row, TableSpec, columns


class BankBalance(Row):
    """The ending balance of one bank statement."""

    date = Column("Date", "date", "The last day of the statement.", required=True)
    balance = Column("Balance", "money", "The ending balance on the statement.", required=True)
    file = Column("File", "text", "The bank's file with this balance. Blank: typed from the statement.")


BANK_BALANCES = TableSpec(
    "BankBalances",
    BankBalance,
    key=(BankBalance.date,),
    purpose="the ending balance of every bank statement",
)

REFUND, TURNOVER, TRUST, BANK_FEE, OTHER = "Refund", "Turnover", "Trust", "Bank Fee", "Other"


class PaidOut(Row):
    """One check or other payment out of the collector's account."""

    no = Column(
        "No", "id", "The check number. For a wire or a bank fee: a number of your own, such as W-1.", required=True
    )
    date = Column("Date", "date", "The day of the check.", required=True)
    payee = Column("Payee", "text", "Who is paid.", required=True)
    amount = Column("Amount", "money", "The amount of the check.", required=True, least=1)
    for_ = Column(
        "For",
        "text",
        "What the check pays: a Refund, a Turnover to the treasurer, Trust money, a Bank Fee, or Other.",
        required=True,
        choices=(REFUND, TURNOVER, TRUST, BANK_FEE, OTHER),
    )
    for_no = Column(
        "For No", "id", "The adjustment of a refund, the number of a slip, or the revenue code of trust money."
    )
    voided = Column("Voided", "date", "The day the check was voided or stopped.")
    cleared = Column("Cleared", "date", "The day the bank paid the check.", derived=True)
    note = Column("Note", "text", "Anything the next reader should know.")


PAID_OUT = TableSpec(
    "PaidOut",
    PaidOut,
    key=(PaidOut.no,),
    purpose="every check written on the collector's account, with the day the bank paid it",
)


class Owed(Row):
    """Money in the account that the workbook does not know, and whose money it is."""

    what = Column(
        "What",
        "text",
        "What the money is, such as protested taxes or a balance from before this workbook.",
        required=True,
    )
    amount = Column("Amount", "money", "The amount in the account.", required=True)
    from_ = Column("From", "date", "The first day this counts.", required=True)
    to = Column("To", "date", "The last day this counts. Blank: it still counts.")
    explained_by = Column("Explained By", "text", "The document that shows the amount.", required=True)


OWED = TableSpec("Owed", Owed, purpose="other money in the account, which the workbook does not know")


class ReconciledLine(Row):
    """One line of one bank reconciliation."""

    no = Column("No", "count", "The number of the reconciliation.", required=True)
    as_of = Column("As Of", "date", "The day of the reconciliation.", required=True)
    section = Column("Section", "text", "The part of the page.")
    item = Column("Item", "id", "The deposit, check or receipt.")
    dated = Column("Dated", "date", "The day of the item.")
    detail = Column("Detail", "text", "The receipts of a deposit, the payee of a check, or what to do.")
    amount = Column("Amount", "money", "The amount, with its sign in the sum.")
    prepared_by = Column("Prepared By", "text", "Who ran the task.")
    reviewed_by = Column(
        "Reviewed By", "text", "Who reviewed the reconciliation: another person. Blank: signed on paper."
    )
    seal = Column("Seal", "text", "Seal code of this row and the row before.")


RECONCILIATIONS = TableSpec(
    "Reconciliations",
    ReconciledLine,
    purpose="every bank reconciliation, line by line, as it was printed",
    sealed="chain",
)


class AgedCredit(Row):
    """One part of an account's credit, by the day the money became a credit."""

    account = CHARGES["Account"]
    owner = Column("Owner", "text", "The owner on the Roll.")
    amount = Column("Amount", "money", "The part of the credit that is left.")
    since = Column("Since", "date", "The day the money became a credit.")
    source = Column("Source", "id", "The receipt or reallocation that made the credit.")
    days = Column("Days", "count", "The age in days.")
    last_payment = Column("Last Payment", "date", "The last payment or question from this account.")
    refund_by = Column("Refund By", "date", "The last day for the office to refund. Blank: no rule gives a day.")
    claim_by = Column(
        "Claim By", "date", "The last day for the owner to ask for the money. Blank: no rule gives a day."
    )
    dormant_on = Column(
        "Dormant On", "date", "The day the money is presumed abandoned. Blank: no rule gives the years."
    )
    notice_on = Column("Notice On", "date", "The day of the letter to the owner.")
    reported_on = Column("Reported On", "date", "The day of the report to the State.")
    stage = Column("Stage", "text", "held, refund due, one year, notice sent, presumed abandoned or reported.")
    (check,) = columns("id", ("Check",))


AGED_CREDITS = TableSpec(
    "AgedCredits",
    AgedCredit,
    purpose="credits and uncashed refund checks by age, with the steps toward unclaimed money",
    below="none",
)
