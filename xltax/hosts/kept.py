"""Keeps and restores earlier versions of a workbook, and makes encrypted backups."""

from __future__ import annotations

import datetime as dt
import glob
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from xltax.errors import BadBook, BadValue
from xltax.filenames import numbered
from xltax.hosts.replace import folder_of, only_writer, refuse_if_open, refused, replace_file
from xltax.ondisk import clear_leftovers, explained, make_folder
from xltax.sheets.layout import Layout
from xltax.sheets.package import ENCRYPTED, Package

MOST = 10
"""The number of versions to keep, unless the workbook has its own number."""


LIMIT = 10_000
"""The largest number of versions to keep. Each has the size of the workbook."""

_OURS = re.compile(r"(?:(?P<count>\d{5,})-)?\d{8}-\d{6}(?:-\d+)?")
"""The name of a kept version: a number that rises, and the time. Older versions of xltax wrote only the time."""


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version: its name, the time it was replaced, its size in bytes and its path."""

    name: str
    until: dt.datetime
    size: int
    path: Path

    @property
    def count(self) -> int:
        """Its number. 0 for a version that has none."""
        found = _OURS.fullmatch(self.name)
        return int(found["count"]) if found and found["count"] else 0


def versions(book: Path) -> list[Version]:
    """The kept versions of a book, the newest first.

    The number in the name decides, because a clock may be wrong: a version kept while the clock was ahead is not the newest.
    """
    found = []
    for path in folder_of(book).glob(f"*{glob.escape(book.suffix)}"):
        if not path.name.startswith("."):
            at = path.stat()
            found.append((at.st_mtime_ns, Version(path.stem, dt.datetime.fromtimestamp(at.st_mtime), at.st_size, path)))
    return [v for _, v in sorted(found, key=lambda pair: (pair[1].count, pair[0], pair[1].name), reverse=True)]


def keep(book: Path, data: bytes) -> None:
    """Keeps a copy of the workbook before it is replaced. The caller holds the lock of the book. Raises OSError."""
    number = max((v.count for v in versions(book)), default=0) + 1
    name = f"{number:05}-{dt.datetime.now():%Y%m%d-%H%M%S}{book.suffix}"
    replace_file(folder_of(book) / name, data, book)


def thin_out(book: Path, most: int) -> None:
    """Removes old versions. The newest `most` stay, and the last version of each of the last `most` days.

    A file that xltax did not put there stays too.
    """
    kept = versions(book)
    last_of: dict[dt.date, Version] = {}
    for version in kept:
        last_of.setdefault(version.until.date(), version)
    stay = {v.name for v in [*kept[:most], *list(last_of.values())[:most]]}
    for version in kept:
        if version.name not in stay and _OURS.fullmatch(version.name):
            with suppress(OSError):
                version.path.unlink()


# ---- bringing one back -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A version to bring back: its file, the workbook in it without a password, and whether xltax kept it for this book."""

    path: Path
    data: bytes
    kept: bool


def find(book: Path, version: str, password: str = "") -> Found:
    """A kept version, or a backup. Raises BadBook for one that is not there or not sound.

    version: a name `versions` gives, or the path of a backup.
    """
    kept = next((v.path for v in versions(book) if v.name == version), None)
    source = kept or Path(version)
    if not source.is_file():
        names = [v.name for v in versions(book)]
        raise BadBook(
            f'There is no kept version "{version}".',
            where=str(book),
            do=f"Use one of these: {', '.join(names[:10])}." if names else "This workbook has no kept versions.",
        )
    with explained("The version cannot be read.", source, "Check the file and your permissions."):
        data = source.read_bytes()
    if ENCRYPTED in data:
        data = decrypted(data, password, source.name)
    Layout(Package(data, source.name))  # a damaged one is refused here
    return Found(source, data, kept is not None)


def put_back(book: Path, found: Found) -> str:
    """Replaces the workbook with a version, and keeps the replaced one. Gives the result in words."""
    with only_writer(book), refused(book):
        refuse_if_open(book)
        if book.exists():
            keep(book, book.read_bytes())
        replace_file(book, found.data, book)
    return f"{book.name} is now the version {found.path.stem}. The replaced workbook is kept too."


# ---- a backup under a password -------------------------------------------------------------------------------------


def backup(book: Path, folder: Path, password: str) -> Path:
    """A copy of the workbook that opens in Excel and Calc only with the password. The copy is checked."""
    book = book.resolve()
    package = Package.open(book)
    if not password:
        raise BadValue(
            "The password is empty.",
            do="Choose a password of several words. Do not store the password with the backup.",
        )
    data = encrypted(package.source, password)
    if decrypted(data, password, book.name) != package.source:
        raise BadBook("The encrypted copy failed its check, so no backup was made.", where=str(book), do="Try again.")
    names = numbered(f"{book.stem} backup {dt.datetime.now():%Y%m%d-%H%M%S}", book.suffix)
    do = "Make room on the disk, or choose another folder."
    # Under the lock of the book, as every writer of a temporary file with its name.
    with only_writer(book), explained("The backup could not be written.", folder, do):
        make_folder(folder, like=book)
        clear_leftovers(folder, book.name)
        path = next(p for p in (folder / name for name in names) if not p.exists())
        replace_file(path, data, book)
    return path


def encrypted(data: bytes, password: str) -> bytes:
    """A workbook's bytes as Excel's own "Encrypt with Password" makes them (agile encryption, AES-256)."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def decrypted(data: bytes, password: str, name: str) -> bytes:
    """The workbook's bytes again; raises BadBook for a wrong password or a changed file."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    out = BytesIO()
    try:
        file = msoffcrypto.OfficeFile(BytesIO(data))
        file.load_key(password=password, verify_password=True)
        file.decrypt(out, verify_integrity=True)
    except (DecryptionError, InvalidKeyError):
        raise BadBook(
            "The password is wrong, or the file is damaged.", where=name, do="Enter the password of this file."
        ) from None
    except (FileFormatError, OSError, ValueError) as error:
        raise BadBook(f"The encrypted file is damaged ({error}).", where=name, do="Use another backup.") from None
    return out.getvalue()


def password_from(file: Path) -> str:
    """The password on the first line of a file, so that the command line never shows the password."""
    try:
        lines: Sequence[str] = file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise BadValue("This file does not exist.", where=str(file), do="Check the name and the folder.") from None
    except (OSError, UnicodeDecodeError):
        raise BadValue(
            "This file is not a text file.", where=str(file), do="Save the password in a plain text file."
        ) from None
    if not lines or not lines[0].strip():
        raise BadValue(
            "The first line of this file is empty.", where=str(file), do="Put the password on the first line."
        )
    return lines[0].strip()
