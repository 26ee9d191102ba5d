"""The sheets for agreements, quotes given and tax-sale certificates."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

from xltax.sheets.forms import NAMED, named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.agreements import AGREEMENTS, CERTIFICATES, PLAN, QUOTES, SCHEDULE, SUBSEQUENTS, WHAT_IF


def agreement(family: Family) -> SheetSpec:
    """The Agreement form: the terms, the payments, and the same debt over fewer or more months."""
    left = (
        ("Account", "agreement_account", "entry", "The account number, as on the Roll."),
        ("Monthly payments", "agreement_months", "entry", "Number of payments. The Rules set the maximum."),
        (
            "First payment",
            "agreement_first",
            "entry",
            "The due date of the first payment. Later payments are due on the same day of each month.",
        ),
        (
            "Signed",
            "agreement_signed",
            "entry",
            "The day the agreement is signed (default: the As of date on Start).",
        ),
        ("Down payment", "agreement_down", "entry", "The amount paid at signing. Optional."),
        (
            "Next year's tax",
            "agreement_next_tax",
            "entry",
            "Estimated tax not billed yet (default: last year's tax).",
        ),
    )
    right = (
        ("Owner", "agreement_owner", "value"),
        ("Property", "agreement_location", "value"),
        ("Each payment", "agreement_payment", "big"),
        ("Last payment", "agreement_last", "value"),
        ("All payments", "agreement_total", "value"),
        ("Interest, penalty and costs included", "agreement_interest", "value"),
        ("Tax not billed yet, included", "agreement_estimated", "value"),
    )
    cells = [CellAt("A3", '=IF(town_name="","",town_name&", "&state_name)', "section", formula=True)]
    cells += [CellAt(f"{c}3", None, "section") for c in "BCDEFGHIJKLMNO"]
    for row, (label, name, style, text) in enumerate(left, 5):
        cells.append(CellAt(f"A{row}", label))
        cells.append(named(f"C{row}", name, style, help=f"{label}. {text}", across=f"D{row}"))
    for row, (label, name, style) in enumerate(right, 5):
        cells.append(CellAt(f"F{row}", label))
        cells.append(named(f"I{row}", name, style, across=f"{'L' if NAMED[name] == 'text' else 'J'}{row}"))
    cells += [CellAt(f"{c}13", "Payments" if c == "A" else None, "section") for c in "ABCDEFGHI"]
    cells += [CellAt(f"{c}13", "Fewer or more months" if c == "K" else None, "section") for c in "KLMNO"]
    return SheetSpec(
        "Agreement",
        "Calculates level monthly payments that pay everything due by the last payment.",
        "Fill in the yellow cells and run Work Out Agreement. Nothing is recorded until you run Sign Agreement.",
        heading="Payment Agreement",
        cells=tuple(cells),
        tables=(Placed(PLAN, "A14", widths={"No": 7}), Placed(WHAT_IF, "K14", widths={"Months": 9})),
        widths={"J": 4},
        protected=True,
    )


def agreements(family: Family) -> SheetSpec:
    """The register of payment agreements."""
    return SheetSpec(
        "Agreements",
        "Every payment agreement. Agreement Status fills the columns with slanted headings.",
        "Sign Agreement adds a row. Type Reinstated On or Ended On, and Why, yourself.",
        heading="Payment Agreements",
        tables=(
            Placed(
                AGREEMENTS,
                widths={"Agreement": 11, "Owner": 26, "Months": 8, "Why": 28, "Status": 12, "Note": 24},
                folded=() if family.template == "us-ct" else ("Party",),
            ),
        ),
        pages_wide=2,
    )


def schedule() -> SheetSpec:
    """Every payment of every agreement."""
    return SheetSpec(
        "Schedule",
        "Every payment of every agreement. Agreement Status fills the columns with slanted headings.",
        "To excuse a missed payment, type the reason in Good Cause. Then run Agreement Status.",
        heading="Agreement Payments",
        tables=(Placed(SCHEDULE, widths={"Agreement": 11, "Revision": 9, "No": 6, "Good Cause": 34, "Status": 12}),),
    )


def quotes() -> SheetSpec:
    """The log of quotes given."""
    return SheetSpec(
        "Quotes",
        "Every quote given: who asked, the day quoted, the good-through date and the fee.",
        "Quote, Redemption and Tax Search add rows. A later payment or adjustment changes the amount owed.",
        heading="Quotes Given",
        tables=(
            Placed(QUOTES, widths={"Quote": 10, "Kind": 18, "Requested By": 30, "Certificate": 13, "Note": 24}),
        ),
    )  # fmt: skip


def certificates() -> SheetSpec:
    """The register of tax-sale certificates."""
    return SheetSpec(
        "Certificates",
        "Tax-sale certificates with their holders, rates and payments. Certificates fills the columns with slanted headings.",
        "Enter Certificate adds a row. Enter the holder's later payments on Subsequents.",
        heading="Tax-Sale Certificates",
        tables=(
            Placed(
                CERTIFICATES,
                widths={
                    "Certificate": 13,
                    "Holder": 26,
                    "Rate": 8,
                    "Status": 15,
                    "Note": 30,
                    "Seal": 18,
                    "Posted By": 16,
                },
                percent=("Rate",),
                folded=("Book Page", "Seal"),
            ),
        ),
        pages_wide=2,
    )


def subsequents() -> SheetSpec:
    """Later taxes paid by certificate holders."""
    return SheetSpec(
        "Subsequents",
        "Later taxes paid by certificate holders. A redemption includes these taxes, with interest at the municipality's rate.",
        "Add a row for each payment by a holder, with the receipt number.",
        tables=(Placed(SUBSEQUENTS, widths={"Certificate": 14, "For": 40}),),
        landscape=False,
    )
