"""The treasurer's tables: statements as last made, revenue accounts, turnover slips, the office's budget."""

from __future__ import annotations

from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.schema import Column, TableSpec, columns

_YEAR = Column("Levy Year", "year", DUPLICATE["Levy Year"].help)
_TYPE = Column("Levy Type", "text", DUPLICATE["Levy Type"].help)
_LEVY_PART = Column("Levy Part", "text", "The part of the levy, such as City or State; blank where there is one only.")
_FOUND = Column("Found By", "text", "Which rows it adds up, so that a filter on that sheet gives the same sum.")

STATEMENT = TableSpec(
    "Statement",
    (
        Column("Part", "text", "The part of the statement."),
        _YEAR,
        _TYPE,
        Column("Line", "text", "The line as the state's form has it."),
        Column("Rows", "count", "How many rows it adds up."),
        Column("Amount", "money", "What they come to: what raises is positive, what lowers negative."),
        _FOUND,
        _LEVY_PART,
    ),
    purpose="the lines of the statement last made; every Difference must be 0.00",
)

COLLECTED = TableSpec(
    "Collected",
    (
        _YEAR,
        _TYPE,
        Column("Standing", "text", "lien or suspense, where the bill was transferred there before; else blank."),
        Column("Rows", "count", "Lines of the cash book."),
        *columns("money", ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total")),
        _FOUND,
        _LEVY_PART,
    ),
    purpose="what was collected in the period, by levy, each kind of money in a column of its own",
)

COLLECTION_RATE = TableSpec(
    "CollectionRate",
    (
        Column("Levy Year", "text", "The levy year; the last row is the average."),
        *columns("money", ("Levied", "Collected")),
        Column("Percent", "number", "Collected over levied, to two places; blank where it is withheld."),
        Column("Note", "text", "What was taken off the levy, or why the percentage is withheld."),
    ),
    purpose="percent of the levy collected by the day of the statement, and the average of three years",
)

OPENING_LEVIES = TableSpec(
    "OpeningLevies",
    (
        Column("Levy Year", "year", _YEAR.help, required=True),
        Column("Levy Type", "text", _TYPE.help, default="RE", choices=DUPLICATE["Levy Type"].choices),
        Column("Part", "text", _LEVY_PART.help),
        Column("Levied", "money", "The certified levy, before deductions.", required=True, least=0),
        Column("Collected", "money", "Tax collected before this book began, discounts not among it.", least=0),
        Column("Discounts", "money", "Discounts allowed before this book began.", least=0),
        Column("Deductions", "money", "State deductions taken off the levy.", least=0),
        Column("Canceled", "money", "Abated, canceled, or transferred to liens before this book began.", least=0),
        Column("Source", "text", "The duplicate, abstract or report the figures come from."),
    ),
    key=("Levy Year", "Levy Type", "Part"),
    purpose="what was levied and collected before this book began, so that a percentage can be given",
)

MONTHS = TableSpec(
    "CollectionsByMonth",
    (
        Column("Month", "text", "The month."),
        Column("This Year", "money", "Collected in the twelve months to the day of the statement."),
        Column("Last Year", "money", "Collected in the same months a year before."),
    ),
    purpose="collections by month, beside last year's",
)

AGES = TableSpec(
    "DelinquencyByAge",
    (
        Column("Age", "text", "How long past due."),
        Column("This Year", "money", "Delinquent on the day of the statement."),
        Column("Last Year", "money", "Delinquent on the same day a year before, as it was known then."),
    ),
    purpose="delinquent tax and charges by age, beside last year's",
)

WHICH_YEAR = ("Current", "Prior", "Next")
MONEY_COLUMNS = ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Cash")

ACCOUNTS = TableSpec(
    "RevenueAccounts",
    (
        Column("Code", "id", "The revenue account's code.", required=True, aliases=("Revenue Code",)),
        Column("Name", "text", "What it is called."),
        Column("Column", "text", "The cash-book column it takes; Cash: the bank account.", choices=MONEY_COLUMNS),
        Column(
            "Year",
            "text",
            "Current, Prior or Next levy year; blank: any.",
            choices=WHICH_YEAR,
        ),
        Column("Levy Type", "text", "Only this levy type; blank: any.", choices=DUPLICATE["Levy Type"].choices),
        Column("GL Account", "id", "The account in the town's general ledger."),
        Column("Part", "text", "Only this part of the levy, such as City or State; blank: any."),
    ),
    key=("Code", "Column", "Year", "Levy Type", "Part"),
    purpose="which revenue account and general-ledger account each kind of money belongs to",
)

TURNOVERS = TableSpec(
    "Turnovers",
    (
        Column("Slip", "count", "The slip's number.", required=True),
        Column("Date", "date", "The day the money was turned over.", required=True),
        Column("Code", "id", "The revenue account."),
        Column("Name", "text", "What it is called."),
        Column("Lines", "count", "Lines of the cash book."),
        Column("Amount", "money", "What went over on this account."),
        Column("First Line", "count", "The first line of the cash book on the slip, counted from its top."),
        Column("Last Line", "count", "The last one; the next slip begins after it."),
        Column("Part", "text", "The part of the levy, such as City or State; blank where there is one only."),
    ),
    key=("Slip", "Code", "Part"),
    purpose="every turnover to the treasurer, by revenue account, numbered",
)

BUDGET = TableSpec(
    "Budget",
    (
        _YEAR,
        Column("Item", "text", "Such as salaries, postage, printing, training.", required=True),
        Column("Budgeted", "money", "What the governing body granted."),
        Column("Spent", "money", "What was spent so far."),
        Column("Ordered", "money", "What is ordered and not yet paid."),
        CASH_BOOK["Note"],
    ),
    purpose="the operating budget of the office",
)
