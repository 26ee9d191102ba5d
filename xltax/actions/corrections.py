"""Corrects a billed year after a corrected roll, in a separate run with the certificates' authority."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.actions.year import given_rates
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.money import Cents, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import corrected_roll, runs
from xltax.office.billing.prior_year_tax import ordinary, preliminary_only
from xltax.office.billing.roll_changes import MOST_NAMED, on_roll
from xltax.tables import Adjustment, Bill
from xltax.tables.bills import BILL_RUNS, BillRun
from xltax.tables.table import Table
from xltax.wording import reallocated, some


@action(
    "Correct the bills of a year after a corrected roll. Adjustments raise or lower the tax of every value that "
    "changed.",
    desk="Billing",
    label="Correct bills",
)
def correct_bills(
    book: Book,
    year: Annotated[int, Input("The levy year.", kind="year", cell="levy_year")],
    authority: Annotated[str, Input("The certificates of correction, the resolution or the judgment.")],
    approved_by: Annotated[str, Input("Who approved the corrections.")],
    rates: Annotated[str, Input('The rates of the year\'s bills, such as "RE=2.248" (default: the Rates sheet).')] = "",
    levy_type: Annotated[str, Input("Only this levy type (default: all that have a rate).")] = "",
    roll_date: Annotated[dt.date | None, Input("The date of the corrected roll (default: today).")] = None,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    for name, text in (("authority", authority), ("approved_by", approved_by)):
        if not text.strip():
            raise BadValue("This field is required.", where=name, do="Enter it for the auditor, who asks who changed a billed tax and why.")  # fmt: skip
    adjustment_register.refuse_words_of_law(approved_by)
    register_of_runs = desk.register(BILL_RUNS)
    bills = ordinary(runs.of_the_roll(desk.duplicate, register_of_runs), year)
    if levy_type:
        bills = bills[bills[Bill.levy_type] == levy_type.strip().upper()]
    # What an opening balance came from is not known, and a preliminary bill takes the new value with its second half.
    bills = bills[bills[Bill.recorded].notna() & ~bills.index.isin(preliminary_only(bills, desk.town, year).index)]
    if not len(bills):
        raise BadValue(f"The Duplicate has no bill for {year} that a corrected roll can change.", where="Duplicate", do="Run Bill first.")  # fmt: skip
    own, earlier = _of_runs(register_of_runs, desk.adjustments)
    date = roll_date or today
    found = corrected_roll.corrections(
        on_roll(desk.roll), bills, desk.ledger(today).balances, desk.facts, desk.town, given_rates(desk, rates, year),
        corrected_roll.earlier_changes(desk.adjustments, earlier), own, today=today,
        reason=f"corrected roll of {date}", authority=authority, approved_by=approved_by,
    )  # fmt: skip
    left = _left(found.by_hand)
    if not found.entries:
        raise BadValue(f"Every bill for {year} agrees with the Roll.{left}", where="Roll", do="Nothing was changed.")
    said, net = _post(desk, found, year, date, today)
    return Done(said + left, rows=len(found.entries), total=net)


def _of_runs(table: Table[BillRun], adjustments: Table[Adjustment]) -> tuple[set[str], set[str]]:
    """The adjustments of billing runs with their reversals, and the adjustments of corrected rolls that are in force."""
    own: set[str] = set()
    earlier: set[str] = set()
    for run in table.records():
        mine = set(runs.own_adjustments(run, adjustments)[Adjustment.no])
        own |= mine
        if run[BillRun.stage] == runs.CORRECTED and pd.isna(run[BillRun.undone_on]):
            earlier |= mine
        own |= set(runs.reversals(run, adjustments)[Adjustment.no])
    return own, earlier


def _post(desk: Desk, found: corrected_roll.Corrections, year: int, date: dt.date, today: dt.date) -> tuple[str, Cents]:
    """Posts the changes from the corrected roll; gives the message and the total change of the bills."""
    lines, said, number = [], [], runs.next_number(desk.register(BILL_RUNS))
    for kind in dict.fromkeys(found.kinds.values()):
        entries = [e for e in found.entries if found.kinds[e.bill] == kind]
        rows = adjustment_register.rows(entries, desk.adjustments, today)
        desk.append(rows)
        changes = [c for b, c in found.bills.items() if found.kinds[b] == kind]
        up, down = sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0)
        lines.append(runs.row(
            number, Levy_Year=year, Levy_Type=kind, Stage=runs.CORRECTED, Roll_Date=date, Billed_On=today, Bills=len(changes),
            Net_Tax=up - down, First_Adjustment=rows[Adjustment.no].iloc[0], Last_Adjustment=rows[Adjustment.no].iloc[-1],
        ))  # fmt: skip
        said.append(f"Run {number}: {some(len(changes), f'{kind} bill')} corrected, {usd(up)} up and {usd(down)} down.")
        number += 1
    desk.append(Table.made(BILL_RUNS, lines))
    moved = desk.reallocate(today, f"corrected roll of {date}")
    desk.refresh(desk.as_of())
    first, last = lines[0][BillRun.run], lines[-1][BillRun.run]
    named = f"run {first}" if first == last else f"runs {first} to {last}"
    net = sum(found.bills.values())
    desk.log("correct bills", f"{year}, {named}", len(found.entries), net)
    return " ".join(said) + reallocated(moved), net


def _left(accounts: list[str]) -> str:
    if not accounts:
        return ""
    more = f" and {len(accounts) - MOST_NAMED:,} more" if len(accounts) > MOST_NAMED else ""
    return (
        f" Review {some(len(accounts), 'account')} by hand, because earlier adjustments may already reflect the new value: "
        f"{', '.join(accounts[:MOST_NAMED])}{more}."
    )
