"""The office's key for its seals: a small file outside every workbook, which only the office's own computers have."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

from xltax.errors import BadValue
from xltax.ondisk import explained, write_file

WHERE = "XLTAX_OFFICE_KEY"
"""The environment variable that names the file."""
_FIRST = "xltax office key 1"


def read(book: Path | None = None) -> bytes:
    """The office's key; empty if this computer has none. Raises BadValue for a file that others can read, or that is no key.

    book: the workbook in use. Its folder is copied and backed up with it, so the key must not lie there.
    """
    named = os.environ.get(WHERE, "").strip()
    if not named:
        return b""
    path = Path(named).resolve()
    try:
        lines = path.read_text(encoding="ascii").split("\n")
        open_to_others = os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    except (OSError, UnicodeDecodeError):
        raise BadValue(
            "The office's key cannot be read.",
            where=str(path),
            do=f"Correct {WHERE}, or restore the key from its copy.",
        ) from None
    if book is not None and book.resolve().parent in path.parents:
        raise BadValue(
            "The office's key lies in the folder of the workbook. Whoever copies the folder has both.",
            where=str(path),
            do=f"Move the key to another place, and set {WHERE} to it.",
        )
    if open_to_others:
        raise BadValue(
            "Other users of this computer can read the office's key.", where=str(path), do=f"Run: chmod 600 {path}"
        )
    try:
        key = bytes.fromhex(lines[1]) if lines[0] == _FIRST else b""
    except (IndexError, ValueError):
        key = b""
    if len(key) < _BYTES:
        raise BadValue("This file is not an office key.", where=str(path), do="Make one with: xltax office-key FILE")
    return key


_BYTES = 32


def make(path: Path) -> str:
    """Makes a new key in a new file that only this user can read. Gives the key's short name."""
    key = secrets.token_bytes(_BYTES)
    if path.exists():
        raise BadValue("This file exists already.", where=str(path), do="Choose another name. A key is never replaced.")
    with explained("The key could not be written.", path, "Choose another folder."):
        write_file(path, f"{_FIRST}\n{key.hex()}\n".encode("ascii"), most=0o600)
    return name_of(key)


def name_of(key: bytes) -> str:
    """A short name for a key, which does not tell the key."""
    return hashlib.sha256(b"xltax name of a key\x1e" + key).hexdigest()[:8]
