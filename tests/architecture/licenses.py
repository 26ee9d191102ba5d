"""Writes docs/licenses.md: the license of every library that comes with xltax, from what is installed.

After a new library: .venv/bin/python -m tests.architecture.licenses
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from tests.architecture.house import ROOT

PAGE = ROOT / "docs" / "licenses.md"

FREE = ("MIT", "BSD", "Apache", "PSF", "Python Software Foundation", "Unlicense", "ISC", "MPL", "Mozilla", "HPND", "0BSD", "Zlib", "CC0", "Public Domain")  # fmt: skip
"""Licenses that let a town use xltax, change it and pass it on under the MIT license. The MPL covers only its own files."""

ABOUT = """# Licenses

xltax has the [MIT license](../LICENSE): a town may use xltax, change it and pass it on, at no cost. This page lists the license of
every library that `pip install xltax` installs. All of them allow the same. The page is made by `python -m tests.architecture.licenses`
from the libraries that are installed; a test compares it.

| Library | License | Needed by |
|---|---|---|
"""


def needed() -> dict[str, set[str]]:
    """Every library that xltax needs, directly or through another one, and who needs it. Optional parts are not followed."""
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    found: dict[str, set[str]] = {}
    todo = [(_name(text), "xltax") for text in own]
    while todo:
        name, by = todo.pop()
        seen = name in found
        found.setdefault(name, set()).add(by)
        if not seen and (dist := _installed(name)) is not None:
            todo += [(_name(text), name) for text in _requires(dist)]
    return found


def _requires(dist: Distribution) -> Iterator[str]:
    # What is only for an extra, another system or an older Python has a marker; on this computer it is installed or it is not.
    for text in dist.requires or ():
        if "extra ==" not in text and _installed(_name(text)) is not None:
            yield text


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def license_of(dist: Distribution) -> str:
    """A library's license as its own metadata names it: the expression, else the classifiers, else the first line."""
    said = dist.metadata
    if expression := said.get("License-Expression"):
        return expression
    classes = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or () if c.startswith("License ::")]
    if named := [c for c in classes if c != "OSI Approved"]:
        return ", ".join(named)
    return (said.get("License") or "").strip().split("\n")[0][:80]


def page() -> str:
    """The whole page. A library that this computer does not install, such as one for Windows alone, is left out."""
    rows = []
    for name, by in sorted(needed().items()):
        if (dist := _installed(name)) is not None:
            rows.append(f"| {name} | {license_of(dist)} | {', '.join(sorted(by))} |\n")
    return ABOUT + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
