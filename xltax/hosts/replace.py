"""Replaces a file in one step. Only one xltax may write a file at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xltax.errors import BadBook
from xltax.ondisk import PRIVATE, clear_leftovers, explained, make_folder, reason, take_after, write_file

FOLDER = ".xltax-kept"
"""The folder next to a workbook for its lock and its kept versions."""

PATIENCE = 20
"""Seconds to wait for another xltax that is writing the same book; writing takes one or two."""


def folder_of(book: Path) -> Path:
    """The folder with a workbook's lock and its kept versions."""
    return book.parent / FOLDER / book.name


@contextmanager
def only_writer(book: Path) -> Iterator[None]:
    """Keeps other xltax programs from writing this workbook. A lock of a stopped program does not count.

    Raises BadBook if another one goes on writing, or if the folder may not be written to.
    """
    from filelock import FileLock, Timeout

    folder = folder_of(book)
    try:
        make_folder(folder.parent, like=book.parent)
        make_folder(folder, like=book)
        # Whoever may write the book has to be able to lock it.
        mode = book.stat().st_mode & 0o666 if book.exists() else PRIVATE
        lock = FileLock(folder / "lock", timeout=PATIENCE, mode=mode)
        lock.acquire()
    except Timeout:
        raise BadBook(
            "Another xltax is writing this workbook. Nothing was written.", where=str(book), do="Try again in a minute."
        ) from None
    except OSError as error:
        raise BadBook(
            f"xltax cannot write to the folder of this workbook. {reason(error)}. The workbook is unchanged.",
            where=str(book),
            do="Make room in the folder, or ask for permission to write there.",
        ) from None
    try:
        if book.exists():
            take_after(folder / "lock", book)
        # Temporary files bear the book's name and are written under its lock: one found here was left by a process that died.
        for place in (book.parent, folder):
            clear_leftovers(place, book.name)
        yield
    finally:
        lock.release()


def replace_file(path: Path, data: bytes, book: Path, like: Path | None = None) -> None:
    """Writes a book, or a file that belongs to one, in one step: with the mode and owner of the book, and on the disk.

    book: whose lock is held. like: a file to take after instead. Raises OSError, and leaves no part behind.
    """
    write_file(path, data, like=like or book, most=PRIVATE, mark=book.name)


def refuse_if_open(book: Path) -> None:
    """Raises BadBook for a workbook that is open in a spreadsheet program or is read-only."""
    for lock in (f"~${book.name}", f".~lock.{book.name}#"):
        if (book.parent / lock).exists():
            raise BadBook(
                f"This workbook is open in a spreadsheet program (there is a file {lock}). Nothing was written.",
                where=str(book),
                do="Save and close the workbook there. Then try again. If the workbook is not open anywhere, delete that file.",
            )
    # os.access says yes to everything for root, so the file's own permission counts too.
    if book.exists() and (not os.access(book, os.W_OK) or not book.stat().st_mode & 0o222):
        raise BadBook(
            "This file is read-only. Nothing was written.",
            where=str(book),
            do="Turn off Read-only in the file's properties.",
        )


@contextmanager
def refused(book: Path) -> Iterator[None]:
    """Explains what a disk or network failure means for the workbook."""
    do = "The workbook is unchanged. Close the workbook everywhere. Make room on the disk, and check that you may write to the folder."
    with explained("This workbook could not be saved.", book, do):
        yield
