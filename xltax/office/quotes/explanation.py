"""How an amount was calculated, period by period, or the problems that prevent the calculation, as rows."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xltax.errors import TaxError
from xltax.law.profile import Profile
from xltax.ledger.explain import EXPLAINED, ExplainedPeriod, statement
from xltax.ledger.replay import Facts, replay

PROBLEM_COLUMNS = ("Where", "What is wrong", "What to do")


def explain(facts: Facts, town: Profile, on: dt.date) -> pd.DataFrame:
    """Every period, payment and waiver behind the interest and penalty due. The rows add up; assumptions stand at the end."""
    ledger = replay(facts, town, on, explain=True)
    table = statement(ledger)
    notes = [
        {
            ExplainedPeriod.bill: "Note",
            ExplainedPeriod.unit: f"assumed: {rule.name} {a.what}",
            ExplainedPeriod.rule: a.why,
            ExplainedPeriod.citation: rule.authority(),
        }
        for rule, a in town.assumptions()
        if rule.name in ("interest", "penalty") and (rule.words() in set(table[ExplainedPeriod.rule]))
    ]
    notes += [
        {
            ExplainedPeriod.bill: "Note",
            ExplainedPeriod.unit: p.where,
            ExplainedPeriod.rule: f"{p.what} {p.do}".strip(),
            ExplainedPeriod.citation: "",
        }
        for p in ledger.problems
    ]
    if notes:
        extra = pd.DataFrame(notes)
        for column in EXPLAINED.columns:
            if column.name not in extra:
                extra[column.name] = (
                    pd.NaT if column.kind == "date" else (0 if column.kind in ("money", "count", "year") else "")
                )
        table = pd.concat([table, extra[list(table.columns)]], ignore_index=True) if len(table) else extra
    return table[list(EXPLAINED.names)]


def problems(error: TaxError) -> pd.DataFrame:
    """The problems with the arguments, as rows: where, what is wrong, and what to do."""
    rows = [(p.where, p.what, p.do) for p in error.problems]
    return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS))
