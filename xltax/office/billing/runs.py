"""Billing runs: each levy type and list a run of its own, held to the roll it bills, and what stands in the way of undoing one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import short_date
from xltax.errors import BadValue, Problem, Problems
from xltax.ledger.facts import component_of
from xltax.ledger.wide import PRELIMINARY
from xltax.money import Cents, to_cents, usd
from xltax.tables import RAISES
from xltax.tables.bills import BILL_RUNS
from xltax.wording import some

WHOLE, FIRST, FINAL, FURTHER, CORRECTED = "whole", "preliminary", "final", "further", "corrected"


def next_number(runs: pd.DataFrame) -> int:
    """The number of the next run."""
    return 1 + max((int(r) for r in runs["Run"] if r.isdigit()), default=0)


def row(run: int, **values: Any) -> dict[str, Any]:
    """A run's line in the register; dates as they are given, blank ones left out."""
    blank = {c.name: np.datetime64("NaT", "s") if c.kind == "date" else 0 if c.kind in ("money", "count", "year") else "" for c in BILL_RUNS.facts}  # fmt: skip
    given = {k.replace("_", " "): np.datetime64(v, "s") if isinstance(v, dt.date) else v for k, v in values.items() if v is not None}  # fmt: skip
    return blank | {"Run": str(run)} | given


def controls_of(text: str) -> dict[str, Cents]:
    """Control totals by levy type from their text: "RE=830000.00, MV=1200000"."""
    pairs = [p.split("=", 1) for p in text.split(",") if "=" in p or p.strip()]
    if any(len(p) != 2 for p in pairs):
        raise BadValue(f'"{text}" is not a control total.', where="control", do='Write it as "RE=830000.00".')
    return {kind.strip().upper(): to_cents(value.strip(), where=f"control, {kind.strip()}") for kind, value in pairs}


def tie(roll: pd.DataFrame, kinds: Iterable[str], imports: pd.DataFrame, control: Mapping[str, Cents]) -> None:
    """Refuses a Roll that is not what the last import of a levy type left, or what the assessor certifies: nothing is billed from it.

    roll: the rows on the roll. imports: Roll Imports, typed. control: what the user gives instead, by levy type.
    """  # fmt: skip
    problems = []
    for kind in kinds:
        value = roll.loc[roll["Levy Type"] == kind, "Net Value"]
        count, total = len(value), int(value.sum())
        last = imports[imports["Levy Type"] == kind].tail(1).to_dict("records")
        if kind in control:
            if total != control[kind]:
                apart = usd(abs(total - control[kind]))
                what = f"The {kind} roll comes to {usd(total)}, and the control total is {usd(control[kind])}: a difference of {apart}."
                problems.append(Problem("Roll, Net Value", what, "Nothing was billed. Correct the Roll, or the control total."))  # fmt: skip
        elif last and (count, total) != (last[0]["Rows After"], last[0]["Value After"]):
            was = last[0]
            rows, apart = count - was["Rows After"], total - was["Value After"]
            what = (
                f"The {kind} roll has {some(count, 'row')}, net value {usd(total)}. The import of {was['File']} on "
                f"{short_date(was['Imported On'].date())} left {some(int(was['Rows After']), 'row')}, {usd(int(was['Value After']))}: "
                f"a difference of {abs(rows):,} rows and {usd(abs(apart))}."
            )
            do = f'Nothing was billed. Import the corrected roll, or give the assessor\'s total as control, such as "{kind}={total / 100:.2f}".'
            problems.append(Problem("Roll, Net Value", what, do))
    if problems:
        raise Problems(problems)


def prove(bills: pd.DataFrame, candidates: pd.DataFrame) -> None:
    """Refuses bills that are not those of the rows to be billed: an account each, in count and value."""
    for kind, rows in candidates.groupby("Levy Type", sort=False):
        made = set(bills.loc[bills["Levy Type"] == kind, "Account"])
        apart = rows[~rows["Account"].isin(made)]
        if len(apart) or len(made) != len(rows):
            raise BadValue(
                f"{len(made):,} {kind} bills for {len(rows):,} rows of the Roll: {usd(int(apart['Net Value'].sum()))} is not billed.",
                where="Roll", do="Nothing was billed. Report this with the book.",
            )  # fmt: skip


# ---- undoing one -----------------------------------------------------------------------------------------------------


def standing(runs: pd.DataFrame, number: str) -> dict[str, Any]:
    """A run's line, if it can still be undone. Raises BadValue for one that is not there or was undone."""
    found = runs[runs["Run"] == number].to_dict("records")
    if not found:
        raise BadValue(f'There is no billing run "{number}".', where="run", do="Bill Runs has their numbers.")
    if not pd.isna(found[0]["Undone On"]):
        raise BadValue(
            f"Run {number} was undone {short_date(found[0]['Undone On'].date())} already.", where="run", do="Nothing was changed."
        )  # fmt: skip
    return {str(k): v for k, v in found[0].items()}


def made_by(run: Mapping[str, Any], duplicate: pd.DataFrame) -> tuple[Any, Any]:
    """Which rows of the Duplicate a run made, and which it completed."""
    made = (duplicate["Run"] == run["Run"]).to_numpy()
    done = np.zeros(len(duplicate), dtype=bool)
    if run["Stage"] == FINAL:
        same = (duplicate["Levy Year"] == run["Levy Year"]) & (duplicate["Levy Type"] == run["Levy Type"])
        done = (same & (duplicate["Completed"] == run["Billed On"]) & (duplicate["Run"] != run["Run"])).to_numpy()
    return made, done


def own_adjustments(run: Mapping[str, Any], adjustments: pd.DataFrame) -> pd.DataFrame:
    """The rows of Adjustments a run made."""
    return _between(adjustments, run["First Adjustment"], run["Last Adjustment"])


def reversals(run: Mapping[str, Any], adjustments: pd.DataFrame) -> pd.DataFrame:
    """The rows of Adjustments that took those of a run back when it was undone."""
    return _between(adjustments, run["First Reversal"], run["Last Reversal"])


def of_the_roll(duplicate: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The bills without those of added, supplemental and interim lists, whatever their levy type."""
    return duplicate[~duplicate["Run"].isin(set(table.loc[table["Stage"] == FURTHER, "Run"]))]


def without_undone(adjustments: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The adjustments without those of runs that were undone and what took them back: together they are nothing."""
    gone: set[str] = set()
    for run in table[table["Undone On"].notna()].to_dict("records"):
        line = {str(k): v for k, v in run.items()}
        gone |= set(own_adjustments(line, adjustments)["No"]) | set(reversals(line, adjustments)["No"])
    return adjustments[~adjustments["No"].isin(gone)]


def _between(adjustments: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    if not first:
        return adjustments[:0]
    order = list(adjustments["No"])
    return adjustments.iloc[order.index(first) : order.index(last) + 1]


def refuse_used(
    run: Mapping[str, Any], duplicate: pd.DataFrame, cash_book: pd.DataFrame, adjustments: pd.DataFrame
) -> None:
    """Refuses to undo a run on whose bills something was paid, adjusted or completed since; names the first."""
    made, done = made_by(run, duplicate)
    if run["Stage"] == FIRST and duplicate.loc[made, "Completed"].notna().any():
        raise _cannot(run, "its bills were completed by a final run", "Undo the final run first.")
    whole, half = set(duplicate.loc[made, "Bill"]), set(duplicate.loc[done, "Bill"])

    def on_it(table: pd.DataFrame) -> Any:
        return table["Bill"].isin(whole) | (table["Bill"].isin(half) & (table["Inst"] > PRELIMINARY))

    paid = cash_book[on_it(cash_book) & (cash_book["Kind"] != "Reallocation")]
    left = paid.groupby("Bill", sort=False)["Total"].sum()
    if (left != 0).any():
        bill = left.index[left != 0][0]
        receipt = paid.loc[paid["Bill"] == bill, "Receipt"].iloc[0]
        raise _cannot(run, f"receipt {receipt} was paid on bill {bill}", "Reverse or transfer its payments first.")
    later = duplicate.loc[duplicate["Bill"].isin(whole) & ~made]
    if len(later):
        raise _cannot(
            run, f"bill {later['Bill'].iloc[0]} has a row that was added since ({later['Part'].iloc[0]})", RESTORE
        )
    mine = set(own_adjustments(run, adjustments)["No"])
    changed = adjustments[on_it(adjustments) & ~adjustments["No"].isin(mine)]
    sign = np.where(changed["Kind"].isin(RAISES), 1, -1)
    net = (changed["Amount"] * sign).groupby([changed["Bill"], component_of(changed)], sort=False).sum()
    if (net != 0).any():
        bill = net.index[net != 0][0][0]
        number = changed.loc[changed["Bill"] == bill, "No"].iloc[0]
        raise _cannot(run, f"adjustment {number} changed bill {bill}", "Take its adjustments back first.")
    if len(changed) and made.any() and changed["Bill"].isin(whole).any():
        number = changed.loc[changed["Bill"].isin(whole), "No"].iloc[0]
        raise _cannot(run, f"adjustment {number} names one of its bills, and is sealed", RESTORE)
    if len(mine) and made.any() and adjustments.loc[adjustments["No"].isin(mine), "Bill"].isin(whole).any():
        raise _cannot(run, f"it entered {min(mine)} in Adjustments for its own bills, which is sealed", RESTORE)


RESTORE = "Bring back the version kept before the run with xltax restore."


def _cannot(run: Mapping[str, Any], why: str, do: str) -> BadValue:
    return BadValue(f"Run {run['Run']} cannot be undone: {why}.", where="run", do=do)
