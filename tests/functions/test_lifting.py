"""Ranges where a function takes one value: a result for each cell, from one call and, where it can be, one replay."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.functions.calls import CHARGES, GOOD, NJ
from xltax.cli import main
from xltax.errors import BadValue, LawNotEncoded, TaxError
from xltax.faces import boundary, lifting
from xltax.faces.catalog import functions
from xltax.ledger import replay

FUNCTIONS = functions()
ONE_VALUE = [name for name, f in FUNCTIONS.items() if f.result != "table"]
DUE, PAID = dt.date(2025, 2, 1), dt.date(2025, 8, 1)


def lifted(name: str, *values: Any) -> Any:
    function = FUNCTIONS[name]
    return lifting.to_cells(function, lifting.call(function, values), lambda error: error)


@pytest.mark.parametrize("name", ONE_VALUE)
def test_every_argument_that_takes_one_value_takes_a_range_of_them(name: str) -> None:
    function = FUNCTIONS[name]
    good = [GOOD[name][a.name] for a in function.args]
    one = boundary.to_cells(function, boundary.call(function, good))
    for n, arg in enumerate(function.args):
        if lifting.takes_one_value(arg) and good[n] is not None:
            column = [*good[:n], [[good[n]], [good[n]]], *good[n + 1 :]]
            assert lifted(name, *column) == [[one], [one]], arg.name
            row = [*good[:n], [[good[n], good[n], good[n]]], *good[n + 1 :]]
            assert lifted(name, *row) == [[one, one, one]], arg.name


@pytest.mark.parametrize("name", ONE_VALUE)
def test_the_help_of_such_a_function_says_so(name: str) -> None:
    assert FUNCTIONS[name].help.endswith("Ranges give a result for each cell.")


def test_a_function_that_gives_a_table_takes_no_range_for_one_value() -> None:
    with pytest.raises(BadValue, match="on: This argument takes one cell, not 2"):
        lifted("TAX_PAYOFF", NJ, CHARGES, None, [[PAID], [PAID]])


def test_a_column_of_interest_is_one_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    once = replay.run
    monkeypatch.setattr(replay, "run", lambda *given, **more: runs.append(1) or once(*given, **more))
    amounts, days = [[100.0 + n] for n in range(300)], [[PAID + dt.timedelta(days=n % 150)] for n in range(300)]
    together = lifted("TAX_INTEREST", NJ, amounts, DUE, days)
    assert len(runs) == 1
    function = FUNCTIONS["TAX_INTEREST"]
    for n in range(0, 300, 37):
        single = boundary.to_cells(function, boundary.call(function, [NJ, *amounts[n], DUE, *days[n]]))
        assert together[n] == [single]


def test_what_is_wrong_in_a_row_is_that_row_s_error_and_a_blank_row_is_blank() -> None:
    amounts = [[2000.0], ["abc"], [None], [2000.0], [5.0]]
    dues = [[DUE], [DUE], [None], [dt.date(1950, 2, 1)], [None]]
    got = [row[0] for row in lifted("TAX_INTEREST", NJ, amounts, dues, PAID)]
    assert got[0] == 105.0
    assert "row 2 of the range, amount: abc is not an amount of money." in str(got[1])
    assert got[2] == ""
    assert isinstance(got[3], LawNotEncoded)
    assert str(got[3]).startswith("row 4 of the range")
    assert str(got[4]).startswith("row 5 of the range, due: This argument is required.")


def test_an_amount_out_of_bounds_in_a_column_does_not_stop_the_others() -> None:
    got = [row[0] for row in lifted("TAX_INTEREST", NJ, [[-1], [2000], [100_000_000.01]], DUE, PAID)]
    assert got[1] == 105.0
    assert "below zero" in str(got[0])
    assert "above $100,000,000.00" in str(got[2])


@pytest.mark.parametrize(
    ("amounts", "dues", "said"),
    [
        ([[1], [2]], [[DUE], [DUE], [DUE]], "due: This range has 3 rows, but amount has 2 rows."),
        ([[1], [2]], [[DUE, DUE]], "due: This range has 1 row and 2 columns, but amount has 2 rows."),
    ],
)
def test_ranges_of_other_sizes_are_an_error_that_says_so(amounts: Any, dues: Any, said: str) -> None:
    with pytest.raises(BadValue) as refused:
        lifted("TAX_INTEREST", NJ, amounts, dues, PAID)
    assert str(refused.value).startswith(said)
    assert refused.value.problem.do == "Select ranges of the same size, or one cell."


def test_calls_that_arrive_together_are_answered_in_order_each_with_its_own_error() -> None:
    function = FUNCTIONS["TAX_INTEREST"]
    calls = [
        [NJ, 2000, DUE, PAID],
        ["us-xx", 2000, DUE, PAID],
        [NJ, [[2000], [1000]], DUE, PAID],
        ["us-ct", 2000, dt.date(2025, 7, 1), dt.date(2025, 9, 15), 0, "MV"],
        [NJ, [[1], [2]], [[DUE], [DUE], [DUE]], PAID],
    ]
    got = lifting.call_many(function, calls)
    assert got[0] == 10500
    assert "us-xx" in str(got[1])
    assert got[2].rows == [[10500], [4000]]
    assert got[3] == boundary.call(function, calls[3])
    assert isinstance(got[4], TaxError)


def test_a_table_that_calls_share_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    once = boundary.typed_value
    monkeypatch.setattr(boundary, "typed_value", lambda arg, *more: read.append(arg.name) or once(arg, *more))
    days = [[PAID + dt.timedelta(days=n)] for n in range(5)]
    got = lifted("TAX_PAYOFF_TOTAL", NJ, CHARGES, None, days)
    assert read.count("charges") == 1
    assert len({row[0] for row in got}) == 5


def test_on_the_command_line_a_column_gives_a_column(tmp_path: Path) -> None:
    file = tmp_path / "late.csv"
    file.write_text("Amount,Due\n2000,2025-02-01\nabc,2025-02-01\n1000,2/1/2025\n")
    run = CliRunner().invoke(main, ["call", "TAX_INTEREST", NJ, f"@{file}:Amount", f"@{file}:Due", "2025-08-01"])
    lines = run.output.splitlines()
    assert [lines[0], lines[2]] == ["105.00", "40.00"]
    assert lines[1].startswith("#VALUE! row 2 of the range, amount: abc is not an amount of money.")
    wrong = CliRunner().invoke(main, ["call", "TAX_INTEREST", NJ, f"@{file}:Sum", "2025-02-01", "2025-08-01"])
    assert 'There is no column "Sum".' in str(wrong.output) + str(wrong.exception)
