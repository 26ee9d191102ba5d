"""Interest and penalty on an amount alone, and the rule behind them."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt

from xltax.udfs.arguments import LEVY_TYPE, ON, PART, TOWN

from xltax.errors import BadValue
from xltax.hosts.registry import Arg, udf
from xltax.law.profile import RULES, Profile
from xltax.money import Cents
from xltax.office.quotes import one_amount


@udf(
    "The interest on one amount paid late, with what else was already delinquent taking its place in the lower tier.",
    TOWN,
    Arg("amount", "money", "The tax that is paid late."),
    Arg("due", "date", "The day it was payable."),
    Arg("paid", "date", "The day it is paid."),
    Arg("other_delinquent", "money", "Older tax on the parcel, delinquent the whole time.", optional=True, default=0),
    LEVY_TYPE,
    PART,
    result="money",
)
def TAX_INTEREST(
    town: Profile,
    amount: Cents,
    due: dt.date,
    paid: dt.date,
    other_delinquent: Cents = 0,
    type: str = "RE",
    part: str = "",
) -> Cents:
    return one_amount.interest(town, amount, due, paid, other_delinquent, type, part)


@udf(
    "The penalty at the end of a year on a delinquency above the town's threshold.",
    TOWN,
    Arg("delinquent", "money", "All that is delinquent on the parcel at the end of the year."),
    Arg("year_end", "date", "December 31 of the year."),
    Arg("of_year", "money", "The part of it that belongs to that year. Left out: all of it.", optional=True),
    result="money",
)
def TAX_PENALTY(town: Profile, delinquent: Cents, year_end: dt.date, of_year: Cents | None = None) -> Cents:
    return one_amount.year_end_penalty(town, delinquent, year_end, of_year)


@udf(
    "The town's rule on a date in words, with its citation.",
    TOWN,
    Arg(
        "rule",
        "text",
        "Which rule: interest, penalty, grace, installments, allocation, discount, levy, added, supplement, fee and so on.",
    ),
    ON,
    result="text",
)
def TAX_RULE(town: Profile, rule: str, on: dt.date) -> str:
    name = rule.strip().lower().replace(" ", "_")
    if name not in RULES:
        raise BadValue(f'"{rule}" is not a rule.', where="rule", do=f"Use one of {', '.join(RULES)}.")
    found = [r for r in town.rules if r.name == name and r.covers(on)]
    if not found:
        raise town.not_encoded(name, on, "RE", "")
    return " | ".join(f"{r.words()} {r.authority()}".rstrip() for r in found)
