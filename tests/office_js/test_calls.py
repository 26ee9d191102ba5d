"""One batch of function calls, as the page sends it to Python: the figures, the empty cells, the errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.functions.calls import CHARGES, NJ, RECEIPTS
from tests.office_js.cells import DESKTOP, WEB, excel, expected, good_call
from xltax.faces.catalog import functions
from xltax.faces.office_js import calls

NAMES = list(functions())
ON = 45870  # 2025-08-01


def ask(name: str, *arguments: Any, **told: Any) -> Any:
    """The answer to one call."""
    asked = told | {"calls": [{"name": name, "arguments": [list(arguments)]}]}
    return json.loads(calls.answer(json.dumps(asked)))["answers"][0][0]


_LEAVES_AN_AMOUNT_OUT = {"TAX_INSTALLMENTS"}  # the test after the next one says what follows


@pytest.mark.parametrize("name", NAMES)
def test_a_good_call_gives_the_same_on_the_web(name: str) -> None:
    assert ask(name, *good_call(name, WEB)) == expected(name)


@pytest.mark.parametrize("name", sorted({*NAMES} - _LEAVES_AN_AMOUNT_OUT))
def test_a_good_call_gives_the_same_on_the_desktop(name: str) -> None:
    assert ask(name, *good_call(name, DESKTOP)) == expected(name)


def test_an_empty_amount_on_the_desktop_is_zero_dollars_as_in_excels_own_functions() -> None:
    """The prior tax of $0.00 is a figure: its half for the first two installments is 0. On the web the cell is no figure."""
    half = [[NJ], [[2025]], [[1000]], [[900]]]
    assert ask("TAX_INSTALLMENTS", *half, [[None]]) == ask("TAX_INSTALLMENTS", *half)
    zero = ask("TAX_INSTALLMENTS", [[NJ]], [[2025]], [[1000]], [[0]])
    left_out = ask("TAX_INSTALLMENTS", [[NJ]], [[2025]], [[1000]], [[None]])
    assert zero[1][zero[0].index("Amount")] == 0
    assert left_out != zero


def _history(empty: Any, tail: int = 0) -> list[Any]:
    """Charges and receipts with every optional column, empty, and empty rows below."""
    charges = [["Bill", "Account", "Levy Year", "Levy Type", "Part", "Inst", "Due", "Amount", "Hold", "Mailed"]]
    charges += [["1", "1", 2025, "RE", empty, n, due, 1000.0, empty, empty] for n, due in ((1, 45689), (2, 45778))]
    receipts = [["Receipt", "Received", "Account", "Amount", "Effective", "By", "Directed", "Kind", "Reverses", "Mine"]]
    receipts += [["1", 45700, "1", 100.0, empty, empty, empty, empty, empty, empty]]
    return [charges + [[empty] * 10] * tail, receipts + [[empty] * 10] * tail]


@pytest.mark.parametrize("name", ["TAX_BALANCES", "TAX_PAYOFF", "TAX_EXPLAIN", "TAX_PAYOFF_TOTAL"])
def test_empty_cells_and_empty_rows_of_tables_are_empty_in_both_excels(name: str) -> None:
    plain = ask(name, NJ, *_history(""), ON)
    assert plain
    for empty in (DESKTOP, WEB):
        for tail in (0, 3):
            assert ask(name, NJ, *_history(empty, tail), ON) == plain


def test_a_range_of_empty_cells_stands_for_no_table() -> None:
    charges = excel(CHARGES)
    without = ask("TAX_PAYOFF_TOTAL", NJ, charges, None, ON)
    for empty in ([[0] * 4] * 3, [[None] * 4] * 3, 0, [[0]], [[""]]):
        assert ask("TAX_PAYOFF_TOTAL", NJ, charges, empty, ON) == without


def test_a_zero_amount_stays_zero() -> None:
    assert ask("TAX_INTEREST", NJ, 0, 45689, 45778) == 0
    free = [["Receipt", "Received", "Account", "Amount"], ["1", 45700, "1", 0]]
    assert "1" in str(ask("TAX_BALANCES", NJ, _history(WEB)[0], free, ON))


def test_an_error_in_a_range_is_named_with_its_row_and_column() -> None:
    charges = excel(CHARGES)
    charges[2][7] = "#DIV/0!"
    said = ask("TAX_PAYOFF_TOTAL", NJ, charges, None, ON)["error"]
    assert "charges row 3, Amount" in said
    assert "#DIV/0!" in said
    (head, *rows) = ask("TAX_EXPLAIN", NJ, charges, None, ON)
    assert "#DIV/0!" in str(rows), "a function that reports shows the error in its rows"
    assert head


def test_an_error_as_a_single_value_is_named() -> None:
    assert "#N/A" in ask("TAX_INTEREST", NJ, "#N/A", 45689, 45778)["error"]


def test_one_wrong_call_leaves_the_others_alone() -> None:
    good = [NJ, 4000, 45689, 45778]
    several = [
        good,
        [NJ, "two", 45689, 45778],
        [NJ, 4000, 45689],
        good,
        [NJ, *good, *good],
        ["nowhere", 1, 45689, 45778],
    ]
    asked = {
        "calls": [{"name": "TAX_INTEREST", "arguments": several}, {"name": "TAX_LEVY", "arguments": [[100000, 2]]}]
    }
    (first, two, short, again, long, nowhere), levy = json.loads(calls.answer(json.dumps(asked)))["answers"]
    assert first == again == 142.5, "the first $1,500 at 8%, the rest at 18%, for 90 of 360 days"
    assert "amount" in two["error"]
    assert "required" in short["error"]
    assert "not 9" in long["error"]
    assert "nowhere" in nowhere["error"]
    assert levy == [2000]


def test_a_table_shared_by_many_calls_travels_once() -> None:
    tables = [excel(CHARGES), excel(RECEIPTS)]
    days = [ON, ON + 1, ON + 30]
    given = [[NJ, {"table": 0}, {"table": 1}, day] for day in days]
    asked = {"tables": tables, "calls": [{"name": "TAX_PAYOFF_TOTAL", "arguments": given}]}
    (got,) = json.loads(calls.answer(json.dumps(asked)))["answers"]
    assert got == [ask("TAX_PAYOFF_TOTAL", NJ, *tables, day) for day in days]
    assert got == sorted(set(got))


def test_dates_are_day_numbers_of_the_workbooks_own_system() -> None:
    """2025-02-01 is day 45689 of most workbooks, and day 44227 of a workbook of the 1904 system."""
    assert ask("TAX_DUE_DATE", NJ, 2025, 1) == 45689
    assert ask("TAX_DUE_DATE", NJ, 2025, 1, epoch="1904-01-01") == 44227
    moved = ask("TAX_INTEREST", NJ, 4000, 44227, 44227 + 89, epoch="1904-01-01")
    assert moved == ask("TAX_INTEREST", NJ, 4000, 45689, 45689 + 89)


def test_a_result_has_no_null_because_excel_shows_null_as_zero() -> None:
    text = calls.answer(json.dumps({"calls": [{"name": n, "arguments": [good_call(n)]} for n in NAMES]}))
    assert "null" not in text
    assert "NaN" not in text


def test_a_rules_table_is_the_town_in_both_excels() -> None:
    from xltax.law.load import load
    from xltax.law.table import to_frame

    frame = to_frame(load(NJ))
    for empty in (DESKTOP, WEB):
        rows = [
            list(frame.columns),
            *([excel(None if v == "" else v, empty) for v in row] for row in frame.values.tolist()),
        ]
        assert ask("TAX_INTEREST", rows, 4000, 45689, 45778) == 142.5


@pytest.mark.parametrize("empty", [DESKTOP, WEB], ids=["desktop", "web"])
def test_a_range_in_place_of_one_value_gives_a_result_for_each_cell(empty: Any) -> None:
    """Rows: $4,000 and $1,000 at 90 days, a wrong date, an error cell, and a row that is empty in both Excels."""
    amounts = [[4000], [1000], [4000], ["#REF!"], [empty]]
    due = [[45689], [45689], ["soon"], [45689], [empty]]
    (first,), (second,), (third,), (fourth,), (fifth,) = ask("TAX_INTEREST", NJ, amounts, due, 45778)
    assert (first, second, fifth) == (142.5, 20.0, "")
    assert "row 3" in third["error"]
    assert "#REF!" in fourth["error"]
    assert "rows" in ask("TAX_INTEREST", NJ, amounts, due[:2], 45778)["error"]


def test_an_unforeseen_error_is_words_in_one_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> Any:
        raise ZeroDivisionError("by zero")

    from dataclasses import replace

    known = dict(functions())
    known["TAX_LEVY"] = replace(known["TAX_LEVY"], call=broken)
    monkeypatch.setattr(calls, "functions", lambda: known)
    said = ask("TAX_LEVY", 1, 1)["error"]
    assert said == "ZeroDivisionError: by zero. Report this error with the formula."


def test_a_failed_import_is_raised_so_that_the_page_can_wait_for_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    def not_there(*given: Any) -> Any:
        import no_such_module  # noqa: F401

    known = dict(functions())
    known["TAX_LEVY"] = replace(known["TAX_LEVY"], call=not_there)
    monkeypatch.setattr(calls, "functions", lambda: known)
    with pytest.raises(ImportError):
        ask("TAX_LEVY", 1, 1)
