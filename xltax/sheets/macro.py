"""Adds the macros and the ribbon to a workbook."""

from __future__ import annotations

import importlib.util
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from xltax.errors import BadBook
from xltax.sheets.package import Package, parse, serialise

_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_UI = "customUI/customUI14.xml"
_UI_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_VERSION = b"\xcc\x61\xff\xff\x00\x00\x00"
"""The stream _VBA_PROJECT as [MS-OVBA] 2.3.4.1 has it written: no compiled code, so every Excel compiles the source."""


def can_build() -> bool:
    """True if pyOpenVBA is installed, which writes the macros."""
    return importlib.util.find_spec("pyopenvba") is not None


def with_macros(book: bytes, modules: Mapping[str, str], ribbon: str, *, add_in: bool = False) -> bytes:
    """The workbook with these VBA modules and this ribbon; for an add-in the file of an .xlam.

    modules: name -> text; a class begins with VERSION. Raises BadBook where the builder is not installed or finds a flaw.
    """
    try:
        from pyopenvba import ExcelFile
        from pyopenvba.vba import VBAModuleKind
    except ImportError:
        raise BadBook(
            "Macro workbooks cannot be built here, because pyOpenVBA is not installed.",
            do='Run: pip install "xltax[build]".',
        ) from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsm"
        path.write_bytes(_prepared(book, ribbon))
        with_vba = ExcelFile(path)
        project = with_vba.add_vba_project()
        for name, source in modules.items():
            is_class = source.startswith("VERSION")
            project.add_module(
                name,
                source.replace("\r\n", "\n").replace("\n", "\r\n"),
                kind=VBAModuleKind.other if is_class else VBAModuleKind.standard,
            )
        with_vba.save()
        flaws = ExcelFile(path).validate()
        if flaws:
            raise BadBook("The VBA project has errors: " + "; ".join(flaws))
        package = Package(path.read_bytes(), "book.xlsm")
    package.put("xl/vbaProject.bin", normal(package.part("xl/vbaProject.bin")))
    if add_in:
        _retype(package, _BOOK, _ADD_IN)
    return package.to_bytes(level=6, fixed=True)


def _prepared(book: bytes, ribbon: str) -> bytes:
    package = Package(book, "book.xlsm")
    _retype(package, _PLAIN, _BOOK)
    # A full calculation on opening would put #NAME? over the last figures wherever macros are not allowed.
    workbook = "xl/workbook.xml"
    package.put(workbook, package.part(workbook).replace(b' fullCalcOnLoad="1"', b""))
    package.put(_UI, ribbon.encode())
    rels = parse(package.part("_rels/.rels"), "_rels/.rels")
    etree.SubElement(rels, rels[0].tag, Id="rIdRibbon", Type=_UI_RELATION, Target=_UI)
    package.put("_rels/.rels", serialise(rels))
    return package.to_bytes(level=1, fixed=True)


def _retype(package: Package, old: str, new: str) -> None:
    part = "[Content_Types].xml"
    package.put(part, package.part(part).replace(old.encode(), new.encode()))


def normal(project: bytes) -> bytes:
    """The project with its two streams as the specification has them: the version mark, and `dir` ended at its terminator."""
    from pyopenvba.cfb import CFB

    file = CFB.from_bytes(project)
    file.write_stream_in_storage("VBA", "_VBA_PROJECT", _VERSION)
    file.write_stream_in_storage("VBA", "dir", _dir(file.get_stream_in_storage("VBA", "dir")))
    return bytes(file.to_bytes())


def _dir(stream: bytes) -> bytes:
    from pyopenvba.vba import compress, decompress

    return bytes(compress(re.sub(rb"(?<=\x10\x00\x00\x00\x00\x00)\x00{4}\Z", b"", decompress(stream))))
