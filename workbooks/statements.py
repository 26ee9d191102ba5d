"""The treasurer's sheets: the statement last made, collections with their charts, revenue accounts, slips, budget."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, ChartAt, Placed, SheetSpec
from xltax.tables.statements import (
    ACCOUNTS,
    AGES,
    BUDGET,
    COLLECTED,
    COLLECTION_RATE,
    MONTHS,
    OPENING_LEVIES,
    STATEMENT,
    TURNOVERS,
)


def statement(family: Family) -> SheetSpec:
    """The lines of the statement last made."""
    return SheetSpec(
        "Statement",
        "The statement last made, line by line. Every Difference must be 0.00; Found By says which rows a line adds up.",
        "Run Month Report or Annual Statement, read the differences, then sign the page it wrote.",
        cells=(
            named("A3", "statement_kind", "value"),
            CellAt("B3", "From"),
            named("C3", "statement_from", "value"),
            CellAt("E3", "Through"),
            named("F3", "statement_through", "value"),
            CellAt("J3", "Differences, all lines"),
            named("L3", "statement_difference", "value", across="M3"),
        ),
        tables=(
            Placed(STATEMENT, widths={"Part": 38, "Levy Type": 12, "Line": 30, "Found By": 70}, wrapped=True),
            Placed(COLLECTED, "J4", widths={"Standing": 11, "Found By": 60}, wrapped=True),
            Placed(COLLECTION_RATE, "Y4", widths={"Levy Year": 12, "Note": 60}, wrapped=True),
        ),
        widths={"I": 3, "X": 3},
        pages_wide=3,
    )


def collections(family: Family) -> SheetSpec:
    """Collections by month and delinquency by age, beside last year's."""
    return SheetSpec(
        "Collections",
        "Collections by month and delinquency by age, each beside last year's. Written by the statements; type nothing.",
        "Run Month Report to bring it up to date.",
        cells=(CellAt("A3", "As of"), named("B3", "collections_as_of", "value")),
        tables=(
            Placed(MONTHS, widths={"Month": 12, "This Year": 16, "Last Year": 16}),
            Placed(AGES, "E4", widths={"Age": 14, "This Year": 16, "Last Year": 16}),
        ),
        charts=(
            ChartAt(
                "CollectionsByMonth", "I4", "Collections by month", 12,
                "Columns for twelve months: what was collected this year beside last year; the figures are in the table at A4.",
            ),
            ChartAt(
                "DelinquencyByAge", "I22", "Delinquency by age", 5,
                "Columns for five age bands: what is delinquent now beside a year ago; the figures are in the table at E4.",
            ),
        ),
        widths={"D": 3, "H": 3},
        print_columns="A:R",
    )  # fmt: skip


def accounts(family: Family) -> SheetSpec:
    """Which account each kind of money belongs to."""
    return SheetSpec(
        "Revenue Accounts",
        "Which revenue account, and which general-ledger account, each kind of money belongs to.",
        "One row for each account. The row that names most (column, year, levy type) takes the money; Cash is the bank.",
        tables=(Placed(ACCOUNTS, widths={"Name": 40, "Column": 12, "Year": 11, "GL Account": 18, "Part": 9}),),
    )


def opening_levies(family: Family) -> SheetSpec:
    """What the levies were, and what was collected of them, before this book began."""
    return SheetSpec(
        "Opening Levies",
        "For a book that began during a year: what was levied, and what was collected before it. Not needed otherwise.",
        "One row for each levy year and type that came in as opening balances. Levied less the other amounts is what was open.",
        cells=(
            CellAt("A3", "This book began on"),
            named("D3", "opened_on", "entry", help="The day of the opening balances."),
        ),
        tables=(Placed(OPENING_LEVIES, widths={"Levy Type": 9, "Part": 9, "Source": 50}),),
    )


def turnovers(family: Family) -> SheetSpec:
    """The register of turnover slips."""
    return SheetSpec(
        "Turnover Slips",
        "Every turnover to the treasurer, numbered, by revenue account.",
        "Written by Turnover Slip. Each slip begins after the last line of the cash book the one before it took.",
        tables=(Placed(TURNOVERS, widths={"Name": 40, "Part": 9}),),
    )


def budget(family: Family) -> SheetSpec:
    """The office's operating budget."""
    left = "SUM(Budget[Budgeted])-SUM(Budget[Spent])-SUM(Budget[Ordered])"
    sums = (("Budgeted", "SUM(Budget[Budgeted])"), ("Spent", "SUM(Budget[Spent])"),
            ("Ordered", "SUM(Budget[Ordered])"), ("Left", left))  # fmt: skip
    cells = [CellAt("H4", "All items", "section"), CellAt("I4", None, "section")]
    for row, (label, formula) in enumerate(sums, 5):
        cells += [CellAt(f"H{row}", label), CellAt(f"I{row}", f"={formula}", "value", "money", formula=True)]
    return SheetSpec(
        "Budget",
        "The operating budget of this office: what was granted, spent and ordered, and what is left.",
        "One row for each item of the year; bring Spent and Ordered up to date each month.",
        heading="Operating budget",
        cells=tuple(cells),
        tables=(Placed(BUDGET, widths={"Item": 34, "Note": 40}),),
        widths={"H": 14, "I": 16},
    )
