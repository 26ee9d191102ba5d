"""Packs xltax itself as a wheel for the Office add-in. The same sources give the same bytes."""

from __future__ import annotations

import io
import zipfile
from importlib.metadata import version
from pathlib import Path

import xltax
from xltax import udfs, workbooks

_DATE = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = (
    "faces/calc/",
    "faces/office_js/site/",
    "faces/office_js/node/",
    "hosts/calc/",
    "data/glastonbury_ct/",
    "data/baltimore_md/",
)
"""What only other programs use, and rolls that only the published figures need."""
_KINDS = (".py", ".toml", ".txt", ".xz", ".md")


def file_name() -> str:
    """The name of the wheel."""
    return f"xltax-{version('xltax')}-py3-none-any.whl"


def files() -> dict[str, bytes]:
    """Every file of xltax that runs in the add-in, by its path in Python's library."""
    roots = {"xltax": xltax, "xltax/udfs": udfs, "xltax/workbooks": workbooks}
    found = {}
    for name, package in roots.items():
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).as_posix()
            if path.suffix in _KINDS and path.is_file() and not inside.startswith(_LEFT_OUT):
                found[f"{name}/{inside}"] = path.read_bytes()
    return found


def wheel() -> bytes:
    """The wheel's bytes."""
    release = version("xltax")
    info = f"xltax-{release}.dist-info"
    told = files() | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: xltax\nVersion: {release}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: xltax\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in sorted(told.items()):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            made.writestr(entry, data)
    return out.getvalue()
