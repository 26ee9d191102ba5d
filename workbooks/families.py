"""How the states' workbooks differ: installments, office terms and the first steps of the year."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

_LAST = (
    "Post receipts to the Cash Book. Then run Refresh to calculate balances as of the date above.",
    "Check the Proof sheet. Every line should read OK, with a difference of $0.00.",
    "Print the Delinquent list, or a payoff from Quote. Enter corrections in Adjustments, never on the Duplicate.",
)

FAMILIES: dict[str, Family] = {
    f.template: f
    for f in (
        Family(
            "us-nj", "new-jersey", "New Jersey", "us-nj", 4, False,
            "The calendar year of the tax.",
            (
                "Fill in the yellow cells above: town, year, date of the figures and certified totals.",
                "Review the Rules. Your council sets the interest resolution, the grace days and the year-end penalty.",
                "Import the assessor's list into Roll. Then run Bill for the four quarters. The first quarter is due February 1.",
                *_LAST,
            ),
            "us-nj-colts-neck",
        ),
        Family(
            "us-ct", "connecticut", "Connecticut", "us-ct", 2, False,
            "The grand list year. Billing starts July 1 of the next year.",
            (
                "Fill in the yellow cells above: town, grand list year, date of the figures and certified totals.",
                "Review the Rules. Interest is 1.5% for each month or part of a month. The statute sets the grace month.",
                "Import the grand list into Roll. Then run Bill for one payment or two halves, as your town voted.",
                *_LAST,
            ),
            "us-ct-south-windsor",
        ),
        Family(
            "us-md", "maryland", "Maryland", "us-md", 2, True,
            "The levy year, which begins July 1.",
            (
                "Fill in the yellow cells above: town, levy year, date of the figures and certified totals.",
                "Review the Rules. The City and State parts have separate interest and penalty rules.",
                "Import the roll into Roll. Enter each rate with its Part on Rates. Then run Bill. One bill shows both parts.",
                *_LAST,
            ),
            "us-md-baltimore-city",
        ),
    )
}  # fmt: skip

GENERAL = Family(
    "us", "general", "any state", "us-pa-borough", 4, True,
    "The year of the tax.",
    (
        "Fill in the yellow cells above: town, year, date of the figures and certified totals.",
        "Review the Rules: every rate, date and method with its authority. Assumptions are marked there.",
        "Import the roll into Roll. Then run Bill.",
        *_LAST,
    ),
    "us-pa-borough",
)  # fmt: skip
"""The workbook for towns in all other states: four installments, parts shown."""
