"""Writes files to the disk safely: complete, with the right permissions, and safe from a power failure.

Everything xltax writes goes through here (tests/architecture/test_writing.py). What stands beside a book is as private as
the book itself: it holds the same names and addresses.
"""

from __future__ import annotations

import errno
import glob
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xltax.errors import BadBook
from xltax.filenames import shortened

PRIVATE = 0o660
"""The most a new book may be: readable and writable by its owner and her group, as her umask allows, and by nobody else."""
ORDINARY = 0o666
"""The most a file without anybody's data may be, such as an add-in or a settings file; her umask decides."""

LEFT = ".xltax-new-"
"""Begins the name of a file without a mark while it is being written; one that stays was left by a process that died."""

_MARK = 180
"""The most bytes of a book's name in the name of a temporary file. A name may have 255."""

_ACL = "system.posix_acl_access"
_READ, _ENTER = 0o444, 2  # whoever may read a folder may enter it: the bit for that is two places to the right


def write_file(path: Path, data: bytes, *, like: Path | None = None, most: int = ORDINARY, mark: str = "") -> None:
    """Writes a file in one step. After a failure, the file has either its old content or its new content.

    like: the file whose mode and owner it takes; where there is none, an old file of this name, and else what the umask
    leaves of `most`. mark: a part of the temporary file's name, to find it by. Raises OSError, and leaves no part behind.
    """
    handle, name = tempfile.mkstemp(prefix=_prefix(mark), suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            _dress(temporary, next((p for p in (like, path) if p is not None and p.exists()), None), most)
            file.flush()
            _to_the_disk(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _prefix(mark: str) -> str:
    return f".xltax-{shortened(mark, _MARK)}-" if mark else LEFT


def clear_leftovers(folder: Path, mark: str) -> None:
    """Removes the temporary files with this mark from a folder. The caller makes sure that nobody is writing one."""
    for left in folder.glob(f"{glob.escape(_prefix(mark))}*.tmp"):
        with suppress(OSError):
            left.unlink()


# ---- what the computer refuses ---------------------------------------------------------------------------------------

_REASONS = {
    "The disk is full": (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)),
    "You have no permission for this": (errno.EACCES, errno.EPERM),
    "The disk is read-only": (errno.EROFS,),
    "The name is too long": (errno.ENAMETOOLONG,),
    "The folder does not exist": (errno.ENOENT, errno.ENOTDIR),
    "A folder has this name": (errno.EISDIR,),
    "A file has the name of the folder": (errno.EEXIST,),
    "Another program is using the file": (errno.EBUSY, errno.ETXTBSY, errno.EAGAIN),
    "The file is too large for this disk": (errno.EFBIG,),
}
_IN_USE_ON_WINDOWS = (32, 33)  # a sharing violation, and a locked part of a file


def reason(error: OSError) -> str:
    """Why the computer refused to read or write a file, in plain words."""
    if getattr(error, "winerror", None) in _IN_USE_ON_WINDOWS:
        return "Another program is using the file"
    known = (words for words, numbers in _REASONS.items() if error.errno in numbers)
    return next(known, f"The computer reports: {error.strerror or error}")


@contextmanager
def explained(what: str, path: Path | str, do: str) -> Iterator[None]:
    """Turns the computer's refusal to read or write a file into one clear error: what failed, why, where, and what to do."""
    try:
        yield
    except OSError as error:
        raise BadBook(f"{what} {reason(error)}.", where=str(path), do=do) from None
    except (UnicodeEncodeError, ValueError) as error:
        if isinstance(error, UnicodeEncodeError) or "null" in str(error):
            raise BadBook(
                f"{what} The name has characters that no file can have.", where=ascii(str(path)), do=do
            ) from None
        raise


def make_folder(path: Path, *, like: Path | None = None) -> None:
    """Makes a folder and any missing parent folders. An existing folder stays as it is. Raises OSError.

    like: the file it is for: whoever may read or write that may do so in the folder, and nobody else.
    """
    if path.is_dir():
        return
    make_folder(path.parent)
    try:
        path.mkdir(0o700 if like is not None else 0o777)
    except FileExistsError:
        if not path.is_dir():
            raise
        return
    if like is not None and like.exists():
        take_after(path, like)
    _flush_folder(path.parent)


def _dress(path: Path, like: Path | None, most: int) -> None:
    """Sets the mode and owner of a new file, from another file or from the umask."""
    if like is not None:
        take_after(path, like)
        return
    mask = os.umask(0)
    os.umask(mask)
    _set_mode(path, most & ~mask)


def take_after(path: Path, like: Path) -> None:
    """Gives a file the mode, group and owner of another file. Whoever may read that file may open the folder."""
    wanted = like.stat()
    mode = wanted.st_mode & 0o7777
    if like.is_file() and path.is_dir():
        mode = (mode & 0o666) | (mode & _READ) >> _ENTER
    if not _own(path, wanted) or not _take_access_list(path, like):
        # The group is another one, or the list of who else may read could not be taken over: nobody is let in for that.
        mode &= ~0o070 | (mode & 0o007) << 3
    _set_mode(path, mode)


def _set_mode(path: Path, mode: int) -> None:
    # A memory stick knows no modes and may refuse them; there the file stays as private as it was made.
    with suppress(OSError):
        path.chmod(mode)


def _own(path: Path, wanted: os.stat_result) -> bool:
    """Sets the owner and group of a file if allowed. False if the group could not be set."""
    if not hasattr(os, "chown"):
        return True  # Windows: a new file takes over what the folder allows
    for owner in (wanted.st_uid, -1):
        with suppress(OSError):
            os.chown(path, owner, wanted.st_gid)
            return True
    return path.stat().st_gid == wanted.st_gid


def _take_access_list(path: Path, like: Path) -> bool:
    """Takes over an access control list, where the file has one; its mode's middle digits then say what the list allows at most.

    Where it has none, one that the new file got from its folder goes: it may let others in.
    """
    get: Callable[[Path, str], bytes] | None = getattr(os, "getxattr", None)
    if get is None:
        return True
    try:
        held = get(like, _ACL)
    except OSError:  # it has none, or the file system knows none
        with suppress(OSError):
            os.removexattr(path, _ACL)
        return True
    if path.is_dir() and not like.is_dir():
        held = held[:4] + b"".join(_may_enter(held[at : at + 8]) for at in range(4, len(held), 8))
    try:
        os.setxattr(path, _ACL, held)
    except OSError:
        return False
    return True


def _may_enter(entry: bytes) -> bytes:
    """An entry of a file's list for a folder: whoever may read may enter. Two bytes for whom, two for what, four for who."""
    may = int.from_bytes(entry[2:4], "little")
    return entry[:2] + (may | (may & 4) >> 2).to_bytes(2, "little") + entry[4:]


def _to_the_disk(handle: int) -> None:
    os.fsync(handle)
    if sys.platform == "darwin":
        import fcntl

        # On macOS fsync leaves the data with the drive, which may still lose it. Some network drives cannot do more.
        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)


def _flush_folder(folder: Path) -> None:
    # The new name has to outlive a power cut too. Windows and some network drives cannot do this; there the file system sees to it.
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
