"""The workbook of formulas: what Excel allows, what the sheet shows, how the file stores names, and the command."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import ironcalc
import openpyxl
import pytest
from openpyxl.utils import FORMULAE
from openpyxl.workbook.defined_name import DefinedName

from tests.formulas.engine import serial
from xltax.errors import BadBook, BadValue
from xltax.faces.formulas.sheet import TITLE, workbook
from xltax.faces.formulas.text import DEEPEST, LONGEST, Named, depth
from xltax.faces.formulas.town import of_town
from xltax.faces.formulas.write import write
from xltax.law.load import load, shipped

D = dt.date
TODAY = D(2026, 7, 1)


@pytest.mark.parametrize("town", shipped())
def test_excel_takes_every_formula(town: str) -> None:
    """8,192 characters, 64 levels, names that are no cells, functions that Excel 2024 has, and no name of the add-in."""
    made = of_town(load(town), TODAY)
    known = frozenset({one.name for one in made.names} | {"TOWN_CLOSED", "TOWN_OPENED"})
    assert len(known) == len(made.names) + 2
    assert [fault for one in made.names for fault in one.faults(known)] == []
    assert not [one.name for one in made.names if one.name.startswith("TAX")]
    words = {word for one in made.names for word in re.findall(r"[a-z_]+", one.text)}
    assert not {
        word for word in words if word.upper() in FORMULAE
    }  # a step called as a function of Excel would confuse


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("TAX_INTEREST", "LAMBDA(amount,amount)", "begins like the functions of the add-in"),
        ("TAX2024", "LAMBDA(amount,amount)", "cannot be a name"),
        ("TOWN_LONG", f"LAMBDA(amount,{'+'.join(['amount'] * 800)})", "has 10"),
        ("TOWN_DEEP", f"LAMBDA(amount,{'INT(' * 70}amount{')' * 71}", "has 71 levels"),
        ("TOWN_OPEN", "LAMBDA(amount,INT(amount)", "parenthesis"),
        ("TOWN_SORT", "LAMBDA(amount,SORT(amount))", "SORT is not a function or a name"),
        ("TOWN_CELL", "LAMBDA(q1,q1)", "q1 is a cell"),
        ("TOWN_DAYS", "LAMBDA(day,day)", "day is a function too"),
    ],
)
def test_what_excel_would_refuse_is_found(name: str, text: str, fault: str) -> None:
    assert [found for found in Named(name, text).faults(frozenset()) if fault in found]
    assert (LONGEST, DEEPEST) == (8192, 64)


def test_levels_are_functions_inside_functions() -> None:
    assert depth("LAMBDA(x,INT((1+x)*2))") == 2
    assert depth("IF(OR(x,INT(ABS(x))),1,2)") == 4


REFUSALS = {
    "us-wi": {"INTEREST": "a missed installment makes the rest of the bill due"},
    "us-ri": {"INTEREST": "a missed installment makes the rest of the bill due"},
    "us-wa": {"INTEREST, TOWN_PENALTY": "a missed installment makes the rest of the bill due"},
    "us-in": {"PENALTY": "whether an earlier installment is still open"},
    "us-vt": {"PENALTY": "the bill's last installment"},
    "us-ny-suffolk": {"INTEREST, TOWN_PENALTY": "the bill's last installment"},
    "us-mn": {"INTEREST, TOWN_INTEREST_PP": "interest is charged on the penalty too"},
    "us-oh": {"INTEREST": "the schedule itself changed", "PENALTY": "the bill's last installment"},
    "us-nj-colts-neck": {},
    "us-ct": {},
    "us-ga": {},
}


@pytest.mark.parametrize("town", REFUSALS)
def test_a_rule_that_one_amount_does_not_show_has_no_formula_and_the_sheet_says_why(town: str, tmp_path: Path) -> None:
    made = of_town(load(town), TODAY)
    assert {one.what.removeprefix("TOWN_") for one in made.refused} == set(REFUSALS[town])
    book = tmp_path / "formulas.xlsx"
    book.write_bytes(workbook(made, TODAY, ""))
    said = [str(cell.value) for row in openpyxl.load_workbook(book)[TITLE].iter_rows(max_col=1) for cell in row]
    for what, why in REFUSALS[town].items():
        assert [text for text in said if text.startswith(f"TOWN_{what}: no formula, because") and why in text]
    named = {one.name for one in made.names}
    for what in REFUSALS[town]:
        assert f"TOWN_{what.split(',')[0]}" not in named


def test_a_law_whose_rates_end_gives_no_figure_afterward() -> None:
    """Georgia's rate for 2027 is not known in 2026."""
    made = of_town(load("us-ga"), TODAY)
    interest = next(f for f in made.formulas if f.named.name == "TOWN_INTEREST")
    assert interest.until == D(2027, 1, 1)
    assert interest.except_classes == ()
    penalty = next(f for f in made.formulas if f.named.name == "TOWN_PENALTY")
    assert penalty.except_classes == ("homestead",)


@pytest.fixture(scope="module", params=["us-nj-colts-neck", "us-fl-county", "us-md-baltimore-city"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("formulas") / "formulas.xlsx"
    path.write_bytes(workbook(of_town(load(request.param), TODAY), TODAY, "rules"))
    return path


def test_the_examples_show_the_figures_of_xltax_and_calculate_to_them(book: Path) -> None:
    formulas, saved = (openpyxl.load_workbook(book, data_only=only)[TITLE] for only in (False, True))
    model = ironcalc.load_from_xlsx(str(book), "en", "UTC", "en")
    model.evaluate()
    tried = 0
    for (cell,) in formulas.iter_rows(min_col=2, max_col=2):
        if isinstance(cell.value, str) and cell.value.startswith("=TOWN_"):
            figure, beside = saved[cell.coordinate].value, saved[f"B{cell.row + 1}"].value
            assert figure == beside
            number = serial(figure.date()) if isinstance(figure, dt.datetime) else figure
            assert model.get_cell_value(0, cell.row, 2) == number
            tried += 1
    names = openpyxl.load_workbook(book).defined_names
    assert tried > 7
    assert not [n for n in names if names[n].attr_text.startswith("_xlfn.LAMBDA") and not n.startswith("TOWN_")]


def test_the_file_stores_names_as_excel_does(book: Path) -> None:
    """`_xlfn.` before LAMBDA and LET, `_xlpm.` before each parameter, and nothing that Excel would call by another name."""
    names = openpyxl.load_workbook(book).defined_names
    texts = {n: d.attr_text for n, d in names.items() if "LAMBDA" in d.attr_text}
    assert len(texts) > 10
    for text in texts.values():
        assert text.startswith("_xlfn.LAMBDA(_xlpm.")
        assert not re.search(r"(?<![.\w])(LAMBDA|LET)\(", text)
        assert not re.search(r"(?<![.\w])[a-z][a-z_]*\b", re.sub(r'_xlfn\.|_xlpm\.[a-z_]+|"[^"]*"', "", text))
    assert names["TOWN_CLOSED"].attr_text.startswith(f"{TITLE}!$F$5:$F$")


def test_the_file_is_sound(book: Path) -> None:
    from openxml_audit import OpenXmlValidator

    assert [str(error) for error in OpenXmlValidator().validate(book).errors] == []
    sheet = openpyxl.load_workbook(book)[TITLE]
    assert sheet.protection.sheet
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert open_cells
    assert all(at.startswith("B") for at in open_cells)


def test_every_rule_stands_with_its_authority_beside_the_formula() -> None:
    made = of_town(load("us-nj-colts-neck"), TODAY)
    interest = next(f for f in made.formulas if f.named.name == "TOWN_INTEREST")
    assert [rule.params.words()[:9] for rule in interest.rules] == ["Interest:"]
    assert all(rule.authority() or rule.assume for f in made.formulas for rule in f.rules)


# ---- the command -----------------------------------------------------------------------------------------------------


def test_the_command_writes_a_workbook_and_replaces_only_its_own(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    law = load("us-ct")
    first = write(law, None, path, TODAY)
    assert first == [f"{path}: 10 formulas of Connecticut."]
    assert write(law, None, path, TODAY) == [f"{path}: 10 formulas of Connecticut. The rules have not changed."]
    (again,) = write(load("us-ct-hartford"), None, path, TODAY)
    assert again == f"{path}: 10 formulas of Hartford, Connecticut. The rules have changed since the last time."
    other = tmp_path / "other.xlsx"
    plain = openpyxl.Workbook()
    plain.defined_names["TOWN_DAY"] = DefinedName("TOWN_DAY", attr_text="1")
    plain.save(other)
    before = other.read_bytes()
    with pytest.raises(BadBook, match="not a workbook of formulas"):
        write(law, None, other, TODAY)
    assert other.read_bytes() == before
    with pytest.raises(BadValue, match=r"must end in \.xlsx"):
        write(law, None, tmp_path / "made.xls", TODAY)


def test_the_same_rules_give_the_same_file() -> None:
    law = load("us-nj-colts-neck")
    assert workbook(of_town(law, TODAY), TODAY, "x") == workbook(of_town(law, TODAY), TODAY, "x")


def test_the_command_reads_the_rules_and_closed_days_of_a_workbook(tmp_path: Path) -> None:
    """`xltax formulas town.xlsx` beside the workbook, without touching it."""
    from xltax.faces.new import new_book

    book = tmp_path / "town.xlsx"
    new_book(book, "us-nj-colts-neck", name="Quillhaven", year=2026, as_of=TODAY)
    before = book.read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "xltax.cli", "formulas", str(book)], capture_output=True, text=True, check=True
    )
    assert "town-formulas.xlsx: 12 formulas of" in done.stdout
    assert book.read_bytes() == before
    names = openpyxl.load_workbook(tmp_path / "town-formulas.xlsx").defined_names
    assert {"TOWN_INTEREST", "TOWN_LAST_DAY", "TOWN_LEVY", "TOWN_INSTALLMENT"} <= set(names)
