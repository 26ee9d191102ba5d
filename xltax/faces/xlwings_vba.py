"""Prepares the xlwings VBA module for the add-in. Only the user's own settings choose the program to start.

As it is delivered, the module reads its settings from a sheet of the active workbook, then from a file beside it, and only
then from the user's own file; it puts the names of workbooks into the command that starts Python; and it offers functions
that any cell of any workbook could call to run a program or to write a file. So only what xltax needs of it is taken, as it
stands, and macros/xlwings_changed.bas takes the place of what has to be different.
"""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import distribution, version
from pathlib import Path

READ = {
    "xlwings.bas": "3749f6b2e91d2411b71551055fd7a727dc69611642fa7ad71e5468ffd1bb6707",
    "xlwings_custom_addin.bas": "b9df9e20d54d6f04220e8382068f4b4c82bc5a8f920148daf94d9ddbda6251d6",
}
"""The sources that were read line by line for this; another one has to be read first, so nothing is built from it."""

KEPT = (
    "XLPy",
    "GetConfigFromFile",
    "GetConfigFromSheet",  # nobody calls it
    "SheetExists",  # nor this
    "WScript",
    "FileExists",
    "FileExistsOnWindows",
    "FileOrFolderExistsOnMac",
    "ParentFolder",
    "GetMacDir",
    "ExpandEnvironmentStrings",
)
"""The procedures that are taken as they stand; all but XLPy become private to the module."""

PUBLIC = ("RunPython", "XLPy")
"""What our own modules call."""


def shipped(path: str) -> str:
    """A file of the installed xlwings, with plain line ends."""
    return Path(str(distribution("xlwings").locate_file(path))).read_bytes().decode("cp1252").replace("\r\n", "\n")


def trusted(name: str, source: str, changed: str, project: str) -> str:
    """The module to embed. name: which of xlwings' two sources. changed: our procedures. Raises RuntimeError for an unknown source."""
    if hashlib.sha256(source.encode("cp1252")).hexdigest() != READ[name]:
        raise RuntimeError(f"xlwings' VBA module {name} is not the one that was checked, version {version('xlwings')}.")
    own_name = "myaddin" if name == "xlwings_custom_addin.bas" else "xlwings"
    line = f'Public Const PROJECT_NAME As String = "{own_name}"\n'
    head, rest = _parted(source, line)
    attribute = 'Attribute VB_Name = "xlwings"\n'
    before, head = _parted(head, attribute)
    # A declared function of a DLL is nothing for cells either.
    head = re.sub(r"(?m)^(\s*)(Declare|Const) ", r"\1Private \2 ", head)
    parts = [
        before + attribute,
        "Option Private Module\n",
        head,
        line.replace(own_name, project),
        "\n' Of xlwings only what xltax needs; RunPython to GetConfig are xltax's own (macros/xlwings_changed.bas).\n\n",
        changed,
        *(f"\n{_procedure(rest, each)}\n" for each in KEPT),
    ]
    return "".join(parts)


def _parted(text: str, at: str) -> tuple[str, str]:
    if text.count(at) != 1:
        raise RuntimeError(f"xlwings' VBA module does not hold this line once: {at.strip()}")
    before, _, after = text.partition(at)
    return before, after


def _procedure(source: str, name: str) -> str:
    found = re.findall(rf"(?ms)^(?:Function|Sub) {name}\(.*?^End (?:Function|Sub)$", source)
    if len(found) != 1:
        raise RuntimeError(f"xlwings' VBA module does not hold {name} once.")
    return found[0] if name in PUBLIC else f"Private {found[0]}"
