"""How the add-in finds xltax: in a helper process, started again if it dies, or in LibreOffice itself; and what it says if it cannot."""

from __future__ import annotations

import io
import os
import signal
import struct
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.calc.in_calc import Sheet, WithAddIn
from tests.libreoffice.process import running
from xltax.faces.calc.wire import Gone, Line, Refused

WIRE = Path(__file__).parents[2] / "xltax" / "faces" / "calc"


# ---- the pipe itself -------------------------------------------------------------------------------------------------


def lines(serve_one: Any, serve_other: Any) -> Iterator[tuple[Line, Line]]:
    here, there = os.pipe(), os.pipe()
    with (
        os.fdopen(here[0], "rb") as a,
        os.fdopen(here[1], "wb") as b,
        os.fdopen(there[0], "rb") as c,
        os.fdopen(there[1], "wb") as d,
    ):
        yield Line(a, d, serve_one), Line(c, b, serve_other)


def test_each_end_may_ask_while_it_is_asked() -> None:
    def office(what: str, given: list[Any]) -> Any:
        return one.ask("double", given[0] + 1) if what == "cell" else None

    def xltax(what: str, given: list[Any]) -> Any:
        if what == "double":
            return given[0] * 2
        return other.ask("cell", given[0]) + 0.5

    for one, other in lines(office, xltax):
        thread = threading.Thread(target=other.run, daemon=True)
        thread.start()
        assert one.ask("run", 3) == 8.5
        with pytest.raises(Refused, match="NoneType"):
            one.ask("run", None)


@pytest.mark.parametrize(
    "sent", [b"", b"\x00", struct.pack(">I", 5) + b"12", struct.pack(">I", 2) + b"xx", struct.pack(">I", 2) + b"[]",
             struct.pack(">I", 2**31)],
)  # fmt: skip
def test_an_answer_that_is_none(sent: bytes) -> None:
    with pytest.raises(Gone):
        Line(io.BytesIO(sent), io.BytesIO(), lambda what, given: None).ask("about")


# ---- in a real LibreOffice -------------------------------------------------------------------------------------------


def scripted(folder: Path, body: str) -> Path:
    """A program that speaks as a helper does, for what the real one never does; stands where Python would."""
    path = folder / f"helper{len(list(folder.iterdir()))}"
    # A program of its own: it finds the add-in's wire.py by its folder, as the add-in's helper does, without xltax.
    path.write_text(
        f"#!{sys.executable}\nimport os, sys\nsys.path.insert(0, {str(WIRE)!r})\nfrom wire import Line\n"
        f"def serve(what, given):\n{body}\n"
        "line = Line(sys.stdin.buffer, sys.stdout.buffer, serve)\nline.run()\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


@pytest.fixture(scope="module")
def lost(add_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WithAddIn, Path]]:
    """A LibreOffice that has the add-in but no xltax; the settings file of its user."""
    home = tmp_path_factory.mktemp("home")
    messages = home / "messages.txt"
    with running(HOME=str(home), PATH=f"{home}/bin:/usr/bin:/bin", XLTAX_MESSAGES=str(messages)) as office:
        office.do("install", add_in.as_uri())
        (home / ".xltax").mkdir()
        yield WithAddIn(office, messages), home / ".xltax" / "python.txt"


LEVY = "=TAX_LEVY(250000;2.248)"


@pytest.mark.calc
def test_xltax_is_missing_then_wrong_then_dying_then_there(lost, tmp_path: Path) -> None:
    calc, settings = lost
    sheet = Sheet(calc)
    sheet.put("A1", ["as it was"])
    assert sheet.work_out(LEVY) == "#VALUE!"
    said = calc.choose(sheet.document, "check-set-up")
    assert "xltax was not found on this computer" in said
    assert str(settings) in said

    settings.write_text(str(tmp_path / "no-such-python"))
    assert sheet.work_out(LEVY) == "#VALUE!"
    assert "could not be started" in calc.choose(sheet.document, "check-set-up")

    settings.write_text(str(scripted(tmp_path, '    return {"version": "9.9", "python": "there"}')))
    assert sheet.work_out(LEVY) == "#VALUE!"
    said = calc.choose(sheet.document, "refresh")
    assert "this computer has xltax 9.9" in said
    assert "Install the add-in of that version" in said

    about = f'    if what == "about":\n        return {{"version": "{version("xltax")}", "python": "there"}}\n'
    settings.write_text(str(scripted(tmp_path, about + '    sys.exit("out of memory")')))
    assert sheet.work_out(LEVY) == "#VALUE!"
    before = calc.do("titles", sheet.document)
    half_way = (
        about + '    line.ask("begin", "Post")\n'
        f'    line.ask("write", "{sheet.title}", 1, 1, [["half-way"]], [])\n    sys.exit("out of memory")'
    )
    settings.write_text(str(scripted(tmp_path, half_way)))
    said = calc.choose(sheet.document, "refresh")
    assert "xltax stopped working. Nothing was changed. out of memory" in said
    assert sheet.data("A1") == [["as it was"]]
    assert calc.do("titles", sheet.document) == before

    settings.write_text(sys.executable + "\n")
    assert sheet.work_out(LEVY) == 5620
    assert "in a helper process" in calc.choose(sheet.document, "check-set-up")

    helper = helper_of(settings.parent.parent)
    os.kill(helper, signal.SIGKILL)
    assert sheet.work_out("=TAX_LEVY(250000;4.496)") == 11240, "started again"
    assert helper_of(settings.parent.parent) != helper
    calc.do("close", sheet.document)


def helper_of(home: Path) -> int:
    """The process id of the helper that LibreOffice has started for this user."""
    for _ in range(50):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes().split(b"\0")
                    mine = f"HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0")
                    alive = (entry / "stat").read_text().split()[2] != "Z"
                except OSError:
                    continue
                if mine and alive and b"xltax.faces.calc.helper" in command:
                    return int(entry.name)
        time.sleep(0.1)
    raise AssertionError("no helper is running")


@pytest.mark.calc
def test_xltax_on_the_path_is_found(add_in: Path, tmp_path: Path) -> None:
    messages = tmp_path / "messages.txt"
    # A folder of its own, as pipx makes it: a whole virtual environment before the system's Python on the PATH would
    # keep Debian's LibreOffice from starting its Python at all.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "xltax").symlink_to(Path(sys.executable).with_name("xltax"))
    with running(HOME=str(tmp_path), PATH=f"{tmp_path}/bin:/usr/bin:/bin", XLTAX_MESSAGES=str(messages)) as office:
        office.do("install", add_in.as_uri())
        calc = WithAddIn(office, messages)
        assert Sheet(calc).work_out(LEVY) == 5620
        assert office.do("extensions") == ["org.xltax.calc"]
        office.do("remove", "org.xltax.calc")
        assert office.do("extensions") == []


@pytest.mark.calc
def test_in_libreoffice_itself_where_its_python_can_load_the_libraries(add_in: Path, tmp_path: Path) -> None:
    """The libraries of this test's Python fit LibreOffice's where both are of one version; else the add-in says so."""
    messages = tmp_path / "messages.txt"
    with running(XLTAX_PYTHON=sysconfig.get_path("purelib"), XLTAX_MESSAGES=str(messages)) as office:
        office.do("install", add_in.as_uri())
        calc = WithAddIn(office, messages)
        sheet = Sheet(calc)
        said = calc.choose(sheet.document, "check-set-up")
        if office.do("python") != list(sys.version_info[:2]):
            assert "could not be started" in said
            return
        assert "in LibreOffice itself" in said
        assert sheet.work_out(LEVY) == 5620
        assert sheet.work_out('=TAX_DUE_DATE("us-nj-nowhere";2025;3)') == "#VALUE!"
        assert 'There is no cell named "as_of"' in calc.choose(sheet.document, "refresh")
