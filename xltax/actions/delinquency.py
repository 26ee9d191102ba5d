"""Delinquency: the lists as of a date."""

from __future__ import annotations

import datetime as dt

from xltax.actions.desk import Desk
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.money import dollars
from xltax.office import delinquency


@action(
    "List what is past its last free day and unpaid.",
    Input("as_of", "date", "The day the list is for.", cell="as_of", optional=True),
)
def delinquent(book: Book, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    ledger = desk.refresh(desk.as_of(as_of))
    table = delinquency.delinquent_list(ledger, desk.roll)
    book.replace_rows("Delinquent", table)
    book.set("delinquent_as_of", ledger.as_of)
    total = delinquency.total_of(table)
    desk.log("delinquent list", f"as of {ledger.as_of}", len(table), total)
    ages = ", ".join(
        f"{row['Age']} {dollars(int(row['Total']))}"
        for row in delinquency.by_age(table.assign(Class="")).to_dict("records")
    )
    return f"{len(table):,} installments on {table['Account'].nunique():,} accounts, {dollars(total)}" + (
        f" ({ages})." if ages else "."
    )
