"""Tax-sale figures and fees."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd
from xltax.udfs.arguments import ON, TOWN

from xltax.hosts.registry import Arg, udf
from xltax.law.profile import Profile
from xltax.money import Cents
from xltax.office.quotes import redemption
from xltax.office.quotes.redemption import REDEEM, Certificate

_FEE_ON = Arg("on", "date", "The day it is charged. Left out: by the newest rule.", optional=True)


@udf(
    "What redeems a tax-sale certificate on a date, item by item with who is paid: interest, penalty, later taxes, expenses; the last row is the total.",
    TOWN,
    Arg("certificate", "money", "What the certificate was sold for, costs included."),
    Arg("sold", "date", "The day of the sale."),
    Arg("rate", "rate", "The rate bid for a year, such as 18%; as a share, 0.18."),
    Arg("subsequents", "subsequents", "Range with header: Paid On, Amount. What the holder paid later. May be empty.",
        may_be_empty=True),
    ON,
    Arg("recording", "money", "What the holder paid to record it.", optional=True, default=0),
    Arg("search", "money", "What the holder paid for a search.", optional=True, default=0),
    result="table",
    columns=REDEEM,
)  # fmt: skip
def TAX_REDEMPTION(
    town: Profile, certificate: Cents, sold: dt.date, rate: Fraction, subsequents: pd.DataFrame | None, on: dt.date,
    recording: Cents = 0, search: Cents = 0,
) -> pd.DataFrame:  # fmt: skip
    return redemption.redemption(town, Certificate(certificate, sold, rate, recording, search), subsequents, on)


@udf(
    "The cost of selling a lien, within its limits, and of notices mailed instead of published.",
    TOWN,
    Arg("lien", "money", "The lien before this cost: tax, interest and charges."),
    Arg("notices", "count", "How many notices were mailed.", optional=True, default=0),
    _FEE_ON,
    result="money",
)
def TAX_COST_OF_SALE(town: Profile, lien: Cents, notices: int = 0, on: dt.date | None = None) -> Cents:
    return redemption.cost_of_sale(town, lien, notices, on)


@udf(
    "A fee by its kind, such as returned_check, duplicate_bill or cost_of_sale: for so many in a year, or on an amount.",
    TOWN,
    Arg("kind", "text", "The fee as the Rules name it."),
    Arg("amount_or_count", "number", "How many in the year; for a fee that is a share, the amount. Left out: 1.",
        optional=True, default=Fraction(1)),
    _FEE_ON,
    result="money",
)  # fmt: skip
def TAX_FEE(town: Profile, kind: str, amount_or_count: Fraction = Fraction(1), on: dt.date | None = None) -> Cents:
    return redemption.fee(town, kind, amount_or_count, on)
