"""Names of files: made from accounts, bills, receipts and what people type, and refused by the computer in many ways."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.books.small_books import make
from xltax.cli import main
from xltax.errors import BadBook
from xltax.filenames import LONGEST, file_name, numbered
from xltax.hosts.beside import Beside
from xltax.hosts.files import FilesBook
from xltax.ondisk import explained, reason
from xltax.sheets.below import refuse_past_the_end
from xltax.sheets.cells import LAST_ROW
from xltax.sheets.layout import TableAt

FORBIDDEN = '<>:"/\\|?*\0\n\r\t\x1f\x7f'
NASTY = (
    "12/4", "..", "../../x", "a\\b", "C:x", "CON", "con.txt", "AUX ", "nul.", "COM1", "lpt¹.x", "CONIN$", "x. . .", " x ", "", ".", "é" * 300,
    "\U0001f600" * 100, "a" * 5000, "x\0y", "x\ny", "\ud800", "a\u202egnp.exe", FORBIDDEN,
)  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_a_name_from_any_text_can_be_stored_everywhere(text: str, tmp_path: Path) -> None:
    name = file_name(text, ".csv")
    assert name.endswith(".csv")
    assert len(name.encode()) <= LONGEST
    assert not set(name) & set(FORBIDDEN)
    stem = name.removesuffix(".csv")
    assert stem
    assert stem == stem.strip().rstrip(".")
    assert stem.split(".")[0].strip().lower() not in {"con", "aux", "nul", "com1", "lpt¹", "conin$"}
    (tmp_path / name).write_text("x")
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert file_name(stem, ".csv") == name, "a name that is right already stays"


@pytest.mark.parametrize(
    "name", ["list 12-4 2025-08-01", "Turnover slip 7", "Łucja", "day close D-1.5", "console", "auxiliary"]
)
def test_an_ordinary_name_stays(name: str) -> None:
    assert file_name(name, ".xlsx") == f"{name}.xlsx"


def test_a_long_name_keeps_its_number_and_its_ending() -> None:
    first, second = (name for name, _ in zip(numbered("é" * 300, ".csv"), range(2), strict=False))
    assert second.endswith(" (1).csv")
    assert first != second
    assert max(len(first.encode()), len(second.encode())) <= LONGEST


@pytest.mark.parametrize("name", NASTY)
def test_every_file_beside_a_book_is_written(name: str, tmp_path: Path) -> None:
    """Two of each name: the second gets a number. None leaves the folder of the book."""
    book = tmp_path / "town.xlsx"
    book.write_bytes(b"a workbook")
    beside = Beside(book)
    names = {beside.put(f"{name}.csv", b"1"), beside.put(f"{name}.csv", b"2")}
    beside.write()
    assert len(names) == 2
    assert {p.name for p in tmp_path.iterdir()} == {"town.xlsx", ".xltax-kept", *names}


def test_two_names_that_windows_takes_for_one_get_a_number(tmp_path: Path) -> None:
    beside = Beside(tmp_path / "town.xlsx")
    assert [beside.put(n, b"") for n in ("List.csv", "LIST.csv", "a/b.csv", "a?b.csv")] == [
        "town List.csv", "town LIST (1).csv", "town a-b.csv", "town a-b (1).csv",
    ]  # fmt: skip


def test_a_book_with_a_very_long_name_is_saved(tmp_path: Path) -> None:
    """The name of the temporary file is longer than that of the book. 240 bytes and 11 were too many together."""
    book = FilesBook.open(make(tmp_path / f"{'t' * 235}.xlsx"))
    book.set("levy_year", 2026)
    book.save()
    assert FilesBook.open(book.path).get("levy_year") == 2026


@pytest.mark.parametrize("name", ["12/4", "CON", "x" * 400, "a:b*c"])
def test_a_task_takes_any_name(name: str, tmp_path: Path) -> None:
    CliRunner().invoke(main, ["new", str(tmp_path / "town.xlsx"), "us-nj-colts-neck"])
    said = CliRunner().invoke(main, ["share", str(tmp_path / "town.xlsx"), "--name", name])
    assert said.exit_code == 0, said.output
    assert len(list(tmp_path.glob("town *.xlsx"))) == 1


@pytest.mark.parametrize("name", ["CON.xlsx", "a?.xlsx", "x .xlsx", f"{'x' * 300}.xlsx"])
def test_a_new_workbook_has_a_name_for_every_computer(name: str, tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["new", str(tmp_path / name), "us-nj-colts-neck"])
    assert said.exit_code == 2
    assert "Windows cannot store a file with this name. Use a name such as" in said.output
    assert list(tmp_path.iterdir()) == []


# ---- what the computer refuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "You have no permission"), (errno.EROFS, "The disk is read-only"), (errno.ENAMETOOLONG, "The name is too long"), (errno.ENOENT, "The folder does not exist"), (errno.EBUSY, "Another program is using the file"), (errno.EIO, "The computer reports: ")])  # fmt: skip
def test_every_refusal_of_the_computer_is_a_sentence(number: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadBook, match=words) as told, explained("The list could not be written.", tmp_path, "Try."):
        raise OSError(number, os.strerror(number), "x")
    assert str(told.value).startswith(f"{tmp_path}: The list could not be written. {words}")


def test_a_file_that_is_open_on_windows_is_named_so() -> None:
    error = PermissionError(errno.EACCES, "Access is denied")
    error.winerror = 32  # type: ignore[attr-defined]
    assert reason(error) == "Another program is using the file"


@pytest.mark.parametrize("words", [("new", "x/" * 3000 + "a.xlsx", "us-nj"), ("kept", "x" * 5000), ("proof", "x" * 5000), ("restore", "town.xlsx", "x" * 5000), ("town", "check", "x" * 5000 + ".toml"), ("proof", "."), ("backup", "x" * 5000), ("import-roll", "town.xlsx", "x" * 5000), ("call", "TAX_PAYOFF", "@" + "x" * 5000 + ".csv")])  # fmt: skip
def test_a_path_that_no_disk_takes_is_no_traceback(words: tuple[str, ...], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "town.xlsx", bills=0)
    said = CliRunner().invoke(main, list(words), input="p\np\n")
    assert said.exit_code in (1, 2)
    assert said.exception is None or isinstance(said.exception, SystemExit), repr(said.exception)


@pytest.mark.parametrize(("table", "words"), [("CashBook", "set up a new workbook with xltax new"), ("Log", "Never delete posted rows"), ("Found", "Delete empty rows of the table")])  # fmt: skip
def test_a_full_table_says_what_to_do_next(table: str, words: str) -> None:
    """A sheet has 1,048,576 rows. Rows of the Cash Book or the Log are never deleted, so the office goes on in a new workbook."""
    at = TableAt(table, "Sheet", "", "", 1, 9, 4, LAST_ROW)
    refuse_past_the_end(at, LAST_ROW, "town.xlsx")
    with pytest.raises(BadBook, match=words) as told:
        refuse_past_the_end(at, LAST_ROW + 1, "town.xlsx")
    assert "A sheet has 1,048,576 rows. Nothing was written." in str(told.value)


posix = pytest.mark.skipif(sys.platform == "win32", reason="/dev/full and HOME are those of Linux and macOS")


@posix
def test_a_full_output_and_a_missing_home_are_sentences(tmp_path: Path) -> None:
    """One program each: `xltax call list > /dev/full`, and `xltax calc` of a user without a home."""
    import subprocess

    if Path("/dev/full").exists():
        with open("/dev/full", "w") as full:
            said = subprocess.run([sys.executable, "-m", "xltax.cli", "call", "list"], stdout=full, stderr=subprocess.PIPE, text=True)  # fmt: skip
        assert said.returncode == 2
        assert said.stderr == "xltax: The output could not be written. The disk is full.\n"
    code = "import pathlib, os; os.path.expanduser = lambda p: p; from xltax.cli import main; main(['calc'])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.returncode == 2
    assert "HOME: This user has no home folder." in said.stderr


def test_a_kernel_without_a_home_is_not_compiled_into_a_strangers_folder(monkeypatch) -> None:
    from xltax.ledger import jit

    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert len(jit._folders()) == 1
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError()))
    assert jit._folder() is None
