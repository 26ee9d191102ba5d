"""Undoes billing runs: removes their bills, second halves or corrections if no bill was paid or adjusted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xltax.actions.desk import Desk
from xltax.declare import Done
from xltax.errors import BadValue
from xltax.law.installments import MOST_PARTS
from xltax.money import usd
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import runs
from xltax.office.billing.levy_bills import first_parts
from xltax.office.controls import persons
from xltax.tables import DUE, DUPLICATE, INST, Adjustment, Bill
from xltax.tables.bills import BILL_COPIES, BILL_RUNS, SUPPLEMENTS, BillRun, SupplementEntry
from xltax.tables.counter import WAIVER_REQUESTS
from xltax.tables.enforcement import CASES, LIENS, Lien
from xltax.tables.table import Table
from xltax.wording import reallocated, some

_REGISTERS = (LIENS, CASES, WAIVER_REQUESTS, BILL_COPIES)
"""Other registers that name bills. A row in one of these registers needs its bill. Each has the columns No and Bill, as Liens has."""


def runs_of(what: str) -> list[str]:
    """The runs named in a line of the Log, such as "2025 whole, runs 3 to 4"; empty if there are none."""
    found = re.search(r"runs? (\d+)(?: to (\d+))?$", what)
    return [str(n) for n in range(int(found[1]), int(found[2] or found[1]) + 1)] if found else []


def undo_runs(desk: Desk, numbers: Sequence[str], today: dt.date) -> Done:
    """Undoes billing runs, the last one first, or refuses with the reason."""
    desk.require(persons.ADJUST)
    table = desk.register(BILL_RUNS)
    undone = [runs.standing(table, number) for number in reversed(numbers)]
    for run in undone:
        runs.refuse_used(run, _first_parts(desk, run), desk.duplicate, desk.cash_book, desk.adjustments)
        _refuse_registered(desk, run)
    said = []
    for run in undone:
        back = _take_back(desk, run, today)
        said.append(_undo(desk, run))
        mine = table[BillRun.run] == run[BillRun.run]
        first, last = (back[0], back[-1]) if back else ("", "")
        undone_now = {BillRun.undone_on: today, BillRun.first_reversal: first, BillRun.last_reversal: last}
        table = table.with_cells(mine, undone_now)
    desk.book.replace_columns(BILL_RUNS.name, table[[BillRun.undone_on, BillRun.first_reversal, BillRun.last_reversal]])
    moved = desk.reallocate(today, f"billing {'run' if len(numbers) == 1 else 'runs'} {', '.join(numbers)} undone")
    desk.refresh(desk.as_of())
    bills, net = sum(int(r[BillRun.bills]) for r in undone), sum(int(r[BillRun.net_tax]) for r in undone)
    desk.log("undo", f"billing {'run' if len(numbers) == 1 else 'runs'} {', '.join(numbers)}", bills, net)
    text = " ".join(said) + reallocated(moved)
    return Done(text, rows=bills, total=net)


def _refuse_registered(desk: Desk, run: Mapping[str, Any]) -> None:
    bills = set(desk.duplicate.loc[runs.made_by(run, desk.duplicate)[0], Bill.bill])
    for spec in _REGISTERS:
        held: Table[Any] = desk.register(spec)
        named = held[held[Lien.bill].isin(bills)]
        if len(named):
            raise BadValue(
                f"Run {run[BillRun.run]} cannot be undone: No {named[Lien.no].iloc[0]} in {spec.name} names bill {named[Lien.bill].iloc[0]}.",
                where="run", do=runs.RESTORE,
            )  # fmt: skip


def _undo(desk: Desk, run: Mapping[str, Any]) -> str:
    made, done = runs.made_by(run, desk.duplicate)
    if done.any():
        _open_again(desk, run, done)
    if made.any():
        _remove(desk, made)
    if run[BillRun.stage] == runs.FURTHER:
        rows = desk.register(SUPPLEMENTS)
        mine = rows[SupplementEntry.run] == run[BillRun.run]
        rows = rows.with_cells(mine, {SupplementEntry.run: "", SupplementEntry.bill: ""})
        desk.book.replace_columns(SUPPLEMENTS.name, rows[[SupplementEntry.run, SupplementEntry.bill]])
    what = {runs.FINAL: "completed", runs.CORRECTED: "corrected"}.get(str(run[BillRun.stage]), "made")
    count = some(int(run[BillRun.bills]), "bill")
    which = f"Run {run[BillRun.run]} ({run[BillRun.levy_type]}, {run[BillRun.stage]})"
    return f"{which} was undone. This run had {what} {count}, {usd(int(run[BillRun.net_tax]))}."


def _take_back(desk: Desk, run: Mapping[str, Any], today: dt.date) -> list[str]:
    """Reverses the adjustments of a run, which are sealed, with opposite adjustments. Gives the new numbers."""
    mine = runs.own_adjustments(run, desk.adjustments)
    why = f"billing run {run[BillRun.run]} undone"
    entries = [
        adjustment_register.taken_back(adjustment_register.entry_of(row, why), str(row[Adjustment.no]))
        for row in mine.to_dict("records")
    ]
    rows = adjustment_register.rows(entries, desk.adjustments, today)
    desk.append(rows)
    return list(rows[Adjustment.no])


def _first_parts(desk: Desk, run: Mapping[str, Any]) -> int:
    """How many installments the preliminary bills of a run's levy had."""
    return first_parts(desk.town, int(run[BillRun.levy_year]), str(run[BillRun.levy_type]))


def _open_again(desk: Desk, run: Mapping[str, Any], done: Any) -> None:
    """Restores the preliminary bills to the state before their last installments were billed."""
    before = desk.duplicate
    first = _first_parts(desk, run)
    later = range(first + 1, MOST_PARTS + 1)
    table = desk.duplicate.with_cells(
        done,
        dict.fromkeys((Bill.gross_tax, Bill.deductions, *(INST[n] for n in later)), 0)
        | dict.fromkeys((*(DUE[n] for n in later), Bill.completed)),
    )
    standing = sum(table.loc[done, INST[n]] for n in range(1, first + 1))
    table = table.with_cells(done, {Bill.net_tax: standing})
    mailed = desk.register(BILL_RUNS).set_index(BillRun.run)[BillRun.mailed]
    if not pd.isna(run[BillRun.mailed]):  # the final run wrote its own day over the preliminary one's
        earlier = table.loc[done, Bill.run].map(mailed).to_numpy().astype("datetime64[s]")
        table = table.with_cells(done, {Bill.mailed: earlier})
    names = [Bill.gross_tax, Bill.deductions, Bill.net_tax, *(DUE[n] for n in later), *(INST[n] for n in later)]
    desk.book.replace_columns(DUPLICATE.name, table[[*names, Bill.completed, Bill.mailed]])
    desk.put(table)
    desk.seal_bills(before)


def _remove(desk: Desk, made: Any) -> None:
    """Removes rows from the Duplicate. The rows below move up, so a column the user added would no longer match its bills."""
    held = desk.book.read(DUPLICATE.name)
    own = [c for c in held.columns if DUPLICATE.find(c) is None and held[c].notna().any()]
    if own:
        raise BadValue(
            f'The Duplicate has a column that you added, "{own[0]}". After the undo it would no longer match the bills.', where="Duplicate",
            do=runs.RESTORE,
        )  # fmt: skip
    left = desk.duplicate[~made].renumbered()
    desk.book.replace_rows(DUPLICATE.name, left[[c.name for c in DUPLICATE.facts]])
    desk.put(left)
