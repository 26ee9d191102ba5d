"""The treasurer's tables: statements as last made, revenue accounts, turnover slips, the office's budget."""

from __future__ import annotations

from xltax.ledger.schema import Column, TableSpec, columns
from xltax.ledger.tables.core import CASH_BOOK, DUPLICATE

_YEAR = Column("Levy Year", "year", DUPLICATE["Levy Year"].help)
_TYPE = Column("Levy Type", "text", DUPLICATE["Levy Type"].help)
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
    ),
    purpose="what was collected in the period, by levy, each kind of money in a column of its own",
)

COLLECTION_RATE = TableSpec(
    "CollectionRate",
    (
        Column("Levy Year", "text", "The levy year; the last row is the average."),
        *columns("money", ("Levied", "Collected")),
        Column("Percent", "number", "Collected over levied, to two places."),
    ),
    purpose="percent of the levy collected by the day of the statement, and the average of three years",
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
    ),
    key=("Code", "Column", "Year", "Levy Type"),
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
    ),
    key=("Slip", "Code"),
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
