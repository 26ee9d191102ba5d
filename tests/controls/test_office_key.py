"""Seals made with the office's key: what a forger without the key cannot do, and what a computer without the key says."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from xltax.udfs.proof import TAX_SEALED

from tests.books import spoil
from tests.controls.town import pay, town
from xltax.actions import control
from xltax.actions.restoring import restore_version
from xltax.cli import main
from xltax.errors import TaxError
from xltax.hosts import office_key
from xltax.hosts.files import FilesBook
from xltax.hosts.kept import versions
from xltax.ledger import seals
from xltax.tables import CASH_BOOK, DUPLICATE, LOG
from xltax.tables.reading import read

D = dt.date
DAY = D(2024, 2, 2)
CANNOT = "LOOK: keyed: cannot be checked here without the office's key"
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A town whose seals are keyed from the second payment on, and its key."""
    folder = tmp_path_factory.mktemp("keyed")
    (folder / "town").mkdir()
    key = folder / "office.key"
    assert CliRunner().invoke(main, ["office-key", str(key)]).exit_code == 0
    path = town(folder / "town")
    book = FilesBook.open(path)
    pay(book, folder, "1", "500.00", D(2024, 2, 1), D(2024, 2, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(office_key.WHERE, str(key))
        control.seal(book, today=DAY, keyed=True)
        pay(book, folder, "2", "700.00", DAY, DAY)
        pay(book, folder, "3", "140.07", DAY, DAY)
    book.save()
    return path, key


@pytest.fixture
def book(made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the workbook, on a computer that has the key."""
    monkeypatch.setenv(office_key.WHERE, str(made[1]))
    return Path(shutil.copy(made[0], tmp_path / "town.xlsx"))


def failing(path: Path) -> dict[str, str]:
    done = control.proof(FilesBook.open(path), D(2024, 12, 31))
    found = dict(line.split(": ", 1) for line in done.look)
    return {name: look for name, look in found.items() if name not in ("Receipts = deposits", "Deposit time")}


def test_the_key_begins_at_a_row_and_the_office_checks_it(book: Path) -> None:
    rows = read(FilesBook.open(book).read("CashBook"), CASH_BOOK)["Seal"].tolist()
    assert [seals.keyed(cell) for cell in rows] == [False, True, True]
    assert all(seals.keyed(cell) for cell in read(FilesBook.open(book).read("Duplicate"), DUPLICATE)["Seal"])
    assert failing(book) == {}
    entry = FilesBook.open(book).read("Log").set_index("Action").loc["seal", "What"]
    assert entry.startswith("seals with the office's key ")


@pytest.mark.parametrize("key", ["none", "another"])
def test_without_the_key_nothing_is_ok_and_nothing_is_called_broken(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name}-keys"
    elsewhere.mkdir()
    other = elsewhere / "other.key"
    office_key.make(other)
    monkeypatch.setenv(office_key.WHERE, "" if key == "none" else str(other))
    found = failing(book)
    for name in ("Cash book seals", "Bill seals", "Log seals"):
        assert found.pop(name) == CANNOT
    assert found == {}
    assert TAX_SEALED(read(FilesBook.open(book).read("CashBook"), CASH_BOOK)).startswith("keyed: a cell cannot check")
    spoil.cell(book, "CashBook", 1, "Note", "changed")
    assert failing(book)["Cash book seals"].startswith("LOOK: Cash Book!"), "a row before the key is judged"


def test_without_the_key_nobody_posts_and_proof_leaves_no_entry(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(office_key.WHERE)
    office = FilesBook.open(book)
    lines = len(office.read("Log"))
    control.proof(office, D(2024, 12, 31))
    assert len(office.read("Log")) == lines
    with pytest.raises(TaxError, match=r"made with the office's key .*, and this computer does not have that key"):
        pay(office, tmp_path, "4", "5.00", DAY, DAY)
    before = book.read_bytes()
    shutil.copy(book, tmp_path / "older.xlsx")
    with pytest.raises(TaxError, match="does not have that key"):
        restore_version(book, str(tmp_path / "older.xlsx"))
    assert book.read_bytes() == before
    assert versions(book) == []


def test_a_row_changed_and_sealed_by_the_known_method_is_named(book: Path) -> None:
    for column in ("Tax", "Total"):
        spoil.cell(book, "CashBook", 3, column, 40.07)
    assert "Cash book seals" in failing(book)
    rows = read(FilesBook.open(book).read("CashBook"), CASH_BOOK)
    forged = seals.sealed(rows[rows["Receipt"] == "3"], CASH_BOOK, rows["Seal"].iloc[1])[0]
    spoil.cell(book, "CashBook", 3, "Seal", forged)
    assert failing(book)["Cash book seals"].startswith("LOOK: Cash Book!")


def test_a_bill_sealed_by_the_known_method_is_named(book: Path) -> None:
    spoil.cell(book, "Duplicate", 2, "Inst 1", 1.00)
    rows = read(FilesBook.open(book).read("Duplicate"), DUPLICATE)
    spoil.cell(book, "Duplicate", 2, "Seal", seals.alone(rows, DUPLICATE)[1])
    assert "Bill seals" in failing(book)


def test_a_whole_book_rewritten_without_the_key_shows_that_the_key_is_gone(book: Path) -> None:
    """The forger changes a payment and makes every seal anew, as the method without a key allows, in every table and the Log."""
    office = FilesBook.open(book)
    for spec in (CASH_BOOK, LOG, DUPLICATE):
        rows = read(office.read(spec.name), spec)
        if spec is CASH_BOOK:
            rows = rows.with_cells(rows["Receipt"] == "3", {"Tax": 40_07, "Total": 40_07})
            office.replace_columns("CashBook", rows[["Tax", "Total"]])
        if spec is LOG:
            rows = rows.with_columns({"Codes": [""] * len(rows)})
        codes = seals.alone(rows, spec) if spec.sealed == "rows" else seals.sealed(rows, spec)
        rows = rows.with_columns({"Seal": codes})
        office.replace_columns(spec.name, rows[["Codes", "Seal"] if spec is LOG else ["Seal"]])
    office.save()
    found = failing(book)
    assert not [name for name in found if name.endswith("seals")]
    assert "this computer has an office key, and the seals of this workbook are made without it" in found["Office key"]


def test_the_key_is_never_in_the_book(book: Path, made: tuple[Path, Path]) -> None:
    key = made[1].read_text("ascii").split("\n")[1]
    with zipfile.ZipFile(book) as package:
        assert not [name for name in package.namelist() if key.encode() in package.read(name)]


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_key_that_others_can_read_is_refused(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path.parent / f"{tmp_path.name}.key"
    office_key.make(key)
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o640)
    monkeypatch.setenv(office_key.WHERE, str(key))
    with pytest.raises(TaxError, match="Other users of this computer can read the office's key"):
        failing(book)


def test_a_key_beside_the_book_is_refused(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_key.make(tmp_path / "office.key")
    monkeypatch.setenv(office_key.WHERE, str(tmp_path / "office.key"))
    with pytest.raises(TaxError, match="lies in the folder of the workbook"):
        failing(book)


def test_a_key_is_never_written_over_and_is_begun_once(book: Path, made: tuple[Path, Path]) -> None:
    with pytest.raises(TaxError, match="exists already"):
        office_key.make(made[1])
    with pytest.raises(TaxError, match="already made with the office's key"):
        control.seal(FilesBook.open(book), today=DAY, keyed=True)
