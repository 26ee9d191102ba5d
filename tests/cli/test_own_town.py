"""A town that does not come with xltax: its file is anywhere, and every command, function and book works with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.functions import calls
from xltax.errors import BadProfile
from xltax.faces import boundary
from xltax.faces.catalog import functions
from xltax.hosts.files import FilesBook
from xltax.law.load import check, load

Run = Callable[..., Any]
ROLL = """Account,Owner,Location,Net Value,Prior Tax
012,"SMITH, JOHN",1 Main St,"250,000",5000
013,BAKER,2 Main St,100000,2000
014,ADAMS & SONS,3 Main St,75000.00,1600.00
"""
PAYMENTS = "Receipt,Bill,Amount,Received\n1,2025-012,1250.00,2025-02-05\n2,2025-013,400.00,2025-02-20\n"
COUNTY = """id = "us-nj-ash-county"
extends = "us-nj"
[[fee]]
kind = "returned_check"
amount = "30.00"
cite = [{ title = "County resolution 12" }]
"""
TOWN = """id = "us-nj-ash"
name = "Town of Ash & Elm"
extends = "the county.toml"
[[grace]]
types = ["RE"]
counted = "by_day_number"
days = 15
cite = [{ title = "Town Code 40-4" }]
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A town's file in a folder with spaces, which extends a county's file in the same folder."""
    folder = tmp_path / "Town of Ash (2025)" / "rules & law"
    folder.mkdir(parents=True)
    (folder / "the county.toml").write_text(COUNTY, encoding="utf-8")
    path = folder / "our town.toml"
    path.write_text(TOWN, encoding="utf-8")
    return path


@pytest.fixture
def book(town: Path, xltax: Run) -> Path:
    """A book of that town: a roll, preliminary bills and two payments, all by commands."""
    folder = town.parents[1]
    (folder / "the roll.csv").write_text(ROLL, encoding="utf-8")
    (folder / "paid today.csv").write_text(PAYMENTS, encoding="utf-8")
    path = folder / "our book.xlsx"
    for step in (
        ("new", path, town, "--year", 2025, "--as-of", "2025-03-03"),
        ("import-roll", path, folder / "the roll.csv"),
        ("bill", path, "--stage", "preliminary", "--today", "2025-01-10", "--mailed", "2025-01-15"),
        ("post", path, folder / "paid today.csv", "--today", "2025-03-03"),
    ):
        said = xltax(*step)
        assert (said.code, said.err) == (0, ""), said
    return path


def test_every_command_of_a_town(town: Path, xltax: Run) -> None:
    assert "us-nj-ash: " in xltax("town", "check", town).out
    shown = xltax("town", "show", town).out
    assert shown.startswith("Town of Ash & Elm")
    assert "Authority: County resolution 12." in shown
    assert "last free day Tue 02/18/2025" in xltax("town", "try", town, "--year", 2025).out, (
        "the 15th is a Saturday, the 17th a holiday"
    )
    assert "grace" in xltax("town", "diff", "us-nj", town).out
    assert "30.00" in xltax("town", "show", town, "--table").out
    assert xltax("call", "TAX_LAST_DAY", town, "2025", "1").out.strip() == "2025-02-18"


def test_a_path_as_windows_copies_it(town: Path, xltax: Run) -> None:
    assert xltax("call", "TAX_LAST_DAY", f'"{town}"', "2025", "1").out.strip() == "2025-02-18"


@pytest.mark.parametrize("name", [n for n, given in calls.GOOD.items() if "town" in given])
def test_every_function_with_the_path_of_a_file(tmp_path: Path, name: str) -> None:
    """A town that only extends a shipped one answers what the shipped one does."""
    given = calls.GOOD[name]
    path = tmp_path / "my own town.toml"
    path.write_text(
        f'id = "us-zz-own"\nname = "{load(given["town"]).name}"\nextends = "{given["town"]}"\n', encoding="utf-8"
    )
    function = functions()[name]

    def answer(town: str) -> str:
        values = [town if arg.name == "town" else given.get(arg.name) for arg in function.args]
        return boundary.to_text(function, boundary.call(function, values)).replace("us-zz-own", given["town"])

    assert answer(str(path)) == answer(given["town"])


def test_a_book_does_not_need_the_file(book: Path, town: Path, xltax: Run) -> None:
    """The Rules sheet is the law of the book: the file can be moved, changed or lost."""
    before = xltax("quote", book, "--account", "013", "--on", "2025-03-03").out
    town.unlink()
    (town.parent / "the county.toml").unlink()
    assert xltax("quote", book, "--account", "013", "--on", "2025-03-03").out == before
    folder = book.parent
    (folder / "more.csv").write_text("Receipt,Bill,Amount,Received\n3,2025-014,800.00,2025-03-04\n", encoding="utf-8")
    for step in (
        ("post", book, folder / "more.csv", "--today", "2025-03-04"),
        ("refresh", book, "--as-of", "2025-06-01"),
        ("delinquent", book, "--as-of", "2025-06-01"),
        ("bills", book, "--year", 2025, "--on", "2025-03-04"),
        ("notices", book, "reminder", "--as-of", "2025-06-01"),
        ("calendar", book, "--year", 2025),
        ("month-report", book, "--through", "2025-03-31"),
        ("upgrade", book),
    ):
        said = xltax(*step)
        assert (said.code, said.err) == (0, ""), said
    proof = xltax("proof", book).out
    assert "Cash book seals      OK" in proof
    assert "Total due            OK" in proof
    assert FilesBook.open(book).get("profile_id") == "us-nj-ash"
    assert "us-nj-ash" in xltax("town", "show", book).out
    assert "last free day Tue 02/18/2025" in xltax("town", "try", book, "--year", 2025).out
    assert "grace" in xltax("town", "diff", "us-nj", book).out


def test_a_file_that_is_gone_is_named(town: Path, xltax: Run) -> None:
    town.with_name("the county.toml").unlink()
    said = xltax("town", "show", town)
    assert "our town.toml: extends: There is no such file." in said.error
    town.unlink()
    assert (
        "our town.toml: There is no such file. Check the name and the folder."
        in xltax("new", town.with_name("b.xlsx"), town).error
    )
    assert not town.with_name("b.xlsx").exists()


def test_a_change_in_the_file_it_extends_is_seen(town: Path) -> None:
    """In a spreadsheet program xltax keeps running while somebody edits the county's file."""
    assert {r.params.amount for r in load(town).rules if r.sort == "returned_check"} == {30_00}
    county = town.with_name("the county.toml")
    county.write_text(COUNTY.replace("30.00", "35.00"), encoding="utf-8")
    os.utime(county, ns=(1, county.stat().st_mtime_ns + 1_000_000_000))
    assert {r.params.amount for r in load(town).rules if r.sort == "returned_check"} == {35_00}


def test_a_file_with_a_byte_order_mark_is_read_and_another_encoding_is_named(town: Path) -> None:
    town.write_bytes(TOWN.encode("utf-8-sig"))
    assert load(town).name == "Town of Ash & Elm"
    town.write_bytes(TOWN.replace("Elm", "Peña").encode("cp1252"))
    assert check(town)[1] == [
        "our town.toml: This file is not saved as UTF-8 text. Save the file again, with the encoding UTF-8."
    ]


def test_a_circle_is_refused(town: Path) -> None:
    town.with_name("the county.toml").write_text(COUNTY.replace('us-nj"', 'our town.toml"'), encoding="utf-8")
    with pytest.raises(BadProfile, match="leads back to the same file"):
        load(town)
