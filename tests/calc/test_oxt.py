"""The .oxt itself: the same bytes each time, with nothing in it but what LibreOffice's own Python can run."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import xml.dom.minidom
import zipfile
from pathlib import Path

from xltax.faces import render_calc
from xltax.faces.catalog import actions, functions
from xltax.faces.render_calc import oxt


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {n: package.read(n) for n in package.namelist()}


def test_the_same_bytes_from_another_process(tmp_path: Path) -> None:
    code = "import sys; from xltax.faces.render_calc import oxt; sys.stdout.buffer.write(oxt())"
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=tmp_path).stdout
    assert again == oxt()


def test_every_part_is_sound_and_listed(add_in: Path) -> None:
    held = parts(add_in)
    for name, data in held.items():
        if name.endswith((".xml", ".xcu")):
            xml.dom.minidom.parseString(data)
        if name.endswith(".py"):
            compile(data, name, "exec")
    manifest = xml.dom.minidom.parseString(held["META-INF/manifest.xml"])
    listed = {e.getAttribute("manifest:full-path") for e in manifest.getElementsByTagName("manifest:file-entry")}
    assert listed <= set(held)
    assert listed == {"xltax.idl", "component.py", "CalcAddIns.xcu", "Addons.xcu"}
    assert b'LibreOffice-minimal-version value="25.2"' in held["description.xml"]


def test_what_it_carries_imports_only_what_libreoffice_has(add_in: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {"uno", "unohelper", "com", "xltax_addin"}
    for name, data in parts(add_in).items():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(data)):
            if isinstance(node, ast.Import):
                assert {a.name.split(".")[0] for a in node.names} <= allowed, name
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").split(".")[0] in allowed, name


def test_functions_and_menu_are_those_declared(add_in: Path) -> None:
    held = {n: d.decode() for n, d in parts(add_in).items()}
    known = json.loads(held["pythonpath/xltax_addin/known.json"])["functions"]
    assert [f["name"] for f in known] == list(functions())
    for name, function in functions().items():
        assert f" {name}([in] com::sun::star::beans::XPropertySet document" in held["xltax.idl"]
        assert held["CalcAddIns.xcu"].count(f'<node oor:name="{name}"') == 1
        line = next(x for x in held["xltax.idl"].splitlines() if f" {name}(" in x)
        assert line.count("[in]") == len(function.args) + 1
    for action in actions().values():
        assert (f"?{action.name}<" in held["Addons.xcu"]) == action.needs_book


def test_the_oldest_libreoffice_is_said_once() -> None:
    document = Path(render_calc.__file__).with_name("calc") / "document.py"
    assert f"OLDEST = ({render_calc.OLDEST.replace('.', ', ')})" in document.read_text(encoding="utf-8")
