"""Earlier versions of a book: kept, thinned out, listed, brought back; and a backup under a password."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.books.small_books import make, receipts
from xltax.cli import main
from xltax.errors import BadBook, BadValue
from xltax.hosts import kept
from xltax.hosts.files import FilesBook
from xltax.hosts.replace import folder_of


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
    kept.restore(town, name)
    assert held(town) == ["R1", "R2"]
    town.unlink()
    kept.restore(town, name)
    assert held(town) == ["R1", "R2"]


def test_a_version_that_is_not_there_or_not_sound_is_refused(town: Path) -> None:
    post(town, 3)
    before = town.read_bytes()
    version = kept.versions(town)[0]
    with pytest.raises(BadBook, match=f'no kept version "1999".*{version.name}'):
        kept.restore(town, "1999")
    version.path.write_bytes(version.path.read_bytes()[:-900])
    with pytest.raises(BadBook, match="incomplete or damaged"):
        kept.restore(town, version.name)
    (town.parent / "~$town.xlsx").write_text("")
    version.path.write_bytes(before)
    with pytest.raises(BadBook, match="is open in a spreadsheet program"):
        kept.restore(town, version.name)
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
        kept.restore(town, str(made), "pass word")
    assert town.read_bytes() == before
