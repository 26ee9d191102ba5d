"""The sheets of the delinquency and enforcement desks: list, letters' words, notices, calendar, watch, and the registers."""

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
        "The list last made: tax sale, demand, suspense and so on. Written by List; type nothing here.",
        "Choose List with a name; with no name it says which lists this town has. Rules holds their limits.",
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
        "The words of every letter and certificate, paragraph by paragraph. Reword them as your town likes.",
        "{owner}, {total}, {respond_by} and other names in braces are filled in; items marks where the bills stand.",
        tables=(Placed(TEXTS, widths={"Letter": 18, "No": 6, "Style": 12, "Text": 110}, wrapped=True),),
    )


def _notices() -> SheetSpec:
    return SheetSpec(
        "Notices",
        "Every notice, letter and call, account by account. Written by Notices; calls are typed here.",
        "Enter certified numbers, mail that came back, and calls: Kind call, Method phone, your initials.",
        tables=(
            Placed(NOTICES, widths={"No": 8, "Kind": 14, "Owner": 26, "Method": 10, "Certified No": 22, "Note": 30}),
        ),
    )


def _calendar() -> SheetSpec:
    return SheetSpec(
        "Calendar",
        "The office's year from the rules of this book. Written by Calendar, with a file for your calendar program.",
        "Give the day of a tax sale to have its notices counted back. Days are the task rules on Rules.",
        tables=(Placed(CALENDAR, widths={"Task": 66, "Authority": 44, "Note": 50}, wrapped=True),),
    )


def _watch() -> SheetSpec:
    return SheetSpec(
        "Watch",
        "What is due soon or overdue over all registers, notices, inquiries and limits of time. Written by Watch.",
        "Run Watch in the morning, do what stands on top, and enter it in its register.",
        heading="What is due",
        cells=(CellAt("A3", "As of"), named("B3", "watch_as_of", "value")),
        tables=(Placed(WATCH, widths={"Register": 20, "No": 16, "Owner": 28, "What": 48, "Days": 8}),),
    )


def _cases() -> SheetSpec:
    return SheetSpec(
        "Cases",
        "Bankruptcies, agency placements, jeopardy, vehicle holds, promises, suspense: a row each, closed when it ends.",
        "Suspense, uncollectible and jeopardy need a reason; bankruptcy and agencies their number. Then run Watch.",
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
        "Tax liens: land records and UCC-1; recorded, released, assigned. Prepared by File liens.",
        "Enter the day, book and page or filing number; then the release. Watch says what is due.",
        tables=(
            Placed(
                LIENS,
                widths={"No": 7, "Kind": 8, "Book": 8, "Page": 8, "Release Book": 9, "Release Page": 9, "Assigned To": 22,
                        **_STANDING},
            ),
        ),
        pages_wide=2,
    )  # fmt: skip


def _warrants() -> SheetSpec:
    return SheetSpec(
        "Warrants",
        "Alias tax warrants: to whom, for how much, when served and how, when returned. Written by Issue warrants.",
        "Enter service and return; Watch works out what was collected and what is due next.",
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
        "The accounting of each warrant: what was paid, the officer's fee first, what came to the town and when.",
        "Run Warrant money for each payment, and Pay over when the officer pays: both post to the Cash Book.",
        tables=(Placed(WARRANT_MONEY, widths={"Warrant": 9, "Taken By": 10, "Bank Account": 13}),),
        landscape=False,
    )


def _rents() -> SheetSpec:
    return SheetSpec(
        "Rents",
        "The receiver's rent account: rents in, expenses the court allowed, what was applied to the taxes.",
        "Enter rents and expenses. Apply rents posts to the taxes and enters its receipt; Rents prints the account.",
        tables=(Placed(RENTS, widths={"Kind": 11, "From or To": 26, "Order": 26, "Note": 30}),),
    )
