"""Builds dist/office: the folder of the Office add-in, to be put on any static HTTPS site.

Files that never change under their name are in folders named after a hash of their content, so a browser can keep them.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from xltax.errors import BadValue
from xltax.faces.office_js import functions_json, icons, manifest, own_wheel, pages, parts
from xltax.ondisk import make_folder, write_file

ADDRESS = "https://localhost:3000"
"""The address of the add-in's folder, unless the build is given another one: this machine, for trying."""

HERE = Path(__file__).parent
_CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
_PACKAGE = "xltax"


def build_office(
    folder: Path, sources: Sequence[Path], address: str = ADDRESS, say: Callable[[str], None] = lambda line: None
) -> Path:
    """Builds the add-in into a folder, and gives the folder. An older build there is replaced only when the new one is done.

    sources: folders and archives with the parts that `parts.toml` lists. say: told what goes on.
    """
    address = manifest.checked_address(address)
    found = parts.gather(sources)
    node = _node()
    with tempfile.TemporaryDirectory() as scratch:
        python, snapshot, site = (Path(scratch) / name for name in ("python", "snapshot", "site"))
        for path in (python, snapshot, site):
            path.mkdir()
        _lay_out_python(python, found)
        say("Compiling Python's files")
        _run(node, "compile.mjs", python)
        _write_lock(python, found)
        say("Taking the memory snapshot")
        _run(node, "snapshot.mjs", python, snapshot)
        _assemble(site, python, snapshot, address)
        _replace(folder, site)
    return folder


# ---- Python ---------------------------------------------------------------------------------------------------------


def _lay_out_python(folder: Path, found: Mapping[str, bytes]) -> None:
    for name, data in found.items():
        (folder / name).write_bytes(data)
    (folder / own_wheel.file_name()).write_bytes(own_wheel.wheel())
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    (folder / "empty.zip").write_bytes(empty.getvalue())
    _write_lock(folder, found)


def _write_lock(folder: Path, found: Mapping[str, bytes]) -> None:
    """The list of wheels that Pyodide reads: xltax, and all others as what xltax needs."""
    names = [own_wheel.file_name(), *sorted(n for n in found if n.endswith(".whl"))]
    packages = {}
    for name in names:
        key = name.split("-")[0].replace("_", "-").lower()
        packages[key] = {
            "name": key,
            "version": name.split("-")[1],
            "file_name": name,
            "install_dir": "site",
            "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            "package_type": "package",
            "imports": [key.replace("-", "_")],
            "depends": [],
            "unvendored_tests": False,
        }
    packages[_PACKAGE]["depends"] = [key for key in packages if key != _PACKAGE]
    info = {
        "abi_version": "2024_0",
        "arch": "wasm32",
        "platform": "emscripten_3_1_58",
        "python": "3.12.7",
        "version": parts.pyodide_version(),
    }
    (folder / "pyodide-lock.json").write_text(
        json.dumps({"info": info, "packages": packages}, indent=1), encoding="utf-8"
    )


def _node() -> str:
    found = shutil.which("node")
    if not found:
        raise BadValue(
            "The Office add-in cannot be built here, because node is not installed.",
            do="Install Node.js 18 or newer. Then run this command again.",
        )
    return found


def _run(node: str, script: str, *folders: Path) -> None:
    """Runs one of the build's own scripts in node."""
    done = subprocess.run(
        [node, str(HERE / "node" / script), *map(str, folders)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise BadValue(
            f"Building the Office add-in failed in {script}.",
            where="\n".join(lines[-8:]),
            do="Check that this is Node.js 18 or newer.",
        )


# ---- the folder -----------------------------------------------------------------------------------------------------


def _assemble(site: Path, python: Path, snapshot: Path, address: str) -> None:
    python_folder = _move(python, site, "python")
    snapshot_folder = _move(snapshot, site, "snapshot")
    told = {
        "release": version("xltax"),
        "python": f"../{python_folder}/",
        "snapshot": f"../{snapshot_folder}/",
        "integrity": {path.name: _integrity(path) for path in sorted((site / snapshot_folder).iterdir())},
    }
    app = site / "app"
    shutil.copytree(HERE / "site", app, ignore=shutil.ignore_patterns("*.html"))
    (app / "parts.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    app_folder = _move(app, site, "app")
    for page in sorted((HERE / "site").glob("*.html")):
        (site / page.name).write_text(_pointed(page.read_text(encoding="utf-8"), app_folder), encoding="utf-8")
    texts = {
        "manifest.xml": manifest.manifest(address),
        "functions.json": functions_json.functions_json(address),
        "functions.js": "// Excel asks for this file. The functions themselves are loaded by pane.html.\n",
        functions_json.HELP_PAGE: pages.help_page(),
        pages.STYLE: pages.style(),
    }
    for name, text in texts.items():
        (site / name).write_text(text, encoding="utf-8")
    for size in icons.SIZES:
        (site / icons.file_name(size)).write_bytes(icons.png(size))


def _move(folder: Path, site: Path, name: str) -> str:
    """Moves a folder into the site under its name and a hash of its content. Gives the new name."""
    seen = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            seen.update(
                f"{path.relative_to(folder).as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
            )
    named = f"{name}-{seen.hexdigest()[:16]}"
    folder.rename(site / named)
    return named


def _integrity(path: Path) -> str:
    return "sha256-" + b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def _pointed(page: str, app_folder: str) -> str:
    """A page of site/ with its scripts and styles where they are in the built folder."""
    return re.sub(r'(src|href)="\./([^"]+\.(?:mjs|js|css))"', rf'\1="./{app_folder}/\2"', page)


def _replace(folder: Path, site: Path) -> None:
    """The new build in place of an older one, file by file; pages last, so that they never name a missing file."""
    make_folder(folder)
    made = sorted((p for p in site.rglob("*") if p.is_file()), key=lambda p: (p.parent == site, p.as_posix()))
    for path in made:
        target = folder / path.relative_to(site)
        make_folder(target.parent)
        write_file(target, path.read_bytes())
    names = {p.name for p in site.iterdir()}
    for old in folder.iterdir():
        if old.is_dir() and re.fullmatch(r"(app|python|snapshot)-[0-9a-f]{16}", old.name) and old.name not in names:
            shutil.rmtree(old)
