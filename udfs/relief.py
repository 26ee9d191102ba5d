"""What a relief program comes to."""

# ruff: noqa: N802

from __future__ import annotations

from typing import Annotated

from xltax.udfs.arguments import Part, Town

from xltax.declare import Arg, udf
from xltax.money import Cents
from xltax.office.adjusting import relief


@udf(
    "What a relief program takes off a tax for somebody eligible: by its deduction, income steps, "
    "brackets, or cap on the assessment's rise."
)
def TAX_RELIEF(
    town: Town,
    program: Annotated[
        str, Arg("The program as the Rules name it: homeowners, homestead, circuit_breaker, senior, veteran.")
    ],
    income: Annotated[Cents, Arg("The household's income for the year; 0 where the program does not ask.")],
    tax: Annotated[Cents, Arg("The year's tax it comes off, on the whole assessment.")],
    assessment: Annotated[Cents, Arg("The assessment, where the program limits it or caps its rise.")] = 0,
    old_assessment: Annotated[Cents, Arg("Last year's taxable assessment, for a cap on its rise.")] = 0,
    married: Annotated[str, Arg("Yes for a couple, where the brackets differ.", choices=("Yes", "No"))] = "No",
    year: Annotated[int | None, Arg("The levy year. Left out: by the rule without an end.")] = None,
    part: Part = "",
) -> Cents:
    return relief.worth(town, program, income, tax, assessment, old_assessment, married.lower() == "yes", year, part)
