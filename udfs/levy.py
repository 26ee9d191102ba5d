"""From value to bill: the levy, rates, installments and their dates, added and supplemental assessments."""

# ruff: noqa: N802  a function's name is the same in Python, Excel and Calc

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd
from xltax.udfs.arguments import LEVY_TYPE, MAILED, OWNER_OCCUPIED, TOWN, YEAR

from xltax.errors import BadValue
from xltax.hosts.registry import Arg, udf
from xltax.law.levy import levy, tax_rate
from xltax.law.profile import Profile
from xltax.money import Cents, div_half_up
from xltax.office.billing import levy_bills
from xltax.tables.schema import Column, Row, TableSpec

PER = Arg("per", "count", "What the rate is for: 100, or 1000 for mills. Left out: 100.", optional=True, default=100)
RATE = Arg("rate", "number", "The tax rate, such as 2.248 (per 100) or 36.36 (mills).")


def _not_below_zero(**given: Fraction | Cents | None) -> None:
    for name, amount in given.items():
        if amount is not None and amount < 0:
            raise BadValue("This cannot be below zero.", where=name)


class Prorated(Row):
    """A value or a tax for part of a year."""

    months = Column("Months", "count")
    factor = Column("Factor", "number")
    assessment = Column("Assessment", "money")
    tax = Column("Tax", "money")


PRORATED = TableSpec("Prorated", Prorated)


@udf(
    "The tax on a value: (value - exemption) x rate / per, rounded half up to the cent, less a credit; never below zero.",
    Arg("value", "money", "The assessed value in dollars."),
    RATE,
    PER,
    Arg("exemption", "money", "An exemption taken off the value.", optional=True, default=0),
    Arg("credit", "money", "A credit or deduction taken off the tax.", optional=True, default=0),
    result="money",
)
def TAX_LEVY(value: Cents, rate: Fraction, per: int = 100, exemption: Cents = 0, credit: Cents = 0) -> Cents:
    if per not in (100, 1000):
        raise BadValue(f"{per} is not 100 or 1000.", where="per")
    _not_below_zero(value=value, rate=rate, exemption=exemption, credit=credit)
    return max(0, levy(max(0, value - exemption), rate, per) - credit)


@udf(
    "The tax rate that raises a levy on a valuation, per 100 or 1000, to six places.",
    Arg("levy", "money", "The amount to be raised."),
    Arg("valuation", "money", "The total taxable valuation."),
    PER,
    result="number",
)
def TAX_RATE(levy: Cents, valuation: Cents, per: int = 100) -> Fraction:
    if per not in (100, 1000):
        raise BadValue(f"{per} is not 100 or 1000.", where="per")
    _not_below_zero(levy=levy)
    exact = tax_rate(levy, valuation, per)
    return Fraction(div_half_up(exact.numerator * 10**6, exact.denominator), 10**6)


@udf(
    "How a year's tax is billed: installment, amount, due date and last day to pay without interest.",
    TOWN,
    YEAR,
    Arg("tax", "money", "The year's tax."),
    Arg("prior_tax", "money", "Last year's tax, for preliminary installments.", optional=True),
    Arg(
        "prior_second_half",
        "money",
        "Last year's tax of the second half, where the town bills preliminary installments on it.",
        optional=True,
    ),
    LEVY_TYPE,
    MAILED,
    OWNER_OCCUPIED,
    result="table",
    columns=levy_bills.INSTALLMENTS,
)
def TAX_INSTALLMENTS(
    town: Profile,
    year: int,
    tax: Cents,
    prior_tax: Cents | None = None,
    prior_second_half: Cents | None = None,
    type: str = "RE",
    mailed: dt.date | None = None,
    owner_occupied: str = "No",
) -> pd.DataFrame:
    _not_below_zero(tax=tax, prior_tax=prior_tax, prior_second_half=prior_second_half)
    return levy_bills.installments(town, year, tax, prior_tax, prior_second_half, type, mailed, owner_occupied == "Yes")


NUMBER = Arg("no", "count", "The installment, 1 to 4.")


@udf("The day an installment is payable.", TOWN, YEAR, NUMBER, LEVY_TYPE, MAILED, OWNER_OCCUPIED, result="date")
def TAX_DUE_DATE(
    town: Profile, year: int, no: int, type: str = "RE", mailed: dt.date | None = None, owner_occupied: str = "No"
) -> dt.date:
    return levy_bills.due_date(town, year, no, type, owner_occupied == "Yes")


@udf(
    "The last day an installment can be paid without interest: grace, weekends, holidays and late mailing counted.",
    TOWN,
    YEAR,
    NUMBER,
    LEVY_TYPE,
    MAILED,
    OWNER_OCCUPIED,
    result="date",
)
def TAX_LAST_DAY(
    town: Profile, year: int, no: int, type: str = "RE", mailed: dt.date | None = None, owner_occupied: str = "No"
) -> dt.date:
    return levy_bills.last_day(town, levy_bills.due_date(town, year, no, type, owner_occupied == "Yes"), type, mailed)


@udf(
    "An assessment added during the year: months charged, share, prorated assessment and its tax.",
    TOWN,
    Arg("value", "money", "The full added value."),
    RATE,
    Arg("completed_on", "date", "The day the improvement was completed."),
    result="table",
    columns=PRORATED,
)
def TAX_ADDED(town: Profile, value: Cents, rate: Fraction, completed_on: dt.date) -> pd.DataFrame:
    _not_below_zero(value=value, rate=rate)
    rule = town.rule("added", completed_on).params
    per = town.rule("levy", completed_on).params.per
    months, assessment = rule.months_charged(completed_on), rule.prorated(value, completed_on)
    row = {
        "Months": months,
        "Factor": Fraction(months, 12),
        "Assessment": assessment,
        "Tax": levy(assessment, rate, per),
    }
    return pd.DataFrame([row], columns=list(PRORATED.names))


@udf(
    "A vehicle registered after the assessment day: months charged, share of the year, and prorated assessment, less the vehicle it replaced.",
    TOWN,
    Arg("value", "money", "The vehicle's full assessment."),
    Arg("registered_on", "date", "The day it was registered."),
    Arg("old_value", "money", "The assessment of the vehicle it replaced.", optional=True, default=0),
    result="table",
    columns=TableSpec("Supplement", Prorated, columns=PRORATED.columns[:3]),
)
def TAX_SUPPLEMENT(town: Profile, value: Cents, registered_on: dt.date, old_value: Cents = 0) -> pd.DataFrame:
    _not_below_zero(value=value, old_value=old_value)
    rule = town.rule("supplement", registered_on, "MVS").params
    row = {
        "Months": rule.months_charged(registered_on),
        "Factor": rule.share(registered_on),
        "Assessment": rule.prorated(value, registered_on, old_value),
    }
    return pd.DataFrame([row], columns=["Months", "Factor", "Assessment"])
