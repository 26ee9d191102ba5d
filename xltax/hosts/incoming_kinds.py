"""Finds out by its content what kind of file came in, and says how to save a kind that cannot be read."""

from __future__ import annotations

import zipfile
from io import BytesIO

from xltax.errors import BadValue

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the container of Excel 97-2003 files begins; encrypted workbooks and Word files are in it too."""

AS_WORKBOOK = "Open the file in its own program and save it as Excel Workbook (.xlsx) or CSV."
_UNPACK = "Unpack the file and choose the workbook or text file inside."
_ASK = "Ask the sender for a workbook (.xlsx) or a CSV file."
_NUMBERS = "In Numbers, choose File, Export To, Excel."

_BEGINNINGS: list[tuple[bytes, str, str]] = [
    (b"%PDF", "a PDF file", "Ask the sender for the workbook or CSV file that the PDF was printed from."),
    (b"{\\rtf", "a Word document (.rtf)", "Copy the table into Excel and save it as Excel Workbook (.xlsx)."),
    (b"\x1f\x8b", "a compressed file (.gz)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (.7z)", _UNPACK),
    (b"Rar!", "a compressed file (.rar)", _UNPACK),
    (b"BZh", "a compressed file (.bz2)", _UNPACK),
    (b"\xfd7zXZ\x00", "a compressed file (.xz)", _UNPACK),
    (b"\x89PNG", "a picture (.png)", _ASK),
    (b"\xff\xd8\xff", "a picture (.jpg)", _ASK),
    (b"GIF8", "a picture (.gif)", _ASK),
    (b"II*\x00", "a picture (.tif)", _ASK),
    (b"MM\x00*", "a picture (.tif)", _ASK),
    (b"\x00\x01\x00\x00Standard Jet DB", "an Access database (.mdb)", "In Access, export the table to Excel."),
    (b"\x00\x01\x00\x00Standard ACE DB", "an Access database (.accdb)", "In Access, export the table to Excel."),
    (b"SQLite format 3", "a SQLite database", "Export the table as CSV."),
    (b"\x00\x00\x02\x00", "a Lotus 1-2-3 or Works spreadsheet", AS_WORKBOOK),
    (b"\x00\x00\x1a\x00", "a Lotus 1-2-3 spreadsheet", AS_WORKBOOK),
    (b"\xff\x00\x02\x00", "a Works spreadsheet", AS_WORKBOOK),
    (b"WPC\x00", "a WordPerfect document", "Copy the table into Excel and save it as Excel Workbook (.xlsx)."),
    (b"\xffWPC", "a WordPerfect document", "Copy the table into Excel and save it as Excel Workbook (.xlsx)."),
    (b"MIME-Version:", "a web archive (.mht)", AS_WORKBOOK),
]

_IN_OLE = [
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "a Word document (.doc)"),
    ("PowerPoint Document", "a PowerPoint file (.ppt)"),
    ("__substg1.0_", "an Outlook message (.msg)"),
    ("Workbook", "xls"),
    ("Book", "xls"),
]


def kind_of(data: bytes, name: str) -> str:
    """The kind: xlsx, xlsb, xls, ods, encrypted, html, xml or text. Raises BadValue for a kind that is not read."""
    if not data:
        raise BadValue("This file is empty.", where=name, do="Choose a file with rows.")
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _kind_of_zip(data, name)
    if data[:8] == OLE:
        return _kind_of_ole(data, name)
    for beginning, kind, do in _BEGINNINGS:
        if data.startswith(beginning):
            raise not_read(kind, name, do)
    if data[:2] == b"\x09\x08" or (
        data[:1] == b"\x09" and data[1:4] in (b"\x00\x04\x00", b"\x02\x06\x00", b"\x04\x06\x00")
    ):
        return "xls"  # a bare stream of records, as Excel wrote before version 5
    if data.startswith(b"ID;P") and b"\nC;" in data[:4096]:  # a CSV may begin with the column ID, and P another
        raise not_read("a SYLK spreadsheet (.slk)", name, AS_WORKBOOK)
    if data.startswith(b"PAR1") and data.endswith(b"PAR1"):
        raise not_read("a Parquet file", name, "Export the table as CSV.")
    if _is_dbase(data):
        raise not_read(
            "a dBase table (.dbf)", name, "Open the file in LibreOffice Calc and save it as Excel Workbook (.xlsx)."
        )
    return _kind_of_markup(data)


def not_read(kind: str, name: str, do: str) -> BadValue:
    """The error for a kind of file that is not read."""
    return BadValue(f"This is {kind}. xltax does not read this kind of file.", where=name, do=do)


def _kind_of_markup(data: bytes) -> str:
    head = data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="replace").encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head.startswith(b"<"):
        return "text"
    if head.startswith(b"<?xml") and b"<html" not in head and b"<!doctype html" not in head:
        return "xml"
    if head.startswith((b"<workbook", b"<ss:workbook")):
        return "xml"
    tags = (
        b"<html",
        b"<!doctype html",
        b"<table",
        b"<head",
        b"<body",
        b"<meta",
        b"<style",
        b"<div",
        b"<!--",
        b"<center",
    )
    return "html" if head.startswith((*tags, b"<?xml")) or b"<table" in head else "text"


def _kind_of_ole(data: bytes, name: str) -> str:
    for stream, kind in _IN_OLE:
        if stream.encode("utf-16-le") in data:
            if kind.startswith("a"):
                do = "Copy the table into Excel and save it as Excel Workbook (.xlsx)."
                raise not_read(kind, name, do)
            return kind
    raise BadValue(
        "This file is damaged, or it comes from an old office program such as Works.",
        where=name,
        do="Copy the file again from its source. If the message stays, open it in its own program and save it as .xlsx or CSV.",
    )


def _kind_of_zip(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            names = [entry.replace("\\", "/") for entry in file.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, LookupError):
        names = []
    except Exception:  # what a damaged directory makes of the reader cannot be foreseen
        names = []
    if not names:
        raise BadValue(
            "This file is incomplete or damaged.", where=name, do="Copy the file again, or ask the sender for the file."
        )
    lower = [entry.lower() for entry in names]
    if "xl/workbook.bin" in lower:
        return "xlsb"
    if any(entry.startswith("xl/") for entry in lower):
        return "xlsx"
    if "content.xml" in lower:
        return "ods"
    if any(entry.startswith("word/") for entry in lower):
        raise not_read(
            "a Word document (.docx)", name, "Copy the table into Excel and save it as Excel Workbook (.xlsx)."
        )
    if any(entry.startswith("ppt/") for entry in lower):
        raise not_read("a PowerPoint file (.pptx)", name, _ASK)
    if any(entry.endswith(".iwa") or entry == "index.zip" for entry in lower):
        raise not_read("a Numbers or Pages file", name, _NUMBERS)
    if "[content_types].xml" in lower:
        return "xlsx"
    inside = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    raise not_read(f"a zip file with {inside} inside", name, _UNPACK)


def _is_dbase(data: bytes) -> bool:
    """True for a dBase header: version, a date of three bytes, counts, and field descriptions that end with 0x0D."""
    if (
        len(data) < 65
        or b"\x00" not in data[4:32]
        or data[0] not in (0x03, 0x04, 0x05, 0x30, 0x31, 0x43, 0x83, 0x8B, 0x8C, 0xCB, 0xF5)
    ):
        return False
    month, day, header = data[2], data[3], int.from_bytes(data[8:10], "little")
    return 1 <= month <= 12 and 1 <= day <= 31 and 65 <= header <= len(data) + 1 and b"\x0d" in data[32 : header + 1]
