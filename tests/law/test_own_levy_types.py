"""A town's own levy types, such as New Hampshire's timber tax: X- and a code, wherever a levy type stands."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from xltax.udfs.arguments import LevyType

from tests.law.test_months import charge, owed, town
from xltax.errors import BadValue, Problems
from xltax.faces.boundary import chosen
from xltax.law.levy import LEVY_TYPES, choice_of
from xltax.law.load import check
from xltax.sheets.checks import check as cell_check
from xltax.tables import CHARGES
from xltax.tables.reading import read

TIMBER = """[[interest]]
method = "flat"
rate = "1%"
[[interest]]
types = ["X-YIELD"]
method = "flat"
rate = "18%"
"""


def row(levy_type: str) -> dict[str, object]:
    """A row of Charges as somebody typed it."""
    said = {"Bill": "1", "Account": "A", "Levy Year": 2025, "Levy Type": levy_type, "Inst": 1}
    return said | {"Due": "2025-05-15", "Amount": "10.00"}


def test_a_rule_for_a_type_of_its_own(tmp_path: Path) -> None:
    law = town(tmp_path, TIMBER)
    assert owed(law, [charge("2025-05-15")], [], "2025-05-16") == 1_010_00
    assert owed(law, [charge("2025-05-15", **{"Levy Type": "X-YIELD"})], [], "2025-05-16") == 1_180_00
    assert owed(law, [charge("2025-05-15", **{"Levy Type": "X-OTHER"})], [], "2025-05-16") == 1_010_00


@pytest.mark.parametrize(("typed", "read_as"), [("x-yield", "X-YIELD"), ("X-17", "X-17"), ("re", "RE")])
def test_it_is_read_from_a_cell_and_from_an_argument(typed: str, read_as: str) -> None:
    assert read(pd.DataFrame([row(typed)]), CHARGES)["Levy Type"].tolist() == [read_as]
    (arg,) = LevyType.__metadata__
    assert chosen(arg, typed) == read_as


@pytest.mark.parametrize("typed", ["REE", "YIELD", "X-", "X-TOO-LONG", "X YIELD", "X-YIELDTAXES"])
def test_a_slip_is_still_refused(tmp_path: Path, typed: str) -> None:
    with pytest.raises(Problems, match="not a choice"):
        read(pd.DataFrame([row(typed)]), CHARGES)
    (arg,) = LevyType.__metadata__
    with pytest.raises(BadValue, match="not a choice"):
        chosen(arg, typed)
    town(tmp_path, TIMBER.replace("X-YIELD", typed))
    assert any("is not a levy type" in said for said in check(tmp_path / "town.toml")[1])


def test_other_choices_are_closed() -> None:
    assert choice_of(("Yes", "No"), "X-YIELD") is None


def test_excel_warns_and_does_not_stop() -> None:
    rule = cell_check("Levy Type", "text", "", LEVY_TYPES)
    assert rule is not None
    assert (rule.errorStyle, "X-YIELD" in rule.error) == ("warning", True)
    other = cell_check("By", "text", "", ("owner", "officer"))
    assert other is not None
    assert other.errorStyle == "stop"
