"""How the states' workbooks differ: installments, the words of the office, the first steps of the year."""

from __future__ import annotations

from xltax.workbooks.sheets import Family

_LAST = (
    "Post receipts to the Cash Book, then run Refresh: balances are worked out as of the day above.",
    "Look at Proof: every line should read OK, with a difference of 0.00.",
    "Print the Delinquent list, or a payoff from Quote. Corrections go to Adjustments, never into the Duplicate.",
)

FAMILIES: dict[str, Family] = {
    f.template: f
    for f in (
        Family(
            "us-nj", "new-jersey", "New Jersey", "us-nj", 4, False,
            "The calendar year the tax is for.",
            (
                "Fill in the yellow cells above: town, year, the day of the figures, the certified totals.",
                "Read the Rules: the interest resolution, the grace days and the year-end penalty are your council's.",
                "Import the assessor's list into Roll, then run Bill: four quarters, the first due Feb 1.",
                *_LAST,
            ),
            "us-nj-colts-neck",
        ),
        Family(
            "us-ct", "connecticut", "Connecticut", "us-ct", 2, False,
            "The grand list year; it is billed from July 1 of the next year.",
            (
                "Fill in the yellow cells above: town, grand list year, the day of the figures, the certified totals.",
                "Read the Rules: interest is 1.5% a month or part of a month; the grace month is the statute's.",
                "Import the grand list into Roll, then run Bill: one payment or two halves, as the town voted.",
                *_LAST,
            ),
            "us-ct-south-windsor",
        ),
        Family(
            "us-md", "maryland", "Maryland", "us-md", 2, True,
            "The levy year; it begins on July 1.",
            (
                "Fill in the yellow cells above: town, levy year, the day of the figures, the certified totals.",
                "Read the Rules: City and State parts bear interest and penalty by rules of their own.",
                "Import the roll into Roll, enter each rate with its Part on Rates, then run Bill: both parts on one bill.",
                *_LAST,
            ),
            "us-md-baltimore-city",
        ),
    )
}  # fmt: skip

GENERAL = Family(
    "us", "general", "any state", "us-pa-borough", 4, True,
    "The year the tax is for.",
    (
        "Fill in the yellow cells above: town, year, the day the figures are for, and the certified totals.",
        "Read the Rules: every rate, date and method with its authority; what is assumed is named there.",
        "Import the roll into Roll, then run Bill.",
        *_LAST,
    ),
    "us-pa-borough",
)  # fmt: skip
"""The book of a town whose state has no family of its own: four installments, parts shown."""
