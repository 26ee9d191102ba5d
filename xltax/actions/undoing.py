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
from xltax.money import usd
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import runs
from xltax.office.controls import persons
from xltax.tables import DUPLICATE, Adjustment, Bill
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
        runs.refuse_used(run, desk.duplicate, desk.cash_book, desk.adjustments)
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


def _open_again(desk: Desk, run: Mapping[str, Any], done: Any) -> None:
    """Restores the preliminary bills to the state before their second half was billed."""
    before = desk.duplicate
    table = desk.duplicate.with_cells(
        done,
        dict.fromkeys((Bill.gross_tax, Bill.deductions, Bill.inst_3, Bill.inst_4), 0)
        | dict.fromkeys((Bill.due_3, Bill.due_4, Bill.completed)),
    )
    table = table.with_cells(done, {Bill.net_tax: table.loc[done, Bill.inst_1] + table.loc[done, Bill.inst_2]})
    mailed = desk.register(BILL_RUNS).set_index(BillRun.run)[BillRun.mailed]
    if not pd.isna(run[BillRun.mailed]):  # the final run wrote its own day over the preliminary one's
        first = table.loc[done, Bill.run].map(mailed).to_numpy().astype("datetime64[s]")
        table = table.with_cells(done, {Bill.mailed: first})
    names = [Bill.gross_tax, Bill.deductions, Bill.net_tax, Bill.due_3, Bill.due_4, Bill.inst_3, Bill.inst_4]
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
