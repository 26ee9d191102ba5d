"""The treasurer's tables: the most recent statement, revenue accounts, turnover slips and the office budget."""

from __future__ import annotations

from xltax.law.general_ledger import BALANCE_SHEET, MONEY
from xltax.tables.core import CASH_BOOK, DUPLICATE
from xltax.tables.schema import Column, Row, TableSpec, columns

_YEAR = Column("Levy Year", "year", DUPLICATE["Levy Year"].help)
_TYPE = Column("Levy Type", "text", DUPLICATE["Levy Type"].help)
_LEVY_PART = Column("Levy Part", "text", "The part of the levy, such as City or State. Blank: the levy has one part.")
_FOUND = Column("Found By", "text", "The rows this line adds up. The same filter on that sheet gives the same total.")


class StatementLine(Row):
    """One line of a statement."""

    part = Column("Part", "text", "The part of the statement.")
    levy_year = _YEAR
    levy_type = _TYPE
    line = Column("Line", "text", "The line on the State's form, with its number.")
    rows = Column("Rows", "count", "Number of rows in this line.")
    amount = Column(
        "Amount",
        "money",
        "The total of the rows. Decreases are negative, if the form does not print them as positive. For a percentage: the percent.",
    )
    found_by = _FOUND
    levy_part = _LEVY_PART


STATEMENT = TableSpec(
    "Statement",
    StatementLine,
    purpose="the lines of the most recent statement; every Difference must be $0.00",
    below="none",
)


class StatementRow(Row):
    """One row that a line of the statement adds up."""

    part = Column("Part", "text", "The part of the statement.")
    levy_year = _YEAR
    levy_type = _TYPE
    levy_part = _LEVY_PART
    line = Column("Line", "text", "The line of the statement that includes this row.")
    where = Column("Where", "text", "The sheet and the cell where this row begins.")
    record = Column("Record", "id", "The receipt, bill, adjustment, certificate, slip or deposit.")
    day = Column("Day", "date", "The day the row counts. Blank: a balance.")
    amount = Column("Amount", "money", "The amount in the line.")


STATEMENT_ROWS = TableSpec(
    "StatementRows",
    StatementRow,
    purpose="the rows in each line of the most recent statement; filter by Part and Line, and go to Where",
    below="none",
)


class CollectedLine(Row):
    """The collections of one levy."""

    levy_year = _YEAR
    levy_type = _TYPE
    standing = Column(
        "Standing", "text", "lien or suspense, if the bill was transferred earlier. Blank: not transferred."
    )
    rows = Column("Rows", "count", "Number of Cash Book lines.")
    tax, interest, penalty, costs, misc, overpaid, discount, total = columns(
        "money", ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total")
    )
    found_by = _FOUND
    levy_part = _LEVY_PART


COLLECTED = TableSpec(
    "Collected",
    CollectedLine,
    purpose="collections in the period by levy, with a column for each kind of money",
    below="none",
)


class CollectionRateLine(Row):
    """The percent collected of one year's levy."""

    levy_year = Column("Levy Year", "text", "The levy year. The last row is the average.")
    levied, collected = columns("money", ("Levied", "Collected"))
    percent = Column("Percent", "number", "Collected divided by levied, to two decimals. Blank: no percent is given.")
    note = Column("Note", "text", "The amounts taken off the levy, or why no percent is given.")


COLLECTION_RATE = TableSpec(
    "CollectionRate",
    CollectionRateLine,
    purpose="percent of the levy collected by the day of the statement, and the average of three years",
    below="none",
)


class OpeningLevy(Row):
    """The levy and collections of one year before this workbook began."""

    levy_year = Column("Levy Year", "year", _YEAR.help, required=True)
    levy_type = Column("Levy Type", "text", _TYPE.help, default="RE", choices=DUPLICATE["Levy Type"].choices)
    part = Column("Part", "text", _LEVY_PART.help)
    levied = Column("Levied", "money", "The certified levy, before deductions.", required=True, least=0)
    collected = Column("Collected", "money", "Tax collected before this workbook began, without discounts.", least=0)
    discounts = Column("Discounts", "money", "Discounts allowed before this workbook began.", least=0)
    deductions = Column("Deductions", "money", "State deductions taken off the levy.", least=0)
    canceled = Column(
        "Canceled", "money", "Amounts abated, canceled or transferred to liens before this workbook began.", least=0
    )
    source = Column("Source", "text", "The duplicate, abstract or report with these figures.")


OPENING_LEVIES = TableSpec(
    "OpeningLevies",
    OpeningLevy,
    key=(OpeningLevy.levy_year, OpeningLevy.levy_type, OpeningLevy.part),
    purpose="the levy and collections before this workbook began, used for the percent collected",
)


class MonthCollected(Row):
    """The collections of one month."""

    month = Column("Month", "text", "The month.")
    this_year = Column("This Year", "money", "Collected in the 12 months up to the statement date.")
    last_year = Column("Last Year", "money", "Collected in the same months a year earlier.")


MONTHS = TableSpec(
    "CollectionsByMonth", MonthCollected, purpose="collections by month, compared with last year", below="none"
)


class AgeBand(Row):
    """The amount past due in one age band."""

    age = Column("Age", "text", "How long past due.")
    this_year = Column("This Year", "money", "Delinquent on the statement date.")
    last_year = Column("Last Year", "money", "Delinquent on the same day a year earlier, as known then.")


AGES = TableSpec(
    "DelinquencyByAge", AgeBand, purpose="delinquent tax and charges by age, compared with last year", below="none"
)

WHICH_YEAR = ("Current", "Prior", "Next")
MONEY_COLUMNS = MONEY


class RevenueAccount(Row):
    """The general ledger account for one kind of money."""

    code = Column("Code", "id", "The revenue account's code.", required=True, aliases=("Revenue Code",))
    name = Column("Name", "text", "The name of the account.")
    column = Column(
        "Column",
        "text",
        "The Cash Book column this account receives. Cash: the bank account. Receivable and the others: balance sheet accounts.",
        choices=(*MONEY_COLUMNS, *BALANCE_SHEET),
    )
    year = Column(
        "Year",
        "text",
        "Current, Prior or Next levy year. Blank: any year.",
        choices=WHICH_YEAR,
    )
    levy_type = Column(
        "Levy Type", "text", "Only this levy type. Blank: any type.", choices=DUPLICATE["Levy Type"].choices
    )
    gl_account = Column("GL Account", "id", "The account number in the town's general ledger.")
    part = Column("Part", "text", "Only this part of the levy, such as City or State. Blank: any part.")


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
    purpose="the revenue account and general ledger account for each kind of money",
)


class Turnover(Row):
    """One amount turned over to the treasurer."""

    slip = Column("Slip", "count", "The slip's number.", required=True)
    date = Column("Date", "date", "The day the money was turned over.", required=True)
    code = Column("Code", "id", "The revenue account.")
    name = Column("Name", "text", "The name of the account.")
    lines = Column("Lines", "count", "Number of Cash Book lines.")
    amount = Column("Amount", "money", "The amount turned over for this account.")
    first_line = Column("First Line", "count", "The first Cash Book line on the slip, counted from the top.")
    last_line = Column(
        "Last Line", "count", "The last Cash Book line on the slip. The next slip starts after this line."
    )
    part = Column("Part", "text", "The part of the levy, such as City or State. Blank: the levy has one part.")
    seal = Column("Seal", "text", "Seal code of this row and the row before.")
    posted_by = CASH_BOOK["Posted By"]


TURNOVERS = TableSpec(
    "Turnovers",
    Turnover,
    key=(Turnover.slip, Turnover.code, Turnover.part),
    purpose="every turnover to the treasurer, by revenue account, numbered",
    sealed="chain",
)


class BudgetLine(Row):
    """One line of the office's operating budget."""

    levy_year = _YEAR
    item = Column("Item", "text", "The budget item, such as salaries, postage, printing or training.", required=True)
    budgeted = Column("Budgeted", "money", "The amount the governing body approved.")
    spent = Column("Spent", "money", "The amount spent so far.")
    ordered = Column("Ordered", "money", "The amount ordered but not paid yet.")
    note = CASH_BOOK["Note"]


BUDGET = TableSpec("Budget", BudgetLine, purpose="the office's operating budget")
