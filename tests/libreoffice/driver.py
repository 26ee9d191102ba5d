"""Runs one LibreOffice for the tests and does in it what the test process asks; needs uno, so the system's own Python.

Started by process.py, as a file and not as a module of the tests, because the system's Python has none of what they need:
driver FOLDER, where FOLDER takes the profile. Ends LibreOffice when the tests end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment
from inside import add_in  # beside this file: a script's own folder is the first place Python looks

HERE = Path(__file__).resolve().parent


class Yes(unohelper.Base, XInteractionHandler, XCommandEnvironment):
    """Says yes to everything the installation of an extension asks."""

    def handle(self, request: Any) -> None:
        for one in request.getContinuations():
            approve = one.queryInterface(uno.getTypeByName("com.sun.star.task.XInteractionApprove"))
            if approve:
                approve.select()

    def getInteractionHandler(self) -> Any:  # noqa: N802
        return self

    def getProgressHandler(self) -> Any:  # noqa: N802
        return None


def option(name: str, value: Any) -> Any:
    one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    one.Name, one.Value = name, value
    return one


class Office:
    """One running LibreOffice."""

    def __init__(self, folder: Path, documents: Any) -> None:
        pipe = f"xltax{os.getpid()}"
        command = [
            "soffice", *os.environ.get("XLTAX_OFFICE_SHOWS", "--headless").split(), "--norestore", "--nologo", "--nodefault",
            "--nofirststartwizard", f"-env:UserInstallation=file://{folder}/profile", f"--accept=pipe,name={pipe};urp;",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.documents = documents
        self.open: dict[int, Any] = {}
        self.known: dict[int, Any] = {}
        self.count = 0
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(600):
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                time.sleep(0.1)
        self.desktop = self.service("com.sun.star.frame.Desktop")
        loader = self.service("com.sun.star.loader.Python")
        self.inside = loader.activate("org.xltax.Inside", "", (HERE / "inside.py").as_uri(), None)

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def serve(self, what: str, given: list[Any]) -> Any:
        return getattr(self, f"do_{what}")(*given)

    def do_python(self) -> list[int]:
        """The version of the Python inside LibreOffice; on Debian it is the one that runs this."""
        return list(sys.version_info[:2])

    def do_version(self) -> list[int]:
        return list(self.documents.version(self.context))

    def do_open(self, url: str, hidden: bool = True) -> int:
        model = self.desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", hidden),))
        if model is None:
            raise ValueError(f"{url} did not open")
        self.count += 1
        number = self.count
        self.open[number] = model
        return number

    def do_close(self, number: int) -> None:
        model = self.open.pop(number)
        self.known.pop(number, None)
        model.setModified(False)
        model.close(True)

    def do_document(self, number: int, what: str, *given: Any) -> Any:
        """Asks a document, in LibreOffice's own process, as the add-in does."""
        if number not in self.known:
            job = self.inside.createInstanceWithContext(self.context)
            self._told(job, model=self.open[number])
            self.known[number] = job
        return self._told(self.known[number], asked=json.dumps([what, *given]))

    def _told(self, job: Any, **given: Any) -> Any:
        values = []
        for name, value in given.items():
            one = uno.createUnoStruct("com.sun.star.beans.NamedValue")
            one.Name, one.Value = name, value
            values.append(one)
        answer = json.loads(job.execute(tuple(values)))
        if "refused" in answer:
            raise ValueError(answer["refused"])
        return answer["result"]

    def do_refusal(self, number: int, version: list[int]) -> str:
        """What a document is refused with in a LibreOffice of that version."""
        real, self.documents.version = self.documents.version, lambda context: tuple(version)
        try:
            self.documents.Document(self.open[number], self.context)
        except ValueError as refused:
            return str(refused)
        finally:
            self.documents.version = real
        return ""

    def do_activate(self, number: int, sheet: str) -> None:
        """Brings a sheet to the front, for a picture."""
        model = self.open[number]
        model.CurrentController.setActiveSheet(model.Sheets.getByName(sheet))

    def do_sheets(self, number: int) -> list[str]:
        return list(self.open[number].Sheets.ElementNames)

    def do_store(self, number: int, url: str, kind: str) -> None:
        """As the collector saves it, or, with a PDF filter, prints it."""
        self.open[number].storeToURL(url, (option("FilterName", kind),))

    def do_print(self, number: int, url: str, sheet: str) -> None:
        """One sheet as a PDF."""
        model = self.open[number]
        cells = model.Sheets.getByName(sheet).createCursor()
        cells.gotoEndOfUsedArea(False)
        at = cells.getRangeAddress()
        area = model.Sheets.getByName(sheet).getCellRangeByPosition(0, 0, at.EndColumn, at.EndRow)
        data = uno.Any("[]com.sun.star.beans.PropertyValue", (option("Selection", area),))
        model.storeToURL(url, (option("FilterName", "calc_pdf_Export"), option("FilterData", data)))

    def do_picture(self, number: int, url: str, sheet: str, wide: int, rows: int) -> list[int]:
        """The upper left of a sheet on one piece of paper of its size, without margins: so wide (1/100 mm), so many rows."""
        model = self.open[number]
        page = model.Sheets.getByName(sheet)
        cursor = page.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.getRangeAddress()
        charts = (page.DrawPage.getByIndex(n) for n in range(page.DrawPage.Count))
        below = max((c.Position.Y + c.Size.Height for c in charts), default=0)
        width = column = 0
        while column < 100:
            more = page.Columns.getByIndex(column)
            if column and width + more.Width * more.IsVisible > wide:
                break
            width, column = width + more.Width * more.IsVisible, column + 1
        height = row = 0
        while row <= min(last.EndRow, rows - 1) or height < below:
            more = page.Rows.getByIndex(row)
            height, row = height + more.Height * more.IsVisible, row + 1
        style = model.StyleFamilies.getByName("PageStyles").getByName(page.PageStyle)
        for name in ("HeaderIsOn", "FooterIsOn", "CenterHorizontally", "PrintHeaders"):
            setattr(style, name, False)
        for name in ("LeftMargin", "RightMargin", "TopMargin", "BottomMargin"):
            setattr(style, name, 0)
        style.PageScale, style.IsLandscape, style.Width, style.Height = 100, True, max(width, wide), height + 100
        area = page.getCellRangeByPosition(0, 0, column - 1, row - 1)
        data = uno.Any("[]com.sun.star.beans.PropertyValue", (option("Selection", area),))
        model.storeToURL(url, (option("FilterName", "calc_pdf_Export"), option("FilterData", data)))
        return [width, height]

    def do_install(self, url: str) -> None:
        manager = self.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        manager.addExtension(url, (), "user", None, Yes())

    def do_extensions(self) -> list[str]:
        manager = self.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        return [e.getIdentifier().Value for e in manager.getDeployedExtensions("user", None, Yes())]

    def do_remove(self, identifier: str) -> None:
        manager = self.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        found = next(
            e for e in manager.getDeployedExtensions("user", None, Yes()) if e.getIdentifier().Value == identifier
        )
        manager.removeExtension(identifier, found.getName(), "user", None, Yes())

    def do_functions(self) -> dict[str, Any]:
        """What the function wizard shows of each of our functions: its text, and its arguments' names and texts."""
        every = self.service("com.sun.star.sheet.FunctionDescriptions")
        out = {}
        for number in range(every.getCount()):
            one = {p.Name: p.Value for p in every.getByIndex(number)}
            if one["Name"].startswith("TAX_"):
                out[one["Name"]] = [one["Description"], [[a.Name, a.Description] for a in one["Arguments"]]]
        return out

    def do_menu(self) -> list[Any]:
        """The titles and targets of the add-in's menu, as the configuration of this LibreOffice has them."""
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        where = option("nodepath", "/org.openoffice.Office.Addons/AddonUI/OfficeMenuBar/org.xltax")
        menu = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (where,))

        def entries(node: Any) -> list[Any]:
            inside = node.getByName("Submenu")
            found = []
            for name in inside.ElementNames:
                one = inside.getByName(name)
                found.append([one.getByName("Title"), one.getByName("URL") or entries(one)])
            return found

        return [menu.getByName("Title"), menu.getByName("Context"), entries(menu)]

    def do_dispatch(self, number: int, url: str) -> None:
        frame = self.open[number].CurrentController.Frame
        frame.activate()
        self.service("com.sun.star.frame.DispatchHelper").executeDispatch(frame, url, "", 0, ())

    def do_type(self, number: int, sheet: str, ref: str, text: str) -> None:
        """Goes to a cell and enters a text as a person does: the program decides what it becomes."""
        controller = self.open[number].CurrentController
        controller.setActiveSheet(self.open[number].Sheets.getByName(sheet))
        helper = self.service("com.sun.star.frame.DispatchHelper")
        for url, name, value in ((".uno:GoToCell", "ToPoint", ref), (".uno:EnterString", "StringName", text)):
            helper.executeDispatch(controller.Frame, url, "", 0, (option(name, value),))

    def do_array(self, number: int, sheet: str, ref: str, formula: str) -> None:
        self.open[number].Sheets.getByName(sheet).getCellRangeByName(ref).setArrayFormula(formula)

    def do_formula(self, number: int, sheet: str, ref: str, formula: str) -> None:
        self.open[number].Sheets.getByName(sheet).getCellRangeByName(ref).setFormula(formula)

    def do_formulas(self, number: int, sheet: str, ref: str, rows: list[list[str]]) -> None:
        cells = self.open[number].Sheets.getByName(sheet).getCellRangeByName(ref)
        cells.setFormulaArray(tuple(tuple(row) for row in rows))

    def do_put(self, number: int, sheet: str, ref: str, rows: list[list[Any]]) -> None:
        cells = self.open[number].Sheets.getByName(sheet).getCellRangeByName(ref)
        cells.setDataArray(tuple(tuple(row) for row in rows))

    def do_shown(self, number: int, sheet: str, ref: str) -> list[Any]:
        """What a cell shows, its number, its error code, its formula as the collector sees it."""
        cell = self.open[number].Sheets.getByName(sheet).getCellRangeByName(ref)
        return [cell.getString(), cell.getValue(), cell.getError(), cell.FormulaLocal]

    def do_data(self, number: int, sheet: str, ref: str) -> list[Any]:
        return [list(row) for row in self.open[number].Sheets.getByName(sheet).getCellRangeByName(ref).getDataArray()]

    def do_format(self, number: int, sheet: str, ref: str) -> list[Any]:
        """Style, number format and validation of a cell."""
        model = self.open[number]
        cell = model.Sheets.getByName(sheet).getCellRangeByName(ref)
        shown = model.NumberFormats.getByKey(cell.NumberFormat).FormatString
        return [cell.CellStyle, shown, cell.Validation.Type.value, cell.Validation.getFormula1()]

    def do_set(self, number: int, what: str, value: Any) -> None:
        """A property of the document; a date as year, month, day."""
        if isinstance(value, list):
            date = uno.createUnoStruct("com.sun.star.util.Date")
            date.Year, date.Month, date.Day = value
            value = date
        setattr(self.open[number], what, value)

    def do_protect(self, number: int, sheet: str, password: str) -> None:
        self.open[number].Sheets.getByName(sheet).protect(password)

    def do_protected(self, number: int, sheet: str) -> bool:
        return bool(self.open[number].Sheets.getByName(sheet).isProtected())

    def do_merge(self, number: int, sheet: str, ref: str) -> None:
        self.open[number].Sheets.getByName(sheet).getCellRangeByName(ref).merge(True)

    def do_calculate(self, number: int) -> None:
        """Works out every formula anew; calculate() would leave what it takes to be fresh."""
        self.open[number].calculateAll()

    def do_undo(self, number: int, steps: int = 1) -> list[str]:
        manager = self.open[number].UndoManager
        for _ in range(steps):
            manager.undo()
        return list(manager.getAllUndoActionTitles())

    def do_redo(self, number: int) -> None:
        self.open[number].UndoManager.redo()

    def do_titles(self, number: int) -> list[str]:
        return list(self.open[number].UndoManager.getAllUndoActionTitles())

    def end(self) -> None:
        for number in list(self.open):
            self.do_close(number)
        try:
            self.desktop.terminate()
            self.process.wait(20)
        except Exception:
            self.process.kill()


def main() -> None:
    documents, wire = add_in()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    office = Office(Path(sys.argv[1]), documents)
    try:
        wire.Line(sys.stdin.buffer, answers, office.serve).run()
    finally:
        office.end()


main()
