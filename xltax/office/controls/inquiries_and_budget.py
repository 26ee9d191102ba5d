"""Inquiries that wait for an answer, certificates to renew, and the operating budget."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from xltax.dates import long_date
from xltax.errors import BadValue
from xltax.money import Cents, div_half_up
from xltax.office.collection.enforcement_status import RegisterStatus
from xltax.pages import Grid, Page, Signatures, Text
from xltax.tables.office import Inquiry, TrainingRecord
from xltax.tables.statements import BudgetLine
from xltax.tables.table import Table

Register = tuple[pd.DataFrame, pd.DataFrame]
"""A register's rows and, for each, its next date and step, as on the Enforcement desk."""


def open_inquiries(inquiries: Table[Inquiry]) -> Register:
    """Inquiries without an answer, each with the day it is due."""
    rows = inquiries[inquiries[Inquiry.answered].isna()]
    step = rows[Inquiry.kind] + ": " + rows[Inquiry.about]
    return rows.frame.assign(Officer=rows[Inquiry.assigned_to]), pd.DataFrame(
        {RegisterStatus.next_date: rows[Inquiry.due], RegisterStatus.next_step: step}
    )


def to_renew(training: Table[TrainingRecord]) -> Register:
    """Certificates with a renewal date that are not renewed."""
    rows = training[training[TrainingRecord.renew_by].notna() & training[TrainingRecord.renewed].isna()]
    step = "renew certificate " + rows[TrainingRecord.certificate]
    return rows.frame.assign(Officer=rows[TrainingRecord.person], Account=""), pd.DataFrame(
        {RegisterStatus.next_date: rows[TrainingRecord.renew_by], RegisterStatus.next_step: step}
    )


def budget_page(budget: pd.DataFrame, year: int, office: str, on: dt.date, collector: str) -> Page:
    """The operating budget of a year, item by item, with the amount left and the percentage used.

    budget: BUDGET, typed. An item spent above what was granted shows what is left below zero. Raises BadValue for a year without items.
    """
    rows = budget[budget[BudgetLine.levy_year] == year]
    if not len(rows):
        raise BadValue(
            f"The budget has no items for {year}.", where="Budget", do="Enter the year's items, or choose another year."
        )
    money = ("Budgeted", "Spent", "Ordered")

    def line(name: str, amounts: list[Cents], note: str) -> list[Any]:
        granted, *gone = amounts
        used = f"{div_half_up(100 * sum(gone), granted)}%" if granted else ""
        return [name, *amounts, granted - sum(gone), used, note]

    lines = [line(r[BudgetLine.item], [int(r[m]) for m in money], r[BudgetLine.note]) for r in rows.to_dict("records")]
    lines.append(line("Total", [int(rows[m].sum()) for m in money], ""))
    over = [row[0] for row in lines[:-1] if row[4] < 0]
    said = [Text(f"Over budget: {', '.join(over)}.", "box")] if over else []
    heads = ("Item", *money, "Left", "Used", "Note")
    kinds = ("text", "money", "money", "money", "money", "id", "text")
    return Page(
        f"Operating budget {year}",
        (
            Text("What the governing body budgeted for this office, what was spent, and what is ordered but not paid."),
            Grid(heads, kinds, lines, (26, 13, 13, 13, 13, 7, 24), total=True),  # type: ignore[arg-type]
            *said,
            Text(f"As entered through {long_date(on)}.", "small"),
            Signatures((f"{collector}, and date", "Chief financial officer, and date")),
        ),
        office,
        key=f"budget {year}",
        landscape=True,
    )
