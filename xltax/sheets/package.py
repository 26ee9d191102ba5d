"""Opens and writes a workbook file part by part. Untouched parts stay the same.

Nothing here knows what a part means. Parts that nobody changed are copied compressed, byte for byte.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

try:
    from lxml import etree
except ImportError:
    # The Office add-in has no lxml. It only makes printed pages, and Python's own library will do for them.
    from xml.etree import ElementTree as etree  # noqa: N813

from xltax.errors import BadBook
from xltax.ondisk import explained

LARGEST_BOOK = 1 << 30
"""The most a book may hold once unpacked, in bytes: far above any town's, far below what stops a machine."""

MOST_PARTS = 10_000
"""The most parts a book may have; a large one with charts on every sheet has some hundreds."""

LARGEST_RATIO, RATIO_FROM = 300, 8 << 20
"""A part above RATIO_FROM bytes that unpacks to more than LARGEST_RATIO times its size was made to do harm."""

_XML = (".xml", ".rels", ".vml")
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What an encrypted workbook says of itself, in the other container that Excel uses for it."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parse(xml: bytes, where: str) -> etree._Element:
    """A part's XML as a tree, without resolving entities or fetching anything."""
    if not hasattr(etree, "XMLSyntaxError"):
        return etree.fromstring(xml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise BadBook(
            f"A part of this file is damaged ({error.msg}).", where=where, do="Restore the last good copy."
        ) from None


def well_formed(xml: bytes) -> bool:
    """True if a part is sound XML; much faster than building its tree."""
    try:
        expat.ParserCreate().Parse(xml, True)
    except expat.ExpatError:
        return False
    return True


def serialise(root: etree._Element) -> bytes:
    """A tree as a part's bytes, with the declaration Excel writes."""
    if not hasattr(etree, "XMLSyntaxError"):
        etree.register_namespace("", root.tag[1:].partition("}")[0])
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


class Package:
    """The parts of one workbook file, and the changes made to them so far."""

    def __init__(self, data: bytes, name: str, *, sound: bool = False, like: Package | None = None) -> None:
        """sound: the file is a copy that this program has just made of a checked one. like: a checked file; parts that are the
        same there, packed byte for byte, are not unpacked to be checked."""
        self.name = name
        self._data = data
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._changed: dict[str, bytes | None] = {}
        self._added: list[str] = []
        self._unpacked: dict[str, bytes] = {}
        self._refuse_what_is_no_xlsx()
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, EOFError, struct.error, ValueError, NotImplementedError):
            raise BadBook(
                "This file is incomplete or damaged and cannot be opened.",
                where=name,
                do="Copy the file again from its source, or restore the last good copy.",
            ) from None
        self._check_every_part(sound, like)

    @classmethod
    def open(cls, path: Path) -> Package:
        with explained("The file cannot be read.", path, "Check the file and your permissions."):
            if not path.exists():
                raise BadBook("This file does not exist.", where=str(path), do="Check the name and the folder.")
            data = path.read_bytes()
        return cls(data, path.name)

    def _refuse_what_is_no_xlsx(self) -> None:
        head = self._data[:8]
        if head.startswith(b"PK"):
            return
        if head == _OLE:
            if ENCRYPTED in self._data:
                raise BadBook(
                    "This workbook is encrypted with a password.",
                    where=self.name,
                    do="Open the workbook in Excel, remove the password (File, Info, Protect Workbook) and save.",
                )
            raise BadBook(
                "This is an old Excel 97-2003 file (.xls).",
                where=self.name,
                do="Open the file in Excel and save the file as an Excel Workbook (.xlsx).",
            )
        what = "This file is empty." if not self._data else "This is not an Excel workbook (.xlsx)."
        raise BadBook(what, where=self.name, do="Choose an .xlsx file.")

    def _check_every_part(self, sound: bool, like: Package | None) -> None:
        entries = self._zip.infolist()
        too_much = BadBook(
            "This file unpacks to far more data than a workbook has. The file was not opened.",
            where=self.name,
            do="Do not use this file. Ask the sender about the file.",
        )
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_BOOK:
            raise too_much
        for entry in entries:
            where = f"{self.name} ({entry.filename})"
            if entry.filename in self._entries:
                raise BadBook("Two parts of this file have the same name.", where=where, do="Do not use this file.")
            if entry.flag_bits & 1:
                raise BadBook("A part of this file is encrypted.", where=where, do="Save the file without a password.")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BadBook(
                    "A part of this file is compressed in a way Excel does not use.",
                    where=where,
                    do="Save the file in Excel.",
                )
            if entry.file_size > RATIO_FROM and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1):
                raise too_much
            self._entries[entry.filename] = entry
            if not sound and not (like and like.holds(entry, self._raw(entry))):
                self._check_content(entry, where)
        for needed in ("[Content_Types].xml", "_rels/.rels"):
            if needed not in self._entries:
                raise BadBook("This zip file is not an Excel workbook.", where=self.name, do="Choose an .xlsx file.")

    def _check_content(self, entry: zipfile.ZipInfo, where: str) -> None:
        # A header may lie about the size, and other readers of this file trust it less than zipfile does: so every
        # part is unpacked here once, never beyond the size it declares.
        damaged = BadBook("A part of this file is damaged.", where=where, do="Restore the last good copy.")
        try:
            self._zip.open(entry).close()  # its own header has to say what the directory says
            raw = self._raw(entry)
            if entry.compress_type == zipfile.ZIP_DEFLATED:
                inflate = zlib.decompressobj(-15)
                content = inflate.decompress(raw, entry.file_size + 1)
            else:
                content = raw
        except (zlib.error, struct.error, IndexError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile):
            raise damaged from None
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise damaged
        if entry.filename.lower().endswith(_XML):
            if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise BadBook("A part of this file is in UTF-16.", where=where, do="Open the file in Excel and save.")
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise BadBook(
                    "This file declares XML entities, which no spreadsheet program does. The file was not read.",
                    where=where,
                    do="Do not use this file. Ask the sender about the file.",
                )

    def holds(self, entry: zipfile.ZipInfo, packed: bytes) -> bool:
        """Whether the file has this very part."""
        mine = self._entries.get(entry.filename)
        same = mine is not None and (mine.CRC, mine.file_size) == (entry.CRC, entry.file_size)
        return same and self.packed(entry.filename) == packed

    def _raw(self, entry: zipfile.ZipInfo) -> bytes:
        at = entry.header_offset
        name_length, extra_length = struct.unpack_from("<HH", self._data, at + 26)
        start = at + 30 + name_length + extra_length
        return self._data[start : start + entry.compress_size]

    @property
    def source(self) -> bytes:
        """The file as it was read."""
        return self._data

    def original_names(self) -> list[str]:
        """The names of the parts the file had when it was read."""
        return list(self._entries)

    def was(self, name: str) -> bool:
        """True if the file had this part when it was read."""
        return name in self._entries

    def original(self, name: str) -> bytes:
        """A part as it was read."""
        if name not in self._unpacked:
            self._unpacked[name] = self._zip.read(name)
        return self._unpacked[name]

    def packed(self, name: str) -> bytes:
        """A part of the file, still compressed."""
        return self._raw(self._entries[name])

    # ---- parts ----------------------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """The names of the parts, in the order they stand in the file."""
        kept = [n for n in self._entries if self._changed.get(n, b"") is not None]
        return kept + [n for n in self._added if self._changed.get(n) is not None]

    def has(self, name: str) -> bool:
        return name in self.names()

    def part(self, name: str) -> bytes:
        """A part's content."""
        if name in self._changed:
            content = self._changed[name]
            if content is not None:
                return content
        elif name in self._entries:
            return self.original(name)
        raise BadBook(f"The part {name} of this file is missing.", where=self.name, do="Restore the last good copy.")

    def tree(self, name: str) -> etree._Element:
        return parse(self.part(name), f"{self.name} ({name})")

    def put(self, name: str, content: bytes) -> None:
        """Replace a part, or add one at the end."""
        if name not in self._entries and name not in self._added:
            self._added.append(name)
        self._changed[name] = content

    def drop(self, name: str) -> None:
        """Remove a part."""
        if self.has(name):
            self._changed[name] = None

    @property
    def changed(self) -> tuple[str, ...]:
        """The parts changed, added or removed so far."""
        return tuple(self._changed)

    # ---- writing --------------------------------------------------------------------------------------------------

    def to_bytes(
        self, *, level: int = 6, fixed: bool = False, store: bool = False, instead: Mapping[str, bytes] | None = None
    ) -> bytes:
        """The whole file in its original order: changed parts are packed again, and all others are copied.

        fixed: every part packed again in sorted order with one date, so that equal content gives equal bytes.
        store: changed parts not compressed, for a copy that is read at once and thrown away.
        instead: for such a copy, other contents of some parts.
        """
        out, directory = BytesIO(), BytesIO()
        names = self.names()
        if fixed:
            # The content types come first, as Excel writes them; some readers look for them there.
            names = sorted(names, key=lambda n: (n != "[Content_Types].xml", n != "_rels/.rels", n))
        for name in names:
            entry = self._entries.get(name)
            if entry is not None and name not in self._changed and not fixed and name not in (instead or {}):
                raw, crc, size, method = self._raw(entry), entry.CRC, entry.file_size, entry.compress_type
                date = entry.date_time
            else:
                content = (instead or {}).get(name) or self.part(name)
                crc, size = zlib.crc32(content), len(content)
                method = zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED
                raw = content if store else _deflate(content, level)
                date = _FIXED_DATE if fixed or entry is None else entry.date_time
            _write_entry(out, directory, name, raw, crc, size, method, date, entry)
        start, listing = out.tell(), directory.getvalue()
        out.write(listing)
        out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(names), len(names), len(listing), start, 0))
        return out.getvalue()


def _deflate(content: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _write_entry(
    out: BytesIO,
    directory: BytesIO,
    name: str,
    raw: bytes,
    crc: int,
    size: int,
    method: int,
    date: tuple[int, ...],
    entry: zipfile.ZipInfo | None,
) -> None:
    # zipfile cannot copy a part without unpacking it, hence the two records by hand (APPNOTE 4.3.7 and 4.3.12).
    encoded = name.encode("utf-8")
    flags = 0x800 if not name.isascii() else 0
    day = (date[0] - 1980) << 9 | date[1] << 5 | date[2]
    time = date[3] << 11 | date[4] << 5 | date[5] // 2
    at = out.tell()
    common = struct.pack("<HHHHHIIIHH", 20, flags, method, time, day, crc, len(raw), size, len(encoded), 0)
    out.write(struct.pack("<I", 0x04034B50) + common + encoded + raw)
    system = entry.create_system if entry else 0
    attributes = entry.external_attr if entry else 0
    directory.write(struct.pack("<IH", 0x02014B50, 20 | system << 8) + common)
    directory.write(struct.pack("<HHHII", 0, 0, 0, attributes, at) + encoded)
