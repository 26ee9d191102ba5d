"""Tax-sale figures and fees."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated

import pandas as pd
from xltax.udfs.arguments import On, Town

from xltax.declare import Arg, udf
from xltax.money import Cents
from xltax.office.quotes import redemption
from xltax.office.quotes.redemption import REDEEM, Certificate
from xltax.tables.agreements import Subsequent
from xltax.tables.table import Table

FeeOn = Annotated[dt.date | None, Arg("The day it is charged. Left out: by the newest rule.")]


@udf(
    "What redeems a tax-sale certificate on a date, item by item with who is paid: interest, penalty, "
    "later taxes, expenses; the last row is the total.",
    columns=REDEEM,
)
def TAX_REDEMPTION(
    town: Town,
    certificate: Annotated[Cents, Arg("What the certificate was sold for, costs included.")],
    sold: Annotated[dt.date, Arg("The day of the sale.")],
    rate: Annotated[Fraction, Arg("The rate bid for a year, such as 18%; as a share, 0.18.", kind="rate")],
    subsequents: Annotated[
        Table[Subsequent] | None,
        Arg(
            "Range with header: Paid On, Amount. What the holder paid later. May be empty.",
            kind="subsequents",
            may_be_empty=True,
        ),
    ],
    on: On,
    recording: Annotated[Cents, Arg("What the holder paid to record it.")] = 0,
    search: Annotated[Cents, Arg("What the holder paid for a search.")] = 0,
) -> pd.DataFrame:
    return redemption.redemption(town, Certificate(certificate, sold, rate, recording, search), subsequents, on)


@udf("The cost of selling a lien, within its limits, and of notices mailed instead of published.")
def TAX_COST_OF_SALE(
    town: Town,
    lien: Annotated[Cents, Arg("The lien before this cost: tax, interest and charges.")],
    notices: Annotated[int, Arg("How many notices were mailed.")] = 0,
    on: FeeOn = None,
) -> Cents:
    return redemption.cost_of_sale(town, lien, notices, on)


@udf(
    "A fee by its kind, such as returned_check, duplicate_bill or cost_of_sale: for so many in a year, or on an amount."
)
def TAX_FEE(
    town: Town,
    kind: Annotated[str, Arg("The fee as the Rules name it.")],
    amount_or_count: Annotated[
        Fraction, Arg("How many in the year; for a fee that is a share, the amount. Left out: 1.")
    ] = Fraction(1),
    on: FeeOn = None,
) -> Cents:
    return redemption.fee(town, kind, amount_or_count, on)
