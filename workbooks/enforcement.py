"""The delinquency and enforcement sheets: lists, letter texts, notices, the calendar, Watch and the registers."""

from __future__ import annotations

from xltax.sheets.cells import letters
from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.enforcement import (
    CALENDAR,
    CASES,
    LIENS,
    LISTED,
    NOTICES,
    RENTS,
    TEXTS,
    WARRANT_MONEY,
    WARRANTS,
    WATCH,
)

_STANDING = {"Status": 17.0, "Next Step": 36.0, "Note": 24.0}


def enforcement() -> tuple[SheetSpec, ...]:
    """All of them, in the order a collector meets them."""
    return (_list(), _texts(), _notices(), _calendar(), _watch(), _cases(), _liens(), _warrants(), _money(), _rents())


def _list() -> SheetSpec:
    # Over the columns that are as wide as what they say.
    values = (
        ("Account", "list_name", "Mail 1"),
        ("Location", "list_authority", "Part"),
        ("Due", "list_as_of", "Due"),
        ("Tax", "list_total", "Tax"),
        ("Penalty", "list_rule", "Date"),
    )

    def over(column: str) -> str:
        return f"{letters(1 + LISTED.names.index(column))}3"

    cells = [CellAt(over("Items"), "As of"), CellAt(over("Months Late"), "Total")]
    for first, name, last in values:
        cells.append(named(over(first), name, "value", across="" if first == last else over(last)))
    return SheetSpec(
        "List",
        "The most recent list, such as tax sale, demand or suspense. List fills this sheet. Do not type here.",
        "Run List with the name of a list. Leave the name blank to see all lists. The Rules sheet has the limits.",
        cells=tuple(cells),
        tables=(
            Placed(
                LISTED,
                widths={"Owner": 26, "Mail 1": 22, "Mail 2": 22, "Mail 3": 22, "Location": 24, "Class": 7, "Items": 7,
                        "Months Late": 8, "Years": 11, "Types": 9, "Status": 20, "Reason": 34, "Note": 24},
                folded=("Party", "Mail 1", "Mail 2", "Mail 3", "Phone"),
            ),
        ),
        pages_wide=2,
    )  # fmt: skip


def _texts() -> SheetSpec:
    return SheetSpec(
        "Texts",
        "The wording of every letter and certificate, paragraph by paragraph. Change the wording as your town prefers.",
        "Names in braces, such as {owner}, {total} and {respond_by}, are filled in. Style items marks where the bills go.",
        tables=(Placed(TEXTS, widths={"Letter": 18, "No": 6, "Style": 12, "Text": 110}, wrapped=True),),
    )


def _notices() -> SheetSpec:
    return SheetSpec(
        "Notices",
        "Every notice, letter and call, by account. Notices adds the letters. Type phone calls yourself.",
        "Enter certified numbers and returned mail. For a call, enter Kind call, Method phone and your initials.",
        tables=(
            Placed(NOTICES, widths={"No": 8, "Kind": 14, "Owner": 26, "Method": 10, "Certified No": 22, "Note": 30}),
        ),
    )


def _calendar() -> SheetSpec:
    return SheetSpec(
        "Calendar",
        "The office's yearly calendar from this workbook's rules. Calendar fills this sheet and makes a file for your calendar program.",
        "Enter the tax sale date to see the notice deadlines before the sale. The task rules on the Rules sheet set the days.",
        tables=(Placed(CALENDAR, widths={"Task": 66, "Authority": 44, "Note": 50}, wrapped=True),),
    )


def _watch() -> SheetSpec:
    return SheetSpec(
        "Watch",
        "Everything due soon or overdue: registers, notices, inquiries and deadlines. Watch fills this sheet.",
        "Run Watch each morning. Start with the top row, and enter what you did in its register.",
        heading="What Is Due",
        cells=(CellAt("A3", "As of"), named("B3", "watch_as_of", "value")),
        tables=(Placed(WATCH, widths={"Register": 20, "No": 16, "Owner": 28, "What": 48, "Days": 8}),),
    )


def _cases() -> SheetSpec:
    return SheetSpec(
        "Cases",
        "Bankruptcies, agency placements, jeopardy, vehicle holds, promises and suspense. Add a row for each case and enter Closed at the end.",
        "Suspense, uncollectible and jeopardy need a reason. Bankruptcy and agency cases need a number. Then run Watch.",
        tables=(
            Placed(
                CASES,
                widths={
                    "No": 7,
                    "Kind": 18,
                    "Reference": 16,
                    "With": 22,
                    "Reason": 36,
                    "Outcome": 20,
                    "By": 7,
                    **_STANDING,
                },
            ),
        ),
        pages_wide=2,
    )


def _liens() -> SheetSpec:
    return SheetSpec(
        "Liens",
        "Tax liens on the land records and UCC-1 filings, with releases and assignments. File Liens adds the rows.",
        "Enter the date and the book and page or filing number. Enter the release later. Watch shows what is due.",
        tables=(
            Placed(
                LIENS,
                widths={"No": 7, "Kind": 8, "Book": 8, "Page": 8, "Release Book": 9, "Release Page": 9, "Assigned To": 22,
                        "Seal": 18, **_STANDING},
                folded=("Seal",),
            ),
        ),
        pages_wide=2,
    )  # fmt: skip


def _warrants() -> SheetSpec:
    return SheetSpec(
        "Warrants",
        "Alias tax warrants, with officer, amount, service and return. Issue Warrants adds the rows.",
        "Enter the service and the return. Watch calculates the amount collected and the next step.",
        tables=(
            Placed(
                WARRANTS, widths={"No": 7, "Officer": 20, "Method": 12, "Result": 20, **_STANDING}, folded=("Party",)
            ),
        ),
        pages_wide=2,
    )


def _money() -> SheetSpec:
    return SheetSpec(
        "Warrant Money",
        "The accounting of each warrant: the payment, the officer's fee, and the amount and date paid to the town.",
        "Run Warrant Money for each payment. Run Pay Over when the officer pays the town. Both tasks post to the Cash Book.",
        tables=(
            Placed(
                WARRANT_MONEY, widths={"Warrant": 9, "Taken By": 10, "Bank Account": 13, "Seal": 18}, folded=("Seal",)
            ),
        ),
        landscape=False,
    )


def _rents() -> SheetSpec:
    return SheetSpec(
        "Rents",
        "The receiver's rent account: rents received, expenses the court allowed, and amounts paid to the taxes.",
        "Enter rents and expenses. Apply Rents posts to the taxes and enters the receipt. Rents prints the account.",
        tables=(Placed(RENTS, widths={"Kind": 11, "From or To": 26, "Order": 26, "Note": 30}),),
    )
