"""Two writers, a full disk, a read-only one, a network that fails: one clear message, and the book as it was."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.faults import ACTIONS, do
from xltax.errors import BadBook
from xltax.hosts import replace
from xltax.hosts.files import FilesBook
from xltax.hosts.kept import versions
from xltax.ondisk import reason

posix = pytest.mark.skipif(sys.platform == "win32", reason="fork, tmpfs and file modes are of POSIX systems")


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.name != "lock")


# ---- two writers ----------------------------------------------------------------------------------------------------


def _writer(book: Path, number: int, barrier, said) -> None:
    ours = FilesBook.open(book)
    barrier.wait()
    try:
        ours.set("control_bills", number)
        ours.save()
        said.put(("wrote", number))
    except BadBook as error:
        said.put((str(error), number))


@posix
def test_of_several_writers_at_once_one_wins_and_the_others_are_told(town: Path) -> None:
    context = multiprocessing.get_context("fork")
    for round_ in range(3):
        barrier, said = context.Barrier(4), context.Queue()
        numbers = [100 * round_ + n for n in range(4)]
        writers = [context.Process(target=_writer, args=(town, n, barrier, said)) for n in numbers]
        for one in writers:
            one.start()
        results = [said.get(timeout=60) for _ in writers]
        for one in writers:
            one.join()
        won = [n for what, n in results if what == "wrote"]
        assert len(won) == 1
        assert all("Someone else changed" in what for what, n in results if n != won[0])
        assert FilesBook.open(town).get("control_bills") == won[0]


@posix
def test_a_writer_that_does_not_end_is_told_of(town: Path, monkeypatch) -> None:
    context = multiprocessing.get_context("fork")
    ready, go = context.Event(), context.Event()

    def hold() -> None:
        with replace.only_writer(town):
            ready.set()
            go.wait(60)

    other = context.Process(target=hold)
    other.start()
    assert ready.wait(60)
    monkeypatch.setattr(replace, "PATIENCE", 0.2)
    before = town.read_bytes()
    with pytest.raises(BadBook, match="Another xltax is writing this workbook"):
        do("refresh", town)
    assert town.read_bytes() == before
    other.kill()  # a dead one holds nothing
    other.join()
    do("refresh", town)


# ---- the disk -------------------------------------------------------------------------------------------------------


DISK = 2 * 1024 * 1024  # bytes: the book, its next version and the one kept, and little more


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of two megabytes, empty."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk (tmpfs); the test with a file-size limit stands in for it")
    where = tmp_path / "disk"
    where.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", where], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"this machine does not let root mount a disk: {done.stderr.strip()}")
    yield where
    subprocess.run(["umount", where], check=True)


def test_a_full_disk(town: Path, small_disk: Path) -> None:
    for file in ("town.xlsx", "later.csv"):
        shutil.copy(town.parent / file, small_disk)
    book = small_disk / "town.xlsx"
    before = book.read_bytes()
    room = DISK - len(before) - 40_000
    (small_disk / "photos").write_bytes(bytes(room))
    names_before = names(small_disk)
    with pytest.raises(BadBook, match=r"The disk is full.*workbook is unchanged.*Make room"):
        do("post", book)
    assert book.read_bytes() == before
    assert [n for n in names(small_disk) if n not in (".xltax-kept", "town.xlsx")] == [
        n for n in names_before if n != "town.xlsx"
    ]
    (small_disk / "photos").unlink()
    do("post", book)
    assert len(FilesBook.open(book).read("CashBook")) > len(FilesBook.open(town).read("CashBook"))
    assert len(versions(book)) == 1


def test_a_disk_that_may_not_be_written_to(town: Path, small_disk: Path) -> None:
    shutil.copy(town, small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(BadBook, match=r"read-only|Read-only"):
        do("refresh", small_disk / "town.xlsx")


def _limited(book: Path, said) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        do("post", book)
        said.put("")
    except BadBook as error:
        said.put(str(error))


@posix
def test_a_file_that_may_not_grow(town: Path) -> None:
    before, beside = town.read_bytes(), names(town.parent)
    context = multiprocessing.get_context("fork")
    said = context.Queue()
    process = context.Process(target=_limited, args=(town, said))
    process.start()
    assert "The file is too large for this disk. The workbook is unchanged." in said.get(timeout=60)
    process.join()
    assert town.read_bytes() == before
    assert [n for n in names(town.parent) if n not in (".xltax-kept", "town.xlsx")] == [
        n for n in beside if n != "town.xlsx"
    ]


FAILURES = [(errno.EIO, "fsync"), (errno.ENOSPC, "fsync"), (errno.ESTALE, "replace"), (errno.EACCES, "replace"), (errno.EBUSY, "replace"), (errno.ENETDOWN, "fdopen")]  # fmt: skip


@pytest.mark.parametrize(("number", "call"), FAILURES)
@pytest.mark.parametrize("at", [1, 2])
def test_a_disk_or_network_that_fails_while_writing(town: Path, monkeypatch, number: int, call: str, at: int) -> None:
    """at: 1 is the kept version, 2 the book itself."""
    real, calls = getattr(os, call), 0

    def failing(*args, **more):
        nonlocal calls
        # The folder itself is flushed too, between the two files; that may fail without harm.
        calls += call != "fsync" or not os.path.isdir(f"/proc/self/fd/{args[0]}")
        if calls == at:
            raise OSError(number, os.strerror(number))
        return real(*args, **more)

    before = town.read_bytes()
    monkeypatch.setattr(os, call, failing)
    with pytest.raises(BadBook, match="The workbook is unchanged") as error:
        do("post", town)
    monkeypatch.undo()
    assert reason(OSError(number, os.strerror(number))) in str(error.value)
    assert town.read_bytes() == before
    assert not list(town.parent.rglob("*.tmp"))
    do("post", town)


def test_a_folder_that_cannot_be_flushed_does_no_harm(town: Path, monkeypatch) -> None:
    real = os.open

    def failing(path, flags, *more, **rest):
        if flags & getattr(os, "O_DIRECTORY", 0):
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(path, flags, *more, **rest)

    monkeypatch.setattr(os, "open", failing)
    do("post", town)
    assert len(FilesBook.open(town).read("CashBook")) == 20


@posix
def test_mode_owner_and_a_link_to_the_book_stay(town: Path) -> None:
    town.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(town, 12345, 54321)
    link = town.with_name("link to town.xlsx")
    link.symlink_to(town.name)
    do("refresh", link)
    at = town.stat()
    assert link.is_symlink()
    assert at.st_mode & 0o7777 == 0o640
    if os.geteuid() == 0:
        assert (at.st_uid, at.st_gid) == (12345, 54321)
    assert FilesBook.open(town).read("Duplicate")["As Of"].iloc[0].isoformat() == ACTIONS["refresh"]["as_of"]


# ---- open in a program ------------------------------------------------------------------------------------------------


def test_a_book_open_in_calc_is_refused_until_it_is_closed(town: Path, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if not soffice:
        if os.environ.get("XLTAX_SKIP_NOTHING") == "1":
            pytest.fail("LibreOffice Calc is not installed (tests/install_calc.sh installs it)")
        pytest.skip("LibreOffice Calc is not installed (tests/install_calc.sh installs it)")
    command = [
        soffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--norestore",
        "--nologo",
        str(town),
    ]
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    lock = town.with_name(".~lock.town.xlsx#")
    try:
        for _ in range(600):
            if lock.exists():
                break
            assert program.poll() is None, "Calc ended before it opened the book"
            time.sleep(0.2)
        before = town.read_bytes()
        with pytest.raises(BadBook, match=r"open in a spreadsheet program \(there is a file \.~lock\.town\.xlsx#\)"):
            do("refresh", town)
        assert town.read_bytes() == before
    finally:
        os.killpg(program.pid, 15)
        program.wait(60)
    lock.unlink(missing_ok=True)  # as the message says to do, where the program broke off
    do("refresh", town)
