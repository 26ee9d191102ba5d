"""Undoing billing runs: their bills, second halves or corrections go, while nothing was paid or adjusted on them."""

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
from xltax.tables import DUPLICATE, Bill
from xltax.tables.bills import BILL_COPIES, BILL_RUNS, SUPPLEMENTS, BillRun, SupplementEntry
from xltax.tables.counter import WAIVER_REQUESTS
from xltax.tables.enforcement import CASES, LIENS, Lien
from xltax.tables.table import Table
from xltax.wording import some

_REGISTERS = (LIENS, CASES, WAIVER_REQUESTS, BILL_COPIES)
"""Where a bill is named besides the books: with its bill gone such a row would stand on nothing."""


def runs_of(what: str) -> list[str]:
    """The runs a line of the Log names, "2025 whole, runs 3 to 4"; empty for one that names none."""
    found = re.search(r"runs? (\d+)(?: to (\d+))?$", what)
    return [str(n) for n in range(int(found[1]), int(found[2] or found[1]) + 1)] if found else []


def undo_runs(desk: Desk, numbers: Sequence[str], today: dt.date) -> Done:
    """Takes billing runs back, the last one first, or refuses and says what stands in the way."""
    table = desk.register(BILL_RUNS)
    undone = [runs.standing(table, number) for number in reversed(numbers)]
    for run in undone:
        runs.refuse_used(run, desk.duplicate, desk.cash_book, desk.adjustments)
        _refuse_registered(desk, run)
    said = []
    for run in undone:
        back = _take_back(desk, run, today)
        said.append(_undo(desk, run))
        mine = table[BillRun.run] == run[Bill.run]
        first, last = (back[0], back[-1]) if back else ("", "")
        undone_now = {BillRun.undone_on: today, BillRun.first_reversal: first, BillRun.last_reversal: last}
        table = table.with_cells(mine, undone_now)
    desk.book.replace_columns(BILL_RUNS.name, table[[BillRun.undone_on, BillRun.first_reversal, BillRun.last_reversal]])
    moved = desk.reallocate(today, f"billing {'run' if len(numbers) == 1 else 'runs'} {', '.join(numbers)} undone")
    desk.refresh(desk.as_of())
    bills, net = sum(int(r[BillRun.bills]) for r in undone), sum(int(r[Bill.net_tax]) for r in undone)
    desk.log("undo", f"billing {'run' if len(numbers) == 1 else 'runs'} {', '.join(numbers)}", bills, net)
    text = "Undone. " + " ".join(said) + (f" {moved:,} lines changed how payments apply." if moved else "")
    return Done(text, rows=bills, total=net)


def _refuse_registered(desk: Desk, run: Mapping[str, Any]) -> None:
    bills = set(desk.duplicate.loc[runs.made_by(run, desk.duplicate)[0], Bill.bill])
    for spec in _REGISTERS:
        held: Table[Any] = desk.register(spec)
        named = held[held[Bill.bill].isin(bills)]
        if len(named):
            raise BadValue(
                f"Run {run[Bill.run]} cannot be undone: {spec.name} No {named[Lien.no].iloc[0]} names bill {named[Bill.bill].iloc[0]}.",
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
    return f"Run {run[Bill.run]} ({run[Bill.levy_type]}, {run[BillRun.stage]}), which {what} {count} with {usd(int(run[Bill.net_tax]))}."


def _take_back(desk: Desk, run: Mapping[str, Any], today: dt.date) -> list[str]:
    """Takes back the adjustments a run made: they are sealed, so each gets one the other way. Gives the numbers of these."""
    mine = runs.own_adjustments(run, desk.adjustments)
    why = f"billing run {run[Bill.run]} undone"
    entries = [
        adjustment_register.taken_back(adjustment_register.entry_of(row, why), str(row[Lien.no]))
        for row in mine.to_dict("records")
    ]
    rows = adjustment_register.rows(entries, desk.adjustments, today)
    desk.append(rows)
    return list(rows[Lien.no])


def _open_again(desk: Desk, run: Mapping[str, Any], done: Any) -> None:
    """The preliminary bills as they were before their second half was billed."""
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


def _remove(desk: Desk, made: Any) -> None:
    """Takes rows off the Duplicate. Rows below move up, so a column of the user's own would no longer stand beside its bill."""
    held = desk.book.read(DUPLICATE.name)
    own = [c for c in held.columns if DUPLICATE.find(c) is None and held[c].notna().any()]
    if own:
        raise BadValue(
            f'The Duplicate has a column of your own, "{own[0]}", which would no longer stand beside its bills.', where="Duplicate",
            do=runs.RESTORE,
        )  # fmt: skip
    left = desk.duplicate[~made].renumbered()
    desk.book.replace_rows(DUPLICATE.name, left[[c.name for c in DUPLICATE.facts]])
    desk.put(left)
