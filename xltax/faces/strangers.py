"""Finds files that try to change which program Excel starts.

xltax reads none of them. But nobody puts one there by chance, and other add-ins made with xlwings would read it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path, PureWindowsPath
from xml.sax.saxutils import unescape

from xltax.errors import Problem

RECENT = r"Software\Microsoft\Office\16.0\Excel\File MRU"
"""Where Excel notes the files opened last, as values Item 1, Item 2, ... that end in *PATH."""
OPTIONS = r"Software\Microsoft\Office\16.0\Excel\Options"

_MOST_RECENT, _MOST_FILES = 50, 2000
_LARGEST_PART = 4 * 2**20
_FILE = re.compile(
    r"(xltax|xlwings)\.(conf|py|pyc|pyd|zip)|xlwings(32|64)-.*\.dll|(pythonw?|xltax|cmd)\.(exe|bat|cmd|com)",
    re.IGNORECASE,
)
_SHEET = re.compile(r"(xltax|xlwings)\.conf|.*\.py", re.IGNORECASE)
_WORKBOOKS = (".xlsx", ".xlsm", ".xlam", ".xltx", ".xltm")


def folders(profile: Path, key: Callable[[str, str], object]) -> list[Path]:
    """Where to look: Documents, its folder xltax, Desktop, Downloads, XLSTART, Excel's own folder, and those of recent files."""
    found = [profile / name for name in ("Documents/xltax", "Documents", "Desktop", "Downloads")]
    found.append(profile / "AppData/Roaming/Microsoft/Excel/XLSTART")
    own = key(OPTIONS, "DefaultPath")
    found += [Path(own)] if isinstance(own, str) and own else []
    for number in range(1, _MOST_RECENT + 1):
        item = key(RECENT, f"Item {number}")
        if isinstance(item, str) and "*" in item:
            name = item.partition("*")[2]
            found += (
                []
                if "://" in name
                else [Path(name).parent if Path(name).is_absolute() else Path(PureWindowsPath(name).parent)]
            )
    return list(dict.fromkeys(found))


def strangers(profile: Path, key: Callable[[str, str], object]) -> Iterator[Problem]:
    """Each such file and sheet in these folders, themselves only and not the folders within them; what cannot be read is passed by."""
    for folder in folders(profile, key):
        try:
            files = [p for p in islice(sorted(folder.iterdir()), _MOST_FILES) if p.is_file()]
        except OSError:
            continue
        for path in files:
            if _FILE.fullmatch(path.name):
                yield Problem(
                    str(path),
                    "This file could change which program Excel starts, or replace a program. xltax does not use this file.",
                    "Find out who put the file there. Then delete the file.",
                )
            elif path.suffix.lower() in _WORKBOOKS and (sheet := _telling_sheet(path)):
                yield Problem(
                    str(path),
                    f'The sheet "{sheet}" could change which program Excel starts. xltax does not read this sheet.',
                    "Do not use this workbook until you know who made the workbook. The sheet may be hidden.",
                )


def _telling_sheet(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            part = package.getinfo("xl/workbook.xml")
            if part.file_size > _LARGEST_PART:
                return ""
            text = package.read(part).decode("utf-8", errors="replace")
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile, zlib.error):
        return ""
    names = [
        unescape(n, {"&quot;": '"', "&apos;": "'"})
        for n in re.findall(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"', text)
    ]
    return next((name for name in names if _SHEET.fullmatch(name)), "")
