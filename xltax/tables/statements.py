"""The treasurer's tables: statements as last made, revenue accounts, turnover slips, the office's budget."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.schema import Column, Row, TableSpec, columns

_YEAR = Column("Levy Year", "year", DUPLICATE["Levy Year"].help)
_TYPE = Column("Levy Type", "text", DUPLICATE["Levy Type"].help)
_LEVY_PART = Column("Levy Part", "text", "The part of the levy, such as City or State; blank where there is one only.")
_FOUND = Column("Found By", "text", "Which rows it adds up, so that a filter on that sheet gives the same sum.")


class StatementLine(Row):
    """One line of a statement."""

    part = Column("Part", "text", "The part of the statement.")
    levy_year = _YEAR
    levy_type = _TYPE
    line = Column("Line", "text", "The line as the state's form has it.")
    rows = Column("Rows", "count", "How many rows it adds up.")
    amount = Column("Amount", "money", "What they come to: what raises is positive, what lowers negative.")
    found_by = _FOUND
    levy_part = _LEVY_PART


STATEMENT = TableSpec(
    "Statement", StatementLine, purpose="the lines of the statement last made; every Difference must be 0.00"
)


class CollectedLine(Row):
    """What was collected of one levy."""

    levy_year = _YEAR
    levy_type = _TYPE
    standing = Column("Standing", "text", "lien or suspense, where the bill was transferred there before; else blank.")
    rows = Column("Rows", "count", "Lines of the cash book.")
    tax, interest, penalty, costs, misc, overpaid, discount, total = columns(
        "money", ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total")
    )
    found_by = _FOUND
    levy_part = _LEVY_PART


COLLECTED = TableSpec(
    "Collected",
    CollectedLine,
    purpose="what was collected in the period, by levy, each kind of money in a column of its own",
)


class CollectionRateLine(Row):
    """The percentage collected of one year's levy."""

    levy_year = Column("Levy Year", "text", "The levy year; the last row is the average.")
    levied, collected = columns("money", ("Levied", "Collected"))
    percent = Column("Percent", "number", "Collected over levied, to two places; blank where it is withheld.")
    note = Column("Note", "text", "What was taken off the levy, or why the percentage is withheld.")


COLLECTION_RATE = TableSpec(
    "CollectionRate",
    CollectionRateLine,
    purpose="percent of the levy collected by the day of the statement, and the average of three years",
)


class OpeningLevy(Row):
    """What one year's levy came to before this workbook began."""

    levy_year = Column("Levy Year", "year", _YEAR.help, required=True)
    levy_type = Column("Levy Type", "text", _TYPE.help, default="RE", choices=DUPLICATE["Levy Type"].choices)
    part = Column("Part", "text", _LEVY_PART.help)
    levied = Column("Levied", "money", "The certified levy, before deductions.", required=True, least=0)
    collected = Column("Collected", "money", "Tax collected before this book began, discounts not among it.", least=0)
    discounts = Column("Discounts", "money", "Discounts allowed before this book began.", least=0)
    deductions = Column("Deductions", "money", "State deductions taken off the levy.", least=0)
    canceled = Column("Canceled", "money", "Abated, canceled, or transferred to liens before this book began.", least=0)
    source = Column("Source", "text", "The duplicate, abstract or report the figures come from.")


OPENING_LEVIES = TableSpec(
    "OpeningLevies",
    OpeningLevy,
    key=(OpeningLevy.levy_year, OpeningLevy.levy_type, OpeningLevy.part),
    purpose="what was levied and collected before this book began, so that a percentage can be given",
)


class MonthCollected(Row):
    """What was collected in one month."""

    month = Column("Month", "text", "The month.")
    this_year = Column("This Year", "money", "Collected in the twelve months to the day of the statement.")
    last_year = Column("Last Year", "money", "Collected in the same months a year before.")


MONTHS = TableSpec("CollectionsByMonth", MonthCollected, purpose="collections by month, beside last year's")


class AgeBand(Row):
    """What is past due in one age band."""

    age = Column("Age", "text", "How long past due.")
    this_year = Column("This Year", "money", "Delinquent on the day of the statement.")
    last_year = Column("Last Year", "money", "Delinquent on the same day a year before, as it was known then.")


AGES = TableSpec("DelinquencyByAge", AgeBand, purpose="delinquent tax and charges by age, beside last year's")

WHICH_YEAR = ("Current", "Prior", "Next")
MONEY_COLUMNS = ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Cash")


class RevenueAccount(Row):
    """Which account of the general ledger one kind of money goes to."""

    code = Column("Code", "id", "The revenue account's code.", required=True, aliases=("Revenue Code",))
    name = Column("Name", "text", "What it is called.")
    column = Column("Column", "text", "The cash-book column it takes; Cash: the bank account.", choices=MONEY_COLUMNS)
    year = Column(
        "Year",
        "text",
        "Current, Prior or Next levy year; blank: any.",
        choices=WHICH_YEAR,
    )
    levy_type = Column("Levy Type", "text", "Only this levy type; blank: any.", choices=DUPLICATE["Levy Type"].choices)
    gl_account = Column("GL Account", "id", "The account in the town's general ledger.")
    part = Column("Part", "text", "Only this part of the levy, such as City or State; blank: any.")


ACCOUNTS = TableSpec(
    "RevenueAccounts",
    RevenueAccount,
    key=(
        RevenueAccount.code,
        RevenueAccount.column,
        RevenueAccount.year,
        RevenueAccount.levy_type,
        RevenueAccount.part,
    ),
    purpose="which revenue account and general-ledger account each kind of money belongs to",
)


class Turnover(Row):
    """One amount turned over to the treasurer."""

    slip = Column("Slip", "count", "The slip's number.", required=True)
    date = Column("Date", "date", "The day the money was turned over.", required=True)
    code = Column("Code", "id", "The revenue account.")
    name = Column("Name", "text", "What it is called.")
    lines = Column("Lines", "count", "Lines of the cash book.")
    amount = Column("Amount", "money", "What went over on this account.")
    first_line = Column("First Line", "count", "The first line of the cash book on the slip, counted from its top.")
    last_line = Column("Last Line", "count", "The last one; the next slip begins after it.")
    part = Column("Part", "text", "The part of the levy, such as City or State; blank where there is one only.")


TURNOVERS = TableSpec(
    "Turnovers",
    Turnover,
    key=(Turnover.slip, Turnover.code, Turnover.part),
    purpose="every turnover to the treasurer, by revenue account, numbered",
)


class BudgetLine(Row):
    """One line of the operating budget."""

    levy_year = _YEAR
    item = Column("Item", "text", "Such as salaries, postage, printing, training.", required=True)
    budgeted = Column("Budgeted", "money", "What the governing body granted.")
    spent = Column("Spent", "money", "What was spent so far.")
    ordered = Column("Ordered", "money", "What is ordered and not yet paid.")
    note = CASH_BOOK["Note"]


BUDGET = TableSpec("Budget", BudgetLine, purpose="the operating budget of the office")
