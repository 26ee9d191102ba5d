"""The named cells and tables of a workbook."""

from __future__ import annotations

from typing import Any

from xltax.sheets.model import CellAt, Style
from xltax.tables import ALL, CHECKS, PAYOFF, PUBLISHED, QUOTE_GRID
from xltax.tables.schema import Kind, TableSpec

__all__ = ["CHECKS", "KEPT_VERSIONS", "NAMED", "PAYOFF", "PRINT_CHOICES", "PUBLISHED", "QUOTE_GRID", "SPECS", "named"]

SPECS: dict[str, TableSpec[Any]] = ALL
"""Every table a workbook may hold, by name."""

NAMED: dict[str, Kind] = {
    "town_name": "text",
    "state_name": "text",
    "profile_id": "id",
    "levy_year": "year",
    "as_of": "date",
    "kept_versions": "count",
    "print_to": "text",
    "acting_user": "text",
    "incoming_what": "text",
    "incoming_file": "id",
    "incoming_rows": "count",
    "incoming_total": "money",
    "incoming_read": "id",
    "incoming_header": "count",
    "incoming_found": "count",
    "incoming_sum": "money",
    "control_bills": "count",
    "bill_parts": "count",
    "control_tax": "money",
    "quote_account": "id",
    "quote_date": "date",
    "quote_days": "count",
    "quote_owner": "text",
    "quote_location": "text",
    "quote_through": "date",
    "quote_due": "money",
    "quote_total": "money",
    "quote_per_diem": "money",
    "quote_note": "text",
    "quote_requested_by": "text",
    "quote_number": "id",
    "agreement_account": "id",
    "agreement_months": "count",
    "agreement_first": "date",
    "agreement_signed": "date",
    "agreement_down": "money",
    "agreement_next_tax": "money",
    "agreement_owner": "text",
    "agreement_location": "text",
    "agreement_payment": "money",
    "agreement_last": "money",
    "agreement_total": "money",
    "agreement_interest": "money",
    "agreement_estimated": "money",
    "delinquent_as_of": "date",
    "list_name": "text",
    "list_rule": "text",
    "list_authority": "text",
    "list_as_of": "date",
    "list_total": "money",
    "watch_as_of": "date",
    "today_on": "date",
    "today_typed": "count",
    "today_typed_total": "money",
    "today_open": "count",
    "today_open_total": "money",
    "today_overdue": "count",
    "today_due": "count",
    "today_week": "count",
    "today_held": "count",
    "today_held_total": "money",
    "today_suspense": "count",
    "today_suspense_total": "money",
    "today_proof": "text",
    "proof_as_of": "date",
    "proof_open": "count",
    "proof_verified": "date",
    "card_find": "id",
    "card_account": "id",
    "card_owner": "text",
    "card_location": "text",
    "card_flags": "text",
    "card_as_of": "date",
    "card_total": "money",
    "close_on": "date",
    "close_cashier": "id",
    "close_deposit": "id",
    "close_total": "money",
    "close_over": "money",
    "close_head": "id",
    "bill_payable_to": "text",
    "bill_address": "text",
    "bill_phone": "text",
    "statement_kind": "text",
    "statement_from": "date",
    "statement_through": "date",
    "statement_difference": "money",
    "collections_as_of": "date",
    "opened_on": "date",
    "credit_as_of": "date",
}
"""The named cells of a workbook and the kind of each value. Money is in whole cents."""

PRINT_CHOICES = ("Workbook", "PDF", "Both")
"""What an office may want printed pages as; the first one if nothing is chosen."""

KEPT_VERSIONS = "kept_versions"
"""The named cell with the number of earlier versions to keep."""


def named(at: str, name: str, style: Style, **more: Any) -> CellAt:
    """A cell of a book's form that has a name; what it holds is declared in NAMED. more: as CellAt has it."""
    return CellAt(at, style=style, kind=NAMED[name], name=name, **more)
