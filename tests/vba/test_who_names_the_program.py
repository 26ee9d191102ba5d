"""Only the user's own settings say which program Excel starts: no sheet, no file beside a workbook, no name, no cell.

The module that is built into the add-in and into every macro workbook is run here by an interpreter of VBA, on a workbook that
tries: a hidden sheet xltax.conf with every setting, the same as a file in its folder, and a name that cmd.exe would take for
commands. Not shown here: Excel itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import openpyxl
import pytest
from pyopenvba.apps.excel import ExcelApplication

from xltax.faces import render_vba, xlwings_vba

EVIL = r"\\203.0.113.9\share\evil.exe"  # RFC 5737: an address that belongs to nobody
THEIRS = r"C:\Users\Ann\xltax\Scripts\pythonw.exe"


def source(name: str) -> str:
    return Path(str(distribution("xlwings").locate_file(f"xlwings/{name}"))).read_bytes().decode("cp1252")


def keys_in(code: str) -> set[str]:
    return set(re.findall(r'GetConfig\("([^"]+)"', code))


KEYS = sorted(
    {k for add_in in (True, False) for k in keys_in(render_vba.modules(add_in=add_in)["xlwings"])}
    | keys_in(source("xlwings.bas"))
    | keys_in(source("xlwings_custom_addin.bas"))
)
"""Every setting that xlwings knows, whether xltax asks for it or not."""


def on_windows(code: str) -> str:
    """The lines that a 64-bit Excel on Windows compiles, without what declares functions of DLLs."""
    out, stack = [], []
    for line in code.split("\n"):
        word = line.strip()
        if word.startswith("#If"):
            stack.append("Mac" not in word or "Not Mac" in word)
        elif word.startswith("#Else"):
            stack[-1] = not stack[-1]
        elif word.startswith("#End If"):
            stack.pop()
        elif all(stack) and "Declare PtrSafe" not in word and not word.startswith("#Const"):
            out.append(line)
    return "\n".join(out)


STAND_INS = """
Public Asked As String
Public Loaded As String
Public Ran As String
Public Who As String
Private Function Environ(ByVal name)
    Environ = ""
    If name = "USERPROFILE" Then Environ = "C:\\Users\\Ann"
End Function
Private Function FileExists(ByVal FileSpec As String) As Boolean
    Asked = Asked & "file " & FileSpec & ";"
    FileExists = True
End Function
Private Function GetConfigFromFile(sFile As String, sName As String, Optional sValue As String) As Boolean
    Asked = Asked & "read " & sFile & ";"
    If sFile = "C:\\Users\\Ann\\.xltax\\xltax.conf" Then sValue = UserSays(sName) Else sValue = "EVIL"
    GetConfigFromFile = (sValue <> "")
End Function
Private Function GetConfigFromSheet(wb)
    Asked = Asked & "sheet;"
End Function
Private Function SheetExists(wb, sheetName As String) As Boolean
    Asked = Asked & "sheet;"
    SheetExists = True
End Function
Private Function ExpandEnvironmentStrings(ByVal s As String)
    ExpandEnvironmentStrings = s
End Function
Private Function LoadLibrary(ByVal path As String) As Long
    Loaded = Loaded & path & ";"
    LoadLibrary = 0
    If InStr(path, "Scripts") = 0 Then LoadLibrary = 1
End Function
Public Function XLPy() As Object
    Set XLPy = New StubServer
End Function
Public Function XltaxBook()
    XltaxBook = "the book"
End Function
Public Function Probe(key)
    Probe = GetConfig(key, "the default")
End Function
Public Function Command()
    Command = XLPyCommand()
End Function
Public Function LoadIt()
    LoadIt = "loaded"
    On Error GoTo Failed
    XLPyLoadDLL
    Exit Function
Failed:
    LoadIt = Err.Description
End Function
Public Function GetAsked()
    GetAsked = Asked
End Function
Public Function GetLoaded()
    GetLoaded = Loaded
End Function
Public Function GetRan()
    GetRan = Ran
End Function
Public Sub SetWho(what)
    Who = what
End Sub
Private Function TypeName(x)
    TypeName = Who
End Function
"""
SERVER = """
Public Function Module(name)
    Module = name
End Function
Public Sub SetAttr(a, b, c)
End Sub
Public Sub Exec(text)
    Ran = Ran & text & ";"
End Sub
"""
MODULE = 'Attribute VB_Name = "{}"\n'


def without(code: str, *names: str) -> str:
    for name in names:
        code, found = re.subn(rf"(?ms)^(?:Private )?(?:Function|Sub) {name}\(.*?^End (?:Function|Sub)$", "", code)
        assert found == 1, name
    return code


@pytest.fixture(params=[True, False], ids=["add-in", "macro workbook"])
def run(request, tmp_path: Path):
    """Runs the built module on the mailed workbook. says: the user's own settings, name -> value."""
    workbook = openpyxl.Workbook()
    sheet = workbook.create_sheet("xltax.conf")
    sheet.sheet_state = "hidden"
    for row, key in enumerate(KEYS, 1):
        sheet.cell(row, 1, key)
        sheet.cell(row, 2, EVIL)
    path = tmp_path / "a^&calc ^&b.xlsx"
    workbook.save(path)
    code = on_windows(render_vba.modules(add_in=request.param)["xlwings"])
    replaced = re.findall(r"(?m)^(?:Public|Private) (?:Function|Sub) (\w+)\(", STAND_INS)
    code = without(code, *(name for name in replaced if re.search(rf"(?:Function|Sub) {name}\(", code)))
    code = code.replace("Application.Caller", "Nothing").replace("Option Private Module\n", "")

    def start(says: dict[str, str]):
        cases = "".join(f'    If LCase(name) = LCase("{k}") Then UserSays = "{v}"\n' for k, v in says.items())
        user = f'Private Function UserSays(name)\n    UserSays = ""\n{cases}End Function\n'
        app = ExcelApplication.open(path, with_vba=False)
        head, declarations = code.split('Public Const PROJECT_NAME As String = "xltax"', 1)
        variables, procedures = STAND_INS.split("Private Function Environ", 1)
        app.add_module(
            head + 'Public Const PROJECT_NAME As String = "xltax"\n' + variables + declarations + user
            + "Private Function Environ" + procedures,
            name="xlwings",
        )  # fmt: skip
        app.add_module(MODULE.format("StubServer") + SERVER, name="StubServer", kind="class")
        return app

    return start


def test_every_setting_of_xlwings_is_tried() -> None:
    assert {"INTERPRETER_WIN", "INTERPRETER", "PYTHONPATH", "ADD_WORKBOOK_TO_PYTHONPATH", "CONDA PATH", "CONDA ENV", "LICENSE_KEY",
            "USE UDF SERVER", "DEBUG UDFS", "UDF MODULES", "TEMP DIR", "SHAREPOINT_WIN", "SHOW CONSOLE"} <= set(KEYS)  # fmt: skip


def test_a_sheet_or_a_file_beside_the_workbook_is_not_asked_for_any_setting(run) -> None:
    app = run({})
    for key in KEYS:
        assert app.run("Probe", key) == "the default", key
    asked = set(app.run("GetAsked").rstrip(";").split(";"))
    assert asked == {r"file C:\Users\Ann\.xltax\xltax.conf", r"read C:\Users\Ann\.xltax\xltax.conf"}


def test_the_users_own_settings_are_taken(run) -> None:
    app = run(dict.fromkeys(KEYS, "hers"))
    assert {app.run("Probe", key) for key in KEYS} == {"hers"}


def test_the_command_names_the_users_python_and_nothing_of_a_workbook(run) -> None:
    command = run({"INTERPRETER_WIN": THEIRS}).run("Command")
    assert command.startswith(f'"{THEIRS}" -B -E -P -c "')
    assert "calc" not in command
    assert "^" not in command
    assert "cmd" not in command


@pytest.mark.parametrize(
    "named", ["", "python", "pythonw", r".\pythonw.exe", r"..\evil.exe", r"C:evil.exe", r"\evil.exe", "C:"]
)
def test_no_program_and_no_dll_is_looked_for_without_a_full_path(run, named: str) -> None:
    app = run({"INTERPRETER_WIN": named} if named else {})
    assert "xltax install" in app.run("LoadIt")
    assert app.run("GetLoaded") == ""


def test_the_dll_comes_from_the_folder_of_that_python_or_the_one_above(run) -> None:
    app = run({"INTERPRETER_WIN": THEIRS})
    assert app.run("LoadIt") == "loaded"
    first, second = app.run("GetLoaded").rstrip(";").split(";")
    assert re.fullmatch(r"C:\\Users\\Ann\\xltax\\Scripts\\xlwings64-[\d.]+\.dll", first)
    assert re.fullmatch(r"C:\\Users\\Ann\\xltax\\xlwings64-[\d.]+\.dll", second)


PRESS = "import xltax.faces.excel_buttons as buttons; buttons.press('{}')"


def test_a_button_of_the_ribbon_runs_its_task(run) -> None:
    app = run({})
    app.run("SetWho", "Error")  # what Application.Caller is for a button of the ribbon
    assert app.run("RunPython", PRESS.format("close-day")) == 0
    assert app.run("GetRan") == PRESS.format("close-day") + ";"


@pytest.mark.parametrize("who", ["Range", "String"], ids=["a formula", "a picture"])
def test_a_formula_or_a_picture_in_a_workbook_runs_no_task(run, who: str) -> None:
    app = run({})
    app.run("SetWho", who)
    assert app.run("RunPython", PRESS.format("close-day")) == -1
    assert app.run("GetRan") == ""


@pytest.mark.parametrize(
    "command",
    ["", "import os; os.system('calc')", PRESS.format("x'); import os; os.system('calc"), PRESS.format(""), PRESS.format("Post"),
     PRESS.format("post") + "; import os", " " + PRESS.format("post"), PRESS.format("post')\nimport os #"), PRESS.format("x")[:-4] + ")"],
)  # fmt: skip
def test_no_other_command_is_handed_to_python(run, command: str) -> None:
    app = run({})
    app.run("SetWho", "Error")
    assert app.run("RunPython", command) == -1
    assert app.run("GetRan") == ""


# ---- the text of the modules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("add_in", [True, False])
def test_nothing_a_cell_could_call_runs_a_program_or_touches_a_file(add_in: bool) -> None:
    """A public function of an add-in can stand in a cell of any workbook that is open."""
    every = render_vba.modules(add_in=add_in)
    assert "\nOption Private Module\n" in every["xlwings"]
    public = {
        name: set(re.findall(r"(?m)^(?:Public )?(?:Static )?(?:Declare (?:PtrSafe )?)?(?:Function|Sub) (\w+)", code))
        for name, code in every.items()
        if name not in ("Dictionary", "XltaxEvents")
    }
    assert public["xlwings"] == {"RunPython", "XLPy"}
    assert public["XltaxCalls"] == {"XltaxCall", "XltaxWhy"}
    ours = "\n".join(code for name, code in every.items() if name.startswith("Xltax"))
    assert not re.search(
        r"\b(Shell|CreateObject|Open \w+ For|Kill|FileCopy|Environ|Evaluate|ExecuteExcel4Macro)\b", ours
    )
    assert len(re.findall(r"\bOpen \w+ For Input\b", every["xlwings"])) == 1  # the settings
    assert not re.search(
        r"\bShell\b(?!\")|\b(For Output|Write #|FileCopy|Kill|VBProject|MkDir)\b|\.Run\b", every["xlwings"]
    )


@pytest.mark.parametrize("add_in", [True, False])
def test_the_module_of_xlwings_looks_at_no_workbook(add_in: bool) -> None:
    code = render_vba.modules(add_in=add_in)["xlwings"]
    assert "ActiveWorkbook" not in code
    assert "ThisWorkbook" not in code
    calls = re.findall(r"(?<!Function )\b(GetConfigFromSheet|SheetExists)\(", code)
    assert calls == []


def test_no_workbook_is_handed_to_xlwings_with_a_function() -> None:
    """xlwings would go through its sheets for one whose name ends in .py, and run it where there is a licence for that."""
    calls = render_vba.modules(add_in=True)["XltaxCalls"]
    assert "XLPy.CallUDF(MODULE_NAME, functionName, arguments, Nothing, Application.Caller)" in calls


@pytest.mark.parametrize("name", ["xlwings.bas", "xlwings_custom_addin.bas"])
def test_nothing_is_built_from_a_source_that_was_not_read(name: str) -> None:
    read = source(name).replace("\r\n", "\n")
    assert "Function RunPython" in xlwings_vba.trusted(name, read, "Function RunPython", "xltax")
    with pytest.raises(RuntimeError, match="is not the one that was checked"):
        xlwings_vba.trusted(name, read.replace('"directory"', '"Directory"'), "", "xltax")


# ---- what Python itself would take from the folder -------------------------------------------------------------------


def test_python_takes_no_module_from_the_folder_it_is_started_in(run, tmp_path: Path) -> None:
    """Excel's folder is the workbook's when it is opened from the Explorer; Python would look there before anywhere else."""
    command = run({"INTERPRETER_WIN": THEIRS}).run("Command")
    for name in ("xlwings", "xltax", "numpy", "pandas", "os", "site", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('started by a stranger')\n")
    program, rest = command.split('" -B', 1)
    assert program == f'"{THEIRS}'
    options, code = ("-B" + rest).split(' "', 1)
    code = code.removesuffix('"').replace(
        "xlwings.serve('$(CLSID)')", "import xltax.faces.excel_udfs, numpy; print(os.getcwd())"
    )
    assert "print" in code
    done = subprocess.run(
        [sys.executable, *options.split(), code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert Path(done.stdout.strip()) == Path(sys.prefix)  # nor does anything else go by that folder
