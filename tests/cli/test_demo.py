"""The demo, whole: what a newcomer runs first."""

from __future__ import annotations

from pathlib import Path

from xltax.demo import run_demo
from xltax.hosts.files import FilesBook


def test_the_demo_proves_both_towns_and_says_what_it_made(tmp_path: Path) -> None:
    said: list[str] = []
    assert run_demo(tmp_path, said.append) == 0, "\n".join(said)
    text = "\n".join(said)
    assert "37,105 bills for 2018" in text
    for name in ("glastonbury-ct-2018.xlsx", "quillhaven-nj-made-up.xlsx"):
        assert name in text
        assert len(FilesBook.open(tmp_path / name).read("Duplicate")) > 2_000
