"""The entries of a ledger export as files: CSV, QuickBooks Desktop (IIF), and Sage Intacct (CSV)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from xltax import csvtext
from xltax.money import dollars
from xltax.office.statements.general_ledger import JournalLine
from xltax.tables.table import Table

HEADERS = ("Date", "Account", "Description", "Debit", "Credit", "Reference", "Levy Year", "Entry")


def _day(value: pd.Timestamp) -> dt.date:
    return value.date()


def _sides(cents: int) -> tuple[str, str]:
    """An amount as debit and credit; the other is empty."""
    amount = dollars(abs(cents), comma=False)
    return (amount, "") if cents > 0 else ("", amount)


Rows = tuple[tuple[str, ...], list[tuple[object, ...]]]
"""The headers of a text table, and its rows."""


def _plain(lines: Table[JournalLine], reference: str) -> Rows:
    """One row for each line, debit and credit in columns of their own."""
    return HEADERS, [
        (f"{_day(r[JournalLine.day])}", r[JournalLine.account], r[JournalLine.description], *_sides(r[JournalLine.amount]),
         f"{reference}-{r[JournalLine.entry]}", r[JournalLine.levy_year] or "", r[JournalLine.entry])
        for r in lines.records()
    ]  # fmt: skip


def as_iif(lines: Table[JournalLine], reference: str) -> str:
    """QuickBooks Desktop: a tab-separated block for each entry, debits positive, credits negative, adding up to zero.

    Source: https://support.quickbooks.intuit.com, Reference guide to import files, transactions.
    """
    columns = ("TRNSTYPE", "DATE", "ACCNT", "AMOUNT", "DOCNUM", "MEMO")
    out = [*("\t".join((f"!{kind}", *columns)) for kind in ("TRNS", "SPL")), "!ENDTRNS"]
    for number, rows in _entries(lines):
        for n, r in enumerate(rows):
            cells = ("TRNS" if not n else "SPL", "GENERAL JOURNAL", f"{_day(r[JournalLine.day]):%m/%d/%Y}", _flat(r[JournalLine.account]),
                     dollars(r[JournalLine.amount], comma=False), f"{reference}-{number}", _flat(r[JournalLine.description]))  # fmt: skip
            out.append("\t".join(cells))
        out.append("ENDTRNS")
    return "\r\n".join(out) + "\r\n"


def _intacct(lines: Table[JournalLine], reference: str) -> Rows:
    """Sage Intacct: the journal, day and description stand on the first line of each entry.

    Source: https://www.intacct.com, CSV import of general ledger journal entries. The journal's name, GJ, is the usual one.
    """
    headers = ("JOURNAL", "DATE", "DESCRIPTION", "REFERENCE_NO", "LINE_NO", "ACCT_NO", "MEMO", "DEBIT", "CREDIT")
    out: list[tuple[object, ...]] = []
    for number, rows in _entries(lines):
        for n, r in enumerate(rows, 1):
            head = ("GJ", f"{_day(r[JournalLine.day]):%m/%d/%Y}", f"Tax collector {reference}", f"{reference}-{number}")
            out.append(
                (
                    *(head if n == 1 else ("",) * 4),
                    n,
                    r[JournalLine.account],
                    r[JournalLine.description],
                    *_sides(r[JournalLine.amount]),
                )
            )
    return headers, out


def _entries(lines: Table[JournalLine]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    by_number: dict[int, list[dict[str, Any]]] = {}
    for row in lines.records():
        by_number.setdefault(row[JournalLine.entry], []).append(row)
    yield from by_number.items()


def _flat(value: object) -> str:
    """A text for a tab-separated file, in which a tab or a line end would begin another cell."""
    return csvtext.harmless(" ".join(str(value).split()))


FORMATS = {"csv": ".csv", "quickbooks": ".iif", "intacct": " for Intacct.csv"}
"""How the file of each format ends."""


def written(format: str, lines: Table[JournalLine], reference: str) -> str:
    """The text of a file in one of the formats."""
    if format == "quickbooks":
        return as_iif(lines, reference)
    return csvtext.table(*(_intacct if format == "intacct" else _plain)(lines, reference))
