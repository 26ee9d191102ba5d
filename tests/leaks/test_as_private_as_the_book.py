"""Every file a task writes is as private as the book: its mode, its owner, whole before it has its name, brought to the disk.

Every task of the offices in tests/contract/pressed.py is pressed on a book that only its owner may read, under a umask that would let
everybody read a new file. As root the book belongs to somebody else, and so must whatever is written.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.contract import pressed
from xltax.actions.restoring import restore_version
from xltax.cli import main
from xltax.faces.catalog import actions
from xltax.faces.run import run_action
from xltax.hosts import kept
from xltax.hosts.beside import Beside
from xltax.hosts.files import FilesBook
from xltax.hosts.replace import folder_of, only_writer
from xltax.ondisk import make_folder, write_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners are of POSIX systems")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SOMEBODY = (12345, 54321)


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def private(book: Path, mode: int = 0o600) -> Path:
    book.chmod(mode)
    if ROOT:
        os.chown(book, *SOMEBODY)
    return book


def look(path: Path) -> tuple[int, tuple[int, int]]:
    at = path.stat()
    return stat.S_IMODE(at.st_mode), (at.st_uid, at.st_gid)


def wrong(folder: Path, mode: int = 0o600) -> list[str]:
    """Every file and folder that somebody else may get at, or that belongs to somebody else. The folder itself is the office's."""
    owner = SOMEBODY if ROOT else (os.geteuid(), os.getegid())
    out = []
    for path in folder.rglob("*"):
        if path.is_dir():
            if path.name != ".xltax-kept" and look(path) != (mode | (mode & 0o444) >> 2, owner):
                out.append(f"{path.name}: {look(path)}")
        elif look(path) != (mode, owner):
            out.append(f"{path.name}: {look(path)}")
    return out


class Watch:
    """What is done to the disk: every file opened for writing, brought to the disk, put in place."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.opened: list[str] = []
        self.steps: list[tuple[str, str]] = []

    def event(self, name: str, given: tuple[object, ...]) -> None:
        if self.folder is None or name != "open" or not isinstance(given[0], str | bytes | os.PathLike):
            return
        path, flags = os.fsdecode(given[0]), given[2]
        writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        if writing and str(self.folder) in path:
            self.opened.append(Path(path).name)


WATCH = Watch()
sys.addaudithook(WATCH.event)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Counts what is brought to the disk, too. An audit hook sees every open, whoever does it and by what name."""
    fsync, replace = os.fsync, os.replace

    def flushed(handle: int) -> None:
        WATCH.steps.append(("fsync", os.readlink(f"/proc/self/fd/{handle}")))
        fsync(handle)

    def placed(source, target, **more) -> None:
        WATCH.steps.append(("replace", f"{source}|{target}"))
        replace(source, target, **more)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", placed)
    WATCH.opened.clear()
    WATCH.steps.clear()
    yield WATCH
    WATCH.folder = None


def check(watch: Watch, folder: Path) -> int:
    """Nothing under its own name is ever open for writing; each file is on the disk before its name, its folder after."""
    named = [n for n in watch.opened if n != "lock" and not (n.startswith(".xltax-") and n.endswith(".tmp"))]
    assert named == [], "written under its own name"
    count = 0
    for n, (what, which) in enumerate(watch.steps):
        if what != "replace":
            continue
        count += 1
        source, target = which.split("|")
        assert watch.steps[n - 1] == ("fsync", source)
        assert watch.steps[n + 1] == ("fsync", str(Path(target).parent))
    assert len([n for n in watch.opened if n != "lock"]) >= count, "every opening is seen"
    assert not list(folder.rglob("*.tmp"))
    watch.opened.clear()
    watch.steps.clear()
    return count


@pytest.mark.parametrize("town", pressed.OFFICES)
def test_every_task_writes_files_as_private_as_the_book(town: str, tmp_path: Path, watch: Watch) -> None:
    watch.folder = tmp_path / "book"
    book = private(pressed.town_book(watch.folder / "town.xlsx", town))
    files = 0
    for one in (p for p in pressed.OFFICES[town][1] if not p.refuses):
        pressed.fill(one, lambda: FilesBook.open(book), tmp_path)
        pressed.press(actions()[one.action], FilesBook.open(book))
        assert wrong(book.parent) == [], one.action
        files += check(watch, book.parent)
    made = pressed.beside(book)
    assert files > len(made)
    if town == "us-nj-colts-neck":
        kinds = (
            "letters",
            "merge",
            "labels",
            "audit pack",
            "public",
            "calendar",
            "inquiry",
            "servicer",
            "bills",
            "receipt",
            "general ledger",
        )
        assert [k for k in kinds if not any(k in name for name in made)] == []


def small(tmp_path: Path, mode: int = 0o600) -> Path:
    from tests.books.small_books import make

    (tmp_path / "book").mkdir(mode=0o755)
    return private(make(tmp_path / "book" / "town.xlsx"), mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o660, 0o644, 0o664, 0o400 | 0o200])
def test_a_file_beside_a_book_has_its_mode_whatever_that_is(tmp_path: Path, mode: int) -> None:
    book = small(tmp_path, mode)
    beside = Beside(book)
    beside.put("list.csv", b"A")
    beside.write()
    it = FilesBook.open(book)
    it.set("town_name", "Other")
    it.save()
    assert wrong(book.parent, mode) == []


def test_what_upgrade_leaves_a_restore_and_a_backup_are_as_private_as_the_book(tmp_path: Path, watch: Watch) -> None:
    book = tmp_path / "book" / "town.xlsx"
    book.parent.mkdir()
    book.write_bytes((Path(__file__).parents[1] / "upgrade" / "frozen" / "pennsylvania.xlsx").read_bytes())
    private(book)
    watch.folder = tmp_path
    run_action(actions()["upgrade"], book, {}, lambda text: None)
    assert [p.name for p in book.parent.glob("*before*")] == ["town-before.xlsx"]
    it = FilesBook.open(book)
    it.set("kept_versions", 5)
    it.save()
    it = FilesBook.open(book)
    it.set("town_name", "Milltown")
    it.save()
    version = kept.versions(book)[-1]
    restore_version(book, version.name, approved_by="the board, act 7", reason="a test")
    kept.backup(book, tmp_path / "stick" / "new", "four words of hers")
    watch.folder = None
    assert wrong(book.parent) == []
    assert wrong(tmp_path / "stick" / "new") == []
    assert wrong(tmp_path / "stick") == []
    assert check(watch, tmp_path) >= 4


def test_a_new_book_is_for_its_owner_and_her_group_only(tmp_path: Path) -> None:
    for umask, mode in ((0o022, 0o640), (0o002, 0o660), (0o077, 0o600), (0o000, 0o660)):
        os.umask(umask)
        path = tmp_path / f"{umask:o}" / "town.xlsx"
        said = CliRunner().invoke(main, ["new", str(path), "us-nj-colts-neck", "--year", "2025"])
        assert said.exit_code == 0, said.output
        assert look(path)[0] == mode


def test_a_file_of_nobody_follows_the_umask_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "xltax.conf"
    write_file(path, b"1")
    assert look(path)[0] == 0o644
    path.chmod(0o600)
    write_file(path, b"2")
    assert (look(path)[0], path.read_bytes()) == (0o600, b"2")


def test_whoever_may_write_the_book_may_lock_it(tmp_path: Path) -> None:
    """Two colleagues of one group: the lock the first one leaves must not keep the second out."""
    book = small(tmp_path, 0o660)
    with only_writer(book):
        assert look(folder_of(book) / "lock")[0] == 0o660
    assert look(folder_of(book))[0] == 0o770


def test_a_group_she_is_not_in_is_not_let_in_through_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be given the book's group has her own, whose members may be others."""
    book = small(tmp_path, 0o664)
    os.chmod(book, 0o660)

    def refused(*given: object, **more: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refused)
    if not ROOT:
        pytest.skip("the book would have to belong to another group")
    Beside(book)
    write_file(book.with_name("list.csv"), b"A", like=book)
    assert look(book.with_name("list.csv"))[0] == 0o600


def access_list(user: int, bits: int) -> bytes:
    """user::rwx or rw-, a named user and the mask as given, group::---, other::---  (acl(5), <linux/posix_acl_xattr.h>)."""
    entries = [
        (1, 6 | bits & 1, 0xFFFFFFFF),
        (2, bits, user),
        (4, 0, 0xFFFFFFFF),
        (0x10, bits, 0xFFFFFFFF),
        (0x20, 0, 0xFFFFFFFF),
    ]
    return (2).to_bytes(4, "little") + b"".join(
        tag.to_bytes(2, "little") + may.to_bytes(2, "little") + who.to_bytes(4, "little") for tag, may, who in entries
    )


def give(path: Path, name: str, held: bytes) -> None:
    try:
        os.setxattr(path, f"system.posix_acl_{name}", held)
    except OSError:
        pytest.skip("this file system has no access control lists")


def test_a_list_of_who_may_read_is_taken_over(tmp_path: Path) -> None:
    """With an access control list, the mode's middle digits are what the list allows at most, not what the group may do."""
    book = small(tmp_path)
    held = access_list(12346, 6)
    give(book, "access", held)
    assert look(book)[0] == 0o660  # though the group may do nothing
    beside = Beside(book)
    beside.put("list.csv", b"A")
    beside.write()
    made = book.with_name("town list.csv")
    assert os.getxattr(made, "system.posix_acl_access") == held
    assert look(made)[0] == 0o660
    # Whoever is named may enter the folder of the lock too: rw- becomes rwx.
    assert os.getxattr(folder_of(book), "system.posix_acl_access") == access_list(12346, 7)


def test_a_list_that_the_folder_gives_to_new_files_lets_nobody_into_a_book_that_has_none(tmp_path: Path) -> None:
    book = small(tmp_path, 0o640)
    give(book.parent, "default", access_list(12346, 7))
    beside = Beside(book)
    beside.put("list.csv", b"A")
    beside.write()
    assert "system.posix_acl_access" not in os.listxattr(book.with_name("town list.csv"))
    assert wrong(book.parent, 0o640) == []


def test_folders_are_made_for_whom_they_are(tmp_path: Path) -> None:
    book = small(tmp_path)
    make_folder(tmp_path / "a" / "b", like=book)
    assert look(tmp_path / "a" / "b")[0] == 0o700
    assert look(tmp_path / "a")[0] == 0o755
    make_folder(tmp_path / "a" / "b", like=book)  # there already
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "file")


def test_a_memory_stick_that_knows_no_modes_takes_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = small(tmp_path)

    def refused(*given: object, **more: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refused)
    monkeypatch.setattr(Path, "chmod", refused)
    assert kept.backup(book, tmp_path / "stick", "four words of hers").exists()


@pytest.mark.parametrize("call", ["fsync", "replace", "fdopen"])
def test_a_file_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    old = tmp_path / "old.csv"
    old.write_bytes(b"as it was")

    def failing(*given: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, failing)
    with pytest.raises(OSError, match="No space"):
        write_file(old, b"new")
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"old.csv": b"as it was"}
