"""Installs, checks and removes xltax in a person's Excel on Windows.

Every path comes from a profile folder and a Python folder, so that it can be tried anywhere. What install puts somewhere is
written into a list with its fingerprint; uninstall takes out what is on it and unchanged, nothing else. The registry of Windows
is only looked at, never changed: trusting a folder is left to the person.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from xltax.errors import BadBook, Problem
from xltax.faces.render_vba import ADD_IN, PROJECT
from xltax.faces.strangers import strangers
from xltax.ondisk import clear_leftovers, explained, make_folder, write_file

MODULES = "xltax.faces.excel_udfs"
_START = Path("AppData/Roaming/Microsoft/Excel/XLSTART")
_CONF = Path(f".{PROJECT}/{PROJECT}.conf")
_LIST = Path(f".{PROJECT}/installed.json")
_BOOKS = Path("Documents/xltax")

Key = Callable[[str, str], object]
"""Reads a value of the current user's registry: path, name -> value or None. There is none where it is tried elsewhere."""


@dataclass(frozen=True)
class Place:
    """Where Excel and Python are for one person."""

    profile: Path  # C:\\Users\\NAME
    python: Path  # the folder of python.exe, or of the virtual environment's Scripts
    bits: int = 64  # of Python

    @classmethod
    def here(cls, profile: str = "") -> Place:
        """This person's folders: in the given profile, or in the profile Windows names."""
        given = profile or os.environ.get("XLTAX_PROFILE") or os.environ.get("USERPROFILE")
        if not given:
            raise BadBook(
                "There is no Windows profile on this computer.",
                do="Run this command on Windows, or enter the folder with --profile.",
            )
        return cls(Path(given), Path(sys.executable).parent, 64 if sys.maxsize > 2**32 else 32)

    @property
    def add_in(self) -> Path:
        """The startup folder. By default, Office trusts XLSTART and opens every file in it."""
        return self.profile / _START / ADD_IN

    @property
    def conf(self) -> Path:
        return self.profile / _CONF

    @property
    def listing(self) -> Path:
        return self.profile / _LIST

    @property
    def books(self) -> Path:
        return self.profile / _BOOKS

    @property
    def interpreter(self) -> Path:
        return self.python / "pythonw.exe"

    @property
    def dll(self) -> str:
        """The file Excel loads to reach Python: of exactly the version of xlwings whose module is in the add-in."""
        return f"xlwings{self.bits}-{version('xlwings')}.dll"

    def settings(self) -> dict[str, str]:
        """What xlwings' module reads: the interpreter, one Python process kept for speed, our functions."""
        return {
            "INTERPRETER_WIN": str(self.interpreter),
            "USE UDF SERVER": "True",
            "UDF MODULES": MODULES,
            "ADD_WORKBOOK_TO_PYTHONPATH": "False",
            "SHOW CONSOLE": "False",
        }


def install(place: Place, files: Mapping[str, bytes]) -> list[str]:
    """Installs the add-in, the workbooks and the settings. Gives a line for each file.

    files: the add-in and the macro workbooks, by name. Run again, it brings everything up to date; a workbook that was
    changed since is left as it is. Raises BadBook, with nothing done, where the profile is no folder.
    """
    if not place.profile.is_dir():
        raise BadBook(
            "This profile folder does not exist. Nothing was done.", where=str(place.profile), do="Check the path."
        )
    known = _known(place)
    targets = {place.add_in if name == ADD_IN else place.books / name: data for name, data in files.items()}
    targets[place.conf] = _conf(place)
    said = []
    for path, data in targets.items():
        key = _key(place, path)
        if path.exists():
            now = path.read_bytes()
            if now == data:
                said.append(f"unchanged: {path}")
                known[key] = _print(data)
                continue
            if path.suffix == ".xlsm" and known.get(key) != _print(now):
                said.append(f"kept, because you changed this file: {path}")
                continue
        _put(path, data)
        known[key] = _print(data)
        said.append(f"installed: {path}")
    _put(place.listing, json.dumps(known, indent=1, sort_keys=True).encode())
    said.append(
        "Close Excel and open Excel again. Excel then shows the xltax tab. To check the setup, run: xltax doctor"
    )
    return said


def uninstall(place: Place) -> list[str]:
    """Removes what install added. A workbook you changed stays."""
    known = _known(place)
    said = []
    for key, stamp in known.items():
        path = place.profile / key
        if not path.exists():
            continue
        if path.suffix == ".xlsm" and _print(path.read_bytes()) != stamp:
            said.append(f"kept, because you changed this file: {path}")
            continue
        path.unlink()
        said.append(f"removed: {path}")
    place.listing.unlink(missing_ok=True)
    for folder in (place.listing.parent, place.books):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return said or ["xltax is not installed here."]


def doctor(place: Place, key: Key | None = None) -> list[Problem]:
    """Every problem with the functions or the ribbon, each with its fix."""
    return list(_wrong(place, key or _registry))


def _wrong(place: Place, key: Key) -> Iterator[Problem]:
    again = "Run: xltax install"
    if not place.add_in.exists():
        yield Problem(str(place.add_in), "The add-in is missing, so Excel does not show the xltax tab.", again)
    elif _known(place).get(_key(place, place.add_in)) != _print(place.add_in.read_bytes()):
        yield Problem(str(place.add_in), "The add-in is from another version of xltax.", again)
    if _blocked(place.add_in):
        yield Problem(
            str(place.add_in),
            "Windows marks the add-in as a file from the Internet, so Excel blocks the macros.",
            "In File Explorer, right-click the file, choose Properties, check Unblock and click OK.",
        )
    yield from _conf_problems(place, again)
    if not place.interpreter.exists():
        yield Problem(
            str(place.interpreter),
            "Python is not in the folder where Excel looks.",
            "Run xltax install with the Python you want to use.",
        )
    if not any((folder / place.dll).exists() for folder in (place.python, place.python.parent)):
        yield Problem(
            str(place.python),
            f"{place.dll} is missing. The macros need exactly this version.",
            f"Run: py -m pip install --force-reinstall xlwings=={version('xlwings')}",
        )
    yield from _version_problems()
    office = _office_bits(key)
    if office and office != place.bits:
        yield Problem(
            "Office",
            f"Office is {office}-bit, but this Python is {place.bits}-bit. Excel cannot load {place.dll}.",
            f"Install {office}-bit Python, and install xltax there.",
        )
    yield from _macro_problems(place, key)
    yield from strangers(place.profile, key)


def _conf_problems(place: Place, again: str) -> Iterator[Problem]:
    if not place.conf.exists():
        yield Problem(str(place.conf), "The settings are missing, so Excel does not know which Python to start.", again)
        return
    have = read_conf(place.conf.read_text(encoding="cp1252", errors="replace"))
    for name, wanted in place.settings().items():
        if have.get(name, "").lower() != wanted.lower():
            yield Problem(str(place.conf), f'{name} is "{have.get(name, "")}", not "{wanted}".', again)


def _version_problems() -> Iterator[Problem]:
    from xltax.faces.render_vba import xlwings_module

    try:
        xlwings_module(add_in=True)
    except (RuntimeError, OSError, PackageNotFoundError) as error:
        yield Problem(
            "xlwings",
            f"xlwings is not the version this xltax needs ({error}).",
            "Run: py -m pip install --upgrade xltax",
        )


def _macro_problems(place: Place, key: Key) -> Iterator[Problem]:
    security = r"Software\Microsoft\Office\16.0\Excel\Security"
    policy = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
    for path in (policy, security):
        if key(path, "VBAWarnings") == 4 and key(path + r"\Trusted Locations", "AllLocationsDisabled") == 1:
            yield Problem(
                path,
                "Macros are turned off for every folder, including trusted folders.",
                "Ask your computer administrator to make the XLSTART folder a Trusted Location.",
            )
            return
        if key(path + r"\Trusted Locations", "AllLocationsDisabled") == 1:
            yield Problem(
                path,
                "Trusted Locations are turned off, so Excel asks about the add-in or blocks the add-in.",
                "Open File, Options, Trust Center, Trust Center Settings, Trusted Locations. Uncheck Disable all.",
            )
            return


def _office_bits(key: Key) -> int:
    platform = key(r"Software\Microsoft\Office\ClickToRun\Configuration", "Platform")
    return {"x64": 64, "x86": 32}.get(str(platform), 0)


# ---- files -----------------------------------------------------------------------------------------------------------


def _conf(place: Place) -> bytes:
    """The settings as xlwings' own VBA reads them with Input: two quoted texts a line."""
    lines = [f'"{name}","{value}"' for name, value in place.settings().items()]
    return "\r\n".join([*lines, ""]).encode("cp1252", errors="replace")


def read_conf(text: str) -> dict[str, str]:
    """A settings file's names and values."""
    pairs = (line.strip().strip('"').split('","', 1) for line in text.splitlines() if '","' in line)
    return {pair[0]: pair[1] for pair in pairs}


def _known(place: Place) -> dict[str, str]:
    try:
        return {str(k): str(v) for k, v in json.loads(place.listing.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _key(place: Place, path: Path) -> str:
    return path.relative_to(place.profile).as_posix()


def _print(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _put(path: Path, data: bytes) -> None:
    with explained("The file could not be written.", path, "Close Excel and try again."):
        make_folder(path.parent)
        clear_leftovers(path.parent, "")  # of an install that was broken off: Excel opens whatever is in XLSTART
        write_file(path, data)


def _blocked(path: Path) -> bool:
    """True for a file with the Mark of the Web, which Windows keeps under this name."""
    try:
        return "ZoneId=3" in Path(f"{path}:Zone.Identifier").read_text(errors="replace")
    except OSError:
        return False


def _registry(path: str, name: str) -> object:
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
            with suppress(OSError), winreg.OpenKey(root, path) as opened:
                return winreg.QueryValueEx(opened, name)[0]
    return None
