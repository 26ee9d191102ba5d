"""From value to bill: the levy, rates, installments and their dates, added and supplemental assessments."""

# ruff: noqa: N802  a function's name is the same in Python, Excel and Calc

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated

import pandas as pd
from xltax.udfs.arguments import LevyType, Mailed, OwnerOccupied, Town, Year

from xltax.declare import Arg, udf
from xltax.errors import BadValue
from xltax.law.levy import Added, Levy, Supplement, levy, tax_rate
from xltax.law.params import decimal_text
from xltax.money import Cents, div_half_up
from xltax.office.billing import levy_bills
from xltax.tables.schema import Column, Row, TableSpec

Per = Annotated[int, Arg("The base of the rate: 100, or 1000 for mills (default: 100).")]
Rate = Annotated[Fraction, Arg("The tax rate, such as 2.248 (per 100) or 36.36 (mills).")]


def _not_below_zero(**given: Fraction | Cents | None) -> None:
    for name, amount in given.items():
        if amount is not None and amount < 0:
            raise BadValue("This amount is negative.", where=name, do="Enter zero or more.")


class Prorated(Row):
    """The value and tax for part of a year."""

    months = Column("Months", "count")
    factor = Column("Factor", "number")
    assessment = Column("Assessment", "money")
    tax = Column("Tax", "money")


PRORATED = TableSpec("Prorated", Prorated)


@udf(
    "The tax on a value: (value - exemption) x rate / per, rounded half up to the cent, less a credit. The result is "
    "never negative."
)
def TAX_LEVY(
    value: Annotated[Cents, Arg("The assessed value in dollars.")],
    rate: Rate,
    per: Per = 100,
    exemption: Annotated[Cents, Arg("An exemption subtracted from the value (default: 0).")] = 0,
    credit: Annotated[Cents, Arg("A credit or deduction subtracted from the tax (default: 0).")] = 0,
) -> Cents:
    if per not in (100, 1000):
        raise BadValue(f"{per} is not 100 or 1000.", where="per", do="Enter 100, or 1000 for mills.")
    _not_below_zero(value=value, rate=rate, exemption=exemption, credit=credit)
    return max(0, levy(max(0, value - exemption), rate, per) - credit)


@udf("The tax rate that raises a levy from a valuation, per 100 or 1000, to six decimals.")
def TAX_RATE(
    levy: Annotated[Cents, Arg("The amount to raise.")],
    valuation: Annotated[Cents, Arg("The total taxable valuation.")],
    per: Per = 100,
) -> Fraction:
    if per not in (100, 1000):
        raise BadValue(f"{per} is not 100 or 1000.", where="per", do="Enter 100, or 1000 for mills.")
    _not_below_zero(levy=levy)
    exact = tax_rate(levy, valuation, per)
    return Fraction(div_half_up(exact.numerator * 10**6, exact.denominator), 10**6)


@udf(
    "The reserve for uncollected taxes in a budget: cash required / percent collected, rounded, less the cash required."
)
def TAX_UNCOLLECTED_RESERVE(
    cash_required: Annotated[Cents, Arg("What the levy must bring in: all appropriations less anticipated revenues.")],
    percent: Annotated[Fraction, Arg("The percentage collected, as a share, such as 96.5% or 0.965.")],
    round_to: Annotated[str, Arg("dollar or cent (default: dollar).")] = "dollar",
) -> Cents:
    """As on sheet 25 of New Jersey's budget. Budgets of one borough round to the dollar in 2016 and 2019, and to the cent in 2018."""
    if not 0 < percent <= 1:
        raise BadValue(
            f"{decimal_text(percent)} is not a share of the levy.",
            where="percent",
            do="Enter a percentage such as 96.5%.",
        )
    if round_to not in ("dollar", "cent"):
        raise BadValue(f'"{round_to}" is not dollar or cent.', where="round_to", do="Enter dollar or cent.")
    _not_below_zero(cash_required=cash_required)
    unit = 100 if round_to == "dollar" else 1
    return unit * div_half_up(cash_required * percent.denominator, percent.numerator * unit) - cash_required


@udf(
    "The installments of a year's tax: amount, due date and last day to pay without interest.",
    columns=levy_bills.INSTALLMENTS,
)
def TAX_INSTALLMENTS(
    town: Town,
    year: Year,
    tax: Annotated[Cents, Arg("The year's tax.")],
    prior_tax: Annotated[Cents | None, Arg("Last year's tax, for preliminary installments.")] = None,
    prior_second_half: Annotated[
        Cents | None, Arg("Last year's second-half tax, if the town bases preliminary installments on it.")
    ] = None,
    type: LevyType = "RE",
    mailed: Mailed = None,
    owner_occupied: OwnerOccupied = "No",
) -> pd.DataFrame:
    _not_below_zero(tax=tax, prior_tax=prior_tax, prior_second_half=prior_second_half)
    return levy_bills.installments(town, year, tax, prior_tax, prior_second_half, type, mailed, owner_occupied == "Yes")


Number = Annotated[int, Arg("The installment, 1 to 4.")]


@udf("The due date of an installment.")
def TAX_DUE_DATE(
    town: Town,
    year: Year,
    no: Number,
    type: LevyType = "RE",
    mailed: Mailed = None,
    owner_occupied: OwnerOccupied = "No",
) -> dt.date:
    return levy_bills.due_date(town, year, no, type, owner_occupied == "Yes")


@udf("The last day to pay an installment without interest, including grace days, weekends, holidays and late mailing.")
def TAX_LAST_DAY(
    town: Town,
    year: Year,
    no: Number,
    type: LevyType = "RE",
    mailed: Mailed = None,
    owner_occupied: OwnerOccupied = "No",
) -> dt.date:
    return levy_bills.last_day(town, levy_bills.due_date(town, year, no, type, owner_occupied == "Yes"), type, mailed)


@udf(
    "An assessment added during the year: months charged, share of the year, prorated assessment and tax.",
    columns=PRORATED,
)
def TAX_ADDED(
    town: Town,
    value: Annotated[Cents, Arg("The full added value.")],
    rate: Rate,
    completed_on: Annotated[dt.date, Arg("The day the improvement was completed.")],
) -> pd.DataFrame:
    _not_below_zero(value=value, rate=rate)
    rule = town.rule(Added, completed_on).params
    per = town.rule(Levy, completed_on).params.per
    months, assessment = rule.months_charged(completed_on), rule.prorated(value, completed_on)
    row = {
        "Months": months,
        "Factor": Fraction(months, 12),
        "Assessment": assessment,
        "Tax": levy(assessment, rate, per),
    }
    return pd.DataFrame([row], columns=list(PRORATED.names))


@udf(
    "A vehicle registered after the assessment date: months charged, share of the year, and prorated "
    "assessment, less the vehicle it replaced.",
    columns=TableSpec("Supplement", Prorated, columns=PRORATED.columns[:3]),
)
def TAX_SUPPLEMENT(
    town: Town,
    value: Annotated[Cents, Arg("The vehicle's full assessment.")],
    registered_on: Annotated[dt.date, Arg("The day the vehicle was registered.")],
    old_value: Annotated[Cents, Arg("The assessment of the replaced vehicle.")] = 0,
) -> pd.DataFrame:
    _not_below_zero(value=value, old_value=old_value)
    rule = town.rule(Supplement, registered_on, "MVS").params
    row = {
        "Months": rule.months_charged(registered_on),
        "Factor": rule.share(registered_on),
        "Assessment": rule.prorated(value, registered_on, old_value),
    }
    return pd.DataFrame([row], columns=["Months", "Factor", "Assessment"])
