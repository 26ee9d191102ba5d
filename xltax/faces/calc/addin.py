"""The Calc add-in: functions by name, the menu, and the way to xltax, in this process or in a helper.

Runs inside LibreOffice's own Python; the .oxt carries it with `wire` and `document`. What functions and actions there
are comes from a list rendered from the declarations.
"""

from __future__ import annotations

import importlib
import json
import os
import site
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import uno
import unohelper
from com.sun.star.lang import XLocalizable, XServiceInfo, XServiceName
from com.sun.star.sheet import XAddIn
from com.sun.star.task import XJobExecutor

from .document import ASKED, Document, read_range, tell, too_old
from .wire import Gone, Line, Refused

_HOME = Path(os.path.expanduser("~"))
SETTINGS = (_HOME if _HOME.is_absolute() else Path(os.devnull)) / ".xltax" / "python.txt"
"""One line: the Python that has xltax in it, or the folder its libraries are in. A user without a home has none.

A path that is not absolute would be looked for in the folder of the document, where a stranger may have put a file.
"""

FUNCTIONS, MENU = "org.xltax.Functions", "org.xltax.Menu"
_CELLS = uno.getTypeByName("com.sun.star.table.XCellRange")
_FAILED = uno.getClass("com.sun.star.uno.RuntimeException")
_DAY_ZERO = [1899, 12, 30]
_NO_VALUE = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_0000_0000 | 519))[0]
"""A "not a number" that carries Calc's code of #VALUE!: what one cell of a block shows."""


def what_is_known() -> dict[str, Any]:
    """The version of this add-in, and its functions with their help."""
    return dict(json.loads(Path(__file__).with_name("known.json").read_text(encoding="utf-8")))


class Way:
    """Reaches xltax: in this process if its libraries load, otherwise in a helper process that starts when needed."""

    def __init__(self, release: str) -> None:
        self.release = release
        self._engine: Any = None
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None
        self._said: Any = None  # what the helper wrote to its standard error
        self._documents: list[Document] = []  # what an action is at work on

    def figure(self, name: str, given: list[Any], null_date: list[int]) -> Any:
        """A function's result as cells. A helper that has died is started once more."""
        for attempt in (1, 2):
            engine = self._here()
            if engine:
                return engine.figure(name, given, null_date)
            try:
                return self._there().ask("figure", name, given, null_date)
            except Gone as gone:
                self._lost(gone, give_up=attempt == 2)
        raise AssertionError("the second loss gives up")

    def run(self, action: str, document: Document) -> str:
        """Runs an action on a document; what was written is taken back if the helper dies over it."""
        engine = self._here()
        if engine:
            return str(engine.run(action, lambda what, *given: getattr(document, what)(*given)))
        self._documents.append(document)
        try:
            return str(self._there().ask("run", action))
        except Gone as gone:
            document.abandon()
            self._lost(gone, give_up=True)
        finally:
            self._documents.pop()
        raise AssertionError("a loss gives up")

    def about(self) -> str:
        """What the menu's Check Setup says."""
        engine = self._here()
        told = engine.about() if engine else self._there().ask("about")
        where = "in LibreOffice itself" if engine else "in a helper process"
        return f"xltax {told['version']} is ready, {where}.\nPython: {told['python']}"

    # ---- in this process ------------------------------------------------------------------------------------------

    def _here(self) -> Any:
        if self._engine is None:
            self._engine = False
            folder = _setting()
            if folder and Path(folder).is_dir():
                site.addsitedir(folder)
            if not folder or Path(folder).is_dir():
                # A folder that depends on where LibreOffice was started is a stranger's as likely as hers.
                sys.path[:] = [entry for entry in sys.path if Path(entry).is_absolute()]
                with suppress(Exception):  # whatever is missing or does not fit this Python: the helper has its own
                    engine = importlib.import_module("xltax.faces.calc.engine")
                    self._fits(engine.about())
                    self._engine = engine
        return self._engine

    # ---- the helper -----------------------------------------------------------------------------------------------

    def _there(self) -> Line:
        if self._line is None:
            self._line = self._start()
            self._fits(self._line.ask("about"))
        return self._line

    def _start(self) -> Line:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the helper
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")}
        flags = 0x08000000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW
        command = _command()
        try:
            self._process = subprocess.Popen(
                command,
                cwd=Path(command[0]).parent,  # not the document's folder, which it may have been started in
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env=environment,
                creationflags=flags,
            )
        except OSError as error:
            raise Refused(f"xltax could not be started ({error}). {_WHAT_TO_DO}") from None
        return Line(cast(BinaryIO, self._process.stdout), cast(BinaryIO, self._process.stdin), self._serve)

    def _serve(self, what: str, given: list[Any]) -> Any:
        """What the helper may ask: the document its action is at work on."""
        if what not in ASKED or not self._documents:
            raise Refused(f"The workbook cannot answer the request {what}.")
        return getattr(self._documents[-1], what)(*given)

    def _lost(self, gone: Gone, *, give_up: bool) -> None:
        self._line = None
        said = ""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip().rpartition("\n")[2]
        if give_up:
            raise Refused(f"xltax stopped working. Nothing was changed. {said or gone} {_WHAT_TO_DO}")

    def _fits(self, told: dict[str, str]) -> None:
        if told["version"] != self.release:
            self._line = None
            raise Refused(
                f"The add-in is for xltax {self.release}, but this computer has xltax {told['version']} "
                f"({told['python']}). Install the add-in of that version."
            )


_WHAT_TO_DO = f"Put the path of the Python with xltax into {SETTINGS}, or run: xltax calc --link"


def _setting() -> str:
    """Where to find xltax, if somebody set this: XLTAX_PYTHON, or the settings file. Only a full path will do."""
    told = os.environ.get("XLTAX_PYTHON", "")
    if not told and SETTINGS.is_file():
        told = SETTINGS.read_text(encoding="utf-8").strip()
    if told and not Path(told).is_absolute():
        raise Refused(f"{told} is not a full path, so xltax was not started. {_WHAT_TO_DO}")
    return told


def _command() -> list[str]:
    """The command that starts the helper; -P, so that no module comes from the folder it is started in."""
    python = _setting()
    if python:
        return [python, "-P", "-m", "xltax.faces.calc.helper"]
    return [_program(), "calc", "--serve"]


def _program() -> str:
    """The xltax on the PATH. shutil.which would look in the current folder first on Windows: the document's, maybe."""
    names = ("xltax.exe",) if sys.platform == "win32" else ("xltax",)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in names:
            program = Path(folder) / name
            if Path(folder).is_absolute() and program.is_file() and os.access(program, os.X_OK):
                return str(program)
    raise Refused(f"xltax was not found on this computer. {_WHAT_TO_DO}")


# ---- functions -------------------------------------------------------------------------------------------------------


def _plain(value: Any, document: Any) -> Any:
    """An argument as plain values. A range handed over as such brings its place along."""
    if isinstance(value, tuple):
        return [list(row) for row in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    cells = value.queryInterface(_CELLS)
    if cells is None:
        raise Refused("An argument is not a value or a range.")
    sheet = cells.getSpreadsheet()
    at = cells.getRangeAddress()
    # A whole column is given as it is; what is below the last used cell is empty.
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = max(min(at.EndRow, cursor.getRangeAddress().EndRow), at.StartRow)
    used = sheet.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, last)
    block = read_range(used, document)
    return block | {"sheet": sheet.getName(), "left": at.StartColumn + 1, "top": at.StartRow + 1}


def _cells(result: Any) -> tuple[tuple[Any, ...], ...]:
    """A result as a block of cells; one value as a block of one cell."""
    rows = result if isinstance(result, list) else [[result]]
    return tuple(tuple(_NO_VALUE if isinstance(v, dict) else v for v in row) for row in rows)


def functions_class(interface: Any, known: list[dict[str, Any]], way: Way) -> type:
    """The class with the functions as its methods. Each method takes the calling document first, then the arguments."""

    def method(name: str) -> Callable[..., Any]:
        def call(self: Any, document: Any, *given: Any) -> Any:
            null = document.getPropertyValue("NullDate") if document is not None else None
            zero = [null.Year, null.Month, null.Day] if null else _DAY_ZERO
            values = [_plain(v, document) for v in given]
            while values and values[-1] is None:
                values.pop()
            try:
                result = way.figure(name, values, zero)
            except Exception as error:
                # Calc shows #VALUE!, which the sheet can count; the words are for TAX_EXPLAIN.
                raise _FAILED(str(error), None) from None
            return _cells(result)

        return call

    by_name = {f["name"]: f for f in known}
    methods: dict[str, Any] = {f["name"]: method(f["name"]) for f in known}

    class Functions(unohelper.Base, XAddIn, XLocalizable, XServiceName, XServiceInfo):
        """The functions as Calc sees them."""

        def __init__(self, context: Any) -> None:
            self.locale = uno.createUnoStruct("com.sun.star.lang.Locale")

        def getTypes(self) -> Any:  # noqa: N802
            return (*super().getTypes(), uno.getTypeByName(interface))

        def getProgrammaticFuntionName(self, shown: str) -> str:  # noqa: N802  spelt so in the interface
            return shown if shown in by_name else ""

        def getDisplayFunctionName(self, name: str) -> str:  # noqa: N802
            return name

        def getFunctionDescription(self, name: str) -> str:  # noqa: N802
            return str(by_name[name]["help"]) if name in by_name else ""

        def getDisplayArgumentName(self, name: str, number: int) -> str:  # noqa: N802
            return self._argument(name, number, "name")

        def getArgumentDescription(self, name: str, number: int) -> str:  # noqa: N802
            return self._argument(name, number, "help")

        def _argument(self, name: str, number: int, what: str) -> str:
            args = by_name[name]["args"] if name in by_name else []
            # The first argument is the document, which the collector never sees.
            return str(args[number - 1][what]) if 0 < number <= len(args) else ""

        def getProgrammaticCategoryName(self, name: str) -> str:  # noqa: N802
            return "Add-In"

        def getDisplayCategoryName(self, name: str) -> str:  # noqa: N802
            return "Add-In"

        def setLocale(self, locale: Any) -> None:  # noqa: N802
            self.locale = locale

        def getLocale(self) -> Any:  # noqa: N802
            return self.locale

        def getServiceName(self) -> str:  # noqa: N802
            return FUNCTIONS

        def getImplementationName(self) -> str:  # noqa: N802
            return FUNCTIONS

        def supportsService(self, name: str) -> bool:  # noqa: N802
            return name in self.getSupportedServiceNames()

        def getSupportedServiceNames(self) -> Any:  # noqa: N802
            return (FUNCTIONS, "com.sun.star.sheet.AddIn")

    for name, call in methods.items():
        setattr(Functions, name, call)
    return Functions


# ---- the menu --------------------------------------------------------------------------------------------------------


def menu_class(way: Way) -> type:
    """The class behind the menu: each entry names an action."""

    class Menu(unohelper.Base, XJobExecutor, XServiceInfo):
        """Runs the chosen task on the active document and shows the result or the error."""

        def __init__(self, context: Any) -> None:
            self.context = context

        def trigger(self, chosen: str) -> None:
            desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
            model = desktop.getCurrentComponent()
            wrong = False
            try:
                if chosen == "check-set-up":
                    said = too_old(self.context) or way.about()
                else:
                    said = way.run(chosen, Document(model, self.context))
            except Exception as error:
                said, wrong = str(error) or type(error).__name__, True
            tell(model, said, wrong=wrong)

        def getImplementationName(self) -> str:  # noqa: N802
            return MENU

        def supportsService(self, name: str) -> bool:  # noqa: N802
            return name == MENU

        def getSupportedServiceNames(self) -> Any:  # noqa: N802
            return (MENU,)

    return Menu
