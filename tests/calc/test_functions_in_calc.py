"""Every function in real Calc: bound by name from an .xlsx, worked out there, the same to the cent as in Python."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.functions.calls import GOOD
from xltax.faces import boundary
from xltax.faces.catalog import functions
from xltax.sheets.cells import letters

pytestmark = pytest.mark.calc
ZERO = dt.date(1899, 12, 30)
FIRST, HEIGHT = 40, 30  # where the results stand, and how many rows each has


def in_cells(value: Any) -> Any:
    """What Python's result looks like in Calc's cells."""
    if isinstance(value, dt.date):
        return float((value - ZERO).days)
    return value if isinstance(value, str) else "" if value is None else float(value)


def expected(name: str) -> Any:
    function, given = functions()[name], GOOD[name]
    cells = boundary.to_cells(function, boundary.call(function, [given[a.name] for a in function.args]))
    return [[in_cells(v) for v in row] for row in cells] if isinstance(cells, list) else in_cells(cells)


def test_every_function_binds_by_name_from_an_xlsx_and_gives_pythons_figures(calc, tmp_path: Path) -> None:
    path = tmp_path / "functions.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, function in functions().items():
        ws = book.create_sheet(name)
        column, refs = 1, []
        for arg in function.args:
            value = GOOD[name][arg.name]
            if value is None:
                refs.append("")
                continue
            rows = value if isinstance(value, list) else [[value]]
            for r, row in enumerate(rows, 1):
                for c, one in enumerate(row, column):
                    ws.cell(r, c, one)
                    if isinstance(one, str):
                        ws.cell(r, c).number_format = "@"
            first, last = letters(column), letters(column + len(rows[0]) - 1)
            refs.append(f"{first}1:{last}{len(rows)}" if isinstance(value, list) else f"{first}1")
            column += len(rows[0]) + 1
        while refs and not refs[-1]:
            refs.pop()
        formula = f"={name}({','.join(refs)})"
        at = f"A{FIRST}"
        if function.result == "table":
            at = f"A{FIRST}:{letters(len(function.columns.columns))}{FIRST + HEIGHT}"
            ws[f"A{FIRST}"] = ArrayFormula(at, formula)
        else:
            ws[at] = formula
    book.save(path)

    number = calc.office.number(path)
    calc.do("document", number, "calculate")
    for name, function in functions().items():
        want = expected(name)
        if function.result != "table":
            got = calc.do("data", number, name, f"A{FIRST}")[0][0]
            assert got == want, name
            continue
        width = letters(len(want[0]))
        got = calc.do("data", number, name, f"A{FIRST}:{width}{FIRST + len(want) - 1}")
        assert got == want, name
        # Below the last row the array shows "not available", so that a range drawn too large is seen to be so.
        below = calc.do("shown", number, name, f"A{FIRST + len(want)}")
        assert below[0] == "#N/A", name
    calc.do("store", number, (tmp_path / "saved.xlsx").as_uri(), "Calc MS Excel 2007 XML")
    with zipfile.ZipFile(tmp_path / "saved.xlsx") as saved:
        text = b"".join(saved.read(n) for n in saved.namelist() if "worksheets/sheet" in n).decode()
    assert all(f">{name}(" in text for name in functions()), "an .xlsx saved by Calc has the plain names"


def test_the_wizard_shows_every_function_and_argument(calc) -> None:
    shown = calc.do("functions")
    for name, function in functions().items():
        text, args = shown[name]
        assert text == function.help
        assert args == [[a.name, a.help] for a in function.args], name


# ---- what Calc hands over, and what it takes -------------------------------------------------------------------------

HEADER = ["Bill", "Account", "Levy Year", "Levy Type", "Inst", "Due", "Amount"]
ROW = ["2025-1", "012", 2025.0, "RE", 1.0, 45689.0, 1000.0]  # due February 1, 2025
TOTAL = '=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1:G3;;45870)'
EXPLAIN = '=TAX_EXPLAIN("us-nj-colts-neck";A1:G3;;45870)'


@pytest.fixture
def charges(sheet):
    sheet.put("A1:G3", HEADER, ROW, ["2025-1", "012", 2025.0, "RE", 2.0, 45778.0, 1000.0])
    return sheet


def test_dates_are_numbers_of_days(sheet) -> None:
    assert sheet.work_out('=TAX_DUE_DATE("us-nj-colts-neck";2025;3)') == 45870  # August 1, 2025
    sheet.put("A1", ["2025-02-01"])
    assert sheet.work_out('=TAX_INTEREST("us-nj-colts-neck";2000;A1;DATE(2025;8;1))') == 105
    assert sheet.work_out('=TAX_INTEREST("us-nj-colts-neck";2000;DATE(2025;2;1)+0.5;DATE(2025;8;1))') == "#VALUE!"


def test_a_document_counted_from_1904_has_its_own_days(calc, charges) -> None:
    in_1900 = charges.work_out(TOTAL)
    calc.do("set", charges.document, "NullDate", [1904, 1, 1])
    moved = 1462
    charges.put("F2:F3", [45689.0 - moved], [45778.0 - moved])
    assert charges.work_out(f'=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1:G3;;{45870 - moved})') == in_1900 == 2072.5
    assert charges.work_out('=TAX_DUE_DATE("us-nj-colts-neck";2025;3)') == 45870 - moved
    grid = charges.array("J1:M2", f'=TAX_PAYOFF_GRID("us-nj-colts-neck";A1:G3;;{45870 - moved};1)')
    assert grid[1][0] == 45870 - moved


def test_booleans_are_numbers_to_calc(sheet) -> None:
    sheet.formula("A1", "=TRUE()")
    assert sheet.work_out("=TAX_LEVY(A1;100)") == 1  # a limit of Calc: it hands TRUE over as 1
    sheet.put("B1:E2", ["Bill", "Inst", "Due", "Amount"], ["1", 1.0, 45689.0, 1.0])
    sheet.formula("E2", "=TRUE()")
    assert sheet.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";B1:E2;;45689)') == 1


def test_an_empty_cell_is_no_date_and_no_text_and_no_amount(charges) -> None:
    # A single empty cell is 0 to every function of Calc.
    assert charges.work_out("=TAX_LEVY(Y50;2.248)") == 0
    assert (
        charges.work_out('=TAX_LAST_DAY("us-nj-colts-neck";2025;2;Y50;Y51)') == 45789
    )  # May 12: no type, not mailed late
    assert charges.work_out("=TAX_DUE_DATE(Y50;2025;2)") == "#VALUE!"
    # In a range it is an empty text, and the function says what is missing.
    charges.put("G2", [""])
    assert charges.work_out(TOTAL) == "#VALUE!"
    assert charges.array("J1:L3", EXPLAIN)[1][:2] == [f"{charges.title}!G2", "Amount is empty."]


def test_what_is_left_out_in_the_middle_and_at_the_end(charges) -> None:
    assert charges.work_out("=TAX_LEVY(250000;2.248;;;250)") == 5370
    assert charges.work_out(TOTAL) == 2072.5
    assert charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1:G3;;45870;;)') == 2072.5
    assert charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1:G3)') == "#VALUE!"


def test_integers_and_numbers_as_text(charges) -> None:
    charges.put("C2:C3", ["2025"], ["2025"])
    charges.put("E2:E3", ["1"], ["2"])
    charges.put("G2:G3", ["1000.00"], ["$1,000"])
    assert charges.work_out(TOTAL) == 2072.5
    assert charges.work_out('=TAX_DUE_DATE("us-nj-colts-neck";2025.5;3)') == "#VALUE!"
    assert charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1:G3;;45870.5)') == "#VALUE!"


def test_ids_keep_their_zeros_through_a_function(charges) -> None:
    assert charges.array("J1:U2", '=TAX_PAYOFF("us-nj-colts-neck";A1:G3;;45870)')[1][0] == "012"


def test_ranges_of_one_cell_and_of_one_row_or_column(charges) -> None:
    charges.put("Y1", [250000.0])
    assert charges.work_out("=TAX_LEVY(Y1:Y1;2.248)") == 5620
    assert charges.array("Z1:Z3", "=TAX_LEVY(Y1:Y2;2.248)") == [[5620], [""], [None]]  # None: no value
    assert charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1:G1;;45870)') == 0  # a header alone
    assert charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1:A3;;45870)') == "#VALUE!"
    assert charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";A1;;45870)') == "#VALUE!"


def test_a_column_gives_a_result_for_each_row_and_each_row_its_own_error(sheet) -> None:
    """An amount that is a word has its own #VALUE!, the others their figures; one day stands for every row."""
    sheet.put("A1:B4", [2000.0, 45689.0], [1000.0, 45689.0], ["abc", 45689.0], ["", ""])
    call = '=TAX_INTEREST("us-nj-colts-neck";A1:A4;B1:B4;45870)'
    assert sheet.array("D1:D4", call) == [[105], [40], [None], [""]]
    assert sheet.work_out("=SUM(D1:D2)") == 145
    assert sheet.work_out("=COUNT(D1:D4)") == 2
    assert sheet.work_out("=ERROR.TYPE(D3)") == 3
    assert sheet.array("F1:F2", '=TAX_INTEREST("us-nj-colts-neck";A1:A2;B1:B4;45870)') == [[None], [None]]
    assert sheet.work_out("=ERROR.TYPE(F1)") == 3
    assert sheet.array("H1:I1", "=TAX_LEVY(TRANSPOSE(A1:A2);2.248)") == [[44.96, 22.48]]


def test_arrays_worked_out_in_the_formula(charges) -> None:
    assert (
        charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";FILTER(A1:G3;(E1:E3=1)+(E1:E3="Inst"));;45870)') == 1040
    )
    charges.formula("G3", "=1/0")
    # In such an array an error is "not a number", which must not pass for an empty cell.
    assert charges.work_out('=TAX_PAYOFF_TOTAL("us-nj-colts-neck";FILTER(A1:G3;A1:A3<>"");;45870)') in (
        "#VALUE!",
        "#DIV/0!",
    )


def test_an_error_cell_gives_an_error_and_explain_says_which(charges) -> None:
    charges.formula("G3", "=1/0")
    assert charges.work_out(TOTAL) == "Err:504"  # Calc's own refusal: a range with an error in it
    rows = charges.array("J1:L3", EXPLAIN)
    assert rows[0] == ["Where", "What is wrong", "What to do"]
    assert rows[1] == [f"{charges.title}!G3", "This cell has the error #DIV/0!.", "Fix the error there first."]
    charges.formula("Y1", "=NA()")
    assert charges.work_out("=TAX_LEVY(Y1;2.248)") == "#N/A"


@pytest.mark.parametrize(
    ("cell", "value", "what"),
    [("G2", "a lot", "not an amount"), ("F2", "soon", "not a date"), ("G1", "Sum", 'column "Amount" is missing'),
     ("E3", 1.0, "already at")],
)  # fmt: skip
def test_a_wrong_cell_gives_a_real_error_and_explain_names_it(charges, cell: str, value: Any, what: str) -> None:
    charges.put(cell, [value])
    text = charges.work_out(TOTAL)
    assert text == "#VALUE!"
    assert charges.work_out("=ISERROR(Z99)+COUNT(Z99)", "Z100") == 1, "an error to the sheet, and no number"
    where, said, _ = charges.array("J1:L2", EXPLAIN)[1]
    assert what in said
    assert where.startswith(charges.title)
    if what != 'column "Amount" is missing':
        assert where.endswith(f"!{cell}") or where.endswith("!A3")


def test_whole_columns_may_be_given(charges) -> None:
    assert charges.array("J1:L2", '=TAX_EXPLAIN("us-nj-colts-neck";A1:G1000000;;45870)')[0][0] == "Bill"
