"""Finds the parts that the Office add-in takes from others, and checks each by its SHA-256."""

from __future__ import annotations

import hashlib
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xltax.errors import BadValue, Problem, Problems

_LIST = Path(__file__).with_name("parts.toml")
_ARCHIVES = (".zip", ".whl", ".tar", ".tar.bz2", ".tar.gz", ".tgz")


@dataclass(frozen=True)
class Part:
    """One file from somebody else: its name, where it comes from, and the SHA-256 that it must have."""

    name: str
    source: str  # "release": Pyodide's release archive. "wheel": the wheel of a pure Python library.
    sha256: str


def parts() -> tuple[Part, ...]:
    """Every part, from parts.toml."""
    told = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    return tuple(Part(p["name"], p["from"], p["sha256"]) for p in told["part"])


def pyodide_version() -> str:
    """The version of Pyodide that the parts belong to."""
    return str(tomllib.loads(_LIST.read_text(encoding="utf-8"))["pyodide"])


def gather(sources: Sequence[Path], wanted: Sequence[Part] | None = None) -> dict[str, bytes]:
    """The bytes of every part, by name. sources: folders, and archives such as Pyodide's release.

    Raises Problems with each part that is missing, or whose bytes are others.
    """
    needed = {part.name: part for part in (parts() if wanted is None else wanted)}
    found: dict[str, bytes] = {}
    wrong: dict[str, Path] = {}
    for source in sources:
        for name, data in _files(source, set(needed) - set(found)):
            if hashlib.sha256(data).hexdigest() == needed[name].sha256:
                found[name] = data
            else:
                wrong[name] = source
    problems = [_problem(part, wrong.get(part.name)) for name, part in needed.items() if name not in found]
    if problems:
        raise Problems(problems)
    return found


def _problem(part: Part, wrong: Path | None) -> Problem:
    if wrong:
        return Problem(
            str(wrong),
            f"{part.name} is not the file that xltax was tested with.",
            f"Get the file with the SHA-256 {part.sha256}.",
        )
    where = f"Pyodide {pyodide_version()}" if part.source == "release" else "the Python package index"
    return Problem(
        part.name,
        "This part of the Office add-in was not found.",
        f"Get it from {where}, and give its folder or archive as --parts.",
    )


def _files(source: Path, names: set[str]) -> Iterator[tuple[str, bytes]]:
    """The files with one of these names, wherever they are in a folder or an archive."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.name in names and path.is_file():
                yield path.name, path.read_bytes()
            elif path.suffix == ".whl" and path.name not in names and path.is_file():
                yield from _in_zip(path, names)
    elif not source.is_file():
        raise BadValue("There is no such folder or archive.", where=str(source), do="Check --parts.")
    elif source.name.endswith((".whl", ".zip")):
        if source.name in names:
            yield source.name, source.read_bytes()
        yield from _in_zip(source, names)
    elif source.name.endswith(_ARCHIVES):
        yield from _in_tar(source, names)
    else:
        raise BadValue(
            "This is not a folder or an archive.", where=str(source), do=f"Use one of these: {', '.join(_ARCHIVES)}."
        )


def _in_zip(path: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    wanted = set(names)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if PurePosixPath(name).name in wanted:
                yield PurePosixPath(name).name, archive.read(name)


def _in_tar(path: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    wanted = set(names)
    with tarfile.open(path) as archive:
        for member in archive:
            data = (
                archive.extractfile(member) if PurePosixPath(member.name).name in wanted and member.isfile() else None
            )
            if data:
                yield PurePosixPath(member.name).name, data.read()
