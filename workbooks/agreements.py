"""Agreements: the form to work one out, the register and the schedule; quotes given; tax-sale certificates."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

from xltax.sheets.forms import NAMED, named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.agreements import AGREEMENTS, CERTIFICATES, PLAN, QUOTES, SCHEDULE, SUBSEQUENTS, WHAT_IF


def agreement(family: Family) -> SheetSpec:
    """The form: what is agreed, the payments it comes to, and the same over fewer or more months."""
    left = (
        ("Account", "agreement_account", "entry", "The account, as on the Roll."),
        ("Monthly payments", "agreement_months", "entry", "How many; the Rules say how many at most."),
        (
            "First payment",
            "agreement_first",
            "entry",
            "The day of the first; the others fall on its day-number.",
        ),
        ("Signed", "agreement_signed", "entry", "The day it is signed; empty: the as-of day."),
        ("Down payment", "agreement_down", "entry", "Paid on the day it is signed."),
        (
            "Next year's tax",
            "agreement_next_tax",
            "entry",
            "Empty: last year's stands for what is not yet billed.",
        ),
    )
    right = (
        ("Owner", "agreement_owner", "value"),
        ("Property", "agreement_location", "value"),
        ("Each payment", "agreement_payment", "big"),
        ("The last payment", "agreement_last", "value"),
        ("All payments", "agreement_total", "value"),
        ("Of it interest, penalty, costs", "agreement_interest", "value"),
        ("Of it not yet billed", "agreement_estimated", "value"),
    )
    cells = [CellAt("A3", '=IF(town_name="","",town_name&", "&state_name)', "section", formula=True)]
    cells += [CellAt(f"{c}3", None, "section") for c in "BCDEFGHIJKLMNO"]
    for row, (label, name, style, text) in enumerate(left, 5):
        cells.append(CellAt(f"A{row}", label))
        cells.append(named(f"C{row}", name, style, help=f"{label}. {text}", across=f"D{row}"))
    for row, (label, name, style) in enumerate(right, 5):
        cells.append(CellAt(f"F{row}", label))
        cells.append(named(f"I{row}", name, style, across=f"{'L' if NAMED[name] == 'text' else 'J'}{row}"))
    cells += [CellAt(f"{c}13", "The payments" if c == "A" else None, "section") for c in "ABCDEFGHI"]
    cells += [CellAt(f"{c}13", "Fewer or more months" if c == "K" else None, "section") for c in "KLMNO"]
    return SheetSpec(
        "Agreement",
        "A payment agreement worked out: level payments that clear what is due now and by the last payment.",
        "Fill in the yellow cells and run Agreement; nothing is recorded until Sign Agreement.",
        heading="Payment agreement",
        cells=tuple(cells),
        tables=(Placed(PLAN, "A14", widths={"No": 7}), Placed(WHAT_IF, "K14", widths={"Months": 9})),
        widths={"J": 4},
        protected=True,
    )


def agreements(family: Family) -> SheetSpec:
    """The register of agreements."""
    return SheetSpec(
        "Agreements",
        "Every payment agreement. Columns with slanted headings are written by Agreement Status.",
        "Sign Agreement adds a row. Fill in Reinstated On or Ended On, with Why, by hand.",
        heading="Payment agreements",
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
        "Every payment of every agreement. Columns with slanted headings are written by Agreement Status.",
        "A missed payment that is excused gets its reason in Good Cause; then run Agreement Status.",
        heading="Agreements: payments",
        tables=(Placed(SCHEDULE, widths={"Agreement": 11, "Revision": 9, "No": 6, "Good Cause": 34, "Status": 12}),),
    )


def quotes() -> SheetSpec:
    """The log of figures given out."""
    return SheetSpec(
        "Quotes",
        "Every figure given out: to whom, for which day, how long it holds, and its fee by the town's rule.",
        "Written by Quote, Redemption and Tax Search. A later payment or adjustment changes what was quoted.",
        heading="Quotes given",
        tables=(
            Placed(QUOTES, widths={"Quote": 10, "Kind": 18, "Requested By": 30, "Certificate": 13, "Note": 24}),
        ),
    )  # fmt: skip


def certificates() -> SheetSpec:
    """Tax-sale certificates."""
    return SheetSpec(
        "Certificates",
        "Tax-sale certificates: holder, rate, premium, and who was paid what. Slanted headings are written by Certificates.",
        "Enter Certificate adds a row; what the holder pays later goes into Subsequents.",
        heading="Tax-sale certificates",
        tables=(
            Placed(
                CERTIFICATES,
                widths={"Certificate": 13, "Holder": 26, "Rate": 8, "Status": 15, "Note": 30},
                percent=("Rate",),
                folded=("Book Page",),
            ),
        ),
        pages_wide=2,
    )


def subsequents() -> SheetSpec:
    """Later taxes certificate holders paid."""
    return SheetSpec(
        "Subsequents",
        "Later taxes that certificate holders paid: they are part of a redemption, with the municipality's interest.",
        "Add a row for each payment of a holder, with the receipt it was posted by.",
        tables=(Placed(SUBSEQUENTS, widths={"Certificate": 14, "For": 40}),),
        landscape=False,
    )
