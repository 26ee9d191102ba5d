"""Real Calc opens every template and a filled book, works the formulas out itself, and gets our cached results."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.books.small_books import duplicate, receipts
from tests.office.test_templates import PATHS
from xltax.faces.books import book
from xltax.hosts.files import FilesBook
from xltax.sheets.write import build

pytestmark = [pytest.mark.calc, pytest.mark.filterwarnings("ignore:Print area")]

RECALCULATE = """
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
""".strip()


def filled(path: Path) -> Path:
    build(book("us-nj"), path, {"Duplicate": duplicate(30), "CashBook": receipts(*range(20))}, {"town_name": "A & B"})
    live = FilesBook.open(path)
    live.append("CashBook", receipts(99))
    live.set("control_bills", 30)
    live.save()
    return path


@pytest.fixture(params=[*PATHS, "filled"])
def workbook(request, tmp_path: Path) -> Path:
    return filled(tmp_path / "filled.xlsx") if request.param == "filled" else PATHS[request.param]


def test_calc_works_out_the_same(workbook: Path, calc, tmp_path: Path) -> None:
    # Calculate on loading always: without this Calc would show our cached results back to us.
    user = tmp_path / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(RECALCULATE)
    made = calc(workbook, "xlsx")
    formulas = openpyxl.load_workbook(workbook)
    ours, theirs = (openpyxl.load_workbook(p, data_only=True) for p in (workbook, made))
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                mine, other = (b[sheet.title][cell.coordinate].value for b in (ours, theirs))
                where = f"{sheet.title}!{cell.coordinate} {cell.value}"
                assert "#" not in str(other), where
                assert "Err:" not in str(other), where
                if isinstance(mine, (int, float)):
                    assert mine == pytest.approx(other, abs=1e-9), where
                else:
                    assert (mine or "") == (other or ""), where
                compared += 1
    assert compared > 60


def test_calc_prints_every_sheet(workbook: Path, calc) -> None:
    pdf = calc(workbook, "pdf")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (tests/install_calc.sh installs poppler-utils)")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert "#NAME?" not in text
    assert "Err:" not in text
    assert "###" not in text  # a column too narrow for its figures
    for heading in ("Tax Duplicate", "Cash Book", "Payoff Quote", "Proof", "Delinquent List"):
        assert heading in text
    sheets = openpyxl.load_workbook(workbook, read_only=True).sheetnames
    assert text.count("\f") <= 2 * len(sheets), "no sheet runs over empty pages"
