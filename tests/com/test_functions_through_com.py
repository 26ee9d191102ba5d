"""Every function through xlwings' own call from Excel, with stand-ins for what COM hands over.

Not shown here: COM itself, the DLL that starts Python, and Excel's function wizard.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from tests.com import pywin32
from tests.com.excel_com import EPOCH, ERRORS, Application, Worksheet
from tests.com.pywin32 import MISSING, com_time
from tests.functions.calls import CHARGES, GOOD, RECEIPTS, result
from xltax.errors import TaxError
from xltax.faces import boundary
from xltax.faces.catalog import functions

pywin32.install()
MODULE = "xltax.faces.excel_udfs"


class Book:
    def __init__(self) -> None:
        self.Application, self.Name = Application(), "town.xlsm"
        self.wb = openpyxl.Workbook()
        self.results: dict[Any, Any] = {}
        self.Worksheets = [Worksheet(self, self.wb.active)]  # type: ignore[arg-type]


@pytest.fixture
def sheet() -> Worksheet:
    return Book().Worksheets[0]


def put(sheet: Worksheet, top: int, rows: list[list[Any]], left: int = 1) -> Any:
    """A block of cells formatted as a collector's are: money as currency, dates as dates, ids as text."""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            cell = sheet.ws.cell(top + r, left + c)
            if isinstance(value, dt.date):
                cell.value, cell.number_format = dt.datetime.combine(value, dt.time()), "m/d/yyyy"
            elif isinstance(value, float):
                cell.value, cell.number_format = value, "$#,##0.00"
            elif value is not None:
                cell.value = value
                if isinstance(value, str):
                    cell.number_format, cell.data_type = "@", "s"
    return sheet.Range(sheet.Cells(top, left), sheet.Cells(top + len(rows) - 1, left + len(rows[0]) - 1))


def from_excel(sheet: Worksheet, name: str, given: list[Any]) -> Any:
    """What Excel gets back from the COM server for a call from a cell."""
    from xlwings.com_server import XLPython

    return XLPython().CallUDF(MODULE, name, tuple(given), sheet.Parent, sheet.Cells(99, 20))


def in_ranges(sheet: Worksheet, name: str, **changed: Any) -> list[Any]:
    """The good call with every argument in cells; what is None is left out."""
    out, top = [], 1
    for arg in functions()[name].args:
        value = (GOOD[name] | changed)[arg.name]
        if value is None:
            out.append(MISSING)
            continue
        rows = value if isinstance(value, list) else [[float(value) if arg.kind == "money" else value]]
        out.append(put(sheet, top, rows))
        top += len(rows) + 1
    return out


def plain(value: Any) -> Any:
    """A result from either side in one form: numbers to the cent's own double, dates without a time, empty as None."""
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).date()
    if isinstance(value, bool) or value == "":
        return value or None
    return float(value) if isinstance(value, int) else value


def expected(name: str, **changed: Any) -> Any:
    cells = plain(boundary.to_cells(functions()[name], result(name, **changed)))
    if isinstance(cells, list) and len(cells) == 1:
        cells = cells[0]
    return cells


@pytest.mark.parametrize("name", GOOD)
def test_from_cells_the_figures_are_pythons(sheet, name: str) -> None:
    assert plain(from_excel(sheet, name, in_ranges(sheet, name))) == expected(name)


@pytest.mark.parametrize("name", GOOD)
def test_from_values_typed_into_the_formula_the_figures_are_the_same(sheet, name: str) -> None:
    """Literals, and the result of another function: no range, a tuple of tuples, dates with a meaningless time zone."""
    given = []
    for arg in functions()[name].args:
        value = GOOD[name][arg.name]
        if value is None:
            given.append(MISSING)
        elif isinstance(value, list):
            given.append(tuple(tuple(_com(v) for v in row) for row in value))
        elif arg.kind == "money":
            given.append(Decimal(str(value)))
        else:
            given.append(_com(value))
    assert plain(from_excel(sheet, name, given)) == expected(name)


def _com(value: Any) -> Any:
    if isinstance(value, dt.date):
        return com_time(dt.datetime.combine(value, dt.time()))
    return float(value) if isinstance(value, int) else value


@pytest.mark.parametrize("name", GOOD)
def test_left_out_means_the_default(sheet, name: str) -> None:
    function = functions()[name]
    left_out = {a.name: None for a in function.args if a.optional}
    got = from_excel(sheet, name, in_ranges(sheet, name, **left_out))
    refused = _refused(name, left_out)
    if refused:  # this town's rule needs it after all
        assert problem(got) == f"{name}: {refused}"
    else:
        assert plain(got) == expected(name, **left_out)


def _refused(name: str, changed: dict[str, Any]) -> str:
    try:
        expected(name, **changed)
    except TaxError as error:
        return str(error)
    return ""


def test_a_column_gives_a_result_for_each_row_and_each_row_its_own_error(sheet) -> None:
    """Three amounts, one of them an Excel error, one a word; the day stands for every row."""
    from xltax.faces.excel_udfs import MARK

    amounts = put(sheet, 1, [[2000.0], [1000.0], ["abc"], [None]])
    due = put(sheet, 1, [[dt.date(2025, 2, 1)], [dt.date(2025, 2, 1)], [dt.date(2025, 2, 1)], [None]], left=3)
    town, paid = put(sheet, 8, [["us-nj-colts-neck"]]), put(sheet, 9, [[dt.date(2025, 8, 1)]])
    good = from_excel(sheet, "TAX_INTEREST", [town, amounts, due, paid])
    assert [row[0] for row in good[:2]] == [105.0, 40.0]
    assert good[2][0].startswith(f"{MARK}TAX_INTEREST: row 3 of the range, amount: abc is not an amount of money.")
    assert good[3][0] in ("", None)
    wrong = from_excel(sheet, "TAX_INTEREST", [town, amounts, put(sheet, 1, [[dt.date(2025, 2, 1)]] * 2, left=5), paid])
    assert problem(wrong) == (
        "TAX_INTEREST: due: This range has 2 rows, but amount has 4 rows. Select ranges of the same size, or one cell."
    )


def test_every_function_is_there_with_its_help() -> None:
    from xltax.faces import excel_udfs

    for name, function in functions().items():
        made = getattr(excel_udfs, name)
        assert made.__doc__ == function.help


def problem(answer: Any) -> str:
    from xltax.faces.excel_udfs import MARK

    assert isinstance(answer, str)
    assert answer.startswith(MARK), answer
    return answer[1:]


def test_a_wrong_argument_is_marked_and_never_text_a_sum_skips(sheet) -> None:
    said = problem(from_excel(sheet, "TAX_LEVY", [100.0, "two", MISSING, MISSING, MISSING]))
    assert said.startswith("TAX_LEVY: rate:")


def test_an_unforeseen_error_is_marked_too(sheet, monkeypatch) -> None:
    monkeypatch.setattr(boundary, "call", lambda *a: 1 // 0)
    assert "ZeroDivisionError" in problem(from_excel(sheet, "TAX_LEVY", [100.0, 2.0, MISSING, MISSING, MISSING]))


@pytest.mark.parametrize("code", ERRORS.values())
def test_an_error_cell_makes_an_error_and_explain_names_the_cell(sheet, code: int) -> None:
    given = in_ranges(sheet, "TAX_PAYOFF_TOTAL")
    charges = given[1]
    text = next(t for t, c in ERRORS.items() if c == code)
    bad = sheet.ws.cell(charges.Row + 1, 2)  # the account: a text column, where it could pass for an account
    bad.value, bad.data_type = text, "e"
    where = f"Sheet!B{charges.Row + 1}"
    assert where in problem(from_excel(sheet, "TAX_PAYOFF_TOTAL", given))
    rows = from_excel(sheet, "TAX_EXPLAIN", given)
    assert any(where in str(v) for row in rows for v in row)


def test_an_error_value_inside_a_computed_array_is_refused(sheet) -> None:
    rows = tuple(tuple(_com(v) for v in row) for row in GOOD["TAX_PAYOFF"]["charges"])
    broken = (*rows, (*rows[1][:-1], ERRORS["#N/A"]))
    given = [GOOD["TAX_PAYOFF"]["town"], broken, RECEIPTS, _com(GOOD["TAX_PAYOFF"]["on"]), MISSING, MISSING]
    assert "error" in problem(from_excel(sheet, "TAX_PAYOFF", given))


def test_one_cell_one_row_and_one_column(sheet) -> None:
    one = put(sheet, 1, [[250000.0]])
    assert from_excel(sheet, "TAX_LEVY", [one, 2.248, MISSING, MISSING, MISSING]) == 5620
    row = put(sheet, 3, [[1.0, 2.0]])
    assert from_excel(sheet, "TAX_LEVY", [row, 2.248, MISSING, MISSING, MISSING]) == [0.02, 0.04]
    charges = put(sheet, 7, CHARGES)
    assert "one cell" in problem(from_excel(sheet, "TAX_PAYOFF", ["us-nj", charges, MISSING, row, MISSING, MISSING]))
    empty = put(sheet, 5, [[None]])
    assert "This argument is required" in problem(
        from_excel(sheet, "TAX_LEVY", [empty, 2.248, MISSING, MISSING, MISSING])
    )


def test_receipts_of_a_header_alone_and_of_an_empty_cell(sheet) -> None:
    want = expected("TAX_PAYOFF_TOTAL", receipts=None)
    for top, rows in ((60, [RECEIPTS[0]]), (63, [RECEIPTS[0], [None] * 4]), (66, [[None]])):
        given = in_ranges(sheet, "TAX_PAYOFF_TOTAL")
        given[2] = put(sheet, top, rows, left=10)
        assert plain(from_excel(sheet, "TAX_PAYOFF_TOTAL", given)) == want


def test_whole_columns_are_cut_to_what_the_sheet_uses(sheet) -> None:
    given = in_ranges(sheet, "TAX_PAYOFF_TOTAL")
    sheet2 = Worksheet(sheet.Parent, sheet.Parent.wb.create_sheet("Charges"))
    put(sheet2, 1, GOOD["TAX_PAYOFF_TOTAL"]["charges"])
    given[1] = sheet2.Range("A1:H1048576")
    assert plain(from_excel(sheet, "TAX_PAYOFF_TOTAL", given)) == expected("TAX_PAYOFF_TOTAL")


def test_a_wrong_row_is_named_by_its_cell(sheet) -> None:
    given = in_ranges(sheet, "TAX_PAYOFF_TOTAL")
    sheet.ws.cell(given[1].Row + 2, 8).value = 12.345
    assert f"Sheet!H{given[1].Row + 2}" in problem(from_excel(sheet, "TAX_PAYOFF_TOTAL", given))


def test_the_live_quotes_formula_gives_the_payoff(sheet, tmp_path) -> None:
    """FILTER hands an array over: dates as numbers, empty cells as nothing. That Excel does so is to be checked once in Excel."""
    from tests.contract.pressed import DAY, NEW_JERSEY, billing, do, town_book
    from xltax.hosts.files import FilesBook

    path = town_book(tmp_path / "town.xlsx", "us-nj-colts-neck")
    for one in billing():
        do(one, lambda: FilesBook.open(path), tmp_path)
    posted = next(p for p in NEW_JERSEY if p.action == "post")
    do(posted, lambda: FilesBook.open(path), tmp_path)
    book = FilesBook.open(path)

    def cells(table: str, only: str = "") -> tuple[tuple[Any, ...], ...]:
        frame = book.read(table)
        frame = frame[frame["Account"] == only] if only else frame
        rows = [[(v - EPOCH.date()).days if isinstance(v, dt.date) else v for v in row] for row in frame.to_numpy()]
        return tuple(tuple(_com(v) for v in row) for row in [list(frame.columns), *rows])

    def typed_in(table: str) -> Any:
        frame = book.read(table)
        return put(sheet, 1, [list(frame.columns), *frame.to_numpy().tolist()], left=1 + sheet.ws.max_column)

    given = [typed_in("Rules"), cells("Duplicate", "002"), typed_in("CashBook"), float((DAY - EPOCH.date()).days)]
    rows = from_excel(sheet, "TAX_BALANCES", [*given, typed_in("Adjustments"), typed_in("ClosedDays")])
    assert isinstance(rows, list | tuple), rows
    total = round(sum(row[-1] for row in rows[1:]), 2)
    do(next(p for p in NEW_JERSEY if p.action == "quote"), lambda: FilesBook.open(path), tmp_path)
    assert total == FilesBook.open(path).get("quote_total") > 0
