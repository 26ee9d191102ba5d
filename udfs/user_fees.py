"""Sales-tax returns and charges by use."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd
from xltax.udfs.arguments import CLOSED_DAYS, TOWN

from xltax.hosts.registry import Arg, udf
from xltax.law.profile import Profile
from xltax.money import Cents
from xltax.office.other_levies import sales_returns
from xltax.office.other_levies.usage import charge


@udf(
    "A sales-tax return line by line, rounded as the form is: tax, vendor's compensation if filed and paid in time, penalty, interest, total.",
    TOWN,
    Arg("gross", "money", "Gross sales of the period."),
    Arg("deductions", "money", "Allowable deductions."),
    Arg("period_end", "date", "The last day of the period."),
    Arg("filed", "date", "The day it was postmarked, with what is due."),
    Arg("location", "text", "The location code, such as 1701; the Rules have each code with its rate."),
    Arg("use_purchases", "money", "Purchases subject to use tax.", optional=True, default=0),
    Arg("excess", "money", "Tax collected above what was due.", optional=True, default=0),
    CLOSED_DAYS,
    result="table",
    columns=sales_returns.FORM,
)
def TAX_RETURN(
    town: Profile, gross: Cents, deductions: Cents, period_end: dt.date, filed: dt.date, location: str,
    use_purchases: Cents = 0, excess: Cents = 0, closed_days: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    form = sales_returns.figure(
        town, gross, deductions, period_end, filed, location, use_purchases, excess, closed_days
    )
    return form.table()


@udf(
    "The charge for a usage by block rate, such as sewer by CCF; where the rule bills an average of months, give the average.",
    TOWN,
    Arg("usage", "number", "The usage in the rule's units, already averaged."),
    Arg("kind", "text", "The charge as the Rules name it, such as sewer."),
    Arg("on", "date", "The day it is charged. Left out: by the newest rule.", optional=True),
    result="money",
)
def TAX_USAGE_FEE(town: Profile, usage: Fraction, kind: str, on: dt.date | None = None) -> Cents:
    return charge(town, usage, kind, on)
