"""What the package says of itself, and that nothing it needs at work is left out of it."""

from __future__ import annotations

import tomllib

import xltax
from tests.architecture import licenses
from tests.architecture.house import ROOT, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETTINGS = PROJECT["tool"]["setuptools"]


def test_the_version_stands_in_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert SETTINGS["dynamic"]["version"] == {"attr": "xltax.__version__"}
    assert f"## {xltax.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_package_and_every_file_of_data_is_in_the_wheel() -> None:
    """Each folder with a module is named, and each file beside the modules fits a pattern of its package."""
    packages = set(SETTINGS["packages"])
    folders = {name if path.name == "__init__.py" else name.rpartition(".")[0] for name, path in modules().items()}
    assert folders - {"xltax.data.glastonbury_ct"} <= packages, folders - packages
    for package, folder in ((p, ROOT / SETTINGS["package-dir"].get(p, p.replace(".", "/"))) for p in packages):
        taken = {f for pattern in SETTINGS["package-data"].get(package, ()) for f in folder.glob(pattern)}
        nested = [ROOT / p.replace(".", "/") for p in packages if p.startswith(f"{package}.")]
        for file in folder.rglob("*"):
            own = file.is_file() and "__pycache__" not in file.parts and not any(n in file.parents for n in nested)
            if own and file.suffix != ".py" and file.name != "README.md" and package != "xltax":
                assert file in taken, f"{file.relative_to(ROOT)} is not in the wheel"


def test_every_library_has_a_license_that_lets_towns_use_and_change_xltax() -> None:
    """The page names each library that this computer has, with its license; a library of another system may be on it too."""
    assert PROJECT["project"]["license"] == "MIT"
    assert "MIT License" in (ROOT / "LICENSE").read_text("utf-8")
    rows = dict(
        line.split(" | ")[:2] for line in licenses.PAGE.read_text("utf-8").splitlines() if line.startswith("| ")
    )
    for line in licenses.page().splitlines():
        if line.startswith("| ") and not line.startswith("| Library"):
            name, license_ = line.split(" | ")[:2]
            assert name in rows, f"{name}: make the page again: python -m tests.architecture.licenses"
            assert any(word in license_ for word in licenses.FREE), line
            assert "GPL" not in license_, line
