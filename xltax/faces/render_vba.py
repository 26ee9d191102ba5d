"""Makes the VBA of a macro workbook from the declarations.

Three modules are rendered: XltaxFunctions (a wrapper for each function), XltaxHelp (what the function wizard says) and
XltaxButtons (a callback for each action). macros/ holds the others. xlwings' own modules are taken, headers and all, from the
version installed, which pyproject.toml pins: the DLL they look for is of exactly that version.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from xltax.declare import Function
from xltax.faces.catalog import actions, functions
from xltax.faces.xlwings_vba import shipped, trusted

_HERE = Path(__file__).resolve()
MACROS = next((p for p in (_HERE.parents[2] / "macros", _HERE.parents[1] / "macros") if p.is_dir()), _HERE.parent)
"""The modules written by hand: next to the package in a checkout, inside the package once installed."""
BY_HAND = ("XltaxCalls.bas", "XltaxRibbon.bas", "XltaxEvents.cls")
CHANGED = "xlwings_changed.bas"
"""What takes the place of procedures of xlwings' own module."""
ADD_IN = "xltax.xlam"
PROJECT = "xltax"
"""The name under which xlwings' module looks for its settings: %USERPROFILE%\\.xltax\\xltax.conf."""

_RESERVED = frozenset(
    [
        "and",
        "as",
        "boolean",
        "byref",
        "byte",
        "byval",
        "call",
        "case",
        "close",
        "const",
        "currency",
        "date",
        "declare",
        "dim",
        "do",
        "double",
        "each",
        "else",
        "elseif",
        "empty",
        "end",
        "enum",
        "eqv",
        "erase",
        "error",
        "event",
        "exit",
        "false",
        "for",
        "friend",
        "function",
        "get",
        "global",
        "gosub",
        "goto",
        "if",
        "imp",
        "implements",
        "in",
        "integer",
        "is",
        "let",
        "lib",
        "like",
        "local",
        "lock",
        "long",
        "loop",
        "lset",
        "me",
        "mod",
        "new",
        "next",
        "not",
        "nothing",
        "null",
        "object",
        "on",
        "open",
        "option",
        "optional",
        "or",
        "output",
        "paramarray",
        "preserve",
        "print",
        "private",
        "property",
        "public",
        "put",
        "raiseevent",
        "read",
        "redim",
        "rem",
        "resume",
        "return",
        "rset",
        "seek",
        "select",
        "set",
        "single",
        "static",
        "step",
        "stop",
        "string",
        "sub",
        "then",
        "to",
        "true",
        "type",
        "typeof",
        "unlock",
        "until",
        "variant",
        "wend",
        "while",
        "with",
        "withevents",
        "write",
        "xor",
    ]
)
_HEAD = 'Attribute VB_Name = "{}"\nOption Explicit\n\' Written by xltax build from the declarations in {}; changes here are lost.\n'


def modules(*, add_in: bool) -> dict[str, str]:
    """Every module of a project by name, as text with plain line ends. add_in: for the .xlam, else for a workbook."""
    by_hand = {Path(name).stem: (MACROS / name).read_text(encoding="cp1252") for name in BY_HAND}
    return {
        **by_hand,
        "XltaxFunctions": _functions(),
        "XltaxHelp": _help(),
        "XltaxButtons": _buttons(add_in),
        "xlwings": xlwings_module(add_in=add_in),
        "Dictionary": shipped("xlwings/addin/Dictionary.cls"),
    }


def xlwings_module(*, add_in: bool) -> str:
    """The installed version's own xlwings module, with its license but without the code that lets a workbook choose the program."""
    name = "xlwings_custom_addin.bas" if add_in else "xlwings.bas"
    source = shipped(f"xlwings/{name}")
    if f"'Version: {version('xlwings')}" not in source:
        raise RuntimeError("The VBA module of xlwings does not match the installed version.")
    return trusted(name, source, (MACROS / CHANGED).read_text(encoding="cp1252"), PROJECT)


def parameter(name: str) -> str:
    """An argument's name for VBA. A VBA keyword gets an underscore."""
    return f"{name}_" if name.lower() in _RESERVED else name


def text(value: str) -> str:
    """A text as a VBA literal."""
    return '"' + value.replace('"', '""').replace("\n", " ") + '"'


def _functions() -> str:
    return _HEAD.format("XltaxFunctions", "udfs/") + "".join(_wrapper(f) for f in functions().values())


def _wrapper(function: Function) -> str:
    names = [parameter(a.name) for a in function.args]
    signature = ", ".join(
        f"{'Optional ' if a.optional else ''}ByVal {n} As Variant" for a, n in zip(function.args, names, strict=True)
    )
    return (
        f"\nPublic Function {function.name}({_broken(signature)}) As Variant\n"
        f"Attribute {function.name}.VB_Description = {text(function.help)}\n"
        f'Attribute {function.name}.VB_ProcData.VB_Invoke_Func = " \\n14"\n'
        f'    {function.name} = XltaxCall("{function.name}", Array({", ".join(names)}))\n'
        "End Function\n"
    )


def _broken(signature: str) -> str:
    return signature.replace(", ", ", _\n        ")


def _help() -> str:
    every = functions().values()
    head = _HEAD.format("XltaxHelp", "udfs/") + (
        "\nPublic Sub XltaxDescribe()\n    ' What the function wizard shows. Excel refuses it while no workbook is open; then it"
        " shows less.\n    On Error Resume Next\n"
        + "".join(f"    Describe{f.name}\n" for f in every)
        + "End Sub\n\nPrivate Sub Describe(ByVal functionName As String, ByVal help As String, ByVal arguments As Variant)\n"
        '    Application.MacroOptions Macro:="\'" & ThisWorkbook.Name & "\'!" & functionName, Description:=help, _\n'
        '        Category:="xltax", ArgumentDescriptions:=arguments\n'
        "End Sub\n"
    )
    return head + "".join(_describe(f) for f in every)


def _describe(function: Function) -> str:
    lines = ", _\n        ".join(text(a.help) for a in function.args)
    return (
        f"\nPrivate Sub Describe{function.name}()\n"
        f'    Describe "{function.name}", _\n        {text(function.help)}, _\n        Array({lines})\n'
        "End Sub\n"
    )


def callback(action: str) -> str:
    """The name of an action's callback."""
    return "Xltax_" + action.replace("-", "_")


def _buttons(add_in: bool) -> str:
    where = "ActiveWorkbook" if add_in else "ThisWorkbook"
    shown = "True" if add_in else f'Not XltaxIsOpen("{ADD_IN}")'
    head = _HEAD.format("XltaxButtons", "xltax/actions/") + (
        "\nPublic Function XltaxBook() As Workbook\n"
        f"    Set XltaxBook = {where}\n"
        "End Function\n\nPublic Function XltaxTabShown() As Boolean\n"
        "    ' A workbook of its own hides its tab where the add-in shows the same.\n"
        f"    XltaxTabShown = {shown}\n"
        "End Function\n\nPublic Function XltaxIsOpen(ByVal bookName As String) As Boolean\n"
        "    Dim book As Workbook\n"
        "    On Error Resume Next\n"
        "    Set book = Workbooks(bookName)\n"
        "    On Error GoTo 0\n"
        "    XltaxIsOpen = Not book Is Nothing\n"
        "End Function\n"
    )
    return head + "".join(
        f"\nPublic Sub {callback(a.name)}(control As IRibbonControl)\n    XltaxPress {text(a.name)}\nEnd Sub\n"
        for a in actions().values()
    )
