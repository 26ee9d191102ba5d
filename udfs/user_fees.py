"""Sales-tax returns and charges by use."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated

import pandas as pd
from xltax.udfs.arguments import ClosedDays, Town

from xltax.declare import Arg, udf
from xltax.money import Cents
from xltax.office.other_levies import sales_returns
from xltax.office.other_levies.usage import charge


@udf(
    "A sales-tax return line by line, rounded as the form is: tax, vendor's compensation if filed and "
    "paid in time, penalty, interest, total.",
    columns=sales_returns.FORM,
)
def TAX_RETURN(
    town: Town,
    gross: Annotated[Cents, Arg("Gross sales of the period.")],
    deductions: Annotated[Cents, Arg("Allowable deductions.")],
    period_end: Annotated[dt.date, Arg("The last day of the period.")],
    filed: Annotated[dt.date, Arg("The day it was postmarked, with what is due.")],
    location: Annotated[str, Arg("The location code, such as 1701; the Rules have each code with its rate.")],
    use_purchases: Annotated[Cents, Arg("Purchases subject to use tax.")] = 0,
    excess: Annotated[Cents, Arg("Tax collected above what was due.")] = 0,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    form = sales_returns.figure(
        town, gross, deductions, period_end, filed, location, use_purchases, excess, closed_days
    )
    return form.table()


@udf(
    "The charge for a usage by block rate, such as sewer by CCF; where the rule bills an average of "
    "months, give the average."
)
def TAX_USAGE_FEE(
    town: Town,
    usage: Annotated[Fraction, Arg("The usage in the rule's units, already averaged.")],
    kind: Annotated[str, Arg("The charge as the Rules name it, such as sewer.")],
    on: Annotated[dt.date | None, Arg("The day it is charged. Left out: by the newest rule.")] = None,
) -> Cents:
    return charge(town, usage, kind, on)
