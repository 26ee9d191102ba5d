"""Earlier versions of a book: kept, thinned out, listed, brought back; and a backup under a password."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.books import spoil
from tests.books.small_books import make, receipts
from xltax.actions.desk import Desk
from xltax.actions.restoring import restore_version
from xltax.actions.share import share
from xltax.cli import main
from xltax.errors import BadBook, BadValue
from xltax.faces.new import new_book
from xltax.hosts import kept
from xltax.hosts.files import FilesBook
from xltax.hosts.replace import folder_of
from xltax.pages import Lines, Page
from xltax.sheets.pages import to_xlsx
from xltax.tables import CASH_BOOK
from xltax.tables.table import Table


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return make(tmp_path / "town.xlsx")


def post(path: Path, number: int) -> None:
    book = FilesBook.open(path)
    book.append("CashBook", receipts(number))
    book.save()


def held(path: Path) -> list[str]:
    return FilesBook.open(path).read("CashBook")["Receipt"].tolist()


def run(*words: object, typed: str = ""):
    return CliRunner().invoke(main, [str(w) for w in words], input=typed)


def test_every_write_keeps_the_version_before_it(town: Path) -> None:
    first = town.read_bytes()
    for number in (3, 4, 5):
        post(town, number)
    found = kept.versions(town)
    assert [held(v.path) for v in found] == [["R1", "R2", "R3", "R4"], ["R1", "R2", "R3"], ["R1", "R2"]]
    assert found[-1].path.read_bytes() == first
    assert len({v.name for v in found}) == 3


def test_a_book_that_was_only_read_keeps_nothing(town: Path) -> None:
    FilesBook.open(town).read("Roll")
    FilesBook.open(town).save()
    assert not folder_of(town).exists()


@pytest.mark.parametrize(("most", "left"), [(3, 3), (0, 0), (None, 10)])
def test_the_number_kept_is_a_cell_of_the_book(town: Path, most: int | None, left: int) -> None:
    book = FilesBook.open(town)
    book.set("kept_versions", most)
    book.save()
    for number in range(3, 16):
        post(town, number)
    assert len(kept.versions(town)) == left


def test_a_number_that_is_none_is_named(town: Path) -> None:
    book = FilesBook.open(town)
    book.set("kept_versions", 2)
    book._set["kept_versions"] = "many"
    before = town.read_bytes()
    with pytest.raises(BadValue, match=r"town\.xlsx, kept_versions"):
        book._versions_kept()
    assert town.read_bytes() == before


def test_the_last_version_of_a_day_outlives_a_busy_one(town: Path) -> None:
    for number in range(3, 9):
        post(town, number)
    for age, version in enumerate(kept.versions(town)):
        then = dt.datetime.now() - dt.timedelta(days=1 + age // 2)  # two on each of three days
        os.utime(version.path, (then.timestamp() - age, then.timestamp() - age))
    post(town, 20)
    kept.thin_out(town, 3)
    days = [v.until.date() for v in kept.versions(town)]
    # The newest three, and the last one of each of the last three days.
    assert len(days) == 4
    assert len(set(days)) == 3


def test_a_version_is_brought_back_and_the_present_one_kept(town: Path) -> None:
    post(town, 3)
    post(town, 4)
    said = run("kept", town)
    oldest = said.output.splitlines()[-2].split()[0]
    assert said.output.endswith("2 kept versions of town.xlsx. To restore one, run: xltax restore town.xlsx NAME\n")
    said = run("restore", town, oldest)
    assert said.exit_code == 0, said.output
    assert held(town) == ["R1", "R2"]
    assert next(held(v.path) for v in kept.versions(town)) == ["R1", "R2", "R3", "R4"]


def test_a_book_that_was_deleted_or_damaged_is_brought_back(town: Path) -> None:
    post(town, 3)
    name = kept.versions(town)[0].name
    town.write_bytes(b"spoilt")
    restore_version(town, name)
    assert held(town) == ["R1", "R2"]
    town.unlink()
    restore_version(town, name)
    assert held(town) == ["R1", "R2"]


def test_a_version_that_is_not_there_or_not_sound_is_refused(town: Path) -> None:
    post(town, 3)
    before = town.read_bytes()
    version = kept.versions(town)[0]
    with pytest.raises(BadBook, match=f'no kept version "1999".*{version.name}'):
        restore_version(town, "1999")
    version.path.write_bytes(version.path.read_bytes()[:-900])
    with pytest.raises(BadBook, match="incomplete or damaged"):
        restore_version(town, version.name)
    (town.parent / "~$town.xlsx").write_text("")
    version.path.write_bytes(before)
    with pytest.raises(BadBook, match="is open in a spreadsheet program"):
        restore_version(town, version.name)
    assert town.read_bytes() == before


# ---- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_opens_with_its_password_only(town: Path) -> None:
    secret = town.with_name("password.txt")
    secret.write_text("three made-up words\n", "utf-8")
    said = run("backup", town, "--password-file", secret, "--folder", town.parent / "safe")
    assert said.exit_code == 0, said.output
    assert "three made-up words" not in said.output
    (made,) = (town.parent / "safe").glob("*.xlsx")
    assert b"CashBook" not in made.read_bytes()
    with pytest.raises(BadBook, match="is encrypted with a password"):
        FilesBook.open(made)
    before = town.read_bytes()
    post(town, 3)
    assert run("restore", town, made).exit_code == 2
    secret.write_text("something else\n", "utf-8")
    said = run("restore", town, made, "--password-file", secret)
    assert said.exit_code == 2
    assert "The password is wrong" in said.output
    assert held(town) == ["R1", "R2", "R3"]
    secret.write_text("three made-up words\n", "utf-8")
    assert run("restore", town, made, "--password-file", secret).exit_code == 0
    assert town.read_bytes() != before, "its Log has an entry of the restore"
    assert held(town) == ["R1", "R2"]
    assert FilesBook.open(town).read("Log")["Action"].iloc[-1] == "restore"


def test_the_password_is_asked_for_and_not_shown(town: Path) -> None:
    said = run("backup", town, typed="words words\nwords words\n")
    assert said.exit_code == 0, said.output
    assert "words words" not in said.output
    (made,) = town.parent.glob("town backup *.xlsx")
    assert kept.decrypted(made.read_bytes(), "words words", "") == town.read_bytes()


@pytest.mark.parametrize(("content", "words"), [(b"", "first line of this file is empty"), (b"\n\nx", "first line of this file is empty"), (b"\xff\xfe\x00", "not a text file"), (None, "does not exist")])  # fmt: skip
def test_a_bad_password_file_is_named(town: Path, content: bytes | None, words: str) -> None:
    file = town.with_name("p.txt")
    if content is not None:
        file.write_bytes(content)
    said = run("backup", town, "--password-file", file)
    assert said.exit_code == 2
    assert words in said.output
    assert str(file) in said.output


def test_a_backup_that_was_changed_is_refused(town: Path) -> None:
    made = kept.backup(town, town.parent, "pass word")
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 1
    made.write_bytes(bytes(data))
    before = town.read_bytes()
    with pytest.raises(BadBook, match="damaged"):
        restore_version(town, str(made), "pass word")
    assert town.read_bytes() == before


# ---- a clock that was wrong ------------------------------------------------------------------------------------------


class Clock(dt.datetime):
    """A clock that tests set."""

    at = dt.datetime(2025, 1, 1)

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
        return cls.at


def test_a_clock_that_was_ahead_once_does_not_cost_the_version_just_kept(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three versions of the year 2099, then the clock is right again. Three are kept: always the newest three by their order."""
    book = FilesBook.open(town)
    book.set("kept_versions", 3)
    book.save()
    monkeypatch.setattr(kept.dt, "datetime", Clock)
    for number in range(3, 11):
        Clock.at = dt.datetime(2099, 1, 1, 12, number) if number < 7 else dt.datetime(2025, 1, number)
        before = set(kept.versions(town))
        post(town, number)
        (new,) = [v for v in kept.versions(town) if v.path not in {b.path for b in before}]
        os.utime(new.path, (Clock.at.timestamp(), Clock.at.timestamp()))
        assert kept.versions(town)[0].path == new.path
        assert held(new.path)[-1] == f"R{number - 1}"
    kept.thin_out(town, 3)
    assert [held(v.path)[-1] for v in kept.versions(town)[:3]] == ["R9", "R8", "R7"]


def test_versions_that_an_older_xltax_kept_are_older_than_new_ones(town: Path) -> None:
    post(town, 3)
    old = folder_of(town) / "20990101-120000-2.xlsx"
    old.write_bytes(town.read_bytes())
    os.utime(old, (4_070_950_000, 4_070_950_000))
    post(town, 4)
    assert [v.count for v in kept.versions(town)] == [2, 1, 0]
    kept.thin_out(town, 1)
    assert old not in {v.path for v in kept.versions(town)} or kept.versions(town)[0].path != old


def test_a_file_that_somebody_put_there_is_not_deleted(town: Path) -> None:
    post(town, 3)
    own = folder_of(town) / "before the audit.xlsx"
    own.write_bytes(town.read_bytes())
    os.utime(own, (0, 0))
    for number in range(4, 9):
        post(town, number)
    kept.thin_out(town, 1)
    assert own.exists()


@pytest.mark.parametrize("number", [-1, 10**9])
def test_a_number_of_versions_out_of_range_is_refused(town: Path, number: int) -> None:
    book = FilesBook.open(town)
    book.set("kept_versions", number)
    before = town.read_bytes()
    with pytest.raises(BadValue, match="is not between 0 and 10000"):
        book.save()
    assert town.read_bytes() == before


# ---- what is no version of this book ---------------------------------------------------------------------------------


@pytest.fixture
def colts_neck(tmp_path: Path) -> Path:
    return of_town(tmp_path / "town.xlsx", "us-nj-colts-neck")


def of_town(path: Path, town: str, name: str = "", bills: bool = True) -> Path:
    new_book(path, town, name=name, year=2025, as_of=dt.date(2025, 2, 1))
    if bills:
        book = FilesBook.open(path)
        book.append("CashBook", receipts(1))
        book.save()
    return path


def not_a_version(kind: str, folder: Path, book: Path) -> Path:
    path = folder / f"{kind}.xlsx"
    match kind:
        case "blank":
            of_town(path, "us-nj-colts-neck", bills=False)
        case "other town":
            of_town(path, "us-ct-glastonbury")
        case "other name":
            of_town(path, "us-nj-colts-neck", "Fair Haven")
        case "shared":
            opened = FilesBook.open(book)
            share(opened)
            opened.save()
            path = book.with_name("town shared.xlsx")
        case "page":
            path.write_bytes(to_xlsx([Page("Receipt", (Lines(("Thank you.",)),), key="R-1")]))
        case "sheet":
            workbook = openpyxl.Workbook()
            workbook.active.append(["Account", "Owner"])
            workbook.save(path)
    return path


@pytest.mark.parametrize(("kind", "words"), [("blank", "This workbook is blank"), ("other town", "its Rules are those of us-ct-glastonbury"), ("other name", 'its town is "Fair Haven"'), ("shared", "shared copy"), ("page", "not a tax collector's workbook"), ("sheet", "not a tax collector's workbook")])  # fmt: skip
def test_what_is_no_book_of_this_town_is_not_brought_back(
    colts_neck: Path, tmp_path: Path, kind: str, words: str
) -> None:
    other = not_a_version(kind, tmp_path, colts_neck)
    before, count = colts_neck.read_bytes(), len(kept.versions(colts_neck))
    said = run("restore", colts_neck, other, "--approved-by", "Board", "--reason", "test")
    assert said.exit_code == 2
    assert re.search(words, said.output), said.output
    assert "Traceback" not in said.output
    assert colts_neck.read_bytes() == before
    assert len(kept.versions(colts_neck)) == count


def test_a_version_whose_rows_were_changed_needs_an_approval(colts_neck: Path, tmp_path: Path) -> None:
    """The copy's Cash Book has a sealed line of $12.34; somebody makes it $2.34."""
    book = FilesBook.open(colts_neck)
    Desk.of(book).append(Table.made(CASH_BOOK, [{"Receipt": "R9", "Line": 1, "Received": dt.date(2025, 2, 1), "Account": "001", "Tax": 1234, "Total": 1234}]))  # fmt: skip
    book.save()
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(colts_neck.read_bytes())
    spoil.cell(copy, "CashBook", 2, "Total", 2.34)
    before = colts_neck.read_bytes()
    with pytest.raises(BadBook, match="1 row of this version changed after a task wrote it"):
        restore_version(colts_neck, str(copy))
    assert colts_neck.read_bytes() == before
    colts_neck.write_bytes(b"spoilt")
    with pytest.raises(BadBook, match="--approved-by"):
        restore_version(colts_neck, str(copy))
    restore_version(colts_neck, str(copy), approved_by="The board", reason="the only copy")
    assert "changed after a task wrote" in FilesBook.open(colts_neck).read("Log")["What"].iloc[-1]


def test_a_backup_leaves_no_temporary_file(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that fails, nor one whose process died: the next backup clears what that left."""
    safe = town.parent / "safe"
    safe.mkdir()
    left = safe / ".xltax-town.xlsx-dead.tmp"
    left.write_bytes(b"left by a process that was killed")
    with monkeypatch.context() as full:
        full.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(BadBook, match=r"could not be written\. The disk is full"):
            kept.backup(town, safe, "three words")
    assert list(safe.iterdir()) == []
    kept.backup(town, safe, "three words")
    (made,) = safe.iterdir()
    assert made.suffix == ".xlsx"
    assert not list(town.parent.rglob("*.tmp"))
