"""The tables and named cells that exist only in a workbook: what a quote, a proof and the start sheet hold."""

from __future__ import annotations

from xltax.ledger.schema import Column, Kind, TableSpec, columns
from xltax.ledger.tables import ALL, BALANCES

PAYOFF = TableSpec("Payoff", BALANCES.columns, purpose="what each installment of the quoted account needs")

QUOTE_GRID = TableSpec(
    "QuoteGrid",
    (
        Column("Pay On", "date", "A day the office is open."),
        Column("Total", "money", "What pays everything off on that day."),
        Column("Per Diem", "money", "What the next day adds."),
        Column("Note", "text", "What changes on that day: a grace period ends, a tier is crossed."),
    ),
    key=("Pay On",),
    purpose="the payoff on each business day from the quote date",
)

CHECKS = TableSpec(
    "Checks",
    (
        Column("Check", "text", "The name of the check."),
        Column("Compares", "text", "What is held against what."),
        *columns("money", ("This Side", "That Side", "Difference")),
        Column("Result", "text", "OK, or what to look at."),
    ),
    key=("Check",),
    purpose="the checks Refresh worked out: recorded against replayed, rules against the shipped profile",
)

PUBLISHED = TableSpec(
    "Published",
    (
        Column("Source", "text", "Who published the figure, and where."),
        Column("Case", "text", "What was figured."),
        *columns("money", ("Figure", "Ours", "Difference")),
        Column("Note", "text", "Why they differ, where they do."),
    ),
    purpose="figures others published, worked out again by this book's rules",
)

SPECS: dict[str, TableSpec] = ALL | {t.name: t for t in (PAYOFF, QUOTE_GRID, CHECKS, PUBLISHED)}
"""Every table a book may hold, by name."""

NAMED: dict[str, Kind] = {
    "town_name": "text",
    "state_name": "text",
    "profile_id": "id",
    "levy_year": "year",
    "as_of": "date",
    "control_bills": "count",
    "control_tax": "money",
    "quote_account": "id",
    "quote_date": "date",
    "quote_days": "count",
    "quote_owner": "text",
    "quote_location": "text",
    "quote_through": "date",
    "quote_total": "money",
    "quote_per_diem": "money",
    "quote_note": "text",
    "delinquent_as_of": "date",
    "proof_as_of": "date",
    "proof_open": "count",
}
"""The named cells of our books and what each holds; money is set in whole cents, like a money column."""
