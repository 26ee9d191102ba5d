"""A file replaced in one step: the new one complete on the disk beside it first, one writer at a time."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xltax.errors import BadBook

FOLDER = ".xltax-kept"
"""The folder beside a book for what xltax needs there: one folder for each book, with its lock and its kept versions."""

PATIENCE = 20
"""Seconds to wait for another xltax that is writing the same book; writing takes one or two."""


def folder_of(book: Path) -> Path:
    """Where a book's lock and its kept versions stand."""
    return book.parent / FOLDER / book.name


@contextmanager
def only_writer(book: Path) -> Iterator[None]:
    """Nobody else's xltax writes this book inside; a lock left by a process that died does not count.

    Raises BadBook if another one goes on writing, or if the folder may not be written to.
    """
    from filelock import FileLock, Timeout

    folder = folder_of(book)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=PATIENCE)
        lock.acquire()
    except Timeout:
        raise BadBook(
            "another xltax is writing this book; nothing was written.", where=str(book), do="Try again in a minute."
        ) from None
    except OSError as error:
        raise BadBook(
            f"the folder of the book cannot be written to ({error.strerror}); the book is as it was.",
            where=str(book),
            do="Make room in it, or ask for the right to write there.",
        ) from None
    try:
        _clear_leftovers(book)
        yield
    finally:
        lock.release()


def _clear_leftovers(book: Path) -> None:
    # Temporary files bear the book's name and are written under its lock, so one found here was left by a process that died.
    for place in (book.parent, folder_of(book)):
        for left in place.glob(f".xltax-{glob.escape(book.name)}-*.tmp"):
            with suppress(OSError):
                left.unlink()


def replace_file(path: Path, data: bytes, book: Path, like: Path | None = None) -> None:
    """Writes a file so that its name stands for the old content or the new one, whatever happens in between.

    book: whose lock is held. like: the file whose mode and owner it takes. Raises OSError, and leaves no part behind.
    """
    handle, name = tempfile.mkstemp(prefix=f".xltax-{book.name}-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _look_like(temporary, like)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _look_like(temporary: Path, like: Path | None) -> None:
    if like is None or not like.exists():
        # A file of mkstemp is its maker's alone; a list put beside a book is everybody's who may read the folder.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        return
    wanted = like.stat()
    temporary.chmod(wanted.st_mode & 0o7777)
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(temporary, wanted.st_uid, wanted.st_gid)


def _flush_folder(folder: Path) -> None:
    # The new name has to outlive a power cut too. Windows and some network drives cannot do this; there the file system sees to it.
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def refuse_if_open(book: Path) -> None:
    """Raises BadBook for a book that is open in a spreadsheet program, or read-only."""
    for lock in (f"~${book.name}", f".~lock.{book.name}#"):
        if (book.parent / lock).exists():
            raise BadBook(
                f"the book is open in a spreadsheet program (there is a file {lock}); nothing was written.",
                where=str(book),
                do="Save and close it there, then try again. If it is open nowhere, that program broke off: delete the file.",
            )
    # os.access says yes to everything for root, so the file's own permission counts too.
    if book.exists() and (not os.access(book, os.W_OK) or not book.stat().st_mode & 0o222):
        raise BadBook("the file is read-only; nothing was written.", where=str(book), do="Remove its read-only mark.")


@contextmanager
def refused(book: Path) -> Iterator[None]:
    """Tells a failure of the disk or the network as what it means for the book."""
    try:
        yield
    except OSError as error:
        raise BadBook(
            f"the book could not be replaced ({error.strerror}); it is as it was.",
            where=str(book),
            do="Close it everywhere, make room on the disk, and check that the folder may be written to.",
        ) from None
