"""A real LibreOffice for the tests, one to a test process: documents in it are asked through a driver."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from xltax.faces.calc.wire import Line
from xltax.hosts.calc.book import CalcBook

DRIVER = Path(__file__).with_name("driver.py")
XLSX = "Calc MS Excel 2007 XML"


@functools.cache
def python_with_uno() -> str:
    """The Python that can speak to LibreOffice; an empty text where there is none."""
    for python in ("/usr/bin/python3", *filter(None, [shutil.which("python3")])):
        found = (
            subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
            if Path(python).exists()
            else None
        )
        if found and not found.returncode:
            return python
    return ""


def need_office() -> None:
    """Skips, with the reason, where LibreOffice is missing; fails where nothing may be skipped."""
    if shutil.which("soffice") and python_with_uno():
        return
    reason = "LibreOffice Calc with python3-uno is not installed (tests/install_calc.sh installs it)"
    if os.environ.get("XLTAX_SKIP_NOTHING") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class Office:
    """A running LibreOffice: `do("open", url)` and the rest of what the driver can."""

    def __init__(self, do: Callable[..., Any]) -> None:
        self.do = do
        self._of: dict[Path, int] = {}

    def number(self, path: Path) -> int:
        """The document of a file, opened if it is not."""
        path = Path(path).resolve()
        if path not in self._of:
            self._of[path] = self.do("open", path.as_uri())
        return self._of[path]

    def book(self, path: Path, **options: Any) -> CalcBook:
        """The port over a file's open document."""
        return CalcBook(functools.partial(self.do, "document", self.number(path)), **options)

    def reopen(self, path: Path, **options: Any) -> CalcBook:
        """What is permanent: the document saved by the collector, closed, and opened from the file."""
        path = Path(path).resolve()
        if path in self._of:
            self.do("store", self._of[path], path.as_uri(), XLSX)
            self.do("close", self._of.pop(path))
        return self.book(path, **options)

    def close(self) -> None:
        """Closes what the test has opened, unsaved."""
        for number in self._of.values():
            self.do("close", number)
        self._of = {}


@contextmanager
def running(**environment: str) -> Iterator[Office]:
    """A LibreOffice in a profile of its own."""
    need_office()
    with tempfile.TemporaryDirectory(prefix="xltax-office-", ignore_cleanup_errors=True) as folder:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "XLTAX_PYTHON", "VIRTUAL"))}
        # Debian's LibreOffice looks for its Python along the PATH, where an activated environment would be the wrong one.
        inherited["PATH"] = ":".join(p for p in os.environ["PATH"].split(":") if Path(p) != Path(sys.executable).parent)
        process = subprocess.Popen(
            [python_with_uno(), str(DRIVER), folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=inherited | environment,
        )  # fmt: skip
        assert process.stdin
        assert process.stdout
        office = Office(Line(process.stdout, process.stdin, lambda what, given: None).ask)
        try:
            office.do("version")
            yield office
        finally:
            process.stdin.close()
            process.wait(60)
