"""The macro workbook and the add-in as built here: sound by the specification, complete, and every callback run.

Not shown here: that Excel itself opens them, compiles them and draws the ribbon (docs/check-in-excel.md).
"""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from importlib.metadata import version
from pathlib import Path

import olefile
import pytest
from oletools.olevba import VBA_Parser, decompress_stream
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter import NOTHING, VBAArray, VBAErrorValue
from pyvbaanalysis import analyze_workbook

from xltax.faces import render_ribbon, render_vba
from xltax.faces.build import live
from xltax.faces.catalog import actions, functions
from xltax.faces.excel_files import add_in, macro_book

OURS = ("XltaxCalls", "XltaxRibbon", "XltaxEvents", "XltaxFunctions", "XltaxHelp", "XltaxButtons")


@pytest.fixture(scope="session", params=["town.xlsm", "xltax.xlam"])
def built(request, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("built") / request.param
    path.write_bytes(macro_book(live("us-nj")) if path.suffix == ".xlsm" else add_in())
    return path


def vba(path: Path) -> bytes:
    return zipfile.ZipFile(path).read("xl/vbaProject.bin")


def sources(path: Path) -> dict[str, str]:
    """Every module as olevba, which others made, reads it out of the file."""
    return {Path(name).stem: code for _, _, name, code in VBA_Parser(str(path)).extract_macros()}


# ---- the project stream -------------------------------------------------------------------------------------------


def records(data: bytes) -> list[tuple[int, bytes]]:
    """The records of the dir stream, [MS-OVBA] 2.3.4.2: an id, a size, that many bytes, to the terminator."""
    out, at = [], 0
    while at < len(data):
        kind, size = struct.unpack_from("<HI", data, at)
        if kind == 0x0009:  # PROJECTVERSION says 4 and holds 6
            size = 6
        out.append((kind, data[at + 6 : at + 6 + size]))
        at += 6 + size
    assert at == len(data)
    return out


def test_the_project_is_as_the_specification_has_it(built) -> None:
    ole = olefile.OleFileIO(io.BytesIO(vba(built)))
    assert ole.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("CC61FFFF000000")
    found = records(bytes(decompress_stream(bytearray(ole.openstream("VBA/dir").read()))))
    assert found[-1] == (0x0010, b"")  # the terminator, and nothing after it
    assert [v for k, v in found if k == 0x0003] == [struct.pack("<H", 1252)]  # the code page
    count = struct.unpack("<H", next(v for k, v in found if k == 0x000F))[0]
    names = [v.decode("cp1252") for k, v in found if k == 0x0019]
    streams = [v.decode("cp1252") for k, v in found if k == 0x001A]
    offsets = [struct.unpack("<I", v)[0] for k, v in found if k == 0x0031]
    assert count == len(names) == len(streams) == len(offsets) == len(set(names))
    for name, stream, offset in zip(names, streams, offsets, strict=True):
        text = bytes(decompress_stream(bytearray(ole.openstream(f"VBA/{stream}").read()[offset:]))).decode("cp1252")
        assert text.startswith(f'Attribute VB_Name = "{name}"\r\n')
        assert "\n" not in text.replace("\r\n", ""), name
    project = ole.openstream("PROJECT").read().decode("cp1252")
    listed = re.findall(r"^(?:Module|Class|Document)=([^/\r\n]+)", project, re.M)
    assert sorted(listed) == sorted(names)
    assert set(names) >= {*OURS, "xlwings", "Dictionary", "ThisWorkbook"}


def test_code_names_in_the_sheets_are_modules(built) -> None:
    package = zipfile.ZipFile(built)
    names = set(sources(built))
    for part in package.namelist():
        if re.match(r"xl/(workbook|worksheets/sheet\d+)\.xml", part):
            found = re.search(rb'codeName="([^"]+)"', package.read(part))
            assert found, part
            assert found[1].decode() in names


def test_nothing_runs_by_itself(built) -> None:
    analysed = VBA_Parser(str(built)).analyze_macros()
    assert [word for kind, word, _ in analysed if kind == "AutoExec"] == []
    for name, code in sources(built).items():
        assert not re.search(r"\b(Auto_Open|Workbook_Open|Workbook_Activate|Auto_Close)\b", code), name


def test_olevba_reads_every_module_as_written(built) -> None:
    read = sources(built)
    for name, text in render_vba.modules(add_in=built.suffix == ".xlam").items():
        body = text[text.index("Option Explicit") :] if name == "XltaxEvents" else text
        assert read[name].replace("\r\n", "\n").rstrip().endswith(body.rstrip()[-400:]), name


def test_it_is_a_valid_package(built, tmp_path) -> None:
    from openxml_audit import OpenXmlValidator

    assert [str(e) for e in OpenXmlValidator().validate(built).errors] == []
    kind = "addin" if built.suffix == ".xlam" else "sheet"
    types = zipfile.ZipFile(built).read("[Content_Types].xml")
    assert (
        f'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.{kind}.macroEnabled.main+xml"'.encode()
        in types
    )
    assert ExcelFile(built.rename(built)).validate() == []


def test_opening_it_does_not_work_every_formula_out_anew() -> None:
    """Where macros are not allowed, that would put #NAME? over the last figures."""
    from xltax.sheets.layout import Layout
    from xltax.sheets.package import Package

    package = Package(live("us-nj"), "x")
    Layout(package).calculate_on_open()
    plain = package.to_bytes()
    assert b'fullCalcOnLoad="1"' in zipfile.ZipFile(io.BytesIO(plain)).read("xl/workbook.xml")
    assert b"fullCalcOnLoad" not in zipfile.ZipFile(io.BytesIO(macro_book(plain))).read("xl/workbook.xml").replace(
        b'fullCalcOnLoad="0"', b""
    )


def test_two_builds_in_two_processes_give_the_same_bytes(built) -> None:
    code = (
        "import sys, hashlib\nfrom xltax.faces.build import live\n"
        "from xltax.faces.excel_files import add_in, macro_book\n"
        f"data = add_in() if {built.suffix == '.xlam'} else macro_book(live('us-nj'))\n"
        "print(hashlib.sha256(data).hexdigest())"
    )
    import hashlib

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(built.read_bytes()).hexdigest()


def test_the_functions_in_its_cells_are_plain_names_with_their_last_results() -> None:
    """The Live Quote: what it shows where macros are not allowed is what it showed last."""
    import openpyxl
    from xltax.workbooks.live import TITLE

    data = macro_book(live("us-nj"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
    formulas = [f for xml in parts for f in re.findall(r"<f[^>]*>([^<]*TAX_[^<]*)</f>", xml)]
    assert formulas
    assert not re.search(r"[\]!']\s*TAX_|_xl\w+\.TAX_", " ".join(formulas)), "no other workbook's function"
    assert set(re.findall(r"TAX_\w+", " ".join(formulas))) <= set(functions())
    shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_vba=True)[TITLE]
    assert shown["N13"].value == "Account"
    wrong = [c.coordinate for row in shown for c in row if isinstance(c.value, str) and c.value.startswith("#")]
    assert wrong == []


# ---- completeness ---------------------------------------------------------------------------------------------------


def test_every_function_has_its_wrapper_and_help(built) -> None:
    read = sources(built)
    wrappers = read["XltaxFunctions"].replace("\r\n", "\n").replace(" _\n", " ")
    help_texts = read["XltaxHelp"].replace("\r\n", "\n").replace(" _\n", " ")
    for name, f in functions().items():
        found = re.search(rf"Public Function {name}\(([^)]*)\) As Variant", wrappers)
        assert found, name
        params = re.sub(r"\s+", " ", found[1]).split(", ")
        assert len(params) == len(f.args)
        assert [p.startswith("Optional ") for p in params] == [a.optional for a in f.args]
        assert render_vba.text(f.help) in wrappers
        assert render_vba.text(f.help) in help_texts
        for a in f.args:
            assert render_vba.text(a.help) in help_texts, f"{name}, {a.name}"


def test_no_argument_is_a_word_of_vba() -> None:
    for f in functions().values():
        names = [render_vba.parameter(a.name).lower() for a in f.args]
        assert not set(names) & render_vba._RESERVED
        assert len(set(names)) == len(names)


def test_lines_are_short_enough_for_vba(built) -> None:
    for name, code in sources(built).items():
        lines = code.replace("\r\n", "\n").split("\n")
        assert max(map(len, lines)) <= 1023, name
        run = 0
        for line in lines:
            run = run + 1 if line.endswith(" _") else 0
            assert run <= 24, name


def test_xlwings_is_embedded_as_installed_with_its_licence(built) -> None:
    code = sources(built)["xlwings"]
    assert f"'Version: {version('xlwings')}" in code
    assert f"xlwings64-{version('xlwings')}.dll" in code
    assert "distributed under a BSD 3-clause license" in code
    assert 'PROJECT_NAME As String = "xltax"' in code
    assert "MIT" in sources(built)["Dictionary"]


def ui(path: Path) -> ET.Element:
    package = zipfile.ZipFile(path)
    assert b"customUI/customUI14.xml" in package.read("_rels/.rels")
    return ET.fromstring(package.read("customUI/customUI14.xml"))


def test_the_ribbon_has_every_action_in_its_desk(built) -> None:
    ns = {"u": render_ribbon.NAMESPACE}
    root = ui(built)
    groups = {
        g.get("label"): [b.get("onAction") for b in g.findall("u:button", ns)] for g in root.iterfind(".//u:group", ns)
    }
    for action in actions().values():
        assert render_vba.callback(action.name) in groups[action.desk]
    buttons = root.findall(".//u:button", ns)
    ids = [b.get("id") for b in root.iter() if b.get("id")]
    assert len(ids) == len(set(ids))
    code = "\n".join(sources(built).values())
    for b in buttons:
        assert b.get("imageMso")
        assert b.get("screentip")
        assert b.get("supertip")
        for callback in (b.get("onAction"), b.get("getEnabled")):
            assert callback is None or f"Public Sub {callback}(" in code, callback
    for name in (root.get("onLoad"), root.find(".//u:tab", ns).get("getVisible")):
        assert f"Public Sub {name}(" in code


_EXAMPLE = "Microsoft, Customizing the 2007 Office Fluent Ribbon for Developers, the dynamicMenu example"
_CATALOGUE = "RibbonForge's catalogue of names, which its makers checked against the published list of 3,244"
PICTURES = {
    "FindDialog": _EXAMPLE,
    "Help": _EXAMPLE,
    "GetExternalDataFromText": "Microsoft, Office VBA reference, Project: Application.SetCustomUI, the example's image",
    "TableInsertExcel": "add-ins others published that show it as OfficeImageId; not in a list seen here",
    **dict.fromkeys(
        ("AutoSum", "CalculateNow", "Copy", "DataValidation", "FileNew", "FilePrintPreview", "FileSaveAs", "Filter", "RefreshAll", "Undo"),
        _CATALOGUE,
    ),
}  # fmt: skip
"""Excel's own pictures the ribbon may use, each with where its name was seen. A picture that is not there shows as an empty button."""


def test_every_picture_is_one_that_excel_is_known_to_have(built) -> None:
    used = {b.get("imageMso") for b in ui(built).iter() if b.get("imageMso")}
    assert used <= set(PICTURES), f"no source for {sorted(used - set(PICTURES))}"


# ---- static analysis and the interpreter ----------------------------------------------------------------------------


def test_static_analysis_finds_nothing_in_our_modules(built, tmp_path) -> None:
    path = tmp_path / "book.xlsm"  # the reader goes by the ending
    path.write_bytes(built.read_bytes())
    found = analyze_workbook(str(path))
    assert set(found) >= {*OURS, "xlwings"}
    wrong = [f"{m}: {d.code} {d.message}" for m in OURS for d in found[m]]
    # Excel calls what the ribbon names; the analysis sees no caller for it.
    assert [w for w in wrong if "unused-procedure" not in w] == []
    assert not [d for d in found["xlwings"] if d.severity.value == "error"]


STUB = """Attribute VB_Name = "xlwings"
Public Told As String
Public Answer As Variant
Public Described As Long
Public Function RunPython(PythonCommand As String)
    Told = PythonCommand
End Function
Public Function XLPy() As Object
    Set XLPy = New StubPython
End Function
Public Function StubProperty(book, name)
    StubProperty = "us-nj"
End Function
Public Sub StubOptions(Macro, Description, Category, ArgumentDescriptions)
    Described = Described + 1
End Sub
Public Function GetTold()
    GetTold = Told
End Function
Public Function GetDescribed()
    GetDescribed = Described
End Function
Public Sub SetAnswer(value)
    Answer = value
End Sub
"""
PYTHON = """Attribute VB_Name = "StubPython"
Public Function CallUDF(moduleName, functionName, arguments, book, caller)
    Told = moduleName & "|" & functionName & "|" & (UBound(arguments) + 1)
    CallUDF = Answer
End Function
"""


@pytest.fixture
def excel(built, tmp_path):
    """The built modules in an interpreter of VBA. It lacks four things of Excel, which are replaced by name."""
    path = tmp_path / "book.xlsm"
    path.write_bytes(built.read_bytes())
    app = ExcelApplication.open(path, with_vba=False)
    for module in ExcelFile(path).vba_project().modules:
        if module.name not in OURS:
            continue
        code = module.source.replace("WithEvents ", "")
        code = re.sub(r"(?m)^Attribute TAX_.*\r?\n", "", code)  # the wizard's texts
        code = code.replace("Application.MacroOptions Macro:=", "StubOptions Macro:=")
        code = code.replace("Application.Caller", "Nothing")
        code = code.replace(
            'book.CustomDocumentProperties("xltax template").Value', 'StubProperty(book, "xltax template")'
        )
        app.add_module(code, name=module.name, kind="class" if module.name == "XltaxEvents" else "standard")
    app.add_module(STUB, name="xlwings")
    app.add_module(PYTHON, name="StubPython", kind="class")
    return app


@pytest.mark.parametrize("name", actions())
def test_each_button_runs_its_action_and_nothing_else(excel, name: str) -> None:
    excel.run(render_vba.callback(name), NOTHING)
    told = excel.run("GetTold")
    assert told == f"import xltax.faces.excel_buttons as buttons; buttons.press('{name}')"
    compile(told, name, "exec")


@pytest.mark.parametrize("name", functions())
def test_each_wrapper_hands_its_arguments_on_and_gives_the_answer(excel, name: str) -> None:
    f = functions()[name]
    excel.run("SetAnswer", 12.5)
    assert excel.run(name, *[1.0] * f.required) == 12.5  # optional ones left out
    assert excel.run("GetTold") == f"xltax.faces.excel_udfs|{name}|{len(f.args)}"
    assert excel.run(name, *[1.0] * len(f.args)) == 12.5


def test_what_is_wrong_becomes_a_real_error_value(excel) -> None:
    from xltax.faces.excel_udfs import MARK

    excel.run("SetAnswer", f"{MARK}TAX_LEVY: rate: not a number")
    wrong = excel.run("TAX_LEVY", 1.0, 2.0)
    assert isinstance(wrong, VBAErrorValue)
    assert "2015" in str(wrong) or getattr(wrong, "number", getattr(wrong, "code", 0)) == 2015
    excel.run("SetAnswer", "ok")
    assert excel.run("TAX_SEALED", 1.0) == "ok"


@pytest.mark.parametrize("bounds", [[(0, 2), (0, 0)], [(0, 2)]], ids=["a column", "a row"])
def test_one_wrong_row_of_a_block_is_that_cell_s_error_value(excel, bounds) -> None:
    from xltax.faces.excel_udfs import MARK

    wrong = f"{MARK}TAX_INTEREST: row 2 of the range, amount: abc"
    excel.run("SetAnswer", VBAArray(bounds, items=[5.25, wrong, ""]))
    block = excel.run("TAX_INTEREST", 1.0, 2.0, 3.0, 4.0)
    cells = [row[0] if isinstance(row, list) else row for row in block]
    assert cells[0] == 5.25
    assert isinstance(cells[1], VBAErrorValue)
    assert cells[2] == ""


def test_loading_the_ribbon_only_describes_the_functions(excel) -> None:
    excel.run("XltaxOnLoad", NOTHING)
    assert excel.run("GetDescribed") == len(functions())
    assert excel.run("GetTold") == ""


def test_buttons_are_enabled_in_a_book_of_xltax(excel) -> None:
    assert excel.run("XltaxIsBook", excel.workbook) is True
    assert excel.run("XltaxIsBook", NOTHING) is False


def test_one_tab_is_shown_where_add_in_and_workbook_meet(excel, built) -> None:
    assert excel.run("XltaxTabShown") is True  # nothing else is open here
    read = sources(built)["XltaxButtons"]
    assert ('Not XltaxIsOpen("xltax.xlam")' in read) == (built.suffix == ".xlsm")
