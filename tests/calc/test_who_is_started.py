"""Which program the Calc add-in starts, and which modules that one loads: never what lies in the folder of a document.

The add-in's own code with stand-ins for LibreOffice's modules; tests/calc/test_way_to_xltax.py has it in a real one.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from xltax.faces.calc.wire import Refused

UNO = {
    "uno": {"getTypeByName": lambda name: name, "getClass": lambda name: RuntimeError},
    "unohelper": {"Base": object},
    "com": {}, "com.sun": {}, "com.sun.star": {},
    "com.sun.star.lang": dict.fromkeys(("XLocalizable", "XServiceInfo", "XServiceName"), object),
    "com.sun.star.sheet": {"XAddIn": object},
    "com.sun.star.task": {"XJobExecutor": object},
}  # fmt: skip


@pytest.fixture
def addin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The add-in's module, started in a folder where a stranger has put programs and modules."""
    for name, holds in UNO.items():
        module = ModuleType(name)
        for key, value in holds.items():
            setattr(module, key, value)
        monkeypatch.setitem(sys.modules, name, module)
    for name in ("xltax", "pandas", "numpy", "os", "site"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('started by a stranger')\n")
    for name in ("xltax", "xltax.exe", "xltax.bat", "python"):
        (tmp_path / name).write_text("#!/bin/sh\necho started by a stranger\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XLTAX_PYTHON", raising=False)
    module = importlib.import_module("xltax.faces.calc.addin")
    monkeypatch.setattr(module, "SETTINGS", tmp_path / "home" / "python.txt")
    yield module
    for name in ("xltax.faces.calc.addin", "xltax.faces.calc.document"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("told", ["python", "./python", "bin/python", ".", "../venv/bin/python"])
def test_a_path_that_depends_on_the_folder_is_refused(addin, monkeypatch, told: str) -> None:
    monkeypatch.setenv("XLTAX_PYTHON", told)
    with pytest.raises(Refused, match="is not a full path"):
        addin._command()
    monkeypatch.delenv("XLTAX_PYTHON")
    addin.SETTINGS.parent.mkdir()
    addin.SETTINGS.write_text(told)
    with pytest.raises(Refused, match="is not a full path"):
        addin.Way("1").figure("TAX_LEVY", [], [])


@pytest.mark.parametrize("path", ["", ".", "./", "bin:", f".{os.pathsep}{os.pathsep}."])
def test_a_program_in_the_current_folder_is_never_the_one_on_the_path(addin, monkeypatch, path: str) -> None:
    monkeypatch.setenv("PATH", path)
    with pytest.raises(Refused, match="was not found"):
        addin._command()
    monkeypatch.setattr(addin.sys, "platform", "win32")
    with pytest.raises(Refused, match="was not found"):
        addin._command()


def test_the_program_on_the_path_is_found_by_its_full_path(addin, monkeypatch, tmp_path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "xltax").touch(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path / "bin")]))
    assert addin._command() == [str(tmp_path / "bin" / "xltax"), "calc", "--serve"]


def test_the_helper_loads_nothing_from_the_folder_of_the_document(addin, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XLTAX_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    way = addin.Way(version("xltax"))
    told = way._there().ask("about")
    assert told["version"] == version("xltax")
    assert Path(f"/proc/{way._process.pid}/cwd").resolve() == Path(sys.executable).parent.resolve()
    way._process.kill()
    way._process.wait()


def test_libreoffices_own_python_keeps_no_folder_that_depends_on_where_it_was_started(addin, monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", ["", ".", "lib", *sys.path])
    addin.Way(version("xltax"))._here()
    assert [entry for entry in sys.path if not Path(entry).is_absolute()] == []
