"""`xltax call`: what stands on standard output to the last character, and one clear line for a bad argument."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHARGES = """Bill,Account,Levy Year,Levy Type,Part,Inst,Due,Amount
2025-1,012,2025,RE,,1,2025-02-01,1000.00
2025-1,012,2025,RE,,2,2025-05-01,"1,000.00"
"""
RECEIPTS = "Receipt,Received,Account,Amount\n7,2025-03-01,012,300\n"
NJ = "us-nj-colts-neck"
BALANCES = """Account,Bill,Levy Year,Levy Type,Part,Inst,Due,Tax,Interest,Penalty,Costs,Total
012,2025-1,2025,RE,,1,2025-02-01,706.67,23.55,0.00,0.00,730.22
012,2025-1,2025,RE,,2,2025-05-01,1000.00,25.17,0.00,0.00,1025.17
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with charges.csv and receipts.csv, where the command is typed."""
    (tmp_path / "charges.csv").write_text(CHARGES, encoding="utf-8")
    (tmp_path / "receipts.csv").write_text(RECEIPTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (("TAX_LEVY", "250000", "2.248"), "5620.00\n"),
        (("tax_levy", "$250,000", "2.248", "", "5000", "250"), "5257.60\n"),
        (("TAX_RATE", "5620", "250000"), "2.248\n"),
        (("TAX_RATE", "5620", "250000", "1000"), "22.48\n"),
        (("TAX_DUE_DATE", NJ, "2025", "3"), "2025-08-01\n"),
        (("TAX_LAST_DAY", NJ, "2025", "3", "", "2025-07-28"), "2025-08-22\n"),
        (("TAX_INTEREST", NJ, "2000", "2025-02-01", "2025-08-01"), "105.00\n"),
        (("TAX_PENALTY", "us-nj", "12000", "2024-12-31"), "720.00\n"),
        (
            ("TAX_INSTALLMENTS", NJ, "2025", "1000", "900"),
            "Inst,Amount,Due,Last Day\n1,225.00,2025-02-01,2025-02-10\n2,225.00,2025-05-01,2025-05-12\n"
            "3,275.00,2025-08-01,2025-08-11\n4,275.00,2025-11-01,2025-11-10\n",
        ),
        (("TAX_BALANCES", NJ, "@charges.csv", "@receipts.csv", "2025-08-01"), BALANCES),
        (("TAX_PAYOFF_TOTAL", NJ, "@charges.csv", "", "2025-02-10"), "2000.00\n"),
        (("TAX_PAYOFF_TOTAL", NJ, "@charges.csv", "@receipts.csv", "2025-08-01", "", ""), "1755.39\n"),
        (("TAX_PER_DIEM", NJ, "@charges.csv", "@receipts.csv", "2025-08-01"), "0.44\n"),
        (
            ("TAX_PAYOFF_GRID", NJ, "@charges.csv", "@receipts.csv", "2025-08-01", "2"),
            "Date,Total,Per Diem,Note\n2025-08-01,1755.39,0.44,\n2025-08-04,1756.70,0.44,\n",
        ),
    ],
)
def test_prints_the_figure_and_nothing_else(xltax, desk: Path, typed: tuple[str, ...], printed: str) -> None:
    said = xltax("call", *typed)
    assert (said.code, said.err) == (0, "")
    assert said.out == printed


def test_the_town_can_be_a_toml_file(xltax, desk: Path) -> None:
    Path("mine.toml").write_text(
        'id = "us-nj-mine"\nname = "Mine"\nextends = "us-nj"\n[[interest]]\nfrom = 1991-01-01\nmethod = "tiered_annual"\n'
        'tiers = [{ rate = "6%" }]\nday_count = "30/360"\ncite = [{ title = "Resolution 1" }]\n',
        encoding="utf-8",
    )
    assert xltax("call", "TAX_INTEREST", "mine.toml", "2000", "2025-02-01", "2025-08-01").out == "60.00\n"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (("TAX_LEVY", "abc", "2"), "value: abc is not an amount of money. Enter dollars and cents, such as 1234.56."),
        (("TAX_LEVY", "100", "2,5"), "rate: 2,5 is not a number. Enter a number, such as 2.248."),
        (("TAX_LEVY", "-5", "2"), "value: This amount is negative. Enter zero or more."),
        (
            ("TAX_LEVY", "100"),
            "rate: This argument is required. The tax rate, such as 2.248 (per 100) or 36.36 (mills).",
        ),
        (("TAX_LEVY", "@charges.csv", "2"), "value: This argument takes one value, not a table. Enter one value."),
        (
            ("TAX_LEVY", "1", "2", "100", "0", "0", "0"),
            "TAX_LEVY takes 5 arguments, not 6. Check the number of arguments.",
        ),
        (
            ("TAX_LAST_DAY", NJ, "2025", "3", "", "28/7/2025"),
            "mailed: 28/7/2025 is not a date: there is no month 28. Enter month/day/year, such as 8/6/2025.",
        ),
        (("TAX_DUE_DATE", NJ, "25", "1"), "year: 25 is not a year. Enter four digits, such as 2025."),
        (("TAX_BALANCES", NJ, "charges.csv", "", "2025-08-01"), None),
        (
            ("TAX_BALANCES", NJ, "@nowhere.csv", "", "2025-08-01"),
            "nowhere.csv: This file does not exist. Check the name and the folder.",
        ),
        (
            ("TAX_BALANCES", "nowhere.toml", "@charges.csv", "", "2025-08-01"),
            "nowhere.toml: There is no such file. Check the name and the folder. In a cell, write the whole path.",
        ),
        (("TAX_BALANCES", "us-xx", "@charges.csv", "", "2025-08-01"), None),
        (("TAX_NOTHING", "1"), None),
        (("TAX_SUPPLEMENT", NJ, "1000", "2025-01-15"), None),
    ],
)
def test_a_bad_argument_is_one_line_on_standard_error(
    xltax, desk: Path, typed: tuple[str, ...], line: str | None
) -> None:
    error = xltax("call", *typed).error
    assert "\n" not in error
    if line:
        assert error == line


def test_a_bad_cell_is_named_by_file_row_and_column(xltax, desk: Path) -> None:
    Path("bad.csv").write_text(CHARGES.replace("1000.00\n", "abc\n"), encoding="utf-8")
    error = xltax("call", "TAX_BALANCES", NJ, "@bad.csv", "", "2025-08-01").error
    assert error == "bad.csv row 2, Amount: abc is not an amount of money. Enter dollars and cents, such as 1234.56."
    told = xltax("call", "TAX_EXPLAIN", NJ, "@bad.csv", "", "2025-08-01")
    assert (told.code, told.err) == (0, "")
    assert told.out == (
        'Where,What is wrong,What to do\n"bad.csv row 2, Amount",abc is not an amount of money.,'
        '"Enter dollars and cents, such as 1234.56."\n'
    )


def test_several_bad_cells_are_a_line_each(xltax, desk: Path) -> None:
    Path("bad.csv").write_text(CHARGES.replace("1000.00", "x").replace("2025-05-01", "15/1/2025"), encoding="utf-8")
    lines = xltax("call", "TAX_BALANCES", NJ, "@bad.csv", "", "2025-08-01").error.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("bad.csv row ") for line in lines)


def test_the_list_and_the_help_of_a_function(xltax) -> None:
    listed = xltax("call", "list")
    assert listed.code == 0
    assert listed.out.splitlines()[0].startswith("TAX_")
    assert len(listed.out.splitlines()) >= 18
    shown = xltax("call", "TAX_LEVY").out
    assert "  value: The assessed value in dollars.\n" in shown
    assert "  per (optional): " in shown


def test_as_a_command_of_its_own(desk: Path) -> None:
    command = [sys.executable, "-m", "xltax.cli", "call"]
    good = subprocess.run(
        [*command, "TAX_BALANCES", NJ, "@charges.csv", "@receipts.csv", "2025-08-01"], capture_output=True
    )
    assert (good.returncode, good.stdout, good.stderr) == (0, BALANCES.encode(), b"")
    bad = subprocess.run([*command, "TAX_LEVY", "abc", "2"], capture_output=True)
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert bad.stderr == b"xltax: value: abc is not an amount of money. Enter dollars and cents, such as 1234.56.\n"
