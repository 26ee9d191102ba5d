"""doctor warns of files and sheets that try to say which program Excel starts, in the folders it can know of."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from xltax.faces import install
from xltax.faces.install import ADD_IN, Place
from xltax.faces.strangers import OPTIONS, RECENT, folders, strangers


def nothing(path: str, name: str) -> object:
    return None


def workbook(path: Path, *sheets: str) -> Path:
    book = openpyxl.Workbook()
    for title in sheets:
        book.create_sheet(title).sheet_state = "veryHidden"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.mark.parametrize("sheet", ["xltax.conf", "XLTAX.CONF", "xlwings.conf", "numpy.py", "xltax.faces.excel_udfs.py"])
def test_a_workbook_with_a_telling_sheet_is_named_hidden_or_not(tmp_path, sheet) -> None:
    path = workbook(tmp_path / "Downloads" / "mailed.xlsx", sheet)
    (found,) = strangers(tmp_path, nothing)
    assert found.where == str(path)
    assert f'"{sheet}"' in found.what


@pytest.mark.parametrize(
    "name",
    [
        "xltax.conf",
        "xlwings.conf",
        "Xltax.py",
        "xlwings.py",
        "xlwings64-0.37.8.dll",
        "pythonw.exe",
        "python.bat",
        "cmd.exe",
    ],
)
def test_a_file_that_could_take_the_place_of_a_program_is_named(tmp_path, name) -> None:
    (tmp_path / "Documents" / "xltax").mkdir(parents=True)
    (tmp_path / "Documents" / "xltax" / name).touch()
    assert [p.where for p in strangers(tmp_path, nothing)] == [str(tmp_path / "Documents" / "xltax" / name)]


def test_the_folders_of_recent_files_and_excels_own_are_looked_into(tmp_path) -> None:
    shared = workbook(tmp_path / "server" / "Tax" / "roll.xlsx", "xltax.conf")
    own = tmp_path / "own"
    values = {
        (RECENT, "Item 1"): f"[F00000000][T01D9D0B9E7A5C000][O00000000]*{shared}",
        (RECENT, "Item 3"): "[F00000000][T01D9D0B9E7A5C000][O00000000]*https://d.docs.live.net/1/roll.xlsx",
        (OPTIONS, "DefaultPath"): str(own),
    }
    found = folders(tmp_path, lambda path, name: values.get((path, name)))
    assert shared.parent in found
    assert own in found
    assert [p.where for p in strangers(tmp_path, lambda path, name: values.get((path, name)))] == [str(shared)]


def test_what_is_no_workbook_or_cannot_be_read_is_passed_by(tmp_path) -> None:
    downloads = tmp_path / "Downloads"
    workbook(downloads / "fine.xlsx", "Bill", "conf", "happy")
    (downloads / "torn.xlsx").write_bytes((downloads / "fine.xlsx").read_bytes()[:200])
    (downloads / "empty.xlsx").touch()
    with zipfile.ZipFile(downloads / "other.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w/>")
    (downloads / "python notes.txt").touch()
    assert list(strangers(tmp_path, nothing)) == []


def test_doctor_says_it(tmp_path) -> None:
    profile, python = tmp_path / "ann", tmp_path / "venv" / "Scripts"
    profile.mkdir()
    python.mkdir(parents=True)
    place = Place(profile, python)
    install.install(place, {ADD_IN: b"x"})
    before = install.doctor(place, nothing)
    path = workbook(profile / "Desktop" / "mailed.xlsx", "xltax.conf")
    assert [p.where for p in install.doctor(place, nothing) if p not in before] == [str(path)]
