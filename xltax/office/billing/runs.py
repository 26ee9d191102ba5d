"""Billing runs: one run for each levy type and list, compared with the roll it bills, and the checks before a run is undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import short_date
from xltax.errors import BadValue, Problem, Problems
from xltax.ledger.facts import component_of
from xltax.money import Cents, to_cents, usd
from xltax.tables import RAISES, Adjustment, Bill, CashLine, Parcel
from xltax.tables.bills import BILL_RUNS, BillRun, RollImport
from xltax.tables.table import Table
from xltax.wording import some

WHOLE, FIRST, FINAL, FURTHER, CORRECTED = "whole", "preliminary", "final", "further", "corrected"
LIENS = "liens"
"""The stage of a run that executed liens: its bills are the principals of the liens."""


def next_number(runs: Table[BillRun]) -> int:
    """The number of the next run."""
    return 1 + max((int(r) for r in runs[BillRun.run] if r.isdigit()), default=0)


def row(run: int, **values: Any) -> dict[str, Any]:
    """A run's line in the register, with the dates given."""
    blank = {c.name: 0 if c.kind in ("money", "count", "year") else None for c in BILL_RUNS.facts}
    given = {k.replace("_", " "): v for k, v in values.items() if v is not None}
    return blank | {BillRun.run: str(run)} | given


def controls_of(text: str) -> dict[str, Cents]:
    """Control totals by levy type from their text: "RE=830000.00, MV=1200000"."""
    pairs = [p.split("=", 1) for p in text.split(",") if "=" in p or p.strip()]
    if any(len(p) != 2 for p in pairs):
        raise BadValue(
            f'"{text}" is not a control total.',
            where="control",
            do='Enter levy type and total, such as "RE=830000.00".',
        )
    return {kind.strip().upper(): to_cents(value.strip(), where=f"control, {kind.strip()}") for kind, value in pairs}


def tie(roll: Table[Parcel], kinds: Iterable[str], imports: Table[RollImport], control: Mapping[str, Cents]) -> None:
    """Refuses to bill a Roll that differs from the last import of a levy type or from the assessor's total.

    roll: the rows on the roll. imports: Roll Imports, typed. control: totals the user enters instead, by levy type.
    """  # fmt: skip
    problems = []
    for kind in kinds:
        value = roll.loc[roll[Parcel.levy_type] == kind, Parcel.net_value]
        count, total = len(value), int(value.sum())
        last = imports[imports[RollImport.levy_type] == kind].records()[-1:]
        if kind in control:
            if total != control[kind]:
                apart = usd(abs(total - control[kind]))
                what = f"The {kind} roll totals {usd(total)}, but the control total is {usd(control[kind])}: a difference of {apart}."
                problems.append(Problem("Roll, Net Value", what, "Nothing was billed. Correct the Roll or the control total."))  # fmt: skip
        elif last and (count, total) != (last[0][RollImport.rows_after], last[0][RollImport.value_after]):
            was = last[0]
            rows, apart = count - was[RollImport.rows_after], total - was[RollImport.value_after]
            what = (
                f"The {kind} roll now has {some(count, 'row')}, net value {usd(total)}. The import of {was[RollImport.file]} on "
                f"{short_date(was[RollImport.imported_on].date())} left {some(int(was[RollImport.rows_after]), 'row')}, {usd(int(was[RollImport.value_after]))}: "
                f"a difference of {some(abs(rows), 'row')} and {usd(abs(apart))}."
            )
            do = f'Nothing was billed. Import the corrected roll, or enter the assessor\'s total for control, such as "{kind}={total / 100:.2f}".'
            problems.append(Problem("Roll, Net Value", what, do))
    if problems:
        raise Problems(problems)


def prove(bills: Table[Bill], candidates: Table[Parcel]) -> None:
    """Refuses bills that do not match the rows to bill: one account each, in count and value."""
    for kind, rows in candidates.groupby(Parcel.levy_type, sort=False):
        made = set(bills.loc[bills[Bill.levy_type] == kind, Bill.account])
        apart = rows[~rows[Parcel.account].isin(made)]
        if len(apart) or len(made) != len(rows):
            raise BadValue(
                f"{some(len(made), f'{kind} bill')} for {some(len(rows), 'row')} of the Roll: {usd(int(apart[Parcel.net_value].sum()))} was not billed.",
                where="Roll", do="Nothing was billed. Report this problem with the workbook.",
            )  # fmt: skip


# ---- undoing one -----------------------------------------------------------------------------------------------------


def standing(runs: Table[BillRun], number: str) -> dict[str, Any]:
    """A run's line, if the run can still be undone. Raises BadValue for an unknown or undone run."""
    found = runs[runs[BillRun.run] == number].records()
    if not found:
        raise BadValue(f'There is no billing run "{number}".', where="run", do="Enter the number as in Bill Runs.")
    if not pd.isna(found[0][BillRun.undone_on]):
        raise BadValue(
            f"Run {number} was already undone on {short_date(found[0][BillRun.undone_on].date())}.", where="run", do="Nothing was changed."
        )  # fmt: skip
    return found[0]


def made_by(run: Mapping[str, Any], duplicate: Table[Bill]) -> tuple[Any, Any]:
    """The rows of the Duplicate that a run made, and the rows it completed."""
    made = (duplicate[Bill.run] == run[BillRun.run]).to_numpy()
    done = np.zeros(len(duplicate), dtype=bool)
    if run[BillRun.stage] == FINAL:
        same = (duplicate[Bill.levy_year] == run[BillRun.levy_year]) & (
            duplicate[Bill.levy_type] == run[BillRun.levy_type]
        )
        done = (
            same & (duplicate[Bill.completed] == run[BillRun.billed_on]) & (duplicate[Bill.run] != run[BillRun.run])
        ).to_numpy()
    return made, done


def own_adjustments(run: Mapping[str, Any], adjustments: Table[Adjustment]) -> Table[Adjustment]:
    """The rows of Adjustments that a run made."""
    return _between(adjustments, run[BillRun.first_adjustment], run[BillRun.last_adjustment])


def reversals(run: Mapping[str, Any], adjustments: Table[Adjustment]) -> Table[Adjustment]:
    """The rows of Adjustments that reversed a run's adjustments when the run was undone."""
    return _between(adjustments, run[BillRun.first_reversal], run[BillRun.last_reversal])


def of_the_roll(duplicate: Table[Bill], table: Table[BillRun]) -> Table[Bill]:
    """The bills of the roll, without liens and without bills of added, supplemental and interim lists of any levy type."""
    other = table.loc[table[BillRun.stage].isin((FURTHER, LIENS)), BillRun.run]
    return duplicate[~duplicate[Bill.run].isin(set(other))]


def without_undone(adjustments: Table[Adjustment], table: Table[BillRun]) -> Table[Adjustment]:
    """The adjustments without those of undone runs and their reversals, which cancel each other."""
    gone: set[str] = set()
    for run in table[table[BillRun.undone_on].notna()].to_dict("records"):
        line = {str(k): v for k, v in run.items()}
        gone |= set(own_adjustments(line, adjustments)[Adjustment.no]) | set(
            reversals(line, adjustments)[Adjustment.no]
        )
    return adjustments[~adjustments[Adjustment.no].isin(gone)]


def _between(adjustments: Table[Adjustment], first: str, last: str) -> Table[Adjustment]:
    if not first:
        return adjustments.head(0)
    order = list(adjustments[Adjustment.no])
    rows = np.arange(len(order))
    return adjustments[(rows >= order.index(first)) & (rows <= order.index(last))]


def refuse_used(
    run: Mapping[str, Any],
    first_parts: int,
    duplicate: Table[Bill],
    cash_book: Table[CashLine],
    adjustments: Table[Adjustment],
) -> None:
    """Refuses to undo a run if a bill was paid, adjusted or completed later; names the first such bill.

    first_parts: how many installments the preliminary bills of the run's levy had; a final run made only the later ones.
    """
    made, done = made_by(run, duplicate)
    if run[BillRun.stage] == FIRST and duplicate.loc[made, Bill.completed].notna().any():
        raise _cannot(run, "a final run completed its bills", "Undo the final run first.")
    whole, half = set(duplicate.loc[made, Bill.bill]), set(duplicate.loc[done, Bill.bill])

    def on_it(table: Table[CashLine] | Table[Adjustment]) -> Any:
        return table[CashLine.bill].isin(whole) | (
            table[CashLine.bill].isin(half) & (table[CashLine.inst] > first_parts)
        )

    paid = cash_book[on_it(cash_book) & (cash_book[CashLine.kind] != "Reallocation")]
    left = paid.groupby(CashLine.bill, sort=False)[CashLine.total].sum()
    if (left != 0).any():
        bill = left.index[left != 0][0]
        receipt = paid.loc[paid[CashLine.bill] == bill, CashLine.receipt].iloc[0]
        raise _cannot(
            run, f"bill {bill} was paid with receipt {receipt}", "Reverse or transfer the bill's payments first."
        )
    later = duplicate.loc[duplicate[Bill.bill].isin(whole) & ~made]
    if len(later):
        raise _cannot(run, f"bill {later[Bill.bill].iloc[0]} has a later row ({later[Bill.part].iloc[0]})", RESTORE)
    mine = set(own_adjustments(run, adjustments)[Adjustment.no])
    changed = adjustments[on_it(adjustments) & ~adjustments[Adjustment.no].isin(mine)]
    sign = np.where(changed[Adjustment.kind].isin(RAISES), 1, -1)
    net = (
        (changed[Adjustment.amount] * sign).groupby([changed[Adjustment.bill], component_of(changed)], sort=False).sum()
    )
    if (net != 0).any():
        bill = net.index[net != 0][0][0]
        number = changed.loc[changed[Adjustment.bill] == bill, Adjustment.no].iloc[0]
        raise _cannot(run, f"adjustment {number} changed bill {bill}", "Reverse the bill's adjustments first.")
    if len(changed) and made.any() and changed[Adjustment.bill].isin(whole).any():
        number = changed.loc[changed[Adjustment.bill].isin(whole), Adjustment.no].iloc[0]
        raise _cannot(run, f"sealed adjustment {number} names one of its bills", RESTORE)
    if (
        len(mine)
        and made.any()
        and adjustments.loc[adjustments[Adjustment.no].isin(mine), Adjustment.bill].isin(whole).any()
    ):
        raise _cannot(
            run, f"the run made adjustment {min(mine)} for its own bills, and this adjustment is sealed", RESTORE
        )


RESTORE = "Use xltax restore to return to the copy saved before the run."


def _cannot(run: Mapping[str, Any], why: str, do: str) -> BadValue:
    return BadValue(f"Run {run[BillRun.run]} cannot be undone: {why}.", where="run", do=do)
