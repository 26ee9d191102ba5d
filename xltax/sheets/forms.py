"""The named cells of our workbooks, and every table one may hold."""

from __future__ import annotations

from xltax.ledger.schema import Kind, TableSpec
from xltax.ledger.tables import ALL, CHECKS, PAYOFF, PUBLISHED, QUOTE_GRID

__all__ = ["CHECKS", "NAMED", "PAYOFF", "PUBLISHED", "QUOTE_GRID", "SPECS"]

SPECS: dict[str, TableSpec] = ALL
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
    "bill_payable_to": "text",
    "bill_address": "text",
    "bill_phone": "text",
    "statement_kind": "text",
    "statement_from": "date",
    "statement_through": "date",
    "statement_difference": "money",
    "collections_as_of": "date",
}
"""The named cells of our books and what each holds; money is set in whole cents, like a money column."""
