"""What the build takes and refuses, what it leaves out, and what stands in the folder that it makes."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.office_js.need import SITE_SCRIPTS, node, node_module, sources
from xltax.cli import main
from xltax.errors import BadValue, Problems
from xltax.faces.office_js import build_site, compiling, own_wheel, parts
from xltax.sheets import macro

PART = parts.Part("a.whl", "wheel", hashlib.sha256(b"right").hexdigest())


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def test_a_part_is_found_in_a_folder_a_zip_and_a_release_archive(tmp_path: Path) -> None:
    folder = tmp_path / "folder" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.whl").write_bytes(b"right")
    (tmp_path / "a.zip").write_bytes(_zip({"x/a.whl": b"right"}))
    with tarfile.open(tmp_path / "a.tar.bz2", "w:bz2") as archive:
        member = tarfile.TarInfo("pyodide/a.whl")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"right"))
    for source in (tmp_path / "folder", tmp_path / "a.zip", tmp_path / "a.tar.bz2"):
        assert parts.gather([source], [PART]) == {"a.whl": b"right"}


def test_a_missing_part_and_a_part_with_other_bytes_are_named(tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"a\.whl.*was not found.*--parts"):
        parts.gather([tmp_path], [PART])
    (tmp_path / "a.whl").write_bytes(b"wrong")
    with pytest.raises(Problems, match=f"not the file that xltax was tested with.*{PART.sha256}"):
        parts.gather([tmp_path], [PART])
    with pytest.raises(BadValue, match="no such folder or archive"):
        parts.gather([tmp_path / "nothing"], [PART])


def test_the_real_parts_have_the_hashes_of_pyodides_own_lock_file() -> None:
    """Pyodide's lock file, in the interpreter's package, names each wheel with its SHA-256."""
    lock = json.loads((node_module("pyodide") / "pyodide-lock.json").read_text(encoding="utf-8"))
    theirs = {p["file_name"]: p["sha256"] for p in lock["packages"].values()}
    ours = {p.name: p.sha256 for p in parts.parts() if p.source == "release" and p.name.endswith(".whl")}
    assert len(ours) == 5
    assert ours == {name: theirs[name] for name in ours}
    assert lock["info"]["version"] == parts.pyodide_version()


def test_without_node_or_parts_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.whl").write_bytes(b"right")
    monkeypatch.setattr(parts, "parts", lambda: (PART,))
    monkeypatch.setattr(build_site.shutil, "which", lambda name: None)
    with pytest.raises(BadValue, match=r"node is not installed.*Install Node\.js"):
        build_site.build_office(tmp_path / "out", [tmp_path])
    assert not (tmp_path / "out").exists()


def test_build_without_pyopenvba_says_what_it_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(macro, "can_build", lambda: False)
    monkeypatch.setattr("xltax.faces.build.build_templates", lambda folder: [folder / "new-jersey.xlsx"])
    monkeypatch.setattr("xltax.faces.build.build_live", lambda folder: [])
    done = CliRunner().invoke(main, ["build", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert f"{tmp_path / 'dist' / 'excel'}: left out, because pyOpenVBA is not installed" in done.output
    assert f"{tmp_path / 'dist' / 'office'}: left out" in done.output
    assert (tmp_path / "dist" / "xltax.oxt").exists()


def test_xltax_itself_is_packed_the_same_each_time_without_what_other_programs_use() -> None:
    assert own_wheel.wheel() == own_wheel.wheel()
    names = own_wheel.files()
    assert "xltax/faces/office_js/calls.py" in names
    assert "xltax/udfs/interest.py" in names
    assert "xltax/towns/us/nj/colts_neck.toml" in names
    assert not [n for n in names if n.startswith("xltax/faces/calc/") or n.endswith((".xlsx", ".mjs"))]


def test_compiling_keeps_data_and_what_cannot_be_compiled(tmp_path: Path) -> None:
    wheel = _zip(
        {"a/x.py": b"y = 1\n", "a/bad.py": b"def (\n", "a/data.toml": b"k = 1", "a/tests/t.py": b"", "a/x.pyi": b""}
    )
    made = compiling.compiled(wheel, str(tmp_path))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["a/bad.py", "a/data.toml", "a/x.pyc"]
    assert made == compiling.compiled(wheel, str(tmp_path))


def test_the_folder_holds_its_own_parts_and_nothing_from_elsewhere(site: Path) -> None:
    app = next(site.glob("app-*"))
    told = json.loads((app / "parts.json").read_text(encoding="utf-8"))
    assert (app / told["python"] / "pyodide.asm.wasm").is_file()
    assert set(told["integrity"]) == {p.name for p in (app / told["snapshot"]).iterdir()}
    lock = json.loads((app / told["python"] / "pyodide-lock.json").read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        wheel = app / told["python"] / package["file_name"]
        assert hashlib.sha256(wheel.read_bytes()).hexdigest() == package["sha256"]
    for script in app.glob("*.mjs"):
        assert "http://" not in script.read_text(encoding="utf-8").replace("http://www.w3.org", "")


def test_two_builds_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    again = build_site.build_office(tmp_path / "again", sources())
    assert _hashes(again) == _hashes(site)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_a_second_build_replaces_the_first_and_leaves_other_files(site: Path, tmp_path: Path) -> None:
    folder, made = tmp_path / "office", tmp_path / "made"
    (folder / "app-0123456789abcdef").mkdir(parents=True)
    (folder / "theirs.txt").write_text("kept", encoding="utf-8")
    for name in ("a.html", "python-0123456789abcdef/x"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(name, encoding="utf-8")
    build_site._replace(folder, made)
    assert sorted(p.name for p in folder.iterdir()) == ["a.html", "python-0123456789abcdef", "theirs.txt"]


def test_the_scripts_have_the_types_of_office_js() -> None:
    types = node_module("@types/office-js").parent
    options = "--allowJs --checkJs --noEmit --strict --target es2022 --module esnext --moduleResolution bundler --lib es2023,dom,dom.iterable"
    scripts = sorted(SITE_SCRIPTS.glob("*.mjs"))
    assert len(scripts) >= 7
    node(
        node_module("typescript") / "bin" / "tsc",
        *options.split(),
        "--typeRoots",
        types,
        "--types",
        "office-js,custom-functions-runtime",
        *scripts,
    )
