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

FeeOn = Annotated[dt.date | None, Arg("The day of the charge (default: the newest rule).")]


@udf(
    "The amount to redeem a tax-sale certificate on a date, item by item with the payee: interest, penalty, "
    "later taxes and expenses. The last row is the total.",
    columns=REDEEM,
)
def TAX_REDEMPTION(
    town: Town,
    certificate: Annotated[Cents, Arg("The sale amount of the certificate, including costs.")],
    sold: Annotated[dt.date, Arg("The day of the sale.")],
    rate: Annotated[Fraction, Arg("The yearly rate bid, such as 18% or 0.18.", kind="rate")],
    subsequents: Annotated[
        Table[Subsequent] | None,
        Arg(
            "Range with header: Paid On, Amount, for later payments by the holder. May be blank.",
            kind="subsequents",
            may_be_empty=True,
        ),
    ],
    on: On,
    recording: Annotated[Cents, Arg("The recording fee the holder paid (default: 0).")] = 0,
    search: Annotated[Cents, Arg("The search fee the holder paid (default: 0).")] = 0,
) -> pd.DataFrame:
    return redemption.redemption(town, Certificate(certificate, sold, rate, recording, search), subsequents, on)


@udf("The cost of a lien sale, within the legal limits, plus the cost of notices mailed instead of published.")
def TAX_COST_OF_SALE(
    town: Town,
    lien: Annotated[Cents, Arg("The lien before this cost: tax, interest and charges.")],
    notices: Annotated[int, Arg("Number of notices mailed (default: 0).")] = 0,
    on: FeeOn = None,
) -> Cents:
    return redemption.cost_of_sale(town, lien, notices, on)


@udf(
    "A fee by kind, such as returned_check, duplicate_bill or cost_of_sale. Some fees depend on a yearly count or an amount."
)
def TAX_FEE(
    town: Town,
    kind: Annotated[str, Arg("The fee, as named on Rules.")],
    amount_or_count: Annotated[
        Fraction, Arg("The number this year. For a percentage fee, the amount (default: 1).")
    ] = Fraction(1),
    on: FeeOn = None,
) -> Cents:
    return redemption.fee(town, kind, amount_or_count, on)
