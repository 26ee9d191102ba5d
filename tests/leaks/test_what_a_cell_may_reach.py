"""A function in a cell of any workbook is worked out as soon as the workbook opens: it must not call another computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltax.errors import BadValue
from xltax.faces import boundary
from xltax.faces.catalog import functions
from xltax.law import load


@pytest.mark.parametrize(
    "town",
    [
        r"\\203.0.113.9\share\town.toml",
        "//203.0.113.9/share/town.toml",
        r"\/203.0.113.9\x.toml",
        r" \\?\UNC\203.0.113.9\x\town.toml",
    ],
)
@pytest.mark.parametrize("shape", [str, lambda text: [[text]]], ids=["a text", "a cell"])
def test_no_function_looks_for_a_town_on_another_computer(monkeypatch, town: str, shape) -> None:
    """Windows would send the user's sign-in to that computer, whoever it belongs to."""

    def looked(path: Path) -> bool:
        raise AssertionError(f"{path} was looked for")

    monkeypatch.setattr(load.Path, "is_file", looked)
    for function in functions().values():
        for n, arg in enumerate(function.args):
            if arg.kind != "town":
                continue
            with pytest.raises(BadValue, match="network address"):
                boundary.typed_value(function.args[n], shape(town))


def test_a_town_file_on_a_drive_and_a_shipped_town_are_read(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_bytes(load.shipped()["us-nj"].read_bytes())
    assert boundary.town(str(path)).name
    assert boundary.town("us-nj-colts-neck").id == "us-nj-colts-neck"
