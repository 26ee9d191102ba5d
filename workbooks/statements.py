"""The treasurer's sheets: the most recent statement, collections with charts, revenue accounts, slips and budget."""

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
    STATEMENT_ROWS,
    TURNOVERS,
)


def statement(family: Family) -> SheetSpec:
    """The lines of the most recent statement."""
    return SheetSpec(
        "Statement",
        "The most recent statement. Every Difference must be $0.00. Found By names the rows in each line.",
        "Run Month Report or Annual Statement. Check the differences. Then sign the printed page.",
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


def statement_rows(family: Family) -> SheetSpec:
    """The rows in each line of the most recent statement."""
    return SheetSpec(
        "Statement Rows",
        "The rows in each line of the most recent statement, with the cell where each row begins.",
        "Filter by Part and Line. The amounts add up to the line on the sheet Statement. Then go to the cell under Where.",
        tables=(Placed(STATEMENT_ROWS, widths={"Part": 38, "Line": 38, "Where": 22, "Record": 18, "Levy Part": 10}),),
    )


def collections(family: Family) -> SheetSpec:
    """Collections by month and delinquency by age, compared with last year."""
    return SheetSpec(
        "Collections",
        "Collections by month and delinquency by age, compared with last year. The statement tasks fill this sheet. Do not type here.",
        "Run Month Report to update this sheet.",
        cells=(CellAt("A3", "As of"), named("B3", "collections_as_of", "value")),
        tables=(
            Placed(MONTHS, widths={"Month": 12, "This Year": 16, "Last Year": 16}),
            Placed(AGES, "E4", widths={"Age": 14, "This Year": 16, "Last Year": 16}),
        ),
        charts=(
            ChartAt(
                "CollectionsByMonth", "I4", "Collections by month", 12,
                "Collections in each of 12 months, this year and last year. The table at A4 has the figures.",
            ),
            ChartAt(
                "DelinquencyByAge", "I22", "Delinquency by age", 5,
                "Delinquent amounts in five age bands, now and a year ago. The table at E4 has the figures.",
            ),
        ),
        widths={"D": 3, "H": 3},
        print_columns="A:R",
    )  # fmt: skip


def accounts(family: Family) -> SheetSpec:
    """The account for each kind of money."""
    return SheetSpec(
        "Revenue Accounts",
        "The revenue account and general ledger account for each kind of money.",
        "One row for each account. The row with the most matching details (column, year, levy type) gets the money. Cash is the bank account.",
        tables=(Placed(ACCOUNTS, widths={"Name": 40, "Column": 12, "Year": 11, "GL Account": 18, "Part": 9}),),
    )


def opening_levies(family: Family) -> SheetSpec:
    """The levies and collections from before this workbook began."""
    return SheetSpec(
        "Opening Levies",
        "Levies and collections from before this workbook began. Use only if this workbook began during a tax year.",
        "One row for each levy year and type of opening balance. Levied less the other amounts must equal the opening balance.",
        cells=(
            CellAt("A3", "This workbook began on"),
            named("D3", "opened_on", "entry", help="The date of the opening balances."),
        ),
        tables=(Placed(OPENING_LEVIES, widths={"Levy Type": 9, "Part": 9, "Source": 50}),),
    )


def turnovers(family: Family) -> SheetSpec:
    """The register of turnover slips."""
    return SheetSpec(
        "Turnover Slips",
        "Every turnover to the treasurer, numbered, by revenue account.",
        "Turnover Slip adds the rows. Each slip starts after the last Cash Book line of the previous slip.",
        tables=(Placed(TURNOVERS, widths={"Name": 40, "Part": 9, "Posted By": 16}),),
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
        "The office's operating budget: amounts approved, spent, ordered and left.",
        "One row for each budget item. Update Spent and Ordered each month.",
        heading="Operating Budget",
        cells=tuple(cells),
        tables=(Placed(BUDGET, widths={"Item": 34, "Note": 40}),),
        widths={"H": 14, "I": 16},
    )
