"""Sales-tax returns and usage charges."""

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
    "A sales-tax return line by line, rounded like the form: tax, vendor's compensation (if filed and "
    "paid on time), penalty, interest and total.",
    columns=sales_returns.FORM,
)
def TAX_RETURN(
    town: Town,
    gross: Annotated[Cents, Arg("Gross sales of the period.")],
    deductions: Annotated[Cents, Arg("Allowable deductions.")],
    period_end: Annotated[dt.date, Arg("The last day of the period.")],
    filed: Annotated[dt.date, Arg("The postmark date of the return and payment.")],
    location: Annotated[str, Arg("The location code, such as 1701. The Rules list the rate of each code.")],
    use_purchases: Annotated[Cents, Arg("Purchases subject to use tax.")] = 0,
    excess: Annotated[Cents, Arg("Tax collected above the amount due.")] = 0,
    closed_days: ClosedDays = None,
) -> pd.DataFrame:
    sold = sales_returns.Sold(location, gross, deductions, use_purchases, excess)
    return sales_returns.figure(town, sold, period_end, filed, closed_days).table()


@udf(
    "The charge for usage by block rate, such as sewer by CCF. If the rule bills an average of "
    "months, enter the average."
)
def TAX_USAGE_FEE(
    town: Town,
    usage: Annotated[Fraction, Arg("The usage in the units of the rule, already averaged.")],
    kind: Annotated[str, Arg("The charge, as named on Rules, such as sewer.")],
    on: Annotated[dt.date | None, Arg("The day of the charge (default: the newest rule).")] = None,
) -> Cents:
    return charge(town, usage, kind, on)
