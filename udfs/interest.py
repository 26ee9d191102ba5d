"""Interest and penalty on one amount, and the rule that applies."""

# ruff: noqa: N802

from __future__ import annotations

import datetime as dt
from typing import Annotated

from xltax.udfs.arguments import LevyType, On, Part, Town

from xltax.declare import Arg, udf
from xltax.errors import BadValue
from xltax.law.profile import KINDS
from xltax.money import Cents
from xltax.office.quotes import one_amount


@udf(
    "The interest on one amount paid late. Other delinquent tax fills the lower interest tier first.",
    many=one_amount.interests,
)
def TAX_INTEREST(
    town: Town,
    amount: Annotated[Cents, Arg("The tax paid late.")],
    due: Annotated[dt.date, Arg("The due date.")],
    paid: Annotated[dt.date, Arg("The day of payment.")],
    other_delinquent: Annotated[
        Cents, Arg("Older tax on the parcel that was delinquent the whole time (default: 0).")
    ] = 0,
    type: LevyType = "RE",
    part: Part = "",
) -> Cents:
    return one_amount.interest(town, amount, due, paid, other_delinquent, type, part)


@udf("The year-end penalty on a delinquency above the town's threshold.")
def TAX_PENALTY(
    town: Town,
    delinquent: Annotated[Cents, Arg("The total delinquency on the parcel at the end of the year.")],
    year_end: Annotated[dt.date, Arg("December 31 of the year.")],
    of_year: Annotated[Cents | None, Arg("The part of the delinquency from that year (default: all).")] = None,
) -> Cents:
    return one_amount.year_end_penalty(town, delinquent, year_end, of_year)


@udf("The town's rule on a date, in words, with the citation.")
def TAX_RULE(
    town: Town,
    rule: Annotated[
        str,
        Arg(
            "The rule: interest, penalty, grace, installments, allocation, discount, levy, added, supplement, "
            "fee and so on."
        ),
    ],
    on: On,
) -> str:
    name = rule.strip().lower().replace(" ", "_")
    if name not in KINDS:
        raise BadValue(f'"{rule}" is not a rule.', where="rule", do=f"Use one of these: {', '.join(KINDS)}.")
    found = town.in_force(KINDS[name], on)
    if not found:
        raise town.not_encoded(KINDS[name], on, "RE", "")
    return " | ".join(f"{r.words()} {r.authority()}".rstrip() for r in found)
