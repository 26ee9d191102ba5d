"""What a relief program comes to."""

# ruff: noqa: N802

from __future__ import annotations

from xltax.udfs.arguments import PART, TOWN

from xltax.hosts.registry import Arg, udf
from xltax.law.profile import Profile
from xltax.money import Cents
from xltax.office.adjusting import relief


@udf(
    "What a relief program takes off a tax for somebody eligible: by its deduction, income steps, brackets, or cap on the assessment's rise.",
    TOWN,
    Arg("program", "text", "The program as the Rules name it: homeowners, homestead, circuit_breaker, senior, veteran."),
    Arg("income", "money", "The household's income for the year; 0 where the program does not ask."),
    Arg("tax", "money", "The year's tax it comes off, on the whole assessment."),
    Arg("assessment", "money", "The assessment, where the program limits it or caps its rise.", optional=True, default=0),
    Arg("old_assessment", "money", "Last year's taxable assessment, for a cap on its rise.", optional=True, default=0),
    Arg("married", "text", "Yes for a couple, where the brackets differ.", optional=True, default="No", choices=("Yes", "No")),
    Arg("year", "count", "The levy year. Left out: by the rule without an end.", optional=True),
    PART,
    result="money",
)  # fmt: skip
def TAX_RELIEF(
    town: Profile, program: str, income: Cents, tax: Cents, assessment: Cents = 0, old_assessment: Cents = 0,
    married: str = "No", year: int | None = None, part: str = "",
) -> Cents:  # fmt: skip
    return relief.worth(town, program, income, tax, assessment, old_assessment, married.lower() == "yes", year, part)
