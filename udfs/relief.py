"""The amount of a relief program."""

# ruff: noqa: N802

from __future__ import annotations

from typing import Annotated

from xltax.udfs.arguments import Part, Town

from xltax.declare import Arg, udf
from xltax.law.relief import Claim
from xltax.money import Cents
from xltax.office.adjusting import relief


@udf(
    "The amount a relief program takes off an eligible taxpayer's tax: a deduction, income steps, "
    "brackets or a limit on the assessment's increase."
)
def TAX_RELIEF(
    town: Town,
    program: Annotated[
        str, Arg("The program, as named on Rules: homeowners, homestead, circuit_breaker, senior, veteran.")
    ],
    income: Annotated[Cents, Arg("The household's income for the year. Enter 0 if the program has no income limit.")],
    tax: Annotated[Cents, Arg("The year's tax on the whole assessment, before relief.")],
    assessment: Annotated[Cents, Arg("The assessment, if the program limits the assessment or its increase.")] = 0,
    old_assessment: Annotated[Cents, Arg("Last year's taxable assessment, if the program limits the increase.")] = 0,
    married: Annotated[str, Arg("Yes for a married couple, if the brackets differ.", choices=("Yes", "No"))] = "No",
    year: Annotated[int | None, Arg("The levy year (default: the current rule).")] = None,
    part: Part = "",
) -> Cents:
    claim = Claim(tax, income, assessment, old_assessment, married.lower() == "yes")
    return relief.worth(town, program, claim, year, part)
