"""Which levy year is current: one answer for statements, turnover slips, revenue accounts and the ledger's entries.

A levy is current, prior or next by the fiscal year of the day a line was posted, not by what has fallen due: January's
collections of last year's levy are prior, and next year's bills are next until its first day.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import on_month_day
from xltax.law.calendar import Installments
from xltax.law.collection import FiscalYear
from xltax.law.profile import Profile
from xltax.law.statement import Statement

CURRENT, PRIOR, NEXT = "Current", "Prior", "Next"


def year_of(town: Profile, day: dt.date, levy_type: str = "RE") -> FiscalYear:
    """The town's fiscal year on a day. A book without such a rule uses its statements and installments."""
    rule = town.find(FiscalYear, day, levy_type)
    return rule.params if rule else _of_older_rules(town)


def _of_older_rules(town: Profile) -> FiscalYear:
    """The fiscal year of a book made before there was a rule for it: the levy year whose first bill falls due in it is current."""
    starts = {r.params.year_starts for r in town.all(Statement)} - {"01-01"}
    first = min(starts, default="01-01")
    plans = [r for r in town.all(Installments) if not r.part]
    plan = next((r.params for r in plans if not r.types or "RE" in r.types), plans[0].params if plans else None)
    if plan is None:
        return FiscalYear(starts=first)
    before = on_month_day(2023, plan.due[0]) < on_month_day(2023, first)
    return FiscalYear(starts=first, levy_years_back=plan.years_after - int(before))


def levy_year(town: Profile, day: dt.date, levy_type: str = "RE") -> int:
    """The current levy year on a day."""
    return year_of(town, day, levy_type).levy_year(day)


def standing(town: Profile, lines: pd.DataFrame, days: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Current, Prior or Next for each line by its Levy Year and Levy Type and its own day; "" where it is for no levy."""
    asked = pd.DataFrame({"Type": lines["Levy Type"].to_numpy(), "Day": days.to_numpy()})
    known = {
        (kind, day): levy_year(town, day.date(), kind)
        for kind, day in asked.drop_duplicates().itertuples(index=False, name=None)
    }
    current = np.array([known[key] for key in asked.itertuples(index=False, name=None)], dtype=np.int64)
    years = lines["Levy Year"].to_numpy()
    return np.select([years == 0, years < current, years > current], ["", PRIOR, NEXT], default=CURRENT)
